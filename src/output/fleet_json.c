/*
 * The report on a fleet as JSON: one object, which docs/report.schema.json describes; keys may be added, never renamed. It
 * is written piece by piece, and never is more of it in memory than one crash.
 */
#include "output/fleet.h"

#include "output/fleet_detail.h"
#include "output/json.h"

struct writer {
	FILE *out;
	struct json_maker maker; /* of the piece that is being made */
	bool failed;             /* out of memory */
};

static int write_bytes(const char *bytes, size_t length, void *out)
{
	fwrite(bytes, 1, length, out); /* a failure stays in ferror(out) */
	return 0;
}

/* Writes a value and lets go of it. flags: JSON_EMBED for an object's members without their braces. */
static void put(struct writer *writer, json_t *value, size_t flags)
{
	bool failed = writer->failed || writer->maker.failed || writer->maker.arena.failed || !value;

	if (failed || json_dump_callback(value, write_bytes, writer->out, JSON_COMPACT | JSON_ENCODE_ANY | flags))
		writer->failed = true;
	json_decref(value);
	arena_free(&writer->maker.arena);
	writer->maker.failed = false;
}

static void put_string(struct writer *writer, const char *string)
{
	if (!writer->failed)
		fputs(string, writer->out);
}

/* Between the items of a list. */
static void put_comma(struct writer *writer, size_t index)
{
	put_string(writer, index ? "," : "");
}

static json_t *time_value(int64_t seconds)
{
	return seconds == SIGHTING_NO_TIME ? json_null() : json_integer((json_int_t)seconds);
}

static json_t *count_value(size_t count)
{
	return json_integer((json_int_t)count);
}

static void put_head(struct writer *writer, const struct fleet *fleet, const struct fleet_heading *heading)
{
	struct json_maker *maker = &writer->maker;
	json_t *object = json_object(), *counts = json_object();

	json_put(maker, object, "schema", json_string("kdump-triage-report/1"));
	json_put(maker, object, "made_at", json_integer((json_int_t)heading->made_at));
	json_put(maker, object, "source", json_text(maker, heading->source));
	json_put(maker, object, "since", time_value(heading->since));
	json_put(maker, object, "until", time_value(heading->until));
	json_put(maker, counts, "crashes", count_value(fleet->crash_count));
	json_put(maker, counts, "known", count_value(fleet->verdict_counts[SIGHTING_KNOWN]));
	json_put(maker, counts, "similar", count_value(fleet->verdict_counts[SIGHTING_SIMILAR]));
	json_put(maker, counts, "unknown", count_value(fleet->verdict_counts[SIGHTING_UNKNOWN]));
	json_put(maker, counts, "groups", count_value(fleet->group_count));
	json_put(maker, counts, "copies", count_value(fleet->copy_count));
	json_put(maker, counts, "no_crash", count_value(fleet->no_crash_count));
	json_put(maker, counts, "failed", count_value(fleet->failure_count));
	json_put(maker, object, "counts", counts);
	put(writer, object, JSON_EMBED);
}

/* ,"hosts":[{"host":"web1","count":3},...] */
static void put_counts(struct writer *writer, const char *list, const char *key, const struct fleet_count *counts,
		       size_t count)
{
	put_string(writer, list);
	for (size_t i = 0; i < count && !writer->failed; i++) {
		json_t *object = json_object();
		put_comma(writer, i);
		json_put(&writer->maker, object, key, json_text(&writer->maker, counts[i].value));
		json_put(&writer->maker, object, "count", count_value(counts[i].count));
		put(writer, object, 0);
	}
	put_string(writer, "]");
}

static json_t *evidence_value(struct json_maker *maker, const struct fleet_detail *detail)
{
	json_t *array = json_array();

	for (size_t i = 0; i < detail->evidence_count; i++) {
		json_t *object = json_object();
		json_put(maker, object, "clause", json_text(maker, text_from(detail->evidence[i].clause)));
		json_put(maker, object, "line", json_line(detail->evidence[i].line));
		json_put(maker, object, "text", json_text(maker, detail->evidence[i].text));
		json_add(maker, array, object);
	}
	return array;
}

static json_t *remedies_value(struct json_maker *maker, const struct fleet_detail *detail)
{
	json_t *array = json_array();

	for (size_t i = 0; i < detail->remedy_count; i++) {
		const struct remedy *remedy = &detail->remedies[i];
		json_t *object = json_object();
		json_put(maker, object, "text", remedy->text.length ? json_lines(maker, remedy->text) : json_string(""));
		json_put(maker, object, "command", json_lines(maker, remedy->command));
		json_put(maker, object, "condition", json_text_or_null(maker, remedy->condition));
		json_add(maker, array, object);
	}
	return array;
}

static json_t *texts_value(struct json_maker *maker, const struct fleet_texts *texts)
{
	return json_texts(maker, texts->items, texts->count);
}

/* Not as it was kept, but key by key: whatever a history holds, the report is as its schema says. */
static json_t *detail_value(struct json_maker *maker, struct text json)
{
	struct fleet_detail detail;

	if (!json.length || !fleet_detail_read(&maker->arena, json, &detail))
		return json_null();
	json_t *object = json_object();
	json_put(maker, object, "line", json_line(detail.line));
	json_put(maker, object, "instruction_pointer", json_text_or_null(maker, detail.instruction_pointer));
	json_put(maker, object, "comm", json_text_or_null(maker, detail.comm));
	json_put(maker, object, "cpu", json_known(detail.cpu));
	json_put(maker, object, "pid", json_known(detail.pid));
	json_put(maker, object, "panic", json_text_or_null(maker, detail.panic));
	json_put(maker, object, "input", json_text_or_null(maker, detail.input));
	json_put(maker, object, "trace", texts_value(maker, &detail.trace));
	json_put(maker, object, "more_frames", count_value(detail.more_frames));
	json_put(maker, object, "symptom", json_text_or_null(maker, detail.symptom));
	json_put(maker, object, "evidence", evidence_value(maker, &detail));
	json_put(maker, object, "fixed", texts_value(maker, &detail.fixed));
	json_put(maker, object, "remedies", remedies_value(maker, &detail));
	json_put(maker, object, "references", texts_value(maker, &detail.references));
	json_put(maker, object, "notes", texts_value(maker, &detail.notes));
	json_put(maker, object, "other_crashes", count_value(detail.other_crashes));
	return object;
}

static json_t *crash_value(struct json_maker *maker, const struct fleet_crash *crash)
{
	const struct sighting *sighting = crash->sighting;
	json_t *object = json_object();

	json_put(maker, object, "path", json_text(maker, sighting->path));
	json_put(maker, object, "copies", json_texts(maker, crash->copies, crash->copy_count));
	json_put(maker, object, "host", json_text_or_null(maker, sighting->host));
	json_put(maker, object, "release", json_text_or_null(maker, sighting->release));
	json_put(maker, object, "crashed_at", time_value(sighting->crashed_at));
	json_put(maker, object, "headline", json_text_or_null(maker, sighting->headline));
	json_put(maker, object, "title", json_text_or_null(maker, sighting->title));
	json_put(maker, object, "fingerprint", json_text_or_null(maker, sighting->fingerprint));
	json_put(maker, object, "identity", json_text_or_null(maker, sighting->identity));
	json_put(maker, object, "affected", json_text_or_null(maker, sighting->affected));
	json_put(maker, object, "incomplete", json_boolean(sighting->incomplete));
	json_put(maker, object, "detail", detail_value(maker, sighting->detail));
	return object;
}

static json_t *group_value(struct json_maker *maker, const struct fleet *fleet, const struct fleet_group *group)
{
	json_t *object = json_object(), *related = json_array();

	json_put(maker, object, "verdict", json_text(maker, text_from(sighting_verdict_name(group->verdict))));
	json_put(maker, object, "key", json_text(maker, group->key));
	json_put(maker, object, "title", json_text_or_null(maker, group->title));
	json_put(maker, object, "kind", json_text_or_null(maker, group->kind));
	json_put(maker, object, "culprit", json_text_or_null(maker, group->culprit));
	json_put(maker, object, "count", count_value(group->count));
	json_put(maker, object, "fix", json_text_or_null(maker, group->fix));
	json_put(maker, object, "first", time_value(group->first));
	json_put(maker, object, "last", time_value(group->last));
	for (size_t i = 0; i < group->related_count; i++)
		json_add(maker, related, json_text(maker, fleet->groups[group->related[i]].key));
	json_put(maker, object, "related", related);
	return object;
}

static void put_group(struct writer *writer, const struct fleet *fleet, const struct fleet_group *group)
{
	put_string(writer, "{");
	put(writer, group_value(&writer->maker, fleet, group), JSON_EMBED);
	put_counts(writer, ",\"hosts\":[", "host", group->hosts, group->host_count);
	put_counts(writer, ",\"releases\":[", "release", group->releases, group->release_count);
	put_string(writer, ",\"crashes\":[");
	for (size_t i = 0; i < group->count && !writer->failed; i++) {
		put_comma(writer, i);
		put(writer, crash_value(&writer->maker, group->crashes[i]), 0);
	}
	put_string(writer, "]}");
}

static void put_failures(struct writer *writer, const struct fleet *fleet)
{
	for (size_t i = 0; i < fleet->failure_count && !writer->failed; i++) {
		json_t *object = json_object();
		put_comma(writer, i);
		json_put(&writer->maker, object, "path", json_text(&writer->maker, fleet->failures[i]->path));
		json_put(&writer->maker, object, "reason", json_text(&writer->maker, fleet->failures[i]->failure));
		put(writer, object, 0);
	}
}

bool output_fleet_json(FILE *out, const struct fleet *fleet, const struct fleet_heading *heading)
{
	struct writer writer = { .out = out };

	put_string(&writer, "{");
	put_head(&writer, fleet, heading);
	put_counts(&writer, ",\"releases\":[", "release", fleet->releases, fleet->release_count);
	put_counts(&writer, ",\"hosts\":[", "host", fleet->hosts, fleet->host_count);
	put_string(&writer, ",\"groups\":[");
	for (size_t i = 0; i < fleet->group_count && !writer.failed; i++) {
		put_comma(&writer, i);
		put_group(&writer, fleet, &fleet->groups[i]);
	}
	put_string(&writer, "],\"failures\":[");
	put_failures(&writer, fleet);
	put_string(&writer, "]}\n");
	return !writer.failed;
}
