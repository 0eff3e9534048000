/* What telephones' kernels print between the stamp and the text. */
#include "log/console.h"

#include <string.h>

/* Whose record it is. */
struct writer {
	uint64_t cpu, pid;
};

static bool has_letter(struct text comm)
{
	for (size_t i = 0; i < comm.length; i++)
		if ((comm.data[i] | 0x20) >= 'a' && (comm.data[i] | 0x20) <= 'z')
			return true;
	return false;
}

/* TASK_COMM_LEN is 16, workers' names are longer with what they work on. */
enum { COMM_MOST = 64 };

/* "[0:      swapper/0:    1] ", also with a letter in front that says how interrupts are: Exynos. */
static bool eat_exynos(struct text *t, struct writer *writer)
{
	struct text rest = *t, inside;

	if (rest.length > 1 && rest.data[0] >= 'A' && rest.data[0] <= 'Z' && rest.data[1] == '[')
		rest = text_from_offset(rest, 1);
	size_t end = text_find_char(text_first(rest, COMM_MOST), ']');
	if (end == SIZE_MAX || !text_eat_char(&rest, '['))
		return false;
	inside = text_first(rest, end - 1);
	text_eat_blanks(&inside);
	if (!text_eat_decimal(&inside, &writer->cpu) || !text_eat_char(&inside, ':'))
		return false;
	size_t colon = inside.length;
	while (colon && inside.data[colon - 1] != ':')
		colon--;
	struct text pid = text_trim_start(text_from_offset(inside, colon));
	if (!colon || !has_letter(text_first(inside, colon)) || !text_eat_decimal(&pid, &writer->pid) || pid.length)
		return false;
	*t = text_from_offset(rest, end);
	text_eat_char(t, ' ');
	return true;
}

/* "(0)[123:kworker/0:1]", with marks in front: Qualcomm, MediaTek. */
static bool eat_mediatek(struct text *t, struct writer *writer)
{
	struct text rest = *t, inside;

	text_eat(&rest, "<0>");
	if (!text_eat_char(&rest, '-'))
		text_eat_char(&rest, '.');
	if (!text_eat_char(&rest, '(') || !text_eat_decimal(&rest, &writer->cpu) || !text_eat(&rest, ")["))
		return false;
	size_t end = text_find_char(text_first(rest, COMM_MOST), ']');
	inside = text_first(rest, end);
	if (end == SIZE_MAX || !text_eat_decimal(&inside, &writer->pid) || !text_eat_char(&inside, ':') ||
	    !has_letter(inside))
		return false;
	*t = text_from_offset(rest, end + 1);
	text_eat_char(t, ' ');
	return true;
}

/* "[pid:12,cpu0,kworker/0:1]", perhaps with more behind a comma: Huawei. */
static bool eat_huawei(struct text *t, struct writer *writer)
{
	struct text rest = *t;
	size_t end = text_find_char(text_first(rest, COMM_MOST), ']');

	if (end == SIZE_MAX || !text_eat(&rest, "[pid:") || !text_eat_decimal(&rest, &writer->pid) ||
	    !text_eat(&rest, ",cpu") || !text_eat_decimal(&rest, &writer->cpu) || !text_eat_char(&rest, ','))
		return false;
	*t = text_from_offset(*t, end + 1);
	text_eat_char(t, ' ');
	return true;
}

/* "c0    123 (kworker/0:1) ": Marvell. */
static bool eat_marvell(struct text *t, struct writer *writer)
{
	struct text rest = *t;

	if (!text_eat_char(&rest, 'c') || !text_eat_decimal(&rest, &writer->cpu) || !text_eat_char(&rest, ' '))
		return false;
	text_eat_blanks(&rest);
	if (!text_eat_decimal(&rest, &writer->pid) || !text_eat(&rest, " ("))
		return false;
	size_t end = text_find(text_first(rest, COMM_MOST), ") ");
	if (end == SIZE_MAX || !has_letter(text_first(rest, end)))
		return false;
	*t = text_from_offset(rest, end + 2);
	return true;
}

bool console_eat_vendor(struct text *t, struct record *record)
{
	static bool (*const forms[])(struct text * t, struct writer * writer) = { eat_exynos, eat_mediatek, eat_huawei,
										  eat_marvell };
	struct text rest = text_trim_start(*t);
	char first = rest.length > 1 ? rest.data[0] : ' ';

	if (!memchr("[<-.(c", first, 6) && !(first >= 'A' && first <= 'Z' && rest.data[1] == '['))
		return false;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct writer writer = { 0 };
		if (!forms[i](&rest, &writer))
			continue;
		if (!record->caller_kind && writer.pid <= UINT32_MAX && writer.cpu <= UINT32_MAX) {
			record->caller_kind = writer.pid ? 'T' : 'C';
			record->caller = (uint32_t)(writer.pid ? writer.pid : writer.cpu);
		}
		*t = rest;
		return true;
	}
	return false;
}
