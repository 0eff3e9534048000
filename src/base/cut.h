/* What a log that was cut within its last line ends in. */
#ifndef BASE_CUT_H
#define BASE_CUT_H

#include "base/text.h"

/*
 * A record's text without the number that it ends in, where that number may go on behind the cut: of "CR2: 00000000ffff" no
 * more than the beginning is there. A number of full width, 16 hex digits, is whole. A function's size ("foo+0x1/0x2")
 * stays: the function's name is worth more.
 */
struct text cut_before_number(struct text text);

#endif
