/* Plumbing that all code calls: locks, allocators, memory and strings, data structures, counters. */
#include "crash/plumbing_lists.h"

#include <stddef.h>

/* clang-format off */
static const char *const locks[] = {
	"_raw_spin_*", "_raw_read_*", "_raw_write_*", "__raw_spin_*", "__raw_read_*", "__raw_write_*", "_spin_*",
	"_read_lock*", "_write_lock*", "_read_unlock*", "_write_unlock*", "_lock_kernel", "lock_kernel",
	"spin_lock*", "spin_unlock*", "do_raw_*", "native_queued_spin_*", "queued_spin_*", "queued_read_*",
	"queued_write_*", "pv_queued_*", "__pv_queued_*", "pv_wait*", "kvm_wait", "xen_qlock_wait", "virt_spin_lock",
	"arch_spin_*", "arch_read_*", "arch_write_*", "__spin_yield", "__rw_yield", "splpar_spin_yield",
	"yield_to_any", "__lock_acquire*", "lock_acquire*", "lock_release*", "lock_is_held*", "mutex_*", "__mutex_*",
	"ww_mutex_*", "__ww_mutex_*", "down", "down_*", "up", "up_read", "up_write", "__down", "__down_*", "__up",
	"__up_read", "__up_write", "rwsem_*", "__rwsem_*", "call_rwsem_*", "rt_mutex_*", "rt_spin_*", "rtlock_*",
	"__rt_mutex_*", "rt_read_*", "rt_write_*", "rwbase_*", "osq_lock", "osq_unlock", "percpu_down_*",
	"percpu_up_*", "__percpu_down_*", "__percpu_up_*", "percpu_rwsem_*", "bit_spin_*", "ticket_spin_*",
	"__ticket_spin_*", "_atomic_dec_and_lock*", "atomic_dec_and_lock", "lockref_*", "__srcu_read_*",
	"rcu_read_*", "rcu_lock_*", "__rcu_read_*", "rcu_preempt_deferred_qs_*", "_cond_resched", "__cond_resched",
	"cond_resched", "dynamic_cond_resched", "llist_*",
	NULL
};

static const char *const allocators[] = {
	"kmem_cache_alloc*", "kmem_cache_free*", "__kmem_cache_alloc*", "__kmem_cache_free*", "kmalloc*",
	"__kmalloc*", "kfree", "kfree_*", "__kfree", "__kfree_skb", "kzalloc*", "krealloc*", "__krealloc*",
	"kvmalloc*", "__kvmalloc*", "kvfree*", "vmalloc*", "__vmalloc*", "vfree", "vfree_*", "__vfree", "vzalloc*",
	"slab_alloc*", "slab_free*", "slab_post_alloc_hook", "slab_pre_alloc_hook", "__slab_*", "___slab_*",
	"get_freepointer*", "set_freepointer*", "freelist_*", "new_slab*", "allocate_slab", "get_partial_node",
	"get_any_partial", "get_from_partial_node", "get_from_any_partial", "alloc_debug_processing", "warn_free_bad_obj", "free_to_partial_list", "alloc_single_from_partial", "alloc_pages*", "__alloc_pages*",
	"alloc_page", "get_page_from_freelist", "prep_new_page", "post_alloc_hook", "__get_free_page*",
	"get_zeroed_page*", "free_pages*", "__free_pages*", "__free_page*", "free_page*", "__free_frozen_pages",
	"free_frozen_pages", "free_frozen_page_commit", "free_hot_cold_page*", "deactivate_slab", "unfreeze_partials", "__unfreeze_partials",
	"do_slab_free", "discard_slab", "free_slab", "__free_slab", "cache_alloc*", "cache_free*",
	"cache_flusharray", "cache_grow*", "____cache_*", "___cache_*", "__cache_alloc*", "__cache_free*",
	"mempool_alloc*", "mempool_free*", "kmem_cache_destroy", "kmem_cache_close", "__kmem_cache_shutdown",
	"shutdown_cache", "cache_from_obj", "memdup_user*", "kmemdup*", "kstrdup*", "kasprintf", "kvasprintf",
	"__do_kmalloc*", "__do_kmem_*", "__do_cache_alloc", "put_cpu_partial", "rmqueue*", "__rmqueue*",
	"free_one_page", "__free_one_page", "free_unref_*", "free_pcp_prepare", "free_pages_prepare", "call_rcu*", "__call_rcu*", "kvfree_call_rcu", "free_pcppages_bulk", "devm_kmalloc*", "devm_kfree",
	"devm_kmemdup*", "devm_kstrdup*", "devm_kasprintf", "percpu_ref_*", "pcpu_alloc*", "__alloc_percpu*",
	"free_percpu", "__alloc_frozen_*", "folio_alloc*", "__folio_alloc*", "qlist_free_all", "qlink_free",
	"quarantine_*",
	NULL
};

static const char *const strings[] = {
	"memcpy*", "__memcpy*", "____memcpy*", "__pi_memcpy*", "memmove*", "__memmove*", "__pi_memmove*", "memset*",
	"__memset*", "__pi_memset*", "memzero*", "__memzero", "memcmp*", "__memcmp*", "__pi_memcmp*", "bcmp",
	"memchr*", "memscan", "strlen*", "__pi_strlen*", "strnlen*", "__pi_strnlen*", "strcmp*", "__pi_strcmp*",
	"strncmp*", "strcpy*", "strncpy*", "strlcpy*", "strscpy*", "sized_strscpy", "strcat*", "strncat*",
	"strlcat*", "strstr*", "strnstr", "strchr*", "strnchr*", "strrchr*", "strsep*", "strspn", "strcspn",
	"strpbrk", "strim", "skip_spaces", "strcasecmp*", "strncasecmp*", "copy_user_*", "copy_from_user*",
	"_copy_from_user*", "__copy_user_*", "__copy_user*", "copy_to_user*", "_copy_to_user*", "__copy_from_user*",
	"__copy_to_user*", "__arch_copy_*", "raw_copy_*", "arm_copy_*", "rep_movs*", "rep_stos*",
	"rep_movs_alternative", "_copy_to_iter*", "_copy_from_iter*", "copyin", "copyout", "copy_page",
	"copy_page_rep", "copy_page_regs", "copy_page_to_iter*", "copy_page_from_iter*", "copy_mc_*", "clear_page",
	"clear_page_erms", "clear_page_rep", "clear_page_orig", "clear_user*", "__clear_user", "__arch_clear_user",
	"strncpy_from_user*", "do_strncpy_from_user", "strnlen_user*", "vsnprintf", "vscnprintf", "snprintf",
	"scnprintf", "sprintf", "vsprintf", "string_nocheck", "string", "pointer", "format_decode", "number",
	"csum_partial*", "crc32c*", "__crc32c*", "crc32_*", "__get_user_1", "__get_user_2", "__get_user_4",
	"__get_user_8", "__get_user_nocheck_*", "__get_user_bad", "__put_user_*", "get_user", "put_user", "sort_r",
	"sort",
	NULL
};

static const char *const structures[] = {
	"find_next_bit*", "find_first_bit*", "find_last_bit*", "find_next_zero_bit*", "_find_*", "__list_add*",
	"__list_del*", "__list_valid_slowpath", "__list_splice*", "list_del*", "list_add*", "list_move*",
	"list_splice*", "list_sort", "list_lru_add*", "list_lru_del*", "hlist_*", "__hlist_*", "klist_*",
	"rb_erase*", "rb_insert_color*", "__rb_insert*", "__rb_erase*", "__rb_rotate*", "__rb_change_child",
	"rb_next", "rb_first", "rb_prev", "rb_last", "rb_replace_node*", "radix_tree_*", "__radix_tree_*", "xa_*",
	"xas_*", "__xa_*", "idr_*", "ida_*", "__bitmap_*", "bitmap_set", "bitmap_clear", "bitmap_zero",
	"bitmap_fill", "bitmap_copy", "bitmap_and", "bitmap_or", "bitmap_andnot", "bitmap_equal", "bitmap_empty",
	"bitmap_full", "bitmap_weight", "bitmap_subset", "bitmap_intersects", "bitmap_find_*", "bitmap_alloc*",
	"bitmap_zalloc*", "bitmap_free", "bitmap_parse*", "bitmap_print_*", "bitmap_allocate_region",
	"bitmap_release_region", "instrument_*", "test_bit", "set_bit", "clear_bit", "test_and_set_bit",
	"test_and_clear_bit", "_test_bit*", "arch_test_bit", "arch_set_bit",
	NULL
};

/* net/core/skbuff.c: what a packet has no room for, its owner said wrongly. */
static const char *const packets[] = { "skb_panic", "skb_over_panic", "skb_under_panic", "skb_put", "skb_push", NULL };

/* lib/iomap.c, asm-generic/io.h: the device's own driver asks. */
static const char *const devices[] = {
	"ioread8*", "ioread16*", "ioread32*", "ioread64*", "iowrite8*", "iowrite16*", "iowrite32*", "iowrite64*",
	"__memcpy_fromio", "__memcpy_toio", "__memset_io", "__raw_readb", "__raw_readw", "__raw_readl", "__raw_readq",
	"__raw_writeb", "__raw_writew", "__raw_writel", "__raw_writeq",
	NULL
};

/* Reference counts: who counts wrongly is the caller. */
static const char *const counters[] = {
	"refcount_*", "__refcount_*", "kref_*", "kobject_get*", "kobject_put*", "atomic_read*", "atomic_set*",
	"atomic_inc*", "atomic_dec*", "atomic_add*", "atomic_sub*", "atomic_and", "atomic_or*", "atomic_xchg*",
	"atomic_cmpxchg*", "atomic_try_*", "atomic_fetch_*", "atomic64_*", "atomic_long_*", "arch_atomic*",
	"raw_atomic*", "__atomic_*", "__ll_sc_*", "__lse_*", "percpu_counter_*", "__percpu_counter_*",
	"ex_handler_refcount",
	NULL
};

/* Adding oneself to a queue and waking who waits there: where memory is wrong, the queue's owner freed or overwrote it. */
static const char *const wait_queues[] = {
	"add_wait_queue*", "__add_wait_queue*", "remove_wait_queue", "prepare_to_wait*", "finish_wait", "__wake_up*",
	"autoremove_wake_function", "swake_up_*", "complete", "complete_all", "complete_with_flags",
	NULL
};
/* clang-format on */

const struct plumbing_list plumbing_helpers[] = {
	{ locks, PLUMBING_EVERY_KIND },
	{ allocators, PLUMBING_EVERY_KIND },
	{ strings, PLUMBING_EVERY_KIND },
	{ structures, PLUMBING_EVERY_KIND },
	{ packets, PLUMBING_EVERY_KIND },
	{ devices, PLUMBING_EVERY_KIND },
	{ counters, PLUMBING_EVERY_KIND },
	{ wait_queues, PLUMBING_ASLEEP | PLUMBING_BUSY | PLUMBING_MEMORY | CRASH_KIND_BIT(CRASH_LIST_CORRUPTION) |
			       CRASH_KIND_BIT(CRASH_SPINLOCK) },
	{ NULL, 0 },
};
