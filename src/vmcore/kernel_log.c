/* The kernel log: finds it, in whichever format, and gives its entries as pieces of text. */
#define _GNU_SOURCE /* memrchr */
#include "vmcore/kernel_log.h"

#include "vmcore/address.h"
#include "vmcore/facts.h"
#include "vmcore/kernel_log_format.h"
#include "vmcore/kernel_log_render.h"
#include "vmcore/kernel_log_safe.h"
#include "vmcore/vmcoreinfo.h"

#include <stdlib.h>
#include <string.h>

struct kernel_log {
	struct dump *dump;
	enum kernel_log_form form;
	struct kernel_log_report report;
	struct log_reader *reader; /* NULL: it has ended */
	char *buffer;
	size_t length;   /* bytes in the buffer */
	size_t given;    /* of these, the last piece */
	bool death_told; /* the last piece, or the one before, tells how the kernel died */
	bool safe_given;
	char *safe;
};

enum { PIECE = 64 * 1024, BUFFER = PIECE + RENDER_ENTRY_MOST };

void report_lost(struct kernel_log_report *report, uint64_t count, const struct error *error)
{
	report->unreadable += count;
	if (!report->first.message[0])
		report->first = *error;
}

int log_priority(const unsigned char *bytes, bool big_endian)
{
	/* Bit fields begin at the byte's top on machines with the big end first. */
	int level = big_endian ? bytes[1] & 7 : bytes[1] >> 5;
	int priority = bytes[0] * 8 + level;

	return priority <= LOG_PRIORITY_MOST ? priority : level;
}

/* The symbol that a format's kernels name tells which it is. */
static const struct {
	const char *symbol;
	struct log_reader *(*open)(struct dump *dump, struct kernel_log_report *report, struct error *error);
} formats[] = {
	{ "prb", ring_open },
	{ "log_first_idx", records_open },
	{ "log_end", characters_open },
};

static struct log_reader *open_by_vmcoreinfo(struct kernel_log *log, struct error *error)
{
	uint64_t address;

	if (!log->dump->vmcoreinfo.length) {
		error_set(error, "the dump has no VMCOREINFO");
		return NULL;
	}
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (vmcoreinfo_symbol(log->dump->vmcoreinfo, formats[i].symbol, &address))
			return formats[i].open(log->dump, &log->report, error);
	error_set(error, "VMCOREINFO names no log: none of SYMBOL(prb), SYMBOL(log_first_idx) and SYMBOL(log_end) is there");
	return NULL;
}

/* VMCOREINFO may be in memory where the container has none, or that of another kernel. */
static struct log_reader *open_by_vmcoreinfo_in_memory(struct kernel_log *log, struct error *error)
{
	if (!facts_find_vmcoreinfo(log->dump)) {
		error_set(error, "no VMCOREINFO was found in memory");
		return NULL;
	}
	address_reset(log->dump);
	return open_by_vmcoreinfo(log, error);
}

static struct log_reader *open_reader(struct kernel_log *log, struct error *error)
{
	struct error told = { 0 }, in_memory = { 0 }, searching = { 0 };
	struct log_reader *reader = open_by_vmcoreinfo(log, &told);

	if (!reader)
		reader = open_by_vmcoreinfo_in_memory(log, &in_memory);
	if (!reader) {
		reader = log_search(log->dump, &log->report, &searching);
		log->report.searched = reader;
	}
	if (!reader)
		error_set(error, "no kernel log: %s; %s; %s", told.message, in_memory.message, searching.message);
	else if (log->report.searched)
		report_lost(&log->report, 0, &told);
	return reader;
}

struct kernel_log *kernel_log_open(struct dump *dump, enum kernel_log_form form, struct error *error)
{
	struct kernel_log *log = calloc(1, sizeof *log);

	if (!log) {
		error_out_of_memory(error);
		return NULL;
	}
	log->dump = dump;
	log->form = form;
	log->buffer = malloc(BUFFER);
	if (!log->buffer)
		error_out_of_memory(error);
	else
		log->reader = open_reader(log, error);
	if (log->reader) {
		log->report.layout = log->report.searched ? "searched" : log->reader->layout;
		return log;
	}
	kernel_log_close(log);
	return NULL;
}

/* Puts entries into the buffer until it holds a piece. */
static void fill(struct kernel_log *log)
{
	while (log->reader && log->length < PIECE) {
		struct log_entry entry;
		if (!log->reader->next(log->reader, &entry)) {
			log->reader->close(log->reader);
			log->reader = NULL;
			break;
		}
		log->report.records += !entry.bytes && !entry.marker;
		log->length += render_entry(&entry, log->form, log->buffer + log->length);
	}
}

/* Up to the last line end. Where there is none, or nothing follows: all. */
static size_t whole_lines(const struct kernel_log *log)
{
	const char *end = log->reader ? memrchr(log->buffer, '\n', log->length) : NULL;

	return end ? (size_t)(end - log->buffer) + 1 : log->length;
}

/* Before a kernel jumps to the crash kernel, it flushes these buffers: crash_kexec(), panic(). */
static bool tells_death(struct text piece)
{
	static const char *const words[] = { "Kernel panic - not syncing", "---[ end trace ",
					     "Oops: ", ": Trigger a crash" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_find(piece, words[i]) != SIZE_MAX)
			return true;
	return false;
}

/* Finding the buffers takes longer than all the rest: it is done only where the log does not tell how the kernel died. */
static bool give_safe_buffers(struct kernel_log *log, struct text *piece)
{
	if (log->safe_given || log->death_told)
		return false;
	log->safe_given = true;
	log->safe = safe_buffer_lines(log->dump, log->form, &log->report, &piece->length);
	piece->data = log->safe;
	return piece->length > 0;
}

bool kernel_log_next(struct kernel_log *log, struct text *piece)
{
	log->length -= log->given;
	memmove(log->buffer, log->buffer + log->given, log->length);
	log->given = 0;
	fill(log);
	if (log->length == 0)
		return give_safe_buffers(log, piece);
	log->given = whole_lines(log);
	*piece = (struct text){ log->buffer, log->given };
	bool short_end = !log->reader && log->death_told && log->given < PIECE / 2;
	log->death_told = short_end || tells_death(*piece);
	return true;
}

const struct kernel_log_report *kernel_log_report(const struct kernel_log *log)
{
	return &log->report;
}

void kernel_log_close(struct kernel_log *log)
{
	if (!log)
		return;
	if (log->reader)
		log->reader->close(log->reader);
	free(log->buffer);
	free(log->safe);
	free(log);
}
