/* Writes a signature file. */
#include "signature/draft_signature.h"

#include "crash/kind.h"
#include "signature/common.h"
#include "signature/draft_releases.h"
#include "signature/yaml_text.h"

#include <inttypes.h>

enum {
	ID_MOST = 60,
	TITLE_MOST = 200, /* bytes: a panic's reason may be longer */
	PLACES_MOST = 20
};

/* The title with the kind's name in place of the long words: "null-pointer-dereference in d_delete". */
static struct text short_title(struct arena *arena, const struct crash *crash)
{
	struct text rest = crash->title;

	if (!text_eat(&rest, crash_kind_row(crash->kind)->title))
		return crash->title;
	return arena_print(arena, "%s%.*s", crash->kind == CRASH_UNKNOWN_KIND ? "crash" : crash_kind_name(crash->kind),
			   TEXT_ARGS(rest));
}

/* Small letters and digits; whatever else stands between them is one '-'. */
static size_t make_slug(struct text t, char slug[ID_MOST])
{
	size_t length = 0;
	bool gap = false;

	for (size_t i = 0; i < t.length; i++) {
		char c = t.data[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
			gap = length > 0;
			continue;
		}
		if (length + gap >= ID_MOST)
			break;
		if (gap)
			slug[length++] = '-';
		slug[length++] = c;
		gap = false;
	}
	return length;
}

struct text signature_draft_id(struct arena *arena, const struct crash *crash, const struct catalogue *catalogue)
{
	char slug[ID_MOST];
	size_t length = make_slug(short_title(arena, crash), slug);
	struct text id = arena_copy(arena, (struct text){ slug, length });

	/* Some number is free, as a catalogue has fewer signatures than there are of these. */
	for (size_t number = 2; id.length && catalogue_get(catalogue, id); number++) {
		struct text end = arena_print(arena, "-%zu", number);
		size_t kept = length + end.length > ID_MOST ? ID_MOST - end.length : length;
		while (kept && slug[kept - 1] == '-')
			kept--;
		id = arena_print(arena, "%.*s%.*s", (int)kept, slug, TEXT_ARGS(end));
	}
	return id;
}

static void add_places(struct yaml_lines *lines, const struct draft_source *sources, size_t count)
{
	yaml_line(lines, TEXT("# Made by 'kdump-triage signature new'. The symptom is what these crashes have in common:"));
	for (size_t i = 0; i < count && i < PLACES_MOST; i++)
		yaml_line(lines, arena_print(lines->arena, "#   %.*s", TEXT_ARGS(sources[i].place)));
	if (count > PLACES_MOST)
		yaml_line(lines, arena_print(lines->arena, "#   and %zu more", count - PLACES_MOST));
	yaml_line(lines, TEXT("# Where a comment begins with \"Write\", a person must: see docs/signatures.md."));
	yaml_line(lines, TEXT_NONE);
}

static void add_head(struct yaml_lines *lines, const struct crash *crash, struct text id)
{
	struct text title = yaml_value(lines->arena, text_first(crash->title, TITLE_MOST));

	yaml_line(lines, arena_print(lines->arena, "id: %.*s", TEXT_ARGS(yaml_value(lines->arena, id))));
	yaml_line(lines, TEXT("# Write what goes wrong, in one line."));
	yaml_line(lines, arena_print(lines->arena, "title: %.*s", TEXT_ARGS(title)));
	yaml_line(lines, TEXT("# Write the part of the kernel, as its source directory, such as"));
	yaml_line(lines, TEXT("# subsystem: fs/notify"));
	yaml_line(lines, TEXT_NONE);
}

static struct text join_kinds(struct arena *arena, const struct common *common, const char *between)
{
	struct text all = TEXT_NONE;

	for (size_t i = 0; i < common->kind_count; i++)
		all = arena_print(arena, "%.*s%s%s", TEXT_ARGS(all), i ? between : "", crash_kind_name(common->kinds[i]));
	return all;
}

/* "page-fault or general-protection-fault in foo" */
static struct text name_of_symptom(struct arena *arena, const struct crash *crash, const struct common *common)
{
	struct text kinds = common->kind_count ? join_kinds(arena, common, " or ") : TEXT("crash");

	if (common->culprit.length)
		return arena_print(arena, "%.*s in %.*s", TEXT_ARGS(kinds), TEXT_ARGS(common->culprit));
	if (common->log.length)
		return text_first(short_title(arena, crash), TITLE_MOST);
	if (common->instruction_pointer.length)
		return arena_print(arena, "%.*s in %.*s", TEXT_ARGS(kinds), TEXT_ARGS(common->instruction_pointer));
	return arena_print(arena, "%.*s below %.*s", TEXT_ARGS(kinds), TEXT_ARGS(common->trace[0]));
}

static void add_clause(struct yaml_lines *lines, const char *key, struct text value)
{
	if (value.length)
		yaml_line(lines, arena_print(lines->arena, "    %s: %.*s", key, TEXT_ARGS(value)));
}

static void add_function(struct yaml_lines *lines, const char *key, struct text function)
{
	if (function.length)
		add_clause(lines, key, yaml_value(lines->arena, function));
}

static void add_trace(struct yaml_lines *lines, const struct common *common)
{
	struct text all = TEXT_NONE;

	for (size_t i = 0; i < common->trace_count; i++) {
		struct text function = yaml_value(lines->arena, common->trace[i]);
		all = arena_print(lines->arena, "%.*s%s%.*s", TEXT_ARGS(all), i ? ", " : "", TEXT_ARGS(function));
	}
	if (common->trace_count)
		add_clause(lines, "trace", arena_print(lines->arena, "[%.*s]", TEXT_ARGS(all)));
}

static void add_fault_address(struct yaml_lines *lines, const struct common *common)
{
	if (!common->has_fault_address)
		return;
	struct text address = arena_print(lines->arena, "0x%" PRIx64, common->low);
	if (common->high > common->low)
		address = arena_print(lines->arena, "0x%" PRIx64 "-0x%" PRIx64, common->low, common->high);
	add_clause(lines, "fault_address", address);
}

static void add_symptom(struct yaml_lines *lines, const struct crash *crash, const struct common *common)
{
	struct text kinds = join_kinds(lines->arena, common, ", ");
	struct text name = yaml_value(lines->arena, name_of_symptom(lines->arena, crash, common));

	yaml_line(lines, TEXT("symptoms:"));
	yaml_line(lines, arena_print(lines->arena, "  - name: %.*s", TEXT_ARGS(name)));
	add_clause(lines, "kind", common->kind_count > 1 ? arena_print(lines->arena, "[%.*s]", TEXT_ARGS(kinds)) : kinds);
	add_function(lines, "instruction_pointer", common->instruction_pointer);
	/* Where the fault is in the culprit itself, that would be said twice. */
	if (!text_equal(common->culprit, common->instruction_pointer))
		add_function(lines, "culprit", common->culprit);
	add_trace(lines, common);
	add_fault_address(lines, common);
	add_function(lines, "module", common->module);
	if (common->log.length)
		add_clause(lines, "log", yaml_pattern(lines->arena, common->log));
	yaml_line(lines, TEXT_NONE);
}

static void add_cure(struct yaml_lines *lines)
{
	static const char *const words[] = {
		"",
		"# Write what has the fix: packages, commits.",
		"# fixed:",
		"#   - \"upstream: v6.8, commit 0123456789ab\"",
		"",
		"# Write what to do about it.",
		"# remedies:",
		"#   - text: Update the kernel and reboot.",
		"",
		"# Write where to read on.",
		"# references:",
		"#   - https://bugzilla.kernel.org/show_bug.cgi?id=1",
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		yaml_line(lines, text_from(words[i]));
}

bool signature_draft(struct arena *arena, const struct draft_source *sources, size_t count, struct text id,
		     struct text *yaml, struct error *error)
{
	const struct crash **crashes = arena_alloc(arena, count * sizeof *crashes);
	struct yaml_lines lines = { .arena = arena };
	struct common common;

	for (size_t i = 0; crashes && i < count; i++)
		crashes[i] = sources[i].crash;
	if (!crashes)
		return error_out_of_memory(error);
	if (!common_find(arena, crashes, count, &common, error))
		return false;
	add_places(&lines, sources, count);
	add_head(&lines, sources[0].crash, id);
	add_symptom(&lines, sources[0].crash, &common);
	draft_releases(&lines, sources, count);
	add_cure(&lines);
	*yaml = yaml_join(&lines);
	return !arena->failed || error_out_of_memory(error);
}

struct text signature_draft_describe(struct arena *arena, const struct crash *crash)
{
	const struct crash *only[] = { crash };
	struct common common = { 0 };
	struct text all = crash->title, place = crash->instruction_pointer.canonical;

	if (place.length && !text_equal(place, crash->culprit))
		all = arena_print(arena, "%.*s, at %.*s", TEXT_ARGS(all), TEXT_ARGS(place));
	common_find_trace(arena, only, 1, &common);
	for (size_t i = 0; i < common.trace_count; i++)
		all = arena_print(arena, "%.*s%s%.*s", TEXT_ARGS(all), i ? ", " : "; trace: ", TEXT_ARGS(common.trace[i]));
	if (!place.length && !common.trace_count && !crash->culprit.length)
		all = arena_print(arena, "%.*s, no function that tells anything", TEXT_ARGS(all));
	return all;
}
