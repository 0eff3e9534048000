/* The table and the text report on a fleet: of a small one, to the letter; each output of none; and colours. */
#define _GNU_SOURCE /* open_memstream */
#include "test_fleet_output.h"

static const char table_40[] = "#  crashes  verdict  last        fix\n"
			       "1        3  known    2026-01-09  yes\n"
			       "   fsnotify-mark-connector-race: Use\n"
			       "   after free of an inotify mark's\n"
			       "   connector in fsnotify\n"
			       "   2 hosts; on 3.10.0-862.2.3.el7.x86_64\n"
			       "   (2) and 1 more; first 2026-01-02;\n"
			       "   fix: 3.10.0-862.9.1.el7\n"
			       "2        2  unknown  2026-01-01  no\n"
			       "   WARNING in foo\n"
			       "   host web1; on 6.1.0-18-amd64;\n"
			       "   fingerprint 1111111111111111; see\n"
			       "   also 4\n"
			       "3        1  similar  2026-01-04  maybe\n"
			       "   foo-race: Use after free of foo\n"
			       "   host db1; on 6.1.90-1-amd64; fix, if\n"
			       "   it is this bug: linux 6.1.90\n"
			       "4        1  unknown  2026-01-01  no\n"
			       "   WARNING in foo\n"
			       "   fingerprint 2222222222222222; see\n"
			       "   also 2\n"
			       "\n"
			       "7 crashes in 4 groups (3 known, 1\n"
			       "  similar, 3 unknown), 1 more copy, 1\n"
			       "  input without a crash, 3 could not be\n"
			       "  read\n"
			       "\n"
			       "Could not be read\n"
			       "  took longer than 60 s:\n"
			       "    /var/crash/b with a blank/vmcore\n"
			       "    /var/crash/c/vmcore\n"
			       "  permission denied:\n"
			       "    /var/crash/a/vmcore\n";

static const char table_80[] = "#  crashes  verdict  first       last        fix    hosts\n"
			       "1        3  known    2026-01-02  2026-01-09  yes    2\n"
			       "   fsnotify-mark-connector-race: Use after free of an inotify mark's connector\n"
			       "   in fsnotify\n"
			       "   on 3.10.0-862.2.3.el7.x86_64 (2) and 1 more; fix: 3.10.0-862.9.1.el7\n"
			       "2        2  unknown  2026-01-01  2026-01-01  no     web1\n"
			       "   WARNING in foo\n"
			       "   on 6.1.0-18-amd64; fingerprint 1111111111111111; see also 4\n"
			       "3        1  similar  2026-01-04  2026-01-04  maybe  db1\n"
			       "   foo-race: Use after free of foo\n"
			       "   on 6.1.90-1-amd64; fix, if it is this bug: linux 6.1.90\n"
			       "4        1  unknown  2026-01-01  2026-01-01  no     -\n"
			       "   WARNING in foo\n"
			       "   fingerprint 2222222222222222; see also 2\n"
			       "\n"
			       "7 crashes in 4 groups (3 known, 1 similar, 3 unknown), 1 more copy, 1 input\n"
			       "  without a crash, 3 could not be read\n"
			       "\n"
			       "Could not be read\n"
			       "  took longer than 60 s:\n"
			       "    /var/crash/b with a blank/vmcore\n"
			       "    /var/crash/c/vmcore\n"
			       "  permission denied:\n"
			       "    /var/crash/a/vmcore\n";

static const char table_120[] =
	"#  crashes  verdict  first       last        fix    hosts  releases\n"
	"1        3  known    2026-01-02  2026-01-09  yes    2      3.10.0-862.2.3.el7.x86_64 +1\n"
	"   fsnotify-mark-connector-race: Use after free of an inotify mark's connector in fsnotify\n"
	"   fix: 3.10.0-862.9.1.el7\n"
	"2        2  unknown  2026-01-01  2026-01-01  no     web1   6.1.0-18-amd64\n"
	"   WARNING in foo\n"
	"   fingerprint 1111111111111111; see also 4\n"
	"3        1  similar  2026-01-04  2026-01-04  maybe  db1    6.1.90-1-amd64\n"
	"   foo-race: Use after free of foo\n"
	"   fix, if it is this bug: linux 6.1.90\n"
	"4        1  unknown  2026-01-01  2026-01-01  no     -      -\n"
	"   WARNING in foo\n"
	"   fingerprint 2222222222222222; see also 2\n"
	"\n"
	"7 crashes in 4 groups (3 known, 1 similar, 3 unknown), 1 more copy, 1 input without a crash, 3 could"
	" not be read\n"
	"\n"
	"Could not be read\n"
	"  took longer than 60 s:\n"
	"    /var/crash/b with a blank/vmcore\n"
	"    /var/crash/c/vmcore\n"
	"  permission denied:\n"
	"    /var/crash/a/vmcore\n";

static const char text_80[] = "Kernel crashes: /var/lib/kdump-triage/history.db\n"
			      "\n"
			      "  made           2026-01-21 01:02:03 UTC\n"
			      "  period         since 2026-01-01\n"
			      "  found          7 crashes in 4 groups (3 known, 1 similar, 3 unknown), 1 more\n"
			      "                 copy, 1 input without a crash, 3 could not be read\n"
			      "\n"
			      "Crashes by day (UTC)\n"
			      "  2026-01-01  3  ##################################################\n"
			      "  2026-01-02  1  #################\n"
			      "  2026-01-03  0\n"
			      "  2026-01-04  1  #################\n"
			      "  ...         0\n"
			      "  2026-01-09  1  #################\n"
			      "  not known   1  #################\n"
			      "\n"
			      "By release\n"
			      "  2  3.10.0-862.2.3.el7.x86_64\n"
			      "  2  6.1.0-18-amd64\n"
			      "  1  3.10.0-862.el7.x86_64\n"
			      "  1  6.1.90-1-amd64\n"
			      "  1  not known\n"
			      "\n"
			      "By host\n"
			      "  3  web1\n"
			      "  2  web2\n"
			      "  1  db1\n"
			      "  1  not known\n"
			      "\n"
			      "Groups\n"
			      "#  crashes  verdict  first       last        fix    hosts\n"
			      "1        3  known    2026-01-02  2026-01-09  yes    2\n"
			      "   fsnotify-mark-connector-race: Use after free of an inotify mark's connector\n"
			      "   in fsnotify\n"
			      "   on 3.10.0-862.2.3.el7.x86_64 (2) and 1 more; fix: 3.10.0-862.9.1.el7\n"
			      "2        2  unknown  2026-01-01  2026-01-01  no     web1\n"
			      "   WARNING in foo\n"
			      "   on 6.1.0-18-amd64; fingerprint 1111111111111111; see also 4\n"
			      "3        1  similar  2026-01-04  2026-01-04  maybe  db1\n"
			      "   foo-race: Use after free of foo\n"
			      "   on 6.1.90-1-amd64; fix, if it is this bug: linux 6.1.90\n"
			      "4        1  unknown  2026-01-01  2026-01-01  no     -\n"
			      "   WARNING in foo\n"
			      "   fingerprint 2222222222222222; see also 2\n"
			      "\n"
			      "1. fsnotify-mark-connector-race: Use after free of an inotify mark's connector\n"
			      "   in fsnotify\n"
			      "  verdict        known\n"
			      "  crashes        3, and 1 more copy\n"
			      "  hosts          web2 (2), web1 (1)\n"
			      "  releases       3.10.0-862.2.3.el7.x86_64 (2), 3.10.0-862.el7.x86_64 (1)\n"
			      "  first          2026-01-02 03:04:05 UTC\n"
			      "  last           2026-01-09 00:00:00 UTC\n"
			      "  fix            3.10.0-862.9.1.el7\n"
			      "\n"
			      "  The latest of which more is known:\n"
			      "  line           7\n"
			      "  host           web1\n"
			      "  kernel         3.10.0-862.2.3.el7.x86_64\n"
			      "  time           2026-01-02 03:04:05 UTC\n"
			      "  headline       general protection fault: 0000 [#1] SMP\n"
			      "  where          kmem_cache_alloc+0x74/0x1f0\n"
			      "  process        inotify (pid 2577) on CPU 1\n"
			      "  panic          Fatal exception\n"
			      "  symptom        oops in the slab allocator\n"
			      "  other crashes  2 in the same log\n"
			      "  read from      /var/crash/127.0.0.1-2026-01-02-03:04:05/vmcore-dmesg.txt\n"
			      "  call trace     fsnotify_add_mark_locked+0x12d/0x300\n"
			      "                 inotify_update_watch+0xe5/0x170 [vboxsf]\n"
			      "                 (and 3 more)\n"
			      "\n"
			      "  Evidence:\n"
			      "           kind                 general-protection-fault\n"
			      "  line 10  instruction_pointer  RIP: 0010:kmem_cache_alloc+0x74/0x1f0\n"
			      "\n"
			      "  What to do:\n"
			      "  1. Update the kernel.\n"
			      "       yum update kernel-3.10.0-862.9.1.el7 && reboot\n"
			      "       uname -r\n"
			      "  2. Until then: stop what uses inotify. (only for kernels el7: before\n"
			      "     3.10.0-862.9.1.el7)\n"
			      "\n"
			      "  Fixed in:\n"
			      "  3.10.0-862.9.1.el7\n"
			      "\n"
			      "  References:\n"
			      "  https://access.redhat.com/solutions/3491461\n"
			      "\n"
			      "  Its crashes:\n"
			      "  2026-01-09 00:00:00 web2 3.10.0-862.2.3.el7.x86_64\n"
			      "    /var/crash/127.0.0.1-2026-01-09-00:00:00/vmcore\n"
			      "  2026-01-02 03:04:05 web1 3.10.0-862.2.3.el7.x86_64 (and 1 copy)\n"
			      "    /var/crash/127.0.0.1-2026-01-02-03:04:05/vmcore-dmesg.txt\n"
			      "  -                   web2 3.10.0-862.el7.x86_64\n"
			      "    /var/crash/vmcore\n"
			      "\n"
			      "2. WARNING in foo\n"
			      "  verdict        unknown\n"
			      "  crashes        2\n"
			      "  host           web1\n"
			      "  release        6.1.0-18-amd64\n"
			      "  first          2026-01-01 02:00:00 UTC\n"
			      "  last           2026-01-01 02:01:00 UTC\n"
			      "  fix            none known\n"
			      "  kind           warning\n"
			      "  culprit        foo\n"
			      "  fingerprint    1111111111111111\n"
			      "  see also       4: the same kind and culprit\n"
			      "\n"
			      "  Its crashes:\n"
			      "  2026-01-01 02:01:00 web1 6.1.0-18-amd64\n"
			      "    /srv/crash/web3/2/dmesg\n"
			      "  2026-01-01 02:00:00 web1 6.1.0-18-amd64\n"
			      "    /srv/crash/web3/1/dmesg\n"
			      "\n"
			      "3. foo-race: Use after free of foo\n"
			      "  verdict        similar\n"
			      "  crashes        1\n"
			      "  host           db1\n"
			      "  release        6.1.90-1-amd64\n"
			      "  time           2026-01-04 00:00:00 UTC\n"
			      "  fix, perhaps   linux 6.1.90\n"
			      "  These crashes have the face of this bug, but their releases are outside of\n"
			      "  those that have it: the bug is fixed there already, or it is another one.\n"
			      "\n"
			      "  Its crashes:\n"
			      "  2026-01-04 00:00:00 db1 6.1.90-1-amd64\n"
			      "    /srv/crash/db1/vmcore\n"
			      "\n"
			      "4. WARNING in foo\n"
			      "  verdict        unknown\n"
			      "  crashes        1\n"
			      "  time           2026-01-01 02:01:00 UTC\n"
			      "  fix            none known\n"
			      "  kind           warning\n"
			      "  culprit        foo\n"
			      "  fingerprint    2222222222222222\n"
			      "  see also       2: the same kind and culprit\n"
			      "\n"
			      "  Its crashes:\n"
			      "  2026-01-01 02:01:00 - -\n"
			      "    /srv/crash/web3/3/dmesg\n"
			      "\n"
			      "Could not be read\n"
			      "  took longer than 60 s:\n"
			      "    /var/crash/b with a blank/vmcore\n"
			      "    /var/crash/c/vmcore\n"
			      "  permission denied:\n"
			      "    /var/crash/a/vmcore\n";

static void test_sample(void **state)
{
	static const struct {
		enum fleet_format format;
		size_t width;
		const char *expected;
	} rows[] = {
		{ TABLE, 40, table_40 },
		{ TABLE, 80, table_80 },
		{ TABLE, 120, table_120 },
		{ TEXT_REPORT, 80, text_80 },
	};
	struct fleet fleet = sample_fleet();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *bytes = written(&fleet, rows[i].format, rows[i].width, false);
		assert_written(bytes, rows[i].expected);
		free(bytes);
	}
	fleet_free(&fleet);
}

static void test_nothing(void **state)
{
	static const char *const expected[] = {
		[TABLE] = "no crash\n",
		[TEXT_REPORT] = "Kernel crashes: /var/lib/kdump-triage/history.db\n\n"
				"  made           2026-01-21 01:02:03 UTC\n  period         since 2026-01-01\n"
				"  found          no crash\n",
		[MARKDOWN] = "# Kernel crashes: `/var/lib/kdump-triage/history.db`\n\n"
			     "- made: `2026-01-21 01:02:03 UTC`\n- period: `since 2026-01-01`\n- found: `no crash`\n",
		[JSON] = "{\"schema\":\"kdump-triage-report/1\",\"made_at\":1768957323,"
			 "\"source\":\"/var/lib/kdump-triage/history.db\",\"since\":1767225600,\"until\":null,"
			 "\"counts\":{\"crashes\":0,\"known\":0,\"similar\":0,\"unknown\":0,\"groups\":0,\"copies\":0,"
			 "\"no_crash\":0,\"failed\":0},\"releases\":[],\"hosts\":[],\"groups\":[],\"failures\":[]}\n",
	};
	struct fleet fleet = { 0 };

	(void)state;
	finish(&fleet);
	for (enum fleet_format format = 0; format < FLEET_FORMAT_COUNT; format++) {
		char *bytes = written(&fleet, format, 80, false);
		assert_written(bytes, expected[format]);
		free(bytes);
	}
	fleet_free(&fleet);
	add(&fleet, (struct sighting){ .verdict = SIGHTING_NO_CRASH });
	add(&fleet, failure("/a", "permission denied"));
	finish(&fleet);
	char *bytes = written(&fleet, TABLE, 80, false);
	assert_written(bytes,
		       "no crash in 1 input, 1 could not be read\n\nCould not be read\n  permission denied:\n    /a\n");
	free(bytes);
	fleet_free(&fleet);
}

/* Colour adds escapes and changes no word; without it there is none. */
static void test_color(void **state)
{
	struct fleet fleet = sample_fleet();

	(void)state;
	for (enum fleet_format format = TABLE; format <= TEXT_REPORT; format++) {
		char *plain = written(&fleet, format, 80, false), *color = written(&fleet, format, 80, true), *to = color;
		assert_null(strchr(plain, '\033'));
		assert_contains(color, "\033[1;32mknown\033[0m");
		assert_contains(color, "\033[1;33msimilar\033[0m");
		assert_contains(color, "\033[1;31munknown\033[0m");
		for (const char *from = color; *from;)
			if (*from == '\033')
				from += strcspn(from, "m") + 1;
			else
				*to++ = *from++;
		*to = '\0';
		assert_string_equal(color, plain);
		free(plain);
		free(color);
	}
	fleet_free(&fleet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sample),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_color),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
