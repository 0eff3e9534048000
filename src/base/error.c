/* Errors as values. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

bool error_set(struct error *error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error->message, sizeof error->message, format, arguments);
	va_end(arguments);
	return false;
}

bool error_out_of_memory(struct error *error)
{
	return error_set(error, "out of memory");
}

void error_list_add(struct error_list *list, const char *path, size_t line, size_t column, const char *format, ...)
{
	va_list arguments;

	if (list->count >= ERROR_LIST_MOST) {
		list->overflow = true;
		return;
	}
	struct error *error = arena_push(&list->arena, &list->items, &list->count, sizeof *error);
	if (!error)
		return;
	error->path = path ? arena_copy(&list->arena, text_from(path)).data : NULL;
	error->line = line;
	error->column = column;
	va_start(arguments, format);
	vsnprintf(error->message, sizeof error->message, format, arguments);
	va_end(arguments);
}

void error_list_free(struct error_list *list)
{
	arena_free(&list->arena);
	*list = (struct error_list){ 0 };
}
