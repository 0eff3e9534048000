/* kdump-triage signature ...: what to do with signatures. */
#include "command/command.h"

#include <string.h>

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "list", command_signature_list }, { "show", command_signature_show }, { "lint", command_signature_lint },
	{ "test", command_signature_test }, { "new", command_signature_new },
};

int command_signature(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	if (argc > 1)
		return usage_error("signature '%s': expected list, show, lint, test or new", argv[1]);
	return usage_error("signature: expected list, show, lint, test or new behind it");
}
