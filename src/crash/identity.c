/* Who it was: CPU, process, taint, and the kernel's release, from the lines that name them. */
#include "crash/draft.h"

static void set_text(struct crash *crash, struct text *field, struct text value)
{
	if (!field->length)
		*field = arena_copy(&crash->arena, text_trim(value));
}

void draft_set_task(struct draft *draft, struct text comm, uint64_t pid, size_t record)
{
	struct crash *crash = draft->crash;

	if (!crash->comm.length && comm.length) {
		set_text(crash, &crash->comm, comm);
		crash->comm_record = record;
	}
	if (crash->pid < 0 && pid <= INT32_MAX)
		crash->pid = (int64_t)pid;
}

void draft_set_cpu(struct draft *draft, uint64_t cpu)
{
	if (draft->crash->cpu < 0 && cpu <= INT32_MAX)
		draft->crash->cpu = (int64_t)cpu;
}

static bool is_flags(struct text word)
{
	for (size_t i = 0; i < word.length; i++)
		if (!(word.data[i] >= 'A' && word.data[i] <= 'Z') && word.data[i] != '-')
			return false;
	return word.length > 0;
}

/* Behind "Tainted: ": one column a flag, blank where it is not set (print_tainted() of kernel/panic.c); RHEL adds dashes. */
static struct text eat_flags(struct arena *arena, struct text *t)
{
	struct text word, flags = TEXT_NONE;

	for (;;) {
		struct text rest = text_trim_start(*t);
		if (!text_eat_word(&rest, &word) || !is_flags(word))
			return flags;
		if (word.data[0] != '-')
			flags = arena_print(arena, "%.*s%s%.*s", TEXT_ARGS(flags), flags.length ? " " : "", TEXT_ARGS(word));
		*t = rest;
	}
}

/* "3.10.0-862.2.3.el7.x86_64 #1 Debian 6.1.76-1": a release begins with a number and a point. */
static void take_release(struct crash *crash, struct text t)
{
	struct text rest = text_trim_start(t), word, number;
	uint64_t major;

	/* "(2.6.32 #1)", "(5.4.0-42-generic)": powerpc's REGS line, and what others had before v3.10 */
	if (text_eat_char(&rest, '('))
		rest = text_first(rest, text_find_char(rest, ')'));
	if (!text_eat_word(&rest, &word))
		return;
	number = word;
	if (!text_eat_decimal(&number, &major) || !text_starts(number, "."))
		return;
	set_text(crash, &crash->release, word);
	text_eat_blanks(&rest);
	if (text_starts(rest, "#"))
		set_text(crash, &crash->version, rest);
}

size_t draft_find_taint(struct text t)
{
	size_t not_tainted = text_find(t, "Not tainted");
	size_t tainted = text_find(t, "Tainted: ");

	return not_tainted < tainted ? not_tainted : tainted;
}

void draft_take_taint(struct draft *draft, struct text t, size_t record)
{
	struct crash *crash = draft->crash;
	struct text flags = TEXT_NONE;

	if (text_eat(&t, "Tainted: "))
		flags = eat_flags(&crash->arena, &t);
	else if (!text_eat(&t, "Not tainted"))
		return;
	if (!crash->taint_known) {
		crash->taint_known = true;
		crash->tainted = flags;
		crash->taint_record = record;
	}
	take_release(crash, t);
}

/* The task's name lasts up to what follows it on the line; names hold blanks. */
static struct text comm_before(struct text t, size_t end)
{
	struct text comm = text_first(t, end);
	size_t kdump = text_find(comm, " Kdump: loaded");

	return text_trim(text_first(comm, kdump));
}

/* "CPU: 1 PID: 1597 Comm: inotify Kdump: loaded Tainted: G  OE 3.10.0 #1"; since v6.12 with a UID behind the CPU. */
static bool take_cpu_line(struct draft *draft, struct text t, size_t record)
{
	uint64_t cpu, uid, pid;

	if (!text_eat(&t, "CPU: ") || !text_eat_decimal(&t, &cpu) || !text_eat_char(&t, ' '))
		return false;
	if (text_eat(&t, "UID: ") && (!text_eat_decimal(&t, &uid) || !text_eat_char(&t, ' ')))
		return false;
	if (!text_eat(&t, "PID: ") || !text_eat_decimal(&t, &pid))
		return false;
	/*
	 * A hung task's own report names no CPU: this line is of who found it, or of another CPU's task. KCSAN's is of one
	 * side of the race, perhaps the other one. Either says what the kernel is.
	 */
	bool other = (draft->crash->kind == CRASH_HUNG_TASK || draft->crash->kind == CRASH_KCSAN) &&
		     draft->crash->pid >= 0 && (uint64_t)draft->crash->pid != pid;
	if (other) {
		size_t at = draft_find_taint(t);
		if (at != SIZE_MAX)
			draft_take_taint(draft, text_from_offset(t, at), record);
		return true;
	}
	draft_set_cpu(draft, cpu);
	text_eat_blanks(&t);
	if (!text_eat(&t, "Comm: ")) {
		draft_set_task(draft, TEXT_NONE, pid, record);
		return true;
	}
	size_t taint = draft_find_taint(t);
	draft_set_task(draft, comm_before(t, taint), pid, record);
	if (taint != SIZE_MAX)
		draft_take_taint(draft, text_from_offset(t, taint), record);
	return true;
}

/* "Pid: 1234, comm: foo Not tainted 2.6.32-431.el6.x86_64 #1 Vendor Model", up to v3.10. */
static bool take_old_line(struct draft *draft, struct text t, size_t record)
{
	uint64_t pid;

	if (!text_eat(&t, "Pid: ") || !text_eat_decimal(&t, &pid) || !text_eat(&t, ", comm: "))
		return false;
	size_t taint = draft_find_taint(t);
	draft_set_task(draft, comm_before(t, taint), pid, record);
	if (taint != SIZE_MAX)
		draft_take_taint(draft, text_from_offset(t, taint), record);
	return true;
}

bool part_identity(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_trim(text);
	uint64_t cpu;

	if (take_cpu_line(draft, rest, record) || take_old_line(draft, rest, record))
		return true;
	/* A hung task's: taint and release on a line of their own. */
	if (draft_find_taint(rest) == 0) {
		/* "Tainted: [O]=OOT_MODULE, ..." spells out, since v6.12, the flags of the line before. */
		if (!text_starts(rest, "Tainted: ["))
			draft_take_taint(draft, rest, record);
		return true;
	}
	if (text_eat(&rest, "Hardware name: ")) {
		set_text(draft->crash, &draft->crash->hardware, rest);
		return true;
	}
	if (text_eat(&rest, "CPU ") && text_eat_decimal(&rest, &cpu) && !text_trim(rest).length) {
		draft_set_cpu(draft, cpu);
		return true;
	}
	return false;
}
