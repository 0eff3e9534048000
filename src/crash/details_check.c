/* What the headlines of the kernel's checks and sanitizers say besides the kind. */
#include "crash/details.h"

#include "crash/location.h"

enum { SUBKIND_BYTES_MOST = 48, TITLE_WORDS_BYTES_MOST = 80 };

void details_take_place(struct draft *draft, struct text t, bool summary, size_t record)
{
	struct crash *crash = draft->crash;
	struct crash_location location;
	bool reliable;

	if (crash->instruction_pointer.function.length || !location_eat(&t, &location, &reliable))
		return;
	location_keep(&crash->arena, &location);
	crash->instruction_pointer = location;
	crash->instruction_pointer_record = record;
	draft->summary_place = summary;
}

void details_set_subkind(struct draft *draft, struct text words)
{
	char subkind[SUBKIND_BYTES_MOST];

	words = text_trim(words);
	if (!words.length || words.length > sizeof subkind)
		return;
	for (size_t i = 0; i < words.length; i++) {
		char c = words.data[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		else if (c == ' ')
			c = '-';
		else if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_')
			return;
		subkind[i] = c;
	}
	draft->crash->subkind = arena_copy(&draft->crash->arena, (struct text){ subkind, words.length });
}

void details_set_title(struct draft *draft, const char *format, struct text words)
{
	words = text_trim(words);
	if (!words.length || words.length > TITLE_WORDS_BYTES_MOST)
		return;
	struct text title = arena_print(&draft->crash->arena, "%s%.*s", format, TEXT_ARGS(words));
	draft->title = title.data;
}

/* "slab-out-of-bounds in f+0x1/0x2": what was found, up to the place. */
static struct text before_place(struct text t)
{
	return text_first(t, text_find(t, " in "));
}

/* mm/kasan/report.c: "BUG: KASAN: double-free or invalid-free in f+0x1/0x2 [m]"; up to v4.9 with " at addr ffff..." behind.
 */
void details_kasan(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_from_offset(text, sizeof "BUG: KASAN: " - 1);
	struct text found = before_place(rest);

	details_set_subkind(draft, found);
	details_set_title(draft, "KASAN: ", found);
	details_take_place(draft, details_behind(rest, " in "), false, record);
	details_set_fault_address(draft, details_behind(rest, " at addr "), record);
}

/* mm/kfence/report.c: "BUG: KFENCE: use-after-free read in f+0x1/0x2", "memory corruption in", "invalid free in" */
void details_kfence(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_from_offset(text, sizeof "BUG: KFENCE: " - 1);
	struct text found = before_place(rest), subkind = found;
	struct crash_access *access = &draft->crash->access;

	if (text_ends(found, " read"))
		access->type = CRASH_READ;
	else if (text_ends(found, " write"))
		access->type = CRASH_WRITE;
	else if (text_is(found, "invalid free"))
		access->type = CRASH_FREE;
	if (access->type == CRASH_READ || access->type == CRASH_WRITE)
		subkind = text_first(found, found.length - (access->type == CRASH_READ ? 5 : 6));
	details_set_subkind(draft, subkind);
	details_set_title(draft, "KFENCE: ", subkind);
	details_take_place(draft, details_behind(rest, " in "), false, record);
}

/* mm/kmsan/report.c: "BUG: KMSAN: uninit-value in f+0x1/0x2"; its frames follow without "Call Trace:". */
void details_kmsan(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_from_offset(text, sizeof "BUG: KMSAN: " - 1);
	struct text found = before_place(rest);

	details_set_subkind(draft, found);
	details_set_title(draft, "KMSAN: ", found);
	details_take_place(draft, details_behind(rest, " in "), false, record);
	draft->in_trace = true;
}

/* kernel/kcsan/report.c: "BUG: KCSAN: data-race in f / g", names without offsets; "assert: race in f / g" */
void details_kcsan(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_from_offset(text, sizeof "BUG: KCSAN: " - 1);
	struct text found = before_place(rest);
	bool assertion = text_eat(&found, "assert: ");

	(void)record;
	details_set_subkind(draft, assertion ? TEXT("assert-race") : found);
	details_set_title(draft, assertion ? "KCSAN: assert: " : "KCSAN: ", found);
}

/* lib/ubsan.c: the check's name since v5.12, and what it means where the headline has none. */
static const struct {
	const char *says, *subkind;
} ubsan_checks[] = {
	{ "signed integer overflow", "signed-integer-overflow" },
	{ "unsigned integer overflow", "unsigned-integer-overflow" },
	{ "negation of ", "negation-overflow" },
	{ "division by zero", "division-overflow" },
	{ "division of ", "division-overflow" },
	{ "shift exponent ", "shift-out-of-bounds" },
	{ "left shift of ", "shift-out-of-bounds" },
	{ "index ", "array-index-out-of-bounds" },
	{ "load of value ", "invalid-load" },
	{ "member access within null pointer", "null-ptr-deref" },
	{ "load of null pointer", "null-ptr-deref" },
	{ "store to null pointer", "null-ptr-deref" },
	{ "reference binding to null pointer", "null-ptr-deref" },
	{ "member call on null pointer", "null-ptr-deref" },
	{ "load of misaligned address", "misaligned-access" },
	{ "store to misaligned address", "misaligned-access" },
	{ "member access within misaligned address", "misaligned-access" },
	{ "load of address ", "object-size-mismatch" },
	{ "store to address ", "object-size-mismatch" },
	{ "member access within address ", "object-size-mismatch" },
	{ "null pointer passed as argument", "nonnull-argument" },
	{ "null pointer returned", "nonnull-return" },
	{ "variable length array bound", "variable-length-array-bound" },
	{ "calling __builtin_unreachable", "unreachable" },
	{ "execution reached an unreachable", "unreachable" },
	{ "pointer operation", "pointer-overflow" },
};

void details_ubsan_check(struct draft *draft, struct text text, size_t record)
{
	text = text_trim_start(text);
	(void)record;
	if (draft->crash->subkind.length)
		return;
	for (size_t i = 0; i < sizeof ubsan_checks / sizeof *ubsan_checks; i++) {
		if (!text_starts(text, ubsan_checks[i].says))
			continue;
		draft->crash->subkind = text_from(ubsan_checks[i].subkind);
		details_set_title(draft, "UBSAN: ", draft->crash->subkind);
		return;
	}
}

/*
 * "UBSAN: array-index-out-of-bounds in FILE:L:C", "UBSAN: Undefined behaviour in FILE:L:C" up to v5.11. Where it traps,
 * "UBSAN: array index out of bounds at f+0x1/0x2" on x86 and "Internal error: UBSAN: array index out of bounds:
 * 00000000f2005512 [#1] on arm64, arch/arm64/kernel/traps.c; report_ubsan_failure() has the words.
 */
void details_ubsan(struct draft *draft, struct text text, size_t record)
{
	struct text found = details_behind(text, "UBSAN: "), place = details_behind(found, " at ");
	bool file = text_find(found, " in ") != SIZE_MAX;

	found = text_first(before_place(found), text_find(found, " at "));
	found = text_first(found, text_find(found, ": "));
	if (text_is(found, "Undefined behaviour") || draft->crash->subkind.length)
		return;
	details_set_subkind(draft, found);
	details_set_title(draft, "UBSAN: ", draft->crash->subkind);
	if (!file)
		details_take_place(draft, place, true, record);
}

/* "BUG: MAX_LOCKDEP_ENTRIES too low!"; all others have their title by their rows. */
void details_lockdep(struct draft *draft, struct text text, size_t record)
{
	(void)record;
	if (text_starts(text, "BUG: MAX_"))
		details_set_title(draft, "", text);
}

/* "BUG: Bad page state in process nginx  pfn:12345", "BUG: Bad page map in process nginx  pte:... pmd:..." */
void details_bad_page(struct draft *draft, struct text text, size_t record)
{
	/* kernel/fork.c, check_mm(), since v6.17 or so: "... val:1 Comm:init Pid:1" */
	size_t comm_at = text_find(text, " Comm:"), pid_at = text_find(text, " Pid:");
	struct text pid_text = text_from_offset(text, pid_at == SIZE_MAX ? pid_at : pid_at + 5);
	uint64_t pid;

	if (comm_at < pid_at && text_eat_decimal(&pid_text, &pid))
		draft_set_task(draft, text_from_offset(text_first(text, pid_at), comm_at + 6), pid, record);
	struct text comm = details_behind(text, " in process ");
	size_t end = text_find(comm, "  p");

	if (end == SIZE_MAX || draft->crash->comm.length)
		return;
	comm = text_trim(text_first(comm, end));
	draft->crash->comm = arena_copy(&draft->crash->arena, comm);
	draft->crash->comm_record = record;
}

/*
 * "BUG kmalloc-64 (Tainted: G    B): Poison overwritten", "slab error in cache_free_debugcheck(): cache `size-64': double
 * free, or memory outside object was overwritten": what is wrong stands last.
 */
void details_slab(struct draft *draft, struct text text, size_t record)
{
	struct text found = text;
	size_t at;

	(void)record;
	if (!text_starts(text, "BUG ") && !text_starts(text, "slab error in "))
		return;
	while ((at = text_find(found, ": ")) != SIZE_MAX)
		found = text_from_offset(found, at + 2);
	/* "Objects remaining in kmalloc-64 on __kmem_cache_shutdown()", "double free, or memory outside object ..." */
	found = text_first(found, text_find(found, " in "));
	details_set_subkind(draft, text_first(found, text_find_char(found, ',')));
}

/* "BUG: spinlock bad magic on CPU#0, comm/pid", "BUG: spinlock lockup suspected on CPU#0, comm/pid" */
void details_spinlock(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_from_offset(text, sizeof "BUG: " - 1), cpu_text = details_behind(text, " on CPU#"), which;
	struct text found = text_first(rest, text_find(rest, " on CPU#"));
	uint64_t cpu;

	details_set_title(draft, "BUG: ", found);
	if (text_eat_word(&found, &which))
		details_set_subkind(draft, found.length ? found : which);
	if (!text_eat_decimal(&cpu_text, &cpu))
		return;
	draft_set_cpu(draft, cpu);
	if (text_eat(&cpu_text, ", "))
		details_take_task(draft, text_trim(cpu_text), '/', record);
}

/* "BUG: using smp_processor_id() in preemptible [00000000] code: comm/pid" */
void details_preemptible(struct draft *draft, struct text text, size_t record)
{
	struct text called = details_behind(text, "BUG: using ");

	details_set_title(draft, "BUG: using ", text_first(called, text_find(called, " [")));
	details_take_task(draft, text_trim(details_behind(text, " code: ")), '/', record);
}

/* "Kernel panic - not syncing: stack-protector: Kernel stack is corrupted in: f+0x1/0x2"; an address alone up to v4.14 or
 * so. */
void details_stack_corruption(struct draft *draft, struct text text, size_t record)
{
	struct text place = details_behind(text, "is corrupted in: ");
	struct crash_location *location = &draft->crash->instruction_pointer;
	uint64_t address;
	size_t digits;

	details_take_place(draft, place, false, record);
	/* Its name is that of the frame with this address: draft_close(). %p has all digits: "ca" is a name that was cut. */
	if (!location->function.length && !location->has_address && text_eat_hex_digits(&place, &address, &digits) &&
	    (digits == 8 || digits == 16) && !text_trim(place).length) {
		location->address = address;
		location->has_address = true;
		draft->crash->instruction_pointer_record = record;
	}
}

/* "BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 37s!"; a range of CPUs is of an unbound pool. */
void details_workqueue_lockup(struct draft *draft, struct text text, size_t record)
{
	struct text cpus = details_behind(text, " cpus=");
	uint64_t cpu;

	(void)record;
	if (text_eat_decimal(&cpus, &cpu) && text_starts(cpus, " "))
		draft_set_cpu(draft, cpu);
}
