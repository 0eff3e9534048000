/* kdump-triage INPUT...: what killed this kernel? */
#define _POSIX_C_SOURCE 200809L
#include "command/command.h"
#include "command/style.h"

#include "output/output.h"
#include "triage/triage.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN };

struct options {
	enum format format;
	struct path_list signatures;
	const char *release;
	const char *explain;
	enum triage_stacks stacks;
	struct path_list debuginfo, system_maps;
	bool server;
	struct output_style style;
};

struct tally {
	bool trouble, crash, not_known;
	size_t printed;
};

struct run {
	const struct options *options;
	struct catalogue *catalogue;
	const char *path; /* of the input in work */
	struct tally tally;
};

static const char help[] = "Usage: kdump-triage [OPTION...] INPUT...\n"
			   "       kdump-triage dmesg VMCORE\n"
			   "       kdump-triage signature list|show|lint|test|new ...\n"
			   "\n"
			   "Reads what a dead Linux kernel left, a vmcore or the log of it, and names the\n"
			   "known bug that killed it. INPUT is a dump, a log (both also gzip, xz, zstd,\n"
			   "lz4, bzip2), a crash directory, a directory of pstore, an archive of sosreport\n"
			   "or supportconfig, or - for standard input.\n"
			   "\n"
			   "  -f, --format text|json|markdown  how to write (text)\n"
			   "  -s, --signatures PATH            a signature file or a directory of them, in\n"
			   "                                   place of the installed ones; repeatable\n"
			   "  -r, --release RELEASE            the kernel's release (uname -r), where the\n"
			   "                                   log names none or another is to be judged\n"
			   "      --stacks all|crashed|none    of which CPUs of a dump the call stacks (all\n"
			   "                                   where the log does not explain the death, else\n"
			   "                                   none; with none the verdict is the log's alone)\n"
			   "      --debuginfo PATH             the dump's vmlinux with debuginfo, or a\n"
			   "                                   directory that has it, or a module's .ko;\n"
			   "                                   repeatable\n"
			   "      --debuginfod                 fetch debuginfo that is not here from the\n"
			   "                                   servers of DEBUGINFOD_URLS, by build id\n"
			   "      --system-map PATH            its System.map, where the dump lacks symbols\n"
			   "                                   that can be read; repeatable\n"
			   "      --explain ID                 why this signature matched or did not\n"
			   "      --color auto|always|never    colours in text (auto: on a terminal)\n"
			   "  -h, --help                       this\n"
			   "  -V, --version                    the version\n"
			   "\n"
			   "Exit status: 0 every crash is known, 1 some crash is not, 2 usage or an input\n"
			   "that could not be read, 3 no crash in any input.\n";

static bool set_format(struct options *options, const char *name)
{
	static const char *const names[] = {
		[FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", [FORMAT_MARKDOWN] = "markdown"
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(name, names[i]) == 0) {
			options->format = (enum format)i;
			return true;
		}
	}
	return false;
}

static bool set_stacks(struct options *options, const char *name)
{
	static const char *const names[] = {
		[TRIAGE_STACKS_NONE] = "none", [TRIAGE_STACKS_CRASHED] = "crashed", [TRIAGE_STACKS_ALL] = "all"
	};

	for (size_t i = TRIAGE_STACKS_NONE; i < sizeof names / sizeof *names; i++) {
		if (strcmp(name, names[i]) == 0) {
			options->stacks = (enum triage_stacks)i;
			return true;
		}
	}
	return false;
}

static const struct option long_options[] = {
	{ "format", required_argument, NULL, 'f' },     { "signatures", required_argument, NULL, 's' },
	{ "release", required_argument, NULL, 'r' },    { "explain", required_argument, NULL, 'e' },
	{ "color", required_argument, NULL, 'c' },      { "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },          { "stacks", required_argument, NULL, 'S' },
	{ "debuginfo", required_argument, NULL, 'D' },  { "debuginfod", no_argument, NULL, 'U' },
	{ "system-map", required_argument, NULL, 'M' }, { NULL, 0, NULL, 0 },
};

/* Takes one option; EXIT_KNOWN to go on, -1 to end well, else the exit status. */
static int take_option(struct options *options, int option, char **argv)
{
	switch (option) {
	case 'f':
		return set_format(options, optarg) ? EXIT_KNOWN
						   : usage_error("--format '%s': expected text, json or markdown", optarg);
	case 's':
		return path_list_add(&options->signatures, optarg) ? EXIT_KNOWN : EXIT_TROUBLE;
	case 'r':
		options->release = optarg;
		return EXIT_KNOWN;
	case 'e':
		options->explain = optarg;
		return EXIT_KNOWN;
	case 'c':
		return style_set_color(&options->style, optarg)
			       ? EXIT_KNOWN
			       : usage_error("--color '%s': expected auto, always or never", optarg);
	case 'S':
		return set_stacks(options, optarg) ? EXIT_KNOWN
						   : usage_error("--stacks '%s': expected all, crashed or none", optarg);
	case 'D':
		if (!optarg[0])
			return usage_error("--debuginfo '': expected the path of a vmlinux, a directory or a module");
		return path_list_add(&options->debuginfo, optarg) ? EXIT_KNOWN : EXIT_TROUBLE;
	case 'U':
		options->server = true;
		return EXIT_KNOWN;
	case 'M':
		return path_list_add(&options->system_maps, optarg) ? EXIT_KNOWN : EXIT_TROUBLE;
	case 'h':
		fputs(help, stdout);
		return -1;
	case 'V':
		puts("kdump-triage " VERSION);
		return -1;
	default:
		return bad_option(NULL, option, argv);
	}
}

/* What --debuginfod needs. */
static int check_server(void)
{
	const char *urls = getenv("DEBUGINFOD_URLS");

	if (!HAVE_DEBUGINFOD || !HAVE_DEBUGINFO)
		return usage_error("--debuginfod: this kdump-triage was built without libdebuginfod");
	if (!urls || !text_trim(text_from(urls)).length)
		return usage_error("--debuginfod: DEBUGINFOD_URLS is not set: expected the servers' URLs in it, such as "
				   "https://debuginfod.example.org");
	return EXIT_KNOWN;
}

static int check_options(const struct options *options, int inputs)
{
	if (options->release && !release_parse(text_from(options->release), TEXT_NONE).text.length)
		return usage_error("--release '%s': expected what uname -r prints, such as 4.18.0-80.el8.x86_64",
				   options->release);
	if (options->explain && options->format != FORMAT_TEXT)
		return usage_error("--explain writes text only");
	if (options->server && check_server() != EXIT_KNOWN)
		return EXIT_TROUBLE;
	if (!inputs)
		return usage_error(
			"no INPUT: expected a dump, a log, a crash directory, an archive, or - for standard input");
	return EXIT_KNOWN;
}

static bool explain(const struct options *options, struct catalogue *catalogue, const struct verdict *verdict,
		    struct error *error)
{
	const struct signature *signature = catalogue_get(catalogue, text_from(options->explain));
	size_t count = verdict->crashes.count;
	struct explanation *explanations = calloc(count ? count : 1, sizeof *explanations);
	bool done = explanations;

	for (size_t i = 0; done && i < count; i++) {
		const struct crash *crash = verdict->crashes.items[i];
		struct release release =
			verdict_release(verdict, crash->release, crash->version, text_from(options->release));
		done = signature_explain(catalogue, signature, crash, &release, &explanations[i], error);
	}
	if (done)
		done = output_explanation(stdout, verdict, signature, explanations, &options->style);
	else if (!explanations)
		error_out_of_memory(error);
	for (size_t i = 0; explanations && i < count; i++)
		explanation_free(&explanations[i]);
	free(explanations);
	return done;
}

static bool write_verdict(const struct options *options, struct catalogue *catalogue, const struct verdict *verdict,
			  struct error *error)
{
	error_out_of_memory(error); /* the only way that writing a verdict fails; a full disk shows at the end */
	if (options->explain)
		return explain(options, catalogue, verdict, error);
	switch (options->format) {
	case FORMAT_JSON:
		return output_json(stdout, verdict);
	case FORMAT_MARKDOWN:
		return output_markdown(stdout, verdict);
	case FORMAT_TEXT:
		break;
	}
	return output_text(stdout, verdict, &options->style);
}

/* What came of an input, or of a log in an archive. */
static void take_verdict(void *state, const struct verdict *verdict, bool whole, const struct error *error)
{
	struct run *run = state;
	struct tally *tally = &run->tally;

	if (!whole) {
		complain_error(error);
		tally->trouble = true;
	}
	if (!verdict)
		return;
	struct error trouble = { .path = run->path };
	if (run->options->format != FORMAT_JSON && tally->printed++)
		putchar('\n');
	if (!write_verdict(run->options, run->catalogue, verdict, &trouble)) {
		complain_error(&trouble);
		tally->trouble = true;
	}
	flush_output(); /* a program that reads along has each verdict at once */
	tally->crash |= verdict->kind != VERDICT_NO_CRASH;
	tally->not_known |= verdict->kind == VERDICT_UNKNOWN || verdict->kind == VERDICT_SIMILAR;
}

static int exit_status(const struct tally *tally)
{
	if (tally->trouble)
		return EXIT_TROUBLE;
	if (!tally->crash)
		return EXIT_NO_CRASH;
	return tally->not_known ? EXIT_UNKNOWN : EXIT_KNOWN;
}

static int triage_all(const struct options *options, char **inputs, int count)
{
	struct triage_options how = {
		.release = text_from(options->release),
		.temporary_directory = temporary_directory(),
		.stacks = options->stacks,
		.lines = true,
		.debuginfo = { .paths = options->debuginfo.items,
			       .path_count = options->debuginfo.count,
			       .server = options->server,
			       .temporary_directory = temporary_directory() },
		.system_maps = options->system_maps.items,
		.system_map_count = options->system_maps.count,
	};
	bool whole;
	struct catalogue *catalogue = load_catalogue(&options->signatures, &whole);
	struct run run = { .options = options, .catalogue = catalogue, .tally = { .trouble = !whole } };

	if (!catalogue)
		return EXIT_TROUBLE;
	if (options->explain && !catalogue_get(catalogue, text_from(options->explain))) {
		catalogue_free(catalogue);
		return usage_error("--explain '%s': no such signature; 'kdump-triage signature list' names them",
				   options->explain);
	}
	for (int i = 0; i < count; i++) {
		run.path = inputs[i];
		triage_each(inputs[i], catalogue, &how, take_verdict, &run);
	}
	catalogue_free(catalogue);
	return finish_output(exit_status(&run.tally));
}

int command_triage(int argc, char **argv)
{
	struct options options = { .style = style_of_output(STYLE_PROSE_WIDEST) };
	int status = EXIT_KNOWN, option;

	opterr = 0; /* getopt's own complaints would print what they are given raw */
	while (status == EXIT_KNOWN && (option = getopt_long(argc, argv, ":f:s:r:hV", long_options, NULL)) != -1)
		status = take_option(&options, option, argv);
	if (status == EXIT_KNOWN)
		status = check_options(&options, argc - optind);
	if (status == EXIT_KNOWN)
		status = triage_all(&options, argv + optind, argc - optind);
	else if (status == -1)
		status = finish_output(EXIT_KNOWN);
	path_list_free(&options.signatures);
	path_list_free(&options.debuginfo);
	path_list_free(&options.system_maps);
	return status;
}
