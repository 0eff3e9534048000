/* kdump-triage: names the known bug that killed a Linux kernel. */
#include "command/command.h"

#include <string.h>

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "signature") == 0)
		return command_signature(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "dmesg") == 0)
		return command_dmesg(argc - 1, argv + 1);
	return command_triage(argc, argv);
}
