/*
 * Walks over the list `modules` (kernel/module/main.c). Where a module's code lies: core_layout and init_layout since 4.5,
 * mem[] since 6.4 (include/linux/module.h).
 */
#include "stacks/modules.h"

#include "stacks/module_notes.h"

#include <inttypes.h>

enum { NAME_MOST = 56, BUILD_ID_BYTES = 20 };

/* What struct module has, in this kernel. */
struct layout {
	struct type_member list, name;
	struct type_member ranges[MODULE_RANGES_MOST], sizes[MODULE_RANGES_MOST]; /* where a range's start and size stand */
	size_t range_count;
	bool has_kallsyms, has_orc, has_build_id;
	struct type_member kallsyms, symbols, symbol_count, strings;
	struct type_member orc_ip, orc, orc_count, build_id;
	struct module_notes notes;
};

static void add_range(struct types *types, struct layout *layout, const char *base, const char *size)
{
	size_t n = layout->range_count;

	if (n < MODULE_RANGES_MOST && types_member(types, "module", base, &layout->ranges[n]) &&
	    types_member(types, "module", size, &layout->sizes[n]))
		layout->range_count++;
}

/* struct module_memory mem[MOD_MEM_NUM_TYPES]: of it, what holds code. */
static void add_memory(struct types *types, struct layout *layout)
{
	static const char *const kinds[] = { "MOD_TEXT", "MOD_INIT_TEXT" };
	struct type_member element, base, size;
	uint64_t count, index;

	if (!types_element(types, "module", "mem", &element, &count) ||
	    !types_member(types, "module_memory", "base", &base) || !types_member(types, "module_memory", "size", &size))
		return;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		size_t n = layout->range_count;
		if (!types_enumerator(types, kinds[i], &index) || index >= count)
			continue;
		layout->ranges[n] = (struct type_member){ element.offset + index * element.size + base.offset, base.size };
		layout->sizes[n] = (struct type_member){ element.offset + index * element.size + size.offset, size.size };
		layout->range_count++;
	}
}

static bool know_layout(struct types *types, struct layout *layout)
{
	if (!types_member(types, "module", "list.next", &layout->list) ||
	    !types_member(types, "module", "name", &layout->name))
		return false;
	add_range(types, layout, "core_layout.base", "core_layout.text_size");
	add_range(types, layout, "init_layout.base", "init_layout.text_size");
	add_range(types, layout, "module_core", "core_text_size"); /* before 4.5 */
	add_range(types, layout, "module_init", "init_text_size");
	add_memory(types, layout);
	layout->has_kallsyms = types_member(types, "module", "kallsyms", &layout->kallsyms) &&
			       types_member(types, "mod_kallsyms", "symtab", &layout->symbols) &&
			       types_member(types, "mod_kallsyms", "num_symtab", &layout->symbol_count) &&
			       types_member(types, "mod_kallsyms", "strtab", &layout->strings);
	layout->has_orc = types_member(types, "module", "arch.orc_unwind_ip", &layout->orc_ip) &&
			  types_member(types, "module", "arch.orc_unwind", &layout->orc) &&
			  types_member(types, "module", "arch.num_orcs", &layout->orc_count);
	layout->has_build_id = types_member(types, "module", "build_id", &layout->build_id); /* CONFIG_STACKTRACE_BUILD_ID */
	module_notes_know(types, &layout->notes);
	return layout->range_count > 0;
}

static uint64_t number(struct dump *dump, uint64_t base, const struct type_member *member)
{
	struct error ignored;
	uint64_t value = 0;
	size_t size = member->size == 4 ? 4 : 8;

	return dump_read_number(dump, base + member->offset, size, &value, &ignored) == MEMORY_OK ? value : 0;
}

static struct text read_name(struct dump *dump, struct arena *arena, uint64_t address)
{
	struct error ignored;
	char name[NAME_MOST] = "";

	if (dump_read(dump, address, name, sizeof name - 1, &ignored) != MEMORY_OK)
		return TEXT_NONE;
	return arena_copy(arena, text_from(name));
}

static struct text read_build_id(struct dump *dump, struct arena *arena, uint64_t address)
{
	unsigned char bytes[BUILD_ID_BYTES];
	struct text hex = TEXT_NONE;
	struct error ignored;
	bool any = false;

	if (dump_read(dump, address, bytes, sizeof bytes, &ignored) != MEMORY_OK)
		return TEXT_NONE;
	for (size_t i = 0; i < sizeof bytes; i++) {
		hex = arena_print(arena, "%.*s%02x", TEXT_ARGS(hex), bytes[i]);
		any |= bytes[i] != 0;
	}
	return any ? hex : TEXT_NONE;
}

static void read_module(struct dump *dump, const struct layout *layout, struct arena *arena, struct kernel_module *module)
{
	uint64_t at = module->address;

	module->name = read_name(dump, arena, at + layout->name.offset);
	for (size_t i = 0; i < layout->range_count; i++) {
		struct module_range range = { number(dump, at, &layout->ranges[i]), number(dump, at, &layout->sizes[i]) };
		if (range.start && range.size && range.size <= UINT64_MAX - range.start)
			module->ranges[module->range_count++] = range;
	}
	uint64_t kallsyms = layout->has_kallsyms ? number(dump, at, &layout->kallsyms) : 0;
	if (kallsyms) {
		module->symbols = number(dump, kallsyms, &layout->symbols);
		module->symbol_count = number(dump, kallsyms, &layout->symbol_count);
		module->strings = number(dump, kallsyms, &layout->strings);
	}
	if (layout->has_orc) {
		module->orc_ip = number(dump, at, &layout->orc_ip);
		module->orc = number(dump, at, &layout->orc);
		module->orc_count = number(dump, at, &layout->orc_count);
	}
	if (layout->has_build_id)
		module->build_id = read_build_id(dump, arena, at + layout->build_id.offset);
	else
		module->build_id = module_notes_build_id(dump, &layout->notes, at, arena);
}

/* False: the list cannot be followed further. */
static bool follow(struct dump *dump, struct module_list *list, const struct layout *layout, uint64_t head)
{
	struct error why = { 0 };
	uint64_t at;

	if (dump_read_number(dump, head, 8, &at, &why) != MEMORY_OK) {
		list->cut = arena_copy(&list->arena, text_from(why.message));
		return false;
	}
	while (at != head) {
		if (list->count == MODULES_MOST) {
			list->cut = arena_print(&list->arena, "it has more than %d modules", MODULES_MOST);
			return false;
		}
		struct kernel_module module = { .address = at - layout->list.offset };
		struct kernel_module *item;
		if (dump_read_number(dump, at, 8, &at, &why) != MEMORY_OK) {
			list->cut = arena_copy(&list->arena, text_from(why.message));
			return false;
		}
		read_module(dump, layout, &list->arena, &module);
		item = arena_push(&list->arena, &list->items, &list->count, sizeof *item);
		if (!item)
			return false;
		*item = module;
	}
	return true;
}

bool module_list_read(struct dump *dump, struct symbols *symbols, struct types *types, struct module_list *list,
		      struct error *error)
{
	struct layout layout = { 0 };
	uint64_t head = symbols_find_one(symbols, "modules");

	*list = (struct module_list){ 0 };
	if (dump->word != 8 || !know_layout(types, &layout))
		return error_set(error, "where struct module has its members is not known");
	if (!head)
		return error_set(error, "the symbol modules is not known");
	follow(dump, list, &layout, head);
	return !list->arena.failed || error_out_of_memory(error);
}

const struct kernel_module *module_list_at(const struct module_list *list, uint64_t address)
{
	for (size_t m = 0; m < list->count; m++) {
		const struct kernel_module *module = &list->items[m];
		for (size_t i = 0; i < module->range_count; i++)
			if (address >= module->ranges[i].start && address - module->ranges[i].start < module->ranges[i].size)
				return module;
	}
	return NULL;
}

void module_list_free(struct module_list *list)
{
	arena_free(&list->arena);
	*list = (struct module_list){ 0 };
}
