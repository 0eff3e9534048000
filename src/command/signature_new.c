/* kdump-triage signature new INPUT...: a signature for a crash that no signature knows, or for several of one bug. */
#define _POSIX_C_SOURCE 200809L
#include "command/command.h"

#include "command/new_file.h"
#include "output/safe.h"
#include "signature/draft_signature.h"
#include "triage/triage.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { INPUTS_MOST = 200 /* all are kept until the end */ };

static const char name[] = "signature new";

static const char help[] = "Usage: kdump-triage signature new [OPTION...] INPUT...\n"
			   "\n"
			   "Writes a signature for the crash of INPUT, or for what the crashes of several have\n"
			   "in common. It is complete but for the words: comments mark what a person must\n"
			   "write. INPUT is what kdump-triage takes: a dump, a log, a crash directory, or -.\n"
			   "\n"
			   "  -o, --output FILE                write to FILE, not to standard output\n"
			   "      --id ID                      the signature's id (FILE's name without .yaml,\n"
			   "                                   else made from the crash's title)\n"
			   "      --force                      overwrite FILE; take an id that is taken\n"
			   "  -s, --signatures PATH            what is known already: a signature file or a\n"
			   "                                   directory of them, in place of the installed\n"
			   "                                   ones; repeatable\n"
			   "  -h, --help                       this\n"
			   "\n"
			   "Exit status: 0 the signature was written, 2 usage, an input without a crash or\n"
			   "that could not be read, or the crashes do not tell their bug from others.\n";

struct options {
	struct path_list signatures;
	const char *output, *id;
	bool force;
};

/* What one call works on. */
struct making {
	const struct options *options;
	struct catalogue *catalogue; /* what is known already */
	struct arena arena;
	struct verdict *verdicts;
	struct draft_source *sources;
	size_t count;
	struct text id;
};

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' }, { "id", required_argument, NULL, 'i' },
	{ "force", no_argument, NULL, 'F' },        { "signatures", required_argument, NULL, 's' },
	{ "help", no_argument, NULL, 'h' },         { NULL, 0, NULL, 0 },
};

/* Takes one option; EXIT_KNOWN to go on, -1 to end well, else the exit status. */
static int take_option(struct options *options, int option, char **argv)
{
	switch (option) {
	case 'o':
		options->output = strcmp(optarg, "-") == 0 ? NULL : optarg;
		return EXIT_KNOWN;
	case 'i':
		options->id = optarg;
		return EXIT_KNOWN;
	case 'F':
		options->force = true;
		return EXIT_KNOWN;
	case 's':
		return path_list_add(&options->signatures, optarg) ? EXIT_KNOWN : EXIT_TROUBLE;
	case 'h':
		fputs(help, stdout);
		return -1;
	default:
		return bad_option(name, option, argv);
	}
}

/* Is the file to be one that is known by its name, and not a device? */
static bool has_name(const struct options *options)
{
	return options->output && !new_file_is_device(options->output);
}

static int check_options(const struct options *options, int inputs)
{
	struct error error = { .path = options->output };
	struct text of_file = has_name(options) ? signature_id_of_path(options->output) : TEXT_NONE;

	if (inputs < 1)
		return usage_error_of(name, "signature new: no INPUT: expected a dump, a log, a crash directory, or -");
	if (inputs > INPUTS_MOST)
		return usage_error_of(name, "signature new: %d inputs are too many: at most %d are read", inputs,
				      INPUTS_MOST);
	if (options->output && !new_file_check(options->output, options->force, &error)) {
		complain_error(&error);
		return EXIT_TROUBLE;
	}
	if (options->id && !signature_is_id(text_from(options->id)))
		return usage_error_of(name, "--id '%s': an id is made of a-z, 0-9 and '-'", options->id);
	if (options->id && has_name(options) && !text_is(of_file, options->id))
		return usage_error_of(name, "--id '%s': a signature's file is called as its id: %s.yaml", options->id,
				      options->id);
	if (has_name(options) && !signature_is_id(of_file))
		return usage_error_of(name,
				      "--output '%s': the name without .yaml is the signature's id, of a-z, 0-9 and '-'",
				      options->output);
	return EXIT_KNOWN;
}

/* The best finding of the crash that decided, or NULL. */
static const struct finding *best_finding(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->findings.count; i++)
		if (verdict->findings.items[i].crash == verdict->crashes.deciding)
			return &verdict->findings.items[i];
	return NULL;
}

/* Who has a signature for this crash should know, but may want another. */
static void tell_what_is_known(const char *path, const struct verdict *verdict)
{
	const struct finding *finding = best_finding(verdict);
	struct error notice = { .path = path };

	if (!finding)
		return;
	error_set(&notice, "notice: %s: %.*s, %.*s",
		  verdict->kind == VERDICT_KNOWN ? "this crash is known already"
						 : "this crash is similar to one that is known, of other kernels",
		  TEXT_ARGS(signature_id(finding->signature)), TEXT_ARGS(signature_title(finding->signature)));
	complain_error(&notice);
}

static bool take_input(struct making *making, size_t index, const char *path)
{
	struct triage_options how = { .temporary_directory = temporary_directory() };
	struct verdict *verdict = &making->verdicts[index];
	struct error error = { .path = path };

	if (!triage(path, making->catalogue, &how, verdict, &error)) {
		complain_error(&error);
		return false;
	}
	if (verdict->crashes.deciding == SIZE_MAX) {
		complain(path, 0, 0, "no crash in it, of which to make a signature");
		return false;
	}
	tell_what_is_known(path, verdict);
	making->sources[index] = (struct draft_source){
		.crash = verdict->crashes.items[verdict->crashes.deciding],
		.release = &verdict->release,
		.place = safe_text(&making->arena, text_from(path)),
	};
	return true;
}

/* Every bad input is told of, not only the first. */
static bool take_inputs(struct making *making, char **paths)
{
	bool good = true;

	making->verdicts = calloc(making->count, sizeof *making->verdicts);
	making->sources = calloc(making->count, sizeof *making->sources);
	if (!making->verdicts || !making->sources || making->arena.failed) {
		complain(NULL, 0, 0, "out of memory");
		return false;
	}
	for (size_t i = 0; i < making->count; i++)
		good &= take_input(making, i, paths[i]);
	return good;
}

static bool choose_id(struct making *making)
{
	const struct options *options = making->options;
	const struct signature *taken;
	struct error error = { 0 };

	if (options->id)
		making->id = text_from(options->id);
	else if (has_name(options))
		making->id = signature_id_of_path(options->output);
	else
		making->id = signature_draft_id(&making->arena, making->sources[0].crash, making->catalogue);
	taken = catalogue_get(making->catalogue, making->id);
	if (!taken || options->force)
		return true;
	error_set(&error, "the id '%.*s' is taken: %.*s has it; --force takes it all the same", TEXT_ARGS(making->id),
		  TEXT_ARGS(text_first(signature_path(taken), 200)));
	complain_error(&error);
	return false;
}

static void tell_what_each_has(const struct making *making, char **paths)
{
	struct arena arena = { 0 };

	for (size_t i = 0; i < making->count; i++) {
		struct text all = signature_draft_describe(&arena, making->sources[i].crash);
		complain(paths[i], 0, 0, arena_print(&arena, "%.*s", TEXT_ARGS(all)).data);
	}
	arena_free(&arena);
}

/* Does the signature match this crash, as it would when the input is triaged with it? */
static bool matches(struct catalogue *catalogue, const struct draft_source *source, struct error *error)
{
	struct finding_list findings = { 0 };
	bool matched = signature_match(catalogue, source->crash, 0, source->release, &findings, error);

	if (matched && !findings.count)
		matched = error_set(error, "the signature that was made of it does not match it; this is a defect of "
					   "kdump-triage");
	finding_list_free(&findings);
	return matched;
}

/* Reads the signature as every reader will, before anybody can. */
static bool verify(struct making *making, struct text yaml, char **paths)
{
	struct text path = arena_print(&making->arena, "%.*s.yaml", TEXT_ARGS(making->id));
	struct catalogue *catalogue = catalogue_new();
	struct error_list errors = { 0 };
	bool good = catalogue && path.length && catalogue_load_content(catalogue, path.data, yaml, &errors);

	if (!catalogue || !path.length)
		complain(NULL, 0, 0, "out of memory");
	complain_all(&errors);
	if (errors.count)
		complain(NULL, 0, 0, "the signature that was made is broken; this is a defect of kdump-triage");
	error_list_free(&errors);
	for (size_t i = 0; good && i < making->count; i++) {
		struct error error = { .path = paths[i] };
		good = matches(catalogue, &making->sources[i], &error);
		if (!good)
			complain_error(&error);
	}
	catalogue_free(catalogue);
	return good;
}

static bool write_out(const struct options *options, struct text yaml)
{
	struct error error = { .path = options->output };

	if (!options->output) {
		fwrite(yaml.data, 1, yaml.length, stdout);
		return true; /* finish_output() tells */
	}
	if (new_file_write(options->output, yaml, options->force, &error))
		return true;
	complain_error(&error);
	return false;
}

static bool make(struct making *making, char **paths)
{
	struct error error = { 0 };
	struct text yaml;

	if (!take_inputs(making, paths) || !choose_id(making))
		return false;
	if (!signature_draft(&making->arena, making->sources, making->count, making->id, &yaml, &error)) {
		complain_error(&error);
		if (!making->arena.failed)
			tell_what_each_has(making, paths);
		return false;
	}
	return verify(making, yaml, paths) && write_out(making->options, yaml);
}

static int run(const struct options *options, char **paths, int count)
{
	struct making making = { .options = options, .count = (size_t)count };
	bool whole;

	making.catalogue = load_catalogue(&options->signatures, &whole);
	if (!making.catalogue)
		return EXIT_TROUBLE;
	bool made = make(&making, paths);
	for (size_t i = 0; making.verdicts && i < making.count; i++)
		verdict_free(&making.verdicts[i]);
	free(making.verdicts);
	free(making.sources);
	arena_free(&making.arena);
	catalogue_free(making.catalogue);
	return finish_output(made && whole ? EXIT_KNOWN : EXIT_TROUBLE);
}

int command_signature_new(int argc, char **argv)
{
	struct options options = { 0 };
	int status = EXIT_KNOWN, option;

	opterr = 0;
	while (status == EXIT_KNOWN && (option = getopt_long(argc, argv, ":o:s:h", long_options, NULL)) != -1)
		status = take_option(&options, option, argv);
	if (status == EXIT_KNOWN)
		status = check_options(&options, argc - optind);
	if (status == EXIT_KNOWN)
		status = run(&options, argv + optind, argc - optind);
	else if (status == -1)
		status = finish_output(EXIT_KNOWN);
	path_list_free(&options.signatures);
	return status;
}
