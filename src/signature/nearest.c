/* Edit distance, for suggestions. */
#include "signature/nearest.h"

enum { NAME_MOST = 48 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance, one row of its table at a time. Names longer than NAME_MOST are near to nothing. */
static size_t distance(struct text a, struct text b)
{
	size_t row[NAME_MOST + 1];

	if (a.length > NAME_MOST || b.length > NAME_MOST)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.length; j++)
		row[j] = j;
	for (size_t i = 0; i < a.length; i++) {
		size_t diagonal = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < b.length; j++) {
			size_t changed = diagonal + (a.data[i] != b.data[j]);
			diagonal = row[j + 1];
			row[j + 1] = least(changed, least(row[j], row[j + 1]) + 1);
		}
	}
	return row[b.length];
}

void nearest_offer(struct nearest *nearest, const char *name)
{
	size_t found = distance(nearest->wanted, text_from(name));

	/* A third of the letters wrong is no slip of the pen any more. */
	if (found > 1 + nearest->wanted.length / 4 || (nearest->name && found >= nearest->distance))
		return;
	nearest->name = name;
	nearest->distance = found;
}
