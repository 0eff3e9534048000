/* Sightings out of the program's own JSON, and out of what others make of it. */
#define _GNU_SOURCE /* open_memstream */
#include "history/sighting.h"
#include "output/output.h"
#include "triage/triage.h"

#include <dirent.h>
#include <inttypes.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define SAMPLES      SIGNATURES_DIR "/../samples"

static void assert_text(struct text got, const char *expected)
{
	if (!text_is(got, expected))
		fail_msg("'%.*s' is not '%s'", TEXT_ARGS(got), expected);
}

/* Reads a line that is one; single quotes stand for double ones, as that reads better in C. */
static struct sighting read_line(struct arena *arena, const char *line)
{
	struct text json = arena_copy(arena, text_from(line));
	struct sighting sighting = { .source = { TEXT("/f"), 1, 2 } };
	struct error error = { 0 };

	for (size_t i = 0; i < json.length; i++)
		if (json.data[i] == '\'')
			((char *)(uintptr_t)json.data)[i] = '"';
	if (!sighting_from_json(arena, json, &sighting, &error))
		fail_msg("%s: %s", line, error.message);
	assert_text(sighting.source.file, "/f");
	assert_true(sighting.source.size == 1 && sighting.source.modified == 2);
	return sighting;
}

static void test_names(void **state)
{
	enum sighting_verdict verdict;

	(void)state;
	for (int i = SIGHTING_FAILED; i <= SIGHTING_KNOWN; i++) {
		assert_true(
			sighting_verdict_from_name(text_from(sighting_verdict_name((enum sighting_verdict)i)), &verdict));
		assert_int_equal(verdict, i);
	}
	for (int i = VERDICT_NO_CRASH; i <= VERDICT_KNOWN; i++)
		assert_true(sighting_verdict_from_name(text_from(verdict_kind_name((enum verdict_kind)i)), &verdict));
	assert_false(sighting_verdict_from_name(TEXT(""), &verdict));
	assert_false(sighting_verdict_from_name(TEXT("Known"), &verdict));
	assert_false(sighting_verdict_from_name(TEXT("known\0"), &verdict));
}

/* ---- the program's own ---- */

static struct catalogue *load_catalogue(void)
{
	struct catalogue *catalogue = catalogue_new();
	struct error_list errors = { 0 };

	assert_non_null(catalogue);
	assert_true(catalogue_load(catalogue, SIGNATURES_DIR, &errors));
	error_list_free(&errors);
	return catalogue;
}

static char *to_json(const struct verdict *verdict, size_t *length)
{
	char *json = NULL;
	FILE *stream = open_memstream(&json, length);

	assert_non_null(stream);
	assert_true(output_json(stream, verdict));
	assert_int_equal(fclose(stream), 0);
	return json;
}

/* Every key that a report asks for, of its type, and no other. */
static void assert_detail(struct text detail, size_t frames, size_t crashes)
{
	static const struct {
		const char *key;
		json_type type;
		bool or_null;
	} keys[] = {
		{ "line", JSON_INTEGER, true },    { "instruction_pointer", JSON_STRING, true },
		{ "comm", JSON_STRING, true },     { "cpu", JSON_INTEGER, true },
		{ "pid", JSON_INTEGER, true },     { "panic", JSON_STRING, true },
		{ "input", JSON_STRING, false },   { "trace", JSON_ARRAY, false },
		{ "symptom", JSON_STRING, true },  { "more_frames", JSON_INTEGER, false },
		{ "evidence", JSON_ARRAY, false }, { "fixed", JSON_ARRAY, false },
		{ "remedies", JSON_ARRAY, false }, { "references", JSON_ARRAY, false },
		{ "notes", JSON_ARRAY, false },    { "other_crashes", JSON_INTEGER, false },
	};
	json_t *object = json_loadb(detail.data, detail.length, 0, NULL);

	assert_non_null(object);
	assert_int_equal(json_object_size(object), COUNT(keys));
	for (size_t i = 0; i < COUNT(keys); i++) {
		const json_t *value = json_object_get(object, keys[i].key);
		if (!value || (json_typeof(value) != keys[i].type && !(keys[i].or_null && json_is_null(value))))
			fail_msg("%s in %.*s", keys[i].key, TEXT_ARGS(detail));
	}
	const json_t *trace = json_object_get(object, "trace");
	assert_true(json_array_size(trace) <= SIGHTING_FRAMES_MOST);
	assert_int_equal(json_array_size(trace) + (size_t)json_integer_value(json_object_get(object, "more_frames")),
			 frames);
	assert_int_equal(json_integer_value(json_object_get(object, "other_crashes")), crashes - 1);
	json_decref(object);
}

static void assert_of_crash(const struct sighting *s, const struct verdict *verdict)
{
	const struct crash *crash = verdict->crashes.items[verdict->crashes.deciding];
	const struct finding *finding = NULL;
	size_t reliable = 0;

	for (size_t i = 0; i < crash->frame_count; i++)
		reliable += crash->frames[i].reliable;
	for (size_t i = verdict->findings.count; i-- > 0;)
		if (verdict->findings.items[i].crash == verdict->crashes.deciding)
			finding = &verdict->findings.items[i];
	assert_text(s->kind, crash_kind_name(crash->kind));
	assert_true(text_equal(s->headline, crash->headline));
	assert_true(text_equal(s->title, crash->title));
	assert_true(text_equal(s->culprit, crash->culprit));
	assert_int_equal(s->fingerprint.length, crash->has_fingerprint ? 16 : 0);
	assert_int_equal(s->identity.length, 16);
	assert_int_equal(s->frames, reliable ? reliable : crash->frame_count);
	assert_true(text_equal(s->signature, finding ? signature_id(finding->signature) : TEXT_NONE));
	assert_true(text_equal(s->signature_title, finding ? signature_title(finding->signature) : TEXT_NONE));
	assert_text(s->affected, finding ? affected_name(finding->affected) : "");
	if (finding && finding->fixed_count)
		assert_true(text_equal(s->fix, finding->fixed[0]));
	assert_detail(s->detail, s->frames, verdict->crashes.count);
}

static void assert_of_verdict(const struct sighting *s, const struct verdict *verdict)
{
	assert_true(text_equal(s->path, verdict->path));
	assert_text(text_from(sighting_verdict_name(s->verdict)), verdict_kind_name(verdict->kind));
	assert_true(text_equal(s->release, verdict->release.text));
	assert_int_equal(s->incomplete, verdict->incomplete);
	assert_int_equal(s->from_dump, verdict->from_dump);
	assert_text(s->failure, "");
	if (s->verdict != SIGHTING_NO_CRASH)
		assert_of_crash(s, verdict);
	else
		assert_int_equal(s->identity.length + s->kind.length + s->detail.length + s->frames, 0);
}

/* What samples came to. */
struct tally {
	size_t verdicts[SIGHTING_KNOWN + 1], fixes;
};

static void check_sample(const char *path, struct catalogue *catalogue, struct tally *tally)
{
	struct triage_options options = { .temporary_directory = "/tmp" };
	struct verdict verdict;
	struct error error = { 0 };
	struct sighting s = { 0 };
	struct arena arena = { 0 };
	size_t length;

	if (triage(path, catalogue, &options, &verdict, &error) || verdict.incomplete) {
		char *json = to_json(&verdict, &length);
		if (!sighting_from_json(&arena, (struct text){ json, length }, &s, &error))
			fail_msg("%s: %s", path, error.message);
		free(json);
		assert_of_verdict(&s, &verdict);
		tally->verdicts[s.verdict]++;
		tally->fixes += s.fix.length > 0;
	}
	verdict_free(&verdict);
	arena_free(&arena);
}

/* Every sample comes through, field by field. */
static void test_samples(void **state)
{
	struct catalogue *catalogue = load_catalogue();
	DIR *samples = opendir(SAMPLES);
	struct tally tally = { 0 };
	const struct dirent *entry;
	char path[4096];

	(void)state;
	assert_non_null(samples);
	while ((entry = readdir(samples))) {
		if (text_starts(text_from(entry->d_name), ".") || text_ends(text_from(entry->d_name), ".json"))
			continue;
		snprintf(path, sizeof path, "%s/%s", SAMPLES, entry->d_name);
		check_sample(path, catalogue, &tally);
	}
	closedir(samples);
	catalogue_free(catalogue);
	for (int i = SIGHTING_NO_CRASH; i <= SIGHTING_KNOWN; i++)
		assert_true(tally.verdicts[i] > 0);
	assert_true(tally.fixes > 0);
}

/* ---- written by hand ---- */

#define CRASH                                                                                                               \
	"{'kind':'panic','title':'T','headline':'H','culprit':'c','fingerprint':'0123456789abcdef','line':7,'cpu':1,'pid':" \
	"2,"                                                                                                                \
	"'comm':'sh','panic':'why','instruction_pointer':{'function':'f','offset':16,'size':32,'module':'m'},'trace':["     \
	"{'function':'a','offset':1,'size':2,'module':null,'address':null,'reliable':true},"                                \
	"{'function':'b','offset':1,'size':2,'module':'ext4','address':null,'reliable':false},"                             \
	"{'function':'d','offset':null,'size':null,'module':'xfs','address':null,'reliable':true},"                         \
	"{'function':null,'offset':null,'size':null,'module':null,'address':'0xffff','reliable':true},"                     \
	"{'function':null,'offset':null,'size':null,'module':null,'address':null,'reliable':true}]}"
#define FINDING                                                                                                             \
	"{'signature':'s','title':'S','symptom':'y','crash':1,'affected':'yes','evidence':[{'clause':'kind','line':3,"      \
	"'text':'x'}],'fixed':['6.1.7','6.2'],'remedies':[{'text':'do\\nthis','command':'yum\\nupdate','condition':null,"   \
	"'certain':true}],'references':['r']}"
#define LINE(more, kernel, findings)                                                                                        \
	"{'schema':'kdump-triage/1','input':{'path':'/"                                                                     \
	"p','type':'vmcore','incomplete':true},'kernel':{'release':'6.1.0'" kernel                                          \
	"},'verdict':'known','crash':1,'crashes':[{}," CRASH "],'findings':[{'crash':0,'signature':'other'}," findings      \
	"],'notes':['n']" more "}"

static void test_every_key(void **state)
{
	struct arena arena = { 0 };
	struct sighting s = read_line(&arena, LINE(",'identity':'00112233445566ff','host':'web1','crashed_at':1528103287",
						   ",'nodename':'other','crash_time':5", FINDING));

	(void)state;
	assert_text(s.path, "/p");
	assert_int_equal(s.verdict, SIGHTING_KNOWN);
	assert_text(s.identity, "00112233445566ff");
	assert_text(s.kind, "panic");
	assert_text(s.headline, "H");
	assert_text(s.title, "T");
	assert_text(s.culprit, "c");
	assert_text(s.fingerprint, "0123456789abcdef");
	assert_text(s.signature, "s");
	assert_text(s.signature_title, "S");
	assert_text(s.affected, "yes");
	assert_text(s.fix, "6.1.7");
	assert_text(s.release, "6.1.0");
	assert_text(s.host, "web1");
	assert_true(s.crashed_at == 1528103287);
	assert_true(s.incomplete && s.from_dump);
	assert_int_equal(s.frames, 4);
	assert_detail(s.detail, 4, 2);
	assert_text(
		s.detail,
		"{\"line\":7,\"comm\":\"sh\",\"cpu\":1,\"pid\":2,\"panic\":\"why\",\"instruction_pointer\":\"f+0x10/0x20 "
		"[m]\",\"more_frames\":0,\"trace\":[\"a+0x1/0x2\",\"d [xfs]\",\"0xffff\",\"?\"],\"input\":\"vmcore\","
		"\"symptom\":\"y\",\"evidence\":[{\"clause\":\"kind\",\"line\":3,\"text\":\"x\"}],\"fixed\":[\"6.1.7\",\"6."
		"2\"],"
		"\"remedies\":[{\"text\":\"do\\nthis\",\"command\":\"yum\\nupdate\",\"condition\":null}],\"references\":["
		"\"r\"],"
		"\"notes\":[\"n\"],\"other_crashes\":1}");
	arena_free(&arena);
}

/* Which of two keys counts, and what there is where neither says anything. */
static void test_host_and_time(void **state)
{
	static const struct {
		const char *line, *host;
		int64_t crashed_at;
	} rows[] = {
		{ LINE("", "", FINDING), "", SIGHTING_NO_TIME },
		{ LINE(",'host':null,'crashed_at':null,'identity':null", ",'nodename':null,'crash_time':null", FINDING), "",
		  SIGHTING_NO_TIME },
		{ LINE("", ",'nodename':'k','crash_time':1000", FINDING), "k", 1000 },
		{ LINE(",'host':null,'crashed_at':null", ",'nodename':'k','crash_time':1000", FINDING), "k", 1000 },
		{ LINE(",'host':'h','crashed_at':7", ",'nodename':'k','crash_time':1000", FINDING), "h", 7 },
		{ LINE(",'host':7,'crashed_at':'7'", "", FINDING), "", SIGHTING_NO_TIME },
		{ LINE(",'host':{},'crashed_at':1.5", ",'nodename':[],'crash_time':false", FINDING), "", SIGHTING_NO_TIME },
		{ LINE(",'crashed_at':-1", "", FINDING), "", SIGHTING_NO_TIME },
		{ LINE(",'crashed_at':0", "", FINDING), "", SIGHTING_NO_TIME },
		{ LINE(",'crashed_at':9223372036854775807", "", FINDING), "", SIGHTING_NO_TIME },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sighting s = read_line(&arena, rows[i].line);
		assert_text(s.host, rows[i].host);
		assert_true(s.crashed_at == rows[i].crashed_at);
	}
	arena_free(&arena);
}

static void test_fixes(void **state)
{
	static const struct {
		const char *finding, *fix;
	} rows[] = {
		{ "{'crash':1,'fixed':['a','b'],'remedies':[{'text':'r'}]}", "a" },
		{ "{'crash':1,'fixed':[],'remedies':[{'text':' two\\nlines '},{'text':'s'}]}", "two lines" },
		{ "{'crash':1,'fixed':[''],'remedies':[{'text':'r'}]}", "r" },
		{ "{'crash':1,'fixed':[],'remedies':[{}]}", "" },
		{ "{'crash':1,'fixed':[7],'remedies':[7]}", "" },
		{ "{'crash':1}", "" },
		{ "{'crash':0,'fixed':['of another crash']}", "" },
		{ "7", "" },
	};
	struct arena arena = { 0 };
	char line[4096];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		snprintf(line, sizeof line, LINE("", "", "%s"), rows[i].finding);
		assert_text(read_line(&arena, line).fix, rows[i].fix);
	}
	arena_free(&arena);
}

/* Old lines have none: it is the same for the same crash, in whatever file, and another for another. */
static void test_identity_of_old_lines(void **state)
{
	static const char line[] =
		"{'schema':'kdump-triage/1','input':{'path':'%s'},'kernel':{'release':'%s'},'verdict':'unknown',"
		"'crash':0,'crashes':[{'kind':'panic','headline':'H','line':%d,'time':%s,'pid':%d,'registers':{%s}}],"
		"'findings':[],'notes':[]%s}";
	struct arena arena = { 0 };
	char text[1024];
#define IDENTITY(...) (snprintf(text, sizeof text, line, __VA_ARGS__), read_line(&arena, text).identity)
	struct text one = IDENTITY("/a", "6.1", 1, "1.5", 7, "'rax':'0x1','rbx':'0x2'", "");

	(void)state;
	assert_int_equal(one.length, 16);
	assert_true(text_equal(one, IDENTITY("/b", "6.1", 99, "1.5", 7, "'rbx':'0x2','rax':'0x1'", ",'identity':null")));
	assert_true(text_equal(one, IDENTITY("/b", "6.1", 1, "1.5", 7, "'rax':'0x1','rbx':'0x2'", ",'identity':'0x1'")));
	assert_false(text_equal(one, IDENTITY("/a", "6.2", 1, "1.5", 7, "'rax':'0x1','rbx':'0x2'", "")));
	assert_false(text_equal(one, IDENTITY("/a", "6.1", 1, "1.6", 7, "'rax':'0x1','rbx':'0x2'", "")));
	assert_false(text_equal(one, IDENTITY("/a", "6.1", 1, "null", 7, "'rax':'0x1','rbx':'0x2'", "")));
	assert_false(text_equal(one, IDENTITY("/a", "6.1", 1, "1.5", 8, "'rax':'0x1','rbx':'0x2'", "")));
	assert_false(text_equal(one, IDENTITY("/a", "6.1", 1, "1.5", 7, "'rax':'0x1','rbx':'0x3'", "")));
	assert_text(IDENTITY("/a", "6.1", 1, "1", 7, "", ",'identity':'00000000000000aa'"), "00000000000000aa");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),     cmocka_unit_test(test_samples),
		cmocka_unit_test(test_every_key), cmocka_unit_test(test_host_and_time),
		cmocka_unit_test(test_fixes),     cmocka_unit_test(test_identity_of_old_lines),
	};

	return cmocka_run_group_tests_name("sighting", tests, NULL, NULL);
}
