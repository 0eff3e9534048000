/* kdump-triage signature list: a line a signature. */
#include "command/command.h"

#include "command/signature_options.h"

int command_signature_list(int argc, char **argv)
{
	struct path_list paths = { 0 };
	bool whole;
	int status = take_signature_options(argc, argv, "signature list [-s PATH...]", 0, 0, &paths);
	struct catalogue *catalogue = status == EXIT_KNOWN ? load_catalogue(&paths, &whole) : NULL;

	path_list_free(&paths);
	if (!catalogue)
		return status == -1 ? finish_output(EXIT_KNOWN) : EXIT_TROUBLE;
	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		const struct signature *signature = catalogue_at(catalogue, i);
		print_safe(stdout, signature_id(signature));
		putchar('\t');
		print_safe(stdout, signature_subsystem(signature));
		putchar('\t');
		print_safe(stdout, signature_title(signature));
		putchar('\n');
	}
	catalogue_free(catalogue);
	return finish_output(whole ? EXIT_KNOWN : EXIT_TROUBLE);
}
