/* The small change of JSON: strings, numbers, null. */
#include "output/json.h"

#include "output/safe.h"

#include <inttypes.h>

void json_put(struct json_maker *maker, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value))
		maker->failed = true;
}

void json_add(struct json_maker *maker, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value))
		maker->failed = true;
}

static json_t *string_of(struct text safe)
{
	return json_stringn(safe.data ? safe.data : "", safe.length);
}

json_t *json_text(struct json_maker *maker, struct text t)
{
	return string_of(safe_text(&maker->arena, t));
}

json_t *json_lines(struct json_maker *maker, struct text t)
{
	return t.length ? string_of(safe_lines(&maker->arena, t)) : json_null();
}

json_t *json_text_or_null(struct json_maker *maker, struct text t)
{
	return t.length ? json_text(maker, t) : json_null();
}

json_t *json_texts(struct json_maker *maker, const struct text *texts, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_add(maker, array, json_text(maker, texts[i]));
	return array;
}

json_t *json_hex(struct json_maker *maker, uint64_t value, int digits)
{
	return json_text(maker, arena_print(&maker->arena, "0x%0*" PRIx64, digits, value));
}

json_t *json_number(uint64_t value)
{
	return value <= INT64_MAX ? json_integer((json_int_t)value) : json_null();
}

json_t *json_line(size_t line)
{
	return line ? json_number(line) : json_null();
}

json_t *json_known(int64_t value)
{
	return value >= 0 ? json_integer(value) : json_null();
}

json_t *json_moment(int64_t seconds)
{
	return seconds != RECORD_NO_TIME ? json_integer(seconds) : json_null();
}
