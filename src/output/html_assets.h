/* The parts of the page that are files of their own in page/, as page/embed.py puts them into the program. */
#ifndef OUTPUT_HTML_ASSETS_H
#define OUTPUT_HTML_ASSETS_H

#include "base/text.h"

extern const struct text html_style;
extern const struct text html_start;  /* the script that runs before anything is drawn */
extern const struct text html_script; /* and the one that runs when all is there */
extern const char html_policy[];      /* the Content-Security-Policy: it names these three by their digests */

#endif
