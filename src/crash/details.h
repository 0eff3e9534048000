/* What headlines and the lines behind them say, and how it is put into the draft. */
#ifndef CRASH_DETAILS_H
#define CRASH_DETAILS_H

#include "crash/draft.h"

/* What lies behind a mark in a text; empty where it is not there. */
struct text details_behind(struct text t, const char *mark);

/* The first address that is said is the fault's. address may have blanks in front. */
void details_set_fault_address(struct draft *draft, struct text address, size_t record);

/* The last "name:pid" or "name/pid" in a text: names hold blanks, colons and slashes. */
void details_take_task(struct draft *draft, struct text t, char between, size_t record);

/* A place at the beginning of t becomes the crash's: summary, where a full one (RIP) is to replace it. */
void details_take_place(struct draft *draft, struct text t, bool summary, size_t record);

/*
 * Which of a kind's faces: words of the kernel's, with hyphens between them. Left as it was where they hold anything but
 * letters, digits and blanks, or are too many.
 */
void details_set_subkind(struct draft *draft, struct text words);

/* What the title begins with. */
void details_set_title(struct draft *draft, const char *format, struct text words);

/* What the headlines of faults say, and the line of die(). */
void details_fault(struct draft *draft, struct text text, size_t record);
void details_exception(struct draft *draft, struct text text, size_t record);
void details_abort(struct draft *draft, struct text text, size_t record);
void details_user_page(struct draft *draft, struct text text, size_t record);
void details_protection_fault(struct draft *draft, struct text text, size_t record);
void details_control_protection(struct draft *draft, struct text text, size_t record);
void details_oops(struct draft *draft, struct text text, size_t record);

/* What the headlines of these kinds say. */
void details_kasan(struct draft *draft, struct text text, size_t record);
void details_kfence(struct draft *draft, struct text text, size_t record);
void details_kmsan(struct draft *draft, struct text text, size_t record);
void details_kcsan(struct draft *draft, struct text text, size_t record);
void details_ubsan(struct draft *draft, struct text text, size_t record);
void details_lockdep(struct draft *draft, struct text text, size_t record);
void details_bad_page(struct draft *draft, struct text text, size_t record);
void details_slab(struct draft *draft, struct text text, size_t record);
void details_spinlock(struct draft *draft, struct text text, size_t record);
void details_preemptible(struct draft *draft, struct text text, size_t record);
void details_stack_corruption(struct draft *draft, struct text text, size_t record);
void details_workqueue_lockup(struct draft *draft, struct text text, size_t record);

/* UBSAN's second line, of old the only one that says which check it was. */
void details_ubsan_check(struct draft *draft, struct text text, size_t record);

#endif
