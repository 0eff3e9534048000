/* A sighting, from a verdict's JSON. */
#include "history/sighting.h"

#include "history/sighting_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const verdict_names[] = {
	[SIGHTING_FAILED] = "failed",   [SIGHTING_NO_CRASH] = "no-crash", [SIGHTING_UNKNOWN] = "unknown",
	[SIGHTING_SIMILAR] = "similar", [SIGHTING_KNOWN] = "known",
};

const char *sighting_verdict_name(enum sighting_verdict verdict)
{
	return verdict_names[verdict];
}

bool sighting_verdict_from_name(struct text name, enum sighting_verdict *verdict)
{
	for (size_t i = 0; i < sizeof verdict_names / sizeof *verdict_names; i++) {
		if (text_is(name, verdict_names[i])) {
			*verdict = (enum sighting_verdict)i;
			return true;
		}
	}
	return false;
}

static struct text string_of(const json_t *value)
{
	return json_is_string(value) ? (struct text){ json_string_value(value), json_string_length(value) } : TEXT_NONE;
}

struct text sighting_cut_text(const json_t *value)
{
	struct text t = string_of(value);

	if (t.length <= SIGHTING_TEXT_MOST)
		return t;
	t.length = SIGHTING_TEXT_MOST;
	while (t.length && ((unsigned char)t.data[t.length] & 0xc0) == 0x80) /* not within a character of UTF-8 */
		t.length--;
	return t;
}

static struct text take(struct arena *arena, const json_t *object, const char *key)
{
	return arena_copy(arena, sighting_cut_text(json_object_get(object, key)));
}

size_t sighting_each_frame(const json_t *crash, void (*visit)(void *state, const json_t *frame), void *state)
{
	const json_t *trace = json_object_get(crash, "trace");
	size_t count = 0;

	for (int all = 0; all < 2 && !count; all++) {
		for (size_t i = 0; i < json_array_size(trace); i++) {
			const json_t *frame = json_array_get(trace, i);
			if (!json_is_object(frame) || (!all && !json_is_true(json_object_get(frame, "reliable"))))
				continue;
			count++;
			if (visit)
				visit(state, frame);
		}
	}
	return count;
}

/*
 * The identity of a crash in a line that has none: what differs from crash to crash even where the bug, the kernel and the
 * machine's model are the same. Registers and time since boot do.
 */
static struct text make_identity(struct arena *arena, const struct sighting_parts *parts)
{
	static const char *const keys[] = { "kind", "headline", "fingerprint", "time",          "cpu",
					    "pid",  "comm",     "registers",   "fault_address", "instruction_pointer" };
	uint64_t hash = text_hash(TEXT_HASH_START, string_of(json_object_get(parts->kernel, "release")));

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const json_t *value = json_object_get(parts->crash, keys[i]);
		char *written = value ? json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY) : NULL;
		if (value && !written)
			arena->failed = true;
		hash = text_hash(hash, text_from(written));
		hash = text_hash(hash, TEXT("\n"));
		free(written);
	}
	return arena_print(arena, "%016" PRIx64, hash);
}

static bool is_identity(struct text t)
{
	enum { DIGITS = 16 };
	uint64_t value;

	return t.length == DIGITS && text_eat_hex(&t, &value) && !t.length;
}

/* Seconds since 1970, or SIGHTING_NO_TIME where it is none or none of this age of the world: at most the year 9999. */
static int64_t time_of(const json_t *value)
{
	const json_int_t latest = 253402300799;

	if (!json_is_integer(value) || json_integer_value(value) <= 0 || json_integer_value(value) > latest)
		return SIGHTING_NO_TIME;
	return (int64_t)json_integer_value(value);
}

/* In one line, as it goes into a table. */
static struct text in_a_line(struct text t)
{
	for (size_t i = 0; i < t.length; i++)
		if (t.data[i] == '\n')
			((char *)(uintptr_t)t.data)[i] = ' ';
	return text_trim(t);
}

static struct text find_fix(struct arena *arena, const json_t *finding)
{
	const json_t *fixed = json_array_get(json_object_get(finding, "fixed"), 0);
	const json_t *remedy = json_array_get(json_object_get(finding, "remedies"), 0);
	struct text fix = arena_copy(arena, sighting_cut_text(fixed));

	return in_a_line(fix.length ? fix : take(arena, remedy, "text"));
}

/* What is known of every input, with a crash or without. */
static void take_input(struct arena *arena, const struct sighting_parts *parts, struct sighting *sighting)
{
	sighting->path = arena_copy(arena, string_of(json_object_get(parts->input, "path")));
	sighting->incomplete = json_is_true(json_object_get(parts->input, "incomplete"));
	sighting->from_dump = text_is(string_of(json_object_get(parts->input, "type")), "vmcore");
	sighting->release = take(arena, parts->kernel, "release");
	sighting->host = take(arena, parts->verdict, "host");
	if (!sighting->host.length)
		sighting->host = take(arena, parts->kernel, "nodename");
	sighting->crashed_at = time_of(json_object_get(parts->verdict, "crashed_at"));
	if (sighting->crashed_at == SIGHTING_NO_TIME)
		sighting->crashed_at = time_of(json_object_get(parts->kernel, "crash_time"));
}

static void take_crash(struct arena *arena, const struct sighting_parts *parts, struct sighting *sighting)
{
	sighting->identity = take(arena, parts->verdict, "identity");
	if (!is_identity(sighting->identity))
		sighting->identity = make_identity(arena, parts);
	sighting->kind = take(arena, parts->crash, "kind");
	sighting->headline = take(arena, parts->crash, "headline");
	sighting->title = take(arena, parts->crash, "title");
	sighting->culprit = take(arena, parts->crash, "culprit");
	sighting->fingerprint = take(arena, parts->crash, "fingerprint");
	sighting->frames = (unsigned)sighting_each_frame(parts->crash, NULL, NULL); /* fits: the line is no longer */
	if (!parts->finding)
		return;
	sighting->signature = take(arena, parts->finding, "signature");
	sighting->signature_title = take(arena, parts->finding, "title");
	sighting->affected = take(arena, parts->finding, "affected");
	sighting->fix = find_fix(arena, parts->finding);
}

static const json_t *object_or_null(const json_t *value)
{
	return json_is_object(value) ? value : NULL;
}

/* The best finding of a crash is its first. */
static const json_t *find_finding(const json_t *findings, size_t crash)
{
	for (size_t i = 0; i < json_array_size(findings); i++) {
		const json_t *finding = json_array_get(findings, i), *index = json_object_get(finding, "crash");
		if (json_is_integer(index) && json_integer_value(index) == (json_int_t)crash)
			return finding;
	}
	return NULL;
}

/* False: the line contradicts itself, or lacks what every line has. */
static bool take_apart(const json_t *line, struct sighting_parts *parts, struct sighting *sighting, struct error *error)
{
	const json_t *crashes = json_object_get(line, "crashes"), *index = json_object_get(line, "crash");
	json_int_t deciding = json_is_integer(index) ? json_integer_value(index) : -1;

	*parts = (struct sighting_parts){ .verdict = line,
					  .input = object_or_null(json_object_get(line, "input")),
					  .kernel = object_or_null(json_object_get(line, "kernel")),
					  .crash_count = json_array_size(crashes) };
	if (!text_is(string_of(json_object_get(line, "schema")), "kdump-triage/1"))
		return error_set(error, "expected a verdict: an object with \"schema\":\"kdump-triage/1\"");
	if (!parts->input || !json_is_string(json_object_get(parts->input, "path")))
		return error_set(error, "a verdict that does not name its input");
	if (!sighting_verdict_from_name(string_of(json_object_get(line, "verdict")), &sighting->verdict) ||
	    sighting->verdict == SIGHTING_FAILED)
		return error_set(error, "a verdict that is none of known, similar, unknown and no-crash");
	if (sighting->verdict == SIGHTING_NO_CRASH)
		return true;
	if (deciding >= 0 && (size_t)deciding < parts->crash_count)
		parts->crash = object_or_null(json_array_get(crashes, (size_t)deciding));
	if (!parts->crash)
		return error_set(error, "a verdict on a crash that is not among its crashes");
	parts->finding = find_finding(json_object_get(line, "findings"), (size_t)deciding);
	return true;
}

/*
 * Before Jansson makes a value of some hundred bytes of each "[]," of a line: no honest verdict has that many values. Those
 * that stand in strings are counted too.
 */
static bool is_bounded(struct text json)
{
	enum { VALUES_MOST = 2000000 };
	size_t values = 0;

	if (json.length > SIGHTING_JSON_MOST)
		return false;
	for (size_t i = 0; i < json.length; i++)
		values += json.data[i] == ',' || json.data[i] == '[' || json.data[i] == '{';
	return values <= VALUES_MOST;
}

bool sighting_from_json(struct arena *arena, struct text json, struct sighting *sighting, struct error *error)
{
	struct sighting_parts parts;
	struct sighting made = { .source = sighting->source, .crashed_at = SIGHTING_NO_TIME };
	json_error_t why;

	if (!is_bounded(json))
		return error_set(error, "a verdict of %zu bytes: expected at most %d, and fewer values", json.length,
				 SIGHTING_JSON_MOST);
	json_t *line = json_loadb(json.length ? json.data : "", json.length, 0, &why);
	if (!line)
		return error_set(error, "expected a verdict in JSON: %s", why.text);
	bool done = take_apart(line, &parts, &made, error);
	if (done) {
		take_input(arena, &parts, &made);
		if (parts.crash) {
			take_crash(arena, &parts, &made);
			if (!sighting_make_detail(arena, &parts, &made.detail))
				arena->failed = true;
		}
		if (arena->failed)
			done = error_out_of_memory(error);
	}
	json_decref(line);
	if (done)
		*sighting = made;
	return done;
}
