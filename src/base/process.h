/* What a process gives up right behind fork(), to be one that cannot do harm: what it inherited of signals, its life without
 * its parent, memory. Not to be called in a process that is to live on as it was. */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

/* AddressSanitizer's shadow counts as data. */
#if defined(__SANITIZE_ADDRESS__)
#define PROCESS_LIMITS_DATA 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PROCESS_LIMITS_DATA 0
#endif
#endif
#ifndef PROCESS_LIMITS_DATA
#define PROCESS_LIMITS_DATA 1
#endif

/* Default dispositions, and no signal blocked. */
void process_default_signals(void);

/* SIGKILL as soon as the thread that forked ends; `parent` is its process, as it was before fork(). */
void process_end_with(pid_t parent);

/* Lowers both limits of a resource (RLIMIT_CORE, ...) to `most`; raises none. */
void process_limit(int resource, uint64_t most);

/*
 * Bytes of private memory that can be written: heap and anonymous mappings (these since Linux 4.7), touched or not. Not the
 * address space: of files, as much as they hold is mapped. Does nothing where PROCESS_LIMITS_DATA is 0.
 */
void process_limit_data(uint64_t most);

/* How many of these bytes this process has, right behind fork() those of its parent; 0 where /proc does not tell. */
uint64_t process_data(void);

#endif
