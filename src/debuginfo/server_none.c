/* Built without libdebuginfod: no server is ever asked. */
#include "debuginfo/server.h"

const char *server_find(struct debuginfo *debuginfo, struct text build_id, struct error *error)
{
	(void)debuginfo;
	(void)build_id;
	error_set(error, "the server was not asked: built without libdebuginfod");
	return NULL;
}
