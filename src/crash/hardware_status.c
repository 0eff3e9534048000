/* The status of a machine check, as far as the architecture defines it. */
#include "crash/hardware.h"

#include <stddef.h>

/* IA32_MCi_STATUS; MCI_STATUS_... of arch/x86/include/asm/mce.h. */
#define STATUS_VALID       (UINT64_C(1) << 63)
#define STATUS_OVERFLOW    (UINT64_C(1) << 62)
#define STATUS_UNCORRECTED (UINT64_C(1) << 61)
#define STATUS_CORRUPT     (UINT64_C(1) << 57) /* PCC: processor context corrupt */
#define STATUS_REQUIRED    (UINT64_C(3) << 55) /* S and AR: the program that ran cannot go on without the data */
#define STATUS_CODE        UINT64_C(0xffff)    /* MCACOD */
#define STATUS_CODE_FILTER UINT64_C(0x1000)    /* "F": how corrected errors are reported, no part of the code */

enum { CHANNEL_NOT_SAID = 15, INTERNAL_TIMER = 0x0400 };

typedef struct text words_of_code(struct arena *arena, unsigned code);

/* CCCC: the channel. */
static struct text with_channel(struct arena *arena, unsigned code, const char *what)
{
	unsigned channel = code & 0xf;

	if (channel == CHANNEL_NOT_SAID)
		return text_from(what);
	return arena_print(arena, "%s on channel %u", what, channel);
}

/* 1MMM CCCC */
static struct text memory_words(struct arena *arena, unsigned code)
{
	static const char *const operations[] = {
		"memory controller error",         "memory read error",       "memory write error",
		"memory address or command error", "memory scrubbing error",  "memory controller error",
		"memory controller error",         "memory controller error",
	};

	return with_channel(arena, code, operations[code >> 4 & 7]);
}

/* LL: which level of the hierarchy. */
static const char *level(unsigned code)
{
	static const char *const levels[] = { "level 0 ", "level 1 ", "level 2 ", "" };

	return levels[code & 3];
}

/* TT: what was asked for. */
static const char *content(unsigned code)
{
	static const char *const contents[] = { "instruction ", "data ", "", "" };

	return contents[code >> 2 & 3];
}

static struct text cache_words(struct arena *arena, unsigned code)
{
	return arena_print(arena, "%s%scache error", level(code), content(code));
}

static struct text any_cache_words(struct arena *arena, unsigned code)
{
	return arena_print(arena, "%scache error", level(code));
}

static struct text tlb_words(struct arena *arena, unsigned code)
{
	return arena_print(arena, "%s%sTLB error", level(code), content(code));
}

/* 1PPT RRRR IILL */
static struct text bus_words(struct arena *arena, unsigned code)
{
	static const char *const spaces[] = { " at a memory access", "", " at an I/O access", "" };

	return arena_print(arena, "bus or interconnect %s%s", code & 0x100 ? "timeout" : "error", spaces[code >> 2 & 3]);
}

/* Simple codes first, then compound ones; the first row that fits is taken. */
static const struct {
	unsigned mask, value;
	enum hardware_component component;
	const char *words; /* NULL: made of the code */
	words_of_code *make;
} codes[] = {
	{ 0xffff, 0x0000, HARDWARE_UNKNOWN_COMPONENT, "error without a code", NULL },
	{ 0xffff, 0x0001, HARDWARE_UNKNOWN_COMPONENT, "unclassified error", NULL },
	{ 0xffff, 0x0002, HARDWARE_PROCESSOR, "parity error in the microcode", NULL },
	{ 0xffff, 0x0003, HARDWARE_BUS, "error that another processor or device signalled", NULL },
	{ 0xffff, 0x0004, HARDWARE_PROCESSOR, "functional redundancy check error", NULL },
	{ 0xffff, 0x0005, HARDWARE_PROCESSOR, "internal parity error", NULL },
	{ 0xffff, 0x0006, HARDWARE_PROCESSOR, "access violation by code of the system management mode", NULL },
	{ 0xffff, INTERNAL_TIMER, HARDWARE_PROCESSOR, "internal timer error", NULL },
	{ 0xffff, 0x0e0b, HARDWARE_BUS, "I/O error", NULL },
	{ 0xfc00, 0x0400, HARDWARE_PROCESSOR, "internal unclassified error", NULL },
	{ 0xfffc, 0x000c, HARDWARE_CACHE, NULL, any_cache_words },
	{ 0xfff0, 0x0010, HARDWARE_PROCESSOR, NULL, tlb_words },
	{ 0xff80, 0x0080, HARDWARE_MEMORY, NULL, memory_words },
	{ 0xff00, 0x0100, HARDWARE_CACHE, NULL, cache_words },
	{ 0xff80, 0x0280, HARDWARE_MEMORY, NULL, memory_words }, /* memory that is a cache for slower memory */
	{ 0xf800, 0x0800, HARDWARE_BUS, NULL, bus_words },
};

enum { CODES = sizeof codes / sizeof *codes };

static size_t row_of(unsigned code)
{
	size_t i = 0;

	while (i < CODES && (code & codes[i].mask) != codes[i].value)
		i++;
	return i;
}

/*
 * Errors that require action, "SRAR" in the SDM: what was loaded or fetched had been marked as lost before, as a rule by the
 * memory's controller. The cache only brought it; the kernel gives the page of memory up.
 */
static const struct {
	unsigned code;
	const char *words;
} poisoned[] = {
	{ 0x0134, "load of lost data" },
	{ 0x0150, "fetch of lost instructions" },
};

/* NULL: it is no such error. */
static const char *poisoned_words(uint64_t status, unsigned code)
{
	const uint64_t all = STATUS_VALID | STATUS_UNCORRECTED | STATUS_REQUIRED;

	for (size_t i = 0; i < sizeof poisoned / sizeof *poisoned; i++)
		if (code == poisoned[i].code && (status & (all | STATUS_CORRUPT)) == all)
			return poisoned[i].words;
	return NULL;
}

static unsigned code_of(uint64_t status)
{
	return (unsigned)(status & STATUS_CODE & ~STATUS_CODE_FILTER);
}

enum hardware_component hardware_status_component(uint64_t status)
{
	size_t row = row_of(code_of(status));

	if (poisoned_words(status, code_of(status)))
		return HARDWARE_MEMORY;
	return status & STATUS_VALID && row < CODES ? codes[row].component : HARDWARE_UNKNOWN_COMPONENT;
}

enum hardware_severity hardware_status_severity(uint64_t status)
{
	if (!(status & STATUS_VALID))
		return HARDWARE_UNKNOWN_SEVERITY;
	if (!(status & STATUS_UNCORRECTED))
		return HARDWARE_CORRECTED;
	return status & STATUS_CORRUPT ? HARDWARE_FATAL : HARDWARE_UNCORRECTED;
}

bool hardware_status_is_timer(uint64_t status)
{
	return status & STATUS_VALID && code_of(status) == INTERNAL_TIMER;
}

struct text hardware_status_meaning(struct arena *arena, uint64_t status)
{
	unsigned code = code_of(status);
	size_t row = row_of(code);
	struct text what = TEXT("error of a code that the processor's model defines");

	if (!(status & STATUS_VALID))
		return TEXT_NONE;
	if (row < CODES)
		what = codes[row].make ? codes[row].make(arena, code) : text_from(codes[row].words);
	if (poisoned_words(status, code))
		what = text_from(poisoned_words(status, code));
	return arena_print(arena, "%.*s, %s%s%s", TEXT_ARGS(what), status & STATUS_UNCORRECTED ? "uncorrected" : "corrected",
			   status & STATUS_CORRUPT ? ", processor context corrupt" : "",
			   status & STATUS_OVERFLOW ? ", others were lost" : "");
}
