/* The keys of a symptom: one function a clause reads its value. */
#include "signature/catalogue.h"

#include "crash/canonical.h"
#include "signature/nearest.h"

enum { SYMPTOMS_MOST = 200 };

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "/a pattern/", or "/a pattern/i" where case does not matter */
static bool read_pattern(struct reader *reader, const struct node *node, struct matcher *matcher)
{
	struct text source = text_from_offset(matcher->source, 1);
	struct pattern *pattern = arena_alloc(reader->arena, sizeof *pattern);
	struct pattern_fault fault;

	if (!pattern)
		return false;
	matcher->pattern = pattern;
	pattern->ignore_case = text_ends(source, "/i");
	if (pattern->ignore_case)
		source.length--;
	if (!text_ends(source, "/")) {
		reader_error(reader, node, "a pattern stands between slashes, /like this/; the second is missing");
		return false;
	}
	source.length--;
	pattern->source = source;
	if (!source.length) {
		reader_error(reader, node, "the pattern is empty");
		return false;
	}
	if (pattern_check(pattern, &fault))
		return true;
	/*
	 * In a plain scalar the pattern's bytes are the file's; in a quoted one they may be escaped: then its beginning must
	 * do.
	 */
	reader_error_within(reader, node, node->plain ? fault.offset + 1 : 0, "broken pattern, at its offset %zu: %s",
			    fault.offset, fault.message);
	return false;
}

static bool read_matcher(struct reader *reader, const struct node *node, struct matcher *matcher)
{
	if (!reader_text(reader, node, &matcher->source))
		return false;
	matcher->name = matcher->source;
	return matcher->source.data[0] != '/' || read_pattern(reader, node, matcher);
}

/* A symbol, or Rust's path of one: "kernel::print::call". */
static bool is_function_name(struct text name)
{
	for (size_t i = 0; i < name.length; i++) {
		if (i && i + 2 < name.length && name.data[i] == ':' && name.data[i + 1] == ':') {
			i++;
			continue;
		}
		if (!is_letter(name.data[i]) && !is_digit(name.data[i]) &&
		    text_find_char(TEXT("_.$"), name.data[i]) == SIZE_MAX)
			return false;
	}
	return name.length > 0;
}

static bool read_function_matcher(struct reader *reader, const struct node *node, struct matcher *matcher)
{
	if (!read_matcher(reader, node, matcher) || matcher->pattern)
		return matcher->pattern != NULL;
	if (!is_function_name(matcher->source)) {
		reader_error(reader, node,
			     "'%.*s' is not the name of a function; a pattern stands between slashes, /like this/",
			     QUOTED(matcher->source));
		return false;
	}
	matcher->name = crash_canonical_name(reader->arena, matcher->source);
	return matcher->name.length > 0;
}

typedef bool (*matcher_reader)(struct reader *reader, const struct node *node, struct matcher *matcher);

/* field: where the symptom has its pointer to a clause of this type. */
static struct clause *new_clause(struct reader *reader, void *field)
{
	struct clause **clause = field;

	*clause = arena_alloc(reader->arena, sizeof **clause);
	return *clause;
}

static void read_matchers(struct reader *reader, const struct node *node, void *field, matcher_reader read)
{
	struct clause *clause = new_clause(reader, field);
	size_t count = reader_item_count(node);

	if (!clause)
		return;
	if (node->type == NODE_LIST && !reader_is_list(reader, node, "names or /patterns/"))
		return;
	clause->matchers = arena_alloc(reader->arena, count * sizeof *clause->matchers);
	for (size_t i = 0; clause->matchers && i < count; i++)
		read(reader, reader_item(node, i), &clause->matchers[clause->matcher_count++]);
}

/* One name or /pattern/ and no list: what would a list of two instruction pointers mean? */
static void read_one(struct reader *reader, const struct node *node, void *field, matcher_reader read)
{
	if (node->type != NODE_LIST)
		read_matchers(reader, node, field, read);
	else if (new_clause(reader, field))
		reader_error(reader, node, "one name or /pattern/ was expected, not a list");
}

static void read_function(struct reader *reader, const struct node *node, void *field)
{
	read_one(reader, node, field, read_function_matcher);
}

static void read_functions(struct reader *reader, const struct node *node, void *field)
{
	read_matchers(reader, node, field, read_function_matcher);
}

static void read_name(struct reader *reader, const struct node *node, void *field)
{
	read_one(reader, node, field, read_matcher);
}

static bool read_log_matcher(struct reader *reader, const struct node *node, struct matcher *matcher)
{
	if (!read_matcher(reader, node, matcher))
		return false;
	if (!matcher->pattern)
		reader_error(reader, node, "what the log must hold is a pattern between slashes, /like this/");
	return matcher->pattern != NULL;
}

static void read_log(struct reader *reader, const struct node *node, void *field)
{
	read_matchers(reader, node, field, read_log_matcher);
}

static void read_kind(struct reader *reader, const struct node *node, enum crash_kind *kind)
{
	struct text name;

	if (!reader_text(reader, node, &name) || crash_kind_from_name(name, kind))
		return;
	struct nearest nearest = { .wanted = name };
	for (int i = 0; i < CRASH_KIND_COUNT; i++)
		nearest_offer(&nearest, crash_kind_name((enum crash_kind)i));
	reader_error(reader, node, "there is no kind of crash '%.*s'%s%s%s", QUOTED(name),
		     nearest.name ? ": did you mean '" : "", nearest.name ? nearest.name : "", nearest.name ? "'?" : "");
}

static void read_kinds(struct reader *reader, const struct node *node, void *field)
{
	struct clause *clause = new_clause(reader, field);
	size_t count = reader_item_count(node);

	if (!clause)
		return;
	if (node->type == NODE_LIST && !reader_is_list(reader, node, "kinds"))
		return;
	clause->kinds = arena_alloc(reader->arena, count * sizeof *clause->kinds);
	for (size_t i = 0; clause->kinds && i < count; i++)
		read_kind(reader, reader_item(node, i), &clause->kinds[clause->kind_count++]);
}

static bool eat_address(struct text *t, uint64_t *address)
{
	size_t digits;

	return text_eat(t, "0x") && text_eat_hex_digits(t, address, &digits);
}

/* "0x88", "0x0-0xfff" */
static void read_address(struct reader *reader, const struct node *node, void *field)
{
	struct clause *clause = new_clause(reader, field);

	if (!clause || !reader_text(reader, node, &clause->source))
		return;
	struct text rest = clause->source;
	bool good = eat_address(&rest, &clause->low);
	clause->high = clause->low;
	rest = text_trim_start(rest);
	if (good && text_eat_char(&rest, '-')) {
		rest = text_trim_start(rest);
		good = eat_address(&rest, &clause->high);
	}
	if (!good || rest.length)
		reader_error(reader, node, "'%.*s' is not an address (0x88) or a range of addresses (0x0-0xfff)",
			     QUOTED(clause->source));
	else if (clause->low > clause->high)
		reader_error(reader, node, "the range is the wrong way round: the lower address stands first");
}

/* The letters of kernel/panic.c's taint_flags; ' ' may stand between. */
static void read_taint(struct reader *reader, const struct node *node, void *field)
{
	struct clause *clause = new_clause(reader, field);
	struct text flags = TEXT("GPFSRMBUDAWCIOELKXTNJ ");

	if (!clause || !reader_text(reader, node, &clause->source))
		return;
	for (size_t i = 0; i < clause->source.length; i++)
		if (text_find_char(flags, clause->source.data[i]) == SIZE_MAX) {
			reader_error(reader, node,
				     "'%.*s' are not taint flags: letters as in \"Tainted: G OE\" were expected",
				     QUOTED(clause->source));
			return;
		}
}

#define CLAUSE_FIELD(type) (offsetof(struct symptom, clauses) + (type) * sizeof(struct clause *))

static const struct key symptom_keys[] = {
	{ "name", true, reader_text_field, offsetof(struct symptom, name) },
	{ "kind", false, read_kinds, CLAUSE_FIELD(CLAUSE_KIND) },
	{ "instruction_pointer", false, read_function, CLAUSE_FIELD(CLAUSE_INSTRUCTION_POINTER) },
	{ "culprit", false, read_function, CLAUSE_FIELD(CLAUSE_CULPRIT) },
	{ "trace", false, read_functions, CLAUSE_FIELD(CLAUSE_TRACE) },
	{ "fault_address", false, read_address, CLAUSE_FIELD(CLAUSE_FAULT_ADDRESS) },
	{ "tainted", false, read_taint, CLAUSE_FIELD(CLAUSE_TAINTED) },
	{ "comm", false, read_name, CLAUSE_FIELD(CLAUSE_COMM) },
	{ "module", false, read_name, CLAUSE_FIELD(CLAUSE_MODULE) },
	{ "log", false, read_log, CLAUSE_FIELD(CLAUSE_LOG) },
};

static void read_symptom(struct reader *reader, const struct node *node, struct symptom *symptom)
{
	bool given = node->type != NODE_MAPPING; /* that is an error of its own */

	reader_mapping(reader, node, "a symptom", symptom_keys, sizeof symptom_keys / sizeof symptom_keys[0], symptom);
	for (size_t i = 0; i < CLAUSE_TYPE_COUNT; i++)
		given = given || symptom->clauses[i];
	if (!given)
		reader_error(reader, node, "the symptom has no clause: it would fit every crash");
}

void schema_read_symptoms(struct reader *reader, const struct node *node, void *field)
{
	struct signature *signature = field;
	size_t count = reader_item_count(node);

	if (!reader_is_list(reader, node, "symptoms"))
		return;
	if (count > SYMPTOMS_MOST) {
		reader_error(reader, node, "%zu symptoms are too many: at most %d are read", count, SYMPTOMS_MOST);
		return;
	}
	signature->symptoms = arena_alloc(reader->arena, count * sizeof *signature->symptoms);
	for (size_t i = 0; signature->symptoms && i < count; i++) {
		struct symptom *symptom = &signature->symptoms[signature->symptom_count++];
		const struct node *item = reader_item(node, i);
		read_symptom(reader, item, symptom);
		for (size_t other = 0; other < i; other++)
			if (symptom->name.length && text_equal(symptom->name, signature->symptoms[other].name)) {
				reader_error(reader, item, "a symptom before has the same name, '%.*s'",
					     QUOTED(symptom->name));
				break;
			}
	}
}
