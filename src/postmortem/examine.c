/* The examination: opens what there is, has the parts done, each as far as it can be. */
#include "postmortem/examine.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { NOTE_MOST = 1000, SYSTEM_MAPS_MOST = 32 };

const char *examine_arch(const struct examination *examination)
{
	return examination->request->facts ? examination->request->facts->arch : NULL;
}

void examine_note(struct examination *examination, const char *format, ...)
{
	struct postmortem *found = examination->found;
	char text[NOTE_MOST];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	for (size_t i = 0; i < found->note_count; i++)
		if (text_is(found->notes[i], text))
			return;
	struct text *note = arena_push(&found->arena, &found->notes, &found->note_count, sizeof *note);
	if (note)
		*note = arena_copy(&found->arena, text_from(text));
}

/* Of what the user named, one must be of use; others are of other inputs' kernels. */
static void check_maps(struct examination *examination)
{
	const struct postmortem_request *request = examination->request;
	struct error first = { 0 };

	for (size_t i = 0; i < request->system_map_count; i++) {
		struct error error;
		if (symbols_check_map(request->system_maps[i], request->dump, request->facts, &error))
			return;
		first = i ? first : error;
	}
	if (!request->system_map_count || examination->bad)
		return;
	examination->bad = true;
	*examination->error = first;
}

static void open_symbols(struct examination *examination)
{
	static const char *const usual[] = { "%s/boot/System.map-%.*s", "%s/usr/lib/debug/boot/System.map-%.*s",
					     "%s/lib/modules/%.*s/System.map", "%s/usr/lib/modules/%.*s/System.map" };
	const struct postmortem_request *request = examination->request;
	const char *maps[SYSTEM_MAPS_MOST + 1];
	struct error error = { 0 };
	size_t count = 0;

	while (count < request->system_map_count && count < SYSTEM_MAPS_MOST) {
		maps[count] = request->system_maps[count];
		count++;
	}
	for (size_t i = 0; i < sizeof usual / sizeof *usual && text_is_plain_name(request->release); i++) {
		const char *root = request->debuginfo.root ? request->debuginfo.root : "";
/* The formats are those of the table above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		struct text path = arena_print(&examination->found->arena, usual[i], root, TEXT_ARGS(request->release));
#pragma GCC diagnostic pop
		if (count < SYSTEM_MAPS_MOST && path.length)
			maps[count++] = path.data;
	}
	maps[count] = NULL;
	examination->symbols = symbols_open(request->dump, request->facts, maps, examination->debuginfo, &error);
	if (!examination->symbols && request->asked)
		examine_note(examination, "The dump's own symbol table could not be read: %s.", error.message);
}

static void open_types(struct examination *examination)
{
	struct error error = { 0 };

	if (examination->symbols)
		examination->types =
			types_open(examination->request->dump, examination->symbols, examination->debuginfo, &error);
	if (!examination->types && examination->request->asked)
		examine_note(
			examination,
			"Where the kernel's structures have their members is not known%s%s: tasks and modules are not told.",
			error.message[0] ? ": " : "", error.message);
}

static void open_modules(struct examination *examination)
{
	struct error error = { 0 };

	if (!examination->symbols || !examination->types)
		return;
	if (!module_list_read(examination->request->dump, examination->symbols, examination->types, &examination->modules,
			      &error) &&
	    examination->request->asked)
		examine_note(examination, "The list of modules could not be read: %s.", error.message);
	if (examination->modules.cut.length && examination->request->asked)
		examine_note(examination, "The list of modules ends early: %.*s.", TEXT_ARGS(examination->modules.cut));
	symbols_add_modules(examination->symbols, &examination->modules);
	for (size_t i = 0; examination->debuginfo && i < examination->modules.count; i++)
		debuginfo_tell_module(examination->debuginfo, examination->modules.items[i].name,
				      examination->modules.items[i].build_id);
}

static struct debuginfo_wanted examine_wanted(const struct postmortem_request *request)
{
	const struct facts *facts = request->facts;

	return (struct debuginfo_wanted){
		.release = request->release,
		.version = request->version,
		.build_id = facts ? facts->build_id : TEXT_NONE,
		.arch = facts ? facts->arch : NULL,
		.has_kaslr_offset = facts && facts->has_kaslr_offset,
		.kaslr_offset = facts ? facts->kaslr_offset : 0,
	};
}

bool postmortem_has_debuginfo(const struct postmortem_request *request)
{
	struct debuginfo_wanted wanted = examine_wanted(request);

	return debuginfo_at_hand(&request->debuginfo, &wanted);
}

/* What the user named and is of no use is an error; what lay about and is of no use, a note. */
static void open_debuginfo(struct examination *examination)
{
	const struct postmortem_request *request = examination->request;
	struct debuginfo_wanted wanted = examine_wanted(request);
	struct error error = { 0 };

	switch (debuginfo_open(&request->debuginfo, &wanted, &examination->debuginfo, &error)) {
	case DEBUGINFO_FOUND:
		examination->found->debuginfo =
			arena_copy(&examination->found->arena, text_from(debuginfo_path(examination->debuginfo)));
		break;
	case DEBUGINFO_WRONG:
		examination->bad = true;
		*examination->error = error;
		break;
	case DEBUGINFO_NONE:
		if (request->debuginfo.path_count || request->debuginfo.server || request->asked)
			examine_note(examination, "No debuginfo: %s.", error.message);
		break;
	}
}

/* What it has to say of modules too: known when all has been asked for. */
static void tell_of_debuginfo(struct examination *examination)
{
	size_t count = 0;
	debuginfo_note_unused(examination->debuginfo);
	const struct text *notes = debuginfo_notes(examination->debuginfo, &count);

	for (size_t i = 0; i < count; i++)
		examine_note(examination, "%.*s.", TEXT_ARGS(notes[i]));
	examination->bad |= debuginfo_trouble(examination->debuginfo, examination->error);
}

/* Does a crash of the log have a place in a module? Its file is checked by the build id that the dump's list has. */
static bool is_in_module(const struct crash *crash)
{
	for (size_t i = 0; i < crash->frame_count; i++)
		if (crash->frames[i].location.module.length)
			return true;
	return crash->instruction_pointer.module.length > 0;
}

static bool needs_modules(const struct postmortem_request *request)
{
	for (size_t i = 0; i < request->crashes->count; i++)
		if (is_in_module(request->crashes->items[i]))
			return true;
	return false;
}

bool examine(const struct postmortem_request *request, struct postmortem *found, struct error *error)
{
	struct examination examination = { .request = request, .found = found, .error = error };

	open_debuginfo(&examination);
	bool stacks = request->dump && request->stacks != STACKS_NONE;
	bool lines = request->lines && examination.debuginfo;
	if (stacks || (request->dump && lines && needs_modules(request))) {
		check_maps(&examination);
		open_symbols(&examination);
		open_types(&examination);
		open_modules(&examination);
	}
	if (stacks)
		examine_cpus(&examination);
	if (lines)
		examine_lines(&examination);
	if (examination.debuginfo)
		tell_of_debuginfo(&examination);
	if (examination.symbols && found->cpu_count)
		found->symbols = arena_copy(&found->arena, text_from(symbols_origin(examination.symbols)));
	if (!examination.bad || error->path == NULL)
		return !examination.bad;
	error->path = arena_copy(&found->arena, text_from(error->path)).data;
	return false;
}
