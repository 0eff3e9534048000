/* The names, as a table. */
#include "input/crash_file.h"

#include "input/packing.h"

#include "input/pstore.h"

#include <fnmatch.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Debian writes 12 digits (date +%Y%m%d%H%M); others that follow it may leave out the time of day or add seconds. */
#define TIME "[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]*"

/*
 * The first that fits is taken; of one role, a better name stands before a worse one, and names that differ in the time
 * alone have one rank.
 *
 * kdump-utils and kexec-tools (RHEL, Fedora, Amazon): vmcore-dmesg.txt, vmcore, vmcore.flat (what went over ssh),
 * kexec-dmesg.log, and vmcore-dmesg-incomplete.txt, vmcore-incomplete until they are whole.
 * kdump-tools (Debian, Ubuntu): dmesg.TIME, dump.TIME, vmcore.TIME (where makedumpfile failed and cp did not), the dumps
 * with .gz, .bz2, .xz or .lz4 behind it where that is asked for, dump-incomplete and vmcore-incomplete until they are whole.
 * kdump (SUSE): dmesg.txt, vmcore, README.txt, and vmcore1, vmcore2... with KDUMP_CPUS. kdumpst (SteamOS) and
 * systemd-pstore: dmesg.txt; vmcore.compressed.
 */
static const struct {
	const char *pattern; /* of fnmatch() */
	struct crash_file file;
} names[] = {
	{ "kexec-dmesg.log", { .role = CRASH_FILE_SAVING_LOG } },
	{ "README.txt", { .role = CRASH_FILE_README } },
	{ "vmcore-dmesg.txt", { .role = CRASH_FILE_LOG, .rank = 0 } },
	{ "vmcore-dmesg.txt.*", { .role = CRASH_FILE_LOG, .rank = 1 } },
	{ "dmesg.txt", { .role = CRASH_FILE_LOG, .rank = 2 } },
	{ "dmesg.txt.*", { .role = CRASH_FILE_LOG, .rank = 3 } },
	{ "dmesg." TIME, { .role = CRASH_FILE_LOG, .rank = 4 } },
	{ "vmcore-dmesg-incomplete.txt", { .role = CRASH_FILE_LOG, .rank = 5, .incomplete = true } },
	{ "vmcore", { .role = CRASH_FILE_DUMP, .rank = 0 } },
	{ "vmcore.flat", { .role = CRASH_FILE_DUMP, .rank = 1 } },
	{ "dump." TIME, { .role = CRASH_FILE_DUMP, .rank = 2 } },
	{ "vmcore." TIME, { .role = CRASH_FILE_DUMP, .rank = 2 } },
	{ "vmcore.*", { .role = CRASH_FILE_DUMP, .rank = 3 } },
	{ "vmcore[0-9]*", { .role = CRASH_FILE_DUMP, .rank = 4 } },
	{ "vmcore-incomplete*", { .role = CRASH_FILE_DUMP, .rank = 5, .incomplete = true } },
	{ "dump-incomplete*", { .role = CRASH_FILE_DUMP, .rank = 5, .incomplete = true } },
};

/* What people and tools put beside the files above, under names that would fit. */
static const char *const never[] = { "*~", "*.sw[a-p]", "*.asc", "*.sig", "*.md5*", "*.sha*", "*.part", "*.tmp" };
static const char *const never_dumps[] = { "*.txt", "*.log", "*.json", "*.html" };

static bool fits_any(const char *name, const char *const *patterns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fnmatch(patterns[i], name, 0) == 0)
			return true;
	return false;
}

/* The digits behind "vmcore" or "vmcore.", at most three: longer ones are a time. Each part may be compressed. */
static void number_part(struct crash_file *file, const char *name)
{
	const char *digits = name + strlen("vmcore");
	size_t length;

	file->part = -1;
	if (file->role != CRASH_FILE_DUMP || strncmp(name, "vmcore", strlen("vmcore")) != 0)
		return;
	file->dotted = *digits == '.';
	digits += file->dotted;
	length = strspn(digits, "0123456789");
	if (length > 0 && length <= 3 && packing_offset(digits + length) == 0)
		file->part = atoi(digits);
}

uint64_t crash_file_time(const char *name)
{
	const char *digits = strchr(name, '.');

	/* Too many digits give the greatest number, which is as good as any. */
	return digits && strspn(digits + 1, "0123456789") >= 8 ? strtoull(digits + 1, NULL, 10) : 0;
}

struct crash_file crash_file_from_name(const char *name)
{
	struct pstore_name ignored;
	struct crash_file file = { 0 };
	size_t row = 0;

	if (pstore_name_parse(name, &ignored))
		return (struct crash_file){ .role = CRASH_FILE_PSTORE, .part = -1 };
	while (row < sizeof names / sizeof *names && fnmatch(names[row].pattern, name, 0) != 0)
		row++;
	if (row < sizeof names / sizeof *names && !fits_any(name, never, sizeof never / sizeof *never))
		file = names[row].file;
	if (file.role == CRASH_FILE_DUMP && fits_any(name, never_dumps, sizeof never_dumps / sizeof *never_dumps))
		file = (struct crash_file){ 0 };
	if (file.role == CRASH_FILE_LOG || file.role == CRASH_FILE_DUMP)
		file.time = crash_file_time(name);
	number_part(&file, name);
	return file;
}
