/* Names of logs, as a table. */
#define _GNU_SOURCE /* FNM_CASEFOLD, strcasestr */
#include "input/log_name.h"

#include "input/pstore.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { NAME_MOST = 255 }; /* bytes; no file system of Linux has a longer one */

/* What a name must have besides its pattern. */
enum condition {
	ALWAYS,
	WORD_IN_ARCHIVE, /* in an archive of a whole system, a word that speaks for the kernel's log, anywhere in the path */
	WORD,            /* such a word, in the name; in an archive, anywhere in the path */
};

/*
 * The crash kernel's own log, and that of the service which loads it, are never the answer; files about logs, or beside
 * them, neither.
 */
static const char *const never[] = {
	"kexec-dmesg.log", "kdump.log", ".*",     "*~",    "readme*",      "*.json",   "*.html",
	"*.htm",           "*.xml",     "*.yaml", "*.yml", "*.csv",        "*.md",     "*.rst",
	"*.pdf",           "*.png",     "*.conf", "*.cfg", "*.ini",        "*.rules",  "*.service",
	"*.socket",        "*.po",      "*.pot",  "*.mo",  "*.properties", "*.[chos]", "*.cc",
	"*.cpp",           "*.go",      "*.rs",   "*.js",  "*.css",        "*.java",   "*.p[ly]",
	"*.py[co]",        "*.rb",      "*.sh",   "*.ko",  "*.so",         "*.patch",  "*.diff",
	"*.deb",           "*.rpm",     "*.asc",  "*.sig", "*.md5*",       "*.sha*",   "*.part",
	"*.tmp",           "*.sw[a-p]",
};

/* The first that fits is taken; case does not count. */
static const struct {
	const char *pattern; /* of fnmatch(), for a name without suffixes of compression and rotation */
	enum log_name name;
	enum condition condition;
} names[] = {
	{ "*.tar", LOG_NAME_ARCHIVE, ALWAYS },
	{ "*.tgz", LOG_NAME_ARCHIVE, ALWAYS },
	{ "*.txz", LOG_NAME_ARCHIVE, ALWAYS },
	{ "*.tbz", LOG_NAME_ARCHIVE, ALWAYS },
	{ "*.tbz2", LOG_NAME_ARCHIVE, ALWAYS },
	{ "*.tb2", LOG_NAME_ARCHIVE, ALWAYS },
	{ "*.tz2", LOG_NAME_ARCHIVE, ALWAYS },
	{ "*.tzst", LOG_NAME_ARCHIVE, ALWAYS },
	{ "*.tlz4", LOG_NAME_ARCHIVE, ALWAYS },
	/* Of syslog daemons: RHEL and SUSE, Debian and Ubuntu, others; "warn" is SUSE's. */
	{ "messages*", LOG_NAME_SYSTEM, ALWAYS },
	{ "*.messages", LOG_NAME_SYSTEM, ALWAYS },
	{ "syslog*", LOG_NAME_SYSTEM, ALWAYS },
	{ "kern.log*", LOG_NAME_SYSTEM, ALWAYS },
	{ "kernel.log*", LOG_NAME_SYSTEM, ALWAYS },
	{ "kern", LOG_NAME_SYSTEM, ALWAYS },
	{ "warn", LOG_NAME_SYSTEM, ALWAYS },
	{ "journalctl*", LOG_NAME_SYSTEM, ALWAYS },
	/* The kernel's alone, or a console's. screen(1) writes screenlog.0. */
	{ "dmesg*", LOG_NAME_KERNEL, ALWAYS },
	{ "vmcore-dmesg*", LOG_NAME_KERNEL, ALWAYS },
	{ "console*", LOG_NAME_KERNEL, ALWAYS },
	{ "netconsole*", LOG_NAME_KERNEL, ALWAYS },
	{ "screenlog*", LOG_NAME_KERNEL, ALWAYS },
	{ "kmsg*", LOG_NAME_KERNEL, ALWAYS },
	{ "oops*", LOG_NAME_KERNEL, ALWAYS },
	{ "*.kmsg", LOG_NAME_KERNEL, ALWAYS },
	{ "*.dmesg", LOG_NAME_KERNEL, ALWAYS },
	{ "*.console", LOG_NAME_KERNEL, ALWAYS },
	{ "*.oops", LOG_NAME_KERNEL, ALWAYS },
	{ "*.syslog", LOG_NAME_KERNEL, ALWAYS },
	{ "*[-_]dmesg", LOG_NAME_KERNEL, ALWAYS },
	{ "*[-_]console", LOG_NAME_KERNEL, ALWAYS },
	{ "*[-_]kmsg", LOG_NAME_KERNEL, ALWAYS },
	{ "*.log", LOG_NAME_KERNEL, WORD_IN_ARCHIVE },
	{ "*.txt", LOG_NAME_KERNEL, WORD },
};

/* Only in an archive: supportconfig's boot.txt holds the output of dmesg and the log of the last boot. */
static const char *const archive_names[] = { "boot.txt" };

static const char *const words[] = { "dmesg", "console", "kmsg", "oops", "panic", "crash", "vmcore", "kernel", "serial" };

/* Directories at the top of an archive that have the host's name in them, which may be any word. */
static const char *const named_by_host[] = { "sosreport-*", "scc_*", "nts_*" };

/* ".tailed": what sosreport keeps of a log that is too long is its end. */
static const char *const suffixes[] = { ".gz", ".xz", ".zst", ".bz2", ".lz4", ".old", ".tailed" };

static bool fits_any(const char *name, const char *const *patterns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fnmatch(patterns[i], name, FNM_CASEFOLD) == 0)
			return true;
	return false;
}

static bool has_word(const char *string)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasestr(string, words[i]))
			return true;
	return false;
}

/* The length without one suffix of compression, or of rotation: .1, -20230605, .20230605, -20230605-153000. */
static size_t without_suffix(const char *name, size_t length)
{
	size_t digits = 0;

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		size_t suffix = strlen(suffixes[i]);
		if (length > suffix && strncasecmp(name + length - suffix, suffixes[i], suffix) == 0)
			return length - suffix;
	}
	while (digits < length && isdigit((unsigned char)name[length - 1 - digits]))
		digits++;
	if (digits == 0 || length < digits + 2)
		return length;
	char separator = name[length - 1 - digits];
	bool rotated = (separator == '.' && (digits <= 3 || digits >= 8)) || (separator == '-' && digits >= 6);
	return rotated ? length - digits - 1 : length;
}

/* False: it is too long for a name. */
static bool copy_without_suffixes(const char *name, char copy[static NAME_MOST + 1])
{
	size_t length = strnlen(name, NAME_MOST + 1), shorter;

	if (length > NAME_MOST)
		return false;
	while ((shorter = without_suffix(name, length)) < length)
		length = shorter;
	memcpy(copy, name, length);
	copy[length] = '\0';
	return true;
}

/* The row of a name; as many as there are: none. */
static size_t row_of(const char *bare)
{
	size_t row = 0;

	if (fits_any(bare, never, sizeof never / sizeof *never))
		return sizeof names / sizeof *names;
	while (row < sizeof names / sizeof *names && fnmatch(names[row].pattern, bare, FNM_CASEFOLD) != 0)
		row++;
	return row;
}

enum log_name log_name_of(const char *name)
{
	struct pstore_name ignored;
	char bare[NAME_MOST + 1];

	if (pstore_name_parse(name, &ignored))
		return LOG_NAME_PSTORE;
	if (!copy_without_suffixes(name, bare))
		return LOG_NAME_NONE;
	size_t row = row_of(bare);
	if (row == sizeof names / sizeof *names || (names[row].condition == WORD && !has_word(bare)))
		return LOG_NAME_NONE;
	return names[row].name;
}

/* Whether one of the directories in a path speaks for the kernel. */
static bool has_word_above(const char *path)
{
	const char *slash;

	for (; (slash = strchr(path, '/')); path = slash + 1) {
		char directory[NAME_MOST + 1];
		size_t length = (size_t)(slash - path);
		if (length > NAME_MOST)
			continue;
		memcpy(directory, path, length);
		directory[length] = '\0';
		if (has_word(directory) && !fits_any(directory, named_by_host, sizeof named_by_host / sizeof *named_by_host))
			return true;
	}
	return false;
}

enum log_name log_name_in_archive(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	struct pstore_name ignored;
	char bare[NAME_MOST + 1];

	if (pstore_name_parse(name, &ignored))
		return LOG_NAME_PSTORE;
	if (!copy_without_suffixes(name, bare))
		return LOG_NAME_NONE;
	if (fits_any(bare, archive_names, sizeof archive_names / sizeof *archive_names))
		return LOG_NAME_KERNEL;
	size_t row = row_of(bare);
	if (row == sizeof names / sizeof *names ||
	    (names[row].condition != ALWAYS && !has_word(bare) && !has_word_above(path)))
		return LOG_NAME_NONE;
	return names[row].name;
}
