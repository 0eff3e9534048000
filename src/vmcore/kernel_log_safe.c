/* Safe buffers as lines. They hold bytes as printk got them: each message begins with its level, if it has one. */
#include "vmcore/kernel_log_safe.h"

#include "vmcore/kernel_log_format.h"
#include "vmcore/kernel_log_render.h"
#include "vmcore/safe_buffers.h"

#include <stdio.h>
#include <stdlib.h>

struct lines {
	enum kernel_log_form form;
	struct kernel_log_report *report;
	char *data;
	size_t length, capacity;
	bool line_begun;
	bool full; /* no more fits, or out of memory */
};

/* 8 KiB a buffer are the kernel's default (PRINTK_SAFE_LOG_BUF_SHIFT), and nearly always they are empty. */
enum { LINES_MOST = 512 * 1024, CHARACTER_MOST = 4 };

static bool reserve(struct lines *lines, size_t length)
{
	if (lines->full || lines->capacity - lines->length >= length)
		return !lines->full;
	size_t capacity = lines->capacity ? lines->capacity * 2 : 16 * 1024;
	char *grown = capacity <= LINES_MOST ? realloc(lines->data, capacity) : NULL;
	if (!grown) {
		struct error error = { 0 };
		error_set(&error,
			  "the safe buffers hold more than %d bytes of messages, or memory ran out: the rest is left out",
			  LINES_MOST);
		report_lost(lines->report, 0, &error);
		lines->full = true;
		return false;
	}
	lines->data = grown;
	lines->capacity = capacity;
	return lines->capacity - lines->length >= length;
}

static void add_character(struct lines *lines, unsigned char c)
{
	if (!reserve(lines, CHARACTER_MOST + 1)) /* and a line end that may have to follow */
		return;
	if (c == '\n')
		lines->report->safe_messages += lines->line_begun;
	lines->line_begun = c != '\n';
	lines->length += render_character(c, lines->data + lines->length);
}

static void end_line(struct lines *lines)
{
	if (lines->line_begun && !lines->full)
		add_character(lines, '\n');
}

static void add_string(struct lines *lines, const char *string)
{
	for (; *string; string++)
		add_character(lines, (unsigned char)*string);
}

/* SOH and a digit begin a message of that level; 'd' one of the default level; 'c' continues the line before
 * (include/linux/kern_levels.h). */
static void add_mark(struct lines *lines, char level)
{
	if (level != 'c')
		end_line(lines);
	if (level < '0' || level > '7' || lines->form != KERNEL_LOG_FULL)
		return;
	add_string(lines, (const char[]){ '<', level, '>', '\0' });
}

static bool is_mark(struct text bytes)
{
	char level = bytes.length > 1 && bytes.data[0] == '\001' ? bytes.data[1] : '\0';

	return (level >= '0' && level <= '7') || level == 'c' || level == 'd';
}

static void add_buffer(void *state, unsigned int cpu, const char *buffer_name, struct text bytes)
{
	struct lines *lines = state;
	char heading[128];

	if (!bytes.length || lines->full)
		return;
	snprintf(heading, sizeof heading, "kdump-triage: unflushed messages of CPU %u (%s buffer):", cpu, buffer_name);
	add_string(lines, heading);
	lines->line_begun = false; /* the heading is no message */
	add_character(lines, '\n');
	while (bytes.length && !lines->full) {
		if (is_mark(bytes)) {
			add_mark(lines, bytes.data[1]);
			bytes = text_from_offset(bytes, 2);
			continue;
		}
		if (bytes.data[0] != '\0') /* strings may stand there with their end */
			add_character(lines, (unsigned char)bytes.data[0]);
		bytes = text_from_offset(bytes, 1);
	}
	end_line(lines);
}

char *safe_buffer_lines(struct dump *dump, enum kernel_log_form form, struct kernel_log_report *report, size_t *length)
{
	struct lines lines = { .form = form, .report = report };
	struct error error = { 0 };

	if (!safe_buffers_visit(dump, add_buffer, &lines, &error))
		report_lost(report, 0, &error);
	/* add_character() leaves room for it. */
	if (lines.full && lines.line_begun && lines.length < lines.capacity) {
		lines.data[lines.length++] = '\n';
		report->safe_messages++;
	}
	*length = lines.length;
	return lines.data;
}
