/* Values that the kernel puts into pointers so that their use is seen: include/linux/poison.h, include/linux/err.h. */
#ifndef CRASH_POISON_H
#define CRASH_POISON_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What a pointer of this value is, in words ("LIST_POISON1: it was taken off its list"), or NULL: a value like any other.
 * Those of lists are as x86-64 and arm64 have them (CONFIG_ILLEGAL_POINTER_VALUE).
 */
const char *poison_words(uint64_t value);

/* Is it an error in place of a pointer (ERR_PTR())? *number is that, negative. */
bool is_error_pointer(uint64_t value, int *number);

/* Is it the number of an error, positive? Those of user space, and the kernel's own: include/linux/errno.h. */
bool is_error_number(int number);

/* "ENOENT" of -2; NULL: not one of the usual. Numbers as most architectures have them: include/uapi/asm-generic/errno.h. */
const char *error_name(int number);

#endif
