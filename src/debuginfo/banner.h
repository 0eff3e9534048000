/*
 * What a kernel calls itself: linux_banner, in its read-only data (init/version.c, since 6.1 init/version-timestamp.c):
 * "Linux version RELEASE (who@where) (compiler) VERSION\n". Distributions may have more behind the version. Private to
 * debuginfo/.
 */
#ifndef DEBUGINFO_BANNER_H
#define DEBUGINFO_BANNER_H

#include "debuginfo/debuginfo.h"

/*
 * Is the version whole, as uname -v and banners have it ("#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)"), up to where
 * a log may have cut it? Reports have pieces: "#1", "#1 Debian 6.1.76-1".
 */
bool banner_is_whole(struct text version);

/*
 * Does one of the banners in the data have the wanted release, and the wanted version where that is whole? False: *error
 * says what else; it must have room for a line.
 */
bool banner_fits(struct text data, const struct debuginfo_wanted *wanted, struct error *error);

#endif
