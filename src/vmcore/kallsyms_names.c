/* Reading names and tokens of kallsyms (as kallsyms_expand_symbol() of kernel/kallsyms.c does). */
#include "vmcore/bytes.h"
#include "vmcore/cause.h"
#include "vmcore/kallsyms_tables.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { STEP = 4096 }; /* read to multiples of this, so that nothing behind the last page of a table is asked for */

/* The strings must follow one another as the index says, to the last, whose end only its NUL tells. */
static bool measure_tokens(struct kallsyms_tokens *tokens)
{
	size_t begin = 0, last = tokens->begin[KALLSYMS_TOKENS - 1];

	for (size_t code = 0; code < KALLSYMS_TOKENS; code++) {
		if (tokens->begin[code] != begin || begin > last)
			return false;
		size_t length = strlen(tokens->text + begin);
		if (length > KALLSYMS_TOKEN_MOST)
			return false;
		tokens->length[code] = (uint16_t)length;
		begin += length + 1;
	}
	return true;
}

bool kallsyms_read_tokens(struct dump *dump, const struct kallsyms_tables *tables, struct kallsyms_tokens *tokens,
			  struct error *error)
{
	unsigned char index[KALLSYMS_TOKENS * 2];
	struct error why = { 0 };

	tokens->text = NULL;
	if (dump_read(dump, tables->token_index, index, sizeof index, &why) != MEMORY_OK)
		return error_set(error, "the index of kallsyms' tokens cannot be read: %s", cause(&why, CAUSE_USUAL).text);
	for (size_t code = 0; code < KALLSYMS_TOKENS; code++)
		tokens->begin[code] = (uint16_t)bytes_get(index + 2 * code, 2, dump->big_endian);
	size_t length = tokens->begin[KALLSYMS_TOKENS - 1];
	tokens->text = calloc(1, length + KALLSYMS_TOKEN_MOST + 2);
	if (!tokens->text)
		return error_out_of_memory(error);
	if (length && dump_read(dump, tables->token_table, tokens->text, length, &why) != MEMORY_OK)
		return error_set(error, "kallsyms' tokens cannot be read: %s", cause(&why, CAUSE_USUAL).text);
	for (size_t i = 0; i <= KALLSYMS_TOKEN_MOST; i++) {
		char *next = tokens->text + length + i;
		if (dump_read(dump, tables->token_table + length + i, next, 1, &why) != MEMORY_OK)
			return error_set(error, "kallsyms' tokens cannot be read: %s", cause(&why, CAUSE_USUAL).text);
		if (!*next)
			break;
	}
	if (!measure_tokens(tokens))
		return error_set(error, "kallsyms' tokens at 0x%" PRIx64 " and their index at 0x%" PRIx64 " do not agree",
				 tables->token_table, tables->token_index);
	return true;
}

void kallsyms_walk_from(struct kallsyms_walk *walk, struct dump *dump, uint64_t address)
{
	walk->dump = dump;
	walk->address = address;
	walk->begin = walk->end = walk->walked = 0;
}

/* Makes at least that many bytes be there, reading whole steps. Never asked for more than a name, which fits. */
static bool fill(struct kallsyms_walk *walk, size_t needed, struct error *error)
{
	struct error why = { 0 };

	if (walk->end - walk->begin >= needed)
		return true;
	memmove(walk->bytes, walk->bytes + walk->begin, walk->end - walk->begin);
	walk->end -= walk->begin;
	walk->begin = 0;
	while (walk->end < needed) {
		uint64_t from = walk->address + walk->end;
		size_t length = STEP - (size_t)(from % STEP);
		if (dump_read(walk->dump, from, walk->bytes + walk->end, length, &why) != MEMORY_OK)
			return error_set(error, "kallsyms' names cannot be read: %s", cause(&why, CAUSE_USUAL).text);
		walk->end += length;
	}
	return true;
}

bool kallsyms_walk_next(struct kallsyms_walk *walk, struct text *codes, struct error *error)
{
	size_t prefix = 1, length;

	if (!fill(walk, 1, error))
		return false;
	length = walk->bytes[walk->begin];
	/* Before 6.1 no name of 128 codes and more was written. */
	if (length & 0x80) {
		if (!fill(walk, 2, error))
			return false;
		length = (length & 0x7f) | (size_t)walk->bytes[walk->begin + 1] << 7;
		prefix = 2;
	}
	if (length > KALLSYMS_NAME_MOST || walk->walked > KALLSYMS_WALK_MOST)
		return error_set(error, "a name of kallsyms at 0x%" PRIx64 " has %zu codes, behind %zu bytes of others",
				 walk->address, length, walk->walked);
	if (!fill(walk, prefix + length, error))
		return false;
	*codes = (struct text){ (const char *)walk->bytes + walk->begin + prefix, length };
	walk->begin += prefix + length;
	walk->address += prefix + length;
	walk->walked += prefix + length;
	return true;
}

bool kallsyms_is_name(const struct kallsyms_tokens *tokens, struct text codes, struct text name)
{
	size_t type = 1; /* characters of it that are still to come */

	for (size_t i = 0; i < codes.length; i++) {
		unsigned char code = (unsigned char)codes.data[i];
		struct text token = { tokens->text + tokens->begin[code], tokens->length[code] };
		if (type && token.length) {
			token = text_from_offset(token, 1);
			type = 0;
		}
		if (token.length > name.length || (token.length && memcmp(token.data, name.data, token.length) != 0))
			return false;
		name = text_from_offset(name, token.length);
	}
	return name.length == 0;
}

/* Whether a name can begin with the characters: one is the other's begin. */
static bool can_begin(const struct text *names, size_t count, struct text characters)
{
	for (size_t i = 0; i < count; i++) {
		size_t common = names[i].length < characters.length ? names[i].length : characters.length;
		if (text_equal(text_first(names[i], common), text_first(characters, common)))
			return true;
	}
	return false;
}

void kallsyms_want(struct kallsyms_wanted *wanted, const struct kallsyms_tokens *tokens, const struct text *names,
		   size_t count)
{
	wanted->names = names;
	wanted->count = count;
	for (size_t code = 0; code < KALLSYMS_TOKENS; code++) {
		struct text token = { tokens->text + tokens->begin[code], tokens->length[code] };
		wanted->first[code] = can_begin(names, count, text_from_offset(token, 1));
		wanted->second[code] = can_begin(names, count, token);
	}
}

bool kallsyms_may_be_wanted(const struct kallsyms_wanted *wanted, const struct kallsyms_tokens *tokens, struct text codes)
{
	if (!codes.length)
		return false;
	unsigned char first = (unsigned char)codes.data[0];
	if (!wanted->first[first])
		return false;
	/* The type alone is the first code, or not even that. */
	return tokens->length[first] != 1 || codes.length == 1 || wanted->second[(unsigned char)codes.data[1]];
}
