/* kdump-triage dmesg VMCORE: the kernel log in a dump, as vmcore-dmesg(8) prints it. */
#define _POSIX_C_SOURCE 200809L
#include "command/command.h"

#include "input/content.h"
#include "input/input.h"
#include "output/safe.h"

#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] = "Usage: kdump-triage dmesg VMCORE\n"
			   "\n"
			   "Prints the kernel log in a dump, as vmcore-dmesg does. VMCORE is a dump, a crash\n"
			   "directory with one in it, or - for standard input. To a terminal, control\n"
			   "characters are written as \\xNN.\n"
			   "\n"
			   "  -h, --help                       this\n"
			   "\n"
			   "Exit status: 0 the log was printed, 2 usage, or some of it could not be read.\n";

/* Bytes as they are, but never to a terminal. */
static bool print(struct text bytes, bool terminal, struct error *error)
{
	struct arena arena = { 0 };
	struct text safe = terminal ? safe_lines(&arena, bytes) : bytes;
	bool done = safe.length || !bytes.length;

	if (done)
		fwrite(safe.data, 1, safe.length, stdout);
	arena_free(&arena);
	return done || error_out_of_memory(error);
}

static bool print_all(struct log_source *source, struct error *error)
{
	bool terminal = isatty(STDOUT_FILENO);

	for (;;) {
		if (!print((struct text){ source->data, source->length }, terminal, error))
			return false;
		if (source->ended || ferror(stdout))
			return true;
		if (!source->more(source, source->offset + source->length, error))
			return false;
	}
}

/* What was lost is told where it does not mix with the log. */
static int tell_losses(const char *path, const struct input *input)
{
	const struct dump *dump = vmcore_dump(input->vmcore);
	const struct kernel_log_report *report = vmcore_report(input->vmcore);
	struct error error = { .path = path };

	for (size_t i = 0; i < input->note_count; i++) {
		error_set(&error, "%.*s", TEXT_ARGS(input->notes[i]));
		complain_error(&error);
	}
	if (dump->incomplete) {
		error_set(&error, "The dump is incomplete: %.*s.", TEXT_ARGS(dump->incomplete_why));
		complain_error(&error);
	}
	for (size_t i = 0; i < dump->remark_count; i++) {
		error_set(&error, "%.*s", TEXT_ARGS(dump->remarks[i]));
		complain_error(&error);
	}
	if (report->unreadable)
		error_set(&error, "%" PRIu64 " records could not be read: %s", report->unreadable, report->first.message);
	else if (report->searched)
		error_set(&error, "the log was found in memory by its own marks, and parts of it may be missing: %s",
			  report->first.message);
	else if (report->first.message[0])
		error_set(&error, "not all of the log could be read: %s", report->first.message);
	else
		return EXIT_KNOWN;
	complain_error(&error);
	return EXIT_TROUBLE;
}

/* A log is what people have besides a dump: it needs another command. */
static void explain_log(const char *path, struct error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char *beginning = fd >= 0 ? malloc(CONTENT_BYTES) : NULL;
	ssize_t length = beginning ? pread(fd, beginning, CONTENT_BYTES, 0) : -1;
	const char *name;

	if (length > 0 && content_of((struct text){ beginning, (size_t)length }, &name) == CONTENT_TEXT)
		error_set(error, "a kernel log, not a dump; print it with 'cat', triage it with 'kdump-triage %.200s'",
			  path);
	free(beginning);
	if (fd >= 0)
		close(fd);
}

static int print_dmesg(const char *path)
{
	struct input_options how = { .form = KERNEL_LOG_PLAIN,
				     .temporary_directory = temporary_directory(),
				     .only_dump = true };
	struct error error = { .path = path };
	struct input input;
	int status = EXIT_TROUBLE;

	if (!input_open(&input, path, &how, &error)) {
		if (strcmp(path, "-") != 0)
			explain_log(path, &error);
		complain_error(&error);
		return EXIT_TROUBLE;
	}
	if (print_all(input.source, &error))
		status = tell_losses(path, &input);
	else
		complain_error(&error);
	input_close(&input);
	return finish_output(status);
}

int command_dmesg(int argc, char **argv)
{
	static const struct option options[] = { { "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option != 'h')
			return bad_option("dmesg", option, argv);
		fputs(help, stdout);
		return finish_output(EXIT_KNOWN);
	}
	if (argc - optind != 1)
		return usage_error_of("dmesg", "dmesg: expected one VMCORE: a dump, or a crash directory with one in it");
	return print_dmesg(argv[optind]);
}
