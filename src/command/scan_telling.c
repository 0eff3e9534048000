/* What a scan says while it runs. */
#define _POSIX_C_SOURCE 200809L
#include "command/scan.h"

#include "output/page.h"

#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { PAINT_MS = 200 };

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void clear_line(struct scan_telling *telling)
{
	if (telling->shown)
		fputs("\r\033[K", stderr);
	telling->shown = false;
}

static void tell_sighting(void *state, const struct sighting *sighting, struct text json)
{
	struct scan_telling *telling = state;
	struct arena arena = { 0 };

	if (sighting->verdict == SIGHTING_FAILED) {
		clear_line(telling);
		struct text path = arena_copy(&arena, sighting->path), why = arena_copy(&arena, sighting->failure);
		complain(path.data, 0, 0, why.data ? why.data : "out of memory");
	} else if (telling->json) {
		fwrite(json.data, 1, json.length, stdout);
		putchar('\n');
		flush_output(); /* whoever reads along has each at once */
		if (ferror(stdout))
			*telling->stop = SIGPIPE;
	}
	arena_free(&arena);
}

static void tell_busy(void *state, struct text path, struct text why)
{
	struct arena arena = { 0 };
	struct text name = arena_copy(&arena, path);
	struct text message = arena_print(&arena, "left for the next scan: %.*s", TEXT_ARGS(why));

	clear_line(state);
	complain(name.data, 0, 0, message.data ? message.data : "out of memory");
	arena_free(&arena);
}

static void tell_trouble(void *state, const struct error *error)
{
	clear_line(state);
	complain_error(error);
	complain(NULL, 0, 0, "the scan goes on without a history: nothing more is remembered");
}

static size_t terminal_width(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

/* "1:02:03", "2:03" */
static void print_duration(struct page *page, int64_t seconds)
{
	if (seconds >= 3600)
		page_print(page, "%d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
	else
		page_print(page, "%d:%02d", (int)(seconds / 60), (int)(seconds % 60));
}

/* "1234/10000, 410 a second, 0:21 left, /var/crash/..." */
static void print_progress(struct page *page, const struct scan_progress *progress, int64_t elapsed_ms)
{
	if (!progress->total) {
		page_string(page, "looking for dumps and logs");
		return;
	}
	page_print(page, "%zu/%zu", progress->done, progress->total);
	if (progress->triaged && elapsed_ms >= 1000) {
		size_t rate = progress->triaged * 1000 / (size_t)elapsed_ms;
		size_t left = progress->total - progress->done;
		if (rate)
			page_print(page, ", %zu a second", rate);
		page_string(page, ", ");
		print_duration(page, (int64_t)(left * (size_t)elapsed_ms / progress->triaged / 1000));
		page_string(page, " left");
	}
	if (progress->current.length) {
		page_string(page, ", ");
		page_cut(page, progress->current);
	}
}

static void tell_progress(void *state, const struct scan_progress *progress)
{
	struct scan_telling *telling = state;
	int64_t now = now_ms();

	if (!telling->terminal || now - telling->painted < PAINT_MS)
		return;
	size_t width = terminal_width();
	struct output_style style = { .width = width > PAGE_NARROWEST ? width - 1 : PAGE_NARROWEST };
	struct page page = page_new(&style);
	print_progress(&page, progress, now - telling->started);
	clear_line(telling);
	telling->shown = page_write(&page, stderr);
	fflush(stderr);
	telling->painted = now;
}

struct scan_listener scan_telling_start(struct scan_telling *telling, bool json, volatile sig_atomic_t *stop)
{
	*telling =
		(struct scan_telling){ .json = json, .terminal = isatty(STDERR_FILENO), .stop = stop, .started = now_ms() };
	return (struct scan_listener){
		.state = telling,
		.sighting = tell_sighting,
		.busy = tell_busy,
		.trouble = tell_trouble,
		.progress = tell_progress,
	};
}

void scan_telling_end(struct scan_telling *telling)
{
	clear_line(telling);
	fflush(stderr);
}
