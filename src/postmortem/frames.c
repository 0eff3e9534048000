/* Frames of stacks as frames of crashes, with what debuginfo knows of their source. */
#include "crash/canonical.h"
#include "postmortem/examine.h"

enum { LEVELS_MOST = 32, SAME_NAME_MOST = 8 };

static struct text keep(struct examination *examination, struct text t)
{
	return arena_copy(&examination->found->arena, t);
}

struct crash_frame examine_frame(struct examination *examination, const struct stack_frame *frame)
{
	const struct symbol *symbol = &frame->symbol;
	struct crash_location location = {
		.function = keep(examination, symbol->name),
		.module = keep(examination, symbol->module),
		.address = frame->pc,
		.has_address = true,
	};

	if (symbol->name.length) {
		location.canonical = crash_canonical_name(&examination->found->arena, location.function);
		location.has_offset = true;
		location.offset = frame->pc - symbol->address;
		location.size = symbol->size;
	}
	return (struct crash_frame){
		.location = location,
		.context = frame->context,
		.reliable = frame->reliable,
		.record = CRASH_NO_RECORD,
	};
}

static struct crash_frame *add(struct examination *examination, struct crash_frame **frames, size_t *count)
{
	return arena_push(&examination->found->arena, frames, count, sizeof **frames);
}

static void add_inlined(struct examination *examination, const struct debuginfo_line *line, const struct crash_frame *within,
			struct crash_frame **frames, size_t *count)
{
	struct crash_frame *added = add(examination, frames, count);

	if (!added)
		return;
	*added = (struct crash_frame){
		.context = within->context,
		.reliable = within->reliable,
		.is_inline = true,
		.record = within->record,
	};
	added->location.function = keep(examination, line->function);
	added->location.canonical = crash_canonical_name(&examination->found->arena, added->location.function);
	added->location.module = within->location.module;
	added->location.file = keep(examination, line->file);
	added->location.line = line->line;
}

bool examine_find_address(struct examination *examination, const struct crash_location *location, uint64_t *address)
{
	struct debuginfo_function functions[SAME_NAME_MOST];

	if (!examination->debuginfo || !location->function.length || !location->has_offset || !location->size ||
	    location->offset > location->size)
		return false;
	if (debuginfo_functions_named(examination->debuginfo, location->function, location->module, location->size,
				      functions, SAME_NAME_MOST) != 1)
		return false;
	*address = functions[0].address + location->offset;
	return true;
}

void examine_add_frames(struct examination *examination, const struct crash_frame *frame, const uint64_t *address,
			struct crash_frame **frames, size_t *count)
{
	struct debuginfo_line levels[LEVELS_MOST];
	size_t known = 0;

	if (examination->debuginfo && address && frame->reliable)
		known = debuginfo_lines(examination->debuginfo, *address, levels, LEVELS_MOST);
	for (size_t i = 0; i + 1 < known; i++)
		add_inlined(examination, &levels[i], frame, frames, count);
	struct crash_frame *added = add(examination, frames, count);
	if (!added)
		return;
	*added = *frame;
	if (!known)
		return;
	added->location.file = keep(examination, levels[known - 1].file);
	added->location.line = levels[known - 1].line;
}
