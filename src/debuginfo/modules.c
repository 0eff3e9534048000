/* Finds the debuginfo of a module, checks it, gives it to libdwfl. */
#define _POSIX_C_SOURCE 200809L
#include "debuginfo/modules.h"

#include "debuginfo/alternate.h"
#include "debuginfo/compressed.h"
#include "debuginfo/parts.h"
#include "debuginfo/server.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	/* The process has no memory for more: relocated sections are copies. */
	OPEN_MOST = 64,
	MEBIBYTES_MOST = 512,
};

struct debug_module {
	struct text name;
	struct text build_id; /* hex digits; empty: not known */
	bool tried;
	Dwfl_Module *module; /* NULL: there is none */
	struct function_table functions;
};

static struct debug_module *find(struct debuginfo *debuginfo, struct text raw)
{
	struct debuginfo_modules *modules = &debuginfo->modules;
	struct text name = module_name(&debuginfo->arena, raw);

	for (size_t i = 0; i < modules->count; i++)
		if (text_equal(modules->items[i]->name, name))
			return modules->items[i];
	struct debug_module *module = arena_alloc(&debuginfo->arena, sizeof *module);
	struct debug_module **item =
		module ? arena_push(&debuginfo->arena, &modules->items, &modules->count, sizeof *item) : NULL;
	if (!item)
		return NULL;
	module->name = name;
	*item = module;
	return module;
}

void debuginfo_tell_module(struct debuginfo *debuginfo, struct text name, struct text build_id)
{
	struct debug_module *module = find(debuginfo, name);

	if (module && !module->build_id.length)
		module->build_id = arena_copy(&debuginfo->arena, build_id);
}

bool modules_take_named(struct debuginfo *debuginfo, struct error *error)
{
	const struct debuginfo_options *options = debuginfo->options;
	struct debuginfo_modules *modules = &debuginfo->modules;
	struct module_checked checked;

	for (size_t i = 0; i < options->path_count; i++) {
		struct text name;
		if (!module_name_of_file(&debuginfo->arena, options->paths[i], &name) ||
		    path_is_directory(options->paths[i]))
			continue;
		if (!check_module_file(debuginfo, options->paths[i], &checked, error))
			return false;
		struct module_file *file =
			arena_push(&debuginfo->arena, &modules->named.items, &modules->named.count, sizeof *file);
		if (file)
			*file = (struct module_file){ .name = name, .path = options->paths[i] };
	}
	return true;
}

static bool report(struct debuginfo *debuginfo, struct debug_module *module, const char *path, struct error *error)
{
	struct debuginfo_modules *modules = &debuginfo->modules;
	void **user = NULL;
	Dwarf_Addr bias;
	int fd;

	/* No find_elf: a module is reported with its file. */
	modules->callbacks =
		(Dwfl_Callbacks){ .find_debuginfo = find_alternate, .section_address = libdw.dwfl_offline_section_address };
	if (!modules->dwfl)
		modules->dwfl = libdw.dwfl_begin(&modules->callbacks);
	if (!modules->dwfl)
		return error_set(error, "%s", libdw.dwfl_errmsg(-1));
	fd = uncompressed_open(path, debuginfo->options->temporary_directory, error);
	if (fd < 0)
		return false;
	libdw.dwfl_report_begin_add(modules->dwfl);
	Dwfl_Module *reported = libdw.dwfl_report_offline(modules->dwfl, module->name.data, path, fd);
	libdw.dwfl_report_end(modules->dwfl, NULL, NULL);
	if (!reported) {
		close(fd);
		return error_set(error, "its debuginfo cannot be read: %s", libdw.dwfl_errmsg(-1));
	}
	libdw.dwfl_module_info(reported, &user, NULL, NULL, NULL, NULL, NULL, NULL);
	*user = debuginfo;
	if (!libdw.dwfl_module_getdwarf(reported, &bias))
		return error_set(error, "its debuginfo cannot be read: %s", libdw.dwfl_errmsg(-1));
	module->module = reported;
	return true;
}

static bool use(struct debuginfo *debuginfo, struct debug_module *module, const char *path,
		const struct module_checked *checked, struct error *error)
{
	struct debuginfo_modules *modules = &debuginfo->modules;

	if (modules->open >= OPEN_MOST || modules->bytes + checked->size > (uint64_t)MEBIBYTES_MOST << 20)
		return error_set(error, "the modules of this crash have more debuginfo than %d MiB, or are more than %d",
				 MEBIBYTES_MOST, OPEN_MOST);
	if (!alternate_prepare(debuginfo, path))
		return true; /* there are no lines then, as the note says */
	modules->open++;
	modules->bytes += checked->size;
	if (!report(debuginfo, module, path, error))
		return false;
	if (checked->proof == MODULE_BY_RELEASE)
		debuginfo_note(debuginfo, arena_print(&debuginfo->arena,
						      "%s was checked by its release alone: no build id is known", path));
	if (checked->proof == MODULE_BY_PLACE)
		debuginfo_note(debuginfo,
			       arena_print(&debuginfo->arena,
					   "%s was taken for the kernel's by its directory alone: neither a build "
					   "id nor its release (vermagic) is known",
					   path));
	return true;
}

/* Of the files that the user named for the module, one must be of use; others are of other inputs' kernels. */
static void open_named(struct debuginfo *debuginfo, struct debug_module *module)
{
	const struct module_files *named = &debuginfo->modules.named;
	struct module_checked checked;
	struct error first = { 0 };

	for (size_t i = 0; i < named->count && !module->module; i++) {
		struct error error = { 0 };
		if (!text_equal(named->items[i].name, module->name))
			continue;
		if (check_module(debuginfo, named->items[i].path, module->name, module->build_id, &checked, &error) &&
		    use(debuginfo, module, named->items[i].path, &checked, &error))
			return;
		error.path = named->items[i].path;
		first = first.path ? first : error;
	}
	if (!debuginfo->bad.path)
		debuginfo->bad = first;
}

struct choice {
	const char *path; /* NULL: none yet */
	struct module_checked checked;
	const char *rival; /* another, of another build, that fits as well */
};

static void consider(struct debuginfo *debuginfo, const struct debug_module *module, const char *path, struct choice *choice)
{
	struct module_checked checked;
	struct error error;

	if (choice->path && module->build_id.length)
		return;
	if (!check_module(debuginfo, path, module->name, module->build_id, &checked, &error)) {
		if (!checked.stripped)
			debuginfo_note(debuginfo,
				       arena_print(&debuginfo->arena, "%s was passed over: %s", path, error.message));
		return;
	}
	if (choice->path) {
		if (strcmp(choice->checked.build_id, checked.build_id) != 0)
			choice->rival = path;
		return;
	}
	choice->path = path;
	choice->checked = checked;
}

static void consider_files(struct debuginfo *debuginfo, const struct debug_module *module, const struct module_files *files,
			   struct choice *choice)
{
	for (size_t i = 0; i < files->count; i++)
		if (text_equal(files->items[i].name, module->name))
			consider(debuginfo, module, files->items[i].path, choice);
}

static void choose(struct debuginfo *debuginfo, const struct debug_module *module, struct choice *choice)
{
	struct place_list places = { 0 };

	places_by_build_id(debuginfo, module->build_id, &places);
	for (size_t i = 0; i < places.count; i++)
		if (access(places.items[i], F_OK) == 0)
			consider(debuginfo, module, places.items[i], choice);
	if (choice->path)
		return;
	consider_files(debuginfo, module, module_files_of_release(debuginfo), choice);
	if (!choice->path)
		consider_files(debuginfo, module, module_files_of_named(debuginfo), choice);
}

static void consider_server(struct debuginfo *debuginfo, const struct debug_module *module, struct choice *choice)
{
	struct error error = { 0 };
	const char *path = server_find(debuginfo, module->build_id, &error);

	if (path)
		consider(debuginfo, module, path, choice);
	else
		debuginfo_note(debuginfo, arena_print(&debuginfo->arena, "Source lines of the module %.*s are not known: %s",
						      TEXT_ARGS(module->name), error.message));
}

static void open_found(struct debuginfo *debuginfo, struct debug_module *module)
{
	struct choice choice = { 0 };
	struct error error = { 0 };

	choose(debuginfo, module, &choice);
	if (!choice.path && debuginfo->options->server)
		consider_server(debuginfo, module, &choice);
	if (!choice.path)
		return;
	if (choice.rival)
		debuginfo_note(debuginfo, arena_print(&debuginfo->arena,
						      "%s was passed over: %s is of another build, and nothing tells which "
						      "of them is the module %.*s",
						      choice.path, choice.rival, TEXT_ARGS(module->name)));
	else if (!use(debuginfo, module, choice.path, &choice.checked, &error))
		debuginfo_note(debuginfo,
			       arena_print(&debuginfo->arena, "%s was passed over: %s", choice.path, error.message));
}

static bool is_named(const struct debuginfo *debuginfo, const struct debug_module *module)
{
	const struct module_files *named = &debuginfo->modules.named;

	for (size_t i = 0; i < named->count; i++)
		if (text_equal(named->items[i].name, module->name))
			return true;
	return false;
}

/* What kallsyms calls so but is no file: code made at run time (kernel/bpf/core.c, kernel/trace/ftrace.c, kernel/kprobes.c).
 */
static bool is_made_up(struct text name)
{
	return text_is(name, "bpf") || text_starts(name, "__builtin__");
}

const struct function_table *modules_functions(struct debuginfo *debuginfo, struct text name)
{
	struct debug_module *module = find(debuginfo, name);

	if (!module || is_made_up(name))
		return NULL;
	if (!module->tried) {
		module->tried = true;
		if (is_named(debuginfo, module))
			open_named(debuginfo, module);
		else
			open_found(debuginfo, module);
	}
	if (!module->module)
		return NULL;
	functions_collect(&module->functions, module->module);
	return &module->functions;
}

const struct function_table *modules_table_at(struct debuginfo *debuginfo, uint64_t address)
{
	struct debuginfo_modules *modules = &debuginfo->modules;
	Dwfl_Module *at = address >> 63 || !modules->dwfl ? NULL : libdw.dwfl_addrmodule(modules->dwfl, address);

	for (size_t i = 0; at && i < modules->count; i++)
		if (modules->items[i]->module == at)
			return &modules->items[i]->functions;
	return NULL;
}

void modules_note_unused(struct debuginfo *debuginfo)
{
	struct debuginfo_modules *modules = &debuginfo->modules;

	for (size_t n = 0; n < modules->named.count; n++) {
		const struct module_file *file = &modules->named.items[n];
		bool used = false;
		for (size_t i = 0; i < modules->count; i++)
			used |= modules->items[i]->tried && text_equal(modules->items[i]->name, file->name);
		if (!used)
			debuginfo_note(debuginfo,
				       arena_print(&debuginfo->arena,
						   "%s was not used: no place that is told lies in the module %.*s",
						   file->path, TEXT_ARGS(file->name)));
	}
}

void modules_close(struct debuginfo *debuginfo)
{
	struct debuginfo_modules *modules = &debuginfo->modules;

	for (size_t i = 0; i < modules->count; i++)
		free(modules->items[i]->functions.items);
	if (modules->dwfl)
		libdw.dwfl_end(modules->dwfl);
}
