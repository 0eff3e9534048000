/* A kernel of a few functions, that faults are looked for in: built as a vmlinux is, and never run. */
const char linux_banner[] = "Linux version 6.1.0-touched (nobody@nowhere) #1 SMP";

#define noinline __attribute__((noinline))
#define always_inline inline __attribute__((always_inline))

struct lock { int counter; };
struct list { struct list *next, *prev; };
struct inode {
	unsigned long pad[16];
	struct lock i_lock; /* 0x80 */
	unsigned int i_flags;
	struct list i_list;     /* 0x88 */
	unsigned long slots[4]; /* 0x98 */
};
struct mixed {
	unsigned long first;
	union { unsigned long as_number; struct list *as_list; }; /* 8 */
	struct { int low, high; } named;                           /* 0x10 */
	unsigned int bit : 1, rest : 31;                           /* 0x18 */
	unsigned int after;
};
struct dentry {
	unsigned long pad[6];
	struct inode *d_inode; /* 0x30 */
	struct dentry *d_parent;
};

volatile unsigned long sink;
void (*volatile hook)(void);

noinline void take_lock(struct lock *lock) { __atomic_fetch_add(&lock->counter, 1, __ATOMIC_SEQ_CST); }

noinline void delete(struct dentry *dentry)
{
	struct inode *inode = dentry->d_inode;

	take_lock(&inode->i_lock);
	sink = dentry->pad[1];
}

/* The lock's address is handed on twice. */
noinline void lock_again(struct lock *lock) { hook(); take_lock(lock); sink++; }
noinline void outer(struct inode *inode) { lock_again(&inode->i_lock); sink++; }

noinline unsigned long direct(struct inode *inode) { return inode->slots[2]; }
noinline unsigned long in_union(struct mixed *mixed) { return mixed->as_number; }
noinline unsigned long in_named(struct mixed *mixed) { return (unsigned long)mixed->named.high; }
noinline unsigned long in_bits(struct mixed *mixed) { return mixed->rest; }
noinline unsigned long in_list(struct inode *inode) { return (unsigned long)inode->i_list.prev; }
noinline unsigned long chained(struct dentry *dentry) { return dentry->d_parent->d_inode->i_flags; }
noinline unsigned long no_type(char *bytes) { return (unsigned long)bytes[0x48]; }
noinline unsigned long indexed(struct inode *inode, unsigned long i) { return inode->slots[i]; }

static always_inline unsigned long flags_of(const struct inode *node) { return node->i_flags; }
noinline unsigned long inlined(struct dentry *dentry) { return flags_of(dentry->d_inode) + 1; }

/* Two ways lead to the load: which pointer it was, none can say, but that the debuginfo names it. */
noinline unsigned long either(struct dentry *dentry, int parent)
{
	struct inode *node = parent ? dentry->d_parent->d_inode : dentry->d_inode;

	return node->i_flags;
}

/* Called by a pointer: another function may have gone on into it. */
noinline void by_pointer(struct inode *inode) { void (*volatile f)(struct lock *) = take_lock; f(&inode->i_lock); sink++; }

/* This one goes on into another: what its caller handed on is no argument of that. */
noinline void goes_on(struct dentry *dentry) { sink++; take_lock(&dentry->d_inode->i_lock); }
noinline void calls_it(struct dentry *dentry) { goes_on(dentry); sink++; }

/* Two that are alike, but that a static key may make the second jump to where the register was not set. */
void take_plain(struct lock *lock);
void take_keyed(struct lock *lock);
__asm__(".pushsection .text\n"
	".type take_plain, @function\n"
	"take_plain: nop\n mov %rdi, %rax\n lock incl (%rax)\n ret\n"
	".size take_plain, . - take_plain\n"
	".type take_keyed, @function\n"
	"take_keyed:\n 1: nop\n mov %rdi, %rax\n 2: lock incl (%rax)\n ret\n"
	".size take_keyed, . - take_keyed\n"
	".popsection\n"
#ifdef ABSOLUTE_KEYS /* as before 4.19 */
	".pushsection __jump_table, \"aw\"\n .quad 1b, 2b, 0\n .quad 1b, 1b, 0\n .popsection\n");
#else
	".pushsection __jump_table, \"aw\"\n .long 1b - ., 2b - .\n .quad 0\n .popsection\n");
#endif
extern const char __start___jump_table[], __stop___jump_table[];
const char *const volatile jump_table[] = { __start___jump_table, __stop___jump_table };
noinline void delete_plain(struct dentry *dentry) { take_plain(&dentry->d_inode->i_lock); sink = dentry->pad[1]; }
noinline void delete_keyed(struct dentry *dentry) { take_keyed(&dentry->d_inode->i_lock); sink = dentry->pad[1]; }

/* A list that ends in NULL: what is small and negative then is no error. */
struct entry { unsigned long id[2]; struct list node; unsigned long last; };
noinline unsigned long walk(struct list *head)
{
	unsigned long sum = 0;

	for (struct entry *pos = (struct entry *)((char *)head->next - 16); &pos->node != head;
	     pos = (struct entry *)((char *)pos->node.next - 16))
		sum += pos->last;
	return sum;
}

struct grid { unsigned long one[4]; unsigned long two[2][3]; };
noinline unsigned long in_two_dimensions(struct grid *grid) { return grid->two[1][2]; }

/* rdi has moved on when it faults; the bit may lie far from the operand. */
noinline void fill(struct inode *inode)
{
	unsigned long count = 4096;
	__asm__ volatile("rep stosb" : "+D"(inode), "+c"(count) : "a"(0) : "memory");
}
noinline void set_bit(struct inode *inode, unsigned long bit) { __asm__ volatile("lock btsq %1, (%0)" : : "r"(inode), "r"(bit) : "memory"); }

/* What comes out of an instruction that writes rax unasked, of a call, of the part that is elsewhere. */
unsigned long swap(struct dentry *dentry, struct inode *expected, struct inode *next);
unsigned long gets(struct dentry *dentry);
unsigned long joined(struct dentry *dentry, int rarely);
__asm__(".pushsection .text\n .Lunnamed: mov 0x30(%rdi), %rax\n ret\n"
	".type swap, @function\n"
	"swap: mov %rsi, %rax\n lock cmpxchg %rdx, 0x30(%rdi)\n mov 0x84(%rax), %eax\n ret\n .size swap, . - swap\n"
	".type gets, @function\n"
	"gets: nopl 0(%rax)\n call .Lunnamed\n mov 0x84(%rax), %eax\n ret\n .size gets, . - gets\n"
	".type joined, @function\n"
	"joined: test %esi, %esi\n jne joined.cold\n mov 0x30(%rdi), %rax\n 1: mov 0x84(%rax), %eax\n ret\n .size joined, . - joined\n"
	".type joined.cold, @function\n"
	"joined.cold: mov 0x38(%rdi), %rdi\n mov 0x30(%rdi), %rax\n jmp 1b\n .size joined.cold, . - joined.cold\n .popsection\n");
/* A cold part in a section of its own, which a module's file leaves to be linked. */
unsigned long parted(struct dentry *dentry, int rarely);
__asm__(".pushsection .text\n .type parted, @function\n"
	"parted: test %esi, %esi\n jne parted.cold\n mov 0x30(%rdi), %rax\n .Lback: mov 0x84(%rax), %eax\n ret\n .size parted, . - parted\n .popsection\n"
	".pushsection .text.unlikely, \"ax\"\n .type parted.cold, @function\n"
	"parted.cold: mov 0x38(%rdi), %rdi\n mov 0x30(%rdi), %rax\n jmp .Lback\n .size parted.cold, . - parted.cold\n .popsection\n");
noinline unsigned long parted_caller(struct dentry *dentry) { return parted(dentry, 1) + 1; }

struct page { unsigned long flags; union { struct { struct list lru; int mapping; }; struct { unsigned long pages, count; }; }; unsigned long last; };
noinline unsigned long in_page(struct page *page) { return page->last; }

noinline unsigned long swap_caller(struct dentry *dentry, struct inode *expected, struct inode *next) { return swap(dentry, expected, next) + 1; }
noinline unsigned long gets_caller(struct dentry *dentry) { return gets(dentry) + 1; }
noinline unsigned long joined_caller(struct dentry *dentry) { return joined(dentry, 1) + 1; }

void _start(void) {}

/* Where it is built as a module. */
__attribute__((section(".modinfo"), used)) static const char modinfo[] = "vermagic=6.1.0-touched SMP mod_unload\0name=made_up";
