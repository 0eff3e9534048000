/* Which releases a range of a signature holds. Private to signature/. */
#ifndef SIGNATURE_RANGE_H
#define SIGNATURE_RANGE_H

#include "signature/catalogue.h"

/*
 * Whether the release lies in the range. Unknown: it is not known, of no known family, or of the range's family but without
 * what compares. A release of another family does not, unless the range is upstream's and the release is built on a stable
 * one.
 */
enum affected range_holds(const struct range *range, const struct release *release);

/* "from 3.10.0-862.el7, before 3.10.0-862.9.1.el7" */
struct text range_print(struct arena *arena, const struct range *range);

/* "4.19.91-19.1.al7 through 4.19.91-22.2.al7": as range_print(), and with the family where the versions do not name it. */
struct text range_condition(struct arena *arena, const struct range *range);

/* Has the signature this bug in that release, and why is that so? reason: made in the arena. */
enum affected range_judge(const struct signature *signature, const struct release *release, struct arena *arena,
			  struct text *reason);

#endif
