/* kdump-triage signature show ID...: the signature's file, as it is. */
#include "command/command.h"

#include "command/signature_options.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

static bool show(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[1024];

	if (!file) {
		complain(path, 0, 0, strerror(errno));
		return false;
	}
	while (fgets(line, sizeof line, file)) {
		struct text text = text_from(line);
		bool whole = text_ends(text, "\n");
		print_safe(stdout, whole ? text_first(text, text.length - 1) : text);
		if (whole)
			putchar('\n');
	}
	bool read = !ferror(file);
	if (!read)
		complain(path, 0, 0, "cannot read");
	fclose(file);
	return read;
}

int command_signature_show(int argc, char **argv)
{
	struct path_list paths = { 0 };
	bool whole;
	int status = take_signature_options(argc, argv, "signature show [-s PATH...] ID...", 1, -1, &paths);
	struct catalogue *catalogue = status == EXIT_KNOWN ? load_catalogue(&paths, &whole) : NULL;

	path_list_free(&paths);
	if (!catalogue)
		return status == -1 ? finish_output(EXIT_KNOWN) : EXIT_TROUBLE;
	status = whole ? EXIT_KNOWN : EXIT_TROUBLE;
	for (int i = optind; i < argc; i++) {
		const struct signature *signature = catalogue_get(catalogue, text_from(argv[i]));
		if (!signature)
			complain(argv[i], 0, 0, "no such signature; 'kdump-triage signature list' names them");
		if (!signature || !show(signature_path(signature).data))
			status = EXIT_TROUBLE;
	}
	catalogue_free(catalogue);
	return finish_output(status);
}
