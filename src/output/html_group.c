/* What is said of one group: what it is, what to do, where to read on. Its dumps come from the script. */
#include "output/html.h"
#include "output/html_fleet.h"

#include "crash/kind.h"
#include "output/safe.h"

enum { COUNTS_SHOWN = 6, RELATED_SHOWN = 12 };

static void write_fact(struct page *page, const char *name, struct text value)
{
	if (!value.length)
		return;
	html_print(page, "<div><dt>%s</dt><dd class=\"log\">", name);
	html_element(page, "", value, "</dd></div>\n");
}

/* "web-17 (40), web-3 (12), ... and 5 more" */
static void write_counts(struct page *page, const char *name, const struct fleet_count *counts, size_t count)
{
	if (!count)
		return;
	html_print(page, "<div><dt>%s</dt><dd>", name);
	for (size_t i = 0; i < count && i < COUNTS_SHOWN; i++) {
		html_element(page, i ? ", <span class=\"log\">" : "<span class=\"log\">", counts[i].value, "</span> (");
		html_number(page, counts[i].count);
		html_markup(page, ")");
	}
	if (count > COUNTS_SHOWN) {
		html_markup(page, ", and ");
		html_number(page, count - COUNTS_SHOWN);
		html_markup(page, " more");
	}
	html_markup(page, "</dd></div>\n");
}

static struct text place_of(const struct sighting *sighting)
{
	return sighting->path.length ? sighting->path : sighting->source.file;
}

static void write_facts(struct page *page, const struct fleet_group *group)
{
	html_markup(page, "<dl class=\"facts\">\n");
	write_fact(page, "Kind", group->kind);
	write_fact(page, "Culprit", group->culprit);
	write_counts(page, "Hosts", group->hosts, group->host_count);
	write_counts(page, "Releases", group->releases, group->release_count);
	if (group->count)
		write_fact(page, "Latest", place_of(group->crashes[0]->sighting));
	html_markup(page, "</dl>\n");
}

/* Which crashes a remedy is for, where it is not for all. */
static void write_scope(struct html_report *report, const struct html_remedy *remedy, size_t all)
{
	struct page *page = &report->page;

	if (remedy->count >= all)
		return;
	html_markup(page, "<span class=\"remark\">for ");
	html_number(page, remedy->count);
	html_markup(page, " of ");
	html_count(page, all, "crash");
	for (size_t i = 0; i < remedy->release_count; i++)
		html_element(page, i ? ", <span class=\"log\">" : ": <span class=\"log\">",
			     html_data_string(&report->data, remedy->releases[i]), "</span>");
	html_markup(page, remedy->more_releases ? ", and others</span>\n" : "</span>\n");
}

static void write_command(struct page *page, struct text command)
{
	html_markup(page, "<div class=\"command\"><pre><code>");
	html_lines(page, command);
	html_markup(page, "</code></pre></div>\n");
}

static void write_remedy(struct html_report *report, const struct html_remedy *remedy, size_t all)
{
	struct page *page = &report->page;
	struct text command = html_data_string(&report->data, remedy->command);
	struct text condition = html_data_string(&report->data, remedy->condition);

	html_element(page, "<li><p>", html_data_string(&report->data, remedy->text), "\n");
	if (condition.length)
		html_element(page, "<span class=\"remark\">only for kernels <span class=\"log\">", condition,
			     "</span></span>\n");
	write_scope(report, remedy, all);
	html_markup(page, "</p>\n");
	if (command.length)
		write_command(page, command);
	html_markup(page, "</li>\n");
}

static void write_remedies(struct html_report *report, const struct fleet_group *group, const struct html_advice *advice)
{
	struct page *page = &report->page;

	if (group->verdict == SIGHTING_SIMILAR)
		html_markup(page,
			    "<p>Install nothing for this bug's sake yet: first compare the call trace with the references. "
			    "If it is another bug, treat these crashes as ones that nobody knows.</p>\n");
	else if (!advice->remedy_count)
		html_markup(page, "<p>The signature names no remedy for these kernels: see the references.</p>\n");
	if (group->verdict == SIGHTING_SIMILAR && advice->remedy_count)
		html_markup(page, "<p>Only if it turns out to be this bug after all:</p>\n");
	if (advice->remedy_count)
		html_markup(page, "<ol class=\"remedies\">\n");
	for (size_t i = 0; i < advice->remedy_count; i++)
		write_remedy(report, &advice->remedies[i], group->count);
	if (advice->remedy_count)
		html_markup(page, "</ol>\n");
	if (advice->more_remedies)
		html_markup(page, "<p>Crashes of this group have yet other remedies: the JSON report has them all.</p>\n");
}

/* A word of a shell's command line; empty: it has bytes that cannot be shown as they are. */
static struct text shell_word(struct page *page, struct text word)
{
	struct text safe = safe_text(&page->arena, word), quoted = TEXT("'");

	if (!text_equal(safe, word))
		return TEXT_NONE;
	for (struct text rest = safe; rest.length;) {
		struct text piece = text_first(rest, text_find_char(rest, '\''));
		bool quote = piece.length < rest.length;
		rest = text_from_offset(rest, piece.length + 1);
		quoted = arena_print(&page->arena, "%.*s%.*s%s", TEXT_ARGS(quoted), TEXT_ARGS(piece), quote ? "'\\''" : "");
	}
	return arena_print(&page->arena, "%.*s'", TEXT_ARGS(quoted));
}

/* What the program advises, which is kept as remedies are. */
static void write_advice(struct html_report *report, const struct fleet_group *group, const struct html_advice *advice)
{
	struct page *page = &report->page;

	html_markup(page, "<ol class=\"remedies\">\n");
	for (size_t i = 0; i < advice->remedy_count; i++)
		write_remedy(report, &advice->remedies[i], group->count);
	html_markup(page, "</ol>\n");
}

static bool is_hardware(const struct fleet_group *group)
{
	enum crash_kind kind;

	return crash_kind_from_name(group->kind, &kind) && crash_kind_row(kind)->flags & CRASH_IS_HARDWARE;
}

static void write_unknown(struct page *page, const struct fleet_group *group)
{
	const struct sighting *latest = group->count ? group->crashes[0]->sighting : NULL;
	struct text word = latest && latest->source.file.length ? shell_word(page, latest->source.file) : TEXT_NONE;

	html_markup(
		page,
		"<p>No signature knows this crash. Look for the title and the culprit in the bug tracker of the "
		"distribution "
		"and in the kernel's mailing lists. Once the bug is found, write a signature, and the next crash will be "
		"recognised");
	html_markup(page, word.length ? "; this begins one:</p>\n" : ".</p>\n");
	if (word.length)
		write_command(page, arena_print(&page->arena, "kdump-triage signature new %.*s", TEXT_ARGS(word)));
}

static void write_list(struct html_report *report, const char *heading, const struct html_list *list, bool links)
{
	struct page *page = &report->page;

	if (!list->count)
		return;
	html_print(page, "<h3>%s</h3>\n<ul>\n", heading);
	for (size_t i = 0; i < list->count; i++) {
		struct text item = html_data_string(&report->data, list->items[i]);
		html_markup(page, "<li>");
		if (links)
			html_reference(page, item);
		else
			html_text(page, item);
		html_markup(page, "</li>\n");
	}
	html_markup(page, "</ul>\n");
}

static void write_related(struct html_report *report, const struct fleet_group *group)
{
	struct page *page = &report->page;

	if (!group->related_count)
		return;
	html_markup(page, "<h3>Related</h3>\n<p>Other unknown crashes of the same kind and culprit:</p>\n<ul>\n");
	for (size_t i = 0; i < group->related_count && i < RELATED_SHOWN; i++) {
		size_t number = group->related[i];
		if (number >= report->fleet->group_count)
			continue;
		const struct fleet_group *other = &report->fleet->groups[number];
		html_print(page, "<li><a class=\"related log\" href=\"#g%zu\" data-group=\"%zu\">", number, number);
		html_element(page, "", other->title, " ");
		html_element(page, "<span class=\"key\">", other->key, "</span></a> (");
		html_count(page, other->count, "crash");
		html_markup(page, ")</li>\n");
	}
	if (group->related_count > RELATED_SHOWN) {
		html_markup(page, "<li>and ");
		html_number(page, group->related_count - RELATED_SHOWN);
		html_markup(page, " more</li>\n");
	}
	html_markup(page, "</ul>\n");
}

void html_group(struct html_report *report, size_t number)
{
	struct page *page = &report->page;
	const struct fleet_group *group = &report->fleet->groups[number];
	const struct html_advice *advice = &report->data.advice[number];

	html_print(page, "<div class=\"group\" role=\"group\" aria-labelledby=\"t%zu\">\n", number);
	html_markup(page, "<div class=\"about\">\n");
	write_facts(page, group);
	html_markup(page, "</div>\n<div class=\"advice\">\n<h3>What to do</h3>\n");
	bool hardware = group->verdict == SIGHTING_UNKNOWN && is_hardware(group);
	if (hardware)
		html_markup(page,
			    "<p>A hardware error: the machine itself failed, or was told to stop. This is not a bug of "
			    "the kernel's, and no signature is matched to it.</p>\n");
	if (group->verdict == SIGHTING_UNKNOWN && advice->remedy_count)
		write_advice(report, group, advice);
	else if (group->verdict == SIGHTING_UNKNOWN && !hardware)
		write_unknown(page, group);
	else if (hardware)
		html_markup(page, "<p>Triage a dump of it for what to do.</p>\n");
	else
		write_remedies(report, group, advice);
	html_markup(page, "</div>\n<div class=\"reading\">\n");
	write_list(report, "Fixed in", &advice->fixed, false);
	write_list(report, "References", &advice->references, true);
	write_related(report, group);
	html_markup(page, "</div>\n<div class=\"dumps\"></div>\n</div>\n");
}
