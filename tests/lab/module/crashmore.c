// SPDX-License-Identifier: GPL-2.0
/*
 * More ways to fail than crashme.c has, on every architecture: insmod crashmore.ko; echo NAME > /proc/crashmore
 * Here is what needs the whole kernel; crashmore_cpu.h has what the processor refuses.
 */
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/namei.h>
#include <linux/netdevice.h>
#include <linux/proc_fs.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <linux/version.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 12, 0)
#include <linux/kfence.h>
#else
#define is_kfence_address(address) false
#endif

static int seconds = 20;
module_param(seconds, int, 0644);

/* Room before the first function, as in crashme.c. */
asm(".pushsection .text; .fill 64, 1, 0; .popsection");

static volatile unsigned long sink;
static volatile int zero;
static DEFINE_MUTEX(crashmore_mutex);
static DECLARE_RWSEM(crashmore_rwsem);

#include "crashmore_cpu.h"

/* ---- slab objects and pages ---- */

static struct kmem_cache *crashmore_cache(const char *name)
{
	return kmem_cache_create(name, 96, 0, SLAB_POISON | SLAB_RED_ZONE | SLAB_STORE_USER, NULL);
}

static noinline void crashmore_slab_write_after_free(void)
{
	struct kmem_cache *cache = crashmore_cache("crash_things");
	volatile char *p = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, (void *)p);
	p[17] = 0x41;
	for (int i = 0; i < 100; i++)
		sink = (unsigned long)kmem_cache_alloc(cache, GFP_KERNEL);
}

static noinline void crashmore_slab_write_beyond(void)
{
	struct kmem_cache *cache = crashmore_cache("crash_things");
	volatile char *p = kmem_cache_alloc(cache, GFP_KERNEL);

	p[96] = 0x41;
	kmem_cache_free(cache, (void *)p);
}

static noinline void crashmore_slab_write_before(void)
{
	struct kmem_cache *cache = crashmore_cache("crash_things");
	volatile char *p = kmem_cache_alloc(cache, GFP_KERNEL);

	p[-2] = 0x41;
	kmem_cache_free(cache, (void *)p);
}

static noinline void crashmore_slab_free_twice(void)
{
	struct kmem_cache *cache = crashmore_cache("crash_things");
	void *p = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, p);
	kmem_cache_free(cache, p);
}

static noinline void crashmore_slab_wrong_cache(void)
{
	struct kmem_cache *cache = crashmore_cache("crash_things"), *other = crashmore_cache("crash_others");

	kmem_cache_free(other, kmem_cache_alloc(cache, GFP_KERNEL));
}

static noinline void crashmore_slab_objects_remain(void)
{
	struct kmem_cache *cache = crashmore_cache("crash_things");

	sink = (unsigned long)kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_destroy(cache);
}

static noinline void crashmore_free_middle(void)
{
	char *p = kmalloc(256, GFP_KERNEL);

	kfree(p + 24);
}

static noinline void crashmore_free_static(void)
{
	static char room[64];
	char *volatile p = room;

	kfree(p);
}

enum misuse { READ_FREED, WRITE_FREED, READ_BEFORE, WRITE_BEYOND, FREE_MIDDLE, CORRUPT, FREE_TWICE };

/* KFENCE guards one allocation in a while: try until it has one of ours. */
static noinline void crashmore_kfence(enum misuse what)
{
	for (int i = 0; i < 300; i++) {
		volatile char *p = kmalloc(73, GFP_KERNEL);
		bool guarded = is_kfence_address((void *)p);

		if (guarded) {
			switch (what) {
			case READ_FREED:
				kfree((void *)p);
				sink = p[3];
				return;
			case WRITE_FREED:
				kfree((void *)p);
				p[3] = 1;
				return;
			case READ_BEFORE:
				sink = p[-1 - (long)((unsigned long)p % PAGE_SIZE)];
				break;
			case WRITE_BEYOND:
				p[80 + PAGE_SIZE - (unsigned long)p % PAGE_SIZE] = 1;
				break;
			case FREE_MIDDLE:
				kfree((void *)p + 8);
				break;
			case CORRUPT:
				p[73] = 0x41;
				break;
			case FREE_TWICE:
				kfree((void *)p);
				kfree((void *)p);
				return;
			}
		}
		kfree((void *)p);
		if (guarded)
			return;
		usleep_range(2000, 3000);
	}
}
static noinline void crashmore_kfence_read_freed(void)
{
	crashmore_kfence(READ_FREED);
	barrier();
}
static noinline void crashmore_kfence_write_freed(void)
{
	crashmore_kfence(WRITE_FREED);
	barrier();
}
static noinline void crashmore_kfence_read_before(void)
{
	crashmore_kfence(READ_BEFORE);
	barrier();
}
static noinline void crashmore_kfence_write_beyond(void)
{
	crashmore_kfence(WRITE_BEYOND);
	barrier();
}
static noinline void crashmore_kfence_free_middle(void)
{
	crashmore_kfence(FREE_MIDDLE);
	barrier();
}
static noinline void crashmore_kfence_corrupt(void)
{
	crashmore_kfence(CORRUPT);
	barrier();
}
static noinline void crashmore_kfence_free_twice(void)
{
	crashmore_kfence(FREE_TWICE);
	barrier();
}

static noinline void crashmore_page_free_mapped(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	page->mapping = (struct address_space *)0xdead000000000400UL;
	__free_page(page);
}

static noinline void crashmore_page_free_twice(void)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct page *pages[200];

	__free_page(page);
	set_page_count(page, 1);
	__free_page(page);
	for (int i = 0; i < ARRAY_SIZE(pages); i++)
		pages[i] = alloc_page(GFP_KERNEL);
	sink = (unsigned long)pages[3];
}

static noinline void crashmore_page_write_freed(void)
{
	struct page *page = alloc_page(GFP_KERNEL);
	volatile char *p = page_address(page);

	__free_page(page);
	p[100] = 0x41;
	for (int i = 0; i < 2000; i++)
		sink = (unsigned long)alloc_page(GFP_KERNEL);
}

static noinline void crashmore_allocation_failure(void)
{
	for (int i = 0; i < 4096; i++)
		if (!alloc_pages(GFP_KERNEL | __GFP_NORETRY, 10))
			break;
}

static noinline void crashmore_vmalloc_failure(void)
{
	sink = (unsigned long)vmalloc(ULONG_MAX / 4);
}

static noinline void crashmore_write_read_only(void)
{
	static const unsigned long constant = 17;

	WRITE_ONCE(*(unsigned long *)&constant, 18);
}

static noinline void crashmore_call_data(void)
{
	void (*volatile call)(void) = kzalloc(64, GFP_KERNEL);

	call();
	barrier();
}

static noinline void crashmore_call_user(void)
{
	void (*volatile call)(void) = (void *)current->mm->start_code;

	call();
	barrier();
}

static noinline void crashmore_call_nowhere(void)
{
	void (*volatile call)(void) = (void *)0xffffffffdeadbee0UL;

	call();
	barrier();
}

static noinline void crashmore_read_user(void)
{
	sink = READ_ONCE(*(volatile unsigned long *)current->mm->start_code);
}

/* ---- the kernel's own checks ---- */

struct small {
	char name[8];
	int values[4];
	unsigned long after;
};
static struct small small;
static volatile unsigned long much = 16;

static noinline void crashmore_fortify_copy(void)
{
	char from[32] = "longer than eight bytes";

	memcpy(small.name, from, much);
}

static noinline void crashmore_fortify_string(void)
{
	char *volatile from = "longer than eight bytes";

	strcpy(small.name, from);
}

static noinline void crashmore_ubsan_bounds(void)
{
	sink = small.values[much - 9];
}

static noinline void crashmore_ubsan_shift(void)
{
	sink = 1 << (much + 20);
}

static noinline void crashmore_stack_end(void)
{
	*end_of_stack(current) = ULONG_MAX / 3;
	schedule_timeout_uninterruptible(2);
}

static noinline void crashmore_kobject_not_initialized(void)
{
	static struct kobject object;

	kobject_put(&object);
}

static noinline void crashmore_usercopy_from(void)
{
	char *volatile p = kmalloc(64, GFP_KERNEL);
	volatile unsigned long n = 200;

	sink = copy_from_user(p, (void __user *)current->mm->start_stack - 4096, n);
}

static noinline void crashmore_refcount_saturate(void)
{
	static refcount_t count = REFCOUNT_INIT(INT_MAX);

	refcount_inc(&count);
	refcount_inc(&count);
}

static noinline void crashmore_refcount_from_zero(void)
{
	static refcount_t count = REFCOUNT_INIT(0);

	refcount_inc(&count);
}

static void crashmore_leaking_worker(struct work_struct *work)
{
	preempt_disable();
}
static DECLARE_WORK(crashmore_leaking_work, crashmore_leaking_worker);

static void crashmore_work_leaks(void)
{
	schedule_work(&crashmore_leaking_work);
	msleep(500);
}

static void crashmore_leaking_timer_fn(struct timer_list *timer)
{
	preempt_disable();
}
static DEFINE_TIMER(crashmore_leaking_timer, crashmore_leaking_timer_fn);

static void crashmore_timer_leaks(void)
{
	mod_timer(&crashmore_leaking_timer, jiffies + 2);
	msleep(500);
}

static noinline void crashmore_schedule_atomic(void)
{
	preempt_disable();
	schedule();
	preempt_enable();
}

static noinline void crashmore_return_atomic(void)
{
	preempt_disable();
}

/* ---- references that are never given back ---- */

static noinline void crashmore_leak_inode(void)
{
	struct path path;

	if (!kern_path("/tmp/leak/file", 0, &path)) {
		ihold(d_inode(path.dentry));
		path_put(&path);
	}
}

static noinline void crashmore_leak_dentry(void)
{
	struct path path;

	if (!kern_path("/tmp/leak/file", 0, &path)) {
		dget(path.dentry);
		path_put(&path);
	}
}

static const struct net_device_ops crashmore_net_ops;

static void crashmore_net_setup(struct net_device *dev)
{
	dev->netdev_ops = &crashmore_net_ops;
}

static noinline void crashmore_leak_netdev(void)
{
	struct net_device *dev = alloc_netdev(0, "crash%d", NET_NAME_UNKNOWN, crashmore_net_setup);

	if (register_netdev(dev))
		return;
	dev_hold(dev);
	unregister_netdev(dev);
}

/* ---- nothing goes on ---- */

static noinline void crashmore_spin(void)
{
	u64 end = ktime_get_mono_fast_ns() + seconds * 1000000000ULL;

	while (ktime_get_mono_fast_ns() < end)
		for (int i = 0; i < 1000; i++)
			cpu_relax();
}

static noinline void crashmore_spin_preempt_off(void)
{
	preempt_disable();
	crashmore_spin();
	preempt_enable();
}

static noinline void crashmore_spin_irqs_off(void)
{
	local_irq_disable();
	crashmore_spin();
	local_irq_enable();
}

static noinline void crashmore_spin_in_rcu(void)
{
	rcu_read_lock();
	crashmore_spin();
	rcu_read_unlock();
}

static noinline void crashmore_spin_in_softirq_off(void)
{
	local_bh_disable();
	crashmore_spin();
	local_bh_enable();
}

static void crashmore_spinning_timer_fn(struct timer_list *timer)
{
	crashmore_spin();
	barrier();
}
static DEFINE_TIMER(crashmore_spinning_timer, crashmore_spinning_timer_fn);

static void crashmore_timer_spins(void)
{
	mod_timer(&crashmore_spinning_timer, jiffies + 2);
}

static void crashmore_spinning_worker(struct work_struct *work)
{
	crashmore_spin_preempt_off();
	barrier();
}
static DECLARE_WORK(crashmore_spinning_work, crashmore_spinning_worker);

static void crashmore_work_spins(void)
{
	schedule_work(&crashmore_spinning_work);
}

static void crashmore_nothing(void *data)
{
}

/* Waits for a CPU that does not listen. */
static noinline void crashmore_call_other_cpus(void)
{
	preempt_disable();
	smp_call_function(crashmore_nothing, NULL, 1);
	preempt_enable();
}

static noinline void crashmore_synchronize(void)
{
	synchronize_rcu();
}

static noinline void crashmore_synchronize_expedited(void)
{
	synchronize_rcu_expedited();
}

static noinline void crashmore_hold_mutex(void)
{
	mutex_lock(&crashmore_mutex);
	schedule_timeout_interruptible(600 * HZ);
	mutex_unlock(&crashmore_mutex);
}

static noinline void crashmore_take_mutex(void)
{
	mutex_lock(&crashmore_mutex);
	sink++;
	mutex_unlock(&crashmore_mutex);
}

static noinline void crashmore_hold_rwsem(void)
{
	down_read(&crashmore_rwsem);
	schedule_timeout_interruptible(600 * HZ);
	up_read(&crashmore_rwsem);
}

static noinline void crashmore_take_rwsem(void)
{
	down_write(&crashmore_rwsem);
	sink++;
	up_write(&crashmore_rwsem);
}

/* ---- several at a time ---- */

static noinline void crashmore_warn_much(void)
{
	for (int i = 0; i < seconds; i++) {
		WARN(1, "crashmore: warning %d of %d\n", i + 1, seconds);
		udelay(200);
	}
}

static noinline void crashmore_null_read(void)
{
	unsigned long *volatile p = (unsigned long *)0x48UL;

	sink = READ_ONCE(*p);
}

static noinline void crashmore_fault_in_call(void *data)
{
	crashmore_null_read();
	barrier();
}

/* In the interrupt of another CPU, which is idle. */
static noinline void crashmore_null_elsewhere(void)
{
	smp_call_function(crashmore_fault_in_call, NULL, 0);
	msleep(2000);
}

static noinline void crashmore_null(void)
{
	crashmore_null_read();
	barrier();
}

static noinline void crashmore_panic_elsewhere(void)
{
	panic("crashmore: no way on");
}

static const struct action {
	const char *name;
	void (*call)(void);
} actions[] = {
	{ "slab-write-after-free", crashmore_slab_write_after_free },
	{ "slab-write-beyond", crashmore_slab_write_beyond },
	{ "slab-write-before", crashmore_slab_write_before },
	{ "slab-free-twice", crashmore_slab_free_twice },
	{ "slab-wrong-cache", crashmore_slab_wrong_cache },
	{ "slab-objects-remain", crashmore_slab_objects_remain },
	{ "free-middle", crashmore_free_middle },
	{ "free-static", crashmore_free_static },
	{ "kfence-read-freed", crashmore_kfence_read_freed },
	{ "kfence-write-freed", crashmore_kfence_write_freed },
	{ "kfence-read-before", crashmore_kfence_read_before },
	{ "kfence-write-beyond", crashmore_kfence_write_beyond },
	{ "kfence-free-middle", crashmore_kfence_free_middle },
	{ "kfence-corrupt", crashmore_kfence_corrupt },
	{ "kfence-free-twice", crashmore_kfence_free_twice },
	{ "page-free-mapped", crashmore_page_free_mapped },
	{ "page-free-twice", crashmore_page_free_twice },
	{ "page-write-freed", crashmore_page_write_freed },
	{ "allocation-failure", crashmore_allocation_failure },
	{ "vmalloc-failure", crashmore_vmalloc_failure },
	{ "write-read-only", crashmore_write_read_only },
	{ "call-data", crashmore_call_data },
	{ "call-user", crashmore_call_user },
	{ "call-nowhere", crashmore_call_nowhere },
	{ "read-user", crashmore_read_user },
	{ "fortify-copy", crashmore_fortify_copy },
	{ "fortify-string", crashmore_fortify_string },
	{ "ubsan-bounds", crashmore_ubsan_bounds },
	{ "ubsan-shift", crashmore_ubsan_shift },
	{ "stack-end", crashmore_stack_end },
	{ "kobject", crashmore_kobject_not_initialized },
	{ "usercopy-from", crashmore_usercopy_from },
	{ "refcount-saturate", crashmore_refcount_saturate },
	{ "refcount-from-zero", crashmore_refcount_from_zero },
	{ "work-leaks", crashmore_work_leaks },
	{ "timer-leaks", crashmore_timer_leaks },
	{ "schedule-atomic", crashmore_schedule_atomic },
	{ "return-atomic", crashmore_return_atomic },
	{ "leak-inode", crashmore_leak_inode },
	{ "leak-dentry", crashmore_leak_dentry },
	{ "leak-netdev", crashmore_leak_netdev },
	{ "spin", crashmore_spin },
	{ "spin-preempt-off", crashmore_spin_preempt_off },
	{ "spin-irqs-off", crashmore_spin_irqs_off },
	{ "spin-in-rcu", crashmore_spin_in_rcu },
	{ "spin-softirqs-off", crashmore_spin_in_softirq_off },
	{ "timer-spins", crashmore_timer_spins },
	{ "work-spins", crashmore_work_spins },
	{ "call-other-cpus", crashmore_call_other_cpus },
	{ "synchronize", crashmore_synchronize },
	{ "synchronize-expedited", crashmore_synchronize_expedited },
	{ "hold-mutex", crashmore_hold_mutex },
	{ "take-mutex", crashmore_take_mutex },
	{ "hold-rwsem", crashmore_hold_rwsem },
	{ "take-rwsem", crashmore_take_rwsem },
	{ "warn-much", crashmore_warn_much },
	{ "null", crashmore_null },
	{ "null-elsewhere", crashmore_null_elsewhere },
	{ "panic", crashmore_panic_elsewhere },
};

static ssize_t crashmore_write(struct file *file, const char __user *user, size_t n, loff_t *offset)
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
	for (int i = 0; i < ARRAY_SIZE(cpu_actions); i++)
		if (!strcmp(name, cpu_actions[i].name)) {
			cpu_actions[i].call();
			return n;
		}
	return -EINVAL;
}

static const struct proc_ops crashmore_ops = {
	.proc_write = crashmore_write,
};

static int __init crashmore_init(void)
{
	return proc_create("crashmore", 0200, NULL, &crashmore_ops) ? 0 : -ENOMEM;
}
module_init(crashmore_init);
MODULE_DESCRIPTION("Makes a running kernel fail in more ways");
MODULE_LICENSE("GPL");
