/* A dump in makedumpfile's compressed format, of one file or of a split set. */
#ifndef VMCORE_DISKDUMP_H
#define VMCORE_DISKDUMP_H

#include "vmcore/diskdump_part.h"

enum { DISKDUMP_CACHED_PAGES = 32, DISKDUMP_FAILED_PAGES = 4 };

/* A page unpacked: the log is read in small pieces. */
struct cached_page {
	uint64_t number; /* page frame number; UINT64_MAX: empty */
	uint64_t used;   /* when it was last of use, by clock */
	unsigned char *bytes;
};

/* A page that could not be read: page tables in it are asked for again and again. */
struct failed_page {
	enum memory_status status; /* MEMORY_OK: none */
	uint64_t number;
	struct error error;
};

struct diskdump {
	struct diskdump_part parts[DUMP_FILES_MOST]; /* by page number */
	size_t part_count;
	uint64_t block_size;
	uint64_t pages; /* of all parts */
	struct diskdump_work work;
	struct cached_page cache[DISKDUMP_CACHED_PAGES];
	size_t cached;
	uint64_t clock;
	struct failed_page failed[DISKDUMP_FAILED_PAGES];
	size_t next_failed;    /* the oldest of them */
	unsigned char *memory; /* of the cache, and a block of packed bytes behind it */
};

/* Why a dump is incomplete whose last pages were never written. */
#define DISKDUMP_UNFINISHED "makedumpfile did not finish: pages that should be in the dump were never written"

/* Makes the cache for block_size. False: *error. */
bool diskdump_make_cache(struct diskdump *diskdump, struct error *error);
void diskdump_free(struct diskdump *diskdump); /* not its parts; NULL is fine */

/* dump->state is a struct diskdump. */
extern const struct dump_reader diskdump_reader;

#endif
