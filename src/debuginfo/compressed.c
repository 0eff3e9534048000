/*
 * Copies the file, appends what the sections hold, and has their headers point there (System V ABI, "Section Compression":
 * a section with SHF_COMPRESSED begins with an Elf64_Chdr).
 */
#define _GNU_SOURCE /* copy_file_range() */
#include "debuginfo/compressed.h"

#include "base/temporary_file.h"
#include "debuginfo/check.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if HAVE_ZSTD

#include <sys/statvfs.h>
#include <zstd.h>

enum {
	COMPRESSED_BY_ZSTD = 2, /* ELFCOMPRESS_ZSTD, which <elf.h> has since glibc 2.37 */
	PIECE = 256 * 1024,
	GIBIBYTES_MOST = 4, /* of the copy */
	ROOM_KEPT = 10,     /* a tenth of what is free stays so */
};

/* Where the two classes have what is changed: Elf64_Shdr and Elf32_Shdr, Elf64_Chdr and Elf32_Chdr. */
struct layout {
	size_t word;                                 /* bytes of each */
	size_t flags, offset, size, align;           /* in a section's header */
	size_t header, whole_size, compressed_align; /* of the header of what is compressed: its bytes, and members */
};

static const struct layout layout_64 = { 8, 8, 24, 32, 48, 24, 8, 16 };
static const struct layout layout_32 = { 4, 8, 16, 20, 32, 12, 4, 8 };

struct copy {
	const struct elf_file *file;
	const struct layout *layout;
	bool big_endian;
	int fd;
	uint64_t end; /* of the copy, bytes */
};

struct section {
	GElf_Shdr header;
	uint64_t place; /* of the header in the file */
	uint64_t size, align;
};

static uint64_t get(const struct copy *copy, const unsigned char *bytes, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value |= (uint64_t)bytes[copy->big_endian ? size - 1 - i : i] << 8 * i;
	return value;
}

static bool put(const struct copy *copy, uint64_t place, uint64_t value, struct error *error)
{
	unsigned char bytes[8];
	size_t size = copy->layout->word;

	for (size_t i = 0; i < size; i++)
		bytes[copy->big_endian ? size - 1 - i : i] = (unsigned char)(value >> 8 * i);
	return pwrite(copy->fd, bytes, size, (off_t)place) == (ssize_t)size ||
	       error_set(error, "its sections cannot be decompressed: %s", strerror(errno));
}

/* Is the section compressed so? Fills in what it is to be. */
static bool is_compressed(const struct copy *copy, Elf_Scn *scn, struct section *section)
{
	const struct layout *layout = copy->layout;
	const GElf_Ehdr *header = &copy->file->header;
	unsigned char bytes[24];

	if (!libdw.gelf_getshdr(scn, &section->header) || !(section->header.sh_flags & SHF_COMPRESSED) ||
	    section->header.sh_type == SHT_NOBITS || section->header.sh_size < layout->header ||
	    pread(copy->file->fd, bytes, layout->header, (off_t)section->header.sh_offset) != (ssize_t)layout->header ||
	    get(copy, bytes, 4) != COMPRESSED_BY_ZSTD)
		return false;
	section->size = get(copy, bytes + layout->whole_size, layout->word);
	section->align = get(copy, bytes + layout->compressed_align, layout->word);
	section->place = header->e_shoff + libdw.elf_ndxscn(scn) * header->e_shentsize;
	return true;
}

/* How many bytes the copy will have; 0: nothing is compressed so. */
static uint64_t whole_size(const struct copy *copy)
{
	uint64_t most = (uint64_t)GIBIBYTES_MOST << 30, size = copy->file->size;
	struct section section;
	bool any = false;

	for (Elf_Scn *scn = NULL; (scn = libdw.elf_nextscn(copy->file->elf, scn)) != NULL && size <= most;) {
		if (!is_compressed(copy, scn, &section))
			continue;
		any = true;
		size = section.size > most ? most + 1 : size + section.size;
	}
	return any ? size : 0;
}

static bool write_whole(struct copy *copy, const void *bytes, size_t length, struct error *error)
{
	for (size_t done = 0; done < length;) {
		ssize_t written = pwrite(copy->fd, (const char *)bytes + done, length - done, (off_t)copy->end);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return error_set(error, "its sections cannot be decompressed: %s", strerror(errno));
		done += (size_t)written;
		copy->end += (uint64_t)written;
	}
	return true;
}

static bool copy_file(struct copy *copy, void *piece, struct error *error)
{
	while (copy->end < copy->file->size) {
		ssize_t got = pread(copy->file->fd, piece, PIECE, (off_t)copy->end);
		if (got <= 0)
			return error_set(error, "it cannot be read: %s", got ? strerror(errno) : "it becomes shorter");
		if (!write_whole(copy, piece, (size_t)got, error))
			return false;
	}
	return true;
}

/* piece: twice PIECE bytes. */
static bool decompress(struct copy *copy, ZSTD_DCtx *context, const struct section *section, unsigned char *piece,
		       struct error *error)
{
	uint64_t at = section->header.sh_offset + copy->layout->header,
		 left = section->header.sh_size - copy->layout->header;
	uint64_t start = copy->end;
	size_t rest = 1;

	ZSTD_DCtx_reset(context, ZSTD_reset_session_only);
	while (left && rest) {
		ssize_t got = pread(copy->file->fd, piece, left < PIECE ? (size_t)left : PIECE, (off_t)at);
		if (got <= 0)
			return error_set(error, "it cannot be read: %s", got ? strerror(errno) : "it becomes shorter");
		ZSTD_inBuffer in = { .src = piece, .size = (size_t)got };
		ZSTD_outBuffer out;
		do {
			out = (ZSTD_outBuffer){ .dst = piece + PIECE, .size = PIECE };
			rest = ZSTD_decompressStream(context, &out, &in);
			if (ZSTD_isError(rest))
				return error_set(error, "damaged: a section does not decompress: %s",
						 ZSTD_getErrorName(rest));
			if (out.pos > section->size - (copy->end - start))
				return error_set(error,
						 "damaged: a section has more than the %" PRIu64 " bytes that it claims",
						 section->size);
			if (!write_whole(copy, out.dst, out.pos, error))
				return false;
		} while (rest && (in.pos < in.size || out.pos == out.size));
		at += (uint64_t)got;
		left -= (uint64_t)got;
	}
	return (!rest && copy->end - start == section->size) ||
	       error_set(error, "damaged: a section has %" PRIu64 " bytes, it claims %" PRIu64, copy->end - start,
			 section->size);
}

static bool take_section(struct copy *copy, ZSTD_DCtx *context, const struct section *section, unsigned char *piece,
			 struct error *error)
{
	const struct layout *layout = copy->layout;

	copy->end = (copy->end + 15) & ~(uint64_t)15;
	uint64_t start = copy->end;
	return decompress(copy, context, section, piece, error) &&
	       put(copy, section->place + layout->flags, section->header.sh_flags & ~(uint64_t)SHF_COMPRESSED, error) &&
	       put(copy, section->place + layout->offset, start, error) &&
	       put(copy, section->place + layout->size, section->size, error) &&
	       put(copy, section->place + layout->align, section->align, error);
}

static bool take_sections(struct copy *copy, unsigned char *piece, struct error *error)
{
	ZSTD_DCtx *context = ZSTD_createDCtx();
	struct section section;
	bool good = context || error_out_of_memory(error);

	for (Elf_Scn *scn = NULL; good && (scn = libdw.elf_nextscn(copy->file->elf, scn)) != NULL;)
		if (is_compressed(copy, scn, &section))
			good = take_section(copy, context, &section, piece, error);
	ZSTD_freeDCtx(context);
	return good;
}

static bool has_room(int fd, const char *directory, uint64_t size, struct error *error)
{
	struct statvfs status;
	uint64_t room = fstatvfs(fd, &status) == 0 ? (uint64_t)status.f_bavail * status.f_frsize : 0;

	return size <= room - room / ROOM_KEPT ||
	       error_set(error, "its sections cannot be decompressed: %.100s has no room for %" PRIu64 " MiB", directory,
			 size >> 20);
}

/* Gives the copy. */
static int decompress_file(struct copy *copy, const char *directory, uint64_t size, struct error *error)
{
	unsigned char *piece = NULL;
	bool good;

	if (size > (uint64_t)GIBIBYTES_MOST << 30) {
		error_set(error, "its sections cannot be decompressed: they are larger than %d GiB", GIBIBYTES_MOST);
		return -1;
	}
	copy->fd = temporary_file_open(directory);
	if (copy->fd < 0) {
		error_set(error, "its sections cannot be decompressed to %.100s: %s", directory, strerror(errno));
		return -1;
	}
	piece = malloc(2 * PIECE);
	good = (piece || error_out_of_memory(error)) && has_room(copy->fd, directory, size, error) &&
	       copy_file(copy, piece, error) && take_sections(copy, piece, error);
	free(piece);
	if (good)
		return copy->fd;
	close(copy->fd);
	return -1;
}

int uncompressed_open(const char *path, const char *directory, struct error *error)
{
	struct elf_file file;
	int fd;

	if (!elf_file_open(&file, path, "debuginfo", error))
		return -1;
	struct copy copy = {
		.file = &file,
		.layout = file.header.e_ident[EI_CLASS] == ELFCLASS32 ? &layout_32 : &layout_64,
		.big_endian = file.header.e_ident[EI_DATA] == ELFDATA2MSB,
	};
	uint64_t size = whole_size(&copy);
	if (size) {
		fd = decompress_file(&copy, directory ? directory : "/var/tmp", size, error);
	} else {
		fd = fcntl(file.fd, F_DUPFD_CLOEXEC, 0);
		if (fd < 0)
			error_set(error, "%s", strerror(errno));
	}
	elf_file_close(&file);
	return fd;
}

#else

int uncompressed_open(const char *path, const char *directory, struct error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	(void)directory;
	if (fd < 0)
		error_set(error, "%s", strerror(errno));
	return fd;
}

#endif
