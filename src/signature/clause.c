/* Clauses: a function each tells whether a crash meets it. */
#include "signature/clause.h"

/* After so many texts on which a pattern ran into its limit, no more are tried: the log may be made for it. */
enum { GIVEN_UP_MOST = 4 };

static enum pattern_result match(struct trial *trial, const struct matcher *matcher, struct text subject)
{
	if (!matcher->pattern)
		return text_equal(matcher->name, subject) ? PATTERN_FOUND : PATTERN_NOT_FOUND;
	enum pattern_result result = pattern_find(trial->patterns, matcher->pattern, subject);
	if (result == PATTERN_OUT_OF_MEMORY)
		trial->out_of_memory = true;
	return result;
}

/* An empty name is one that the log does not have: no pattern fits it, however wide. */
static bool fits(struct trial *trial, const struct matcher *matcher, struct text name)
{
	return name.length && match(trial, matcher, name) == PATTERN_FOUND;
}

static void set_row(struct clause_row *row, size_t record, struct text found)
{
	*row = (struct clause_row){ .holds = true, .record = record, .found = found };
}

static void test_kind(struct trial *trial, const struct clause *clause, struct clause_row *rows)
{
	for (size_t i = 0; i < clause->kind_count; i++)
		if (crash_kind_meets(trial->crash->kind, clause->kinds[i]))
			set_row(rows, trial->crash->kind_record, text_from(crash_kind_name(trial->crash->kind)));
}

static void test_instruction_pointer(struct trial *trial, const struct clause *clause, struct clause_row *rows)
{
	struct text function = trial->crash->instruction_pointer.canonical;

	if (fits(trial, &clause->matchers[0], function))
		set_row(rows, trial->crash->instruction_pointer_record, function);
}

static void test_culprit(struct trial *trial, const struct clause *clause, struct clause_row *rows)
{
	if (fits(trial, &clause->matchers[0], trial->crash->culprit))
		set_row(rows, trial->crash->culprit_record, trial->crash->culprit);
}

/*
 * Each name is looked for behind the frame of the one before; the first that fits is taken, which leaves most for the
 * others. One that is missing moves nothing, so that an explanation tells which it is.
 */
static void test_trace(struct trial *trial, const struct clause *clause, struct clause_row *rows)
{
	const struct crash *crash = trial->crash;
	size_t next = 0;

	for (size_t m = 0; m < clause->matcher_count; m++)
		for (size_t f = next; f < crash->frame_count; f++) {
			const struct crash_frame *frame = &crash->frames[f];
			if (!frame->reliable || !fits(trial, &clause->matchers[m], frame->location.canonical))
				continue;
			set_row(&rows[m], frame->record, frame->location.canonical);
			next = f + 1;
			break;
		}
}

static void test_fault_address(struct trial *trial, const struct clause *clause, struct clause_row *rows)
{
	const struct crash *crash = trial->crash;

	if (crash->has_fault_address && crash->fault_address >= clause->low && crash->fault_address <= clause->high)
		set_row(rows, crash->fault_address_record, TEXT_NONE);
}

static void test_tainted(struct trial *trial, const struct clause *clause, struct clause_row *rows)
{
	const struct crash *crash = trial->crash;

	for (size_t i = 0; i < clause->source.length; i++)
		if (clause->source.data[i] != ' ' && text_find_char(crash->tainted, clause->source.data[i]) == SIZE_MAX)
			return;
	set_row(rows, crash->taint_record, crash->tainted);
}

static void test_comm(struct trial *trial, const struct clause *clause, struct clause_row *rows)
{
	if (fits(trial, &clause->matchers[0], trial->crash->comm))
		set_row(rows, trial->crash->comm_record, trial->crash->comm);
}

static void test_module(struct trial *trial, const struct clause *clause, struct clause_row *rows)
{
	const struct crash *crash = trial->crash;
	struct text module = crash->instruction_pointer.module;

	if (fits(trial, &clause->matchers[0], module)) {
		set_row(rows, crash->instruction_pointer_record, module);
		return;
	}
	for (size_t i = 0; i < crash->frame_count; i++) {
		module = crash->frames[i].location.module;
		if (fits(trial, &clause->matchers[0], module)) {
			set_row(rows, crash->frames[i].record, module);
			return;
		}
	}
}

static void test_log(struct trial *trial, const struct clause *clause, struct clause_row *rows)
{
	const struct crash *crash = trial->crash;

	for (size_t m = 0; m < clause->matcher_count; m++) {
		unsigned int given_up = 0;
		for (size_t i = 0; i < crash->record_count && given_up < GIVEN_UP_MOST; i++) {
			enum pattern_result result = match(trial, &clause->matchers[m], crash->records[i].text);
			if (result == PATTERN_FOUND) {
				set_row(&rows[m], i, TEXT_NONE);
				break;
			}
			given_up += result == PATTERN_GAVE_UP;
		}
	}
}

static const struct {
	const char *name;
	void (*test)(struct trial *trial, const struct clause *clause, struct clause_row *rows);
} types[CLAUSE_TYPE_COUNT] = {
	[CLAUSE_KIND] = { "kind", test_kind },
	[CLAUSE_INSTRUCTION_POINTER] = { "instruction_pointer", test_instruction_pointer },
	[CLAUSE_CULPRIT] = { "culprit", test_culprit },
	[CLAUSE_TRACE] = { "trace", test_trace },
	[CLAUSE_FAULT_ADDRESS] = { "fault_address", test_fault_address },
	[CLAUSE_TAINTED] = { "tainted", test_tainted },
	[CLAUSE_COMM] = { "comm", test_comm },
	[CLAUSE_MODULE] = { "module", test_module },
	[CLAUSE_LOG] = { "log", test_log },
};

size_t clause_row_count(const struct clause *clause)
{
	return clause->matcher_count ? clause->matcher_count : 1;
}

const char *clause_name(enum clause_type type)
{
	return types[type].name;
}

bool clause_test(struct trial *trial, const struct clause *clause, enum clause_type type, struct clause_row *rows)
{
	size_t count = clause_row_count(clause);
	bool holds = true;

	for (size_t i = 0; i < count; i++)
		rows[i] = (struct clause_row){ .record = CRASH_NO_RECORD };
	types[type].test(trial, clause, rows);
	for (size_t i = 0; i < count; i++)
		holds = holds && rows[i].holds;
	return holds;
}

static struct text join_kinds(struct arena *arena, const struct clause *clause)
{
	struct text all = TEXT_NONE;

	for (size_t i = 0; i < clause->kind_count; i++)
		all = arena_print(arena, "%.*s%s%s", TEXT_ARGS(all), i ? " or " : "", crash_kind_name(clause->kinds[i]));
	return all;
}

struct text clause_expected(struct arena *arena, const struct clause *clause, enum clause_type type, size_t row)
{
	if (type == CLAUSE_KIND)
		return join_kinds(arena, clause);
	return clause->matcher_count ? clause->matchers[row].source : clause->source;
}

struct text clause_found(struct arena *arena, const struct crash *crash, enum clause_type type, const struct clause_row *row)
{
	switch (type) {
	case CLAUSE_KIND:
		return text_from(crash_kind_name(crash->kind));
	case CLAUSE_INSTRUCTION_POINTER:
		return crash->instruction_pointer.canonical;
	case CLAUSE_CULPRIT:
		return crash->culprit;
	case CLAUSE_FAULT_ADDRESS:
		return crash->has_fault_address ? arena_print(arena, "0x%llx", (unsigned long long)crash->fault_address)
						: TEXT_NONE;
	case CLAUSE_TAINTED:
		return crash->tainted;
	case CLAUSE_COMM:
		return crash->comm;
	case CLAUSE_LOG:
		return row->holds && row->record < crash->record_count ? crash->records[row->record].text : TEXT_NONE;
	case CLAUSE_MODULE:
		return row->found.length ? row->found : crash->instruction_pointer.module;
	default:
		return row->found;
	}
}
