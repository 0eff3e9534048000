/* What the name of a file says of the logs in it: which are worth opening, where there are many files. */
#ifndef INPUT_LOG_NAME_H
#define INPUT_LOG_NAME_H

enum log_name {
	LOG_NAME_NONE,
	LOG_NAME_KERNEL,  /* a log of the kernel: dmesg*, console*, vmcore-dmesg*, *.kmsg, *.dmesg, *.syslog, *.log... */
	LOG_NAME_SYSTEM,  /* of the whole system, the kernel's records among others: messages, syslog, kern.log... */
	LOG_NAME_ARCHIVE, /* *.tar, *.tgz, *.txz, *.tbz, *.tzst... */
	LOG_NAME_PSTORE,  /* a piece of pstore, see input/pstore.h */
};

/*
 * Of a file's name, without directories. Suffixes of compression (.gz, .xz...) and of rotation (.1, -20230605) do not count.
 * *.txt is a kernel log only where the name has a word that speaks for one: dmesg, console, oops, panic, crash...
 */
enum log_name log_name_of(const char *name);

/*
 * The same of a path in an archive of a whole system (sosreport, supportconfig): most *.log there are other programs'. They
 * count only where a word in the path speaks for the kernel.
 */
enum log_name log_name_in_archive(const char *path);

#endif
