/*
 * Registers as the kernel prints them. "RAX: 0000000000000000 RBX: ffff8996b670e910" (x86), "x29: ffff800012343d40 x28: ..."
 * (arm64), "r10: 00000000  r9 : c0a01234" (arm), "epc : ffffffff80123456 ra : ..." (riscv): a label, a colon, a value.
 * Lists: "GPR04: v v v v" (powerpc), "$ 4   : v v v v" (mips), "Krnl GPRS: v v v v" and three lines of values alone (s390).
 * Pairs without colons: "a0 v a1 v a2 v a3 v" (loongarch).
 */
#include "crash/draft.h"

#include "crash/registers_table.h"

#include <string.h>

enum { LABEL_MOST = 8, WIDE_DIGITS = 16, NARROW_DIGITS = 8, S390_REGISTERS = 16 };

struct reading {
	const struct register_row *row;
	uint64_t value;
	size_t digits;
	bool user; /* x86: a stack selector of privilege level 3 */
};

void draft_saw_arch(struct draft *draft, enum crash_arch arch, size_t digits)
{
	if (arch != CRASH_ARCH_UNKNOWN && draft->seen.arch == CRASH_ARCH_UNKNOWN)
		draft->seen.arch = arch;
	draft->seen.wide |= digits == WIDE_DIGITS;
}

void draft_saw_address(struct draft *draft, uint64_t address)
{
	draft->seen.wide |= address > UINT32_MAX;
}

static bool is_label_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static struct text eat_label_word(struct text *t)
{
	size_t length = 0;

	while (length < t->length && length <= LABEL_MOST && is_label_char(t->data[length]))
		length++;
	struct text word = text_first(*t, length);
	*t = text_from_offset(*t, length);
	return word;
}

/* The colon first: most lines have none there, and the table is long. */
static const struct register_row *eat_label(struct text *t)
{
	struct text rest = *t, label = eat_label_word(&rest);

	text_eat_blanks(&rest);
	const struct register_row *row = label.length && text_eat_char(&rest, ':') ? register_row(label) : NULL;
	if (row)
		*t = rest;
	return row;
}

static bool at_value_end(struct text t)
{
	return !t.length || t.data[0] == ' ' || t.data[0] == '\t' || t.data[0] == ',';
}

/*
 * "0018:ffff8996b7243e48" (a selector in front), "00007f4130049740(0000)" (one behind), "[<c0101234>]" (arm),
 * "8000000000009033 <SF,EE>" (powerpc), or the value alone.
 */
static bool eat_value(struct text *t, struct reading *reading)
{
	struct text rest = *t;
	uint64_t other;
	size_t digits;

	text_eat_blanks(&rest);
	bool bracketed = text_eat(&rest, "[<");
	if (!text_eat_hex_digits(&rest, &reading->value, &reading->digits) || (bracketed && !text_eat(&rest, ">]")))
		return false;
	if (reading->digits == 4 && text_eat_char(&rest, ':')) {
		reading->user = (reading->value & 3) != 0;
		if (!text_eat_hex_digits(&rest, &reading->value, &reading->digits))
			return false;
	} else if (text_eat_char(&rest, '(') &&
		   !(text_eat_hex_digits(&rest, &other, &digits) && text_eat_char(&rest, ')'))) {
		return false;
	}
	if (!at_value_end(rest))
		return false;
	text_eat_char(&rest, ',');
	text_eat_blanks(&rest);
	if (text_starts(rest, "<")) {
		rest = text_from_offset(rest, text_find_char(rest, '>') == SIZE_MAX ? 0 : text_find_char(rest, '>') + 1);
		text_eat_blanks(&rest);
	}
	*t = rest;
	return true;
}

/*
 * Other architectures' labels are words as other text has them ("status: 0", "Cause: 12"): they count where the value has
 * all its digits, and not within another architecture's crash.
 */
static bool is_plausible(const struct draft *draft, const struct reading *reading)
{
	const struct register_row *row = reading->row;
	bool word = (row->label[0] >= 'a' && row->label[0] <= 'z' && row->arch != CRASH_ARCH_I386) ||
		    row->arch == CRASH_ARCH_MIPS;

	if (row->arch != CRASH_ARCH_UNKNOWN && draft->seen.arch != CRASH_ARCH_UNKNOWN && row->arch != draft->seen.arch)
		return false;
	return !word || reading->digits == WIDE_DIGITS || reading->digits == NARROW_DIGITS;
}

static bool eat_register(const struct draft *draft, struct text *t, struct reading *reading)
{
	struct text rest = *t;

	*reading = (struct reading){ .row = eat_label(&rest) };
	if (!reading->row || !eat_value(&rest, reading) || !is_plausible(draft, reading))
		return false;
	*t = rest;
	return true;
}

static bool is_known(const struct crash *crash, const char *name)
{
	for (size_t i = 0; i < crash->register_count; i++)
		if (strcmp(crash->registers[i].name, name) == 0)
			return true;
	return false;
}

void draft_keep_register(struct draft *draft, const char *name, uint64_t value, size_t record)
{
	struct crash *crash = draft->crash;

	if (draft->user_registers || draft->block.other || is_known(crash, name))
		return;
	struct crash_register *item = arena_push(&crash->arena, &crash->registers, &crash->register_count, sizeof *item);
	if (item)
		*item = (struct crash_register){ name, value, record };
}

/*
 * A block of registers begins: the first is the crash's, and a later one of what an interrupt or a system call within its
 * trace interrupted, or of another CPU (powerpc since v5.12 prints one at each "--- interrupt: ").
 */
static void begin_block(struct draft *draft, const char *name, size_t record)
{
	if (draft->block.began && draft->block.record == record)
		return;
	if (is_known(draft->crash, name)) {
		draft->block.other = true;
		return;
	}
	/* The second register that may be a block's first: "pc" behind "pstate". */
	bool within = draft->block.began ? draft->crash->register_count > draft->block.first
					 : draft->user_registers && draft->block.name;
	if (within && strcmp(draft->block.name, name) != 0)
		return;
	draft->user_registers = draft_has_no_place(draft);
	draft->block.began = true;
	draft->block.name = name;
	draft->block.first = draft->crash->register_count;
	draft->block.record = record;
}

/* The block's status says only now that a user program ran: what was taken of it is no matter of the kernel's. */
static void drop_block(struct draft *draft)
{
	struct crash *crash = draft->crash;
	enum { LINES_BEFORE = 2 }; /* "PC is at", "LR is at" */

	draft->user_registers = true;
	if (draft->block.other || !draft->block.began)
		return;
	if (crash->register_count > draft->block.first)
		crash->register_count = draft->block.first;
	if (crash->instruction_pointer_record != CRASH_NO_RECORD &&
	    crash->instruction_pointer_record + LINES_BEFORE >= draft->block.record) {
		crash->instruction_pointer = (struct crash_location){ 0 };
		crash->instruction_pointer_record = CRASH_NO_RECORD;
	}
	draft->block.began = false;
}

static void take_value(struct draft *draft, const struct register_row *row, uint64_t value, size_t digits, size_t record)
{
	draft_saw_arch(draft, row->arch, digits);
	if (row->begins) {
		draft->seen.narrow |= digits == NARROW_DIGITS;
		begin_block(draft, row->name, record);
	}
	if (row->arch == CRASH_ARCH_POWERPC && text_is(text_from(row->name), "msr"))
		draft->seen.little |= value & 1; /* MSR_LE */
	draft_keep_register(draft, row->name, value, record);
	if (row->mask && (value & row->mask) == row->user)
		drop_block(draft);
}

/* Values of registers whose numbers follow each other; only values to the end of the line. */
static bool take_list(struct draft *draft, struct text rest, uint64_t first, size_t record)
{
	struct reading reading = { 0 };
	struct text check = rest;
	size_t count = 0;

	for (text_eat_blanks(&check); check.length; count++)
		if (!eat_value(&check, &reading) || (reading.digits != WIDE_DIGITS && reading.digits != NARROW_DIGITS))
			return false;
	for (; count > 0 && eat_value(&rest, &reading); count--, first++) {
		const char *name = register_numbered(first);
		draft->seen.wide |= reading.digits == WIDE_DIGITS;
		draft->seen.narrow |= reading.digits == NARROW_DIGITS;
		if (name)
			draft_keep_register(draft, name, reading.value, record);
	}
	return true;
}

/* "GPR04: ", "$ 4   : " */
static bool part_numbered(struct draft *draft, struct text rest, size_t record)
{
	bool powerpc = text_eat(&rest, "GPR"), mips = !powerpc && text_eat_char(&rest, '$');
	uint64_t first;

	if (!powerpc && !mips)
		return false;
	text_eat_blanks(&rest);
	if (!text_eat_decimal(&rest, &first))
		return false;
	text_eat_blanks(&rest);
	if (!text_eat_char(&rest, ':'))
		return false;
	if (mips && first == 0)
		begin_block(draft, "r0", record);
	if (!take_list(draft, rest, first, record))
		return false;
	if (powerpc)
		draft_saw_arch(draft, CRASH_ARCH_POWERPC, 0);
	return true;
}

/* s390: the list goes on over four lines, of which only the first is labelled. */
static bool part_s390(struct draft *draft, struct text rest, size_t record)
{
	uint64_t first = draft->block.next;
	bool user = text_eat(&rest, "User GPRS:");

	draft->block.next = 0;
	if (user || text_eat(&rest, "Krnl GPRS:")) {
		draft_saw_arch(draft, CRASH_ARCH_S390, 0);
		begin_block(draft, "r0", record);
		draft->user_registers |= user;
		first = 0;
	} else if (!first) {
		return false;
	}
	if (!take_list(draft, rest, first, record))
		return false;
	draft->block.next = first + 4 < S390_REGISTERS ? first + 4 : 0;
	return true;
}

/* loongarch: "pc 9000000000223344 ra 9000000000223300 tp ... sp ...", nothing else on the line. */
static bool eat_pair(struct text *t, struct reading *reading)
{
	struct text rest = *t, label = eat_label_word(&rest);

	if (!text_eat_char(&rest, ' ') || !text_eat_hex_digits(&rest, &reading->value, &reading->digits) ||
	    (reading->digits != WIDE_DIGITS && reading->digits != NARROW_DIGITS) || !at_value_end(rest))
		return false;
	reading->row = register_row(label);
	if (!reading->row)
		return false;
	text_eat_blanks(&rest);
	*t = rest;
	return true;
}

static bool part_pairs(struct draft *draft, struct text rest, size_t record)
{
	struct text check = rest;
	struct reading reading;
	size_t count = 0;

	while (eat_pair(&check, &reading))
		count++;
	if (count < 2 || check.length)
		return false;
	draft_saw_arch(draft, CRASH_ARCH_LOONGARCH, 0);
	for (; eat_pair(&rest, &reading);)
		take_value(draft, reading.row, reading.value, reading.digits, record);
	return true;
}

/* "Krnl PSW : 0704c00180000000 000000000012ab34 (f+0x12/0x34)": the place is part_place()'s. */
static bool part_psw(struct draft *draft, struct text rest, size_t record)
{
	bool user = text_eat(&rest, "User PSW :");
	struct reading mask, address;

	if ((!user && !text_eat(&rest, "Krnl PSW :")) || !eat_value(&rest, &mask) || !eat_value(&rest, &address))
		return false;
	draft_saw_arch(draft, CRASH_ARCH_S390, mask.digits);
	draft->seen.narrow |= mask.digits == NARROW_DIGITS;
	begin_block(draft, "psw_mask", record);
	draft->user_registers |= user;
	draft_keep_register(draft, "psw_mask", mask.value, record);
	draft_keep_register(draft, "psw_address", address.value, record);
	return true;
}

static size_t take_labelled(struct draft *draft, struct text rest, size_t record)
{
	struct reading reading;
	size_t taken = 0;

	for (; eat_register(draft, &rest, &reading); taken++) {
		const char *name = reading.row->name;
		/* What no_context() and page_fault_oops() of arch/x86/mm/fault.c repeat at the end, for whoever lost the
		 * beginning. */
		if (taken == 0 && !rest.length && text_is(text_from(name), "cr2")) {
			draft->lone_cr2 = true;
			draft->lone_cr2_value = reading.value;
			draft->lone_cr2_record = record;
			draft->user_registers = false;
		}
		draft->user_registers |= reading.user;
		take_value(draft, reading.row, reading.value, reading.digits, record);
	}
	return taken;
}

bool part_registers(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_trim(text);

	/* The short form behind a report: " RSP <ffff8996b7243e48>". */
	if (text_starts(rest, "RSP <") || text_starts(rest, "RSP: <"))
		return true;
	return part_s390(draft, rest, record) || take_labelled(draft, rest, record) > 0 ||
	       part_numbered(draft, rest, record) || part_pairs(draft, rest, record) || part_psw(draft, rest, record);
}
