/*
 * The tables of kallsyms as scripts/kallsyms.c writes them into the kernel's read-only data:
 *
 *   names         of each symbol its length (one byte; since 6.1 two where the first has bit 7: 7 low bits, then the higher
 *                 ones) and that many codes; symbols are sorted by address
 *   token_table   256 strings, each ended by a NUL: what a code stands for. The first character of a name so expanded is the
 *                 symbol's type, as nm(1) says it
 *   token_index   256 numbers of 16 bits: where in token_table the code's string begins
 *   offsets       of each symbol 32 bits, and relative_base, one address; or, where CONFIG_KALLSYMS_BASE_RELATIVE is not set
 *                 and before 4.6, addresses: of each symbol a word; of late offsets alone
 *   markers       where in names each 256th name begins
 */
#ifndef VMCORE_KALLSYMS_TABLES_H
#define VMCORE_KALLSYMS_TABLES_H

#include "vmcore/dump.h"

enum {
	KALLSYMS_COUNT_MOST = 2 * 1024 * 1024, /* symbols; a kernel with everything in it has about one million */
	KALLSYMS_NAME_MOST = 1024,             /* codes of a name; KSYM_NAME_LEN is 512 since 6.1 */
	KALLSYMS_WALK_MOST = 64 * 1024 * 1024, /* bytes of names; 200,000 symbols take 2.5 MiB */
	KALLSYMS_BLOCK = 256,                  /* names a marker */
	KALLSYMS_TOKENS = 256,
	KALLSYMS_TOKEN_MOST = 1024, /* bytes of one token */
};

/* What the values are. */
enum kallsyms_form {
	OFFSETS_OR_VALUES, /* CONFIG_KALLSYMS_ABSOLUTE_PERCPU, to 6.14: >= 0 values, below zero counted from base - 1 down */
	OFFSETS,           /* from base on, without sign */
	OFFSETS_FROM_HERE, /* each from its own place on, with sign: where there is no relative_base (7.3 has none) */
	ADDRESSES,
};

/* Where they are, virtual addresses; `count` symbols. */
struct kallsyms_tables {
	uint64_t names, count, token_table, token_index;
	uint64_t values; /* the table of offsets or of addresses */
	uint64_t base;   /* what relative_base holds */
	enum kallsyms_form form;
	uint64_t markers; /* where they are, and bytes of one; marker_size 0: not known */
	size_t marker_size;
};

struct kallsyms_tokens {
	uint16_t begin[KALLSYMS_TOKENS];
	uint16_t length[KALLSYMS_TOKENS];
	char *text; /* calloc()ed */
};

/* False: *error. Frees nothing of what was in *tokens before. */
bool kallsyms_read_tokens(struct dump *dump, const struct kallsyms_tables *tables, struct kallsyms_tokens *tokens,
			  struct error *error);

/* A walk over the names, from any address where one begins. */
struct kallsyms_walk {
	struct dump *dump;
	uint64_t address;  /* of the next name */
	size_t begin, end; /* what is read of it and of those behind it */
	size_t walked;     /* bytes, for KALLSYMS_WALK_MOST */
	unsigned char bytes[8 * 1024];
};

void kallsyms_walk_from(struct kallsyms_walk *walk, struct dump *dump, uint64_t address);

/* The codes of the next name, valid until the next call. False: *error. */
bool kallsyms_walk_next(struct kallsyms_walk *walk, struct text *codes, struct error *error);

/* Names that are looked for; `first` and `second` say with which codes one of them can begin, behind its type. */
struct kallsyms_wanted {
	const struct text *names;
	size_t count;
	bool first[KALLSYMS_TOKENS], second[KALLSYMS_TOKENS];
};

void kallsyms_want(struct kallsyms_wanted *wanted, const struct kallsyms_tokens *tokens, const struct text *names,
		   size_t count);

/* Whether codes can be one of the names at all: no, for nearly all. */
bool kallsyms_may_be_wanted(const struct kallsyms_wanted *wanted, const struct kallsyms_tokens *tokens, struct text codes);

/* Whether codes are the name, of whatever type. */
bool kallsyms_is_name(const struct kallsyms_tokens *tokens, struct text codes, struct text name);

/*
 * Looks for the tables in the kernel's read-only data by their shape. Each place that could be them is given to `fits`,
 * which says whether they are what is looked for; `walk` is for its use too. False: *error.
 */
bool kallsyms_scan(struct dump *dump, struct kallsyms_walk *walk,
		   bool (*fits)(void *state, const struct kallsyms_tables *tables), void *state, struct error *error);

#endif
