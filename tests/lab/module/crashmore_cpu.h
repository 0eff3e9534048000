/* SPDX-License-Identifier: GPL-2.0 */
/* What the processor refuses, by architecture: the table cpu_actions. */
#define CPU_TRAP(name, text)                                                                                                \
	static noinline void crashmore_##name(void)                                                                         \
	{                                                                                                                   \
		asm volatile(text ::: "memory");                                                                            \
	}

#ifdef CONFIG_X86_64
CPU_TRAP(stack_segment, "push %%rbp; mov $0x8000000000000000, %%rbp; mov (%%rbp), %%rax; pop %%rbp")
CPU_TRAP(double_fault, "mov $0xffffc8deadbe0000, %%rsp; push %%rax")
CPU_TRAP(int3, "int3")
CPU_TRAP(overflow, "int $4")
CPU_TRAP(bounds, "int $5")
CPU_TRAP(coprocessor_segment, "int $9")
CPU_TRAP(bad_opcode, ".byte 0x0f, 0xff")

static pte_t *crashmore_pte(unsigned long address)
{
	pgd_t *pgd = pgd_offset(current->mm, address);

	return pte_offset_kernel(pmd_offset(pud_offset(p4d_offset(pgd, address), address), address), address);
}

/* The page of the writer's stack is somewhere that no memory is, or nowhere; then the task ends. */
static noinline void crashmore_bad_page_map(void)
{
	unsigned long address = current->mm->start_stack;

	WRITE_ONCE(*crashmore_pte(address), __pte(0x90000000UL | (pte_val(*crashmore_pte(address)) & 0xfff)));
	send_sig(SIGKILL, current, 1);
}

static noinline void crashmore_bad_rss(void)
{
	WRITE_ONCE(*crashmore_pte(current->mm->start_stack), __pte(0));
	send_sig(SIGKILL, current, 1);
}

/* Bits that the processor reserves, to be met after the next switch of tasks. */
static noinline void crashmore_bad_page_table(void)
{
	pte_t *pte = crashmore_pte(current->mm->start_stack);

	WRITE_ONCE(*pte, __pte(pte_val(*pte) | 1UL << 50));
	msleep(100);
}

static const struct cpu_action {
	const char *name;
	void (*call)(void);
} cpu_actions[] = {
	{ "stack-segment", crashmore_stack_segment },
	{ "double-fault", crashmore_double_fault },
	{ "int3", crashmore_int3 },
	{ "overflow", crashmore_overflow },
	{ "bounds", crashmore_bounds },
	{ "coprocessor-segment", crashmore_coprocessor_segment },
	{ "opcode", crashmore_bad_opcode },
	{ "bad-page-map", crashmore_bad_page_map },
	{ "bad-rss", crashmore_bad_rss },
	{ "bad-page-table", crashmore_bad_page_table },
};
#elif defined(CONFIG_X86_32)
CPU_TRAP(int3, "int3")
CPU_TRAP(overflow, "int $4")
CPU_TRAP(bounds, "int $5")
CPU_TRAP(opcode, ".byte 0x0f, 0xff")
CPU_TRAP(double_fault, "mov $0xf8000000, %%esp; push %%eax")

static const struct cpu_action {
	const char *name;
	void (*call)(void);
} cpu_actions[] = {
	{ "int3", crashmore_int3 },     { "overflow", crashmore_overflow },         { "bounds", crashmore_bounds },
	{ "opcode", crashmore_opcode }, { "double-fault", crashmore_double_fault },
};
#elif defined(CONFIG_ARM64)
CPU_TRAP(opcode, ".inst 0x00000000")
CPU_TRAP(brk, "brk #0x55")
CPU_TRAP(jump_unaligned, "adr x0, .; add x0, x0, #2; br x0")
CPU_TRAP(system_register, "mrs x0, s3_7_c15_c15_7")
CPU_TRAP(stack_unaligned, "mov x1, sp; add x1, x1, #1; mov sp, x1; ldr x0, [sp]")

/* Where no device answers: in the hole behind virtio's registers. */
static noinline void crashmore_external_abort(void)
{
	sink = readl(ioremap(0x0b000000, 4096));
}

static noinline void crashmore_unaligned(void)
{
	sink = *(volatile unsigned int *)(ioremap(0x09000000, 4096) + 1);
}

static const struct cpu_action {
	const char *name;
	void (*call)(void);
} cpu_actions[] = {
	{ "opcode", crashmore_opcode },
	{ "brk", crashmore_brk },
	{ "jump-unaligned", crashmore_jump_unaligned },
	{ "system-register", crashmore_system_register },
	{ "stack-unaligned", crashmore_stack_unaligned },
	{ "external-abort", crashmore_external_abort },
	{ "unaligned", crashmore_unaligned },
};
#elif defined(CONFIG_S390)
CPU_TRAP(opcode, ".short 0x0000")
CPU_TRAP(specification, "lghi %%r2,1; lpq %%r2,0(%%r2)")
CPU_TRAP(execute, "lghi %%r2,1; ex 0,0(%%r2)")
CPU_TRAP(divide, "lghi %%r2,0; lghi %%r3,7; lghi %%r4,0; dlgr %%r2,%%r4")

static const struct cpu_action {
	const char *name;
	void (*call)(void);
} cpu_actions[] = {
	{ "opcode", crashmore_opcode },
	{ "specification", crashmore_specification },
	{ "execute", crashmore_execute },
	{ "divide", crashmore_divide },
};
#elif defined(CONFIG_PPC)
CPU_TRAP(opcode, ".long 0")
CPU_TRAP(trap, "trap")
CPU_TRAP(privileged, "mtspr 1023, 3")

static const struct cpu_action {
	const char *name;
	void (*call)(void);
} cpu_actions[] = {
	{ "opcode", crashmore_opcode },
	{ "trap", crashmore_trap },
	{ "privileged", crashmore_privileged },
};
#elif defined(CONFIG_RISCV)
CPU_TRAP(opcode, ".word 0")
CPU_TRAP(ebreak, "ebreak")
CPU_TRAP(system_register, "csrr t0, 0x7ff")

/* Where no device answers. */
static noinline void crashmore_access_fault(void)
{
	sink = readl(ioremap(0x0a000000, 4096));
}

static const struct cpu_action {
	const char *name;
	void (*call)(void);
} cpu_actions[] = {
	{ "opcode", crashmore_opcode },
	{ "ebreak", crashmore_ebreak },
	{ "system-register", crashmore_system_register },
	{ "access-fault", crashmore_access_fault },
};
#else
CPU_TRAP(opcode, ".word 0xe7f000f0")

static const struct cpu_action {
	const char *name;
	void (*call)(void);
} cpu_actions[] = {
	{ "opcode", crashmore_opcode },
};
#endif
