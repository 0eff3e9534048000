/* Who is asked which machine died and when, as a table. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "triage/machine.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { README_MOST = 16 * 1024 };

struct question {
	const struct verdict *verdict;
	struct text path;   /* of the file that was read, without links on the way to it; empty: there is none */
	struct text readme; /* content of the README.txt beside it */
};

static struct machine_said ask_dump(const struct question *question)
{
	const struct facts *facts = &question->verdict->dump.facts;
	bool timed = facts->crash_time && facts->crash_time <= INT64_MAX;

	return (struct machine_said){ facts->nodename, timed ? (int64_t)facts->crash_time : RECORD_NO_TIME, true };
}

static struct machine_said ask_crash(const struct question *question)
{
	const struct crash_list *crashes = &question->verdict->crashes;
	const struct crash *crash = crashes->deciding < crashes->count ? crashes->items[crashes->deciding] : NULL;

	if (!crash)
		return (struct machine_said){ .crashed_at = RECORD_NO_TIME };
	return (struct machine_said){ crash->host, crash->wall_time, crash->zone_said };
}

static struct machine_said ask_readme(const struct question *question)
{
	return machine_of_readme(question->readme);
}

static struct machine_said ask_path(const struct question *question)
{
	return machine_of_path(question->path);
}

/* It may say more than the other, where that is of a link's target or of a file within an archive. */
static struct machine_said ask_path_as_given(const struct question *question)
{
	return machine_of_path(question->verdict->path);
}

/* The surest first. */
static struct machine_said (*const sources[])(const struct question *question) = {
	ask_dump, ask_crash, ask_readme, ask_path, ask_path_as_given,
};

/* The directory of a path, without links, and the file's own name: that of a link says more than that of its target. */
static struct text without_links(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct text directory = slash ? (struct text){ path, (size_t)(slash - path) + 1 } : TEXT(".");
	struct text copy = arena_copy(arena, directory);
	char *real = copy.length && strcmp(path, "-") != 0 ? realpath(copy.data, NULL) : NULL;
	struct text whole =
		real ? arena_print(arena, "%s%s%s", real, real[1] ? "/" : "", slash ? slash + 1 : path) : TEXT_NONE;

	free(real);
	return whole;
}

/* The beginning of a regular file; empty where there is none. */
static struct text read_small(struct arena *arena, const char *path, struct link_roots roots)
{
	struct error ignored;
	int fd = link_open(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, roots, &ignored);
	struct text content = TEXT_NONE;
	struct stat status;
	char bytes[README_MOST];

	if (fd < 0)
		return content;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
		ssize_t length = read(fd, bytes, sizeof bytes);
		content = arena_copy(arena, (struct text){ bytes, length > 0 ? (size_t)length : 0 });
	}
	close(fd);
	return content;
}

static struct text read_readme(struct arena *arena, struct text path, struct link_roots roots)
{
	while (path.length && path.data[path.length - 1] != '/')
		path.length--;
	struct text readme = path.length ? arena_print(arena, "%.*sREADME.txt", TEXT_ARGS(path)) : TEXT_NONE;
	return readme.length ? read_small(arena, readme.data, roots) : TEXT_NONE;
}

/* When the file was last written, seconds since 1970. A pipe was now; a file that is within another, when that was. */
static int64_t last_written(struct arena *arena, const char *path)
{
	struct text copy = arena_copy(arena, text_from(path));
	char *end, *name = copy.length ? (char *)(uintptr_t)copy.data : NULL;
	struct stat status;

	if (!name)
		return RECORD_NO_TIME;
	if (strcmp(name, "-") == 0)
		return fstat(STDIN_FILENO, &status) == 0 ? status.st_mtime : RECORD_NO_TIME;
	while (stat(name, &status) != 0) {
		end = strrchr(name, '/');
		if (!end)
			return RECORD_NO_TIME;
		*end = '\0';
	}
	return S_ISDIR(status.st_mode) ? RECORD_NO_TIME : status.st_mtime;
}

/* Traditional syslog and journalctl -o short leave out the year. */
static void find_years(struct verdict *verdict, const char *path)
{
	int64_t written = RECORD_NO_TIME;
	bool asked = false;

	for (size_t i = 0; i < verdict->crashes.count; i++) {
		struct crash *crash = verdict->crashes.items[i];
		if (crash->wall_time != RECORD_NO_TIME || !crash->clock.month)
			continue;
		if (!asked)
			written = last_written(&verdict->arena, path);
		asked = true;
		wall_clock_seconds_before(crash->clock, written, &crash->wall_time);
	}
}

void machine_know(struct verdict *verdict, const struct input *input, struct link_roots roots)
{
	struct arena *arena = &verdict->arena;
	struct question question = { .verdict = verdict, .path = without_links(arena, input->path) };

	question.readme = read_readme(arena, question.path, roots);
	find_years(verdict, input->path);
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		struct machine_said said = sources[i](&question);
		if (!verdict->host.length && machine_is_name(said.host))
			verdict->host = arena_copy(arena, said.host);
		if (verdict->crashed_at == RECORD_NO_TIME && wall_clock_plausible(said.crashed_at)) {
			verdict->crashed_at = said.crashed_at;
			verdict->zone_said = said.zone_said;
		}
	}
}
