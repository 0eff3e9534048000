/*
 * Logs of several machines in one: a collector of netconsole's or syslog's datagrams, a hypervisor's console. Each machine's
 * records are looked at by a finder of their own, so that no crash is made of two machines' lines.
 */
#ifndef CRASH_HOSTS_H
#define CRASH_HOSTS_H

#include "crash/crash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HOSTS_MOST = 64 };

/* Of find.c: what looks at one machine's records. */
struct finder;

/*
 * boots: the number of the log's latest boot, of any machine, which is counted on. like: a finder whose boot and kernel the
 * new one begins with; NULL: with a boot of its own. NULL: out of memory.
 */
struct finder *finder_new(struct crash_list *list, size_t *boots, const struct finder *like);
void finder_take(struct finder *finder, const struct record *record);
bool finder_is_open(const struct finder *finder); /* is a report being read? */
void finder_finish(struct finder *finder);        /* whatever is open is over */
bool finder_failed(const struct finder *finder);  /* out of memory */

struct host {
	uint64_t name; /* hashed, with that of a guest; 0: not said */
	uint64_t used; /* the number of its last record among all */
	bool generic;  /* the name is one that machines have before they know theirs */
	struct finder *finder;
};

/* Zero-initialised but for list is ready for use. */
struct hosts {
	struct crash_list *list;
	struct host items[HOSTS_MOST];
	size_t count;
	size_t latest; /* whose the record before was */
	uint64_t records;
	size_t boots;
	bool guests; /* some have no name but their host's number of them */
	bool failed; /* out of memory */
};

void hosts_take(struct hosts *hosts, const struct record *record);
bool hosts_are_open(const struct hosts *hosts); /* is any report being read? */

/* Whatever is open is over; the crashes of several machines come in the log's order. */
void hosts_finish(struct hosts *hosts);
const struct finder *hosts_latest(const struct hosts *hosts); /* NULL: there was no record */
void hosts_free(struct hosts *hosts);

#endif
