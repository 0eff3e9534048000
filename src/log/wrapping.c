/* The wrappings: a table of transports, each with a function that knows its form. */
#include "log/wrapping.h"

#include "log/console.h"
#include "log/kmsg.h"
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

/* Programs that write into a system log what a kernel said elsewhere: their tag says nothing against it. */
static bool is_relay_tag(struct text word)
{
	static const char *const relays[] = { "netconsole", "logger" };

	for (size_t i = 0; i < sizeof relays / sizeof *relays; i++) {
		struct text rest = word;
		if (text_eat(&rest, relays[i]) && (text_is(rest, ":") || (text_starts(rest, "[") && text_ends(rest, "]:"))))
			return true;
	}
	return false;
}

/* A record that netconsole sent from another host, behind the tag of who wrote it down. */
static bool eat_relayed(struct text *line, struct text tag, struct record *record, struct wrappings *known)
{
	struct text rest = *line;
	struct record told = *record;

	text_eat_blanks(&rest);
	if (!is_relay_tag(tag) || (!console_is_stamped(rest) && console_strip(&rest, &told, known) != WRAPPING_KERNEL))
		return false;
	if (told.host.length)
		record->host = told.host;
	*line = rest;
	return true;
}

/*
 * Behind a time: host, perhaps facility.level, then the program's tag. One blank behind the tag is the transport's. Some
 * transports leave the host out. Where printk's own stamp follows the time or the host, there is no tag: a console's
 * capture, or netconsole, which knows of no syslog.
 */
static enum wrapping_verdict eat_host_and_tag(struct text *line, struct record *record, struct wrappings *known)
{
	struct text rest = *line, host = TEXT_NONE, word;

	for (int words = 0; words < 4 && rest.length; words++) {
		bool bare = words < 2 && console_is_stamped(rest);
		if (!bare && !text_eat_word(&rest, &word))
			break;
		if (bare || text_ends(word, ":")) {
			record->host = host;
			if (!bare && is_kernel_tag(word))
				text_eat_char(&rest, ' ');
			else if (!bare && !eat_relayed(&rest, word, record, known))
				return WRAPPING_OTHER;
			*line = rest;
			return WRAPPING_KERNEL;
		}
		if (words == 0)
			host = word;
		text_eat_blanks(&rest);
	}
	return WRAPPING_OTHER;
}

static enum wrapping_verdict eat_syslog(struct text *line, struct record *record, struct wrappings *known)
{
	struct text rest = *line;

	wrapping_eat_level(&rest, record);
	if (!stamp_eat_bsd(&rest, record) && !stamp_eat_iso(&rest, record) && !stamp_eat_full(&rest, record) &&
	    !stamp_eat_unix(&rest, record))
		return WRAPPING_NONE;
	*line = rest;
	return eat_host_and_tag(line, record, known);
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
static enum wrapping_verdict eat_rfc5424(struct text *line, struct record *record, struct wrappings *known)
{
	struct text rest = *line, host, program, process, message;

	(void)known;
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
static enum wrapping_verdict eat_monotonic(struct text *line, struct record *record, struct wrappings *known)
{
	struct text rest = *line, host, tag;

	(void)known;
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

static enum wrapping_verdict eat_dmesg(struct text *line, struct record *record, struct wrappings *known)
{
	struct text rest = *line;
	int level = -1;
	bool decoded = eat_padded(&rest, facilities, sizeof facilities / sizeof *facilities) >= 0 &&
		       (level = eat_padded(&rest, levels, sizeof levels / sizeof *levels)) >= 0;

	(void)known;
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
	enum wrapping_verdict (*eat)(struct text *line, struct record *record, struct wrappings *known);
} wrappings[] = {
	{ "syslog", eat_rfc5424 }, { "syslog", eat_syslog },     { "syslog", eat_monotonic },
	{ "dmesg", eat_dmesg },    { "console", console_strip },
};

/* E-mail quoting: "> ", "> > ", ">> ", "| ". In front of it may stand blanks, which otherwise are the kernel's own. */
static void eat_quoting(struct text *line)
{
	for (;;) {
		struct text rest = *line;
		text_eat_blanks(&rest);
		if (!text_eat_char(&rest, '>') && !text_eat(&rest, "| "))
			return;
		text_eat_char(&rest, ' ');
		*line = rest;
	}
}

static enum wrapping_verdict strip_outer(struct text *line, struct record *record, struct wrappings *known,
					 const char **format)
{
	for (size_t i = 0; i < sizeof wrappings / sizeof *wrappings; i++) {
		struct record told = *record;
		struct text rest = *line;
		enum wrapping_verdict verdict = wrappings[i].eat(&rest, &told, known);
		if (verdict == WRAPPING_NONE)
			continue;
		*line = rest;
		*record = told;
		*format = wrappings[i].format;
		return verdict;
	}
	return WRAPPING_NONE;
}

enum wrapping_verdict wrapping_strip(struct text *line, struct record *record, struct wrappings *known, const char **format)
{
	eat_quoting(line);
	enum wrapping_verdict verdict = strip_outer(line, record, known, format);
	if (verdict == WRAPPING_OTHER || !kmsg_eat_header(line, record))
		return verdict;
	if (verdict == WRAPPING_NONE)
		*format = "kmsg";
	known->extended = true;
	return WRAPPING_KERNEL;
}
