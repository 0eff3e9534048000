/* The headlines: looking for the row that fits. */
#include "crash/headline.h"

#include <assert.h>
#include <string.h>

static const struct crash_headline *const tables[] = {
	crash_headlines_sanitizer, /* before those oopses that are what is left: "Internal error: UBSAN: ..." */
	crash_headlines_oops,      crash_headlines_check, crash_headlines_lockup,
	crash_headlines_hardware,  crash_headlines_panic,
};

/* Pieces by which a crash is known that lost its headline, and the banner that begins a boot; and a journal's message as
 * bytes. */
static const char *const other_words[] = {
	"------------[ cut here",
	"Oops: ",
	"Call Trace",
	"RIP: ",
	"---[ end ",
	"CR2: ",
	"PC is at ",
	"pstate: ",
	"NIP [",
	"Krnl PSW",
	"epc : ",
	" ERA: ",
	" [#2",
	" [#3",
	" [#4",
	" [#5",
	" [#6",
	" [#7",
	" [#8",
	" [#9",
	"Linux version ",
	"\"MESSAGE\":[",
	"\"MESSAGE\" : [",
	"\"MESSAGE\": [",
};

enum {
	TABLES = sizeof tables / sizeof *tables,
	OTHER_WORDS = sizeof other_words / sizeof *other_words,
	WORDS_MOST = 512,
	ROWS_MOST = 1024
};

/*
 * All rows, chained by the first byte of what they begin with; 0: nothing in particular. Inside a crash every line is tried,
 * and most rows begin otherwise.
 */
struct chains {
	const struct crash_headline *rows[ROWS_MOST];
	size_t count;
	size_t first[256]; /* index of the first row of that chain; ROWS_MOST: there is none */
	size_t next[ROWS_MOST];
};

static void chain_rows(struct chains *chains)
{
	for (size_t i = 0; i < TABLES; i++)
		for (const struct crash_headline *headline = tables[i]; headline->begins; headline++) {
			assert(chains->count < ROWS_MOST);
			chains->rows[chains->count++] = headline;
		}
	for (size_t c = 0; c < 256; c++)
		chains->first[c] = ROWS_MOST;
	for (size_t i = chains->count; i-- > 0;) {
		size_t *first = &chains->first[(unsigned char)chains->rows[i]->begins[0]];
		chains->next[i] = *first;
		*first = i;
	}
}

static const struct chains *all_chains(void)
{
	static struct chains chains;

	if (!chains.count)
		chain_rows(&chains);
	return &chains;
}

static bool fits(const struct crash_headline *headline, struct text text)
{
	return text_eat(&text, headline->begins) && (!headline->die || text_find(text, "[#") != SIZE_MAX) &&
	       (!headline->contains || text_find(text, headline->contains) != SIZE_MAX);
}

static size_t chain_of(const struct chains *chains, struct text text)
{
	return text.length ? chains->first[(unsigned char)text.data[0]] : ROWS_MOST;
}

const struct crash_headline *crash_headline_of(struct text text)
{
	const struct chains *chains = all_chains();
	struct text behind = text;

	while (text_eat(&behind, "Oops: ")) /* twice where die() is given that name */
		;
	/* Several chains at once, as the rows' order counts. One that is there twice makes no difference. */
	size_t at[] = { chains->first[0], chain_of(chains, text), chain_of(chains, behind) };
	for (;;) {
		size_t row = ROWS_MOST;
		for (size_t i = 0; i < sizeof at / sizeof *at; i++)
			row = at[i] < row ? at[i] : row;
		if (row == ROWS_MOST)
			return NULL;
		const struct crash_headline *headline = chains->rows[row];
		if (fits(headline, headline->die ? behind : text))
			return headline;
		for (size_t i = 0; i < sizeof at / sizeof *at; i++)
			at[i] = at[i] == row ? chains->next[row] : at[i];
	}
}

bool crash_headline_joins(const struct crash_headline *headline, enum crash_kind kind)
{
	return crash_kinds_hold(headline->part_of, kind);
}

/* Does one of the words lie within that? */
static bool holds(struct text text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_find(text, words[i]) != SIZE_MAX)
			return true;
	return false;
}

/* A word that holds another one of the list finds nothing that the other does not. */
static size_t add_word(const char **words, size_t count, const char *word)
{
	size_t kept = 0;

	assert(count < WORDS_MOST);
	/* Rows with the same word stand together. */
	if ((count && strcmp(words[count - 1], word) == 0) || holds(text_from(word), words, count))
		return count;
	for (size_t i = 0; i < count; i++)
		if (text_find(text_from(words[i]), word) == SIZE_MAX)
			words[kept++] = words[i];
	words[kept] = word;
	return kept + 1;
}

const char *const *crash_headline_words(size_t *count)
{
	static const char *words[WORDS_MOST];

	*count = 0;
	for (size_t i = 0; i < TABLES; i++)
		for (const struct crash_headline *headline = tables[i]; headline->begins; headline++)
			*count = add_word(words, *count, headline->word ? headline->word : headline->begins);
	for (size_t i = 0; i < OTHER_WORDS; i++)
		*count = add_word(words, *count, other_words[i]);
	return words;
}
