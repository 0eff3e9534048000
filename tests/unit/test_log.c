/* log/: bytes in, records out, whatever is wrapped around them and however they arrive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test_log_rows.h"

static void test_printk(void **state)
{
	static const struct row rows[] = {
		{ TEXT(""), "text", { { 0 } } },
		{ TEXT("bare"), "text", { R("bare", NO_TIME) } },
		{ TEXT(STAMP "text\n"), "text", { R("text", STAMP_NS) } },
		{ TEXT("[5.140900] folded\n"), "text", { R("folded", STAMP_NS) } },
		{ TEXT("[ 5.140900] folded\n"), "text", { R("folded", STAMP_NS) } },
		{ TEXT("[123456.000001] text"), "text", { R("text", INT64_C(123456000001000)) } },
		{ TEXT("[    0.000000] text"), "text", { R("text", 0) } },
		{ TEXT(STAMP "  indented"), "text", { R("  indented", STAMP_NS) } },
		{ TEXT(STAMP "\ttab"), "text", { R("\ttab", STAMP_NS) } },
		{ TEXT("[    5.140900]no blank"), "text", { R("no blank", STAMP_NS) } },
		{ TEXT(STAMP), "text", { R("", STAMP_NS) } },
		{ TEXT("[    5.140900][    T1] text"), "text", { R("text", STAMP_NS, .caller_kind = 'T', .caller = 1) } },
		{ TEXT("[    5.140900][  T123456] text"), "text", { R("text", STAMP_NS, .caller_kind = 'T', .caller = 123456) } },
		{ TEXT("[    5.140900][    C3]  f+0x1/0x2"), "text", { R(" f+0x1/0x2", STAMP_NS, .caller_kind = 'C', .caller = 3) } },
		{ TEXT("[    5.140900] [   T12] text"), "text", { R("text", STAMP_NS, .caller_kind = 'T', .caller = 12) } },
		{ TEXT("[    5.140900][ T99999999999] text"), "text", { R("[ T99999999999] text", STAMP_NS) } },
		{ TEXT("[    5.140900] [T1000] is not [C"), "text", { R("is not [C", STAMP_NS, .caller_kind = 'T', .caller = 1000) } },
		{ TEXT("<4>" STAMP "text"), "text", { R("text", STAMP_NS, .level = 5) } },
		{ TEXT("<6>text"), "text", { R("text", NO_TIME, .level = 7) } },
		{ TEXT("<30>text"), "text", { R("text", NO_TIME, .level = 7) } },
		{ TEXT("<192>text"), "text", { R("<192>text", NO_TIME) } },
		{ TEXT("<IRQ>"), "text", { R("<IRQ>", NO_TIME) } },
		{ TEXT("<4"), "text", { R("<4", NO_TIME) } },
		{ TEXT("[    5.140900 <    0.000012>] text"), "text", { R("text", STAMP_NS) } },
		{ TEXT("one\n\n\nfour"), "text",
		  { R("one", NO_TIME), R("", NO_TIME, .line = 2), R("", NO_TIME, .line = 3), R("four", NO_TIME, .line = 4) } },
	};

	(void)state;
	CHECK(rows);
}

/* What only looks like a stamp stays text. */
static void test_garbled_stamps(void **state)
{
	static const char *const lines[] = {
		"[    5.14090] five digits",    "[    5.1409000] seven digits", "[    5.140900 no bracket", "[",
		"[]",                           "[ ]",                          "[    .140900] no seconds", "[    5,140900] comma",
		"[   x5.140900] letter",        "[99999999999999999999.000000] too long", "[9223372037.000000] too late",
		"[    5. 40900] blank",         "[-    5.140900] sign",         "    5.140900] no beginning", "[    5.140900} brace",
		"[<ffffffff9c3f7254>] f+0x1/0x2", "[    5.140900 < 0.000012] delta without end", "(    5.140900] parenthesis",
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct row row = { text_from(lines[i]), "text", { R(lines[i], NO_TIME) } };
		check_rows(&row, 1);
	}
}

static void test_continued(void **state)
{
	static const struct row rows[] = {
		{ TEXT("before\n" STAMP "a\nrest\n<4>more\n" STAMP "b"), "text",
		  { R("before", NO_TIME), R("a", STAMP_NS, .line = 2), R("rest", NO_TIME, .line = 3, .continued = true),
		    R("more", NO_TIME, .level = 5, .line = 4, .continued = true), R("b", STAMP_NS, .line = 5) } },
		{ TEXT("a\nb\n"), "text", { R("a", NO_TIME), R("b", NO_TIME, .line = 2) } },
	};

	(void)state;
	CHECK(rows);
}

static void test_two_records_on_a_line(void **state)
{
	static const struct row rows[] = {
		{ TEXT("[    1.000000] a[    1.001000] b\n"), "text", { R("a", 1000 * MS), R("b", 1001 * MS) } },
		{ TEXT("[    1.000000] a[    1.001000][    C0] b[    1.002000] c\nd"), "text",
		  { R("a", 1000 * MS), R("b", 1001 * MS, .caller_kind = 'C', .caller = 0), R("c", 1002 * MS), R("d", NO_TIME, .line = 2, .continued = true) } },
		{ TEXT("a[    1.001000] b"), "text", { R("a", NO_TIME), R("b", 1001 * MS) } },
		{ TEXT("[    1.000000] a [    1.00100] b"), "text", { R("a [    1.00100] b", 1000 * MS) } },
		{ TEXT("[    1.000000] a [    1.001000]b"), "text", { R("a [    1.001000]b", 1000 * MS) } },
		{ TEXT("[    1.000000] a[    1.001000]"), "text", { R("a", 1000 * MS), R("", 1001 * MS) } },
		{ TEXT("Jun  5 04:46:22 h kernel: [    1.000000] a[    1.001000] b"), "syslog", { R("a", 1000 * MS), R("b", 1001 * MS) } },
	};

	(void)state;
	CHECK(rows);
}

static void test_residue(void **state)
{
	static const struct row rows[] = {
		{ TEXT("\0\0\0" STAMP "text\0\0\n"), "text", { R("text", STAMP_NS) } },
		{ TEXT("\0\0\0\0\n" STAMP "text"), "text", { R("", NO_TIME), R("text", STAMP_NS, .line = 2) } },
		{ TEXT(STAMP "a\r\n" STAMP "b\r\r\n\r\nc\r"), "text",
		  { R("a", STAMP_NS), R("b", STAMP_NS, .line = 2), R("", NO_TIME, .line = 3, .continued = true),
		    R("c", NO_TIME, .line = 4, .continued = true) } },
		{ TEXT("\r" STAMP "text"), "text", { R("text", STAMP_NS) } },
		{ TEXT("\033[32m" STAMP "\033[0m\033[1;31mBUG: \033[Kx\033[0m"), "text", { R("BUG: x", STAMP_NS) } },
		{ TEXT("\033[32m[Tue Jun  5 04:46:22 2018] \033[0mBUG: x"), "dmesg", { R("BUG: x", NO_TIME) } },
		{ TEXT("\033[1;31"), "text", { R("", NO_TIME) } },
		{ TEXT("\033x"), "text", { R("\033x", NO_TIME) } },
		{ TEXT("> " STAMP "a\n> > " STAMP "b\n>> " STAMP "c\n>>>d"), "text",
		  { R("a", STAMP_NS), R("b", STAMP_NS, .line = 2), R("c", STAMP_NS, .line = 3), R("d", NO_TIME, .line = 4, .continued = true) } },
		{ TEXT("> Jun  5 04:46:22 h kernel: text"), "syslog", { R("text", NO_TIME) } },
	};
	static const struct text inner = TEXT("a\0b");
	struct stepping stepping = stepping_over(inner, 1);
	struct log *log = log_new(&stepping.source);
	struct record record;
	struct error error;

	(void)state;
	CHECK(rows);
	assert_int_equal(log_next(log, &record, &error), LOG_RECORD);
	assert_true(text_equal(record.text, inner));
	log_free(log);
	stepping_end(&stepping);
}

static void test_syslog(void **state)
{
	static const struct expected bare[2] = { R("text", NO_TIME) };
	static const char *const kernel[] = {
		"Jun  5 04:46:22 host kernel: text", "Jun 15 04:46:22 host kernel: text", "Jun 5 04:46:22 host kernel: text",
		"Jun  5 04:46:22.123456 host kernel: text", "Jun  5 04:46:22 host kernel[0]: text", "Jun  5 04:46:22 host vmunix: text",
		"Jun  5 04:46:22 host kern.warn kernel: text", "2018-06-05T04:46:22 host kernel: text",
		"2018-06-05T04:46:22.003Z host kernel: text", "2018-06-05T04:46:22.003456+02:00 host kernel: text",
		"2018-06-05T04:46:22+0200 host kernel: text", "2018-06-05T04:46:22-05:00 host.example.org kernel: text",
		"Tue 2018-06-05 04:46:22 CEST host kernel: text", "Tue 2018-06-05 04:46:22.123456 UTC host kernel: text",
		"1528173982.123456 host kernel: text", "Jun  5 04:46:22 10.0.0.1 kernel: text",
	};
	static const char *const other[] = {
		"Jun  5 04:46:22 host sshd[12]: BUG: text", "2018-06-05T04:46:22.003Z host app: kernel: text",
		"Jun  5 04:46:22 host kernelcare: text", "Jun  5 04:46:22 host kernel-helper[3]: text", "Jun  5 04:46:22 host text without a tag here",
		"Tue 2018-06-05 04:46:22 CEST host systemd[1]: text", "1528173982.123456 host app[1]: text",
		"<30>Jun  5 04:46:22 host app: text", "<30>1 2018-06-05T04:46:22Z host app 12 - - text",
	};
	static const struct row rows[] = {
		{ TEXT("<4>Jun  5 04:46:22 host kernel: text"), "syslog", { R("text", NO_TIME, .level = 5) } },
		{ TEXT("Jun  5 04:46:22 host kernel: " STAMP "text"), "syslog", { R("text", STAMP_NS) } },
		{ TEXT("Jun  5 04:46:22 host kernel: [    5.140900][    T7]  text"), "syslog", { R(" text", STAMP_NS, .caller_kind = 'T', .caller = 7) } },
		{ TEXT("Jun  5 04:46:22 host kernel: <3>" STAMP "text"), "syslog", { R("text", STAMP_NS, .level = 4) } },
		{ TEXT("Jun  5 04:46:22 host kernel:  [<addr>] two blanks"), "syslog", { R(" [<addr>] two blanks", NO_TIME) } },
		{ TEXT("Jun  5 04:46:22 host kernel:"), "syslog", { R("", NO_TIME) } },
		{ TEXT("<4>1 2018-06-05T04:46:22.003Z host kernel - - - " STAMP "text"), "syslog", { R("text", STAMP_NS, .level = 5) } },
		{ TEXT("<4>1 2018-06-05T04:46:22.003Z host kernel - - [a@1 b=\"x\\\"\\]\"][c d=\"e\"] text"), "syslog", { R("text", NO_TIME, .level = 5) } },
		{ TEXT("<4>1 - host kernel - - - \xef\xbb\xbftext"), "syslog", { R("text", NO_TIME, .level = 5) } },
		{ TEXT("<4>1 - host kernel - - -"), "syslog", { R("", NO_TIME, .level = 5) } },
		{ TEXT("[   23.367864] host kernel: text"), "syslog", { R("text", INT64_C(23367864000)) } },
		{ TEXT("[   23.367864] host kernel: " STAMP "text"), "syslog", { R("text", STAMP_NS) } },
		{ TEXT("[   23.367864] usb kernel x"), "text", { R("usb kernel x", INT64_C(23367864000)) } },
		{ TEXT("Jun  5 04:46:22 text"), "syslog", { { 0 } } },
		{ TEXT("Jun  5 04:46:2 text"), "text", { R("Jun  5 04:46:2 text", NO_TIME) } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof kernel / sizeof *kernel; i++) {
		struct row row = { text_from(kernel[i]), "syslog", { bare[0] } };
		check_rows(&row, 1);
	}
	for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
		struct row row = { text_from(other[i]), "syslog", { { 0 } } };
		check_rows(&row, 1);
	}
	CHECK(rows);
}

static void test_dmesg(void **state)
{
	static const struct row rows[] = {
		{ TEXT("[Tue Jun  5 04:46:22 2018] text"), "dmesg", { R("text", NO_TIME) } },
		{ TEXT("[Tue Jun 5 04:46:22 2018] text"), "dmesg", { R("text", NO_TIME) } },
		{ TEXT("[Jun 5 04:46] text\n[  +0.000012] more\n[Jun  5 04:46] and"), "dmesg",
		  { R("text", NO_TIME), R("more", NO_TIME, .line = 2), R("and", NO_TIME, .line = 3) } },
		{ TEXT("[Jun15 04:46] text"), "dmesg", { R("text", NO_TIME) } },
		{ TEXT("2018-06-05T04:46:22,123456+02:00 text"), "dmesg", { R("text", NO_TIME) } },
		{ TEXT("2018-06-05T04:46:22,123456+0200  text"), "dmesg", { R(" text", NO_TIME) } },
		{ TEXT("kern  :warn  : " STAMP "text"), "dmesg", { R("text", STAMP_NS, .level = 5) } },
		{ TEXT("kern  :emerg : [Tue Jun  5 04:46:22 2018] text"), "dmesg", { R("text", NO_TIME, .level = 1) } },
		{ TEXT("daemon:debug : text"), "dmesg", { R("text", NO_TIME, .level = 8) } },
		{ TEXT("kern  :warn  : [    5.140900] [   T12] text"), "dmesg", { R("text", STAMP_NS, .level = 5, .caller_kind = 'T', .caller = 12) } },
		{ TEXT("kern is a word: text"), "text", { R("kern is a word: text", NO_TIME) } },
		{ TEXT("[Tue Jun  5 04:46:22] no year"), "text", { R("[Tue Jun  5 04:46:22] no year", NO_TIME) } },
	};

	(void)state;
	CHECK(rows);
}

/* util-linux, sys-utils/dmesg.c: --show-delta with --ctime, and with --notime. */
static void test_dmesg_delta(void **state)
{
	static const struct row rows[] = {
		{ TEXT("[Tue Jun  5 04:46:22 2018 <    0.000012>] text"), "dmesg", { R("text", NO_TIME) } },
		{ TEXT("[<    0.000012>] text"), "dmesg", { R("text", NO_TIME) } },
	};

	(void)state;
	CHECK(rows);
}

static void test_kmsg(void **state)
{
	static const struct row rows[] = {
		{ TEXT("6,339,5140900,-;text"), "kmsg", { R("text", STAMP_NS, .level = 7) } },
		{ TEXT("4,339,5140900,-,caller=T12;text; more"), "kmsg", { R("text; more", STAMP_NS, .level = 5, .caller_kind = 'T', .caller = 12) } },
		{ TEXT("12,339,5140900,c,caller=C3;text"), "kmsg", { R("text", STAMP_NS, .level = 5, .caller_kind = 'C', .caller = 3) } },
		{ TEXT("6,339,5140900,-;a\n6,340,5140901,-;b"), "kmsg", { R("a", STAMP_NS, .level = 7), R("b", STAMP_NS + 1000, .level = 7, .line = 2) } },
		{ TEXT("6,339,5140900,- no semicolon"), "text", { R("6,339,5140900,- no semicolon", NO_TIME) } },
		{ TEXT("6,339,99999999999999999,-;text"), "text", { R("6,339,99999999999999999,-;text", NO_TIME) } },
		{ TEXT("192,339,5140900,-;text"), "text", { R("192,339,5140900,-;text", NO_TIME) } },
	};

	(void)state;
	CHECK(rows);
}

/* Lines that begin with a blank are the record's dictionary, and bytes that are not printable come as \xNN. */
static void test_kmsg_dictionary_and_escapes(void **state)
{
	static const struct row rows[] = {
		{ TEXT("6,339,5140900,-;a\n SUBSYSTEM=acpi\n DEVICE=+acpi:PNP0A03:00\n6,340,5140901,-;b"), "kmsg",
		  { R("a", STAMP_NS, .level = 7), R("b", STAMP_NS + 1000, .level = 7, .line = 4) } },
		{ TEXT("6,339,5140900,-;a\\x0ab \\x5c"), "kmsg", { R("a", STAMP_NS, .level = 7), R("b \\", STAMP_NS, .level = 7) } },
	};

	(void)state;
	CHECK(rows);
}

static void test_journal_json(void **state)
{
	static const struct row rows[] = {
		{ TEXT("{\"MESSAGE\":\"text\",\"PRIORITY\":\"4\",\"_TRANSPORT\":\"kernel\",\"_SOURCE_MONOTONIC_TIMESTAMP\":\"5140900\"}"),
		  "journal-json", { R("text", STAMP_NS, .level = 5) } },
		{ TEXT("{ \"_TRANSPORT\" : \"kernel\", \"MESSAGE\" : [66, 85, 71, 255] }\n\n{\"SYSLOG_IDENTIFIER\":\"kernel\",\"MESSAGE\":\"a\\nb\"}"),
		  "journal-json", { R("BUG\xff", NO_TIME), R("", NO_TIME, .line = 2), R("a", NO_TIME, .line = 3), R("b", NO_TIME, .line = 3) } },
		{ TEXT("{\"MESSAGE\":\"" STAMP "text\",\"_TRANSPORT\":\"kernel\"}"), "journal-json", { R("text", STAMP_NS) } },
		{ TEXT("{\"MESSAGE\":\"x\",\"_TRANSPORT\":\"stdout\",\"SYSLOG_IDENTIFIER\":\"kernel\"}"), "journal-json", { { 0 } } },
		{ TEXT("{\"SYSLOG_IDENTIFIER\":\"kernel\",\"_TRANSPORT\":\"syslog\",\"MESSAGE\":\"x\"}"), "journal-json", { { 0 } } },
		{ TEXT("{\"MESSAGE\":null,\"_TRANSPORT\":\"kernel\"}"), "journal-json", { { 0 } } },
		{ TEXT("{\"MESSAGE\":\"x\"}"), "journal-json", { { 0 } } },
		{ TEXT("{\"MESSAGE\":\"cut"), "text", { R("{\"MESSAGE\":\"cut", NO_TIME) } },
		{ TEXT("[\"MESSAGE\"]"), "text", { R("[\"MESSAGE\"]", NO_TIME) } },
	};

	(void)state;
	CHECK(rows);
}

static void test_journal_export(void **state)
{
	static const struct row rows[] = {
		{ TEXT("__CURSOR=s=1\n_TRANSPORT=kernel\nPRIORITY=3\n_SOURCE_MONOTONIC_TIMESTAMP=5140900\nMESSAGE=a=b\n\n"
		       "__CURSOR=s=2\nMESSAGE=other\n_TRANSPORT=stdout\n\n__CURSOR=s=3\nMESSAGE=last\n_TRANSPORT=kernel\n"),
		  "journal-export", { R("a=b", STAMP_NS, .level = 4, .line = 5), R("last", NO_TIME, .line = 12) } },
		{ TEXT("__REALTIME_TIMESTAMP=1\nMESSAGE\n\5\0\0\0\0\0\0\0a\nb c\n_TRANSPORT=kernel\n\n__CURSOR=s=2\n_TRANSPORT=kernel\nMESSAGE=d\n\n"),
		  "journal-export", { R("a", NO_TIME, .line = 2), R("b c", NO_TIME, .line = 2), R("d", NO_TIME, .line = 9) } },
		{ TEXT("__CURSOR=s=1\nCOREDUMP\n\4\0\0\0\0\0\0\0\n\n\nx\nMESSAGE=a\n_TRANSPORT=kernel\n"),
		  "journal-export", { R("a", NO_TIME, .line = 7) } },
		{ TEXT("__CURSOR=s=1\n_TRANSPORT=kernel\nMESSAGE\n\377\377\377\377\377\377\377\377cut"), "journal-export", { { 0 } } },
		{ TEXT("__CURSOR=s=1\n_TRANSPORT=kernel\nMESSAGE=\n\n__CURSOR=s=2\n_TRANSPORT=kernel\nMESSAGE=a\n"),
		  "journal-export", { R("", NO_TIME, .line = 3), R("a", NO_TIME, .line = 7) } },
		{ TEXT("__CURSOR=s=1\n_TRANSPORT=kernel\nMESSAGE\n\2\0"), "journal-export", { { 0 } } },
		{ TEXT("__CURSOR=s=1\n_TRANSPORT=kernel\n\n\n\n"), "journal-export", { { 0 } } },
	};

	(void)state;
	CHECK(rows);
}

/* Records of the plain forms say where in the input their text begins. */
static void test_offsets(void **state)
{
	static const struct text input = TEXT(STAMP "a b\n\nJun  5 04:46:22 h kernel: " STAMP "c[    6.000000] d\r\n> > <4>x\n"
	                                      "kern  :warn  : " STAMP "e\n6,339,5140900,-;f\n<4>1 - h kernel - - - g\n");
	static const char *const texts[] = { "a b", "", "c", "d", "x", "e", "f", "g" };
	struct stepping stepping = stepping_over(input, 7);
	struct log *log = log_new(&stepping.source);
	struct record record;
	struct error error;
	size_t from = 0;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_int_equal(log_next(log, &record, &error), LOG_RECORD);
		assert_true(text_is(record.text, texts[i]));
		assert_true(record.offset >= from && record.offset <= input.length);
		assert_true(text_starts(text_from_offset(input, (size_t)record.offset), texts[i]));
		from = (size_t)record.offset;
	}
	assert_int_equal(log_next(log, &record, &error), LOG_END);
	assert_int_equal(log_lines(log), 7);
	log_free(log);
	stepping_end(&stepping);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_printk),
		cmocka_unit_test(test_garbled_stamps),
		cmocka_unit_test(test_continued),
		cmocka_unit_test(test_two_records_on_a_line),
		cmocka_unit_test(test_residue),
		cmocka_unit_test(test_syslog),
		cmocka_unit_test(test_dmesg),
		cmocka_unit_test(test_kmsg),
		cmocka_unit_test(test_journal_json),
		cmocka_unit_test(test_journal_export),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_dmesg_delta),
		cmocka_unit_test(test_kmsg_dictionary_and_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
