/* Options of the signature commands. */
#define _POSIX_C_SOURCE 200809L
#include "command/signature_options.h"

#include <getopt.h>

int take_signature_options(int argc, char **argv, const char *usage, int least, int most, struct path_list *paths)
{
	static const struct option options[] = {
		{ "signatures", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":s:h", options, NULL)) != -1) {
		if (option == 'h') {
			printf("Usage: kdump-triage %s\n", usage);
			return -1;
		}
		if (option != 's')
			return bad_option(NULL, option, argv);
		if (!path_list_add(paths, optarg))
			return EXIT_TROUBLE;
	}
	if (argc - optind < least || (most >= 0 && argc - optind > most))
		return usage_error("expected: kdump-triage %s", usage);
	return EXIT_KNOWN;
}
