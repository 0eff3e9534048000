/* input/: what a directory holds by its names, crashes of an earlier time, and links that must not be followed. */
#define _GNU_SOURCE
#include "input/directory_survey.h"
#include "input/input.h"

#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "in_directory.h"

#define LOG "[    1.000000] Oops: 0002 [#1] SMP\n"

static const struct link_roots anywhere;

/* Files as "NAME" or "NAME:SIZE", of one byte where there is no size; their times are their places in the list. */
static void write_sized(const char *names)
{
	char *list = strdup(names), *rest = list, *name;
	char bytes[1000] = { 0 };

	for (int i = 1; (name = strsep(&rest, " ")); i++) {
		char *colon = strchr(name, ':');
		struct timespec times[2] = { { i, 0 }, { i, 5 } };
		if (colon)
			*colon = '\0';
		write_bytes(name, bytes, colon ? (size_t)atoi(colon + 1) : 1);
		assert_int_equal(utimensat(AT_FDCWD, name, times, 0), 0);
	}
	free(list);
}

/* "BEST@TIME=SIZE~SECONDS BEST... | LEFTOVER=SIZE... | LEFT OUT" */
static const char *surveyed_below(struct link_roots roots)
{
	static char line[8192];
	struct directory_survey survey;
	struct error error;
	int fd = open(".", O_RDONLY | O_DIRECTORY);
	size_t length = 0;

	assert_true(directory_survey(fd, roots, &survey, &error));
	close(fd);
	line[0] = '\0';
	for (size_t i = 0; i < survey.group_count; i++) {
		const struct directory_group *group = &survey.groups[i];
		assert_int_equal(group->modified % 1000000000, 5);
		length += (size_t)snprintf(line + length, sizeof line - length, "%s%.*s%s@%" PRIu64 "=%" PRIu64 "~%" PRId64,
					   length ? " " : "", TEXT_ARGS(group->best), group->pstore ? " (pstore)" : "",
					   group->time, group->size, group->modified / 1000000000);
	}
	for (size_t i = 0; i < survey.leftover_count; i++)
		length += (size_t)snprintf(line + length, sizeof line - length, "%s%.*s=%" PRIu64, i ? " " : " | ",
					   TEXT_ARGS(survey.leftovers[i].name), survey.leftovers[i].size);
	if (survey.left_out.length)
		snprintf(line + length, sizeof line - length, " | %.*s", TEXT_ARGS(survey.left_out));
	assert_false(survey.more);
	directory_survey_free(&survey);
	return line;
}

static void assert_surveyed(const char *names, const char *expected)
{
	empty_directory();
	write_sized(names);
	assert_string_equal(surveyed_below(anywhere), expected);
}

static void test_one_crash(void **state)
{
	(void)state;
	assert_surveyed("vmcore:100 vmcore-dmesg.txt:10 kexec-dmesg.log:3 README.txt:500 notes:7",
			"vmcore-dmesg.txt@0=113~3");
	assert_surveyed("vmcore:100", "vmcore@0=100~1");
	assert_surveyed("vmcore-dmesg-incomplete.txt:4 vmcore:100", "vmcore@0=104~2");
	assert_surveyed("vmcore-dmesg-incomplete.txt:4", "vmcore-dmesg-incomplete.txt@0=4~1");
	assert_surveyed("vmcore-incomplete:100 dmesg.txt:5", "dmesg.txt@0=105~2");
	assert_surveyed("vmcore1:10 vmcore2:20 vmcore10:30", "vmcore1@0=60~3");
	assert_surveyed("dump.202306051200:9 dmesg.202306051200:5", "dmesg.202306051200@202306051200=14~2");
	/* Saving failed: what the crash kernel's log says of it is worth telling. */
	assert_surveyed("kexec-dmesg.log:3", "kexec-dmesg.log@0=3~1");
	assert_surveyed("vmcore:0", "vmcore@0=0~1");
}

static void test_no_crash(void **state)
{
	(void)state;
	assert_surveyed("README.txt notes messages core", "");
	empty_directory();
	assert_string_equal(surveyed_below(anywhere), "");
}

static void test_several_times(void **state)
{
	(void)state;
	assert_surveyed(
		"dump.202306051200:1 dmesg.202306051200:2 dump.202306060900:4 dmesg.202306060900:8 dump.202306070800:16",
		"dump.202306070800@202306070800=16~5 dmesg.202306060900@202306060900=12~4 "
		"dmesg.202306051200@202306051200=3~2");
	/* What has no time is of the latest. */
	assert_surveyed("dmesg.202306051200:1 dmesg.202306060900:2 dump-incomplete:4 kexec-dmesg.log:8",
			"dmesg.202306060900@202306060900=14~4 dmesg.202306051200@202306051200=1~1");
	assert_surveyed("dmesg.99999999999999999999999999 dump.202306051200",
			"dmesg.99999999999999999999999999@18446744073709551615=1~1 dump.202306051200@202306051200=1~2");
}

static void test_leftovers(void **state)
{
	(void)state;
	assert_surveyed("vmcore.web1:1 vmcore.web2:2 vmcore.web3:4", "vmcore.web3@0=4~3 | vmcore.web1=1 vmcore.web2=2");
	assert_surveyed("vmcore:1 vmcore.flat:2 vmcore-dmesg.txt:4 dmesg.txt:8 dmesg.txt.gz:16",
			"vmcore-dmesg.txt@0=5~3 | dmesg.txt=8 dmesg.txt.gz=16 vmcore.flat=2");
	/* Parts of the set that is read are none; nor is what was not saved to its end, or is empty. */
	assert_surveyed("vmcore1:1 vmcore2:2 vmcore.web1:4", "vmcore1@0=3~2 | vmcore.web1=4");
	assert_surveyed("vmcore1:1 vmcore2:2 vmcore:4 vmcore-incomplete:8", "vmcore@0=12~4 | vmcore1=1 vmcore2=2");
	assert_surveyed("vmcore:1 vmcore.gz:0 dmesg.txt:2 vmcore-dmesg-incomplete.txt:4", "dmesg.txt@0=7~4");
	/* A file without a time takes the place of the latest one. */
	assert_surveyed("dump.202306051200:1 dump.202306060900:2 vmcore:4",
			"vmcore@202306060900=4~3 dump.202306051200@202306051200=1~1 | dump.202306060900=2");
}

static void test_pstore(void **state)
{
	(void)state;
	assert_surveyed("dmesg-efi-165467616402001:2 dmesg-efi-165467616401001:1 console-ramoops-0:4",
			"console-ramoops-0 (pstore)@0=7~3");
	assert_surveyed("dmesg-efi-165467616402001:2 dmesg.txt:1", "dmesg.txt@0=1~2");
}

static void test_what_is_no_file(void **state)
{
	struct directory_survey survey;
	struct error error;

	(void)state;
	assert_int_equal(mkfifo("vmcore", 0600), 0);
	assert_int_equal(mkdir("vmcore-dmesg.txt", 0700), 0);
	assert_int_equal(symlink("/nowhere", "vmcore1"), 0);
	assert_string_equal(surveyed_below(anywhere), " | vmcore (not a regular file)");
	write_sized("vmcore.flat:3");
	assert_string_equal(surveyed_below(anywhere), "vmcore.flat@0=3~1 | vmcore (not a regular file)");
	assert_false(directory_survey(-1, anywhere, &survey, &error));
	directory_survey_free(&survey);
}

static void test_many_files(void **state)
{
	struct directory_survey survey;
	struct error error;
	int fd = open(".", O_RDONLY | O_DIRECTORY);
	char name[40];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "dump.20230605%04d", i);
		write_file(name, "x");
		snprintf(name, sizeof name, "vmcore.host-%d", i);
		write_file(name, "x");
	}
	assert_true(directory_survey(fd, anywhere, &survey, &error));
	assert_int_equal(survey.group_count, 1000);
	/* Of the latest time, the timed file is the better one. */
	assert_int_equal(survey.leftover_count, 1000);
	assert_true(text_is(survey.groups[0].best, "dump.202306050999"));
	directory_survey_free(&survey);
	close(fd);
}

/* Opens the test's directory, or a file in it, and gives the path that is read, or the error. */
static const char *opening(const char *name, const struct input_options *options)
{
	static char line[1000];
	struct input input;
	struct error error = { 0 };
	size_t prefix = strlen(directory) + 1;
	char *path;

	assert_true(asprintf(&path, "%s%s%s", directory, *name ? "/" : "", name) > 0);
	if (!input_open(&input, path, options, &error)) {
		snprintf(line, sizeof line, "error: %s", error.message);
	} else {
		snprintf(line, sizeof line, "%s", input.path + prefix);
		for (size_t i = 0; i < input.note_count; i++)
			snprintf(line + strlen(line), sizeof line - strlen(line), " | %.*s", TEXT_ARGS(input.notes[i]));
		input_close(&input);
	}
	free(path);
	return line;
}

static void test_crash_of_an_earlier_time(void **state)
{
	struct input_options options = { .temporary_directory = "/tmp" };

	(void)state;
	write_file("dmesg.202306051200", LOG);
	write_file("dmesg.202306060900", LOG);
	write_file("dmesg.202306070900", LOG);
	write_file("vmcore-dmesg-incomplete.txt", LOG);
	assert_string_equal(opening("", &options), "dmesg.202306070900");
	options.directory_time = 202306070900;
	assert_string_equal(opening("", &options), "dmesg.202306070900");
	options.directory_time = 202306051200;
	assert_string_equal(opening("", &options), "dmesg.202306051200");
	options.directory_time = 202306061200;
	assert_string_equal(opening("", &options),
			    "error: a crash directory without a crash of the time 202306061200 in its "
			    "files' names");
	/* What has no time is not of an earlier crash. */
	options.directory_time = 202306051200;
	assert_int_equal(unlink("dmesg.202306051200"), 0);
	assert_memory_equal(opening("", &options), "error: ", 7);
	options.directory_time = 0;
	write_file("vmcore-dmesg.txt", LOG);
	assert_string_equal(opening("", &options), "vmcore-dmesg.txt");
}

/* A directory "given" with files in it, and files outside. */
static struct input_options make_links(char root[static 100])
{
	static const char *roots[1];

	assert_int_equal(mkdir("given", 0700), 0);
	assert_int_equal(mkdir("given-not", 0700), 0);
	write_file("secret", LOG);
	write_file("given/real", LOG);
	write_file("given-not/log", LOG);
	snprintf(root, 100, "%s/given", directory);
	roots[0] = root;
	return (struct input_options){ .temporary_directory = "/tmp", .link_roots = roots, .link_root_count = 1 };
}

#define LEADS_OUT "a symbolic link that leads out of the directories given"

static void test_loose_links(void **state)
{
	char root[100];
	struct input_options options = make_links(root), any = { .temporary_directory = "/tmp" };

	(void)state;
	assert_int_equal(symlink("real", "given/inside"), 0);
	assert_int_equal(symlink("../secret", "given/outside"), 0);
	assert_int_equal(symlink("../given-not/log", "given/beside"), 0);
	assert_int_equal(symlink("outside", "given/twice"), 0);
	assert_int_equal(symlink("/dev/zero", "given/device"), 0);
	assert_int_equal(symlink("nowhere", "given/dangling"), 0);
	assert_int_equal(symlink("..", "given/up"), 0);
	assert_string_equal(opening("given/real", &options), "given/real");
	assert_string_equal(opening("given/inside", &options), "given/inside");
	assert_string_equal(opening("given/outside", &options), "error: " LEADS_OUT);
	assert_string_equal(opening("given/beside", &options), "error: " LEADS_OUT);
	assert_string_equal(opening("given/twice", &options), "error: " LEADS_OUT);
	assert_string_equal(opening("given/device", &options), "error: " LEADS_OUT);
	assert_string_equal(opening("given/up/secret", &options), "error: " LEADS_OUT);
	assert_string_equal(opening("given/dangling", &options), "error: a symbolic link to nowhere, which does not exist");
	assert_string_equal(opening("given/nothing", &options), "error: cannot open: No such file or directory");
	assert_string_equal(opening("given/outside", &any), "given/outside");
	/* A root may be a file. */
	snprintf(root, sizeof root, "%s/secret", directory);
	assert_string_equal(opening("given/outside", &options), "given/outside");
	assert_string_equal(opening("given/real", &options), "error: " LEADS_OUT);
	options.link_roots = (const char *const[]){ "/nowhere", "/" };
	options.link_root_count = 2;
	assert_string_equal(opening("given/outside", &options), "given/outside");
}

static void test_links_in_a_directory(void **state)
{
	char root[100];
	struct input_options options = make_links(root), any = { .temporary_directory = "/tmp" };

	(void)state;
	assert_int_equal(mkdir("given/crash", 0700), 0);
	assert_int_equal(symlink("../../secret", "given/crash/vmcore-dmesg.txt"), 0);
	assert_string_equal(opening("given/crash", &any), "given/crash/vmcore-dmesg.txt");
	assert_string_equal(opening("given/crash", &options),
			    "error: a directory without a crash in it, for this is none: vmcore-dmesg.txt (" LEADS_OUT ")");
	assert_int_equal(symlink("../real", "given/crash/dmesg.txt"), 0);
	assert_string_equal(opening("given/crash", &options),
			    "given/crash/dmesg.txt | Not read: vmcore-dmesg.txt (" LEADS_OUT ").");
	/* The crash kernel's log may not be quoted from elsewhere either. */
	write_file("secret", "makedumpfile Failed.\n");
	assert_int_equal(unlink("given/crash/vmcore-dmesg.txt"), 0);
	assert_int_equal(symlink("../../secret", "given/crash/kexec-dmesg.log"), 0);
	assert_string_equal(opening("given/crash", &options), "given/crash/dmesg.txt");
	assert_non_null(strstr(opening("given/crash", &any), "Saving the dump failed"));
}

static void test_links_in_a_survey(void **state)
{
	char root[100];
	struct input_options options = make_links(root);
	struct link_roots roots = { options.link_roots, options.link_root_count };

	(void)state;
	assert_int_equal(chdir("given"), 0);
	write_sized("vmcore.flat:3");
	assert_int_equal(symlink("../secret", "vmcore"), 0);
	assert_string_equal(surveyed_below(roots), "vmcore.flat@0=3~1 | vmcore (" LEADS_OUT ")");
}

static void test_links_of_pstore(void **state)
{
	char root[100];
	struct input_options options = make_links(root);

	(void)state;
	write_file("given/dmesg-ramoops-0", "Panic#1 Part1\n" LOG);
	assert_int_equal(symlink("../secret", "given/dmesg-ramoops-1"), 0);
	assert_string_equal(opening("given", &options), "given | Read from the piece of pstore dmesg-ramoops-0 (Panic#1).");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_DIRECTORY(test_one_crash),
		IN_A_DIRECTORY(test_no_crash),
		IN_A_DIRECTORY(test_several_times),
		IN_A_DIRECTORY(test_leftovers),
		IN_A_DIRECTORY(test_pstore),
		IN_A_DIRECTORY(test_what_is_no_file),
		IN_A_DIRECTORY(test_many_files),
		IN_A_DIRECTORY(test_crash_of_an_earlier_time),
		IN_A_DIRECTORY(test_loose_links),
		IN_A_DIRECTORY(test_links_in_a_directory),
		IN_A_DIRECTORY(test_links_in_a_survey),
		IN_A_DIRECTORY(test_links_of_pstore),
	};

	return cmocka_run_group_tests_name("survey", tests, NULL, NULL);
}
