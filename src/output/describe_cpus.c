/* The CPUs of a dump in words. */
#include "output/describe_cpus.h"

#include "output/safe.h"

#include <inttypes.h>

enum { SECOND_NS = 1000000000, TENTH_NS = SECOND_NS / 10 };

static void say(struct arena *arena, struct text *line, struct text more)
{
	if (more.length)
		*line = arena_print(arena, "%.*s%s%.*s", TEXT_ARGS(*line), line->length ? ", " : "", TEXT_ARGS(more));
}

struct text describe_cpu(struct arena *arena, const struct postmortem_cpu *cpu)
{
	struct text line = TEXT_NONE, comm = safe_text(arena, cpu->comm);

	if (cpu->idle)
		say(arena, &line, TEXT("idle"));
	else if (cpu->pid >= 0)
		say(arena, &line,
		    arena_print(arena, "%.*s%s(pid %" PRId64 ")", TEXT_ARGS(comm), comm.length ? " " : "", cpu->pid));
	if (cpu->crashed)
		say(arena, &line, TEXT("crashed"));
	if (!cpu->answered)
		say(arena, &line, TEXT("did not answer: it left no registers"));
	if (cpu->in_user)
		say(arena, &line, TEXT("in a program, not in the kernel"));
	if (cpu->running_ns >= SECOND_NS)
		say(arena, &line,
		    arena_print(arena, "running for %" PRId64 ".%d s%s", cpu->running_ns / SECOND_NS,
				(int)(cpu->running_ns % SECOND_NS / TENTH_NS),
				cpu->others_wait ? " while others waited" : ""));
	if (cpu->behind_ns >= SECOND_NS)
		say(arena, &line,
		    arena_print(arena, "its clock stands still for %" PRId64 ".%d s", cpu->behind_ns / SECOND_NS,
				(int)(cpu->behind_ns % SECOND_NS / TENTH_NS)));
	if (cpu->ends_early.length)
		say(arena, &line, arena_print(arena, "stack not whole: %.*s", TEXT_ARGS(safe_text(arena, cpu->ends_early))));
	return line.length ? line : TEXT("what ran there is not known");
}

size_t describe_cpu_trace(struct arena *arena, const struct postmortem_cpu *cpu, struct text *lines, size_t most,
			  size_t *left_out)
{
	size_t count = 0, shown = 0;

	*left_out = 0;
	if ((cpu->idle || cpu->in_user) && !cpu->crashed)
		return 0;
	while (shown < cpu->frame_count && count < most) {
		const struct crash_frame *frame = &cpu->frames[shown++];
		lines[count++] = describe_frame(arena, frame, frame->reliable);
		if (shown == cpu->interrupted && shown < cpu->frame_count && count < most)
			lines[count++] = TEXT("(what follows was interrupted)");
	}
	*left_out = cpu->frame_count - shown;
	return count;
}

const char *describe_cpu_name(struct arena *arena, const struct postmortem_cpu *cpu)
{
	struct text name = cpu->cpu >= 0 ? arena_print(arena, "CPU %" PRId64, cpu->cpu) : TEXT("CPU ?");

	return name.length ? name.data : "";
}
