/* triage/machine: hosts and times in the names of files and directories, and in SUSE's README.txt. */
#include "triage/machine.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define NEVER        RECORD_NO_TIME

enum { NOON = 1685966400 }; /* 2023-06-05 12:00:00 UTC */

struct row {
	const char *given, *host; /* NULL: not said */
	int64_t crashed_at;
};

static void check(const struct row *row, struct machine_said said)
{
	if (!text_is(said.host, row->host ? row->host : "") || said.crashed_at != row->crashed_at)
		fail_msg("'%s': host '%.*s', time %" PRId64, row->given, TEXT_ARGS(said.host), said.crashed_at);
}

static void check_paths(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct machine_said said = machine_of_path(text_from(rows[i].given));
		check(&rows[i], said);
		assert_false(said.zone_said);
	}
}

static void test_crash_directories(void **state)
{
	static const struct row rows[] = {
		{ "/var/crash/10.0.0.7-2023-06-05-12:00:05/vmcore", "10.0.0.7", NOON + 5 },
		{ "/var/crash/10.0.0.7-2023-06-05-12:00:05", "10.0.0.7", NOON + 5 },
		{ "/var/crash/10.0.0.7-2023-06-05-12:00:05//", "10.0.0.7", NOON + 5 },
		{ "10.0.0.7-2023-06-05-12:00:05/vmcore-dmesg.txt", "10.0.0.7", NOON + 5 },
		{ "/var/crash/127.0.0.1-2023-06-05-12:00:05/vmcore", NULL, NOON + 5 },
		{ "/var/crash/localhost-2023-06-05-12:00:05/vmcore", NULL, NOON + 5 },
		{ "/var/crash/db-01.example.org-2023-06-05-12:00:05/vmcore", "db-01.example.org", NOON + 5 },
		{ "/var/crash/fe80::1-2023-06-05-12:00:05/vmcore", "fe80::1", NOON + 5 },
		{ "/var/spool/abrt/vmcore-10.0.0.7-2023-06-05-12:00:05/vmcore", "10.0.0.7", NOON + 5 },
		{ "/var/spool/abrt/vmcore-127.0.0.1-2023-06-05-12:00:05/vmcore", NULL, NOON + 5 },
		{ "/var/crash/2023-06-05-12:00/vmcore", NULL, NOON },
		{ "/var/crash/web1-2023-06-05-12:00/dmesg.txt", "web1", NOON },
		{ "/var/crash/202306051200/dump.202306051200", NULL, NOON },
		{ "/var/crash/202306051200", NULL, NOON },
		{ "/srv/crash/web1-202306051200/dmesg.202306051201", "web1", NOON + 60 },
		{ "dmesg.202306051200", NULL, NOON },
		{ "dump.202306051200.gz", NULL, NOON },
		{ "vmcore.20230605120005", NULL, NOON + 5 },
	};

	(void)state;
	check_paths(rows, COUNT(rows));
}

static void test_names_that_say_nothing(void **state)
{
	static const struct row rows[] = {
		{ "", NULL, NEVER },
		{ "-", NULL, NEVER },
		{ "/", NULL, NEVER },
		{ "vmcore", NULL, NEVER },
		{ "/var/crash/vmcore-dmesg.txt", NULL, NEVER },
		{ "/var/crash/10.0.0.7-2023-06-31-12:00:05/vmcore", NULL, NEVER }, /* there is no such day */
		{ "/var/crash/10.0.0.7-2023-06-05-12:00:05.old/vmcore", NULL, NEVER },
		{ "/var/crash/10.0.0.7-2023-06-05-12:00:05/a/vmcore", NULL, NEVER }, /* not the directory of the file */
		{ "/var/crash/10.0.0.72023-06-05-12:00:05/vmcore", NULL, NEVER },
		{ "/var/crash/x\033[31m-2023-06-05-12:00:05/vmcore", NULL, NOON + 5 },
		{ "/var/crash/---2023-06-05-12:00:05/vmcore", NULL, NOON + 5 },
		{ "/var/crash/20230605120005/vmcore", NULL, NEVER },
		{ "/cases/012345678901/vmcore", NULL, NEVER },
		{ "dmesg.20230605", NULL, NEVER },
		{ "dmesg.2023060512001", NULL, NEVER },
		{ "messages-20230605", NULL, NEVER },
		{ "/var/log/dmesg.0", NULL, NEVER },
	};

	(void)state;
	check_paths(rows, COUNT(rows));
}

static void test_reports(void **state)
{
	static const struct row rows[] = {
		{ "/srv/sosreport-web1-2023-06-05-ezcfcop/var/log/messages", "web1", NEVER },
		{ "/srv/sosreport-web1-2023-06-05-ezcfcop.tar.xz", "web1", NEVER },
		{ "sosreport-db-01-2023-06-05-ezcfcop.tar.xz/sosreport-db-01-2023-06-05-ezcfcop/var/log/messages", "db-01",
		  NEVER },
		{ "sosreport-web1-03312345-2023-06-05-ezcfcop.tar.xz", "web1", NEVER },
		{ "sosreport-db-01-03312345-2023-06-05-ezcfcop", "db-01", NEVER },
		{ "sosreport-web1.123456-20171224185433/dmesg", "web1", NEVER },
		{ "sosreport-web1-20171224185433-1a2b.tar.xz", "web1", NEVER },
		{ "sosreport-web1/dmesg", "web1", NEVER },
		{ "sosreport-web1.tar.xz", "web1", NEVER },
		{ "sosreport-db-01-renamed/dmesg", NULL, NEVER }, /* "db", or "db-01"? */
		{ "sosreport-localhost-2023-06-05-ezcfcop/dmesg", NULL, NEVER },
		{ "sosreport-/dmesg", NULL, NEVER },
		{ "sosreport-2023-06-05-ezcfcop/dmesg", NULL, NEVER },
		{ "scc_web1_230605_1200.txz", "web1", NEVER },
		{ "/srv/scc_web-1_230605_1200/messages.txt", "web-1", NEVER },
		{ "nts_web1_230605_1200.tbz", "web1", NEVER },
		{ "scc_web_1_230605_1200/messages.txt", "web_1", NEVER },
		{ "scc_web1/messages.txt", NULL, NEVER },
		{ "scc_/x", NULL, NEVER },
		/* The crash directory in it names the time; the report the host, where the directory does not. */
		{ "sosreport-web1-2023-06-07-ezcfcop/var/crash/127.0.0.1-2023-06-05-12:00:05/vmcore-dmesg.txt", "web1",
		  NOON + 5 },
		{ "sosreport-web1-2023-06-07-ezcfcop/var/crash/10.0.0.7-2023-06-05-12:00:05/vmcore-dmesg.txt", "10.0.0.7",
		  NOON + 5 },
	};

	(void)state;
	check_paths(rows, COUNT(rows));
}

#define README_BEGINS "Kernel crashdump\n----------------\n\n"

static void test_readmes(void **state)
{
	static const struct {
		struct row row;
		bool zone_said;
	} rows[] = {
		{ { README_BEGINS "Crash time     : 2023-06-05 12:00 (+0000)\nKernel version : "
				  "6.4.0-150600.21-default\nHost           : web1\n"
				  "Dump level     : 31\nDump format    : lzo\n",
		    "web1", NOON },
		  true },
		{ { README_BEGINS "Crash time     : 2023-06-05 14:00 (+0200)\nHost           : web1.example.org",
		    "web1.example.org", NOON },
		  true },
		{ { README_BEGINS "Crash time     : 2023-06-05 12:00:05\r\nHost           : \r\n", NULL, NOON + 5 }, false },
		{ { README_BEGINS "Crash time     : 1970-01-01 00:00 (+0000)\nHost           : web1\n", "web1", NEVER },
		  false },
		{ { README_BEGINS "Crash time     : yesterday\n", NULL, NEVER }, false },
		{ { README_BEGINS "Crash time\nHost\n: x\n", NULL, NEVER }, false },
		{ { "Crash time     : 2023-06-05 12:00 (+0000)\nHost           : web1\n", NULL, NEVER }, false },
		{ { "", NULL, NEVER }, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct machine_said said = machine_of_readme(text_from(rows[i].row.given));
		check(&rows[i].row, said);
		assert_int_equal(said.zone_said, rows[i].zone_said);
	}
}

static void test_names(void **state)
{
	static const char *const names[] = { "web1", "10.0.0.1", "a", "db-01.example.org", "fe80::1", "host_1", "1" };
	static const char *const others[] = { "",          "-",         "..",  "localhost", "localhost.localdomain",
					      "127.0.0.1", "127.0.1.1", "::1", "(none)",    "a b",
					      "a\n",       "[x]",       "a/b", "\xff" };
	char longest[300];

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		if (!machine_is_name(text_from(names[i])))
			fail_msg("'%s' is no name", names[i]);
	for (size_t i = 0; i < COUNT(others); i++)
		if (machine_is_name(text_from(others[i])))
			fail_msg("'%s' is a name", others[i]);
	memset(longest, 'a', sizeof longest);
	assert_true(machine_is_name((struct text){ longest, 255 }));
	assert_false(machine_is_name((struct text){ longest, 256 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crash_directories),
		cmocka_unit_test(test_names_that_say_nothing),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_readmes),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
