/* The stacks beside a crash's own trace, in words: a line each, of those that tell most. */
#include "output/describe.h"

#include "output/safe.h"

#include <inttypes.h>

enum { STACK_LINES_MOST = 4 };

/* What each role says in words; without a label: one of many, which are only counted. */
static const struct {
	const char *label, *verb;
} words[CRASH_STACK_ROLE_COUNT] = {
	[CRASH_STACK_ALLOCATED] = { "allocated", "" },          [CRASH_STACK_FREED] = { "freed", "" },
	[CRASH_STACK_CREATED] = { "value created", "" },        [CRASH_STACK_STORED] = { "value stored", "" },
	[CRASH_STACK_RELATED_WORK] = { "work queued", "" },     [CRASH_STACK_OTHER_ACCESS] = { "other access", "" },
	[CRASH_STACK_DEPENDENCY] = { "earlier lock", "taken" }, [CRASH_STACK_PAGE_ALLOCATED] = { "page", "allocated" },
	[CRASH_STACK_PAGE_FREED] = { "page", "freed" },         [CRASH_STACK_OTHER_TASK] = { "other task", "" },
};

/* Adds a word and what follows it, with spaces between. */
static void say(struct arena *arena, struct text *line, const char *word, struct text value)
{
	if (value.length)
		*line = arena_print(arena, "%.*s%s%s%s%.*s", TEXT_ARGS(*line), line->length ? " " : "", word,
				    *word ? " " : "", TEXT_ARGS(value));
}

/* "by cat (pid 601) on CPU 0 in foo_open", as much of it as is known; empty where nothing is. */
static struct text describe_stack(struct arena *arena, const struct crash_stack *stack)
{
	bool is_task = stack->role == CRASH_STACK_OTHER_TASK;
	struct text comm = safe_text(arena, stack->comm), line = TEXT_NONE;

	if (stack->pid >= 0 && comm.length)
		comm = arena_print(arena, "%.*s (pid %" PRId64 ")", TEXT_ARGS(comm), stack->pid);
	else if (stack->pid >= 0)
		comm = arena_print(arena, "pid %" PRId64, stack->pid);
	say(arena, &line, is_task ? "" : "by", comm);
	if (stack->cpu >= 0)
		say(arena, &line, "on CPU", arena_print(arena, "%" PRId64, stack->cpu));
	say(arena, &line, "in", safe_text(arena, stack->culprit));
	if (line.length && *words[stack->role].verb)
		line = arena_print(arena, "%s %.*s", words[stack->role].verb, TEXT_ARGS(line));
	return line;
}

void describe_stacks(struct arena *arena, const struct crash *crash, struct fact_list *facts)
{
	size_t shown = 0, rest;

	for (size_t i = 0; i < crash->stack_count && shown < STACK_LINES_MOST; i++) {
		const struct crash_stack *stack = &crash->stacks[i];
		struct text line = words[stack->role].label ? describe_stack(arena, stack) : TEXT_NONE;
		if (!line.length)
			continue;
		facts_add(facts, words[stack->role].label, line);
		shown++;
	}
	rest = crash->stack_count - shown;
	if (rest)
		facts_add(facts, "other stacks",
			  arena_print(arena, "%zu%s, in the JSON output", rest, shown ? " more" : ""));
}
