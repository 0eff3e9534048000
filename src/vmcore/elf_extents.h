/* Ranges of addresses that lead somewhere, for an ELF dump's segments: sorted, and none over another. */
#ifndef VMCORE_ELF_EXTENTS_H
#define VMCORE_ELF_EXTENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct elf_extent {
	uint64_t begin, length; /* begin + length does not overflow */
	uint64_t target;        /* of begin: an offset in the file, or a physical address */
};

/* Zero-initialised is ready for use. */
struct elf_extents {
	struct elf_extent *items;
	size_t count, capacity;
};

/* What is empty is left out, what continues the one before is joined to it. False: out of memory. */
bool elf_extents_add(struct elf_extents *extents, uint64_t begin, uint64_t length, uint64_t target);
void elf_extents_sort(struct elf_extents *extents); /* after the last; where two overlap, the one that begins first holds */
void elf_extents_free(struct elf_extents *extents);

/* The first extent that ends behind the address; NULL: none. */
const struct elf_extent *elf_extents_from(const struct elf_extents *extents, uint64_t address);

/* The extent that the address lies in; NULL: none. */
const struct elf_extent *elf_extents_at(const struct elf_extents *extents, uint64_t address);

#endif
