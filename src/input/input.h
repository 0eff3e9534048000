/*
 * input/: takes a path (file, dump, crash directory, pstore, archive, pipe), gives the log in it as a source of bytes,
 * unpacked on the way, and the dump, where there is one. What an input is, is told from its content, never from its name.
 */
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H

#include "base/arena.h"
#include "base/error.h"
#include "log/source.h"
#include "vmcore/vmcore.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input_options {
	enum kernel_log_form form; /* how a dump's log is to be written */
	const char
		*temporary_directory; /* where a compressed dump may be unpacked to; it is gone when the input is closed */
	bool only_dump;               /* logs beside a dump are not wanted, and a log is an error */
	bool facts_alone;             /* a dump whose log cannot be had is no error as long as it tells of its machine */
	bool archives;                /* an archive is no error: input_next_member() gives the logs in it */
	/*
	 * Directories, by absolute real paths: what a symbolic link shows outside of them is not opened. None: links may
	 * lead anywhere.
	 */
	const char *const *link_roots;
	size_t link_root_count;
	/* Of several crashes in a directory, which: the time in its files' names, see crash_file.h; 0: the latest. */
	uint64_t directory_time;
	const struct text
		*directory_names; /* and the names of its files, where they are known: see struct directory_options */
	size_t directory_name_count;
};

struct input_file;
struct members;
struct pstore;

struct input {
	struct log_source *source; /* NULL: it is an archive, or a dump without a log */
	struct vmcore *vmcore;     /* the dump that the log is in, or that lies beside it; NULL: there is none */
	bool from_dump;            /* the source is the dump's */
	char *path;                /* the file that is read: differs from what was asked for where that is a directory */
	char *dump_path;           /* of the dump that lies in a directory; NULL: none, or no directory */
	struct arena arena;        /* of the notes */
	struct text *notes;        /* sentences that the user should read */
	size_t note_count;
	struct text *other_dumps; /* of a directory: paths of files that are called like parts of its dump, and are none */
	size_t other_dump_count;
	/* Why more may have been there than the log holds, as sentence parts; empty where the log and the dump were read. */
	struct text dump_failure; /* why the dump beside the log, or the log in it, could not be read */
	struct text no_log;       /* why a dump gives no log (options.facts_alone), a sentence part; else empty */
	struct text log_cut;      /* why the log is not whole by its looks; only where it is the source */
	struct members *members;  /* of an archive; NULL: it is none */
	/* For the functions of input/ only: */
	struct input_file *log_file, **dump_files;
	size_t dump_file_count;
	struct pstore *pstore;
};

/*
 * Opens a path; "-" is standard input. False: *error says what is wrong and what was expected (its path is left to the
 * caller), and there is nothing to close.
 */
bool input_open(struct input *input, const char *path, const struct input_options *options, struct error *error);

/*
 * For a directory whose log turned out to hold no crash: goes on with the log of the dump beside it. False: there is no dump
 * beside it, or its log cannot be read, which dump_failure and a note then say.
 */
bool input_turn_to_dump(struct input *input);

enum input_member {
	INPUT_MEMBER,        /* a log: *member is the caller's to close, before the next; its path is "ARCHIVE/MEMBER" */
	INPUT_MEMBER_FAILED, /* a member, or the archive itself, could not be read: *error; its path is good until the next
			      */
	INPUT_MEMBERS_ENDED,
};

/*
 * The next log in an archive (options.archives). Members are chosen by their names, see log_name.h; pieces of pstore are put
 * together and given as one. An archive in which no log was to be read has failed at least once before it ended.
 */
enum input_member input_next_member(struct input *archive, struct input *member, struct error *error);

void input_close(struct input *input);

#endif
