/*
 * touched/: takes a crash at a memory address, the kernel's debuginfo and its text; gives which field of which structure lay
 * there, and which pointer of the source led to it. By the instruction that faulted: its base register is followed to the
 * variable that the debuginfo says it holds, through moves, loads and additions that come straight before it, and where it
 * came as an argument, to the caller. What is not certain is not told.
 */
#ifndef TOUCHED_TOUCHED_H
#define TOUCHED_TOUCHED_H

#include "crash/crash.h"
#include "debuginfo/debuginfo.h"
#include "vmcore/dump.h"

struct touched_request {
	struct debuginfo *debuginfo;
	struct dump *dump; /* NULL: there is only a log */
	const char *arch;  /* uname -m */
	const struct crash *crash;
	/* As the debuginfo has them, KASLR counted in. [0]: of the instruction; then those to return to, innermost first. */
	const uint64_t *places;
	size_t place_count;
};

/* False: it cannot be said. Texts are in the arena, or the debuginfo's. */
bool touched_find(const struct touched_request *request, struct arena *arena, struct crash_touched *touched);

/* A CPU of a dump, as it was when it died. */
struct touched_machine {
	struct dump *dump;
	const char *arch; /* uname -m */
	uint64_t pc;
	const struct crash_register *registers;
	size_t register_count;
};

struct touched_fault {
	enum crash_kind kind;
	bool has_address;
	uint64_t address;
};

/*
 * What the instruction at pc must have come to: the one of its addresses that cannot be read, or that it is BUG()'s. For a
 * CPU that is known to have died there. False: it does not say; x86-64 alone does.
 */
bool touched_fault(const struct touched_machine *machine, struct touched_fault *fault);

#endif
