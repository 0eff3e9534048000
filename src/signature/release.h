/*
 * A kernel release (uname -r), the family of kernels that it belongs to, and how releases of a family compare: as the distribution's
 * packages do, by a package manager's own library (libsolv: rpm's and dpkg's rules), and upstream releases by number.
 */
#ifndef SIGNATURE_RELEASE_H
#define SIGNATURE_RELEASE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>

/* How a family's versions compare. */
enum release_order { RELEASE_RPM, RELEASE_DEB, RELEASE_UPSTREAM };

struct release {
	struct text text;     /* as uname -r gives it; empty: not known */
	struct text family;   /* "el7", "al7", "fedora", "debian", "upstream" ...; empty: of no known family */
	enum release_order order;
	struct text package;  /* what compares: the release without architecture and flavour, "3.10.0-862.2.3.el7"; for
	                         Debian the package's version ("6.1.76-1") where version names it */
	struct text upstream; /* the stable release that it is built on, where the family follows stable ("6.1.76"); empty
	                         where the family backports at will and the number says nothing */
	struct text revision; /* what lies behind the last '-', "22.2.al7.x86_64": for commands */
	struct text arch;     /* "x86_64"; empty: not said */
};

/*
 * Takes `uname -r` and `uname -v` (or the piece of it that the log names; may be empty) apart. Never fails: what is not recognised is empty.
 * A text with characters that no release has (anything but A-Z a-z 0-9 . _ + ~ -), or longer than 64 bytes (the kernel's
 * __NEW_UTS_LEN), gives a release with text empty: it would end up in commands.
 * Pieces point into the texts given.
 */
struct release release_parse(struct text uname_release, struct text uname_version);

/* Is this a family that ranges can name? */
bool release_family_known(struct text family, enum release_order *order);

/* Compares two versions by an order; like strcmp. Versions may be of any length and content. */
int release_compare(enum release_order order, struct text a, struct text b);

#endif
