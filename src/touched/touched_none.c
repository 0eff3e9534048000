/* A build without debuginfo or without capstone. */
#include "touched/touched.h"

bool touched_find(const struct touched_request *request, struct arena *arena, struct crash_touched *touched)
{
	(void)request;
	(void)arena;
	(void)touched;
	return false;
}

bool touched_fault(const struct touched_machine *machine, struct touched_fault *fault)
{
	(void)machine;
	*fault = (struct touched_fault){ 0 };
	return false;
}
