/* What a headline says besides the kind: the address, the CPU, the task, the place. */
#include "crash/details.h"

#include "crash/location.h"

/* A place with its module; a line of many words is looked at from each. */
enum { PLACE_BYTES_MOST = 1024 };

struct text details_behind(struct text t, const char *mark)
{
	size_t at = text_find(t, mark);

	return at == SIZE_MAX ? TEXT_NONE : text_from_offset(t, at + text_from(mark).length);
}

void details_set_fault_address(struct draft *draft, struct text address, size_t record)
{
	struct crash *crash = draft->crash;
	uint64_t value = 0;

	text_eat_blanks(&address);
	/* "(null)" is how %p printed 0 up to v4.14. */
	if (crash->has_fault_address || (!text_starts(address, "(null)") && !text_eat_hex(&address, &value)))
		return;
	crash->fault_address = value;
	crash->has_fault_address = true;
	crash->fault_address_record = record;
}

void details_take_task(struct draft *draft, struct text t, char between, size_t record)
{
	for (size_t at = t.length; at-- > 0;) {
		struct text digits = text_from_offset(t, at + 1);
		uint64_t pid;
		if (t.data[at] == between && text_eat_decimal(&digits, &pid) && !digits.length) {
			draft_set_task(draft, text_first(t, at), pid, record);
			return;
		}
	}
}

/* "... - CPU#3 stuck for 22s! [nginx:1242]" */
static void take_soft_lockup(struct draft *draft, struct text text, size_t record)
{
	struct text cpu_text = details_behind(text, "CPU#"), task = text_trim(details_behind(text, "! ["));
	uint64_t cpu;

	if (text_eat_decimal(&cpu_text, &cpu))
		draft_set_cpu(draft, cpu);
	if (text_ends(task, "]"))
		details_take_task(draft, text_first(task, task.length - 1), ':', record);
}

/* "INFO: task nginx:1242 blocked for more than 120 seconds." */
static void take_hung_task(struct draft *draft, struct text text, size_t record)
{
	struct text task = details_behind(text, "INFO: task ");

	details_take_task(draft, text_first(task, text_find(task, " blocked ")), ':', record);
}

/* "BUG: scheduling while atomic: sh/110/0x00000002" */
static void take_atomic(struct draft *draft, struct text text, size_t record)
{
	struct text rest = details_behind(text, "scheduling while atomic: ");

	for (size_t at = rest.length; at-- > 0;) {
		struct text pid_text = text_from_offset(rest, at + 1);
		uint64_t pid;
		if (rest.data[at] == '/' && text_eat_decimal(&pid_text, &pid) && text_starts(pid_text, "/0x")) {
			draft_set_task(draft, text_first(rest, at), pid, record);
			return;
		}
	}
}

/*
 * "... hard LOCKUP on cpu 3"; powerpc's "CPU 3 self-detected hard LOCKUP @ f+0x1/0x2", "CPU 3 Hard LOCKUP", "CPU 3 detected
 * hard LOCKUP on other CPUs 4", where the number behind is that of the one that is locked up.
 */
static void take_hard_lockup(struct draft *draft, struct text text, size_t record)
{
	static const char *const marks[] = { "on cpu ", "on CPU", "other CPUs ", "other CPUS:", "CPU ", "CPU:" };
	uint64_t cpu;

	details_take_place(draft, details_behind(text, " LOCKUP @ "), true, record);
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct text cpu_text = details_behind(text, marks[i]);
		if (!text_eat_decimal(&cpu_text, &cpu))
			continue;
		draft_set_cpu(draft, cpu);
		return;
	}
}

/* "WARNING: CPU: 0 PID: 1 at fs/foo.c:12 foo+0x1/0x2 [m]()", "WARNING: fs/foo.c:12 at foo+0x1/0x2, CPU#0: comm/12": the
 * place that warns. */
static void take_warning(struct draft *draft, struct text text, size_t record)
{
	struct crash *crash = draft->crash;

	if (text_starts(text, "BUG: using ")) {
		details_preemptible(draft, text, record);
		return;
	}
	struct text rest = details_behind(text, "WARNING: "), word, task = details_behind(text, ", CPU#");
	struct crash_location location;
	uint64_t number;
	bool reliable;

	if (text_eat(&rest, "CPU: ") && text_eat_decimal(&rest, &number))
		draft_set_cpu(draft, number);
	text_eat_blanks(&rest);
	if (text_eat(&rest, "PID: ") && text_eat_decimal(&rest, &number))
		draft_set_task(draft, TEXT_NONE, number, record);
	if (text_eat_decimal(&task, &number)) {
		draft_set_cpu(draft, number);
		if (text_eat(&task, ": "))
			details_take_task(draft, task, '/', record);
	}
	for (text_eat_blanks(&rest); text_eat_word(&rest, &word); text_eat_blanks(&rest)) {
		struct text place = text_first((struct text){ word.data, word.length + rest.length }, PLACE_BYTES_MOST);
		if (text_find(word, "+0x") == SIZE_MAX)
			continue;
		place = text_first(place, text_find_char(place, ','));
		if (!location_eat(&place, &location, &reliable))
			continue;
		crash->instruction_pointer = location;
		location_keep(&crash->arena, &crash->instruction_pointer);
		crash->instruction_pointer_record = record;
		draft->summary_place = true;
		return;
	}
}

static void take_rcu(struct draft *draft, struct text text, size_t record)
{
	draft->other_cpu = text_find(text, "self-detected") == SIZE_MAX;
	part_rcu(draft, text, record);
}

static void take_hardware(struct draft *draft, struct text text, size_t record)
{
	part_hardware(draft, text, record);
}

static void take_out_of_memory(struct draft *draft, struct text text, size_t record)
{
	part_out_of_memory(draft, text, record);
}

static const struct {
	enum crash_kind kind;
	void (*take)(struct draft *draft, struct text text, size_t record);
} details[] = {
	{ CRASH_UNKNOWN_KIND, details_user_page },
	{ CRASH_UNKNOWN_KIND, details_oops },
	{ CRASH_NULL_POINTER_DEREFERENCE, details_fault },
	{ CRASH_PAGE_FAULT, details_fault },
	{ CRASH_ALIGNMENT_FAULT, details_abort },
	{ CRASH_EXTERNAL_ABORT, details_abort },
	{ CRASH_UNEXPECTED_EXCEPTION, details_exception },
	{ CRASH_CONTROL_PROTECTION, details_control_protection },
	{ CRASH_UNDEFINED_INSTRUCTION, details_oops },
	{ CRASH_STACK_SEGMENT, details_oops },
	{ CRASH_BOUNDS, details_oops },
	{ CRASH_KERNEL_BUG, details_oops },
	{ CRASH_STACK_OVERFLOW, details_oops },
	{ CRASH_MACHINE_CHECK, details_oops },
	{ CRASH_GENERAL_PROTECTION_FAULT, details_protection_fault },
	{ CRASH_DIVIDE_ERROR, details_oops },
	{ CRASH_INVALID_OPCODE, details_oops },
	{ CRASH_DOUBLE_FAULT, details_oops },
	{ CRASH_SOFT_LOCKUP, take_soft_lockup },
	{ CRASH_HARD_LOCKUP, take_hard_lockup },
	{ CRASH_SLEEPING_IN_ATOMIC, take_atomic },
	{ CRASH_HUNG_TASK, take_hung_task },
	{ CRASH_WARNING, take_warning },
	{ CRASH_RCU_STALL, take_rcu },
	{ CRASH_KASAN, details_kasan },
	{ CRASH_KFENCE, details_kfence },
	{ CRASH_KMSAN, details_kmsan },
	{ CRASH_KCSAN, details_kcsan },
	{ CRASH_UBSAN, details_ubsan },
	{ CRASH_UBSAN, details_oops }, /* "Internal error: UBSAN: ..." */
	{ CRASH_LOCKDEP, details_lockdep },
	{ CRASH_BAD_PAGE, details_bad_page },
	{ CRASH_SLAB_CORRUPTION, details_slab },
	{ CRASH_SPINLOCK, details_spinlock },
	{ CRASH_STACK_CORRUPTION, details_stack_corruption },
	{ CRASH_STACK_CORRUPTION, details_oops }, /* "Oops: Bad kernel stack pointer, sig: 6 [#1]" */
	{ CRASH_WORKQUEUE_LOCKUP, details_workqueue_lockup },
	{ CRASH_MACHINE_CHECK, take_hardware },
	{ CRASH_HARDWARE_ERROR, take_hardware },
	{ CRASH_NMI_RECEIVED, take_hardware },
	{ CRASH_OUT_OF_MEMORY, take_out_of_memory },
};

void headline_details(struct draft *draft, enum crash_kind kind, struct text text, size_t record)
{
	for (size_t i = 0; i < sizeof details / sizeof *details; i++)
		if (details[i].kind == kind)
			details[i].take(draft, text, record);
}

bool part_oops(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_trim_start(text);
	uint64_t code;
	size_t digits;

	if (!text_starts(rest, "Oops: "))
		return false;
	details_oops(draft, text, record);
	draft->proven = true;
	while (text_eat(&rest, "Oops: ")) /* twice since v6.9 */
		;
	draft->page_fault_oops |= text_eat_hex_digits(&rest, &code, &digits) && digits == 4;
	return true;
}
