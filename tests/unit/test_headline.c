/* crash/: first lines of reports, in every wording that kernels have used, and what they say by themselves. */
#include "crash/headline.h"
#include "log/scan.h"

#include "test_crash.h"

struct line {
	const char *text;
	enum crash_kind kind; /* CRASH_UNKNOWN_KIND: it is no headline */
	const char *subkind, *title; /* NULL: none, as its kind's row says */
};

/* A whole report of one line, and a warning around it where it is only a warning's text. */
static void check(const struct line *line)
{
	const struct crash_headline *headline = crash_headline_of(text_from(line->text));
	struct crash_list list;
	char log[1000];

	if (line->kind == CRASH_UNKNOWN_KIND) {
		if (headline)
			fail_msg("a headline: %s", line->text);
		return;
	}
	if (!headline)
		fail_msg("no headline: %s", line->text);
	snprintf(log, sizeof log, "%s%s\n",
	         headline->waits ? "------------[ cut here ]------------\nWARNING: CPU: 1 PID: 12 at fs/foo.c:1 f+0x1/0x2\n" : "", line->text);
	const struct crash *crash = find_one(&list, log);
	print_message("# %s\n", line->text);
	assert_string_equal(crash_kind_name(crash->kind), crash_kind_name(line->kind));
	assert_text(crash->subkind, line->subkind, "subkind");
	if (line->title)
		assert_text(crash->title, line->title, "title");
	crash_list_free(&list);
}

#define CHECK(lines)                                                                                                                 \
	for (size_t index = 0; index < sizeof lines / sizeof *lines; index++)                                                            \
	check(&lines[index])

static void test_checks(void **state)
{
	static const struct line lines[] = {
		{ "kernel BUG at fs/inode.c:123!", CRASH_KERNEL_BUG, NULL, "kernel BUG" },
		{ "kernel BUG at /build/linux-aPrr89/linux-4.15.0/mm/slub.c:296!", CRASH_KERNEL_BUG, NULL, "kernel BUG" },
		{ "Kernel BUG at f+0x1/0x2 [verbose debug info unavailable]", CRASH_KERNEL_BUG, NULL, NULL },
		{ "BUG: failure at fs/inode.c:123/clear_inode()!", CRASH_KERNEL_BUG, NULL, NULL },
		{ "CFI failure at f+0x44/0xb0 [m] (target: g+0x0/0x20 [n]; expected type: 0xa540670c)", CRASH_CONTROL_PROTECTION, "cfi", "CFI failure in f" },
		{ "CFI failure (target: g+0x0/0x20 [n]):", CRASH_CONTROL_PROTECTION, "cfi", NULL },
		{ "Kernel panic - not syncing: CFI failure (target: g+0x0/0x20 [n])", CRASH_CONTROL_PROTECTION, "cfi", "CFI failure" },
		{ "PANIC: early exception 0x0e IP 10:ffffffff9e2f1d52 error 0 cr2 0xffffffffff200018", CRASH_PAGE_FAULT, "early", NULL },
		{ "PANIC: early exception 0d rip 10:ffffffff81f2a1c4 error 0 cr2 0", CRASH_GENERAL_PROTECTION_FAULT, "early", NULL },
		{ "PANIC: early exception 0x12 IP 10:ffffffff9e2f1d52 error 0 cr2 0x0", CRASH_UNEXPECTED_EXCEPTION, "early", NULL },
		{ "BUG: Bad page state in process nginx  pfn:12345", CRASH_BAD_PAGE, "page-state", "BUG: Bad page state" },
		{ "BUG: Bad page map in process nginx  pte:8000000123456067 pmd:1239ac067", CRASH_BAD_PAGE, "page-map", "BUG: Bad page map" },
		{ "BUG: Bad page cache in process nginx  pfn:12345", CRASH_BAD_PAGE, "page-cache", "BUG: Bad page cache" },
		{ "BUG: Bad rss-counter state mm:ffff88013a5d1540 idx:1 val:5", CRASH_BAD_PAGE, "rss-counter", "BUG: Bad rss-counter state" },
		{ "BUG: non-zero nr_ptes on freeing mm: 1", CRASH_BAD_PAGE, "page-tables", "BUG: non-zero nr_ptes on freeing mm" },
		{ "BUG: non-zero pgtables_bytes on freeing mm: 4096", CRASH_BAD_PAGE, "page-tables", NULL },
		{ "BUG: scheduling while atomic: sh/110/0x00000002", CRASH_SLEEPING_IN_ATOMIC, "scheduling", "BUG: scheduling while atomic" },
		{ "BUG: sleeping function called from invalid context at mm/slab.h:494", CRASH_SLEEPING_IN_ATOMIC, "sleeping-function",
		  "BUG: sleeping function called from invalid context" },
		{ "BUG: using smp_processor_id() in preemptible [00000000] code: sh/110", CRASH_WARNING, "preemptible",
		  "BUG: using smp_processor_id() in preemptible" },
		{ "BUG: using __this_cpu_add() in preemptible [00000000] code: sh/110", CRASH_WARNING, "preemptible", NULL },
		{ "BUG: workqueue leaked lock or atomic: kworker/0:1/0x00000001/12", CRASH_LOCKDEP, "workqueue-leaked-lock", NULL },
		{ "BUG: workqueue leaked atomic, lock or RCU: kworker/0:1[12]", CRASH_LOCKDEP, "workqueue-leaked-lock", NULL },
		{ "BUG: spinlock lockup on CPU#0, sh/110, ffff88013a5d1540", CRASH_SPINLOCK, "lockup", "BUG: spinlock lockup" },
		{ "BUG: spinlock lockup suspected on CPU#0, sh/110", CRASH_SPINLOCK, "lockup-suspected", "BUG: spinlock lockup suspected" },
		{ "BUG: spinlock recursion on CPU#0, sh/110", CRASH_SPINLOCK, "recursion", "BUG: spinlock recursion" },
		{ "BUG: spinlock wrong owner on CPU#0, sh/110", CRASH_SPINLOCK, "wrong-owner", NULL },
		{ "BUG: spinlock wrong CPU on CPU#0, sh/110", CRASH_SPINLOCK, "wrong-cpu", NULL },
		{ "BUG: spinlock already unlocked on CPU#0, sh/110", CRASH_SPINLOCK, "already-unlocked", NULL },
		{ "BUG: rwlock bad magic on CPU#0, sh/110, ffff88013a5d1540", CRASH_SPINLOCK, "bad-magic", "BUG: rwlock bad magic" },
		{ "list_add corruption. next->prev should be prev (ffff88013a5d1540), but was ffff88013a5d1640. (next=ffff88013a5d1740).",
		  CRASH_LIST_CORRUPTION, "list-add", "BUG: corrupted list" },
		{ "list_add double add: new=ffff88013a5d1540, prev=ffff88013a5d1540, next=ffff88013a5d1640.", CRASH_LIST_CORRUPTION,
		  "list-add-double", NULL },
		{ "list_del corruption. prev->next should be ffff88013a5d1540, but was dead000000000100", CRASH_LIST_CORRUPTION, "list-del", NULL },
		{ "list_del corruption, ffff88013a5d1540->next is LIST_POISON1 (dead000000000100)", CRASH_LIST_CORRUPTION, "list-del", NULL },
		{ "usercopy: Kernel memory overwrite attempt detected to SLUB object 'names_cache' (offset 0, size 9)!", CRASH_USERCOPY, "overwrite",
		  "BUG: bad usercopy" },
		{ "usercopy: kernel memory exposure attempt detected from ffff88013a5d1540 (kmalloc-64) (80 bytes)", CRASH_USERCOPY, "exposure", NULL },
		{ "Bad or missing usercopy whitelist? Kernel memory exposure attempt detected from SLUB object 'x' (offset 0, size 9)!",
		  CRASH_USERCOPY, "whitelist", NULL },
		{ "Buffer overflow detected (12 < 20)!", CRASH_USERCOPY, "overflow", NULL },
		{ "detected buffer overflow in strcpy", CRASH_FORTIFY, "buffer-overflow", "detected buffer overflow" },
		{ "memcpy: detected buffer overflow: 20 byte write of buffer size 10", CRASH_FORTIFY, "buffer-overflow", NULL },
		{ "strnlen: detected buffer overflow: 20 byte read of buffer size 10", CRASH_FORTIFY, "buffer-overflow", NULL },
		{ "memcpy: detected field-spanning write (size 40) of single field \"x\" at fs/foo.c:1 (size 16)", CRASH_FORTIFY,
		  "field-spanning-write", NULL },
		{ "refcount_t: underflow; use-after-free.", CRASH_REFCOUNT, "underflow", "WARNING: refcount bug in f" },
		{ "refcount_t: addition on 0; use-after-free.", CRASH_REFCOUNT, "addition-on-zero", NULL },
		{ "refcount_t: saturated; leaking memory.", CRASH_REFCOUNT, "saturated", NULL },
		{ "refcount_t: decrement hit 0; leaking memory.", CRASH_REFCOUNT, "decrement-hit-zero", NULL },
		{ "ODEBUG: free active (active state 0) object type: timer_list hint: g+0x0/0x60", CRASH_WARNING, "debug-object",
		  "WARNING: ODEBUG bug in f" },
		{ "BUG kmalloc-64 (Tainted: G    B      OE    ): Poison overwritten", CRASH_SLAB_CORRUPTION, "poison-overwritten", "BUG: slab corruption" },
		{ "BUG kmalloc-64 (Not tainted): Right Redzone overwritten", CRASH_SLAB_CORRUPTION, "right-redzone-overwritten", NULL },
		{ "BUG kmalloc-64: Object already free", CRASH_SLAB_CORRUPTION, "object-already-free", NULL },
		{ "BUG foo_cache (Tainted: G           OE    ): Objects remaining in foo_cache on __kmem_cache_shutdown()", CRASH_SLAB_CORRUPTION,
		  "objects-remaining", NULL },
		{ "slab error in cache_free_debugcheck(): cache `size-64': double free, or memory outside object was overwritten",
		  CRASH_SLAB_CORRUPTION, "double-free", NULL },
		{ "Slab corruption: size-64 start=ffff880129a3c3c0, len=64", CRASH_SLAB_CORRUPTION, "poison-overwritten", NULL },
		{ "unregister_netdevice: waiting for lo to become free. Usage count = 1", CRASH_REFERENCE_LEAK, "network-device", NULL },
		{ "VFS: Busy inodes after unmount of sdb1. Self-destruct in 5 seconds.  Have a nice day...", CRASH_REFERENCE_LEAK, "inode",
		  "VFS: Busy inodes after unmount" },
		{ "WARNING: CPU: 1 PID: 12 at fs/foo.c:1 f+0x1/0x2", CRASH_WARNING, NULL, "WARNING in f" },
		{ "WARNING: at fs/foo.c:1 f+0x1/0x2()", CRASH_WARNING, NULL, "WARNING in f" },
		{ "WARNING: fs/foo.c:1 at f+0x1/0x2, CPU#1: sh/12", CRASH_WARNING, NULL, "WARNING in f" },
	};

	(void)state;
	CHECK(lines);
}

static void test_sanitizers(void **state)
{
	static const struct line lines[] = {
		{ "BUG: KASAN: slab-out-of-bounds in f+0x1/0x2 [m]", CRASH_KASAN, "slab-out-of-bounds", "KASAN: slab-out-of-bounds in f" },
		{ "BUG: KASAN: use-after-free in f+0x1/0x2 at addr ffff8800ba5f2d40", CRASH_KASAN, "use-after-free", "KASAN: use-after-free in f" },
		{ "BUG: KASan: out of bounds access in f+0x1/0x2 at addr ffff8800ba5f2d40", CRASH_KASAN, "out-of-bounds-access",
		  "KASAN: out of bounds access in f" },
		{ "BUG: KASAN: double-free or invalid-free in f+0x1/0x2", CRASH_KASAN, "double-free-or-invalid-free",
		  "KASAN: double-free or invalid-free in f" },
		{ "BUG: KASAN: global-out-of-bounds in f+0x1/0x2", CRASH_KASAN, "global-out-of-bounds", NULL },
		{ "BUG: KASAN: null-ptr-deref in f+0x1/0x2", CRASH_KASAN, "null-ptr-deref", NULL },
		{ "BUG: KASAN: wild-memory-access in f+0x1/0x2", CRASH_KASAN, "wild-memory-access", NULL },
		{ "BUG: KFENCE: use-after-free write in f+0x1/0x2", CRASH_KFENCE, "use-after-free", "KFENCE: use-after-free in f" },
		{ "BUG: KFENCE: memory corruption in f+0x1/0x2", CRASH_KFENCE, "memory-corruption", "KFENCE: memory corruption in f" },
		{ "BUG: KFENCE: invalid free in f+0x1/0x2", CRASH_KFENCE, "invalid-free", "KFENCE: invalid free in f" },
		{ "BUG: KMSAN: kernel-infoleak in f+0x1/0x2", CRASH_KMSAN, "kernel-infoleak", "KMSAN: kernel-infoleak in f" },
		{ "BUG: KCSAN: data-race in f / g", CRASH_KCSAN, "data-race", "KCSAN: data-race in f / g" },
		{ "BUG: KCSAN: assert: race in f / g", CRASH_KCSAN, "assert-race", "KCSAN: assert: race in f / g" },
		{ "UBSAN: shift-out-of-bounds in fs/foo.c:1:2", CRASH_UBSAN, "shift-out-of-bounds", "UBSAN: shift-out-of-bounds" },
		{ "UBSAN: Undefined behaviour in fs/foo.c:1:2\nsigned integer overflow:", CRASH_UBSAN, "signed-integer-overflow",
		  "UBSAN: signed-integer-overflow" },
		{ "UBSAN: Undefined behaviour in fs/foo.c:1:2\nmember access within null pointer of type 'struct x'", CRASH_UBSAN,
		  "null-ptr-deref", "UBSAN: null-ptr-deref" },
		{ "UBSAN: Undefined behaviour in fs/foo.c:1:2\nload of value 255 is not a valid value for type '_Bool'", CRASH_UBSAN,
		  "invalid-load", NULL },
		{ "UBSAN: array index out of bounds at f+0x1/0x2", CRASH_UBSAN, "array-index-out-of-bounds", "UBSAN: array-index-out-of-bounds in f" },
		{ "Internal error: UBSAN: array index out of bounds: 00000000f2005512 [#1] PREEMPT SMP", CRASH_UBSAN, "array-index-out-of-bounds", NULL },
		{ "[ INFO: possible circular locking dependency detected ]", CRASH_LOCKDEP, "circular-locking", "possible deadlock" },
		{ "WARNING: possible circular locking dependency detected", CRASH_LOCKDEP, "circular-locking", "possible deadlock" },
		{ "INFO: possible circular locking dependency detected", CRASH_LOCKDEP, "circular-locking", "possible deadlock" },
		{ "WARNING: possible recursive locking detected", CRASH_LOCKDEP, "recursive-locking", "possible deadlock" },
		{ "[ INFO: possible irq lock inversion dependency detected ]", CRASH_LOCKDEP, "irq-lock-inversion", "possible deadlock" },
		{ "[ INFO: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected ]", CRASH_LOCKDEP, "irq-unsafe-lock-order", "possible deadlock" },
		{ "WARNING: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected", CRASH_LOCKDEP, "irq-unsafe-lock-order", "possible deadlock" },
		{ "[ INFO: inconsistent lock state ]", CRASH_LOCKDEP, "inconsistent-lock-state", "inconsistent lock state" },
		{ "[ INFO: suspicious rcu_dereference_check() usage. ]", CRASH_LOCKDEP, "suspicious-rcu-usage", "WARNING: suspicious RCU usage" },
		{ "INFO: suspicious rcu_dereference_check() usage.", CRASH_LOCKDEP, "suspicious-rcu-usage", NULL },
		{ "[ INFO: suspicious RCU usage. ]", CRASH_LOCKDEP, "suspicious-rcu-usage", NULL },
		{ "[ ERR: suspicious RCU usage.  ]", CRASH_LOCKDEP, "suspicious-rcu-usage", NULL },
		{ "WARNING: suspicious RCU usage", CRASH_LOCKDEP, "suspicious-rcu-usage", NULL },
		{ "[ BUG: held lock freed! ]", CRASH_LOCKDEP, "held-lock-freed", "WARNING: held lock freed" },
		{ "WARNING: held lock freed!", CRASH_LOCKDEP, "held-lock-freed", NULL },
		{ "BUG: held lock freed!", CRASH_LOCKDEP, "held-lock-freed", NULL },
		{ "[ BUG: bad unlock balance detected! ]", CRASH_LOCKDEP, "bad-unlock-balance", "WARNING: bad unlock balance" },
		{ "WARNING: lock held when returning to user space!", CRASH_LOCKDEP, "lock-held-in-user-space", NULL },
		{ "[ BUG: sh/12 still has locks held! ]", CRASH_LOCKDEP, "locks-still-held", NULL },
		{ "[ BUG: Invalid wait context ]", CRASH_LOCKDEP, "invalid-wait-context", "BUG: Invalid wait context" },
		{ "INFO: trying to register non-static key.", CRASH_LOCKDEP, "non-static-key", "INFO: trying to register non-static key" },
		{ "BUG: MAX_LOCKDEP_ENTRIES too low!", CRASH_LOCKDEP, "limit", "BUG: MAX_LOCKDEP_ENTRIES too low!" },
	};

	(void)state;
	CHECK(lines);
}

static void test_lockups(void **state)
{
	static const struct line lines[] = {
		{ "BUG: soft lockup detected on CPU#0!", CRASH_SOFT_LOCKUP, NULL, "BUG: soft lockup" },
		{ "BUG: soft lockup - CPU#3 stuck for 67s! [nginx:1242]", CRASH_SOFT_LOCKUP, NULL, NULL },
		{ "NMI watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [nginx:1242]", CRASH_SOFT_LOCKUP, NULL, NULL },
		{ "watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [nginx:1242]", CRASH_SOFT_LOCKUP, NULL, NULL },
		{ "NMI watchdog: Watchdog detected hard LOCKUP on cpu 3", CRASH_HARD_LOCKUP, NULL, "BUG: hard lockup" },
		{ "watchdog: Watchdog detected hard LOCKUP on cpu 3", CRASH_HARD_LOCKUP, NULL, NULL },
		{ "watchdog: CPU3: Watchdog detected hard LOCKUP on cpu 4", CRASH_HARD_LOCKUP, NULL, NULL },
		{ "watchdog: CPU 3 Hard LOCKUP", CRASH_HARD_LOCKUP, NULL, NULL },
		{ "watchdog: CPU 3 self-detected hard LOCKUP @ f+0x1/0x2", CRASH_HARD_LOCKUP, NULL, "BUG: hard lockup in f" },
		{ "watchdog: CPU 3 detected hard LOCKUP on other CPUs 4", CRASH_HARD_LOCKUP, NULL, NULL },
		{ "Watchdog CPU:3 Hard LOCKUP", CRASH_HARD_LOCKUP, NULL, NULL },
		{ "BUG: NMI Watchdog detected LOCKUP on CPU0, ip c0123456, registers:", CRASH_HARD_LOCKUP, NULL, NULL },
		{ "INFO: RCU detected CPU 0 stall (t=1000 jiffies)", CRASH_RCU_STALL, NULL, "INFO: rcu detected stall" },
		{ "INFO: rcu_sched_state detected stall on CPU 0 (t=60000 jiffies)", CRASH_RCU_STALL, NULL, NULL },
		{ "INFO: rcu_bh_state detected stalls on CPUs/tasks: { 1} (detected by 0, t=60002 jiffies)", CRASH_RCU_STALL, NULL, NULL },
		{ "rcu: INFO: rcu_preempt self-detected stall on CPU", CRASH_RCU_STALL, NULL, NULL },
		{ "rcu: INFO: rcu_sched detected expedited stalls on CPUs/tasks: { 1-... } 21 jiffies s: 893 root: 0x2/.", CRASH_RCU_STALL, "expedited",
		  NULL },
		{ "INFO: rcu_tasks detected stalls on tasks:", CRASH_RCU_STALL, NULL, NULL },
		{ "INFO: task nginx:1242 blocked for more than 120 seconds.", CRASH_HUNG_TASK, NULL, "INFO: task hung" },
		{ "INFO: task nginx:1242 blocked in I/O wait for more than 120 seconds.", CRASH_HUNG_TASK, "io-wait", "INFO: task hung" },
		{ "BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 37s!", CRASH_WORKQUEUE_LOCKUP, NULL, "BUG: workqueue lockup" },
	};

	(void)state;
	CHECK(lines);
}

#define PANIC "Kernel panic - not syncing: "

static void test_panics(void **state)
{
	static const struct line lines[] = {
		{ PANIC "VFS: Unable to mount root fs on unknown-block(8,1)", CRASH_PANIC, "no-root", "kernel panic: VFS: Unable to mount root fs" },
		{ PANIC "No init found.  Try passing init= option to kernel.", CRASH_PANIC, "no-init", "kernel panic: No init found" },
		{ PANIC "Attempted to kill init! exitcode=0x0000000b", CRASH_PANIC, "init-died", "kernel panic: Attempted to kill init!" },
		{ PANIC "Attempted to kill the idle task!", CRASH_PANIC, "idle-task-died", "kernel panic: Attempted to kill the idle task!" },
		{ PANIC "Aiee, killing interrupt handler!", CRASH_PANIC, "died-in-interrupt", NULL },
		{ PANIC "Fatal exception in interrupt", CRASH_PANIC, "died-in-interrupt", "kernel panic: Fatal exception in interrupt" },
		{ PANIC "Fatal exception", CRASH_PANIC, "died", "kernel panic: Fatal exception" },
		{ PANIC "stack-protector: Kernel stack is corrupted in: f+0x1/0x2", CRASH_STACK_CORRUPTION, "stack-protector",
		  "kernel stack corruption in f" },
		{ PANIC "stack-protector: Kernel stack is corrupted in: ffffffff81234567", CRASH_STACK_CORRUPTION, "stack-protector",
		  "kernel stack corruption" },
		{ PANIC "corrupted stack end detected inside scheduler", CRASH_STACK_CORRUPTION, "stack-end", NULL },
		{ PANIC "Out of memory and no killable processes...", CRASH_OUT_OF_MEMORY, "deadlocked", NULL },
		{ PANIC "Out of memory: compulsory panic_on_oom is enabled", CRASH_OUT_OF_MEMORY, "panic-on-oom", NULL },
		{ PANIC "System is deadlocked on memory", CRASH_OUT_OF_MEMORY, "deadlocked", NULL },
		{ PANIC "softlockup: hung tasks", CRASH_SOFT_LOCKUP, NULL, NULL },
		{ PANIC "Hard LOCKUP", CRASH_HARD_LOCKUP, NULL, NULL },
		{ PANIC "RCU Stall", CRASH_RCU_STALL, NULL, NULL },
		{ PANIC "hung_task: blocked tasks", CRASH_PANIC, "blocked-tasks", NULL },
		{ PANIC "sysrq triggered crash", CRASH_SYSRQ, NULL, NULL },
		{ PANIC "DMAR hardware is malfunctioning", CRASH_PANIC, "iommu", NULL },
		{ PANIC "mydrv: the controller does not answer", CRASH_PANIC, NULL, "kernel panic: mydrv: the controller does not answer" },
	};

	(void)state;
	CHECK(lines);
}

/* What user programs and other messages say that have the same words. */
static void test_no_headlines(void **state)
{
	static const struct line lines[] = {
		{ .text = "traps: nginx[1242] general protection fault ip:7f2f3c5123d0 sp:7ffde6a1d1e8 error:0 in libc.so.6" },
		{ .text = "nginx[1242]: segfault at 18 ip 00007f2f3c5123d0 sp 00007ffde6a1d1e8 error 4 in libc.so.6" },
		{ .text = "audit: type=1400 comm=\"x\" path=\"BUG: KASAN: use-after-free in f\"" },
		{ .text = "monitor: BUG: soft lockup - CPU#3 stuck for 22s! [nginx:1242]" },
		{ .text = "BUG: recent printk recursion!" },
		{ .text = "BUG report welcome" },
		{ .text = "INFO: task queue 12 drained for more than 120 seconds" },
		{ .text = "INFO: rcutorture is running" },
		{ .text = "WARNING: the file is old" },
		{ .text = "usercopy: x" },
		{ .text = "UBSAN: enabled" },
		{ .text = "rcu: Hierarchical RCU implementation." },
		{ .text = "the kernel panicked: Kernel panic - not syncing: Fatal exception" },
		{ .text = "swap_info_get: Bad swap file entry 1400000000000000" },
		{ .text = "NMI watchdog: Enabled. Permanently consumes one hw-PMU counter." },
		{ .text = "INFO: lockdep is turned off." },
		{ .text = "memory: detected 4096 MB" },
	};

	(void)state;
	CHECK(lines);
}

/* A line that a row is there for; with the counter of die(), or the user, only where they tell it in much other text. */
static size_t line_of_row(char *line, size_t size, const struct crash_headline *row)
{
	const char *middle = row->contains ? row->contains : "", *last = row->contains ? row->contains : row->begins;
	struct text word = text_from(row->word);
	bool joined = text_ends(text_from(last), "[#");
	const char *counter = joined ? "1]:" : row->die || text_starts(word, " [#") ? " [#1]" : "";

	int length = snprintf(line, size, "%s%s%s%s%s", row->die ? "Oops: " : "", row->begins, middle, counter,
	                      text_is(word, " (uid: ") ? " (uid: 0)" : "");
	assert_in_range(length, 1, size - 1);
	return (size_t)length;
}

/* In the order of headline.h: the first that fits is taken. */
static const struct crash_headline *const tables[] = {
	crash_headlines_sanitizer, crash_headlines_oops,     crash_headlines_check,
	crash_headlines_lockup,    crash_headlines_hardware, crash_headlines_panic,
};

static size_t place_of(const struct crash_headline *wanted)
{
	size_t place = 0;

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		for (const struct crash_headline *row = tables[i]; row->begins; row++, place++)
			if (row == wanted)
				return place;
	return SIZE_MAX;
}

/* A line of each row has it, or one before it, whatever is passed over to find that; and is found in gigabytes. */
static void test_every_row(void **state)
{
	size_t count;
	const char *const *words = crash_headline_words(&count);
	struct scanner *scanner = scanner_new(words, count);

	(void)state;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		for (const struct crash_headline *row = tables[i]; row->begins; row++) {
			char line[300];
			struct text text = { line, line_of_row(line, sizeof line, row) };
			if (place_of(crash_headline_of(text)) > place_of(row))
				fail_msg("no row, or a later one, for: %s", line);
			if (scanner_find(scanner, text) == SIZE_MAX)
				fail_msg("not worth a look: %s", line);
		}
	}
	scanner_free(scanner);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row),
		cmocka_unit_test(test_checks), cmocka_unit_test(test_sanitizers), cmocka_unit_test(test_lockups),
		cmocka_unit_test(test_panics), cmocka_unit_test(test_no_headlines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
