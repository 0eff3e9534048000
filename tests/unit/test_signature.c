/* Signatures: what is wrong with a file is told with its place, and what a crash has is found. */
#define _GNU_SOURCE /* mkdtemp, nftw */
#include "signature/signature.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#ifndef SIGNATURES_DIR
#define SIGNATURES_DIR "signatures"
#endif

static char directory[] = "/tmp/test-signature-XXXXXX";

static const char *path_of(const char *name)
{
	static char path[4][256];
	static unsigned int next;
	char *place = path[next++ % 4];

	snprintf(place, sizeof path[0], "%s/%s", directory, name);
	return place;
}

static void write_bytes(const char *name, const char *bytes, size_t length)
{
	FILE *file = fopen(path_of(name), "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static void write_file(const char *name, const char *content)
{
	write_bytes(name, content, strlen(content));
}

static int make_directory(void **state)
{
	(void)state;
	return mkdtemp(directory) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status, (void)type, (void)place;
	return remove(path);
}

static int remove_directory(void **state)
{
	(void)state;
	return nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Loads a path of the test's directory; the catalogue and the errors are the caller's to free. */
static struct catalogue *load(const char *name, struct error_list *errors)
{
	struct catalogue *catalogue = catalogue_new();

	assert_non_null(catalogue);
	*errors = (struct error_list){ 0 };
	bool loaded = catalogue_load(catalogue, path_of(name), errors);
	assert_int_equal(loaded, errors->count == 0);
	return catalogue;
}

static const struct error *find_error(const struct error_list *errors, size_t line, size_t column, const char *piece)
{
	for (size_t i = 0; i < errors->count; i++)
		if (errors->items[i].line == line && errors->items[i].column == column && strstr(errors->items[i].message, piece))
			return &errors->items[i];
	print_error("no error at %zu:%zu with \"%s\"; there are:\n", line, column, piece);
	for (size_t i = 0; i < errors->count; i++)
		print_error("  %zu:%zu: %s\n", errors->items[i].line, errors->items[i].column, errors->items[i].message);
	fail();
	return NULL;
}

#define HEAD    "id: bug\ntitle: A bug\n"
#define SYMPTOM "symptoms:\n  - name: oops\n    trace: [one]\n"
#define WHOLE   HEAD SYMPTOM /* five lines */

static void test_errors(void **state)
{
	static const struct {
		const char *content;
		size_t line, column;
		const char *message;
	} rows[] = {
		/* keys */
		{ WHOLE "subsytem: fs\n", 6, 1, "did you mean 'subsystem'" },
		{ WHOLE "colour: red\n", 6, 1, "a signature has no key 'colour'" },
		{ WHOLE "title: Again\n", 6, 1, "second time" },
		{ "id: bug\n" SYMPTOM, 1, 1, "needs 'title'" },
		{ HEAD, 1, 1, "needs 'symptoms'" },
		{ "title: A bug\n" SYMPTOM, 1, 1, "needs 'id'" },
		{ "id: bog\ntitle: A bug\n" SYMPTOM, 1, 5, "the file's name is 'bug'" },
		{ "id: Bug\ntitle: A bug\n" SYMPTOM, 1, 5, "a-z" },
		/* types */
		{ "- id: bug\n", 1, 1, "mapping" },
		{ "just words\n", 1, 1, "mapping" },
		{ "id: bug\ntitle: [A, bug]\n" SYMPTOM, 2, 8, "not a list" },
		{ "id: bug\ntitle:\n" SYMPTOM, 2, 7, "empty" },
		{ "id: bug\ntitle: ''\n" SYMPTOM, 2, 8, "empty" },
		{ WHOLE "fixed: []\n", 6, 8, "empty" },
		{ WHOLE "fixed:\n  - a: b\n", 7, 5, "a text was expected, not a mapping" },
		{ WHOLE "references: [ü, {}]\n", 6, 18, "a text was expected" },
		/* symptoms */
		{ HEAD "symptoms: []\n", 3, 11, "list of symptoms is empty" },
		{ HEAD "symptoms: oops\n", 3, 11, "list of symptoms was expected" },
		{ HEAD "symptoms:\n  - oops\n", 4, 5, "a symptom is a mapping" },
		{ HEAD "symptoms:\n  - name: oops\n", 4, 5, "no clause" },
		{ HEAD "symptoms:\n  - trace: [one]\n", 4, 5, "needs 'name'" },
		{ WHOLE "  - name: oops\n    comm: x\n", 6, 5, "same name" },
		{ HEAD "symptoms:\n  - name: oops\n    kind: page-falt\n", 5, 11, "did you mean 'page-fault'" },
		{ HEAD "symptoms:\n  - name: oops\n    kind: [page-fault, elephant]\n", 5, 24, "no kind of crash 'elephant'" },
		{ HEAD "symptoms:\n  - name: oops\n    instruction_pointer: [a, b]\n", 5, 26, "not a list" },
		{ HEAD "symptoms:\n  - name: oops\n    culprit: two words\n", 5, 14, "not the name of a function" },
		{ HEAD "symptoms:\n  - name: oops\n    trace: []\n", 5, 12, "empty" },
		{ HEAD "symptoms:\n  - name: oops\n    fault_address: 136\n", 5, 20, "not an address" },
		{ HEAD "symptoms:\n  - name: oops\n    fault_address: 0x11112222333344445\n", 5, 20, "not an address" },
		{ HEAD "symptoms:\n  - name: oops\n    fault_address: 0xfff-0x0\n", 5, 20, "wrong way round" },
		{ HEAD "symptoms:\n  - name: oops\n    tainted: oe\n", 5, 14, "taint" },
		{ HEAD "symptoms:\n  - name: oops\n    log: words\n", 5, 10, "between slashes" },
		{ HEAD "symptoms:\n  - name: oops\n    log: [/a/, /b]\n", 5, 16, "second is missing" },
		{ HEAD "symptoms:\n  - name: oops\n    log: //\n", 5, 10, "empty" },
		{ HEAD "symptoms:\n  - name: oops\n    comm: /ab(c/\n", 5, 16, "at its offset 4" },
		{ HEAD "symptoms:\n  - name: oops\n    comm: '/ab(c/'\n", 5, 11, "at its offset 4" },
		{ HEAD "symptoms:\n  - name: oops\n    comm: /\\Ca/\n", 5, 14, "broken pattern" },
		{ HEAD "symptoms:\n  - name: oops\n    comm: /(*UTF)a/\n", 5, 18, "broken pattern" },
		/* ranges */
		{ WHOLE "affected:\n  - from: 1.0\n", 7, 5, "needs 'family'" },
		{ WHOLE "affected:\n  - family: debain\n", 7, 13, "did you mean 'debian'" },
		{ WHOLE "affected:\n  - family: el7\n    befor: 1.0\n", 8, 5, "did you mean 'before'" },
		{ WHOLE "affected:\n  - {family: el7, from: 3.10.0-2.el7, before: 3.10.0-1.el7}\n", 7, 5, "wrong way round" },
		{ WHOLE "affected:\n  - {family: el7, from: 3.10.0-1.el7, before: 3.10.0-1.el7}\n", 7, 5, "wrong way round" },
		{ WHOLE "affected:\n  - {family: el7, before: '3', through: '3'}\n", 7, 5, "not with both" },
		{ WHOLE "affected:\n  - {family: el7, before: 3.10.0-1.el7.x86_64}\n", 7, 5, "leave it out" },
		{ WHOLE "affected:\n  - {family: el7, before: el7}\n", 7, 5, "not a package's version" },
		{ WHOLE "affected:\n  - {family: el7, before: [3.1, 3.2]}\n", 7, 5, "only upstream" },
		{ WHOLE "affected:\n  - {family: upstream, before: 6.1-1}\n", 7, 5, "not an upstream release" },
		{ WHOLE "affected:\n  - {family: upstream, before: [6.1.5, 6.1.9]}\n", 7, 5, "one stable series" },
		{ WHOLE "affected:\n  - {family: upstream, from: 6.2, before: [5.10.9, 6.1]}\n", 7, 5, "wrong way round" },
		{ WHOLE "affected:\n  - {family: upstream, from: [5.10.9, 6.0], before: [5.10.3, 6.1]}\n", 7, 5, "from 5.10.9" },
		/* remedies */
		{ WHOLE "remedies:\n  - command: x\n", 7, 5, "needs 'text'" },
		{ WHOLE "remedies:\n  - text: x\n    before: 1.0\n", 7, 5, "which 'family'" },
		{ WHOLE "remedies:\n  - text: x\n    command: yum {relaese}\n", 8, 18, "did you mean '{release}'" },
		{ WHOLE "remedies:\n  - text: x\n    command: awk '{print}'\n", 8, 19, "doubled" },
		{ WHOLE "remedies:\n  - text: x\n    command: echo }\n", 8, 19, "unknown placeholder '}'" },
		{ WHOLE "remedies:\n  - text: x\n    command: \"a\\nb\"\n", 8, 14, "one line" },
		/* YAML */
		{ "id: [bug\n", 2, 1, "not YAML" },
		{ "id: bug\n\ttitle: x\n", 2, 1, "not YAML" },
		{ "", 1, 1, "empty" },
		{ "# nothing\n", 1, 1, "empty" },
		{ WHOLE "---\nid: other\n", 6, 1, "second document" },
		{ WHOLE "fixed: &a [*a]\n", 6, 12, "alias" },
		{ "&a {*a : *a}\n", 1, 5, "alias" },
		{ "id: bug\ntitle: &t A bug\nsubsystem: *t\n" SYMPTOM, 3, 12, "alias" },
		{ WHOLE "fixed: [[[[[[[[[[[[[[[[[[[[[[[]\n", 6, 23, "nested too deeply" },
		{ WHOLE "fixed: [*nothing]\n", 6, 9, "alias" },
		{ "id: bug\ntitle: A b\xffug\n", 2, 11, "not UTF-8" },
		{ "id: bug\ntitle: A \x01\n", 2, 10, "not UTF-8" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct error_list errors;
		write_file("bug.yaml", rows[i].content);
		struct catalogue *catalogue = load("bug.yaml", &errors);
		const struct error *error = find_error(&errors, rows[i].line, rows[i].column, rows[i].message);
		assert_string_equal(error->path, path_of("bug.yaml"));
		assert_int_equal(catalogue_count(catalogue), 0);
		catalogue_free(catalogue);
		error_list_free(&errors);
	}
}

/* Not only the first: who writes a signature wants to mend it in one go. */
static void test_all_errors_at_once(void **state)
{
	struct error_list errors;

	(void)state;
	write_file("bug.yaml", "id: bag\ntitel: A bug\nsymptoms:\n  - name: oops\n    kind: page-falt\n    comm: /(/\n"
	                       "affected:\n  - family: el77\nremedies:\n  - text: x\n    command: '{x}'\n");
	struct catalogue *catalogue = load("bug.yaml", &errors);
	find_error(&errors, 1, 5, "the file's name");
	find_error(&errors, 2, 1, "'title'");
	find_error(&errors, 5, 11, "page-fault");
	find_error(&errors, 6, 13, "broken pattern");
	find_error(&errors, 8, 13, "el7");
	find_error(&errors, 11, 14, "{x}");
	find_error(&errors, 1, 1, "needs 'title'");
	assert_int_equal(errors.count, 7);
	catalogue_free(catalogue);
	error_list_free(&errors);
}

static void test_files(void **state)
{
	struct error_list errors;

	(void)state;
	catalogue_free(load("missing.yaml", &errors));
	find_error(&errors, 0, 0, "cannot open: No such file");
	error_list_free(&errors);
	assert_int_equal(mkdir(path_of("empty"), 0755), 0);
	catalogue_free(load("empty", &errors));
	find_error(&errors, 0, 0, "holds no signatures");
	error_list_free(&errors);
	assert_int_equal(mkfifo(path_of("empty/pipe.yaml"), 0644), 0);
	catalogue_free(load("empty", &errors));
	find_error(&errors, 0, 0, "not a regular file");
	error_list_free(&errors);
	char *large = malloc((1 << 20) + 1);
	assert_non_null(large);
	memset(large, '#', (1 << 20) + 1);
	write_bytes("large.yaml", large, (1 << 20) + 1);
	free(large);
	catalogue_free(load("large.yaml", &errors));
	find_error(&errors, 0, 0, "too large");
	error_list_free(&errors);
}

/* Sorted, below each other, and an id only once; links lead nowhere twice; one bad file spoils none of the others. */
static void test_directory(void **state)
{
	struct error_list errors;

	(void)state;
	mkdir(path_of("tree"), 0755);
	mkdir(path_of("tree/a"), 0755);
	mkdir(path_of("tree/b"), 0755);
	assert_int_equal(symlink("..", path_of("tree/a/loop")), 0);
	write_file("tree/b/two.yaml", "id: two\ntitle: 2\n" SYMPTOM);
	write_file("tree/a/one.yml", "id: one\ntitle: 1\n" SYMPTOM);
	write_file("tree/a/two.yaml", "id: two\ntitle: first\n" SYMPTOM);
	write_file("tree/bad.yaml", "id: bad\n");
	write_file("tree/notes.txt", "no signature");
	write_file("tree/.hidden.yaml", "no signature");
	struct catalogue *catalogue = load("tree", &errors);
	assert_int_equal(catalogue_count(catalogue), 2);
	assert_true(text_is(signature_id(catalogue_at(catalogue, 0)), "one"));
	assert_true(text_is(signature_id(catalogue_at(catalogue, 1)), "two"));
	assert_true(text_is(signature_title(catalogue_get(catalogue, TEXT("two"))), "first"));
	assert_null(catalogue_get(catalogue, TEXT("bad")));
	assert_null(catalogue_at(catalogue, 2));
	assert_int_equal(errors.count, 3);
	assert_string_equal(find_error(&errors, 1, 5, "is taken")->path, path_of("tree/b/two.yaml"));
	catalogue_free(catalogue);
	error_list_free(&errors);
}

/* Files that are made to take long, or much memory. */
static void test_hostile_files(void **state)
{
	static const char *const pieces[] = { "[", "{", "- ", "? ", "a: ", "&a ", "!", "\"", "|\n", "- - -\n", "[a,", "*a ", "'", "%", "{a: [" };
	char *content = malloc(1 << 20);
	clock_t begin = clock();

	(void)state;
	assert_non_null(content);
	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		struct error_list errors;
		size_t length = strlen(pieces[i]), size = (1 << 20) / length * length;
		for (size_t at = 0; at < size; at += length)
			memcpy(content + at, pieces[i], length);
		write_bytes("bug.yaml", content, size);
		struct catalogue *catalogue = load("bug.yaml", &errors);
		assert_true(errors.count > 0);
		catalogue_free(catalogue);
		error_list_free(&errors);
	}
	free(content);
	assert_true(clock() - begin < 20 * CLOCKS_PER_SEC);
}

/* ---- matching: crashes made by hand ---- */

enum { HAND_FRAMES = 8 };

struct hand {
	struct crash crash;
	struct crash_record records[HAND_FRAMES + 3];
	struct crash_frame frames[HAND_FRAMES];
};

/* Records: the kind at line 100, the instruction pointer at 101, the fault address at 102, then a line a frame. '?': unreliable. */
static void make_crash(struct hand *hand, enum crash_kind kind, const char *function, const char *const *trace)
{
	struct crash *crash = &hand->crash;

	*hand = (struct hand){ 0 };
	crash->records = hand->records;
	crash->frames = hand->frames;
	crash->kind = kind;
	hand->records[0].text = TEXT("BUG: the kernel fell over");
	hand->records[1].text = TEXT("RIP: 0010:somewhere+0x1/0x2");
	hand->records[2].text = TEXT("CR2: 0000000000000088");
	crash->record_count = 3;
	crash->instruction_pointer.canonical = text_from(function);
	crash->instruction_pointer_record = 1;
	crash->culprit = trace[0] ? text_from(trace[0]) : TEXT_NONE;
	crash->culprit_record = 3;
	crash->fault_address_record = 2;
	for (size_t i = 0; trace[i]; i++) {
		struct crash_frame *frame = &hand->frames[crash->frame_count++];
		frame->reliable = trace[i][0] != '?';
		frame->location.canonical = text_from(trace[i] + !frame->reliable);
		frame->record = crash->record_count;
		hand->records[crash->record_count++].text = frame->location.canonical;
	}
	for (size_t i = 0; i < crash->record_count; i++)
		hand->records[i].line = 100 + i;
}

#define TRACE(...) (const char *const[]){ __VA_ARGS__, NULL }

static size_t count_findings(const char *symptom, const struct hand *hand)
{
	struct error_list errors;
	struct finding_list findings = { 0 };
	struct error error = { 0 };
	struct release release = { 0 };
	char content[1000];

	snprintf(content, sizeof content, HEAD "symptoms:\n  - name: s\n%s", symptom);
	write_file("bug.yaml", content);
	struct catalogue *catalogue = load("bug.yaml", &errors);
	if (errors.count)
		find_error(&errors, 0, 0, symptom);
	assert_true(signature_match(catalogue, &hand->crash, 0, &release, &findings, &error));
	size_t count = findings.count;
	finding_list_free(&findings);
	catalogue_free(catalogue);
	error_list_free(&errors);
	return count;
}

static void test_clauses(void **state)
{
	static const struct {
		const char *symptom;
		bool holds;
	} rows[] = {
		{ "    kind: page-fault\n", true },
		{ "    kind: [warning, page-fault]\n", true },
		{ "    kind: warning\n", false },
		{ "    instruction_pointer: top\n", true },
		{ "    instruction_pointer: top.isra.0\n", true },
		{ "    instruction_pointer: /^t.p$/\n", true },
		{ "    instruction_pointer: /^T.P$/i\n", true },
		{ "    instruction_pointer: to\n", false },
		{ "    instruction_pointer: /^to$/\n", false },
		{ "    culprit: one\n", true },
		{ "    culprit: two\n", false },
		{ "    trace: [one, three]\n", true },
		{ "    trace: one\n", true },
		{ "    trace: [one, two, sys_call]\n", true },
		{ "    trace: [SyS_call]\n", true },
		{ "    trace: [__x64_sys_call]\n", true },
		{ "    trace: [/^o/, /^th/]\n", true },
		{ "    trace: [one, one]\n", true },
		{ "    trace: [one, one, one]\n", false },
		{ "    trace: [three, one, two]\n", false },
		{ "    trace: [stray]\n", false },
		{ "    fault_address: 0x88\n", true },
		{ "    fault_address: 0x0-0xfff\n", true },
		{ "    fault_address: 0x89 - 0xfff\n", false },
		{ "    comm: nginx\n", true },
		{ "    comm: ngin\n", false },
		{ "    comm: /ngin/\n", true },
		{ "    module: xfs\n", true },
		{ "    module: ext4\n", true },
		{ "    module: btrfs\n", false },
		{ "    tainted: OE\n", true },
		{ "    tainted: E G\n", true },
		{ "    tainted: W\n", false },
		{ "    log: /fell.over/\n", true },
		{ "    log: ['/^CR2: 0+88$/', /BUG/]\n", true },
		{ "    log: [/BUG/, /elephant/]\n", false },
		{ "    kind: page-fault\n    trace: [two]\n    comm: nginx\n    log: /RIP/\n", true },
		{ "    kind: page-fault\n    trace: [two]\n    comm: nginx\n    log: /PIR/\n", false },
	};
	struct hand hand;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		make_crash(&hand, CRASH_PAGE_FAULT, "top", TRACE("one", "?stray", "two", "one", "three", "sys_call"));
		hand.crash.has_fault_address = true;
		hand.crash.fault_address = 0x88;
		hand.crash.comm = TEXT("nginx");
		hand.crash.tainted = TEXT("G OE");
		hand.crash.instruction_pointer.module = TEXT("xfs");
		hand.frames[2].location.module = TEXT("ext4");
		if (count_findings(rows[i].symptom, &hand) != (rows[i].holds ? 1 : 0)) {
			print_error("wrong on:\n%s", rows[i].symptom);
			fail();
		}
	}
}

/* A crash of which nothing is known meets no clause, whatever the pattern. */
static void test_empty_crash(void **state)
{
	static const char *const symptoms[] = {
		"    instruction_pointer: /.*/\n", "    culprit: /^/\n", "    trace: [/.*/]\n", "    fault_address: 0x0-0xffff\n",
		"    comm: /.*/\n", "    module: /.*/\n", "    tainted: O\n", "    log: /.*/\n", "    kind: warning\n",
	};
	struct hand hand = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof symptoms / sizeof symptoms[0]; i++)
		assert_int_equal(count_findings(symptoms[i], &hand), 0);
}

static void test_hostile_patterns(void **state)
{
	static const char *const patterns[] = {
		"/(a+)+$/", "/(a|a)*b$/", "/(a*)*\\1b/", "/^(a?){30}a{30}b/", "/(?R)?a|b(?R)/", "/((((a*)*)*)*)*b/", "/(a++a|a+)+b/",
		"/(?=(a+))+?(a+)+$/",
	};
	static char line[100000];
	clock_t begin = clock();

	(void)state;
	memset(line, 'a', sizeof line);
	line[sizeof line - 1] = '!';
	for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
		char symptom[100];
		struct hand hand;
		make_crash(&hand, CRASH_PAGE_FAULT, "top", TRACE("one", "two", "three", "four", "five", "six"));
		for (size_t r = 0; r < hand.crash.record_count; r++)
			hand.records[r].text = (struct text){ line, sizeof line };
		snprintf(symptom, sizeof symptom, "    log: '%s'\n", patterns[i]);
		count_findings(symptom, &hand);
	}
	assert_true(clock() - begin < 5 * CLOCKS_PER_SEC);
}

/* ---- the signatures that come with the program ---- */

struct shipped {
	struct catalogue *catalogue;
	struct finding_list findings;
};

static struct shipped match_shipped(const struct hand *hand, const char *uname_release, const char *uname_version)
{
	struct shipped shipped = { .catalogue = catalogue_new() };
	struct error_list errors = { 0 };
	struct error error = { 0 };
	struct release release = release_parse(text_from(uname_release), text_from(uname_version));

	assert_true(catalogue_load(shipped.catalogue, SIGNATURES_DIR, &errors));
	assert_true(signature_match(shipped.catalogue, &hand->crash, 7, &release, &shipped.findings, &error));
	error_list_free(&errors);
	return shipped;
}

static void free_shipped(struct shipped *shipped)
{
	finding_list_free(&shipped->findings);
	catalogue_free(shipped->catalogue);
}

static void make_overlayfs_crash(struct hand *hand)
{
	make_crash(hand, CRASH_NULL_POINTER_DEREFERENCE, "_raw_spin_lock",
	           TRACE("d_delete", "vfs_rmdir", "do_rmdir", "do_syscall_64"));
	hand->crash.has_fault_address = true;
	hand->crash.fault_address = 0x88;
	hand->crash.kind_record = CRASH_NO_RECORD;
}

static void test_overlayfs(void **state)
{
	struct hand hand;

	(void)state;
	make_overlayfs_crash(&hand);
	struct shipped shipped = match_shipped(&hand, "4.19.91-22.2.al7.x86_64", "");
	assert_int_equal(shipped.findings.count, 1);
	const struct finding *finding = &shipped.findings.items[0];
	assert_true(text_is(signature_id(finding->signature), "overlayfs-dentry-leak"));
	assert_int_equal(finding->crash, 7);
	assert_int_equal(finding->affected, AFFECTED_YES);
	assert_int_equal(finding->evidence_count, 6);
	assert_string_equal(finding->evidence[0].clause, "kind");
	assert_int_equal(finding->evidence[0].line, 0);
	assert_string_equal(finding->evidence[1].clause, "instruction_pointer");
	assert_int_equal(finding->evidence[1].line, 101);
	assert_string_equal(finding->evidence[4].clause, "trace");
	assert_int_equal(finding->evidence[4].line, 105);
	assert_true(text_is(finding->evidence[4].text, "do_rmdir"));
	assert_string_equal(finding->evidence[5].clause, "fault_address");
	assert_true(text_is(finding->remedies[0].command, "sudo yum install -y kernel-hotfix-4375449-22.2.al7.x86_64"));
	assert_true(text_is(finding->remedies[0].condition, "al7: 4.19.91-19.1.al7 through 4.19.91-22.2.al7"));
	assert_true(finding->remedies[0].certain);
	assert_int_equal(finding->remedy_count, 2);
	free_shipped(&shipped);
}

static void test_affected(void **state)
{
	static const struct {
		const char *release, *version;
		enum affected affected;
		size_t remedies;
		bool certain; /* the first remedy */
		const char *command, *reason;
	} rows[] = {
		{ "4.19.91-18.al7.x86_64", "", AFFECTED_YES, 1, true, "sudo yum update kernel", "through 4.19.91-22.2.al7" },
		{ "4.19.91-23.al7.x86_64", "", AFFECTED_NO, 0, false, "", "outside" },
		{ "", "", AFFECTED_UNKNOWN, 3, false, "", "--release" },
		{ "5.15.133.1-microsoft-standard-WSL2", "", AFFECTED_UNKNOWN, 3, false, "", "no family" },
		{ "3.10.0-862.el7.x86_64", "", AFFECTED_UNKNOWN, 0, false, "", "nothing of el7" },
		{ "6.1.0-18-amd64", "#1 Debian 6.1.76-1", AFFECTED_NO, 0, false, "", "built on upstream's 6.1.76" },
		{ "5.10.0-2-amd64", "#1 SMP Debian 5.10.9-1 (2021-01-20)", AFFECTED_YES, 1, true, "", "5.10.9" },
		{ "6.1.0-18-amd64", "", AFFECTED_UNKNOWN, 0, false, "", "nothing of debian" },
		{ "4.19.174", "", AFFECTED_YES, 1, true, "", "4.19.174" },
		{ "4.19.175", "", AFFECTED_NO, 0, false, "", "4.19.175" },
		{ "5.10.15-100.fc33.x86_64", "", AFFECTED_NO, 0, false, "", "5.10.15" },
		{ "5.9.16", "", AFFECTED_YES, 1, true, "", "5.9.16" },
		{ "5.11.0-rc3+", "", AFFECTED_YES, 1, true, "", "" },
		{ "5.11.0", "", AFFECTED_NO, 0, false, "", "" },
		{ "4.9.337", "", AFFECTED_NO, 0, false, "", "" },
	};
	struct hand hand;

	(void)state;
	make_overlayfs_crash(&hand);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct shipped shipped = match_shipped(&hand, rows[i].release, rows[i].version);
		const struct finding *finding = &shipped.findings.items[0];
		assert_int_equal(shipped.findings.count, 1);
		if (finding->affected != rows[i].affected || finding->remedy_count != rows[i].remedies ||
		    text_find(finding->affected_reason, rows[i].reason) == SIZE_MAX) {
			print_error("%s: %s, %zu remedies, %.*s\n", rows[i].release, affected_name(finding->affected),
			            finding->remedy_count, TEXT_ARGS(finding->affected_reason));
			fail();
		}
		if (finding->remedy_count) {
			assert_true(text_is(finding->remedies[0].command, rows[i].command));
			assert_int_equal(finding->remedies[0].certain, rows[i].certain);
		}
		free_shipped(&shipped);
	}
}

static void test_fsnotify(void **state)
{
	static const struct {
		enum crash_kind kind;
		const char *function;
		const char *trace[5];
		const char *release, *version;
		enum affected affected;
	} rows[] = {
		{ CRASH_PAGE_FAULT, "kmem_cache_alloc", { "fsnotify_add_mark_locked", "sys_inotify_add_watch" },
		  "3.10.0-862.2.3.el7.x86_64", "", AFFECTED_YES },
		{ CRASH_GENERAL_PROTECTION_FAULT, "kmem_cache_alloc", { "fsnotify_add_mark_locked", "inotify_update_watch" },
		  "6.1.0-18-cloud-amd64", "#1  Debian 6.1.76-1", AFFECTED_NO },
		{ CRASH_SOFT_LOCKUP, "fsnotify", { "vfs_write", "sys_write" }, "3.10.0-862.9.1.el7.x86_64", "", AFFECTED_NO },
		{ CRASH_SOFT_LOCKUP, "pre_fsnotify", { "fsnotify", "__fsnotify_parent", "vfs_write" },
		  "6.1.0-18-cloud-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)", AFFECTED_NO },
		{ CRASH_SOFT_LOCKUP, "fsnotify", { "vfs_write", "sys_write" }, "3.10.0-693.21.1.el7.x86_64", "", AFFECTED_NO },
		{ CRASH_SOFT_LOCKUP, "fsnotify", { "vfs_write", "sys_write" }, "4.14.0-49.el7a.aarch64", "", AFFECTED_YES },
		{ CRASH_SOFT_LOCKUP, "fsnotify", { "vfs_write", "sys_write" }, "3.10.0-862.el7.centos.plus.x86_64", "", AFFECTED_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct hand hand;
		make_crash(&hand, rows[i].kind, rows[i].function, rows[i].trace);
		struct shipped shipped = match_shipped(&hand, rows[i].release, rows[i].version);
		assert_int_equal(shipped.findings.count, 1);
		assert_true(text_is(signature_id(shipped.findings.items[0].signature), "fsnotify-mark-connector-race"));
		assert_int_equal(shipped.findings.items[0].affected, rows[i].affected);
		free_shipped(&shipped);
	}
}

static void test_order_of_findings(void **state)
{
	struct error_list errors;
	struct finding_list findings = { 0 };
	struct error error = { 0 };
	struct release release = release_parse(TEXT("3.10.0-862.el7.x86_64"), TEXT_NONE);
	struct hand hand;
	static const char *const expected[] = { "d-yes", "c-unknown-more", "a-unknown", "b-unknown", "a-no" };

	(void)state;
	mkdir(path_of("order"), 0755);
	write_file("order/a-no.yaml", "id: a-no\ntitle: x\n" SYMPTOM "affected: [{family: el7, from: 4.0}]\n");
	write_file("order/a-unknown.yaml", "id: a-unknown\ntitle: x\n" SYMPTOM);
	write_file("order/b-unknown.yaml", "id: b-unknown\ntitle: x\n" SYMPTOM "  - {name: again, trace: one}\n");
	write_file("order/c-unknown-more.yaml", "id: c-unknown-more\ntitle: x\n" SYMPTOM "    kind: page-fault\n");
	write_file("order/d-yes.yaml", "id: d-yes\ntitle: x\n" SYMPTOM "affected: [{family: el7}]\n");
	struct catalogue *catalogue = load("order", &errors);
	make_crash(&hand, CRASH_PAGE_FAULT, "top", TRACE("one", "two"));
	assert_true(signature_match(catalogue, &hand.crash, 0, &release, &findings, &error));
	assert_int_equal(findings.count, 5);
	for (size_t i = 0; i < 5; i++)
		assert_true(text_is(signature_id(findings.items[i].signature), expected[i]));
	finding_list_free(&findings);
	catalogue_free(catalogue);
	error_list_free(&errors);
}

static void test_command(void **state)
{
	struct error_list errors;
	struct finding_list findings = { 0 };
	struct error error = { 0 };
	struct release release = release_parse(TEXT("4.19.91-22.2.al7.x86_64"), TEXT_NONE);
	struct hand hand;

	(void)state;
	write_file("bug.yaml", WHOLE "remedies:\n"
	                             "  - {text: a, command: '{release} {version} {revision} {arch}'}\n"
	                             "  - {text: b, command: 'awk ''{{print}}'''}\n"
	                             "  - {text: c, command: 'x {arch}', family: debian}\n");
	struct catalogue *catalogue = load("bug.yaml", &errors);
	make_crash(&hand, CRASH_PAGE_FAULT, "top", TRACE("one"));
	assert_true(signature_match(catalogue, &hand.crash, 0, &release, &findings, &error));
	assert_int_equal(findings.count, 1);
	assert_int_equal(findings.items[0].remedy_count, 2);
	assert_true(text_is(findings.items[0].remedies[0].command,
	                    "4.19.91-22.2.al7.x86_64 4.19.91 22.2.al7.x86_64 x86_64"));
	assert_true(text_is(findings.items[0].remedies[1].command, "awk '{print}'"));
	finding_list_free(&findings);
	catalogue_free(catalogue);
	error_list_free(&errors);
}

static void test_explain(void **state)
{
	struct error_list errors;
	struct explanation explanation = { 0 };
	struct error error = { 0 };
	struct release release = { 0 };
	struct hand hand;

	(void)state;
	write_file("bug.yaml", HEAD "symptoms:\n  - name: s\n    kind: [warning, page-fault]\n    trace: [one, five, two]\n"
	                            "    fault_address: 0x10\n");
	struct catalogue *catalogue = load("bug.yaml", &errors);
	make_crash(&hand, CRASH_PAGE_FAULT, "top", TRACE("one", "two"));
	hand.crash.has_fault_address = true;
	hand.crash.fault_address = 0x88;
	assert_true(signature_explain(catalogue, catalogue_at(catalogue, 0), &hand.crash, &release, &explanation, &error));
	assert_int_equal(explanation.symptom_count, 1);
	assert_false(explanation.symptoms[0].matches);
	const struct explained_clause *clauses = explanation.symptoms[0].clauses;
	assert_int_equal(explanation.symptoms[0].clause_count, 5);
	assert_true(clauses[0].holds && text_is(clauses[0].expected, "warning or page-fault"));
	assert_true(clauses[1].holds && text_is(clauses[1].found, "one") && clauses[1].line == 103);
	assert_true(!clauses[2].holds && text_is(clauses[2].expected, "five") && clauses[2].found.length == 0);
	assert_true(clauses[3].holds && clauses[3].line == 104);
	assert_true(!clauses[4].holds && text_is(clauses[4].found, "0x88") && text_is(clauses[4].expected, "0x10"));
	assert_int_equal(explanation.affected, AFFECTED_UNKNOWN);
	explanation_free(&explanation);
	catalogue_free(catalogue);
	error_list_free(&errors);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_all_errors_at_once),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_directory),
		cmocka_unit_test(test_hostile_files),
		cmocka_unit_test(test_clauses),
		cmocka_unit_test(test_empty_crash),
		cmocka_unit_test(test_hostile_patterns),
		cmocka_unit_test(test_overlayfs),
		cmocka_unit_test(test_affected),
		cmocka_unit_test(test_fsnotify),
		cmocka_unit_test(test_order_of_findings),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_explain),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
