/*
 * compare_types VMLINUX RELEASE BTF: reads lines "STRUCTURE PATH" from standard input and asks both for the member: the BTF
 * of a kernel, a file of its own, and its debuginfo. "-" as the path asks for the structure's size, as the structure for an
 * enumerator. Prints the lines that the two answer differently, and at last how many there were and how many both know. BTF
 * may be "-": then all that debuginfo knows differs.
 */
#include "debuginfo/debuginfo.h"
#include "stacks/types_btf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct answer {
	bool found, is_array;
	struct type_member member, element;
	uint64_t count, value;
};

static struct btf *read_btf(const char *path, struct error *error)
{
	FILE *file = fopen(path, "rb");
	char *bytes = file ? malloc(BTF_BYTES_MOST) : NULL;
	size_t length = bytes ? fread(bytes, 1, BTF_BYTES_MOST, file) : 0;
	struct btf *btf = btf_from_bytes(bytes, length, false, error);

	free(bytes);
	if (file)
		fclose(file);
	return btf;
}

static struct answer ask_btf(const struct btf *btf, const char *structure, const char *path)
{
	struct answer answer = { 0 };

	if (strcmp(structure, "-") == 0) {
		answer.found = btf_enumerator(btf, path, &answer.value);
	} else if (strcmp(path, "-") == 0) {
		answer.value = btf_size(btf, structure);
		answer.found = answer.value != 0;
	} else {
		answer.found = btf_member(btf, structure, path, &answer.member);
		answer.is_array = btf_element(btf, structure, path, &answer.element, &answer.count);
	}
	return answer;
}

static struct answer ask_debuginfo(struct debuginfo *debuginfo, const char *structure, const char *path)
{
	struct answer answer = { 0 };
	struct debuginfo_member found = { 0 };

	if (strcmp(structure, "-") == 0) {
		answer.found = debuginfo_enumerator(debuginfo, path, &answer.value);
		return answer;
	}
	if (strcmp(path, "-") == 0) {
		answer.value = debuginfo_structure_size(debuginfo, structure);
		answer.found = answer.value != 0;
		return answer;
	}
	answer.found = debuginfo_member(debuginfo, structure, path, &found);
	answer.member = (struct type_member){ found.offset, found.size };
	found = (struct debuginfo_member){ 0 };
	answer.is_array = debuginfo_element(debuginfo, structure, path, &found, &answer.count);
	answer.element = (struct type_member){ found.offset, found.size };
	return answer;
}

static bool same_member(struct type_member a, struct type_member b)
{
	return a.offset == b.offset && a.size == b.size;
}

static bool same(const struct answer *a, const struct answer *b)
{
	return a->found == b->found && a->is_array == b->is_array && same_member(a->member, b->member) &&
	       same_member(a->element, b->element) && a->count == b->count && a->value == b->value;
}

static void print(const char *source, const struct answer *answer)
{
	printf(" %s %d %" PRIu64 "+%" PRIu64 " %d %" PRIu64 "+%" PRIu64 "*%" PRIu64 " %" PRIu64, source, answer->found,
	       answer->member.offset, answer->member.size, answer->is_array, answer->element.offset, answer->element.size,
	       answer->count, answer->value);
}

int main(int argc, char **argv)
{
	struct error error = { 0 };
	struct debuginfo *debuginfo = NULL;
	char structure[256], path[256];
	unsigned long asked = 0, known = 0;

	if (argc != 4)
		return 2;
	const char *paths[] = { argv[1] };
	struct debuginfo_options options = { .paths = paths, .path_count = 1 };
	struct debuginfo_wanted wanted = { .release = text_from(argv[2]) };
	bool alone = strcmp(argv[3], "-") == 0;
	struct btf *btf = alone ? NULL : read_btf(argv[3], &error);
	if ((!btf && !alone) || debuginfo_open(&options, &wanted, &debuginfo, &error) != DEBUGINFO_FOUND) {
		fprintf(stderr, "%s\n", error.message);
		return 1;
	}
	while (scanf("%255s %255s", structure, path) == 2) {
		struct answer one = { 0 }, other = ask_debuginfo(debuginfo, structure, path);
		if (btf)
			one = ask_btf(btf, structure, path);
		asked++;
		known += one.found && other.found;
		if (same(&one, &other))
			continue;
		printf("%s %s", structure, path);
		print("BTF", &one);
		print("debuginfo", &other);
		printf("\n");
	}
	printf("%lu asked %lu known\n", asked, known);
	btf_close(btf);
	debuginfo_close(debuginfo);
	return 0;
}
