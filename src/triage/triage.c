/* The whole way: input, log, crashes, findings, verdict. */
#include "triage/triage.h"

#include "input/input.h"
#include "triage/death.h"
#include "triage/dumped.h"
#include "triage/examined.h"
#include "triage/hang.h"
#include "triage/identity.h"
#include "triage/machine.h"
#include "triage/walk.h"

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

void verdict_note(struct verdict *verdict, struct text note)
{
	struct text *item = arena_push(&verdict->arena, &verdict->notes, &verdict->note_count, sizeof *item);

	if (item)
		*item = note;
}

struct release verdict_release(const struct verdict *verdict, struct text release, struct text version, struct text told)
{
	const struct facts *dump = &verdict->dump.facts;
	/* A log beside the dump may tell of earlier boots, of other kernels. */
	bool of_dump = !release.length || verdict->from_dump || text_equal(release, dump->release);

	if (told.length)
		return release_parse(told, TEXT_NONE);
	return dump->release.length && of_dump ? release_parse(dump->release, dump->version)
					       : release_parse(release, version);
}

static bool match_one(struct verdict *verdict, struct catalogue *catalogue, struct text told, size_t index,
		      struct error *error)
{
	const struct crash *crash = verdict->crashes.items[index];
	struct release release = verdict_release(verdict, crash->release, crash->version, told);

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

/* The crashes from `first` on. */
static bool match_from(struct verdict *verdict, struct catalogue *catalogue, struct text told, size_t first,
		       struct error *error)
{
	for (size_t i = first; i < verdict->crashes.count; i++)
		if (!match_one(verdict, catalogue, told, i, error))
			return false;
	return true;
}

bool verdict_is_explained(const struct verdict *verdict, size_t crash)
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

	if (deciding == SIZE_MAX || verdict_is_explained(verdict, deciding))
		return;
	for (size_t i = 0; i < crashes->count; i++) {
		if (i != deciding && same_task_stuck(crashes->items[i], crashes->items[deciding]) &&
		    verdict_is_explained(verdict, i)) {
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

/* Before signatures have a say in which report of a lockup decides: the catalogue does not change what a crash is. */
static void know_identity(struct verdict *verdict)
{
	const struct crash_list *crashes = &verdict->crashes;

	verdict->has_identity = crashes->deciding < crashes->count;
	if (verdict->has_identity)
		verdict->identity = identity_of(crashes->items[crashes->deciding]);
}

/* A log that was saved of the dump has no stacks: what it is known by counts, where it has a crash at all. */
static void know_identity_of_stacks(struct verdict *verdict)
{
	if (!verdict->has_identity)
		know_identity(verdict);
}

static void know_kernel(struct verdict *verdict, struct text told)
{
	const struct crash_list *crashes = &verdict->crashes;
	const struct facts *dump = &verdict->dump.facts;
	struct text named = dump->release.length ? dump->release : crashes->release;
	struct text version = dump->version.length ? dump->version : crashes->version;

	verdict->release = verdict_release(verdict, crashes->release, crashes->version, told);
	verdict->version = told.length && !text_equal(told, named) ? TEXT_NONE : version;
	verdict->arch = verdict->release.arch.length ? verdict->release.arch : text_from(crashes->arch);
	if (dump->arch)
		verdict->arch = text_from(dump->arch);
	if (told.length && named.length && !text_equal(told, named))
		verdict_note(verdict, arena_print(&verdict->arena,
						  "The %s names the kernel release %.*s; judged by --release %.*s instead.",
						  dump->release.length ? "dump" : "log", TEXT_ARGS(named), TEXT_ARGS(told)));
	if (crashes->dropped)
		verdict_note(verdict,
			     arena_print(&verdict->arena, "The log holds %zu more crashes than the %d that are reported.",
					 crashes->dropped, CRASH_LIST_MOST));
}

/* From the source to the crashes. */
static bool read_log(struct verdict *verdict, struct log_source *source, bool *whole, struct error *read_error,
		     struct error *error)
{
	struct log *log = log_new(source);

	if (!log)
		return error_out_of_memory(error);
	*whole = crash_find(log, &verdict->crashes, read_error);
	verdict->format = log_format(log);
	log_free(log);
	return true;
}

/* A dump without its log: the machine that it is of is known all the same. */
static void do_without_log(struct verdict *verdict, const struct input *input, struct error *read_error)
{
	error_set(read_error, "%.*s", TEXT_ARGS(input->no_log));
	verdict_note(verdict, arena_print(&verdict->arena, "No kernel log: %.*s.", TEXT_ARGS(input->no_log)));
}

/* A log that was saved beside the dump may have ended too early: where it holds no crash, the dump's own may. */
static bool read_input(struct verdict *verdict, struct input *input, bool *whole, struct error *read_error,
		       struct error *error)
{
	if (!read_log(verdict, input->source, whole, read_error, error))
		return false;
	if (verdict->crashes.count || !input_turn_to_dump(input))
		return true;
	crash_list_free(&verdict->crashes);
	verdict->crashes = (struct crash_list){ .deciding = SIZE_MAX };
	return read_log(verdict, input->source, whole, read_error, error);
}

/*
 * What the dump's stacks say of the death: the rest of a trace that the log has a part of; a crash that it does not tell of;
 * CPUs that hang. Each may be known to a signature.
 */
static bool ask_stacks(struct verdict *verdict, struct catalogue *catalogue, struct text told, struct error *error)
{
	if (death_complete(verdict)) {
		finding_list_free(&verdict->findings);
		if (!match_all(verdict, catalogue, told, error))
			return false;
		prefer_explained(verdict);
	}
	bool explained = examined_is_explained(verdict);
	if ((explained && !death_is_elsewhere(verdict)) || !verdict->postmortem.cpu_count)
		return true;
	size_t count = verdict->crashes.count;
	if (death_find(verdict)) {
		know_identity_of_stacks(verdict);
		return match_from(verdict, catalogue, told, count, error);
	}
	if (explained)
		return true;
	size_t hangs = hang_find(verdict);
	if (!match_from(verdict, catalogue, told, count, error))
		return false;
	if (hang_decide(verdict, hangs))
		know_identity_of_stacks(verdict);
	return true;
}

bool triage_walk(struct verdict *verdict, struct input *input, struct catalogue *catalogue,
		 const struct triage_options *options, struct error *error)
{
	struct text told = options->release;
	struct error read_error = { 0 };
	bool whole = false;

	if (!input->source)
		do_without_log(verdict, input, &read_error);
	else if (!read_input(verdict, input, &whole, &read_error, error))
		return false;
	dumped_tell(verdict, input);
	know_kernel(verdict, told);
	if (!match_all(verdict, catalogue, told, error))
		return false;
	know_identity(verdict);
	prefer_explained(verdict);
	dumped_find_crashed_cpu(verdict);
	struct error examined = { 0 };
	bool useful = examined_tell(verdict, input, options, &examined);
	if (!ask_stacks(verdict, catalogue, told, error))
		return false;
	decide(verdict);
	machine_know(verdict, input, (struct link_roots){ options->link_roots, options->link_root_count });
	examined_apply_lines(verdict);
	examined_keep_wanted(verdict, options);
	if (whole)
		whole = dumped_check_log(verdict, input, &read_error);
	else if (input->source)
		verdict_note(verdict,
			     arena_print(&verdict->arena, "The log could not be read to its end: %s.", read_error.message));
	if (whole && !useful) {
		*error = examined;
		if (!error->path)
			error->path = input->path;
		whole = false;
		verdict->stands = true;
	} else if (!whole) {
		read_error.path = error->path;
		*error = read_error;
		verdict->incomplete = true;
	}
	if (verdict->arena.failed || verdict->findings.arena.failed || input->arena.failed) {
		verdict->incomplete = verdict->stands = false;
		return error_out_of_memory(error);
	}
	return whole;
}

void triage_start(struct verdict *verdict, const char *path)
{
	*verdict = (struct verdict){
		.path = text_from(path),
		.type = "log",
		.format = "text",
		.crashed_at = RECORD_NO_TIME,
		.crashes = { .deciding = SIZE_MAX },
		.dump = { .level = -1, .crashed_cpu = -1 },
	};
}

struct input_options triage_input_options(const struct triage_options *options)
{
	return (struct input_options){
		.form = KERNEL_LOG_FULL,
		.temporary_directory = options->temporary_directory,
		.facts_alone = true,
		.link_roots = options->link_roots,
		.link_root_count = options->link_root_count,
		.directory_time = options->directory_time,
		.directory_names = options->directory_names,
		.directory_name_count = options->directory_name_count,
	};
}

bool triage(const char *path, struct catalogue *catalogue, const struct triage_options *options, struct verdict *verdict,
	    struct error *error)
{
	struct input_options how = triage_input_options(options);
	struct input input;

	triage_start(verdict, path);
	if (!input_open(&input, path, &how, error))
		return false;
	bool done = triage_walk(verdict, &input, catalogue, options, error);
	input_close(&input);
	return done;
}

void verdict_free(struct verdict *verdict)
{
	finding_list_free(&verdict->findings);
	postmortem_free(&verdict->postmortem);
	crash_list_free(&verdict->crashes);
	arena_free(&verdict->arena);
	*verdict = (struct verdict){ 0 };
}
