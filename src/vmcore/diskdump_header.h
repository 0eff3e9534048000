/*
 * The headers of makedumpfile's compressed format (makedumpfile diskdump_mod.h; QEMU dump/dump.c writes the same), and of
 * the older diskdump, of which it comes.
 */
#ifndef VMCORE_DISKDUMP_HEADER_H
#define VMCORE_DISKDUMP_HEADER_H

#include "vmcore/dump.h"

/* The status field. */
enum {
	DISKDUMP_INCOMPLETE = 0x08,       /* no space was left, or the like; set since makedumpfile 1.5.6 */
	DISKDUMP_EXCLUDED_VMEMMAP = 0x10, /* makedumpfile -e */
	DISKDUMP_VERSION_KNOWN = 6,
};

struct diskdump_header {
	bool kdump; /* "KDUMP   ", else "DISKDUMP", whose sub header is not makedumpfile's */
	bool big_endian;
	size_t word; /* bytes of an unsigned long */
	enum arch arch;
	uint32_t version;
	/* struct new_utsname: sysname, nodename, release, version, machine, domainname */
	char names[6][65];
	uint64_t time; /* seconds since 1970 */
	uint32_t status;
	uint32_t block_size;    /* bytes, which is the page size too; a power of two from 1 KiB to 1 MiB */
	uint64_t pages;         /* page frame numbers are below that; as far as the bitmaps go */
	uint64_t pages_claimed; /* what the header says */
	uint32_t cpus;          /* 0: not known */
	int dump_level;         /* -1: not known */
	bool has_phys_base;
	uint64_t phys_base; /* of x86_64; QEMU writes its own guess, others 0 or -1 */
	bool split;
	uint64_t begin, end; /* page frame numbers that this file of a split set is for; else all */
	/* Offsets in the file; memory_bitmap is 0 where there is none */
	uint64_t memory_bitmap, dumped_bitmap, descriptors;
	uint64_t vmcoreinfo, vmcoreinfo_size; /* 0: none */
	uint64_t notes, notes_size;
	uint64_t notes_claimed, vmcoreinfo_claimed; /* sizes as the header says them: the file may have been cut */
};

/* Whether the first eight bytes are a signature of the format. */
bool diskdump_recognise(const void *bytes);

/* False: *error says which field is wrong, where, and what was expected. */
bool diskdump_header_read(struct image *image, struct diskdump_header *header, struct error *error);

struct text diskdump_name(const struct diskdump_header *header, size_t which); /* of names, up to its NUL */

#endif
