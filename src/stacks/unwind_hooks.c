/*
 * Return addresses that tracers have replaced: kretprobes and the function graph tracer have a function return to code of
 * theirs, and keep the true address in a list of the task, with the place on the stack that they took it from.
 */
#include "stacks/unwind_parts.h"
#include "vmcore/bytes.h"

enum { NODES_MOST = 256, SHADOW_SIZE = 4096 };

static const struct hook {
	const char *code;
	const char *list; /* in struct task_struct: address of the first node; NULL: see graph_address() */
	const char *node; /* the structure */
	const char *place;
} hooks[] = {
	{ "return_to_handler", NULL, NULL, NULL },
	{ "arch_rethook_trampoline", "rethooks.first", "rethook_node", "frame" },              /* since 5.18 */
	{ "__kretprobe_trampoline", "kretprobe_instances.first", "kretprobe_instance", "fp" }, /* 5.15 to 5.17 */
	{ "kretprobe_trampoline", "kretprobe_instances.first", "kretprobe_instance", "fp" },   /* 5.11 to 5.14 */
};

static const struct hook *hook_of(struct text function)
{
	for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++)
		if (text_is(function, hooks[i].code))
			return &hooks[i];
	return NULL;
}

bool unwind_is_hook(struct text function)
{
	return hook_of(function);
}

/* What begins at the address. */
static const struct hook *hook_at(struct unwinder *unwinder, uint64_t address)
{
	struct symbol symbol;

	return unwind_begins_at(unwinder, address, &symbol) ? hook_of(symbol.name) : NULL;
}

/* A list of struct llist_node, `llist` in each node. */
static bool list_address(const struct walk *walk, const struct hook *hook, uint64_t slot, uint64_t *address)
{
	struct unwinder *unwinder = walk->unwinder;
	struct types *types = unwinder->sources.types;
	struct type_member list, link, place, ret;
	uint64_t at, found;

	if (!types_member(types, "task_struct", hook->list, &list) || !types_member(types, hook->node, "llist", &link) ||
	    !types_member(types, hook->node, hook->place, &place) || !types_member(types, hook->node, "ret_addr", &ret) ||
	    !unwind_read_word(unwinder, walk->task + list.offset, &at))
		return false;
	for (size_t i = 0; i < NODES_MOST && at; i++) {
		uint64_t node = at - link.offset;
		if (!unwind_read_word(unwinder, node + place.offset, &found))
			return false;
		/* one function may be hooked twice at the same place: the later hook keeps the earlier one's code */
		if (found == slot && unwind_read_word(unwinder, node + ret.offset, address) && !hook_at(unwinder, *address))
			return true;
		if (!unwind_read_word(unwinder, at, &at))
			return false;
	}
	return false;
}

/*
 * task->ret_stack is an array of struct ftrace_ret_stack, since 6.11 with other words between them. Its member retp (since
 * 4.8) is the place on the stack: that is looked for.
 */
static bool graph_address(const struct walk *walk, uint64_t slot, uint64_t *address)
{
	struct unwinder *unwinder = walk->unwinder;
	struct types *types = unwinder->sources.types;
	struct type_member stack, ret, place;
	uint64_t start, word;

	if (!types_member(types, "task_struct", "ret_stack", &stack) ||
	    !types_member(types, "ftrace_ret_stack", "ret", &ret) ||
	    !types_member(types, "ftrace_ret_stack", "retp", &place) ||
	    !unwind_read_word(unwinder, walk->task + stack.offset, &start) || !start)
		return false;
	for (uint64_t at = 0; at < SHADOW_SIZE; at += 8) {
		if (!unwind_read_word(unwinder, start + at, &word))
			return false;
		if (word == slot && at + ret.offset >= place.offset)
			return unwind_read_word(unwinder, start + at - place.offset + ret.offset, address);
	}
	return false;
}

void walk_unhook(const struct walk *walk, struct stack_registers *registers)
{
	enum { HOOKS_AT_ONCE = 3 };
	const struct unwind_arch *arch = walk->unwinder->arch;
	uint64_t slot = registers->values[arch->sp] - 8, address;

	if (!walk->task || !walk->unwinder->sources.types || arch->arch != ARCH_X86_64)
		return;
	for (size_t i = 0; i < HOOKS_AT_ONCE; i++) {
		const struct hook *hook = hook_at(walk->unwinder, registers->values[arch->pc]);
		if (!hook || !(hook->list ? list_address(walk, hook, slot, &address) : graph_address(walk, slot, &address)))
			return;
		registers->values[arch->pc] = address;
	}
}
