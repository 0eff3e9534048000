/*
 * Lines as vmcore-dmesg(8) of kexec-tools writes them (util_lib/elf_info.c, until 2.0.30 at least), and the same with level
 * and caller as the kernel itself writes them (kernel/printk/printk.c, info_print_prefix()).
 */
#include "vmcore/kernel_log_render.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* isprint() and isspace() of the C locale: ASCII. */
static bool is_plain(unsigned char c)
{
	return (c >= ' ' && c <= '~') || (c >= '\t' && c <= '\r');
}

size_t render_character(unsigned char c, char *to)
{
	static const char digits[] = "0123456789abcdef";

	if (is_plain(c)) {
		*to = (char)c;
		return 1;
	}
	to[0] = '\\';
	to[1] = 'x';
	to[2] = digits[c >> 4];
	to[3] = digits[c & 15];
	return 4;
}

static size_t render_prefix(const struct log_entry *entry, enum kernel_log_form form, char *to)
{
	uint64_t seconds = entry->time_ns / 1000000000, micros = entry->time_ns % 1000000000 / 1000;
	bool full = form == KERNEL_LOG_FULL;
	char caller[16];
	int length = 0;

	if (full && entry->priority != ENTRY_NO_PRIORITY)
		length += snprintf(to + length, RENDER_PREFIX_MOST, "<%d>", entry->priority);
	length +=
		snprintf(to + length, RENDER_PREFIX_MOST - (size_t)length, "[%5" PRIu64 ".%06" PRIu64 "]", seconds, micros);
	if (full && entry->has_caller) {
		snprintf(caller, sizeof caller, "%c%" PRIu32, entry->caller >> 31 ? 'C' : 'T', entry->caller & INT32_MAX);
		length += snprintf(to + length, RENDER_PREFIX_MOST - (size_t)length, "[%6s]", caller);
	}
	to[length] = ' ';
	return (size_t)length + 1;
}

size_t render_entry(const struct log_entry *entry, enum kernel_log_form form, char *to)
{
	size_t length = 0;

	if (entry->bytes) {
		memcpy(to, entry->text.data, entry->text.length);
		return entry->text.length;
	}
	/* A marker's time is no time, but its line counts. */
	if (!entry->marker || form == KERNEL_LOG_PLAIN)
		length = render_prefix(entry, form, to);
	for (size_t i = 0; i < entry->text.length; i++)
		length += render_character((unsigned char)entry->text.data[i], to + length);
	to[length++] = '\n';
	return length;
}
