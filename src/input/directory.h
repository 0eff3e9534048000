/* Crash directories: which file in one is the log of the kernel that died. */
#ifndef INPUT_DIRECTORY_H
#define INPUT_DIRECTORY_H

#include "base/error.h"

/* The path of the log in this directory, allocated; NULL: *error says why there is none. */
char *directory_find_log(const char *path, struct error *error);

#endif
