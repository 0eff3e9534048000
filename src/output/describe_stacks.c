/* The stacks beside a crash's own trace, in words: a line each, of those that tell most. */
#include "output/describe.h"

#include "output/safe.h"

#include <inttypes.h>

enum { STACK_LINES_MOST = 4 };

/* What each role says in words; NULL: one of many, which are only counted. */
static const char *const words[CRASH_STACK_ROLE_COUNT] = {
	[CRASH_STACK_ALLOCATED] = "allocated",
	[CRASH_STACK_FREED] = "freed",
	[CRASH_STACK_CREATED] = "created",
	[CRASH_STACK_STORED] = "stored",
	[CRASH_STACK_RELATED_WORK] = "work queued",
	[CRASH_STACK_OTHER_ACCESS] = "accessed",
	[CRASH_STACK_PAGE_ALLOCATED] = "page allocated",
	[CRASH_STACK_PAGE_FREED] = "page freed",
};

static struct text describe_stack(struct arena *arena, const struct crash_stack *stack)
{
	struct text line = text_from(words[stack->role]), culprit = safe_text(arena, stack->culprit);

	if (stack->pid >= 0)
		line = arena_print(arena, "%.*s by task %" PRId64, TEXT_ARGS(line), stack->pid);
	if (stack->cpu >= 0)
		line = arena_print(arena, "%.*s on CPU %" PRId64, TEXT_ARGS(line), stack->cpu);
	if (culprit.length)
		line = arena_print(arena, "%.*s in %.*s", TEXT_ARGS(line), TEXT_ARGS(culprit));
	return line;
}

void describe_stacks(struct arena *arena, const struct crash *crash, struct fact_list *facts)
{
	size_t shown = 0, rest;

	for (size_t i = 0; i < crash->stack_count && shown < STACK_LINES_MOST; i++) {
		if (!words[crash->stacks[i].role])
			continue;
		facts_add(facts, "also logged", describe_stack(arena, &crash->stacks[i]));
		shown++;
	}
	rest = crash->stack_count - shown;
	if (rest)
		facts_add(facts, "also logged",
			  arena_print(arena, "%zu %sstack%s: the JSON output has them", rest, shown ? "more " : "",
				      rest == 1 ? "" : "s"));
}
