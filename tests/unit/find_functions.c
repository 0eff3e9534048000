/*
 * find_functions VMLINUX RELEASE: reads lines "NAME SIZE" from standard input, both as a log has them in NAME+0x8/SIZE, and
 * prints how many functions of debuginfo that may be, and the address of the first; of lines "@ ADDRESS" the function that
 * lies there. Numbers are hexadecimal.
 */
#include "debuginfo/debuginfo.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	struct error error = { 0 };
	struct debuginfo *debuginfo = NULL;
	char name[512];
	uint64_t number;

	if (argc != 3)
		return 2;
	const char *paths[] = { argv[1] };
	struct debuginfo_options options = { .paths = paths, .path_count = 1 };
	struct debuginfo_wanted wanted = { .release = text_from(argv[2]) };
	if (debuginfo_open(&options, &wanted, &debuginfo, &error) != DEBUGINFO_FOUND) {
		fprintf(stderr, "%s\n", error.message);
		return 1;
	}
	while (scanf("%511s %" SCNx64, name, &number) == 2) {
		struct debuginfo_function found = { 0 };
		if (strcmp(name, "@") == 0)
			printf("%d ", debuginfo_function_at(debuginfo, number, &found));
		else
			printf("%zu ", debuginfo_functions_named(debuginfo, text_from(name), TEXT_NONE, number, &found, 1));
		printf("%" PRIx64 " %" PRIx64 " %.*s\n", found.address, found.size, TEXT_ARGS(found.name));
	}
	debuginfo_close(debuginfo);
	return 0;
}
