/* init_uts_ns. */
#include "vmcore/uts_names.h"

#include "vmcore/vmcoreinfo.h"

#include <string.h>

_Static_assert(sizeof(struct uts_names) == 5 * (size_t)UTS_NAME_SIZE, "one read for all fields");

struct text uts_name_clean(struct text field)
{
	field = text_trim(text_first(field, text_find_char(field, '\0')));
	for (size_t i = 0; i < field.length; i++)
		if ((unsigned char)field.data[i] < ' ' || field.data[i] == 0x7f)
			return TEXT_NONE;
	return field;
}

bool uts_release_plausible(struct text release)
{
	if (!release.length || release.length >= UTS_NAME_SIZE || release.data[0] < '0' || release.data[0] > '9')
		return false;
	for (size_t i = 0; i < release.length; i++)
		if (release.data[i] <= ' ' || release.data[i] > '~')
			return false;
	return true;
}

static bool read_at(struct dump *dump, uint64_t address, struct uts_names *names)
{
	struct error ignored = { 0 };

	if (dump_read(dump, address, names, sizeof *names, &ignored) != MEMORY_OK)
		return false;
	return strncmp(names->sysname, "Linux", sizeof names->sysname) == 0 &&
	       uts_release_plausible(uts_name_clean((struct text){ names->release, sizeof names->release }));
}

bool uts_names_read(struct dump *dump, struct uts_names *names)
{
	/* Up to 5.10 a struct kref of 4 bytes lies before the names, since 5.11 nothing; 8 is for whoever pads it. */
	static const uint64_t offsets[] = { 0, 4, 8 };
	uint64_t address, offset;

	/* Until 2.6.18 there were no name spaces. */
	if (vmcoreinfo_symbol(dump->vmcoreinfo, "system_utsname", &address))
		return read_at(dump, address, names);
	if (!vmcoreinfo_symbol(dump->vmcoreinfo, "init_uts_ns", &address))
		return false;
	if (vmcoreinfo_offset(dump->vmcoreinfo, "uts_namespace.name", &offset))
		return read_at(dump, address + offset, names);
	for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++)
		if (read_at(dump, address + offsets[i], names))
			return true;
	return false;
}
