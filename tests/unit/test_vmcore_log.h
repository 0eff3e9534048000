/* For the tests of the kernel log in dumps: a machine's memory of a few pages, made field by field. */
#ifndef TEST_VMCORE_LOG_H
#define TEST_VMCORE_LOG_H

#include "log/log.h"
#include "vmcore/address.h"
#include "vmcore/kernel_log.h"
#include "vmcore/vmcore.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PAGE = 4096, PAGES = 64, MEMORY = PAGE * PAGES };

#define PHYSICAL UINT64_C(0x100000)

struct machine {
	struct dump dump;
	unsigned char memory[MEMORY];
	bool missing[PAGES];
	size_t used;
	char info[4096]; /* VMCOREINFO */
	size_t info_length;
};

static inline uint64_t machine_base(const struct dump *dump)
{
	return dump->word == 8 ? UINT64_C(0xffffffff81000000) : UINT64_C(0xc0000000);
}

static inline enum memory_status machine_get(struct dump *dump, uint64_t offset, void *buffer, size_t length,
					     struct error *error)
{
	struct machine *machine = dump->state;

	assert_non_null(error);
	if (offset > MEMORY || length > MEMORY - offset) {
		error_set(error, "no memory there");
		return MEMORY_ABSENT;
	}
	for (size_t i = 0; i < length; i++)
		if (machine->missing[(offset + i) / PAGE]) {
			error_set(error, "page %zu is missing", (size_t)(offset + i) / PAGE);
			return MEMORY_EXCLUDED;
		}
	memcpy(buffer, machine->memory + offset, length);
	return MEMORY_OK;
}

static inline enum memory_status machine_read_physical(struct dump *dump, uint64_t address, void *buffer, size_t length,
						       struct error *error)
{
	return machine_get(dump, address - PHYSICAL, buffer, length, error);
}

static inline enum memory_status machine_read_virtual(struct dump *dump, uint64_t address, void *buffer, size_t length,
						      struct error *error)
{
	return machine_get(dump, address - machine_base(dump), buffer, length, error);
}

static inline bool machine_next_run(struct dump *dump, uint64_t *address, uint64_t *length)
{
	(void)dump;
	if (*address < PHYSICAL)
		*address = PHYSICAL;
	*length = PHYSICAL + MEMORY - *address;
	return *address < PHYSICAL + MEMORY;
}

static const struct dump_reader machine_reader = { .read_physical = machine_read_physical,
						   .read_virtual = machine_read_virtual,
						   .next_run = machine_next_run };

static inline struct machine *machine_new(size_t word, bool big_endian)
{
	struct machine *machine = calloc(1, sizeof *machine);

	assert_non_null(machine);
	machine->dump.reader = &machine_reader;
	machine->dump.state = machine;
	machine->dump.word = word;
	machine->dump.big_endian = big_endian;
	machine->dump.page_size = PAGE;
	machine->dump.dump_level = -1;
	machine->used = 1000; /* nothing begins at a page's beginning by chance */
	return machine;
}

static inline void machine_free(struct machine *machine)
{
	address_reset(&machine->dump);
	arena_free(&machine->dump.arena);
	free(machine);
}

/* Zeroed memory, as an offset. */
static inline size_t machine_place(struct machine *machine, size_t size)
{
	size_t at = (machine->used + 63) / 64 * 64;

	assert_true(at + size <= MEMORY);
	machine->used = at + size;
	return at;
}

static inline void machine_put(struct machine *machine, size_t at, size_t size, uint64_t value)
{
	assert_true(at + size <= MEMORY);
	for (size_t i = 0; i < size; i++)
		machine->memory[at + (machine->dump.big_endian ? size - 1 - i : i)] = (unsigned char)(value >> 8 * i);
}

__attribute__((format(printf, 2, 3))) static inline void machine_tell(struct machine *machine, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	machine->info_length += (size_t)vsnprintf(machine->info + machine->info_length,
						  sizeof machine->info - machine->info_length, format, arguments);
	va_end(arguments);
	assert_true(machine->info_length < sizeof machine->info);
	machine->dump.vmcoreinfo = (struct text){ machine->info, machine->info_length };
}

static inline uint64_t machine_address(const struct machine *machine, size_t at)
{
	return machine_base(&machine->dump) + at;
}

/* A variable that VMCOREINFO names; its offset. */
static inline size_t machine_variable(struct machine *machine, const char *name, size_t size, uint64_t value)
{
	size_t at = machine_place(machine, size);

	machine_put(machine, at, size, value);
	machine_tell(machine, "SYMBOL(%s)=%llx\n", name, (unsigned long long)machine_address(machine, at));
	return at;
}

/* The whole log as a string, which is the caller's; *report as it is at the end. NULL: there is none. */
static inline char *machine_log(struct machine *machine, enum kernel_log_form form, struct kernel_log_report *report)
{
	struct error error = { 0 };
	struct kernel_log *log = kernel_log_open(&machine->dump, form, &error);
	struct text piece;
	size_t length = 0;
	char *all = calloc(1, 1);

	*report = (struct kernel_log_report){ 0 };
	if (!log) {
		assert_true(error.message[0]);
		free(all);
		return NULL;
	}
	while (kernel_log_next(log, &piece)) {
		assert_true(piece.length > 0);
		all = realloc(all, length + piece.length + 1);
		assert_non_null(all);
		memcpy(all + length, piece.data, piece.length);
		length += piece.length;
		all[length] = '\0';
	}
	*report = *kernel_log_report(log);
	kernel_log_close(log);
	return all;
}

static inline void assert_log(struct machine *machine, enum kernel_log_form form, const char *expected,
			      struct kernel_log_report *report)
{
	char *log = machine_log(machine, form, report);

	assert_non_null(log);
	assert_string_equal(log, expected);
	free(log);
}

#endif
