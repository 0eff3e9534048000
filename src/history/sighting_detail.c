/* The detail of a sighting: from a verdict's JSON, the part that a report shows of a crash. */
#include "history/sighting_parts.h"

#include <inttypes.h>
#include <stdlib.h>

/* While it is made: nothing is checked on the way, the maker remembers a failure. */
struct detail_maker {
	struct arena *arena;
	bool failed; /* out of memory */
};

static void put(struct detail_maker *maker, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value))
		maker->failed = true;
}

static void add(struct detail_maker *maker, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value))
		maker->failed = true;
}

static json_t *string_or_null(struct text t)
{
	return t.length ? json_stringn(t.data, t.length) : json_null();
}

/* A string, cut to what is kept, or an integer; null for all else. */
static json_t *plain(const json_t *value)
{
	if (json_is_integer(value))
		return json_integer(json_integer_value(value));
	return json_is_string(value) ? string_or_null(sighting_cut_text(value)) : json_null();
}

/* "function+0x12d/0x300 [module]", or the address where there is no name; empty for neither. */
static struct text place(struct arena *arena, const json_t *location)
{
	struct text name = sighting_cut_text(json_object_get(location, "function"));
	struct text module = sighting_cut_text(json_object_get(location, "module"));
	const json_t *offset = json_object_get(location, "offset"), *size = json_object_get(location, "size");

	if (!name.length)
		name = sighting_cut_text(json_object_get(location, "address"));
	else if (json_is_integer(offset) && json_is_integer(size))
		name = arena_print(arena, "%.*s+0x%" PRIx64 "/0x%" PRIx64, TEXT_ARGS(name),
				   (uint64_t)json_integer_value(offset), (uint64_t)json_integer_value(size));
	if (name.length && module.length)
		name = arena_print(arena, "%.*s [%.*s]", TEXT_ARGS(name), TEXT_ARGS(module));
	return name;
}

struct trace {
	struct detail_maker *maker;
	json_t *array;
};

static void add_frame(void *state, const json_t *frame)
{
	struct trace *trace = state;

	if (json_array_size(trace->array) < SIGHTING_FRAMES_MOST) {
		struct text name = place(trace->maker->arena, frame);
		add(trace->maker, trace->array, string_or_null(name.length ? name : TEXT("?")));
	}
}

static json_t *strings(struct detail_maker *maker, const json_t *from)
{
	json_t *array = json_array();

	for (size_t i = 0; i < json_array_size(from) && json_array_size(array) < SIGHTING_ITEMS_MOST; i++)
		if (json_is_string(json_array_get(from, i)))
			add(maker, array, plain(json_array_get(from, i)));
	return array;
}

static json_t *objects(struct detail_maker *maker, const json_t *from, const char *const *keys)
{
	json_t *array = json_array();

	for (size_t i = 0; i < json_array_size(from) && json_array_size(array) < SIGHTING_ITEMS_MOST; i++) {
		json_t *object = json_object();
		for (size_t k = 0; keys[k]; k++)
			put(maker, object, keys[k], plain(json_object_get(json_array_get(from, i), keys[k])));
		add(maker, array, object);
	}
	return array;
}

static void put_crash(struct detail_maker *maker, json_t *detail, const json_t *crash)
{
	static const char *const keys[] = { "line", "comm", "cpu", "pid", "panic" };
	struct trace trace = { maker, json_array() };
	size_t frames = sighting_each_frame(crash, add_frame, &trace);
	struct text at = place(maker->arena, json_object_get(crash, "instruction_pointer"));

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		put(maker, detail, keys[i], plain(json_object_get(crash, keys[i])));
	put(maker, detail, "instruction_pointer", string_or_null(at));
	put(maker, detail, "more_frames", json_integer((json_int_t)(frames - json_array_size(trace.array))));
	put(maker, detail, "trace", trace.array);
}

/* What the program itself says of hardware that failed, or of memory that ran out: sentences, kept as remedies are. */
static json_t *advice(struct detail_maker *maker, const json_t *crash)
{
	static const char *const givers[] = { "hardware_error", "out_of_memory" };
	json_t *array = json_array();

	for (size_t g = 0; g < sizeof givers / sizeof *givers; g++) {
		const json_t *list = json_object_get(json_object_get(crash, givers[g]), "advice");
		for (size_t i = 0; i < json_array_size(list) && json_array_size(array) < SIGHTING_ITEMS_MOST; i++) {
			json_t *object = json_object();
			put(maker, object, "text", plain(json_array_get(list, i)));
			put(maker, object, "command", json_null());
			put(maker, object, "condition", json_null());
			add(maker, array, object);
		}
	}
	return array;
}

/* Without a finding, its keys are null or empty: json_object_get() and json_array_size() allow NULL. */
static void put_finding(struct detail_maker *maker, json_t *detail, const json_t *finding, const json_t *crash)
{
	static const char *const evidence[] = { "clause", "line", "text", NULL };
	static const char *const remedy[] = { "text", "command", "condition", NULL };

	put(maker, detail, "symptom", plain(json_object_get(finding, "symptom")));
	put(maker, detail, "evidence", objects(maker, json_object_get(finding, "evidence"), evidence));
	put(maker, detail, "fixed", strings(maker, json_object_get(finding, "fixed")));
	put(maker, detail, "remedies",
	    finding ? objects(maker, json_object_get(finding, "remedies"), remedy) : advice(maker, crash));
	put(maker, detail, "references", strings(maker, json_object_get(finding, "references")));
}

bool sighting_make_detail(struct arena *arena, const struct sighting_parts *parts, struct text *detail)
{
	struct detail_maker maker = { .arena = arena };
	json_t *object = json_object();

	put_crash(&maker, object, parts->crash);
	put(&maker, object, "input", plain(json_object_get(parts->input, "type")));
	put_finding(&maker, object, parts->finding, parts->crash);
	put(&maker, object, "notes", strings(&maker, json_object_get(parts->verdict, "notes")));
	put(&maker, object, "other_crashes", json_integer((json_int_t)parts->crash_count - 1));
	char *written = maker.failed ? NULL : json_dumps(object, JSON_COMPACT);
	json_decref(object);
	if (!written)
		return false;
	*detail = arena_copy(arena, text_from(written));
	free(written);
	return !arena->failed;
}
