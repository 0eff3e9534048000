/* Unknown crashes of the same kind and culprit may well be one bug that was reached by several ways. */
#include "fleet/making.h"

/* The others of a family, in the order of the groups. */
static void relate(struct fleet *fleet, struct fleet_group *group, const struct keyed *family, size_t count)
{
	size_t most = count - 1 < FLEET_RELATED_MOST ? count - 1 : FLEET_RELATED_MOST;

	group->related = most ? arena_alloc(&fleet->arena, most * sizeof *group->related) : NULL;
	for (size_t i = 0; group->related && group->related_count < most; i++)
		if (&fleet->groups[family[i].index] != group)
			group->related[group->related_count++] = family[i].index;
}

void relate_groups(struct fleet *fleet)
{
	struct fleet_making *making = fleet->making;
	struct keyed *keyed = making->keyed; /* a group has a crash at least */
	size_t count = 0;

	for (size_t i = 0; i < fleet->group_count; i++) {
		const struct fleet_group *group = &fleet->groups[i];
		if (group->verdict != SIGHTING_UNKNOWN || !group->kind.length || !group->culprit.length)
			continue;
		struct text family =
			arena_print(&making->arena, "%.*s\n%.*s", TEXT_ARGS(group->kind), TEXT_ARGS(group->culprit));
		keyed[count++] = keyed_by(family, i);
	}
	bring_together(keyed, count);
	for (size_t i = 0, length; i < count; i += length) {
		length = run_length(keyed + i, count - i);
		for (size_t k = 0; k < length; k++)
			relate(fleet, &fleet->groups[keyed[i + k].index], keyed + i, length);
	}
}
