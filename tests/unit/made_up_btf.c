/* Makes BTF, type by type. */
#include "made_up_btf.h"

#include <assert.h>
#include <string.h>

enum { HEADER = 24 };

void blob_put(unsigned char *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (unsigned char)(value >> 8 * i);
}

void blob_add(struct blob *blob, uint32_t value)
{
	assert(HEADER + blob->types + 4 + sizeof blob->names <= sizeof blob->bytes);
	blob_put(blob->bytes + HEADER + blob->types, value);
	blob->types += 4;
}

uint32_t blob_name(struct blob *blob, const char *text)
{
	uint32_t at = (uint32_t)blob->strings;

	if (!text[0])
		return 0;
	assert(blob->strings + strlen(text) + 1 <= sizeof blob->names);
	memcpy(blob->names + at, text, strlen(text) + 1);
	blob->strings += strlen(text) + 1;
	return at;
}

uint32_t blob_type(struct blob *blob, const char *text, uint32_t kind, uint32_t members, uint32_t size_or_type)
{
	blob_add(blob, blob_name(blob, text));
	blob_add(blob, kind << 24 | members);
	blob_add(blob, size_or_type);
	return ++blob->count;
}

void blob_member(struct blob *blob, const char *text, uint32_t of, uint32_t bits)
{
	blob_add(blob, blob_name(blob, text));
	blob_add(blob, of);
	blob_add(blob, bits);
}

uint32_t blob_int(struct blob *blob, const char *text, uint32_t bytes)
{
	uint32_t id = blob_type(blob, text, INT, 0, bytes);

	blob_add(blob, bytes * 8);
	return id;
}

uint32_t blob_array(struct blob *blob, uint32_t of, uint32_t index, uint32_t count)
{
	uint32_t id = blob_type(blob, "", ARRAY, 0, 0);

	blob_add(blob, of);
	blob_add(blob, index);
	blob_add(blob, count);
	return id;
}

size_t blob_finish(struct blob *blob)
{
	unsigned char *header = blob->bytes;

	memcpy(header + HEADER + blob->types, blob->names, blob->strings);
	header[0] = 0x9f;
	header[1] = 0xeb;
	header[2] = 1;
	header[3] = 0;
	blob_put(header + 4, HEADER);
	blob_put(header + 8, 0);
	blob_put(header + 12, (uint32_t)blob->types);
	blob_put(header + 16, (uint32_t)blob->types);
	blob_put(header + 20, (uint32_t)blob->strings);
	return HEADER + blob->types + blob->strings;
}
