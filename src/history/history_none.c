/* In place of the history, in a build without SQLite: there is none, which opening one says. */
#include "history/history.h"

struct history *history_open(const char *path, enum history_mode mode, struct error *error)
{
	(void)mode;
	error_set(error, "this kdump-triage was built without histories (Meson's option history, of SQLite): %s is not read",
		  path);
	return NULL;
}

bool history_close(struct history *history, struct error *error)
{
	(void)history, (void)error;
	return true;
}

enum history_answer history_look_up(struct history *history, const struct sighting_source *source, struct text catalogue,
				    history_visitor *visit, void *state, struct error *error)
{
	(void)history, (void)source, (void)catalogue, (void)visit, (void)state, (void)error;
	return HISTORY_NEW;
}

bool history_add(struct history *history, const struct sighting *sightings, size_t count, struct text catalogue,
		 struct error *error)
{
	(void)history, (void)sightings, (void)count, (void)catalogue, (void)error;
	return true;
}

bool history_flush(struct history *history, struct error *error)
{
	(void)history, (void)error;
	return true;
}

bool history_each(struct history *history, const struct history_query *query, history_visitor *visit, void *state,
		  struct error *error)
{
	(void)history, (void)query, (void)visit, (void)state, (void)error;
	return true;
}

void history_begin_look_ups(struct history *history)
{
	(void)history;
}

void history_end_look_ups(struct history *history)
{
	(void)history;
}
