/* The walk over directories, for the files of find only. */
#ifndef SCAN_FIND_WALK_H
#define SCAN_FIND_WALK_H

#include "input/directory_survey.h"
#include "input/link.h"
#include "scan/find.h"

struct walk {
	struct find_result *result;
	const struct find_options *options;
	const volatile sig_atomic_t *stop;
	struct link_roots link_roots; /* the roots' real paths */
};

/* A directory that the walk has come to. */
struct visit {
	const char *path; /* real but for what lies in it */
	int fd;
	struct entry_name {
		char *name;
		unsigned char type; /* readdir()'s DT_ */
	} * entries;                /* sorted by name, without . and .. */
	size_t count;
	bool system_logs; /* below a sosreport's tree, or asked for */
};

/* find_directory.c: adds what is in this directory itself. */
void find_in_directory(struct walk *walk, const struct visit *visit);

/* find_file.c */
bool find_is_dump(int directory, const char *name);              /* by its first bytes */
bool find_is_being_written(const char *path, struct error *why); /* a regular file; false where it cannot be opened */

struct find_item *find_add(struct walk *walk, const char *directory, const char *name); /* name NULL: the directory */
void find_leave(struct walk *walk, const char *directory, const char *name, const char *why);

#endif
