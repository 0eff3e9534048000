/* For the tests of new signatures: groups of crashes, and the pieces of logs that they are made of. */
#ifndef TEST_DRAFT_SIGNATURE_H
#define TEST_DRAFT_SIGNATURE_H

#include "test_crash.h"

#include "signature/common.h"
#include "signature/draft_signature.h"

enum { CRASHES_MOST = 4 };

/* Crashes of some logs, with the releases and the places that they are said to be from. */
struct group {
	struct arena arena;
	struct crash_list lists[CRASHES_MOST];
	const struct crash *crashes[CRASHES_MOST];
	struct release releases[CRASHES_MOST];
	struct draft_source sources[CRASHES_MOST];
	size_t count;
};

static inline void add(struct group *group, const char *log, const char *release, const char *version)
{
	size_t i = group->count++;

	assert_true(i < CRASHES_MOST);
	group->crashes[i] = find_one(&group->lists[i], log);
	group->releases[i] = release_parse(text_from(release), text_from(version));
	group->sources[i] =
		(struct draft_source){ group->crashes[i], &group->releases[i], arena_print(&group->arena, "log %zu", i) };
}

static inline void end(struct group *group)
{
	for (size_t i = 0; i < group->count; i++)
		crash_list_free(&group->lists[i]);
	arena_free(&group->arena);
	*group = (struct group){ 0 };
}

/* Drafts a signature; checks that it lints and matches all of the group, and nothing of what it must not. */
static inline struct text draft(struct group *group)
{
	struct catalogue *catalogue = catalogue_new();
	struct error_list errors = { 0 };
	struct error error;
	struct text yaml;

	assert_non_null(catalogue);
	if (!signature_draft(&group->arena, group->sources, group->count, TEXT("a-bug"), &yaml, &error))
		fail_msg("signature_draft: %s", error.message);
	if (!catalogue_load_content(catalogue, "a-bug.yaml", yaml, &errors))
		fail_msg("%zu:%zu: %s\n%.*s", errors.items[0].line, errors.items[0].column, errors.items[0].message,
			 TEXT_ARGS(yaml));
	for (size_t i = 0; i < group->count; i++) {
		struct finding_list findings = { 0 };
		assert_true(signature_match(catalogue, group->crashes[i], i, &group->releases[i], &findings, &error));
		if (findings.count != 1)
			fail_msg("crash %zu does not match\n%.*s", i, TEXT_ARGS(yaml));
		finding_list_free(&findings);
	}
	error_list_free(&errors);
	catalogue_free(catalogue);
	return yaml;
}

static inline void assert_holds(struct text yaml, const char *piece)
{
	if (text_find(yaml, piece) == SIZE_MAX)
		fail_msg("no \"%s\" in\n%.*s", piece, TEXT_ARGS(yaml));
}

#define NULL_POINTER(address) "BUG: kernel NULL pointer dereference, address: 00000000000000" address "\n"
#define PAGE_FAULT            "BUG: unable to handle page fault for address: ffffc900deadb008\n"
#define OOPS                  "Oops: 0000 [#1] PREEMPT SMP NOPTI\nCPU: 0 PID: 12 Comm: cat Tainted: G  OE  6.1.0 #1\n"
#define RIP(function)         "RIP: 0010:" function "+0x13/0x30\n"
#define TRACE                 "Call Trace:\n <TASK>\n"
#define FRAME(function)       " " function "+0x1/0x2\n"
#define GUESS(function)       " ? " function "+0x1/0x2\n"
#define END                   " </TASK>\n---[ end trace 0000000000000000 ]---\n"
#define SYSTEM_CALL           FRAME("vfs_write") FRAME("ksys_write") FRAME("do_syscall_64")
#define SOFT_LOCKUP           "watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [cat:12]\nCPU: 0 PID: 12 Comm: cat 6.1.0 #1\n"

#define PANIC(reason)                                                                                                       \
	"Kernel panic - not syncing: " reason "\nCPU: 0 PID: 12 Comm: cat 6.1.0 #1\n" TRACE FRAME("dump_stack_lvl")         \
		FRAME("panic") END

#endif
