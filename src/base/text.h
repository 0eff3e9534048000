/* A run of bytes that somebody else owns: a piece of the log, a name, a file's content. Never NUL-terminated by promise. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
	const char *data; /* may be NULL when length is 0 */
	size_t length;    /* bytes */
};

#define TEXT_NONE     ((struct text){ 0 })
#define TEXT(literal) ((struct text){ "" literal, sizeof(literal) - 1 })
/* for printf: printf("%.*s", TEXT_ARGS(t)) */
#define TEXT_ARGS(t) (int)(t).length, ((t).data ? (t).data : "")

struct text text_from(const char *string); /* NULL gives the empty text */
bool text_equal(struct text a, struct text b);
bool text_is(struct text a, const char *string);
int text_compare(struct text a, struct text b);            /* as strcmp: by bytes, the shorter first */
bool text_starts_whole(struct text a, const char *prefix); /* the same, without the shortcut */

/* Inline: tables of hundreds of beginnings are tried on every line, and most differ in the first byte. */
static inline bool text_starts(struct text a, const char *prefix)
{
	return (!prefix[0] || (a.length && a.data[0] == prefix[0])) && text_starts_whole(a, prefix);
}

bool text_ends(struct text a, const char *suffix);

/* Where needle begins in a, or SIZE_MAX. */
size_t text_find(struct text a, const char *needle);
size_t text_find_char(struct text a, char c);

struct text text_from_offset(struct text a, size_t offset); /* what lies behind offset; empty past the end */
struct text text_first(struct text a, size_t length);       /* at most that many bytes of the beginning */
struct text text_trim(struct text a);                       /* without blanks (space, tab, CR) at both ends */
struct text text_trim_start(struct text a);

/*
 * May it be a name in a directory that is ours to look into? Letters, digits and ".-_+~", as kernels' releases and build ids
 * have them, and no '.' in front: nothing that leads elsewhere. Not empty.
 */
bool text_is_plain_name(struct text a);

/*
 * A cursor over a text: each eat_ function moves *t behind what it took and returns true, or leaves *t and returns false.
 */
static inline bool text_eat(struct text *t, const char *prefix)
{
	if (!text_starts(*t, prefix))
		return false;
	*t = text_from_offset(*t, strlen(prefix));
	return true;
}

bool text_eat_char(struct text *t, char c);
void text_eat_blanks(struct text *t);
bool text_eat_word(struct text *t, struct text *word);  /* up to the next blank; never empty */
bool text_eat_decimal(struct text *t, uint64_t *value); /* digits; false on overflow */
bool text_eat_hex(struct text *t, uint64_t *value);     /* at most 16 digits, with or without 0x */
bool text_eat_hex_digits(struct text *t, uint64_t *value, size_t *digits);

/* 64-bit FNV-1a over the bytes, continuing from hash. Start with TEXT_HASH_START. */
#define TEXT_HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t text_hash(uint64_t hash, struct text t);

#endif
