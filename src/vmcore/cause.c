/* Causes within sentences. */
#include "vmcore/cause.h"

#include <string.h>

struct cause cause_of_text(const char *message, size_t most)
{
	static const char dots[] = "...";
	struct cause cause = { "" };
	size_t length = strlen(message);

	if (most > CAUSE_MOST)
		most = CAUSE_MOST;
	if (length <= most) {
		memcpy(cause.text, message, length);
		return cause;
	}
	length = most < sizeof dots ? 0 : most - (sizeof dots - 1);
	while (length && message[length] != ' ')
		length--;
	while (length && strchr(" :;,", message[length - 1]))
		length--;
	memcpy(cause.text, message, length);
	memcpy(cause.text + length, dots, sizeof dots);
	return cause;
}

struct cause cause(const struct error *why, size_t most)
{
	return cause_of_text(why->message, most);
}

void cause_add(struct error *error, const char *more, size_t most)
{
	size_t length = strlen(error->message), wanted = strlen(more);

	if (!wanted || strstr(error->message, more) || length + 2 + wanted > (most < CAUSE_MOST ? most : CAUSE_MOST))
		return;
	memcpy(error->message + length, "; ", 2);
	memcpy(error->message + length + 2, more, wanted + 1);
}
