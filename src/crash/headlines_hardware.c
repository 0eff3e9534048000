/* The machine's errors, and that memory ran out. Order matters: the first row that fits is taken. */
#include "crash/headline.h"

const struct crash_headline crash_headlines_hardware[] = {
	{ .begins = NULL },
};
