/* Nothing hostile in a history gets through to a reader of any output of a fleet. */
#define _GNU_SOURCE /* open_memstream */
#include "test_fleet_output.h"

#include "output/safe.h"

#include <jansson.h>

static const struct text hostile[] = {
	TEXT("\033]0;title\a\033[2J\23331m\xc2\2331m\0\r\b\x7f\xe2\x80\xae\xed\xa0\x80\xff"),
	TEXT("</code><script>alert(1)</script> `` ``` ```` [x](javascript:alert(1)) ![i](http://x/) | # *b* _i_ &lt; "
	     "www.x.org @all"),
	TEXT("a\\| b \\\\| ` c | `` d |\\"),
	TEXT("# - 1. > ~~~ ```\n```\n<h1>out</h1>\n\n# heading\n| a | b |\n| --- | --- |\n"),
	TEXT("%s%n%d %1$s {{ }} $( ) $x^2$ :smile:"),
	TEXT("a-word-without-any-blank-that-is-much-longer-than-a-line-of-a-terminal-will-ever-be-and-has-to-be-broken-"
	     "somewhere-nevertheless"),
	TEXT("\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2"
	     "\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97"),
	TEXT("  \t  "),
};

static json_t *words_value(struct text words)
{
	json_t *value = json_stringn(words.data, words.length);

	return value ? value : json_string("not UTF-8: no JSON holds it");
}

/* Every text of a detail is the words. */
static char *hostile_detail(struct text words)
{
	json_t *w = words_value(words);
	json_t *detail = json_pack("{sO sO sO sO sO s[OOO] s[{sO sO}] s[O] s[{sO sO sO}] s[OO] s[O] si}", "comm", w, "panic",
				   w, "instruction_pointer", w, "input", w, "symptom", w, "trace", w, w, w, "evidence",
				   "clause", w, "text", w, "fixed", w, "remedies", "text", w, "command", w, "condition", w,
				   "references", w, w, "notes", w, "line", 3);
	assert_non_null(detail);
	char *bytes = json_dumps(detail, 0);

	assert_non_null(bytes);
	json_decref(detail);
	json_decref(w);
	return bytes;
}

static struct fleet hostile_fleet(struct text words)
{
	struct fleet fleet = { 0 };
	char *detail = hostile_detail(words);

	for (size_t i = 0; i < 10; i++) {
		struct sighting sighting = {
			.source = { .file = words },
			.path = words,
			.verdict = i == 9 ? SIGHTING_FAILED : (enum sighting_verdict)(SIGHTING_UNKNOWN + i % 3),
			.failure = i == 9 ? words : TEXT_NONE,
			.identity = i == 3 || i == 4 ? words : TEXT_NONE, /* copies */
			.kind = words,
			.headline = words,
			.title = words,
			.culprit = words,
			.fingerprint = i ? words : TEXT("0123456789abcdef"),
			.signature = words,
			.signature_title = words,
			.affected = words,
			.fix = words,
			.release = words,
			.host = words,
			.crashed_at = (int64_t)i,
			.detail = text_from(detail),
		};
		add(&fleet, sighting);
	}
	finish(&fleet);
	free(detail);
	return fleet;
}

/* Valid UTF-8 and no control but the line feed. */
static void assert_clean(struct text bytes, bool color)
{
	uint32_t code;
	size_t length;

	for (; bytes.length; bytes = text_from_offset(bytes, length)) {
		length = character_decode(bytes, &code);
		assert_true(length > 0);
		assert_true(code == '\n' || (code == 0x1b && color) || (code >= 0x20 && (code < 0x7f || code > 0x9f)));
		assert_true(code < 0x202a || code > 0x202e);
	}
}

static struct text next_line(struct text *rest)
{
	struct text line = text_first(*rest, text_find_char(*rest, '\n'));

	*rest = text_from_offset(*rest, line.length + 1);
	return line;
}

/* But for paths, commands and URLs, which are whole. */
static void assert_width(const char *bytes, size_t width, struct text path)
{
	struct arena arena = { 0 };
	struct text safe = text_trim(safe_text(&arena, path));

	for (struct text rest = text_from(bytes); rest.length;) {
		struct text line = next_line(&rest);
		bool may_be_wide = text_starts(line, "       ") || text_find(line, "://") != SIZE_MAX ||
				   text_starts(line, "  read from ") || text_starts(line, "Kernel crashes: ") ||
				   text_equal(text_trim(line), safe);
		if (text_columns(line) > width && !may_be_wide)
			fail_msg("wider than %zu: '%.*s'", width, TEXT_ARGS(line));
		assert_false(text_ends(line, " "));
	}
	arena_free(&arena);
}

/* The cells of a row of a table: '|' that no backslash escapes, outside of code spans or not. */
static size_t count_bars(struct text line)
{
	size_t bars = 0;

	for (size_t i = 0; i < line.length; i++) {
		if (line.data[i] == '\\')
			i++;
		else
			bars += line.data[i] == '|';
	}
	return bars;
}

/* How many backticks the line begins with. */
static size_t fence_of(struct text line)
{
	size_t run = 0;

	while (run < line.length && line.data[run] == '`')
		run++;
	return run;
}

/* Tables of 2, 5 and 9 columns; outside of a fence, no line is HTML or a heading of theirs. */
static void assert_markdown(const char *bytes)
{
	size_t fence = 0 /* that is open */, rows_of_crashes = 0;

	for (struct text rest = text_from(bytes); rest.length;) {
		struct text line = next_line(&rest), bare = text_trim_start(line);
		size_t run = fence_of(bare);
		if (fence) {
			if (run >= fence && run == bare.length)
				fence = 0;
			continue;
		}
		if (run >= 3 && text_find_char(text_from_offset(bare, run), '`') == SIZE_MAX)
			fence = run;
		if (text_starts(line, "| ")) {
			assert_true(count_bars(line) == 3 || count_bars(line) == 6 || count_bars(line) == 10);
			rows_of_crashes += count_bars(line) == 6;
		}
		assert_false(text_starts(bare, "<h1>"));
		assert_false(text_starts(line, "# heading"));
	}
	assert_int_equal(fence, 0);
	assert_int_equal(rows_of_crashes, 3 * 2 + 7); /* the crash that is alone in its group is told above */
}

static void test_hostile_is_clean(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hostile); i++) {
		struct fleet fleet = hostile_fleet(hostile[i]);
		for (size_t k = 0; k < 12; k++) {
			size_t width = 40 + 40 * (k % 3);
			bool color = k / 3 == 3;
			enum fleet_format format = color ? TEXT_REPORT : (enum fleet_format)(k / 3);
			char *bytes = written(&fleet, format, width, color);
			assert_clean(text_from(bytes), color);
			if (format < MARKDOWN && !color)
				assert_width(bytes, width, hostile[i]);
			if (format == MARKDOWN)
				assert_markdown(bytes);
			if (format == JSON) {
				json_t *report = json_loads(bytes, JSON_REJECT_DUPLICATES, NULL);
				assert_non_null(report);
				json_decref(report);
			}
			free(bytes);
		}
		fleet_free(&fleet);
	}
}

static void test_markdown_escapes(void **state)
{
	struct fleet fleet = hostile_fleet(TEXT("<script>| *b*"));
	char *bytes = written(&fleet, MARKDOWN, 0, false);

	(void)state;
	assert_contains(bytes, "\n| \\<script\\>\\| \\*b\\* | 8 |\n"); /* a host: a code span would end its cell */
	assert_contains(bytes, "\n## 1: \\<script\\>\\| \\*b\\*\n");   /* a bug's name */
	assert_contains(bytes, "\n## 4: `<script>| *b*`\n");           /* a crash's title */
	assert_contains(bytes, "\n- \\<script\\>\\| \\*b\\*:\n  - `<script>| *b*`\n"); /* a failure */
	free(bytes);
	fleet_free(&fleet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hostile_is_clean),
		cmocka_unit_test(test_markdown_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
