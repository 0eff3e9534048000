/* BTF made by hand, and what is made of BTF that is none. */
#include "made_up_btf.h"
#include "stacks/types_btf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/*
 * struct inner { int a; const number_t b; };   struct outer { void *p; union { struct { int x; int y; }; long z; }; struct
 * inner in[3]; }; enum { FIRST = 7 }; enum { LARGE = 0x200000001 }; struct flags { int whole, part:3, next_part:5; };
 */
static size_t make(struct blob *blob)
{
	*blob = (struct blob){ .strings = 1 };
	blob_type(blob, "int", INT, 0, 4); /* 1 */
	blob_add(blob, 32);
	blob_type(blob, "number_t", TYPEDEF, 0, 1); /* 2 */
	blob_type(blob, "", CONST, 0, 2);           /* 3 */
	blob_type(blob, "inner", STRUCT, 2, 8);     /* 4 */
	blob_member(blob, "a", 1, 0);
	blob_member(blob, "b", 3, 32);
	blob_type(blob, "", POINTER, 0, 0); /* 5 */
	blob_type(blob, "", STRUCT, 2, 8);  /* 6 */
	blob_member(blob, "x", 1, 0);
	blob_member(blob, "y", 1, 32);
	blob_type(blob, "", UNION, 2, 8); /* 7 */
	blob_member(blob, "", 6, 0);
	blob_member(blob, "z", 5, 0);
	blob_type(blob, "", ARRAY, 0, 0); /* 8 */
	blob_add(blob, 4);
	blob_add(blob, 1);
	blob_add(blob, 3);
	blob_type(blob, "outer", STRUCT, 3, 40); /* 9 */
	blob_member(blob, "p", 5, 0);
	blob_member(blob, "", 7, 64);
	blob_member(blob, "in", 8, 128);
	blob_type(blob, "", ENUM, 1, 4); /* 10 */
	blob_add(blob, blob_name(blob, "FIRST"));
	blob_add(blob, 7);
	blob_type(blob, "", ENUM64, 1, 8); /* 11 */
	blob_add(blob, blob_name(blob, "LARGE"));
	blob_add(blob, 1);
	blob_add(blob, 2);
	blob_type(blob, "flags", STRUCT | 0x80, 3, 8); /* 12: with kind_flag */
	blob_member(blob, "whole", 1, 0);
	blob_member(blob, "part", 1, 3u << 24 | 32);
	blob_member(blob, "next_part", 1, 5u << 24 | 35);
	return blob_finish(blob);
}

static void members_are_found_by_their_path(void **state)
{
	static const struct {
		const char *structure, *path;
		uint64_t offset, size;
	} rows[] = { { "inner", "a", 0, 4 },        { "inner", "b", 4, 4 },     { "outer", "p", 0, 8 },
		     { "outer", "x", 8, 4 },        { "outer", "y", 12, 4 },    { "outer", "z", 8, 8 },
		     { "outer", "in", 16, 24 },     { "flags", "whole", 0, 4 }, { "flags", "part", 4, 0 },
		     { "flags", "next_part", 4, 0 } };
	struct blob blob;
	struct error error = { 0 };
	size_t length = make(&blob);
	struct btf *btf = btf_from_bytes(blob.bytes, length, false, &error);

	(void)state;
	assert_non_null(btf);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct type_member found;
		assert_true(btf_member(btf, rows[i].structure, rows[i].path, &found));
		assert_int_equal(found.offset, rows[i].offset);
		assert_int_equal(found.size, rows[i].size);
	}
	struct type_member found;
	uint64_t count = 0, value = 0;
	assert_false(btf_member(btf, "outer", "nothing", &found));
	assert_false(btf_member(btf, "outer", "p.x", &found));
	assert_false(btf_member(btf, "int", "a", &found));
	assert_true(btf_element(btf, "outer", "in", &found, &count));
	assert_int_equal(found.offset, 16);
	assert_int_equal(found.size, 8);
	assert_int_equal(count, 3);
	assert_false(btf_element(btf, "outer", "p", &found, &count));
	assert_true(btf_enumerator(btf, "FIRST", &value));
	assert_int_equal(value, 7);
	assert_true(btf_enumerator(btf, "LARGE", &value));
	assert_int_equal(value, 0x200000001);
	assert_false(btf_enumerator(btf, "outer", &value));
	assert_int_equal(btf_size(btf, "outer"), 40);
	assert_int_equal(btf_size(btf, "none"), 0);
	btf_close(btf);
}

static void ask(struct btf *btf)
{
	struct type_member found;
	uint64_t count, value;

	btf_member(btf, "outer", "y", &found);
	btf_member(btf, "inner", "b", &found);
	btf_element(btf, "outer", "in", &found, &count);
	btf_enumerator(btf, "FIRST", &value);
	btf_size(btf, "outer");
}

static void what_is_cut_is_refused_or_answers_without_harm(void **state)
{
	struct blob blob;
	size_t length = make(&blob);

	(void)state;
	for (size_t cut = 0; cut < length; cut++) {
		struct error error = { 0 };
		struct btf *btf = btf_from_bytes(blob.bytes, cut, false, &error);
		assert_null(btf);
		assert_true(error.message[0]);
	}
}

/* Every byte is set to each of some values: loops, counts that lie, offsets that lead out. */
static void what_lies_does_no_harm(void **state)
{
	static const unsigned char values[] = { 0, 1, 4, 6, 7, 9, 0x7f, 0x80, 0xff };
	struct blob blob;
	size_t length = make(&blob), opened = 0;

	(void)state;
	for (size_t i = 0; i < length; i++)
		for (size_t v = 0; v < sizeof values; v++) {
			struct error error = { 0 };
			unsigned char was = blob.bytes[i];
			blob.bytes[i] = values[v];
			struct btf *btf = btf_from_bytes(blob.bytes, length, false, &error);
			if (btf)
				ask(btf);
			opened += btf != NULL;
			btf_close(btf);
			blob.bytes[i] = was;
		}
	assert_true(opened > length);
}

/* A typedef of itself; a structure with itself as its nameless member. */
static void loops_end(void **state)
{
	struct blob blob = { .strings = 1 };
	struct error error = { 0 };
	struct type_member found;

	(void)state;
	blob_type(&blob, "loop", TYPEDEF, 0, 1);
	blob_type(&blob, "self", STRUCT, 3, 8);
	blob_member(&blob, "", 2, 0);
	blob_member(&blob, "", 2, 0);
	blob_member(&blob, "end", 1, 0);
	struct btf *btf = btf_from_bytes(blob.bytes, blob_finish(&blob), false, &error);
	assert_non_null(btf);
	assert_false(btf_member(btf, "self", "none", &found));
	assert_true(btf_member(btf, "self", "end", &found));
	assert_int_equal(found.size, 0);
	btf_close(btf);
}

/*
 * Nameless members of which each leads to the same one of the next: 8 to the power of 15 ways to the last. The search gives
 * up, and does so before the tests' time does.
 */
static void ways_without_number_are_not_all_gone(void **state)
{
	enum { LEVELS = 15, FAN = 8 };
	struct blob blob = { .strings = 1 };
	struct error error = { 0 };
	struct type_member found;

	(void)state;
	for (uint32_t level = 1; level <= LEVELS; level++) {
		blob_type(&blob, level == 1 ? "first" : "", UNION, FAN, 8);
		for (uint32_t i = 0; i < FAN; i++)
			blob_member(&blob, "", level + 1, 0);
	}
	blob_type(&blob, "", STRUCT, 1, 8);
	blob_member(&blob, "last", LEVELS + 2, 0);
	blob_int(&blob, "int", 4);
	struct btf *btf = btf_from_bytes(blob.bytes, blob_finish(&blob), false, &error);
	assert_non_null(btf);
	assert_true(btf_member(btf, "first", "last", &found));
	assert_false(btf_member(btf, "first", "none", &found));
	btf_close(btf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_found_by_their_path),
		cmocka_unit_test(what_is_cut_is_refused_or_answers_without_harm),
		cmocka_unit_test(what_lies_does_no_harm),
		cmocka_unit_test(loops_end),
		cmocka_unit_test(ways_without_number_are_not_all_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
