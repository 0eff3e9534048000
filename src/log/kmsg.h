/*
 * The extended form of a record, as /dev/kmsg gives it and netconsole sends it where it is asked to
 * (kernel/printk/printk.c, info_print_ext_header(); Documentation/networking/netconsole.rst):
 *     6,339,5140900,-;text
 *     6,339,5140900,-,caller=T1;text           CONFIG_PRINTK_CALLER
 *     6.4.0,6,339,5140900,-;text               netconsole, with the release in front (since 6.4)
 *     6,416,1758426,-,ncfrag=16/33;text        netconsole: a piece of a record that is too long for a datagram (since 4.3)
 */
#ifndef LOG_KMSG_H
#define LOG_KMSG_H

#include "base/text.h"
#include "log/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KMSG_FRAGMENT ",ncfrag="

/* Takes the header off the front of t, and sets in record what it tells; false: there is none. A piece that is not its
 * record's first sets continued. */
bool kmsg_eat_header(struct text *t, struct record *record);

/* Which piece of which record: what its header says. */
struct kmsg_fragment {
	char id[64];     /* the header up to the mark: "6,416,1758426,-" */
	char sender[64]; /* the word in front of the header: a host or an address; "" where there is none */
	size_t header;   /* where in its line the mark begins */
	uint64_t offset; /* in the record's text, bytes */
	uint64_t total;
};

/* Looks into a line for the header of a piece; *text is what follows it. */
bool kmsg_first_fragment(struct text line, struct kmsg_fragment *fragment, struct text *text);

/*
 * Where within text, which begins at fragment->offset of its record, the next piece's header stands: at the very place of
 * the record that it names. *after is what follows it. SIZE_MAX: nowhere.
 */
size_t kmsg_next_fragment(struct text text, const struct kmsg_fragment *fragment, struct text *after);

/* The same for a line of its own, by the same sender, whose header names fragment->offset. */
size_t kmsg_find_fragment(struct text line, const struct kmsg_fragment *fragment, struct text *after);

#endif
