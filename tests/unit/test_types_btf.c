/* BTF made by hand, and what is made of BTF that is none. */
#include "stacks/types_btf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { INT = 1, POINTER, ARRAY, STRUCT, UNION, ENUM, TYPEDEF = 8, CONST = 10 };

struct blob {
	unsigned char bytes[4096];
	size_t types, strings; /* bytes so far */
	char names[512];
};

static void put(unsigned char *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (unsigned char)(value >> 8 * i);
}

static void add(struct blob *blob, uint32_t value)
{
	put(blob->bytes + 24 + blob->types, value);
	blob->types += 4;
}

static uint32_t name(struct blob *blob, const char *text)
{
	uint32_t at = (uint32_t)blob->strings;

	memcpy(blob->names + at, text, strlen(text) + 1);
	blob->strings += strlen(text) + 1;
	return at;
}

static void type(struct blob *blob, const char *text, uint32_t kind, uint32_t members, uint32_t size_or_type)
{
	add(blob, text[0] ? name(blob, text) : 0);
	add(blob, kind << 24 | members);
	add(blob, size_or_type);
}

static void member(struct blob *blob, const char *text, uint32_t of, uint32_t bits)
{
	add(blob, text[0] ? name(blob, text) : 0);
	add(blob, of);
	add(blob, bits);
}

static size_t finish(struct blob *blob)
{
	unsigned char *header = blob->bytes;

	memcpy(header + 24 + blob->types, blob->names, blob->strings);
	header[0] = 0x9f;
	header[1] = 0xeb;
	header[2] = 1;
	put(header + 4, 24);
	put(header + 8, 0);
	put(header + 12, (uint32_t)blob->types);
	put(header + 16, (uint32_t)blob->types);
	put(header + 20, (uint32_t)blob->strings);
	return 24 + blob->types + blob->strings;
}

/*
 * struct inner { int a; const number_t b; };   struct outer { void *p; union { struct { int x; int y; }; long z; }; struct
 * inner in[3]; }; enum { FIRST = 7 };
 */
static size_t make(struct blob *blob)
{
	*blob = (struct blob){ .strings = 1 };
	type(blob, "int", INT, 0, 4); /* 1 */
	add(blob, 32);
	type(blob, "number_t", TYPEDEF, 0, 1); /* 2 */
	type(blob, "", CONST, 0, 2);           /* 3 */
	type(blob, "inner", STRUCT, 2, 8);     /* 4 */
	member(blob, "a", 1, 0);
	member(blob, "b", 3, 32);
	type(blob, "", POINTER, 0, 0); /* 5 */
	type(blob, "", STRUCT, 2, 8);  /* 6 */
	member(blob, "x", 1, 0);
	member(blob, "y", 1, 32);
	type(blob, "", UNION, 2, 8); /* 7 */
	member(blob, "", 6, 0);
	member(blob, "z", 5, 0);
	type(blob, "", ARRAY, 0, 0); /* 8 */
	add(blob, 4);
	add(blob, 1);
	add(blob, 3);
	type(blob, "outer", STRUCT, 3, 40); /* 9 */
	member(blob, "p", 5, 0);
	member(blob, "", 7, 64);
	member(blob, "in", 8, 128);
	type(blob, "", ENUM, 1, 4); /* 10 */
	add(blob, name(blob, "FIRST"));
	add(blob, 7);
	return finish(blob);
}

static void members_are_found_by_their_path(void **state)
{
	static const struct {
		const char *structure, *path;
		uint64_t offset, size;
	} rows[] = { { "inner", "a", 0, 4 },  { "inner", "b", 4, 4 }, { "outer", "p", 0, 8 },   { "outer", "x", 8, 4 },
		     { "outer", "y", 12, 4 }, { "outer", "z", 8, 8 }, { "outer", "in", 16, 24 } };
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
	type(&blob, "loop", TYPEDEF, 0, 1);
	type(&blob, "self", STRUCT, 3, 8);
	member(&blob, "", 2, 0);
	member(&blob, "", 2, 0);
	member(&blob, "end", 1, 0);
	struct btf *btf = btf_from_bytes(blob.bytes, finish(&blob), false, &error);
	assert_non_null(btf);
	assert_false(btf_member(btf, "self", "none", &found));
	assert_true(btf_member(btf, "self", "end", &found));
	assert_int_equal(found.size, 0);
	btf_close(btf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_found_by_their_path),
		cmocka_unit_test(what_is_cut_is_refused_or_answers_without_harm),
		cmocka_unit_test(what_lies_does_no_harm),
		cmocka_unit_test(loops_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
