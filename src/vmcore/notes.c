/* ELF notes (elf(5), Elf64_Nhdr): in ELF dumps, and as makedumpfile keeps them. */
#include "vmcore/bytes.h"
#include "vmcore/dump.h"

enum { HEADER = 12, ALIGNMENT = 4 }; /* bytes: namesz, descsz, type; ELF64 dumps align to 4 as well */

/* The text's first `length` bytes and what aligns them; false: there are not so many. The last padding may be missing. */
static bool take(struct text *notes, uint64_t length, struct text *taken)
{
	if (length > notes->length)
		return false;
	*taken = text_first(*notes, (size_t)length);
	*notes = text_from_offset(*notes, (size_t)((length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT));
	return true;
}

/* Without NULs at its end: names have one, VMCOREINFO is filled up to a page. */
static struct text without_padding(struct text t)
{
	while (t.length && t.data[t.length - 1] == '\0')
		t.length--;
	return t;
}

static void keep(struct dump *dump, const struct dump_note *found)
{
	struct dump_note *note = arena_push(&dump->arena, &dump->notes, &dump->note_count, sizeof *note);

	if (!note)
		return;
	*note = *found;
	struct text info = without_padding(note->data);
	if (text_is(note->name, "VMCOREINFO") && info.length)
		dump->vmcoreinfo = info;
}

/* Takes one note off the front; false: it claims more than there is. */
static bool next_note(struct dump *dump, struct text *notes, struct dump_note *note)
{
	struct text rest = *notes, header, name;

	if (!take(&rest, HEADER, &header))
		return false;
	if (!take(&rest, bytes_get(header.data, 4, dump->big_endian), &name))
		return false;
	if (!take(&rest, bytes_get(header.data + 4, 4, dump->big_endian), &note->data))
		return false;
	note->name = without_padding(name);
	note->type = (uint32_t)bytes_get(header.data + 8, 4, dump->big_endian);
	*notes = rest;
	return true;
}

/* Memory that no CPU wrote its notes to is zero, and behind it another CPU's may follow. (Every note of a dump has a name.)
 */
static void skip_zeros(struct text *notes)
{
	while (notes->length >= ALIGNMENT && bytes_get(notes->data, ALIGNMENT, false) == 0)
		*notes = text_from_offset(*notes, ALIGNMENT);
}

void dump_add_notes(struct dump *dump, struct text notes)
{
	size_t whole = notes.length;
	struct dump_note note;

	for (skip_zeros(&notes); notes.length >= HEADER; skip_zeros(&notes)) {
		size_t at = whole - notes.length;
		if (!next_note(dump, &notes, &note)) {
			dump_remark(dump,
				    "the ELF note at byte %zu of its segment of %zu bytes claims more bytes than there are: "
				    "notes from there on were left out",
				    at, whole);
			return;
		}
		size_t bytes = note.name.length + note.data.length;
		if (dump->note_count >= DUMP_NOTES_MOST || bytes > DUMP_NOTE_BYTES_MOST - dump->note_bytes) {
			dump_remark(dump, "more than %d ELF notes or %d bytes of them: the rest was left out",
				    DUMP_NOTES_MOST, DUMP_NOTE_BYTES_MOST);
			return;
		}
		dump->note_bytes += bytes;
		keep(dump, &note);
	}
}
