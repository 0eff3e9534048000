/* Files that are written as a whole or not at all. */
#ifndef COMMAND_NEW_FILE_H
#define COMMAND_NEW_FILE_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>

/* Would new_file_write() refuse this path for what is there? To be asked before long work. False: *error says why. */
bool new_file_check(const char *path, bool overwrite, struct error *error);

/* Is there a device or a pipe, which no file can take the place of? */
bool new_file_is_device(const char *path);

/*
 * Writes the content under a temporary name in the same directory, and gives it the name when all of it is on the disk. What
 * lies there already is only replaced when that is asked for; a link is followed. Into a device or a pipe it is written as
 * it is. False: *error says why, and nothing is left behind.
 */
bool new_file_write(const char *path, struct text content, bool overwrite, struct error *error);

#endif
