/* Known values of pointers. */
#include "crash/poison.h"

#include <stddef.h>

enum { ERRORS_MOST = 4095 }; /* MAX_ERRNO */

const char *poison_words(uint64_t value)
{
	static const struct {
		uint64_t value;
		const char *words;
	} rows[] = {
		{ 0xdead000000000100, "LIST_POISON1: it was taken off its list" },
		{ 0xdead000000000122, "LIST_POISON2: it was taken off its list" },
		{ 0xdead000000000200, "LIST_POISON2: it was taken off its list" }, /* older kernels */
		{ 0xdead000000100100, "LIST_POISON1: it was taken off its list" }, /* before 4.3 */
		{ 0xdead000000200200, "LIST_POISON2: it was taken off its list" },
		{ 0x6b6b6b6b6b6b6b6b, "POISON_FREE: the memory that it was read from was freed" },
		{ 0x5a5a5a5a5a5a5a5a, "POISON_INUSE: the memory that it was read from was not initialised" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].value == value)
			return rows[i].words;
	return NULL;
}

bool is_error_pointer(uint64_t value, int *number)
{
	if (value < (uint64_t)-ERRORS_MOST)
		return false;
	*number = (int)(int64_t)value;
	return true;
}

bool is_error_number(int number)
{
	return (number > 0 && number <= 133) || (number >= 512 && number <= 531);
}

const char *error_name(int number)
{
	static const struct {
		int number;
		const char *name;
	} rows[] = {
		{ 1, "EPERM" },          { 2, "ENOENT" },     { 4, "EINTR" },       { 5, "EIO" },         { 6, "ENXIO" },
		{ 9, "EBADF" },          { 10, "ECHILD" },    { 11, "EAGAIN" },     { 12, "ENOMEM" },     { 13, "EACCES" },
		{ 14, "EFAULT" },        { 16, "EBUSY" },     { 17, "EEXIST" },     { 19, "ENODEV" },     { 20, "ENOTDIR" },
		{ 22, "EINVAL" },        { 24, "EMFILE" },    { 28, "ENOSPC" },     { 38, "ENOSYS" },     { 61, "ENODATA" },
		{ 71, "EPROTO" },        { 75, "EOVERFLOW" }, { 95, "EOPNOTSUPP" }, { 110, "ETIMEDOUT" }, { 116, "ESTALE" },
		{ 517, "EPROBE_DEFER" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].number == -number)
			return rows[i].name;
	return NULL;
}
