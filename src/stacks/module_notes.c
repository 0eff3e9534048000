/*
 * /sys/module/NAME/notes: struct module_notes_attrs (kernel/module/sysfs.c), one struct bin_attribute for each section of
 * notes, whose `private` is where the section lies. Kernels without CONFIG_STACKTRACE_BUILD_ID have a module's build id
 * nowhere else.
 */
#include "stacks/module_notes.h"

enum {
	SECTIONS_MOST = 16,
	NOTE_BYTES_MOST = 4096,
	BUILD_ID_MOST = 64,
	TYPE_BUILD_ID = 3, /* NT_GNU_BUILD_ID */
	HEADER = 12,       /* Elf64_Nhdr: length of the name, of what is described, type: 4 bytes each */
};

void module_notes_know(struct types *types, struct module_notes *notes)
{
	notes->each = types_size(types, "bin_attribute");
	notes->known = notes->each && types_member(types, "module", "notes_attrs", &notes->attributes) &&
		       types_member(types, "module_notes_attrs", "attrs", &notes->first) &&
		       types_member(types, "bin_attribute", "private", &notes->bytes) &&
		       types_member(types, "bin_attribute", "size", &notes->size);
	notes->has_count =
		notes->known && types_member(types, "module_notes_attrs", "notes", &notes->count); /* up to 6.15 */
}

static bool read_number(struct dump *dump, uint64_t address, size_t size, uint64_t *value)
{
	struct error ignored;

	return dump_read_number(dump, address, size, value, &ignored) == MEMORY_OK;
}

static struct text hex(struct dump *dump, uint64_t address, uint64_t length, struct arena *arena)
{
	unsigned char bytes[BUILD_ID_MOST];
	struct text digits = TEXT_NONE;
	struct error ignored;

	if (!length || length > sizeof bytes || dump_read(dump, address, bytes, (size_t)length, &ignored) != MEMORY_OK)
		return TEXT_NONE;
	for (size_t i = 0; i < length; i++)
		digits = arena_print(arena, "%.*s%02x", TEXT_ARGS(digits), bytes[i]);
	return digits;
}

/* Of the notes of one section: that of "GNU", whose 4 bytes follow the header, of the build id's type. */
static struct text find_build_id(struct dump *dump, uint64_t at, uint64_t size, struct arena *arena)
{
	uint64_t name_length, length, type, name;
	uint64_t gnu = dump->big_endian ? 0x474e5500 : 0x00554e47;

	while (size >= HEADER + 4 && read_number(dump, at, 4, &name_length) && read_number(dump, at + 4, 4, &length) &&
	       read_number(dump, at + 8, 4, &type)) {
		uint64_t before = HEADER + ((name_length + 3) & ~(uint64_t)3),
			 whole = before + ((length + 3) & ~(uint64_t)3);
		if (whole > size)
			break;
		if (type == TYPE_BUILD_ID && name_length == 4 && read_number(dump, at + HEADER, 4, &name) && name == gnu)
			return hex(dump, at + before, length, arena);
		at += whole;
		size -= whole;
	}
	return TEXT_NONE;
}

struct text module_notes_build_id(struct dump *dump, const struct module_notes *notes, uint64_t module, struct arena *arena)
{
	uint64_t attributes, count = SECTIONS_MOST, bytes, size;

	if (!notes->known || !read_number(dump, module + notes->attributes.offset, 8, &attributes) || !attributes)
		return TEXT_NONE;
	if (notes->has_count && !read_number(dump, attributes + notes->count.offset, 4, &count))
		return TEXT_NONE;
	for (uint64_t i = 0; i < count && i < SECTIONS_MOST; i++) {
		uint64_t attribute = attributes + notes->first.offset + i * notes->each;
		if (!read_number(dump, attribute + notes->bytes.offset, 8, &bytes) ||
		    !read_number(dump, attribute + notes->size.offset, 8, &size) || !size || size > NOTE_BYTES_MOST)
			break;
		struct text build_id = find_build_id(dump, bytes, size, arena);
		if (build_id.length)
			return build_id;
	}
	return TEXT_NONE;
}
