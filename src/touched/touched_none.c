/* A build without debuginfo or without capstone. */
#include "touched/touched.h"

bool touched_find(const struct touched_request *request, struct arena *arena, struct crash_touched *touched)
{
	(void)request;
	(void)arena;
	(void)touched;
	return false;
}
