/* Built without libdw: no debuginfo is ever found, and a named one cannot be read. */
#include "debuginfo/debuginfo.h"

enum debuginfo_status debuginfo_open(const struct debuginfo_options *options, const struct debuginfo_wanted *wanted,
				     struct debuginfo **debuginfo, struct error *error)
{
	(void)wanted;
	*debuginfo = NULL;
	error->path = options->path_count ? options->paths[0] : NULL;
	error_set(error, "built without libdw: debuginfo cannot be read");
	return options->path_count ? DEBUGINFO_WRONG : DEBUGINFO_NONE;
}

void debuginfo_close(struct debuginfo *debuginfo)
{
	(void)debuginfo;
}
