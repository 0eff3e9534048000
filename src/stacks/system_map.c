/* Reads a System.map, checks it against the dump, and answers from it. */
#define _POSIX_C_SOURCE 200809L
#include "stacks/system_map.h"

#include "vmcore/vmcoreinfo.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
	uint64_t address; /* in the dump */
	uint32_t name;    /* offset in bytes */
	uint32_t length;
	char type;
};

struct system_map {
	char *path;
	char *bytes;
	struct row *rows; /* by address; those of per-CPU symbols stay where they are */
	size_t count;
};

static bool read_file(struct system_map *map, size_t *length, struct error *error)
{
	FILE *file = fopen(map->path, "re");

	if (!file)
		return error_set(error, "%s", strerror(errno));
	map->bytes = malloc(SYSTEM_MAP_BYTES_MOST);
	*length = map->bytes ? fread(map->bytes, 1, SYSTEM_MAP_BYTES_MOST, file) : 0;
	bool good = map->bytes && !ferror(file);
	fclose(file);
	if (!good)
		return map->bytes ? error_set(error, "cannot be read") : error_out_of_memory(error);
	if (*length == SYSTEM_MAP_BYTES_MOST)
		return error_set(error, "larger than %d MiB: no System.map", SYSTEM_MAP_BYTES_MOST >> 20);
	return true;
}

/* Per-CPU symbols of x86 count from 0: they are not moved with the kernel. */
static bool is_moved(uint64_t address)
{
	return address >> 63;
}

static bool take_line(struct system_map *map, struct text line, uint64_t offset)
{
	struct row row = { 0 };
	struct text name, type;

	if (!text_eat_hex(&line, &row.address) || !text_eat_char(&line, ' ') || !text_eat_word(&line, &type) ||
	    type.length != 1 || !text_eat_char(&line, ' ') || !text_eat_word(&line, &name))
		return false;
	row.address += is_moved(row.address) ? offset : 0;
	row.type = type.data[0];
	row.name = (uint32_t)(name.data - map->bytes);
	row.length = (uint32_t)name.length;
	map->rows[map->count++] = row;
	return true;
}

static int by_address(const void *a, const void *b)
{
	const struct row *left = a, *right = b;

	if (left->address != right->address)
		return left->address < right->address ? -1 : 1;
	return (left->name > right->name) - (left->name < right->name);
}

static bool take_lines(struct system_map *map, size_t length, uint64_t offset, struct error *error)
{
	struct text rest = { map->bytes, length };

	map->rows = calloc(SYSTEM_MAP_SYMBOLS_MOST, sizeof *map->rows);
	if (!map->rows)
		return error_out_of_memory(error);
	for (error->line = 1; rest.length && map->count < SYSTEM_MAP_SYMBOLS_MOST; error->line++) {
		size_t end = text_find_char(rest, '\n');
		struct text line = text_first(rest, end);
		if (!take_line(map, line, offset))
			return error_set(error, "expected \"address type name\"");
		rest = text_from_offset(rest, line.length + 1);
	}
	error->line = 0;
	qsort(map->rows, map->count, sizeof *map->rows, by_address);
	return true;
}

/* swapper_pg_dir is another name for init_top_pgt on x86_64, and then in no table of symbols. */
static bool agrees(const struct system_map *map, const struct dump *dump, struct error *error)
{
	static const char *const names[] = { "_stext", "init_uts_ns", "swapper_pg_dir" };
	size_t named = 0, checked = 0;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		uint64_t expected, found;
		if (!vmcoreinfo_symbol(dump->vmcoreinfo, names[i], &expected))
			continue;
		named++;
		if (!system_map_find(map, &names[i], 1, &found))
			continue;
		if (found != expected)
			return error_set(error,
					 "of another kernel: %s is at 0x%" PRIx64 " there, at 0x%" PRIx64 " in the dump",
					 names[i], found, expected);
		checked++;
	}
	if (checked)
		return true;
	return error_set(error,
			 named ? "of another kernel, or no map of one: it has none of the symbols that VMCOREINFO names"
			       : "VMCOREINFO names no symbol by which it could be checked");
}

struct system_map *system_map_open(const char *path, const struct dump *dump, const struct facts *facts, struct error *error)
{
	struct system_map *map = calloc(1, sizeof *map);
	size_t length = 0;

	*error = (struct error){ .path = path };
	if (map)
		map->path = strdup(path);
	bool good = map && map->path ? read_file(map, &length, error) : error_out_of_memory(error);
	uint64_t offset = facts->has_kaslr_offset ? facts->kaslr_offset : 0;
	if (good && take_lines(map, length, offset, error) && agrees(map, dump, error))
		return map;
	system_map_close(map);
	return NULL;
}

void system_map_close(struct system_map *map)
{
	if (!map)
		return;
	free(map->path);
	free(map->bytes);
	free(map->rows);
	free(map);
}

const char *system_map_path(const struct system_map *map)
{
	return map->path;
}

/* How many rows are at or below the address. */
static size_t rows_through(const struct system_map *map, uint64_t address)
{
	size_t low = 0, high = map->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (map->rows[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool system_map_at(const struct system_map *map, uint64_t address, struct kallsyms_symbol *symbol)
{
	size_t next = rows_through(map, address), first = next;

	if (!next || next == map->count)
		return false;
	while (first > 0 && map->rows[first - 1].address == map->rows[next - 1].address)
		first--;
	const struct row *row = &map->rows[first];
	size_t length = row->length < sizeof symbol->name ? row->length : sizeof symbol->name - 1;
	symbol->address = row->address;
	symbol->size = map->rows[next].address - row->address;
	memcpy(symbol->name, map->bytes + row->name, length);
	symbol->name[length] = '\0';
	return length && strchr("tTwW", row->type);
}

size_t system_map_find(const struct system_map *map, const char *const *names, size_t count, uint64_t *addresses)
{
	size_t found = 0;

	memset(addresses, 0, count * sizeof *addresses);
	for (size_t i = 0; i < map->count && found < count; i++) {
		struct text name = { map->bytes + map->rows[i].name, map->rows[i].length };
		for (size_t n = 0; n < count; n++)
			if (!addresses[n] && text_is(name, names[n])) {
				addresses[n] = map->rows[i].address;
				found++;
			}
	}
	return found;
}
