/* Reads BTF and finds members in it. Its bytes are a dump's: every number is checked before it is used. */
#include "stacks/types_btf.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* BTF_KIND_..., include/uapi/linux/btf.h; to 13 in 5.0, 19 since 6.0. */
enum kind {
	KIND_INT = 1,
	KIND_PTR,
	KIND_ARRAY,
	KIND_STRUCT,
	KIND_UNION,
	KIND_ENUM,
	KIND_FWD,
	KIND_TYPEDEF,
	KIND_VOLATILE,
	KIND_CONST,
	KIND_RESTRICT,
	KIND_FUNC,
	KIND_FUNC_PROTO,
	KIND_VAR,
	KIND_DATASEC,
	KIND_FLOAT,
	KIND_DECL_TAG,
	KIND_TYPE_TAG,
	KIND_ENUM64,
	KIND_COUNT
};

enum {
	MAGIC = 0xeb9f,
	HEADER_LEAST = 24,
	TYPE_BYTES = 12,
	MEMBER_BYTES = 12,
	NESTED_MOST = 16,     /* anonymous structures within each other, typedefs of typedefs, names in a path */
	LOOKED_MOST = 1 << 17 /* members that one search looks at, all told: a structure may have 65535 */
};

/* What lies behind a type of each kind: bytes once, and bytes for each of its members. */
static const struct {
	uint32_t once, each;
} extents[KIND_COUNT] = {
	[KIND_INT] = { 4, 0 },
	[KIND_ARRAY] = { 12, 0 },
	[KIND_STRUCT] = { 0, MEMBER_BYTES },
	[KIND_UNION] = { 0, MEMBER_BYTES },
	[KIND_ENUM] = { 0, 8 },
	[KIND_FUNC_PROTO] = { 0, 8 },
	[KIND_VAR] = { 4, 0 },
	[KIND_DATASEC] = { 0, 12 },
	[KIND_DECL_TAG] = { 4, 0 },
	[KIND_ENUM64] = { 0, 12 },
};

struct btf {
	bool big_endian;
	unsigned char *bytes;                            /* header, types and strings */
	uint32_t types, types_end, strings, strings_end; /* offsets in bytes */
	uint32_t *begins;                                /* of each type, from 1 on: offset in bytes */
	uint32_t count;                                  /* types, void among them */
};

struct type {
	uint32_t name, members, size_or_type, body; /* body: offset in bytes of what lies behind */
	enum kind kind;
	bool kind_flag;
};

static uint32_t number(const struct btf *btf, uint32_t offset)
{
	const unsigned char *b = btf->bytes + offset;

	if (btf->big_endian)
		return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
	return (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}

/* The type that begins at an offset; its body lies within the types. False: there is none. */
static bool type_from(const struct btf *btf, uint32_t offset, struct type *type, uint32_t *end)
{
	if (btf->types_end - offset < TYPE_BYTES)
		return false;
	uint32_t info = number(btf, offset + 4);
	type->name = number(btf, offset);
	type->kind = (enum kind)(info >> 24 & 0x1f);
	type->kind_flag = info >> 31;
	type->members = info & 0xffff;
	type->size_or_type = number(btf, offset + 8);
	type->body = offset + TYPE_BYTES;
	if (type->kind < KIND_INT || type->kind >= KIND_COUNT)
		return false;
	uint32_t length = extents[type->kind].once + extents[type->kind].each * type->members;
	if (length > btf->types_end - type->body)
		return false;
	*end = type->body + length;
	return true;
}

static bool type_at(const struct btf *btf, uint32_t id, struct type *type)
{
	uint32_t end;

	return id > 0 && id < btf->count && type_from(btf, btf->begins[id], type, &end);
}

static bool name_is(const struct btf *btf, uint32_t name, struct text wanted)
{
	uint32_t space = btf->strings_end - btf->strings;

	return name < space && wanted.length < space - name &&
	       memcmp(btf->bytes + btf->strings + name, wanted.data, wanted.length) == 0 &&
	       btf->bytes[btf->strings + name + wanted.length] == '\0';
}

static bool read_header(struct btf *btf, size_t length, struct error *error)
{
	const unsigned char *b = btf->bytes;

	if (length < HEADER_LEAST || (btf->big_endian ? b[0] << 8 | b[1] : b[1] << 8 | b[0]) != MAGIC)
		return error_set(error, "the BTF has no header");
	uint32_t header = number(btf, 4);
	if (header < HEADER_LEAST || header > length)
		return error_set(error, "the BTF's header is %" PRIu32 " bytes long, expected 24 or more", header);
	uint64_t rest = length - header, types = number(btf, 8), types_length = number(btf, 12), strings = number(btf, 16),
		 strings_length = number(btf, 20);
	if (types + types_length > rest || strings + strings_length > rest)
		return error_set(error, "the BTF says that it is longer than it is");
	btf->types = header + (uint32_t)types;
	btf->types_end = btf->types + (uint32_t)types_length;
	btf->strings = header + (uint32_t)strings;
	btf->strings_end = btf->strings + (uint32_t)strings_length;
	return true;
}

static bool find_types(struct btf *btf, struct error *error)
{
	uint32_t most = (btf->types_end - btf->types) / TYPE_BYTES + 1, end;
	struct type type;

	if (most > BTF_TYPES_MOST)
		most = BTF_TYPES_MOST;
	btf->begins = calloc(most, sizeof *btf->begins);
	if (!btf->begins)
		return error_out_of_memory(error);
	btf->count = 1;
	for (uint32_t at = btf->types; at < btf->types_end && btf->count < most; at = end) {
		if (!type_from(btf, at, &type, &end))
			return error_set(error, "type %" PRIu32 " of the BTF is none", btf->count);
		btf->begins[btf->count++] = at;
	}
	return true;
}

/* Takes the bytes over. */
static struct btf *take(unsigned char *bytes, size_t length, bool big_endian, struct error *error)
{
	struct btf *btf = bytes ? calloc(1, sizeof *btf) : NULL;

	if (!btf) {
		free(bytes);
		error_out_of_memory(error);
		return NULL;
	}
	btf->bytes = bytes;
	btf->big_endian = big_endian;
	if (read_header(btf, length, error) && find_types(btf, error))
		return btf;
	btf_close(btf);
	return NULL;
}

struct btf *btf_from_bytes(const void *bytes, size_t length, bool big_endian, struct error *error)
{
	unsigned char *copy = malloc(length ? length : 1);

	if (copy && length)
		memcpy(copy, bytes, length);
	return take(copy, length, big_endian, error);
}

struct btf *btf_open(struct dump *dump, struct symbols *symbols, struct error *error)
{
	static const char *const names[] = { "__start_BTF", "__stop_BTF" };
	uint64_t at[2];

	if (symbols_find(symbols, names, 2, at) != 2 || at[1] <= at[0]) {
		error_set(error, "the kernel's symbols do not tell where its BTF is, if it has any");
		return NULL;
	}
	if (at[1] - at[0] > BTF_BYTES_MOST) {
		error_set(error, "the BTF takes %" PRIu64 " bytes, expected at most %d", at[1] - at[0], BTF_BYTES_MOST);
		return NULL;
	}
	size_t length = (size_t)(at[1] - at[0]);
	unsigned char *bytes = malloc(length);
	if (bytes && dump_read(dump, at[0], bytes, length, error) != MEMORY_OK) {
		free(bytes);
		return NULL;
	}
	return take(bytes, length, dump->big_endian, error);
}

void btf_close(struct btf *btf)
{
	if (!btf)
		return;
	free(btf->bytes);
	free(btf->begins);
	free(btf);
}

/* Behind typedefs and qualifiers. */
static bool resolve(const struct btf *btf, uint32_t id, struct type *type)
{
	for (int i = 0; i < NESTED_MOST; i++) {
		if (!type_at(btf, id, type))
			return false;
		switch (type->kind) {
		case KIND_TYPEDEF:
		case KIND_VOLATILE:
		case KIND_CONST:
		case KIND_RESTRICT:
		case KIND_TYPE_TAG:
			id = type->size_or_type;
			break;
		default:
			return true;
		}
	}
	return false;
}

static uint64_t size_of(const struct btf *btf, uint32_t id, int depth)
{
	struct type type;

	if (depth > NESTED_MOST || !resolve(btf, id, &type))
		return 0;
	switch (type.kind) {
	case KIND_PTR:
		return 8; /* BTF does not say; kernels of 32 bits are not unwound */
	case KIND_ARRAY:
		return number(btf, type.body + 8) * size_of(btf, number(btf, type.body), depth + 1);
	case KIND_INT:
	case KIND_STRUCT:
	case KIND_UNION:
	case KIND_ENUM:
	case KIND_ENUM64:
	case KIND_FLOAT:
		return type.size_or_type;
	default:
		return 0;
	}
}

/* A member found: its type, and its offset in bits. */
struct place {
	uint32_t type;
	uint64_t bits;
	bool is_bitfield;
};

static bool is_structure(const struct type *type)
{
	return type->kind == KIND_STRUCT || type->kind == KIND_UNION;
}

/* The member of that name, within anonymous structures too. *looked bounds what hostile nesting costs. */
static bool find_in(const struct btf *btf, const struct type *type, struct text name, int depth, uint32_t *looked,
		    struct place *place)
{
	for (uint32_t i = 0; i < type->members && ++*looked <= LOOKED_MOST; i++) {
		uint32_t member = type->body + i * MEMBER_BYTES, bits = number(btf, member + 8);
		struct type inner;
		*place = (struct place){ number(btf, member + 4), bits, bits % 8 != 0 };
		if (type->kind_flag) { /* bits 24 to 31: how many bits, 0 where it is no bit-field */
			place->is_bitfield = bits >> 24;
			bits &= 0xffffff;
			place->bits = bits;
		}
		if (name_is(btf, number(btf, member), name))
			return true;
		if (!name_is(btf, number(btf, member), TEXT("")) || depth == NESTED_MOST ||
		    !resolve(btf, place->type, &inner) || !is_structure(&inner))
			continue;
		if (find_in(btf, &inner, name, depth + 1, looked, place)) {
			place->bits += bits;
			return true;
		}
	}
	return false;
}

static bool find_structure(const struct btf *btf, const char *name, struct type *type)
{
	struct text wanted = text_from(name);

	for (uint32_t id = 1; id < btf->count; id++)
		if (type_at(btf, id, type) && is_structure(type) && name_is(btf, type->name, wanted))
			return true;
	return false;
}

static bool find_path(const struct btf *btf, const char *structure, const char *path, struct place *found)
{
	struct text rest = text_from(path);
	struct type type;

	*found = (struct place){ 0 };
	if (!find_structure(btf, structure, &type))
		return false;
	for (int i = 0; i < NESTED_MOST; i++) {
		size_t dot = text_find_char(rest, '.');
		uint32_t looked = 0;
		struct place place;
		if (!is_structure(&type) || !find_in(btf, &type, text_first(rest, dot), 0, &looked, &place))
			return false;
		found->bits += place.bits;
		found->type = place.type;
		found->is_bitfield = place.is_bitfield;
		if (dot == SIZE_MAX)
			return true;
		rest = text_from_offset(rest, dot + 1);
		if (!resolve(btf, place.type, &type))
			return false;
	}
	return false;
}

bool btf_member(const struct btf *btf, const char *structure, const char *path, struct type_member *member)
{
	struct place place;

	if (!find_path(btf, structure, path, &place))
		return false;
	*member = (struct type_member){ place.bits / 8, place.is_bitfield ? 0 : size_of(btf, place.type, 0) };
	return true;
}

bool btf_element(const struct btf *btf, const char *structure, const char *path, struct type_member *element,
		 uint64_t *count)
{
	struct place place;
	struct type type;

	if (!find_path(btf, structure, path, &place) || !resolve(btf, place.type, &type) || type.kind != KIND_ARRAY)
		return false;
	*element = (struct type_member){ place.bits / 8, size_of(btf, number(btf, type.body), 0) };
	*count = number(btf, type.body + 8);
	return true;
}

bool btf_enumerator(const struct btf *btf, const char *name, uint64_t *value)
{
	struct text wanted = text_from(name);
	struct type type;

	for (uint32_t id = 1; id < btf->count; id++) {
		if (!type_at(btf, id, &type) || (type.kind != KIND_ENUM && type.kind != KIND_ENUM64))
			continue;
		for (uint32_t i = 0; i < type.members; i++) {
			uint32_t at = type.body + i * extents[type.kind].each;
			if (!name_is(btf, number(btf, at), wanted))
				continue;
			*value = number(btf, at + 4);
			if (type.kind == KIND_ENUM64)
				*value |= (uint64_t)number(btf, at + 8) << 32;
			return true;
		}
	}
	return false;
}

uint64_t btf_size(const struct btf *btf, const char *structure)
{
	struct type type;

	return find_structure(btf, structure, &type) ? type.size_or_type : 0;
}
