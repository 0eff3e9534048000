/* README.txt of SUSE's kdump. */
#include "triage/machine.h"

/* "2023-06-05 12:00 (+0000)" */
static void take_time(struct text value, struct machine_said *said)
{
	struct wall_clock clock;
	int64_t ahead = 0;

	if (!wall_clock_eat(&value, "Y-M-D h:m:s", &clock) && !wall_clock_eat(&value, "Y-M-D h:m", &clock))
		return;
	value = text_trim(value);
	text_eat_char(&value, '(');
	said->zone_said = wall_clock_eat_zone(&value, &ahead) && wall_clock_seconds(clock, ahead, &said->crashed_at);
	if (!said->zone_said)
		wall_clock_seconds(clock, 0, &said->crashed_at);
}

static void take_host(struct text value, struct machine_said *said)
{
	said->host = value;
}

/* "Crash time     : 2023-06-05 12:00 (+0000)": as its savedump.cc writes them. */
static const struct {
	const char *key;
	void (*take)(struct text value, struct machine_said *said);
} lines[] = {
	{ "Crash time", take_time },
	{ "Host", take_host },
};

static void take_line(struct text line, struct machine_said *said)
{
	size_t colon = text_find_char(line, ':');

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (colon != SIZE_MAX && text_is(text_trim(text_first(line, colon)), lines[i].key))
			lines[i].take(text_trim(text_from_offset(line, colon + 1)), said);
}

struct machine_said machine_of_readme(struct text content)
{
	struct machine_said said = { .crashed_at = RECORD_NO_TIME };

	/* Many things have a README. */
	if (!text_starts(content, "Kernel crashdump"))
		return said;
	while (content.length) {
		size_t end = text_find_char(content, '\n');
		take_line(text_first(content, end), &said);
		content = text_from_offset(content, end == SIZE_MAX ? end : end + 1);
	}
	return said;
}
