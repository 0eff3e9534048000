/* For the tests of log/: tables of inputs and of the records that they hold. */
#ifndef TEST_LOG_ROWS_H
#define TEST_LOG_ROWS_H

#include "log/log.h"

#include <inttypes.h>
#include <stdio.h>

#include "test_log.h"

struct expected {
	const char *text;
	int64_t time_ns;
	int level; /* one more than the level: 0 is none */
	char caller_kind;
	uint32_t caller;
	size_t line; /* 0: 1 */
	bool continued;
};

struct row {
	struct text input;
	const char *format;
	struct expected records[6]; /* up to the first without text */
};

#define R(string, time, ...) { .text = string, .time_ns = time, __VA_ARGS__ }
#define NO_TIME RECORD_NO_TIME
#define MS INT64_C(1000000)
#define STAMP "[    5.140900] "
#define STAMP_NS INT64_C(5140900000)

static inline void check_record(const struct row *row, size_t index, const struct record *record)
{
	const struct expected *expected = &row->records[index];
	bool same = expected->text && text_is(record->text, expected->text) && record->time_ns == expected->time_ns &&
	            record->level == expected->level - 1 && record->caller_kind == expected->caller_kind &&
	            record->caller == expected->caller && record->line == (expected->line ? expected->line : 1) &&
	            record->continued == expected->continued;

	if (!same)
		fail_msg("input \"%.*s\", record %zu: \"%.*s\" time %" PRId64 " level %d caller '%c'%u line %zu%s; expected \"%s\"",
		         TEXT_ARGS(row->input), index, TEXT_ARGS(record->text), record->time_ns, record->level,
		         record->caller_kind ? record->caller_kind : '-', record->caller, record->line,
		         record->continued ? " continued" : "", expected->text ? expected->text : "no record");
}

static inline void check_row(const struct row *row, size_t step)
{
	struct stepping stepping = stepping_over(row->input, step);
	struct log *log = log_new(&stepping.source);
	struct error error;
	struct record record;
	enum log_status status;
	size_t count = 0;

	assert_non_null(log);
	while ((status = log_next(log, &record, &error)) == LOG_RECORD)
		check_record(row, count++, &record);
	assert_int_equal(status, LOG_END);
	if (row->records[count].text)
		fail_msg("input \"%.*s\": %zu records only", TEXT_ARGS(row->input), count);
	if (strcmp(log_format(log), row->format) != 0)
		fail_msg("input \"%.*s\": format %s, expected %s", TEXT_ARGS(row->input), log_format(log), row->format);
	log_free(log);
	stepping_end(&stepping);
}

static inline void check_rows(const struct row *rows, size_t count)
{
	static const size_t steps[] = { 1, 7, 4096, 0 };

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < sizeof steps / sizeof *steps; j++)
			check_row(&rows[i], steps[j]);
}

#define CHECK(rows) check_rows(rows, sizeof rows / sizeof *rows)

#endif
