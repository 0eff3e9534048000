/* Registers of x86-64 as crashes call them. */
#include "touched/registers.h"

#include <string.h>

bool register_value(const struct crash_register *registers, size_t count, int number, uint64_t *value)
{
	static const char *const names[] = { "rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp",
					     "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15" };

	if (number < 0 || (size_t)number >= sizeof names / sizeof *names)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(registers[i].name, names[number]) != 0)
			continue;
		*value = registers[i].value;
		return true;
	}
	return false;
}
