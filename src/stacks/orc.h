/*
 * ORC: the tables that an x86-64 kernel carries for unwinding its own stacks (CONFIG_UNWINDER_ORC, since 4.14;
 * Documentation/ arch/x86/orc-unwinder.rst, arch/x86/include/asm/orc_types.h).
 *
 * There are two arrays of the same length. `orc_unwind_ip` has an int for each place in the kernel's text where the stack's
 * layout changes: the place's address less the int's own; sorted by address. `orc_unwind` has the layout from there on, in 6
 * bytes, packed:
 *
 *     s16 sp_offset      the stack pointer of the caller is this, added to a register's value
 *     s16 bp_offset      rbp of the caller lies at this, added to the caller's stack pointer or to rbp
 *     u16: sp_reg 4 bits   which register: 4.14 to 6.12 and later number them as enum orc_register does from ORC_PREV_SP
 *                          to ORC_SP_INDIRECT, 7.3 does AX DX SP BP DI R10 R13 PREV_SP SP_INDIRECT BP_INDIRECT
 *          bp_reg 4 bits   PREV_SP: bp_offset counts from the caller's stack pointer; BP: from rbp; UNDEFINED: rbp is the
 *                          caller's still
 *          4.14 to 6.3: type 2 bits (CALL 0, REGS 1, REGS_PARTIAL 2), then `end`, since 4.18, with `signal` before it in 6.3
 *          since 6.4:   type 3 bits (UNDEFINED 0, END_OF_STACK 1, CALL 2, REGS 3, REGS_PARTIAL 4), then `signal`
 *
 * The modules' tables (struct mod_arch_specific) have the same form. Nothing in memory names the version: since 6.4 only the
 * ELF file has a hash of it. But nearly all places are of functions that are called and have the caller's stack pointer
 * counted from rsp: what most entries have for sp_reg and type tells SP (5 or 3) and CALL (0 or 2).
 */
#ifndef STACKS_ORC_H
#define STACKS_ORC_H

#include "stacks/unwind.h"

enum orc_register {
	ORC_UNDEFINED,
	ORC_PREV_SP,
	ORC_DX,
	ORC_DI,
	ORC_BP,
	ORC_SP,
	ORC_R10,
	ORC_R13,
	ORC_BP_INDIRECT, /* the sum is the address that the stack pointer lies at */
	ORC_SP_INDIRECT, /* what lies at rsp, and sp_offset added to that; before 5.12 as BP_INDIRECT */
	ORC_AX,
};

enum orc_type {
	ORC_TYPE_UNDEFINED,    /* nothing can be said */
	ORC_TYPE_END,          /* nothing is above */
	ORC_TYPE_CALL,         /* below the caller's stack pointer lies the return address */
	ORC_TYPE_REGS,         /* there lies a struct pt_regs, whole */
	ORC_TYPE_REGS_PARTIAL, /* there lies the end of one, from ip on: what the CPU itself saves */
};

struct orc_entry {
	int16_t sp_offset, bp_offset; /* bytes */
	enum orc_register sp, bp;
	enum orc_type type;
};

struct orc;

/* The kernel's arrays: addresses of __start_orc_unwind_ip, __stop_orc_unwind_ip, __start_orc_unwind, __stop_orc_unwind. */
struct orc_place {
	uint64_t ips, ips_end, entries, entries_end;
};

/* NULL: the kernel has no tables that can be read and believed, or memory ran out. Of sources, all must outlive it. */
struct orc *orc_open(const struct stack_sources *sources, const struct orc_place *place);
void orc_close(struct orc *orc); /* NULL is allowed */

/* What holds at the address, which is that of an instruction. False: no table says. */
bool orc_find(struct orc *orc, uint64_t address, struct orc_entry *entry);

/* Whether ORC_SP_INDIRECT has its meaning of since 5.12. */
bool orc_indirect_is_new(const struct orc *orc);

#endif
