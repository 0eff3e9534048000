/* The headlines: looking for the row that fits. */
#include "crash/headline.h"

#include <assert.h>

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

enum { TABLES = sizeof tables / sizeof *tables, OTHER_WORDS = sizeof other_words / sizeof *other_words, WORDS_MOST = 512 };

static bool fits(const struct crash_headline *headline, struct text text)
{
	while (headline->die && text_eat(&text, "Oops: ")) /* twice where die() is given that name */
		;
	return text_eat(&text, headline->begins) && (!headline->die || text_find(text, "[#") != SIZE_MAX) &&
	       (!headline->contains || text_find(text, headline->contains) != SIZE_MAX);
}

const struct crash_headline *crash_headline_of(struct text text)
{
	for (size_t i = 0; i < TABLES; i++)
		for (const struct crash_headline *headline = tables[i]; headline->begins; headline++)
			if (fits(headline, text))
				return headline;
	return NULL;
}

bool crash_headline_joins(const struct crash_headline *headline, enum crash_kind kind)
{
	return crash_kinds_hold(headline->part_of, kind);
}

/* A word that holds another one of the list finds nothing that the other does not. */
static size_t add_word(const char **words, size_t count, const char *word)
{
	size_t kept = 0;

	assert(count < WORDS_MOST);
	for (size_t i = 0; i < count; i++)
		if (text_find(text_from(word), words[i]) != SIZE_MAX)
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
