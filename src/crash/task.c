/* Lines that name the task, and the kernel's release, where a kernel or an architecture does not have "CPU: ... PID: ". */
#include "crash/draft.h"

/*
 * "Process sh (pid: 12, stack limit = 0xc0800210)" (arm), "(pid: 12, threadinfo=..., task=...)" (mips, loongarch), "(pid:
 * 12, task: ...)" (s390), "(pid: 12, ti=... task=...)" (x86 up to v3.10). Names hold blanks and parentheses.
 */
static bool take_process(struct draft *draft, struct text rest, size_t record)
{
	static const char mark[] = " (pid: ";
	size_t at = SIZE_MAX, from = 0, next;
	uint64_t pid;

	if (!text_eat(&rest, "Process "))
		return false;
	while ((next = text_find(text_from_offset(rest, from), mark)) != SIZE_MAX) {
		at = from + next;
		from = at + 1;
	}
	struct text digits = text_from_offset(rest, at == SIZE_MAX ? rest.length : at + sizeof mark - 1);
	if (text_eat_decimal(&digits, &pid))
		draft_set_task(draft, text_first(rest, at), pid, record);
	return true;
}

/* powerpc up to v4.?: "TASK = c0000001f4a8c000[2577] 'bash' THREAD: c0000001f4b00000 CPU: 3" */
static bool take_powerpc_task(struct draft *draft, struct text rest, size_t record)
{
	uint64_t address, number;

	if (!text_eat(&rest, "TASK = "))
		return false;
	size_t end = text_find(rest, "' THREAD: ");
	struct text behind = text_from_offset(rest, end), cpu = text_from_offset(behind, text_find(behind, "CPU: "));
	if (text_eat(&cpu, "CPU: ") && text_eat_decimal(&cpu, &number))
		draft_set_cpu(draft, number);
	if (text_eat_hex(&rest, &address) && text_eat_char(&rest, '[') && text_eat_decimal(&rest, &number) &&
	    text_eat(&rest, "] '"))
		draft_set_task(draft, text_first(rest, text_find(rest, "' THREAD: ")), number, record);
	return true;
}

/* "REGS: c0000001f4b07780 TRAP: 0300   Not tainted  (5.4.0-42-generic)" */
static bool take_powerpc_regs(struct draft *draft, struct text rest, size_t record)
{
	if (!text_eat(&rest, "REGS: "))
		return false;
	size_t taint = draft_find_taint(rest);
	size_t trap = text_find(rest, "TRAP: ");
	draft_take_taint(draft, text_from_offset(rest, taint), record);
	part_registers(draft, text_from_offset(rest, trap), record);
	return true;
}

/* Up to v2.6.32: "CPU:    1" (i386), "CPU: 0    Not tainted  (2.6.32 #1)" (arm, s390). */
static bool take_cpu(struct draft *draft, struct text rest, size_t record)
{
	uint64_t cpu;

	if (!text_eat(&rest, "CPU: "))
		return false;
	text_eat_blanks(&rest);
	if (!text_eat_decimal(&rest, &cpu))
		return false;
	text_eat_blanks(&rest);
	if (rest.length && draft_find_taint(rest) != 0)
		return false;
	draft_set_cpu(draft, cpu);
	draft_take_taint(draft, rest, record);
	return true;
}

/* i386 up to v2.6.24 has the release on another line than the taint: "EFLAGS: 00010246   (2.6.18-8.el5 #1)". */
static void take_i386_release(struct draft *draft, struct text rest)
{
	struct text release;
	size_t open = text_find_char(rest, '(');

	if (!text_starts(rest, "EFLAGS: ") || open == SIZE_MAX || draft->crash->release.length)
		return;
	rest = text_from_offset(rest, open + 1);
	rest = text_first(rest, text_find_char(rest, ')'));
	if (text_eat_word(&rest, &release) && text_find_char(release, '.') != SIZE_MAX) {
		draft->crash->release = arena_copy(&draft->crash->arena, release);
		text_eat_blanks(&rest);
		if (text_starts(rest, "#"))
			draft->crash->version = arena_copy(&draft->crash->arena, text_trim(rest));
	}
}

/* "EIP:    0060:[<f8a4c034>]    Tainted: P      VLI", which goes on as the line of the place. */
static void take_i386_taint(struct draft *draft, struct text rest, size_t record)
{
	size_t taint = draft_find_taint(rest), end = text_find(rest, " VLI");

	if (text_starts(rest, "EIP: ") && taint < end && end != SIZE_MAX)
		draft_take_taint(draft, text_from_offset(text_first(rest, end), taint), record);
}

bool part_task(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_trim(text);

	take_i386_release(draft, rest);
	take_i386_taint(draft, rest, record);
	return take_process(draft, rest, record) || take_powerpc_task(draft, rest, record) ||
	       take_powerpc_regs(draft, rest, record) || take_cpu(draft, rest, record);
}
