/* Time stamps and caller ids that stand in front of records. */
#ifndef LOG_STAMP_H
#define LOG_STAMP_H

#include "base/text.h"
#include "log/log.h"

/*
 * printk's own: "[   23.367864]" (kernel/printk/printk.c, print_time()), also with its padding folded. Takes it off the
 * front of t, with the caller id behind it if there is one ("[   T12]", "[    C0]", CONFIG_PRINTK_CALLER since v5.1) and one
 * blank.
 */
bool stamp_eat_printk(struct text *t, struct record *record);

/* Where within t, whose own stamp is taken off, another printk stamp stands: two records ran together. SIZE_MAX: none. */
size_t stamp_find_inside(struct text t);

/*
 * The others set in record what they tell of the wall clock: wall_time and zone_said, or clock where they do not say the
 * year. Each takes the stamp off the front of t, with the blank behind it; false: it is another, and t and record are left.
 */

/* dmesg's own, from util-linux: "[Tue Jun  5 04:46:22 2018] ", "[Jun 5 04:46] ", "[  +0.000012] ",
 * "2018-06-05T04:46:22,123456+02:00 ". */
bool stamp_eat_dmesg(struct text *t, struct record *record);

/* Jun  5 04:46:22, with or without a fraction of a second. */
bool stamp_eat_bsd(struct text *t, struct record *record);

/* 2018-06-05T04:46:22.003Z, +02:00, +0200 or no zone. */
bool stamp_eat_iso(struct text *t, struct record *record);

/* Tue 2018-06-05 04:46:22 CEST, as journalctl -o short-full prints. */
bool stamp_eat_full(struct text *t, struct record *record);

/* 1528173982.123456, as journalctl -o short-unix prints. */
bool stamp_eat_unix(struct text *t, struct record *record);

/*
 * What captures of consoles put in front of a line: "[2023-01-01 10:00:00] ", "[2023-01-01T10:00:00.123Z] ",
 * "[Nov 12 10:00:00] ".
 */
bool stamp_eat_console(struct text *t, struct record *record);

#endif
