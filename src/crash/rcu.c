/*
 * RCU stalls. Between the headline and the trace stand, whole or piece by piece: the CPUs that stall, who detected it, and
 * the task that runs there. Two CPUs may report the same stall at once, and their pieces then mix: "(detected by 1, ..." and
 * "(t=..." tell them apart.
 */
#include "crash/draft.h"

#include <string.h>

static bool is_cpu_list(struct text t)
{
	bool digits = false;

	for (size_t i = 0; i < t.length; i++) {
		digits |= t.data[i] >= '0' && t.data[i] <= '9';
		if (!strchr("{}0123456789 -.,", t.data[i]))
			return false;
	}
	return digits || text_starts(t, "{") || text_starts(t, "}");
}

/* "{ 3}" before v3.19 or so, "3-...:" since: the CPU that stalls. */
static void take_stalled_cpu(struct draft *draft, struct text t)
{
	uint64_t cpu;

	text_eat_char(&t, '{');
	text_eat_blanks(&t);
	if (text_eat_decimal(&t, &cpu) && t.length && (t.data[0] == '}' || t.data[0] == '-' || t.data[0] == ' '))
		draft_set_cpu(draft, cpu);
}

/* "nginx           R  running task        0  1242   1240 0x00000088": sched_show_task() up to v5.8; fifteen columns of name.
 */
static bool take_task_line(struct draft *draft, struct text line, size_t record)
{
	struct text comm, rest, state;
	uint64_t stack, pid;

	if (line.length > 17 && line.data[15] == ' ') {
		comm = text_first(line, 15);
		rest = text_from_offset(line, 16);
	} else if (rest = line, !text_eat_word(&rest, &comm)) {
		return false;
	}
	text_eat_blanks(&rest);
	if (!text_eat_word(&rest, &state) || state.length != 1)
		return false;
	text_eat_blanks(&rest);
	text_eat(&rest, "running task");
	text_eat_blanks(&rest);
	if (!text_eat_decimal(&rest, &stack) || !rest.length || rest.data[0] != ' ')
		return false;
	text_eat_blanks(&rest);
	if (!text_eat_decimal(&rest, &pid))
		return false;
	draft_set_task(draft, text_trim(comm), pid, record);
	return true;
}

/* "task:nginx           state:R  running task     stack:    0 pid: 1242 ppid:  1240 flags:0x00000008": since v5.9. */
static bool take_new_task_line(struct draft *draft, struct text line, size_t record)
{
	size_t state = text_find(line, " state:"), pid_at = text_find(line, " pid:");
	struct text pid_text = text_from_offset(line, pid_at == SIZE_MAX ? pid_at : pid_at + 5);
	uint64_t pid;

	if (!text_eat(&line, "task:") || state == SIZE_MAX)
		return false;
	text_eat_blanks(&pid_text);
	if (text_eat_decimal(&pid_text, &pid))
		draft_set_task(draft, text_trim(text_first(line, state - 5)), pid, record);
	return true;
}

/* The line of the task may come in pieces, each a record: they are put together until they make one. */
static void collect_task_line(struct draft *draft, struct text piece, size_t record)
{
	struct text line = text_first(piece, sizeof draft->task_line - draft->task_length);

	if (line.length)
		memcpy(draft->task_line + draft->task_length, line.data, line.length);
	draft->task_length += line.length;
	if (take_task_line(draft, (struct text){ draft->task_line, draft->task_length }, record) ||
	    ++draft->task_pieces == 4)
		draft->task_dump = false;
}

bool part_rcu(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_trim(text);
	uint64_t cpu;

	if (draft->task_dump && !text_starts(rest, "Call ")) {
		collect_task_line(draft, text, record);
		return true;
	}
	if (take_new_task_line(draft, rest, record))
		return true;
	if (text_eat(&rest, "Task dump for CPU ") && text_eat_decimal(&rest, &cpu)) {
		draft_set_cpu(draft, cpu);
		draft->task_dump = true;
		draft->task_length = 0;
		draft->task_pieces = 0;
		return true;
	}
	text_eat(&rest, "rcu: ");
	text_eat_blanks(&rest);
	text_eat(&rest, "#011"); /* a tab, as rsyslog writes it */
	size_t list = text_find_char(rest, '{');
	bool pieces = is_cpu_list(rest);
	if (list != SIZE_MAX)
		take_stalled_cpu(draft, text_from_offset(rest, list));
	else if (rest.length && rest.data[0] >= '0' && rest.data[0] <= '9')
		take_stalled_cpu(draft, rest);
	return pieces || text_starts(rest, "(detected by ") || text_find(rest, "(t=") != SIZE_MAX ||
	       text_find(rest, " ticks this GP)") != SIZE_MAX || text_starts(rest, "rcu_") ||
	       text_starts(rest, "Sending NMI from CPU") || text_starts(rest, "NMI backtrace for cpu ") ||
	       text_starts(rest, "Tasks blocked on level-");
}

int rcu_reporter(struct text text)
{
	if (text_find(text, "(detected by ") != SIZE_MAX)
		return 1;
	return text_find(text, "(t=") != SIZE_MAX ? 0 : -1;
}
