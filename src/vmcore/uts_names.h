/* What uname(2) said on the machine that died, out of its memory (struct new_utsname in init_uts_ns, init/version.c). */
#ifndef VMCORE_UTS_NAMES_H
#define VMCORE_UTS_NAMES_H

#include "vmcore/dump.h"

enum { UTS_NAME_SIZE = 65 }; /* bytes of a field, its NUL among them: __NEW_UTS_LEN + 1 */

struct uts_names {
	char sysname[UTS_NAME_SIZE], nodename[UTS_NAME_SIZE], release[UTS_NAME_SIZE], version[UTS_NAME_SIZE],
		machine[UTS_NAME_SIZE];
};

/* False: VMCOREINFO does not say where, or there is nothing of the kind ("Linux", and a release that is one). */
bool uts_names_read(struct dump *dump, struct uts_names *names);

/* A field up to its NUL, without blanks at its ends; empty where it holds control characters. */
struct text uts_name_clean(struct text field);

/* Whether this can be a release: begins with a digit, printable, without blanks. */
bool uts_release_plausible(struct text release);

#endif
