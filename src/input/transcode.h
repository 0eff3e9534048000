/*
 * Logs in other encodings than what the rest of the program reads: UTF-16 with a byte order mark (what PowerShell's `>` and
 * Hyper-V write), and lines that end in carriage returns alone. Made UTF-8 with line feeds on the way.
 */
#ifndef INPUT_TRANSCODE_H
#define INPUT_TRANSCODE_H

#include "base/error.h"
#include "base/text.h"
#include "input/stream.h"

enum transcode_form { TRANSCODE_NOTHING, TRANSCODE_UTF16_LE, TRANSCODE_UTF16_BE, TRANSCODE_LINE_ENDS };

/* What a file that begins so has to be made text; TRANSCODE_NOTHING for most. */
enum transcode_form transcode_form_of(struct text beginning);

struct transcoding;

/*
 * Reads through `raw`, which stays the caller's and whose window holds its first bytes; text becomes a stream of what is
 * written there. NULL: out of memory, *error.
 */
struct transcoding *transcode_start(struct stream *text, struct stream *raw, enum transcode_form form, struct error *error);
void transcode_stop(struct transcoding *transcoding); /* NULL is allowed */

#endif
