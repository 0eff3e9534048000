/* Which files of a directory are modules', and whose. */
#define _GNU_SOURCE
#include "debuginfo/modules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "in_directory.h"

static void assert_name(const char *path, const char *expected)
{
	struct arena arena = { 0 };
	struct text name;

	assert_int_equal(module_name_of_file(&arena, path, &name), expected != NULL);
	if (expected)
		assert_true(text_is(name, expected));
	arena_free(&arena);
}

static void test_a_name_is_that_of_the_file_as_the_kernel_writes_it(void **state)
{
	(void)state;
	assert_name("overlay.ko", "overlay");
	assert_name("/lib/modules/6.1.0/kernel/sound/snd-hda-intel.ko", "snd_hda_intel");
	assert_name("a/snd-pcm.ko.debug", "snd_pcm");
	assert_name("x.ko/vmlinux", NULL);
	assert_name("overlay.ko.xz", NULL);
	assert_name("overlay.debug", NULL);
	assert_name("a/.ko", NULL);
	assert_name(".ko.debug", NULL);
	assert_name("", NULL);
}

static bool has(const struct module_files *files, const char *name, const char *path)
{
	for (size_t i = 0; i < files->count; i++)
		if (text_is(files->items[i].name, name) && strcmp(files->items[i].path, path) == 0)
			return true;
	return false;
}

static void test_all_below_a_directory_are_found_and_no_link_is_followed(void **state)
{
	struct module_files files = { 0 };
	struct arena arena = { 0 };

	(void)state;
	assert_int_equal(mkdir("tree", 0700), 0);
	assert_int_equal(mkdir("tree/kernel", 0700), 0);
	assert_int_equal(mkdir("outside", 0700), 0);
	write_file("tree/a-b.ko", "");
	write_file("tree/kernel/c.ko.debug", "");
	write_file("tree/kernel/c.ko.xz", "");
	write_file("outside/d.ko", "");
	assert_int_equal(mkdir("tree/e.ko", 0700), 0);
	assert_int_equal(symlink("../outside", "tree/out"), 0);
	assert_int_equal(symlink("../outside/d.ko", "tree/d.ko"), 0);
	assert_int_equal(symlink("..", "tree/kernel/up"), 0);
	module_files_below(&arena, "tree", &files);
	assert_int_equal(files.count, 2);
	assert_true(has(&files, "a_b", "tree/a-b.ko"));
	assert_true(has(&files, "c", "tree/kernel/c.ko.debug"));
	arena_free(&arena);
}

static void test_a_tree_without_end_has_one(void **state)
{
	struct module_files files = { 0 };
	struct arena arena = { 0 };
	char path[200] = "deep";

	(void)state;
	for (int i = 0; i < 40; i++) {
		assert_int_equal(mkdir(path, 0700), 0);
		strcat(path, "/d");
	}
	write_file("deep/near.ko", "");
	strcpy(path + strlen(path) - 2, "/far.ko");
	write_file(path, "");
	module_files_below(&arena, "deep", &files);
	assert_int_equal(files.count, 1);
	assert_true(has(&files, "near", "deep/near.ko"));
	arena_free(&arena);
}

static void test_no_directory_has_none(void **state)
{
	struct module_files files = { 0 };
	struct arena arena = { 0 };

	(void)state;
	write_file("file.ko", "");
	module_files_below(&arena, "nothing", &files);
	module_files_below(&arena, "file.ko", &files);
	assert_int_equal(files.count, 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_name_is_that_of_the_file_as_the_kernel_writes_it),
		IN_A_DIRECTORY(test_all_below_a_directory_are_found_and_no_link_is_followed),
		IN_A_DIRECTORY(test_a_tree_without_end_has_one),
		IN_A_DIRECTORY(test_no_directory_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
