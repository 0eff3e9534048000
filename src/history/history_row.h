/* A sighting as a row of the database: the one list of its columns, and the way in and out. */
#ifndef HISTORY_HISTORY_ROW_H
#define HISTORY_HISTORY_ROW_H

#include "history/sighting.h"
#include "history/sqlite.h"

/*
 * X(column, type, field of struct sighting), detail last: a row of which it is not asked for is read without it. Types:
 *   BYTES  a blob, as paths are bytes          WORDS  a text; NULL where it is empty
 *   SIZE   uint64_t; past INT64_MAX negative   STAMP int64_t         TIME int64_t; NULL for SIGHTING_NO_TIME
 *   FLAG   bool                                COUNT unsigned        VERDICT its name
 */
#define ROW_COLUMNS_BUT_DETAIL(X)                                                                                           \
	X(file, BYTES, source.file)                                                                                         \
	X(size, SIZE, source.size)                                                                                          \
	X(modified, STAMP, source.modified)                                                                                 \
	X(path, BYTES, path)                                                                                                \
	X(verdict, VERDICT, verdict)                                                                                        \
	X(failure, WORDS, failure)                                                                                          \
	X(identity, WORDS, identity)                                                                                        \
	X(kind, WORDS, kind)                                                                                                \
	X(headline, WORDS, headline)                                                                                        \
	X(title, WORDS, title)                                                                                              \
	X(culprit, WORDS, culprit)                                                                                          \
	X(fingerprint, WORDS, fingerprint)                                                                                  \
	X(signature, WORDS, signature)                                                                                      \
	X(signature_title, WORDS, signature_title)                                                                          \
	X(affected, WORDS, affected)                                                                                        \
	X(fix, WORDS, fix)                                                                                                  \
	X(release, WORDS, release)                                                                                          \
	X(host, WORDS, host)                                                                                                \
	X(crashed_at, TIME, crashed_at)                                                                                     \
	X(incomplete, FLAG, incomplete)                                                                                     \
	X(from_dump, FLAG, from_dump)                                                                                       \
	X(frames, COUNT, frames)
#define ROW_COLUMNS(X) ROW_COLUMNS_BUT_DETAIL(X) X(detail, WORDS, detail)

/* Pieces of SQL: "sighting.file, sighting.size, ..., " up to the detail, and "?, ?, ...". */
#define ROW_NAME(column, type, field)   "sighting." #column ", "
#define ROW_TARGET(column, type, field) ", " #column
#define ROW_PLACE(column, type, field)  ", ?"
#define ROW_WITH_DETAIL                 ROW_COLUMNS_BUT_DETAIL(ROW_NAME) "sighting.detail"
#define ROW_WITHOUT_DETAIL              ROW_COLUMNS_BUT_DETAIL(ROW_NAME) "NULL"
#define ROW_TARGETS                     ROW_COLUMNS(ROW_TARGET)
#define ROW_PLACES                      ROW_COLUMNS(ROW_PLACE)

enum {
#define ROW_COUNT_ONE(column, type, field) +1
	ROW_COLUMN_COUNT = 0 ROW_COLUMNS(ROW_COUNT_ONE)
#undef ROW_COUNT_ONE
};

/* Binds all columns from this parameter on. The sighting must stay until the statement is reset. */
bool row_bind(sqlite3_stmt *statement, int parameter, const struct sighting *sighting);

/* Reads the columns from this one on; the texts are SQLite's, until the next step. False: the verdict is none. */
bool row_read(sqlite3_stmt *statement, int column, struct sighting *sighting);

bool row_bind_text(sqlite3_stmt *statement, int parameter, struct text t);  /* as TEXT, never NULL */
bool row_bind_bytes(sqlite3_stmt *statement, int parameter, struct text t); /* as BLOB, never NULL */
struct text row_text(sqlite3_stmt *statement, int column);
int64_t row_time(sqlite3_stmt *statement, int column);

/* All texts of the sighting become copies in the arena; see arena->failed. */
void row_copy_texts(struct arena *arena, struct sighting *sighting);

size_t row_length(const struct sighting *sighting); /* bytes of all texts */

#endif
