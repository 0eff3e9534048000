/* A verdict as JSON: one object, one line. docs/output.schema.json describes it; keys may be added, never renamed. */
#include "output/output.h"

#include "output/describe.h"
#include "output/json.h"
#include "output/page.h"

#include <inttypes.h>

enum {
	REAL_DIGITS = 15, /* what a double keeps of a decimal fraction: 6052.280624 comes out as it went in */
};

static json_t *input_value(struct json_maker *maker, const struct verdict *verdict)
{
	json_t *object = json_object();

	json_put(maker, object, "path", json_text(maker, verdict->path));
	json_put(maker, object, "type", json_text_or_null(maker, text_from(verdict->type)));
	json_put(maker, object, "format", json_text_or_null(maker, text_from(verdict->format)));
	json_put(maker, object, "incomplete", json_boolean(verdict->incomplete));
	json_dump_input(maker, object, &verdict->dump);
	return object;
}

static json_t *kernel_value(struct json_maker *maker, const struct verdict *verdict)
{
	json_t *object = json_object();

	json_put(maker, object, "release", json_text_or_null(maker, verdict->release.text));
	json_put(maker, object, "version", json_text_or_null(maker, verdict->version));
	json_put(maker, object, "arch", json_text_or_null(maker, verdict->arch));
	json_put(maker, object, "family", json_text_or_null(maker, verdict->release.family));
	json_dump_kernel(maker, object, &verdict->dump);
	return object;
}

static json_t *crashes_value(struct json_maker *maker, const struct verdict *verdict)
{
	json_t *array = json_array();

	for (size_t i = 0; i < verdict->crashes.count; i++)
		json_add(maker, array, json_crash(maker, &verdict->crashes, verdict->crashes.items[i]));
	return array;
}

static json_t *evidence_value(struct json_maker *maker, const struct finding *finding)
{
	json_t *array = json_array();

	for (size_t i = 0; i < finding->evidence_count; i++) {
		const struct evidence *evidence = &finding->evidence[i];
		json_t *object = json_object();
		json_put(maker, object, "clause", json_text(maker, text_from(evidence->clause)));
		json_put(maker, object, "line", json_line(evidence->line));
		json_put(maker, object, "text", json_text(maker, evidence->text));
		json_add(maker, array, object);
	}
	return array;
}

static json_t *remedies_value(struct json_maker *maker, const struct finding *finding)
{
	json_t *array = json_array();

	for (size_t i = 0; i < finding->remedy_count; i++) {
		const struct remedy *remedy = &finding->remedies[i];
		json_t *object = json_object();
		json_put(maker, object, "text", json_lines(maker, remedy->text));
		json_put(maker, object, "command", json_lines(maker, remedy->command));
		json_put(maker, object, "condition", json_text_or_null(maker, remedy->condition));
		json_put(maker, object, "certain", json_boolean(remedy->certain));
		json_add(maker, array, object);
	}
	return array;
}

static json_t *findings_value(struct json_maker *maker, const struct verdict *verdict)
{
	json_t *array = json_array();

	for (size_t i = 0; i < verdict->findings.count; i++) {
		const struct finding *finding = &verdict->findings.items[i];
		json_t *object = json_object();
		json_put(maker, object, "signature", json_text(maker, signature_id(finding->signature)));
		json_put(maker, object, "title", json_text(maker, signature_title(finding->signature)));
		json_put(maker, object, "symptom", json_text_or_null(maker, finding->symptom));
		json_put(maker, object, "crash", json_number(finding->crash));
		json_put(maker, object, "affected", json_text(maker, text_from(affected_name(finding->affected))));
		json_put(maker, object, "affected_reason", json_text_or_null(maker, finding->affected_reason));
		json_put(maker, object, "evidence", evidence_value(maker, finding));
		json_put(maker, object, "fixed", json_texts(maker, finding->fixed, finding->fixed_count));
		json_put(maker, object, "remedies", remedies_value(maker, finding));
		json_put(maker, object, "references", json_texts(maker, finding->references, finding->reference_count));
		json_add(maker, array, object);
	}
	return array;
}

static json_t *verdict_value(struct json_maker *maker, const struct verdict *verdict)
{
	json_t *object = json_object();
	bool decided = describe_deciding_crash(verdict);
	struct text identity =
		verdict->has_identity ? arena_print(&maker->arena, "%016" PRIx64, verdict->identity) : TEXT_NONE;

	json_put(maker, object, "schema", json_string("kdump-triage/1"));
	json_put(maker, object, "fingerprint_version", json_integer(CRASH_FINGERPRINT_VERSION));
	json_put(maker, object, "input", input_value(maker, verdict));
	json_put(maker, object, "kernel", kernel_value(maker, verdict));
	json_put(maker, object, "verdict", json_text(maker, text_from(verdict_kind_name(verdict->kind))));
	json_put(maker, object, "crash", decided ? json_number(verdict->crashes.deciding) : json_null());
	json_put(maker, object, "identity", json_text_or_null(maker, identity));
	json_put(maker, object, "host", json_text_or_null(maker, verdict->host));
	json_put(maker, object, "crashed_at", json_moment(verdict->crashed_at));
	json_put(maker, object, "crashes", crashes_value(maker, verdict));
	json_put(maker, object, "findings", findings_value(maker, verdict));
	json_put(maker, object, "cpus", json_cpus(maker, &verdict->postmortem));
	json_put(maker, object, "debuginfo", json_text_or_null(maker, verdict->postmortem.debuginfo));
	json_put(maker, object, "symbols", json_text_or_null(maker, verdict->postmortem.symbols));
	json_put(maker, object, "notes", json_texts(maker, verdict->notes, verdict->note_count));
	return object;
}

static int write_to_page(const char *bytes, size_t length, void *page)
{
	page_raw(page, bytes, length);
	return 0;
}

bool output_json(FILE *out, const struct verdict *verdict)
{
	struct json_maker maker = { .failed = false };
	struct page page = page_new(NULL);
	json_t *value = verdict_value(&maker, verdict);

	if (json_dump_callback(value, write_to_page, &page, JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS)))
		maker.failed = true;
	page_newline(&page);
	page.failed = page.failed || maker.failed || maker.arena.failed;
	json_decref(value);
	arena_free(&maker.arena);
	return page_write(&page, out);
}
