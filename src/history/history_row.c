/* Columns, as a table. */
#include "history/history_row.h"

#include <limits.h>
#include <stddef.h>

enum column_type { BYTES, WORDS, SIZE, STAMP, TIME, FLAG, COUNT, VERDICT };

static const struct column {
	enum column_type type;
	size_t offset; /* in struct sighting */
} columns[] = {
#define ROW(column, type, field) { type, offsetof(struct sighting, field) },
	ROW_COLUMNS(ROW)
#undef ROW
};

static const void *field(const struct column *column, const struct sighting *sighting)
{
	return (const char *)sighting + column->offset;
}

static const struct text *text_field(const struct column *column, const struct sighting *sighting)
{
	return column->type == BYTES || column->type == WORDS ? field(column, sighting) : NULL;
}

bool row_bind_text(sqlite3_stmt *statement, int parameter, struct text t)
{
	return t.length <= INT_MAX && sqlite.sqlite3_bind_text(statement, parameter, t.length ? t.data : "", (int)t.length,
							       SQLITE_STATIC) == SQLITE_OK;
}

bool row_bind_bytes(sqlite3_stmt *statement, int parameter, struct text t)
{
	return t.length <= INT_MAX && sqlite.sqlite3_bind_blob(statement, parameter, t.length ? t.data : "", (int)t.length,
							       SQLITE_STATIC) == SQLITE_OK;
}

static bool bind_number(sqlite3_stmt *statement, int parameter, int64_t value)
{
	return sqlite.sqlite3_bind_int64(statement, parameter, value) == SQLITE_OK;
}

static bool bind_one(sqlite3_stmt *statement, int parameter, const struct column *column, const struct sighting *sighting)
{
	const void *from = field(column, sighting);

	switch (column->type) {
	case BYTES:
		return row_bind_bytes(statement, parameter, *(const struct text *)from);
	case WORDS:
		if (((const struct text *)from)->length)
			return row_bind_text(statement, parameter, *(const struct text *)from);
		return sqlite.sqlite3_bind_null(statement, parameter) == SQLITE_OK;
	case SIZE:
		return bind_number(statement, parameter, (int64_t) * (const uint64_t *)from);
	case STAMP:
		return bind_number(statement, parameter, *(const int64_t *)from);
	case TIME:
		if (*(const int64_t *)from != SIGHTING_NO_TIME)
			return bind_number(statement, parameter, *(const int64_t *)from);
		return sqlite.sqlite3_bind_null(statement, parameter) == SQLITE_OK;
	case FLAG:
		return bind_number(statement, parameter, *(const bool *)from);
	case COUNT:
		return bind_number(statement, parameter, *(const unsigned *)from);
	case VERDICT:
		return row_bind_text(statement, parameter, text_from(sighting_verdict_name(sighting->verdict)));
	}
	return false;
}

bool row_bind(sqlite3_stmt *statement, int parameter, const struct sighting *sighting)
{
	for (size_t i = 0; i < ROW_COLUMN_COUNT; i++)
		if (!bind_one(statement, parameter + (int)i, &columns[i], sighting))
			return false;
	return true;
}

struct text row_text(sqlite3_stmt *statement, int column)
{
	/* As a blob: a text too comes as its bytes, whatever they are, in a database of UTF-8. */
	const char *data = sqlite.sqlite3_column_blob(statement, column);

	return data ? (struct text){ data, (size_t)sqlite.sqlite3_column_bytes(statement, column) } : TEXT_NONE;
}

int64_t row_time(sqlite3_stmt *statement, int column)
{
	return sqlite.sqlite3_column_type(statement, column) == SQLITE_NULL ? SIGHTING_NO_TIME
									    : sqlite.sqlite3_column_int64(statement, column);
}

static bool read_one(sqlite3_stmt *statement, int number, const struct column *column, struct sighting *sighting)
{
	void *to = (char *)sighting + column->offset;

	switch (column->type) {
	case BYTES:
	case WORDS:
		*(struct text *)to = row_text(statement, number);
		return true;
	case SIZE:
		*(uint64_t *)to = (uint64_t)sqlite.sqlite3_column_int64(statement, number);
		return true;
	case STAMP:
		*(int64_t *)to = sqlite.sqlite3_column_int64(statement, number);
		return true;
	case TIME:
		*(int64_t *)to = row_time(statement, number);
		return true;
	case FLAG:
		*(bool *)to = sqlite.sqlite3_column_int64(statement, number) != 0;
		return true;
	case COUNT:
		*(unsigned *)to = (unsigned)sqlite.sqlite3_column_int64(statement, number);
		return true;
	case VERDICT:
		return sighting_verdict_from_name(row_text(statement, number), &sighting->verdict);
	}
	return false;
}

bool row_read(sqlite3_stmt *statement, int column, struct sighting *sighting)
{
	*sighting = (struct sighting){ 0 };
	for (size_t i = 0; i < ROW_COLUMN_COUNT; i++)
		if (!read_one(statement, column + (int)i, &columns[i], sighting))
			return false;
	return true;
}

void row_copy_texts(struct arena *arena, struct sighting *sighting)
{
	for (size_t i = 0; i < ROW_COLUMN_COUNT; i++) {
		const struct text *t = text_field(&columns[i], sighting);
		if (t && t->length)
			*(struct text *)(uintptr_t)t = arena_copy(arena, *t);
	}
}

size_t row_length(const struct sighting *sighting)
{
	size_t length = 0;

	for (size_t i = 0; i < ROW_COLUMN_COUNT; i++) {
		const struct text *t = text_field(&columns[i], sighting);
		length += t ? t->length : 0;
	}
	return length;
}
