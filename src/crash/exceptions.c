/*
 * What a register that names the exception proves, where the headline is lost or says no more than that there was an oops;
 * and which register holds the address that was refused.
 */
#include "crash/draft.h"

#include <string.h>

static const struct {
	enum crash_arch arch;
	const char *name;
	unsigned shift;
	uint64_t mask, first, last; /* ((value >> shift) & mask) lies between these */
	enum crash_kind kind;
} exceptions[] = {
	/* ESR_ELx: the status of an abort before its class, arch/arm64/include/asm/esr.h */
	{ CRASH_ARCH_ARM64, "esr", 0, 0xf800003f, 0x90000010, 0x90000010, CRASH_EXTERNAL_ABORT },
	{ CRASH_ARCH_ARM64, "esr", 0, 0xf800003f, 0x90000014, 0x90000017, CRASH_EXTERNAL_ABORT }, /* on a table walk */
	{ CRASH_ARCH_ARM64, "esr", 0, 0xf800003f, 0x90000021, 0x90000021, CRASH_ALIGNMENT_FAULT },
	{ CRASH_ARCH_ARM64, "esr", 26, 0x3f, 0x20, 0x21, CRASH_PAGE_FAULT },
	{ CRASH_ARCH_ARM64, "esr", 26, 0x3f, 0x22, 0x22, CRASH_ALIGNMENT_FAULT },
	{ CRASH_ARCH_ARM64, "esr", 26, 0x3f, 0x24, 0x25, CRASH_PAGE_FAULT },
	{ CRASH_ARCH_ARM64, "esr", 26, 0x3f, 0x26, 0x26, CRASH_ALIGNMENT_FAULT },
	{ CRASH_ARCH_ARM64, "esr", 26, 0x3f, 0x2f, 0x2f, CRASH_EXTERNAL_ABORT },
	/* arch/powerpc/include/asm/interrupt.h; the low bit says that not all registers were saved */
	{ CRASH_ARCH_POWERPC, "trap", 0, 0xfff0, 0x200, 0x200, CRASH_MACHINE_CHECK },
	{ CRASH_ARCH_POWERPC, "trap", 0, 0xfff0, 0x300, 0x300, CRASH_PAGE_FAULT },
	{ CRASH_ARCH_POWERPC, "trap", 0, 0xfff0, 0x380, 0x380, CRASH_PAGE_FAULT },
	{ CRASH_ARCH_POWERPC, "trap", 0, 0xfff0, 0x400, 0x400, CRASH_PAGE_FAULT },
	{ CRASH_ARCH_POWERPC, "trap", 0, 0xfff0, 0x480, 0x480, CRASH_PAGE_FAULT },
	{ CRASH_ARCH_POWERPC, "trap", 0, 0xfff0, 0x600, 0x600, CRASH_ALIGNMENT_FAULT },
	/* scause, arch/riscv/include/asm/csr.h */
	{ CRASH_ARCH_RISCV, "cause", 0, UINT64_MAX, 0, 0, CRASH_ALIGNMENT_FAULT },
	{ CRASH_ARCH_RISCV, "cause", 0, UINT64_MAX, 1, 1, CRASH_EXTERNAL_ABORT },
	{ CRASH_ARCH_RISCV, "cause", 0, UINT64_MAX, 2, 2, CRASH_UNDEFINED_INSTRUCTION },
	{ CRASH_ARCH_RISCV, "cause", 0, UINT64_MAX, 4, 4, CRASH_ALIGNMENT_FAULT },
	{ CRASH_ARCH_RISCV, "cause", 0, UINT64_MAX, 5, 5, CRASH_EXTERNAL_ABORT },
	{ CRASH_ARCH_RISCV, "cause", 0, UINT64_MAX, 6, 6, CRASH_ALIGNMENT_FAULT },
	{ CRASH_ARCH_RISCV, "cause", 0, UINT64_MAX, 7, 7, CRASH_EXTERNAL_ABORT },
	{ CRASH_ARCH_RISCV, "cause", 0, UINT64_MAX, 12, 13, CRASH_PAGE_FAULT },
	{ CRASH_ARCH_RISCV, "cause", 0, UINT64_MAX, 15, 15, CRASH_PAGE_FAULT },
	/* CSR.ESTAT, arch/loongarch/include/asm/loongarch.h: EXCCODE_TLBL to TLBPE, ADE, ALE, INE */
	{ CRASH_ARCH_LOONGARCH, "estat", 16, 0x3f, 1, 8, CRASH_PAGE_FAULT },
	{ CRASH_ARCH_LOONGARCH, "estat", 16, 0x3f, 9, 9, CRASH_ALIGNMENT_FAULT },
	{ CRASH_ARCH_LOONGARCH, "estat", 16, 0x3f, 13, 13, CRASH_UNDEFINED_INSTRUCTION },
	/* CP0 Cause, ExcCode of arch/mips/include/asm/mipsregs.h */
	{ CRASH_ARCH_MIPS, "cause", 2, 0x1f, 1, 3, CRASH_PAGE_FAULT },
	{ CRASH_ARCH_MIPS, "cause", 2, 0x1f, 4, 5, CRASH_ALIGNMENT_FAULT },
	{ CRASH_ARCH_MIPS, "cause", 2, 0x1f, 6, 7, CRASH_EXTERNAL_ABORT },
	{ CRASH_ARCH_MIPS, "cause", 2, 0x1f, 10, 10, CRASH_UNDEFINED_INSTRUCTION },
};

enum { FIRST_PAGE = 4096, BESIDE = 4096 };

static const struct crash_register *find_register(const struct crash *crash, const char *name)
{
	for (size_t i = 0; i < crash->register_count; i++)
		if (strcmp(crash->registers[i].name, name) == 0)
			return &crash->registers[i];
	return NULL;
}

/*
 * Does the address that was refused lie at the stack's end? Then the stack had overflowed, which handle_bad_stack() of
 * arch/riscv/kernel/traps.c says only in front: the register names the page fault on the guard page.
 */
static bool is_beside_stack(const struct crash *crash)
{
	const struct crash_register *address = find_register(crash, "badaddr"), *stack = find_register(crash, "sp");

	if (!address)
		address = find_register(crash, "far");
	return address && stack && address->value - stack->value + BESIDE <= 2 * BESIDE;
}

static bool is_proven(const struct draft *draft, enum crash_kind kind)
{
	return kind != CRASH_PAGE_FAULT || !is_beside_stack(draft->crash);
}

static void infer_kind(struct draft *draft)
{
	struct crash *crash = draft->crash;

	for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions && crash->kind == CRASH_UNKNOWN_KIND; i++) {
		const struct crash_register *item =
			exceptions[i].arch == draft->seen.arch ? find_register(crash, exceptions[i].name) : NULL;
		uint64_t value = item ? item->value >> exceptions[i].shift & exceptions[i].mask : 0;
		if (item && value >= exceptions[i].first && value <= exceptions[i].last &&
		    is_proven(draft, exceptions[i].kind)) {
			crash->kind = exceptions[i].kind;
			crash->kind_record = item->record;
		}
	}
}

static bool is_fault(enum crash_kind kind)
{
	return kind == CRASH_NULL_POINTER_DEREFERENCE || kind == CRASH_PAGE_FAULT || kind == CRASH_ALIGNMENT_FAULT ||
	       kind == CRASH_EXTERNAL_ABORT;
}

/* At any other exception these registers hold what an earlier fault left there. */
static void infer_address(struct crash *crash)
{
	static const char *const names[] = { "far", "badaddr", "dar", "dear", "badv", "badva" };

	for (size_t i = 0; i < sizeof names / sizeof *names && !crash->has_fault_address; i++) {
		const struct crash_register *item = find_register(crash, names[i]);
		/* An overflow of the stack is told, on arm64 and riscv, by the address that lay behind it. */
		bool overflow = crash->kind == CRASH_STACK_OVERFLOW;
		if (item && ((overflow && i < 2) || is_fault(crash->kind))) {
			crash->fault_address = item->value;
			crash->fault_address_record = item->record;
			crash->has_fault_address = true;
		}
	}
}

static void infer_error_code(struct crash *crash)
{
	const struct crash_register *dsisr = find_register(crash, "dsisr");

	if (dsisr && !crash->has_error_code && is_fault(crash->kind)) {
		crash->error_code = dsisr->value;
		crash->has_error_code = true;
	}
}

void draft_infer_fault(struct draft *draft)
{
	struct crash *crash = draft->crash;

	infer_kind(draft);
	infer_address(crash);
	infer_error_code(crash);
	/*
	 * Not all kernels have words of their own for a NULL pointer: arm64's "paging request at virtual address
	 * 0000000000000088" up to v4.x, powerpc's "data at address 0x00000010" up to v5.1, loongarch, mips, and s390, which
	 * only knows the page. What lies in the first page is one; x86 says so itself.
	 */
	if (crash->kind == CRASH_PAGE_FAULT && crash->has_fault_address && crash->fault_address < FIRST_PAGE &&
	    draft->seen.arch != CRASH_ARCH_X86_64 && draft->seen.arch != CRASH_ARCH_I386)
		crash->kind = CRASH_NULL_POINTER_DEREFERENCE;
}
