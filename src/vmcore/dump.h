/*
 * A dump: physical memory of a machine that died, with what its container says of it. One struct for all formats; each
 * format is a file that fills it (reader_elf.c, reader_diskdump.c, reader_library.c).
 */
#ifndef VMCORE_DUMP_H
#define VMCORE_DUMP_H

#include "base/arena.h"
#include "base/error.h"
#include "vmcore/image.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum arch {
	ARCH_UNKNOWN,
	ARCH_X86_64,
	ARCH_I386,
	ARCH_AARCH64,
	ARCH_ARM,
	ARCH_PPC64, /* big endian and little endian ("ppc64le") */
	ARCH_PPC,
	ARCH_S390X,
	ARCH_RISCV64,
	ARCH_LOONGARCH64,
	ARCH_MIPS64,
};

/* What came of reading memory. */
enum memory_status {
	MEMORY_OK,
	MEMORY_EXCLUDED, /* the dump knows the page and left it out on purpose (dump level), or erased it */
	MEMORY_ABSENT,   /* no such memory in the machine, or the dump does not say */
	MEMORY_CUT,      /* the page lies behind the end of a file that was cut short */
	MEMORY_CORRUPT,  /* what should be the page is not: it does not unpack, or its place in the file makes no sense */
	MEMORY_UNMAPPED, /* the virtual address has no translation (or its page tables cannot be read) */
};

/* One ELF note, of an ELF dump's PT_NOTE or of the notes that makedumpfile keeps. */
struct dump_note {
	struct text name; /* "CORE", "VMCOREINFO", "QEMU", "LINUX", "Xen"...: without its NUL */
	uint32_t type;    /* NT_PRSTATUS is 1 */
	struct text data;
};

struct dump;

/* How one format gives memory. Every function may be called with any argument and stays within limits. */
struct dump_reader {
	/*
	 * `length` bytes of physical memory at `address`; may cross pages. Not MEMORY_OK: *error (never NULL) says which
	 * physical address, where in the file and why; buffer is then undefined.
	 */
	enum memory_status (*read_physical)(struct dump *dump, uint64_t address, void *buffer, size_t length,
					    struct error *error);
	/* As read_physical, by virtual address, where a format brings its own translation (the library's); else NULL. */
	enum memory_status (*read_virtual)(struct dump *dump, uint64_t address, void *buffer, size_t length,
					   struct error *error);
	/* What an ELF dump's program headers say of a virtual address (p_vaddr, p_paddr); NULL or false: nothing. */
	bool (*find_physical)(struct dump *dump, uint64_t virtual_address, uint64_t *physical_address);
	/*
	 * The next run of physical memory that the dump holds, at or above *address: sets *address and *length (at most 4
	 * MiB a call); holes of sparse files may be left out. False: no more. For searching through all memory. May be NULL.
	 */
	bool (*next_run)(struct dump *dump, uint64_t *address, uint64_t *length);
	void (*close)(struct dump *dump); /* frees dump->state and closes dump->image; the descriptors are the caller's */
};

struct dump {
	struct arena arena;
	const struct dump_reader *reader;
	void *state; /* the reader's */
	const char *
		format; /* "kdump-compressed", "elf", ...; for people and JSON. Of other formats what the library calls it */
	bool flattened; /* made with makedumpfile -F and never put in order */
	size_t files;   /* of a split set; else 1 */
	bool parts_missing; /* a file of the split set was not given */
	enum arch arch;
	bool big_endian;
	size_t word;        /* bytes of an unsigned long: 4 or 8 */
	uint64_t page_size; /* bytes, a power of two between 1 KiB and 1 MiB; 0: the container does not say */
	uint64_t memory;    /* bytes of physical memory that the machine had, as the container has it; 0: it does not say */
	int dump_level;     /* makedumpfile -d, 0 to 31 (63 in later versions); -1: the container does not say */
	bool incomplete;    /* the container says so itself (makedumpfile ran out of space), or the file is cut short */
	struct text incomplete_why; /* a sentence part: "cut short at byte N of M"; empty where not incomplete */
	struct text vmcoreinfo;     /* the note's text, as it is in the dump; empty: none */
	struct text notes_lost;     /* a sentence part: why notes are missing, VMCOREINFO perhaps among them; empty: none */
	struct dump_note *notes;    /* all notes in order, NT_PRSTATUS of the CPUs among them. At most DUMP_NOTES_MOST */
	size_t note_count;
	size_t note_bytes; /* of their names and data. At most DUMP_NOTE_BYTES_MOST */
	/* struct new_utsname of a header that has one (kdump-compressed); empty where it has none */
	struct text sysname, nodename, release, version, machine;
	size_t cpus;   /* what the header says; 0: it does not */
	uint64_t time; /* seconds since 1970 when the dump was begun, of the header; 0: it does not say */
	/* How far an x86_64 kernel was moved in memory, as a header says it: not always true. */
	bool has_phys_base;
	uint64_t phys_base;
	struct text *remarks; /* sentences on damage that the reader noticed and lived with */
	size_t remark_count;
	struct address_space *space; /* made when first needed: address.c */
};

enum { DUMP_NOTES_MOST = 16384, DUMP_NOTE_BYTES_MOST = 3 * 1024 * 1024, DUMP_FILES_MOST = 64 };

/* A file of a dump. */
struct dump_file {
	int fd;
	const char *name; /* what errors and remarks on one of several files call it; NULL: "file 2 of 3", as it was given */
};

/*
 * Opens what the files hold, a dump in one or a split set in any order; the format is told from the content. The descriptors
 * stay the caller's and must outlive the dump, the names need not. NULL: *error says what is wrong and what was expected. It
 * is on the last file, if it names no other: who adds files to a set one by one knows that the others were right.
 */
struct dump *dump_open_files(const struct dump_file *files, size_t count, struct error *error);
struct dump *dump_open(const int *fds, size_t count, struct error *error); /* the same without names */
void dump_close(struct dump *dump);

/* Virtual memory: the reader's own translation, else address.c's. As read_physical. */
enum memory_status dump_read(struct dump *dump, uint64_t address, void *buffer, size_t length, struct error *error);
enum memory_status dump_read_physical(struct dump *dump, uint64_t address, void *buffer, size_t length, struct error *error);

/* An unsigned integer of `size` bytes in virtual memory, in the dump's byte order. */
enum memory_status dump_read_number(struct dump *dump, uint64_t address, size_t size, uint64_t *value, struct error *error);

/* Adds a remark, unless the same was made before. */
void dump_remark(struct dump *dump, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The readers. `images` is `count` of them, one a file, which the dump takes over where it is made. NULL: *error. Of `files`
 * only the names count. */
struct dump *reader_elf_open(struct image **images, size_t count, struct error *error);
struct dump *reader_diskdump_open(struct image **images, const struct dump_file *files, size_t count, struct error *error);
struct dump *reader_library_open(const int *fds, size_t count, struct error *error);

/*
 * Splits a run of notes (4-byte aligned, ELF header order namesz, descsz, type) into dump->notes; finds dump->vmcoreinfo.
 * These lie in the text, which is to last as long as the dump: in its arena.
 */
void dump_add_notes(struct dump *dump, struct text notes);

/* "x86_64" as uname -m says it ("ppc64le" by byte order), NULL for ARCH_UNKNOWN; and back, from uname -m or e_machine. */
const char *arch_name(enum arch arch, bool big_endian);
size_t arch_word(enum arch arch); /* bytes of an unsigned long; 0 for ARCH_UNKNOWN */
enum arch arch_from_name(struct text name);
enum arch arch_from_elf(unsigned int machine, bool elf64);

#endif
