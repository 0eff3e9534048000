/* What the commands scan and report share; and what a scan says while it runs. */
#ifndef COMMAND_SCAN_H
#define COMMAND_SCAN_H

#include "command/command.h"
#include "output/output.h"
#include "scan/scan.h"

/* The history that is meant where none is named, allocated: root's, or the user's own. NULL: there is no home, complained
 * of. */
char *default_history(void);

/* Says while a scan runs what the user should see of it: JSON lines on standard output, failures and progress on standard
 * error. */
struct scan_telling {
	bool json;
	bool terminal;               /* a progress line can be shown on standard error */
	bool shown;                  /* it stands there now */
	volatile sig_atomic_t *stop; /* set where standard output takes no more: going on would be for nobody */
	int64_t started;             /* ms, of a monotonic clock */
	int64_t painted;
};

struct scan_listener scan_telling_start(struct scan_telling *telling, bool json, volatile sig_atomic_t *stop);
void scan_telling_end(struct scan_telling *telling);

#endif
