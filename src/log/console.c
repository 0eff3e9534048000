/* Consoles' captures, by their grammar. */
#include "log/console.h"

#include "log/kmsg.h"
#include "log/stamp.h"

bool console_is_stamped(struct text t)
{
	struct record record;

	wrapping_eat_level(&t, &record);
	if (!t.length)
		return false;
	return t.data[0] == '[' ? stamp_eat_printk(&t, &record) : kmsg_eat_header(&t, &record);
}

/* An IPv4 address, or an IPv6 one, perhaps in brackets, with a port or a colon behind. */
static bool is_address(struct text word)
{
	size_t points = 0, colons = 0, digits = 0;

	for (size_t i = 0; i < word.length; i++) {
		char c = word.data[i], low = (char)(c | 0x20);
		bool digit = c >= '0' && c <= '9';
		if (!digit && !(low >= 'a' && low <= 'f') && c != '.' && c != ':' && c != '[' && c != ']')
			return false;
		points += c == '.';
		colons += c == ':';
		digits += digit;
	}
	return digits && ((points == 3 && colons <= 1) || colons >= 2);
}

static bool is_host_name(struct text word)
{
	for (size_t i = 0; i < word.length; i++) {
		char c = word.data[i], low = (char)(c | 0x20);
		if (!(c >= '0' && c <= '9') && !(low >= 'a' && low <= 'z') && c != '.' && c != '-' && c != '_')
			return false;
	}
	return word.length > 0 && word.length <= 64;
}

/* A word in front of one record may be a prompt or the end of another line; in front of two, it is who sent them. */
static bool is_known_word(struct wrappings *known, struct text word)
{
	enum { WORDS = sizeof known->words / sizeof *known->words };
	uint64_t hash = text_hash(TEXT_HASH_START, word);

	for (unsigned i = 0; i < known->word_count && i < WORDS; i++)
		if (known->words[i] == hash)
			return true;
	known->words[known->word_count++ % WORDS] = hash;
	return false;
}

/* "10.0.0.5 [   12.345678] text", "web1 6,339,5140900,-;text": what collectors of netconsole's datagrams write. */
static bool eat_sender(struct text *line, struct record *record, struct wrappings *known)
{
	struct text rest = *line, word, unused;
	struct record header;

	if (!text_eat_word(&rest, &word) || word.length > 64 || !rest.length)
		return false;
	text_eat_blanks(&rest);
	if (!console_is_stamped(rest))
		return false;
	unused = rest;
	if (!is_address(word) && !(is_host_name(word) && (kmsg_eat_header(&unused, &header) || is_known_word(known, word))))
		return false;
	if (text_ends(word, ":"))
		word.length--;
	record->host = word;
	*line = rest;
	return true;
}

/* "(XEN) text" is the hypervisor's own; "(d1) text" a guest's, which it shows (xen/drivers/char/console.c). */
static enum wrapping_verdict eat_xen(struct text *line, struct record *record)
{
	struct text rest = *line;
	uint64_t number;

	if (text_starts(rest, "(XEN) "))
		return WRAPPING_OTHER;
	if (!text_eat(&rest, "(d") || !text_eat_decimal(&rest, &number) || !text_eat(&rest, ") "))
		return WRAPPING_NONE;
	record->guest = text_first(text_from_offset(*line, 1), line->length - rest.length - 3);
	*line = rest;
	return WRAPPING_KERNEL;
}

/* "Panic#1 Part3": the header of a piece of pstore (fs/pstore/platform.c, pstore_dump()). */
static bool is_pstore_header(struct text line)
{
	size_t number = text_find_char(text_first(line, 20), '#');
	uint64_t value;

	if (number == SIZE_MAX || number == 0 || text_find_char(text_first(line, number), ' ') != SIZE_MAX)
		return false;
	line = text_from_offset(line, number + 1);
	return text_eat_decimal(&line, &value) && text_eat(&line, " Part") && text_eat_decimal(&line, &value) &&
	       !line.length;
}

/*
 * Lines that stand between the kernel's: conserver's and syslogd's marks, the header of a ramoops' record
 * (fs/pstore/ram.c, ramoops_write_kmsg_hdr(): "====1234567.123456-D") and its footer.
 */
static bool is_mark(struct text line)
{
	uint64_t number;

	if (text_starts(line, "[-- ") || text_starts(line, "-- MARK --") || text_starts(line, "No errors detected"))
		return true;
	if (is_pstore_header(line))
		return true;
	return text_eat(&line, "====") && text_eat_decimal(&line, &number) && text_eat_char(&line, '.') &&
	       text_eat_decimal(&line, &number) && (text_is(line, "-C") || text_is(line, "-D") || !line.length);
}

enum wrapping_verdict console_strip(struct text *line, struct record *record, struct wrappings *known)
{
	/* Most lines begin with printk's stamp, which is none of these. */
	if (line->length < 2 || (line->data[0] == '[' && line->data[1] == ' '))
		return WRAPPING_NONE;
	if (is_mark(*line))
		return WRAPPING_OTHER;
	/* Apport's, in /var/crash: the text's first line may stand behind its name. */
	bool dated = stamp_eat_console(line, record) || text_eat(line, "OopsText: ");
	enum wrapping_verdict verdict = eat_xen(line, record);
	if (verdict != WRAPPING_NONE)
		return verdict;
	return eat_sender(line, record, known) || dated ? WRAPPING_KERNEL : WRAPPING_NONE;
}
