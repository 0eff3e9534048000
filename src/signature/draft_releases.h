/* The part of a new signature about releases: all of it comments. Private to signature/. */
#ifndef SIGNATURE_DRAFT_RELEASES_H
#define SIGNATURE_DRAFT_RELEASES_H

#include "signature/draft_signature.h"
#include "signature/yaml_text.h"

/*
 * Adds the releases that were seen, each once, and behind them a range a family from the least to the greatest of them: an
 * example that lints once its marks of a comment are taken away, and no more, as nobody knows yet which kernels have the
 * bug.
 */
void draft_releases(struct yaml_lines *lines, const struct draft_source *sources, size_t count);

#endif
