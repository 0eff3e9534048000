/* A made-up fleet whose every text is an attack, or too long. */
#include "made_up_fleet.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { DAYS = 24 * 3600 };

/* Each would do harm in some place of a page, of its script or of a terminal, if it got there as it is. */
static const struct text attacks[] = {
	TEXT("<script>window.attacked = 1; alert(1)</script>"),
	TEXT("</script ><script >window.attacked = 2</script >"),
	TEXT("<!--<script>"),
	TEXT("\"><img src=x onerror=\"window.attacked = 3\">"),
	TEXT("' onmouseover='window.attacked = 4' x='"),
	TEXT("\033[31mred\033[0m\007\r\n"),
	TEXT("\xe2\x80\xaeoverride \xe2\x81\xa6isolate \xe2\x80\xa8line"),
	TEXT("nul \0 byte, \xff\xfe no UTF-8, ]]> &lt;b&gt; &amp;"),
	TEXT("{{constructor.constructor('window.attacked = 5')()}} ${window.attacked = 6} __proto__ constructor toString"),
	TEXT("javascript:window.attacked=7"),
	TEXT("https://example.net/\"onclick=\"window.attacked=8"),
	TEXT("'; rm -rf / #"),
	TEXT("\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d hebrew, Z\xcc\xb6\xcc\x83\xcc\xa2\xcc\x9b algo"),
};

static struct text long_word(struct arena *arena)
{
	char *word = arena_alloc(arena, 4096);

	memset(word, 'W', 4096);
	return (struct text){ word, 4096 };
}

static struct text hostile_detail(struct arena *arena, struct text attack, bool advised)
{
	json_t *detail = json_object(), *remedies = json_array(), *evidence = json_array();
	struct text texts[] = { attack, long_word(arena), TEXT("https://example.net/good") };

	for (size_t i = 0; i < 3; i++) {
		json_t *text = json_stringn_nocheck(texts[i].data, texts[i].length);
		json_array_append_new(remedies,
				      json_pack("{s:O,s:O,s:O}", "text", text, "command", text, "condition", text));
		json_array_append_new(evidence, json_pack("{s:O,s:i,s:O}", "clause", text, "line", 7, "text", text));
		json_decref(text);
	}
	static const char *const texts_of[] = { "instruction_pointer", "comm", "panic", "input", "symptom" };
	for (size_t i = 0; i < COUNT(texts_of); i++)
		json_object_set_new(detail, texts_of[i], json_stringn_nocheck(attack.data, attack.length));
	static const char *const lists_of[] = { "trace", "fixed", "references", "notes" };
	for (size_t i = 0; i < COUNT(lists_of); i++) {
		json_t *array = json_array();
		for (size_t t = 0; t < 3; t++)
			json_array_append_new(array, json_stringn_nocheck(texts[t].data, texts[t].length));
		json_object_set_new(detail, lists_of[i], array);
	}
	if (advised)
		json_object_set_new(detail, "remedies", remedies);
	else
		json_decref(remedies);
	json_object_set_new(detail, "evidence", evidence);
	json_object_set_new(detail, "line", json_integer(INT64_MAX));
	json_object_set_new(detail, "cpu", json_string("no number"));
	return made_up_json(arena, detail);
}

static void add_hostile(struct made_up *made, struct text attack, size_t number)
{
	static const int64_t times[] = { SIGHTING_NO_TIME,       INT64_MAX,  INT64_MIN + 1, 0, -1, MADE_UP_NOW,
					 MADE_UP_NOW - 9 * DAYS, 4102444800, 253402300800 };
	struct arena *arena = &made->fleet.arena;
	struct fleet_group *group = made_up_add_group(made, SIGHTING_UNKNOWN + number % 3,
						      arena_print(arena, "%zu %.*s", number, TEXT_ARGS(attack)), attack);
	struct sighting sighting = {
		.source.file = attack,
		.path = attack,
		.verdict = group->verdict,
		.kind = attack,
		.headline = attack,
		.title = attack,
		.culprit = attack,
		.fingerprint = attack,
		.affected = number % 2 ? attack : TEXT("constructor"),
		.fix = attack,
		.release = attack,
		.host = attack,
		.crashed_at = times[number % COUNT(times)],
		.detail = hostile_detail(arena, attack,
					 group->verdict != SIGHTING_UNKNOWN || number % 2), /* of hardware errors */
	};

	group->kind = group->culprit = group->fix = attack;
	made_up_add_copy(made, made_up_add_crash(made, group, &sighting), attack);
	sighting.detail = TEXT("{\"broken\":");
	sighting.host = sighting.release = long_word(arena);
	sighting.crashed_at = MADE_UP_NOW - (int64_t)number * DAYS;
	made_up_add_crash(made, group, &sighting);
	made_up_add_failure(made, attack, attack);
}

void made_up_hostile(struct made_up *made)
{
	for (size_t i = 0; i < COUNT(attacks); i++)
		add_hostile(made, attacks[i], i);
	add_hostile(made, long_word(&made->fleet.arena), COUNT(attacks));
	made->heading.source = attacks[0];
	made->heading.since = INT64_MIN + 1;
	made->heading.until = INT64_MAX;
}
