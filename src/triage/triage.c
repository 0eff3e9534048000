/* The whole way: input, log, crashes, findings, verdict. */
#include "triage/triage.h"

#include "input/input.h"

#include <string.h>

const char *verdict_kind_name(enum verdict_kind kind)
{
	static const char *const names[] = {
		[VERDICT_NO_CRASH] = "no-crash",
		[VERDICT_UNKNOWN] = "unknown",
		[VERDICT_SIMILAR] = "similar",
		[VERDICT_KNOWN] = "known",
	};

	return names[kind];
}

static void add_note(struct verdict *verdict, struct text note)
{
	struct text *item = arena_push(&verdict->arena, &verdict->notes, &verdict->note_count, sizeof *item);

	if (item)
		*item = note;
}

/* The user's word counts more than the log's: the log may be of a kernel that was renamed, and "what if" is a fair question.
 */
static struct release release_of(const struct crash *crash, struct text told)
{
	return told.length ? release_parse(told, TEXT_NONE) : release_parse(crash->release, crash->version);
}

static bool match_one(struct verdict *verdict, struct catalogue *catalogue, struct text told, size_t index,
		      struct error *error)
{
	const struct crash *crash = verdict->crashes.items[index];
	struct release release = release_of(crash, told);

	return signature_match(catalogue, crash, index, &release, &verdict->findings, error);
}

static bool match_all(struct verdict *verdict, struct catalogue *catalogue, struct text told, struct error *error)
{
	size_t deciding = verdict->crashes.deciding;

	if (deciding != SIZE_MAX && !match_one(verdict, catalogue, told, deciding, error))
		return false;
	for (size_t i = 0; i < verdict->crashes.count; i++)
		if (i != deciding && !match_one(verdict, catalogue, told, i, error))
			return false;
	return true;
}

static bool is_explained(const struct verdict *verdict, size_t crash)
{
	for (size_t i = 0; i < verdict->findings.count; i++)
		if (verdict->findings.items[i].crash == crash)
			return true;
	return false;
}

/* Reports of one task that stays stuck: the watchdog finds it at another place of its loop each time. */
static bool same_task_stuck(const struct crash *a, const struct crash *b)
{
	return a->kind == b->kind && a->kind == CRASH_SOFT_LOCKUP && a->boot == b->boot && a->cpu == b->cpu &&
	       a->pid == b->pid && a->panic.length == b->panic.length;
}

/* Of several reports of the same lockup, one that a signature explains decides. */
static void prefer_explained(struct verdict *verdict)
{
	struct crash_list *crashes = &verdict->crashes;
	size_t deciding = crashes->deciding;

	if (deciding == SIZE_MAX || is_explained(verdict, deciding))
		return;
	for (size_t i = 0; i < crashes->count; i++) {
		if (i != deciding && same_task_stuck(crashes->items[i], crashes->items[deciding]) &&
		    is_explained(verdict, i)) {
			crashes->deciding = i;
			return;
		}
	}
}

static void decide(struct verdict *verdict)
{
	const struct crash_list *crashes = &verdict->crashes;

	verdict->kind = crashes->deciding == SIZE_MAX ? VERDICT_NO_CRASH : VERDICT_UNKNOWN;
	for (size_t i = 0; i < verdict->findings.count; i++) {
		const struct finding *finding = &verdict->findings.items[i];
		enum verdict_kind kind = finding->affected == AFFECTED_NO ? VERDICT_SIMILAR : VERDICT_KNOWN;
		if (finding->crash == crashes->deciding && kind > verdict->kind)
			verdict->kind = kind;
	}
}

static void know_kernel(struct verdict *verdict, struct text told)
{
	const struct crash_list *crashes = &verdict->crashes;

	verdict->release = told.length ? release_parse(told, TEXT_NONE) : release_parse(crashes->release, crashes->version);
	verdict->version = told.length && !text_equal(told, crashes->release) ? TEXT_NONE : crashes->version;
	verdict->arch = verdict->release.arch.length ? verdict->release.arch : text_from(crashes->arch);
	if (told.length && crashes->release.length && !text_equal(told, crashes->release))
		add_note(verdict, arena_print(&verdict->arena,
					      "The log names the kernel release %.*s; judged by --release %.*s instead.",
					      TEXT_ARGS(crashes->release), TEXT_ARGS(told)));
	if (crashes->dropped)
		add_note(verdict,
			 arena_print(&verdict->arena, "The log holds %zu more crashes than the %d that are reported.",
				     crashes->dropped, CRASH_LIST_MOST));
}

static bool walk(struct verdict *verdict, struct input *input, struct catalogue *catalogue, struct text told,
		 struct error *error)
{
	struct log *log = log_new(input->source);
	struct error read_error = { 0 };

	if (!log)
		return error_out_of_memory(error);
	bool whole = crash_find(log, &verdict->crashes, &read_error);
	verdict->format = log_format(log);
	log_free(log);
	know_kernel(verdict, told);
	if (!match_all(verdict, catalogue, told, error))
		return false;
	prefer_explained(verdict);
	decide(verdict);
	if (!whole) {
		*error = read_error;
		verdict->incomplete = true;
		add_note(verdict,
			 arena_print(&verdict->arena, "The log could not be read to its end: %s.", read_error.message));
	}
	if (verdict->arena.failed || verdict->findings.arena.failed) {
		verdict->incomplete = false;
		return error_out_of_memory(error);
	}
	return whole;
}

bool triage(const char *path, struct catalogue *catalogue, struct text release, struct verdict *verdict, struct error *error)
{
	struct input input;

	*verdict = (struct verdict){
		.path = text_from(path), .type = "log", .format = "text", .crashes = { .deciding = SIZE_MAX }
	};
	if (!input_open(&input, path, error))
		return false;
	if (strcmp(path, input.path) != 0)
		add_note(verdict, arena_print(&verdict->arena, "Read from %s.", input.path));
	bool done = walk(verdict, &input, catalogue, release, error);
	input_close(&input);
	return done;
}

void verdict_free(struct verdict *verdict)
{
	finding_list_free(&verdict->findings);
	crash_list_free(&verdict->crashes);
	arena_free(&verdict->arena);
	*verdict = (struct verdict){ 0 };
}
