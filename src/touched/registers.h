/* A crash's registers by their DWARF numbers. Private to touched/. */
#ifndef TOUCHED_REGISTERS_H
#define TOUCHED_REGISTERS_H

#include "crash/crash.h"

/* False: the crash does not have it, or there is none of that number. */
bool register_value(const struct crash_register *registers, size_t count, int number, uint64_t *value);

#endif
