// SPDX-License-Identifier: GPL-2.0
/*
 * Makes a running kernel fail in every way that a sample is wanted of.
 *
 * insmod crashme.ko mode=dentry|kmem|soft|softprobe   faults in the very functions where the known bugs fault, by kprobes
 * insmod crashme.ko; echo NAME > /proc/crashme        calls the action of that name (the table at the end), in the writer
 */
#include <linux/completion.h>
#include <linux/dcache.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/fsnotify_backend.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <linux/virtio.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

static char *mode = "";
module_param(mode, charp, 0444);
static int seconds = 20;
module_param(seconds, int, 0644);

/*
 * Room before the first function: a fault less than 42 bytes into the module has "Code: Unable to access opcode bytes"
 * and, for trying, a CR2 that is not the fault's.
 */
asm(".pushsection .text; .fill 64, 1, 0x90; .popsection");

/* ---- the known bugs' faces, by way of kprobes: of x86-64 ---- */
#ifdef CONFIG_X86_64

/* A directory whose inode is gone when d_delete() comes to lock it. */
static int pre_d_delete(struct kprobe *p, struct pt_regs *regs)
{
	struct dentry *d = (struct dentry *)regs->di;

	if (d->d_name.len == 6 && !strncmp(d->d_name.name, "victim", 6))
		d->d_inode = NULL;
	return 0;
}

/* A writer that never gets out of the probe before fsnotify(). */
static int pre_fsnotify(struct kprobe *p, struct pt_regs *regs)
{
	if (!strcmp(current->comm, "dd"))
		for (;;)
			cpu_relax();
	return 0;
}

/*
 * What the race leaves behind: a list of marks that never ends, for fsnotify() to walk. It happens at dd's first write.
 * The mark's own mask is emptied, so that fsnotify() finds nobody to tell and goes on to the next mark.
 */
static int pre_fsnotify_loop(struct kprobe *p, struct pt_regs *regs)
{
	struct inode *inode = (struct inode *)regs->r9;
	struct fsnotify_mark_connector *connector;
	struct fsnotify_mark *mark;

	if (!((u32)regs->di & FS_MODIFY) || strcmp(current->comm, "dd") || !inode)
		return 0;
	connector = *(struct fsnotify_mark_connector **)&inode->i_fsnotify_marks;
	if (!connector || !connector->list.first)
		return 0;
	mark = hlist_entry(connector->list.first, struct fsnotify_mark, obj_list);
	mark->mask = 0;
	mark->obj_list.next = &mark->obj_list;
	/* Left so: since 7.x every kernel is preemptible, and a loop that can be preempted is no soft lockup. */
	preempt_disable();
	return 0;
}

/* A corrupt slab cache, but only for the mark connector's allocation. */
static int pre_kmem_cache_alloc(struct kprobe *p, struct pt_regs *regs)
{
	char caller[KSYM_SYMBOL_LEN];

	sprint_symbol(caller, *(unsigned long *)regs->sp);
	if (!strncmp(caller, "fsnotify_add_mark_locked", 24))
		regs->di = 0xf000ff53f000ff53UL;
	return 0;
}

static struct kprobe probe;

static const struct {
	const char *mode, *symbol;
	kprobe_pre_handler_t handler;
} probes[] = {
	{ "dentry", "d_delete", pre_d_delete },
	{ "soft", "fsnotify", pre_fsnotify_loop },
	{ "softprobe", "fsnotify", pre_fsnotify },
	{ "kmem", "kmem_cache_alloc", pre_kmem_cache_alloc },
	{ "kmem", "kmem_cache_alloc_noprof", pre_kmem_cache_alloc }, /* its name since 6.10 */
};

#endif

/* ---- plain failures ---- */

struct thing {
	char pad[0x40];
	unsigned long value;
	struct list_head list;
	void (*call)(void);
};

static struct thing *volatile nothing;
static volatile unsigned long sink;
static volatile int zero;
static DEFINE_MUTEX(crashme_mutex);
static DEFINE_SPINLOCK(crashme_spinlock);
static DECLARE_COMPLETION(crashme_never);

static noinline void crashme_null_read(struct thing *thing)
{
	sink = READ_ONCE(thing->value);
}

static noinline void crashme_null_write(struct thing *thing)
{
	WRITE_ONCE(thing->value, 1);
}

static noinline void crashme_null_call(struct thing *thing)
{
	static struct thing empty;
	struct thing *volatile t = &empty;

	t->call();
	barrier();
}

static noinline void crashme_do_null(void)
{
	crashme_null_read(nothing);
	barrier();
}

static noinline void crashme_do_null_call(void)
{
	crashme_null_call(nothing);
	barrier();
}

static void crashme_worker(struct work_struct *work)
{
	crashme_null_write(nothing);
	barrier();
}
static DECLARE_WORK(crashme_work, crashme_worker);

static void crashme_queue_work(void)
{
	schedule_work(&crashme_work);
	flush_work(&crashme_work);
}

static noinline void crashme_read_unmapped(void)
{
	sink = READ_ONCE(*(volatile unsigned long *)0xffffc900deadb008UL);
}

static noinline void crashme_follow_poison(void)
{
	struct list_head *volatile p = (struct list_head *)0xdead000000000100UL;

	sink = (unsigned long)READ_ONCE(p->prev);
}

static noinline void crashme_bug(void)
{
	BUG();
}

static noinline void crashme_bug_on(void)
{
	BUG_ON(!zero);
}

static noinline void crashme_warn_on(void)
{
	WARN_ON(!zero);
}

static noinline void crashme_warn_text(void)
{
	WARN(!zero, "crashme: %d users of a thing that should have %d\n", zero + 7, zero);
}

static noinline void crashme_warn_work(void)
{
	crashme_warn_on();
	barrier();
}

static noinline void crashme_panic(void)
{
	panic("crashme: the controller of %s does not answer", "sda");
}

static noinline void crashme_wait_forever(void)
{
	wait_for_completion(&crashme_never);
	barrier();
}

/* Khungtaskd is silent after an oops; the soft lockup watchdog is not. */
static noinline void crashme_hold_spinlock(void)
{
	spin_lock(&crashme_spinlock);
	crashme_null_read(nothing);
	spin_unlock(&crashme_spinlock);
}

static noinline void crashme_take_spinlock(void)
{
	spin_lock(&crashme_spinlock);
	sink++;
	spin_unlock(&crashme_spinlock);
}

/* Sleeps first, so that a second task can come and wait. */
static noinline void crashme_hold_lock(void)
{
	mutex_lock(&crashme_mutex);
	msleep(3000);
	crashme_null_read(nothing);
	mutex_unlock(&crashme_mutex);
}

static noinline void crashme_take_lock(void)
{
	mutex_lock(&crashme_mutex);
	sink++;
	mutex_unlock(&crashme_mutex);
}

static noinline void crashme_spin(void)
{
	u64 end = ktime_get_mono_fast_ns() + seconds * 1000000000ULL;

	while (ktime_get_mono_fast_ns() < end)
		for (int i = 0; i < 1000; i++)
			cpu_relax();
}

static noinline void crashme_spin_preempt_off(void)
{
	preempt_disable();
	crashme_spin();
	preempt_enable();
}

static noinline void crashme_spin_irqs_off(void)
{
	local_irq_disable();
	crashme_spin();
	local_irq_enable();
}

/*
 * In a module of the distribution's: a device whose list of queues never ends, for virtio_ring to mark them as broken, which it
 * does in the queue's own, larger structure. Found by name: not every machine has that module.
 */
static noinline void crashme_spin_in_virtio(void)
{
	static struct virtio_device device;
	static union {
		struct virtqueue queue;
		char room[PAGE_SIZE];
	} endless;
	typeof(&virtio_break_device) break_device = symbol_get(virtio_break_device);

	if (!break_device)
		return;
	endless.queue.list.next = &endless.queue.list;
	device.vqs.next = &endless.queue.list;
	preempt_disable();
	break_device(&device);
	preempt_enable();
}

/* Taken twice by the same task: what a lost unlock looks like. */
static noinline void crashme_deadlock(void)
{
	spin_lock(&crashme_spinlock);
	spin_lock(&crashme_spinlock);
	sink++;
	spin_unlock(&crashme_spinlock);
}

static noinline void crashme_divide(void)
{
	sink = 1000 / zero;
}

static noinline void crashme_bad_opcode(void)
{
#ifdef CONFIG_X86
	asm volatile(".byte 0x0f, 0xff");
#endif
}

static noinline int crashme_recurse(int n)
{
	volatile char room[512];

	room[0] = n;
	room[511] = n;
	return n + 1 == zero ? 0 : crashme_recurse(n + 1) + room[0] + room[511];
}

static void crashme_overflow_stack(void)
{
	sink = crashme_recurse(1);
}

static noinline void crashme_smash_stack(void)
{
	volatile char room[32];
	volatile char *volatile p = room;

	for (int i = 0; i < 64; i++)
		p[i] = 0x41;
}

static noinline void crashme_list_del_twice(void)
{
	struct list_head *p = kmalloc(sizeof(*p), GFP_KERNEL);
	static LIST_HEAD(head);

	list_add(p, &head);
	list_del(p);
	list_del(p);
}

static noinline void crashme_list_add_corrupt(void)
{
	static struct thing a, b;
	static LIST_HEAD(head);

	list_add(&a.list, &head);
	a.list.prev = &b.list;
	list_add(&b.list, &head);
}

static noinline void crashme_refcount_underflow(void)
{
	static refcount_t count = REFCOUNT_INIT(0);

	refcount_dec(&count);
}

static noinline void crashme_refcount_put_twice(void)
{
	static refcount_t count = REFCOUNT_INIT(1);

	sink += refcount_dec_and_test(&count);
	sink += refcount_dec_and_test(&count);
}

static noinline void crashme_copy_too_much(void)
{
	char *volatile p = kmalloc(64, GFP_KERNEL);
	volatile unsigned long n = 200;

	sink = copy_to_user((void __user *)current->mm->start_stack - 4096, p, n);
	kfree(p);
}

static noinline void crashme_sleep_in_atomic(void)
{
	spin_lock(&crashme_spinlock);
	schedule_timeout_uninterruptible(2);
	spin_unlock(&crashme_spinlock);
}

static noinline void crashme_free_twice(void)
{
	void *p = kmalloc(96, GFP_KERNEL);

	kfree(p);
	kfree(p);
}

/* KFENCE guards one allocation in a while: try until it has one of ours. */
static noinline void crashme_use_after_free(void)
{
	for (int i = 0; i < 60; i++) {
		volatile char *p = kmalloc(80, GFP_KERNEL);

		p[3] = 1;
		kfree((void *)p);
		sink = p[3];
		usleep_range(4000, 5000);
	}
}

static noinline void crashme_read_beyond(void)
{
	for (int i = 0; i < 60; i++) {
		volatile char *p = kmalloc(64, GFP_KERNEL);

		sink = p[64];
		kfree((void *)p);
		usleep_range(4000, 5000);
	}
}

static noinline void crashme_eat_memory(void)
{
	for (int i = 0; i < 1000000; i++)
		if (!alloc_page(GFP_KERNEL))
			break;
}

static void crashme_timer_fn(struct timer_list *timer)
{
	crashme_null_read(nothing);
	barrier();
}
static DEFINE_TIMER(crashme_timer, crashme_timer_fn);

static void crashme_start_timer(void)
{
	mod_timer(&crashme_timer, jiffies + HZ / 2);
}

static int crashme_kthread(void *data)
{
	crashme_follow_poison();
	return 0;
}

static void crashme_start_kthread(void)
{
	kthread_run(crashme_kthread, NULL, "crashme/%d", 0);
}

/* The second oops of a task comes when exit closes its file. */
static int release_faults;

static void crashme_null_and_release(void)
{
	release_faults = 1;
	crashme_do_null();
}

static noinline void crashme_release_file(void)
{
	crashme_null_write(nothing);
	barrier();
}

static int crashme_release(struct inode *inode, struct file *file)
{
	if (release_faults) {
		release_faults = 0;
		crashme_release_file();
	}
	return 0;
}

static const struct action {
	const char *name;
	void (*call)(void);
} actions[] = {
	{ "null", crashme_do_null },
	{ "null-call", crashme_do_null_call },
	{ "null-work", crashme_queue_work },
	{ "null-irq", crashme_start_timer },
	{ "null-then-release", crashme_null_and_release },
	{ "paging", crashme_read_unmapped },
	{ "poison", crashme_follow_poison },
	{ "poison-kthread", crashme_start_kthread },
	{ "bug", crashme_bug },
	{ "bug-on", crashme_bug_on },
	{ "warn", crashme_warn_work },
	{ "warn-text", crashme_warn_text },
	{ "panic", crashme_panic },
	{ "wait", crashme_wait_forever },
	{ "hold-lock", crashme_hold_lock },
	{ "hold-spinlock", crashme_hold_spinlock },
	{ "take-spinlock", crashme_take_spinlock },
	{ "take-lock", crashme_take_lock },
	{ "spin", crashme_spin },
	{ "spin-preempt-off", crashme_spin_preempt_off },
	{ "spin-irqs-off", crashme_spin_irqs_off },
	{ "spin-virtio", crashme_spin_in_virtio },
	{ "deadlock", crashme_deadlock },
	{ "divide", crashme_divide },
	{ "opcode", crashme_bad_opcode },
	{ "overflow", crashme_overflow_stack },
	{ "smash", crashme_smash_stack },
	{ "list-del", crashme_list_del_twice },
	{ "list-add", crashme_list_add_corrupt },
	{ "refcount", crashme_refcount_underflow },
	{ "refcount-put", crashme_refcount_put_twice },
	{ "usercopy", crashme_copy_too_much },
	{ "atomic-sleep", crashme_sleep_in_atomic },
	{ "double-free", crashme_free_twice },
	{ "use-after-free", crashme_use_after_free },
	{ "read-beyond", crashme_read_beyond },
	{ "eat-memory", crashme_eat_memory },
};

static ssize_t crashme_write(struct file *file, const char __user *user, size_t n, loff_t *offset)
{
	char name[32] = "";

	if (n >= sizeof(name) || copy_from_user(name, user, n))
		return -EFAULT;
	strim(name);
	for (int i = 0; i < ARRAY_SIZE(actions); i++)
		if (!strcmp(name, actions[i].name)) {
			actions[i].call();
			return n;
		}
	return -EINVAL;
}

static const struct proc_ops crashme_ops = {
	.proc_write = crashme_write,
	.proc_release = crashme_release,
};

static int __init crashme_init(void)
{
#ifdef CONFIG_X86_64
	for (int i = 0; i < ARRAY_SIZE(probes); i++)
		if (!strcmp(mode, probes[i].mode)) {
			probe.symbol_name = probes[i].symbol;
			probe.pre_handler = probes[i].handler;
			if (!register_kprobe(&probe))
				return 0;
			memset(&probe, 0, sizeof(probe));
		}
#endif
	if (*mode)
		return -EINVAL;
	return proc_create("crashme", 0200, NULL, &crashme_ops) ? 0 : -ENOMEM;
}
module_init(crashme_init);
MODULE_DESCRIPTION("Makes a running kernel fail");
MODULE_LICENSE("GPL");
