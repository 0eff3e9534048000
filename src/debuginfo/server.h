/* Debuginfo from servers that speak debuginfod's protocol, by build id alone. Private to debuginfo/. */
#ifndef DEBUGINFO_SERVER_H
#define DEBUGINFO_SERVER_H

#include "debuginfo/debuginfo.h"

/*
 * The file with the debuginfo of this build id (hex digits), out of libdebuginfod's cache or fetched into it; text in the
 * arena. NULL: *error says what happened, with "the server" for its subject. What it has sent is not checked.
 */
const char *server_find(struct debuginfo *debuginfo, struct text build_id, struct error *error);

#endif
