/* A session of crash(8) that somebody saved: the kernel's log is what its command `log` printed. */
#ifndef LOG_SESSION_H
#define LOG_SESSION_H

#include "base/text.h"

#include <stdbool.h>

/* Zero-initialised is ready for use. */
struct session {
	bool other; /* what follows is another command's output */
};

/* Is this line, bare of wrappings, the session's and not the log's? Every line is to be asked about. */
bool session_is_other(struct session *session, struct text line);

#endif
