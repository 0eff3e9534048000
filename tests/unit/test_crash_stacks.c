/* crash/: several stacks in one report, traces as tools rewrite them, several reports at once. */
#include "test_crash.h"

#include "crash/source_place.h"

#define OOPS   "BUG: kernel NULL pointer dereference, address: 0000000000000088\nRIP: 0010:foo_write+0x14/0x90\n"
#define LOCKUP "watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [cat:12]\nRIP: 0010:foo_write+0x14/0x90\nCall Trace:\n own+0x1/0x2\n"

/* "f+0x1/0x2 [m] {fs/foo.c:12} inline ?" */
static void frame_in_words(const struct crash_frame *frame, char *words, size_t size)
{
	const struct crash_location *at = &frame->location;

	snprintf(words, size, "%.*s", TEXT_ARGS(at->function));
	if (at->has_offset)
		snprintf(words + strlen(words), size - strlen(words), "+0x%" PRIx64 "/0x%" PRIx64, at->offset, at->size);
	if (at->module.length)
		snprintf(words + strlen(words), size - strlen(words), " [%.*s]", TEXT_ARGS(at->module));
	if (at->file.length)
		snprintf(words + strlen(words), size - strlen(words), " {%.*s:%u}", TEXT_ARGS(at->file), (unsigned)at->line);
	if (frame->is_inline)
		snprintf(words + strlen(words), size - strlen(words), " inline");
	if (!frame->reliable)
		snprintf(words + strlen(words), size - strlen(words), " ?");
}

static void test_forms_of_frames(void **state)
{
	/* Each line is the only one of a trace; NULL: it is no frame. */
	static const struct {
		const char *line, *frame;
	} forms[] = {
		{ " f+0x1/0x2", "f+0x1/0x2" },
		{ " ? f+0x1/0x2 [m]", "f+0x1/0x2 [m] ?" },
		{ " [<ffffffff81714f79>] f+0x1/0x2", "f+0x1/0x2" },
		{ " [<c0101234>] ? f+0x1/0x2", "f+0x1/0x2 ?" },
		{ " [<0>] f+0x1/0x2", "f+0x1/0x2" },
		/* scripts/decode_stacktrace.sh */
		{ "f (fs/foo.c:123)", "f {fs/foo.c:123}" },
		{ "? f (fs/foo.c:123) ", "f {fs/foo.c:123} ?" },
		{ "f (fs/foo.c:123 (discriminator 2)) ", "f {fs/foo.c:123}" },
		{ "f (./include/linux/list.h:12 fs/bar.c:34)", "f {fs/bar.c:34}" },
		{ "f (include/linux/list.h:12 (discriminator 4) fs/bar.c:34 (discriminator 1)) ext4", "f [ext4] {fs/bar.c:34}" },
		{ "f (fs/foo.c:123) [m]", "f [m] {fs/foo.c:123}" },
		{ "f (??:?)", "f" },
		{ "f (/usr/src/linux-6.1/fs/foo.c:?)", "f {/usr/src/linux-6.1/fs/foo.c:0}" },
		/* syzkaller's symbolisation, of now and of 2017 */
		{ " f+0x1/0x2 fs/foo.c:123", "f+0x1/0x2 {fs/foo.c:123}" },
		{ " f fs/foo.c:123 [inline]", "f {fs/foo.c:123} inline" },
		{ " f+0x1/0x2 fs/foo.c:123 [inline]", "f+0x1/0x2 {fs/foo.c:123} inline" },
		{ " [<     inline     >] f fs/foo.c:12", "f {fs/foo.c:12} inline" },
		{ " [inline] f", "f inline" },
		{ " f+0x1/0x2 [inline]", "f+0x1/0x2 inline" },
		{ " [<ffffffff81714f79>] f+0x1/0x2 fs/foo.c:123", "f+0x1/0x2 {fs/foo.c:123}" },
		{ " schedule", "schedule" },
		{ " ? schedule", "schedule ?" },
		{ "f (deleted)", NULL },
		{ "f (fs/foo.c)", NULL },
		{ "f (fs/foo.c:12", NULL },
		{ "f (fs/foo.c:12x)", NULL },
		{ "f (:12)", NULL },
		{ "f ()", NULL },
		{ "Mem-Info:", NULL },
		{ "two words", NULL },
		{ "done.", NULL },
		{ "usb 1-1: new device", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		char log[500], words[200] = "";
		struct crash_list list;
		snprintf(log, sizeof log, OOPS "Call Trace:\n%s\n---[ end trace 0 ]---\n", forms[i].line);
		const struct crash *crash = find_one(&list, log);
		if (crash->frame_count)
			frame_in_words(&crash->frames[0], words, sizeof words);
		if (crash->frame_count != (forms[i].frame != NULL) || strcmp(words, forms[i].frame ? forms[i].frame : "") != 0)
			fail_msg("\"%s\": %zu frames, \"%s\"", forms[i].line, crash->frame_count, words);
		assert_false(crash->corrupt);
		crash_list_free(&list);
	}
}

/* The same crash, whichever tool its log has been through. */
static void test_decoded_is_the_same(void **state)
{
	static const char *const logs[] = {
		OOPS "Call Trace:\n vfs_write+0x1/0x2\n ksys_write+0x3/0x4\n",
		"BUG: kernel NULL pointer dereference, address: 0000000000000088\nRIP: 0010:foo_write (drivers/foo.c:12 (discriminator 3)) foo\n"
		"Call Trace:\nvfs_write (fs/inlined.c:3 fs/read_write.c:600)\nksys_write (fs/read_write.c:700)\n",
		"BUG: kernel NULL pointer dereference, address: 0000000000000088\nRIP: 0010:foo_write+0x14/0x90 drivers/foo.c:12\n"
		"Call Trace:\n new_sync_write fs/read_write.c:500 [inline]\n vfs_write+0x1/0x2 fs/read_write.c:600\n ksys_write+0x3/0x4 fs/read_write.c:700\n",
	};
	uint64_t fingerprints[3];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct crash_list list;
		const struct crash *crash = find_one(&list, logs[i]);
		assert_text(crash->culprit, "foo_write", logs[i]);
		fingerprints[i] = crash->fingerprint;
		if (i) {
			assert_text(crash->instruction_pointer.file, "drivers/foo.c", logs[i]);
			assert_int_equal(crash->instruction_pointer.line, 12);
		}
		crash_list_free(&list);
	}
	assert_true(fingerprints[0] == fingerprints[1] && fingerprints[0] == fingerprints[2]);
}

static void test_roles(void **state)
{
	static const struct {
		const char *line;
		enum crash_stack_role role;
		int cpu, pid;
		const char *comm;
	} rows[] = {
		{ "Allocated by task 123:", CRASH_STACK_ALLOCATED, -1, 123, "" },
		{ "Allocated by task 123 on cpu 4 at 3.400000s:", CRASH_STACK_ALLOCATED, 4, 123, "" },
		{ "Freed by task 12:", CRASH_STACK_FREED, -1, 12, "" },
		{ "Last potentially related work creation:", CRASH_STACK_RELATED_WORK, -1, -1, "" },
		{ "kfence-#12 [0x00000000a1-0x00000000b2, size=32, cache=kmalloc-32] allocated by task 1:", CRASH_STACK_ALLOCATED, -1, 1, "" },
		{ "allocated by task 1 on cpu 0 at 3.412345s (0.120000s ago):", CRASH_STACK_ALLOCATED, 0, 1, "" },
		{ "freed by task 2 on cpu 1 at 3.412345s:", CRASH_STACK_FREED, 1, 2, "" },
		{ "Uninit was created at:", CRASH_STACK_CREATED, -1, -1, "" },
		{ "Uninit was stored to memory at:", CRASH_STACK_STORED, -1, -1, "" },
		{ "INFO: Allocated in foo_open+0x1/0x2 [foo] age=10 cpu=1 pid=20", CRASH_STACK_ALLOCATED, 1, 20, "" },
		{ "Freed in foo_close+0x1/0x2 [foo] age=10 cpu=1 pid=20", CRASH_STACK_FREED, 1, 20, "" },
		{ "page last allocated via order 0, migratetype Movable, gfp_mask 0x0(), pid 5, tgid 5 (a b), ts 1, free_ts 2",
		  CRASH_STACK_PAGE_ALLOCATED, -1, 5, "a b" },
		{ "page last free pid 7 tgid 7 stack trace:", CRASH_STACK_PAGE_FREED, -1, 7, "" },
		{ "NMI backtrace for cpu 3\nCPU: 3 PID: 9 Comm: a b Not tainted 6.1.0 #1\nCall Trace:", CRASH_STACK_OTHER_CPU, 3, 9, "a b" },
		{ "task:a b             state:D stack:    0 pid: 1242 ppid:  1240 flags:0x00000000\nCall Trace:", CRASH_STACK_OTHER_TASK, -1, 1242,
		  "a b" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char log[1000];
		struct crash_list list;
		snprintf(log, sizeof log, LOCKUP "%s\n other_one+0x1/0x2\n other_two+0x1/0x2\n\nsomething else\n", rows[i].line);
		const struct crash *crash = find_one(&list, log);
		if (crash->stack_count != 1)
			fail_msg("%zu stacks: %s", crash->stack_count, rows[i].line);
		const struct crash_stack *stack = &crash->stacks[0];
		assert_int_equal(stack->role, rows[i].role);
		assert_int_equal(stack->cpu, rows[i].cpu);
		assert_int_equal(stack->pid, rows[i].pid);
		assert_text(stack->comm, rows[i].comm, rows[i].line);
		assert_int_equal(stack->line, 5);
		assert_int_equal(stack->frame_count, 2);
		assert_text(stack->frames[1].location.function, "other_two", rows[i].line);
		/* Nothing of it is the crash's. */
		assert_true(crash->cpu == 1 && crash->pid == 12 && crash->frame_count == 1);
		assert_text(crash->culprit, "foo_write", rows[i].line);
		crash_list_free(&list);
	}
}

/* A stack in front of the crash's own trace does not take its place. */
static void test_stacks_in_front(void **state)
{
	struct crash_list list;
	const struct crash *crash = find_one(&list, "watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [cat:12]\n"
	                                            "Allocated by task 123:\n alloc_one+0x1/0x2\n alloc_two+0x1/0x2\n"
	                                            "CPU: 1 PID: 12 Comm: cat Not tainted 6.1.0 #1\nCall Trace:\n own+0x1/0x2\n"
	                                            "Freed by task 124:\n free_one+0x1/0x2\n");

	(void)state;
	assert_int_equal(crash->frame_count, 1);
	assert_text(crash->frames[0].location.function, "own", "the crash's own frame");
	assert_true(crash->stack_count == 2 && crash->stacks[0].frame_count == 2 && crash->stacks[1].frame_count == 1);
	assert_text(crash->release, "6.1.0", "release");
	crash_list_free(&list);
}

static void test_place_without_frames(void **state)
{
	struct crash_list list;
	const struct crash *crash = find_one(&list, LOCKUP "INFO: Freed in foo_close+0x1/0x2 [foo] age=10 cpu=1 pid=20\nINFO: Slab 0x1\n");

	(void)state;
	assert_true(crash->stack_count == 1 && crash->stacks[0].frame_count == 1);
	assert_text(crash->stacks[0].culprit, "foo_close", "culprit");
	crash_list_free(&list);
}

/* Of a stall the backtrace of the CPU that stalls is its own trace, those of others are not. */
static void test_whose_backtrace(void **state)
{
#define DUMP(cpu, comm) "NMI backtrace for cpu " cpu "\nCPU: " cpu " PID: 9" cpu " Comm: " comm " Not tainted 6.1.0 #1\nRIP: 0010:" comm "_spins+0x1/0x2\n" \
	"Call Trace:\n " comm "_calls+0x1/0x2\n"
	static const char *const heads[] = {
		"rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:\nrcu: \t2-...0: (1 GPs behind) idle=3cf4/1/0x4000000000000000\n"
		"\t(detected by 1, t=1005 jiffies, g=-603, q=20 ncpus=2)\nSending NMI from CPU 1 to CPUs 0,2-3:\n",
		"watchdog: Watchdog detected hard LOCKUP on cpu 2\nSending NMI from CPU 1 to CPUs 0,2-3:\n",
	};
	static const char *const dumps[] = { DUMP("2", "own") DUMP("0", "other"), DUMP("0", "other") DUMP("2", "own"),
		DUMP("0", "other") "NMI backtrace for cpu 3 skipped: idling at default_idle+0xb/0x20\n" DUMP("2", "own") };

	(void)state;
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		for (size_t j = 0; j < sizeof dumps / sizeof *dumps; j++) {
			char log[2000];
			struct crash_list list;
			snprintf(log, sizeof log, "%s%s", heads[i], dumps[j]);
			const struct crash *crash = find_one(&list, log);
			assert_text(crash->instruction_pointer.function, "own_spins", log);
			assert_true(crash->cpu == 2 && crash->pid == 92 && crash->frame_count == 1 && crash->stack_count == 1);
			assert_text(crash->stacks[0].instruction_pointer.function, "other_spins", log);
			assert_true(crash->stacks[0].cpu == 0 && crash->stacks[0].pid == 90 && crash->stacks[0].frame_count == 1);
			crash_list_free(&list);
		}
	}
}

/* What somebody asks for after a crash is no part of it. */
static void test_asked_for_after_a_crash(void **state)
{
	static const struct report report = { .pid = 100, .comm = "first", .function = "foo_first" };
	struct writing w = { .time = 100 };
	struct crash_list list;

	(void)state;
	write_oops(&w, &report);
	size_t end = w.lines;
	write_line(&w, "sysrq: Show State");
	for (int i = 0; i < 30; i++) {
		write_line(&w, "task:worker%-9d state:S stack:0     pid:%-5d ppid:2      flags:0x00004000", i, i);
		write_line(&w, "Call Trace:");
		write_line(&w, " worker_thread+0x1/0x2");
	}
	read_written(&w, &list);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0]->stack_count, 0);
	assert_int_equal(list.items[0]->end_line, end);
	crash_list_free(&list);
}

static const struct report alpha = { .cpu = 0, .pid = 801, .comm = "alpha", .function = "foo_alpha", .caller = "alpha_caller" };
static const struct report beta = { .cpu = 1, .pid = 802, .comm = "beta", .function = "foo_beta", .caller = "beta_caller" };

/* The lines of a writing, one after the other. */
static bool next_line(const struct writing *w, size_t *at, char *line, size_t size)
{
	const char *begin = w->bytes + *at, *end = *at < w->length ? memchr(begin, '\n', w->length - *at) : NULL;

	if (!end)
		return false;
	snprintf(line, size, "%.*s", (int)(end - begin), begin);
	*at += (size_t)(end - begin) + 1;
	return true;
}

/* Both reports, `each` lines of one and then of the other, with callers or without. */
static void interleave(struct writing *w, size_t each, bool callers)
{
	struct writing reports[2] = { { .time = -1 }, { .time = -1 } };
	static const char *const names[] = { "[  T801]", "[    C1]" };
	size_t at[2] = { 0, 0 };
	char line[2000];
	bool any = true;

	write_oops(&reports[0], &alpha);
	write_warning(&reports[1], &beta);
	while (any) {
		any = false;
		for (size_t i = 0; i < 2; i++) {
			for (size_t n = 0; n < each && next_line(&reports[i], &at[i], line, sizeof line); n++) {
				char stamped[2100];
				any = true;
				snprintf(stamped, sizeof stamped, "[  100.%06zu]%s %s", w->lines, callers ? names[i] : "", line);
				write_line(w, "%s", stamped);
			}
		}
	}
	free(reports[0].bytes);
	free(reports[1].bytes);
}

static void assert_is(const struct crash *crash, const struct report *report)
{
	assert_text(crash->comm, report->comm, "comm");
	assert_text(crash->culprit, report->function, "culprit");
	assert_true(crash->cpu == report->cpu && crash->pid == report->pid && crash->frame_count == 3);
	assert_text(crash->frames[0].location.function, report->caller, "caller");
}

static void test_at_once_with_callers(void **state)
{
	(void)state;
	for (size_t each = 1; each < 12; each++) {
		struct writing w = { .time = -1 };
		struct crash_list list;
		interleave(&w, each, true);
		read_written(&w, &list);
		assert_int_equal(list.count, 2);
		assert_is(list.items[0], &alpha);
		assert_is(list.items[1], &beta);
		assert_false(list.items[0]->corrupt || list.items[1]->corrupt);
		crash_list_free(&list);
	}
}

/* Nothing tells them apart: less may be said, but nothing that is the other's. */
static void test_at_once_without_callers(void **state)
{
	(void)state;
	for (size_t each = 1; each < 12; each++) {
		struct writing w = { .time = -1 };
		struct crash_list list;
		bool corrupt = false;
		interleave(&w, each, false);
		read_written(&w, &list);
		for (size_t i = 0; i < list.count; i++) {
			const struct crash *crash = list.items[i];
			const struct report *own = crash->kind == CRASH_WARNING ? &beta : &alpha, *other = own == &alpha ? &beta : &alpha;
			corrupt |= crash->corrupt;
			assert_true(crash->cpu != other->cpu && crash->pid != other->pid);
			assert_false(text_is(crash->comm, other->comm));
			assert_false(text_is(crash->culprit, other->function));
			for (size_t f = 0; f < crash->frame_count; f++)
				assert_false(text_is(crash->frames[f].location.function, other->caller));
		}
		assert_true(list.count >= 1 && corrupt);
		crash_list_free(&list);
	}
}

static void test_broken_frame(void **state)
{
	static const char *const lines[] = { " vfs_write+0x1", " vfs_write+0x1/0x[  123.4567", " vfs_write+0x1/0x2BUG: ", " vfs_write+0x[   12.3" };
	struct crash_list list;

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		char log[500];
		snprintf(log, sizeof log, OOPS "Call Trace:\n whole+0x1/0x2\n%s\n", lines[i]);
		const struct crash *crash = find_one(&list, log);
		assert_true(crash->corrupt && crash->frame_count == 1);
		crash_list_free(&list);
	}
	const struct crash *crash = find_one(&list, OOPS "Call Trace:\n one+0x1/0x2\nCall Trace:\n two+0x1/0x2\n");
	assert_true(crash->corrupt && crash->frame_count == 1);
	crash_list_free(&list);
}

/* A CPU that was asked for its backtrace writes it itself. */
static void test_backtrace_by_another_caller(void **state)
{
	struct crash_list list;
	const struct crash *crash = find_one(&list,
		"[   10.000001][    C1] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:\n"
		"[   10.000002][    C1] rcu: \t0-...0: (1 GPs behind) idle=3cf4/1/0x4000000000000000\n"
		"[   10.000003][    C1] \t(detected by 1, t=1005 jiffies, g=-603, q=20 ncpus=2)\n"
		"[   10.000004][    C1] Sending NMI from CPU 1 to CPUs 0:\n"
		"[   10.000005][    C0] NMI backtrace for cpu 0\n"
		"[   10.000006][    C0] CPU: 0 PID: 111 Comm: sh Not tainted 6.1.0 #1\n"
		"[   10.000006][   T77] usb 1-1: new high-speed USB device number 3\n"
		"[   10.000007][    C0] RIP: 0010:foo_spin+0x2d/0x50\n"
		"[   10.000008][    C0] Call Trace:\n"
		"[   10.000009][    C0]  foo_write+0x2d/0x50\n");

	(void)state;
	assert_true(crash->cpu == 0 && crash->pid == 111 && crash->frame_count == 1);
	assert_text(crash->culprit, "foo_spin", "culprit");
	crash_list_free(&list);
}

/* Floods are bounded, in memory and in time. */
static void test_floods(void **state)
{
	struct writing w = { .time = 100 };
	struct crash_list list;

	(void)state;
	write_line(&w, "watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [cat:12]");
	for (int i = 0; i < 200000; i++) {
		write_line(&w, "Allocated by task %d:", i);
		w.time = 100;
		if (i % 2)
			write_line(&w, " alloc_%d+0x1/0x2", i);
	}
	read_written(&w, &list);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0]->stack_count, CRASH_STACKS_MOST);
	assert_true(list.items[0]->record_count <= CRASH_RECORDS_MOST && list.items[0]->arena.used < 2 * 1024 * 1024);
	crash_list_free(&list);
	w.time = 100;
	write_line(&w, "watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [cat:12]");
	for (int i = 0; i < 100; i++) {
		write_line(&w, "NMI backtrace for cpu %d", i + 2);
		write_line(&w, "Call Trace:");
		for (int frame = 0; frame < 1000; frame++)
			write_line(&w, " frame_%d+0x1/0x2", frame);
		w.time = 100;
	}
	read_written(&w, &list);
	assert_int_equal(list.items[0]->stacks[0].frame_count, CRASH_STACK_FRAMES_MOST);
	assert_true(list.items[0]->stack_count <= CRASH_STACKS_MOST && list.items[0]->arena.used < 2 * 1024 * 1024);
	crash_list_free(&list);
}

/* A hundred thousand callers, each with a report that never ends. */
static void test_many_callers(void **state)
{
	struct writing w = { .time = -1 };
	struct crash_list list;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		write_line(&w, "[  100.000000][T%d] BUG: kernel NULL pointer dereference, address: 0000000000000088", i);
		write_line(&w, "[  100.000000][T%d] RIP: 0010:foo_%d+0x1/0x2", i, i);
	}
	read_written(&w, &list);
	assert_int_equal(list.count, CRASH_LIST_MOST);
	assert_int_equal(list.dropped, 100000 - CRASH_LIST_MOST);
	for (size_t i = 1; i < list.count; i++)
		assert_true(list.items[i]->line > list.items[i - 1]->line);
	crash_list_free(&list);
}

static void test_source_places(void **state)
{
	struct text none = TEXT_NONE, file;
	uint32_t line;

	(void)state;
	assert_false(source_place_eat(&none, &file, &line));
	struct text open = TEXT("((((((((((((((((");
	assert_false(source_place_eat(&open, &file, &line));
	struct text large = TEXT("fs/foo.c:4294967296");
	assert_false(source_place_eat(&large, &file, &line));
	struct text most = TEXT("fs/foo.c:4294967295 rest");
	assert_true(source_place_eat(&most, &file, &line) && line == UINT32_MAX);
	assert_text(most, " rest", "rest");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms_of_frames),
		cmocka_unit_test(test_decoded_is_the_same),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_stacks_in_front),
		cmocka_unit_test(test_place_without_frames),
		cmocka_unit_test(test_whose_backtrace),
		cmocka_unit_test(test_asked_for_after_a_crash),
		cmocka_unit_test(test_at_once_with_callers),
		cmocka_unit_test(test_at_once_without_callers),
		cmocka_unit_test(test_broken_frame),
		cmocka_unit_test(test_backtrace_by_another_caller),
		cmocka_unit_test(test_floods),
		cmocka_unit_test(test_many_callers),
		cmocka_unit_test(test_source_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
