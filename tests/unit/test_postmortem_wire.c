/* What the process of postmortem/ sends is what arrives; and what is no message is none. */
#include "postmortem/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct crash_frame frames[] = {
	{ .location = { .function = { "inner", 5 }, .file = { "fs/a.c", 6 }, .line = 7 },
	  .is_inline = true,
	  .reliable = true },
	{ .location = { .function = { "outer", 5 },
			.address = 0xffffffff81000010,
			.has_address = true,
			.offset = 16,
			.size = 64,
			.has_offset = true },
	  .context = CRASH_IRQ,
	  .record = 3 },
};

static char *write_sample(size_t *length)
{
	struct postmortem_cpu cpus[2] = {
		{ .cpu = 0,
		  .pid = 12,
		  .comm = { "a\xff\0b", 4 },
		  .state = "running",
		  .answered = true,
		  .crashed = true,
		  .running_ns = 5,
		  .behind_ns = 6,
		  .others_wait = true,
		  .frames = frames,
		  .frame_count = 2,
		  .interrupted = 1,
		  .how = { "ORC", 3 } },
		{ .cpu = 1, .pid = -1, .running_ns = -1, .ends_early = { "why", 3 } },
	};
	struct postmortem_lines lines = {
		.crash = 4,
		.frames = frames,
		.frame_count = 1,
		.at = frames,
		.at_count = 2,
		.touched = { 8, TEXT("s"), TEXT("m"), 9, TEXT("p"), 10, TEXT("f"), TEXT("c"), 11 },
	};
	struct text note = TEXT("a note");
	struct postmortem found = { .cpus = cpus,
				    .cpu_count = 2,
				    .lines = &lines,
				    .line_count = 1,
				    .notes = &note,
				    .note_count = 1,
				    .debuginfo = { "/v", 2 } };
	struct wire_outcome outcome = { .good = false, .error = { .path = "/file", .message = "is wrong" } };
	char *message = wire_write(&found, &outcome, length);

	assert_non_null(message);
	return message;
}

static void what_is_sent_arrives(void **state)
{
	size_t length;
	char *message = write_sample(&length);
	struct postmortem found = { 0 };
	struct wire_outcome outcome = { .good = true };

	(void)state;
	assert_true(wire_read((struct text){ message, length }, &found, &outcome));
	free(message); /* all is copied */
	assert_int_equal(found.cpu_count, 2);
	const struct postmortem_cpu *cpu = &found.cpus[0];
	assert_true(text_equal(cpu->comm, (struct text){ "a\xff\0b", 4 }));
	assert_string_equal(cpu->state, "running");
	assert_true(cpu->answered && cpu->crashed && cpu->others_wait && !cpu->idle);
	assert_int_equal(cpu->running_ns, 5);
	assert_int_equal(cpu->behind_ns, 6);
	assert_int_equal(cpu->interrupted, 1);
	assert_int_equal(cpu->frame_count, 2);
	assert_true(text_is(cpu->frames[0].location.file, "fs/a.c"));
	assert_true(cpu->frames[0].is_inline && !cpu->frames[1].is_inline);
	assert_int_equal(cpu->frames[1].location.address, 0xffffffff81000010);
	assert_int_equal(cpu->frames[1].context, CRASH_IRQ);
	assert_null(found.cpus[1].state);
	assert_true(text_is(found.cpus[1].ends_early, "why"));
	assert_int_equal(found.lines[0].crash, 4);
	assert_int_equal(found.lines[0].at_count, 2);
	const struct crash_touched *touched = &found.lines[0].touched;
	assert_true(touched->address == 8 && touched->offset == 9 && touched->value == 10 && touched->line == 11);
	assert_true(text_is(touched->structure, "s") && text_is(touched->member, "m") && text_is(touched->pointer, "p") &&
		    text_is(touched->function, "f") && text_is(touched->file, "c"));
	assert_true(text_is(found.notes[0], "a note"));
	assert_true(text_is(found.debuginfo, "/v"));
	assert_false(outcome.good);
	assert_string_equal(outcome.error.path, "/file");
	assert_string_equal(outcome.error.message, "is wrong");
	postmortem_free(&found);
}

static void what_is_cut_is_no_message(void **state)
{
	size_t length;
	char *message = write_sample(&length);

	(void)state;
	for (size_t cut = 0; cut < length; cut++) {
		struct postmortem found = { 0 };
		struct wire_outcome outcome = { 0 };
		assert_false(wire_read((struct text){ message, cut }, &found, &outcome));
		postmortem_free(&found);
	}
	free(message);
}

static void what_lies_does_no_harm(void **state)
{
	size_t length, refused = 0;
	char *message = write_sample(&length);

	(void)state;
	for (size_t i = 0; i < length; i++) {
		struct postmortem found = { 0 };
		struct wire_outcome outcome = { 0 };
		char was = message[i];
		message[i] = (char)0xff;
		refused += !wire_read((struct text){ message, length }, &found, &outcome);
		message[i] = was;
		postmortem_free(&found);
	}
	assert_true(refused > 0);
	free(message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sent_arrives),
		cmocka_unit_test(what_is_cut_is_no_message),
		cmocka_unit_test(what_lies_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
