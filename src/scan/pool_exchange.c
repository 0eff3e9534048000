/* What passes between the parent and a worker, from the parent's side, which never waits, and trusts nothing that it reads.
 */
#define _GNU_SOURCE /* MSG_DONTWAIT */
#include "scan/pool_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
	BODY_LEAST = 64 * 1024,      /* bytes; a body grows with what really comes, whatever its frame says */
	PULL_MOST = 4 * 1024 * 1024, /* bytes at a time from one worker: then it is the next one's turn */
};

bool pool_worker_give(struct pool_worker *worker, struct text request)
{
	struct pool_frame frame = { .kind = POOL_FRAME_REQUEST, .length = request.length };

	worker->request = malloc(sizeof frame + request.length);
	if (!worker->request)
		return false;
	memcpy(worker->request, &frame, sizeof frame);
	if (request.length)
		memcpy(worker->request + sizeof frame, request.data, request.length);
	worker->request_length = sizeof frame + request.length;
	worker->request_sent = 0;
	pool_worker_push(worker);
	return true;
}

void pool_worker_push(struct pool_worker *worker)
{
	while (pool_worker_is_pushing(worker)) {
		ssize_t sent = send(worker->socket, worker->request + worker->request_sent,
				    worker->request_length - worker->request_sent, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno == EAGAIN)
			return;
		if (sent < 0) /* nobody reads there; its end, or the time limit, is noticed elsewhere */
			worker->request_sent = worker->request_length;
		else
			worker->request_sent += (size_t)sent;
	}
}

bool pool_worker_is_pushing(const struct pool_worker *worker)
{
	return worker->request && worker->request_sent < worker->request_length && worker->socket >= 0;
}

void pool_worker_forget_request(struct pool_worker *worker)
{
	free(worker->request);
	worker->request = NULL;
}

void pool_worker_give_back(struct pool_worker *worker, size_t most)
{
	if (worker->body_capacity <= most)
		return;
	free(worker->body);
	worker->body = NULL;
	worker->body_capacity = 0;
}

static bool check_frame(struct pool_worker *worker)
{
	const struct pool_frame *frame = &worker->frame;
	bool bare = frame->kind == POOL_FRAME_TAKEN || frame->kind == POOL_FRAME_DONE;

	if (bare ? !frame->length : frame->kind == POOL_FRAME_MESSAGE && frame->length <= POOL_MESSAGE_MOST)
		return true;
	if (frame->kind == POOL_FRAME_MESSAGE)
		pool_worker_condemn(worker, "its process sent more than %d MiB at once", POOL_MESSAGE_MOST / (1024 * 1024));
	else
		pool_worker_condemn(worker, "its process sent what is no message");
	return false;
}

static bool make_room(struct pool_worker *worker)
{
	size_t length = (size_t)worker->frame.length;
	size_t capacity = worker->body_capacity ? worker->body_capacity * 2 : BODY_LEAST;

	if (worker->body_got < worker->body_capacity)
		return true;
	if (capacity > length && length > BODY_LEAST)
		capacity = length;
	char *body = realloc(worker->body, capacity);
	if (!body)
		return false;
	worker->body = body;
	worker->body_capacity = capacity;
	return true;
}

/* Bytes that came; 0: none now; -1: none ever. */
static ssize_t receive(struct pool_worker *worker, void *to, size_t most)
{
	ssize_t received;

	do
		received = recv(worker->socket, to, most, MSG_DONTWAIT);
	while (received < 0 && errno == EINTR);
	if (received > 0)
		return received;
	return received < 0 && errno == EAGAIN ? 0 : -1;
}

/* Where the next bytes go, and how many. False: out of memory. */
static bool next_piece(struct pool_worker *worker, char **to, size_t *most)
{
	if (worker->frame_got < sizeof worker->frame) {
		*to = (char *)&worker->frame + worker->frame_got;
		*most = sizeof worker->frame - worker->frame_got;
		return true;
	}
	if (!make_room(worker))
		return false;
	size_t left = (size_t)worker->frame.length - worker->body_got, room = worker->body_capacity - worker->body_got;
	*to = worker->body + worker->body_got;
	*most = left < room ? left : room;
	return true;
}

/* Bytes came. */
static enum pool_pull advance(struct pool_worker *worker, size_t count)
{
	if (worker->frame_got < sizeof worker->frame) {
		worker->frame_got += count;
		if (worker->frame_got < sizeof worker->frame)
			return POOL_PULL_NOTHING;
		if (!check_frame(worker))
			return POOL_PULL_NONSENSE;
		worker->body_got = 0;
	} else {
		worker->body_got += count;
	}
	if (worker->body_got < worker->frame.length)
		return POOL_PULL_NOTHING;
	worker->frame_got = 0;
	return POOL_PULL_FRAME;
}

enum pool_pull pool_worker_pull(struct pool_worker *worker)
{
	enum pool_pull pull = POOL_PULL_NOTHING;

	for (size_t sum = 0; sum < PULL_MOST && pull == POOL_PULL_NOTHING;) {
		char *to;
		size_t most;
		if (!next_piece(worker, &to, &most)) {
			pool_worker_condemn(worker, "there was no memory for what its process sent");
			return POOL_PULL_NONSENSE;
		}
		ssize_t received = receive(worker, to, most);
		if (received <= 0)
			return received < 0 ? POOL_PULL_END : POOL_PULL_NOTHING;
		sum += (size_t)received;
		pull = advance(worker, (size_t)received);
	}
	return pull;
}
