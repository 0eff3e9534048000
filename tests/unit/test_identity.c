/* triage/identity: every thing that the kernel printed of a crash tells it apart, and nothing else does. */
#include "triage/identity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { REGISTERS = 6, FRAMES = 2 };

/* A crash with all that it has, so that a copy can be changed. */
struct whole {
	struct crash crash;
	struct crash_register registers[REGISTERS];
	struct crash_frame frames[FRAMES];
};

static struct whole *make(void)
{
	struct whole *whole = calloc(1, sizeof *whole);

	assert_non_null(whole);
	whole->crash = (struct crash){
		.kind = CRASH_PAGE_FAULT,
		.headline = TEXT("BUG: unable to handle page fault for address: ffff899600000000"),
		.time_ns = INT64_C(23367864000),
		.wall_time = 1528173982,
		.host = TEXT("web1"),
		.cpu = 1,
		.pid = 1597,
		.comm = TEXT("inotify"),
		.release = TEXT("6.1.0-9-amd64"),
		.taint_known = true,
		.instruction_pointer = { .function = TEXT("foo"),
					 .offset = 0x13,
					 .size = 0x30,
					 .has_offset = true,
					 .address = 0xffffffff9c3f7254,
					 .has_address = true },
		.fault_address = 0xffff899600000000,
		.has_fault_address = true,
		.fingerprint = 1,
		.has_fingerprint = true,
		.registers = whole->registers,
		.register_count = REGISTERS,
		.frames = whole->frames,
		.frame_count = FRAMES,
	};
	for (size_t i = 0; i < REGISTERS; i++)
		whole->registers[i] = (struct crash_register){ .name = "rax", .value = 0xffff8996b670e910 + i };
	whole->frames[0] = (struct crash_frame){ .location = { .function = TEXT("bar"), .offset = 1, .has_offset = true } };
	whole->frames[1] = (struct crash_frame){ .location = { .function = TEXT("baz"), .offset = 2, .has_offset = true } };
	return whole;
}

/* Each changes one thing. */
static void another_headline(struct whole *whole)
{
	whole->crash.headline = TEXT("BUG: unable to handle page fault for address: ffff899600000001");
}
static void another_time(struct whole *whole)
{
	whole->crash.time_ns += 1000;
}
static void no_time(struct whole *whole)
{
	whole->crash.time_ns = RECORD_NO_TIME;
}
static void another_cpu(struct whole *whole)
{
	whole->crash.cpu = 2;
}
static void no_cpu(struct whole *whole)
{
	whole->crash.cpu = -1;
}
static void another_pid(struct whole *whole)
{
	whole->crash.pid = 1598;
}
static void another_comm(struct whole *whole)
{
	whole->crash.comm = TEXT("inotifx");
}
static void another_release(struct whole *whole)
{
	whole->crash.release = TEXT("6.1.0-10-amd64");
}
static void another_place(struct whole *whole)
{
	whole->crash.instruction_pointer.offset++;
}
static void another_address(struct whole *whole)
{
	whole->crash.instruction_pointer.address++;
}
static void another_fault(struct whole *whole)
{
	whole->crash.fault_address++;
}
static void another_register(struct whole *whole)
{
	whole->registers[REGISTERS - 1].value++;
}
static void fewer_registers(struct whole *whole)
{
	whole->crash.register_count--;
}
static void another_function(struct whole *whole)
{
	whole->frames[FRAMES - 1].location.function = TEXT("bax");
}
static void another_offset(struct whole *whole)
{
	whole->frames[FRAMES - 1].location.offset++;
}
static void fewer_frames(struct whole *whole)
{
	whole->crash.frame_count--;
}
static void same(struct whole *whole)
{
	(void)whole;
}

static void (*const telling[])(struct whole *whole) = {
	same,
	another_headline,
	another_time,
	no_time,
	another_cpu,
	no_cpu,
	another_pid,
	another_comm,
	another_release,
	another_place,
	another_address,
	another_fault,
	another_register,
	fewer_registers,
	another_function,
	another_offset,
	fewer_frames,
};

static void another_line(struct whole *whole)
{
	whole->crash.line = 7;
	whole->crash.end_line = 70;
}
static void another_host(struct whole *whole)
{
	whole->crash.host = TEXT("web2");
}
static void another_wall_time(struct whole *whole)
{
	whole->crash.wall_time++;
}
static void another_clock(struct whole *whole)
{
	whole->crash.clock.month = 6;
}
static void another_kind(struct whole *whole)
{
	whole->crash.kind = CRASH_WARNING;
}
static void another_fingerprint(struct whole *whole)
{
	whole->crash.fingerprint = 2;
}
static void another_culprit(struct whole *whole)
{
	whole->crash.culprit = TEXT("bar");
	whole->crash.title = TEXT("title");
}
static void another_panic(struct whole *whole)
{
	whole->crash.panic = TEXT("Fatal exception");
} /* a dump's log may end before it */
static void another_repeat(struct whole *whole)
{
	whole->crash.repeats = 3;
}

static void (*const irrelevant[])(struct whole *whole) = {
	same,         another_line,        another_host,    another_wall_time, another_clock,
	another_kind, another_fingerprint, another_culprit, another_panic,     another_repeat,
};

static uint64_t identity_after(void (*change)(struct whole *whole))
{
	struct whole *whole = make();

	change(whole);
	uint64_t identity = identity_of(&whole->crash);
	free(whole);
	return identity;
}

static void test_what_tells_crashes_apart(void **state)
{
	uint64_t identities[COUNT(telling)];

	(void)state;
	for (size_t i = 0; i < COUNT(telling); i++) {
		identities[i] = identity_after(telling[i]);
		for (size_t j = 0; j < i; j++)
			if (identities[i] == identities[j])
				fail_msg("changes %zu and %zu give the same identity", j, i);
	}
}

static void test_what_does_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(irrelevant); i++)
		if (identity_after(irrelevant[i]) != identity_after(same))
			fail_msg("change %zu gives another identity", i);
}

/* The banner's release is not in every piece of a log. */
static void test_release_that_the_report_does_not_name(void **state)
{
	struct whole *whole = make();

	(void)state;
	whole->crash.taint_known = false;
	uint64_t named = identity_of(&whole->crash);
	whole->crash.release = TEXT_NONE;
	assert_true(identity_of(&whole->crash) == named);
	free(whole);
}

/* Without time and registers, a task that hangs on two machines would be one crash. */
static void test_host_and_clock_where_nothing_else_tells(void **state)
{
	struct whole *whole = make();
	uint64_t seen[5];

	(void)state;
	whole->crash.time_ns = RECORD_NO_TIME;
	whole->crash.register_count = 3;
	seen[0] = identity_of(&whole->crash);
	whole->crash.host = TEXT("web2");
	seen[1] = identity_of(&whole->crash);
	whole->crash.wall_time++;
	seen[2] = identity_of(&whole->crash);
	whole->crash.clock = (struct wall_clock){ 0, 6, 5, 4, 46, 22 };
	seen[3] = identity_of(&whole->crash);
	whole->crash.clock.second++;
	seen[4] = identity_of(&whole->crash);
	for (size_t i = 0; i < COUNT(seen); i++)
		for (size_t j = 0; j < i; j++)
			assert_true(seen[i] != seen[j]);
	/* The year of a clock without one is found by the age of the file, which a copy changes. */
	whole->crash.wall_time += 365 * 86400;
	assert_true(identity_of(&whole->crash) == seen[4]);
	free(whole);
}

/* A history keeps identities: what a crash was called yesterday it is called tomorrow. */
static void test_it_stays_what_it_is(void **state)
{
	(void)state;
	assert_true(identity_after(same) == UINT64_C(0x6bb2609c6cd4121f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_tells_crashes_apart),
		cmocka_unit_test(test_what_does_not),
		cmocka_unit_test(test_release_that_the_report_does_not_name),
		cmocka_unit_test(test_host_and_clock_where_nothing_else_tells),
		cmocka_unit_test(test_it_stays_what_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
