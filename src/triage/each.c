/* One input, or the many of an archive: a verdict is freed before the next log is read. */
#include "triage/triage.h"

#include "triage/dumped.h"
#include "triage/walk.h"

struct visiting {
	struct catalogue *catalogue;
	const struct triage_options *options;
	triage_visitor *visit;
	void *state;
	bool failed; /* some visit told of an error */
	bool crash;  /* some log had one */
	size_t logs; /* that could be read to their ends */
};

static void tell_error(struct visiting *visiting, const struct error *error)
{
	visiting->failed = true;
	visiting->visit(visiting->state, NULL, false, error);
}

/* What could be read counts, even where reading failed in the end. */
static void tell_verdict(struct visiting *visiting, const struct verdict *verdict, bool whole, const struct error *error)
{
	visiting->failed |= !whole;
	visiting->visit(visiting->state, whole || verdict->incomplete || verdict->stands ? verdict : NULL, whole, whole ? NULL : error);
}

static void visit_input(struct visiting *visiting, const char *path, struct input *input)
{
	const char *shown = visiting->options->shown_path ? visiting->options->shown_path : path;
	struct error error = { .path = shown };
	struct verdict verdict;

	triage_start(&verdict, shown);
	bool whole = triage_walk(&verdict, input, visiting->catalogue, visiting->options, &error);
	tell_verdict(visiting, &verdict, whole, &error);
	verdict_free(&verdict);
}

/* A log without a crash is not worth a word, but where it could not be read to its end. */
static void visit_member(struct visiting *visiting, struct input *member)
{
	struct error error = { .path = member->path };
	struct verdict verdict;

	triage_start(&verdict, member->path);
	bool whole = triage_walk(&verdict, member, visiting->catalogue, visiting->options, &error);
	visiting->logs += whole || verdict.incomplete || verdict.stands;
	if (verdict.kind != VERDICT_NO_CRASH) {
		visiting->crash = true;
		tell_verdict(visiting, &verdict, whole, &error);
	} else if (!whole) {
		tell_error(visiting, &error);
	}
	verdict_free(&verdict);
}

/* No log had a crash. */
static void visit_archive(struct visiting *visiting, const char *path)
{
	struct error error = { .path = path };
	struct verdict verdict;

	triage_start(&verdict, path);
	verdict.incomplete = visiting->failed;
	if (visiting->failed)
		verdict_note(&verdict, TEXT("Not all that is in the archive could be read."));
	if (verdict.arena.failed) {
		error_out_of_memory(&error);
		tell_error(visiting, &error);
	} else {
		tell_verdict(visiting, &verdict, true, NULL);
	}
	verdict_free(&verdict);
}

static void visit_members(struct visiting *visiting, const char *path, struct input *archive)
{
	enum input_member status;

	for (;;) {
		struct error error = { .path = path };
		struct input member;
		status = input_next_member(archive, &member, &error);
		if (status == INPUT_MEMBERS_ENDED)
			break;
		if (status == INPUT_MEMBER_FAILED) {
			tell_error(visiting, &error);
			continue;
		}
		visit_member(visiting, &member);
		input_close(&member);
	}
	if (!visiting->crash && (visiting->logs || !visiting->failed))
		visit_archive(visiting, path);
}

/* What is behind one path; adds the dumps beside it that are not of it. */
static void visit_path(struct visiting *visiting, const char *path, struct arena *arena, struct text **others,
		       size_t *other_count)
{
	struct input_options how = triage_input_options(visiting->options);
	struct error error = { .path = path };
	struct input input;

	*other_count = 0;
	how.archives = true;
	if (!input_open(&input, path, &how, &error)) {
		tell_error(visiting, &error);
		return;
	}
	if (input.members)
		visit_members(visiting, path, &input);
	else
		visit_input(visiting, path, &input);
	for (size_t i = 0; i < input.other_dump_count; i++) {
		struct text *place = arena_push(arena, others, other_count, sizeof *place);
		if (place)
			*place = arena_copy(arena, input.other_dumps[i]);
	}
	input_close(&input);
}

bool triage_each(const char *path, struct catalogue *catalogue, const struct triage_options *options, triage_visitor *visit,
		 void *state)
{
	struct triage_options plain = *options;
	struct visiting visiting = { .catalogue = catalogue, .options = options, .visit = visit, .state = state };
	struct arena arena = { 0 }, unused = { 0 };
	struct text *others = NULL, *none = NULL;
	size_t other_count, none_count;

	visit_path(&visiting, path, &arena, &others, &other_count);
	plain.shown_path = NULL;
	plain.directory_name_count = 0;
	visiting.options = &plain;
	for (size_t i = 0; options->every_dump && i < other_count; i++)
		visit_path(&visiting, others[i].data, &unused, &none, &none_count);
	arena_free(&unused);
	arena_free(&arena);
	return !visiting.failed;
}
