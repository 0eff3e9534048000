/*
 * The end of a scan: a line of columns for each group, and below it what it is. Where a terminal is too narrow, the columns
 * that matter less give way, and what they would have said goes below, too.
 */
#include "output/fleet_table.h"

#include "output/character.h"
#include "output/fleet.h"
#include "output/fleet_words.h"
#include "output/safe.h"

enum column { NUMBER, CRASHES, VERDICT, FIRST, LAST, FIX, HOSTS, RELEASES, COLUMN_COUNT };

static const struct {
	const char *heading;
	bool right; /* aligned */
} columns[] = {
	[NUMBER] = { "#", true },     [CRASHES] = { "crashes", true },    [VERDICT] = { "verdict", false },
	[FIRST] = { "first", false }, [LAST] = { "last", false },         [FIX] = { "fix", false },
	[HOSTS] = { "hosts", false }, [RELEASES] = { "releases", false },
};

/* Which gives way first. */
static const enum column giving_way[] = { RELEASES, HOSTS, FIRST };

enum { GAP = 2, FAILURE_INDENT = 4, RELATED_MOST = 5 };

struct row {
	const struct fleet_group *group;
	struct text cells[COLUMN_COUNT];
};

struct table {
	struct page *page;
	struct row rows[FLEET_GROUPS_MOST];
	size_t count;
	size_t widths[COLUMN_COUNT]; /* 0: the column gave way */
};

/* The one value there is, else how many. */
static struct text hosts_cell(struct arena *arena, const struct fleet_group *group)
{
	if (group->host_count == 1)
		return safe_text(arena, group->hosts->value);
	return group->host_count ? arena_print(arena, "%zu", group->host_count) : TEXT("-");
}

static struct text releases_cell(struct arena *arena, const struct fleet_group *group)
{
	if (!group->release_count)
		return TEXT("-");
	struct text release = safe_text(arena, group->releases->value);
	return group->release_count == 1 ? release
					 : arena_print(arena, "%.*s +%zu", TEXT_ARGS(release), group->release_count - 1);
}

static void fill_row(struct arena *arena, struct row *row, const struct fleet_group *group, size_t number)
{
	row->group = group;
	row->cells[NUMBER] = arena_print(arena, "%zu", number);
	row->cells[CRASHES] = arena_print(arena, "%zu", group->count);
	row->cells[VERDICT] = text_from(sighting_verdict_name(group->verdict));
	row->cells[FIRST] = fleet_date(arena, group->first);
	row->cells[LAST] = fleet_date(arena, group->last);
	row->cells[FIX] = text_from(fleet_fix_word(group));
	row->cells[HOSTS] = hosts_cell(arena, group);
	row->cells[RELEASES] = releases_cell(arena, group);
}

/* Columns as wide as their widest cell; false where the line is too long. */
static bool fits(const struct table *table)
{
	size_t columns_wide = 0;

	for (size_t i = 0; i < COLUMN_COUNT; i++)
		columns_wide += table->widths[i] ? table->widths[i] + (i ? GAP : 0) : 0;
	return columns_wide <= table->page->width;
}

static void measure(struct table *table)
{
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		table->widths[i] = text_columns(text_from(columns[i].heading));
		for (size_t k = 0; k < table->count; k++) {
			size_t width = text_columns(table->rows[k].cells[i]);
			table->widths[i] = width > table->widths[i] ? width : table->widths[i];
		}
	}
	for (size_t i = 0; i < sizeof giving_way / sizeof *giving_way && !fits(table); i++)
		table->widths[giving_way[i]] = 0;
}

/* group: NULL for the headings. */
static void write_line(const struct table *table, const struct text *cells, const struct fleet_group *group)
{
	struct page *page = table->page;

	for (size_t i = 0, column = 0; i < COLUMN_COUNT; i++) {
		if (!table->widths[i])
			continue;
		page_indent(page, columns[i].right ? column + table->widths[i] - text_columns(cells[i]) : column);
		bool colored = !group || i == VERDICT;
		if (colored)
			page_color_on(page, group ? fleet_color(group->verdict) : COLOR_BOLD);
		page_text(page, cells[i]);
		if (colored)
			page_color_off(page);
		column += table->widths[i] + GAP;
	}
	page_newline(page);
}

/* "; LABEL: TEXT" behind what stands on the line, or "LABEL TEXT" at its beginning. */
static void write_piece(struct page *page, size_t hang, const char *label, struct text t)
{
	if (!t.length)
		return;
	if (page->column)
		page_wrap(page, hang, TEXT(";"));
	page_indent(page, hang);
	page_wrap_apart(page, hang, text_from(label));
	page_wrap_apart(page, hang, t);
}

static void write_below(const struct table *table, const struct row *row)
{
	const struct fleet_group *group = row->group;
	struct page *page = table->page;
	struct arena *arena = &page->arena;
	size_t hang = table->widths[NUMBER] + GAP;

	page_indent(page, hang);
	page_color_on(page, COLOR_BOLD);
	page_wrap(page, hang, fleet_group_name(arena, group));
	page_color_off(page);
	page_newline(page);
	if (!table->widths[HOSTS] && group->host_count == 1)
		write_piece(page, hang, "host", row->cells[HOSTS]);
	else if (!table->widths[HOSTS] && group->host_count)
		write_piece(page, hang, "", fleet_plural(arena, group->host_count, "host", "hosts"));
	if (!table->widths[RELEASES])
		write_piece(page, hang, "on", fleet_values(arena, group->releases, group->release_count, 1));
	if (!table->widths[FIRST] && !text_equal(row->cells[FIRST], row->cells[LAST]))
		write_piece(page, hang, "first", row->cells[FIRST]);
	write_piece(page, hang, group->verdict == SIGHTING_KNOWN ? "fix:" : "fix, if it is this bug:", group->fix);
	if (group->verdict == SIGHTING_UNKNOWN)
		write_piece(page, hang, "fingerprint", group->crashes[0]->sighting->fingerprint);
	write_piece(page, hang, "see also", fleet_related(arena, group, RELATED_MOST));
	if (page->column)
		page_newline(page);
}

void fleet_table_groups(struct page *page, const struct fleet *fleet)
{
	struct table *table = arena_alloc(&page->arena, sizeof *table);
	struct text headings[COLUMN_COUNT];

	if (!table)
		return;
	table->page = page;
	for (; table->count < fleet->group_count && table->count < FLEET_GROUPS_MOST; table->count++)
		fill_row(&page->arena, &table->rows[table->count], &fleet->groups[table->count], table->count + 1);
	measure(table);
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		headings[i] = text_from(columns[i].heading);
	write_line(table, headings, NULL);
	for (size_t i = 0; i < table->count; i++) {
		write_line(table, table->rows[i].cells, table->rows[i].group);
		write_below(table, &table->rows[i]);
	}
}

void fleet_table_failures(struct page *page, const struct fleet_reasons *reasons)
{
	struct arena *arena = &page->arena;

	for (size_t i = 0; i < reasons->count; i++) {
		const struct fleet_reason *reason = &reasons->items[i];
		page_indent(page, GAP);
		page_wrap(page, GAP, reason->reason.length ? reason->reason : TEXT("the reason is not known"));
		page_wrap(page, GAP, TEXT(":"));
		page_newline(page);
		for (size_t k = 0; k < reason->shown; k++) {
			page_indent(page, FAILURE_INDENT);
			page_text(page, reason->paths[k]);
			page_newline(page);
		}
		if (reason->count > reason->shown)
			page_labelled(page, FAILURE_INDENT, FAILURE_INDENT, "",
				      arena_print(arena, "and %zu more", reason->count - reason->shown));
	}
	if (reasons->left_out)
		page_labelled(page, GAP, GAP, "", arena_print(arena, "and %zu more, for other reasons", reasons->left_out));
}

bool output_fleet_table(FILE *out, const struct fleet *fleet, const struct output_style *style)
{
	struct page page = page_new(style);
	struct arena *arena = &page.arena;
	struct fleet_reasons reasons = fleet_reasons(arena, fleet);

	if (fleet->group_count)
		fleet_table_groups(&page, fleet);
	if (fleet->group_count > FLEET_GROUPS_MOST)
		page_labelled(
			&page, 0, 0, "",
			arena_print(arena, "and %zu more: kdump-triage report", fleet->group_count - FLEET_GROUPS_MOST));
	page_gap(&page);
	page_wrap(&page, GAP, fleet_totals(arena, fleet));
	page_newline(&page);
	if (reasons.count) {
		page_heading(&page, TEXT("Could not be read"));
		fleet_table_failures(&page, &reasons);
	}
	return page_write(&page, out);
}
