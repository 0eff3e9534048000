/*
 * Dumps that are neither ELF nor of makedumpfile, and those of Xen: read by libkdumpfile, in a process of its own
 * (library_child.h). Its own formats are LKCD's, s390's stand-alone dumps, SADUMP's and Xen's ELF.
 */
#include "vmcore/dump.h"

#if HAVE_LIBKDUMPFILE

#include "vmcore/address.h"
#include "vmcore/library_process.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { WHY_MOST = sizeof((struct error){ 0 }.message) };

/* As library_process_ask(); where the process ends on it, a remark says so: from then on nothing can be read. */
static bool ask(struct dump *dump, const struct library_request *request, struct library_answer *answer, void *buffer,
		size_t most, struct error *error)
{
	struct library_process *process = dump->state;
	bool ran = process->pid != 0;

	if (library_process_ask(process, request, answer, buffer, most, error))
		return true;
	if (ran)
		dump_remark(dump, "the dump was not read to its end: %s", process->ended);
	return false;
}

static enum memory_status read_piece(struct dump *dump, uint32_t operation, uint64_t address, void *buffer, size_t length,
				     struct error *error)
{
	struct library_request request = { .operation = operation, .length = (uint32_t)length, .address = address };
	struct library_answer answer;
	char why[WHY_MOST];
	size_t most = length > sizeof why ? length : sizeof why;
	char *data = length >= sizeof why ? buffer : why;

	if (!ask(dump, &request, &answer, data, most, error))
		return MEMORY_CORRUPT;
	if (answer.status == MEMORY_OK && answer.length == length) {
		if (data != buffer)
			memcpy(buffer, data, length);
		return MEMORY_OK;
	}
	bool told = answer.status > MEMORY_OK && answer.status <= MEMORY_UNMAPPED && answer.length < sizeof why;
	error_set(error, "%s address 0x%" PRIx64 ": libkdumpfile: %.*s",
		  operation == LIBRARY_READ_VIRTUAL ? "virtual" : "physical", told ? answer.address : address,
		  told ? (int)answer.length : 0, data);
	return told ? (enum memory_status)answer.status : MEMORY_CORRUPT;
}

static enum memory_status read_pieces(struct dump *dump, uint32_t operation, uint64_t address, void *buffer, size_t length,
				      struct error *error)
{
	enum memory_status status = MEMORY_OK;
	char *to = buffer;

	if (length && length - 1 > UINT64_MAX - address) {
		error_set(error, "%zu bytes at address 0x%" PRIx64 " do not fit the address space", length, address);
		return MEMORY_ABSENT;
	}
	while (length && status == MEMORY_OK) {
		size_t piece = length < LIBRARY_READ_MOST ? length : LIBRARY_READ_MOST;
		status = read_piece(dump, operation, address, to, piece, error);
		to += piece;
		address += piece;
		length -= piece;
	}
	return status;
}

static enum memory_status read_physical(struct dump *dump, uint64_t address, void *buffer, size_t length,
					struct error *error)
{
	return read_pieces(dump, LIBRARY_READ_PHYSICAL, address, buffer, length, error);
}

/* The library translates by the page tables that it found. Where it found none, VMCOREINFO may tell more. */
static enum memory_status read_virtual(struct dump *dump, uint64_t address, void *buffer, size_t length, struct error *error)
{
	enum memory_status status = read_pieces(dump, LIBRARY_READ_VIRTUAL, address, buffer, length, error);
	struct error ignored = { 0 };
	char *to = buffer;

	if (status != MEMORY_UNMAPPED || !dump->vmcoreinfo.length)
		return status;
	while (length) {
		uint64_t physical = 0, together = 0;
		if (address_translate(dump, address, &physical, &together, &ignored) != MEMORY_OK || !together)
			return MEMORY_UNMAPPED;
		size_t piece = together < length ? (size_t)together : length;
		status = read_physical(dump, physical, to, piece, error);
		if (status != MEMORY_OK)
			return status;
		to += piece;
		address += piece;
		length -= piece;
	}
	return MEMORY_OK;
}

static bool next_run(struct dump *dump, uint64_t *address, uint64_t *length)
{
	struct library_request request = { .operation = LIBRARY_NEXT_RUN, .address = *address };
	struct library_answer answer;
	struct error ignored = { 0 };
	char nothing[1];

	if (!ask(dump, &request, &answer, nothing, 0, &ignored) || answer.status != MEMORY_OK || !answer.extent ||
	    answer.address < *address)
		return false;
	*address = answer.address;
	*length = answer.extent < LIBRARY_RUN_MOST ? answer.extent : LIBRARY_RUN_MOST;
	if (*length > UINT64_MAX - *address)
		*length = UINT64_MAX - *address;
	return *length > 0;
}

static void close_library(struct dump *dump)
{
	library_process_stop(dump->state);
	free(dump->state);
}

static const struct dump_reader reader = {
	.read_physical = read_physical,
	.read_virtual = read_virtual,
	.next_run = next_run,
	.close = close_library,
};

static void take_text(struct dump *dump, uint32_t kind, struct text value)
{
	struct text copy = arena_copy(&dump->arena, value);
	struct text *const places[] = {
		[LIBRARY_VMCOREINFO] = &dump->vmcoreinfo, [LIBRARY_SYSNAME] = &dump->sysname,
		[LIBRARY_NODENAME] = &dump->nodename,     [LIBRARY_RELEASE] = &dump->release,
		[LIBRARY_VERSION] = &dump->version,       [LIBRARY_MACHINE] = &dump->machine,
	};

	if (kind == LIBRARY_FORMAT && copy.length)
		dump->format = copy.data; /* arena_copy() puts a NUL behind it */
	else if (kind == LIBRARY_ARCH)
		dump->arch = arch_from_name(copy);
	else if (kind < sizeof places / sizeof *places && places[kind])
		*places[kind] = copy;
}

static void take_number(struct dump *dump, uint32_t kind, struct text value)
{
	uint64_t number;

	if (value.length != sizeof number)
		return;
	memcpy(&number, value.data, sizeof number);
	if (kind == LIBRARY_BIG_ENDIAN)
		dump->big_endian = number == 1;
	else if (kind == LIBRARY_WORD && (number == 4 || number == 8))
		dump->word = (size_t)number;
	else if (kind == LIBRARY_PAGE_SIZE && number >= 1024 && number <= 1024 * 1024 && (number & (number - 1)) == 0)
		dump->page_size = number;
}

/* As the note that it was, or would have been in a dump that has notes. */
static void take_registers(struct dump *dump, struct text registers)
{
	if (dump->note_count >= DUMP_NOTES_MOST)
		return;
	struct dump_note *note = arena_push(&dump->arena, &dump->notes, &dump->note_count, sizeof *note);
	if (note)
		*note = (struct dump_note){ .name = TEXT("CORE"), .type = 1, .data = arena_copy(&dump->arena, registers) };
}

static void take_facts(struct dump *dump, struct text facts)
{
	struct library_fact fact;

	while (facts.length >= sizeof fact) {
		memcpy(&fact, facts.data, sizeof fact);
		facts = text_from_offset(facts, sizeof fact);
		struct text value = text_first(facts, fact.length);
		facts = text_from_offset(facts, fact.length);
		if (value.length < fact.length)
			return;
		if (fact.kind == LIBRARY_PRSTATUS)
			take_registers(dump, value);
		else if (fact.kind == LIBRARY_BIG_ENDIAN || fact.kind == LIBRARY_WORD || fact.kind == LIBRARY_PAGE_SIZE)
			take_number(dump, fact.kind, value);
		else
			take_text(dump, fact.kind, value);
	}
}

static bool open_library(struct dump *dump, struct error *error)
{
	struct library_request request = { .operation = LIBRARY_OPEN };
	struct library_answer answer;
	char *facts = malloc(LIBRARY_FACTS_MOST);

	if (!facts)
		return error_out_of_memory(error);
	bool opened = library_process_ask(dump->state, &request, &answer, facts, LIBRARY_FACTS_MOST, error);
	if (opened && answer.status == MEMORY_OK)
		take_facts(dump, (struct text){ facts, answer.length });
	else if (opened)
		opened = error_set(error, "no dump that libkdumpfile knows: %.*s",
				   (int)(answer.length < WHY_MOST ? answer.length : WHY_MOST), facts);
	free(facts);
	return opened;
}

struct dump *reader_library_open(const int *fds, size_t count, struct error *error)
{
	struct dump *dump = calloc(1, sizeof *dump);
	struct library_process *process = calloc(1, sizeof *process);

	if (!dump || !process) {
		error_out_of_memory(error);
	} else if (library_process_start(process, fds, count, error)) {
		*dump = (struct dump){ .reader = &reader, .state = process, .format = "libkdumpfile", .files = count };
		dump->dump_level = -1;
		dump->word = 8;
		if (open_library(dump, error))
			return dump;
		library_process_stop(process);
		arena_free(&dump->arena);
	}
	free(process);
	free(dump);
	return NULL;
}

#else

struct dump *reader_library_open(const int *fds, size_t count, struct error *error)
{
	(void)fds;
	(void)count;
	error_set(error, "not a dump in a format that is known without libkdumpfile, which this build leaves out");
	return NULL;
}

#endif
