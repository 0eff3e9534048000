/* kdump-triage report: what the history knows of a fleet. */
#define _GNU_SOURCE /* strptime, timegm */
#include "command/scan.h"

#include "command/style.h"
#include "output/fleet.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OPTION_COLOR = 256, OPTION_HISTORY, OPTION_SINCE, OPTION_UNTIL };

enum format { FORMAT_TEXT, FORMAT_MARKDOWN, FORMAT_JSON, FORMAT_HTML, FORMAT_COUNT };

static const char *const format_names[FORMAT_COUNT] = { "text", "markdown", "json", "html" };

struct options {
	enum format format;
	const char *history;
	int64_t since, until;
	struct output_style style;
};

static const char help[] = "Usage: kdump-triage report [OPTION...]\n"
			   "\n"
			   "Reads the history that scans have written, and says what keeps killing the\n"
			   "fleet: crashes over time, by bug, release and host, each group down to its\n"
			   "dumps.\n"
			   "\n"
			   "  -f, --format text|markdown|json|html   how to write (text); html is one page\n"
			   "                                         that needs no network\n"
			   "      --history PATH                     which history\n"
			   "      --since DATE, --until DATE         crashes from that day on, and before\n"
			   "                                         that day: YYYY-MM-DD, UTC\n"
			   "      --color auto|always|never\n"
			   "  -h, --help                             this\n"
			   "\n"
			   "Exit status: 0, or 2: usage, or the history could not be read.\n";

static const struct option long_options[] = {
	{ "format", required_argument, NULL, 'f' },
	{ "history", required_argument, NULL, OPTION_HISTORY },
	{ "since", required_argument, NULL, OPTION_SINCE },
	{ "until", required_argument, NULL, OPTION_UNTIL },
	{ "color", required_argument, NULL, OPTION_COLOR },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int take_format(struct options *options, const char *name)
{
	for (int i = 0; i < FORMAT_COUNT; i++) {
		if (strcmp(name, format_names[i]) == 0) {
			options->format = (enum format)i;
			return EXIT_KNOWN;
		}
	}
	return usage_error_of("report", "--format '%s': expected text, markdown, json or html", name);
}

static int take_date(const char *option, const char *value, int64_t *seconds)
{
	struct tm day = { 0 };
	const char *end = strptime(value, "%Y-%m-%d", &day);
	int given = day.tm_mday;
	time_t time = end && !*end && day.tm_year >= 70 ? timegm(&day) : -1;

	/* timegm() makes the 30th of February the 2nd of March. */
	if (time < 0 || day.tm_mday != given)
		return usage_error_of("report", "%s '%s': expected a day as YYYY-MM-DD, from 1970 on", option, value);
	*seconds = time;
	return EXIT_KNOWN;
}

static int take_option(struct options *options, int option, char **argv)
{
	switch (option) {
	case 'f':
		return take_format(options, optarg);
	case OPTION_HISTORY:
		options->history = optarg;
		return EXIT_KNOWN;
	case OPTION_SINCE:
		return take_date("--since", optarg, &options->since);
	case OPTION_UNTIL:
		return take_date("--until", optarg, &options->until);
	case OPTION_COLOR:
		if (style_set_color(&options->style, optarg))
			return EXIT_KNOWN;
		return usage_error_of("report", "--color '%s': expected auto, always or never", optarg);
	case 'h':
		fputs(help, stdout);
		return -1;
	default:
		return bad_option("report", option, argv);
	}
}

static int check_options(const struct options *options, int rest)
{
	if (rest)
		return usage_error_of("report",
				      "expected options only; it reads the history, 'kdump-triage scan DIR' the dumps");
	if (options->since != SIGHTING_NO_TIME && options->until != SIGHTING_NO_TIME && options->since >= options->until)
		return usage_error_of("report", "--since and --until: the period is empty");
	return EXIT_KNOWN;
}

/* The fleet that is being gathered, and what ended that. */
struct gathering {
	struct fleet fleet;
	struct error error;
	bool failed;
};

static bool gather(void *state, const struct sighting *sighting)
{
	struct gathering *gathering = state;

	gathering->failed = !fleet_add(&gathering->fleet, sighting, true, &gathering->error);
	return !gathering->failed;
}

static bool read_history(const struct options *options, const char *path, struct gathering *gathering)
{
	struct history_query query = { .since = options->since, .until = options->until, .with_detail = true };
	struct history *history = history_open(path, HISTORY_READ, &gathering->error);
	struct error ignored;

	if (!history)
		return false;
	bool done = history_each(history, &query, gather, gathering, &gathering->error) && !gathering->failed;
	history_close(history, &ignored);
	return done && fleet_finish(&gathering->fleet, &gathering->error);
}

static bool write_report(const struct options *options, const struct fleet *fleet, const struct fleet_heading *heading)
{
	switch (options->format) {
	case FORMAT_MARKDOWN:
		return output_fleet_markdown(stdout, fleet, heading);
	case FORMAT_JSON:
		return output_fleet_json(stdout, fleet, heading);
	case FORMAT_HTML:
		return output_fleet_html(stdout, fleet, heading);
	default:
		return output_fleet_text(stdout, fleet, heading, &options->style);
	}
}

static int run(const struct options *options)
{
	char *path = options->history ? strdup(options->history) : default_history();
	struct gathering gathering = { .error = { 0 } };
	int status = EXIT_TROUBLE;

	if (!path)
		return EXIT_TROUBLE;
	struct fleet_heading heading = {
		.source = text_from(path),
		.made_at = time(NULL),
		.since = options->since,
		.until = options->until,
	};
	if (!read_history(options, path, &gathering))
		complain_error(&gathering.error);
	else if (!write_report(options, &gathering.fleet, &heading))
		complain(NULL, 0, 0, "out of memory");
	else
		status = EXIT_KNOWN;
	fleet_free(&gathering.fleet);
	free(path);
	return finish_output(status);
}

int command_report(int argc, char **argv)
{
	struct options options = {
		.since = SIGHTING_NO_TIME,
		.until = SIGHTING_NO_TIME,
		.style = style_of_output(STYLE_PROSE_WIDEST),
	};
	int status = EXIT_KNOWN, option;

	opterr = 0;
	while (status == EXIT_KNOWN && (option = getopt_long(argc, argv, ":f:h", long_options, NULL)) != -1)
		status = take_option(&options, option, argv);
	if (status == EXIT_KNOWN)
		status = check_options(&options, argc - optind);
	if (status == EXIT_KNOWN)
		return run(&options);
	return status == -1 ? finish_output(EXIT_KNOWN) : status;
}
