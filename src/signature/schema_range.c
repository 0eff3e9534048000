/* The keys of ranges and remedies: which releases a signature, or a piece of advice, is about. */
#include "signature/catalogue.h"

#include "signature/family.h"
#include "signature/nearest.h"
#include "signature/remedy.h"

enum { VERSION_MOST = 128, BOUND_MOST = 100 };

static void read_family(struct reader *reader, const struct node *node, void *field)
{
	struct range *range = field;

	if (!reader_text(reader, node, &range->family) || release_family_known(range->family, &range->order))
		return;
	struct nearest nearest = { .wanted = range->family };
	for (size_t i = 0; family_at(i); i++)
		nearest_offer(&nearest, family_at(i)->name);
	reader_error(reader, node, "there is no family of kernels '%.*s'%s%s%s", QUOTED(range->family),
		     nearest.name ? ": did you mean '" : "", nearest.name ? nearest.name : "", nearest.name ? "'?" : "");
}

static void read_bound(struct reader *reader, const struct node *node, void *field)
{
	struct bound *bound = field;
	struct text_list list = { 0 };

	reader_text_list_field(reader, node, &list);
	*bound = (struct bound){ list.items, list.count };
}

#define RANGE_KEYS(offset)                                                                                                  \
	{ "family", false, read_family, (offset) }, { "from", false, read_bound, (offset) + offsetof(struct range, from) }, \
		{ "through", false, read_bound, (offset) + offsetof(struct range, through) },                               \
	{                                                                                                                   \
		"before", false, read_bound, (offset) + offsetof(struct range, before)                                      \
	}

static const struct key range_keys[] = {
	RANGE_KEYS(0),
};

static bool is_version_character(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       text_find_char(TEXT("._+~^:-"), c) != SIZE_MAX;
}

static bool is_package_version(struct text version)
{
	for (size_t i = 0; i < version.length; i++)
		if (!is_version_character(version.data[i]))
			return false;
	return version.length <= VERSION_MOST && version.data[0] >= '0' && version.data[0] <= '9';
}

/* ".x86_64" is no part of a package's version, and would make the version compare as a later one. */
static bool names_architecture(struct text version)
{
	struct text last = version;

	for (size_t dot = text_find_char(last, '.'); dot != SIZE_MAX; dot = text_find_char(last, '.'))
		last = text_from_offset(last, dot + 1);
	return last.length < version.length && family_rpm_architecture(last).length > 0;
}

static bool check_upstream_version(struct reader *reader, const struct node *node, const struct bound *bound, size_t index)
{
	struct text version = bound->versions[index];
	struct release_number number = release_number(version);

	if (number.count < 2 || number.length != version.length || version.length > VERSION_MOST) {
		reader_error(reader, node, "'%.*s' is not an upstream release, as 6.8, 6.1.79 or 4.17-rc3", QUOTED(version));
		return false;
	}
	for (size_t i = 0; i < index; i++) {
		struct release_number other = release_number(bound->versions[i]);
		if (release_same_series(&number, &other)) {
			reader_error(reader, node, "%.*s and %.*s are of one stable series: one entry a series",
				     QUOTED(bound->versions[i]), QUOTED(version));
			return false;
		}
	}
	return true;
}

static bool check_package_version(struct reader *reader, const struct node *node, const struct range *range,
				  struct text version)
{
	if (!is_package_version(version)) {
		reader_error(reader, node, "'%.*s' is not a package's version", QUOTED(version));
		return false;
	}
	if (range->order == RELEASE_RPM && names_architecture(version)) {
		reader_error(reader, node, "'%.*s' ends in an architecture: leave it out", QUOTED(version));
		return false;
	}
	return true;
}

static bool check_bound(struct reader *reader, const struct node *node, const struct range *range, const struct bound *bound)
{
	bool good = true;

	if (range->order != RELEASE_UPSTREAM && bound->count > 1) {
		reader_error(reader, node, "only upstream has a list of versions, one a stable series");
		return false;
	}
	if (bound->count > BOUND_MOST) {
		reader_error(reader, node, "%zu versions are too many: at most %d are read", bound->count, BOUND_MOST);
		return false;
	}
	for (size_t i = 0; i < bound->count; i++)
		good = (range->order == RELEASE_UPSTREAM ? check_upstream_version(reader, node, bound, i)
							 : check_package_version(reader, node, range, bound->versions[i])) &&
		       good;
	return good;
}

static struct text highest(const struct range *range, const struct bound *bound)
{
	struct text best = bound->versions[0];

	for (size_t i = 1; i < bound->count; i++)
		if (release_compare(range->order, bound->versions[i], best) > 0)
			best = bound->versions[i];
	return best;
}

/* Is `from` not below the upper end? Of each series that both list, and of mainline, which the highest ones are. */
static void check_direction(struct reader *reader, const struct node *node, const struct range *range)
{
	const struct bound *from = &range->from, *upper = range->through.count ? &range->through : &range->before;
	int least = range->through.count ? 1 : 0; /* from == through holds one release; from == before holds none */

	if (!from->count || !upper->count)
		return;
	struct text low = highest(range, from), high = highest(range, upper);
	bool wrong = release_compare(range->order, low, high) >= least;
	for (size_t i = 0; !wrong && range->order == RELEASE_UPSTREAM && i < from->count; i++)
		for (size_t j = 0; !wrong && j < upper->count; j++) {
			struct release_number a = release_number(from->versions[i]), b = release_number(upper->versions[j]);
			low = from->versions[i];
			high = upper->versions[j];
			wrong = release_same_series(&a, &b) && release_compare(range->order, low, high) >= least;
		}
	if (wrong)
		reader_error(reader, node, "the range is the wrong way round: from %.*s does not lie before %.*s",
			     QUOTED(low), QUOTED(high));
}

/* node: the mapping that holds the range's keys. */
static void check_range(struct reader *reader, const struct node *node, const struct range *range)
{
	bool good = check_bound(reader, node, range, &range->from);

	good = check_bound(reader, node, range, &range->through) && good;
	good = check_bound(reader, node, range, &range->before) && good;
	if (range->through.count && range->before.count)
		reader_error(reader, node, "a range ends with 'through' or with 'before', not with both");
	else if (good)
		check_direction(reader, node, range);
}

static void read_range(struct reader *reader, const struct node *node, struct range *range)
{
	enum release_order order;

	reader_mapping(reader, node, "a range", range_keys, sizeof range_keys / sizeof range_keys[0], range);
	if (node->type != NODE_MAPPING)
		return;
	if (!range->family.length)
		reader_error(reader, node, "a range needs 'family'");
	else if (release_family_known(range->family, &order))
		check_range(reader, node, range);
}

void schema_read_affected(struct reader *reader, const struct node *node, void *field)
{
	struct signature *signature = field;
	size_t count = reader_item_count(node);

	if (!reader_is_list(reader, node, "ranges"))
		return;
	signature->ranges = arena_alloc(reader->arena, count * sizeof *signature->ranges);
	for (size_t i = 0; signature->ranges && i < count; i++)
		read_range(reader, reader_item(node, i), &signature->ranges[signature->range_count++]);
}

/* Where the place of a fault in the scalar is not the place in the file (quotes, several lines), its beginning must do. */
static void read_command(struct reader *reader, const struct node *node, void *field)
{
	struct text *command = field;
	struct remedy_fault fault;

	if (!reader_text(reader, node, command))
		return;
	for (size_t i = 0; i < command->length; i++)
		if ((unsigned char)command->data[i] < ' ' || command->data[i] == 0x7f) {
			reader_error(reader, node, "a command is one line, without control characters");
			return;
		}
	if (!remedy_command_fault(*command, &fault))
		return;
	struct nearest nearest = { .wanted = text_first(text_from_offset(fault.piece, 1), fault.piece.length - 2) };
	for (size_t i = 0; fault.piece.length > 2 && remedy_placeholder(i); i++)
		nearest_offer(&nearest, remedy_placeholder(i));
	reader_error_within(reader, node, node->plain ? fault.offset : 0,
			    "unknown placeholder '%.*s'%s%s%s; a brace that is meant as one is doubled", QUOTED(fault.piece),
			    nearest.name ? ": did you mean '{" : "", nearest.name ? nearest.name : "",
			    nearest.name ? "}'?" : "");
}

static const struct key remedy_keys[] = {
	{ "text", true, reader_text_field, offsetof(struct remedy_rule, text) },
	{ "command", false, read_command, offsetof(struct remedy_rule, command) },
	RANGE_KEYS(offsetof(struct remedy_rule, range)),
};

/* The one family besides upstream that the signature's ranges are about; NULL when there are several, or none. */
static const struct range *only_family(const struct signature *signature)
{
	const struct range *only = NULL;

	for (size_t i = 0; i < signature->range_count; i++) {
		const struct range *range = &signature->ranges[i];
		if (range->order == RELEASE_UPSTREAM || (only && text_equal(only->family, range->family)))
			continue;
		if (only)
			return NULL;
		only = range;
	}
	return only;
}

static void read_remedy(struct reader *reader, const struct node *node, const struct range *only, struct remedy_rule *remedy)
{
	struct range *range = &remedy->range;
	enum release_order order;

	reader_mapping(reader, node, "a remedy", remedy_keys, sizeof remedy_keys / sizeof remedy_keys[0], remedy);
	bool bounded = range->from.count || range->through.count || range->before.count;
	if (bounded && !range->family.length && only) {
		range->family = only->family;
		range->order = only->order;
	}
	if (bounded && !range->family.length)
		reader_error(reader, node, "the remedy has a range, but of which 'family'?");
	else if (bounded && release_family_known(range->family, &order))
		check_range(reader, node, range);
}

void schema_read_remedies(struct reader *reader, const struct node *node, void *field)
{
	(void)field;
	if (reader_is_list(reader, node, "remedies"))
		reader->remedies = node;
}

void schema_finish_remedies(struct reader *reader, struct signature *signature)
{
	const struct range *only = only_family(signature);
	size_t count = reader->remedies ? reader_item_count(reader->remedies) : 0;

	if (!count)
		return;
	signature->remedies = arena_alloc(reader->arena, count * sizeof *signature->remedies);
	for (size_t i = 0; signature->remedies && i < count; i++)
		read_remedy(reader, reader_item(reader->remedies, i), only, &signature->remedies[signature->remedy_count++]);
}
