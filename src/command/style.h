/* How to write on this terminal: colours and width, as the environment and --color say. */
#ifndef COMMAND_STYLE_H
#define COMMAND_STYLE_H

#include "output/output.h"

enum { STYLE_PROSE_WIDEST = 100, STYLE_TABLE_WIDEST = 160 }; /* columns */

/* Of standard output: as wide as the terminal, at most that; 80 columns where it is none. Colours as "auto" has it. */
struct output_style style_of_output(size_t widest);

/* --color: "auto", "always", "never". False: it is none of these. */
bool style_set_color(struct output_style *style, const char *when);

#endif
