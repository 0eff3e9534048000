/*
 * The walk up a stack: from registers to the caller's registers, again and again, by the way that the architecture knows
 * best, each step checked: it must lead to code, and up the stack or on to another of the CPU's stacks.
 */
#include "stacks/unwind.h"

#include "stacks/unwind_parts.h"

static void add_range(struct walk *walk, uint64_t start, uint64_t size, enum crash_context context)
{
	enum { SIZE_MOST = 1 << 20 };

	if (!start || !size || size > SIZE_MOST || start > UINT64_MAX - size || walk->range_count == STACK_RANGES_MOST)
		return;
	walk->ranges[walk->range_count++] = (struct stack_range){ .start = start, .end = start + size, .context = context };
}

static void add_known_ranges(struct walk *walk, const struct cpu_task *task)
{
	enum { USUAL_SIZE = 16384 }; /* THREAD_SIZE of both architectures, without KASAN */

	if (!task)
		return;
	add_range(walk, task->stack, task->stack_size ? task->stack_size : USUAL_SIZE, CRASH_TASK);
	walk->task_range_known = walk->range_count;
	add_range(walk, task->irq_stack, task->irq_stack_size, CRASH_IRQ);
	for (size_t i = 0;
	     i < task->exception_stack_count && i < sizeof task->exception_stacks / sizeof *task->exception_stacks; i++) {
		const struct exception_stack *stack = &task->exception_stacks[i];
		add_range(walk, stack->start, stack->size, stack->nmi ? CRASH_NMI : CRASH_EXCEPTION);
	}
}

/* An empty stack's pointer is its end, that of one which has overflowed lies in the page before its start. */
static size_t find_range(const struct walk *walk, uint64_t address)
{
	enum { GUARD = 4096 };

	for (size_t i = 0; i < walk->range_count; i++)
		if (address >= walk->ranges[i].start && address < walk->ranges[i].end)
			return i;
	for (size_t i = 0; i < walk->range_count; i++)
		if (address == walk->ranges[i].end)
			return i;
	for (size_t i = 0; i < walk->range_count; i++)
		if (address < walk->ranges[i].start && walk->ranges[i].start - address <= GUARD)
			return i;
	return SIZE_MAX;
}

const struct stack_range *walk_range(const struct walk *walk, uint64_t address)
{
	size_t i = find_range(walk, address);

	return i == SIZE_MAX ? NULL : &walk->ranges[i];
}

/*
 * A stack that is not known: the pages from the address on, up to one that is not there (stacks have such behind them where
 * they are mapped), 16 KiB at most, as much as stacks have.
 */
static bool guess_range(struct walk *walk, uint64_t address)
{
	enum { PAGE = 4096, PAGES_MOST = 4 };
	uint64_t start = address & ~UINT64_C(4095), end = start, word;

	if (walk->guessed == STACK_RANGES_GUESSED_MOST)
		return false;
	while (end - start < PAGES_MOST * PAGE && end <= UINT64_MAX - 2 * PAGE &&
	       unwind_read_word(walk->unwinder, end, &word))
		end += PAGE;
	if (end == start)
		return false;
	size_t before = walk->range_count;
	add_range(walk, start, end - start, walk->task_range_known ? CRASH_IRQ : CRASH_TASK);
	walk->guessed++;
	return walk->range_count > before;
}

/* Whether a step may lead to these registers. The walk notes only which stacks it may be on: see enter(). */
static bool leads_up(struct walk *walk, const struct stack_registers *to, bool first)
{
	unsigned int sp = walk->unwinder->arch->sp;
	uint64_t from = walk->registers.values[sp], at = to->values[sp];

	if (at & 7)
		return false;
	if (find_range(walk, at) == SIZE_MAX && !guess_range(walk, at))
		return false;
	size_t range = find_range(walk, at);
	if (first || range != walk->on)
		return !walk->ranges[range].entered;
	return at > from || (at == from && !walk->is_call);
}

/* The walk leaves what it took for the task's stack, for want of better knowledge: it was another one. */
static void correct_context(struct walk *walk)
{
	struct stack *stack = walk->stack;
	bool nmi = text_find(walk->symbol.name, "nmi") != SIZE_MAX;

	for (size_t i = 0; i < stack->count; i++)
		if (stack->frames[i].context == CRASH_TASK)
			stack->frames[i].context = nmi ? CRASH_NMI : CRASH_IRQ;
}

static void enter(struct walk *walk, const struct stack_registers *registers)
{
	size_t before = walk->on;

	walk->registers = *registers;
	walk->on = find_range(walk, registers->values[walk->unwinder->arch->sp]);
	if (!walk->task_range_known && before != SIZE_MAX && before != walk->on)
		correct_context(walk);
	if (walk->on != SIZE_MAX)
		walk->ranges[walk->on].entered = true;
}

/* Adds the frame that the walk stands on. False: out of memory. */
static bool add_frame(struct walk *walk)
{
	struct stack *stack = walk->stack;
	uint64_t pc = walk->registers.values[walk->unwinder->arch->pc];
	struct symbol symbol;

	if (walk->is_call && unwind_begins_at(walk->unwinder, pc, &symbol))
		walk->is_call = false;
	walk->in_code = unwind_in_code(walk->unwinder, pc - walk->is_call, &symbol);
	symbol.name = arena_copy(&stack->arena, symbol.name);
	symbol.module = arena_copy(&stack->arena, symbol.module);
	walk->symbol = symbol;
	struct stack_frame *frame = arena_push(&stack->arena, &stack->frames, &stack->count, sizeof *frame);
	if (!frame)
		return false;
	*frame = (struct stack_frame){
		.pc = pc,
		.is_call = walk->is_call,
		.reliable = !walk->unsure,
		.context = walk->on == SIZE_MAX ? CRASH_TASK : walk->ranges[walk->on].context,
		.symbol = symbol,
	};
	if (frame->reliable)
		frame->registers = walk->registers;
	return !stack->arena.failed;
}

static bool is_readable(const struct walk *walk, uint64_t address)
{
	uint64_t word;

	return find_range(walk, address) != SIZE_MAX || unwind_read_word(walk->unwinder, address, &word);
}

/* Whether a step came to something that can be. */
static bool acceptable(struct walk *walk, enum step step, const struct stack_registers *to)
{
	const struct unwind_arch *arch = walk->unwinder->arch;
	uint64_t pc = to->values[arch->pc];
	struct symbol symbol;

	if (step == STEP_UNKNOWN || step == STEP_USER || step == STEP_END)
		return step != STEP_UNKNOWN;
	/* What was interrupted may have been anywhere, and its stack too: that is what many exceptions are about. */
	if (step == STEP_SAVED)
		return !is_readable(walk, to->values[arch->sp]) || leads_up(walk, to, false);
	return (unwind_in_code(walk->unwinder, pc - 1, &symbol) || unwind_unknown_code(walk->unwinder, pc)) &&
	       leads_up(walk, to, false);
}

/* A return address of 0 at the very end of a stack: what started there left it so, for nobody is to return. */
static bool is_bottom(const struct walk *walk, const struct stack_registers *to)
{
	enum { NEAR = 256 };
	const struct unwind_arch *arch = walk->unwinder->arch;
	const struct stack_range *range = walk->on == SIZE_MAX ? NULL : &walk->ranges[walk->on];
	uint64_t sp = to->values[arch->sp];

	return !to->values[arch->pc] && range && sp <= range->end && range->end - sp <= NEAR;
}

/* One step, by the best way that gives one which can be. */
static enum step take_step(struct walk *walk, struct stack_registers *to)
{
	const struct unwind_arch *arch = walk->unwinder->arch;
	unsigned int by = 0;
	enum step step;

	if (!walk->is_call && !walk->in_code) {
		step = arch->step_wild(walk, to);
		if (step != STEP_UNKNOWN && arch->is_after_call(walk->unwinder, to->values[arch->pc]) &&
		    acceptable(walk, step, to))
			return step;
	}
	/* Of a tracer's code the tables say that nothing is above. */
	step = unwind_is_hook(walk->symbol.name) ? STEP_UNKNOWN : arch->step(walk, to, &by);
	if (step == STEP_CALLER && is_bottom(walk, to))
		return STEP_END;
	if (step == STEP_CALLER)
		walk_unhook(walk, to);
	if (acceptable(walk, step, to)) {
		walk->ways |= by;
		return step;
	}
	step = step_scan(walk, to);
	if (!acceptable(walk, step, to))
		return STEP_UNKNOWN;
	walk->ways |= BY_SCAN;
	walk->unsure = true;
	return step;
}

static void end_early(struct walk *walk, struct text why)
{
	walk->stack->ends_early = why;
}

/* Where the stack is not in the dump, that is why. */
static void end_unknown(struct walk *walk)
{
	uint64_t sp = walk->registers.values[walk->unwinder->arch->sp] & ~UINT64_C(7);
	struct error error = { 0 };
	unsigned char word[8];

	if (dump_read(walk->unwinder->sources.dump, sp, word, sizeof word, &error) == MEMORY_OK)
		end_early(walk, TEXT("no way to the caller of its last function is known, and the rest of the stack "
				     "holds no return address"));
	else
		end_early(walk, arena_print(&walk->stack->arena, "it cannot be read: %s", error.message));
}

/* The CPU was in a program if nothing but an interrupt stands between. */
static bool was_in_user(const struct walk *walk)
{
	const struct stack *stack = walk->stack;

	for (size_t i = 0; i < stack->count; i++)
		if (stack->frames[i].entry)
			return false;
	return walk->unwinder->arch->is_interrupt(walk->symbol.name);
}

static void name_ways(struct walk *walk)
{
	static const char *const names[] = { "CFI", "ORC", "frame pointers", "calls", "scan" };
	struct text how = TEXT_NONE;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (walk->ways >> i & 1)
			how = arena_print(&walk->stack->arena, "%.*s%s%s", TEXT_ARGS(how), how.length ? ", " : "", names[i]);
	walk->stack->how = how;
}

/* From registers that the walk has entered. False: out of memory. */
static bool go_up(struct walk *walk)
{
	struct stack *stack = walk->stack;

	while (add_frame(walk)) {
		struct stack_registers next;
		if (stack->count == STACK_FRAMES_MOST) {
			end_early(walk, TEXT("it has more frames than are followed"));
			return true;
		}
		enum step step = take_step(walk, &next);
		if (step == STEP_USER)
			stack->in_user = was_in_user(walk);
		if (step == STEP_UNKNOWN)
			end_unknown(walk);
		if (step != STEP_CALLER && step != STEP_SAVED)
			return true;
		stack->frames[stack->count - 1].entry = step == STEP_SAVED;
		walk->is_call = step == STEP_CALLER;
		enter(walk, &next);
	}
	return false;
}

static bool start(struct unwinder *unwinder, const struct stack_registers *registers, bool is_call,
		  const struct cpu_task *task, struct stack *stack, struct error *error)
{
	struct walk walk = { .unwinder = unwinder, .stack = stack, .on = SIZE_MAX, .is_call = is_call };
	walk.task = task ? task->task : 0;
	unsigned int pc = unwinder->arch->pc;

	if (!register_known(registers, pc))
		return error_set(error, "the instruction pointer is not known");
	add_known_ranges(&walk, task);
	/* A stack pointer that leads nowhere leaves the one frame that the instruction pointer tells. */
	leads_up(&walk, registers, true);
	enter(&walk, registers);
	if (!go_up(&walk))
		return error_out_of_memory(error);
	name_ways(&walk);
	return !stack->arena.failed || error_out_of_memory(error);
}

bool unwind_from(struct unwinder *unwinder, const struct stack_registers *registers, const struct cpu_task *task,
		 struct stack *stack, struct error *error)
{
	*stack = (struct stack){ 0 };
	if (unwinder->arch->is_user(NULL, registers)) {
		stack->in_user = true;
		return true;
	}
	return start(unwinder, registers, false, task, stack, error);
}

bool unwind_cpu(struct unwinder *unwinder, const struct cpu_task *task, struct stack *stack, struct error *error)
{
	const struct unwind_arch *arch = unwinder->arch;
	const struct facts *facts = unwinder->sources.facts;
	struct stack_registers registers = { 0 };

	*stack = (struct stack){ 0 };
	if (task->registers >= facts->cpu_count)
		return error_set(error, "the CPU left no registers");
	const struct dump_cpu *cpu = &facts->cpus[task->registers];
	for (unsigned int i = 0; i < arch->register_count; i++)
		for (size_t j = 0; j < cpu->register_count; j++)
			if (!strcmp(arch->names[i], cpu->registers[j].name))
				register_set(&registers, i, cpu->registers[j].value);
	if (arch->is_user(cpu, &registers)) {
		stack->in_user = true;
		return true;
	}
	return start(unwinder, &registers, false, task, stack, error);
}

bool unwind_sleeping(struct unwinder *unwinder, uint64_t task, struct stack *stack, struct error *error)
{
	struct stack_registers registers = { 0 };
	struct cpu_task sleeper = { .task = task }; /* its stack's place is not needed */

	*stack = (struct stack){ 0 };
	if (!unwinder->arch->sleeping(unwinder, task, &registers))
		return error_set(error, "what the task saved when it was switched out cannot be read at 0x%llx",
				 (unsigned long long)task);
	return start(unwinder, &registers, true, &sleeper, stack, error);
}

void stack_free(struct stack *stack)
{
	arena_free(&stack->arena);
	*stack = (struct stack){ 0 };
}
