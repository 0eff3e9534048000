/*
 * The data of the page: strings, each once; lists of their numbers, each once, as traces, evidence and notes of many crashes
 * are the same; and the crashes and groups as columns. page/data.js reads them by these names.
 */
#include "output/html_data.h"

#include "output/fleet_detail.h"
#include "output/html.h"
#include "output/html_fleet.h"

#include <inttypes.h>
#include <stdio.h>

/* What a crash has, and how page/data.js finds it. A string by its number, a list by its number, or a number; -1: not known.
 */
enum column {
	COLUMN_PATH,
	COLUMN_COPIES,
	COLUMN_HOST,
	COLUMN_RELEASE,
	COLUMN_AT, /* seconds since 1970; SIGHTING_NO_TIME is written as null */
	COLUMN_TITLE,
	COLUMN_HEADLINE,
	COLUMN_FINGERPRINT,
	COLUMN_SYMPTOM,
	COLUMN_AFFECTED,
	COLUMN_FIX,
	COLUMN_INCOMPLETE,
	COLUMN_INPUT,
	COLUMN_LINE,
	COLUMN_PLACE,
	COLUMN_COMM,
	COLUMN_CPU,
	COLUMN_PID,
	COLUMN_PANIC,
	COLUMN_TRACE,
	COLUMN_MORE_FRAMES,
	COLUMN_EVIDENCE, /* a list of threes: clause, line, text */
	COLUMN_NOTES,
	COLUMN_OTHER_CRASHES,
	COLUMN_COUNT
};

static const char *const column_names[] = {
	[COLUMN_PATH] = "path",
	[COLUMN_COPIES] = "copies",
	[COLUMN_HOST] = "host",
	[COLUMN_RELEASE] = "release",
	[COLUMN_AT] = "at",
	[COLUMN_TITLE] = "title",
	[COLUMN_HEADLINE] = "headline",
	[COLUMN_FINGERPRINT] = "fingerprint",
	[COLUMN_SYMPTOM] = "symptom",
	[COLUMN_AFFECTED] = "affected",
	[COLUMN_FIX] = "fix",
	[COLUMN_INCOMPLETE] = "incomplete",
	[COLUMN_INPUT] = "input",
	[COLUMN_LINE] = "line",
	[COLUMN_PLACE] = "place",
	[COLUMN_COMM] = "comm",
	[COLUMN_CPU] = "cpu",
	[COLUMN_PID] = "pid",
	[COLUMN_PANIC] = "panic",
	[COLUMN_TRACE] = "trace",
	[COLUMN_MORE_FRAMES] = "more_frames",
	[COLUMN_EVIDENCE] = "evidence",
	[COLUMN_NOTES] = "notes",
	[COLUMN_OTHER_CRASHES] = "other_crashes",
};

static size_t string(struct html_data *data, struct text t)
{
	return text_table_add(&data->arena, &data->strings, t);
}

/* A list on its way into the table: "[1,5,9]", in memory that is freed with the crash's detail. */
struct list_text {
	char *bytes;
	size_t length, capacity;
};

enum { DIGITS_MOST = 24 };

static struct list_text list_begin(struct arena *arena, size_t count)
{
	struct list_text list = { .capacity = count * DIGITS_MOST + 2 };

	list.bytes = arena_alloc(arena, list.capacity + 1);
	if (list.bytes)
		list.bytes[list.length++] = '[';
	return list;
}

static void list_put(struct list_text *list, int64_t number)
{
	if (list->bytes)
		list->length += (size_t)snprintf(list->bytes + list->length, DIGITS_MOST, "%s%" PRId64,
						 list->length > 1 ? "," : "", number);
}

static int64_t list_end(struct html_data *data, struct list_text *list)
{
	if (!list->bytes)
		return 0;
	list->bytes[list->length++] = ']';
	return (int64_t)text_table_add(&data->arena, &data->lists, (struct text){ list->bytes, list->length });
}

static int64_t list_of(struct html_data *data, struct arena *passing, const struct text *items, size_t count)
{
	struct list_text list = list_begin(passing, count);

	for (size_t i = 0; i < count; i++)
		list_put(&list, (int64_t)string(data, items[i]));
	return list_end(data, &list);
}

/* -1 for a line that is not known. */
static int64_t line_number(size_t line)
{
	return line ? (int64_t)line : -1;
}

static int64_t evidence_of(struct html_data *data, struct arena *passing, const struct fleet_detail *detail)
{
	struct list_text list = list_begin(passing, 3 * detail->evidence_count);

	for (size_t i = 0; i < detail->evidence_count; i++) {
		list_put(&list, (int64_t)string(data, text_from(detail->evidence[i].clause)));
		list_put(&list, line_number(detail->evidence[i].line));
		list_put(&list, (int64_t)string(data, detail->evidence[i].text));
	}
	return list_end(data, &list);
}

/* ---- what to do, of all crashes of a group ---- */

static bool is_in(const size_t *items, size_t count, size_t item)
{
	for (size_t i = 0; i < count; i++)
		if (items[i] == item)
			return true;
	return false;
}

static void add_to_list(struct html_data *data, struct html_list *list, const struct fleet_texts *texts)
{
	for (size_t i = 0; i < texts->count && list->count < ADVICE_REFERENCES_MOST; i++) {
		size_t number = string(data, texts->items[i]);
		if (is_in(list->items, list->count, number))
			continue;
		size_t *item = arena_push(&data->arena, &list->items, &list->count, sizeof *item);
		if (item)
			*item = number;
	}
}

static void count_remedy(struct html_remedy *remedy, size_t release)
{
	remedy->count++;
	if (!release || is_in(remedy->releases, remedy->release_count, release))
		return;
	if (remedy->release_count < ADVICE_RELEASES_NAMED)
		remedy->releases[remedy->release_count++] = release;
	else
		remedy->more_releases = true;
}

static void add_remedy(struct html_data *data, struct html_advice *advice, const struct remedy *detail, size_t release)
{
	struct html_remedy remedy = {
		.text = string(data, detail->text),
		.command = string(data, detail->command),
		.condition = string(data, detail->condition),
	};

	for (size_t i = 0; i < advice->remedy_count; i++) {
		struct html_remedy *other = &advice->remedies[i];
		if (other->text != remedy.text || other->command != remedy.command || other->condition != remedy.condition)
			continue;
		count_remedy(other, release);
		return;
	}
	if (advice->remedy_count >= ADVICE_REMEDIES_MOST) {
		advice->more_remedies = true;
		return;
	}
	struct html_remedy *added = arena_push(&data->arena, &advice->remedies, &advice->remedy_count, sizeof *added);
	if (!added)
		return;
	*added = remedy;
	count_remedy(added, release);
}

/* ---- gathering ---- */

static void fill_from_sighting(struct html_data *data, struct arena *passing, const struct fleet_crash *crash, int64_t *row)
{
	const struct sighting *sighting = crash->sighting;

	row[COLUMN_PATH] = (int64_t)string(data, sighting->path);
	row[COLUMN_COPIES] = list_of(data, passing, crash->copies, crash->copy_count);
	row[COLUMN_HOST] = (int64_t)string(data, sighting->host);
	row[COLUMN_RELEASE] = (int64_t)string(data, sighting->release);
	row[COLUMN_AT] = sighting->crashed_at;
	row[COLUMN_TITLE] = (int64_t)string(data, sighting->title);
	row[COLUMN_HEADLINE] = (int64_t)string(data, sighting->headline);
	row[COLUMN_FINGERPRINT] = (int64_t)string(data, sighting->fingerprint);
	row[COLUMN_AFFECTED] = (int64_t)string(data, sighting->affected);
	row[COLUMN_FIX] = (int64_t)string(data, sighting->fix);
	row[COLUMN_INCOMPLETE] = sighting->incomplete;
}

static void fill_from_detail(struct html_data *data, struct arena *passing, const struct fleet_detail *detail, int64_t *row)
{
	row[COLUMN_SYMPTOM] = (int64_t)string(data, detail->symptom);
	row[COLUMN_INPUT] = (int64_t)string(data, detail->input);
	row[COLUMN_LINE] = line_number(detail->line);
	row[COLUMN_PLACE] = (int64_t)string(data, detail->instruction_pointer);
	row[COLUMN_COMM] = (int64_t)string(data, detail->comm);
	row[COLUMN_CPU] = detail->cpu;
	row[COLUMN_PID] = detail->pid;
	row[COLUMN_PANIC] = (int64_t)string(data, detail->panic);
	row[COLUMN_TRACE] = list_of(data, passing, detail->trace.items, detail->trace.count);
	row[COLUMN_MORE_FRAMES] = (int64_t)detail->more_frames;
	row[COLUMN_EVIDENCE] = evidence_of(data, passing, detail);
	row[COLUMN_NOTES] = list_of(data, passing, detail->notes.items, detail->notes.count);
	row[COLUMN_OTHER_CRASHES] = (int64_t)detail->other_crashes;
}

static void gather_crash(struct html_data *data, const struct fleet_crash *crash, struct html_advice *advice)
{
	static struct text lost[] = { TEXT("What the history keeps of this crash's details cannot be read") };
	struct arena passing = { 0 };
	struct fleet_detail detail;
	int64_t *row = data->rows + COLUMN_COUNT * data->row_count++;

	if (!fleet_detail_read(&passing, crash->sighting->detail, &detail) && crash->sighting->detail.length)
		detail.notes = (struct fleet_texts){ lost, 1 };
	fill_from_sighting(data, &passing, crash, row);
	fill_from_detail(data, &passing, &detail, row);
	for (size_t i = 0; i < detail.remedy_count; i++)
		add_remedy(data, advice, &detail.remedies[i], (size_t)row[COLUMN_RELEASE]);
	add_to_list(data, &advice->fixed, &detail.fixed);
	add_to_list(data, &advice->references, &detail.references);
	data->arena.failed = data->arena.failed || passing.failed;
	arena_free(&passing);
}

bool html_data_gather(struct html_data *data, const struct fleet *fleet)
{
	size_t count = 0;

	*data = (struct html_data){ 0 };
	for (size_t g = 0; g < fleet->group_count; g++)
		count += fleet->groups[g].count;
	data->rows = arena_alloc(&data->arena, count * COLUMN_COUNT * sizeof *data->rows);
	data->advice = arena_alloc(&data->arena, fleet->group_count * sizeof *data->advice);
	string(data, TEXT_NONE);
	text_table_add(&data->arena, &data->lists, TEXT("[]"));
	for (size_t g = 0; g < fleet->group_count && !data->arena.failed; g++)
		for (size_t i = 0; i < fleet->groups[g].count && !data->arena.failed; i++)
			gather_crash(data, fleet->groups[g].crashes[i], &data->advice[g]);
	return !data->arena.failed;
}

struct text html_data_string(const struct html_data *data, size_t number)
{
	return number < data->strings.count ? data->strings.items[number] : TEXT_NONE;
}

void html_data_free(struct html_data *data)
{
	arena_free(&data->arena);
}

/* ---- writing ---- */

static void put_number(struct page *page, size_t i, int64_t number)
{
	if (number == SIGHTING_NO_TIME)
		html_print(page, "%snull", i ? "," : "");
	else
		html_print(page, "%s%" PRId64, i ? "," : "", number);
}

static void write_crashes(struct page *page, const struct html_data *data)
{
	html_markup(page, ",\n\"crashes\":{");
	for (size_t c = 0; c < COLUMN_COUNT; c++) {
		html_print(page, "%s\n\"%s\":[", c ? "," : "", column_names[c]);
		for (size_t i = 0; i < data->row_count; i++)
			put_number(page, i, data->rows[i * COLUMN_COUNT + c]);
		html_markup(page, "]");
	}
	html_markup(page, "}");
}

/* A group's texts stand in the page itself; here are what the script counts, sorts and filters by. */
static void write_groups(struct page *page, const struct fleet *fleet)
{
	html_markup(page, ",\n\"groups\":[");
	for (size_t g = 0; g < fleet->group_count; g++) {
		const struct fleet_group *group = &fleet->groups[g];
		html_print(page, "%s\n{\"verdict\":\"%s\",\"key\":", g ? "," : "", html_verdict(group->verdict)->name);
		html_json_string(page, group->key);
		html_markup(page, ",\"title\":");
		html_json_string(page, group->title);
		html_markup(page, ",\"fix\":");
		html_json_string(page, group->fix);
		html_print(page, ",\"count\":%zu,\"hosts\":%zu,\"releases\":%zu,\"first\":", group->count, group->host_count,
			   group->release_count);
		put_number(page, 0, group->first);
		html_markup(page, ",\"last\":");
		put_number(page, 0, group->last);
		html_markup(page, "}");
	}
	html_markup(page, "]");
}

static void write_periods(struct page *page, const struct periods *periods)
{
	html_print(page, ",\n\"unit\":\"%s\",\"periods\":[", period_unit_name(periods->unit));
	for (size_t i = 0; periods->count && i <= periods->count; i++)
		put_number(page, i, periods->starts[i]);
	html_markup(page, "]");
}

void html_data_write(struct page *page, const struct html_data *data, const struct fleet *fleet,
		     const struct periods *periods)
{
	html_markup(page, "<script type=\"application/json\" id=\"data\">{\"strings\":[");
	for (size_t i = 0; i < data->strings.count; i++) {
		html_markup(page, i ? ",\n" : "\n");
		html_json_string(page, data->strings.items[i]);
	}
	html_markup(page, "],\n\"lists\":[");
	for (size_t i = 0; i < data->lists.count; i++) {
		html_markup(page, i ? ",\n" : "\n");
		page_raw(page, data->lists.items[i].data, data->lists.items[i].length);
	}
	html_markup(page, "]");
	write_crashes(page, data);
	write_groups(page, fleet);
	write_periods(page, periods);
	html_markup(page, "}</script>\n");
}
