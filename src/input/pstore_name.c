/* Names of pieces, as fs/pstore/inode.c, pstore_mkfile() makes them: TYPE-BACKEND-NUMBER, with .enc.z behind. */
#include "input/pstore.h"

/* How a store makes the number of a record. */
enum numbering {
	COUNTED, /* its place in the store */
	EFI,     /* drivers/firmware/efi/efi-pstore.c, generic_id(): (seconds * 100 + part) * 1000 + count */
	ERST,    /* drivers/firmware/efi/cper.c, cper_next_record_id(): seconds << 32, since 2038 1 << 63 | seconds << 24,
		    counted up */
};

/* EFI's store has had two names. */
static const struct {
	const char *name;
	enum numbering numbering;
} backends[] = {
	{ "efi", EFI },       { "efi_pstore", EFI },     { "erst", ERST },           { "ramoops", COUNTED },
	{ "nvram", COUNTED }, { "pstore_blk", COUNTED }, { "pstore_zone", COUNTED },
};

static void read_number(struct pstore_name *name, enum numbering numbering)
{
	/* Of older kernels, the seconds alone. */
	const uint64_t with_part = UINT64_C(10000000000000);
	const uint64_t late = UINT64_C(1) << 63;
	uint64_t number = name->number;

	if (numbering == EFI && number < with_part) {
		name->time = (int64_t)number;
	} else if (numbering == EFI) {
		name->time = (int64_t)(number / 100000);
		name->part = (unsigned)(number / 1000 % 100);
	} else if (numbering == ERST) {
		name->time = (int64_t)(number & late ? (number & ~late) >> 24 : number >> 32);
	}
}

static bool eat_backend(struct text *t, size_t *backend)
{
	struct text name = text_first(*t, text_find_char(*t, '-'));

	for (size_t i = 0; i < sizeof backends / sizeof *backends; i++) {
		if (!text_is(name, backends[i].name))
			continue;
		*backend = i;
		*t = text_from_offset(*t, name.length);
		return true;
	}
	return false;
}

bool pstore_name_parse(const char *name, struct pstore_name *parsed)
{
	struct text rest = text_from(name);

	*parsed = (struct pstore_name){ 0 };
	parsed->console = text_eat(&rest, "console-");
	if ((!parsed->console && !text_eat(&rest, "dmesg-")) || !eat_backend(&rest, &parsed->backend))
		return false;
	/* Older kernels gave the console no number. */
	if (!(text_eat_char(&rest, '-') && text_eat_decimal(&rest, &parsed->number)) && !(parsed->console && !rest.length))
		return false;
	parsed->compressed = text_eat(&rest, ".enc.z");
	if (!parsed->console)
		read_number(parsed, backends[parsed->backend].numbering);
	return !rest.length;
}
