/*
 * kdump-triage signature test [DIR...]: every signature against every sample. A sample is a log with an expectation beside
 * it, NAME.expected.json, whose "findings" name the signatures that must match, and no others may.
 */
#define _GNU_SOURCE /* asprintf */
#include "command/command.h"

#include "command/signature_options.h"
#include "triage/triage.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define EXPECTED ".expected.json"

struct count {
	size_t right, wrong;
};

static bool is_expected(const json_t *findings, struct text id)
{
	size_t i;
	json_t *finding;

	json_array_foreach(findings, i, finding)
	{
		const char *name = json_string_value(json_object_get(finding, "signature"));
		if (name && text_is(id, name))
			return true;
	}
	return false;
}

static bool was_found(const struct finding_list *findings, const char *id)
{
	for (size_t i = 0; i < findings->count; i++)
		if (text_is(signature_id(findings->items[i].signature), id))
			return true;
	return false;
}

static void print_finding(const char *sample, const char *result, struct text id, struct text symptom)
{
	printf("%-5s ", result);
	print_safe(stdout, text_from(sample));
	fputs("  ", stdout);
	print_safe(stdout, id);
	if (symptom.length) {
		fputs(" (", stdout);
		print_safe(stdout, symptom);
		putchar(')');
	}
	putchar('\n');
}

/* Prints who matched and who should have; true when these are the same. */
static bool compare(const char *sample, const struct finding_list *findings, const json_t *expected)
{
	bool right = true;
	size_t i;
	json_t *item;

	for (i = 0; i < findings->count; i++) {
		struct text id = signature_id(findings->items[i].signature);
		bool wanted = is_expected(expected, id);
		print_finding(sample, wanted ? "ok" : "WRONG", id, findings->items[i].symptom);
		right &= wanted;
	}
	json_array_foreach(expected, i, item)
	{
		const char *id = json_string_value(json_object_get(item, "signature"));
		if (!id || was_found(findings, id))
			continue;
		print_finding(sample, "WRONG", text_from(id), TEXT("expected, did not match"));
		right = false;
	}
	if (!findings->count && right)
		print_finding(sample, "ok", TEXT("no signature"), TEXT_NONE);
	return right;
}

static bool triage_sample(const char *path, struct catalogue *catalogue, const json_t *release, struct verdict *verdict,
			  struct error *error)
{
	struct triage_options how = { .release = text_from(json_string_value(release)),
				      .temporary_directory = temporary_directory() };

	return triage(path, catalogue, &how, verdict, error);
}

static bool test_sample(struct catalogue *catalogue, const char *directory, const char *name)
{
	char *expectation = NULL, *sample = NULL;
	json_error_t json_error;
	json_t *expected = NULL;
	struct verdict verdict = { 0 };
	struct error error = { 0 };
	bool right = false;

	if (asprintf(&expectation, "%s/%s", directory, name) >= 0 && (sample = strdup(expectation)) != NULL) {
		sample[strlen(sample) - strlen(EXPECTED)] = '\0';
		expected = json_load_file(expectation, 0, &json_error);
		if (!expected)
			complain(expectation, json_error.line > 0 ? (size_t)json_error.line : 0, 0, json_error.text);
		else if (!triage_sample(sample, catalogue, json_object_get(expected, "release"), &verdict, &error))
			complain(sample, 0, 0, error.message);
		else
			right = compare(strrchr(sample, '/') + 1, &verdict.findings, json_object_get(expected, "findings"));
		verdict_free(&verdict);
	}
	json_decref(expected);
	free(expectation);
	free(sample);
	return right;
}

static int is_expectation(const struct dirent *entry)
{
	struct text name = text_from(entry->d_name);

	return name.length > strlen(EXPECTED) && text_ends(name, EXPECTED);
}

static bool test_directory(struct catalogue *catalogue, const char *directory, struct count *count)
{
	struct dirent **names;
	int found = scandir(directory, &names, is_expectation, alphasort);

	if (found < 0) {
		complain(directory, 0, 0, strerror(errno));
		return false;
	}
	for (int i = 0; i < found; i++) {
		bool right = test_sample(catalogue, directory, names[i]->d_name);
		count->right += right;
		count->wrong += !right;
		free(names[i]);
	}
	free(names);
	if (!found)
		complain(directory, 0, 0, "no samples: expected logs with NAME" EXPECTED " beside them");
	return found > 0;
}

static bool test_default(struct catalogue *catalogue, struct count *count)
{
	char *directory = find_data("samples");
	bool tested = directory && test_directory(catalogue, directory, count);

	if (!directory)
		complain(NULL, 0, 0, "no samples found; name a directory of them");
	free(directory);
	return tested;
}

int command_signature_test(int argc, char **argv)
{
	struct path_list paths = { 0 };
	struct count count = { 0 };
	bool whole;
	int status = take_signature_options(argc, argv, "signature test [-s PATH...] [DIR...]", 0, -1, &paths);
	struct catalogue *catalogue = status == EXIT_KNOWN ? load_catalogue(&paths, &whole) : NULL;

	path_list_free(&paths);
	if (!catalogue)
		return status == -1 ? finish_output(EXIT_KNOWN) : EXIT_TROUBLE;
	for (int i = optind; i < argc; i++)
		whole &= test_directory(catalogue, argv[i], &count);
	if (optind == argc)
		whole &= test_default(catalogue, &count);
	catalogue_free(catalogue);
	printf("%zu right, %zu wrong\n", count.right, count.wrong);
	return finish_output(!whole ? EXIT_TROUBLE : count.wrong ? EXIT_UNKNOWN : EXIT_KNOWN);
}
