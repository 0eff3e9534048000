/* Tests that have a directory of their own. Behind cmocka.h, with _GNU_SOURCE. */
#ifndef IN_DIRECTORY_H
#define IN_DIRECTORY_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Each test has a directory of its own, and is in it. */
static char directory[64];

static inline int make_directory(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/kdump-triage-unit-XXXXXX");
	return mkdtemp(directory) ? chdir(directory) : -1;
}

static inline int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status, (void)kind, (void)place;
	return remove(path);
}

static inline int remove_directory(void **state)
{
	(void)state;
	return chdir("/") == 0 ? nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS) : -1;
}

static inline void write_bytes(const char *name, const char *bytes, size_t length)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static inline void write_file(const char *name, const char *content)
{
	write_bytes(name, content, strlen(content));
}

static inline void empty_directory(void)
{
	remove_directory(NULL);
	assert_int_equal(mkdir(directory, 0700), 0);
	assert_int_equal(chdir(directory), 0);
}

#define IN_A_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

#endif
