/* Walking page tables of any form: read an entry, let the architecture understand it, go down. */
#include "vmcore/address_space.h"
#include "vmcore/bytes.h"
#include "vmcore/cause.h"

#include <inttypes.h>

/* Whether the bits above those that are looked up are what they must be. */
static bool is_canonical(const struct page_tables *tables, uint64_t address)
{
	if (tables->ones)
		return address >> tables->ones == UINT64_MAX >> tables->ones;
	return tables->width >= 64 || address >> tables->width == 0;
}

static enum memory_status not_mapped(uint64_t address, uint64_t place, unsigned int shift, uint64_t entry,
				     struct error *error)
{
	error_set(error,
		  "virtual address 0x%" PRIx64 " is not mapped: the page table entry at physical 0x%" PRIx64
		  ", for 2^%u bytes, is 0x%" PRIx64,
		  address, place, shift, entry);
	return MEMORY_UNMAPPED;
}

static enum memory_status read_entry(struct dump *dump, const struct page_tables *tables, uint64_t place, uint64_t address,
				     uint64_t *entry, struct error *error)
{
	unsigned char bytes[8];
	struct error why = { 0 };
	enum memory_status status = dump->reader->read_physical(dump, place, bytes, tables->entry_size, &why);

	if (status != MEMORY_OK) {
		error_set(error,
			  "virtual address 0x%" PRIx64 ": its page table entry at physical 0x%" PRIx64 " cannot be read: %s",
			  address, place, cause(&why, CAUSE_USUAL).text);
		/* That it is not mapped is for the tables to say. */
		return status == MEMORY_UNMAPPED ? MEMORY_ABSENT : status;
	}
	*entry = bytes_get(bytes, tables->entry_size, dump->big_endian);
	return MEMORY_OK;
}

enum memory_status address_walk(struct dump *dump, const struct page_tables *tables, uint64_t address,
				struct mapping *mapping, struct error *error)
{
	uint64_t table = tables->root, entry = 0, place = 0;
	unsigned int above = tables->width, shift = 0;

	if (!is_canonical(tables, address)) {
		error_set(error, "virtual address 0x%" PRIx64 " is not one of the kernel's", address);
		return MEMORY_UNMAPPED;
	}
	for (unsigned int level = 0; level < tables->level_count; level++) {
		shift = tables->shifts[level];
		uint64_t index = address >> shift & ((UINT64_C(1) << (above - shift)) - 1);
		place = table + index * tables->entry_size;
		enum memory_status status = read_entry(dump, tables, place, address, &entry, error);
		if (status != MEMORY_OK)
			return status;
		struct table_entry understood = tables->decode(tables, shift, entry);
		if (understood.kind == ENTRY_ABSENT)
			break;
		if (understood.kind == ENTRY_PAGE) {
			uint64_t within = (UINT64_C(1) << understood.span) - 1;
			*mapping = (struct mapping){ address & ~within, address | within, understood.physical & ~within };
			return MEMORY_OK;
		}
		table = understood.physical;
		above = shift;
	}
	return not_mapped(address, place, shift, entry, error);
}

bool address_use_tables(struct dump *dump, struct address_space *space, const struct page_tables *tables, uint64_t known)
{
	struct mapping mapping;
	struct error ignored = { 0 };

	if (address_walk(dump, tables, known, &mapping, &ignored) != MEMORY_OK ||
	    mapping.physical + (known - mapping.first) != tables->root)
		return false;
	space->tables = *tables;
	space->has_tables = true;
	return true;
}
