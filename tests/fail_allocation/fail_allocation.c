/*
 * Makes an allocation of a program fail; for LD_PRELOAD. FAIL_ALLOCATION=12 fails the twelfth, FAIL_ALLOCATION=12+ all from the twelfth on. Counted
 * are malloc(), calloc(), realloc() and what the C library makes of them (strdup(), getline(), fopen() ...), from the program's main() on.
 * FAIL_ALLOCATION_REPORT names a file that is made as soon as one was failed.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The C library's own names for what is replaced here: dlsym() itself may allocate. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static bool started, forever;
static unsigned long fail_at, count;
static const char *report;

int __libc_start_main(int (*main_function)(int, char **, char **), int argc, char **argv, int (*init)(int, char **, char **), void (*fini)(void),
                      void (*rtld_fini)(void), void *stack_end);

static int (*real_main)(int argc, char **argv, char **environment);

static int counted_main(int argc, char **argv, char **environment)
{
	const char *wanted = getenv("FAIL_ALLOCATION");

	if (wanted) {
		char *end;
		fail_at = strtoul(wanted, &end, 10);
		forever = *end == '+';
	}
	report = getenv("FAIL_ALLOCATION_REPORT");
	started = fail_at > 0;
	return real_main(argc, argv, environment);
}

int __libc_start_main(int (*main_function)(int, char **, char **), int argc, char **argv, int (*init)(int, char **, char **), void (*fini)(void),
                      void (*rtld_fini)(void), void *stack_end)
{
	/* By memcpy(): C has no conversion from an object's address to a function's. */
	int (*start)(int (*)(int, char **, char **), int, char **, int (*)(int, char **, char **), void (*)(void), void (*)(void), void *);
	void *symbol = dlsym(RTLD_NEXT, "__libc_start_main");

	memcpy(&start, &symbol, sizeof start);
	real_main = main_function;
	return start(counted_main, argc, argv, init, fini, rtld_fini, stack_end);
}

static void tell(void)
{
	int file = report ? open(report, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;

	if (file >= 0)
		close(file);
	report = NULL;
}

static bool fails(void)
{
	if (!started)
		return false;
	unsigned long number = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
	if (forever ? number < fail_at : number != fail_at)
		return false;
	tell();
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t items, size_t size)
{
	return fails() ? NULL : __libc_calloc(items, size);
}

void *realloc(void *memory, size_t size)
{
	return fails() ? NULL : __libc_realloc(memory, size);
}
