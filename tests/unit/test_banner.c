/* Kernels' banners against what is known of the one that died. */
#include "debuginfo/banner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define DEBIAN "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)"

/* As in .rodata: 6.1 and later have a weak banner without number or date besides. */
static const char rodata[] =
	"Linux version\0Linux version %s (%s)\0\1Linux version 6.1.0-18 (who@where) (gcc-12 (Debian) 12.2.0) # "
	"SMP PREEMPT_DYNAMIC \n\0Linux version 6.1.0-18 (who@where) (gcc-12 (Debian) 12.2.0, GNU ld) " DEBIAN
	"\n\0Linux version 5.15.0-91-generic (b@l) (gcc 11.4.0) #101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023 "
	"(Ubuntu 5.15.0-91.101-generic 5.15.131)\n\0Linux version 6.5.0 (a@b) (gcc) #1 Thu Jan  4 10:00:00 2024";

static void what_is_whole_is_known(void **state)
{
	static const struct {
		const char *version;
		bool whole;
	} rows[] = { { "#1", false },
		     { "", false },
		     { "#1 Debian 6.1.76-1", false },
		     { "#1 PREEMPT(voluntary)", false },
		     { "#1 SMP", false },
		     { "SMP Tue Nov 14 13:30:08 UTC 2023", false },
		     { "#1 Tue Nov 14 13:30:08 UTC 2023", true },
		     { "#101-Ubuntu SMP Tue", true },
		     { DEBIAN, true } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(banner_is_whole(text_from(rows[i].version)), rows[i].whole);
}

static void a_banner_must_have_what_is_known(void **state)
{
	static const struct {
		const char *release, *version;
		const char *error; /* NULL: it fits */
	} rows[] = {
		{ "6.1.0-18", "", NULL },
		{ "6.1.0-18", DEBIAN, NULL },
		{ "6.1.0-18", "#1", NULL },
		{ "6.1.0-18", "#2", NULL },
		{ "6.1.0-18", "#1 Debian 6.1.90-1", NULL },
		{ "6.1.0-18", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (20", NULL },
		{ "6.1.0-18", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-02)",
		  "of another build of 6.1.0-18: its version is " DEBIAN ", that" },
		{ "6.1.0-18", "#2 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)", "of another build" },
		{ "5.15.0-91-generic", "#101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023", NULL },
		{ "5.15.0-91-generic",
		  "#101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023 (Ubuntu 5.15.0-91.101-generic 5.15.131)", NULL },
		{ "5.15.0-91-generic", "#101-Ubuntu SMP Tue Nov 14 13:30:09 UTC 2023", "of another build" },
		{ "6.5.0", "#1 Thu Jan  4 10:00:00 2024", NULL },
		{ "6.5.0", "#1 Thu Jan  4 10:00:01 2024", "of another build" },
		{ "6.1.0-1", "", "of another kernel: it does not call itself 6.1.0-1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct debuginfo_wanted wanted = { .release = text_from(rows[i].release),
						   .version = text_from(rows[i].version) };
		struct error error = { 0 };
		bool fits = banner_fits((struct text){ rodata, sizeof rodata }, &wanted, &error);
		assert_int_equal(fits, rows[i].error == NULL);
		if (!fits)
			assert_true(text_find(text_from(error.message), rows[i].error) == 0);
	}
}

/* Data may end anywhere. */
static void data_that_is_cut_is_read_to_its_end(void **state)
{
	struct debuginfo_wanted wanted = { .release = TEXT("6.5.0"), .version = TEXT("#1 Thu Jan  4 10:00:00 2024") };
	size_t fitted = 0;

	(void)state;
	for (size_t length = 0; length <= sizeof rodata; length++) {
		struct error error = { 0 };
		fitted += banner_fits((struct text){ rodata, length }, &wanted, &error);
	}
	assert_true(fitted > 10 && fitted < 60);
	assert_false(banner_fits(TEXT_NONE, &wanted, &(struct error){ 0 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_whole_is_known),
		cmocka_unit_test(a_banner_must_have_what_is_known),
		cmocka_unit_test(data_that_is_cut_is_read_to_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
