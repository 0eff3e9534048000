/* Journal entries from journalctl -o json and -o export. */
#define _POSIX_C_SOURCE 200809L /* strndup */
#include "log/journal.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

void journal_entry_free(struct journal_entry *entry)
{
	free(entry->message);
	free(entry->host);
	*entry = (struct journal_entry){
		.level = RECORD_NO_LEVEL,
		.time_ns = RECORD_NO_TIME,
		.written = RECORD_NO_TIME,
		.received = RECORD_NO_TIME,
	};
}

int64_t journal_wall_time(const struct journal_entry *entry)
{
	return entry->written != RECORD_NO_TIME ? entry->written : entry->received;
}

static void set_message(struct journal_entry *entry, const char *bytes, size_t length)
{
	free(entry->message);
	entry->message = malloc(length + 1);
	entry->length = entry->message ? length : 0;
	entry->out_of_memory |= !entry->message;
	if (entry->length)
		memcpy(entry->message, bytes, length);
}

static void set_host(struct journal_entry *entry, struct text name)
{
	free(entry->host);
	entry->host = strndup(name.data ? name.data : "", name.length);
	entry->out_of_memory |= !entry->host;
}

/* Microseconds since 1970. */
static void set_wall_time(int64_t *seconds, struct text value)
{
	uint64_t micros;

	if (text_eat_decimal(&value, &micros) && wall_clock_plausible((int64_t)(micros / 1000000)))
		*seconds = (int64_t)(micros / 1000000);
}

static void set_field(struct journal_entry *entry, struct text name, struct text value)
{
	uint64_t number;

	if (text_is(name, "_TRANSPORT")) {
		entry->transport = true;
		entry->kernel = text_is(value, "kernel");
	} else if (text_is(name, "SYSLOG_IDENTIFIER") && !entry->transport) {
		entry->kernel = text_is(value, "kernel");
	} else if (text_is(name, "PRIORITY") && text_eat_decimal(&value, &number) && number <= 7) {
		entry->level = (int)number;
	} else if (text_is(name, "_SOURCE_MONOTONIC_TIMESTAMP") && text_eat_decimal(&value, &number) &&
		   number <= INT64_MAX / 1000) {
		entry->time_ns = (int64_t)number * 1000;
	} else if (text_is(name, "MESSAGE")) {
		set_message(entry, value.data, value.length);
	} else if (text_is(name, "_HOSTNAME")) {
		set_host(entry, value);
	} else if (text_is(name, "__REALTIME_TIMESTAMP")) {
		set_wall_time(&entry->received, value);
	} else if (text_is(name, "_SOURCE_REALTIME_TIMESTAMP")) {
		set_wall_time(&entry->written, value);
	}
}

bool journal_is_json(struct text line)
{
	line = text_trim_start(line);
	return text_starts(line, "{") && text_find(line, "\"MESSAGE\"") != SIZE_MAX;
}

/* A message that is not UTF-8 comes as an array of numbers, one a byte. */
static void set_message_from_bytes(struct journal_entry *entry, const json_t *bytes)
{
	size_t count = json_array_size(bytes);
	char *message = malloc(count + 1);

	for (size_t i = 0; message && i < count; i++)
		message[i] = (char)json_integer_value(json_array_get(bytes, i));
	free(entry->message);
	entry->message = message;
	entry->length = message ? count : 0;
	entry->out_of_memory |= !message;
}

bool journal_json(const struct reader_line *line, struct journal_entry *entry)
{
	json_error_t error;
	json_t *object = json_loadb(line->text.data, line->text.length, JSON_ALLOW_NUL, &error);
	const char *name;
	json_t *value;

	if (!json_is_object(object)) {
		entry->out_of_memory |= !object && json_error_code(&error) == json_error_out_of_memory;
		json_decref(object);
		return false;
	}
	entry->line = line->number;
	entry->offset = line->offset;
	json_object_foreach(object, name, value)
	{
		if (json_is_string(value))
			set_field(entry, text_from(name),
				  (struct text){ json_string_value(value), json_string_length(value) });
		else if (json_is_array(value) && strcmp(name, "MESSAGE") == 0)
			set_message_from_bytes(entry, value);
	}
	/* Keys come in any order: the transport counts more than the identifier. */
	const char *transport = json_string_value(json_object_get(object, "_TRANSPORT"));
	if (transport)
		entry->kernel = strcmp(transport, "kernel") == 0;
	json_decref(object);
	return true;
}

bool journal_is_export(struct text line)
{
	return text_starts(line, "__CURSOR=s=") || text_starts(line, "__REALTIME_TIMESTAMP=");
}

static void place(struct journal_entry *entry, struct text name, const struct reader_line *line)
{
	if (text_is(name, "MESSAGE")) {
		entry->line = line->number;
		entry->offset = line->offset;
	}
}

static uint64_t little_endian(struct text bytes)
{
	uint64_t value = 0;

	for (size_t i = 0; i < 8; i++)
		value |= (uint64_t)(unsigned char)bytes.data[i] << (8 * i);
	return value;
}

static void take_binary(struct reader *reader, const struct reader_line *line, struct journal_entry *entry)
{
	struct text bytes;
	bool message = text_is(line->text, "MESSAGE"); /* the line's text goes with the next read */

	if (!reader_take(reader, 8, &bytes))
		return;
	uint64_t left = little_endian(bytes);
	if (message && left <= READER_LINE_MOST && reader_take(reader, (size_t)left, &bytes)) {
		place(entry, TEXT("MESSAGE"), line);
		set_message(entry, bytes.data, bytes.length);
		left = 0;
	}
	while (left) {
		size_t piece = left < READER_LINE_MOST ? (size_t)left : READER_LINE_MOST;
		if (!reader_take(reader, piece, &bytes))
			return;
		left -= piece;
	}
	reader_take(reader, 1, &bytes);
}

static bool is_field_name(struct text line)
{
	for (size_t i = 0; i < line.length; i++) {
		char c = line.data[i];
		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_')
			return false;
	}
	return line.length > 0 && line.length <= 64;
}

bool journal_export(struct reader *reader, const struct reader_line *line, struct journal_entry *entry)
{
	size_t equals = text_find_char(line->text, '=');

	if (!line->text.length)
		return true;
	if (equals != SIZE_MAX) {
		struct text name = text_first(line->text, equals);
		place(entry, name, line);
		set_field(entry, name, text_from_offset(line->text, equals + 1));
	} else if (is_field_name(line->text) && !line->piece) {
		take_binary(reader, line, entry);
	}
	return false;
}
