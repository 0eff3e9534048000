/* Releases: the families that real `uname -r` strings are of, and how versions compare. */
#include "signature/release.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_text(struct text actual, const char *expected, const char *of)
{
	if (text_is(actual, expected))
		return;
	print_error("%s: \"%.*s\" is not the \"%s\" that was expected\n", of, TEXT_ARGS(actual), expected);
	fail();
}

static void test_families(void **state)
{
	static const struct {
		const char *release, *version; /* uname -r, uname -v */
		const char *family, *package, *upstream, *arch;
	} rows[] = {
		/* Red Hat and its rebuilds */
		{ "2.6.32-754.35.1.el6.x86_64", "", "el6", "2.6.32-754.35.1.el6", "", "x86_64" },
		{ "3.10.0-862.2.3.el7.x86_64", "#1 SMP Wed May 9 18:05:47 UTC 2018", "el7", "3.10.0-862.2.3.el7", "", "x86_64" },
		{ "3.10.0-862.el7.x86_64.debug", "", "el7", "3.10.0-862.el7", "", "x86_64" },
		{ "3.10.0-862.el7", "", "el7", "3.10.0-862.el7", "", "" },
		{ "3.10.0-1160.102.1.el7.centos.plus.x86_64", "", "el7-plus", "3.10.0-1160.102.1.el7.centos.plus", "", "x86_64" },
		{ "2.6.32-754.el6.centos.plus.i686", "", "el6-plus", "2.6.32-754.el6.centos.plus", "", "i686" },
		{ "4.14.0-115.el7a.0.1.aarch64", "", "el7a", "4.14.0-115.el7a.0.1", "", "aarch64" },
		{ "4.18.0-513.5.1.el8_9.x86_64", "", "el8", "4.18.0-513.5.1.el8_9", "", "x86_64" },
		{ "5.14.0-362.8.1.el9_3.x86_64", "", "el9", "5.14.0-362.8.1.el9_3", "", "x86_64" },
		{ "5.14.0-427.el9.aarch64+64k-debug", "", "el9", "5.14.0-427.el9", "", "aarch64" },
		{ "5.14.0-362.8.1.el9_3.x86_64+rt", "", "el9", "5.14.0-362.8.1.el9_3", "", "x86_64" },
		{ "6.12.0-55.9.1.el10_0.ppc64le", "", "el10", "6.12.0-55.9.1.el10_0", "", "ppc64le" },
		{ "6.6.9-1.el8.elrepo.x86_64", "", "elrepo", "6.6.9-1.el8.elrepo", "6.6.9", "x86_64" },
		{ "3.10.0-962.3.2.lve1.5.77.el7.x86_64", "", "", "3.10.0-962.3.2.lve1.5.77.el7", "", "x86_64" },
		/* Alibaba, Anolis */
		{ "4.19.91-22.2.al7.x86_64", "", "al7", "4.19.91-22.2.al7", "", "x86_64" },
		{ "5.10.134-16.1.al8.aarch64", "", "al8", "5.10.134-16.1.al8", "", "aarch64" },
		{ "4.19.91-26.4.an7.x86_64", "", "an7", "4.19.91-26.4.an7", "", "x86_64" },
		{ "5.10.134-13.an8.x86_64", "", "an8", "5.10.134-13.an8", "", "x86_64" },
		/* Fedora, Amazon, Oracle */
		{ "6.6.9-200.fc39.x86_64", "", "fedora", "6.6.9-200.fc39", "6.6.9", "x86_64" },
		{ "6.7.0-0.rc8.61.fc40.x86_64", "", "fedora", "6.7.0-0.rc8.61.fc40", "6.7.0-0.rc8", "x86_64" },
		{ "6.7.0-0.rc8.61.fc40.x86_64+debug", "", "fedora", "6.7.0-0.rc8.61.fc40", "6.7.0-0.rc8", "x86_64" },
		{ "4.14.336-180.562.amzn1.x86_64", "", "amzn1", "4.14.336-180.562.amzn1", "4.14.336", "x86_64" },
		{ "5.10.205-195.807.amzn2.x86_64", "", "amzn2", "5.10.205-195.807.amzn2", "5.10.205", "x86_64" },
		{ "6.1.72-96.166.amzn2023.aarch64", "", "amzn2023", "6.1.72-96.166.amzn2023", "6.1.72", "aarch64" },
		{ "5.4.17-2136.325.5.1.el8uek.x86_64", "", "uek", "5.4.17-2136.325.5.1.el8uek", "", "x86_64" },
		/* SUSE */
		{ "5.14.21-150500.55.39-default", "", "suse", "5.14.21-150500.55.39", "", "" },
		{ "5.14.21-150500.33.29-azure", "", "suse", "5.14.21-150500.33.29", "", "" },
		{ "6.7.2-1-default", "", "suse", "6.7.2-1", "", "" },
		/* Debian: the ABI's number is not a stable release, the package's version has it */
		{ "6.1.0-18-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)", "debian", "6.1.76-1", "6.1.76", "x86_64" },
		{ "6.1.0-18-amd64", "#1  Debian 6.1.76-1", "debian", "6.1.76-1", "6.1.76", "x86_64" },
		{ "6.1.0-18-amd64", "#1", "debian", "", "", "x86_64" },
		{ "6.1.0-18-cloud-amd64", "#1 SMP Debian 6.1.76-1 (2024-02-01)", "debian", "6.1.76-1", "6.1.76", "x86_64" },
		{ "6.1.0-0.deb11.13-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.55-1~bpo11+1 (2023-10-08)", "debian",
		  "6.1.55-1~bpo11+1", "6.1.55", "x86_64" },
		{ "5.10.0-27-686-pae", "", "debian", "", "", "i686" },
		{ "6.1.0-18-rt-arm64", "", "debian", "", "", "aarch64" },
		{ "6.12.38+deb13-amd64", "", "debian", "", "6.12.38", "x86_64" },
		{ "6.12.38+deb13-cloud-amd64", "#1 SMP Debian 6.12.38-1 (2025-07-16)", "debian", "6.12.38-1", "6.12.38", "x86_64" },
		{ "6.9.7+bpo-amd64", "", "debian", "", "6.9.7", "x86_64" },
		{ "6.11.10-amd64", "", "debian", "", "6.11.10", "x86_64" },
		{ "2.6.32-5-amd64", "", "debian", "", "", "x86_64" },
		{ "6.7-rc8-amd64", "#1 SMP Debian 6.7~rc8-1~exp1 (2024-01-01)", "debian", "6.7~rc8-1~exp1", "6.7~rc8", "x86_64" },
		/* Ubuntu */
		{ "5.15.0-91-generic", "#101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023", "ubuntu", "5.15.0-91", "", "" },
		{ "5.15.0-91-lowlatency", "", "ubuntu", "5.15.0-91", "", "" },
		{ "5.15.0-1051-aws", "#56~20.04.1-Ubuntu SMP", "ubuntu-aws", "5.15.0-1051", "", "" },
		{ "5.15.0-1053-azure", "", "ubuntu-azure", "5.15.0-1053", "", "" },
		{ "5.4.0-42-generic-lpae", "", "ubuntu", "5.4.0-42", "", "" },
		{ "5.15.0-91-novelty", "#101-Ubuntu SMP", "", "", "", "" },
		{ "6.6.9-060609-generic", "", "upstream", "6.6.9-060609-generic", "6.6.9", "" },
		/* Arch */
		{ "6.7.0-arch3-1", "", "arch", "6.7.0-arch3-1", "6.7.0", "" },
		{ "6.6.10-1-lts", "", "arch", "6.6.10-1-lts", "6.6.10", "" },
		/* kernel.org */
		{ "6.1.79", "", "upstream", "6.1.79", "6.1.79", "" },
		{ "4.17.0-rc2+", "", "upstream", "4.17.0-rc2+", "4.17.0-rc2", "" },
		{ "6.8.0-rc4-syzkaller-00267-g0f1dd5e91e2b", "", "upstream", "6.8.0-rc4-syzkaller-00267-g0f1dd5e91e2b", "6.8.0-rc4", "" },
		{ "6.1.79-gabcdef012345", "", "upstream", "6.1.79-gabcdef012345", "6.1.79", "" },
		{ "6.1.79-00012-gabcdef012345", "", "upstream", "6.1.79-00012-gabcdef012345", "6.1.79", "" },
		{ "5.10.0+", "", "upstream", "5.10.0+", "5.10.0", "" },
		/* others: of no family, rather than of a wrong one */
		{ "6.5.11-8-pve", "#1 SMP PREEMPT_DYNAMIC PMX 6.5.11-8", "", "", "", "" },
		{ "5.15.133.1-microsoft-standard-WSL2", "", "", "", "", "" },
		{ "6.1.21-v8+", "", "", "", "", "" },
		{ "4.19.200-mine", "", "", "", "", "" },
		{ "4.19.200-3", "", "", "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct release release = release_parse(text_from(rows[i].release), text_from(rows[i].version));
		assert_text(release.text, rows[i].release, rows[i].release);
		assert_text(release.family, rows[i].family, rows[i].release);
		assert_text(release.package, rows[i].package, rows[i].release);
		assert_text(release.upstream, rows[i].upstream, rows[i].release);
		assert_text(release.arch, rows[i].arch, rows[i].release);
	}
}

static void test_pieces(void **state)
{
	(void)state;
	assert_text(release_parse(TEXT("4.19.91-22.2.al7.x86_64"), TEXT_NONE).revision, "22.2.al7.x86_64", "revision");
	assert_text(release_parse(TEXT("6.1.79"), TEXT_NONE).revision, "", "revision");
	assert_text(release_parse(TEXT("5.15.0-91-generic"), TEXT("#101-Ubuntu SMP")).upload, "101", "upload");
	assert_text(release_parse(TEXT("5.15.0-91-generic"), TEXT("#101~20.04.1-Ubuntu SMP")).upload, "101~20.04.1", "upload");
	assert_text(release_parse(TEXT("5.15.0-91-generic"), TEXT("#$(x)-Ubuntu SMP")).upload, "", "upload");
}

/* What is no release must not get into a command. */
static void test_refused(void **state)
{
	static const char *const refused[] = {
		"", "4.19.91-22.2;reboot", "4.19.91 $(id)", "4.19.91`id`", "4.19/91", "-rf", "el7", "4.19.91\n", "4.19.91\x1b[31m", "4.19.91'",
		"1234567890123456789012345678901234567890123456789012345678901234.5",
	};

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		struct release release = release_parse(text_from(refused[i]), TEXT_NONE);
		assert_text(release.text, "", refused[i]);
		assert_text(release.family, "", refused[i]);
		assert_text(release.revision, "", refused[i]);
	}
	char zero[] = "4.19\0.91";
	assert_text(release_parse((struct text){ zero, sizeof zero - 1 }, TEXT_NONE).text, "", "with a NUL");
}

/* Anything may follow "Linux version": none of it may upset the parser. */
static void test_odd_releases(void **state)
{
	static const char *const odd[] = {
		"1", "1.", "1-", "1.2.3-", "1.2.3-.", "1.2.3--", "1.2.3-4-", "9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9-9",
		"1................................................", "1.2.3-el7", "1.2.3-4.el7.x86_64.x86_64.", "99999999999999999999.1.2-rc1",
		"6.1.0-18--amd64", "1-amd64", "1.2-amd64", "6.1.79-rc", "6.1.79-g", "1.2.3-pae", "1.2.3-4-pae", "1.2.3-default",
	};

	(void)state;
	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		struct release release = release_parse(text_from(odd[i]), TEXT("#1 Debian"));
		assert_text(release.text, odd[i], odd[i]);
	}
	assert_text(release_parse(TEXT("6.1.0-18-amd64"), TEXT("#1 SMP Debian $(id)")).package, "", "package");
	assert_text(release_parse(TEXT("6.1.0-18-amd64"), TEXT("#1 SMP Debian ")).package, "", "package");
}

struct comparison {
	const char *a, *b;
	int order;
};

static int sign(int order)
{
	return (order > 0) - (order < 0);
}

static void assert_comparisons(enum release_order order, const struct comparison *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int forth = sign(release_compare(order, text_from(rows[i].a), text_from(rows[i].b)));
		int back = sign(release_compare(order, text_from(rows[i].b), text_from(rows[i].a)));
		if (forth == rows[i].order && back == -rows[i].order)
			continue;
		print_error("%s and %s: %d and %d, not %d\n", rows[i].a, rows[i].b, forth, back, rows[i].order);
		fail();
	}
}

static void test_compare_rpm(void **state)
{
	static const struct comparison rows[] = {
		{ "3.10.0-862.2.3.el7", "3.10.0-862.9.1.el7", -1 },
		{ "3.10.0-862.el7", "3.10.0-862.2.3.el7", -1 },
		{ "3.10.0-862.el7", "3.10.0-862.el7", 0 },
		{ "3.10.0-693.21.1.el7", "3.10.0-862.el7", -1 },
		{ "3.10.0-862.10.1.el7", "3.10.0-862.9.1.el7", 1 },
		{ "3.10.0-1062.el7", "3.10.0-862.el7", 1 },
		{ "4.19.91-19.1.al7", "4.19.91-22.2.al7", -1 },
		{ "4.19.91-22.2.al7", "4.19.91-22.al7", 1 },
		{ "4.14.0-113.el7a", "4.14.0-49.el7a", 1 },
		{ "4.14.0", "4.14.0-49.el7a", -1 },
		{ "1:1.0-1", "2.0-1", 1 },
		{ "0:1.0-1", "1.0-1", 0 },
		{ "1.0~rc1", "1.0", -1 },
		{ "1.0^git1", "1.0", 1 },
		{ "4.18.0-513.5.1.el8_9", "4.18.0-513.9.1.el8_9", -1 },
		{ "", "1", -1 },
	};

	(void)state;
	assert_comparisons(RELEASE_RPM, rows, sizeof rows / sizeof rows[0]);
}

static void test_compare_deb(void **state)
{
	static const struct comparison rows[] = {
		{ "6.1.76-1", "6.1.69-1", 1 },
		{ "6.1.76-1~bpo11+1", "6.1.76-1", -1 },
		{ "6.1.76-1+deb12u1", "6.1.76-1", 1 },
		{ "6.7~rc8-1~exp1", "6.7.1-1", -1 },
		{ "5.15.0-91.101", "5.15.0-91.101", 0 },
		{ "5.15.0-100.110", "5.15.0-91.101", 1 },
		{ "1:1.0-1", "2.0-1", 1 },
		/* where dpkg and rpm differ: letters sort before dots, a number's end before a letter */
		{ "862.el7", "862.2.el7", 1 },
	};

	(void)state;
	assert_comparisons(RELEASE_DEB, rows, sizeof rows / sizeof rows[0]);
}

static void test_compare_upstream(void **state)
{
	static const struct comparison rows[] = {
		{ "6.1.79", "6.1.8", 1 },
		{ "6.10", "6.9", 1 },
		{ "4.17", "4.17.0", 0 },
		{ "4.17-rc3", "4.17", -1 },
		{ "4.17.0-rc3", "4.17-rc3", 0 },
		{ "4.17.0-rc2+", "4.17-rc3", -1 },
		{ "4.17-rc10", "4.17-rc9", 1 },
		{ "4.16.18", "4.17-rc1", -1 },
		{ "6.1.79-gabc", "6.1.79", 0 },
		{ "6.7.0-0.rc8.61.fc40", "6.7-rc8", 0 },
		{ "6.7~rc8", "6.7-rc8", 0 },
		{ "2.6.32.71", "2.6.32", 1 },
		{ "99999999999999999999999.1", "99999999999999999999998.1", 0 },
		{ "99999999999999999999999.1", "6.1", 1 },
		{ "", "1.0", -1 },
		{ "garbage", "", 0 },
	};

	(void)state;
	assert_comparisons(RELEASE_UPSTREAM, rows, sizeof rows / sizeof rows[0]);
}

/* Of any length and content. */
static void test_compare_hostile(void **state)
{
	static char digits[100000], zeros[64];
	struct text many = { digits, sizeof digits }, none = { zeros, sizeof zeros };

	(void)state;
	memset(digits, '9', sizeof digits);
	for (int order = RELEASE_RPM; order <= RELEASE_UPSTREAM; order++) {
		assert_int_equal(release_compare((enum release_order)order, many, many), 0);
		assert_true(release_compare((enum release_order)order, many, TEXT("1")) > 0);
		assert_true(release_compare((enum release_order)order, none, TEXT("1")) < 0);
		assert_int_equal(release_compare((enum release_order)order, TEXT_NONE, TEXT_NONE), 0);
	}
}

/* uname -r of Ubuntu lacks the end of the package's version, which uname -v has. */
static void test_compare_package(void **state)
{
	struct release with = release_parse(TEXT("5.15.0-91-generic"), TEXT("#101-Ubuntu SMP"));
	struct release without = release_parse(TEXT("5.15.0-91-generic"), TEXT_NONE);
	struct release rpm = release_parse(TEXT("3.10.0-862.2.3.el7.x86_64"), TEXT_NONE);

	(void)state;
	assert_int_equal(release_compare_package(&with, TEXT("5.15.0-91.101")), 0);
	assert_true(release_compare_package(&with, TEXT("5.15.0-91.102")) < 0);
	assert_true(release_compare_package(&with, TEXT("5.15.0-91.100")) > 0);
	assert_int_equal(release_compare_package(&without, TEXT("5.15.0-91.101")), 0);
	assert_true(release_compare_package(&without, TEXT("5.15.0-92.102")) < 0);
	assert_true(release_compare_package(&without, TEXT("5.15.0-9.10")) > 0);
	assert_true(release_compare_package(&rpm, TEXT("3.10.0-862.9.1.el7")) < 0);
}

static void test_known_families(void **state)
{
	enum release_order order;

	(void)state;
	assert_true(release_family_known(TEXT("el7"), &order));
	assert_int_equal(order, RELEASE_RPM);
	assert_true(release_family_known(TEXT("debian"), &order));
	assert_int_equal(order, RELEASE_DEB);
	assert_true(release_family_known(TEXT("upstream"), &order));
	assert_int_equal(order, RELEASE_UPSTREAM);
	assert_false(release_family_known(TEXT("el"), &order));
	assert_false(release_family_known(TEXT_NONE, &order));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_odd_releases),
		cmocka_unit_test(test_compare_rpm),
		cmocka_unit_test(test_compare_deb),
		cmocka_unit_test(test_compare_upstream),
		cmocka_unit_test(test_compare_hostile),
		cmocka_unit_test(test_compare_package),
		cmocka_unit_test(test_known_families),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
