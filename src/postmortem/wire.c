/* Both directions of the message: each function walks over the fields of one struct, and either writes or fills them. */
#include "postmortem/wire.h"

#include <stdlib.h>
#include <string.h>

/* What a reader believes in: more is no message. */
enum { ITEMS_MOST = 1 << 20, ARENA_MOST = 256 * 1024 * 1024, WORD_MOST = 32 };

struct wire {
	bool writing, failed;
	struct arena *arena; /* reading: where things go */
	char *bytes;         /* writing: malloc()ed */
	size_t length, space;
	struct text rest; /* reading: what has not been read */
};

static void put(struct wire *wire, const void *data, size_t length)
{
	if (wire->failed || !length)
		return;
	if (length > wire->space - wire->length) {
		size_t space = (wire->length + length) * 2;
		char *bytes = realloc(wire->bytes, space);
		if (!bytes) {
			wire->failed = true;
			return;
		}
		wire->bytes = bytes;
		wire->space = space;
	}
	memcpy(wire->bytes + wire->length, data, length);
	wire->length += length;
}

static void get(struct wire *wire, void *data, size_t length)
{
	if (wire->failed || length > wire->rest.length) {
		wire->failed = true;
		memset(data, 0, length);
		return;
	}
	memcpy(data, wire->rest.data, length);
	wire->rest = text_from_offset(wire->rest, length);
}

static void wire_bytes(struct wire *wire, void *data, size_t length)
{
	if (wire->writing)
		put(wire, data, length);
	else
		get(wire, data, length);
}

/* Any plain number, but not a bool: its bytes may be none of a bool. */
#define WIRE_NUMBER(wire, number) wire_bytes(wire, &(number), sizeof(number))

static void wire_bool(struct wire *wire, bool *value)
{
	unsigned char byte = *value;

	wire_bytes(wire, &byte, 1);
	*value = byte != 0;
}

static void wire_text(struct wire *wire, struct text *t)
{
	WIRE_NUMBER(wire, t->length);
	if (wire->writing) {
		put(wire, t->data, t->length);
		return;
	}
	struct text found = text_first(wire->rest, t->length);
	if (wire->failed || found.length != t->length) {
		wire->failed = true;
		*t = TEXT_NONE;
		return;
	}
	wire->rest = text_from_offset(wire->rest, found.length);
	*t = arena_copy(wire->arena, found);
}

/* A count, and where it is read the zeroed array. NULL: there is nothing to walk over. */
static void *wire_array(struct wire *wire, void *items, size_t *count, size_t size)
{
	WIRE_NUMBER(wire, *count);
	if (wire->writing)
		return items;
	/* Each item has one byte at least. */
	if (wire->failed || *count > ITEMS_MOST || *count > wire->rest.length ||
	    wire->arena->used + *count * size > ARENA_MOST) {
		wire->failed = true;
		*count = 0;
		return NULL;
	}
	items = *count ? arena_alloc(wire->arena, *count * size) : NULL;
	if (!items)
		*count = 0;
	return items;
}

static void wire_location(struct wire *wire, struct crash_location *location)
{
	wire_text(wire, &location->function);
	wire_text(wire, &location->canonical);
	wire_text(wire, &location->module);
	wire_text(wire, &location->file);
	WIRE_NUMBER(wire, location->address);
	WIRE_NUMBER(wire, location->offset);
	WIRE_NUMBER(wire, location->size);
	WIRE_NUMBER(wire, location->line);
	wire_bool(wire, &location->has_address);
	wire_bool(wire, &location->has_offset);
}

static void wire_frames(struct wire *wire, struct crash_frame **frames, size_t *count)
{
	*frames = wire_array(wire, *frames, count, sizeof **frames);
	for (size_t i = 0; i < *count; i++) {
		struct crash_frame *frame = &(*frames)[i];
		unsigned char context = (unsigned char)frame->context;
		wire_location(wire, &frame->location);
		WIRE_NUMBER(wire, context);
		frame->context = context <= CRASH_EXCEPTION ? (enum crash_context)context : CRASH_TASK;
		wire_bool(wire, &frame->reliable);
		wire_bool(wire, &frame->is_inline);
		WIRE_NUMBER(wire, frame->record);
	}
}

/* The program's own words: a reader takes lower case, digits and '-', and no more than a word has. */
static void wire_word(struct wire *wire, const char **word)
{
	struct text t = text_from(*word);

	wire_text(wire, &t);
	if (wire->writing)
		return;
	for (size_t i = 0; i < t.length; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789- ", t.data[i]) || t.data[i] == '\0')
			wire->failed = true;
	if (t.length > WORD_MOST)
		wire->failed = true;
	*word = t.length && !wire->failed ? t.data : NULL;
}

static void wire_touched(struct wire *wire, struct crash_touched *touched)
{
	WIRE_NUMBER(wire, touched->address);
	wire_text(wire, &touched->structure);
	wire_text(wire, &touched->member);
	WIRE_NUMBER(wire, touched->offset);
	wire_text(wire, &touched->pointer);
	WIRE_NUMBER(wire, touched->value);
	wire_text(wire, &touched->function);
	wire_text(wire, &touched->file);
	WIRE_NUMBER(wire, touched->line);
}

static void wire_registers(struct wire *wire, struct crash_register **registers, size_t *count)
{
	*registers = wire_array(wire, *registers, count, sizeof **registers);
	for (size_t i = 0; i < *count; i++) {
		struct crash_register *item = &(*registers)[i];
		wire_word(wire, &item->name);
		if (!item->name)
			item->name = "";
		WIRE_NUMBER(wire, item->value);
		item->record = CRASH_NO_RECORD;
	}
}

static void wire_death(struct wire *wire, struct postmortem_death *death)
{
	uint32_t kind = death->kind;

	wire_bool(wire, &death->known);
	WIRE_NUMBER(wire, kind);
	death->kind = kind < CRASH_KIND_COUNT ? (enum crash_kind)kind : CRASH_UNKNOWN_KIND;
	WIRE_NUMBER(wire, death->from);
	wire_registers(wire, &death->registers, &death->register_count);
	WIRE_NUMBER(wire, death->fault_address);
	wire_bool(wire, &death->has_fault_address);
	wire_touched(wire, &death->touched);
}

static void wire_cpu(struct wire *wire, struct postmortem_cpu *cpu)
{
	WIRE_NUMBER(wire, cpu->cpu);
	WIRE_NUMBER(wire, cpu->pid);
	wire_text(wire, &cpu->comm);
	wire_word(wire, &cpu->state);
	wire_bool(wire, &cpu->crashed);
	wire_bool(wire, &cpu->answered);
	wire_bool(wire, &cpu->idle);
	wire_bool(wire, &cpu->in_user);
	WIRE_NUMBER(wire, cpu->running_ns);
	WIRE_NUMBER(wire, cpu->behind_ns);
	wire_bool(wire, &cpu->others_wait);
	wire_location(wire, &cpu->instruction_pointer);
	wire_frames(wire, &cpu->frames, &cpu->frame_count);
	WIRE_NUMBER(wire, cpu->interrupted);
	wire_death(wire, &cpu->death);
	wire_text(wire, &cpu->how);
	wire_text(wire, &cpu->ends_early);
}

static void wire_lines(struct wire *wire, struct postmortem_lines *lines)
{
	WIRE_NUMBER(wire, lines->crash);
	wire_frames(wire, &lines->frames, &lines->frame_count);
	wire_frames(wire, &lines->at, &lines->at_count);
	wire_touched(wire, &lines->touched);
}

static void wire_outcome(struct wire *wire, struct wire_outcome *outcome)
{
	struct text path = text_from(outcome->error.path), message = text_from(outcome->error.message);

	wire_bool(wire, &outcome->good);
	wire_text(wire, &path);
	wire_text(wire, &message);
	if (wire->writing)
		return;
	outcome->error = (struct error){ .path = path.length ? path.data : NULL };
	error_set(&outcome->error, "%.*s", TEXT_ARGS(message));
}

static void wire_message(struct wire *wire, struct postmortem *found, struct wire_outcome *outcome)
{
	found->cpus = wire_array(wire, found->cpus, &found->cpu_count, sizeof *found->cpus);
	for (size_t i = 0; i < found->cpu_count; i++)
		wire_cpu(wire, &found->cpus[i]);
	found->lines = wire_array(wire, found->lines, &found->line_count, sizeof *found->lines);
	for (size_t i = 0; i < found->line_count; i++)
		wire_lines(wire, &found->lines[i]);
	wire_text(wire, &found->debuginfo);
	wire_text(wire, &found->symbols);
	found->notes = wire_array(wire, found->notes, &found->note_count, sizeof *found->notes);
	for (size_t i = 0; i < found->note_count; i++)
		wire_text(wire, &found->notes[i]);
	wire_outcome(wire, outcome);
}

char *wire_write(struct postmortem *postmortem, struct wire_outcome *outcome, size_t *length)
{
	struct wire wire = { .writing = true };

	wire_message(&wire, postmortem, outcome);
	if (wire.failed) {
		free(wire.bytes);
		return NULL;
	}
	*length = wire.length;
	return wire.bytes;
}

bool wire_read(struct text message, struct postmortem *postmortem, struct wire_outcome *outcome)
{
	struct wire wire = { .arena = &postmortem->arena, .rest = message };

	wire_message(&wire, postmortem, outcome);
	return !wire.failed && !wire.rest.length && !postmortem->arena.failed;
}
