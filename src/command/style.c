/* How to write on this terminal: colours and width. */
#define _POSIX_C_SOURCE 200809L
#include "command/style.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool style_set_color(struct output_style *style, const char *when)
{
	const char *no_color = getenv("NO_COLOR");

	/* https://no-color.org: set and not empty; a --color=always on the command line is the more explicit wish. */
	if (strcmp(when, "auto") == 0)
		style->color = isatty(STDOUT_FILENO) && !(no_color && *no_color);
	else if (strcmp(when, "always") == 0)
		style->color = true;
	else if (strcmp(when, "never") == 0)
		style->color = false;
	else
		return false;
	return true;
}

/* As wide as the terminal, but no wider than is good to read. */
static size_t width(size_t widest)
{
	enum { DEFAULT = 80, NARROWEST = 40 };
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || !size.ws_col)
		return DEFAULT;
	return size.ws_col > widest ? widest : size.ws_col < NARROWEST ? NARROWEST : size.ws_col;
}

struct output_style style_of_output(size_t widest)
{
	struct output_style style = { .width = width(widest) };

	style_set_color(&style, "auto");
	return style;
}
