/* The clock for time limits: nobody sets it, and it stands while the machine sleeps. */
#ifndef BASE_MONOTONIC_H
#define BASE_MONOTONIC_H

#include <stdint.h>

int64_t monotonic_ms(void); /* since some time in the past */

#endif
