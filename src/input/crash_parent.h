/* Directories of crash directories, as /var/crash is one. */
#ifndef INPUT_CRASH_PARENT_H
#define INPUT_CRASH_PARENT_H

#include "base/error.h"

#include <dirent.h>
#include <stdbool.h>

/*
 * Sets *error to a word on the crash directories that lie right below this one, and on directories there that cannot be
 * read. False: there are none; *error is untouched.
 */
bool crash_parent_describe(DIR *directory, struct error *error);

#endif
