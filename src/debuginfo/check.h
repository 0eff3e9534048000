/* An ELF file that is looked at before it is used. Private to debuginfo/. */
#ifndef DEBUGINFO_CHECK_H
#define DEBUGINFO_CHECK_H

#include "base/error.h"
#include "debuginfo/libdw.h"

#include <stdbool.h>
#include <stdint.h>

enum { BUILD_ID_MOST = 64, ELF_BUILD_ID_DIGITS = 2 * BUILD_ID_MOST + 1 };

struct elf_file {
	int fd;
	Elf *elf;
	GElf_Ehdr header;
	uint64_t size; /* of the file, bytes */
};

/*
 * Opens a regular file that is ELF and as long as its section headers say. `what`: what is expected, for the error: "a
 * vmlinux". False: *error, with the path, and there is nothing to close.
 */
bool elf_file_open(struct elf_file *file, const char *path, const char *what, struct error *error);
void elf_file_close(struct elf_file *file);

/* Is e_machine that of this uname -m? True where arch is NULL, or none that is known. */
bool elf_file_machine_fits(const char *arch, unsigned int machine);

/* Is there a section .debug_info that holds something? */
bool elf_file_has_debuginfo(Elf *elf, struct error *error);

/* A section by its name, with its header; NULL: the file has none. Of type SHT_NOBITS, what it holds is not in the file. */
Elf_Scn *elf_file_section(Elf *elf, const char *wanted, GElf_Shdr *shdr);

/* What a section of the program holds; NULL: there is none of that name in the file. */
Elf_Data *elf_file_data(Elf *elf, const char *wanted);

/* Its build id in hex digits; empty, and false: it has none. */
bool elf_file_build_id(Elf *elf, char digits[ELF_BUILD_ID_DIGITS]);

#endif
