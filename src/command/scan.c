/* kdump-triage scan: every dump and log below directories; what is known, what is new, what happens most. */
#define _GNU_SOURCE /* sched_getaffinity */
#include "command/scan.h"

#include "command/style.h"
#include "output/fleet.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TIMEOUT = 300, MEMORY_MIB = 512, JOBS_MOST = 256 };

enum {
	OPTION_COLOR = 256,
	OPTION_HISTORY,
	OPTION_NO_HISTORY,
	OPTION_RECHECK,
	OPTION_LOGS,
	OPTION_ALL,
	OPTION_TIMEOUT,
	OPTION_MEMORY
};

struct options {
	bool json, no_history;
	const char *history;
	struct path_list signatures, roots;
	struct output_style style;
	struct scan_options scan;
};

static const char help[] = "Usage: kdump-triage scan [OPTION...] [DIR...]\n"
			   "\n"
			   "Triages every dump and kernel log below the directories (/var/crash, and pstore\n"
			   "in /var/lib/systemd/pstore and /sys/fs/pstore), remembers them, and says what\n"
			   "is known, what is new, and what happens most. The next scan looks only at what\n"
			   "is new or has changed.\n"
			   "\n"
			   "  -f, --format text|json     a table at the end (text), or a line of JSON for\n"
			   "                             each new dump as it is done\n"
			   "  -j, --jobs N               worker processes (as many as CPUs)\n"
			   "      --timeout SECONDS      for one dump (300; 0: none)\n"
			   "      --memory MIB           for one dump (512; 0: no limit)\n"
			   "      --logs                 system logs too: messages, syslog, kern.log, rotated\n"
			   "                             ones; without DIR, those in /var/log\n"
			   "      --all-file-systems     go down into other file systems\n"
			   "      --history PATH         what is remembered (/var/lib/kdump-triage/history.db,\n"
			   "                             or ~/.local/state/kdump-triage/history.db)\n"
			   "      --no-history           remember nothing, triage all\n"
			   "      --recheck              also triage again what was triaged with other\n"
			   "                             signatures, or by another version, than now\n"
			   "  -s, --signatures PATH      a signature file or a directory of them, in place of\n"
			   "                             the installed ones; repeatable\n"
			   "      --color auto|always|never\n"
			   "  -h, --help                 this\n"
			   "\n"
			   "Exit status: 0 every crash is known, 1 some crash is not, 2 usage or an input\n"
			   "that could not be read, 3 no crash found.\n";

static const struct option long_options[] = {
	{ "format", required_argument, NULL, 'f' },
	{ "jobs", required_argument, NULL, 'j' },
	{ "signatures", required_argument, NULL, 's' },
	{ "timeout", required_argument, NULL, OPTION_TIMEOUT },
	{ "memory", required_argument, NULL, OPTION_MEMORY },
	{ "logs", no_argument, NULL, OPTION_LOGS },
	{ "all-file-systems", no_argument, NULL, OPTION_ALL },
	{ "history", required_argument, NULL, OPTION_HISTORY },
	{ "no-history", no_argument, NULL, OPTION_NO_HISTORY },
	{ "recheck", no_argument, NULL, OPTION_RECHECK },
	{ "color", required_argument, NULL, OPTION_COLOR },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int take_number(const char *option, const char *value, uint64_t least, uint64_t most, uint64_t *number)
{
	struct text rest = text_from(value);

	if (text_eat_decimal(&rest, number) && !rest.length && *number >= least && *number <= most)
		return EXIT_KNOWN;
	return usage_error_of("scan", "%s '%s': expected a number from %" PRIu64 " to %" PRIu64, option, value, least, most);
}

static int take_limit(struct options *options, int option)
{
	uint64_t number = 0;
	int status;

	switch (option) {
	case 'j':
		status = take_number("--jobs", optarg, 1, JOBS_MOST, &number);
		options->scan.jobs = (unsigned)number;
		return status;
	case OPTION_TIMEOUT:
		status = take_number("--timeout", optarg, 0, 1000000, &number);
		options->scan.timeout = (unsigned)number;
		return status;
	default:
		status = take_number("--memory", optarg, 0, 1 << 30, &number);
		options->scan.memory = number << 20;
		return status;
	}
}

/* Takes one option; EXIT_KNOWN to go on, -1 to end well, else the exit status. */
static int take_option(struct options *options, int option, char **argv)
{
	switch (option) {
	case 'f':
		options->json = strcmp(optarg, "json") == 0;
		if (!options->json && strcmp(optarg, "text") != 0)
			return usage_error_of("scan", "--format '%s': expected text or json", optarg);
		return EXIT_KNOWN;
	case 's':
		return path_list_add(&options->signatures, optarg) ? EXIT_KNOWN : EXIT_TROUBLE;
	case 'j':
	case OPTION_TIMEOUT:
	case OPTION_MEMORY:
		return take_limit(options, option);
	case OPTION_LOGS:
		options->scan.find.system_logs = true;
		return EXIT_KNOWN;
	case OPTION_ALL:
		options->scan.find.other_file_systems = true;
		return EXIT_KNOWN;
	case OPTION_HISTORY:
		options->history = optarg;
		return EXIT_KNOWN;
	case OPTION_NO_HISTORY:
		options->no_history = true;
		return EXIT_KNOWN;
	case OPTION_RECHECK:
		options->scan.recheck = true;
		return EXIT_KNOWN;
	case OPTION_COLOR:
		if (style_set_color(&options->style, optarg))
			return EXIT_KNOWN;
		return usage_error_of("scan", "--color '%s': expected auto, always or never", optarg);
	case 'h':
		fputs(help, stdout);
		return -1;
	default:
		return bad_option("scan", option, argv);
	}
}

static int check_options(const struct options *options)
{
	if (options->history && options->no_history)
		return usage_error_of("scan", "--history and --no-history: expected one of them");
	if (options->scan.recheck && options->no_history)
		return usage_error_of("scan", "--recheck needs a history");
	return EXIT_KNOWN;
}

/* The directories that are meant where none is named: those that there are. */
static bool add_default_roots(struct options *options)
{
	static const char *const places[] = { "/var/crash", "/var/lib/systemd/pstore", "/sys/fs/pstore", "/var/log" };
	size_t count = sizeof places / sizeof *places - !options->scan.find.system_logs;

	for (size_t i = 0; i < count; i++)
		if (access(places[i], F_OK) == 0 && !path_list_add(&options->roots, places[i]))
			return false;
	if (!options->roots.count)
		complain(places[0], 0, 0, "no such directory: name those to be scanned");
	return options->roots.count;
}

static volatile sig_atomic_t stop;

static void take_signal(int number)
{
	stop = number;
}

/* The first signal ends the scan in good order, a second one at once. */
static void catch_signals(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = take_signal, .sa_flags = (int)SA_RESETHAND };

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct sigaction before;
		/* nohup has it ignored, and so it stays. */
		if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGIO, SIG_IGN); /* of a lease that is broken while it is held, see scan/find_file.c */
}

/* NULL without a complaint: none is wanted. *trouble: one was wanted. */
static struct history *open_history(const struct options *options, bool *trouble)
{
	char *named = options->history ? strdup(options->history) : NULL;
	struct error error = { 0 };

	if (options->no_history)
		return NULL;
	if (!options->history)
		named = default_history();
	struct history *history = named ? history_open(named, HISTORY_WRITE, &error) : NULL;
	if (named && !history) {
		complain_error(&error);
		complain(NULL, 0, 0, "the scan goes on without a history: nothing is remembered");
	}
	free(named);
	*trouble = !history;
	return history;
}

static void print_totals(const struct scan_totals *totals)
{
	printf("Scanned: %zu found, %zu of them known from earlier scans, %zu triaged now", totals->found, totals->known,
	       totals->triaged);
	if (totals->busy)
		printf(", %zu being written and left for the next scan", totals->busy);
	puts(".");
	if (totals->stale)
		printf("%zu of them were triaged with other signatures than these: --recheck triages them again.\n",
		       totals->stale);
}

static int exit_status(const struct fleet *fleet, const struct scan_totals *totals)
{
	if (totals->trouble)
		return EXIT_TROUBLE;
	if (!fleet->crash_count)
		return totals->busy ? EXIT_TROUBLE : EXIT_NO_CRASH; /* what is being written may hold one */
	return fleet->verdict_counts[SIGHTING_KNOWN] == fleet->crash_count ? EXIT_KNOWN : EXIT_UNKNOWN;
}

static bool print_table(const struct options *options, struct fleet *fleet, const struct scan_totals *totals)
{
	struct error error = { 0 };

	if (!fleet_finish(fleet, &error)) {
		complain_error(&error);
		return false;
	}
	if (options->json)
		return true;
	if (!output_fleet_table(stdout, fleet, &options->style)) {
		complain(NULL, 0, 0, "out of memory");
		return false;
	}
	print_totals(totals);
	return true;
}

static int run(struct options *options)
{
	bool whole, history_trouble = false;
	struct fleet fleet = { 0 };
	struct scan_telling telling;
	struct scan_totals totals;
	struct error error = { 0 };

	options->scan.catalogue = load_catalogue(&options->signatures, &whole);
	if (!options->scan.catalogue)
		return EXIT_TROUBLE;
	catch_signals();
	options->scan.history = open_history(options, &history_trouble);
	struct scan_listener listener = scan_telling_start(&telling, options->json, &stop);
	bool done = scan(&options->scan, &listener, &fleet, &totals, &error);
	scan_telling_end(&telling);
	if (!done)
		complain_error(&error);
	if (!history_close(options->scan.history, &error) && !totals.history_lost) {
		complain_error(&error);
		history_trouble = true;
	}
	if (totals.failed_before)
		fprintf(stderr,
			"kdump-triage: %zu could not be read in an earlier scan and have not changed; --recheck tries "
			"again\n",
			totals.failed_before);
	if (totals.left)
		fprintf(stderr, "kdump-triage: %s: %zu of %zu were not looked at%s\n", stop ? "interrupted" : "ended early",
			totals.left, totals.found, options->no_history ? "" : "; the next scan goes on with them");
	totals.trouble |= !done || !whole || history_trouble;
	totals.trouble |= !print_table(options, &fleet, &totals);
	int status = finish_output(exit_status(&fleet, &totals));
	fleet_free(&fleet);
	catalogue_free(options->scan.catalogue);
	return status;
}

/* Those that this process may run on. */
static unsigned cpus(void)
{
	cpu_set_t set;
	int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : (int)sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : count > JOBS_MOST ? JOBS_MOST : (unsigned)count;
}

int command_scan(int argc, char **argv)
{
	struct options options = {
		.style = style_of_output(STYLE_TABLE_WIDEST),
		.scan = { .jobs = cpus(),
			  .timeout = TIMEOUT,
			  .memory = (uint64_t)MEMORY_MIB << 20,
			  .stop = &stop,
			  .temporary_directory = temporary_directory() },
	};
	int status = EXIT_KNOWN, option;

	opterr = 0;
	while (status == EXIT_KNOWN && (option = getopt_long(argc, argv, ":f:j:s:h", long_options, NULL)) != -1)
		status = take_option(&options, option, argv);
	if (status == EXIT_KNOWN)
		status = check_options(&options);
	for (int i = optind; status == EXIT_KNOWN && i < argc; i++)
		status = path_list_add(&options.roots, argv[i]) ? EXIT_KNOWN : EXIT_TROUBLE;
	if (status == EXIT_KNOWN && !options.roots.count && !add_default_roots(&options))
		status = EXIT_TROUBLE;
	options.scan.roots = options.roots.items;
	options.scan.root_count = options.roots.count;
	if (status == EXIT_KNOWN)
		status = run(&options);
	else if (status == -1)
		status = finish_output(EXIT_KNOWN);
	path_list_free(&options.signatures);
	path_list_free(&options.roots);
	if (stop && stop != SIGPIPE) /* whoever started it is to see what ended it; the handler is gone */
		raise(stop);
	return status;
}
