/* command/: one file a command. Only here is printed, exited, and the environment read. */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include "base/error.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Exit status, as the manual lists it. */
enum { EXIT_KNOWN = 0, EXIT_UNKNOWN = 1, EXIT_TROUBLE = 2, EXIT_NO_CRASH = 3 };

/* Each takes its own argv (argv[0] is its name) and gives the exit status. */
int command_triage(int argc, char **argv);
int command_scan(int argc, char **argv);
int command_report(int argc, char **argv);
int command_dmesg(int argc, char **argv);
int command_signature(int argc, char **argv);
int command_signature_list(int argc, char **argv);
int command_signature_show(int argc, char **argv);
int command_signature_lint(int argc, char **argv);
int command_signature_test(int argc, char **argv);
int command_signature_new(int argc, char **argv);

/* "kdump-triage: PATH:LINE:COLUMN: message" on standard error, whatever bytes they hold made safe. */
void complain(const char *path, size_t line, size_t column, const char *message);
void complain_error(const struct error *error);
void complain_all(const struct error_list *errors);

/* Prints a text with its bytes made safe. */
void print_safe(FILE *out, struct text t);

/* "kdump-triage: message (try 'kdump-triage --help')" and EXIT_TROUBLE. */
int usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same of a command that has a --help of its own. */
int usage_error_of(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What to say when getopt_long() returned ':' or '?'. The command as for usage_error_of(); NULL: none. */
int bad_option(const char *command, int option, char **argv);

/* Flushes standard output, and remembers why where that fails. */
void flush_output(void);

/* Flushes standard output: EXIT_TROUBLE and a complaint when what was printed did not get out, else status. */
int finish_output(int status);

/* A directory of the project's data ("signatures", "samples"): beside the build tree, or installed. Allocated; NULL: neither
 * is there. */
char *find_data(const char *name);

/* Where large temporary files go: $TMPDIR, else /var/tmp. */
const char *temporary_directory(void);

/* Paths of --signatures, in order. */
struct path_list {
	const char **items;
	size_t count;
};

bool path_list_add(struct path_list *list, const char *path);
void path_list_free(struct path_list *list);

/*
 * The catalogue of these paths, or where there are none, of the installed signatures. What is wrong with any is complained
 * of, and *whole is then false. NULL: nothing could be loaded at all.
 */
struct catalogue *load_catalogue(const struct path_list *paths, bool *whole);

#endif
