/* A catalogue's digest: of what the files say, not of where they lie. */
#define _GNU_SOURCE /* mkdtemp */
#include "signature/signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SYMPTOMS "symptoms:\n  - name: oops\n    kind: page-fault\n"
#define ONE      "id: one\ntitle: A bug\n" SYMPTOMS
#define TWO      "id: two\ntitle: Another\n" SYMPTOMS

static char directory[] = "/tmp/test-digest-XXXXXX";

/* Loaded one after the other, up to the first without a name. */
struct files {
	const char *names[3], *contents[3];
};

static uint64_t digest(const struct files *files)
{
	struct catalogue *catalogue = catalogue_new();
	struct error_list errors = { 0 };
	char path[200];

	assert_non_null(catalogue);
	for (size_t i = 0; i < 3 && files->names[i]; i++) {
		snprintf(path, sizeof path, "%s/%s", directory, files->names[i]);
		FILE *file = fopen(path, "w");
		assert_non_null(file);
		assert_true(fputs(files->contents[i], file) >= 0);
		assert_int_equal(fclose(file), 0);
		catalogue_load(catalogue, path, &errors);
		assert_int_equal(unlink(path), 0);
	}
	uint64_t digest = catalogue_digest(catalogue);
	catalogue_free(catalogue);
	error_list_free(&errors);
	return digest;
}

#define DIGEST(...) digest(&(struct files){ __VA_ARGS__ })

static void test_same(void **state)
{
	uint64_t both = DIGEST({ "one.yaml", "two.yaml" }, { ONE, TWO });

	(void)state;
	assert_true(DIGEST({ "one.yaml", "two.yaml" }, { ONE, TWO }) == both);
	assert_true(DIGEST({ "two.yaml", "one.yaml" }, { TWO, ONE }) == both);
	assert_true(DIGEST({ "below/two.yml", "one.yaml" }, { TWO, ONE }) == both);
	/* What gives no signature changes nothing: a broken file, one whose id is taken. */
	assert_true(DIGEST({ "one.yaml", "bad.yaml", "two.yaml" }, { ONE, "id: bad\n", TWO }) == both);
	assert_true(DIGEST({ "one.yaml", "two.yaml", "below/two.yaml" }, { ONE, TWO, TWO "subsystem: mm\n" }) == both);
}

static void test_different(void **state)
{
	const uint64_t digests[] = {
		DIGEST({ NULL }, { NULL }),
		DIGEST({ "one.yaml" }, { ONE }),
		DIGEST({ "two.yaml" }, { TWO }),
		DIGEST({ "one.yaml", "two.yaml" }, { ONE, TWO }),
		DIGEST({ "one.yaml", "two.yaml" }, { ONE, TWO "\n" }),
		DIGEST({ "one.yaml", "two.yaml" }, { ONE, TWO "#" }),
		DIGEST({ "one.yaml", "two.yaml" }, { ONE, TWO "# 2345678" }),
		DIGEST({ "one.yaml", "two.yaml" }, { ONE, TWO "# 2345679" }),
		DIGEST({ "one.yaml", "two.yaml" }, { ONE "\n", TWO }),
	};

	(void)state;
	for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
		for (size_t j = 0; j < i; j++)
			if (digests[i] == digests[j])
				fail_msg("catalogues %zu and %zu have one digest", j, i);
}

static int make_directory(void **state)
{
	char below[100];

	(void)state;
	if (!mkdtemp(directory))
		return -1;
	snprintf(below, sizeof below, "%s/below", directory);
	return mkdir(below, 0700);
}

static int remove_directory(void **state)
{
	char below[100];

	(void)state;
	snprintf(below, sizeof below, "%s/below", directory);
	return rmdir(below) || rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_different),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
