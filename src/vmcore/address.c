/*
 * Virtual addresses to physical ones. Who is asked, in this order:
 *   the kernel's page tables, where they have shown to be that (address_use_tables): what they do not map is not mapped;
 *   what the kernel or the CPU's design says of runs of addresses (phys_base, kimage_voffset, windows);
 *   the ELF program headers, where their virtual addresses are a kernel's;
 *   what the caller assumes (address_assume);
 *   the usual value of what this kernel does not tell.
 * The later ones only where page tables are missing from the dump: a wrong answer is worse than none.
 */
#include "vmcore/address.h"

#include "vmcore/address_space.h"

#include <inttypes.h>
#include <stdlib.h>

struct architecture {
	enum arch arch;
	void (*prepare)(struct dump *dump, struct address_space *space);
};

static const struct architecture architectures[] = {
	{ ARCH_X86_64, address_prepare_x86_64 },   { ARCH_I386, address_prepare_i386 },
	{ ARCH_AARCH64, address_prepare_aarch64 }, { ARCH_ARM, address_prepare_arm },
	{ ARCH_PPC64, address_prepare_ppc64 },     { ARCH_PPC, address_prepare_ppc },
	{ ARCH_S390X, address_prepare_s390x },     { ARCH_RISCV64, address_prepare_riscv64 },
	{ ARCH_MIPS64, address_prepare_mips64 },   { ARCH_LOONGARCH64, address_prepare_loongarch64 },
};

/* Program headers are believed for kernels that live high; on s390x virtual and physical may be the same. */
static uint64_t headers_from(enum arch arch)
{
	switch (arch) {
	case ARCH_I386:
	case ARCH_ARM:
	case ARCH_PPC:
		return UINT64_C(0x40000000); /* the lowest that CONFIG_VMSPLIT_* and CONFIG_PAGE_OFFSET offer */
	case ARCH_S390X:
		return UINT64_MAX;
	default:
		return UINT64_C(1) << 63;
	}
}

static struct address_space *address_space(struct dump *dump)
{
	if (dump->space)
		return dump->space;
	struct address_space *space = calloc(1, sizeof *space);
	if (!space)
		return NULL;
	space->headers_from = headers_from(dump->arch);
	for (size_t i = 0; i < sizeof architectures / sizeof *architectures; i++)
		if (architectures[i].arch == dump->arch)
			architectures[i].prepare(dump, space);
	dump->space = space;
	return space;
}

void address_add_rule(struct address_space *space, uint64_t first, uint64_t last, uint64_t physical,
		      enum certainty certainty)
{
	if (first > last || space->rule_count == LINEAR_RULES_MOST)
		return;
	space->rules[space->rule_count++] = (struct linear_rule){ { first, last, physical }, certainty };
}

bool address_from_headers(struct dump *dump, const struct address_space *space, uint64_t address, uint64_t *physical)
{
	/*
	 * QEMU without paging, and kexec-tools on some machines, write p_vaddr 0 or p_paddr: a kernel's address is then not
	 * found, or is found as itself.
	 */
	return address >= space->headers_from && dump->reader->find_physical &&
	       dump->reader->find_physical(dump, address, physical) && *physical != address;
}

static bool contains(const struct mapping *mapping, uint64_t address)
{
	return address >= mapping->first && address <= mapping->last;
}

/* The answer for an address that lies in the mapping. */
static enum memory_status answer(const struct mapping *mapping, uint64_t address, uint64_t *physical, uint64_t *length)
{
	*physical = mapping->physical + (address - mapping->first);
	*length = mapping->last - address;
	if (*length < UINT64_MAX)
		(*length)++;
	/* Physical memory does not begin anew behind its end, whatever a hostile dump says. */
	if (*length - 1 > UINT64_MAX - *physical)
		*length = UINT64_MAX - *physical + 1;
	return MEMORY_OK;
}

static const struct mapping *find_recent(struct address_space *space, uint64_t address)
{
	if (space->recent_count && contains(&space->recent[space->recent_hit], address))
		return &space->recent[space->recent_hit];
	for (size_t i = 0; i < space->recent_count; i++) {
		if (contains(&space->recent[i], address)) {
			space->recent_hit = i;
			return &space->recent[i];
		}
	}
	return NULL;
}

static void remember(struct address_space *space, const struct mapping *mapping)
{
	space->recent_hit = space->recent_next;
	space->recent[space->recent_next] = *mapping;
	space->recent_next = (space->recent_next + 1) % RECENT_MAPPINGS;
	if (space->recent_count < RECENT_MAPPINGS)
		space->recent_count++;
}

static bool apply_rules(const struct address_space *space, enum certainty certainty, uint64_t address, uint64_t *physical,
			uint64_t *length)
{
	for (size_t i = 0; i < space->rule_count; i++) {
		if (space->rules[i].certainty == certainty && contains(&space->rules[i].mapping, address)) {
			answer(&space->rules[i].mapping, address, physical, length);
			return true;
		}
	}
	return false;
}

static bool apply_headers(struct dump *dump, const struct address_space *space, uint64_t address, uint64_t *physical,
			  uint64_t *length)
{
	enum { SMALLEST_PAGE = 4096 }; /* how far the header goes is not told: to the end of a page it does */

	if (!address_from_headers(dump, space, address, physical))
		return false;
	*length = SMALLEST_PAGE - (address & (SMALLEST_PAGE - 1));
	return true;
}

static bool apply_assumption(const struct address_space *space, uint64_t address, uint64_t *physical, uint64_t *length)
{
	if (!space->has_assumption || address < space->assumed_from)
		return false;
	struct mapping assumed = { .first = space->assumed_from,
				   .last = UINT64_MAX,
				   .physical = space->assumed_from - space->assumed_difference };
	answer(&assumed, address, physical, length);
	return true;
}

enum memory_status address_translate(struct dump *dump, uint64_t address, uint64_t *physical, uint64_t *length,
				     struct error *error)
{
	struct address_space *space = address_space(dump);
	bool tables_failed = false;

	if (!space) {
		error_out_of_memory(error);
		return MEMORY_UNMAPPED;
	}
	if (space->tag && address >> 55 & 1)
		address |= space->tag;
	const struct mapping *recent = find_recent(space, address);
	if (recent)
		return answer(recent, address, physical, length);
	if (space->has_tables) {
		struct mapping mapping;
		enum memory_status status = address_walk(dump, &space->tables, address, &mapping, error);
		if (status == MEMORY_OK) {
			remember(space, &mapping);
			return answer(&mapping, address, physical, length);
		}
		if (status == MEMORY_UNMAPPED)
			return status;
		tables_failed = true; /* the tables of this address are not in the dump; *error says which */
	}
	if (apply_rules(space, CERTAIN, address, physical, length) ||
	    apply_headers(dump, space, address, physical, length) || apply_assumption(space, address, physical, length) ||
	    apply_rules(space, GUESSED, address, physical, length))
		return MEMORY_OK;
	if (!tables_failed)
		error_set(error,
			  "virtual address 0x%" PRIx64
			  " cannot be translated: the kernel's page tables were not found, and nothing else maps it",
			  address);
	return MEMORY_UNMAPPED;
}

void address_assume(struct dump *dump, uint64_t begin, uint64_t difference)
{
	struct address_space *space = address_space(dump);

	if (!space)
		return; /* out of memory: address_translate() will say so */
	space->has_assumption = true;
	space->assumed_from = begin;
	space->assumed_difference = difference;
}

void address_reset(struct dump *dump)
{
	free(dump->space);
	dump->space = NULL;
}
