/* What a verdict looks like in each format, and that nothing of a hostile log gets through to a reader. */
#define _GNU_SOURCE /* mkdtemp, open_memstream */
#include "output/character.h"
#include "output/output.h"
#include "output/safe.h"

#include <jansson.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- safe_text ---- */

static const struct {
	struct text given, expected;
} safe_rows[] = {
	{ TEXT("RIP: 0010:kmem_cache_alloc+0x74/0x1f0"), TEXT("RIP: 0010:kmem_cache_alloc+0x74/0x1f0") },
	{ TEXT(""), TEXT("") },
	{ TEXT("a\tb"), TEXT("a b") },
	{ TEXT("a\nb\rc"), TEXT("a\\x0ab\\x0dc") },
	{ TEXT("\033[31m"), TEXT("\\x1b[31m") },
	{ TEXT("a\0b"), TEXT("a\\x00b") },
	{ TEXT("\x7f"), TEXT("\\x7f") },
	{ TEXT("\23331m"), TEXT("\\x9b31m") },          /* CSI as a byte: not UTF-8 */
	{ TEXT("\xc2\23331m"), TEXT("\\xc2\\x9b31m") }, /* CSI as U+009B */
	{ TEXT("\xc2\xa0"), TEXT("\xc2\xa0") },         /* U+00A0, the first after the C1 controls */
	{ TEXT("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\xa7"),
	  TEXT("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\xa7") },
	{ TEXT("\xff\xfe"), TEXT("\\xff\\xfe") },
	{ TEXT("\xe2\x82"), TEXT("\\xe2\\x82") }, /* cut short */
	{ TEXT("\xe2\x82x"), TEXT("\\xe2\\x82x") },
	{ TEXT("\xc0\xaf"), TEXT("\\xc0\\xaf") }, /* overlong '/' */
	{ TEXT("\xc0\x80"), TEXT("\\xc0\\x80") }, /* overlong NUL */
	{ TEXT("\xe0\x80\xaf"), TEXT("\\xe0\\x80\\xaf") },
	{ TEXT("\xed\xa0\x80"), TEXT("\\xed\\xa0\\x80") },          /* a surrogate, U+D800 */
	{ TEXT("\xf4\x90\x80\x80"), TEXT("\\xf4\\x90\\x80\\x80") }, /* beyond U+10FFFF */
	{ TEXT("\xf8\x88\x80\x80\x80"), TEXT("\\xf8\\x88\\x80\\x80\\x80") },
	{ TEXT("\xe2\x80\256gpj"), TEXT("\\xe2\\x80\\xaegpj") }, /* U+202E, right-to-left override */
	{ TEXT("\xe2\x81\xa6"), TEXT("\\xe2\\x81\\xa6") },       /* U+2066, an isolate */
	{ TEXT("\xe2\x80\xa8"), TEXT("\\xe2\\x80\\xa8") },       /* U+2028, line separator */
	{ TEXT("\xe2\x80\x94"), TEXT("\xe2\x80\x94") },          /* U+2014, a dash */
	{ TEXT("\xef\xbf\xbd"), TEXT("\xef\xbf\xbd") },          /* U+FFFD is a character */
	{ TEXT("\xef\xbf\xbe"), TEXT("\\xef\\xbf\\xbe") },       /* U+FFFE is none */
	{ TEXT("\xef\xb7\x90"), TEXT("\\xef\\xb7\\x90") },       /* U+FDD0 */
	{ TEXT("\\x1b"), TEXT("\\x1b") },
};

static void test_safe_text(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(safe_rows); i++) {
		struct text safe = safe_text(&arena, safe_rows[i].given);
		if (!text_equal(safe, safe_rows[i].expected))
			fail_msg("row %zu: '%.*s'", i, TEXT_ARGS(safe));
		assert_true(text_equal(safe_text(&arena, safe), safe)); /* safe already: unchanged */
	}
	assert_true(text_is(safe_lines(&arena, TEXT("a\n\tb\r\033")), "a\n b\\x0d\\x1b"));
	arena_free(&arena);
}

/* ---- a verdict built by hand ---- */

struct sample {
	struct verdict verdict;
	struct catalogue *catalogue;
	struct crash crashes[2];
	struct crash *list[2];
	struct crash_frame frames[12], stack_frame;
	struct crash_stack stack;
	struct crash_register registers[2];
	struct finding findings[2];
	struct evidence evidence[3];
	struct remedy remedies[2];
	struct text module, note, fixed, references[2];
};

static const char signature_file[] = "id: fsnotify-mark-connector-race\n"
				     "title: Use after free of an inotify mark's connector in fsnotify\n"
				     "subsystem: fs/notify\n"
				     "symptoms:\n"
				     "  - name: oops in the slab allocator\n"
				     "    kind: general-protection-fault\n"
				     "    instruction_pointer: kmem_cache_alloc\n"
				     "affected:\n"
				     "  - family: el7\n"
				     "    from: 3.10.0-862.el7\n"
				     "    before: 3.10.0-862.9.1.el7\n";

static struct catalogue *load_catalogue(void)
{
	char directory[] = "/tmp/test_output.XXXXXX", path[100];
	struct error_list errors = { 0 };
	struct catalogue *catalogue = catalogue_new();

	assert_non_null(catalogue);
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof path, "%s/fsnotify-mark-connector-race.yaml",
		 directory); /* a signature's file has its id's name */
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(signature_file, file);
	assert_int_equal(fclose(file), 0);
	bool loaded = catalogue_load(catalogue, path, &errors);
	unlink(path);
	rmdir(directory);
	if (!loaded)
		fail_msg("%s", errors.count ? errors.items[0].message : "out of memory");
	error_list_free(&errors);
	return catalogue;
}

/* Every field filled; `words` stands for each text that comes from a log. NULL: what a log usually says. */
static struct sample *full_sample(const struct text *words)
{
	struct sample *s = calloc(1, sizeof *s);

#define WORDS(usual) (words ? *words : TEXT(usual))
	assert_non_null(s);
	s->catalogue = load_catalogue();
	s->module = WORDS("vboxsf");
	s->registers[0] = (struct crash_register){ "rax", 0, 1 };
	s->registers[1] = (struct crash_register){ "cr2", UINT64_MAX, 1 };
	for (size_t i = 0; i < COUNT(s->frames); i++)
		s->frames[i] = (struct crash_frame){
			.location = { .function = WORDS("fsnotify_add_mark_locked"),
				      .offset = 301,
				      .size = 768,
				      .has_offset = true },
			.context = i ? CRASH_TASK : CRASH_NMI,
			.reliable = i != 1,
		};
	s->frames[2].location =
		(struct crash_location){ .module = WORDS("vboxsf"), .address = 0xffffffffc0401234, .has_address = true };
	s->frames[0].location.file = WORDS("fs/notify/mark.c");
	s->frames[0].location.line = 346;
	s->frames[0].is_inline = true;
	s->stack_frame =
		(struct crash_frame){ .location = { .function = WORDS("fsnotify_destroy_mark") }, .reliable = true };
	s->stack = (struct crash_stack){
		.role = CRASH_STACK_FREED,
		.cpu = 3,
		.pid = 2578,
		.comm = WORDS("rm"),
		.culprit = WORDS("fsnotify_destroy_mark"),
		.frames = &s->stack_frame,
		.frame_count = 1,
		.line = 40,
	};
	s->crashes[0] = (struct crash){
		.kind = CRASH_GENERAL_PROTECTION_FAULT,
		.subkind = WORDS("non-canonical"),
		.title = WORDS("general protection fault in fsnotify_add_mark_locked"),
		.headline = WORDS("general protection fault: 0000 [#1] SMP"),
		.culprit = WORDS("fsnotify_add_mark_locked"),
		.fingerprint = 0x0123456789abcdef,
		.has_fingerprint = true,
		.line = 1,
		.time_ns = INT64_C(6052280624000),
		.host = WORDS("web1"),
		.wall_time = 1528173982,
		.cpu = 1,
		.pid = 2577,
		.comm = WORDS("inotify"),
		.taint_known = true,
		.tainted = WORDS("G OE"),
		.release = WORDS("3.10.0-862.2.3.el7.x86_64"),
		.hardware = WORDS("innotek GmbH VirtualBox/VirtualBox, BIOS VirtualBox 12/01/2006"),
		.instruction_pointer = { .function = WORDS("kmem_cache_alloc"),
					 .address = 0xffffffff9edf6f74,
					 .offset = 116,
					 .size = 496,
					 .has_address = true,
					 .has_offset = true },
		.fault_address = 8,
		.has_fault_address = true,
		.access = { .type = CRASH_WRITE, .size = 4 },
		.touched = { .address = 8,
			     .structure = WORDS("struct inode"),
			     .member = WORDS("i_opflags"),
			     .offset = 10,
			     .pointer = WORDS("dentry->d_inode"),
			     .value = (uint64_t)-2,
			     .function = WORDS("d_delete"),
			     .file = WORDS("fs/dcache.c"),
			     .line = 2569 },
		.error_code = 2,
		.has_error_code = true,
		.code = WORDS("49 8b <50> 08"),
		.panic = WORDS("Fatal exception"),
		.registers = s->registers,
		.register_count = COUNT(s->registers),
		.frames = s->frames,
		.frame_count = COUNT(s->frames),
		.stacks = &s->stack,
		.stack_count = 1,
		.modules = &s->module,
		.module_count = 1,
		.repeats = 2,
		.consequence_of = SIZE_MAX,
	};
	s->crashes[1] = (struct crash){
		.kind = CRASH_WARNING,
		.title = WORDS("WARNING in native_smp_send_reschedule"),
		.line = 71,
		.time_ns = RECORD_NO_TIME,
		.wall_time = RECORD_NO_TIME,
		.cpu = -1,
		.pid = -1,
		.repeats = 3,
		.consequence_of = 0,
	};
	s->list[0] = &s->crashes[0];
	s->list[1] = &s->crashes[1];
	s->evidence[0] = (struct evidence){ "kind", 0, WORDS("general-protection-fault") };
	s->evidence[1] = (struct evidence){
		"instruction_pointer", 10,
		WORDS("RIP: 0010:[<ffffffff9edf6f74>]  [<ffffffff9edf6f74>] kmem_cache_alloc+0x74/0x1f0")
	};
	s->evidence[2] =
		(struct evidence){ "trace", 123, WORDS(" [<ffffffff9ee6e36d>] fsnotify_add_mark_locked+0x12d/0x300") };
	s->remedies[0] = (struct remedy){
		.text = TEXT("Update the kernel, and boot into the new one as soon as the machine may go down."),
		.command =
			TEXT("yum update kernel-3.10.0-862.9.1.el7 kernel-tools-3.10.0-862.9.1.el7 && reboot\nuname -r\n"),
		.certain = true
	};
	s->remedies[1] = (struct remedy){ .text = TEXT("Until then: stop what uses inotify."),
					  .condition = WORDS("3.10.0-862.el7 or later") };
	s->fixed = TEXT("3.10.0-862.9.1.el7");
	s->references[0] = TEXT(
		"https://access.redhat.com/solutions/3491461/a-long-name-that-does-not-fit-into-the-columns-of-a-terminal");
	s->references[1] = TEXT("commit d90a10e2444b (fsnotify: Fix fsnotify_mark_connector race)");
	s->findings[0] = (struct finding){
		.signature = catalogue_get(s->catalogue, TEXT("fsnotify-mark-connector-race")),
		.symptom = TEXT("oops in the slab allocator"),
		.affected = AFFECTED_YES,
		.affected_reason =
			TEXT("3.10.0-862.2.3.el7 lies in the range of el7 from 3.10.0-862.el7 before 3.10.0-862.9.1.el7"),
		.evidence = s->evidence,
		.evidence_count = COUNT(s->evidence),
		.fixed = &s->fixed,
		.fixed_count = 1,
		.remedies = s->remedies,
		.remedy_count = COUNT(s->remedies),
		.references = s->references,
		.reference_count = COUNT(s->references),
	};
	assert_non_null(s->findings[0].signature);
	s->findings[1] = s->findings[0];
	s->findings[1].crash = 1;
	s->note = WORDS("the log is cut short");
	s->verdict = (struct verdict){
		.path = WORDS("vmcore-dmesg.txt"),
		.type = "log",
		.format = "text",
		.release = { .text = WORDS("3.10.0-862.2.3.el7.x86_64"), .family = TEXT("el7") },
		.version = WORDS("#1 SMP Wed May 9 18:05:47 UTC 2018"),
		.arch = TEXT("x86_64"),
		.host = WORDS("web1"),
		.crashed_at = 1528173982,
		.zone_said = true,
		.identity = 0x00fedcba98765432,
		.has_identity = true,
		.kind = VERDICT_KNOWN,
		.crashes = { .items = s->list, .count = 2 },
		.findings = { .items = s->findings, .count = 2 },
		.notes = &s->note,
		.note_count = 1,
	};
#undef WORDS
	return s;
}

/* A crash of which nothing is known but that it is one. */
static struct sample *bare_sample(void)
{
	struct sample *s = full_sample(NULL);

	s->crashes[0] = (struct crash){ .time_ns = RECORD_NO_TIME,
					.wall_time = RECORD_NO_TIME,
					.cpu = -1,
					.pid = -1,
					.line = 1,
					.consequence_of = SIZE_MAX };
	s->verdict =
		(struct verdict){ .path = TEXT("-"), .type = "log", .crashed_at = RECORD_NO_TIME, .kind = VERDICT_UNKNOWN };
	s->verdict.crashes.items = s->list;
	s->verdict.crashes.count = 1;
	return s;
}

static void sample_free(struct sample *s)
{
	catalogue_free(s->catalogue);
	free(s);
}

/* ---- writing into memory ---- */

enum format { FORMAT_TEXT, FORMAT_NARROW, FORMAT_COLOR, FORMAT_JSON, FORMAT_MARKDOWN, FORMAT_EXPLANATION, FORMAT_COUNT };

static bool write_format(FILE *out, const struct sample *s, enum format format)
{
	struct output_style style = { .width = format == FORMAT_NARROW ? 40 : 80, .color = format == FORMAT_COLOR };
	struct text words = s->evidence[1].text;
	struct explained_clause clauses[] = {
		{ "kind", TEXT("general-protection-fault"), TEXT("general-protection-fault"), true, 1 },
		{ "trace", TEXT("fsnotify_put_mark"), words, false, 14 },
		{ "comm", TEXT("systemd"), TEXT_NONE, false, 0 },
	};
	struct explained_symptom symptom = { TEXT("oops in the slab allocator"), false, clauses, COUNT(clauses) };
	struct explanation explanation = { .symptoms = &symptom, .symptom_count = 1, .affected = AFFECTED_YES };
	struct explanation explanations[2] = { explanation, explanation };

	switch (format) {
	case FORMAT_JSON:
		return output_json(out, &s->verdict);
	case FORMAT_MARKDOWN:
		return output_markdown(out, &s->verdict);
	case FORMAT_EXPLANATION:
		return output_explanation(out, &s->verdict, s->findings[0].signature, explanations, &style);
	default:
		return output_text(out, &s->verdict, &style);
	}
}

/* What the format makes of the sample, to be freed. */
static char *written(const struct sample *s, enum format format)
{
	char *bytes = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&bytes, &length);

	assert_non_null(out);
	assert_true(write_format(out, s, format));
	assert_int_equal(fclose(out), 0);
	assert_int_equal(strlen(bytes), length); /* no NUL gets out */
	return bytes;
}

static void assert_contains(const char *whole, const char *piece)
{
	if (!strstr(whole, piece))
		fail_msg("'%s' is not in:\n%s", piece, whole);
}

static void assert_lacks(const char *whole, const char *piece)
{
	if (strstr(whole, piece))
		fail_msg("'%s' is in:\n%s", piece, whole);
}

static void assert_written(const struct sample *s, enum format format, const char *piece)
{
	char *bytes = written(s, format);

	assert_contains(bytes, piece);
	free(bytes);
}

/* ---- JSON ---- */

static const char full_json[] =
	"{\"schema\":\"kdump-triage/1\",\"fingerprint_version\":2,"
	"\"input\":{\"path\":\"vmcore-dmesg.txt\",\"type\":\"log\",\"format\":\"text\",\"incomplete\":false,\"dump_format\":"
	"null,\"dump_level\":null,"
	"\"flattened\":false,\"files\":1},"
	"\"kernel\":{\"release\":\"3.10.0-862.2.3.el7.x86_64\",\"version\":\"#1 SMP Wed May 9 18:05:47 UTC "
	"2018\",\"arch\":\"x86_64\","
	"\"family\":\"el7\",\"nodename\":null,\"crash_time\":null,"
	"\"build_id\":null,\"kaslr_offset\":null,\"cpus\":null,\"crashed_cpu\":null,\"cpu_registers\":[]},"
	"\"verdict\":\"known\",\"crash\":0,\"identity\":\"00fedcba98765432\",\"host\":\"web1\",\"crashed_at\":1528173982,"
	"\"crashes\":[{\"kind\":\"general-protection-fault\",\"subkind\":\"non-canonical\",\"title\":\"general protection "
	"fault in "
	"fsnotify_add_mark_locked\","
	"\"headline\":\"general protection fault: 0000 [#1] SMP\",\"culprit\":\"fsnotify_add_mark_locked\","
	"\"fingerprint\":\"0123456789abcdef\",\"line\":1,\"time\":6052.280624,\"host\":\"web1\",\"wall_time\":1528173982,"
	"\"cpu\":1,\"pid\":2577,\"comm\":\"inotify\","
	"\"tainted\":\"G OE\",\"corrupt\":false,\"from_stacks\":false,"
	"\"instruction_pointer\":{\"address\":\"0xffffffff9edf6f74\",\"function\":\"kmem_cache_alloc\",\"offset\":116,"
	"\"size\":496,"
	"\"module\":null,\"file\":null,\"line\":null},\"inlined\":[],\"fault_address\":\"0x0000000000000008\",\"access\":{"
	"\"type\":"
	"\"write\",\"size\":4},"
	"\"touched\":{\"address\":\"0x0000000000000008\",\"structure\":\"struct "
	"inode\",\"member\":\"i_opflags\",\"offset\":10,"
	"\"pointer\":\"dentry->d_inode\",\"value\":\"0xfffffffffffffffe\",\"function\":\"d_delete\",\"file\":\"fs/"
	"dcache.c\","
	"\"line\":2569,\"text\":\"0x8 is i_opflags in struct inode: dentry->d_inode is an error pointer, -ENOENT (-2) in "
	"d_delete() at "
	"fs/dcache.c:2569\"},"
	"\"registers\":{\"rax\":\"0x0000000000000000\",\"cr2\":\"0xffffffffffffffff\"},"
	"\"trace\":[{\"function\":\"fsnotify_add_mark_locked\",\"offset\":301,\"size\":768,\"module\":null,"
	"\"file\":\"fs/notify/mark.c\",\"line\":346,\"address\":null,\"reliable\":true,\"inline\":true,\"context\":\"nmi\"},"
	"{\"function\":\"fsnotify_add_mark_locked\",\"offset\":301,\"size\":768,\"module\":null,"
	"\"file\":null,\"line\":null,\"address\":null,\"reliable\":false,\"inline\":false,\"context\":\"task\"},"
	"{\"function\":null,\"offset\":null,\"size\":null,\"module\":\"vboxsf\","
	"\"file\":null,\"line\":null,\"address\":\"0xffffffffc0401234\",\"reliable\":true,\"inline\":false,\"context\":"
	"\"task\"}],"
	"\"stacks\":[{\"role\":\"freed\",\"cpu\":3,\"pid\":2578,\"comm\":\"rm\",\"line\":40,\"culprit\":\"fsnotify_destroy_"
	"mark\","
	"\"instruction_pointer\":null,\"trace\":[{\"function\":\"fsnotify_destroy_mark\",\"offset\":null,\"size\":null,"
	"\"module\":null,\"file\":null,\"line\":null,\"address\":null,\"reliable\":true,\"inline\":false,\"context\":"
	"\"task\"}]}],"
	"\"modules\":[\"vboxsf\"],\"release\":\"3.10.0-862.2.3.el7.x86_64\","
	"\"hardware\":\"innotek GmbH VirtualBox/VirtualBox, BIOS VirtualBox 12/01/2006\",\"error_code\":\"0x0002\","
	"\"code\":\"49 8b <50> 08\",\"panic\":\"Fatal "
	"exception\",\"hardware_error\":null,\"killed\":null,\"out_of_memory\":null,\"repeats\":2,\"consequence_of\":null}],"
	"\"findings\":[{\"signature\":\"fsnotify-mark-connector-race\","
	"\"title\":\"Use after free of an inotify mark's connector in fsnotify\",\"symptom\":\"oops in the slab "
	"allocator\",\"crash\":0,"
	"\"affected\":\"yes\",\"affected_reason\":"
	"\"3.10.0-862.2.3.el7 lies in the range of el7 from 3.10.0-862.el7 before 3.10.0-862.9.1.el7\","
	"\"evidence\":[{\"clause\":\"kind\",\"line\":null,\"text\":\"general-protection-fault\"}],"
	"\"fixed\":[\"3.10.0-862.9.1.el7\"],"
	"\"remedies\":[{\"text\":\"Update the kernel, and boot into the new one as soon as the machine may go down.\","
	"\"command\":\"yum update kernel-3.10.0-862.9.1.el7 kernel-tools-3.10.0-862.9.1.el7 && reboot\\nuname -r\\n\","
	"\"condition\":null,\"certain\":true}],"
	"\"references\":["
	"\"https://access.redhat.com/solutions/3491461/a-long-name-that-does-not-fit-into-the-columns-of-a-terminal\"]}],"
	"\"cpus\":[],\"debuginfo\":null,\"symbols\":null,\"notes\":[\"the log is cut short\"]}\n";

static void test_json_full(void **state)
{
	struct sample *s = full_sample(NULL);

	(void)state;
	s->crashes[0].frame_count = 3;
	s->verdict.crashes.count = 1;
	s->verdict.findings.count = 1;
	s->findings[0].evidence_count = 1;
	s->findings[0].remedy_count = 1;
	s->findings[0].reference_count = 1;
	char *bytes = written(s, FORMAT_JSON);
	assert_string_equal(bytes, full_json);
	free(bytes);
	sample_free(s);
}

static const char bare_json[] =
	"{\"schema\":\"kdump-triage/1\",\"fingerprint_version\":2,"
	"\"input\":{\"path\":\"-\",\"type\":\"log\",\"format\":null,\"incomplete\":false,\"dump_format\":null,\"dump_"
	"level\":null,"
	"\"flattened\":false,\"files\":1},"
	"\"kernel\":{\"release\":null,\"version\":null,\"arch\":null,\"family\":null,\"nodename\":null,\"crash_time\":null,"
	"\"build_id\":null,\"kaslr_offset\":null,\"cpus\":null,\"crashed_cpu\":null,\"cpu_registers\":[]},"
	"\"verdict\":\"unknown\",\"crash\":0,\"identity\":null,\"host\":null,\"crashed_at\":null,"
	"\"crashes\":[{\"kind\":\"unknown\",\"subkind\":null,\"title\":null,\"headline\":null,\"culprit\":null,"
	"\"fingerprint\":null,\"line\":"
	"1,"
	"\"time\":null,\"host\":null,\"wall_time\":null,\"cpu\":null,\"pid\":null,\"comm\":null,\"tainted\":null,"
	"\"corrupt\":false,\"from_stacks\":false,\"instruction_pointer\":"
	"null,"
	"\"inlined\":[],\"fault_address\":null,\"access\":null,\"touched\":null,\"registers\":{},\"trace\":[],\"stacks\":[],"
	"\"modules\":[],\"release\":null,"
	"\"hardware\":null,\"error_"
	"code\":null,"
	"\"code\":null,\"panic\":null,\"hardware_error\":null,\"killed\":null,\"out_of_memory\":null,\"repeats\":0,"
	"\"consequence_of\":null}],\"findings\":[],\"cpus\":[],\"debuginfo\":null,\"symbols\":null,\"notes\":[]}\n";

static const char no_crash_json[] =
	"{\"schema\":\"kdump-triage/1\",\"fingerprint_version\":2,"
	"\"input\":{\"path\":\"-\",\"type\":\"log\",\"format\":null,\"incomplete\":true,\"dump_format\":null,\"dump_level\":"
	"null,"
	"\"flattened\":false,\"files\":1},"
	"\"kernel\":{\"release\":null,\"version\":null,\"arch\":null,\"family\":null,\"nodename\":null,\"crash_time\":null,"
	"\"build_id\":null,\"kaslr_offset\":null,\"cpus\":null,\"crashed_cpu\":null,\"cpu_registers\":[]},"
	"\"verdict\":\"no-crash\",\"crash\":null,\"identity\":null,\"host\":null,\"crashed_at\":null,"
	"\"crashes\":[],\"findings\":[],\"cpus\":[],\"debuginfo\":null,\"symbols\":null,\"notes\":[]}\n";

static void test_json_bare(void **state)
{
	struct sample *s = bare_sample();
	char *bytes = written(s, FORMAT_JSON);

	(void)state;
	assert_string_equal(bytes, bare_json);
	free(bytes);
	s->verdict.kind = VERDICT_NO_CRASH;
	s->verdict.incomplete = true;
	s->verdict.crashes = (struct crash_list){ .deciding = SIZE_MAX };
	bytes = written(s, FORMAT_JSON);
	assert_string_equal(bytes, no_crash_json);
	free(bytes);
	sample_free(s);
}

/* Numbers at their ends: a garbled offset is null, not negative; the time keeps its microseconds. */
static void test_json_numbers(void **state)
{
	static const struct {
		int64_t time_ns;
		const char *json;
	} times[] = {
		{ 0, "\"time\":0.0," },
		{ 1000, "\"time\":1e-6," },
		{ INT64_C(1999), "\"time\":1e-6," },
		{ INT64_C(864000000001000), "\"time\":864000.000001," },
		{ INT64_C(123456789123456000), "\"time\":123456789.123456," },
	};
	struct sample *s = full_sample(NULL);

	(void)state;
	s->crashes[0].instruction_pointer.offset = UINT64_MAX;
	s->crashes[0].taint_known = true;
	s->crashes[0].tainted = TEXT_NONE;
	assert_written(s, FORMAT_JSON, "\"offset\":null,\"size\":496");
	assert_written(s, FORMAT_JSON, "\"tainted\":\"\"");
	for (size_t i = 0; i < COUNT(times); i++) {
		s->crashes[0].time_ns = times[i].time_ns;
		assert_written(s, FORMAT_JSON, times[i].json);
	}
	sample_free(s);
}

static size_t allocations_left;

static void *failing_malloc(size_t size)
{
	if (!allocations_left)
		return NULL;
	allocations_left--;
	return malloc(size);
}

/* Each of Jansson's allocations fails in turn: false, nothing written, nothing lost (under a leak checker). */
static void test_json_out_of_memory(void **state)
{
	struct sample *s = full_sample(NULL);
	char *bytes = NULL;
	size_t length = 0;
	bool done = false;

	(void)state;
	json_set_alloc_funcs(failing_malloc, free);
	for (size_t most = 0; !done; most++) {
		FILE *out = open_memstream(&bytes, &length);
		assert_non_null(out);
		allocations_left = most;
		done = output_json(out, &s->verdict);
		fclose(out);
		assert_true(done == (length > 0));
		free(bytes);
		assert_true(most < 100000);
	}
	json_set_alloc_funcs(malloc, free);
	sample_free(s);
}

/* ---- text ---- */

static bool may_be_wide(struct text line)
{
	return text_starts(line, "       ") || text_find(line, "://") != SIZE_MAX; /* a command, a URL */
}

static void assert_width(const char *bytes, size_t width)
{
	struct text rest = text_from(bytes);

	while (rest.length) {
		struct text line = text_first(rest, text_find_char(rest, '\n'));
		rest = text_from_offset(rest, line.length + 1);
		if (text_columns(line) > width && !may_be_wide(line))
			fail_msg("wider than %zu: '%.*s'", width, TEXT_ARGS(line));
		if (text_ends(line, " "))
			fail_msg("a blank at the end: '%.*s'", TEXT_ARGS(line));
	}
}

static void test_text_known(void **state)
{
	static const char *const pieces[] = {
		"vmcore-dmesg.txt: known bug, and this kernel has it\n",
		"\n  general protection fault in fsnotify_add_mark_locked\n",
		"\n  kernel         3.10.0-862.2.3.el7.x86_64\n",
		"\n  host           web1\n  crashed        2018-06-05 04:46:22 UTC\n",
		"\n  process        inotify (pid 2577) on CPU 1\n",
		"\n  time           6052.280624 s after boot (1 h 40 min)\n",
		"\n  where          kmem_cache_alloc+0x74/0x1f0\n",
		"\n  fault address  0x0000000000000008, write of 4 bytes\n",
		"\n  touched        0x8 is i_opflags in struct inode: dentry->d_inode is an error\n",
		"\n  tainted        G OE\n",
		"\n  panic          Fatal exception\n",
		"\n  freed          by rm (pid 2578) on CPU 3 in fsnotify_destroy_mark\n",
		"\n  call trace     fsnotify_add_mark_locked+0x12d/0x300 at fs/notify/mark.c:346\n                 "
		"(inlined) (nmi)\n                 0xffffffffc0401234 "
		"[vboxsf]\n",
		"\n                 (and 3 more)\n",
		"\n  Use after free of an inotify mark's connector in fsnotify\n",
		"\n  signature      fsnotify-mark-connector-race\n",
		"\n  symptom        oops in the slab allocator\n",
		"\n            kind                 general-protection-fault\n",
		"\n  line  10  instruction_pointer  RIP: 0010:[<ffffffff9edf6f74>]  [<ffffffff9e...\n",
		"\n  line 123  trace                [<ffffffff9ee6e36d>] fsnotify_add_mark_locke...\n",
		"\n  Yes: 3.10.0-862.2.3.el7 lies in",
		"\n  1. Update the kernel, and boot into the new one as soon as the machine may go\n     down.\n       yum "
		"update kernel-3.10.0-862.9.1.el7 kernel-tools-3.10.0-862.9.1.el7 && reboot\n       uname -r\n",
		"\n  2. Until then: stop what uses inotify. (only for kernels 3.10.0-862.el7 or\n     later)\n",
		"\n  "
		"https://access.redhat.com/solutions/3491461/a-long-name-that-does-not-fit-into-the-columns-of-a-terminal\n",
		"\n  line 71  WARNING in native_smp_send_reschedule: 3 more times; a consequence of\n    the crash at line "
		"1\n",
		"\nOther signatures that match\n  line 71  fsnotify-mark-connector-race: Use after free of",
		"\nNotes\n  the log is cut short\n",
	};
	struct sample *s = full_sample(NULL);
	char *bytes = written(s, FORMAT_TEXT);

	(void)state;
	for (size_t i = 0; i < COUNT(pieces); i++)
		assert_contains(bytes, pieces[i]);
	assert_width(bytes, 80);
	free(bytes);
	bytes = written(s, FORMAT_NARROW);
	assert_width(bytes, 40);
	free(bytes);
	sample_free(s);
}

static void test_text_other_verdicts(void **state)
{
	struct sample *s = full_sample(NULL);

	(void)state;
	s->findings[0].affected = AFFECTED_UNKNOWN;
	assert_written(s, FORMAT_TEXT, "known bug; whether this kernel has it is not known\n");
	s->findings[0].affected = AFFECTED_NO;
	s->verdict.kind = VERDICT_SIMILAR;
	char *bytes = written(s, FORMAT_TEXT);
	assert_contains(bytes, "similar to a known bug, but this kernel is outside of the");
	assert_contains(bytes, "either the bug is fixed there already, or this is");
	assert_contains(bytes, "Install nothing for this bug's sake yet");
	assert_contains(bytes, "Only if it turns out to be this bug after all:");
	assert_width(bytes, 80);
	free(bytes);
	s->verdict.findings.count = 0;
	s->verdict.kind = VERDICT_UNKNOWN;
	s->verdict.incomplete = true;
	bytes = written(s, FORMAT_TEXT);
	assert_contains(bytes, "unknown crash: no signature matches it (the input could be\n  read only in part)\n");
	assert_contains(bytes, "\n  culprit        fsnotify_add_mark_locked\n  fingerprint    0123456789abcdef\n");
	assert_contains(bytes, "docs/signatures.md");
	free(bytes);
	sample_free(s);
}

/* A crash's own words, by what it is. */
static void test_text_kinds(void **state)
{
	struct sample *s = full_sample(NULL);
	struct crash *crash = &s->crashes[0];

	(void)state;
	s->verdict.findings.count = 0;
	s->verdict.kind = VERDICT_UNKNOWN;
	crash->kind = CRASH_OUT_OF_MEMORY;
	crash->title = TEXT("kernel panic: System is deadlocked on memory");
	crash->panic = TEXT("System is deadlocked on memory");
	char *bytes = written(s, FORMAT_TEXT);
	assert_contains(bytes, "vmcore-dmesg.txt: out of memory: no signature matches it\n");
	assert_lacks(bytes, "\n  panic "); /* the title has it */
	free(bytes);
	crash->kind = CRASH_MACHINE_CHECK;
	crash->pid = -1;
	crash->comm = TEXT_NONE;
	bytes = written(s, FORMAT_TEXT);
	assert_contains(bytes, "vmcore-dmesg.txt: hardware error, not a kernel bug\n");
	assert_contains(bytes, "\n  processor      CPU 1\n");
	free(bytes);
	sample_free(s);
}

/* The stacks beside the trace: those with a name have a line, the others are counted; of which nothing is known, too. */
static void test_text_stacks(void **state)
{
	static const struct {
		enum crash_stack_role role;
		const char *expected;
	} rows[] = {
		{ CRASH_STACK_ALLOCATED, "\n  allocated      by rm (pid 2578) on CPU 3 in fsnotify_destroy_mark\n" },
		{ CRASH_STACK_DEPENDENCY, "\n  earlier lock   taken by rm (pid 2578) on CPU 3 in fsnotify_destroy_mark\n" },
		{ CRASH_STACK_OTHER_TASK, "\n  other task     rm (pid 2578) on CPU 3 in fsnotify_destroy_mark\n" },
		{ CRASH_STACK_OTHER_CPU, "\n  other stacks   1, in the JSON output\n" },
	};
	struct sample *s = full_sample(NULL);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		s->stack.role = rows[i].role;
		assert_written(s, FORMAT_TEXT, rows[i].expected);
	}
	s->stack = (struct crash_stack){ .role = CRASH_STACK_FREED, .cpu = -1, .pid = -1 };
	assert_written(s, FORMAT_TEXT, "\n  other stacks   1, in the JSON output\n");
	sample_free(s);
}

/* Of a long trace that begins with functions of the report, those about the culprit are shown. */
static void test_text_long_trace(void **state)
{
	static const char *const names[] = { "dump_stack_lvl", "check_noncircular", "__lock_acquire", "lock_acquire",
					     "__mutex_lock",   "foo_stop",          "foo_ioctl",      "vfs_ioctl",
					     "sys_ioctl",      "do_syscall_64",     "entry",          "end" };
	struct sample *s = full_sample(NULL);

	(void)state;
	s->crashes[0].kind = CRASH_LOCKDEP;
	for (size_t i = 0; i < COUNT(s->frames); i++)
		s->frames[i] = (struct crash_frame){
			.location = { .function = text_from(names[i]), .canonical = text_from(names[i]) }, .reliable = true
		};
	assert_written(s, FORMAT_TEXT,
		       "\n  call trace     (4 before these)\n                 __mutex_lock\n                 foo_stop\n");
	assert_written(s, FORMAT_TEXT, "                 entry\n                 (and 1 more)\n");
	s->crashes[0].frame_count = 8; /* all of them fit */
	assert_written(s, FORMAT_TEXT, "\n  call trace     dump_stack_lvl\n");
	sample_free(s);
}

static void test_text_bare(void **state)
{
	struct sample *s = bare_sample();
	char *bytes = written(s, FORMAT_TEXT);

	(void)state;
	assert_contains(bytes, "-: unknown crash: no signature matches it\n");
	assert_contains(bytes, "kernel         not named in the log");
	assert_lacks(bytes, "process");
	assert_lacks(bytes, "where  ");
	free(bytes);
	s->verdict.kind = VERDICT_NO_CRASH;
	s->verdict.crashes = (struct crash_list){ .deciding = SIZE_MAX };
	bytes = written(s, FORMAT_TEXT);
	assert_string_equal(bytes, "-: no crash found\n");
	free(bytes);
	sample_free(s);
}

/* Colour adds escapes and changes no word. */
static void test_text_color(void **state)
{
	struct sample *s = full_sample(NULL);
	char *plain = written(s, FORMAT_TEXT), *color = written(s, FORMAT_COLOR), *to = color;

	(void)state;
	assert_contains(color, ":\033[1;32m known bug\033[0m,");
	assert_contains(color, "\n\033[1mWhat to do\033[0m\n");
	for (const char *from = color; *from;)
		if (*from == '\033')
			from += strcspn(from, "m") + 1;
		else
			*to++ = *from++;
	*to = '\0';
	assert_string_equal(color, plain);
	free(plain);
	free(color);
	sample_free(s);
}

/* ---- hostile logs ---- */

static const struct text hostile[] = {
	TEXT("\033]0;title\a\033[2J\23331m\xc2\2331m\0\r\b\x7f\xe2\x80\xae\xed\xa0\x80\xff"),
	TEXT("</code><script>alert(1)</script> `` ``` ```` [x](javascript:alert(1)) ![i](http://x/) | # *b* _i_ &lt; "
	     "www.x.org @all"),
	TEXT("# - 1. > ~~~ ```\n```\n<h1>out</h1>\n\n# heading"),
	TEXT("%s%n%d %1$s {{ }} $( ) $x^2$ :smile:"),
	TEXT("a-word-without-any-blank-that-is-much-longer-than-a-line-of-a-terminal-will-ever-be-and-has-to-be-broken-"
	     "somewhere-nevertheless"),
	TEXT("\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2"
	     "\xe5\xad\x97"
	     "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2"
	     "\xe5\xad\x97"
	     "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2"
	     "\xe5\xad\x97"),
	TEXT("  \t  "),
};

/* Valid UTF-8 and no control but the line feed. */
static void assert_clean(struct text bytes, bool color)
{
	uint32_t code;
	size_t length;

	for (; bytes.length; bytes = text_from_offset(bytes, length)) {
		length = character_decode(bytes, &code);
		assert_true(length > 0);
		assert_true(code == '\n' || (code == 0x1b && color) || (code >= 0x20 && (code < 0x7f || code > 0x9f)));
		assert_true(code < 0x202a || code > 0x202e);
	}
}

static void test_hostile_is_clean(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hostile); i++) {
		struct sample *s = full_sample(&hostile[i]);
		for (enum format format = 0; format < FORMAT_COUNT; format++) {
			char *bytes = written(s, format);
			assert_clean(text_from(bytes), format == FORMAT_COLOR);
			if (format == FORMAT_TEXT || format == FORMAT_NARROW)
				assert_width(bytes, format == FORMAT_NARROW ? 40 : 80);
			if (format == FORMAT_JSON) {
				json_t *value = json_loads(bytes, JSON_REJECT_DUPLICATES, NULL);
				assert_non_null(value);
				assert_ptr_equal(strchr(bytes, '\n'), bytes + strlen(bytes) - 1);
				json_decref(value);
			}
			free(bytes);
		}
		sample_free(s);
	}
}

/* ---- Markdown ---- */

static void test_markdown(void **state)
{
	static const char *const pieces[] = {
		"## `vmcore-dmesg.txt`: known bug, and this kernel has it\n",
		"\n### What happened\n\n`general protection fault in fsnotify_add_mark_locked`\n\n- kernel: "
		"`3.10.0-862.2.3.el7.x86_64`\n",
		"\nCall trace:\n\n```\nfsnotify_add_mark_locked+0x12d/0x300 at fs/notify/mark.c:346 (inlined) (nmi)\n",
		"\n### Evidence\n\n```\nkind: general-protection-fault\nline 10: instruction_pointer: RIP: 0010:[<",
		"\n1. Update the kernel, and boot into the new one as soon as the machine may go down.\n\n   ```sh\n   yum "
		"update",
		"&& reboot\n   uname -r\n   ```\n\n2. Until then: stop what uses inotify. (only for kernels `3.10.0-862.el7 "
		"or "
		"later`)\n",
		"\n- `3.10.0-862.9.1.el7`\n",
		"\n- <https://access.redhat.com/solutions/3491461/a-long-name",
		"\n- commit d90a10e2444b (fsnotify: Fix fsnotify\\_mark\\_connector race)\n",
		"\n- line 71: `WARNING in native_smp_send_reschedule`: 3 more times; a consequence of the crash at line 1\n",
	};
	struct sample *s = full_sample(NULL);
	char *bytes = written(s, FORMAT_MARKDOWN);

	(void)state;
	for (size_t i = 0; i < COUNT(pieces); i++)
		assert_contains(bytes, pieces[i]);
	assert_lacks(bytes, "\n\n\n");
	free(bytes);
	sample_free(s);
}

static void test_markdown_escapes(void **state)
{
	struct text words =
		TEXT("<script> ```` `a` &lt; http://x.org www.x.org :smile: *b* # _i_ [x](y) @all 6.1.79 done: yes");
	struct text list = TEXT("\n- one\n12. two");
	struct sample *s = full_sample(&words);

	(void)state;
	/* a code span and a fence each have more backticks than there are in the text */
	assert_written(s, FORMAT_MARKDOWN, "## ````` <script> ```` `a` &lt; http://x.org");
	assert_written(s, FORMAT_MARKDOWN, "\n`````\nkind: <script> ````");
	/* prose: a note */
	assert_written(s, FORMAT_MARKDOWN,
		       "\n- \\<script\\> \\`\\`\\`\\` \\`a\\` \\&lt; http\\://x.org www\\.x.org \\:smile: \\*b\\* \\# "
		       "\\_i\\_ \\[x\\](y) "
		       "\\@all 6.1.79 done: yes\n");
	s->note = list;
	assert_written(s, FORMAT_MARKDOWN, "\n- \\- one 12. two\n");
	s->note = TEXT("12. two");
	assert_written(s, FORMAT_MARKDOWN, "\n- 12\\. two\n");
	s->references[0] = TEXT("javascript:alert(1)");
	assert_written(s, FORMAT_MARKDOWN, "\n- javascript\\:alert(1)\n");
	s->references[0] = TEXT("https://x/> <b>");
	assert_written(s, FORMAT_MARKDOWN, "\n- https\\://x/\\> \\<b\\>\n");
	sample_free(s);
}

/* ---- explanation ---- */

static void test_explanation(void **state)
{
	static const char *const pieces[] = {
		"\nCrash at line 1: general protection fault in fsnotify_add_mark_locked\n",
		"\n  does not match: oops in the slab allocator\n",
		"\n    ok  kind, line 1\n        expected  general-protection-fault\n",
		"\n        found     general-protection-fault\n    no  trace",
		"\n    no  trace, line 14\n        expected  fsnotify_put_mark\n        found     RIP: 0010:",
		"\n    no  comm\n        expected  systemd\n        found     nothing\n",
		"\n  affected: yes\n",
		"\nCrash at line 71: WARNING in native_smp_send_reschedule\n",
	};
	struct sample *s = full_sample(NULL);
	char *bytes = written(s, FORMAT_EXPLANATION);

	(void)state;
	assert_contains(bytes, "vmcore-dmesg.txt: against the signature fsnotify-mark-connector-race:");
	for (size_t i = 0; i < COUNT(pieces); i++)
		assert_contains(bytes, pieces[i]);
	assert_width(bytes, 80);
	free(bytes);
	s->verdict.crashes.count = 0;
	assert_written(s, FORMAT_EXPLANATION, "no crash found: there is nothing to match\n");
	sample_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_safe_text),           cmocka_unit_test(test_json_full),
		cmocka_unit_test(test_json_bare),           cmocka_unit_test(test_json_numbers),
		cmocka_unit_test(test_json_out_of_memory),  cmocka_unit_test(test_text_known),
		cmocka_unit_test(test_text_other_verdicts), cmocka_unit_test(test_text_kinds),
		cmocka_unit_test(test_text_stacks),         cmocka_unit_test(test_text_long_trace),
		cmocka_unit_test(test_text_bare),           cmocka_unit_test(test_text_color),
		cmocka_unit_test(test_hostile_is_clean),    cmocka_unit_test(test_markdown),
		cmocka_unit_test(test_markdown_escapes),    cmocka_unit_test(test_explanation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
