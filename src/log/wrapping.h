/* What transports put around a record, one line at a time. */
#ifndef LOG_WRAPPING_H
#define LOG_WRAPPING_H

#include "base/text.h"
#include "log/log.h"

#include <stdbool.h>

enum wrapping_verdict {
	WRAPPING_NONE,   /* a bare line, perhaps with printk's own stamp */
	WRAPPING_KERNEL, /* a transport's line that carries a kernel record */
	WRAPPING_OTHER,  /* a transport's line of another program: not of the kernel's log */
};

/* What was learnt of a log's wrappings on the way. Zero-initialised is ready for use. */
struct wrappings {
	bool extended; /* records have the form of /dev/kmsg, see kmsg.h */
	/* Words in front of records that may be hosts, hashed: a word that is seen again is one. */
	uint64_t words[16];
	unsigned word_count;
};

/*
 * Takes quoting and transport off the front of *line, and sets in record what they tell (level, time, caller, host, wall
 * clock). format is set to the transport's name (see log_format()) unless the verdict is WRAPPING_NONE. Printk's own stamp
 * is left in place.
 */
enum wrapping_verdict wrapping_strip(struct text *line, struct record *record, struct wrappings *known, const char **format);

/* As wrapping_strip() for what stands in front of a printk stamp in some transports: a level "<4>". */
bool wrapping_eat_level(struct text *line, struct record *record);

#endif
