/* input/: crash directories as kdump's scripts leave them, and why saving failed. */
#define _GNU_SOURCE /* asprintf */
#include "input/crash_file.h"
#include "input/directory.h"
#include "input/saving.h"

#include <fcntl.h>
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

#define LOG  "[    1.000000] Oops: 0002 [#1] SMP\n"
#define DUMP "KDUMP   and so on"

/* The latest crash; links may lead anywhere. */
static const struct directory_options any;

static void write_files(const char *names)
{
	char *list = strdup(names), *rest = list, *name;

	while ((name = strsep(&rest, " ")))
		write_file(name, strstr(name, "dmesg") ? LOG : DUMP);
	free(list);
}

/* What directory_read() gives, in one line: "LOG (whole) + DUMP DUMP (incomplete)". */
static const char *reading(void)
{
	static char line[8192];
	struct crash_directory found;
	struct error error = { 0 };
	size_t prefix = strlen(directory) + 1, length = 0;

	if (!directory_read(directory, &any, &found, &error)) {
		snprintf(line, sizeof line, "error: %s", error.message);
		return line;
	}
	if (found.log)
		assert_memory_equal(found.log, directory, prefix - 1);
	length += (size_t)snprintf(line, sizeof line, "%s%s +", found.log ? found.log + prefix : "-",
				   found.log_whole ? " (whole)" : "");
	for (size_t i = 0; i < found.dump_count; i++)
		length += (size_t)snprintf(line + length, sizeof line - length, " %s", found.dumps[i] + prefix);
	snprintf(line + length, sizeof line - length, "%s%s%s", found.dump_incomplete ? " (incomplete)" : "",
		 found.saving_log ? " [saving log]" : "", found.readme ? " [readme]" : "");
	directory_free(&found);
	assert_null(found.log);
	return line;
}

static void assert_reading(const char *names, const char *expected)
{
	empty_directory();
	write_files(names);
	assert_string_equal(reading(), expected);
}

static void test_layouts(void **state)
{
	static const struct {
		const char *names, *expected;
	} layouts[] = {
		/* RHEL, Fedora, Amazon */
		{ "vmcore vmcore-dmesg.txt kexec-dmesg.log", "vmcore-dmesg.txt (whole) + vmcore [saving log]" },
		{ "vmcore", "- + vmcore" },
		{ "vmcore-dmesg.txt", "vmcore-dmesg.txt (whole) +" },
		{ "vmcore-incomplete vmcore-dmesg.txt kexec-dmesg.log",
		  "vmcore-dmesg.txt (whole) + vmcore-incomplete (incomplete) [saving log]" },
		{ "vmcore-dmesg-incomplete.txt", "vmcore-dmesg-incomplete.txt +" },
		{ "vmcore vmcore-dmesg-incomplete.txt", "vmcore-dmesg-incomplete.txt + vmcore" },
		{ "vmcore.flat vmcore-dmesg.txt", "vmcore-dmesg.txt (whole) + vmcore.flat" },
		{ "vmcore.flat vmcore", "- + vmcore" },
		{ "vmcore-incomplete vmcore", "- + vmcore" },
		/* Debian, Ubuntu */
		{ "dmesg.202306051200 dump.202306051200", "dmesg.202306051200 (whole) + dump.202306051200" },
		{ "dmesg.202306051200 dump.202306051200.gz", "dmesg.202306051200 (whole) + dump.202306051200.gz" },
		{ "dmesg.202306051200 dump-incomplete", "dmesg.202306051200 (whole) + dump-incomplete (incomplete)" },
		{ "dmesg.202306051200 dump-incomplete.lz4",
		  "dmesg.202306051200 (whole) + dump-incomplete.lz4 (incomplete)" },
		{ "dmesg.202306051200 dump-incomplete vmcore.202306051200",
		  "dmesg.202306051200 (whole) + vmcore.202306051200" },
		{ "dump.202306051200 dump.202306051200.xz", "- + dump.202306051200" },
		/* SUSE */
		{ "dmesg.txt vmcore README.txt System.map-6.4.0-default.gz vmlinux-6.4.0-default.gz",
		  "dmesg.txt (whole) + vmcore [readme]" },
		{ "dmesg.txt vmcore1 vmcore2 vmcore10 README.txt", "dmesg.txt (whole) + vmcore1 vmcore2 vmcore10 [readme]" },
		/* SteamOS */
		{ "dmesg.txt build.txt version.txt vmcore.compressed", "dmesg.txt (whole) + vmcore.compressed" },
		/* What people make of them */
		{ "vmcore.gz vmcore-dmesg.txt.gz", "vmcore-dmesg.txt.gz (whole) + vmcore.gz" },
		{ "vmcore-dmesg.txt vmcore-dmesg.txt.orig vmcore vmcore.sha256 vmcore.txt vmcore~ vmcore.md5sum",
		  "vmcore-dmesg.txt (whole) + vmcore" },
		{ "vmcore.txt dmesg.txt vmcore.log", "dmesg.txt (whole) +" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
		assert_reading(layouts[i].names, layouts[i].expected);
}

/* Several machines' kdump-tools may write to one directory of an FTP server. */
static void test_several_times(void **state)
{
	(void)state;
	assert_reading("dmesg.202306051200 dump.202306051200 dmesg.202306060900 dump.202306060900",
		       "dmesg.202306060900 (whole) + dump.202306060900");
	/* Neither a log nor a dump of another crash is better than none. */
	assert_reading("dmesg.202306051200 dump.202306051200 dump.202306060900", "- + dump.202306060900");
	assert_reading("dmesg.202306051200 dump.202306051200 dmesg.202306060900", "dmesg.202306060900 (whole) +");
	assert_reading("dmesg.202306051200 dump.202306051200 dmesg.202306060900 dump-incomplete",
		       "dmesg.202306060900 (whole) + dump-incomplete (incomplete)");
	assert_reading("dump.202306051200 vmcore.202306060900", "- + vmcore.202306060900");
	assert_reading("vmcore.202306051200 vmcore.202306060900 vmcore.202306060901", "- + vmcore.202306060901");
	/* No number of 64 bits. */
	assert_reading("dump.99999999999999999999999999 dump.202306051200", "- + dump.99999999999999999999999999");
}

static void test_parts_of_a_split_dump(void **state)
{
	(void)state;
	assert_reading("vmcore.1 vmcore.2 vmcore.3 dmesg.txt", "dmesg.txt (whole) + vmcore.1 vmcore.2 vmcore.3");
	assert_reading("vmcore0 vmcore1", "- + vmcore0 vmcore1");
	assert_reading("vmcore1", "- + vmcore1");
	assert_reading("vmcore.1", "- + vmcore.1");
	assert_reading("vmcore1 vmcore.1", "- + vmcore.1");
	/* Put together already. */
	assert_reading("vmcore1 vmcore2 vmcore", "- + vmcore");
	assert_reading("vmcore1 vmcore2 vmcore-incomplete", "- + vmcore1 vmcore2");
	empty_directory();
	write_files("vmcore1 vmcore2");
	write_file("vmcore", "");
	assert_string_equal(reading(), "- + vmcore1 vmcore2");
}

static void test_more_parts_than_anybody_makes(void **state)
{
	struct crash_directory found;
	struct error error;
	char name[32];

	(void)state;
	for (int i = 998; i >= 0; i -= 2) {
		snprintf(name, sizeof name, "vmcore%d", i);
		write_file(name, DUMP);
	}
	assert_true(directory_read(directory, &any, &found, &error));
	assert_int_equal(found.dump_count, CRASH_DIRECTORY_DUMPS_MOST);
	assert_string_equal(strrchr(found.dumps[0], '/'), "/vmcore0");
	assert_string_equal(strrchr(found.dumps[CRASH_DIRECTORY_DUMPS_MOST - 1], '/'), "/vmcore126");
	directory_free(&found);
}

static void test_logs_that_are_not_whole(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		const char *why;
	} logs[] = {
		{ LOG, sizeof LOG - 1, "" },
		{ LOG, sizeof LOG - 2, "it ends in the middle of a line" },
		{ LOG "\0\0\0\0", sizeof LOG - 1 + 4, "it ends in zeros, where nothing was written" },
		{ "\0\0\0\0", 4, "it ends in zeros, where nothing was written" },
		{ "", 0, "it is empty" },
		{ "\n", 1, "" },
		{ "\x1f\x8b\x08 whatever", 12, "" },
		{ "KDUMP   \n", 9, "it holds a kernel dump (makedumpfile's compressed format), not a log" },
		{ "\x01\x02\x03\x04\x05\x06\n", 7, "it holds binary data, not a log" },
	};
	struct crash_directory found;
	struct error error;

	(void)state;
	write_file("vmcore", DUMP);
	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
		write_bytes("vmcore-dmesg.txt", logs[i].bytes, logs[i].length);
		assert_true(directory_read(directory, &any, &found, &error));
		assert_string_equal(found.log_not_whole, logs[i].why);
		assert_true(found.log_whole == !*logs[i].why);
		assert_int_equal(found.dump_count, 1);
		directory_free(&found);
	}
	assert_int_equal(rename("vmcore-dmesg.txt", "vmcore-dmesg-incomplete.txt"), 0);
	assert_true(directory_read(directory, &any, &found, &error));
	assert_string_equal(found.log_not_whole, "by its name it was not saved to its end");
	directory_free(&found);
}

static void test_empty_files(void **state)
{
	(void)state;
	write_file("vmcore", "");
	assert_string_equal(reading(), "- + vmcore (incomplete)");
	write_files("vmcore-incomplete");
	assert_string_equal(reading(), "- + vmcore-incomplete (incomplete)");
	write_file("vmcore-dmesg.txt", "");
	assert_string_equal(reading(), "vmcore-dmesg.txt + vmcore-incomplete (incomplete)");
	write_files("dmesg.txt");
	assert_string_equal(reading(), "dmesg.txt (whole) + vmcore-incomplete (incomplete)");
}

static void test_only_regular_files_count(void **state)
{
	(void)state;
	assert_int_equal(mkfifo("vmcore-dmesg.txt", 0600), 0);
	assert_int_equal(mkfifo("vmcore", 0600), 0);
	assert_int_equal(mkfifo("dump.999912312359", 0600), 0);
	assert_int_equal(mkfifo("kexec-dmesg.log", 0600), 0);
	assert_int_equal(mkdir("vmcore.gz", 0700), 0);
	assert_int_equal(symlink("dmesg.txt", "dmesg.txt"), 0);
	assert_int_equal(symlink("/dev/zero", "vmcore1"), 0);
	assert_int_equal(symlink("/nowhere/vmcore", "vmcore2"), 0);
	assert_string_equal(reading(), "error: a directory without a crash in it, for this is none: vmcore (not a regular "
				       "file)");
	write_files("dmesg.202306051200 real");
	assert_int_equal(symlink("real", "vmcore.flat"), 0);
	assert_string_equal(reading(), "dmesg.202306051200 (whole) + vmcore.flat");
}

static void test_links_that_lead_nowhere(void **state)
{
	struct crash_directory found;
	struct error error;

	(void)state;
	assert_int_equal(symlink("/nowhere/vmcore", "vmcore"), 0);
	assert_string_equal(reading(),
			    "error: a directory without a crash in it, for this is none: vmcore (a symbolic link to "
			    "/nowhere/vmcore, which does not exist)");
	write_files("dmesg.txt");
	assert_true(directory_read(directory, &any, &found, &error));
	assert_string_equal(found.left_out, "vmcore (a symbolic link to /nowhere/vmcore, which does not exist)");
	directory_free(&found);
	empty_directory();
	assert_int_equal(symlink("vmcore", "vmcore"), 0);
	assert_string_equal(reading(),
			    "error: a directory without a crash in it, for this is none: vmcore (cannot open: Too "
			    "many levels of symbolic links)");
}

static void test_names_from_hell(void **state)
{
	char name[256];

	(void)state;
	memset(name, '9', 255);
	memcpy(name, "dump.", 5);
	name[255] = '\0';
	write_file(name, DUMP);
	write_file("vmcore.\033[2J\n\xff", DUMP);
	write_file("dmesg.20230605\033[31m", LOG);
	write_file("vmcore-dmesg.txt\n", LOG);
	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof name, "vmcore.junk-%d", i);
		write_file(name, "");
	}
	memset(name, '9', 255);
	memcpy(name, "- + dump.", 9);
	assert_int_equal(strncmp(reading(), name, 200), 0);
}

static void test_nothing(void **state)
{
	struct crash_directory found;
	struct error error = { 0 };

	(void)state;
	assert_string_equal(reading(), "error: a directory without a crash in it: expected vmcore-dmesg.txt, dmesg.txt or "
				       "dmesg.TIME, or a dump: vmcore or dump.TIME");
	write_files(
		"dmesg dmesg.0 dmesg.1.gz messages core vmcored vmcore1x.txt dump.txt linux-image-6.1.0-202306051200.crash");
	assert_memory_equal(reading(), "error: a directory without", 26);
	assert_false(directory_read("/nowhere", &any, &found, &error));
	assert_string_equal(error.message, "cannot read the directory: No such file or directory");
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_false(directory_read("fifo", &any, &found, &error));
	assert_string_equal(error.message, "cannot read the directory: Not a directory");
}

static void test_a_slash_at_the_end(void **state)
{
	struct crash_directory found;
	struct error error;

	(void)state;
	write_files("vmcore-dmesg.txt");
	assert_true(directory_read("./", &any, &found, &error));
	assert_string_equal(found.log, "./vmcore-dmesg.txt");
	directory_free(&found);
}

static void make_crash(const char *name, const char *file)
{
	char *path;

	assert_int_equal(mkdir(name, 0700), 0);
	assert_true(asprintf(&path, "%s/%s", name, file) > 0);
	write_file(path, LOG);
	free(path);
}

static void test_directory_of_crash_directories(void **state)
{
	static const char start[] = "error: a directory of crash directories, none itself; give one of them, or several: ";
	const char *names;
	char name[32];

	(void)state;
	assert_int_equal(mkdir("empty", 0700), 0);
	assert_int_equal(symlink(".", "here"), 0);
	assert_int_equal(symlink("/nowhere", "latest"), 0);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_memory_equal(reading(), "error: a directory without", 26);
	make_crash("127.0.0.1-2023-06-05-12:00:00", "vmcore-dmesg.txt");
	assert_memory_equal(reading(), start, sizeof start - 1);
	names = reading() + sizeof start - 1;
	assert_string_equal(names, "127.0.0.1-2023-06-05-12:00:00");
	make_crash("127.0.0.1-2023-06-07-12:00:00", "vmcore-incomplete");
	assert_string_equal((reading(), names), "127.0.0.1-2023-06-07-12:00:00, 127.0.0.1-2023-06-05-12:00:00");
	make_crash("127.0.0.1-2023-06-06-12:00:00", "vmcore");
	assert_string_equal((reading(), names), "127.0.0.1-2023-06-07-12:00:00, 127.0.0.1-2023-06-06-12:00:00, "
						"127.0.0.1-2023-06-05-12:00:00");
	for (int i = 0; i < 1500; i++) {
		snprintf(name, sizeof name, "2023060512%04d", i);
		make_crash(name, "dump.202306051200");
	}
	assert_non_null(strstr(reading(), ", ..."));
	/* A log of its own makes it a crash directory. */
	write_files("dmesg.txt");
	assert_string_equal(reading(), "dmesg.txt (whole) +");
}

static void test_only_the_crash_kernels_log(void **state)
{
	(void)state;
	write_file("kexec-dmesg.log", LOG);
	assert_string_equal(reading(),
			    "error: a crash directory without log or dump: saving them failed, and kexec-dmesg.log "
			    "does not say why");
	write_file("kexec-dmesg.log", "ssh: connect to host 10.0.0.9 port 22: Connection refused\n");
	assert_string_equal(reading(),
			    "error: a crash directory without log or dump. Saving the dump failed, the host where it "
			    "was to go refused it: \"ssh: connect to host 10.0.0.9 port 22: Connection refused\"");
}

static void test_what_names_say(void **state)
{
	(void)state;
	assert_int_equal(crash_file_from_name("vmcore12").part, 12);
	assert_int_equal(crash_file_from_name("vmcore.007").part, 7);
	assert_true(crash_file_from_name("vmcore.007").dotted);
	assert_int_equal(crash_file_from_name("vmcore.2023").part, -1);
	assert_int_equal(crash_file_from_name("vmcore1.gz").part, 1);
	assert_int_equal(crash_file_from_name("vmcore1.old").part, -1);
	assert_int_equal(crash_file_from_name("vmcore").part, -1);
	assert_int_equal(crash_file_from_name("dmesg.202306051200").part, -1);
	assert_true(crash_file_from_name("dump.202306051200.gz").time == 202306051200);
	assert_true(crash_file_from_name("vmcore.12").time == 0);
	assert_int_equal(crash_file_from_name("kexec-dmesg.log").role, CRASH_FILE_SAVING_LOG);
	assert_int_equal(crash_file_from_name("").role, CRASH_FILE_OTHER);
	assert_int_equal(crash_file_from_name("vmcoreinfo").role, CRASH_FILE_OTHER);
}

/* What saving_failure() says of a log with these lines; "" where it says nothing. */
static const char *failure(const char *log)
{
	static char line[1024];
	struct arena arena = { 0 };
	struct text why = TEXT_NONE;

	write_file("kexec-dmesg.log", log);
	bool failed = saving_failure("kexec-dmesg.log", any.roots, &arena, &why);
	assert_true(failed == (why.length > 0));
	assert_true(why.length <= SAVING_FAILURE_MOST);
	snprintf(line, sizeof line, "%.*s", TEXT_ARGS(why));
	arena_free(&arena);
	return line;
}

/* Synthetic logs, of the messages as the programs' sources have them; that of makedumpfile was seen. */
#define JOURNAL "Jun 05 12:00:07 localhost "
#define BOOT                                                                                                                \
	"[Mon Jun  5 12:00:01 2023] Linux version 5.14.0-284.11.1.el9_2.x86_64\n"                                           \
	"[Mon Jun  5 12:00:02 2023] EXT4-fs (vda): mounted filesystem with ordered data mode. Quota mode: none.\n" JOURNAL  \
	"kdump[530]: saving to /kdumproot/var/crash/127.0.0.1-2023-06-05-12:00:05/\n"
#define FAILED JOURNAL "kdump[545]: saving vmcore failed, exitcode:1\n"

static void test_why_saving_failed(void **state)
{
	static const struct {
		const char *log, *expected;
	} logs[] = {
		{ BOOT "Can't write the dump file(/mnt/vmcore). No space left on device\n"
		       "This is an incomplete dumpfile, but might analyzable.\n\nmakedumpfile Failed.\n" FAILED,
		  "Saving the dump failed, there was no space left where it went: \"Can't write the dump file(/mnt/vmcore). "
		  "No "
		  "space left on device\"." },
		{ BOOT
		  "[Mon Jun  5 12:00:09 2023] Out of memory: Killed process 540 (makedumpfile) total-vm:151000kB\n" FAILED,
		  "Saving the dump failed, the crash kernel ran out of memory (crashkernel= may reserve too little): "
		  "\"Out of memory: Killed process 540 (makedumpfile) total-vm:151000kB\"." },
		{ BOOT "[    9.000000] Out of memory: Kill process 540 (systemd-udevd) score 7 or sacrifice child\n",
		  "Saving the dump failed, the crash kernel ran out of memory (crashkernel= may reserve too little): "
		  "\"Out of memory: Kill process 540 (systemd-udevd) score 7 or sacrifice child\"." },
		{ BOOT JOURNAL "kdump[540]: error: Dump target /dev/sdb1 is probably not mounted.\n",
		  "Saving the dump failed, where it was to go could not be mounted: \"kdump[540]: error: "
		  "Dump target /dev/sdb1 is probably not mounted.\"." },
		{ BOOT JOURNAL
		  "kdump.sh[540]: ssh: Could not resolve hostname dumps.example.org: Name or service not known\r\n" FAILED,
		  "Saving the dump failed, the name of the host where it was to go could not be resolved: \""
		  "kdump.sh[540]: ssh: Could not resolve hostname dumps.example.org: Name or service not known\"." },
		{ BOOT JOURNAL "kdump.sh[540]: root@10.0.0.9: Permission denied (publickey,password).\n" FAILED,
		  "Saving the dump failed, the host where it was to go refused it: \"kdump.sh[540]: "
		  "root@10.0.0.9: Permission denied (publickey,password).\"." },
		{ BOOT JOURNAL "mount[520]: mount.nfs: Connection timed out\n",
		  "Saving the dump failed, the host where it was to go could not be reached: \"mount[520]: "
		  "mount.nfs: Connection timed out\"." },
		{ BOOT JOURNAL "dracut-initqueue[400]: Warning: dracut-initqueue timeout - starting timeout scripts\n",
		  "Saving the dump failed, the device where it was to go did not appear: \""
		  "dracut-initqueue[400]: Warning: dracut-initqueue timeout - starting timeout scripts\"." },
		{ BOOT
		  "[Mon Jun  5 12:00:09 2023] blk_update_request: I/O error, dev sda, sector 2048 op 0x1:(WRITE)\n" FAILED,
		  "Saving the dump failed, the disk could not be read or written: \"blk_update_request: "
		  "I/O error, dev sda, sector 2048 op 0x1:(WRITE)\"." },
		{ BOOT "2023-06-05T12:00:07+0200 localhost kernel: [    9.000000] Buffer I/O error on dev sda\n",
		  "Saving the dump failed, the disk could not be read or written: \"Buffer I/O error on dev sda\"." },
		{ BOOT JOURNAL "kernel: Out of memory: Killed process 540 (makedumpfile)\n",
		  "Saving the dump failed, the crash kernel ran out of memory (crashkernel= may reserve too little): "
		  "\"Out of memory: Killed process 540 (makedumpfile)\"." },
		{ BOOT FAILED, "Saving the dump failed, the crash kernel does not say why: \"kdump[545]: "
			       "saving vmcore failed, exitcode:1\"." },
		{ BOOT "kdump: saving vmcore failed", /* RHEL 7 and 8; no line's end */
		  "Saving the dump failed, the crash kernel does not say why: \"kdump: saving vmcore failed\"." },
		/* Nothing failed, or not for good. */
		{ BOOT, "" },
		{ "", "" },
		{ "\n\n\n", "" },
		{ BOOT "[Mon Jun  5 12:00:02 2023] I/O error, dev fd0, sector 0\n" JOURNAL
		       "kdump[545]: saving vmcore complete\n",
		  "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++)
		assert_string_equal(failure(logs[i].log), logs[i].expected);
}

#define REPEAT_10(word) word word word word word word word word word word
#define LONG_PATH       REPEAT_10("/a-rather-long-name")

/* Of a long line the mark and what tells the reason are shown, and that something was cut. */
static void test_long_lines_are_quoted_around_what_tells(void **state)
{
	(void)state;
	assert_string_equal(failure("Can't write the dump file(" LONG_PATH "). No space left on device\n"),
			    "Saving the dump failed, there was no space left where it went: \"Can't write the dump "
			    "file(/a-rather-long-name/a-rather-long-name/a-rather-l...r-long-name/a-rather-long-name/"
			    "a-rather-long-name). No space left on device\".");
	assert_string_equal(
		failure("Can't write the dump file(" LONG_PATH "). Something else\n"),
		"Saving the dump failed, makedumpfile could not write it: \"Can't write the dump "
		"file(/a-rather-long-name/a-rather-long-name/a-rather-l...e/a-rather-long-name/a-rather-long-name/"
		"a-rather-long-name). Something else\".");
	assert_string_equal(failure("Can't write the dump file(vmcore). No space left on device" LONG_PATH "\n"),
			    "Saving the dump failed, there was no space left where it went: \"Can't write the dump "
			    "file(vmcore). No space left on device/a-rather-long-name/a-rather-long-name/"
			    "a-rather-long-name/a-rather-long-name/a-rather-long-n...\".");
	assert_non_null(strstr(failure(LONG_PATH " No space left: Can't write the dump file " LONG_PATH "\n"),
			       "\".../a-rather-long-name No space left: Can't write the dump file /a-rather-"));
}

static void test_hostile_saving_logs(void **state)
{
	enum { LENGTH = 3 * 1024 * 1024 };
	char *log = malloc(LENGTH + 1);
	struct arena arena = { 0 };
	struct text why;

	(void)state;
	assert_non_null(log);
	/* One line, the mark at its end; what lies further back than a megabyte is not read. */
	memset(log, 'x', LENGTH);
	log[LENGTH] = '\0';
	memcpy(log, "No space left on device\n", 24);
	memcpy(log + LENGTH - 20, "makedumpfile Failed.", 20);
	assert_non_null(strstr(failure(log), "makedumpfile failed: \"...xxxx"));
	assert_non_null(strstr(failure(log), "xxxmakedumpfile Failed.\"."));
	memset(log, '\n', LENGTH);
	assert_string_equal(failure(log), "");
	free(log);
	write_bytes("kexec-dmesg.log", "\0\0makedumpfile Failed.\0\033[2J\n", 28);
	assert_true(saving_failure("kexec-dmesg.log", any.roots, &arena, &why));
	arena_free(&arena);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_false(saving_failure("fifo", any.roots, &arena, &why));
	assert_false(saving_failure("nowhere", any.roots, &arena, &why));
	assert_false(saving_failure(".", any.roots, &arena, &why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_DIRECTORY(test_layouts),
		IN_A_DIRECTORY(test_several_times),
		IN_A_DIRECTORY(test_parts_of_a_split_dump),
		IN_A_DIRECTORY(test_more_parts_than_anybody_makes),
		IN_A_DIRECTORY(test_logs_that_are_not_whole),
		IN_A_DIRECTORY(test_empty_files),
		IN_A_DIRECTORY(test_only_regular_files_count),
		IN_A_DIRECTORY(test_links_that_lead_nowhere),
		IN_A_DIRECTORY(test_names_from_hell),
		IN_A_DIRECTORY(test_nothing),
		IN_A_DIRECTORY(test_a_slash_at_the_end),
		IN_A_DIRECTORY(test_directory_of_crash_directories),
		IN_A_DIRECTORY(test_only_the_crash_kernels_log),
		cmocka_unit_test(test_what_names_say),
		IN_A_DIRECTORY(test_why_saving_failed),
		IN_A_DIRECTORY(test_long_lines_are_quoted_around_what_tells),
		IN_A_DIRECTORY(test_hostile_saving_logs),
	};

	return cmocka_run_group_tests_name("directory", tests, NULL, NULL);
}
