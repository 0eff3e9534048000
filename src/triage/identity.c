/* The identity of a crash: field by field, each under its name. */
#include "triage/identity.h"

#include <inttypes.h>
#include <stdio.h>

/* The name keeps a value that is lacking from being another's. */
static void add(uint64_t *hash, const char *name, struct text value)
{
	*hash = text_hash(*hash, text_from(name));
	*hash = text_hash(*hash, TEXT("="));
	*hash = text_hash(*hash, value);
	*hash = text_hash(*hash, TEXT("\n"));
}

static void add_number(uint64_t *hash, const char *name, bool known, uint64_t value)
{
	char digits[20] = "";

	if (known)
		snprintf(digits, sizeof digits, "%" PRIx64, value);
	add(hash, name, text_from(digits));
}

static void add_place(uint64_t *hash, const char *name, const struct crash_location *location)
{
	add(hash, name, location->function);
	add_number(hash, "offset", location->has_offset, location->offset);
}

/* Registers that hold addresses and counters tell two crashes apart: how many are not 0 or nearly so. */
static bool registers_tell(const struct crash *crash)
{
	enum { ENOUGH = 4, SMALL = 0x1000 };
	int telling = 0;

	for (size_t i = 0; i < crash->register_count; i++)
		telling += crash->registers[i].value >= SMALL;
	return telling >= ENOUGH;
}

/* As the log has it: the year that triage/ finds for a clock without one is not part of it, a copy's may be another. */
static void add_clock(uint64_t *hash, const struct crash *crash)
{
	const struct wall_clock *clock = &crash->clock;
	char words[40] = "";

	if (clock->month)
		snprintf(words, sizeof words, "%d-%d %d:%d:%d", clock->month, clock->day, clock->hour, clock->minute,
			 clock->second);
	else if (crash->wall_time != RECORD_NO_TIME)
		snprintf(words, sizeof words, "%" PRId64, crash->wall_time);
	add(hash, "host", crash->host);
	add(hash, "clock", text_from(words));
}

uint64_t identity_of(const struct crash *crash)
{
	uint64_t hash = TEXT_HASH_START;

	add(&hash, "headline", crash->headline);
	add_number(&hash, "time", crash->time_ns != RECORD_NO_TIME, (uint64_t)crash->time_ns / 1000);
	add_number(&hash, "cpu", crash->cpu >= 0, (uint64_t)crash->cpu);
	add_number(&hash, "pid", crash->pid >= 0, (uint64_t)crash->pid);
	add(&hash, "comm", crash->comm);
	/* Where the report itself names it; that of the boot's banner is not in every piece of a log. */
	add(&hash, "release", crash->taint_known ? crash->release : TEXT_NONE);
	add_place(&hash, "instruction pointer", &crash->instruction_pointer);
	add_number(&hash, "address", crash->instruction_pointer.has_address, crash->instruction_pointer.address);
	add_number(&hash, "fault address", crash->has_fault_address, crash->fault_address);
	for (size_t i = 0; i < crash->register_count; i++)
		add_number(&hash, crash->registers[i].name, true, crash->registers[i].value);
	for (size_t i = 0; i < crash->frame_count; i++)
		add_place(&hash, "frame", &crash->frames[i].location);
	if (crash->time_ns == RECORD_NO_TIME && !registers_tell(crash))
		add_clock(&hash, crash);
	return hash;
}
