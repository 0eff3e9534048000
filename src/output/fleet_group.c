/* One group of the report: what it is, one crash of it as the example, what to do, and where its crashes lie. */
#include "output/fleet_group.h"

#include "output/fleet_detail.h"
#include "output/fleet_words.h"
#include "output/safe.h"

enum { VALUES_MOST = 5, CRASHES_MOST = 20 };

/* What is being told, handed from part to part. */
struct telling {
	struct page *page;
	const struct fleet_form *form;
	const struct fleet_group *group;
	const struct sighting *example; /* the latest crash with a detail; NULL: there is none */
	struct fleet_detail detail;     /* of that */
};

static size_t count_copies(const struct fleet_group *group)
{
	size_t copies = 0;

	for (size_t i = 0; i < group->count; i++)
		copies += group->crashes[i]->copy_count;
	return copies;
}

static struct text crashes_fact(struct arena *arena, const struct fleet_group *group)
{
	size_t copies = count_copies(group);
	struct text more = fleet_plural(arena, copies, "more copy", "more copies");

	return copies ? arena_print(arena, "%zu, and %.*s", group->count, TEXT_ARGS(more))
		      : arena_print(arena, "%zu", group->count);
}

static struct text time_fact(struct arena *arena, int64_t seconds)
{
	struct text time = fleet_time(arena, seconds);

	return time.length > 1 ? arena_print(arena, "%.*s UTC", TEXT_ARGS(time)) : TEXT_NONE;
}

static struct text related_fact(struct arena *arena, const struct fleet_group *group)
{
	struct text related = fleet_related(arena, group, FLEET_RELATED_MOST);

	return related.length ? arena_print(arena, "%.*s: the same kind and culprit", TEXT_ARGS(related)) : TEXT_NONE;
}

static void write_facts(const struct telling *telling)
{
	const struct fleet_group *group = telling->group;
	struct arena *arena = &telling->page->arena;
	struct fact_list facts = { .count = 0 };
	bool unknown = group->verdict == SIGHTING_UNKNOWN;

	facts_add(&facts, "verdict", text_from(sighting_verdict_name(group->verdict)));
	facts_add(&facts, "crashes", crashes_fact(arena, group));
	facts_add(&facts, group->host_count > 1 ? "hosts" : "host",
		  fleet_values(arena, group->hosts, group->host_count, VALUES_MOST));
	facts_add(&facts, group->release_count > 1 ? "releases" : "release",
		  fleet_values(arena, group->releases, group->release_count, VALUES_MOST));
	if (group->first != group->last)
		facts_add(&facts, "first", time_fact(arena, group->first));
	facts_add(&facts, group->first != group->last ? "last" : "time", time_fact(arena, group->last));
	if (group->fix.length)
		facts_add(&facts, group->verdict == SIGHTING_KNOWN ? "fix" : "fix, perhaps", safe_lines(arena, group->fix));
	else
		facts_add(&facts, "fix", TEXT("none known"));
	facts_add(&facts, "kind", safe_text(arena, group->kind));
	facts_add(&facts, "culprit", safe_text(arena, group->culprit));
	facts_add(&facts, "fingerprint", unknown ? safe_text(arena, group->crashes[0]->sighting->fingerprint) : TEXT_NONE);
	facts_add(&facts, "see also", related_fact(arena, group));
	telling->form->parts->facts(telling->page, &facts);
	if (group->verdict == SIGHTING_SIMILAR)
		telling->form->parts->paragraph(
			telling->page,
			TEXT("These crashes have the face of this bug, but their releases are outside of those "
			     "that have it: the bug is fixed there already, or it is another one."));
}

static const char *example_label(const struct telling *telling)
{
	if (telling->group->count == 1)
		return "The crash";
	return telling->group->crashes[0]->sighting == telling->example ? "The latest of them"
									: "The latest of which more is known";
}

static void write_example(const struct telling *telling)
{
	const struct fleet_detail *detail = &telling->detail;
	const struct sighting *example = telling->example;
	struct arena *arena = &telling->page->arena;
	const struct crash process = { .comm = detail->comm, .pid = detail->pid, .cpu = detail->cpu };
	struct fact_list facts = { .count = 0 };

	telling->form->label(telling->page, example_label(telling));
	if (detail->line)
		facts_add(&facts, "line", arena_print(arena, "%zu", detail->line));
	facts_add(&facts, "host", safe_text(arena, example->host));
	facts_add(&facts, "kernel", safe_text(arena, example->release));
	facts_add(&facts, "time", time_fact(arena, example->crashed_at));
	facts_add(&facts, "headline", safe_text(arena, example->headline));
	facts_add(&facts, "where", detail->instruction_pointer);
	facts_add(&facts, "process", describe_process(arena, &process));
	facts_add(&facts, "panic", detail->panic);
	facts_add(&facts, "symptom", detail->symptom);
	if (example->incomplete)
		facts_add(&facts, "incomplete", TEXT("the input could be read only in part"));
	if (detail->other_crashes)
		facts_add(&facts, "other crashes", arena_print(arena, "%zu in the same log", detail->other_crashes));
	telling->form->parts->facts(telling->page, &facts);
	telling->form->path(telling->page, "read from", example->path);
	if (detail->trace.count)
		telling->form->parts->trace(telling->page, detail->trace.items, detail->trace.count, detail->more_frames);
	if (detail->evidence_count) {
		telling->form->label(telling->page, "Evidence");
		telling->form->parts->evidence(telling->page, detail->evidence, detail->evidence_count);
	}
}

static void write_remedies(const struct telling *telling)
{
	const struct fleet_detail *detail = &telling->detail;
	const struct form *parts = telling->form->parts;

	if (detail->remedy_count)
		telling->form->label(telling->page, telling->group->verdict == SIGHTING_SIMILAR
							    ? "What to do, if it turns out to be this bug"
							    : "What to do");
	for (size_t i = 0; i < detail->remedy_count; i++)
		parts->remedy(telling->page, i + 1, &detail->remedies[i], true);
	if (detail->fixed.count)
		telling->form->label(telling->page, "Fixed in");
	for (size_t i = 0; i < detail->fixed.count; i++)
		parts->item(telling->page, &(struct item){ .literal = detail->fixed.items[i] });
	if (detail->references.count)
		telling->form->label(telling->page, "References");
	for (size_t i = 0; i < detail->references.count; i++)
		parts->reference(telling->page, detail->references.items[i]);
}

static void write_crashes(const struct telling *telling)
{
	size_t count = telling->group->count, shown = count < CRASHES_MOST ? count : CRASHES_MOST;

	if (count == 1 && telling->example)
		return; /* all is said of it */
	telling->form->label(telling->page, "Its crashes");
	telling->form->crashes(telling->page, telling->group, shown);
	if (count > shown)
		telling->form->parts->paragraph(
			telling->page, arena_print(&telling->page->arena,
						   "and %zu more: the JSON and HTML reports have them all", count - shown));
}

void fleet_report_group(struct page *page, const struct fleet_form *form, size_t number, const struct fleet_group *group)
{
	struct telling telling = { .page = page, .form = form, .group = group };

	for (size_t i = 0; i < group->count && !telling.example; i++)
		if (group->crashes[i]->sighting->detail.length)
			telling.example = group->crashes[i]->sighting;
	if (telling.example && !fleet_detail_read(&page->arena, telling.example->detail, &telling.detail))
		telling.example = NULL;
	form->group(page, number, group);
	write_facts(&telling);
	if (telling.example) {
		write_example(&telling);
		write_remedies(&telling);
	}
	write_crashes(&telling);
}
