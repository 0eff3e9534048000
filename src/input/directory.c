/* A crash directory, as kdump's scripts of the distributions leave it. */
#define _GNU_SOURCE /* asprintf */
#include "input/directory.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The best first. vmcore-dmesg.txt: kdump-utils and kexec-tools (RHEL, Fedora, SteamOS, Amazon); dmesg.TIME: kdump-tools
 * (Debian, Ubuntu); dmesg.txt: kdump of SUSE. kexec-dmesg.log is the crash kernel's own log, and never the answer.
 */
static const char *const logs[] = { "vmcore-dmesg.txt", "vmcore-dmesg.txt.*", "dmesg.txt", "dmesg.[0-9]*",
				    "vmcore-dmesg-incomplete.txt" };
static const char *const dumps[] = { "vmcore", "vmcore.*", "vmcore-incomplete", "dump.[0-9]*", "dump-incomplete*" };

struct contents {
	char *log;      /* name of the best log so far */
	size_t log_row; /* its row in logs */
	bool dump;
	bool out_of_memory;
};

static size_t row_of(const char *name, const char *const *patterns, size_t count)
{
	size_t row = 0;

	while (row < count && fnmatch(patterns[row], name, 0) != 0)
		row++;
	return row;
}

static void look_at(struct contents *contents, const char *name)
{
	enum { LOGS = sizeof logs / sizeof *logs, DUMPS = sizeof dumps / sizeof *dumps };
	size_t row = row_of(name, logs, LOGS);

	contents->dump |= row_of(name, dumps, DUMPS) < DUMPS && row == LOGS;
	/* Of several with a time in the name, the latest. */
	if (row == LOGS ||
	    (contents->log && (row > contents->log_row || (row == contents->log_row && strcmp(name, contents->log) < 0))))
		return;
	free(contents->log);
	contents->log = strdup(name);
	contents->log_row = row;
	contents->out_of_memory |= !contents->log;
}

static char *join(const char *path, const char *name, struct error *error)
{
	char *joined;

	if (asprintf(&joined, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/", name) >= 0)
		return joined;
	error_out_of_memory(error);
	return NULL;
}

char *directory_find_log(const char *path, struct error *error)
{
	struct contents contents = { 0 };
	DIR *directory = opendir(path);
	struct dirent *entry;
	char *found = NULL;

	if (!directory) {
		error_set(error, "cannot read the directory: %s", strerror(errno));
		return NULL;
	}
	while ((entry = readdir(directory)))
		look_at(&contents, entry->d_name);
	closedir(directory);
	if (contents.out_of_memory)
		error_out_of_memory(error);
	else if (contents.log)
		found = join(path, contents.log, error);
	else if (contents.dump)
		error_set(error, "a crash directory with a dump but no log: dumps are not read yet; make the log with "
				 "'vmcore-dmesg' or 'makedumpfile --dump-dmesg'");
	else
		error_set(error, "a directory without a crash in it: expected vmcore-dmesg.txt, dmesg.txt or dmesg.TIME");
	free(contents.log);
	return found;
}
