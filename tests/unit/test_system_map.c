/* A System.map: addresses and names both ways, and maps that are of no use. */
#define _POSIX_C_SOURCE 200809L
#include "stacks/system_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MOVED = 0x10000000 }; /* by KASLR */

static const char map_text[] = "0000000000020000 A runqueues\n"
			       "ffffffff81000000 T _stext\n"
			       "ffffffff81000000 T _text\n"
			       "ffffffff81000100 t first\n"
			       "ffffffff81000140 T second\n"
			       "ffffffff82000000 D init_uts_ns\n"
			       "ffffffff82000400 B __bss_stop\n";

static struct system_map *open_text(const char *text, const char *vmcoreinfo, struct error *error)
{
	struct dump dump = { .vmcoreinfo = text_from(vmcoreinfo) };
	struct facts facts = { .has_kaslr_offset = true, .kaslr_offset = MOVED };
	char path[] = "/tmp/system-map-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	struct system_map *map = system_map_open(path, &dump, &facts, error);
	unlink(path);
	error->path = NULL;
	return map;
}

static const char right[] = "SYMBOL(_stext)=ffffffff91000000\nSYMBOL(init_uts_ns)=ffffffff92000000\n";

static void both_ways(void **state)
{
	static const char *const names[] = { "second", "runqueues", "nothing" };
	struct kallsyms_symbol symbol;
	struct error error = { 0 };
	uint64_t at[3];
	struct system_map *map = open_text(map_text, right, &error);

	(void)state;
	assert_non_null(map);
	assert_true(system_map_at(map, 0xffffffff9100013f, &symbol));
	assert_string_equal(symbol.name, "first");
	assert_int_equal(symbol.address, 0xffffffff91000100);
	assert_int_equal(symbol.size, 0x40);
	assert_true(system_map_at(map, 0xffffffff91000000, &symbol)); /* of two names the first */
	assert_string_equal(symbol.name, "_stext");
	assert_false(system_map_at(map, 0xffffffff92000001, &symbol)); /* data */
	assert_false(system_map_at(map, 0xffffffff92000500, &symbol)); /* behind all */
	assert_false(system_map_at(map, 0x1000, &symbol));
	assert_int_equal(system_map_find(map, names, 3, at), 2);
	assert_int_equal(at[0], 0xffffffff91000140);
	assert_int_equal(at[1], 0x20000); /* per-CPU: not moved */
	assert_int_equal(at[2], 0);
	system_map_close(map);
}

/* On x86_64 swapper_pg_dir is no symbol, but another name of init_top_pgt, which VMCOREINFO tells by that name. */
static void names_that_are_no_symbols(void **state)
{
	struct error error = { 0 };
	struct system_map *map =
		open_text(map_text, "SYMBOL(_stext)=ffffffff91000000\nSYMBOL(swapper_pg_dir)=ffffffff93000000\n", &error);

	(void)state;
	assert_non_null(map);
	system_map_close(map);
}

static void of_no_use(void **state)
{
	static const struct {
		const char *text, *vmcoreinfo, *why;
	} rows[] = {
		{ map_text, "SYMBOL(_stext)=ffffffff91000040\n", "of another kernel: _stext" },
		{ "ffffffff81000000 T _stext\n",
		  "SYMBOL(_stext)=ffffffff91000040\nSYMBOL(swapper_pg_dir)=ffffffff93000000\n",
		  "of another kernel: _stext" },
		{ map_text, "OSRELEASE=6.1.0\n", "VMCOREINFO names no symbol" },
		{ "ffffffffffffffff B The real System.map is elsewhere\n", right, "of another kernel" },
		{ "this is no map\n", right, "expected \"address type name\"" },
		{ "", right, "of another kernel" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct error error = { 0 };
		assert_null(open_text(rows[i].text, rows[i].vmcoreinfo, &error));
		if (!strstr(error.message, rows[i].why))
			fail_msg("'%s' is not '%s'", error.message, rows[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(both_ways), cmocka_unit_test(names_that_are_no_symbols),
					    cmocka_unit_test(of_no_use) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
