/* The examination itself, as it goes on in its own process. Private to postmortem/. */
#ifndef POSTMORTEM_EXAMINE_H
#define POSTMORTEM_EXAMINE_H

#include "postmortem/postmortem.h"
#include "stacks/modules.h"
#include "stacks/symbols.h"
#include "stacks/tasks.h"
#include "stacks/types.h"
#include "stacks/unwind.h"

/* What an examination works with. Of it, all but request, found and error may be missing. */
struct examination {
	const struct postmortem_request *request;
	struct postmortem *found;
	struct error *error; /* set, and bad: what the user named is of no use */
	bool bad;
	struct debuginfo *debuginfo;
	struct symbols *symbols;
	struct types *types;
	struct module_list modules;
	struct cpu_tasks tasks;
	struct unwinder *unwinder;
	int64_t crashed_cpu;  /* -1: not known */
	int64_t panicked_cpu; /* that the kernel itself says panicked; -1: none, or it does not say */
};

/* As postmortem_examine(), without the process around it. */
bool examine(const struct postmortem_request *request, struct postmortem *found, struct error *error);

/* The dump's uname -m; NULL: not known. */
const char *examine_arch(const struct examination *examination);

/* A sentence for the user: as printf. */
void examine_note(struct examination *examination, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The parts, in the order in which they are done. */
void examine_cpus(struct examination *examination);  /* the stacks: cpus.c */
void examine_lines(struct examination *examination); /* source lines of the log's crashes: lines.c */

/*
 * Where the debuginfo has a place: in a function of that name, module and size. Of several of one name, all of the same
 * size, none is known to be it.
 */
bool examine_find_address(struct examination *examination, const struct crash_location *location, uint64_t *address);

/*
 * Adds a frame to an array in found's arena: before it, the functions that debuginfo knows to be inlined there, and its own
 * file and line. `address`: of its instruction, as debuginfo_lines() takes it (of a place to return to, of the call before);
 * NULL: not known.
 */
void examine_add_frames(struct examination *examination, const struct crash_frame *frame, const uint64_t *address,
			struct crash_frame **frames, size_t *count);

/* The same of a place whose address in memory is known. */
bool examine_source_address(struct examination *examination, const struct crash_location *location, uint64_t *address);

/* A frame of an unwound stack as a crash has it. Texts in found's arena. */
struct crash_frame examine_frame(struct examination *examination, const struct stack_frame *frame);

/* What a fault touched, its texts in found's arena; nothing where that is not certain. */
struct touched_request;
void examine_touched(struct examination *examination, const struct touched_request *request, struct crash_touched *told);

#endif
