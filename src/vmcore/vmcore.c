/* A dump opened: its facts, and its kernel log as a source with a window that moves over it. */
#include "vmcore/vmcore.h"

#include "vmcore/dump_parts.h"

#include <stdlib.h>
#include <string.h>

/* What may be kept of the window, and as much again to read on. */
enum { WINDOW = 2 * LOG_SOURCE_KEEP_MOST };

struct vmcore {
	struct log_source source; /* first: more() gets the vmcore by it */
	struct dump *dump;
	struct facts facts;
	enum kernel_log_form form;
	bool log_sought;
	struct kernel_log *log; /* NULL: there is none, log_error says why */
	struct error log_error;
	struct text rest; /* of the log's last piece: not yet in the window */
	char *window;
};

static void add_to_window(struct vmcore *vmcore)
{
	struct log_source *source = &vmcore->source;
	struct text part = text_first(vmcore->rest, WINDOW - source->length);

	if (part.length)
		memcpy(vmcore->window + source->length, part.data, part.length);
	source->length += part.length;
	vmcore->rest = text_from_offset(vmcore->rest, part.length);
}

/* Memory that cannot be read is no error here: the log's report counts it. */
static bool more(struct log_source *source, uint64_t keep, struct error *error)
{
	struct vmcore *vmcore = (struct vmcore *)source;
	size_t drop = (size_t)(keep - source->offset);

	(void)error;
	if (source->ended)
		return true;
	memmove(vmcore->window, vmcore->window + drop, source->length - drop);
	source->length -= drop;
	source->offset = keep;
	while (source->length < WINDOW && !source->ended) {
		if (!vmcore->rest.length && !kernel_log_next(vmcore->log, &vmcore->rest))
			source->ended = true;
		add_to_window(vmcore);
	}
	return true;
}

/* Looking for the log may turn up the VMCOREINFO that the facts were told without. */
static void open_log(struct vmcore *vmcore)
{
	struct text told_by = vmcore->dump->vmcoreinfo;

	vmcore->log_sought = true;
	vmcore->window = malloc(WINDOW);
	if (!vmcore->window) {
		error_out_of_memory(&vmcore->log_error);
		return;
	}
	vmcore->source = (struct log_source){ .data = vmcore->window, .more = more };
	vmcore->log = kernel_log_open(vmcore->dump, vmcore->form, &vmcore->log_error);
	if (!vmcore->log)
		dump_explain_incomplete(vmcore->dump, &vmcore->log_error);
	if (!text_equal(told_by, vmcore->dump->vmcoreinfo))
		facts_read(vmcore->dump, &vmcore->facts);
}

static struct vmcore *make(struct dump *dump, enum kernel_log_form form, struct error *error)
{
	struct vmcore *vmcore = dump ? calloc(1, sizeof *vmcore) : NULL;

	if (dump && !vmcore)
		error_out_of_memory(error);
	if (!vmcore) {
		dump_close(dump);
		return NULL;
	}
	vmcore->form = form;
	vmcore->dump = dump;
	facts_read(dump, &vmcore->facts);
	return vmcore;
}

struct vmcore *vmcore_open_files(const struct dump_file *files, size_t count, enum kernel_log_form form, struct error *error)
{
	return make(dump_open_files(files, count, error), form, error);
}

struct vmcore *vmcore_open(const int *fds, size_t count, enum kernel_log_form form, struct error *error)
{
	return make(dump_open(fds, count, error), form, error);
}

void vmcore_close(struct vmcore *vmcore)
{
	if (!vmcore)
		return;
	kernel_log_close(vmcore->log);
	dump_close(vmcore->dump);
	free(vmcore->window);
	free(vmcore);
}

void vmcore_tell_incomplete(struct vmcore *vmcore, struct text why)
{
	struct text copy = arena_copy(&vmcore->dump->arena, why);

	vmcore->dump->incomplete = true;
	if (copy.length)
		vmcore->dump->incomplete_why = copy;
}

struct log_source *vmcore_source(struct vmcore *vmcore)
{
	if (!vmcore->log_sought)
		open_log(vmcore);
	return vmcore->log ? &vmcore->source : NULL;
}

const struct facts *vmcore_facts(const struct vmcore *vmcore)
{
	return &vmcore->facts;
}

struct dump *vmcore_memory(struct vmcore *vmcore)
{
	return vmcore->dump;
}

const struct dump *vmcore_dump(const struct vmcore *vmcore)
{
	return vmcore->dump;
}

const struct kernel_log_report *vmcore_report(const struct vmcore *vmcore)
{
	return vmcore->log ? kernel_log_report(vmcore->log) : NULL;
}

const char *vmcore_log_error(const struct vmcore *vmcore)
{
	return vmcore->log_error.message;
}
