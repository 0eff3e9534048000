/* Hangs by the stacks of a dump. */
#include "triage/hang.h"

#include "crash/list.h"
#include "triage/dumped.h"
#include "triage/from_stack.h"
#include "triage/walk.h"

#include <inttypes.h>

/* The soft lockup watchdog speaks after 2 * watchdog_thresh, 20 s as the kernel comes (kernel/watchdog.c). */
#define HANG_NS INT64_C(20000000000)

enum { SECOND_NS = 1000000000, TENTH_NS = SECOND_NS / 10 };

static const struct postmortem_cpu *cpu_of(const struct verdict *verdict, const struct crash *crash)
{
	for (size_t i = 0; i < verdict->postmortem.cpu_count; i++)
		if (verdict->postmortem.cpus[i].cpu == crash->cpu)
			return &verdict->postmortem.cpus[i];
	return NULL;
}

/* At work for somebody who asked for the kernel's attention, and not about to write the dump. */
static bool is_at_work(const struct postmortem_cpu *cpu)
{
	bool only_dumping = cpu->crashed && !cpu->interrupted;

	return cpu->answered && !cpu->idle && !cpu->in_user && !only_dumping && cpu->interrupted < cpu->frame_count;
}

/*
 * By the newest clock: with interrupts off a CPU does not move its own, nor sees that others wait; another CPU may do both
 * for it when it wakes a task there.
 */
static int64_t time_at_work(const struct postmortem_cpu *cpu)
{
	int64_t behind = cpu->behind_ns > 0 ? cpu->behind_ns : 0;

	if (cpu->running_ns < 0)
		return -1;
	return cpu->running_ns <= INT64_MAX - behind ? cpu->running_ns + behind : INT64_MAX;
}

static bool is_sure(const struct postmortem_cpu *cpu)
{
	return cpu && time_at_work(cpu) >= HANG_NS && (cpu->others_wait || cpu->behind_ns >= HANG_NS);
}

/* It waits for another CPU to answer (kernel/smp.c, kernel/stop_machine.c): that one is to blame. */
static bool is_waiting(const struct crash *crash)
{
	static const char *const names[] = { "smp_call_function_", "csd_lock_wait", "__csd_lock_wait", "multi_cpu_stop" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_starts(crash->instruction_pointer.canonical, names[i]))
			return true;
	return false;
}

static struct text task_line(struct crash *crash, const struct postmortem_cpu *cpu)
{
	struct arena *arena = &crash->arena;
	struct text task = from_stack_task(arena, cpu);

	int64_t at_work = time_at_work(cpu);
	if (at_work < SECOND_NS)
		return arena_print(arena, "CPU %" PRId64 ": %.*s was in the kernel", cpu->cpu, TEXT_ARGS(task));
	return arena_print(arena, "CPU %" PRId64 ": %.*s had been running for %" PRId64 ".%d s%s", cpu->cpu, TEXT_ARGS(task),
			   at_work / SECOND_NS, (int)(at_work % SECOND_NS / TENTH_NS),
			   cpu->behind_ns >= SECOND_NS ? ", its clock standing still"
			   : cpu->others_wait          ? ", another waited for the CPU"
						       : "");
}

static struct crash *make_crash(const struct verdict *verdict, const struct postmortem_cpu *cpu)
{
	struct crash *crash = from_stack_start(verdict, cpu, CRASH_HANG);

	if (!crash)
		return NULL;
	crash->headline = task_line(crash, cpu);
	crash->kind_record = crash->comm_record = from_stack_record(crash, crash->headline);
	from_stack_take(crash, cpu, cpu->interrupted);
	return from_stack_finish(crash);
}

size_t hang_find(struct verdict *verdict)
{
	size_t count = 0;

	for (size_t i = 0; i < verdict->postmortem.cpu_count; i++) {
		const struct postmortem_cpu *cpu = &verdict->postmortem.cpus[i];
		if (!is_at_work(cpu) || verdict->crashes.count >= CRASH_LIST_MOST)
			continue;
		struct crash *crash = make_crash(verdict, cpu);
		if (!crash)
			verdict->arena.failed = true;
		else
			count += crash_list_append(&verdict->crashes, crash);
	}
	return count;
}

/* Crashes behind it move up by one; what refers to them moves with them. */
static void remove_crash(struct verdict *verdict, size_t index)
{
	crash_list_remove(&verdict->crashes, index);
	for (size_t i = 0; i < verdict->findings.count; i++)
		if (verdict->findings.items[i].crash > index)
			verdict->findings.items[i].crash--;
}

/* A finding counts most, then whether it is to blame at all, then how long the CPU had been at it. */
static bool is_better(const struct verdict *verdict, size_t a, size_t b)
{
	const struct postmortem_cpu *left = cpu_of(verdict, verdict->crashes.items[a]),
				    *right = cpu_of(verdict, verdict->crashes.items[b]);

	if (verdict_is_explained(verdict, a) != verdict_is_explained(verdict, b))
		return verdict_is_explained(verdict, a);
	if (is_waiting(verdict->crashes.items[a]) != is_waiting(verdict->crashes.items[b]))
		return is_waiting(verdict->crashes.items[b]);
	return left && right && time_at_work(left) > time_at_work(right);
}

bool hang_decide(struct verdict *verdict, size_t count)
{
	struct crash_list *list = &verdict->crashes;
	size_t first = list->count - count, best = SIZE_MAX;

	for (size_t i = list->count; i-- > first;)
		if (!verdict_is_explained(verdict, i) && !is_sure(cpu_of(verdict, list->items[i])))
			remove_crash(verdict, i);
	for (size_t i = first; i < list->count; i++)
		if (best == SIZE_MAX || is_better(verdict, i, best))
			best = i;
	if (best != SIZE_MAX) {
		list->deciding = best;
		verdict_note(verdict,
			     arena_print(&verdict->arena,
					 "The log does not tell of this hang: it is read from the stack of CPU %" PRId64
					 " in the dump.",
					 list->items[best]->cpu));
	}
	for (size_t i = first; i < list->count; i++)
		if (i != best && is_waiting(list->items[i]))
			list->items[i]->consequence_of = best;
	return best != SIZE_MAX;
}
