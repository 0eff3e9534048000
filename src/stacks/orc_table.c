/* Reads ORC tables: binary search in memory of the dump. */
#include "stacks/orc_table.h"

#include "vmcore/bytes.h"

#include <stdlib.h>

enum { PAGE_SHIFT = 12, PAGE = 1 << PAGE_SHIFT };

static bool open_array(struct orc_array *array, uint64_t start, uint64_t size)
{
	if (!start || size > UINT64_MAX - start)
		return false;
	array->start = start;
	array->size = size;
	array->page_count = (size_t)(((start + size - 1) >> PAGE_SHIFT) - (start >> PAGE_SHIFT) + 1);
	array->pages = calloc(array->page_count, sizeof *array->pages);
	return array->pages;
}

static void close_array(struct orc_array *array)
{
	for (size_t i = 0; array->pages && i < array->page_count; i++)
		free(array->pages[i]);
	free(array->pages);
	*array = (struct orc_array){ 0 };
}

/* Page `number` of the array: from the page's beginning or that of the array on. */
static const unsigned char *array_page(struct dump *dump, struct orc_array *array, size_t number)
{
	struct error error;
	uint64_t address = ((array->start >> PAGE_SHIFT) + number) << PAGE_SHIFT;

	if (array->pages[number])
		return array->pages[number];
	unsigned char *page = malloc(PAGE);
	if (page && dump_read(dump, address, page, PAGE, &error) != MEMORY_OK) {
		free(page);
		page = NULL;
	}
	array->pages[number] = page;
	return page;
}

static bool read_array(struct dump *dump, struct orc_array *array, uint64_t offset, size_t size, unsigned char *bytes)
{
	for (size_t i = 0; i < size;) {
		uint64_t address = array->start + offset + i;
		size_t in_page = address & (PAGE - 1);
		size_t length = size - i < PAGE - in_page ? size - i : PAGE - in_page;
		const unsigned char *page =
			array_page(dump, array, (size_t)((address >> PAGE_SHIFT) - (array->start >> PAGE_SHIFT)));
		if (!page)
			return false;
		memcpy(bytes + i, page + in_page, length);
		i += length;
	}
	return true;
}

static bool place(struct orc_table *table, uint64_t index, uint64_t *address)
{
	unsigned char bytes[ORC_IP_SIZE];
	uint64_t offset = index * ORC_IP_SIZE;

	if (!read_array(table->dump, &table->ips, offset, sizeof bytes, bytes))
		return false;
	int32_t distance = (int32_t)bytes_get((const char *)bytes, sizeof bytes, table->dump->big_endian);
	*address = table->ips.start + offset + (uint64_t)(int64_t)distance;
	return true;
}

bool orc_table_open(struct orc_table *table, struct dump *dump, uint64_t ips, uint64_t entries, uint64_t count)
{
	*table = (struct orc_table){ .dump = dump, .count = count };
	return count && count <= ORC_ENTRIES_MOST && open_array(&table->ips, ips, count * ORC_IP_SIZE) &&
	       open_array(&table->entries, entries, count * ORC_ENTRY_SIZE) && place(table, 0, &table->first) &&
	       place(table, count - 1, &table->last) && table->first <= table->last;
}

void orc_table_close(struct orc_table *table)
{
	close_array(&table->ips);
	close_array(&table->entries);
}

bool orc_table_find(struct orc_table *table, uint64_t address, uint64_t *index)
{
	uint64_t low = 0, high = table->count; /* the place of low is not behind the address, that of high is */

	if (address < table->first)
		return false;
	while (high - low > 1) {
		uint64_t middle = low + (high - low) / 2, at;
		if (!place(table, middle, &at))
			return false;
		if (at <= address)
			low = middle;
		else
			high = middle;
	}
	*index = low;
	return true;
}

bool orc_table_entry(struct orc_table *table, uint64_t index, unsigned char bytes[ORC_ENTRY_SIZE])
{
	return index < table->count &&
	       read_array(table->dump, &table->entries, index * ORC_ENTRY_SIZE, ORC_ENTRY_SIZE, bytes);
}
