/* input/: UTF-16 and lone carriage returns become UTF-8 with line feeds, wherever a window ends. */
#include "input/transcode.h"

#include "test_log.h"

struct row {
	const char *name;
	struct text raw, expected;
	enum transcode_form form;
};

static const struct row rows[] = {
	{ "little endian", TEXT("\xff\xfe" "B\0U\0G\0\r\0\n\0x\0"), TEXT("BUG\r\nx"), TRANSCODE_UTF16_LE },
	{ "big endian", TEXT("\xfe\xff" "\0B\0U\0G\0\n\0x"), TEXT("BUG\nx"), TRANSCODE_UTF16_BE },
	{ "two and three bytes", TEXT("\xff\xfe" "a\0b\0c\0d\0\xe9\0\xac\x20"), TEXT("abcd\xc3\xa9\xe2\x82\xac"), TRANSCODE_UTF16_LE },
	{ "a pair", TEXT("\xff\xfe" "a\0b\0c\0\x3d\xd8\x00\xde" "d\0"), TEXT("abc\xf0\x9f\x98\x80" "d"), TRANSCODE_UTF16_LE },
	{ "half a pair", TEXT("\xff\xfe" "a\0b\0c\0\x3d\xd8" "d\0e\0"), TEXT("abc\xef\xbf\xbd" "de"), TRANSCODE_UTF16_LE },
	{ "half a pair at the end", TEXT("\xff\xfe" "a\0b\0c\0\x3d\xd8"), TEXT("abc\xef\xbf\xbd"), TRANSCODE_UTF16_LE },
	{ "the other half alone", TEXT("\xff\xfe" "a\0b\0c\0\x00\xde" "d\0"), TEXT("abc\xef\xbf\xbd" "d"), TRANSCODE_UTF16_LE },
	{ "half a character at the end", TEXT("\xff\xfe" "a\0b\0c"), TEXT("ab"), TRANSCODE_UTF16_LE },
	{ "carriage returns", TEXT("a\rb\r\rc\rd"), TEXT("a\nb\n\nc\nd"), TRANSCODE_LINE_ENDS },
	{ "and one at the end", TEXT("a\rb\rc\r"), TEXT("a\nb\nc\n"), TRANSCODE_LINE_ENDS },
};

/* Raw bytes that come a few at a time. */
static ssize_t read_steps(struct stream *stream, char *buffer, size_t size, struct error *error)
{
	struct stepping *from = stream->state;
	size_t left = from->all.length - from->reached, length = from->step < left ? from->step : left;

	(void)error;
	assert_true(length <= size);
	if (length)
		memcpy(buffer, from->all.data + from->reached, length);
	from->reached += length;
	return (ssize_t)length;
}

static void check(const struct row *row, size_t step, size_t keep)
{
	struct stepping from = { .all = row->raw, .step = step };
	struct stream raw, text;
	struct error error;

	assert_true(stream_start(&raw, read_steps, &from, &error));
	struct transcoding *transcoding = transcode_start(&text, &raw, row->form, &error);
	assert_non_null(transcoding);
	assert_true(stream_fill(&text, keep, &error));
	while (!text.source.ended)
		assert_true(text.source.more(&text.source, text.source.offset, &error));
	if (!text_equal((struct text){ text.source.data, text.source.length }, row->expected))
		fail_msg("%s, step %zu keep %zu len %zu at %zu: \"%.*s\"", row->name, step, keep, text.source.length, (size_t)text.source.offset, (int)text.source.length, text.source.data);
	transcode_stop(transcoding);
	stream_stop(&text);
	stream_stop(&raw);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (transcode_form_of(rows[i].raw) != rows[i].form)
			fail_msg("%s: taken for form %d", rows[i].name, (int)transcode_form_of(rows[i].raw));
		for (size_t step = 1; step < 8; step++)
			for (size_t keep = 0; keep < 3; keep++)
				check(&rows[i], step, keep);
	}
}

static void test_a_return_and_its_line_feed_stay_one_end(void **state)
{
	static const struct row row = { "later", TEXT("a\rb\rc\r\nd\r\n"), TEXT("a\nb\nc\r\nd\r\n"), TRANSCODE_LINE_ENDS };

	(void)state;
	for (size_t step = 1; step < 8; step++)
		check(&row, step, 0);
}

static void test_what_is_neither(void **state)
{
	static const struct text others[] = {
		TEXT(""), TEXT("\xff"), TEXT("\xff\xfe"), TEXT("\xff\xfe" "a"), TEXT("a\nb\r\n"), TEXT("a\r\n"), TEXT("a"), TEXT("a\r"),
		TEXT("\r\r\r\r"), TEXT("\xff\xfe\x12\x34\x56\x78\x9a\xbc"), TEXT("a\0b\0"), TEXT("10%\r20%\r30%\n[    1.000000] a\n"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_int_equal(transcode_form_of(others[i]), TRANSCODE_NOTHING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_a_return_and_its_line_feed_stay_one_end),
		cmocka_unit_test(test_what_is_neither),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
