/* From a source's bytes to lines, and past many of them at once. Lines are counted as the user's editor counts them. */
#ifndef LOG_READER_H
#define LOG_READER_H

#include "base/error.h"
#include "log/log.h"
#include "log/scan.h"
#include "log/source.h"

#include <stdbool.h>
#include <stdint.h>

struct reader {
	struct log_source *source;
	uint64_t at;         /* where the next line begins */
	size_t line;         /* its number, from 1 */
	bool inside;         /* at lies within a line that was too long to give at once */
	uint64_t quiet_to;   /* skipping: no word begins between at and this */
	uint64_t word_ahead; /* skipping: behind the beginning of the word that was found last */
	bool failed;
	struct error error;
};

/* A longer line is given in pieces, all with its number. */
enum { READER_LINE_MOST = 64 * 1024 };

struct reader_line {
	struct text text; /* without its line end (LF, CR LF); points into the source's window until the next call */
	size_t number;
	uint64_t offset;
	bool piece; /* not its line's first piece */
};

void reader_start(struct reader *reader, struct log_source *source);

/* False: no more lines, or reading failed (reader->failed and ->error). */
bool reader_next(struct reader *reader, struct reader_line *line);

/* Takes `length` bytes as they are, line ends and all, from where the next line would begin. False when there are not as
 * many, or more than READER_LINE_MOST. */
bool reader_take(struct reader *reader, size_t length, struct text *bytes);

/* As log_skip_quiet(). */
void reader_skip_quiet(struct reader *reader, const struct scanner *scanner);

#endif
