/* The report on a fleet for programs: as its schema says, whatever a history holds. */
#define _GNU_SOURCE /* open_memstream */
#include "test_fleet_output.h"

#include <jansson.h>

/* ---- the schema, as much of it as docs/report.schema.json uses ---- */

static const json_t *resolve(const json_t *root, const json_t *schema)
{
	const char *reference = json_string_value(json_object_get(schema, "$ref"));

	if (!reference)
		return schema;
	assert_int_equal(strncmp(reference, "#/$defs/", 8), 0);
	const json_t *found = json_object_get(json_object_get(root, "$defs"), reference + 8);
	assert_non_null(found);
	return found;
}

static bool is_type(const json_t *value, const char *type)
{
	return (json_is_object(value) && !strcmp(type, "object")) || (json_is_array(value) && !strcmp(type, "array")) ||
	       (json_is_string(value) && !strcmp(type, "string")) || (json_is_integer(value) && !strcmp(type, "integer")) ||
	       (json_is_boolean(value) && !strcmp(type, "boolean")) || (json_is_null(value) && !strcmp(type, "null"));
}

static bool is_of_types(const json_t *value, const json_t *types)
{
	size_t i;
	const json_t *type;

	if (!types)
		return true;
	if (json_is_string(types))
		return is_type(value, json_string_value(types));
	json_array_foreach((json_t *)types, i, type) if (is_type(value, json_string_value(type))) return true;
	return false;
}

static bool is_one_of(const json_t *value, const json_t *values)
{
	size_t i;
	const json_t *item;

	json_array_foreach((json_t *)values, i, item) if (json_equal(value, item)) return true;
	return false;
}

static bool is_valid(const json_t *root, const json_t *schema, const json_t *value);

/* Every key of the schema is there, and no other. */
static bool is_valid_object(const json_t *root, const json_t *schema, const json_t *value)
{
	const json_t *properties = json_object_get(schema, "properties"), *member;
	const char *key;

	assert_true(json_is_false(json_object_get(schema, "additionalProperties")));
	assert_int_equal(json_array_size(json_object_get(schema, "required")), json_object_size(properties));
	if (json_object_size(value) != json_object_size(properties))
		return false;
	json_object_foreach((json_t *)value, key,
			    member) if (!json_object_get(properties, key) ||
					!is_valid(root, json_object_get(properties, key), member)) return false;
	return true;
}

static bool is_valid(const json_t *root, const json_t *schema, const json_t *value)
{
	const json_t *rules = resolve(root, schema), *least = json_object_get(rules, "minimum"), *item;
	size_t i;

	if (json_object_get(rules, "const") && !json_equal(json_object_get(rules, "const"), value))
		return false;
	if (json_object_get(rules, "enum") && !is_one_of(value, json_object_get(rules, "enum")))
		return false;
	if (!is_of_types(value, json_object_get(rules, "type")))
		return false;
	if (least && json_is_integer(value) && json_integer_value(value) < json_integer_value(least))
		return false;
	json_array_foreach((json_t *)value, i,
			   item) if (!is_valid(root, json_object_get(rules, "items"), item)) return false;
	return !json_is_object(value) || is_valid_object(root, rules, value);
}

static json_t *load_schema(void)
{
	json_t *schema = json_load_file(SIGNATURES_DIR "/../docs/report.schema.json", JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(schema);
	return schema;
}

/* The report as a value; it is valid, and one line. */
static json_t *report_of(const struct fleet *fleet)
{
	char *bytes = written(fleet, JSON, 80, false);
	json_error_t error;
	json_t *value = json_loads(bytes, JSON_REJECT_DUPLICATES, &error), *schema = load_schema();

	if (!value)
		fail_msg("%s in: %s", error.text, bytes);
	assert_ptr_equal(strchr(bytes, '\n'), bytes + strlen(bytes) - 1);
	if (!is_valid(schema, schema, value))
		fail_msg("not as the schema says: %s", bytes);
	json_decref(schema);
	free(bytes);
	return value;
}

static void test_schema_tells_wrong_reports(void **state)
{
	static const char *const wrong[] = {
		"{\"schema\":\"kdump-triage-report/2\"}",
		"{\"made_at\":null}",
		"{\"since\":\"2026\"}",
		"{\"counts\":{}}",
		"{\"hosts\":[{}]}",
		"{\"surprise\":1}",
		"{\"groups\":[1]}",
	};
	struct fleet fleet = sample_fleet();
	json_t *schema = load_schema(), *good = report_of(&fleet);

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		json_t *bad = json_copy(good), *change = json_loads(wrong[i], 0, NULL);
		assert_non_null(change);
		json_object_update(bad, change);
		assert_false(is_valid(schema, schema, bad));
		json_decref(change);
		json_decref(bad);
	}
	json_decref(schema);
	json_decref(good);
	fleet_free(&fleet);
}

/* ---- a small fleet ---- */

static const json_t *get(const json_t *value, const char *list, size_t index)
{
	const json_t *item = json_array_get(json_object_get(value, list), index);

	assert_non_null(item);
	return item;
}

static void assert_json(const json_t *value, const char *key, const char *expected)
{
	char *bytes = json_dumps(json_object_get(value, key), JSON_COMPACT | JSON_ENCODE_ANY);

	assert_non_null(bytes);
	assert_string_equal(bytes, expected);
	free(bytes);
}

static void test_sample(void **state)
{
	struct fleet fleet = sample_fleet();
	json_t *report = report_of(&fleet), *detail = json_loads(detail_json, 0, NULL);
	const json_t *known = get(report, "groups", 0), *unknown = get(report, "groups", 1);

	(void)state;
	assert_json(report, "made_at", "1768957323");
	assert_json(report, "since", "1767225600");
	assert_json(report, "until", "null");
	assert_json(report, "counts",
		    "{\"crashes\":7,\"known\":3,\"similar\":1,\"unknown\":3,\"groups\":4,\"copies\":1,\"no_crash\":1,"
		    "\"failed\":3}");
	assert_json(report, "hosts",
		    "[{\"host\":\"web1\",\"count\":3},{\"host\":\"web2\",\"count\":2},{\"host\":\"db1\",\"count\":1}]");
	assert_json(get(report, "releases", 3), "release", "\"6.1.90-1-amd64\"");
	assert_int_equal(json_array_size(json_object_get(report, "groups")), 4);
	assert_json(known, "verdict", "\"known\"");
	assert_json(known, "key", "\"fsnotify-mark-connector-race\"");
	assert_json(known, "kind", "null");
	assert_json(known, "fix", "\"3.10.0-862.9.1.el7\"");
	assert_json(known, "first", "1767323045");
	assert_json(known, "last", "1767916800");
	assert_json(known, "related", "[]");
	assert_json(get(known, "crashes", 1), "copies", "[\"/backup/vmcore-dmesg.txt\"]");
	assert_true(json_equal(json_object_get(get(known, "crashes", 1), "detail"), detail)); /* nothing is lost */
	assert_json(get(known, "crashes", 0), "detail", "null");
	assert_json(get(known, "crashes", 2), "crashed_at", "null");
	assert_json(get(get(report, "groups", 2), "crashes", 0), "incomplete", "true");
	assert_json(unknown, "culprit", "\"foo\"");
	assert_json(unknown, "fix", "null");
	assert_json(unknown, "related", "[\"2222222222222222\"]");
	assert_json(get(report, "failures", 0), "reason", "\"permission denied\"");
	json_decref(detail);
	json_decref(report);
	fleet_free(&fleet);
}

/* ---- details that no program of ours wrote ---- */

static void test_wrong_details(void **state)
{
	static const struct {
		const char *detail;
		bool kept;
	} rows[] = {
		{ "", false },
		{ "{", false },
		{ "[]", false },
		{ "null", false },
		{ "{\"line\":1}{", false },
		{ "\xff", false },
		{ "{}", true },
		{ "{\"line\":-1,\"cpu\":-7,\"pid\":1e300,\"more_frames\":-1,\"other_crashes\":\"many\"}", true },
		{ "{\"trace\":{},\"evidence\":[1,null,[],{}],\"remedies\":[{\"text\":7}],\"notes\":[{\"a\":1},\"b\"],\"x\":["
		  "]}",
		  true },
		{ "{\"comm\":\"a\\u0000b\\u001b[31m\\u202e\\ud83d\",\"panic\":\"\\n\"}", false }, /* half a surrogate pair */
		{ "{\"comm\":\"a\\u0000b\\u001b[31m\\u202e\",\"panic\":\"\\n\",\"trace\":[\"\\u009b\"]}", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fleet fleet = { 0 };
		struct sighting sighting = unknown_crash("/p", "1", "f", 1);
		sighting.detail = text_from(rows[i].detail);
		add(&fleet, sighting);
		finish(&fleet);
		json_t *report = report_of(&fleet);
		const json_t *crash = get(get(report, "groups", 0), "crashes", 0);
		assert_int_equal(!json_is_null(json_object_get(crash, "detail")), rows[i].kept);
		if (i == COUNT(rows) - 1)
			assert_json(json_object_get(crash, "detail"), "comm",
				    "\"a\\\\x00b\\\\x1b[31m\\\\xe2\\\\x80\\\\xae\"");
		json_decref(report);
		free(written(&fleet, TEXT_REPORT, 40, false));
		free(written(&fleet, MARKDOWN, 0, false));
		fleet_free(&fleet);
	}
}

/* ---- out of memory ---- */

static size_t allocations_left;

static void *failing_malloc(size_t size)
{
	if (!allocations_left)
		return NULL;
	allocations_left--;
	return malloc(size);
}

/* Each of Jansson's allocations fails in turn: false, nothing lost (under a leak checker), and in the end the same bytes. */
static void test_out_of_memory(void **state)
{
	struct fleet fleet = sample_fleet();
	char *expected = written(&fleet, JSON, 80, false);
	bool done = false;
	size_t most = 0;

	(void)state;
	json_set_alloc_funcs(failing_malloc, free);
	for (; !done && most < 100000; most++) {
		char *bytes = NULL;
		size_t length = 0;
		FILE *out = open_memstream(&bytes, &length);
		assert_non_null(out);
		allocations_left = most;
		done = output_fleet_json(out, &fleet, &sample_heading);
		fclose(out);
		assert_int_equal(done, strcmp(bytes, expected) == 0);
		free(bytes);
	}
	json_set_alloc_funcs(malloc, free);
	assert_true(done && most > 100);
	free(expected);
	fleet_free(&fleet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schema_tells_wrong_reports),
		cmocka_unit_test(test_sample),
		cmocka_unit_test(test_wrong_details),
		cmocka_unit_test(test_out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
