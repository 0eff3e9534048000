/*
 * A kernel release (uname -r), the family of kernels that it belongs to, and how releases of a family compare: as the
 * distribution's packages do, by a package manager's own library (libsolv: rpm's and dpkg's rules), and upstream releases by
 * number.
 */
#ifndef SIGNATURE_RELEASE_H
#define SIGNATURE_RELEASE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a family's versions compare. */
enum release_order { RELEASE_RPM, RELEASE_DEB, RELEASE_UPSTREAM };

struct release {
	struct text text;   /* as uname -r gives it; empty: not known */
	struct text family; /* "el7", "al7", "fedora", "debian", "upstream" ...; empty: of no known family */
	enum release_order order;
	struct text package;  /* what compares: the release without architecture and flavour, "3.10.0-862.2.3.el7"; for
				 Debian the package's version ("6.1.76-1") where uname -v names it, else empty */
	struct text upload;   /* Ubuntu: the rest of the package's version, which only uname -v has: "#101-Ubuntu" makes
				 5.15.0-91-generic the package 5.15.0-91.101; empty: not said */
	struct text upstream; /* the stable release that it is built on, where the family follows stable ("6.1.76"); empty
				 where the family backports at will and the number says nothing */
	struct text revision; /* what lies behind the last '-', "22.2.al7.x86_64": for commands */
	struct text arch;     /* as uname -m gives it: "x86_64"; empty: not said */
};

/*
 * Takes `uname -r` and `uname -v` (or the piece of it that the log names; may be empty) apart. Never fails: what is not
 * recognised is empty. A text with characters that no release has (anything but A-Z a-z 0-9 . _ + ~ -), that does not begin
 * with a digit, or longer than 64 bytes (the kernel's __NEW_UTS_LEN), gives a release with text empty: it would end up in
 * commands. Pieces point into the texts given, or to constants.
 */
struct release release_parse(struct text uname_release, struct text uname_version);

/* Is this a family that ranges can name? */
bool release_family_known(struct text family, enum release_order *order);

/* Compares two versions by an order; like strcmp. Versions may be of any length (256 bytes of each count) and content. */
int release_compare(enum release_order order, struct text a, struct text b);

/* As release_compare() of the release's package and a version of its family, with the upload where it is known. */
int release_compare_package(const struct release *release, struct text version);

/*
 * The numbers of an upstream release: "6.1.79-gabc" is 6 1 79, "4.17-rc3" is 4 17 with rc 3. What stands behind is not
 * looked at, but for the marks that builders put in front of rc ("6.7.0-0.rc8.61.fc40", "6.7.0-060700rc8", "6.7~rc8").
 */
struct release_number {
	uint64_t parts[4]; /* missing ones are 0 */
	size_t count;
	uint64_t rc;   /* UINT64_MAX for the release itself, which comes after its candidates */
	size_t length; /* bytes of the text that were understood; 0 when it does not begin with a number */
};

struct release_number release_number(struct text version);
/* Is it the same stable series: 6.1, or 2.6.32? */
bool release_same_series(const struct release_number *a, const struct release_number *b);

#endif
