/* What goes to standard error, and the checks around standard output. */
#include "command/command.h"

#include "output/safe.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <string.h>

void print_safe(FILE *out, struct text t)
{
	struct arena arena = { 0 };
	struct text safe = safe_text(&arena, t);

	if (safe.data)
		fwrite(safe.data, 1, safe.length, out);
	for (size_t i = 0; !safe.data && i < t.length; i++) /* out of memory: what is not plain ASCII is left out */
		if (t.data[i] >= ' ' && t.data[i] <= '~')
			fputc(t.data[i], out);
	arena_free(&arena);
}

void complain(const char *path, size_t line, size_t column, const char *message)
{
	fputs("kdump-triage: ", stderr);
	if (path) {
		print_safe(stderr, text_from(path));
		if (line)
			fprintf(stderr, ":%zu", line);
		if (line && column)
			fprintf(stderr, ":%zu", column);
		fputs(": ", stderr);
	}
	print_safe(stderr, text_from(message));
	fputc('\n', stderr);
}

void complain_error(const struct error *error)
{
	complain(error->path, error->line, error->column, error->message);
}

void complain_all(const struct error_list *errors)
{
	for (size_t i = 0; i < errors->count; i++)
		complain_error(&errors->items[i]);
	if (errors->overflow)
		complain(NULL, 0, 0, "more errors than these; mend these first");
	if (errors->arena.failed)
		complain(NULL, 0, 0, "out of memory");
}

__attribute__((format(printf, 2, 0))) static int complain_of_usage(const char *command, const char *format,
								   va_list arguments)
{
	char message[400];

	vsnprintf(message, sizeof message, format, arguments);
	complain(NULL, 0, 0, message);
	fprintf(stderr, "Try 'kdump-triage %s%s--help'.\n", command ? command : "", command ? " " : "");
	return EXIT_TROUBLE;
}

int usage_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int status = complain_of_usage(NULL, format, arguments);
	va_end(arguments);
	return status;
}

int usage_error_of(const char *command, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int status = complain_of_usage(command, format, arguments);
	va_end(arguments);
	return status;
}

int bad_option(const char *command, int option, char **argv)
{
	if (option == ':')
		return usage_error_of(command, "option '%s' requires an argument", argv[optind - 1]);
	return usage_error_of(command, "unknown option '%s'",
			      optopt ? (char[]){ '-', (char)optopt, '\0' } : argv[optind - 1]);
}

static int write_error;

void flush_output(void)
{
	/* A write that failed before, of more than the buffer holds, shows in the stream only; errno is still of it. */
	if ((fflush(stdout) != 0 || ferror(stdout)) && !write_error)
		write_error = errno;
}

int finish_output(int status)
{
	flush_output();
	if (!write_error && !ferror(stdout))
		return status;
	fprintf(stderr, "kdump-triage: standard output: cannot write: %s\n",
		write_error ? strerror(write_error) : "write error");
	return EXIT_TROUBLE;
}
