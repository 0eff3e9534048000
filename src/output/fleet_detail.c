/* Reading the detail of a sighting. */
#include "output/fleet_detail.h"

#include <jansson.h>

static struct text copy_string(struct arena *arena, const json_t *value)
{
	if (!json_is_string(value))
		return TEXT_NONE;
	return arena_copy(arena, (struct text){ json_string_value(value), json_string_length(value) });
}

static struct text member(struct arena *arena, const json_t *object, const char *key)
{
	return copy_string(arena, json_object_get(object, key));
}

#define NUMBER_MOST (INT64_C(1) << 53) /* what every reader of JSON can hold */

/* -1 for what is missing, and for numbers that only a damaged history has. */
static int64_t number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > NUMBER_MOST)
		return -1;
	return json_integer_value(value);
}

static struct detail_list list(struct arena *arena, const json_t *object, const char *key)
{
	const json_t *array = json_object_get(object, key);
	struct detail_list list = { 0 };

	for (size_t i = 0; i < json_array_size(array); i++) {
		struct text *item = arena_push(arena, &list.items, &list.count, sizeof *item);
		if (!item)
			break;
		*item = copy_string(arena, json_array_get(array, i));
	}
	return list;
}

static void read_evidence(struct arena *arena, const json_t *array, struct fleet_detail *detail)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *object = json_array_get(array, i);
		struct detail_evidence *item = arena_push(arena, &detail->evidence, &detail->evidence_count, sizeof *item);
		if (!item)
			return;
		*item = (struct detail_evidence){
			.clause = member(arena, object, "clause"),
			.line = number(object, "line"),
			.text = member(arena, object, "text"),
		};
	}
}

static void read_remedies(struct arena *arena, const json_t *array, struct fleet_detail *detail)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *object = json_array_get(array, i);
		struct detail_remedy *item = arena_push(arena, &detail->remedies, &detail->remedy_count, sizeof *item);
		if (!item)
			return;
		*item = (struct detail_remedy){
			.text = member(arena, object, "text"),
			.command = member(arena, object, "command"),
			.condition = member(arena, object, "condition"),
		};
	}
}

static void read_object(struct arena *arena, const json_t *object, struct fleet_detail *detail)
{
	*detail = (struct fleet_detail){
		.line = number(object, "line"),
		.cpu = number(object, "cpu"),
		.pid = number(object, "pid"),
		.instruction_pointer = member(arena, object, "instruction_pointer"),
		.comm = member(arena, object, "comm"),
		.panic = member(arena, object, "panic"),
		.input = member(arena, object, "input"),
		.symptom = member(arena, object, "symptom"),
		.trace = list(arena, object, "trace"),
		.more_frames = number(object, "more_frames"),
		.fixed = list(arena, object, "fixed"),
		.references = list(arena, object, "references"),
		.notes = list(arena, object, "notes"),
		.other_crashes = number(object, "other_crashes"),
	};
	read_evidence(arena, json_object_get(object, "evidence"), detail);
	read_remedies(arena, json_object_get(object, "remedies"), detail);
}

bool fleet_detail_read(struct arena *arena, struct text json, struct fleet_detail *detail)
{
	json_t *object = json_loadb(json.data ? json.data : "", json.length, JSON_ALLOW_NUL, NULL);
	bool read = json_is_object(object);

	*detail = (struct fleet_detail){ .line = -1, .cpu = -1, .pid = -1, .more_frames = -1, .other_crashes = -1 };
	if (read)
		read_object(arena, object, detail);
	json_decref(object);
	return read && !arena->failed;
}
