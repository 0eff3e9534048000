/* Registers: "RAX: 0000000000000000 RBX: ffff8996b670e910", as __show_regs() of arch/x86/kernel/process_64.c prints them. */
#include "crash/draft.h"

/* x86-64 first, then what 32-bit kernels print. Value: how many hex digits follow at most. */
static const struct {
	const char *label, *name;
} registers[] = {
	{ "RAX", "rax" }, { "RBX", "rbx" },       { "RCX", "rcx" },
	{ "RDX", "rdx" }, { "RSI", "rsi" },       { "RDI", "rdi" },
	{ "RBP", "rbp" }, { "RSP", "rsp" },       { "R08", "r8" },
	{ "R09", "r9" },  { "R10", "r10" },       { "R11", "r11" },
	{ "R12", "r12" }, { "R13", "r13" },       { "R14", "r14" },
	{ "R15", "r15" }, { "EFLAGS", "eflags" }, { "ORIG_RAX", "orig_rax" },
	{ "FS", "fs" },   { "GS", "gs" },         { "knlGS", "knlgs" },
	{ "CS", "cs" },   { "DS", "ds" },         { "ES", "es" },
	{ "SS", "ss" },   { "CR0", "cr0" },       { "CR2", "cr2" },
	{ "CR3", "cr3" }, { "CR4", "cr4" },       { "DR0", "dr0" },
	{ "DR1", "dr1" }, { "DR2", "dr2" },       { "DR3", "dr3" },
	{ "DR6", "dr6" }, { "DR7", "dr7" },       { "PKRU", "pkru" },
	{ "EAX", "eax" }, { "EBX", "ebx" },       { "ECX", "ecx" },
	{ "EDX", "edx" }, { "ESI", "esi" },       { "EDI", "edi" },
	{ "EBP", "ebp" }, { "ESP", "esp" },
};

struct reading {
	const char *name;
	uint64_t value;
	bool user; /* a stack selector of privilege level 3 */
};

static const char *eat_label(struct text *t)
{
	for (size_t i = 0; i < sizeof registers / sizeof *registers; i++) {
		struct text rest = *t;
		if (text_eat(&rest, registers[i].label) && text_eat_char(&rest, ':')) {
			*t = rest;
			return registers[i].name;
		}
	}
	return NULL;
}

/* "0018:ffff8996b7243e48" (a selector in front), "00007f4130049740(0000)" (one behind), or the value alone. */
static bool eat_value(struct text *t, struct reading *reading)
{
	struct text rest = *t;
	uint64_t other;
	size_t digits;

	text_eat_blanks(&rest);
	if (!text_eat_hex_digits(&rest, &reading->value, &digits))
		return false;
	if (digits == 4 && text_eat_char(&rest, ':')) {
		reading->user = (reading->value & 3) != 0;
		if (!text_eat_hex_digits(&rest, &reading->value, &digits))
			return false;
	} else if (text_eat_char(&rest, '(') &&
		   !(text_eat_hex_digits(&rest, &other, &digits) && text_eat_char(&rest, ')'))) {
		return false;
	}
	if (rest.length && rest.data[0] != ' ' && rest.data[0] != '\t')
		return false;
	text_eat_blanks(&rest);
	*t = rest;
	return true;
}

static bool eat_register(struct text *t, struct reading *reading)
{
	struct text rest = *t;

	*reading = (struct reading){ .name = eat_label(&rest) };
	if (!reading->name || !eat_value(&rest, reading))
		return false;
	*t = rest;
	return true;
}

static bool is_known(const struct crash *crash, const char *name)
{
	for (size_t i = 0; i < crash->register_count; i++)
		if (crash->registers[i].name == name)
			return true;
	return false;
}

static void keep(struct draft *draft, const struct reading *reading, size_t record)
{
	struct crash *crash = draft->crash;

	if (draft->user_registers || is_known(crash, reading->name))
		return;
	struct crash_register *item = arena_push(&crash->arena, &crash->registers, &crash->register_count, sizeof *item);
	if (item)
		*item = (struct crash_register){ reading->name, reading->value, record };
}

bool part_registers(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_trim_start(text);
	struct reading reading;
	size_t taken = 0;

	/* The short form behind a report: " RSP <ffff8996b7243e48>". */
	if (text_starts(rest, "RSP <") || text_starts(rest, "RSP: <"))
		return true;
	for (; eat_register(&rest, &reading); taken++) {
		/* What no_context() and page_fault_oops() of arch/x86/mm/fault.c repeat at the end, for whoever lost the
		 * beginning. */
		if (taken == 0 && !rest.length && text_is(text_from(reading.name), "cr2")) {
			draft->lone_cr2 = true;
			draft->lone_cr2_value = reading.value;
			draft->lone_cr2_record = record;
			draft->user_registers = false;
		}
		draft->user_registers |= reading.user;
		keep(draft, &reading, record);
	}
	return taken > 0;
}
