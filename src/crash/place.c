/*
 * The line that tells where the CPU was, by architecture:
 *   x86        RIP: 0010:f+0x1/0x2, EIP: 0060:[<c0101234>] (then "EIP is at f+0x1/0x2"), RIP  [<...>] f+0x1/0x2
 *   arm64      pc : f+0x1/0x2 [m]; up to v4.14: PC is at f+0x1/0x2, pc : [<ffff000008101234>] lr : [<...>] pstate: 60000145
 *   arm        PC is at f+0x1/0x2, pc : [<c0101234>]    lr : [<c0101200>]    psr: 60000013
 *   powerpc    NIP:  c000000000101234 LR: ..., NIP [c000000000101234] f+0x1/0x2 [m]
 *   s390       Krnl PSW : 0704c00180000000 000000000012ab34 (f+0x1/0x2 [m])
 *   riscv      epc : f+0x1/0x2 [m], epc : ffffffff80101234 ra : ...
 *   loongarch  ERA: 9000000000223344 f+0x1/0x2
 *   mips       epc   : 80101234 f+0x1/0x2
 */
#include "crash/location.h"

enum form {
	PLACE,    /* the place follows */
	SELECTOR, /* a code segment's selector stands in front of it */
	VALUE,    /* the address in bare digits stands in front of it */
	BRACKETS, /* the same within [] */
	PSW,      /* s390: mask, address, and the place in parentheses */
	ADDRESS,  /* an address in bare digits is all there is */
	BESIDE,   /* the return address: the caller, where the function has called nothing itself */
};

static const struct {
	const char *begins;
	enum crash_arch arch;
	enum form form;
	bool summary, registers, user;
} forms[] = {
	{ "RIP: ", CRASH_ARCH_X86_64, SELECTOR, .summary = false },
	{ "EIP: ", CRASH_ARCH_I386, SELECTOR, .summary = false },
	{ "IP: ", CRASH_ARCH_UNKNOWN, PLACE, .summary = true },
	{ "RIP ", CRASH_ARCH_X86_64, PLACE, .summary = true },
	{ "EIP is at ", CRASH_ARCH_I386, PLACE, .summary = true },
	{ "PC is at ", CRASH_ARCH_UNKNOWN, PLACE, .summary = false },
	{ "LR is at ", CRASH_ARCH_UNKNOWN, BESIDE, .summary = false },
	{ "pc : ", CRASH_ARCH_UNKNOWN, PLACE, .registers = true },
	{ "lr : ", CRASH_ARCH_UNKNOWN, BESIDE, .registers = true },
	{ "NIP [", CRASH_ARCH_POWERPC, BRACKETS, .summary = false },
	{ "NIP: ", CRASH_ARCH_POWERPC, ADDRESS, .registers = true },
	{ "LR [", CRASH_ARCH_POWERPC, BESIDE, .summary = false },
	{ "Krnl PSW : ", CRASH_ARCH_S390, PSW, .registers = true },
	{ "User PSW : ", CRASH_ARCH_S390, PSW, .registers = true, .user = true },
	{ "epc : ", CRASH_ARCH_RISCV, PLACE, .registers = true },
	{ "sepc: ", CRASH_ARCH_RISCV, ADDRESS, .registers = true },
	{ "ra : ", CRASH_ARCH_RISCV, BESIDE, .registers = true },
	{ "ERA: ", CRASH_ARCH_LOONGARCH, VALUE, .registers = true },
	{ "era   : ", CRASH_ARCH_LOONGARCH, VALUE, .registers = true },
	{ "epc   : ", CRASH_ARCH_MIPS, VALUE, .registers = true },
};

/* "0010:" and what else a code selector may be; Xen's kernels run at e030. */
static bool eat_selector(struct text *t, bool *user)
{
	struct text rest = *t;
	uint64_t selector;
	size_t digits;

	text_eat_blanks(&rest);
	if (!text_eat_hex_digits(&rest, &selector, &digits) || digits != 4 || !text_eat_char(&rest, ':'))
		return false;
	*user = (selector & 3) != 0;
	*t = rest;
	return true;
}

/* 8 or 16 digits without 0x. */
static bool eat_address(struct text *t, struct crash_location *location)
{
	struct text rest = *t;
	size_t digits;

	text_eat_blanks(&rest);
	if (!text_eat_hex_digits(&rest, &location->address, &digits) || (digits != 8 && digits != 16))
		return false;
	location->has_address = true;
	*t = rest;
	return true;
}

static bool eat_place(struct text rest, struct crash_location *location)
{
	struct crash_location found = *location, twice = { 0 };
	bool reliable;

	text_eat_blanks(&rest);
	/* The oldest form of x86 gives the address twice: "[<addr>]  [<addr>] f+0x1/0x2". */
	struct text second = rest;
	if (location_eat_address(&second, &twice) && text_starts(second, "[<"))
		rest = second;
	/* A call through a NULL pointer: "RIP: 0010:          (null)", with nothing in brackets before v4.20. */
	if (text_starts(rest, "(null)")) {
		location->has_address = true;
		return true;
	}
	if (!location_eat(&rest, &found, &reliable))
		return false;
	if (!found.has_address && location->has_address) {
		found.has_address = true;
		found.address = location->address;
	}
	*location = found;
	return true;
}

static bool eat_form(enum form form, struct text rest, struct crash_place *place)
{
	struct crash_location mask = { 0 };

	switch (form) {
	case BESIDE:
		/* powerpc: "LR [c000000000101234] f+0x1/0x2"; mips and the registers' lines have the address alone. */
		if (eat_address(&rest, &place->caller))
			text_eat_char(&rest, ']');
		eat_place(rest, &place->caller);
		return true;
	case SELECTOR:
		eat_selector(&rest, &place->user);
		return place->user || eat_place(rest, &place->location);
	case PLACE:
		return eat_place(rest, &place->location) || eat_address(&rest, &place->location);
	case ADDRESS:
		return eat_address(&rest, &place->location);
	case BRACKETS:
		if (!eat_address(&rest, &place->location) || !text_eat_char(&rest, ']'))
			return false;
		break;
	case PSW:
		if (!eat_address(&rest, &mask) || !eat_address(&rest, &place->location))
			return false;
		text_eat_blanks(&rest);
		text_eat_char(&rest, '(');
		break;
	case VALUE:
		if (!eat_address(&rest, &place->location))
			return false;
		break;
	}
	/* The address alone will do. */
	eat_place(rest, &place->location);
	return true;
}

bool place_of_line(struct text line, struct crash_place *place)
{
	struct text rest = text_trim_start(line);

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct text behind = rest;
		if (!text_eat(&behind, forms[i].begins))
			continue;
		*place = (struct crash_place){ .arch = forms[i].arch,
					       .user = forms[i].user,
					       .summary = forms[i].summary,
					       .registers = forms[i].registers };
		return eat_form(forms[i].form, behind, place);
	}
	return false;
}
