/* A history may be of anybody's making: nothing of it is taken on trust, and texts are made safe once more. */
#include "output/fleet_detail.h"

#include "output/safe.h"

#include <jansson.h>

static struct text raw_text(const json_t *value)
{
	return json_is_string(value) ? (struct text){ json_string_value(value), json_string_length(value) } : TEXT_NONE;
}

static struct text get_text(struct arena *arena, const json_t *object, const char *key)
{
	return safe_text(arena, raw_text(json_object_get(object, key)));
}

static struct text get_lines(struct arena *arena, const json_t *object, const char *key)
{
	return safe_lines(arena, raw_text(json_object_get(object, key)));
}

/* A number that cannot be negative, or what stands for an unknown one. */
static int64_t get_number(const json_t *object, const char *key, int64_t unknown)
{
	const json_t *value = json_object_get(object, key);

	/* No line, CPU or pid is larger than what a reader of JSON in JavaScript can count to. */
	return json_is_integer(value) && json_integer_value(value) >= 0 && json_integer_value(value) < INT64_C(1) << 53
		       ? json_integer_value(value)
		       : unknown;
}

/* The list of that name, and how much of it is to be read. */
static const json_t *get_list(const json_t *object, const char *key, size_t *count)
{
	const json_t *list = json_object_get(object, key);

	*count = json_array_size(list); /* 0 for what is no list */
	if (*count > FLEET_DETAIL_ITEMS_MOST)
		*count = FLEET_DETAIL_ITEMS_MOST;
	return list;
}

static struct fleet_texts get_texts(struct arena *arena, const json_t *object, const char *key)
{
	size_t count;
	const json_t *list = get_list(object, key, &count);
	struct fleet_texts texts = { .items = arena_alloc(arena, (count + 1) * sizeof(struct text)) };

	for (size_t i = 0; texts.items && i < count; i++)
		texts.items[texts.count++] = safe_text(arena, raw_text(json_array_get(list, i)));
	return texts;
}

static void get_evidence(struct arena *arena, const json_t *object, struct fleet_detail *detail)
{
	size_t count;
	const json_t *list = get_list(object, "evidence", &count);

	detail->evidence = arena_alloc(arena, (count + 1) * sizeof *detail->evidence);
	for (size_t i = 0; detail->evidence && i < count; i++) {
		const json_t *item = json_array_get(list, i);
		struct text clause = arena_copy(arena, get_text(arena, item, "clause"));
		detail->evidence[detail->evidence_count++] = (struct evidence){
			.clause = clause.data ? clause.data : "",
			.line = (size_t)get_number(item, "line", 0),
			.text = get_text(arena, item, "text"),
		};
	}
}

static void get_remedies(struct arena *arena, const json_t *object, struct fleet_detail *detail)
{
	size_t count;
	const json_t *list = get_list(object, "remedies", &count);

	detail->remedies = arena_alloc(arena, (count + 1) * sizeof *detail->remedies);
	for (size_t i = 0; detail->remedies && i < count; i++) {
		const json_t *item = json_array_get(list, i);
		detail->remedies[detail->remedy_count++] = (struct remedy){
			.text = get_lines(arena, item, "text"),
			.command = get_lines(arena, item, "command"),
			.condition = get_text(arena, item, "condition"),
		};
	}
}

bool fleet_detail_read(struct arena *arena, struct text json, struct fleet_detail *detail)
{
	json_error_t error;
	json_t *object = json_loadb(json.data ? json.data : "", json.length, JSON_ALLOW_NUL, &error);

	*detail = (struct fleet_detail){ .cpu = -1, .pid = -1 };
	if (!object && json_error_code(&error) == json_error_out_of_memory)
		arena->failed = true;
	if (!json_is_object(object)) {
		json_decref(object);
		return false;
	}
	detail->line = (size_t)get_number(object, "line", 0);
	detail->cpu = get_number(object, "cpu", -1);
	detail->pid = get_number(object, "pid", -1);
	detail->instruction_pointer = get_text(arena, object, "instruction_pointer");
	detail->comm = get_text(arena, object, "comm");
	detail->panic = get_text(arena, object, "panic");
	detail->input = get_text(arena, object, "input");
	detail->symptom = get_text(arena, object, "symptom");
	detail->trace = get_texts(arena, object, "trace");
	detail->fixed = get_texts(arena, object, "fixed");
	detail->references = get_texts(arena, object, "references");
	detail->notes = get_texts(arena, object, "notes");
	detail->more_frames = (size_t)get_number(object, "more_frames", 0);
	detail->other_crashes = (size_t)get_number(object, "other_crashes", 0);
	get_evidence(arena, object, detail);
	get_remedies(arena, object, detail);
	json_decref(object);
	return !arena->failed;
}
