/* write(2) to the last byte. */
#ifndef BASE_WRITE_ALL_H
#define BASE_WRITE_ALL_H

#include "base/text.h"

/* False: errno says why, or is as it was where nothing was taken. What had been written before is written. */
bool write_all(int fd, struct text content);

#endif
