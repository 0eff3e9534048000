/* Which format a dump is in, and what is the same for all of them. */
#include "vmcore/dump.h"
#include "vmcore/address.h"
#include "vmcore/bytes.h"
#include "vmcore/diskdump_header.h"
#include "vmcore/dump_parts.h"
#include "vmcore/elf_header.h"
#include "vmcore/flattened.h"
#include "vmcore/uts_names.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SNIFFED = 512, XEN_SECTIONS_MOST = 64 };

enum content { CONTENT_DISKDUMP, CONTENT_ELF, CONTENT_OTHER };

struct opening {
	struct image *images[DUMP_FILES_MOST];
	size_t count;
	bool flattened;
	struct error cut; /* why a flattened file is incomplete, as dump.incomplete_why; empty: it is not */
};

/* What people hand over instead of a dump. */
static const struct {
	const char *magic;
	size_t length;
	const char *what;
} mistakes[] = {
	{ "\x1f\x8b", 2, "compressed with gzip; a dump must be unpacked first" },
	{ "\xfd"
	  "7zXZ",
	  5, "compressed with xz; a dump must be unpacked first" },
	{ "\x28\xb5\x2f\xfd", 4, "compressed with zstd as a whole; a dump must be unpacked first" },
	{ "BZh", 3, "compressed with bzip2; a dump must be unpacked first" },
	{ "\x04\x22\x4d\x18", 4, "compressed with lz4; a dump must be unpacked first" },
};

static bool is_text(const unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i] >= 0x7f || (bytes[i] < ' ' && !memchr("\t\n\r\f\x1b", bytes[i], 5)))
			return false;
	return true;
}

/* All that is there are the first bytes of a dump's mark. */
static bool is_beginning(const unsigned char *bytes, size_t length)
{
	static const char *const marks[] = { "KDUMP   ", "DISKDUMP", "makedumpfile", "\177ELF" };

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (length && length < SNIFFED &&
		    memcmp(bytes, marks[i], length < strlen(marks[i]) ? length : strlen(marks[i])) == 0)
			return true;
	return false;
}

/* False: *error says what it is instead of a dump. */
static bool check_other(const unsigned char *bytes, size_t length, struct error *error)
{
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++)
		if (length >= mistakes[i].length && memcmp(bytes, mistakes[i].magic, mistakes[i].length) == 0)
			return error_set(error, "%s", mistakes[i].what);
	if (is_beginning(bytes, length))
		return error_set(error, "the dump is cut short: %zu bytes, less than the mark of its format", length);
	if (is_text(bytes, length))
		return error_set(error, "this is text, not a dump");
	if (length < SNIFFED)
		return error_set(error, "not a dump: %zu bytes are less than the header of any", length);
	return true;
}

/* What the index says of the flattened file is true of the dump in it. */
static void explain_cut(const struct image *image, struct error *why)
{
	struct text cause = text_from(flattened_cut_cause(image));

	if (text_eat(&cause, "the flattened file is cut short: "))
		error_set(why, "cut short: %.*s", TEXT_ARGS(cause));
	else
		error_set(why, "%.*s", TEXT_ARGS(cause));
}

/* An ELF file with sections only is one of Xen's (xl dump-core: some ten of them), which the library reads. */
static bool is_xen_elf(const struct image *image, const struct elf_header *header)
{
	return header->segment_count == 0 && header->section_count > 0 && header->section_count <= XEN_SECTIONS_MOST &&
	       header->sections > 0 && header->sections < image->size;
}

static bool check_elf(struct image *image, const unsigned char *bytes, enum content *content, struct error *error)
{
	struct elf_header header;
	uint64_t size = bytes[4] == 1 ? 52 : 64; /* of an ELF header, by its class */

	if (image->size < size)
		return error_set(error,
				 "the dump is cut short: %" PRIu64 " of at least %" PRIu64
				 " bytes, less than the header of an ELF dump",
				 image->size, size);
	if (!elf_header_read(image, &header, error))
		return false;
	*content = is_xen_elf(image, &header) ? CONTENT_OTHER : CONTENT_ELF;
	return true;
}

static bool refuse_flattened(const struct image *image, struct error *error)
{
	struct flattened_gap gap;

	if (!flattened_has_gap(image, 0, SNIFFED, &gap))
		return error_set(error,
				 "a flattened file that holds neither an ELF dump nor makedumpfile's compressed format");
	return error_set(error,
			 "bytes %" PRIu64 " to %" PRIu64
			 " of the dump, which tell its format, are in no block of the flattened file",
			 gap.begin, gap.end - 1);
}

static bool sniff(struct image *image, enum content *content, struct error *error)
{
	unsigned char bytes[SNIFFED] = { 0 };
	size_t length = image->size < sizeof bytes ? (size_t)image->size : sizeof bytes;

	*content = CONTENT_OTHER;
	if (image_is_cut(image) && length < SNIFFED)
		return error_set(error, "nothing of it can be read");
	if (!image->read(image, 0, bytes, length, error))
		return false;
	if (length >= 8 && diskdump_recognise(bytes)) {
		*content = CONTENT_DISKDUMP;
		return true;
	}
	if (length >= 8 && memcmp(bytes, "\177ELF", 4) == 0)
		return check_elf(image, bytes, content, error);
	if (image_is_flattened(image))
		return refuse_flattened(image, error);
	return check_other(bytes, length, error);
}

static void close_images(struct opening *opening)
{
	while (opening->count) {
		struct image *image = opening->images[--opening->count];
		image->close(image);
	}
}

/* Opens the images and tells what they hold, which must be the same for all. */
static bool open_images(struct opening *opening, const struct dump_file *files, size_t count, enum content *content,
			struct error *error)
{
	struct error why;

	for (size_t i = 0; i < count; i++) {
		enum content this = CONTENT_OTHER;
		struct image *image = image_open(files[i].fd, &why);
		if (image)
			opening->images[opening->count++] = image;
		if (image && image_is_cut(image) && !opening->cut.message[0])
			explain_cut(image, &opening->cut);
		bool known = image && sniff(image, &this, &why);
		if (known && count > 1 && this == CONTENT_ELF)
			known = error_set(&why, "it is an ELF dump, which is never split");
		if (known && i && this != *content)
			known = error_set(&why, "it is not of the same format as the files before it");
		if (!known)
			return dump_refuse_file(files, count, i, &why, error);
		*content = this;
		opening->flattened |= image_is_flattened(image);
	}
	return true;
}

/* Notes of the hypervisor: memory is by its addresses, and only the library knows its page tables. */
static bool has_xen_notes(const struct dump *dump)
{
	for (size_t i = 0; i < dump->note_count; i++)
		if (text_is(dump->notes[i].name, "Xen"))
			return true;
	return false;
}

/* The library's dump where it alone reads the kernel's memory; else ours, which can at least be searched. */
static struct dump *choose_for_xen(struct dump *dump, const int *fds, size_t count)
{
	struct uts_names names;
	struct error why;

	if (uts_names_read(dump, &names))
		return dump;
	struct dump *xen = reader_library_open(fds, count, &why);
	if (xen && uts_names_read(xen, &names)) {
		dump_close(dump);
		return xen;
	}
	dump_remark(dump, "it is of Xen, and libkdumpfile cannot read it: %s",
		    xen ? "it does not find the kernel's memory" : why.message);
	dump_close(xen);
	return dump;
}

static struct dump *open_content(struct opening *opening, const struct dump_file *files, enum content content,
				 struct error *error)
{
	struct dump *dump = NULL;
	size_t count = opening->count;
	int fds[DUMP_FILES_MOST];

	for (size_t i = 0; i < count; i++)
		fds[i] = files[i].fd;
	if (content == CONTENT_DISKDUMP)
		dump = reader_diskdump_open(opening->images, files, count, error);
	else if (content == CONTENT_ELF)
		dump = reader_elf_open(opening->images, count, error);
	if (dump)
		opening->count = 0; /* the dump's now */
	close_images(opening);
	if (content == CONTENT_OTHER)
		return reader_library_open(fds, count, error);
	return dump && !opening->flattened && has_xen_notes(dump) ? choose_for_xen(dump, fds, count) : dump;
}

struct dump *dump_open_files(const struct dump_file *files, size_t count, struct error *error)
{
	struct opening opening = { .count = 0 };
	enum content content = CONTENT_OTHER;
	struct dump *dump = NULL;

	if (count == 0 || count > DUMP_FILES_MOST) {
		error_set(error, "a dump of %zu files; 1 to %d were expected", count, DUMP_FILES_MOST);
		return NULL;
	}
	if (open_images(&opening, files, count, &content, error))
		dump = open_content(&opening, files, content, error);
	else
		close_images(&opening);
	if (!dump) {
		dump_explain(text_from(opening.cut.message), error);
		return NULL;
	}
	dump->flattened = opening.flattened;
	if (opening.cut.message[0] && !dump->incomplete) {
		dump->incomplete = true;
		dump->incomplete_why = arena_copy(&dump->arena, text_from(opening.cut.message));
	}
	return dump;
}

struct dump *dump_open(const int *fds, size_t count, struct error *error)
{
	struct dump_file files[DUMP_FILES_MOST] = { { 0 } };

	for (size_t i = 0; i < count && i < DUMP_FILES_MOST; i++)
		files[i].fd = fds[i];
	return dump_open_files(files, count, error);
}

void dump_close(struct dump *dump)
{
	if (!dump)
		return;
	address_reset(dump);
	dump->reader->close(dump);
	arena_free(&dump->arena);
	free(dump);
}

enum memory_status dump_read_physical(struct dump *dump, uint64_t address, void *buffer, size_t length, struct error *error)
{
	return dump->reader->read_physical(dump, address, buffer, length, error);
}

enum memory_status dump_read(struct dump *dump, uint64_t address, void *buffer, size_t length, struct error *error)
{
	unsigned char *to = buffer;

	if (dump->reader->read_virtual)
		return dump->reader->read_virtual(dump, address, buffer, length, error);
	while (length) {
		uint64_t physical = 0, together = 0;
		enum memory_status status = address_translate(dump, address, &physical, &together, error);
		if (status != MEMORY_OK)
			return status;
		size_t piece = together < length ? (size_t)together : length;
		if (!piece) /* would never end */
			piece = 1;
		status = dump_read_physical(dump, physical, to, piece, error);
		if (status != MEMORY_OK)
			return status;
		to += piece;
		address += piece;
		length -= piece;
	}
	return MEMORY_OK;
}

enum memory_status dump_read_number(struct dump *dump, uint64_t address, size_t size, uint64_t *value, struct error *error)
{
	unsigned char bytes[8];

	*value = 0;
	if (size == 0 || size > sizeof bytes) {
		error_set(error, "a number of %zu bytes at 0x%" PRIx64 "; 1 to 8 were expected", size, address);
		return MEMORY_CORRUPT;
	}
	enum memory_status status = dump_read(dump, address, bytes, size, error);
	if (status == MEMORY_OK)
		*value = bytes_get(bytes, size, dump->big_endian);
	return status;
}
