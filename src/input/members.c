/* From the members of an archive to logs. What is said of the archive as a whole comes at its end. */
#define _GNU_SOURCE /* asprintf */
#include "input/members.h"

#include "input/crash_file.h"
#include "input/file.h"
#include "input/log_name.h"
#include "input/open_pstore.h"
#include "input/pstore.h"
#include "input/siblings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DUMPS_MOST = 100, PSTORES_MOST = 1000 };

/* A dump, the first of its directory. */
struct dump_seen {
	uint64_t directory; /* a hash of its name */
	struct text label;
};

/* Pieces of pstore that lie in one directory. */
struct pstore_seen {
	uint64_t directory;
	struct text label; /* of the directory */
	struct pstore pieces;
};

struct members {
	const char *path;
	struct archive_reading *reading;
	struct arena arena;
	uint64_t *logged; /* directories in which a kernel log was read, by hash */
	size_t logged_count;
	struct dump_seen *dumps;
	size_t dump_count, dumps_dropped;
	struct pstore_seen **pstores;
	size_t pstore_count, pstores_dropped;
	size_t pstore_bytes;
	struct text inner;    /* the first archive in the archive */
	bool looked_at;       /* a log, or something else that was said */
	size_t pstores_given; /* at the end: how many were */
	size_t dumps_told;
	char *error_path;
};

/* What look_at() found: one of enum input_member, or nothing to give. */
enum { NOTHING = -1 };

struct members *members_start(const char *path, const struct archive_bytes *bytes, struct error *error)
{
	struct members *members = calloc(1, sizeof *members);

	if (!members) {
		error_out_of_memory(error);
		return NULL;
	}
	members->path = path;
	members->reading = archive_start(bytes, error);
	if (members->reading)
		return members;
	members_free(members);
	return NULL;
}

void members_free(struct members *members)
{
	if (!members)
		return;
	for (size_t i = 0; i < members->pstore_count; i++)
		pstore_free(&members->pstores[i]->pieces);
	archive_stop(members->reading);
	arena_free(&members->arena);
	free(members->error_path);
	free(members);
}

/* "ARCHIVE/LABEL", allocated; NULL: out of memory. */
static char *join(const struct members *members, struct text label)
{
	char *joined;

	if (asprintf(&joined, "%s%s%.*s", members->path, label.length ? "/" : "", TEXT_ARGS(label)) < 0)
		return NULL;
	return joined;
}

/* Of what the label names; where it is empty, of the archive. The error is set already. */
static enum input_member fail(struct members *members, struct text label, struct error *error)
{
	members->looked_at = true;
	free(members->error_path);
	members->error_path = join(members, label);
	error->path = members->error_path ? members->error_path : members->path;
	return INPUT_MEMBER_FAILED;
}

static struct text directory_of(const char *path)
{
	return text_first(text_from(path), (size_t)(siblings_name(path) - path));
}

static uint64_t hash_directory(const char *path)
{
	return text_hash(TEXT_HASH_START, directory_of(path));
}

static void note_logged(struct members *members, const char *path)
{
	uint64_t directory = hash_directory(path);

	if (members->logged_count && members->logged[members->logged_count - 1] == directory)
		return;
	uint64_t *item = arena_push(&members->arena, &members->logged, &members->logged_count, sizeof *item);
	if (item)
		*item = directory;
}

static bool is_logged(const struct members *members, uint64_t directory)
{
	for (size_t i = 0; i < members->logged_count; i++)
		if (members->logged[i] == directory)
			return true;
	return false;
}

static void note_dump(struct members *members, const struct archive_member *entry)
{
	uint64_t directory = hash_directory(entry->path);

	for (size_t i = 0; i < members->dump_count; i++)
		if (members->dumps[i].directory == directory)
			return;
	if (members->dump_count == DUMPS_MOST) {
		members->dumps_dropped++;
		return;
	}
	struct dump_seen *dump = arena_push(&members->arena, &members->dumps, &members->dump_count, sizeof *dump);
	if (dump)
		*dump = (struct dump_seen){ directory, arena_copy(&members->arena, text_from(entry->label)) };
}

/* The pieces of the directory that this one lies in; NULL: there are too many directories, or out of memory. */
static struct pstore *find_pstore(struct members *members, const struct archive_member *entry)
{
	uint64_t directory = hash_directory(entry->path);
	struct text label = directory_of(entry->label);

	for (size_t i = members->pstore_count; i-- > 0;)
		if (members->pstores[i]->directory == directory)
			return &members->pstores[i]->pieces;
	struct pstore_seen *pstore = NULL, **place = NULL;
	if (members->pstore_count < PSTORES_MOST)
		pstore = arena_alloc(&members->arena, sizeof *pstore);
	else
		members->pstores_dropped++;
	if (pstore)
		place = arena_push(&members->arena, &members->pstores, &members->pstore_count, sizeof *place);
	if (!place)
		return NULL;
	label = text_first(label, label.length ? label.length - 1 : 0);
	*pstore = (struct pstore_seen){ .directory = directory, .label = arena_copy(&members->arena, label) };
	*place = pstore;
	return &pstore->pieces;
}

static void add_piece(struct members *members, const struct archive_member *entry)
{
	struct stream stream = { .state = members->reading };
	struct pstore *pieces = find_pstore(members, entry);
	const char *name = siblings_name(entry->path);
	struct error why = { 0 };
	size_t length = 0;
	ssize_t got = 1;

	if (!pieces)
		return;
	char *buffer = members->pstore_bytes < PSTORE_BYTES_MOST ? malloc(PSTORE_PIECE_MOST + 1) : NULL;
	if (entry->sparse)
		error_set(&why, "a sparse file");
	else if (!buffer)
		error_set(&why, "there is too much of pstore in the archive");
	while (!why.message[0] && got > 0 && length <= PSTORE_PIECE_MOST) {
		got = archive_read_member(&stream, buffer + length, PSTORE_PIECE_MOST + 1 - length, &why);
		length += got > 0 ? (size_t)got : 0;
	}
	if (why.message[0])
		pstore_refuse(pieces, name, &why);
	else
		pstore_add(pieces, name, entry->modified, (struct text){ buffer, length });
	members->pstore_bytes += length;
	free(buffer);
}

/* Gives it as an input, if it is a log by its content too. */
static int open_member(struct members *members, const struct archive_member *entry, struct input *member,
		       struct error *error)
{
	struct crash_file name = crash_file_from_name(siblings_name(entry->path));
	struct text label = text_from(entry->label);

	if (entry->sparse) {
		error_set(error, "a sparse file in an archive: unpack it first");
		return fail(members, label, error);
	}
	enum content content = input_file_open_member(&member->log_file, archive_read_member, members->reading,
						      archive_budget(members->reading), error);
	if (content == CONTENT_DUMP)
		note_dump(members, entry);
	members->looked_at |= content == CONTENT_EMPTY;
	if (content == CONTENT_DUMP || content == CONTENT_EMPTY)
		return NOTHING;
	if (content != CONTENT_TEXT)
		return fail(members, label, error);
	member->source = member->log_file->source;
	member->path = join(members, label);
	if (!member->path) {
		input_close(member);
		error_out_of_memory(error);
		return fail(members, label, error);
	}
	members->looked_at = true;
	if (name.role == CRASH_FILE_LOG && !name.incomplete)
		note_logged(members, entry->path);
	return INPUT_MEMBER;
}

static int look_at(struct members *members, const struct archive_member *entry, struct input *member, struct error *error)
{
	switch (log_name_in_archive(entry->path)) {
	case LOG_NAME_KERNEL:
	case LOG_NAME_SYSTEM:
		return open_member(members, entry, member, error);
	case LOG_NAME_PSTORE:
		add_piece(members, entry);
		return NOTHING;
	case LOG_NAME_ARCHIVE:
		if (!members->inner.length)
			members->inner = arena_copy(&members->arena, text_first(text_from(entry->label), 100));
		break;
	case LOG_NAME_NONE:
		break;
	}
	if (crash_file_from_name(siblings_name(entry->path)).role == CRASH_FILE_DUMP && entry->size)
		note_dump(members, entry);
	return NOTHING;
}

/* A directory's pieces of pstore, unless systemd put them together there already. */
static int give_pstore(struct members *members, struct pstore_seen *pstore, struct input *member, struct error *error)
{
	if (is_logged(members, pstore->directory))
		return NOTHING;
	member->path = join(members, pstore->label);
	if (member->path ? open_pstore_log(member, &pstore->pieces, error) : error_out_of_memory(error)) {
		members->looked_at = true;
		return INPUT_MEMBER;
	}
	input_close(member);
	return fail(members, pstore->label, error);
}

/* What is said of the archive as a whole, once each. */
static int tell_whole(struct members *members, struct error *error)
{
	if (members->dumps_dropped || members->pstores_dropped) {
		error_set(error, "more dumps, or directories of pstore, than are told of: unpack it first");
		members->dumps_dropped = members->pstores_dropped = 0;
		return fail(members, TEXT_NONE, error);
	}
	if (members->arena.failed) {
		members->arena.failed = false;
		error_out_of_memory(error);
		return fail(members, TEXT_NONE, error);
	}
	if (members->looked_at)
		return INPUT_MEMBERS_ENDED;
	if (members->inner.length)
		error_set(error,
			  "a tar archive without a kernel log in it, but with other archives, such as %.*s: unpack it first",
			  TEXT_ARGS(members->inner));
	else
		error_set(
			error,
			"a tar archive without a kernel log in it: expected messages, dmesg, vmcore-dmesg.txt or the like");
	return fail(members, TEXT_NONE, error);
}

static int next_at_end(struct members *members, struct input *member, struct error *error)
{
	int result = NOTHING;

	while (result == NOTHING && members->pstores_given < members->pstore_count)
		result = give_pstore(members, members->pstores[members->pstores_given++], member, error);
	while (result == NOTHING && members->dumps_told < members->dump_count) {
		const struct dump_seen *dump = &members->dumps[members->dumps_told++];
		if (is_logged(members, dump->directory))
			continue;
		error_set(error, "a dump in an archive: unpack it first, then give the dump");
		result = fail(members, dump->label, error);
	}
	return result == NOTHING ? tell_whole(members, error) : result;
}

enum input_member input_next_member(struct input *archive, struct input *member, struct error *error)
{
	struct members *members = archive->members;
	struct archive_member entry;
	int result = NOTHING;

	*member = (struct input){ 0 };
	while (result == NOTHING) {
		switch (archive_next(members->reading, &entry, error)) {
		case ARCHIVE_MEMBER:
			result = look_at(members, &entry, member, error);
			break;
		case ARCHIVE_BROKEN:
			result = fail(members, TEXT_NONE, error);
			break;
		case ARCHIVE_ENDED:
			result = next_at_end(members, member, error);
			break;
		}
	}
	return (enum input_member)result;
}
