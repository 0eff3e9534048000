/* The wrappings: a table of transports, each with a function that knows its form. */
#include "log/wrapping.h"

#include "log/stamp.h"

bool wrapping_eat_level(struct text *line, struct record *record)
{
	struct text rest = *line;
	uint64_t priority;

	/* Facility times 8 plus level, as syslog(2) and RFC 5424 have it: at most 191. */
	if (!text_eat_char(&rest, '<') || !text_eat_decimal(&rest, &priority) || priority > 191 ||
	    !text_eat_char(&rest, '>'))
		return false;
	record->level = (int)(priority & 7);
	*line = rest;
	return true;
}

/* Is this the tag under which kernel records go? "kernel:", "kernel[0]:" */
static bool is_kernel_tag(struct text word)
{
	if (!text_eat(&word, "kernel") && !text_eat(&word, "vmunix"))
		return false;
	return text_is(word, ":") || (text_starts(word, "[") && text_ends(word, "]:"));
}

/*
 * Behind a time: host, perhaps facility.level, then the program's tag. One blank behind the tag is the transport's. Some
 * transports leave the host out.
 */
static enum wrapping_verdict eat_host_and_tag(struct text *line, struct record *record)
{
	struct text rest = *line, host = TEXT_NONE, word;

	for (int words = 0; words < 4 && text_eat_word(&rest, &word); words++) {
		if (text_ends(word, ":")) {
			if (!is_kernel_tag(word))
				return WRAPPING_OTHER;
			text_eat_char(&rest, ' ');
			record->host = host;
			*line = rest;
			return WRAPPING_KERNEL;
		}
		if (words == 0)
			host = word;
		text_eat_blanks(&rest);
	}
	return WRAPPING_OTHER;
}

static enum wrapping_verdict eat_syslog(struct text *line, struct record *record)
{
	struct text rest = *line;

	wrapping_eat_level(&rest, record);
	if (!stamp_eat_bsd(&rest, record) && !stamp_eat_iso(&rest, record) && !stamp_eat_full(&rest, record) &&
	    !stamp_eat_unix(&rest, record))
		return WRAPPING_NONE;
	*line = rest;
	return eat_host_and_tag(line, record);
}

/* RFC 5424 structured data: "-", or [id name="value"...] with \" \] \\ inside values. */
static bool eat_structured_data(struct text *line)
{
	struct text rest = *line;

	if (text_eat_char(&rest, '-')) {
		*line = rest;
		return true;
	}
	if (!rest.length || rest.data[0] != '[')
		return false;
	while (rest.length && rest.data[0] == '[') {
		size_t i = 1;
		while (i < rest.length && rest.data[i] != ']')
			i += rest.data[i] == '\\' ? 2 : 1;
		if (i >= rest.length)
			return false;
		rest = text_from_offset(rest, i + 1);
	}
	*line = rest;
	return true;
}

/* <4>1 2018-06-05T04:46:22.003Z host kernel - - - text (RFC 5424, section 6) */
static enum wrapping_verdict eat_rfc5424(struct text *line, struct record *record)
{
	struct text rest = *line, host, program, process, message;

	if (!wrapping_eat_level(&rest, record) || !text_eat(&rest, "1 "))
		return WRAPPING_NONE;
	if (!text_eat(&rest, "- ") && !stamp_eat_iso(&rest, record))
		return WRAPPING_NONE;
	if (!text_eat_word(&rest, &host) || !text_eat_char(&rest, ' ') || !text_eat_word(&rest, &program) ||
	    !text_eat_char(&rest, ' ') || !text_eat_word(&rest, &process) || !text_eat_char(&rest, ' ') ||
	    !text_eat_word(&rest, &message) || !text_eat_char(&rest, ' ') || !eat_structured_data(&rest))
		return WRAPPING_NONE;
	text_eat_char(&rest, ' ');
	text_eat(&rest, "\xef\xbb\xbf");
	if (!text_is(host, "-"))
		record->host = host;
	*line = rest;
	return text_is(program, "kernel") ? WRAPPING_KERNEL : WRAPPING_OTHER;
}

/* [   23.367864] host kernel: text, as journalctl -o short-monotonic prints. A kernel record may look so only by chance. */
static enum wrapping_verdict eat_monotonic(struct text *line, struct record *record)
{
	struct text rest = *line, host, tag;

	if (!rest.length || rest.data[0] != '[' || !stamp_eat_printk(&rest, record))
		return WRAPPING_NONE;
	if (!text_eat_word(&rest, &host) || text_ends(host, ":") || !text_eat_char(&rest, ' ') ||
	    !text_eat_word(&rest, &tag) || !is_kernel_tag(tag))
		return WRAPPING_NONE;
	text_eat_char(&rest, ' ');
	record->host = host;
	*line = rest;
	return WRAPPING_KERNEL;
}

/* 6,339,5140900,-,caller=T1;text, as /dev/kmsg gives; lines that begin with a blank are the record's dictionary. */
static enum wrapping_verdict eat_kmsg(struct text *line, struct record *record)
{
	struct text rest = *line, flags;
	uint64_t priority, sequence, micros;

	if (!text_eat_decimal(&rest, &priority) || priority > 191 || !text_eat_char(&rest, ',') ||
	    !text_eat_decimal(&rest, &sequence) || !text_eat_char(&rest, ',') || !text_eat_decimal(&rest, &micros) ||
	    !text_eat_char(&rest, ','))
		return WRAPPING_NONE;
	size_t end = text_find_char(rest, ';');
	if (end == SIZE_MAX || end > 64 || micros > INT64_MAX / 1000)
		return WRAPPING_NONE;
	flags = text_first(rest, end);
	record->level = (int)(priority & 7);
	record->time_ns = (int64_t)micros * 1000;
	size_t caller = text_find(flags, "caller=");
	if (caller != SIZE_MAX) {
		struct text id = text_from_offset(flags, caller + 7);
		uint64_t number;
		char kind = id.length ? id.data[0] : '\0';
		id = text_from_offset(id, 1);
		if ((kind == 'T' || kind == 'C') && text_eat_decimal(&id, &number) && number <= UINT32_MAX) {
			record->caller_kind = kind;
			record->caller = (uint32_t)number;
		}
	}
	*line = text_from_offset(rest, end + 1);
	return WRAPPING_KERNEL;
}

/* Facilities and levels as dmesg -x prints them (util-linux, sys-utils/dmesg.c): "kern  :warn  : ". */
static const char *const facilities[] = { "kern", "user", "mail", "daemon", "auth",     "syslog",
					  "lpr",  "news", "uucp", "cron",   "authpriv", "ftp" };
static const char *const levels[] = { "emerg", "alert", "crit", "err", "warn", "notice", "info", "debug" };

static int eat_padded(struct text *line, const char *const *words, int count)
{
	for (int i = 0; i < count; i++) {
		struct text rest = *line;
		if (!text_eat(&rest, words[i]))
			continue;
		text_eat_blanks(&rest);
		if (!text_eat_char(&rest, ':'))
			continue;
		*line = rest;
		return i;
	}
	return -1;
}

static enum wrapping_verdict eat_dmesg(struct text *line, struct record *record)
{
	struct text rest = *line;
	int level = -1;
	bool decoded = eat_padded(&rest, facilities, sizeof facilities / sizeof *facilities) >= 0 &&
		       (level = eat_padded(&rest, levels, sizeof levels / sizeof *levels)) >= 0;

	if (decoded)
		text_eat_char(&rest, ' ');
	else
		rest = *line;
	if (!stamp_eat_dmesg(&rest, record) && !decoded)
		return WRAPPING_NONE;
	if (decoded)
		record->level = level;
	*line = rest;
	return WRAPPING_KERNEL;
}

static const struct {
	const char *format;
	enum wrapping_verdict (*eat)(struct text *line, struct record *record);
} wrappings[] = {
	{ "syslog", eat_rfc5424 }, { "syslog", eat_syslog }, { "syslog", eat_monotonic },
	{ "dmesg", eat_dmesg },    { "kmsg", eat_kmsg },
};

/* E-mail quoting: "> ", "> > ", ">> ". */
static void eat_quoting(struct text *line)
{
	while (text_eat_char(line, '>'))
		text_eat_char(line, ' ');
}

enum wrapping_verdict wrapping_strip(struct text *line, struct record *record, const char **format)
{
	eat_quoting(line);
	for (size_t i = 0; i < sizeof wrappings / sizeof *wrappings; i++) {
		struct record told = *record;
		enum wrapping_verdict verdict = wrappings[i].eat(line, &told);
		if (verdict == WRAPPING_NONE)
			continue;
		*record = told;
		*format = wrappings[i].format;
		return verdict;
	}
	return WRAPPING_NONE;
}
