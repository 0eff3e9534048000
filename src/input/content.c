/* The marks of file formats, and how much of a log is text. */
#include "input/content.h"

#include <stdbool.h>
#include <string.h>

/* Each at its offset, from the formats' own documents; the dumps' as libkdumpfile and makedumpfile know them. */
static const struct {
	size_t offset;
	const char *mark;
	size_t length;
	enum content content;
	const char *name;
} marks[] = {
	{ 0, "\x1f\x8b", 2, CONTENT_COMPRESSED, "gzip" },
	{ 0, "BZh", 3, CONTENT_COMPRESSED, "bzip2" },
	{ 0,
	  "\xfd"
	  "7zXZ\0",
	  6, CONTENT_COMPRESSED, "xz" },
	{ 0, "\x28\xb5\x2f\xfd", 4, CONTENT_COMPRESSED, "zstd" },
	{ 0, "\x04\x22\x4d\x18", 4, CONTENT_COMPRESSED, "lz4" },
	{ 0, "KDUMP   ", 8, CONTENT_DUMP, "a kernel dump (makedumpfile's compressed format)" },
	{ 0, "DISKDUMP", 8, CONTENT_DUMP, "a kernel dump (diskdump)" },
	{ 0, "makedumpfile\0", 13, CONTENT_DUMP, "a kernel dump (makedumpfile's flattened format)" },
	{ 0, "sadu", 4, CONTENT_DUMP, "a kernel dump (sadump)" },
	{ 0, "\xed\x23\x8f\x61\x73\x01\x19\xa8", 8, CONTENT_DUMP, "a kernel dump (LKCD)" },
	{ 0, "\xa8\x19\x01\x73\x61\x8f\x23\xed", 8, CONTENT_DUMP, "a kernel dump (LKCD)" },
	{ 0, "\xa8\x19\x01\x73\x61\x8f\x23\xfd", 8, CONTENT_DUMP, "a kernel dump (s390)" },
	{ 257, "ustar", 5, CONTENT_TAR, "a tar archive" },
};

static bool has_mark(struct text t, size_t offset, const char *mark, size_t length)
{
	return t.length >= offset + length && memcmp(t.data + offset, mark, length) == 0;
}

/* An ELF file of type ET_CORE (4), in either byte order; or cut before that can be seen. */
static bool is_elf_core(struct text t)
{
	return has_mark(t, 0,
			"\x7f"
			"ELF",
			4) &&
	       (t.length <= 17 || t.data[16] == 4 || t.data[17] == 4);
}

/* How long the UTF-8 character at t is; 0 where there is none. */
static size_t utf8_length(struct text t)
{
	unsigned char c = (unsigned char)t.data[0];
	size_t length = c >= 0xf0 && c < 0xf5 ? 4 : c >= 0xe0 ? 3 : 2;

	if (c < 0xc2 || c >= 0xf5 || t.length < length)
		return 0;
	for (size_t i = 1; i < length; i++)
		if (((unsigned char)t.data[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

/*
 * Logs hold stray bytes: blocks of NUL that a crash left in a file, colours, a driver's garbage. Programs, random data and
 * dumps whose mark is damaged are full of them: more than a tenth control characters, or more than a quarter of bytes that
 * are no UTF-8, or NULs again and again.
 */
static bool is_binary(struct text t)
{
	enum { NUL_RUNS = 16, BYTES_BETWEEN = 40 };
	size_t seen = 0, controls = 0, strays = 0, nul_runs = 0;

	for (size_t i = 0; i < t.length;) {
		unsigned char c = (unsigned char)t.data[i];
		size_t length = c >= 0x80 ? utf8_length(text_from_offset(t, i)) : 1;
		if (c == '\0') {
			nul_runs += i && t.data[i - 1] != '\0';
			i++;
			continue;
		}
		controls += c < 0x20 && !strchr("\b\t\n\v\f\r\033", c);
		strays += length == 0;
		seen++;
		i += length ? length : 1;
	}
	return controls > seen / 10 || strays > seen / 4 || (nul_runs > NUL_RUNS && nul_runs > seen / BYTES_BETWEEN);
}

/* A file that ends within a dump's mark was cut; four bytes are no coincidence. */
static bool is_piece_of_mark(struct text t, size_t mark)
{
	enum { PIECE_LEAST = 4 };

	return marks[mark].offset == 0 && t.length >= PIECE_LEAST && t.length < marks[mark].length &&
	       memcmp(t.data, marks[mark].mark, t.length) == 0;
}

static bool is_zeros(struct text t)
{
	return t.length && !t.data[0] && memcmp(t.data, t.data + 1, t.length - 1) == 0;
}

enum content content_of(struct text beginning, const char **name)
{
	*name = "binary data";
	if (!beginning.length)
		return CONTENT_EMPTY;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (has_mark(beginning, marks[i].offset, marks[i].mark, marks[i].length) || is_piece_of_mark(beginning, i)) {
			*name = marks[i].name;
			return marks[i].content;
		}
	}
	if (is_elf_core(beginning)) {
		*name = "a kernel dump (ELF)";
		return CONTENT_DUMP;
	}
	if (has_mark(beginning, 0,
		     "\x7f"
		     "ELF",
		     4)) {
		*name = "a program (ELF)";
		return CONTENT_BINARY;
	}
	if (is_zeros(beginning)) {
		*name = "zeros";
		return CONTENT_ZEROS;
	}
	return is_binary(beginning) ? CONTENT_BINARY : CONTENT_TEXT;
}
