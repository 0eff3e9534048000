/*
 * What the kernel kept of its log over a reboot, in /sys/fs/pstore: pieces that must be put together. Each begins with a
 * line "Panic#1 Part3" (fs/pstore/platform.c, pstore_dump()), then comes text of the log; part 1 is the log's end, those
 * with higher numbers are earlier.
 */
#ifndef INPUT_PSTORE_H
#define INPUT_PSTORE_H

#include "base/arena.h"
#include "base/error.h"
#include "input/link.h"
#include "log/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PSTORE_PIECES_MOST = 1000, PSTORE_PIECE_MOST = 1024 * 1024, PSTORE_BYTES_MOST = 64 * 1024 * 1024 };

/* What the name of a piece says. */
struct pstore_name {
	size_t backend;  /* which store it is of, a number of pstore.c's */
	bool console;    /* console-ramoops-0: no record of a crash, but what the console showed to its end */
	bool compressed; /* .enc.z: the kernel that shows it could not unpack it, nor can we */
	uint64_t number; /* its record's, in its store */
	int64_t time;    /* seconds since 1970, UTC; 0: the name has none */
	unsigned part;   /* 0: the name has none */
};

/* dmesg-efi_pstore-165467616401001, dmesg-erst-7105..., dmesg-ramoops-0, console-ramoops-0... False: it is none. */
bool pstore_name_parse(const char *name, struct pstore_name *parsed);

struct pstore_piece {
	const char *file; /* its name */
	struct pstore_name name;
	int64_t time;        /* of the name, or else of the file */
	struct text reason;  /* "Panic"; empty: it has no header */
	uint64_t count;      /* the number behind it: how many such the kernel had reported until then */
	unsigned part;       /* 1-based */
	struct text content; /* without header */
	bool cut;            /* there was more in the file */
};

/* Zero-initialised is ready for use. */
struct pstore {
	struct arena arena;
	struct pstore_piece *pieces;
	size_t count;
	size_t bytes;        /* of their contents */
	size_t left_out;     /* pieces beyond what is allowed; then no more are taken */
	size_t unread;       /* pieces that could not be read */
	struct text refusal; /* which was the first of these, and why: "NAME (why)" */
};

/*
 * Adds a piece, all of it or its first PSTORE_PIECE_MOST + 1 bytes (then it is not whole). modified: when the file was,
 * seconds since 1970, which is the record's time where the kernel shows it. Name and bytes are copied.
 */
void pstore_add(struct pstore *pstore, const char *file, int64_t modified, struct text bytes);

/* Notes that a piece could not be read. */
void pstore_refuse(struct pstore *pstore, const char *file, const struct error *why);

/* Adds the pieces of a directory. False: it cannot be read, *error says why. */
bool pstore_add_directory(struct pstore *pstore, const char *path, struct link_roots roots, struct error *error);

struct pstore_log {
	struct log_source source; /* the log as one block */
	struct text *notes;       /* sentences: which pieces it was put together from, which were not used */
	size_t note_count;
	struct text cut; /* what is missing, a sentence part; empty: nothing that shows */
};

/*
 * Puts the latest record together, one of a crash before one of an orderly end; where there is none, the console's log. All
 * texts of the log live in pstore's arena. False: *error says why there is none.
 */
bool pstore_assemble(struct pstore *pstore, struct pstore_log *log, struct error *error);
void pstore_free(struct pstore *pstore);

/* For pstore.c and pstore_text.c: */

/* Takes a piece's header off the front of t, and sets reason, count and part; false: there is none. */
bool pstore_eat_header(struct text *t, struct pstore_piece *piece);

/* Adds a sentence to the notes. */
void pstore_add_note(struct arena *arena, struct pstore_log *log, struct text note);

/* Adds a sentence part to what is missing. */
void pstore_add_cut(struct arena *arena, struct pstore_log *log, struct text why);

/* Adds to it what is missing of a record, whose pieces come by rising parts. */
void pstore_find_missing(struct arena *arena, struct pstore_log *log, const struct pstore_piece *pieces, size_t count);

#endif
