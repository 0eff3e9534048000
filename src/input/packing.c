/* The endings, as a table. */
#include "input/packing.h"

#include "base/text.h"

#include <string.h>

static const char *const endings[] = { ".gz", ".xz", ".zst", ".bz2", ".lz4" };

size_t packing_offset(const char *name)
{
	struct text text = text_from(name);

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (text_ends(text, endings[i]))
			return text.length - strlen(endings[i]);
	return text.length;
}
