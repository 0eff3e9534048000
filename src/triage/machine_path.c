/* Machines and times in the names of files and directories, as tables of the names that scripts make. */
#include "triage/machine.h"

enum { HOST_BYTES_MOST = 255 };

/* What every machine is called before it has a name, and to itself. */
static bool is_everybody(struct text host)
{
	return text_is(host, "localhost") || text_starts(host, "localhost.") || text_starts(host, "127.") ||
	       text_is(host, "::1");
}

bool machine_is_name(struct text host)
{
	bool telling = false;

	for (size_t i = 0; i < host.length; i++) {
		char c = host.data[i];
		bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		if (!alphanumeric && c != '.' && c != '-' && c != '_' && c != ':')
			return false;
		telling |= alphanumeric;
	}
	return telling && host.length <= HOST_BYTES_MOST && !is_everybody(host);
}

static bool set_time(struct machine_said *said, struct wall_clock clock)
{
	return said->crashed_at != RECORD_NO_TIME || wall_clock_seconds(clock, 0, &said->crashed_at);
}

static void set_host(struct machine_said *said, struct text host)
{
	if (!said->host.length && machine_is_name(host))
		said->host = host;
}

/*
 * Directories: kdump-utils' and kexec-tools' HOST-YYYY-MM-DD-hh:mm:ss (date +%Y-%m-%d-%T; HOST is an address), before which
 * ABRT puts "vmcore-"; SUSE's YYYY-MM-DD-hh:mm; kdump-tools' YYYYMMDDhhmm, with HOST- in front on another machine.
 */
static const struct {
	const char *form;
	size_t length;
} directory_times[] = {
	{ "Y-M-D-h:m:s", 19 },
	{ "Y-M-D-h:m", 16 },
	{ "YMDhm", 12 },
};

static void take_directory(struct text name, struct machine_said *said)
{
	for (size_t i = 0; i < sizeof directory_times / sizeof *directory_times; i++) {
		size_t length = directory_times[i].length;
		if (name.length < length)
			continue;
		struct text host = text_first(name, name.length - length), time = text_from_offset(name, host.length);
		struct wall_clock clock;
		if ((host.length && !text_ends(host, "-")) || !wall_clock_eat(&time, directory_times[i].form, &clock) ||
		    !set_time(said, clock))
			continue;
		text_eat(&host, "vmcore-");
		if (host.length)
			set_host(said, text_first(host, host.length - 1));
		return;
	}
}

/* kdump-tools' files, also with seconds, as some make them that follow it; and packed. */
static void take_file(struct text name, struct machine_said *said)
{
	static const char *const beginnings[] = { "dmesg.", "dump.", "vmcore." };
	struct wall_clock clock;

	for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
		struct text time = name;
		if (text_eat(&time, beginnings[i]) &&
		    (wall_clock_eat(&time, "YMDhms", &clock) || wall_clock_eat(&time, "YMDhm", &clock)) &&
		    (!time.length || time.data[0] == '.'))
			set_time(said, clock);
	}
}

/* Where in t a time of this form begins, behind something else; SIZE_MAX: nowhere. */
static size_t find_time(struct text t, const char *form)
{
	for (size_t at = 1; at < t.length; at++) {
		struct text rest = text_from_offset(t, at);
		struct wall_clock clock;
		int64_t ignored;
		/* Where the form has a year, the day must exist. */
		if (wall_clock_eat(&rest, form, &clock) && (!clock.year || wall_clock_seconds(clock, 0, &ignored)))
			return at;
	}
	return SIZE_MAX;
}

/* "-03312345", the number of a support case. */
static struct text without_case(struct text host)
{
	enum { CASE_DIGITS_LEAST = 5 };
	size_t end = host.length;

	while (end && host.data[end - 1] >= '0' && host.data[end - 1] <= '9')
		end--;
	bool numbered = host.length - end >= CASE_DIGITS_LEAST && end > 1 && host.data[end - 1] == '-';
	return numbered ? text_first(host, end - 1) : host;
}

/*
 * sosreport-HOST[-LABEL][-CASE]-2023-06-05-RANDOM, or sosreport-HOST[.CASE]-20230605120005[-RANDOM] in older ones. HOST has
 * no points, but may have hyphens: without a date nobody knows where it ends.
 */
static void take_sosreport(struct text rest, struct machine_said *said)
{
	size_t dashed = find_time(rest, "-Y-M-D"), plain = find_time(rest, "-YMD");
	size_t end = dashed < plain ? dashed : plain;
	bool alone = text_find_char(rest, '-') == SIZE_MAX;

	if (end == SIZE_MAX && !alone)
		return;
	struct text host = without_case(text_first(rest, end));
	set_host(said, text_first(host, text_find_char(host, '.')));
}

/* scc_HOST_230605_1200.txz, older ones with nts_; the form is that of four pairs of digits. */
static void take_supportconfig(struct text rest, struct machine_said *said)
{
	size_t end = find_time(rest, "_MDh_ms");

	if (end != SIZE_MAX)
		set_host(said, text_first(rest, end));
}

static const struct {
	const char *begins;
	void (*take)(struct text rest, struct machine_said *said);
} reports[] = {
	{ "sosreport-", take_sosreport },
	{ "scc_", take_supportconfig },
	{ "nts_", take_supportconfig },
};

static void take_report(struct text name, struct machine_said *said)
{
	for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
		struct text rest = name;
		if (text_eat(&rest, reports[i].begins))
			reports[i].take(rest, said);
	}
}

/* Takes the last name off the end of a path. False: there is none. */
static bool eat_last_name(struct text *path, struct text *name)
{
	while (path->length && path->data[path->length - 1] == '/')
		path->length--;
	size_t begin = path->length;
	while (begin && path->data[begin - 1] != '/')
		begin--;
	*name = text_from_offset(*path, begin);
	*path = text_first(*path, begin);
	return name->length > 0;
}

struct machine_said machine_of_path(struct text path)
{
	struct machine_said said = { .crashed_at = RECORD_NO_TIME };
	struct text name;

	/* The crash directory is the one that holds the file, or the path itself; the report's may be any above it. */
	for (int above = 0; eat_last_name(&path, &name); above++) {
		if (above == 0)
			take_file(name, &said);
		if (above <= 1)
			take_directory(name, &said);
		take_report(name, &said);
	}
	return said;
}
