/* Makes BTF, type by type. */
#ifndef TESTS_MADE_UP_BTF_H
#define TESTS_MADE_UP_BTF_H

#include <stddef.h>
#include <stdint.h>

/* BTF_KIND_..., include/uapi/linux/btf.h */
enum { INT = 1, POINTER, ARRAY, STRUCT, UNION, ENUM, TYPEDEF = 8, CONST = 10, ENUM64 = 19 };

struct blob {
	unsigned char bytes[8192];
	size_t types, strings; /* bytes so far; strings begins at 1 */
	uint32_t count;        /* types so far: the id of the last */
	char names[2048];
};

void blob_put(unsigned char *at, uint32_t value);
void blob_add(struct blob *blob, uint32_t value);
uint32_t blob_name(struct blob *blob, const char *text);

/* Begins a type, and gives its id. What its kind has behind it must follow. kind may have bit 7 set: kind_flag. */
uint32_t blob_type(struct blob *blob, const char *text, uint32_t kind, uint32_t members, uint32_t size_or_type);
void blob_member(struct blob *blob, const char *text, uint32_t of, uint32_t bits);

/* Whole types. */
uint32_t blob_int(struct blob *blob, const char *text, uint32_t bytes);
uint32_t blob_array(struct blob *blob, uint32_t of, uint32_t index, uint32_t count);

/* Writes header and strings; bytes in all. */
size_t blob_finish(struct blob *blob);

#endif
