/* What the kernel's own checks find. Order matters: the first row that fits is taken. */
#include "crash/headline.h"

/* Rare in other lines, and of many rows. */
#define BUG     "BUG: "
#define WARNING "WARNING: "

/* The text of a warning stands behind its headline, or before it: kernel/panic.c, __warn(), lib/bug.c, since v4.12. */
#define WARNING_SAYS .refines = CRASH_KIND_BIT(CRASH_WARNING)

/* "WARNING: at fs/foo.c:12 foo+0x1/0x2 [m]()": words may follow "at" as well, of others' warnings. */
#define WARNING_AT(place)                                                                                                   \
	{                                                                                                                   \
		.kind = CRASH_WARNING, .begins = "WARNING: at ", .contains = place, .part_of = CRASH_BEFORE_BUG,            \
		.word = WARNING                                                                                             \
	}

/* lib/refcount.c, refcount_warn_saturate(); a function for each up to v5.4. */
#define REFCOUNT(says, which)                                                                                               \
	{                                                                                                                   \
		.kind = CRASH_REFCOUNT, .begins = "refcount_t: " says, .word = "refcount_t: ", .subkind = which,            \
		WARNING_SAYS, .waits = true                                                                                 \
	}

/* lib/list_debug.c: a warning up to v4.9; since then a line, and a warning or, with CONFIG_BUG_ON_DATA_CORRUPTION, a BUG. */
#define LIST(says, which)                                                                                                   \
	{                                                                                                                   \
		.kind = CRASH_LIST_CORRUPTION, .begins = says, .subkind = which, WARNING_SAYS                               \
	}

/* mm/memory.c, mm/page_alloc.c, kernel/fork.c */
#define BAD_PAGE(says, which)                                                                                               \
	{                                                                                                                   \
		.kind = CRASH_BAD_PAGE, .begins = BUG says, .word = BUG, .subkind = which, .title = BUG says                \
	}

/* mm/slub.c, slab_bug(): "BUG kmalloc-64 (Tainted: G    B): Poison overwritten"; without the taint up to v3.0 or so. */
#define SLUB(says)                                                                                                          \
	{                                                                                                                   \
		.kind = CRASH_SLAB_CORRUPTION, .begins = "BUG ", .contains = says, .word = says                             \
	}

/* lib/string_helpers.c, __fortify_report() since v6.9, and include/linux/fortify-string.h: the function's name is in front.
 */
#define FORTIFY(function, says, which)                                                                                      \
	{                                                                                                                   \
		.kind = CRASH_FORTIFY, .begins = function, .contains = says, .word = says, .subkind = which, WARNING_SAYS,  \
		.waits = true                                                                                               \
	}
#define FORTIFY_OVERFLOW "detected buffer overflow"
#define FORTIFY_FIELD    "detected field-spanning write"

const struct crash_headline crash_headlines_check[] = {
	/* kernel/sched/core.c: __schedule_bug(), __might_resched() */
	{ .kind = CRASH_SLEEPING_IN_ATOMIC,
	  .begins = "BUG: scheduling while atomic: ",
	  .word = BUG,
	  .subkind = "scheduling" },
	{ .kind = CRASH_SLEEPING_IN_ATOMIC,
	  .begins = "BUG: sleeping function called from invalid context",
	  .word = BUG,
	  .subkind = "sleeping-function",
	  .title = "BUG: sleeping function called from invalid context" },
	/* lib/smp_processor_id.c: "BUG: using smp_processor_id() in preemptible [00000000] code: comm/pid" */
	{ .kind = CRASH_WARNING,
	  .begins = "BUG: using ",
	  .contains = " in preemptible ",
	  .word = BUG,
	  .subkind = "preemptible" },

	LIST("list_add corruption", "list-add"),
	LIST("list_add double add", "list-add-double"),
	LIST("list_del corruption", "list-del"),

	/* mm/usercopy.c: since v4.18 with a capital; v4.16 had a warning too. "usercopy: kernel memory exposure attempt ..."
	 */
	{ .kind = CRASH_USERCOPY,
	  .begins = "usercopy: ",
	  .contains = "ernel memory exposure attempt",
	  .subkind = "exposure" },
	{ .kind = CRASH_USERCOPY,
	  .begins = "usercopy: ",
	  .contains = "ernel memory overwrite attempt",
	  .subkind = "overwrite" },
	{ .kind = CRASH_USERCOPY,
	  .begins = "Bad or missing usercopy whitelist? ",
	  .subkind = "whitelist",
	  WARNING_SAYS,
	  .waits = true },
	/* include/linux/ucopysize.h, copy_overflow(): what copy_to_user() and copy_from_user() ask for is known to be too
	   much. */
	{ .kind = CRASH_USERCOPY, .begins = "Buffer overflow detected", .subkind = "overflow", WARNING_SAYS, .waits = true },

	/* lib/string.c, fortify_panic(), up to v6.8 */
	{ .kind = CRASH_FORTIFY, .begins = FORTIFY_OVERFLOW " in ", .word = FORTIFY_OVERFLOW, .subkind = "buffer-overflow" },
	FORTIFY("mem", FORTIFY_OVERFLOW, "buffer-overflow"),
	FORTIFY("str", FORTIFY_OVERFLOW, "buffer-overflow"),
	FORTIFY("kmemdup", FORTIFY_OVERFLOW, "buffer-overflow"),
	FORTIFY("mem", FORTIFY_FIELD, "field-spanning-write"),
	FORTIFY("str", FORTIFY_FIELD, "field-spanning-write"),

	REFCOUNT("underflow", "underflow"),
	REFCOUNT("addition on 0", "addition-on-zero"),
	REFCOUNT("increment on 0", "addition-on-zero"),
	REFCOUNT("saturated", "saturated"),
	REFCOUNT("decrement hit 0", "decrement-hit-zero"),
	REFCOUNT("", NULL),

	/* lib/debugobjects.c, debug_print_object() */
	{ .kind = CRASH_WARNING,
	  .begins = "ODEBUG: ",
	  .subkind = "debug-object",
	  .title = "WARNING: ODEBUG bug",
	  WARNING_SAYS,
	  .waits = true },

	BAD_PAGE("Bad page state", "page-state"),
	BAD_PAGE("Bad page map", "page-map"),
	BAD_PAGE("Bad page cache", "page-cache"),
	BAD_PAGE("Bad rss-counter state", "rss-counter"),
	BAD_PAGE("non-zero pgtables_bytes on freeing mm", "page-tables"),
	BAD_PAGE("non-zero nr_ptes on freeing mm", "page-tables"),
	BAD_PAGE("non-zero nr_pmds on freeing mm", "page-tables"),

	SLUB(" (Tainted: "),
	SLUB(" (Not tainted): "),
	SLUB(": Poison overwritten"),
	SLUB(": Redzone overwritten"),
	SLUB(": Object already free"),
	/* mm/slab.c, up to v6.7: slab_error(), check_poison_obj() */
	{ .kind = CRASH_SLAB_CORRUPTION, .begins = "slab error in " },
	{ .kind = CRASH_SLAB_CORRUPTION,
	  .begins = "Slab corruption",
	  .contains = " start=",
	  .subkind = "poison-overwritten" },

	/* kernel/locking/spinlock_debug.c: "BUG: spinlock bad magic on CPU#0, comm/pid" */
	{ .kind = CRASH_SPINLOCK, .begins = "BUG: spinlock ", .contains = " on CPU#", .word = BUG },
	{ .kind = CRASH_SPINLOCK, .begins = "BUG: rwlock", .contains = " on CPU#", .word = BUG },
	{ .kind = CRASH_SPINLOCK, .begins = "BUG: write-lock ", .contains = " on CPU#", .word = BUG },
	{ .kind = CRASH_SPINLOCK, .begins = "BUG: read-lock ", .contains = " on CPU#", .word = BUG },

	/* net/core/dev.c, netdev_wait_allrefs(); fs/super.c, generic_shutdown_super(): since v6.5 a BUG or a warning may
	   follow. */
	{ .kind = CRASH_REFERENCE_LEAK,
	  .begins = "unregister_netdevice: waiting for ",
	  .subkind = "network-device",
	  .title = "unregister_netdevice: waiting for a device to become free" },
	{ .kind = CRASH_REFERENCE_LEAK,
	  .begins = "VFS: Busy inodes after unmount of ",
	  .subkind = "inode",
	  .title = "VFS: Busy inodes after unmount" },

	/* kernel/panic.c, __warn(): with CPU and PID since v3.11 ("at" alone before); with the place first since v6.18. */
	{ .kind = CRASH_WARNING,
	  .begins = "WARNING: CPU: ",
	  .contains = " PID: ",
	  .part_of = CRASH_BEFORE_BUG,
	  .word = WARNING },
	WARNING_AT("+0x"),
	WARNING_AT(".c:"),
	WARNING_AT(".h:"),
	{ .kind = CRASH_WARNING, .begins = "WARNING: ", .contains = ", CPU#", .part_of = CRASH_BEFORE_BUG, .word = WARNING },
	{ .begins = NULL },
};
