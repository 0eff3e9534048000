/* log/: what collectors, terminals, telephones and people make of a log's lines. */
#include "log/reader.h"

#include "test_log_rows.h"

#define FIRST INT64_C(1758426000)

static void test_netconsole(void **state)
{
	static const struct row rows[] = {
		{ TEXT("6.4.0,6,339,5140900,-;text\n"), "kmsg", { R("text", STAMP_NS, .level = 7) } },
		{ TEXT("6.1.0-9-amd64,4,339,5140900,c,caller=C1;text\n"), "kmsg",
		  { R("text", STAMP_NS, .level = 5, .caller_kind = 'C', .caller = 1) } },
		{ TEXT("192.0.2.7 6,339,5140900,-;text\n"), "console", { R("text", STAMP_NS, .level = 7) } },
		{ TEXT("192.0.2.7: " STAMP "text\n"), "console", { R("text", STAMP_NS) } },
		{ TEXT("[2001:db8::7]:6666 " STAMP "text\n"), "console", { R("text", STAMP_NS) } },
		{ TEXT("192.0.2.7 <4>" STAMP "text\n"), "console", { R("text", STAMP_NS, .level = 5) } },
		{ TEXT("web1 6,339,5140900,-;text\n"), "console", { R("text", STAMP_NS, .level = 7) } },
		/* A name that stands in front once may be anything; text without a stamp is no record of netconsole's. */
		{ TEXT("web1 " STAMP "a\nweb1 " STAMP "b\n"), "console",
		  { R("web1 ", NO_TIME), R("a", STAMP_NS), R("b", STAMP_NS, .line = 2) } },
		{ TEXT("192.0.2.7 text\n"), "text", { R("192.0.2.7 text", NO_TIME) } },
		{ TEXT("1.2.3 " STAMP "a\n"), "text", { R("1.2.3 ", NO_TIME), R("a", STAMP_NS) } },
		{ TEXT("Jun  5 04:46:22 192.0.2.7 " STAMP "text\n"), "syslog", { R("text", STAMP_NS) } },
		{ TEXT("Jun  5 04:46:22 192.0.2.7 6,339,5140900,-;te\\x41xt\n"), "syslog", { R("teAxt", STAMP_NS, .level = 7) } },
		{ TEXT("Jun  5 04:46:22 log netconsole: " STAMP "text\n"), "syslog", { R("text", STAMP_NS) } },
		{ TEXT("Jun  5 04:46:22 log logger[12]: 192.0.2.7 " STAMP "text\n"), "syslog", { R("text", STAMP_NS) } },
		{ TEXT("Jun  5 04:46:22 log app[12]: " STAMP "text\n"), "syslog", { { 0 } } },
		{ TEXT("Jun  5 04:46:22 " STAMP "text\n"), "syslog", { R("text", STAMP_NS) } },
		{ TEXT("2023-11-12T10:00:00.123456Z " STAMP "text\n"), "syslog", { R("text", STAMP_NS) } },
	};

	(void)state;
	CHECK(rows);
}

/* The example of Documentation/networking/netconsole.rst, whose text has 33 bytes. */
#define HEADER    "6,416,1758426,-"
#define BEGINNING HEADER ",ncfrag=0/33;the first chunk, "
#define END       HEADER ",ncfrag=17/33;the 2nd chunk."

static void test_fragments(void **state)
{
	static const struct row rows[] = {
		{ TEXT(BEGINNING END "\n6,417,1758427,-;b\n"), "kmsg",
		  { R("the first chunk, the 2nd chunk.", FIRST, .level = 7), R("b", FIRST + 1000, .level = 7, .line = 2) } },
		{ TEXT(BEGINNING "\n" END "\n6,417,1758427,-;b\n"), "kmsg",
		  { R("the first chunk, the 2nd chunk.", FIRST, .level = 7), R("b", FIRST + 1000, .level = 7, .line = 3) } },
		{ TEXT(HEADER ",ncfrag=0/9;abc\n" HEADER ",ncfrag=3/9;def\n" HEADER ",ncfrag=6/9;gh\n"), "kmsg",
		  { R("abcdefgh", FIRST, .level = 7) } },
		{ TEXT("192.0.2.7 " BEGINNING "\n192.0.2.7 " END "\n"), "console",
		  { R("the first chunk, the 2nd chunk.", FIRST, .level = 7) } },
		/* Another sender's, another place, another record: not put together. */
		{ TEXT("192.0.2.7 " BEGINNING "\n192.0.2.8 " END "\n"), "console",
		  { R("the first chunk, ", FIRST, .level = 7), R("the 2nd chunk.", FIRST, .level = 7, .line = 2, .continued = true) } },
		{ TEXT(BEGINNING "\n" HEADER ",ncfrag=18/33;he 2nd chunk.\n"), "kmsg",
		  { R("the first chunk, ", FIRST, .level = 7), R("he 2nd chunk.", FIRST, .level = 7, .line = 2, .continued = true) } },
		{ TEXT(BEGINNING "\n6,417,1758426,-,ncfrag=17/33;the 2nd chunk.\n"), "kmsg",
		  { R("the first chunk, ", FIRST, .level = 7), R("the 2nd chunk.", FIRST, .level = 7, .line = 2, .continued = true) } },
		{ TEXT(BEGINNING "\n6,417,1758426,-;b\n" END "\n"), "kmsg",
		  { R("the first chunk, ", FIRST, .level = 7), R("b", FIRST, .level = 7, .line = 2),
		    R("the 2nd chunk.", FIRST, .level = 7, .line = 3, .continued = true) } },
		{ TEXT(BEGINNING), "kmsg", { R("the first chunk, ", FIRST, .level = 7) } },
		{ TEXT("6,416,1758426,-,ncfrag=0/x;a"), "kmsg", { R("a", FIRST, .level = 7) } },
		{ TEXT("a ,ncfrag=0/33;b\nc"), "text", { R("a ,ncfrag=0/33;b", NO_TIME), R("c", NO_TIME, .line = 2) } },
	};

	(void)state;
	CHECK(rows);
}

static void test_consoles(void **state)
{
	static const struct row rows[] = {
		{ TEXT("[2023-01-01 10:00:00] text\n"), "console", { R("text", NO_TIME) } },
		{ TEXT("[2023-01-01T10:00:00.123Z] " STAMP "text\n"), "console", { R("text", STAMP_NS) } },
		{ TEXT("[Nov 12 10:00:00] text\n"), "console", { R("text", NO_TIME) } },
		{ TEXT("[2023-01-01 10:00] text\n"), "text", { R("[2023-01-01 10:00] text", NO_TIME) } },
		{ TEXT("[-- MARK -- Sun Nov 12 10:00:00 2023]\n" STAMP "a\n"), "console", { R("a", STAMP_NS, .line = 2) } },
		{ TEXT("(XEN) [2023-01-01 00:00:00] BUG: a\n(d1) " STAMP "b\n(d12) c\n(dx) d\n"), "console",
		  { R("b", STAMP_NS, .line = 2), R("c", NO_TIME, .line = 3, .continued = true), R("(dx) d", NO_TIME, .line = 4, .continued = true) } },
		{ TEXT("Panic#1 Part12\n====1234567.123456-D\n" STAMP "a\nPanic#1 Part\n====x\nNo errors detected\n"), "console",
		  { R("a", STAMP_NS, .line = 3), R("Panic#1 Part", NO_TIME, .line = 4, .continued = true),
		    R("====x", NO_TIME, .line = 5, .continued = true) } },
		{ TEXT("OopsText: BUG: x\n y\n"), "console", { R("BUG: x", NO_TIME), R(" y", NO_TIME, .line = 2) } },
		{ TEXT("login: " STAMP "BUG: x\n"), "text", { R("login: ", NO_TIME), R("BUG: x", STAMP_NS) } },
	};

	(void)state;
	CHECK(rows);
}

static void test_vendors(void **state)
{
	static const struct row rows[] = {
		{ TEXT("<6>" STAMP " [0:      swapper/0:    1] text\n"), "text", { R("text", STAMP_NS, .level = 7, .caller_kind = 'T', .caller = 1) } },
		{ TEXT("<3>" STAMP "I[3:  swapper/3:    0]  text\n"), "text", { R(" text", STAMP_NS, .level = 4, .caller_kind = 'C', .caller = 3) } },
		{ TEXT(STAMP "[1: kworker/1:2:  123] text\n"), "text", { R("text", STAMP_NS, .caller_kind = 'T', .caller = 123) } },
		{ TEXT(STAMP "(0)[123:kworker/0:1]text\n"), "text", { R("text", STAMP_NS, .caller_kind = 'T', .caller = 123) } },
		{ TEXT(STAMP "<0>.(2)[0:swapper/2]text\n"), "text", { R("text", STAMP_NS, .caller_kind = 'C', .caller = 2) } },
		{ TEXT(STAMP "-(0)[123:sh]text\n"), "text", { R("text", STAMP_NS, .caller_kind = 'T', .caller = 123) } },
		{ TEXT("[    5.140900s][pid:12,cpu0,sh]text\n"), "text", { R("text", STAMP_NS, .caller_kind = 'T', .caller = 12) } },
		{ TEXT(STAMP "[pid:12,cpu0,sh,3]text\n"), "text", { R("text", STAMP_NS, .caller_kind = 'T', .caller = 12) } },
		{ TEXT(STAMP "c0    123 (kworker/0:1) text\n"), "text", { R("text", STAMP_NS, .caller_kind = 'T', .caller = 123) } },
		{ TEXT("[    5.140900][    T7] (0)[123:sh]text\n"), "text", { R("text", STAMP_NS, .caller_kind = 'T', .caller = 7) } },
		/* What only looks like it. */
		{ TEXT(STAMP "[12:34:56] text\n"), "text", { R("[12:34:56] text", STAMP_NS) } },
		{ TEXT(STAMP "[<ffffffff81000000>] f+0x1/0x2\n"), "text", { R("[<ffffffff81000000>] f+0x1/0x2", STAMP_NS) } },
		{ TEXT(STAMP "(0)[x:sh]text\n"), "text", { R("(0)[x:sh]text", STAMP_NS) } },
		{ TEXT(STAMP "c0 123 sh text\n"), "text", { R("c0 123 sh text", STAMP_NS) } },
		{ TEXT("[    5.140900s] text\n"), "text", { R("[    5.140900s] text", NO_TIME) } },
		{ TEXT("[0:  swapper:    0] text\n"), "text", { R("[0:  swapper:    0] text", NO_TIME) } },
	};

	(void)state;
	CHECK(rows);
}

static void test_terminals(void **state)
{
	static const struct row rows[] = {
		{ TEXT("10%\r20%\r" STAMP "a\r\n"), "text", { R("10%", NO_TIME), R("20%", NO_TIME), R("a", STAMP_NS) } },
		{ TEXT("x\rJun  5 04:46:22 h kernel: a\n"), "syslog", { R("x", NO_TIME), R("a", NO_TIME) } },
		{ TEXT("BUX\bG: a\n\b\bb\nc\b\b\nde \b\bf\n"), "text",
		  { R("BUG: a", NO_TIME), R("b", NO_TIME, .line = 2), R("c", NO_TIME, .line = 3), R("df ", NO_TIME, .line = 4) } },
		{ TEXT("\033]0;title\a\033(B\033=a\0337b\n"), "text", { R("ab", NO_TIME) } },
		{ TEXT("\033]0;no end\n"), "text", { R("0;no end", NO_TIME) } },
		{ TEXT("\033[2J\033[1;1H\r" STAMP "a"), "text", { R("", NO_TIME), R("a", STAMP_NS) } },
	};

	(void)state;
	CHECK(rows);
}

static void test_holes(void **state)
{
	static const struct row rows[] = {
		{ TEXT("Jun  5 04:46:22 h kernel: a\0\0\0Jun  5 04:46:23 h kernel: b\n"), "syslog", { R("a", NO_TIME), R("b", NO_TIME) } },
		{ TEXT(STAMP "a\0b\n"), "text", { R("a\0b", STAMP_NS) } },
		{ TEXT("\xef\xbb\xbf" STAMP "a\n\xef\xbb\xbf" "b\n"), "text",
		  { R("a", STAMP_NS), R("\xef\xbb\xbf" "b", NO_TIME, .line = 2, .continued = true) } },
	};

	(void)state;
	check_rows(rows, 1);
	check_rows(rows + 2, 1);
}

/* A hole that is longer than what is given of a line at once. */
static void test_long_hole(void **state)
{
	enum { HOLE = 3 * READER_LINE_MOST + 17 };
	static char input[HOLE + 100];
	static const char before[] = "Jun  5 04:46:22 h kernel: a", after[] = "Jun  5 04:46:23 h kernel: b\n";
	struct stepping stepping;
	struct record record;
	struct error error;
	size_t seen = 0;

	(void)state;
	memcpy(input, before, sizeof before - 1);
	memcpy(input + HOLE, after, sizeof after - 1);
	stepping = stepping_over((struct text){ input, HOLE + sizeof after - 1 }, 4096);
	struct log *log = log_new(&stepping.source);
	while (log_next(log, &record, &error) == LOG_RECORD) {
		if (record.text.length)
			assert_true(text_is(record.text, seen++ ? "b" : "a"));
	}
	assert_int_equal(seen, 2);
	log_free(log);
	stepping_end(&stepping);
}

static void test_web_and_mail(void **state)
{
	static const struct row rows[] = {
		{ TEXT("&gt; " STAMP " &lt;TASK&gt; &amp;lt; &quot;&#39;\n"), "text", { R(" <TASK> &lt; \"'", STAMP_NS) } },
		{ TEXT(STAMP "&mm->lock &x &lt\n"), "text", { R("&mm->lock &x &lt", STAMP_NS) } },
		{ TEXT("<pre>" STAMP "a<br/>\n" STAMP "b<br />\nBUG: c</code></pre>\n"), "text",
		  { R("a", STAMP_NS), R("b", STAMP_NS, .line = 2), R("BUG: c", NO_TIME, .line = 3, .continued = true) } },
		{ TEXT("  > | " STAMP "a\n| > " STAMP "b\n  |c\n   d\n"), "text",
		  { R("a", STAMP_NS), R("b", STAMP_NS, .line = 2), R("  |c", NO_TIME, .line = 3, .continued = true),
		    R("   d", NO_TIME, .line = 4, .continued = true) } },
		{ TEXT("{\"MESSAGE\":\"&quot;&lt;\",\"_TRANSPORT\":\"kernel\"}"), "journal-json", { R("&quot;&lt;", NO_TIME) } },
		{ TEXT("Jun  5 04:46:22 h kernel: #011(t=1#012b CPU#0 #01\n"), "syslog",
		  { R("\t(t=1", NO_TIME), R("b CPU#0 #01", NO_TIME) } },
		{ TEXT("#011a\n"), "text", { R("#011a", NO_TIME) } },
	};

	(void)state;
	CHECK(rows);
}

static void test_crash_sessions(void **state)
{
	static const struct row rows[] = {
		{ TEXT("       PANIC: \"Oops: 0002\"\ncrash> log\n" STAMP "a\nb\ncrash> bt\nRIP: c\ncrash> log | tail\nd\n"), "text",
		  { R("a", STAMP_NS, .line = 3), R("b", NO_TIME, .line = 4, .continued = true),
		    R("d", NO_TIME, .line = 8, .continued = true) } },
		{ TEXT("PANIC: double fault, error_code: 0x0\n"), "text", { R("PANIC: double fault, error_code: 0x0", NO_TIME) } },
	};

	(void)state;
	CHECK(rows);
}

/* 80 characters: a stamp of 15 and these. */
#define LONG "012345678901234567890123456789012345678901234567890123456789abcde"

static void test_wraps(void **state)
{
	static const struct row rows[] = {
		{ TEXT(STAMP LONG "\nef\n" STAMP "b\n"), "text", { R(LONG "ef", STAMP_NS), R("b", STAMP_NS, .line = 3) } },
		{ TEXT(STAMP LONG "\r\n" STAMP LONG "\r\nef\r\n"), "text", { R(LONG, STAMP_NS), R(LONG "ef", STAMP_NS, .line = 2) } },
		/* Three lines of a terminal. */
		{ TEXT(STAMP LONG "\n" LONG "012345678901234\nef\ng\n"), "text",
		  { R(LONG LONG "012345678901234ef", STAMP_NS), R("g", NO_TIME, .line = 4, .continued = true) } },
		/* Not 80, an empty line, a stamp, a level, systemd, a longer line before, no stamp in front, the end. */
		{ TEXT(STAMP LONG "e\nf\n"), "text", { R(LONG "e", STAMP_NS), R("f", NO_TIME, .line = 2, .continued = true) } },
		{ TEXT(STAMP LONG "\n\nf\n"), "text",
		  { R(LONG, STAMP_NS), R("", NO_TIME, .line = 2, .continued = true), R("f", NO_TIME, .line = 3, .continued = true) } },
		{ TEXT(STAMP LONG "\nlogin: " STAMP "f\n"), "text",
		  { R(LONG, STAMP_NS), R("login: ", NO_TIME, .line = 2, .continued = true), R("f", STAMP_NS, .line = 2) } },
		{ TEXT(STAMP LONG "\n<4>f\n"), "text", { R(LONG, STAMP_NS), R("f", NO_TIME, .level = 5, .line = 2, .continued = true) } },
		{ TEXT(STAMP LONG "\n[  OK  ] f\n"), "text", { R(LONG, STAMP_NS), R("[  OK  ] f", NO_TIME, .line = 2, .continued = true) } },
		{ TEXT(STAMP LONG "+\n" STAMP LONG "\nf\n"), "text",
		  { R(LONG "+", STAMP_NS), R(LONG, STAMP_NS, .line = 2), R("f", NO_TIME, .line = 3, .continued = true) } },
		{ TEXT(LONG "012345678901234\nf\n"), "text", { R(LONG "012345678901234", NO_TIME), R("f", NO_TIME, .line = 2) } },
		{ TEXT(STAMP LONG), "text", { R(LONG, STAMP_NS) } },
		{ TEXT(STAMP LONG "\n> f\n"), "text", { R(LONG, STAMP_NS), R("f", NO_TIME, .line = 2, .continued = true) } },
		{ TEXT("{\"_TRANSPORT\":\"kernel\",\"MESSAGE\":\"" STAMP "01234567890123456789012345678\"}\n{\"MESSAGE\":\"other\"}\n"),
		  "journal-json", { R("01234567890123456789012345678", STAMP_NS) } },
	};

	(void)state;
	CHECK(rows);
}

/* Who wrote it: a host's address, a guest's number. */
static void test_senders(void **state)
{
	static const struct {
		const char *line, *host, *guest;
	} rows[] = {
		{ "192.0.2.7 " STAMP "text\n", "192.0.2.7", "" },
		{ "192.0.2.7: " STAMP "text\n", "192.0.2.7", "" },
		{ "web1 6,339,5140900,-;text\n", "web1", "" },
		{ "Jun  5 04:46:22 192.0.2.7 " STAMP "text\n", "192.0.2.7", "" },
		{ "Jun  5 04:46:22 log logger: 192.0.2.7 " STAMP "text\n", "192.0.2.7", "" },
		{ "Jun  5 04:46:22 192.0.2.7 6,339,5140900,-;t\\x65xt\n", "192.0.2.7", "" },
		{ "\033[0mJun  5 04:46:22 web1 kernel: tex\bxt#0110\n", "web1", "" },
		{ "(d7) " STAMP "text\n", "", "d7" },
		{ STAMP "text\n", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct stepping stepping = stepping_over(text_from(rows[i].line), 7);
		struct log *log = log_new(&stepping.source);
		struct record record;
		struct error error;
		assert_int_equal(log_next(log, &record, &error), LOG_RECORD);
		if (!text_is(record.host, rows[i].host) || !text_is(record.guest, rows[i].guest))
			fail_msg("%s: host \"%.*s\", guest \"%.*s\"", rows[i].line, TEXT_ARGS(record.host), TEXT_ARGS(record.guest));
		log_free(log);
		stepping_end(&stepping);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_netconsole), cmocka_unit_test(test_fragments), cmocka_unit_test(test_consoles),
		cmocka_unit_test(test_vendors),    cmocka_unit_test(test_terminals), cmocka_unit_test(test_holes),
		cmocka_unit_test(test_long_hole),  cmocka_unit_test(test_web_and_mail), cmocka_unit_test(test_crash_sessions),
		cmocka_unit_test(test_wraps),      cmocka_unit_test(test_senders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
