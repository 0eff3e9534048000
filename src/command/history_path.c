/* Where the history lies. */
#define _GNU_SOURCE /* asprintf */
#include "command/scan.h"

#include <stdlib.h>
#include <unistd.h>

/* https://specifications.freedesktop.org/basedir-spec: a relative $XDG_STATE_HOME does not count. */
char *default_history(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *path = NULL;
	int length = -1;

	if (geteuid() == 0)
		length = asprintf(&path, "/var/lib/kdump-triage/history.db");
	else if (state && *state == '/')
		length = asprintf(&path, "%s/kdump-triage/history.db", state);
	else if (home && *home == '/')
		length = asprintf(&path, "%s/.local/state/kdump-triage/history.db", home);
	else {
		complain(NULL, 0, 0,
			 "no place for the history, as HOME is not set: name one with --history, or use --no-history");
		return NULL;
	}
	if (length < 0)
		complain(NULL, 0, 0, "out of memory");
	return length < 0 ? NULL : path;
}
