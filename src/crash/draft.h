/*
 * A crash that is being read: the crash so far, and where in its report the reading stands. The parts of a report
 * (registers, trace, modules
 * ...) each have a file that takes their lines; parts.c lists them.
 *
 * The first that is said counts: the kernel repeats registers and places behind a report, and prints those of other contexts
 * within it, but says what matters first.
 */
#ifndef CRASH_DRAFT_H
#define CRASH_DRAFT_H

#include "crash/arch.h"
#include "crash/crash.h"
#include "crash/hardware_draft.h"
#include "log/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crash_headline;
struct stack_row;

/* A run of lines with the registers of one context. */
struct register_block {
	bool began;
	bool other;       /* another context's: the crash's own was before */
	const char *name; /* its first label's */
	size_t first;     /* index of its first register in crash->registers */
	size_t record;    /* of its first line */
	uint64_t next;    /* s390: the number of the register that the next line, which has no label, begins with; 0: none */
};

struct draft {
	struct crash *crash;
	struct arch_seen seen;
	struct register_block block;
	bool place_follows; /* "... at 0000000000000010 RIP: " of x86-64 up to v2.6.26: the place stands on the next line */
	bool cut_here;      /* only what comes before a headline was seen so far: "cut here", a warning's text */
	bool has_headline;
	const struct crash_headline *awaits; /* the row of that text; NULL: none */
	size_t awaits_record;
	const char *title; /* the headline's; NULL: its kind's */
	bool early;        /* its first record is one of the log's first: the log begins in its middle */
	bool proven;       /* no headline, but something that only a crash prints */
	bool sure;         /* a headline that is said of the kernel alone was seen */
	bool ended;        /* "---[ end trace" was seen */
	bool trace_done;   /* its trace is over: what follows is of another */
	bool in_trace;
	bool at_frame;        /* this record is a frame */
	bool behind_frame;    /* the one before was */
	bool in_modules;      /* the record before was its list of modules */
	bool user_registers;  /* the lines at hand are those of the program that called */
	bool summary_place;   /* the instruction pointer came from a short form: a full one is better */
	bool sink;            /* what follows a panic that another crash's report ends in: read over, not kept */
	bool page_fault_oops; /* "Oops: 0002 [#1]": only a page fault's has its code right there */
	bool lone_cr2;        /* "CR2: ..." alone on its line, which only a page fault prints */
	uint64_t lone_cr2_value;
	size_t lone_cr2_record;
	enum crash_context context;
	size_t part_records;  /* how many of crash->records there were up to the last one that is a part of it */
	size_t idle;          /* records since that part */
	int64_t part_time_ns; /* of that part */
	/* A stack of another than the crash itself, while its lines are being read as if it were a crash: stacks.c. */
	struct draft *aside;
	const struct stack_row *aside_row;
	bool aside_foreign;              /* somebody else asked for it: it is no part of this report */
	bool is_aside;                   /* it is such a draft itself: */
	size_t stack_record, stack_line; /* where its stack began */
	size_t line;                     /* of the record at hand */
	char caller_kind;                /* who wrote it, as struct record has it */
	uint32_t caller;
	bool beside;         /* another report was not yet at its trace when this one began: lines may be of either */
	bool mixed;          /* they are: what follows is nobody's */
	unsigned said;       /* what of that which a report says once it has said: bits of interleave.c's table */
	bool asked_cpus;     /* it asked other CPUs for their backtraces */
	bool stacks_asked;   /* somebody asked for stacks (sysrq): those that follow are none of this report's */
	bool other_cpu;      /* RCU stall: the report that another CPU prints */
	bool task_dump;      /* RCU stall: the line of the task, perhaps in pieces, follows */
	char task_line[160]; /* those pieces */
	size_t task_length;
	int task_pieces;
	struct hardware_draft hardware;
};

/*
 * The parts: each takes a record's text and the index under which it stands in crash->records. True: it was a line of that
 * part, and what it says is in the crash.
 */
bool part_place(struct draft *draft, struct text text, size_t record);     /* RIP and its like */
bool part_registers(struct draft *draft, struct text text, size_t record); /* "RAX: ... RBX: ..." */
bool part_trace(struct draft *draft, struct text text, size_t record);     /* "Call Trace:", frames, <IRQ> */

/* Within the trace stands, with registers, the place that an exception interrupted: a frame, though none of the lines of
 * frames. */
void trace_keep_interrupted(struct draft *draft, const struct crash_location *location, size_t record);

bool part_modules(struct draft *draft, struct text text, size_t record);  /* "Modules linked in:" */
bool part_identity(struct draft *draft, struct text text, size_t record); /* CPU, PID, Comm, taint, release */
bool part_task(struct draft *draft, struct text text, size_t record);     /* "Process sh (pid: 12, ..." */
bool part_fault(struct draft *draft, struct text text,
		size_t record);                                       /* "  ESR = 0x96000004" and other details of a fault */
bool part_oops(struct draft *draft, struct text text, size_t record); /* "Oops: 0002 [#1] SMP" */
bool part_rcu(struct draft *draft, struct text text,
	      size_t record); /* what stands between an RCU stall's headline and its trace */

bool part_check(struct draft *draft, struct text text, size_t record); /* what checks and sanitizers print besides */

/*
 * A line of another stack than the crash's own. STACK_FOREIGN: of one that is none of this report's, and neither is the
 * line. STACK_NONE: no such line.
 */
enum stack_line { STACK_NONE, STACK_LINE, STACK_FOREIGN };
enum stack_line part_stack(struct draft *draft, struct text text, size_t record);

/* The stack that is being read is over: it is the crash's. Also at the draft's end. */
void stack_close(struct draft *draft);

/* Does this line begin a stack of a CPU or task that somebody asked for? */
bool stack_is_dump(struct text text);
bool part_hardware(struct draft *draft, struct text text, size_t record);      /* of a hardware error */
bool part_out_of_memory(struct draft *draft, struct text text, size_t record); /* of the out-of-memory killer */

/* Completes a crash of that kind: its title, its subkind. */
void out_of_memory_close(struct draft *draft);

/* Takes from the headline itself what it says: addresses, CPU, task. */
void headline_details(struct draft *draft, enum crash_kind kind, struct text text, size_t record);

/* Whose report of an RCU stall goes on here: 1 the one of another CPU, 0 the stalled CPU's own, -1 the line does not say. */
int rcu_reporter(struct text text);

/* Sets what is not known yet. An empty comm leaves it unknown. */
void draft_set_task(struct draft *draft, struct text comm, uint64_t pid, size_t record);
void draft_set_cpu(struct draft *draft, uint64_t cpu);

/* Where in t such a text begins, or SIZE_MAX. */
size_t draft_find_taint(struct text t);
/* "Tainted: G   OE  6.1.0 #1" or "Not tainted  (5.4.0)", where in t it begins. */
void draft_take_taint(struct draft *draft, struct text t, size_t record);

/* A line that only such a machine prints, with a register of so many hex digits (0: none) on it. */
void draft_saw_arch(struct draft *draft, enum crash_arch arch, size_t digits);

/* Keeps the first value of each register, and none of user space or of another context. */
void draft_keep_register(struct draft *draft, const char *name, uint64_t value, size_t record);

/* An address of the kernel's: does it take 64 bits? */
void draft_saw_address(struct draft *draft, uint64_t address);

/*
 * These reports print no registers of their own: a place among them is of what an interrupt interrupted, or of another CPU
 * that was asked for its backtrace (kernel/hung_task.c, trigger_all_cpu_backtrace()).
 */
bool draft_has_no_place(const struct draft *draft);

/* What registers and exception numbers prove, once all of the report is read: kind, fault address, error code. */
void draft_infer_fault(struct draft *draft);

/* Any line of a crash's report: the parts above, and the lines that only belong there. */
bool part_of_crash(struct draft *draft, struct text text, size_t record);

/* A draft for a new crash; false when out of memory. draft_close() or draft_discard() ends it. */
bool draft_open(struct draft *draft, size_t boot);
void draft_discard(struct draft *draft);

/* Copies a record into the crash, bounded; its index, or CRASH_NO_RECORD. */
size_t draft_add(struct draft *draft, const struct record *record);

/* Takes a headline's record into the draft. */
void draft_headline(struct draft *draft, const struct crash_headline *headline, const struct record *record);

/* Takes a line that tells more of the kind than the headline did (its row: refines). */
void draft_refine(struct draft *draft, const struct crash_headline *headline, const struct record *record);
/* The same, of the headline that is to follow. */
void draft_await(struct draft *draft, const struct crash_headline *headline, const struct record *record);

/* Any other record. False: it is no part of the report. */
bool draft_record(struct draft *draft, const struct record *record);

/*
 * For logs that do not tell who wrote what (interleave.c). Cut: another report begins with this record, before this one was
 * at its trace. Mixed: this line shows that two reports are being printed at once, or an earlier one did; it is no part of
 * the crash. Both mark it as corrupt.
 */
bool draft_is_cut_by(struct draft *draft, const struct record *record);
bool draft_is_mixed(struct draft *draft, struct text text);

/* Completes the crash: what pieces prove, names. NULL: it was none after all, and the draft is discarded. */
struct crash *draft_close(struct draft *draft);

/* Is this line enough to say that a crash is being reported, when no headline was seen? */
bool part_is_telling(struct text text);

#endif
