/* kdump-triage signature lint PATH...: everything that is wrong with signature files, at once. */
#include "command/command.h"

#include "command/signature_options.h"

#include <getopt.h>

int command_signature_lint(int argc, char **argv)
{
	struct path_list paths = { 0 };
	int status = take_signature_options(argc, argv, "signature lint [PATH...]", 0, -1, &paths);
	bool whole = true, loaded;

	if (status != EXIT_KNOWN) {
		path_list_free(&paths);
		return status == -1 ? finish_output(EXIT_KNOWN) : status;
	}
	for (int i = optind; i < argc; i++)
		if (!path_list_add(&paths, argv[i]))
			whole = false;
	struct catalogue *catalogue = load_catalogue(&paths, &loaded);
	path_list_free(&paths);
	whole &= loaded;
	if (catalogue && whole)
		printf("%zu %s, nothing wrong\n", catalogue_count(catalogue),
		       catalogue_count(catalogue) == 1 ? "signature" : "signatures");
	catalogue_free(catalogue);
	return finish_output(catalogue && whole ? EXIT_KNOWN : EXIT_UNKNOWN);
}
