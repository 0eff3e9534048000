/* Characters in UTF-8: taking them apart, and how many columns of a terminal they fill. No locale is asked. */
#ifndef OUTPUT_CHARACTER_H
#define OUTPUT_CHARACTER_H

#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

/* The length in bytes of the character at the front of t, or 0 where there is none: cut short, overlong, a surrogate, too
 * large. */
size_t character_decode(struct text t, uint32_t *code);

/* The columns that the first character of t fills, and its length in bytes. A byte that is no character fills one column. */
size_t character_columns(struct text t, size_t *length);

/* The columns that all of t fills. */
size_t text_columns(struct text t);

#endif
