/* A window of mapped memory that moves over a file. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "input/mapped.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Windows begin at multiples of what a CPU maps as one large page: where the page cache has such, a window costs next to
 * nothing. */
enum { WINDOW = 6 * 1024 * 1024, LARGE_PAGE = 2 * 1024 * 1024 };

/* The window that may fault. One at a time: inputs are read one after the other. */
static struct {
	char *volatile begin;
	volatile size_t length;
	volatile sig_atomic_t cut;
} watched;

/*
 * Behind the end of a file that was cut, a page is not there. Zeros are put in its place, so that whoever reads it goes on,
 * and it is noted for more() to tell. Any other bus error is what it is without us.
 */
static void on_bus_error(int signal_number, siginfo_t *info, void *context)
{
	uintptr_t address = (uintptr_t)info->si_addr, begin = (uintptr_t)watched.begin;

	(void)context;
	if (begin && address >= begin && address - begin < watched.length) {
		uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), from = address & ~(page - 1);
		void *zeros = mmap((void *)from, begin + watched.length - from, PROT_READ,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		if (zeros != MAP_FAILED) {
			watched.cut = 1;
			return;
		}
	}
	signal(signal_number, SIG_DFL);
}

static void unmap(struct mapped *mapped)
{
	watched.begin = NULL;
	if (mapped->memory)
		munmap(mapped->memory, mapped->length);
	mapped->memory = NULL;
}

static bool fail(struct mapped *mapped, struct error *error, const char *why)
{
	mapped->source.ended = true;
	return error_set(error, "cannot read at byte %" PRIu64 ": %s", mapped->source.offset, why);
}

/* Maps from the large page in which `keep` lies. */
static bool map_window(struct mapped *mapped, uint64_t keep, struct error *error)
{
	uint64_t begin = keep & ~((uint64_t)LARGE_PAGE - 1);
	uint64_t left = mapped->size - begin;

	unmap(mapped);
	mapped->length = left < WINDOW ? (size_t)left : WINDOW;
	mapped->source.offset = keep;
	mapped->source.length = 0;
	void *memory = mmap(NULL, mapped->length, PROT_READ, MAP_PRIVATE, mapped->fd, (off_t)begin);
	if (memory == MAP_FAILED)
		return fail(mapped, error, strerror(errno));
	mapped->memory = memory;
	watched.length = mapped->length;
	watched.begin = mapped->memory;
	mapped->source.data = mapped->memory + (keep - begin);
	mapped->source.length = mapped->length - (size_t)(keep - begin);
	return true;
}

static bool more(struct log_source *source, uint64_t keep, struct error *error)
{
	struct mapped *mapped = (struct mapped *)source;

	if (source->ended)
		return true;
	/* Of the last window too this is known only when all of it was looked at. */
	if (watched.cut)
		return fail(mapped, error, "the file was cut short while it was read");
	if (source->offset + source->length == mapped->size) {
		source->ended = true;
		return true;
	}
	return map_window(mapped, keep, error);
}

bool mapped_start(struct mapped *mapped, int fd, uint64_t size, struct error *error)
{
	struct sigaction action = { .sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO };

	*mapped = (struct mapped){ .source = { .more = more }, .fd = fd, .size = size };
	watched.cut = 0;
	sigemptyset(&action.sa_mask);
	if (sigaction(SIGBUS, &action, NULL) != 0)
		return error_set(error, "%s", strerror(errno));
	return map_window(mapped, 0, error);
}

void mapped_stop(struct mapped *mapped)
{
	unmap(mapped);
	*mapped = (struct mapped){ 0 };
}
