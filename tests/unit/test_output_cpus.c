/* What the CPUs were doing, in each format; a crash that only a stack shows; source lines. */
#define _GNU_SOURCE /* open_memstream */
#include "output/character.h"
#include "output/describe_cpus.h"
#include "output/output.h"

#include <jansson.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { CPUS = 20, FRAMES = 40 };

/* ---- a verdict made by hand: CPU 0 spins, an interrupt came; CPU 1 is idle; no line of a log ---- */

struct sample {
	struct verdict verdict;
	struct crash crash, *list[1];
	struct postmortem_cpu cpus[CPUS];
	struct crash_frame frames[FRAMES], inlined;
};

static struct crash_frame frame(struct text function, enum crash_context context)
{
	return (struct crash_frame){
		.location = { .function = function, .offset = 0x1db, .size = 0x840, .has_offset = true },
		.context = context,
		.reliable = true,
	};
}

/* `words` stands for each text that comes from a dump or from debuginfo. NULL: what these usually say. */
static struct sample *make(const struct text *words)
{
	struct sample *s = calloc(1, sizeof *s);

#define WORDS(usual) (words ? *words : TEXT(usual))
	assert_non_null(s);
	s->frames[0] = frame(WORDS("watchdog_timer_fn"), CRASH_IRQ);
	s->frames[1] = frame(WORDS("send_to_group"), CRASH_TASK);
	s->frames[1].location.has_offset = false;
	s->frames[1].is_inline = true;
	s->frames[2] = frame(WORDS("fsnotify"), CRASH_TASK);
	s->frames[3] = frame(WORDS("crash_write"), CRASH_TASK);
	for (size_t i = 1; i < 3; i++) {
		s->frames[i].location.file = WORDS("fs/notify/fsnotify.c");
		s->frames[i].location.line = 590 + (uint32_t)i;
	}
	s->frames[2].location.address = 0xffffffff8150e1db;
	s->frames[2].location.has_address = true;
	s->frames[3].location.module = WORDS("crashme");
	s->frames[3].reliable = false;
	for (size_t i = 4; i < FRAMES; i++)
		s->frames[i] = frame(WORDS("deep"), CRASH_TASK);
	s->cpus[0] = (struct postmortem_cpu){
		.cpu = 0,
		.pid = 114,
		.comm = WORDS("dd"),
		.state = "running",
		.answered = true,
		.running_ns = INT64_C(24099999999),
		.others_wait = true,
		.instruction_pointer = s->frames[2].location,
		.frames = s->frames,
		.frame_count = 4,
		.interrupted = 1,
		.how = WORDS("ORC"),
		.ends_early = WORDS("no memory at 0x10"),
	};
	s->cpus[1] = (struct postmortem_cpu){
		.cpu = 1,
		.comm = WORDS("swapper/1"),
		.state = "running",
		.answered = true,
		.idle = true,
		.running_ns = -1,
		.behind_ns = -1,
		.frames = s->frames,
		.frame_count = 4,
		.how = WORDS("ORC"),
	};
	for (size_t i = 2; i < CPUS; i++)
		s->cpus[i] = (struct postmortem_cpu){ .cpu = -1, .pid = -1, .running_ns = -1, .behind_ns = -1 };
	s->inlined = s->frames[1];
	s->crash = (struct crash){
		.kind = CRASH_HANG,
		.from_stacks = true,
		.title = WORDS("hang in fsnotify"),
		.culprit = WORDS("fsnotify"),
		.time_ns = RECORD_NO_TIME,
		.wall_time = RECORD_NO_TIME,
		.cpu = 0,
		.pid = 114,
		.comm = WORDS("dd"),
		.instruction_pointer = s->frames[2].location,
		.inlined = &s->inlined,
		.inlined_count = 1,
		.frames = s->frames + 1,
		.frame_count = 2,
		.consequence_of = SIZE_MAX,
	};
	s->list[0] = &s->crash;
	s->verdict = (struct verdict){
		.path = WORDS("vmcore"),
		.type = "vmcore",
		.crashed_at = RECORD_NO_TIME,
		.kind = VERDICT_UNKNOWN,
		.crashes = { .items = s->list, .count = 1 },
		.postmortem = { .cpus = s->cpus,
				.cpu_count = 2,
				.debuginfo = WORDS("/usr/lib/debug/vmlinux"),
				.symbols = WORDS("kallsyms") },
	};
#undef WORDS
	return s;
}

/* ---- writing into memory ---- */

enum format { FORMAT_TEXT, FORMAT_NARROW, FORMAT_JSON, FORMAT_MARKDOWN, FORMAT_COUNT };

static char *written(const struct sample *s, enum format format)
{
	struct output_style style = { .width = format == FORMAT_NARROW ? 40 : 80 };
	char *bytes = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&bytes, &length);

	assert_non_null(out);
	if (format == FORMAT_JSON)
		assert_true(output_json(out, &s->verdict));
	else if (format == FORMAT_MARKDOWN)
		assert_true(output_markdown(out, &s->verdict));
	else
		assert_true(output_text(out, &s->verdict, &style));
	assert_int_equal(fclose(out), 0);
	assert_int_equal(strlen(bytes), length); /* no NUL gets out */
	return bytes;
}

/* Whether the piece is in it. */
static void check(const struct sample *s, enum format format, const char *piece, bool wanted)
{
	char *bytes = written(s, format);

	if (!strstr(bytes, piece) == wanted)
		fail_msg("'%s' is %sin:\n%s", piece, wanted ? "not " : "", bytes);
	free(bytes);
}

static json_t *parsed(const struct sample *s)
{
	char *bytes = written(s, FORMAT_JSON);
	json_t *value = json_loads(bytes, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(value);
	free(bytes);
	return value;
}

/* ---- JSON ---- */

static void test_json(void **state)
{
	struct sample *s = make(NULL);

	(void)state;
	check(s, FORMAT_JSON,
	      "\"cpus\":[{\"cpu\":0,\"pid\":114,\"comm\":\"dd\",\"state\":\"running\",\"crashed\":false,\"answered\":true,"
	      "\"idle\":false,\"in_user\":false,\"running\":24.099999,\"clock_behind\":0.0,\"others_wait\":true,"
	      "\"instruction_pointer\":{\"address\":\"0xffffffff8150e1db\",\"function\":\"fsnotify\",\"offset\":475,"
	      "\"size\":2112,\"module\":null,\"file\":\"fs/notify/fsnotify.c\",\"line\":592},"
	      "\"trace\":[{\"function\":\"watchdog_timer_fn\",\"offset\":475,\"size\":2112,\"module\":null,\"file\":null,"
	      "\"line\":null,\"address\":null,\"reliable\":true,\"inline\":false,\"context\":\"irq\"},"
	      "{\"function\":\"send_to_group\",\"offset\":null,\"size\":null,\"module\":null,"
	      "\"file\":\"fs/notify/fsnotify.c\",\"line\":591,\"address\":null,\"reliable\":true,\"inline\":true,"
	      "\"context\":\"task\"},",
	      true);
	check(s, FORMAT_JSON, "\"interrupted\":1,\"unwound_by\":\"ORC\",\"ends_early\":\"no memory at 0x10\"},{\"cpu\":1,",
	      true);
	check(s, FORMAT_JSON, "\"debuginfo\":\"/usr/lib/debug/vmlinux\",\"symbols\":\"kallsyms\",\"notes\":[]}\n", true);
	free(s);
}

/* Nothing is known of a CPU: nulls, not -1 nor "". */
static void test_json_of_nothing(void **state)
{
	struct sample *s = make(NULL);

	(void)state;
	s->cpus[0] = s->cpus[2];
	s->verdict.postmortem.cpu_count = 1;
	check(s, FORMAT_JSON,
	      "\"cpus\":[{\"cpu\":null,\"pid\":null,\"comm\":null,\"state\":null,\"crashed\":false,\"answered\":false,"
	      "\"idle\":false,\"in_user\":false,\"running\":null,\"clock_behind\":null,\"others_wait\":false,\"instruction_"
	      "pointer\":null,"
	      "\"trace\":[],\"interrupted\":0,\"unwound_by\":null,\"ends_early\":null}]",
	      true);
	s->verdict.postmortem = (struct postmortem){ 0 };
	check(s, FORMAT_JSON, "\"cpus\":[],\"debuginfo\":null,\"symbols\":null,", true);
	free(s);
}

/* All CPUs and frames are in JSON, however many. */
static void test_json_has_all(void **state)
{
	struct sample *s = make(NULL);

	(void)state;
	s->verdict.postmortem.cpu_count = CPUS;
	s->cpus[0].frame_count = FRAMES;
	json_t *value = parsed(s), *cpus = json_object_get(value, "cpus");
	assert_int_equal(json_array_size(cpus), CPUS);
	assert_int_equal(json_array_size(json_object_get(json_array_get(cpus, 0), "trace")), FRAMES);
	json_decref(value);
	free(s);
}

/* A crash that no line tells of. */
static void test_json_from_stacks(void **state)
{
	struct sample *s = make(NULL);
	json_t *value = parsed(s), *crash = json_array_get(json_object_get(value, "crashes"), 0);
	json_t *inlined = json_array_get(json_object_get(crash, "inlined"), 0);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(crash, "kind")), "hang");
	assert_true(json_is_true(json_object_get(crash, "from_stacks")));
	assert_true(json_is_null(json_object_get(crash, "line")));
	assert_string_equal(json_string_value(json_object_get(inlined, "function")), "send_to_group");
	assert_int_equal(json_integer_value(json_object_get(inlined, "line")), 591);
	json_decref(value);
	s->crash.from_stacks = false;
	check(s, FORMAT_JSON, "\"from_stacks\":false", true);
	free(s);
}

/* ---- text and Markdown ---- */

static void test_text(void **state)
{
	struct sample *s = make(NULL);

	(void)state;
	check(s, FORMAT_TEXT,
	      "\nWhat the CPUs were doing\n"
	      "  CPU 0          dd (pid 114), running for 24.0 s while others waited, stack not\n"
	      "                 whole: no memory at 0x10\n"
	      "  call trace     watchdog_timer_fn+0x1db/0x840 (irq)\n"
	      "                 (what follows was interrupted)\n"
	      "                 send_to_group at fs/notify/fsnotify.c:591 (inlined)\n"
	      "                 fsnotify+0x1db/0x840 at fs/notify/fsnotify.c:592\n"
	      "                 ? crash_write+0x1db/0x840 [crashme]\n"
	      "  CPU 1          idle\n",
	      true);
	check(s, FORMAT_TEXT,
	      "\n  where          fsnotify+0x1db/0x840 at fs/notify/fsnotify.c:592, inlined\n"
	      "                 send_to_group at fs/notify/fsnotify.c:591\n",
	      true);
	s->verdict.postmortem.cpu_count = 0;
	check(s, FORMAT_TEXT, "What the CPUs were doing", false);
	free(s);
}

static void test_markdown(void **state)
{
	struct sample *s = make(NULL);

	(void)state;
	s->cpus[0].ends_early = TEXT_NONE;
	check(s, FORMAT_MARKDOWN,
	      "\n### What the CPUs were doing\n\n- CPU 0: `dd (pid 114), running for 24.0 s while others waited`\n\n"
	      "Call trace:\n\n```\nwatchdog_timer_fn+0x1db/0x840 (irq)\n(what follows was interrupted)\n"
	      "send_to_group at fs/notify/fsnotify.c:591 (inlined)\n"
	      "fsnotify+0x1db/0x840 at fs/notify/fsnotify.c:592\n? crash_write+0x1db/0x840 [crashme]\n```\n\n"
	      "- CPU 1: `idle`\n",
	      true);
	free(s);
}

/* What a CPU was doing, in a line. */
static void test_states(void **state)
{
	static const struct {
		struct postmortem_cpu cpu;
		const char *expected;
	} rows[] = {
		{ { .pid = -1, .answered = true, .running_ns = -1, .behind_ns = -1 }, "what ran there is not known" },
		{ { .pid = 7, .answered = true, .running_ns = -1, .behind_ns = -1 }, "(pid 7)" },
		{ { .pid = 0, .answered = true, .running_ns = -1, .behind_ns = -1, .idle = true, .crashed = true },
		  "idle, crashed" },
		{ { .pid = 7, .comm = TEXT("sh"), .running_ns = -1, .behind_ns = -1 },
		  "sh (pid 7), did not answer: it left no registers" },
		{ { .pid = 7, .comm = TEXT("sh"), .answered = true, .in_user = true, .running_ns = 999999999 },
		  "sh (pid 7), in a program, not in the kernel" },
		{ { .pid = 7, .comm = TEXT("sh"), .answered = true, .running_ns = 1000000000 },
		  "sh (pid 7), running for 1.0 s" },
		{ { .pid = 7, .comm = TEXT("sh"), .answered = true, .running_ns = INT64_MAX, .others_wait = true },
		  "sh (pid 7), running for 9223372036.8 s while others waited" },
		{ { .pid = 7, .comm = TEXT("sh"), .answered = true, .running_ns = 5, .behind_ns = 27200000000 },
		  "sh (pid 7), its clock stands still for 27.2 s" },
		{ { .pid = 7,
		    .comm = TEXT("\033[2J\n"),
		    .answered = true,
		    .running_ns = -1,
		    .behind_ns = -1,
		    .ends_early = TEXT("a\rb\xff") },
		  "\\x1b[2J\\x0a (pid 7), stack not whole: a\\x0db\\xff" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct text line = describe_cpu(&arena, &rows[i].cpu);
		if (!text_is(line, rows[i].expected))
			fail_msg("row %zu: '%.*s'", i, TEXT_ARGS(line));
	}
	arena_free(&arena);
}

/* The mark stands between an interrupt and what it interrupted, and nowhere else; what is cut off is counted. */
static void test_trace(void **state)
{
	static const struct {
		size_t frames, interrupted, most;
		bool idle, in_user, crashed;
		size_t lines, left_out, mark; /* its line; SIZE_MAX: there is none */
	} rows[] = {
		{ 4, 0, 8, false, false, false, 4, 0, SIZE_MAX }, { 4, 1, 8, false, false, false, 5, 0, 1 },
		{ 4, 3, 8, false, false, false, 5, 0, 3 },        { 4, 4, 8, false, false, false, 4, 0, SIZE_MAX },
		{ 4, 9, 8, false, false, false, 4, 0, SIZE_MAX }, { 9, 2, 4, false, false, false, 4, 6, 2 },
		{ 9, 4, 4, false, false, false, 4, 5, SIZE_MAX }, { 4, 0, 4, false, false, false, 4, 0, SIZE_MAX },
		{ 4, 1, 8, true, false, false, 0, 0, SIZE_MAX },  { 4, 1, 8, false, true, false, 0, 0, SIZE_MAX },
		{ 4, 1, 8, true, false, true, 5, 0, 1 },          { 4, 0, 8, false, true, true, 4, 0, SIZE_MAX },
		{ 0, 0, 8, false, false, false, 0, 0, SIZE_MAX },
	};
	struct sample *s = make(NULL);
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct postmortem_cpu cpu = s->cpus[0];
		struct text lines[8];
		size_t left_out = 99, mark = SIZE_MAX;
		cpu.frame_count = rows[i].frames;
		cpu.interrupted = rows[i].interrupted;
		cpu.idle = rows[i].idle;
		cpu.in_user = rows[i].in_user;
		cpu.crashed = rows[i].crashed;
		size_t count = describe_cpu_trace(&arena, &cpu, lines, rows[i].most, &left_out);
		for (size_t j = 0; j < count; j++)
			if (text_is(lines[j], "(what follows was interrupted)"))
				mark = j;
		if (count != rows[i].lines || left_out != rows[i].left_out || mark != rows[i].mark)
			fail_msg("row %zu: %zu lines, %zu left out, mark at %zu", i, count, left_out, mark);
	}
	arena_free(&arena);
	free(s);
}

/* Of many CPUs and long stacks the first are shown, and how many more there are. */
static void test_many(void **state)
{
	struct sample *s = make(NULL);

	(void)state;
	s->verdict.postmortem.cpu_count = CPUS;
	s->cpus[0].frame_count = FRAMES;
	for (enum format format = FORMAT_TEXT; format < FORMAT_COUNT; format++) {
		if (format == FORMAT_JSON)
			continue;
		check(s, format, "(and 9 more)", true); /* 31 frames and the mark are shown */
		check(s, format, "and 4 more", true);
	}
	check(s, FORMAT_TEXT, "\n  CPU ?          did not answer: it left no registers\n", true);
	free(s);
}

/* No line of the log is named where there is none. */
static void test_no_line(void **state)
{
	struct output_style style = { .width = 80 };
	struct explanation explanation = { .affected = AFFECTED_UNKNOWN };
	struct error_list errors = { 0 };
	struct catalogue *catalogue = catalogue_new();
	struct sample *s = make(NULL);
	char *bytes = NULL;
	size_t length = 0;

	(void)state;
	assert_non_null(catalogue);
	assert_true(catalogue_load(catalogue, SIGNATURES_DIR "/fsnotify-mark-connector-race.yaml", &errors));
	const struct signature *signature = catalogue_get(catalogue, TEXT("fsnotify-mark-connector-race"));
	assert_non_null(signature);
	FILE *out = open_memstream(&bytes, &length);
	assert_non_null(out);
	assert_true(output_explanation(out, &s->verdict, signature, &explanation, &style));
	fclose(out);
	assert_non_null(strstr(bytes, "\nCrash by its stack: hang in fsnotify\n"));
	free(bytes);

	/* A log's crash decides; the one of the stacks is told of beside it, as is what matches it. */
	struct crash logged = s->crash, *list[] = { &logged, &s->crash };
	struct finding finding = { .signature = signature, .crash = 1 };
	logged.line = 366;
	logged.from_stacks = false;
	s->verdict.crashes = (struct crash_list){ .items = list, .count = 2 };
	s->verdict.findings = (struct finding_list){ .items = &finding, .count = 1 };
	check(s, FORMAT_TEXT, "\nOther crashes in the same log\n  by its stack  hang in fsnotify\n", true);
	check(s, FORMAT_TEXT, "\nOther signatures that match\n  by its stack  fsnotify-mark-connector-race:", true);
	check(s, FORMAT_MARKDOWN, "\n- by its stack: `fsnotify-mark-connector-race`:", true);
	check(s, FORMAT_TEXT, "line 0", false);
	catalogue_free(catalogue);
	error_list_free(&errors);
	free(s);
}

/* ---- hostile dumps ---- */

static const struct text hostile[] = {
	TEXT("\033]0;title\a\033[2J\23331m\xc2\2331m\0\r\b\x7f\xe2\x80\xae\xed\xa0\x80\xff"),
	TEXT("</code><script>alert(1)</script> `` ``` ```` [x](javascript:alert(1)) # *b* _i_ &lt; @all"),
	TEXT("# - 1. > ~~~ ```\n```\n<h1>out</h1>\n\n# heading"),
	TEXT("%s%n%d %1$s"),
	TEXT("a-word-without-any-blank-that-is-much-longer-than-a-line-of-a-terminal-will-ever-be-and-has-to-be-broken"),
	TEXT("  \t  "),
};

/* Valid UTF-8, no control but the line feed, nothing that turns the direction. */
static void assert_clean(struct text bytes)
{
	uint32_t code;
	size_t length;

	for (; bytes.length; bytes = text_from_offset(bytes, length)) {
		length = character_decode(bytes, &code);
		assert_true(length > 0);
		assert_true(code == '\n' || (code >= 0x20 && (code < 0x7f || code > 0x9f)));
		assert_true(code < 0x202a || code > 0x202e);
	}
}

static size_t backticks(struct text line)
{
	size_t count = 0;

	while (count < line.length && line.data[count] == '`')
		count++;
	return count;
}

/*
 * Markdown as CommonMark has it: a fence ends at a line of at least as many backticks as it began with, and nothing else.
 * What a dump says must neither end one nor make a heading, HTML or a CPU outside of one.
 */
static void assert_markdown(const char *bytes)
{
	struct text rest = text_from(bytes);
	size_t fence = 0, fences = 0, cpus = 0;

	while (rest.length) {
		struct text line = text_first(rest, text_find_char(rest, '\n'));
		rest = text_from_offset(rest, line.length + 1);
		size_t count = backticks(line);
		if (fence) {
			fence = count >= fence && count == line.length ? 0 : fence;
		} else if (count >= 3 && count == line.length) {
			fence = count;
			fences++;
		} else {
			assert_false(text_starts(line, "# ") || text_starts(line, "<"));
			cpus += text_starts(line, "- CPU ");
		}
	}
	assert_int_equal(fence, 0);
	assert_int_equal(fences, 2); /* the crash's trace, and CPU 0's */
	assert_int_equal(cpus, 2);
}

static void test_hostile(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hostile); i++) {
		struct sample *s = make(&hostile[i]);
		for (enum format format = 0; format < FORMAT_COUNT; format++) {
			char *bytes = written(s, format);
			assert_clean(text_from(bytes));
			if (format == FORMAT_JSON)
				assert_ptr_equal(strchr(bytes, '\n'), bytes + strlen(bytes) - 1);
			if (format == FORMAT_MARKDOWN)
				assert_markdown(bytes);
			free(bytes);
		}
		json_decref(parsed(s));
		free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),         cmocka_unit_test(test_json_of_nothing),
		cmocka_unit_test(test_json_has_all), cmocka_unit_test(test_json_from_stacks),
		cmocka_unit_test(test_text),         cmocka_unit_test(test_markdown),
		cmocka_unit_test(test_states),       cmocka_unit_test(test_trace),
		cmocka_unit_test(test_many),         cmocka_unit_test(test_no_line),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
