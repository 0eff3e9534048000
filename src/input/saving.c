/* Marks of failure in a crash kernel's log, as a table. */
#define _DEFAULT_SOURCE /* pread, O_CLOEXEC */
#include "input/saving.h"

#include "log/stamp.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_MOST = 1024 * 1024, QUOTE_MOST = 150 };

static const char full[] = "there was no space left where it went";
static const char memory[] = "the crash kernel ran out of memory (crashkernel= may reserve too little)";
static const char unknown_kernel[] = "makedumpfile did not understand this kernel (it may be too old for it)";
static const char mounting[] = "where it was to go could not be mounted";
static const char missing[] = "the device where it was to go did not appear";
static const char network[] = "the network did not work";
static const char host[] = "the host where it was to go could not be reached";
static const char refused[] = "the host where it was to go refused it";
static const char disk[] = "the disk could not be read or written";

/*
 * The most telling first: a cause before what came of it. Texts are those of makedumpfile 1.5 to 1.7 (makedumpfile.c), of
 * kdump-utils (dracut-kdump.sh, kdump-lib-initramfs.sh), of dracut, systemd, util-linux' mount, nfs-utils and OpenSSH, and
 * of the kernel (mm/oom_kill.c: "Kill process" before 5.0, "Killed process" since; block/blk-core.c, fs/buffer.c).
 */
static const struct mark {
	const char *pattern, *also; /* both in one line; also may be NULL */
	const char *reason;
} marks[] = {
	{ "Can't write the dump file", "No space left", full },
	{ "Out of memory: Kill", "(makedumpfile)", memory },
	{ "Out of memory: Kill", NULL, memory },
	{ "makedumpfile invoked oom-killer", NULL, memory },
	{ "makedumpfile", "Cannot allocate memory", memory },
	{ "Can't allocate memory for", NULL, memory },
	{ "Can't write the dump file", "Input/output error", disk },
	{ "Can't write the dump file", "Stale file handle", host },
	{ "Can't write the dump file", NULL, "makedumpfile could not write it" },
	{ "Can't open the dump file", NULL, "makedumpfile could not create the file" },
	{ "No space left on device", NULL, full },
	{ "Disk quota exceeded", NULL, full },
	{ "File too large", NULL, "the file system where it went takes no file of that size" },
	{ "Read-only file system", NULL, "the file system where it was to go can only be read" },
	{ "Could not resolve hostname", NULL, "the name of the host where it was to go could not be resolved" },
	{ "Host key verification failed", NULL, "the host where it was to go is not the one that is known" },
	{ "Permission denied (", NULL, refused }, /* ssh: (publickey,password) */
	{ "access denied by server while mounting", NULL, refused },
	{ "Connection refused", NULL, refused },
	{ "Connection timed out", NULL, host },
	{ "No route to host", NULL, host },
	{ "Network is unreachable", NULL, network },
	{ "network still isn't ready", NULL, network },
	{ "client_loop: send disconnect", NULL, "the connection broke" },
	{ "Connection reset by peer", NULL, "the connection broke" },
	{ "Connection closed by", NULL, "the connection broke" },
	{ "is probably not mounted", NULL, mounting },
	{ "it's not a mount point", NULL, mounting },
	{ "mount: ", "can't read superblock", mounting },
	{ "mount: ", "wrong fs type", mounting },
	{ "mount: ", "failed", mounting },
	{ "mount.nfs", ":", mounting },
	{ "Failed to mount ", NULL, mounting },
	{ "Timed out waiting for device", NULL, missing },
	{ "dracut-initqueue timeout", NULL, missing },
	{ "dracut-initqueue", "does not exist", missing },
	{ "Dependency failed for /", NULL, mounting },
	{ "Can't distinguish the memory type", NULL, unknown_kernel },
	{ "Can't get necessary symbols", NULL, unknown_kernel },
	{ "Can't get a valid", NULL, unknown_kernel },
	{ "Can't convert a virtual address", NULL, unknown_kernel },
	{ "Input/output error", NULL, disk },
	{ "Buffer I/O error", NULL, disk },
	{ "I/O error, dev ", NULL, disk },
	{ "sync vmcore failed", NULL, "what was written could not be brought to the disk" },
	{ "This is an incomplete dumpfile", NULL, "makedumpfile stopped on the way" },
	{ "it is incomplete", "dumpfile", "makedumpfile stopped on the way" },
	{ "makedumpfile Failed", NULL, "makedumpfile failed" },
	{ "saving vmcore failed", NULL, "the crash kernel does not say why" },
	{ "failed to save vmcore", NULL, "the crash kernel does not say why" },
	{ "saving vmcore-dmesg.txt failed", NULL, "not even the log could be saved" },
};

/* kdump-utils; kdump-tools. What failed before was overcome. */
static const char *const successes[] = { "saving vmcore complete", "saved vmcore in " };

static bool succeeded(struct text line)
{
	for (size_t i = 0; i < sizeof successes / sizeof *successes; i++)
		if (text_find(line, successes[i]) != SIZE_MAX)
			return true;
	return false;
}

/* The first row of the table before `end` that the line has; else `end`. */
static const struct mark *mark_of(struct text line, const struct mark *end)
{
	const struct mark *mark = marks;

	while (mark < end &&
	       (text_find(line, mark->pattern) == SIZE_MAX || (mark->also && text_find(line, mark->also) == SIZE_MAX)))
		mark++;
	return mark;
}

/* Without blanks at its ends. False: no more. */
static bool eat_line(struct text *t, struct text *line)
{
	size_t length = text_find_char(*t, '\n');

	*line = text_trim(text_first(*t, length));
	*t = text_from_offset(*t, length == SIZE_MAX ? t->length : length + 1);
	return line->length || t->length;
}

/*
 * Takes off what the reader does not need: the time, of `dmesg -T` or the journal, with the host behind the latter's, and
 * that it was the kernel. The name of another program is of use.
 */
static void strip(struct text *line)
{
	struct text from, rest = *line;
	struct record ignored;

	if ((stamp_eat_bsd(&rest, &ignored) || stamp_eat_iso(&rest, &ignored)) && text_eat_word(&rest, &from) &&
	    text_eat_char(&rest, ' '))
		*line = rest;
	text_eat(line, "kernel: ");
	stamp_eat_dmesg(line, &ignored);
	stamp_eat_printk(line, &ignored);
	*line = text_trim_start(*line);
}

/*
 * What the reader needs of a line: all of it, or if it is long, a piece around the mark and one around `also`, or else the
 * line's end, where programs say why. Dots stand for what was cut.
 */
static struct text quote(struct arena *arena, struct text line, const struct mark *mark)
{
	enum { BEFORE = 20, PIECE = QUOTE_MOST / 2 };
	size_t place = text_find(line, mark->pattern), also = mark->also ? text_find(line, mark->also) : place;
	size_t begin = place < also ? place : also, second = place < also ? also : place;
	size_t end = second + strlen(second == place ? mark->pattern : mark->also);

	if (line.length <= QUOTE_MOST)
		return arena_copy(arena, line);
	begin = begin > BEFORE ? begin - BEFORE : 0;
	if (!mark->also || line.length - second <= PIECE)
		end = line.length;
	if (end < begin + QUOTE_MOST) /* one piece: what room is left goes to what lies behind it */
		end = begin + QUOTE_MOST < line.length ? begin + QUOTE_MOST : line.length;
	bool one = end - begin <= QUOTE_MOST;
	struct text first = text_first(text_from_offset(line, begin), one ? end - begin : PIECE);
	struct text last = one ? TEXT_NONE : text_first(text_from_offset(line, end - PIECE), PIECE);
	return arena_print(arena, "%s%.*s%s%.*s%s", begin ? "..." : "", TEXT_ARGS(first), one ? "" : "...", TEXT_ARGS(last),
			   end < line.length ? "..." : "");
}

static bool judge(struct text log, struct arena *arena, struct text *why)
{
	const struct mark *none = marks + sizeof marks / sizeof *marks, *decisive = none;
	struct text line, decisive_line = TEXT_NONE;

	while (eat_line(&log, &line)) {
		strip(&line);
		const struct mark *mark = mark_of(line, decisive);
		if (succeeded(line)) {
			decisive = none;
		} else if (mark < decisive) {
			decisive = mark;
			decisive_line = line;
		}
	}
	if (decisive == none)
		return false;
	*why = arena_print(arena, "Saving the dump failed, %s: \"%.*s\".", decisive->reason,
			   TEXT_ARGS(quote(arena, decisive_line, decisive)));
	return why->length > 0;
}

/* The last READ_MOST bytes, allocated; NULL: they cannot be had. */
static char *read_end(const char *path, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat status;
	char *bytes = NULL;

	*length = 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && (bytes = malloc(READ_MOST))) {
		off_t begin = status.st_size > READ_MOST ? status.st_size - READ_MOST : 0;
		ssize_t got;
		while (*length < READ_MOST &&
		       (got = pread(fd, bytes + *length, READ_MOST - *length, begin + (off_t)*length)) > 0)
			*length += (size_t)got;
	}
	close(fd);
	return bytes;
}

bool saving_failure(const char *path, struct arena *arena, struct text *why)
{
	size_t length;
	char *bytes = read_end(path, &length);
	bool failed = bytes && judge((struct text){ bytes, length }, arena, why);

	free(bytes);
	return failed;
}
