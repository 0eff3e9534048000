/* Instructions as touched/ sees them, and where a register's value comes from. */
#include "touched/code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RAX = 0, RDX = 1, RCX = 2, RBX = 3, RSI = 4, RDI = 5, RBP = 6, R8 = 8, R12 = 12 };

#define AT UINT64_C(0xffffffff81000000)

static struct decoder *decoder(void)
{
	struct error error = { 0 };
	struct decoder *opened = decoder_open("x86_64", &error);

	assert_non_null(opened);
	return opened;
}

static void instructions_are_told_by_what_they_do(void **state)
{
	static const struct {
		const char *what;
		unsigned char bytes[12];
		struct instruction expected; /* as far as it says something */
	} rows[] = {
		{ "mov %rdi,%rbx",
		  { 0x48, 0x89, 0xfb },
		  { .length = 3, .kind = INSTRUCTION_MOVE, .writes = 1 << RBX, .to = RBX, .from = RDI } },
		{ "mov %edi,%ebx", { 0x89, 0xfb }, { .length = 2, .kind = INSTRUCTION_OTHER, .writes = 1 << RBX } },
		{ "lea 0x88(%rax),%rbp",
		  { 0x48, 0x8d, 0xa8, 0x88, 0, 0, 0 },
		  { .length = 7,
		    .kind = INSTRUCTION_ADDRESS,
		    .writes = 1 << RBP,
		    .to = RBP,
		    .from = RAX,
		    .displacement = 0x88 } },
		{ "lea (%rax,%rdx),%rbp",
		  { 0x48, 0x8d, 0x2c, 0x10 },
		  { .length = 4, .kind = INSTRUCTION_OTHER, .writes = 1 << RBP } },
		{ "sub $-128,%rdi",
		  { 0x48, 0x83, 0xef, 0x80 },
		  { .length = 4,
		    .kind = INSTRUCTION_ADDRESS,
		    .writes = 1 << RDI,
		    .to = RDI,
		    .from = RDI,
		    .displacement = 128 } },
		{ "pop %r12",
		  { 0x41, 0x5c },
		  { .length = 2, .kind = INSTRUCTION_POP, .to = R12, .writes = 1 << R12 | 1 << 7 } },
		{ "ret", { 0xc3 }, { .length = 1, .kind = INSTRUCTION_RETURN, .writes = 1 << 7 } },
		{ "xor %eax,%eax", { 0x31, 0xc0 }, { .length = 2, .kind = INSTRUCTION_OTHER, .writes = 1 << RAX } },
		{ "mov $1,%cl", { 0xb1, 0x01 }, { .length = 2, .kind = INSTRUCTION_OTHER, .writes = 1 << RCX } },
		{ "div %rsi",
		  { 0x48, 0xf7, 0xf6 },
		  { .length = 3, .kind = INSTRUCTION_OTHER, .writes = 1 << RAX | 1 << RDX } },
	};
	struct decoder *d = decoder();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct instruction got;
		assert_true(decoder_next(d, rows[i].bytes, sizeof rows[i].bytes, AT, &got));
		const struct instruction *want = &rows[i].expected;
		if (got.length != want->length || got.kind != want->kind || got.writes != want->writes ||
		    got.displacement != want->displacement ||
		    (want->to &&
		     (got.to != want->to || got.from != (want->kind == INSTRUCTION_POP ? NO_REGISTER : want->from))))
			fail_msg("%s: length %u, kind %d, writes %x, to %d, from %d, %lld", rows[i].what, got.length,
				 got.kind, got.writes, got.to, got.from, (long long)got.displacement);
	}
	decoder_close(d);
}

static void memory_is_told_with_its_registers(void **state)
{
	static const struct {
		const char *what;
		unsigned char bytes[12];
		size_t count;
		struct instruction_memory memory;
	} rows[] = {
		{ "mov 0x1c(%rdi),%r15d", { 0x44, 0x8b, 0x7f, 0x1c }, 1, { RDI, NO_REGISTER, 0x1c, 1, 4, false } },
		{ "lock cmpxchg %edx,(%rdi)", { 0xf0, 0x0f, 0xb1, 0x17 }, 1, { RDI, NO_REGISTER, 0, 1, 4, false } },
		{ "mov -8(%rbp,%rsi,8),%rax", { 0x48, 0x8b, 0x44, 0xf5, 0xf8 }, 1, { RBP, RSI, -8, 8, 8, false } },
		{ "mov %gs:0x10(%rax),%rax", { 0x65, 0x48, 0x8b, 0x40, 0x10 }, 1, { RAX, NO_REGISTER, 0x10, 1, 8, true } },
		{ "mov 0x10(%rip),%rax",
		  { 0x48, 0x8b, 0x05, 0x10, 0, 0, 0 },
		  1,
		  { NO_REGISTER, NO_REGISTER, 0x10, 1, 8, true } },
		{ "nopl 0x0(%rax)", { 0x0f, 0x1f, 0x40, 0 }, 0, { 0 } },
		{ "lea 8(%rax),%rax", { 0x48, 0x8d, 0x40, 8 }, 0, { 0 } },
	};
	struct decoder *d = decoder();
	struct instruction got;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(decoder_next(d, rows[i].bytes, sizeof rows[i].bytes, AT, &got));
		const struct instruction_memory *m = &got.memory[0], *want = &rows[i].memory;
		if (got.memory_count != rows[i].count ||
		    (got.memory_count &&
		     (m->base != want->base || m->index != want->index || m->scale != want->scale ||
		      m->displacement != want->displacement || m->size != want->size || m->elsewhere != want->elsewhere)))
			fail_msg("%s: %zu, base %d, index %d, %lld, %u bytes, %d", rows[i].what, got.memory_count, m->base,
				 m->index, (long long)m->displacement, m->size, m->elsewhere);
	}
	assert_true(decoder_next(d, (const unsigned char *)"\xe8\x00\x00\x00\x00", 5, AT, &got));
	assert_true(got.kind == INSTRUCTION_CALL && got.has_target && got.target == AT + 5);
	assert_true(decoder_next(d, (const unsigned char *)"\x75\x10", 2, AT, &got));
	assert_true(got.kind == INSTRUCTION_BRANCH && got.has_target && got.target == AT + 0x12);
	assert_true(decoder_next(d, (const unsigned char *)"\xff\xe0", 2, AT, &got));
	assert_true(got.kind == INSTRUCTION_JUMP && !got.has_target);
	assert_false(decoder_next(d, (const unsigned char *)"\x48", 1, AT, &got));
	decoder_close(d);
}

/* A function of these bytes. */
static struct code make(const unsigned char *bytes, size_t length)
{
	struct decoder *d = decoder();
	struct code code = { .begin = AT, .end = AT + length, .tracer_call = SIZE_MAX, .whole_known = true };

	code.own.items = calloc(length, sizeof *code.own.items);
	code.is_target = calloc(length, sizeof *code.is_target);
	assert_true(code.own.items && code.is_target);
	for (size_t at = 0; at < length; at += code.own.items[code.own.count++].length)
		assert_true(decoder_next(d, bytes + at, length - at, AT + at, &code.own.items[code.own.count]));
	decoder_close(d);
	return code;
}

static const unsigned char prologue[] = {
	0xe8, 0,    0,    0,    0, /* 0: call the tracer */
	0x53,                      /* 1: push %rbx */
	0x48, 0x89, 0xfb,          /* 2: mov %rdi,%rbx */
	0xe8, 0,    0,    0,    0, /* 3: call something */
	0x48, 0x8b, 0x43, 0x10,    /* 4: mov 0x10(%rbx),%rax */
	0x8b, 0x10,                /* 5: mov (%rax),%edx */
	0x5b,                      /* 6: pop %rbx */
	0xc3,                      /* 7: ret */
};

static void the_writer_is_the_last_before_it(void **state)
{
	struct code code = make(prologue, sizeof prologue);
	size_t writer;
	bool entry;

	(void)state;
	assert_int_equal(code.own.count, 8);
	assert_true(code_writer(&code, 5, RAX, &writer, &entry));
	assert_int_equal(writer, 4);
	assert_true(code_writer(&code, 4, RBX, &writer, &entry));
	assert_int_equal(writer, 2);
	/* What a call may have changed is not known, and the tracer's is a call like others until it is known to be that. */
	assert_false(code_writer(&code, 5, RDI, &writer, &entry));
	assert_false(entry);
	assert_false(code_writer(&code, 2, RDI, &writer, &entry));
	assert_false(entry);
	code.tracer_call = 0;
	assert_false(code_writer(&code, 2, RDI, &writer, &entry));
	assert_true(entry);
	code_free(&code);
}

static void where_control_may_come_from_elsewhere_the_only_writer_counts(void **state)
{
	struct code code = make(prologue, sizeof prologue);
	size_t writer;
	bool entry;

	(void)state;
	code.tracer_call = 0;
	code.is_target[4] = true;
	assert_true(code_writer(&code, 4, RBX, &writer, &entry));
	assert_int_equal(writer, 2);
	/* The cold part may have written it too. */
	struct instruction cold = { .writes = 1 << RBX };
	code.cold = (struct instructions){ &cold, 1 };
	assert_false(code_writer(&code, 4, RBX, &writer, &entry));
	code.cold = (struct instructions){ 0 };
	/* rax is what any call gives back. */
	code.is_target[5] = true;
	assert_false(code_writer(&code, 5, RAX, &writer, &entry));
	code.whole_known = false;
	assert_false(code_writer(&code, 4, RBX, &writer, &entry));
	code_free(&code);
}

static void other_architectures_are_refused_by_name(void **state)
{
	struct error error = { 0 };

	(void)state;
	assert_null(decoder_open("s390x", &error));
	assert_string_equal(error.message, "instructions of s390x are not known");
	assert_null(decoder_open(NULL, &error));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instructions_are_told_by_what_they_do),
		cmocka_unit_test(memory_is_told_with_its_registers),
		cmocka_unit_test(the_writer_is_the_last_before_it),
		cmocka_unit_test(where_control_may_come_from_elsewhere_the_only_writer_counts),
		cmocka_unit_test(other_architectures_are_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
