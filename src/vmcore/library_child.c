/* libkdumpfile in a process of its own: opens the dump, says what it is, and serves reads until nobody asks any more. */
#define _GNU_SOURCE
#include "vmcore/library_child.h"

#if HAVE_LIBKDUMPFILE

#include "vmcore/dump.h"
#include "vmcore/library_confine.h"
#include "vmcore/library_functions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CPUS_MOST = 4096, CACHED_PAGES = 64 };

struct child {
	int socket;
	const int *fds;
	size_t count;
	kdump_ctx_t *library;
	kdump_bmp_t *in_file, *in_memory; /* pages that the file holds, and that the machine had; NULL: not known */
	uint64_t pages;                   /* of the machine, whether in the file or not; 0: not known */
	uint64_t page_size;               /* 0: not known, or not open */
	char *facts;
	size_t facts_length;
	char bytes[LIBRARY_READ_MOST];
};

static const struct {
	enum library_fact_kind kind;
	const char *attribute;
} texts[] = {
	{ LIBRARY_FORMAT, KDUMP_ATTR_FILE_FORMAT }, { LIBRARY_ARCH, KDUMP_ATTR_ARCH_NAME },
	{ LIBRARY_SYSNAME, "linux.uts.sysname" },   { LIBRARY_NODENAME, "linux.uts.nodename" },
	{ LIBRARY_RELEASE, "linux.uts.release" },   { LIBRARY_VERSION, "linux.uts.version" },
	{ LIBRARY_MACHINE, "linux.uts.machine" },
};

static kdump_status get_number(kdump_ctx_t *library, const char *name, kdump_num_t *number)
{
	kdump_attr_t attribute = { .type = KDUMP_NUMBER };
	kdump_status status = libkdumpfile.kdump_get_typed_attr(library, name, &attribute);

	if (status == KDUMP_OK)
		*number = attribute.val.number;
	return status;
}

static kdump_status get_string(kdump_ctx_t *library, const char *name, const char **string)
{
	kdump_attr_t attribute = { .type = KDUMP_STRING };
	kdump_status status = libkdumpfile.kdump_get_typed_attr(library, name, &attribute);

	if (status == KDUMP_OK)
		*string = attribute.val.string;
	return status;
}

static void set_number(kdump_ctx_t *library, const char *name, kdump_num_t number)
{
	kdump_attr_t attribute = { .type = KDUMP_NUMBER, .val.number = number };

	libkdumpfile.kdump_set_attr(library, name, &attribute);
}

static void set_string(kdump_ctx_t *library, const char *name, const char *string)
{
	kdump_attr_t attribute = { .type = KDUMP_STRING, .val.string = string };

	libkdumpfile.kdump_set_attr(library, name, &attribute);
}

static void send_all(struct child *child, const void *data, size_t length)
{
	const char *from = data;

	while (length) {
		ssize_t sent = send(child->socket, from, length, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			_exit(0);
		from += sent;
		length -= (size_t)sent;
	}
}

static void receive_all(struct child *child, void *data, size_t length)
{
	char *to = data;

	while (length) {
		ssize_t received = recv(child->socket, to, length, 0);
		if (received < 0 && errno == EINTR)
			continue;
		if (received <= 0)
			_exit(0);
		to += received;
		length -= (size_t)received;
	}
}

static void answer_data(struct child *child, const void *data, size_t length)
{
	struct library_answer answer = { .status = MEMORY_OK, .length = (uint32_t)length };

	send_all(child, &answer, sizeof answer);
	send_all(child, data, length);
}

static void answer_failure(struct child *child, enum memory_status status, uint64_t address, const char *why)
{
	size_t length = strnlen(why, sizeof((struct error){ 0 }.message));
	struct library_answer answer = { .status = status, .length = (uint32_t)length, .address = address };

	send_all(child, &answer, sizeof answer);
	send_all(child, why, length);
}

static const char *why(struct child *child, kdump_status status)
{
	const char *message = libkdumpfile.kdump_get_err(child->library);

	return message ? message : libkdumpfile.kdump_strerror(status);
}

static void add_fact(struct child *child, enum library_fact_kind kind, const void *data, size_t length)
{
	struct library_fact fact = { .kind = kind, .length = (uint32_t)length };

	if (length > LIBRARY_FACTS_MOST || sizeof fact + length > LIBRARY_FACTS_MOST - child->facts_length)
		return;
	memcpy(child->facts + child->facts_length, &fact, sizeof fact);
	memcpy(child->facts + child->facts_length + sizeof fact, data, length);
	child->facts_length += sizeof fact + length;
}

static uint64_t add_number(struct child *child, enum library_fact_kind kind, const char *attribute)
{
	kdump_num_t number;

	if (get_number(child->library, attribute, &number) != KDUMP_OK)
		return 0;
	uint64_t value = number;
	if (kind == LIBRARY_BIG_ENDIAN)
		value = number == KDUMP_BIG_ENDIAN;
	add_fact(child, kind, &value, sizeof value);
	return value;
}

static void add_texts(struct child *child)
{
	const char *value;
	char *info;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (get_string(child->library, texts[i].attribute, &value) == KDUMP_OK && value)
			add_fact(child, texts[i].kind, value, strlen(value));
	if (libkdumpfile.kdump_vmcoreinfo_raw(child->library, &info) == KDUMP_OK && info) {
		add_fact(child, LIBRARY_VMCOREINFO, info, strlen(info));
		free(info);
	}
}

static void add_cpus(struct child *child)
{
	kdump_num_t cpus = 0;
	char key[40];

	get_number(child->library, KDUMP_ATTR_NUM_CPUS, &cpus);
	for (unsigned int i = 0; i < cpus && i < CPUS_MOST; i++) {
		kdump_attr_t attribute = { .type = KDUMP_BLOB };
		snprintf(key, sizeof key, "cpu.%u.PRSTATUS", i);
		if (libkdumpfile.kdump_get_typed_attr(child->library, key, &attribute) != KDUMP_OK || !attribute.val.blob)
			continue;
		const void *data = libkdumpfile.kdump_blob_pin(attribute.val.blob);
		if (data)
			add_fact(child, LIBRARY_PRSTATUS, data, libkdumpfile.kdump_blob_size(attribute.val.blob));
		libkdumpfile.kdump_blob_unpin(attribute.val.blob);
	}
}

static kdump_bmp_t *find_bitmap(struct child *child, const char *name)
{
	kdump_attr_t attribute = { .type = KDUMP_BITMAP };

	if (libkdumpfile.kdump_get_typed_attr(child->library, name, &attribute) != KDUMP_OK || !attribute.val.bitmap)
		return NULL;
	libkdumpfile.kdump_bmp_incref(attribute.val.bitmap);
	return attribute.val.bitmap;
}

/* What the machine had, and no more than a file of this size can hold: LKCD's header of a page alone has 16 bytes. */
static uint64_t count_pages(struct child *child)
{
	kdump_num_t pages = 0;
	uint64_t most = 0;
	struct stat status;

	for (size_t i = 0; i < child->count; i++)
		if (fstat(child->fds[i], &status) == 0 && status.st_size > 0)
			most += (uint64_t)status.st_size / 16;
	if (get_number(child->library, "max_pfn", &pages) != KDUMP_OK)
		return 0;
	return pages < most ? pages : most;
}

static void open_dump(struct child *child)
{
	child->library = libkdumpfile.kdump_new();
	child->facts = malloc(LIBRARY_FACTS_MOST);
	if (!child->library || !child->facts) {
		answer_failure(child, MEMORY_CORRUPT, 0, "out of memory");
		_exit(1);
	}
	/* Mapped files give SIGBUS where they are cut short. */
	set_number(child->library, KDUMP_ATTR_FILE_MMAP_POLICY, KDUMP_MMAP_NEVER);
	set_number(child->library, "cache.size", CACHED_PAGES);
	kdump_status status = libkdumpfile.kdump_open_fdset(child->library, (unsigned int)child->count, child->fds);
	if (status != KDUMP_OK) {
		answer_failure(child, MEMORY_CORRUPT, 0, why(child, status));
		_exit(1);
	}
	/* Makes it find the kernel's page tables. Where it cannot, virtual addresses fail and all else works. */
	set_string(child->library, KDUMP_ATTR_OSTYPE, "linux");
	child->in_memory = find_bitmap(child, KDUMP_ATTR_MEMORY_PAGEMAP);
	child->in_file = find_bitmap(child, KDUMP_ATTR_FILE_PAGEMAP);
	if (!child->in_file)
		child->in_file = child->in_memory;
	add_texts(child);
	add_number(child, LIBRARY_BIG_ENDIAN, KDUMP_ATTR_BYTE_ORDER);
	add_number(child, LIBRARY_WORD, KDUMP_ATTR_PTR_SIZE);
	child->page_size = add_number(child, LIBRARY_PAGE_SIZE, KDUMP_ATTR_PAGE_SIZE);
	child->pages = count_pages(child);
	add_cpus(child);
	answer_data(child, child->facts, child->facts_length);
	free(child->facts);
	child->facts = NULL;
}

/* "No data" is said of what the dump left out, and of what the machine never had. */
static enum memory_status without_data(struct child *child, bool virtual, uint64_t address)
{
	if (virtual) /* what has a mapping is there */
		return MEMORY_EXCLUDED;
	if (!child->in_memory || !child->page_size)
		return MEMORY_ABSENT;
	kdump_addr_t page = address / child->page_size, found = page;
	if (libkdumpfile.kdump_bmp_find_set(child->in_memory, &found) != KDUMP_OK || found != page)
		return MEMORY_ABSENT;
	return MEMORY_EXCLUDED;
}

static enum memory_status memory_status_of(struct child *child, kdump_status status, bool virtual, uint64_t address)
{
	switch (status) {
	case KDUMP_ERR_NODATA:
		return without_data(child, virtual, address);
	case KDUMP_ERR_EOF:
		return MEMORY_CUT;
	case KDUMP_ERR_ADDRXLAT:
		return MEMORY_UNMAPPED;
	default: /* without an operating system it knows, "not implemented", "invalid": it does not translate */
		return virtual && status != KDUMP_ERR_CORRUPT && status != KDUMP_ERR_SYSTEM ? MEMORY_UNMAPPED
											    : MEMORY_CORRUPT;
	}
}

static void read_memory(struct child *child, const struct library_request *request)
{
	bool virtual = request->operation == LIBRARY_READ_VIRTUAL;
	size_t length = request->length;
	kdump_status status = libkdumpfile.kdump_read(child->library, virtual ? KDUMP_KVADDR : KDUMP_KPHYSADDR,
						      request->address, child->bytes, &length);

	if (status == KDUMP_OK && length == request->length) {
		answer_data(child, child->bytes, length);
		return;
	}
	char message[sizeof((struct error){ 0 }.message)];
	uint64_t address = request->address + length;
	snprintf(message, sizeof message, "%s", why(child, status)); /* before another call changes it */
	answer_failure(child, memory_status_of(child, status, virtual, address), address, message);
}

/*
 * The first page in the file from *page on, and the one behind its run. Where segments of an ELF dump overlap, as the
 * kernel's own does with memory's, the library (0.5.1) finds a page and says in the same breath that it is not there, for
 * all that follow; asked for those bits, it crashes. That is taken for the end.
 */
static bool find_pages(struct child *child, kdump_addr_t *page, kdump_addr_t *end)
{
	if (!child->in_file) { /* s390's dumps hold all; of LKCD's nobody knows before they are read */
		*end = child->pages;
		return *end > *page;
	}
	if (libkdumpfile.kdump_bmp_find_set(child->in_file, page) != KDUMP_OK)
		return false;
	*end = *page;
	return libkdumpfile.kdump_bmp_find_clear(child->in_file, end) == KDUMP_OK && *end > *page;
}

static void find_run(struct child *child, uint64_t address)
{
	struct library_answer answer = { .status = MEMORY_OK, .address = address };
	uint64_t size = child->page_size;
	kdump_addr_t page = size ? address / size : 0, end = 0;

	if (size && find_pages(child, &page, &end)) {
		uint64_t most = LIBRARY_RUN_MOST < size ? 1 : LIBRARY_RUN_MOST / size;
		if (end - page > most)
			end = page + most;
		if (end <= UINT64_MAX / size) {
			if (page * size > address)
				answer.address = page * size;
			answer.extent = end * size - answer.address;
		}
	}
	send_all(child, &answer, sizeof answer);
}

static void serve(struct child *child, const struct library_request *request)
{
	if (request->operation == LIBRARY_OPEN && !child->library)
		open_dump(child);
	else if (!child->library || request->length > sizeof child->bytes)
		_exit(1);
	else if (request->operation == LIBRARY_NEXT_RUN)
		find_run(child, request->address);
	else
		read_memory(child, request);
}

void library_child_run(int socket, const int *fds, size_t count, pid_t parent)
{
	static struct child child; /* 64 KiB: not on a stack that somebody made small */
	struct library_request request;

	library_confine(socket, fds, count, parent);
	child.socket = socket;
	child.fds = fds;
	child.count = count;
	for (;;) {
		receive_all(&child, &request, sizeof request);
		serve(&child, &request);
	}
}

#endif
