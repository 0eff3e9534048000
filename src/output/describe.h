/* A crash in words, the same in every format for people. All texts given are safe, and live in the arena. */
#ifndef OUTPUT_DESCRIBE_H
#define OUTPUT_DESCRIBE_H

#include "base/arena.h"
#include "base/text.h"
#include "crash/crash.h"
#include "triage/triage.h"

#include <stddef.h>

/* One thing that is known of a crash. */
struct fact {
	const char *label; /* at most FACT_LABEL_LONGEST columns */
	struct text value;
};

enum { FACT_LABEL_LONGEST = 13, FACTS_MOST = 24 };

struct fact_list {
	struct fact items[FACTS_MOST];
	size_t count;
};

/* The crash that decided, or NULL; and its best finding, or NULL. */
const struct crash *describe_deciding_crash(const struct verdict *verdict);
const struct finding *describe_deciding_finding(const struct verdict *verdict);

/* Adds a fact, unless its value is empty. */
void facts_add(struct fact_list *facts, const char *label, struct text value);

/* What an administrator asks of a crash first: kernel, process, place, time, taint, panic. */
void describe_crash(struct arena *arena, const struct verdict *verdict, const struct crash *crash, struct fact_list *facts);

/* Who allocated, freed, raced: a fact each, of the first few; how many more stacks there are. */
void describe_stacks(struct arena *arena, const struct crash *crash, struct fact_list *facts);

/*
 * "0x88 is i_lock in struct inode: dentry->d_inode is NULL in d_delete() at fs/dcache.c:2569"; empty: it is not known what was
 * touched.
 */
struct text describe_touched(struct arena *arena, const struct crash_touched *touched);

/* "inotify (pid 2577) on CPU 1", as much of it as is known. */
struct text describe_process(struct arena *arena, const struct crash *crash);

/* What failed of the hardware; what memory ran out, and who was killed for it. */
void describe_hardware(struct arena *arena, const struct crash *crash, struct fact_list *facts);
void describe_out_of_memory(struct arena *arena, const struct crash *crash, struct fact_list *facts);

/* The machine and the dump, where there is one: two facts. */
void describe_dump(struct arena *arena, const struct verdict *verdict, struct fact_list *facts);

/* "2026-11-24 02:33:11 UTC"; "UTC" only where the zone was said. Empty where it is not plausible (base/wall_clock.h). */
struct text describe_moment(struct arena *arena, int64_t seconds, bool zone_said);

/* "kmem_cache_alloc+0x74/0x1f0 [module]", or the address; empty where neither is known. */
struct text describe_location(struct arena *arena, const struct crash_location *location);

/*
 * The first lines of the call trace, at most `most`: the reliable frames, or where there is none all of them, each with '?'.
 * Where they are more and begin with plumbing, the first line says how many of it are left out; *left_out: how many behind
 * the last.
 */
size_t describe_trace(struct arena *arena, const struct crash *crash, struct text *lines, size_t most, size_t *left_out);

/* "f+0x2c/0xb0 at a.c:7 (irq)"; with '?' in front, unless it is reliable. */
struct text describe_frame(struct arena *arena, const struct crash_frame *frame, bool reliable);

/* "line 12"; "by its stack", where the log does not tell of the crash. */
struct text describe_origin(struct arena *arena, const struct crash *crash);

/* The title, or what comes nearest to it. */
struct text describe_title(struct arena *arena, const struct crash *crash);

/* Of one of the other crashes: how often, and what brought it about: "3 more times; a consequence of the crash at line 1".
 */
struct text describe_remark(struct arena *arena, const struct verdict *verdict, const struct crash *crash);

/* "16 hex digits", or empty. */
struct text describe_fingerprint(struct arena *arena, const struct crash *crash);

#endif
