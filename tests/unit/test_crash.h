/* For the tests of crash/: logs that are written line by line in memory, and what is found in them. */
#ifndef TEST_CRASH_H
#define TEST_CRASH_H

#include "crash/crash.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static inline bool whole_log(struct log_source *source, uint64_t keep, struct error *error)
{
	(void)keep, (void)error;
	source->ended = true;
	return true;
}

/* Finds the crashes of a text; a copy of exactly its size is read, and is gone when this returns. */
static inline void find_in_bytes(struct crash_list *list, const char *bytes, size_t length)
{
	char *copy = malloc(length ? length : 1);
	struct log_source source = { .data = copy, .length = length, .more = whole_log };
	struct log *log = log_new(&source);
	struct error error;

	assert_non_null(copy);
	assert_non_null(log);
	if (length)
		memcpy(copy, bytes, length);
	if (!crash_find(log, list, &error))
		fail_msg("crash_find: %s", error.message);
	log_free(log);
	free(copy);
}

static inline void find_in(struct crash_list *list, const char *string)
{
	find_in_bytes(list, string, strlen(string));
}

/* The only crash of a text. */
static inline const struct crash *find_one(struct crash_list *list, const char *string)
{
	find_in(list, string);
	if (list->count != 1)
		fail_msg("%zu crashes instead of 1 in:\n%s", list->count, string);
	assert_int_equal(list->deciding, 0);
	return list->items[0];
}

static inline void assert_text(struct text t, const char *expected, const char *what)
{
	if (!text_is(t, expected ? expected : ""))
		fail_msg("%s: got \"%.*s\", expected \"%s\"", what, TEXT_ARGS(t), expected ? expected : "");
}

/* Appends a frame to the words of those before: "?f[m]", unreliable and in a module. */
static inline void append_frame(char *words, size_t size, const struct crash_frame *frame)
{
	const struct crash_location *at = &frame->location;
	size_t length = strlen(words);

	snprintf(words + length, size - length, "%s%s%.*s%s%.*s%s", length ? " " : "", frame->reliable ? "" : "?",
	         TEXT_ARGS(at->function), at->module.length ? "[" : "", TEXT_ARGS(at->module), at->module.length ? "]" : "");
}

/* A log that is being written, each line with a stamp when it has a time. */
struct writing {
	char *bytes;
	size_t length, capacity, lines;
	double time; /* seconds since boot of the next line; negative: no stamps */
};

static inline void write_text(struct writing *w, const char *line)
{
	size_t most = w->length + strlen(line) + 40;

	if (most > w->capacity) {
		w->capacity = most * 2;
		w->bytes = realloc(w->bytes, w->capacity);
		assert_non_null(w->bytes);
	}
	if (w->time >= 0)
		w->length += (size_t)snprintf(w->bytes + w->length, w->capacity - w->length, "[%12.6f] ", w->time);
	w->length += (size_t)snprintf(w->bytes + w->length, w->capacity - w->length, "%s\n", line);
	w->lines++;
	w->time += w->time >= 0 ? 0.00001 : 0;
}

__attribute__((format(printf, 2, 3))) static inline void write_line(struct writing *w, const char *format, ...)
{
	char line[2000];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	write_text(w, line);
}

/* Who a written report is about, and what it says. */
struct report {
	int cpu, pid;
	const char *comm;    /* NULL: "cat" */
	const char *tainted; /* "Tainted: G      D    "; NULL: "Not tainted" */
	const char *function, *caller;
	int dies; /* [#1]; 0: 1 */
};

static inline void write_body(struct writing *w, const struct report *report)
{
	write_line(w, "CPU: %d PID: %d Comm: %s %s 6.1.0-9-amd64 #1  Debian 6.1.27-1", report->cpu, report->pid,
	           report->comm ? report->comm : "cat", report->tainted ? report->tainted : "Not tainted");
	write_line(w, "Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-1 04/01/2014");
	write_line(w, "RIP: 0010:%s+0x13/0x30", report->function);
	write_line(w, "RSP: 0018:ffffcec3c03cbdf0 EFLAGS: 00000246");
	write_line(w, "RAX: 0000000000000000 RBX: ffff8e48c214a180 RCX: 0000000100000000");
	write_line(w, "CR2: 0000000000000088 CR3: 00000000013dc000 CR4: 00000000000006b0");
	write_line(w, "Call Trace:");
	write_line(w, " <TASK>");
	write_line(w, " %s+0x23/0x80", report->caller ? report->caller : "vfs_write");
	write_line(w, " ksys_write+0x6f/0xf0");
	write_line(w, " do_syscall_64+0x5d/0x90");
	write_line(w, " </TASK>");
	write_line(w, "Modules linked in: foo(OE) bar");
}

/* As Linux 6.1 reports a NULL pointer dereference. */
static inline void write_oops(struct writing *w, const struct report *report)
{
	write_line(w, "BUG: kernel NULL pointer dereference, address: 0000000000000088");
	write_line(w, "#PF: supervisor write access in kernel mode");
	write_line(w, "#PF: error_code(0x0002) - not-present page");
	write_line(w, "PGD 0 P4D 0 ");
	write_line(w, "Oops: 0002 [#%d] PREEMPT SMP NOPTI", report->dies ? report->dies : 1);
	write_body(w, report);
	write_line(w, "CR2: 0000000000000088");
	write_line(w, "---[ end trace 0000000000000000 ]---");
}

static inline void write_warning(struct writing *w, const struct report *report)
{
	write_line(w, "------------[ cut here ]------------");
	write_line(w, "WARNING: CPU: %d PID: %d at fs/foo.c:12 %s+0x13/0x30", report->cpu, report->pid, report->function);
	write_body(w, report);
	write_line(w, "---[ end trace 0000000000000000 ]---");
}

static inline void write_soft_lockup(struct writing *w, const struct report *report)
{
	write_line(w, "watchdog: BUG: soft lockup - CPU#%d stuck for 26s! [%s:%d]", report->cpu, report->comm ? report->comm : "cat", report->pid);
	write_body(w, report);
}

static inline void write_hung_task(struct writing *w, const struct report *report)
{
	write_line(w, "INFO: task %s:%d blocked for more than 120 seconds.", report->comm ? report->comm : "cat", report->pid);
	write_line(w, "      %s 6.1.0-9-amd64 #1 Debian 6.1.27-1", report->tainted ? report->tainted : "Not tainted");
	write_line(w, "\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\" disables this message.");
	write_line(w, "task:%-15s state:D stack:0     pid:%-5d ppid:1      flags:0x00004002", report->comm ? report->comm : "cat", report->pid);
	write_line(w, "Call Trace:");
	write_line(w, " <TASK>");
	write_line(w, " __schedule+0x351/0xa20");
	write_line(w, " schedule+0x5d/0xe0");
	write_line(w, " %s+0x23/0x80", report->function);
	write_line(w, " </TASK>");
}

/* A crash of the lowest rank, with a trace that is nobody's fault. */
static inline void write_out_of_memory(struct writing *w)
{
	write_line(w, "stress invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0");
	write_line(w, "CPU: 0 PID: 300 Comm: stress Not tainted 6.1.0-9-amd64 #1  Debian 6.1.27-1");
	write_line(w, "Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-1 04/01/2014");
	write_line(w, "Call Trace:");
	write_line(w, " <TASK>");
	write_line(w, " dump_stack_lvl+0x44/0x5c");
	write_line(w, " dump_header+0x4a/0x213");
	write_line(w, " oom_kill_process.cold+0xb/0x10");
	write_line(w, " asm_exc_page_fault+0x22/0x30");
	write_line(w, "RIP: 0033:0x47cc47");
	write_line(w, "Code: Unable to access opcode bytes at 0x47cc1d.");
	write_line(w, "RSP: 002b:00007ffdc2539ea8 EFLAGS: 00010206");
	write_line(w, "RAX: 0000000000000000 RBX: 0000000038defb00 RCX: 000000000047cc47");
	write_line(w, " </TASK>");
	write_line(w, "Mem-Info:");
	write_line(w, "Out of memory: Killed process 300 (stress) total-vm:200000kB, anon-rss:100000kB");
}

static inline void write_quiet(struct writing *w, size_t lines)
{
	for (size_t i = 0; i < lines; i++)
		write_line(w, "usb 1-1: new high-speed USB device number %zu", i);
}

/* Ends the writing: what was written is read and freed. */
static inline void read_written(struct writing *w, struct crash_list *list)
{
	find_in_bytes(list, w->bytes, w->length);
	free(w->bytes);
	*w = (struct writing){ 0 };
}

#endif
