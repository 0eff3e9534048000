/* The options that the signature commands share. */
#ifndef COMMAND_SIGNATURE_OPTIONS_H
#define COMMAND_SIGNATURE_OPTIONS_H

#include "command/command.h"

/*
 * Takes -s PATH and -h; what is left stands behind optind, and there must be from `least` to `most` of it (most -1: any
 * number). EXIT_KNOWN to go on, -1 to end well (help was printed), EXIT_TROUBLE.
 */
int take_signature_options(int argc, char **argv, const char *usage, int least, int most, struct path_list *paths);

#endif
