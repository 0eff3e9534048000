/* The kernel's own copy of VMCOREINFO, looked for in all of memory. */
#include "vmcore/address.h"
#include "vmcore/facts.h"
#include "vmcore/uts_names.h"
#include "vmcore/vmcoreinfo.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char mark[] = "OSRELEASE=";

enum {
	PIECE = 1024 * 1024,
	PAGE = 4096, /* the smallest there is: every page of a larger size begins where one of these does */
	MARK = sizeof mark - 1,
	CARRY = MARK - 1,         /* bytes of the piece before: a mark may lie across */
	NOTE_HEADER = 12 + 12,    /* an ELF note's header and its name "VMCOREINFO\0", aligned */
	INFO_MOST = 64 * 1024,    /* VMCOREINFO_BYTES is one page */
	CANDIDATES_MOST = 64,     /* copies that are tried; the page cache may hold some that are not this kernel's */
	LOST_MOST = 256 * 1024,   /* pages that cannot be read, though the dump says that it has them */
	SECOND_LINE_BEFORE = 256, /* "PAGESIZE=" begins the second line or, since 5.9, the third */
};

struct search {
	struct dump *dump;
	char *piece;                         /* CARRY + PIECE bytes */
	char *info;                          /* INFO_MOST bytes */
	uint64_t next;                       /* physical address that follows the piece */
	uint64_t elsewhere[CANDIDATES_MOST]; /* marks that begin no page */
	size_t elsewhere_count, tried, lost;
	bool found;
};

/* The text at a physical address up to its NUL, in search->info; empty where it is none. */
static struct text read_info(struct search *search, uint64_t address)
{
	struct text info = { search->info, 0 };
	struct error ignored = { 0 };

	while (info.length < INFO_MOST) {
		size_t length = PAGE - (size_t)((address + info.length) % PAGE);
		length = length < INFO_MOST - info.length ? length : INFO_MOST - info.length;
		char *to = search->info + info.length;
		if (dump_read_physical(search->dump, address + info.length, to, length, &ignored) != MEMORY_OK)
			break;
		const char *end = memchr(to, '\0', length);
		info.length += end ? (size_t)(end - to) : length;
		if (end)
			break;
	}
	return vmcoreinfo_plausible(info) ? info : TEXT_NONE;
}

/* Whether memory, as this VMCOREINFO leads through it, is that of a kernel with the same release. */
static bool is_of_this_kernel(struct dump *dump, struct text info)
{
	struct text release, before = dump->vmcoreinfo;
	struct uts_names names;

	dump->vmcoreinfo = info;
	address_reset(dump);
	bool same = uts_names_read(dump, &names) && vmcoreinfo_find(info, "OSRELEASE", &release) &&
		    text_equal(release, uts_name_clean((struct text){ names.release, sizeof names.release }));
	dump->vmcoreinfo = before;
	address_reset(dump);
	return same;
}

static void try_copy(struct search *search, uint64_t address)
{
	struct dump *dump = search->dump;

	if (search->tried >= CANDIDATES_MOST)
		return;
	struct text info = read_info(search, address);
	if (!info.length)
		return;
	search->tried++;
	if (!is_of_this_kernel(dump, info))
		return;
	info = arena_copy(&dump->arena, info);
	if (!info.length)
		return;
	dump->vmcoreinfo = info;
	address_reset(dump);
	search->found = true;
	dump_remark(dump, "the kernel's own VMCOREINFO was taken, found in memory at physical address 0x%" PRIx64, address);
}

/* Since 4.13 VMCOREINFO has a page of its own, and the note that holds a copy another (kernel/crash_core.c). */
static void look_at_pages(struct search *search, uint64_t address, const char *data, size_t length)
{
	size_t at = (size_t)(-address % PAGE);

	for (; at + NOTE_HEADER + MARK <= length && !search->found; at += PAGE)
		if (memcmp(data + at, mark, MARK) == 0)
			try_copy(search, address + at);
		else if (memcmp(data + at + NOTE_HEADER, mark, MARK) == 0)
			try_copy(search, address + at + NOTE_HEADER);
}

/* Before 4.13 both are arrays among the kernel's variables. These are tried when all memory was seen. */
static void look_elsewhere(struct search *search, uint64_t address, struct text data)
{
	for (size_t at; search->elsewhere_count < CANDIDATES_MOST && (at = text_find(data, mark)) != SIZE_MAX;) {
		struct text beginning = text_first(text_from_offset(data, at), SECOND_LINE_BEFORE);
		bool seen = (address + at) % PAGE == 0 || (address + at) % PAGE == NOTE_HEADER;
		if (!seen && (beginning.length < SECOND_LINE_BEFORE || text_find(beginning, "\nPAGESIZE=") != SIZE_MAX))
			search->elsewhere[search->elsewhere_count++] = address + at;
		address += at + MARK;
		data = text_from_offset(data, at + MARK);
	}
}

static bool look_at_piece(struct search *search, uint64_t address, size_t length)
{
	struct error ignored = { 0 };
	char *data = search->piece + CARRY;
	size_t carry = search->next == address && address >= CARRY ? CARRY : 0;

	if (dump_read_physical(search->dump, address, data, length, &ignored) != MEMORY_OK)
		return false;
	look_at_pages(search, address, data, length);
	look_elsewhere(search, address - carry, (struct text){ data - carry, carry + length });
	memmove(search->piece, data + length - CARRY, CARRY);
	search->next = address + length;
	return true;
}

/* Where a piece cannot be read as one, its pages are read alone: one that is missing hides no other. */
static void look_at_run(struct search *search, uint64_t address, uint64_t length)
{
	while (length > CARRY && !search->found) {
		size_t piece = length < PIECE ? (size_t)length : PIECE;
		if (!look_at_piece(search, address, piece))
			for (size_t at = 0; at + CARRY < piece && !search->found && search->lost < LOST_MOST; at += PAGE)
				search->lost += !look_at_piece(search, address + at, piece - at < PAGE ? piece - at : PAGE);
		address += piece;
		length -= piece;
	}
}

static void look_through_memory(struct search *search, uint64_t most)
{
	struct dump *dump = search->dump;
	uint64_t address = 0, length = 0, sum = 0;

	while (!search->found && sum < most && search->lost < LOST_MOST && dump->reader->next_run(dump, &address, &length) &&
	       length) {
		if (length > UINT64_MAX - address)
			break;
		look_at_run(search, address, length);
		address += length;
		sum += length;
	}
	if (!search->found && (sum >= most || search->lost >= LOST_MOST))
		dump_remark(dump, "the search for VMCOREINFO in memory ended at physical address 0x%" PRIx64 ": %s", address,
			    sum >= most ? "enough was searched" : "too much of it cannot be read");
	for (size_t i = 0; i < search->elsewhere_count && !search->found; i++)
		try_copy(search, search->elsewhere[i]);
}

bool facts_find_vmcoreinfo(struct dump *dump, uint64_t most)
{
	struct search search = { .dump = dump, .next = UINT64_MAX };

	if (!dump->reader->next_run)
		return false;
	search.piece = malloc(CARRY + PIECE);
	search.info = malloc(INFO_MOST);
	if (search.piece && search.info)
		look_through_memory(&search, most);
	free(search.piece);
	free(search.info);
	return search.found;
}
