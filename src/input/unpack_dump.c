/* From a source of bytes to a file that can be read at any place. */
#define _GNU_SOURCE
#include "input/unpack_dump.h"

#include "base/temporary_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MIB (UINT64_C(1024) * 1024)
#define GIB (1024 * MIB)

enum { BLOCK = 4096 }; /* of most file systems: the least that a hole saves */

struct unpacking_dump {
	const struct unpack_dump_order *order;
	int fd;
	uint64_t position;        /* bytes taken of the source, zeros and all */
	uint64_t data;            /* of them, those written */
	uint64_t most, data_most; /* limits of the two */
	struct error damage;      /* what ended the source too early */
};

const char *unpack_dump_by_hand(const char *packing)
{
	static const struct {
		const char *packing, *command;
	} commands[] = {
		{ "gzip", "gunzip FILE" }, { "bzip2", "bunzip2 FILE" }, { "xz", "xz -d FILE" },
		{ "zstd", "unzstd FILE" }, { "lz4", "unlz4 FILE" },     { "lzop", "lzop -d FILE" },
	};

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(commands[i].packing, packing) == 0)
			return commands[i].command;
	return "another program";
}

#define SET_TMPDIR "set TMPDIR to a directory with room, or "

/* hint: SET_TMPDIR, where another directory may help. */
static bool fail(const struct unpacking_dump *unpacking, struct error *error, const char *why, const char *hint)
{
	return error_set(error,
			 "a dump in %s data, which cannot be unpacked to %.100s: %s; %sunpack it with '%s', then give the "
			 "dump",
			 unpacking->order->packing, unpacking->order->directory, why, hint,
			 unpack_dump_by_hand(unpacking->order->packing));
}

/* Where the file system is full, or will be. Both are numbers of bytes in all; what is needed is the least that it takes. */
static bool fail_for_room(const struct unpacking_dump *unpacking, uint64_t usable, uint64_t needed, struct error *error)
{
	char why[100];

	snprintf(why, sizeof why, "%" PRIu64 " MiB may be used there, and at least %" PRIu64 " MiB are needed", usable / MIB,
		 needed / MIB + 1);
	return fail(unpacking, error, why, SET_TMPDIR);
}

static uint64_t times(uint64_t a, uint64_t b)
{
	uint64_t product;

	return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

static uint64_t at_least(uint64_t a, uint64_t least)
{
	return a > least ? a : least;
}

static void set_limits(struct unpacking_dump *unpacking)
{
	uint64_t packed = unpacking->order->packed_size;
	struct rlimit limit;

	unpacking->data_most = packed ? at_least(times(packed, 64), GIB) : 16 * GIB;
	unpacking->most = packed ? at_least(times(packed, 1024), 4 * GIB) : 16 * GIB;
	/* Writing behind this one ends the process (SIGXFSZ). */
	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < unpacking->most)
		unpacking->most = limit.rlim_cur;
	if (unpacking->most > INT64_MAX)
		unpacking->most = INT64_MAX;
}

/* Whether that many bytes can be written and leave room for others. */
static bool has_room(const struct unpacking_dump *unpacking, uint64_t bytes, struct error *error)
{
	struct statvfs file_system;

	if (fstatvfs(unpacking->fd, &file_system) != 0)
		return fail(unpacking, error, strerror(errno), SET_TMPDIR);
	uint64_t unit = file_system.f_frsize ? file_system.f_frsize : file_system.f_bsize;
	uint64_t reserve = at_least(times(file_system.f_blocks, unit) / 20, 64 * MIB);
	uint64_t free_bytes = times(file_system.f_bavail, unit);
	if (reserve > 4 * GIB)
		reserve = 4 * GIB;
	if (free_bytes >= reserve && free_bytes - reserve >= bytes)
		return true;
	uint64_t usable = free_bytes > reserve ? free_bytes - reserve : 0, written = unpacking->data;
	return fail_for_room(unpacking, usable + written, at_least(written + bytes, unpacking->order->packed_size), error);
}

static bool within_limits(const struct unpacking_dump *unpacking, uint64_t bytes, struct error *error)
{
	char why[100];

	if (bytes <= unpacking->most - unpacking->position && unpacking->data <= unpacking->data_most)
		return true;
	snprintf(why, sizeof why, "it gives more than the %" PRIu64 " MiB that are allowed for it",
		 (unpacking->data > unpacking->data_most ? unpacking->data_most : unpacking->most) / MIB);
	return fail(unpacking, error, why, "");
}

static bool is_zero(const char *block, size_t length)
{
	return block[0] == 0 && memcmp(block, block + 1, length - 1) == 0;
}

static bool write_run(struct unpacking_dump *unpacking, const char *bytes, size_t length, uint64_t offset,
		      struct error *error)
{
	unpacking->data += length;
	while (length > 0) {
		ssize_t written = pwrite(unpacking->fd, bytes, length, (off_t)offset);
		if (written < 0 && (errno == ENOSPC || errno == EDQUOT))
			return fail_for_room(unpacking, unpacking->data - length, unpacking->data, error);
		if (written < 0 && errno != EINTR)
			return fail(unpacking, error, strerror(errno), SET_TMPDIR);
		if (written > 0) {
			bytes += written;
			length -= (size_t)written;
			offset += (uint64_t)written;
		}
	}
	return true;
}

/* The next bytes of the dump, of which all but the last are whole blocks. */
static bool take(struct unpacking_dump *unpacking, const char *bytes, size_t length, struct error *error)
{
	if (!within_limits(unpacking, length, error) || !has_room(unpacking, length, error))
		return false;
	for (size_t begin = 0, end; begin < length; begin = end) {
		size_t block = length - begin < BLOCK ? length - begin : BLOCK;
		bool zero = is_zero(bytes + begin, block);
		for (end = begin + block; end < length; end += block) {
			block = length - end < BLOCK ? length - end : BLOCK;
			if (is_zero(bytes + end, block) != zero)
				break;
		}
		if (!zero && !write_run(unpacking, bytes + begin, end - begin, unpacking->position + begin, error))
			return false;
	}
	unpacking->position += length;
	return true;
}

static bool take_all(struct unpacking_dump *unpacking, struct log_source *source, struct error *error)
{
	uint64_t begin = source->offset;

	for (;;) {
		size_t done = (size_t)(begin + unpacking->position - source->offset);
		size_t length = source->length - done;
		if (!source->ended)
			length -= length % BLOCK;
		if (length > 0 && !take(unpacking, source->data + done, length, error))
			return false;
		if (source->ended)
			break;
		source->more(source, begin + unpacking->position, &unpacking->damage);
	}
	/* A hole at the end is made by the size alone. */
	return ftruncate(unpacking->fd, (off_t)unpacking->position) == 0 ||
	       fail(unpacking, error, strerror(errno), SET_TMPDIR);
}

static void tell(const struct unpacking_dump *unpacking, struct unpacked_dump *unpacked)
{
	snprintf(unpacked->notice, sizeof unpacked->notice,
		 "The dump is compressed (%s): unpacked to a temporary file in %.100s, %" PRIu64 " bytes.",
		 unpacking->order->packing, unpacking->order->directory, unpacking->position);
	unpacked->size = unpacking->position;
	unpacked->damage = unpacking->damage;
}

int unpack_dump_to_temporary(struct log_source *source, const struct unpack_dump_order *order,
			     struct unpacked_dump *unpacked, struct error *error)
{
	struct unpacking_dump unpacking = { .order = order, .fd = temporary_file_open(order->directory) };

	if (unpacking.fd < 0) {
		fail(&unpacking, error, strerror(errno), SET_TMPDIR);
		return -1;
	}
	set_limits(&unpacking);
	/* Unpacked it is no smaller. */
	if (!has_room(&unpacking, order->packed_size, error) || !take_all(&unpacking, source, error)) {
		close(unpacking.fd);
		return -1;
	}
	tell(&unpacking, unpacked);
	return unpacking.fd;
}
