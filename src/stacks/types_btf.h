/*
 * BTF: the types of the kernel, in its own read-only data between __start_BTF and __stop_BTF. Documentation/bpf/btf.rst,
 * include/uapi/linux/btf.h:
 *
 *   header    magic 0xeb9f (2 bytes), version 1 (1), flags (1), length of the header (4); then, in bytes behind the header,
 * 4 each: where the types begin, how many bytes they take, where the strings begin, how many bytes they take type      name
 * (4: offset in the strings), info (4: bits 0-15 how many members, 24-28 the kind, 31 kind_flag), size or type (4); behind
 * it what its kind has: a member has name, type, offset in bits (4 each; with kind_flag the offset is in bits 0-23 alone).
 * Types count from 1; 0 is void.
 *
 * Private to stacks/.
 */
#ifndef STACKS_TYPES_BTF_H
#define STACKS_TYPES_BTF_H

#include "stacks/types.h"

enum {
	BTF_BYTES_MOST = 64 * 1024 * 1024, /* of a distribution's kernel: 4 to 8 MiB */
	BTF_TYPES_MOST = 1024 * 1024,
};

struct btf;

/* Reads all of it: as much memory as it has bytes, and four bytes a type. NULL: *error. */
struct btf *btf_open(struct dump *dump, struct symbols *symbols, struct error *error);
/* The same of bytes in memory, which it copies. */
struct btf *btf_from_bytes(const void *bytes, size_t length, bool big_endian, struct error *error);
void btf_close(struct btf *btf); /* NULL is allowed */

/* As types_member() and its fellows. */
bool btf_member(const struct btf *btf, const char *structure, const char *path, struct type_member *member);
bool btf_element(const struct btf *btf, const char *structure, const char *path, struct type_member *element,
		 uint64_t *count);
bool btf_enumerator(const struct btf *btf, const char *name, uint64_t *value);
uint64_t btf_size(const struct btf *btf, const char *structure);

#endif
