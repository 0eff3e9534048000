/* vmcore/kallsyms and safe_buffers: tables as scripts/kallsyms.c of several versions writes them, in a memory made by hand.
 */
#define _POSIX_C_SOURCE 200809L
#include "stacks/symbols.h"
#include "vmcore/address.h"
#include "vmcore/kallsyms.h"
#include "vmcore/safe_buffers.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Memory from physical 0 on; virtual addresses are BASE behind it. */
#define BASE UINT64_C(0xc000000000000000)
enum { MEMORY = 4 * 1024 * 1024, TEXT_AT = 0x10000, TABLES_AT = 0x100000, DATA_AT = 0x300000, SYMBOLS = 1000 };

static unsigned char memory[MEMORY];
static char info[1024];
static struct dump dump;
static size_t at; /* where the next table goes */
static struct {
	uint64_t count, names, token_table, token_index, values, base;
} places;

struct form {
	bool big_endian, addresses, new_order, per_cpu;
	size_t marker, count_size;
};

static enum memory_status read_physical(struct dump *from, uint64_t address, void *buffer, size_t length,
					struct error *error)
{
	(void)from;
	if (address > MEMORY || length > MEMORY - address) {
		error_set(error, "no such memory");
		return MEMORY_ABSENT;
	}
	memcpy(buffer, memory + address, length);
	return MEMORY_OK;
}

static const struct dump_reader reader = { .read_physical = read_physical };

static void put(size_t place, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++)
		memory[place + (dump.big_endian ? size - 1 - i : i)] = (unsigned char)(value >> 8 * i);
}

static void append(size_t size, uint64_t value)
{
	put(at, size, value);
	at += size;
}

static void align(void)
{
	at = (at + 7) / 8 * 8;
}

/* Symbols: per-CPU ones at 0x1000 and on, text, then data. */
static const char *symbol_name(size_t i, char buffer[64])
{
	static const struct {
		size_t index;
		const char *name;
	} known[] = { { 0, "nmi_print_seq" }, { 1, "safe_print_seq" },     { 2, "_text" },
		      { 3, "_stext" },        { 700, "__per_cpu_offset" }, { 900, "nr_cpu_ids" } };

	for (size_t k = 0; k < sizeof known / sizeof *known; k++)
		if (known[k].index == i)
			return known[k].name;
	snprintf(buffer, 64, "%s_%zu", i % 3 ? "function_of_some_length" : "x", i);
	return buffer;
}

static uint64_t symbol_address(size_t i, bool per_cpu)
{
	if (i < 2)
		return (per_cpu ? 0 : BASE + TEXT_AT - 0x8000) + 0x1000 + i * 0x2000;
	if (i < 4)
		return BASE + TEXT_AT;
	if (i == 700)
		return BASE + DATA_AT;
	if (i == 900)
		return BASE + DATA_AT + 0x800;
	return BASE + (i < 600 ? TEXT_AT : DATA_AT) + i * 2;
}

static void values(const struct form *form)
{
	uint64_t base = BASE + TEXT_AT - (form->per_cpu ? 0 : 0x8000);

	places.values = BASE + at;
	for (size_t i = 0; i < SYMBOLS; i++) {
		uint64_t address = symbol_address(i, form->per_cpu);
		if (form->addresses)
			append(8, address);
		else if (form->per_cpu && i >= 2)
			append(4, base - 1 - address);
		else
			append(4, form->per_cpu ? address : address - base);
	}
	align();
	places.base = BASE + at;
	if (!form->addresses)
		append(8, base);
}

static void names(size_t *markers)
{
	char buffer[64];
	size_t begin = at;

	places.names = BASE + at;
	for (size_t i = 0; i < SYMBOLS; i++) {
		const char *name = symbol_name(i, buffer);
		if (i % 256 == 0)
			*markers++ = at - begin;
		/* "function_of_" is one token; every other one is a character, the type "T" among them. */
		bool token = strncmp(name, "function_of_", 12) == 0;
		append(1, strlen(name) + 1 - (token ? 11 : 0));
		append(1, 'T');
		if (token)
			append(1, 200);
		for (name += token ? 12 : 0; *name; name++)
			append(1, (unsigned char)*name);
	}
	align();
}

static void tokens(void)
{
	uint16_t index[256];
	size_t begin = at;

	places.token_table = BASE + at;
	for (unsigned int i = 0; i < 256; i++) {
		index[i] = (uint16_t)(at - begin);
		if (i == 200)
			at += (size_t)snprintf((char *)memory + at, 32, "function_of_") + 1;
		else if (i > ' ' && i < 127)
			at += (size_t)snprintf((char *)memory + at, 32, "%c", i) + 1;
		else
			at += (size_t)snprintf((char *)memory + at, 32, "t%u", i) + 1;
	}
	align();
	places.token_index = BASE + at;
	for (unsigned int i = 0; i < 256; i++)
		append(2, index[i]);
	align();
}

static void build(const struct form *form, const char *release)
{
	size_t markers[4];

	address_reset(&dump);
	memset(memory, 0, sizeof memory);
	snprintf(info, sizeof info, "OSRELEASE=%s\nSYMBOL(_stext)=%" PRIx64 "\nSYMBOL(init_uts_ns)=%" PRIx64 "\n", release,
		 BASE + TEXT_AT, BASE + DATA_AT);
	dump = (struct dump){ .reader = &reader,
			      .arch = ARCH_PPC64,
			      .word = 8,
			      .page_size = 4096,
			      .big_endian = form->big_endian,
			      .vmcoreinfo = text_from(info) };
	at = TABLES_AT;
	if (!form->new_order)
		values(form);
	places.count = BASE + at;
	append(form->count_size, SYMBOLS);
	align();
	names(markers);
	for (size_t i = 0; i < 4; i++)
		append(form->marker, markers[i]);
	align();
	tokens();
	if (form->new_order)
		values(form);
}

static void check(const struct form *form)
{
	static const char *const wanted[] = {
		"nr_cpu_ids", "function_of_some_length_499", "x_999", "no_such", "nmi_print_seq",
		"_text",      "function_of_some_length_49"
	};
	static const size_t indexes[] = { 900, 499, 999, 0, 0, 2, 49 };
	uint64_t addresses[7];
	struct error error = { 0 };

	build(form, "5.10.0");
	struct kallsyms *kallsyms = kallsyms_open(&dump, &error);
	if (!kallsyms)
		fail_msg("%s", error.message);
	assert_int_equal(kallsyms_find(kallsyms, wanted, 7, addresses), 6);
	for (size_t i = 0; i < 7; i++)
		assert_true(addresses[i] == (i == 3 ? 0 : symbol_address(indexes[i], form->per_cpu)));
	kallsyms_close(kallsyms);
}

static void test_forms(void **state)
{
	(void)state;
	for (unsigned int bits = 0; bits < 32; bits++) {
		struct form form = { .big_endian = bits & 1,
				     .addresses = bits & 2,
				     .new_order = bits & 4,
				     .per_cpu = bits & 8,
				     .marker = bits & 16 ? 8 : 4 };
		form.count_size = form.marker;
		if (form.addresses && form.new_order)
			continue; /* no kernel has both */
		check(&form);
	}
}

/* As VMCOREINFO has it since 6.0: without the markers. */
static void tell_places(void)
{
	size_t used = strlen(info);

	snprintf(info + used, sizeof info - used,
		 "SYMBOL(kallsyms_names)=%" PRIx64 "\nSYMBOL(kallsyms_num_syms)=%" PRIx64
		 "\nSYMBOL(kallsyms_token_table)=%" PRIx64 "\nSYMBOL(kallsyms_token_index)=%" PRIx64
		 "\nSYMBOL(kallsyms_offsets)=%" PRIx64 "\nSYMBOL(kallsyms_relative_base)=%" PRIx64 "\n",
		 places.names, places.count, places.token_table, places.token_index, places.values, places.base);
	dump.vmcoreinfo = text_from(info);
}

/* The names of addresses, asked for up and down, with markers and without. */
static void test_names_of_addresses(void **state)
{
	static const size_t indexes[] = { 5, 599, 257, 256, 255, 511, 4, 512, 598, 300 };
	const struct form form = { .per_cpu = true, .marker = 4, .count_size = 4 };
	struct kallsyms_symbol symbol;
	struct error error = { 0 };

	(void)state;
	for (size_t told = 0; told < 2; told++) {
		build(&form, "6.1.0");
		if (told)
			tell_places();
		struct kallsyms *kallsyms = kallsyms_open(&dump, &error);
		if (!kallsyms)
			fail_msg("%s", error.message);
		for (size_t round = 0; round < 2; round++)
			for (size_t i = 0; i < sizeof indexes / sizeof *indexes; i++) {
				char buffer[64];
				uint64_t address = symbol_address(indexes[i], true);
				assert_true(kallsyms_at(kallsyms, address + 1, &symbol));
				assert_string_equal(symbol.name, symbol_name(indexes[i], buffer));
				assert_true(symbol.address == address);
				assert_true(indexes[i] == 599 || symbol.size == 2);
			}
		assert_false(kallsyms_at(kallsyms, 0x800, &symbol));
		kallsyms_close(kallsyms);
	}
}

static char seen[4096];
static void see(void *state, unsigned int cpu, const char *name, struct text bytes)
{
	(void)state;
	snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%u %s %.*s|", cpu, name, TEXT_ARGS(bytes));
}

static void test_safe_buffers(void **state)
{
	const struct form form = { .per_cpu = true, .marker = 4, .count_size = 4 };
	struct error error = { 0 };

	(void)state;
	build(&form, "4.19.0-27-amd64");
	put(DATA_AT + 0x800, 4, 3);
	for (size_t cpu = 0; cpu < 3; cpu++)
		put(DATA_AT + 8 * cpu, 8, BASE + 0x200000 + cpu * 0x10000);
	put(0x211000, 4, 4);
	memcpy(memory + 0x211020, "\0014a\n", 4);
	put(0x223000, 4, 5);
	memcpy(memory + 0x223028, "\0014cd\n", 5); /* irq_work of four words */
	seen[0] = '\0';
	assert_true(safe_buffers_visit(&dump, see, NULL, &error));
	assert_string_equal(seen, "1 nmi_print_seq \0014a\n|2 safe_print_seq \0014cd\n|");
	put(0x201000, 4, 0x7fffffff);
	put(0x213000, 4, 8);
	seen[0] = '\0';
	assert_false(safe_buffers_visit(&dump, see, NULL, &error));
	assert_string_equal(error.message, "nmi_print_seq of CPU 0: it holds more bytes than any kernel gives it");
	assert_string_equal(seen, "1 nmi_print_seq \0014a\n|2 safe_print_seq \0014cd\n|");
	put(DATA_AT + 0x800, 4, 100000);
	assert_false(safe_buffers_visit(&dump, see, NULL, &error));
	assert_string_equal(error.message, "nr_cpu_ids is 100000, expected 1 to 8192");
	build(&form, "5.15.0");
	memset(memory, 0, sizeof memory);
	assert_true(safe_buffers_visit(&dump, see, NULL, &error));
	build(&form, "4.19.0");
	memset(memory, 0, sizeof memory);
	assert_false(safe_buffers_visit(&dump, see, NULL, &error));
}

/* Damage anywhere in the tables. */
static void test_damage(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (unsigned int round = 0; round < 300; round++) {
		const struct form form = { .per_cpu = true, .marker = round & 1 ? 4 : 8, .count_size = 4 };
		build(&form, "5.10.0");
		put(DATA_AT + 0x800, 4, 2);
		for (unsigned int i = 0; i < 1 + round % 40; i++) {
			seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
			memory[TABLES_AT + (seed >> 33) % (at - TABLES_AT)] = (unsigned char)(seed >> 25);
		}
		struct error error = { 0 };
		seen[0] = '\0';
		safe_buffers_visit(&dump, see, NULL, &error);
	}
	address_reset(&dump);
}

/* The table that is made here has no init_task: it passes for one of functions alone. */
static void test_a_map_has_the_data_that_the_table_has_not(void **state)
{
	static const char *const wanted[] = { "__start_BTF", "nr_cpu_ids" };
	const struct form form = { .per_cpu = true, .marker = 4, .count_size = 4 };

	(void)state;
	for (unsigned int wrong = 0; wrong < 2; wrong++) {
		char path[] = "/tmp/system-map-XXXXXX";
		const char *const maps[] = { "/nowhere/System.map", path, NULL };
		struct facts facts = { 0 };
		struct error error = { 0 };
		struct symbol symbol;
		uint64_t found[2];

		build(&form, "6.1.0");
		FILE *file = fdopen(mkstemp(path), "w");
		assert_non_null(file);
		fprintf(file,
			"%" PRIx64 " T _stext\n%" PRIx64 " t other\n%" PRIx64 " D init_uts_ns\n%" PRIx64 " R __start_BTF\n",
			BASE + TEXT_AT, BASE + TEXT_AT + 10, BASE + DATA_AT + wrong, BASE + DATA_AT + 0x5000);
		assert_int_equal(fclose(file), 0);
		struct symbols *symbols = symbols_open(&dump, &facts, maps, NULL, &error);
		unlink(path);
		assert_non_null(symbols);
		assert_string_equal(symbols_origin(symbols), "kallsyms");
		assert_true(symbols_find_one(symbols, wanted[0]) == (wrong ? 0 : BASE + DATA_AT + 0x5000));
		assert_true(symbols_find_one(symbols, wanted[1]) == symbol_address(900, true));
		assert_int_equal(symbols_find(symbols, wanted, 2, found), 1);
		assert_true(symbols_at(symbols, BASE + TEXT_AT + 11, &symbol)); /* functions are the table's */
		assert_true(text_is(symbol.name, "function_of_some_length_5"));
		symbols_close(symbols);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_names_of_addresses),
		cmocka_unit_test(test_safe_buffers),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_a_map_has_the_data_that_the_table_has_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
