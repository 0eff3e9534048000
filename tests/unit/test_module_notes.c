/* The build id of a module, by its notes in memory: those that are there, and those that lie. */
#include "stacks/module_notes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { MEMORY_AT = 0x1000, MEMORY_SIZE = 0x8000, MODULE = 0x1100, ATTRIBUTES = 0x2000, NOTES = 0x3000 };

static unsigned char memory[MEMORY_SIZE];
static struct dump dump;

/* As in 6.1 on x86_64: where struct module_notes_attrs and struct bin_attribute have their members. */
static const struct module_notes layout = {
	.known = true,
	.has_count = true,
	.attributes = { 0x40, 8 },
	.count = { 8, 4 },
	.first = { 16, 0 },
	.bytes = { 24, 8 },
	.size = { 16, 8 },
	.each = 72,
};

/* In place of vmcore's. */
enum memory_status dump_read(struct dump *of, uint64_t address, void *buffer, size_t length, struct error *error)
{
	(void)of;
	(void)error;
	if (address < MEMORY_AT || length > MEMORY_SIZE || address - MEMORY_AT > MEMORY_SIZE - length)
		return MEMORY_ABSENT;
	memcpy(buffer, memory + (address - MEMORY_AT), length);
	return MEMORY_OK;
}

enum memory_status dump_read_number(struct dump *of, uint64_t address, size_t size, uint64_t *value, struct error *error)
{
	unsigned char bytes[8];

	if (dump_read(of, address, bytes, size, error) != MEMORY_OK)
		return MEMORY_ABSENT;
	*value = 0;
	for (size_t i = 0; i < size; i++)
		*value |= (uint64_t)bytes[of->big_endian ? size - 1 - i : i] << 8 * i;
	return MEMORY_OK;
}

static void put(uint64_t address, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++)
		memory[address - MEMORY_AT + (dump.big_endian ? size - 1 - i : i)] = (unsigned char)(value >> 8 * i);
}

static void put_section(unsigned int index, uint64_t bytes, uint64_t size)
{
	uint64_t attribute = ATTRIBUTES + layout.first.offset + index * layout.each;

	put(attribute + layout.bytes.offset, 8, bytes);
	put(attribute + layout.size.offset, 8, size);
}

/* A note; where the next may begin. */
static uint64_t put_note(uint64_t at, const char *name, uint32_t type, size_t length)
{
	put(at, 4, strlen(name) + 1);
	put(at + 4, 4, length);
	put(at + 8, 4, type);
	strcpy((char *)memory + (at + 12 - MEMORY_AT), name);
	at += 12 + ((strlen(name) + 4) & ~(size_t)3);
	for (size_t i = 0; i < length; i++)
		put(at + i, 1, 0xa0 + i);
	return at + ((length + 3) & ~(size_t)3);
}

static void begin(bool big_endian, uint32_t sections)
{
	memset(memory, 0, sizeof memory);
	dump = (struct dump){ .word = 8, .big_endian = big_endian };
	put(MODULE + layout.attributes.offset, 8, ATTRIBUTES);
	put(ATTRIBUTES + layout.count.offset, 4, sections);
}

static void assert_build_id(const struct module_notes *notes, const char *expected)
{
	struct arena arena = { 0 };
	struct text build_id = module_notes_build_id(&dump, notes, MODULE, &arena);

	assert_true(text_is(build_id, expected));
	arena_free(&arena);
}

static void test_it_is_found_among_other_notes_and_sections(void **state)
{
	struct module_notes without_count = layout;

	(void)state;
	without_count.has_count = false;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		begin(big_endian, 2);
		put_section(0, NOTES, put_note(put_note(NOTES, "Linux", 0x100, 5), "Xen", 3, 4) - NOTES);
		put_section(1, NOTES + 0x100, put_note(put_note(NOTES + 0x100, "GNU", 5, 8), "GNU", 3, 6) - NOTES - 0x100);
		assert_build_id(&layout, "a0a1a2a3a4a5");
		assert_build_id(&without_count, "a0a1a2a3a4a5");
		put(ATTRIBUTES + layout.count.offset, 4, 1);
		assert_build_id(&layout, "");
	}
}

static void test_what_is_not_there_is_not_found(void **state)
{
	struct module_notes unknown = { 0 };

	(void)state;
	begin(false, 1);
	put_section(0, NOTES, put_note(NOTES, "GNU", 3, 4) - NOTES);
	assert_build_id(&layout, "a0a1a2a3");
	assert_build_id(&unknown, "");
	put(MODULE + layout.attributes.offset, 8, 0); /* CONFIG_KALLSYMS, and no notes */
	assert_build_id(&layout, "");
	put(MODULE + layout.attributes.offset, 8, 0xffff880000000000); /* a page that is not in the dump */
	assert_build_id(&layout, "");
}

static void test_notes_that_lie_are_none(void **state)
{
	static const struct {
		uint32_t name, length;
		uint64_t size;
	} rows[] = {
		{ 4, 0, 20 },   /* nothing is described */
		{ 4, 65, 200 }, /* no build id is that long */
		{ 4, 20, 35 },  /* longer than the section */
		{ 4, UINT32_MAX, 36 }, { UINT32_MAX, 20, 36 }, { UINT32_MAX, UINT32_MAX, 4096 },
		{ 4, 20, 4097 }, /* no section of notes is that long */
		{ 4, 20, UINT64_MAX }, { 4, 20, 0 },           { 4, 20, 15 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		begin(false, UINT32_MAX);
		put_note(NOTES, "GNU", 3, 20);
		put(NOTES, 4, rows[i].name);
		put(NOTES + 4, 4, rows[i].length);
		put_section(0, NOTES, rows[i].size);
		assert_build_id(&layout, "");
	}
	begin(false, 1);
	put_note(NOTES, "GNU", 3, 20);
	put_section(0, NOTES, 36);
	assert_build_id(&layout, "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3");
	put_section(0, MEMORY_AT + MEMORY_SIZE - 16, 36); /* half of it is in the dump */
	assert_build_id(&layout, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_is_found_among_other_notes_and_sections),
		cmocka_unit_test(test_what_is_not_there_is_not_found),
		cmocka_unit_test(test_notes_that_lie_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
