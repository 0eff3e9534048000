/* VMCOREINFO: lines KEY=VALUE. */
#include "vmcore/vmcoreinfo.h"

#include <stdio.h>
#include <string.h>

enum { KEY_MOST = 160 }; /* bytes of the longest key asked for, "OFFSET(printk_ringbuffer.text_data_ring)" and the like */

bool vmcoreinfo_find(struct text info, const char *key, struct text *value)
{
	while (info.length) {
		size_t end = text_find_char(info, '\n');
		struct text line = text_first(info, end);
		if (text_eat(&line, key) && text_eat_char(&line, '=')) {
			*value = text_trim(line);
			return true;
		}
		info = end == SIZE_MAX ? TEXT_NONE : text_from_offset(info, end + 1);
	}
	return false;
}

/* The value of "KIND(name)=value". */
static bool find_kind(struct text info, const char *kind, const char *name, struct text *value)
{
	char key[KEY_MOST];
	int length = snprintf(key, sizeof key, "%s(%s)", kind, name);

	return length > 0 && length < KEY_MOST && vmcoreinfo_find(info, key, value);
}

static bool find_decimal(struct text info, const char *kind, const char *name, uint64_t *number)
{
	struct text value;
	uint64_t eaten;

	if (!find_kind(info, kind, name, &value) || !text_eat_decimal(&value, &eaten) || value.length)
		return false;
	*number = eaten;
	return true;
}

bool vmcoreinfo_symbol(struct text info, const char *name, uint64_t *address)
{
	struct text value;
	uint64_t eaten;

	if (!find_kind(info, "SYMBOL", name, &value) || !text_eat_hex(&value, &eaten) || value.length)
		return false;
	*address = eaten;
	return true;
}

bool vmcoreinfo_offset(struct text info, const char *name, uint64_t *offset)
{
	return find_decimal(info, "OFFSET", name, offset);
}

bool vmcoreinfo_size(struct text info, const char *name, uint64_t *size)
{
	return find_decimal(info, "SIZE", name, size);
}

bool vmcoreinfo_length(struct text info, const char *name, uint64_t *length)
{
	return find_decimal(info, "LENGTH", name, length);
}

/* Of kernel's %ld, %lu and 0x%lx alike: above INT64_MAX it is the negative number of the same bits. */
bool vmcoreinfo_number(struct text info, const char *name, int64_t *number)
{
	struct text value;
	uint64_t eaten;

	if (!find_kind(info, "NUMBER", name, &value))
		return false;
	bool negative = text_eat_char(&value, '-');
	bool hex = !negative && text_starts(value, "0x");
	if (!(hex ? text_eat_hex(&value, &eaten) : text_eat_decimal(&value, &eaten)) || value.length)
		return false;
	if (negative && eaten > (uint64_t)INT64_MAX + 1)
		return false;
	if (negative)
		eaten = 0 - eaten;
	memcpy(number, &eaten, sizeof *number);
	return true;
}

bool vmcoreinfo_hex(struct text info, const char *key, uint64_t *number)
{
	struct text value;
	uint64_t eaten;

	if (!vmcoreinfo_find(info, key, &value) || !text_eat_hex(&value, &eaten) || value.length)
		return false;
	*number = eaten;
	return true;
}

static bool is_text(struct text t)
{
	for (size_t i = 0; i < t.length; i++) {
		unsigned char c = (unsigned char)t.data[i];
		if ((c < ' ' && c != '\n' && c != '\t') || c > '~')
			return false;
	}
	return true;
}

bool vmcoreinfo_plausible(struct text info)
{
	struct text release;

	return text_starts(info, "OSRELEASE=") && vmcoreinfo_find(info, "OSRELEASE", &release) && release.length &&
	       is_text(info);
}
