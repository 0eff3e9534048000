/* Registers of x86-64 as crashes call them. */
#include "touched/registers.h"

#include "crash/registers_table.h"

#include <string.h>

bool register_value(const struct crash_register *registers, size_t count, int number, uint64_t *value)
{
	if (number < 0 || number >= X86_64_REGISTERS)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(registers[i].name, x86_64_registers[number]) != 0)
			continue;
		*value = registers[i].value;
		return true;
	}
	return false;
}
