/* Virtual addresses of the kernel to physical ones, by what VMCOREINFO says of the machine and by its page tables. */
#ifndef VMCORE_ADDRESS_H
#define VMCORE_ADDRESS_H

#include "vmcore/dump.h"

/*
 * Where a virtual address lies in physical memory; *length is for how many bytes from there the two run together (at least
 * 1, at most to the end of what maps it). MEMORY_UNMAPPED: *error says why. Works from dump->vmcoreinfo, and is made anew
 * when that changes: address_reset().
 */
enum memory_status address_translate(struct dump *dump, uint64_t address, uint64_t *physical, uint64_t *length,
				     struct error *error);

/*
 * For dumps without VMCOREINFO: from now on, virtual addresses from `begin` on are physical ones plus `difference`
 * (virtual - physical), as far as nothing else translates them.
 */
void address_assume(struct dump *dump, uint64_t begin, uint64_t difference);

void address_reset(struct dump *dump); /* also frees; dump_close() calls it */

#endif
