/*
 * Asks libdebuginfod, which is loaded when first needed. It goes by the environment: DEBUGINFOD_URLS (the servers),
 * DEBUGINFOD_CACHE_PATH, DEBUGINFOD_TIMEOUT (90 s for the first 100 KiB and for each that follow,
 * debuginfod_find_debuginfo(3)). What comes is bounded here too, in time and in size: by the function that the library calls
 * about once a second.
 */
#define _POSIX_C_SOURCE 200809L
#include "debuginfo/server.h"

#include "base/lazy_library.h"
#include "base/monotonic.h"
#include "debuginfo/parts.h"

#include <elfutils/debuginfod.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* In alphabetical order, a row a line. */
/* clang-format off */
#define SERVER_FUNCTIONS(row) \
	row(debuginfod_begin) \
	row(debuginfod_end) \
	row(debuginfod_find_debuginfo) \
	row(debuginfod_get_user_data) \
	row(debuginfod_set_progressfn) \
	row(debuginfod_set_user_data)
/* clang-format on */

#define SERVER_MEMBER(name) __typeof__(&name) name;
static struct {
	SERVER_FUNCTIONS(SERVER_MEMBER)
} library;

#define SERVER_ROW(name) LAZY_FUNCTION(library, name),
static const struct lazy_function functions[] = { SERVER_FUNCTIONS(SERVER_ROW) };

#define BYTES_MOST (INT64_C(4) << 30)

enum {
	GIBIBYTES_MOST = 4,
	/* Before anything comes; the library's own limit does not count while it connects. */
	SILENCE_MOST = 100 * 1000, /* ms */
	/* Until a server is chosen, the library reports how often it has looked, in place of bytes. */
	LOOKS_MOST = 10 * 1000,
	SERVERS_SHOWN = 160, /* bytes */
};

struct transfer {
	int64_t began, deadline; /* of monotonic_ms() */
	bool late, large;
};

/* Not 0: give up. */
static int go_on(debuginfod_client *client, long got, long whole)
{
	struct transfer *transfer = library.debuginfod_get_user_data(client);
	int64_t now = monotonic_ms();

	transfer->late |= now >= transfer->deadline || (got < LOOKS_MOST && now - transfer->began >= SILENCE_MOST);
	transfer->large |= got > BYTES_MOST || whole > BYTES_MOST;
	return transfer->late || transfer->large;
}

/* As the user named them; not all of a long list. */
static struct text servers(void)
{
	return text_first(text_trim(text_from(getenv("DEBUGINFOD_URLS"))), SERVERS_SHOWN);
}

static void tell_failure(const struct transfer *transfer, int code, struct text build_id, struct error *error)
{
	if (transfer->large || code == EFBIG)
		error_set(error, "a server's file of build id %.*s is larger than %d GiB", TEXT_ARGS(build_id),
			  GIBIBYTES_MOST);
	else if (transfer->late || code == ETIME || code == ETIMEDOUT)
		error_set(error, "the server took too long to send what it has of build id %.*s", TEXT_ARGS(build_id));
	else if (code == ENOENT)
		error_set(error,
			  "the servers of DEBUGINFOD_URLS (%.*s) have nothing of build id %.*s, or their cache cannot be "
			  "written",
			  TEXT_ARGS(servers()), TEXT_ARGS(build_id));
	else if (code == ENOSYS)
		error_set(error, "the server is not known: DEBUGINFOD_URLS is not set");
	else if (code == EHOSTUNREACH || code == ECONNREFUSED || code == ENETUNREACH || code == ECONNRESET)
		error_set(error, "none of the servers of DEBUGINFOD_URLS (%.*s) can be reached: %s", TEXT_ARGS(servers()),
			  strerror(code));
	else
		error_set(error, "the server could not be asked: %s", strerror(code));
}

static const char *ask(struct debuginfo *debuginfo, debuginfod_client *client, struct text build_id, struct error *error)
{
	struct text digits = arena_copy(&debuginfo->arena, build_id), path = TEXT_NONE;
	struct transfer transfer = { .began = monotonic_ms(), .deadline = debuginfo->server_deadline };
	char *cached = NULL;

	library.debuginfod_set_user_data(client, &transfer);
	library.debuginfod_set_progressfn(client, go_on);
	int fd = library.debuginfod_find_debuginfo(client, (const unsigned char *)digits.data, 0, &cached);
	if (fd >= 0) {
		close(fd);
		path = arena_copy(&debuginfo->arena, text_from(cached));
		if (!path.length)
			error_out_of_memory(error);
	} else {
		tell_failure(&transfer, -fd, build_id, error);
	}
	free(cached);
	return path.length ? path.data : NULL;
}

const char *server_find(struct debuginfo *debuginfo, struct text build_id, struct error *error)
{
	const char *path = NULL;

	if (!build_id.length) {
		error_set(error, "the server was not asked: it can only be asked by build id, and none is known");
		return NULL;
	}
	if (!lazy_library_load(DEBUGINFOD_SONAME, functions, sizeof functions / sizeof *functions, error))
		return NULL;
	if (!debuginfo->server_deadline)
		debuginfo->server_deadline = monotonic_ms() + DEBUGINFO_SERVER_SECONDS_MOST * INT64_C(1000);
	/*
	 * elfutils 0.188 reads a handle that it has freed when it tries again after a timeout, and says that there is
	 * nothing. This process is all that sees the variable.
	 */
	setenv("DEBUGINFOD_RETRY_LIMIT", "0", 0);
	debuginfod_client *client =
		text_is_plain_name(build_id) && build_id.length % 2 == 0 ? library.debuginfod_begin() : NULL;
	if (!client) {
		error_set(error, "the server could not be asked: libdebuginfod does not start");
		return NULL;
	}
	path = ask(debuginfo, client, build_id, error);
	library.debuginfod_end(client);
	return path;
}
