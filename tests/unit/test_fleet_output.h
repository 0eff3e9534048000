/* For the tests of what is written of a fleet: a small one, and each output of it in memory. */
#ifndef TEST_FLEET_OUTPUT_H
#define TEST_FLEET_OUTPUT_H

#include "output/character.h"
#include "output/fleet.h"

#include "test_fleet.h"

static const char detail_json[] =
	"{\"line\":7,\"instruction_pointer\":\"kmem_cache_alloc+0x74/0x1f0\",\"comm\":\"inotify\",\"cpu\":1,\"pid\":2577,"
	"\"panic\":\"Fatal exception\",\"input\":\"log\","
	"\"trace\":[\"fsnotify_add_mark_locked+0x12d/0x300\",\"inotify_update_watch+0xe5/0x170 "
	"[vboxsf]\"],\"more_frames\":3,"
	"\"symptom\":\"oops in the slab allocator\","
	"\"evidence\":[{\"clause\":\"kind\",\"line\":null,\"text\":\"general-protection-fault\"},"
	"{\"clause\":\"instruction_pointer\",\"line\":10,\"text\":\"RIP: 0010:kmem_cache_alloc+0x74/0x1f0\"}],"
	"\"fixed\":[\"3.10.0-862.9.1.el7\"],"
	"\"remedies\":[{\"text\":\"Update the kernel.\",\"command\":\"yum update kernel-3.10.0-862.9.1.el7 && "
	"reboot\\nuname -r\\n\",\"condition\":null},"
	"{\"text\":\"Until then: stop what uses inotify.\",\"command\":null,\"condition\":\"el7: before "
	"3.10.0-862.9.1.el7\"}],"
	"\"references\":[\"https://access.redhat.com/solutions/3491461\"],\"notes\":[\"the log is cut "
	"short\"],\"other_crashes\":2}";

enum { DAY_SECONDS = 24 * 60 * 60, FIRST_DAY = 1767225600 /* 2026-01-01 00:00:00 UTC */ };

static const struct fleet_heading sample_heading = {
	.source = { "/var/lib/kdump-triage/history.db", 32 },
	.made_at = FIRST_DAY + 20 * DAY_SECONDS + 3723,
	.since = FIRST_DAY,
	.until = SIGHTING_NO_TIME,
};

/* Three crashes of a bug on two hosts, a copy, two fingerprints that look alike, a crash that looks like a bug, and trouble.
 */
static inline struct fleet sample_fleet(void)
{
	struct fleet fleet = { 0 };
	struct sighting known = known_crash("/var/crash/127.0.0.1-2026-01-02-03:04:05/vmcore-dmesg.txt", "k1",
					    "fsnotify-mark-connector-race", FIRST_DAY + DAY_SECONDS + 11045);
	struct sighting similar = known_crash("/srv/crash/db1/vmcore", "s1", "foo-race", FIRST_DAY + 3 * DAY_SECONDS);
	struct sighting unknown = unknown_crash("/srv/crash/web3/1/dmesg", "u1", "1111111111111111", FIRST_DAY + 7200);

	known.signature_title = TEXT("Use after free of an inotify mark's connector in fsnotify");
	known.title = TEXT("general protection fault in fsnotify_add_mark_locked");
	known.headline = TEXT("general protection fault: 0000 [#1] SMP");
	known.fix = TEXT("3.10.0-862.9.1.el7");
	known.release = TEXT("3.10.0-862.2.3.el7.x86_64");
	known.detail = text_from(detail_json);
	add(&fleet, known);
	known.path = TEXT("/backup/vmcore-dmesg.txt"); /* a copy */
	add(&fleet, known);
	known.path = TEXT("/var/crash/127.0.0.1-2026-01-09-00:00:00/vmcore");
	known.identity = TEXT("k2");
	known.host = TEXT("web2");
	known.crashed_at = FIRST_DAY + 8 * DAY_SECONDS;
	known.detail = TEXT_NONE;
	add(&fleet, known);
	known.path = TEXT("/var/crash/vmcore");
	known.identity = TEXT("k3");
	known.release = TEXT("3.10.0-862.el7.x86_64");
	known.crashed_at = SIGHTING_NO_TIME;
	add(&fleet, known);
	add(&fleet, unknown);
	unknown.path = TEXT("/srv/crash/web3/2/dmesg");
	unknown.identity = TEXT("u2");
	unknown.crashed_at += 60;
	add(&fleet, unknown);
	unknown.path = TEXT("/srv/crash/web3/3/dmesg");
	unknown.identity = TEXT("u3");
	unknown.fingerprint = TEXT("2222222222222222");
	unknown.host = unknown.release = TEXT_NONE;
	add(&fleet, unknown);
	similar.verdict = SIGHTING_SIMILAR;
	similar.host = TEXT("db1");
	similar.release = TEXT("6.1.90-1-amd64");
	similar.incomplete = true;
	add(&fleet, similar);
	add(&fleet, (struct sighting){ .path = TEXT("/var/crash/quiet.log"), .verdict = SIGHTING_NO_CRASH });
	add(&fleet, failure("/var/crash/a/vmcore", "permission denied"));
	add(&fleet, failure("/var/crash/b with a blank/vmcore", "took longer than 60 s"));
	add(&fleet, failure("/var/crash/c/vmcore", "took longer than 60 s"));
	finish(&fleet);
	return fleet;
}

enum fleet_format { TABLE, TEXT_REPORT, MARKDOWN, JSON, FLEET_FORMAT_COUNT };

/* What the format makes of the fleet, to be freed. */
static inline char *written(const struct fleet *fleet, enum fleet_format format, size_t width, bool color)
{
	struct output_style style = { .color = color, .width = width };
	char *bytes = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&bytes, &length);
	bool whole = false;

	assert_non_null(out);
	if (format == TABLE)
		whole = output_fleet_table(out, fleet, &style);
	else if (format == TEXT_REPORT)
		whole = output_fleet_text(out, fleet, &sample_heading, &style);
	else if (format == MARKDOWN)
		whole = output_fleet_markdown(out, fleet, &sample_heading);
	else
		whole = output_fleet_json(out, fleet, &sample_heading);
	assert_true(whole);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(strlen(bytes), length); /* no NUL gets out */
	return bytes;
}

/* As assert_string_equal, but says where they part. */
static inline void assert_written(const char *bytes, const char *expected)
{
	size_t same = 0;

	while (bytes[same] && bytes[same] == expected[same])
		same++;
	if (bytes[same] != expected[same])
		fail_msg("from byte %zu on:\n%.200s\nexpected:\n%.200s\nall:\n%s", same, bytes + same, expected + same,
			 bytes);
}

static inline void assert_contains(const char *whole, const char *piece)
{
	if (!strstr(whole, piece))
		fail_msg("'%s' is not in:\n%s", piece, whole);
}

static inline void assert_lacks(const char *whole, const char *piece)
{
	if (strstr(whole, piece))
		fail_msg("'%s' is in:\n%s", piece, whole);
}

#endif
