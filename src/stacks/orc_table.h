/* One ORC table, of the kernel or of a module: its two arrays in the dump's memory, read a page at a time and kept. */
#ifndef STACKS_ORC_TABLE_H
#define STACKS_ORC_TABLE_H

#include "vmcore/dump.h"

/* Bytes of an entry of each array. */
enum { ORC_IP_SIZE = 4, ORC_ENTRY_SIZE = 6 };

/* 16 million entries, 160 MB: a kernel with everything in it, checked by sanitizers, has a fifth of that. */
enum { ORC_ENTRIES_MOST = 1 << 24 };

struct orc_array {
	uint64_t start, size;  /* bytes */
	unsigned char **pages; /* by page from that of start on; NULL: not read yet */
	size_t page_count;
};

struct orc_table {
	struct dump *dump;
	struct orc_array ips, entries;
	uint64_t count;
	uint64_t first, last; /* addresses of the first and the last place */
};

/* False: it is none: empty, too long, not to be read, or not in order. orc_table_close() in every case. */
bool orc_table_open(struct orc_table *table, struct dump *dump, uint64_t ips, uint64_t entries, uint64_t count);
void orc_table_close(struct orc_table *table);

/* The entry that holds at the address: the last place that is not behind it. False: it lies before all, or unreadable. */
bool orc_table_find(struct orc_table *table, uint64_t address, uint64_t *index);

/* The bytes of an entry. False: they cannot be read. */
bool orc_table_entry(struct orc_table *table, uint64_t index, unsigned char bytes[ORC_ENTRY_SIZE]);

#endif
