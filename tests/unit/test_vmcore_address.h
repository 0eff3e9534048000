/* A machine whose memory and page tables a test builds by hand: its pages, VMCOREINFO and one program header. */
#ifndef TEST_VMCORE_ADDRESS_H
#define TEST_VMCORE_ADDRESS_H

#include "vmcore/address.h"
#include "vmcore/address_space.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The machine's memory: pages that were written to; others are not in the dump. */
enum { PAGES_MOST = 64, PAGE = 4096 };

static struct {
	uint64_t address;
	unsigned char bytes[PAGE];
} pages[PAGES_MOST];
static size_t page_count;
static bool random_memory;                                      /* every page is there, and holds anything */
static uint64_t header_virtual, header_physical, header_length; /* one program header */
static char info[2048];
static struct dump dump;

static inline unsigned char *page_at(uint64_t address)
{
	for (size_t i = 0; i < page_count; i++)
		if (pages[i].address == address / PAGE * PAGE)
			return pages[i].bytes;
	return NULL;
}

static inline unsigned char any_byte(uint64_t address)
{
	return (unsigned char)((address * UINT64_C(0x9e3779b97f4a7c15) + info[0]) >> 56);
}

static inline enum memory_status read_physical(struct dump *from, uint64_t address, void *buffer, size_t length,
					       struct error *error)
{
	unsigned char *to = buffer;

	(void)from;
	for (size_t i = 0; i < length; i++, address++) {
		const unsigned char *page = page_at(address);
		if (!page && !random_memory) {
			error_set(error, "there is no physical 0x%" PRIx64, address);
			return MEMORY_ABSENT;
		}
		to[i] = page ? page[address % PAGE] : any_byte(address);
	}
	return MEMORY_OK;
}

static inline bool find_physical(struct dump *in, uint64_t address, uint64_t *physical)
{
	(void)in;
	if (address < header_virtual || address - header_virtual >= header_length)
		return false;
	*physical = header_physical + (address - header_virtual);
	return true;
}

static inline bool next_run(struct dump *in, uint64_t *address, uint64_t *length)
{
	uint64_t best = UINT64_MAX;

	(void)in;
	for (size_t i = 0; i < page_count; i++)
		if (pages[i].address >= *address && pages[i].address < best)
			best = pages[i].address;
	*address = best;
	*length = PAGE;
	return best != UINT64_MAX;
}

static const struct dump_reader reader = { .read_physical = read_physical,
					   .find_physical = find_physical,
					   .next_run = next_run };

/* Begins anew with a machine of that architecture and that VMCOREINFO. */
static void start(enum arch arch, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline void start(enum arch arch, const char *format, ...)
{
	va_list arguments;

	address_reset(&dump);
	page_count = 0;
	random_memory = false;
	header_virtual = header_physical = header_length = 0;
	va_start(arguments, format);
	vsnprintf(info, sizeof info, format, arguments);
	va_end(arguments);
	bool narrow = arch == ARCH_I386 || arch == ARCH_ARM || arch == ARCH_PPC;
	dump = (struct dump){ .reader = &reader, .arch = arch, .word = narrow ? 4 : 8, .big_endian = arch == ARCH_S390X };
	dump.vmcoreinfo = text_from(info);
}

/* A number in memory, in the machine's byte order. */
static inline void put(uint64_t address, size_t size, uint64_t value)
{
	unsigned char *page = page_at(address);

	if (!page) {
		assert_true(page_count < PAGES_MOST);
		pages[page_count].address = address / PAGE * PAGE;
		page = pages[page_count++].bytes;
		memset(page, 0, PAGE);
	}
	for (size_t i = 0; i < size; i++)
		page[address % PAGE + (dump.big_endian ? size - 1 - i : i)] = (unsigned char)(value >> 8 * i);
}

/* Entry `index` of a table of 8-byte entries; and of 4-byte ones. */
static inline void entry(uint64_t table, uint64_t index, uint64_t value)
{
	put(table + index * 8, 8, value);
}

static inline void entry4(uint64_t table, uint64_t index, uint64_t value)
{
	put(table + index * 4, 4, value);
}

static inline void maps(uint64_t address, uint64_t expected, uint64_t expected_length)
{
	uint64_t physical = 0, length = 0;
	struct error error = { 0 };
	enum memory_status status = address_translate(&dump, address, &physical, &length, &error);

	if (status != MEMORY_OK)
		fail_msg("0x%" PRIx64 ": %s", address, error.message);
	if (physical != expected || (expected_length && length != expected_length))
		fail_msg("0x%" PRIx64 ": got 0x%" PRIx64 " for 0x%" PRIx64 " bytes, expected 0x%" PRIx64 " for 0x%" PRIx64,
			 address, physical, length, expected, expected_length);
}

static inline void maps_not(uint64_t address, const char *why)
{
	uint64_t physical = 0, length = 0;
	struct error error = { 0 };

	if (address_translate(&dump, address, &physical, &length, &error) != MEMORY_UNMAPPED)
		fail_msg("0x%" PRIx64 ": got 0x%" PRIx64, address, physical);
	if (!strstr(error.message, why))
		fail_msg("0x%" PRIx64 ": \"%s\" does not say \"%s\"", address, error.message, why);
}

#endif
