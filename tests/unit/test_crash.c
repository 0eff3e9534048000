/* crash/: each kind of crash, as kernels of different age report it. */
#include "test_crash.h"

#define NO -1

struct row {
	const char *what; /* NULL ends a table */
	const char *log;
	enum crash_kind kind;
	const char *title, *culprit;
	const char *function, *module; /* the instruction pointer's */
	const char *comm;
	int64_t cpu, pid;
	const char *tainted; /* NULL: not said; "": "Not tainted" */
	const char *release;
	const char *fault;   /* fault address in hex; NULL: none */
	const char *error;   /* error code in hex; NULL: none */
	const char *panic;
};

static void check_hex(bool known, uint64_t value, const char *expected, const char *what)
{
	if (known != (expected != NULL) || (known && value != strtoull(expected, NULL, 16)))
		fail_msg("%s: got %s%" PRIx64 ", expected %s", what, known ? "" : "none ", value, expected ? expected : "none");
}

static void check(const struct row *row)
{
	struct crash_list list;

	print_message("# %s\n", row->what);
	const struct crash *crash = find_one(&list, row->log);
	assert_string_equal(crash_kind_name(crash->kind), crash_kind_name(row->kind));
	assert_text(crash->title, row->title, "title");
	assert_text(crash->culprit, row->culprit, "culprit");
	assert_text(crash->instruction_pointer.function, row->function, "function");
	assert_text(crash->instruction_pointer.module, row->module, "module");
	assert_text(crash->comm, row->comm, "comm");
	assert_int_equal(crash->cpu, row->cpu);
	assert_int_equal(crash->pid, row->pid);
	assert_int_equal(crash->taint_known, row->tainted != NULL);
	assert_text(crash->tainted, row->tainted, "tainted");
	assert_text(crash->release, row->release, "release");
	check_hex(crash->has_fault_address, crash->fault_address, row->fault, "fault address");
	check_hex(crash->has_error_code, crash->error_code, row->error, "error code");
	assert_text(crash->panic, row->panic, "panic");
	assert_false(crash->corrupt);
	crash_list_free(&list);
}

#define CHECK(rows)                                                                                                                  \
	for (size_t index = 0; index < sizeof rows / sizeof *rows; index++)                                                              \
	check(&rows[index])

#define IDENTITY_3_10 "CPU: 1 PID: 2577 Comm: inotify Tainted: G           OE  ------------   3.10.0-862.2.3.el7.x86_64 #1\n"
#define HARDWARE "Hardware name: innotek GmbH VirtualBox/VirtualBox, BIOS VirtualBox 12/01/2006\n"
#define RIP_3_10 "RIP: 0010:[<ffffffffa0301234>]  [<ffffffffa0301234>] foo_write+0x14/0x90 [foo]\n"
#define REGISTERS                                                                                                                    \
	"RSP: 0018:ffff8996b7243e48  EFLAGS: 00010246\n"                                                                                 \
	"RAX: 0000000000000000 RBX: ffff8996b670e910 RCX: 0000000000000018\n"                                                            \
	"CS:  0010 DS: 0000 ES: 0000 CR0: 0000000080050033\n"                                                                            \
	"CR2: 0000000000000088 CR3: 000000007a5d2000 CR4: 00000000000606f0\n"
#define TRACE_3_10                                                                                                                   \
	"Stack:\n ffff8996b7243e60 ffffffff811e8d5a ffff8996b5d11400 0000000000000018\n"                                                 \
	"Call Trace:\n [<ffffffff8121b4ed>] vfs_write+0xbd/0x1e0\n [<ffffffff8121c2ff>] SyS_write+0x7f/0xf0\n"                           \
	" [<ffffffff816c0715>] system_call_fastpath+0x1c/0x21\n"                                                                         \
	"Code: 48 89 e5 41 54 53 <48> 89 04 25 88 00 00 00\n"
#define END_3_10 "RIP  [<ffffffffa0301234>] foo_write+0x14/0x90 [foo]\n RSP <ffff8996b7243e48>\n"
#define BODY_3_10 "Modules linked in: foo(OE) ext4 jbd2\n" IDENTITY_3_10 HARDWARE                                                       \
	"task: ffff8996b5f7af70 ti: ffff8996b7240000 task.ti: ffff8996b7240000\n" RIP_3_10 REGISTERS TRACE_3_10 END_3_10
#define IN_3_10 .function = "foo_write", .module = "foo", .culprit = "foo_write", .comm = "inotify", .cpu = 1, .pid = 2577,             \
	.tainted = "G OE", .release = "3.10.0-862.2.3.el7.x86_64"

#define IDENTITY_6_1 "CPU: 0 PID: 113 Comm: rmdir Kdump: loaded Not tainted 6.1.0-9-amd64 #1  Debian 6.1.27-1\n"
#define RIP_6_1 "RIP: 0010:foo_write+0x14/0x90 [foo]\n"
#define USER_6_1                                                                                                                     \
	"RIP: 0033:0x47cc47\nCode: 73 01 c3 <48> 3d 01\nRSP: 002b:00007ffdc2539ea8 EFLAGS: 00000246 ORIG_RAX: 0000000000000054\n"           \
	"RAX: ffffffffffffffda RBX: 0000000038defb00 RCX: 000000000047cc47\n"
#define TRACE_6_1                                                                                                                    \
	"Call Trace:\n <TASK>\n vfs_write+0xbd/0x1e0\n ? ksys_read+0x1/0x2\n __x64_sys_write+0x7f/0xf0\n do_syscall_64+0x5d/0x90\n"        \
	" entry_SYSCALL_64_after_hwframe+0x6e/0xd8\n" USER_6_1 " </TASK>\nModules linked in: foo(OE) ext4 jbd2\n"
#define BODY_6_1 IDENTITY_6_1 HARDWARE RIP_6_1 "Code: 48 89 e5 <48> 89 04\n" REGISTERS TRACE_6_1
#define END_6_1 "---[ end trace 0000000000000000 ]---\n" RIP_6_1 REGISTERS
#define IN_6_1 .function = "foo_write", .module = "foo", .culprit = "foo_write", .comm = "rmdir", .cpu = 0, .pid = 113, .tainted = "",  \
	.release = "6.1.0-9-amd64"
#define BODY_6_12 "CPU: 3 UID: 1000 PID: 4242 Comm: my prog: x Kdump: loaded Tainted: G    B D W  OE      6.12.9-amd64 #1  Debian 6.12.9-1\n" \
	"Tainted: [B]=BAD_PAGE, [D]=DIE, [W]=WARN, [O]=OOT_MODULE, [E]=UNSIGNED_MODULE\n" HARDWARE RIP_6_1 REGISTERS TRACE_6_1
#define IN_6_12 .function = "foo_write", .module = "foo", .culprit = "foo_write", .comm = "my prog: x", .cpu = 3, .pid = 4242,          \
	.tainted = "G B D W OE", .release = "6.12.9-amd64"

#define NULL_TITLE "BUG: unable to handle kernel NULL pointer dereference in foo_write"
#define PAGE_TITLE "BUG: unable to handle kernel paging request in foo_write"

static void test_page_faults(void **state)
{
	static const struct row rows[] = {
		{ .what = "NULL, 3.10", .kind = CRASH_NULL_POINTER_DEREFERENCE, .title = NULL_TITLE, IN_3_10, .fault = "88", .error = "2",
		  .panic = "Fatal exception",
		  .log = "BUG: unable to handle kernel NULL pointer dereference at 0000000000000088\n"
		         "IP: [<ffffffffa0301234>] foo_write+0x14/0x90 [foo]\nPGD 800000003a5d1067 PUD 3a5d2067 PMD 0 \nOops: 0002 [#1] SMP \n"
		         BODY_3_10 "CR2: 0000000000000088\n---[ end trace 1f2e3d4c5b6a7988 ]---\nKernel panic - not syncing: Fatal exception\n" },
		{ .what = "NULL, 4.9", .kind = CRASH_NULL_POINTER_DEREFERENCE, .title = NULL_TITLE, IN_3_10, .fault = "0", .error = "0",
		  .log = "BUG: unable to handle kernel NULL pointer dereference at           (null)\n"
		         "IP: [<ffffffffa0301234>] foo_write+0x14/0x90 [foo]\nPGD 0 \nOops: 0000 [#1] SMP\n" BODY_3_10 },
		{ .what = "NULL, 4.14", .kind = CRASH_NULL_POINTER_DEREFERENCE, .title = NULL_TITLE, IN_6_1, .fault = "10", .error = "0",
		  .log = "BUG: unable to handle kernel NULL pointer dereference at 0000000000000010\nIP: foo_write+0x14/0x90 [foo]\n"
		         "PGD 0 P4D 0 \nOops: 0000 [#1] SMP PTI\n" BODY_6_1 END_6_1 },
		{ .what = "NULL, 6.1", .kind = CRASH_NULL_POINTER_DEREFERENCE, .title = NULL_TITLE, IN_6_1, .fault = "88", .error = "2",
		  .log = "BUG: kernel NULL pointer dereference, address: 0000000000000088\n#PF: supervisor write access in kernel mode\n"
		         "#PF: error_code(0x0002) - not-present page\nPGD 0 P4D 0 \nOops: 0002 [#1] PREEMPT SMP NOPTI\n" BODY_6_1
		         "CR2: 0000000000000088\n" END_6_1 },
		{ .what = "NULL, 6.12", .kind = CRASH_NULL_POINTER_DEREFERENCE, .title = NULL_TITLE, IN_6_12, .fault = "88", .error = "2",
		  .panic = "Fatal exception in interrupt",
		  .log = "BUG: kernel NULL pointer dereference, address: 0000000000000088\n#PF: supervisor write access in kernel mode\n"
		         "#PF: error_code(0x0002) - not-present page\nPGD 0 P4D 0 \nOops: Oops: 0002 [#1] PREEMPT SMP NOPTI\n" BODY_6_12
		         "CR2: 0000000000000088\n" END_6_1 "Kernel panic - not syncing: Fatal exception in interrupt\n" },
		{ .what = "paging request, 3.10", .kind = CRASH_PAGE_FAULT, .title = PAGE_TITLE, IN_3_10, .fault = "ffff899600000000", .error = "0",
		  .log = "BUG: unable to handle kernel paging request at ffff899600000000\nIP: [<ffffffffa0301234>] foo_write+0x14/0x90 [foo]\n"
		         "PGD 0 \nOops: 0000 [#1] SMP \n" BODY_3_10 },
		{ .what = "paging request, 6.1", .kind = CRASH_PAGE_FAULT, .title = PAGE_TITLE, IN_6_1, .fault = "ffff899600000000", .error = "b",
		  .log = "BUG: unable to handle page fault for address: ffff899600000000\n#PF: supervisor write access in kernel mode\n"
		         "#PF: error_code(0x000b) - reserved bit violation\nPGD 0 P4D 0 \nOops: 000b [#1] PREEMPT SMP NOPTI\n" BODY_6_1 END_6_1 },
		{ .what = "2.6.32", .kind = CRASH_NULL_POINTER_DEREFERENCE, .title = NULL_TITLE, .fault = "88", .error = "2", .function = "foo_write",
		  .module = "foo", .culprit = "foo_write", .comm = "inotify", .cpu = 1, .pid = 2577, .tainted = "",
		  .release = "2.6.32-431.el6.x86_64",
		  .log = "BUG: unable to handle kernel NULL pointer dereference at 0000000000000088\n"
		         "IP: [<ffffffffa0301234>] foo_write+0x14/0x90 [foo]\nPGD 0 \nOops: 0002 [#1] SMP \n"
		         "last sysfs file: /sys/devices/system/cpu/online\nCPU 1 \nModules linked in: foo ext4 jbd2\n\n"
		         "Pid: 2577, comm: inotify Not tainted 2.6.32-431.el6.x86_64 #1 innotek GmbH VirtualBox/VirtualBox\n" RIP_3_10 REGISTERS
		         "Process inotify (pid: 2577, threadinfo ffff88003a5d0000, task ffff88003a5d1540)\n" TRACE_3_10 END_3_10 },
	};

	(void)state;
	CHECK(rows);
}

/* arch/x86/kernel/traps_64.c of 2.6.18: the place on the next line, the module in front, "[1]" without '#'. */
static void test_oops_of_2_6_18(void **state)
{
	static const struct row rows[] = {
		{ .what = "2.6.18", .kind = CRASH_NULL_POINTER_DEREFERENCE, .title = NULL_TITLE, .fault = "10", .error = "2", .function = "foo_write",
		  .module = "foo", .culprit = "foo_write", .comm = "inotify", .cpu = 1, .pid = 2577, .tainted = "G", .release = "2.6.18-398.el5",
		  .log = "Unable to handle kernel NULL pointer dereference at 0000000000000010 RIP: \n [<ffffffff8836c1b4>] :foo:foo_write+0x14/0x90\n"
		         "PGD 3a5d1067 PUD 3a5d2067 PMD 0 \nOops: 0002 [1] SMP \nlast sysfs file: /block/sda/size\nCPU 1 \n"
		         "Modules linked in: foo ext3 jbd\nPid: 2577, comm: inotify Tainted: G      2.6.18-398.el5 #1\n"
		         "RIP: 0010:[<ffffffff8836c1b4>]  [<ffffffff8836c1b4>] :foo:foo_write+0x14/0x90\n" REGISTERS
		         "Process inotify (pid: 2577, threadinfo ffff88003a5d0000, task ffff88003a5d1540)\n"
		         "Call Trace:\n [<ffffffff80016a14>] vfs_write+0xce/0x174\n [<ffffffff80017339>] sys_write+0x45/0x6e\n\n\n"
		         "Code: 48 89 e5\nRIP  [<ffffffff8836c1b4>] :foo:foo_write+0x14/0x90\n RSP <ffff81003a5d1ea8>\nCR2: 0000000000000010\n"
		         " <0>Kernel panic - not syncing: Fatal exception\n", .panic = "Fatal exception" },
	};

	(void)state;
	CHECK(rows);
}

static void test_traps(void **state)
{
	static const struct row rows[] = {
		{ .what = "protection fault, 3.10", .kind = CRASH_GENERAL_PROTECTION_FAULT, .title = "general protection fault in foo_write", IN_3_10,
		  .error = "0", .log = "general protection fault: 0000 [#1] SMP \n" BODY_3_10 },
		{ .what = "protection fault, 5.4", .kind = CRASH_GENERAL_PROTECTION_FAULT, .title = "general protection fault in foo_write", IN_6_1,
		  .error = "0", .log = "general protection fault: 0000 [#1] SMP PTI\n" BODY_6_1 END_6_1 },
		{ .what = "protection fault, 6.1", .kind = CRASH_GENERAL_PROTECTION_FAULT, .title = "general protection fault in foo_write", IN_6_1,
		  .error = "0", .fault = "dead000000000122",
		  .log = "general protection fault, probably for non-canonical address 0xdead000000000122: 0000 [#1] PREEMPT SMP NOPTI\n" BODY_6_1 END_6_1 },
		{ .what = "protection fault, maybe", .kind = CRASH_GENERAL_PROTECTION_FAULT, .title = "general protection fault in foo_write", IN_6_1,
		  .error = "0", .fault = "ffff8e48c214a180",
		  .log = "general protection fault, maybe for address 0xffff8e48c214a180: 0000 [#1] PREEMPT SMP NOPTI\n" BODY_6_1 END_6_1 },
		{ .what = "protection fault, 6.12", .kind = CRASH_GENERAL_PROTECTION_FAULT, .title = "general protection fault in foo_write", IN_6_12,
		  .error = "0", .fault = "dead000000000122",
		  .log = "Oops: general protection fault, probably for non-canonical address 0xdead000000000122: 0000 [#1] PREEMPT SMP NOPTI\n"
		         BODY_6_12 END_6_1 },
		{ .what = "divide error, 3.10", .kind = CRASH_DIVIDE_ERROR, .title = "divide error in foo_write", IN_3_10, .error = "0",
		  .log = "divide error: 0000 [#1] SMP \n" BODY_3_10 },
		{ .what = "divide error, 6.12", .kind = CRASH_DIVIDE_ERROR, .title = "divide error in foo_write", IN_6_12, .error = "0",
		  .log = "Oops: divide error: 0000 [#1] PREEMPT SMP NOPTI\n" BODY_6_12 END_6_1 },
		{ .what = "invalid opcode, 6.1", .kind = CRASH_INVALID_OPCODE, .title = "invalid opcode in foo_write", IN_6_1, .error = "0",
		  .log = "invalid opcode: 0000 [#1] PREEMPT SMP NOPTI\n" BODY_6_1 END_6_1 },
		{ .what = "BUG, 3.10", .kind = CRASH_KERNEL_BUG, .title = "kernel BUG in foo_write", IN_3_10, .error = "0",
		  .log = "------------[ cut here ]------------\nkernel BUG at fs/foo.c:123!\ninvalid opcode: 0000 [#1] SMP \n" BODY_3_10 },
		{ .what = "BUG, 6.1", .kind = CRASH_KERNEL_BUG, .title = "kernel BUG in foo_write", IN_6_1, .error = "0",
		  .log = "------------[ cut here ]------------\nkernel BUG at fs/foo.c:123!\ninvalid opcode: 0000 [#1] PREEMPT SMP NOPTI\n"
		         BODY_6_1 END_6_1 },
		{ .what = "BUG, 6.12", .kind = CRASH_KERNEL_BUG, .title = "kernel BUG in foo_write", IN_6_12, .error = "0",
		  .log = "------------[ cut here ]------------\nkernel BUG at fs/foo.c:123!\nOops: invalid opcode: 0000 [#1] PREEMPT SMP NOPTI\n"
		         BODY_6_12 END_6_1 },
		{ .what = "double fault, 4.x", .kind = CRASH_DOUBLE_FAULT, .title = "PANIC: double fault in foo_write", IN_6_1,
		  .panic = "Machine halted.",
		  .log = "PANIC: double fault, error_code: 0x0\n" BODY_6_1 "Kernel panic - not syncing: Machine halted.\n" },
		{ .what = "double fault, 5.10", .kind = CRASH_DOUBLE_FAULT, .title = "PANIC: double fault in foo_write", IN_6_1, .error = "0",
		  .panic = "Fatal exception in interrupt",
		  .log = "traps: PANIC: double fault, error_code: 0x0\ndouble fault: 0000 [#1] SMP PTI\n" BODY_6_1 END_6_1
		         "Kernel panic - not syncing: Fatal exception in interrupt\n" },
		{ .what = "double fault, 6.12", .kind = CRASH_DOUBLE_FAULT, .title = "PANIC: double fault in foo_write", IN_6_12, .error = "0",
		  .log = "traps: PANIC: double fault, error_code: 0x0\nOops: double fault: 0000 [#1] PREEMPT SMP NOPTI\n" BODY_6_12 END_6_1 },
	};

	(void)state;
	CHECK(rows);
}

#define TICK_6_1                                                                                                                     \
	"Call Trace:\n <IRQ>\n watchdog_timer_fn+0x1/0x2\n hrtimer_interrupt+0x1/0x2\n __sysvec_apic_timer_interrupt+0x1/0x2\n </IRQ>\n"   \
	" <TASK>\n asm_sysvec_apic_timer_interrupt+0x16/0x20\n"
#define SPIN_6_1 "RIP: 0010:spin_forever+0x5/0x10 [foo]\n" REGISTERS " foo_write+0x14/0x90 [foo]\n vfs_write+0xbd/0x1e0\n </TASK>\n"
#define IN_LOCKUP .function = "native_queued_spin_lock_slowpath", .culprit = "foo_write", .cpu = 0, .tainted = "", .release = "6.1.0-9-amd64"
#define LOCKUP_BODY                                                                                                                  \
	"Modules linked in: foo(OE) ext4\n" IDENTITY_6_1 HARDWARE "RIP: 0010:native_queued_spin_lock_slowpath+0x1c0/0x1e0\n" REGISTERS        \
	"Call Trace:\n <TASK>\n _raw_spin_lock+0x1d/0x20\n foo_write+0x14/0x90 [foo]\n vfs_write+0xbd/0x1e0\n" USER_6_1 " </TASK>\n"

static void test_lockups(void **state)
{
	static const struct row rows[] = {
		{ .what = "soft, 3.10", .kind = CRASH_SOFT_LOCKUP, .title = "BUG: soft lockup in foo_write", IN_3_10,
		  .log = "BUG: soft lockup - CPU#1 stuck for 22s! [inotify:2577]\n" BODY_3_10 },
		{ .what = "soft, 3.10.0-862", .kind = CRASH_SOFT_LOCKUP, .title = "BUG: soft lockup in foo_write", IN_3_10,
		  .panic = "softlockup: hung tasks",
		  .log = "NMI watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [inotify:2577]\n" BODY_3_10
		         "Kernel panic - not syncing: softlockup: hung tasks\n" IDENTITY_3_10 "Call Trace:\n <IRQ>  [<ffffffff816c0715>] dump_stack+0x1/0x2\n" },
		{ .what = "soft, 6.1, a colon in comm", .kind = CRASH_SOFT_LOCKUP, .title = "BUG: soft lockup in foo_write", IN_LOCKUP,
		  .comm = "kworker/0:1", .pid = 17, .log = "watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [kworker/0:1:17]\n" LOCKUP_BODY },
		{ .what = "soft, blanks and brackets in comm", .kind = CRASH_SOFT_LOCKUP, .title = "BUG: soft lockup in foo_write", IN_LOCKUP,
		  .comm = "a] b: 1", .pid = 17, .log = "watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [a] b: 1:17]\n" LOCKUP_BODY },
		{ .what = "hard, 4.x", .kind = CRASH_HARD_LOCKUP, .title = "BUG: hard lockup in foo_write", IN_LOCKUP, .comm = "rmdir", .pid = 113,
		  .log = "NMI watchdog: Watchdog detected hard LOCKUP on cpu 0\n" LOCKUP_BODY },
		{ .what = "hard, 6.12", .kind = CRASH_HARD_LOCKUP, .title = "BUG: hard lockup in foo_write", IN_LOCKUP, .comm = "rmdir", .pid = 113,
		  .panic = "Hard LOCKUP",
		  .log = "watchdog: Watchdog detected hard LOCKUP on cpu 0\n" LOCKUP_BODY "Kernel panic - not syncing: Hard LOCKUP\n" IDENTITY_6_1 },
		{ .what = "hung, 3.10", .kind = CRASH_HUNG_TASK, .title = "INFO: task hung in foo_write", .culprit = "foo_write", .comm = "ng: x",
		  .cpu = NO, .pid = 1242, .tainted = "G OE", .release = "3.10.0-862.el7.x86_64", .panic = "hung_task: blocked tasks",
		  .log = "INFO: task ng: x:1242 blocked for more than 120 seconds.\n"
		         "      Tainted: G           OE  ------------   3.10.0-862.el7.x86_64 #1\n"
		         "\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\" disables this message.\n"
		         "ng: x           D ffff8996b5f7af70     0  1242      1 0x00000080\nCall Trace:\n [<ffffffff81714f79>] schedule+0x29/0x70\n"
		         " [<ffffffff817128a9>] mutex_lock+0x1f/0x2f\n [<ffffffffa0301234>] foo_write+0x14/0x90 [foo]\n"
		         "Kernel panic - not syncing: hung_task: blocked tasks\n" },
		{ .what = "hung, 6.1", .kind = CRASH_HUNG_TASK, .title = "INFO: task hung in foo_write", .culprit = "foo_write", .comm = "nginx",
		  .cpu = NO, .pid = 1242, .tainted = "", .release = "6.1.0-9-amd64",
		  .log = "INFO: task nginx:1242 blocked for more than 120 seconds.\n      Not tainted 6.1.0-9-amd64 #1 Debian 6.1.27-1\n"
		         "\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\" disables this message.\n"
		         "task:nginx           state:D stack:0     pid:1242  ppid:1      flags:0x00000002\nCall Trace:\n <TASK>\n"
		         " __schedule+0x351/0xa20\n schedule+0x5d/0xe0\n rwsem_down_write_slowpath+0x1/0x2\n foo_write+0x14/0x90 [foo]\n" USER_6_1 " </TASK>\n" },
	};

	(void)state;
	CHECK(rows);
}

static void test_rcu_stalls(void **state)
{
	static const struct row rows[] = {
		{ .what = "3.10", .kind = CRASH_RCU_STALL, .title = "INFO: rcu detected stall in foo_spin", .culprit = "foo_spin", .comm = "my nginx",
		  .cpu = 3, .pid = 1242,
		  .log = "INFO: rcu_sched self-detected stall on CPU { 3}  (t=60000 jiffies g=123 c=122 q=0)\nTask dump for CPU 3:\n"
		         "my nginx        R  running task        0  1242   1240 0x00000088\nCall Trace:\n"
		         " <IRQ>  [<ffffffff810c5e22>] sched_show_task+0xc2/0x130\n [<ffffffff810c9509>] dump_cpu_task+0x39/0x70\n"
		         " [<ffffffff81141730>] rcu_dump_cpu_stacks+0x90/0xd0\n [<ffffffff81145e52>] rcu_check_callbacks+0x442/0x720\n"
		         " [<ffffffff81099b76>] update_process_times+0x46/0x80\n [<ffffffff8105746d>] smp_apic_timer_interrupt+0x3d/0x50\n"
		         " [<ffffffff816c7472>] apic_timer_interrupt+0x162/0x170\n <EOI>  [<ffffffffa0301234>] ? foo_other+0x1/0x2 [foo]\n"
		         " [<ffffffffa0301244>] foo_spin+0x3e/0x90 [foo]\n [<ffffffff8121b4ed>] vfs_write+0xbd/0x1e0\n" },
		{ .what = "3.10, told by another CPU", .kind = CRASH_RCU_STALL, .title = "INFO: rcu detected stall in foo_spin", .culprit = "foo_spin",
		  .comm = "nginx", .cpu = 3, .pid = 1242,
		  .log = "INFO: rcu_sched detected stalls on CPUs/tasks: { 3} (detected by 1, t=60002 jiffies, g=123, c=122, q=0)\n"
		         "Task dump for CPU 3:\nnginx           R  running task        0  1242   1240 0x00000088\nCall Trace:\n"
		         " [<ffffffffa0301244>] foo_spin+0x3e/0x90 [foo]\n [<ffffffff8121b4ed>] vfs_write+0xbd/0x1e0\n" },
		{ .what = "4.14", .kind = CRASH_RCU_STALL, .title = "INFO: rcu detected stall in spin_forever", .culprit = "spin_forever",
		  .function = "spin_forever", .module = "foo", .comm = "rmdir", .cpu = 0, .pid = 113, .tainted = "", .release = "6.1.0-9-amd64",
		  .log = "INFO: rcu_sched self-detected stall on CPU\n\t0-...: (5999 ticks this GP) idle=ba6/140000000000001/0 softirq=1/2 fqs=2999 \n"
		         "\t (t=6000 jiffies g=12 c=11 q=3)\nNMI backtrace for cpu 0\n" IDENTITY_6_1 TICK_6_1 SPIN_6_1 },
		{ .what = "5.10", .kind = CRASH_RCU_STALL, .title = "INFO: rcu detected stall in spin_forever", .culprit = "spin_forever",
		  .function = "spin_forever", .module = "foo", .comm = "rmdir", .cpu = 0, .pid = 113, .tainted = "", .release = "6.1.0-9-amd64",
		  .log = "rcu: INFO: rcu_sched self-detected stall on CPU\nrcu: \t0-....: (5249 ticks this GP) idle=ba6/1/0x4000000000000002 "
		         "softirq=1/2 fqs=2625 \n\t(t=5250 jiffies g=1 q=2)\nNMI backtrace for cpu 0\n" IDENTITY_6_1 TICK_6_1 SPIN_6_1 },
		{ .what = "6.6", .kind = CRASH_RCU_STALL, .title = "INFO: rcu detected stall in spin_forever", .culprit = "spin_forever",
		  .function = "spin_forever", .module = "foo", .comm = "rmdir", .cpu = 0, .pid = 113, .tainted = "", .release = "6.1.0-9-amd64",
		  .panic = "RCU Stall",
		  .log = "rcu: INFO: rcu_preempt self-detected stall on CPU\nrcu: \t0-....: (5249 ticks this GP) idle=ba6c/1/0x4000000000000002 "
		         "softirq=1/2 fqs=2625\nrcu: \t(t=5250 jiffies g=1 q=2 ncpus=2)\n" IDENTITY_6_1 "RIP: 0010:spin_forever+0x5/0x10 [foo]\n" REGISTERS
		         TICK_6_1 " foo_write+0x14/0x90 [foo]\n </TASK>\nKernel panic - not syncing: RCU Stall\n" },
	};

	(void)state;
	CHECK(rows);
}

static void test_warnings(void **state)
{
	static const struct row rows[] = {
		{ .what = "2.6.32", .kind = CRASH_WARNING, .title = "WARNING in dev_watchdog", .culprit = "dev_watchdog", .function = "dev_watchdog",
		  .comm = "swapper", .cpu = NO, .pid = 0, .tainted = "", .release = "2.6.32-431.el6.x86_64",
		  .log = "------------[ cut here ]------------\nWARNING: at net/sched/sch_generic.c:261 dev_watchdog+0x26d/0x280() (Not tainted)\n" HARDWARE
		         "Modules linked in: foo ext4\nPid: 0, comm: swapper Not tainted 2.6.32-431.el6.x86_64 #1\nCall Trace:\n"
		         " <IRQ>  [<ffffffff81071e27>] ? warn_slowpath_common+0x87/0xc0\n [<ffffffff8147b75d>] ? dev_watchdog+0x26d/0x280\n"
		         "---[ end trace 1f2e3d4c5b6a7988 ]---\n" },
		{ .what = "3.10", .kind = CRASH_WARNING, .title = "WARNING in foo_write", .function = "foo_write", .culprit = "foo_write", .comm = "inotify", .cpu = 1, .pid = 2577, .tainted = "G OE",
		  .release = "3.10.0-862.2.3.el7.x86_64",
		  .log = "------------[ cut here ]------------\nWARNING: at /tmp/a b/foo.c:12 foo_write+0x14/0x90()\nModules linked in: foo(OE)\n"
		         IDENTITY_3_10 HARDWARE "Call Trace:\n [<ffffffff816c0715>] dump_stack+0x19/0x1b\n"
		         " [<ffffffff81091998>] warn_slowpath_common+0x61/0x80\n [<ffffffffa0301234>] foo_write+0x14/0x90 [foo]\n"
		         "---[ end trace 1f2e3d4c5b6a7988 ]---\n" },
		{ .what = "4.4", .kind = CRASH_WARNING, .title = "WARNING in foo_write", .function = "foo_write", .culprit = "foo_write", .comm = "inotify", .cpu = 1, .pid = 2577, .tainted = "G OE",
		  .release = "3.10.0-862.2.3.el7.x86_64",
		  .log = "------------[ cut here ]------------\nWARNING: CPU: 1 PID: 2577 at fs/foo.c:12 foo_write+0x14/0x90()\nformatted words\n"
		         "Modules linked in: foo(OE)\n" IDENTITY_3_10 HARDWARE "Call Trace:\n [<ffffffff81091998>] warn_slowpath_fmt+0x61/0x80\n"
		         " [<ffffffffa0301234>] foo_write+0x14/0x90 [foo]\n---[ end trace 1f2e3d4c5b6a7988 ]---\n" },
		{ .what = "6.1", .kind = CRASH_WARNING, .title = "WARNING in foo_write", IN_6_1, .panic = "panic_on_warn set ...",
		  .log = "------------[ cut here ]------------\nWARNING: CPU: 0 PID: 113 at fs/foo.c:12 foo_write+0x14/0x90 [foo]\n" BODY_6_1
		         "Kernel panic - not syncing: panic_on_warn set ...\n" IDENTITY_6_1 },
		{ .what = "6.4: kernel: in front", .kind = CRASH_WARNING, .title = "WARNING in foo_write", IN_6_1, .panic = "kernel: panic_on_warn set ...",
		  .log = "------------[ cut here ]------------\nWARNING: CPU: 0 PID: 113 at fs/foo.c:12 foo_write+0x14/0x90 [foo]\n" BODY_6_1
		         "Kernel panic - not syncing: kernel: panic_on_warn set ...\n" },
		{ .what = "6.18", .kind = CRASH_WARNING, .title = "WARNING in foo_write", .culprit = "foo_write", .function = "foo_write",
		  .module = "foo", .comm = "a: b", .cpu = 0, .pid = 113,
		  .log = "------------[ cut here ]------------\nWARNING: kernel/foo.c:12 at foo_write+0x14/0x90, CPU#0: a: b/113\n" RIP_6_1 TRACE_6_1 },
	};

	(void)state;
	CHECK(rows);
}

static void test_sysrq_and_panics(void **state)
{
	static const struct row rows[] = {
		{ .what = "sysrq, 3.10", .kind = CRASH_SYSRQ, .title = "sysrq: triggered crash", .function = "sysrq_handle_crash", .comm = "bash", .cpu = 1,
		  .pid = 9, .tainted = "", .release = "3.10.0-862.el7.x86_64", .fault = "0", .error = "2",
		  .log = "SysRq : Trigger a crash\nBUG: unable to handle kernel NULL pointer dereference at           (null)\n"
		         "IP: [<ffffffff81367b96>] sysrq_handle_crash+0x16/0x20\nPGD 0 \nOops: 0002 [#1] SMP \nModules linked in: ext4\n"
		         "CPU: 1 PID: 9 Comm: bash Not tainted 3.10.0-862.el7.x86_64 #1\n"
		         "RIP: 0010:[<ffffffff81367b96>]  [<ffffffff81367b96>] sysrq_handle_crash+0x16/0x20\n" REGISTERS TRACE_3_10 },
		{ .what = "sysrq, 6.1", .kind = CRASH_SYSRQ, .title = "sysrq: triggered crash", .comm = "rmdir", .cpu = 0, .pid = 113, .tainted = "",
		  .release = "6.1.0-9-amd64", .panic = "sysrq triggered crash",
		  .log = "sysrq: Trigger a crash\nKernel panic - not syncing: sysrq triggered crash\n" IDENTITY_6_1 HARDWARE
		         "Call Trace:\n <TASK>\n dump_stack_lvl+0x44/0x5c\n panic+0x118/0x2ed\n sysrq_handle_crash+0x16/0x20\n" USER_6_1 " </TASK>\n" },
		{ .what = "panic", .kind = CRASH_PANIC, .title = "kernel panic: VFS: Unable to mount root fs",
		  .comm = "rmdir", .cpu = 0, .pid = 113, .tainted = "", .release = "6.1.0-9-amd64",
		  .panic = "VFS: Unable to mount root fs on unknown-block(0,0)",
		  .log = "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n" IDENTITY_6_1 HARDWARE
		         "Call Trace:\n <TASK>\n dump_stack_lvl+0x44/0x5c\n panic+0x118/0x2ed\n mount_block_root+0x1d5/0x1f0\n </TASK>\n"
		         "Kernel Offset: disabled\n---[ end Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0) ]---\n" },
	};

	(void)state;
	CHECK(rows);
}

/* The module that warns stands on the headline only, before warnings had a RIP line (v4.11). */
static void test_module_of_old_warnings(void **state)
{
	static const struct row rows[] = {
		{ .what = "3.10", .kind = CRASH_WARNING, .title = "WARNING in foo_write", IN_3_10,
		  .log = "------------[ cut here ]------------\nWARNING: at /tmp/a b/foo.c:12 foo_write+0x14/0x90 [foo]()\nModules linked in: foo(OE)\n"
		         IDENTITY_3_10 HARDWARE "Call Trace:\n [<ffffffff816c0715>] dump_stack+0x19/0x1b\n"
		         " [<ffffffff81091998>] warn_slowpath_common+0x61/0x80\n [<ffffffffa0301234>] foo_write+0x14/0x90 [foo]\n"
		         "---[ end trace 1f2e3d4c5b6a7988 ]---\n" },
		{ .what = "4.4", .kind = CRASH_WARNING, .title = "WARNING in foo_write", IN_3_10,
		  .log = "------------[ cut here ]------------\nWARNING: CPU: 1 PID: 2577 at fs/foo.c:12 foo_write+0x14/0x90 [foo]()\nformatted words\n"
		         "Modules linked in: foo(OE)\n" IDENTITY_3_10 HARDWARE "Call Trace:\n [<ffffffff81091998>] warn_slowpath_fmt+0x61/0x80\n"
		         " [<ffffffffa0301234>] foo_write+0x14/0x90 [foo]\n---[ end trace 1f2e3d4c5b6a7988 ]---\n" },
	};

	(void)state;
	CHECK(rows);
}

/* "comm/pid" at the end of the headline since v6.18: kworkers have a slash in their names. */
static void test_slash_in_comm_of_warning(void **state)
{
	static const struct row rows[] = {
		{ .what = "6.18, a slash in comm", .kind = CRASH_WARNING, .title = "WARNING in foo_write", .culprit = "foo_write", .function = "foo_write",
		  .module = "foo", .comm = "kworker/0:1", .cpu = 0, .pid = 113,
		  .log = "------------[ cut here ]------------\nWARNING: kernel/foo.c:12 at foo_write+0x14/0x90, CPU#0: kworker/0:1/113\n" RIP_6_1 TRACE_6_1 },
	};

	(void)state;
	CHECK(rows);
}

/* watchdog_overflow_callback() of 3.10 panics without another line: the reason is the headline of a hard lockup. */
static void test_hard_lockup_of_3_10(void **state)
{
	static const struct row rows[] = {
		{ .what = "hard, 3.10", .kind = CRASH_HARD_LOCKUP, .title = "BUG: hard lockup in foo_write", .culprit = "foo_write",
		  .comm = "inotify", .cpu = 1, .pid = 2577, .tainted = "G OE", .release = "3.10.0-862.2.3.el7.x86_64",
		  .panic = "Watchdog detected hard LOCKUP on cpu 1",
		  .log = "Kernel panic - not syncing: Watchdog detected hard LOCKUP on cpu 1\n" IDENTITY_3_10 HARDWARE "Call Trace:\n"
		         " <NMI>  [<ffffffff816c0715>] dump_stack+0x19/0x1b\n [<ffffffff816ba2a5>] panic+0xe8/0x21f\n"
		         " [<ffffffff8113e2c3>] watchdog_overflow_callback+0x133/0x140\n [<ffffffff81030a10>] do_nmi+0x1c0/0x450\n"
		         " [<ffffffff816c9a98>] end_repeat_nmi+0x1e/0x2e\n <<EOE>>  [<ffffffff816ba1c9>] _raw_spin_lock+0x1/0x2\n"
		         " [<ffffffffa0301234>] foo_write+0x14/0x90 [foo]\n" },
	};

	(void)state;
	CHECK(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page_faults),
		cmocka_unit_test(test_traps),
		cmocka_unit_test(test_lockups),
		cmocka_unit_test(test_rcu_stalls),
		cmocka_unit_test(test_warnings),
		cmocka_unit_test(test_sysrq_and_panics),
		cmocka_unit_test(test_oops_of_2_6_18),
		cmocka_unit_test(test_hard_lockup_of_3_10),
		cmocka_unit_test(test_module_of_old_warnings),
		cmocka_unit_test(test_slash_in_comm_of_warning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
