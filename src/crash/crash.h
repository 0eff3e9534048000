/*
 * crash/: from a log to its crashes. A crash is one report by the kernel that something went wrong: an oops, a lockup, a
 * warning, a panic. Each is taken apart into what signatures ask for: kind, headline, instruction pointer, fault
 * address, registers, trace, culprit, fingerprint.
 *
 * All texts and arrays of a crash live in its own arena and are copies of the log's bytes, as logged (not made safe for a
 * terminal; output/ does that). What the log does not say is empty, NULL or has_... false: nothing is made up.
 */
#ifndef CRASH_H
#define CRASH_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "crash/hardware.h"
#include "crash/kinds.h"
#include "crash/out_of_memory.h"
#include "log/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CRASH_NO_RECORD SIZE_MAX

/* A record that belongs to the crash, copied. */
struct crash_record {
	struct text text;
	size_t line; /* 1-based, in the input */
};

/* A place in the kernel's text, as the log names it. */
struct crash_location {
	struct text function;  /* as logged: may end in ".isra.0" and the like; empty where only an address is known */
	struct text canonical; /* the name that titles, signatures and fingerprints use: canonical.c says how it is made */
	struct text module;    /* empty: in the kernel proper, or not said */
	uint64_t address;
	uint64_t offset; /* within the function, bytes */
	uint64_t size;   /* of the function, bytes */
	bool has_address;
	bool has_offset;  /* offset and size are known */
	struct text file; /* of the source, where a tool has looked it up ("fs/namei.c"); empty: not said */
	uint32_t line;    /* in that file, from 1; 0: not said */
};

enum crash_context { CRASH_TASK, CRASH_IRQ, CRASH_SOFTIRQ, CRASH_NMI, CRASH_EXCEPTION };

/* "task", "irq", "softirq", "nmi", "exception" */
const char *crash_context_name(enum crash_context context);

struct crash_frame {
	struct crash_location location;
	enum crash_context context; /* which stack it was found on, by the <IRQ>, <NMI>, <TASK> marks */
	bool reliable;              /* false: the kernel printed '?': the address lay on the stack, no more is known */
	bool is_inline;             /* a tool found it in the debuginfo, within the frame behind it: it has no address */
	size_t record;              /* index into records */
};

/* What a stack in a report is, that is not the crash's own trace. */
enum crash_stack_role {
	CRASH_STACK_ALLOCATED,      /* who allocated the object: KASAN, KFENCE, slub */
	CRASH_STACK_FREED,          /* who freed it */
	CRASH_STACK_CREATED,        /* KMSAN: where the value that is not initialised came into being */
	CRASH_STACK_STORED,         /* KMSAN: where it was copied to on its way */
	CRASH_STACK_RELATED_WORK,   /* KASAN: who queued work or an RCU callback for the object */
	CRASH_STACK_OTHER_ACCESS,   /* KCSAN: the other side of the race */
	CRASH_STACK_DEPENDENCY,     /* lockdep: where a lock of the chain was taken before */
	CRASH_STACK_PAGE_ALLOCATED, /* page_owner: who allocated the page */
	CRASH_STACK_PAGE_FREED,     /* page_owner: who freed it last */
	CRASH_STACK_OTHER_CPU,      /* what another CPU was doing, asked by NMI */
	CRASH_STACK_OTHER_TASK,     /* what another task was waiting for */
	CRASH_STACK_ROLE_COUNT
};

/* "allocated", "other-cpu" ... */
const char *crash_stack_role_name(enum crash_stack_role role);

struct crash_stack {
	enum crash_stack_role role;
	int64_t cpu, pid; /* -1: not known */
	struct text comm;
	struct crash_location instruction_pointer; /* of another CPU; as struct crash has it */
	struct text culprit;                       /* as struct crash has it */
	struct crash_frame *frames;                /* at most CRASH_STACK_FRAMES_MOST */
	size_t frame_count;
	size_t record; /* its first, index into records; CRASH_NO_RECORD where that was too many */
	size_t line;   /* of that */
};

struct crash_register {
	const char *name; /* lower case: "rax", "r12", "cr2", "rsp", "eflags" */
	uint64_t value;
	size_t record;
};

enum crash_access_type { CRASH_ACCESS_UNKNOWN, CRASH_READ, CRASH_WRITE, CRASH_EXECUTE, CRASH_FREE };

/* What was done to memory where it must not be. */
struct crash_access {
	enum crash_access_type type; /* CRASH_ACCESS_UNKNOWN: the log does not say */
	uint64_t size;               /* bytes; 0: not said */
};

/* "read", "write", "execute", "free"; NULL for CRASH_ACCESS_UNKNOWN */
const char *crash_access_name(enum crash_access_type type);

/* What lay at the address of a fault, as the kernel's debuginfo shows it. */
struct crash_touched {
	uint64_t address;
	struct text structure; /* "struct inode"; empty: nothing of all this is known */
	struct text member;    /* "i_lock", "d_lockref.count"; empty: a union has several members there */
	uint64_t offset;       /* of the address from the structure's beginning, bytes */
	struct text pointer;   /* to the structure, as in the source: "inode", "dentry->d_inode" */
	uint64_t value;        /* that the pointer had */
	struct text function;  /* in whose source the pointer is */
	struct text file;      /* the place there; empty: not known */
	uint32_t line;
};

struct crash {
	struct arena arena;
	struct crash_record *records; /* those of the log that are of this crash, in the log's order; bounded */
	size_t record_count;

	enum crash_kind kind;
	struct text subkind;  /* which of a kind's faces: "slab-use-after-free", "circular-locking"; empty: it has none */
	size_t kind_record;   /* the record that tells the kind; CRASH_NO_RECORD where there is none */
	struct text headline; /* the first line of the report; empty where the log begins in its middle */
	struct text title;    /* headline and culprit in syzbot's form */
	struct text culprit;  /* canonical name; empty where no function is to be had */
	size_t culprit_record;
	uint64_t fingerprint; /* see culprit.c */
	bool has_fingerprint; /* false where no function at all is known */

	size_t line;     /* of its first record */
	int64_t time_ns; /* since boot; RECORD_NO_TIME */
	/*
	 * As struct record has them, of the headline's record or the first that tells them. wall_time stays RECORD_NO_TIME
	 * where the log does not say the year: only who knows the file's age can say it (triage/ does).
	 */
	struct text host;
	int64_t wall_time;
	struct wall_clock clock;
	bool zone_said;
	int64_t cpu, pid; /* -1: not known */
	struct text comm; /* the task's name */
	size_t comm_record;
	struct text release;  /* uname -r as this crash's own lines or the boot's banner name it; empty: not said */
	struct text version;  /* uname -v, or the piece of it that the crash names ("#1", "#1 Debian 6.1.76-1") */
	struct text hardware; /* "innotek GmbH VirtualBox/VirtualBox, BIOS VirtualBox 12/01/2006" */
	bool taint_known;     /* a taint line was seen; with tainted empty: "Not tainted" */
	struct text tainted;  /* flags without padding: "G OE" */
	size_t taint_record;
	bool corrupt; /* cut, interleaved or garbled: pieces may be missing */

	struct crash_location instruction_pointer; /* the kernel's; function empty and has_address false: not known */
	struct crash_frame *inlined; /* the functions that a tool found inlined there, innermost first */
	size_t inlined_count;
	size_t instruction_pointer_record;
	struct crash_touched touched;
	struct crash_location caller; /* by the register that holds the return address (lr, ra); function empty: not told */
	size_t caller_record;
	uint64_t fault_address;
	bool has_fault_address;
	size_t fault_address_record;
	struct crash_access access; /* that faulted, or that a sanitizer found */
	uint64_t error_code;        /* as on the Oops line: 0000, 0002 ... */
	bool has_error_code;
	struct text code; /* the bytes of the Code: line, with the mark <> around where it faulted */
	struct crash_register *registers;
	size_t register_count;
	struct crash_frame *frames;
	size_t frame_count;
	struct crash_stack *stacks; /* the report's others, in its order; at most CRASH_STACKS_MOST */
	size_t stack_count;
	struct text *modules; /* names without flags */
	size_t module_count;
	struct text panic; /* the reason, where the kernel panicked because of this crash; empty otherwise */
	size_t panic_record;
	struct hardware_error hardware_error; /* told where the kind is one of the hardware's */
	struct out_of_memory out_of_memory;   /* of CRASH_OUT_OF_MEMORY only */

	const char *arch; /* as `uname -m` names it, where the report shows it; NULL: it does not */

	uint64_t dies;         /* the number in "[#1]": how many times this kernel has oopsed; 0: not said */
	size_t end_line;       /* of its last record */
	size_t repeats;        /* how many more times the same crash (fingerprint and boot) was reported; only counted */
	size_t consequence_of; /* index of the crash that brought this one about, or SIZE_MAX */
	bool from_stacks;      /* no report of the log's: the stack of a CPU, out of the dump, shows it; line is 0 */
	size_t boot;           /* which boot of the log, from 0: a new one at each "Linux version" banner */
};

/* What a log held. Zero-initialised is ready for crash_find(). */
struct crash_list {
	struct arena arena;
	struct crash **items; /* in the log's order */
	size_t count;
	size_t deciding;     /* index of the one that decides, SIZE_MAX when count is 0 */
	size_t dropped;      /* crashes beyond CRASH_LIST_MOST, not kept */
	struct text release; /* the kernel: of the deciding crash, or the last banner's */
	struct text version;
	const char *arch; /* "x86_64", "ppc64le", as the crashes show it; NULL: not known */
	size_t lines;     /* of the log */
};

/* Of the way fingerprints are made: two of different versions do not compare. */
enum { CRASH_FINGERPRINT_VERSION = 2 };

enum {
	CRASH_LIST_MOST = 100,
	CRASH_RECORDS_MOST = 2000,
	CRASH_FRAMES_MOST = 256,
	CRASH_STACKS_MOST = 16,
	CRASH_STACK_FRAMES_MOST = 64,
};

/*
 * Reads the whole log and fills list, which the caller frees with crash_list_free() in every case. False: *error says why
 * the log could not be read to its end (list holds what was found before), or that memory ran out.
 */
bool crash_find(struct log *log, struct crash_list *list, struct error *error);
void crash_list_free(struct crash_list *list);

#endif
