/* The kernel log, as pieces of text, whoever reads its entries. */
#define _GNU_SOURCE /* memrchr */
#include "vmcore/kernel_log.h"

#include "vmcore/cause.h"
#include "vmcore/kernel_log_format.h"
#include "vmcore/kernel_log_render.h"
#include "vmcore/kernel_log_safe.h"
#include "vmcore/vmcoreinfo.h"

#include <inttypes.h>
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
	bool crash_time_told; /* VMCOREINFO has CRASHTIME: the kernel itself jumped to the crash kernel */
	char *safe;
};

/* Bytes of report.first, around which others put a sentence; where it tells two causes, of the one that is a loss. */
enum { FIRST_MOST = 310, LOSS_MOST = 160 };

enum { PIECE = 64 * 1024, BUFFER = PIECE + RENDER_ENTRY_MOST };

/* Why the log had to be searched is no loss, and must not hide the first. */
bool report_keeps_error(const struct kernel_log_report *report)
{
	return !report->first.message[0] || (report->searched && !report->unreadable);
}

/* Both the first loss and why the log had to be searched; what they have in common once. */
static void tell_searched(struct error *first, const struct error *loss)
{
	struct error before = *first;
	bool told = strstr(loss->message, before.message) || strstr(before.message, loss->message);

	error_set(first, "%s; it was found in memory by its own marks%s%s", cause(loss, LOSS_MOST).text, told ? "" : ": ",
		  told ? "" : cause(&before, CAUSE_SHORT).text);
}

void report_lost(struct kernel_log_report *report, uint64_t count, const struct error *error)
{
	if (!report->first.message[0])
		error_set(&report->first, "%s", cause(error, FIRST_MOST).text);
	else if (count && report_keeps_error(report))
		tell_searched(&report->first, error);
	report->unreadable += count;
}

void report_senseless(struct kernel_log_report *report, const struct error *error)
{
	report_lost(report, 1, error);
	report->senseless++;
}

bool log_size_fits(const struct dump *dump, const char *what, uint64_t size, struct error *error)
{
	return !dump->memory || size <= dump->memory ||
	       error_set(error, "%s of %" PRIu64 " bytes makes no sense: the machine had %" PRIu64 " bytes of memory", what,
			 size, dump->memory);
}

bool log_fields_fit(const struct log_field *fields, size_t count, uint64_t word)
{
	for (size_t i = 0; i < count; i++) {
		const struct log_field *field = &fields[i];
		uint64_t align = field->size > 4 && field->size != word ? 4 : field->size;
		if (field->told && field->at % align)
			return false;
		for (size_t j = 0; field->told && j < i; j++)
			if (fields[j].told && fields[j].at < field->at + field->size &&
			    field->at < fields[j].at + fields[j].size)
				return false;
	}
	return true;
}

int log_priority(const unsigned char *bytes, bool big_endian)
{
	/* Bit fields begin at the byte's top on machines with the big end first. */
	int level = big_endian ? bytes[1] & 7 : bytes[1] >> 5;
	int priority = bytes[0] * 8 + level;

	return priority <= LOG_PRIORITY_MOST ? priority : level;
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
		log->reader = log_find(dump, &log->report, error);
	if (log->reader) {
		struct text crash_time;
		log->crash_time_told = vmcoreinfo_find(dump->vmcoreinfo, "CRASHTIME", &crash_time);
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

static bool holds_any(struct text piece, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_find(piece, words[i]) != SIZE_MAX)
			return true;
	return false;
}

/*
 * Whether the kernel has flushed these buffers: panic() does so, and crash_kexec(), which an oops calls (4.8 and later,
 * kernel/panic.c and kernel/kexec_core.c). That it went through the latter is told by CRASHTIME, which it adds to VMCOREINFO
 * (crash_save_vmcoreinfo()); then anything fatal will do for the log to be whole. Without it only a panic does: "Oops: " and
 * "end trace" alone flush nothing.
 */
static bool tells_death(const struct kernel_log *log, struct text piece)
{
	static const char *const panics[] = { "Kernel panic - not syncing", ": Trigger a crash" };
	static const char *const deaths[] = {
		"Oops",
		"BUG: ",
		"kernel BUG at ",
		"lockup",
		"general protection fault",
		"nable to handle kernel",
		"Internal error: ",
	};

	return holds_any(piece, panics, sizeof panics / sizeof *panics) ||
	       (log->crash_time_told && holds_any(piece, deaths, sizeof deaths / sizeof *deaths));
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
	log->death_told = short_end || tells_death(log, *piece);
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
