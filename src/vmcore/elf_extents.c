/* Sorted ranges. */
#include "vmcore/elf_extents.h"

#include <stdlib.h>

bool elf_extents_add(struct elf_extents *extents, uint64_t begin, uint64_t length, uint64_t target)
{
	struct elf_extent *last = extents->count ? &extents->items[extents->count - 1] : NULL;

	if (!length)
		return true;
	if (last && last->begin + last->length == begin && last->target + last->length == target) {
		last->length += length;
		return true;
	}
	if (extents->count == extents->capacity) {
		size_t capacity = extents->capacity ? extents->capacity * 2 : 16;
		struct elf_extent *grown = realloc(extents->items, capacity * sizeof *grown);
		if (!grown)
			return false;
		extents->items = grown;
		extents->capacity = capacity;
	}
	extents->items[extents->count++] = (struct elf_extent){ begin, length, target };
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct elf_extent *left = a, *right = b;

	if (left->begin != right->begin)
		return left->begin < right->begin ? -1 : 1;
	return (left->length < right->length) - (left->length > right->length);
}

static bool is_sorted(const struct elf_extents *extents)
{
	for (size_t i = 1; i < extents->count; i++)
		if (extents->items[i - 1].begin > extents->items[i].begin)
			return false;
	return true;
}

void elf_extents_sort(struct elf_extents *extents)
{
	uint64_t covered = 0;
	size_t kept = 0;

	if (!is_sorted(extents))
		qsort(extents->items, extents->count, sizeof *extents->items, compare);
	for (size_t i = 0; i < extents->count; i++) {
		struct elf_extent extent = extents->items[i];
		uint64_t over = covered > extent.begin ? covered - extent.begin : 0;
		if (over >= extent.length)
			continue;
		extent.begin += over;
		extent.length -= over;
		extent.target += over;
		covered = extent.begin + extent.length;
		extents->items[kept++] = extent;
	}
	extents->count = kept;
}

void elf_extents_free(struct elf_extents *extents)
{
	free(extents->items);
	*extents = (struct elf_extents){ 0 };
}

const struct elf_extent *elf_extents_from(const struct elf_extents *extents, uint64_t address)
{
	size_t low = 0, high = extents->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct elf_extent *extent = &extents->items[middle];
		if (extent->begin <= address && address - extent->begin >= extent->length)
			low = middle + 1;
		else
			high = middle;
	}
	return low < extents->count ? &extents->items[low] : NULL;
}

const struct elf_extent *elf_extents_at(const struct elf_extents *extents, uint64_t address)
{
	const struct elf_extent *extent = elf_extents_from(extents, address);

	return extent && extent->begin <= address ? extent : NULL;
}
