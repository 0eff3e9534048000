/* The dump's part of a verdict. */
#include "triage/dumped.h"

#include <inttypes.h>
#include <string.h>

static void note_copy(struct verdict *verdict, struct text note)
{
	verdict_note(verdict, arena_copy(&verdict->arena, note));
}

/* The texts of facts live in the dump, which is closed before the verdict is written. */
static void copy_facts(struct arena *arena, struct facts *facts, const struct facts *from)
{
	*facts = *from;
	facts->release = arena_copy(arena, from->release);
	facts->version = arena_copy(arena, from->version);
	facts->nodename = arena_copy(arena, from->nodename);
	facts->build_id = arena_copy(arena, from->build_id);
	facts->cpus = arena_alloc(arena, from->cpu_count * sizeof *from->cpus);
	if (facts->cpus && from->cpu_count)
		memcpy(facts->cpus, from->cpus, from->cpu_count * sizeof *from->cpus);
	else
		facts->cpu_count = 0;
}

static void tell_dump(struct verdict *verdict, const struct vmcore *vmcore)
{
	const struct dump *dump = vmcore_dump(vmcore);

	verdict->dump = (struct verdict_dump){
		.known = true,
		.format = arena_copy(&verdict->arena, text_from(dump->format)),
		.flattened = dump->flattened,
		.incomplete = dump->incomplete,
		.files = dump->files,
		.level = dump->dump_level,
		.crashed_cpu = -1,
	};
	copy_facts(&verdict->arena, &verdict->dump.facts, vmcore_facts(vmcore));
	if (dump->incomplete)
		verdict_note(verdict,
			     arena_print(&verdict->arena, "The dump is incomplete: %.*s.", TEXT_ARGS(dump->incomplete_why)));
	for (size_t i = 0; i < dump->remark_count; i++)
		note_copy(verdict, dump->remarks[i]);
}

/* A log and a dump that somebody put side by side, or the dump of a second crash. */
static bool is_other_kernel(struct verdict *verdict, const struct input *input)
{
	struct text release = vmcore_facts(input->vmcore)->release, named = verdict->crashes.release;

	if (input->from_dump || !release.length || !named.length || text_equal(release, named))
		return false;
	verdict_note(verdict,
		     arena_print(&verdict->arena, "The dump %s was left aside: it is of kernel %.*s, the log is of %.*s.",
				 input->dump_path, TEXT_ARGS(release), TEXT_ARGS(named)));
	return true;
}

void dumped_tell(struct verdict *verdict, const struct input *input)
{
	if (strcmp(input->path, "-") != 0 && !text_is(verdict->path, input->path))
		verdict_note(verdict, arena_print(&verdict->arena, "Read from %s.", input->path));
	for (size_t i = 0; i < input->note_count; i++)
		note_copy(verdict, input->notes[i]);
	if (!input->vmcore || is_other_kernel(verdict, input))
		return;
	tell_dump(verdict, input->vmcore);
	verdict->incomplete = verdict->dump.incomplete;
	if (!input->from_dump)
		return;
	verdict->from_dump = true;
	verdict->type = "vmcore";
	verdict->format = input->source ? vmcore_report(input->vmcore)->layout : NULL;
}

/* The CPU that left its registers with this task on it, or NULL. */
static struct dump_cpu *find_task(struct facts *facts, int64_t pid)
{
	for (size_t i = 0; i < facts->cpu_count; i++)
		if (pid > 0 && facts->cpus[i].pid == pid)
			return &facts->cpus[i];
	return NULL;
}

/* Another task than the crash's ran on the CPU that the log names: a hung task does not run, it is only reported there. */
static bool is_elsewhere(const struct facts *facts, const struct crash *crash)
{
	for (size_t i = 0; i < facts->cpu_count; i++)
		if (facts->cpus[i].number == crash->cpu && crash->pid >= 0 && facts->cpus[i].pid >= 0 &&
		    facts->cpus[i].pid != crash->pid)
			return true;
	return false;
}

void dumped_find_crashed_cpu(struct verdict *verdict)
{
	struct facts *facts = &verdict->dump.facts;

	if (!verdict->dump.known || verdict->crashes.deciding == SIZE_MAX)
		return;
	const struct crash *crash = verdict->crashes.items[verdict->crashes.deciding];
	const struct dump_cpu *task = find_task(facts, crash->pid);
	/* The notes are numbered as they come. Where a CPU left none, those behind it have a number that is too low. */
	if (task && crash->cpu >= 0 && task->number != crash->cpu)
		for (size_t i = 0; i < facts->cpu_count; i++)
			facts->cpus[i].number = -1;
	if (task || !is_elsewhere(facts, crash))
		verdict->dump.crashed_cpu = crash->cpu;
}

static bool has_lost(const struct kernel_log_report *report)
{
	return report->unreadable || report->searched || report->first.message[0];
}

bool dumped_has_whole_log(const struct input *input)
{
	return !input->log_cut.length && !(input->from_dump && has_lost(vmcore_report(input->vmcore)));
}

/* What was lost of the log, as a sentence part. */
static struct text loss(struct arena *arena, const struct kernel_log_report *report)
{
	if (report->unreadable)
		return arena_print(arena, "%" PRIu64 " records of the kernel log could not be read: %s", report->unreadable,
				   report->first.message);
	if (report->searched)
		return arena_print(arena,
				   "the kernel log was found in memory by its own marks, and parts of it may be missing: %s",
				   report->first.message);
	return arena_print(arena, "not all of the kernel log could be read: %s", report->first.message);
}

/* What the log beside a dump may lack. */
static bool check_beside(struct verdict *verdict, const struct input *input, struct error *error)
{
	struct text dump = input->dump_failure, cut = input->log_cut;

	if (!dump.length && !cut.length)
		return true;
	verdict->incomplete = true;
	if (cut.length)
		verdict_note(verdict,
			     arena_print(&verdict->arena, "The log %s is not whole: %.*s.", input->path, TEXT_ARGS(cut)));
	if (verdict->kind != VERDICT_NO_CRASH)
		return true;
	if (dump.length)
		return error_set(error, "no crash in the log %s, and %.*s", input->path, TEXT_ARGS(dump));
	return error_set(error, "no crash in the log %s, which is not whole: %.*s", input->path, TEXT_ARGS(cut));
}

/* A machine whose log is silent may have hung, and a part of what would show it is not in the dump. */
static bool hides_a_hang(const struct verdict *verdict)
{
	if (verdict->kind != VERDICT_NO_CRASH || !verdict->dump.incomplete)
		return false;
	for (size_t i = 0; i < verdict->postmortem.cpu_count; i++)
		if (verdict->postmortem.cpus[i].ends_early.length)
			return true;
	return false;
}

bool dumped_check_log(struct verdict *verdict, const struct input *input, struct error *error)
{
	struct arena *arena = &verdict->arena;

	if (!input->from_dump)
		return check_beside(verdict, input, error);
	const struct kernel_log_report *report = vmcore_report(input->vmcore);
	if (report->safe_messages)
		verdict_note(verdict, arena_print(arena,
						  "The last %" PRIu64 " lines are from per-CPU buffers that the kernel had "
						  "no time to print.",
						  report->safe_messages));
	if (!has_lost(report))
		return !hides_a_hang(verdict) ||
		       error_set(error, "no crash in what could be read: not all of the CPUs' stacks are in the dump");
	struct text lost = loss(arena, report);
	verdict->incomplete = true;
	verdict_note(verdict, arena_print(arena, "Of the dump, %.*s.", TEXT_ARGS(lost)));
	if (verdict->kind != VERDICT_NO_CRASH)
		return true;
	return error_set(error, "no crash in what could be read: %.*s", TEXT_ARGS(lost));
}
