/*
 * Building JSON values: nothing is checked on the way, the maker remembers a failure. Texts are made safe, so that Jansson
 * never refuses one. A function that takes a json_t takes it over, NULL (out of memory) included.
 */
#ifndef OUTPUT_JSON_H
#define OUTPUT_JSON_H

#include "base/arena.h"
#include "base/text.h"
#include "crash/crash.h"
#include "triage/triage.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_maker {
	struct arena arena; /* for safe copies; may be freed once the values are made */
	bool failed;        /* out of memory */
};

void json_put(struct json_maker *maker, json_t *object, const char *key, json_t *value);
void json_add(struct json_maker *maker, json_t *array, json_t *value);

json_t *json_text(struct json_maker *maker, struct text t);         /* a string, "" for the empty text */
json_t *json_text_or_null(struct json_maker *maker, struct text t); /* null for the empty text */
json_t *json_lines(struct json_maker *maker, struct text t);        /* as json_text_or_null, but line feeds stay */
json_t *json_texts(struct json_maker *maker, const struct text *texts, size_t count);
json_t *json_hex(struct json_maker *maker, uint64_t value, int digits); /* "0x00000000000000ff" */
json_t *json_number(uint64_t value);  /* null where it does not fit: only a garbled log has such numbers */
json_t *json_line(size_t line);       /* null for 0 */
json_t *json_known(int64_t value);    /* null for -1 */
json_t *json_moment(int64_t seconds); /* since 1970; null for RECORD_NO_TIME */

/* json_crash.c: one crash; the list is for the index of what brought it about. */
json_t *json_crash(struct json_maker *maker, const struct crash_list *crashes, const struct crash *crash);

/* A place; null where neither function nor address is known. Frames as an array. */
json_t *json_place(struct json_maker *maker, const struct crash_location *location);
json_t *json_trace(struct json_maker *maker, const struct crash_frame *frames, size_t count);

/* json_cpus.c: what every CPU was doing; an empty array where it was not examined. */
json_t *json_cpus(struct json_maker *maker, const struct postmortem *postmortem);

/* json_hardware.c: null where the crash is none of that. */
json_t *json_hardware_error(struct json_maker *maker, const struct crash *crash);
json_t *json_killed(struct json_maker *maker, const struct crash *crash);
json_t *json_out_of_memory(struct json_maker *maker, const struct crash *crash);

/* json_dump.c: adds what only a dump knows to the objects "input" and "kernel". */
void json_dump_input(struct json_maker *maker, json_t *input, const struct verdict_dump *dump);
void json_dump_kernel(struct json_maker *maker, json_t *kernel, const struct verdict_dump *dump);

#endif
