/*
 * Sections that are compressed with zstd (ELFCOMPRESS_ZSTD, since 2022): elfutils before 0.189, and those built without
 * libzstd, cannot read them. Private to debuginfo/.
 */
#ifndef DEBUGINFO_COMPRESSED_H
#define DEBUGINFO_COMPRESSED_H

#include "base/error.h"

/*
 * Opens an ELF file for libdw: the file itself, or where it has such sections a temporary copy in `directory` in which they
 * are not compressed. It is whole: elf_file_open() has looked at it. -1: *error.
 */
int uncompressed_open(const char *path, const char *directory, struct error *error);

#endif
