/* kdump-triage: names the known bug that killed a Linux kernel. */
#include "command/command.h"

#include <string.h>

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "scan", command_scan },
	{ "report", command_report },
	{ "dmesg", command_dmesg },
	{ "signature", command_signature },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	return command_triage(argc, argv);
}
