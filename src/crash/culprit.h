/* Gives a crash that was read to its end its canonical names, culprit, title and fingerprint. */
#ifndef CRASH_CULPRIT_H
#define CRASH_CULPRIT_H

#include "crash/crash.h"

void crash_name(struct crash *crash);

#endif
