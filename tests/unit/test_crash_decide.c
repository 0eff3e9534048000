/* crash/: many crashes in a log: where each begins and ends, which is whose consequence, and which one decides. */
#include "test_crash.h"

#define DAY 86400

static const struct report first = { .cpu = 0, .pid = 100, .comm = "first", .function = "foo_first" };
static const struct report second = { .cpu = 1, .pid = 200, .comm = "second", .function = "foo_second" };

/* The kinds of a list's crashes in order, the deciding one marked. */
static void assert_kinds(const struct crash_list *list, const char *expected)
{
	char got[500] = "";

	for (size_t i = 0; i < list->count; i++)
		snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s%s", i ? " " : "", crash_kind_name(list->items[i]->kind),
		         i == list->deciding ? "*" : "");
	assert_string_equal(got, expected);
	for (size_t i = 0; i < list->count; i++) {
		const struct crash *crash = list->items[i];
		assert_true(crash->line >= 1 && crash->end_line >= crash->line && crash->end_line <= list->lines);
		assert_true(i == 0 || crash->line > list->items[i - 1]->line);
		assert_true(crash->consequence_of == SIZE_MAX || crash->consequence_of < i);
	}
}

static void test_warning_long_before(void **state)
{
	struct writing w = { .time = 100 };
	struct crash_list list;

	(void)state;
	write_quiet(&w, 500);
	write_warning(&w, &first);
	w.time += DAY;
	write_quiet(&w, 500);
	write_oops(&w, &second);
	write_quiet(&w, 100);
	read_written(&w, &list);
	assert_kinds(&list, "warning null-pointer-dereference*");
	assert_int_equal(list.items[0]->line, 502); /* the "cut here" belongs to it; its headline names it */
	assert_true(list.items[1]->consequence_of == SIZE_MAX);
	assert_text(list.release, "6.1.0-9-amd64", "release");
	assert_string_equal(list.arch, "x86_64");
	crash_list_free(&list);
}

static void test_second_oops(void **state)
{
	struct report again = second;

	(void)state;
	again.dies = 2;
	again.tainted = "Tainted: G      D   ";
	/* Soon after the first: its consequence, and its panic is the first's end. */
	for (int panic = 0; panic < 2; panic++) {
		struct writing w = { .time = 100 };
		struct crash_list list;
		write_oops(&w, &first);
		w.time += 5;
		write_oops(&w, &again);
		if (panic)
			write_line(&w, "Kernel panic - not syncing: Fatal exception in interrupt");
		read_written(&w, &list);
		assert_kinds(&list, "null-pointer-dereference* null-pointer-dereference");
		assert_int_equal(list.items[1]->consequence_of, 0);
		assert_int_equal(list.items[1]->dies, 2);
		crash_list_free(&list);
	}
	/* A day later, in another task: two crashes. The last brought the machine down. */
	struct writing w = { .time = 100 };
	struct crash_list list;
	write_oops(&w, &first);
	w.time += DAY;
	write_oops(&w, &again);
	write_line(&w, "Kernel panic - not syncing: Fatal exception in interrupt");
	read_written(&w, &list);
	assert_kinds(&list, "null-pointer-dereference null-pointer-dereference*");
	assert_true(list.items[1]->consequence_of == SIZE_MAX);
	crash_list_free(&list);
}

static void test_stuck_after_oops(void **state)
{
	struct report stuck = second;
	struct writing w = { .time = 100 };
	struct crash_list list;

	(void)state;
	stuck.tainted = "Tainted: G      D    ";
	write_oops(&w, &first);
	w.time += 500;
	write_hung_task(&w, &stuck);
	w.time += 50;
	write_soft_lockup(&w, &stuck);
	write_line(&w, "Kernel panic - not syncing: softlockup: hung tasks");
	read_written(&w, &list);
	assert_kinds(&list, "null-pointer-dereference* hung-task soft-lockup");
	assert_true(list.items[1]->consequence_of == 0 && list.items[2]->consequence_of == 0);
	crash_list_free(&list);
	/* A kernel that has not died before: the lockup is of its own making. */
	write_warning(&w, &first);
	w.time = 0;
	write_soft_lockup(&w, &second);
	write_line(&w, "Kernel panic - not syncing: softlockup: hung tasks");
	read_written(&w, &list);
	assert_kinds(&list, "warning soft-lockup*");
	assert_text(list.items[1]->panic, "softlockup: hung tasks", "panic");
	crash_list_free(&list);
}

static void test_rcu_stall_before_lockup(void **state)
{
	struct writing w = { .time = 100 };
	struct crash_list list;

	(void)state;
	write_line(&w, "rcu: INFO: rcu_sched self-detected stall on CPU");
	write_line(&w, "rcu: \t1-....: (5249 ticks this GP) idle=ba6/1/0x4000000000000002 softirq=1/2 fqs=2625 ");
	write_line(&w, "\t(t=5250 jiffies g=1 q=2)");
	write_line(&w, "Call Trace:");
	write_line(&w, " asm_sysvec_apic_timer_interrupt+0x16/0x20");
	write_line(&w, " foo_second+0x1/0x2");
	w.time += 7;
	write_soft_lockup(&w, &second);
	read_written(&w, &list);
	assert_kinds(&list, "rcu-stall soft-lockup*");
	assert_text(list.items[0]->release, "6.1.0-9-amd64", "the lockup's release");
	assert_int_equal(list.items[0]->cpu, 1);
	crash_list_free(&list);
}

static void test_boots(void **state)
{
	struct writing w = { .time = 0 };
	struct crash_list list;

	(void)state;
	write_line(&w, "Linux version 5.10.0-8-amd64 (debian@x) (gcc-10) #1 SMP Debian 5.10.46-4");
	w.time = 50;
	write_oops(&w, &first);
	write_line(&w, "Kernel panic - not syncing: Fatal exception");
	w.time = 0;
	write_line(&w, "Linux version 6.1.0-9-amd64 (debian@x) (gcc-12) #1 SMP PREEMPT_DYNAMIC Debian 6.1.27-1");
	write_quiet(&w, 100);
	write_oops(&w, &first);
	write_quiet(&w, 100);
	w.time = 0;
	write_line(&w, "Linux version 6.1.0-10-amd64 (debian@x) (gcc-12) #1 SMP PREEMPT_DYNAMIC Debian 6.1.38-1");
	write_quiet(&w, 100);
	read_written(&w, &list);
	assert_kinds(&list, "null-pointer-dereference* null-pointer-dereference");
	assert_int_equal(list.items[0]->boot, 0);
	assert_int_equal(list.items[1]->boot, 1);
	assert_true(list.items[1]->consequence_of == SIZE_MAX);
	assert_text(list.items[1]->version, "#1 SMP PREEMPT_DYNAMIC Debian 6.1.27-1", "version");
	crash_list_free(&list);
	/* No crash: the last boot's release. */
	w.time = 0;
	write_line(&w, "Linux version 5.10.0-8-amd64 (debian@x) (gcc-10) #1 SMP Debian 5.10.46-4");
	write_line(&w, "Linux version 6.1.0-10-amd64 (debian@x) (gcc-12) #1 SMP PREEMPT_DYNAMIC Debian 6.1.38-1");
	read_written(&w, &list);
	assert_true(list.count == 0 && list.deciding == SIZE_MAX && list.lines == 2);
	assert_text(list.release, "6.1.0-10-amd64", "release");
	crash_list_free(&list);
}

static void test_panics(void **state)
{
	struct writing w = { .time = 100 };
	struct crash_list list;

	(void)state;
	/* Of something else than the oops that the machine survived. */
	write_oops(&w, &first);
	w.time += 1000;
	write_line(&w, "Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled");
	read_written(&w, &list);
	assert_kinds(&list, "null-pointer-dereference out-of-memory*");
	assert_text(list.items[0]->panic, "", "panic");
	crash_list_free(&list);
	/* Too long after it to be its own. */
	w.time = 100;
	write_oops(&w, &first);
	w.time += DAY;
	write_line(&w, "Kernel panic - not syncing: Fatal exception");
	write_line(&w, "CPU: 1 PID: 200 Comm: second Not tainted 6.1.0-9-amd64 #1");
	read_written(&w, &list);
	assert_kinds(&list, "null-pointer-dereference panic*");
	crash_list_free(&list);
	/* Its own, with other records in between, and with a trace behind that is no crash. */
	static const char *const reasons[] = { "Fatal exception", "Fatal exception in interrupt", "Attempted to kill the idle task!",
		"Attempted to kill init! exitcode=0x00000009", "Aiee, killing interrupt handler!" };
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		w.time = 100;
		write_warning(&w, &second);
		write_oops(&w, &first);
		write_quiet(&w, i * 30);
		w.time += 2;
		write_line(&w, "Kernel panic - not syncing: %s", reasons[i]);
		write_line(&w, "CPU: 1 PID: 200 Comm: second Tainted: G      D            6.1.0-9-amd64 #1");
		write_line(&w, "Call Trace:");
		write_line(&w, " <TASK>");
		write_line(&w, " panic+0x118/0x2ed");
		write_line(&w, " do_exit+0x118/0x2ed");
		write_line(&w, "---[ end Kernel panic - not syncing: %s ]---", reasons[i]);
		read_written(&w, &list);
		assert_kinds(&list, "warning null-pointer-dereference*");
		assert_text(list.items[1]->panic, reasons[i], "panic");
		assert_int_equal(list.items[1]->frame_count, 3);
		crash_list_free(&list);
	}
	/* No crash before it at all. */
	const struct crash *crash = find_one(&list, "Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000009\n");
	assert_int_equal(crash->kind, CRASH_PANIC);
	assert_text(crash->title, "kernel panic: Attempted to kill init!", "title");
	crash_list_free(&list);
}

/* A kernel that has oopsed says so ever after: that alone does not make a panic for want of memory, hours later, the oops's doing. */
static void test_panic_of_a_kernel_that_oopsed(void **state)
{
	struct writing w = { .time = 100 };
	struct crash_list list;

	(void)state;
	write_oops(&w, &first);
	w.time += 10000;
	write_line(&w, "Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled");
	write_line(&w, "CPU: 1 PID: 200 Comm: second Tainted: G      D            6.1.0-9-amd64 #1");
	read_written(&w, &list);
	assert_kinds(&list, "null-pointer-dereference out-of-memory*");
	crash_list_free(&list);
}

static void test_repeats(void **state)
{
	struct writing w = { .time = 100 };
	struct crash_list list;

	(void)state;
	for (int i = 0; i < 5; i++) {
		write_soft_lockup(&w, &first);
		w.time += 28;
	}
	write_soft_lockup(&w, &second);
	w.time += 120;
	write_hung_task(&w, &first);
	w.time += 120;
	write_hung_task(&w, &first);
	write_hung_task(&w, &second);
	size_t before = w.lines;
	w.time += 28;
	write_soft_lockup(&w, &first);
	write_line(&w, "Kernel panic - not syncing: softlockup: hung tasks");
	read_written(&w, &list);
	assert_kinds(&list, "soft-lockup soft-lockup hung-task hung-task soft-lockup*");
	assert_int_equal(list.items[0]->repeats, 4);
	assert_int_equal(list.items[1]->repeats, 0);
	assert_int_equal(list.items[2]->repeats, 1);
	assert_true(list.items[2]->end_line > list.items[2]->line + 10 && list.items[2]->end_line < before);
	crash_list_free(&list);
	/* The same oops again in a task of another name is another's crash. */
	w.time = 1;
	write_warning(&w, &first);
	write_warning(&w, &first);
	write_line(&w, "Linux version 6.1.0-9-amd64 (debian@x) (gcc-12) #1 SMP Debian 6.1.27-1");
	write_warning(&w, &first);
	read_written(&w, &list);
	assert_kinds(&list, "warning* warning");
	assert_int_equal(list.items[0]->repeats, 1);
	crash_list_free(&list);
}

#define REGISTERS "RSP: 0018:ffff8996b7243e48 EFLAGS: 00010246\nRAX: 0000000000000000 RBX: ffff8996b670e910 RCX: 0000000000000018\n"

static void test_headless(void **state)
{
	struct crash_list list;
	const struct crash *crash = find_one(&list, "RIP: 0010:foo_write+0x14/0x90 [foo]\n" REGISTERS
	                                            "Call Trace:\n vfs_write+0x1/0x2\nCR2: 0000000000000088\n---[ end trace 0 ]---\n");

	(void)state;
	assert_int_equal(crash->kind, CRASH_NULL_POINTER_DEREFERENCE);
	assert_true(crash->has_fault_address && crash->fault_address == 0x88 && crash->corrupt);
	assert_text(crash->headline, "", "headline");
	assert_text(crash->culprit, "foo_write", "culprit");
	assert_int_equal(crash->line, 1);
	crash_list_free(&list);
	crash = find_one(&list, "RAX: 0000000000000000 RBX: ffff8996b670e910\nCall Trace:\n vfs_write+0x1/0x2\nCR2: ffff899600000000\n");
	assert_int_equal(crash->kind, CRASH_PAGE_FAULT);
	assert_true(crash->has_fault_address && crash->fault_address == UINT64_C(0xffff899600000000));
	crash_list_free(&list);
	crash = find_one(&list, "Oops: 0002 [#1] SMP\nRIP: 0010:foo_write+0x14/0x90\nCR2: 0000000000001000 CR3: 00000000013dc000 CR4: 06b0\n");
	assert_int_equal(crash->kind, CRASH_PAGE_FAULT);
	crash_list_free(&list);
	/* What it was is not proven by its pieces: CR2 among other registers may be an old one. */
	crash = find_one(&list, "RIP: 0010:foo_write+0x14/0x90 [foo]\n" REGISTERS "CR2: 0000000000000088 CR3: 00000000013dc000 CR4: 00000000000006b0\n"
	                        "Call Trace:\n vfs_write+0x1/0x2\n---[ end trace 0 ]---\n");
	assert_int_equal(crash->kind, CRASH_UNKNOWN_KIND);
	assert_false(crash->has_fault_address);
	assert_true(crash->corrupt);
	crash_list_free(&list);
}

static void write_show_state(struct writing *w)
{
	write_line(w, "sysrq: Show State");
	for (int i = 0; i < 30; i++) {
		write_line(w, "task:worker%-9d state:S stack:0     pid:%-5d ppid:2      flags:0x00004000", i, i);
		write_line(w, "Call Trace:");
		write_line(w, " <TASK>");
		write_line(w, " __schedule+0x351/0xa20");
		write_line(w, " worker_thread+0x1/0x2");
		write_line(w, " </TASK>");
	}
}

static void write_allocation_failure(struct writing *w)
{
	write_line(w, "cat: page allocation failure: order:5, mode:0x40cc0(GFP_KERNEL|__GFP_COMP), nodemask=(null),cpuset=/,mems_allowed=0");
	write_line(w, "CPU: 0 PID: 300 Comm: cat Not tainted 6.1.0-9-amd64 #1  Debian 6.1.27-1");
	write_line(w, "Call Trace:");
	write_line(w, " [<ffffffff816c0715>] dump_stack+0x19/0x1b");
	write_line(w, " [<ffffffff816c0716>] warn_alloc+0x19/0x1b");
	write_line(w, "Mem-Info:");
}

/* Other reports have traces too. They are no crash, and neither hide nor colour the crash that follows at once. */
static void test_other_reports(void **state)
{
	void (*const writers[])(struct writing *) = { write_show_state, write_allocation_failure };

	(void)state;
	for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
		for (size_t quiet = 0; quiet < 400; quiet = quiet * 2 + 3) {
			struct writing w = { .time = quiet % 2 ? 100 : -1 };
			struct crash_list list;
			write_quiet(&w, quiet == 3 ? 0 : quiet);
			writers[i](&w);
			size_t line = w.lines + 1;
			write_oops(&w, &first);
			writers[i](&w);
			write_quiet(&w, quiet);
			read_written(&w, &list);
			assert_kinds(&list, "null-pointer-dereference*");
			assert_int_equal(list.items[0]->line, line);
			assert_text(list.items[0]->comm, "first", "comm");
			assert_int_equal(list.items[0]->frame_count, 3);
			crash_list_free(&list);
			writers[i](&w);
			write_quiet(&w, 100);
			writers[i](&w);
			read_written(&w, &list);
			assert_int_equal(list.count, 0);
			crash_list_free(&list);
		}
	}
	static const char *const nothing[] = { "", "\n\n\n", "------------[ cut here ]------------\n", "---[ end trace 1234 ]---\n", "Call Trace:\n",
		"traps: cat[12] general protection fault ip:47cc47 sp:7ffd error:0 in cat[400000+5000]\n",
		"cat[12]: segfault at 10 ip 000047cc47 sp 00007ffd error 4 in cat[400000+5000]\n", "INFO: task starts\n", "Oops: nothing\n" };
	for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
		struct crash_list list;
		find_in(&list, nothing[i]);
		if (list.count)
			fail_msg("a crash in \"%s\"", nothing[i]);
		crash_list_free(&list);
	}
}

/* That memory ran out explains least, whether it was before the oops or after it, and is not the oops's doing. */
static void test_out_of_memory(void **state)
{
	(void)state;
	for (int before = 0; before < 2; before++) {
		struct writing w = { .time = 100 };
		struct crash_list list;
		if (before)
			write_out_of_memory(&w);
		write_oops(&w, &first);
		write_quiet(&w, 50);
		if (!before)
			write_out_of_memory(&w);
		write_quiet(&w, 50);
		read_written(&w, &list);
		assert_kinds(&list, before ? "out-of-memory null-pointer-dereference*" : "null-pointer-dereference* out-of-memory");
		assert_true(list.items[1]->consequence_of == SIZE_MAX);
		assert_int_equal(list.items[before]->frame_count, 3);
		crash_list_free(&list);
	}
}

/* One register is no crash: nothing is known of it but an address. */
static void test_nothing_but_cr2(void **state)
{
	struct crash_list list;

	(void)state;
	find_in(&list, "CR2: 0000000000000088\n");
	assert_int_equal(list.count, 0);
	crash_list_free(&list);
}

static void test_unterminated(void **state)
{
	struct crash_list list;
	const struct crash *crash = find_one(&list, "BUG: kernel NULL pointer dereference, address: 0000000000000088");

	(void)state;
	assert_text(crash->title, "BUG: unable to handle kernel NULL pointer dereference", "title");
	assert_true(crash->fault_address == 0x88 && crash->cpu == -1 && crash->pid == -1);
	crash_list_free(&list);
	/* Cut off at every byte: never worse than less to say, and the kind is known once its line is whole. */
	struct writing w = { .time = 100 };
	write_oops(&w, &first);
	for (size_t length = 0; length <= w.length; length++) {
		find_in_bytes(&list, w.bytes, length);
		assert_true(list.count <= 1);
		if (length > 80)
			assert_int_equal(list.items[0]->kind, CRASH_NULL_POINTER_DEREFERENCE);
		crash_list_free(&list);
	}
	/* The next begins before it ended; few lines of others in between are passed over, many end it. */
	for (size_t others = 0; others < 60; others += 10) {
		w.length = 0;
		w.lines = 0;
		write_line(&w, "BUG: kernel NULL pointer dereference, address: 0000000000000088");
		write_quiet(&w, others);
		write_line(&w, "RIP: 0010:foo_write+0x14/0x90");
		write_quiet(&w, 100);
		write_soft_lockup(&w, &second);
		find_in_bytes(&list, w.bytes, w.length);
		assert_int_equal(list.items[0]->kind, CRASH_NULL_POINTER_DEREFERENCE);
		assert_text(list.items[0]->culprit, others < 40 ? "foo_write" : "", "culprit");
		assert_int_equal(list.items[list.count - 1]->kind, CRASH_SOFT_LOCKUP);
		crash_list_free(&list);
	}
	free(w.bytes);
}

/* A report of corrupt memory, as KASAN makes it. */
static void write_kasan(struct writing *w, const struct report *report)
{
	write_line(w, "BUG: KASAN: slab-use-after-free in %s+0x13/0x30", report->function);
	write_line(w, "Read of size 8 at addr ffff888007a3c010 by task %s/%d", report->comm, report->pid);
	write_line(w, "CPU: %d PID: %d Comm: %s Not tainted 6.1.0-9-amd64 #1  Debian 6.1.27-1", report->cpu, report->pid, report->comm);
	write_line(w, "Call Trace:");
	write_line(w, " kasan_report+0xb4/0x140");
	write_line(w, " %s+0x13/0x30", report->function);
	write_line(w, " vfs_read+0x13/0x30");
}

/* An oops soon after a report of corrupt memory, or in the same task, is its consequence, and the report decides. */
static void test_corruption_then_oops(void **state)
{
	static const struct {
		double later;
		int pid;
		const char *tainted;
		bool follows;
	} rows[] = {
		{ 5, 200, "Tainted: G    B    ", true },
		{ 50, 200, "Tainted: G    B    ", true },
		{ 70, 200, "Tainted: G    B    ", false },
		{ DAY, 100, "Tainted: G    B    ", true },
		{ 5, 200, NULL, false }, /* "Not tainted": of a time before */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (int panic = 0; panic < 2; panic++) {
			struct writing w = { .time = 100 };
			struct crash_list list;
			struct report report = second;
			report.pid = rows[i].pid;
			report.tainted = rows[i].tainted;
			write_kasan(&w, &first);
			w.time += rows[i].later;
			write_oops(&w, &report);
			write_line(&w, panic ? "Kernel panic - not syncing: Fatal exception" : "nothing");
			read_written(&w, &list);
			assert_kinds(&list, rows[i].follows ? "kasan* null-pointer-dereference" : "kasan null-pointer-dereference*");
			assert_true(list.items[1]->consequence_of == (rows[i].follows ? 0 : SIZE_MAX));
			crash_list_free(&list);
		}
	}
}

/* Corruption, oops, lockup: all come of the first. */
static void test_chain(void **state)
{
	struct writing w = { .time = 100 };
	struct crash_list list;
	struct report dying = second, stuck = { .cpu = 2, .pid = 300, .comm = "third", .function = "foo_third" };

	(void)state;
	dying.tainted = "Tainted: G    B    ";
	stuck.tainted = "Tainted: G    B D  ";
	write_kasan(&w, &first);
	w.time += 3;
	write_oops(&w, &dying);
	w.time += 1000;
	write_soft_lockup(&w, &stuck);
	write_line(&w, "Kernel panic - not syncing: softlockup: hung tasks");
	read_written(&w, &list);
	assert_kinds(&list, "kasan* null-pointer-dereference soft-lockup");
	assert_true(list.items[1]->consequence_of == 0 && list.items[2]->consequence_of == 0);
	crash_list_free(&list);
}

/* A stall's report does not say how the kernel is tainted: soon after an oops it is the oops's doing, later it is not known. */
static void test_stall_after_oops(void **state)
{
	(void)state;
	for (int late = 0; late < 2; late++) {
		struct writing w = { .time = 100 };
		struct crash_list list;
		write_oops(&w, &first);
		write_quiet(&w, 50);
		w.time += late ? 500 : 21;
		write_line(&w, "rcu: INFO: rcu_sched self-detected stall on CPU");
		write_line(&w, "rcu: \t1-....: (5249 ticks this GP) idle=ba6/1/0x4000000000000002 softirq=1/2 fqs=2625 ");
		write_line(&w, "\t(t=5250 jiffies g=1 q=2)");
		write_line(&w, "Call Trace:");
		write_line(&w, " foo_second+0x1/0x2");
		read_written(&w, &list);
		assert_kinds(&list, "null-pointer-dereference* rcu-stall");
		assert_true(list.items[1]->consequence_of == (late ? SIZE_MAX : 0));
		crash_list_free(&list);
	}
}

/* What comes long after an oops in another task is of its own making, unless it waits for what the dead task held. */
static void test_warning_after_oops(void **state)
{
	(void)state;
	for (int late = 0; late < 2; late++) {
		struct writing w = { .time = 100 };
		struct crash_list list;
		struct report report = second;
		report.tainted = "Tainted: G      D   ";
		write_oops(&w, &first);
		write_quiet(&w, 50);
		w.time += late ? DAY : 1;
		write_warning(&w, &report);
		write_quiet(&w, 50);
		read_written(&w, &list);
		assert_kinds(&list, "null-pointer-dereference* warning");
		assert_true(list.items[1]->consequence_of == (late ? SIZE_MAX : 0));
		crash_list_free(&list);
	}
}

/* A kernel that has panicked warns of this and that. It is no crash, and the next boot's is one again. */
static void test_while_panicking(void **state)
{
	static const char *const panics[] = { "Fatal exception", "something else" };

	(void)state;
	for (size_t i = 0; i < sizeof panics / sizeof *panics; i++) {
		for (int boots = 0; boots < 2; boots++) {
			struct writing w = { .time = 100 };
			struct crash_list list;
			write_oops(&w, &first);
			write_line(&w, "Kernel panic - not syncing: %s", panics[i]);
			write_line(&w, "Call Trace:");
			write_line(&w, " panic+0x118/0x2ed");
			write_warning(&w, &second);
			write_soft_lockup(&w, &second);
			write_line(&w, "---[ end Kernel panic - not syncing: %s ]---", panics[i]);
			if (boots) {
				w.time = 0;
				write_line(&w, "Linux version 6.1.0-9-amd64 (debian@x) (gcc-12) #1 SMP Debian 6.1.27-1");
			}
			w.time = boots ? 10 : 1000;
			write_warning(&w, &second);
			read_written(&w, &list);
			assert_kinds(&list, i == 0 ? "null-pointer-dereference* warning" : "null-pointer-dereference panic* warning");
			crash_list_free(&list);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_warning_long_before),
		cmocka_unit_test(test_second_oops),
		cmocka_unit_test(test_stuck_after_oops),
		cmocka_unit_test(test_rcu_stall_before_lockup),
		cmocka_unit_test(test_boots),
		cmocka_unit_test(test_panics),
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_headless),
		cmocka_unit_test(test_out_of_memory),
		cmocka_unit_test(test_corruption_then_oops),
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_stall_after_oops),
		cmocka_unit_test(test_warning_after_oops),
		cmocka_unit_test(test_while_panicking),
		cmocka_unit_test(test_other_reports),
		cmocka_unit_test(test_unterminated),
		cmocka_unit_test(test_nothing_but_cr2),
		cmocka_unit_test(test_panic_of_a_kernel_that_oopsed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
