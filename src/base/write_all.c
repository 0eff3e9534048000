/* Goes on where write(2) took only a part, or was interrupted. */
#include "base/write_all.h"

#include <errno.h>
#include <unistd.h>

bool write_all(int fd, struct text content)
{
	while (content.length) {
		ssize_t written = write(fd, content.data, content.length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		content = text_from_offset(content, (size_t)written);
	}
	return true;
}
