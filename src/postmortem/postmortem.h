/*
 * postmortem/: takes a dump, the debuginfo that can be had, and the crashes of the log; gives what the log does not say:
 * what every CPU was doing, the source lines of the crashes' frames. All of it in a process of its
 * own, with bounded memory and time: debuginfo and dumps are files of other people, and what reads them may fail.
 */
#ifndef POSTMORTEM_POSTMORTEM_H
#define POSTMORTEM_POSTMORTEM_H

#include "base/arena.h"
#include "base/error.h"
#include "crash/crash.h"
#include "debuginfo/debuginfo.h"
#include "vmcore/dump.h"
#include "vmcore/facts.h"

enum {
	POSTMORTEM_MEMORY_MOST = 2048, /* MiB: its process gets no more */
	POSTMORTEM_SECONDS_MOST = 120, /* its process gets no more, of the CPU's and of the wall's; of the wall's,
					  DEBUGINFO_SERVER_SECONDS_MOST more where servers are asked */
};

/* Which CPUs' stacks are wanted. */
enum postmortem_stacks { STACKS_NONE, STACKS_CRASHED, STACKS_ALL };

struct postmortem_request {
	struct dump *dump;         /* NULL: there is only a log */
	const struct facts *facts; /* the dump's; NULL without one */
	const struct crash_list *crashes;
	int64_t crashed_cpu; /* -1: not known */
	struct text release; /* the kernel's */
	struct text version; /* uname -v, or a piece of it; empty: not known */
	enum postmortem_stacks stacks;
	bool asked; /* somebody asked for the stacks: what could not be had of them is told in notes */
	bool lines; /* source lines, for the crashes of the log */
	struct debuginfo_options debuginfo;
	const char *const *system_maps; /* of the user; those in the usual places are tried after them */
	size_t system_map_count;
};

/* How a CPU died. */
struct postmortem_death {
	bool known;                       /* the kernel says that it panicked there, and the stack shows from where on */
	enum crash_kind kind;             /* CRASH_UNKNOWN_KIND: the stack does not say */
	size_t from;                      /* the crash's own frames begin with this one; those before it dealt with it */
	struct crash_register *registers; /* records are CRASH_NO_RECORD */
	size_t register_count;
	uint64_t fault_address;
	bool has_fault_address;
	struct crash_touched touched;
};

struct postmortem_cpu {
	int64_t cpu, pid;  /* -1: not known */
	struct text comm;  /* empty: not known */
	const char *state; /* "running" ...; NULL: not known */
	bool crashed;      /* it is the one whose crash decided, or that panicked */
	bool answered;     /* it left its registers */
	bool idle, in_user;
	int64_t running_ns, behind_ns; /* see stacks/tasks.h */
	bool others_wait;
	struct crash_location instruction_pointer;
	struct crash_frame *frames; /* the instruction pointer's function first; records are CRASH_NO_RECORD */
	size_t frame_count;
	size_t interrupted; /* frames before this one are of a timer's interrupt, an IPI or an NMI that found the CPU at work
			     */
	struct postmortem_death death;
	struct text how; /* see struct stack */
	struct text ends_early;
};

/* Source lines of a crash's places, in the order of its frames. */
struct postmortem_lines {
	size_t crash;               /* index */
	struct crash_frame *frames; /* those of the crash with file and line, inlined functions put in before them */
	size_t frame_count;
	struct crash_frame *at; /* the instruction pointer: inlined functions first, itself last */
	size_t at_count;
	struct crash_touched touched;
};

struct postmortem {
	struct arena arena;
	struct postmortem_cpu *cpus;
	size_t cpu_count;
	struct postmortem_lines *lines;
	size_t line_count;
	struct text debuginfo; /* path of the vmlinux that was used; empty: none */
	struct text symbols;   /* "kallsyms", or the System.map's path, where names are from there; empty: neither */
	struct text *notes;    /* sentences */
	size_t note_count;
};

/*
 * False: *error: what the user named as debuginfo is not this kernel's, or cannot be read (error->path names it, in the
 * arena). What could be told without it is in *postmortem all the same. Free with postmortem_free() in every case.
 */
bool postmortem_examine(const struct postmortem_request *request, struct postmortem *postmortem, struct error *error);
/* Whether there is a file that may be the kernel's debuginfo, in the usual places: it is not looked into. */
bool postmortem_has_debuginfo(const struct postmortem_request *request);
void postmortem_free(struct postmortem *postmortem);

#endif
