/* The list of modules: "Modules linked in: vboxsf(OE) xfs ... [last unloaded: foo]", print_modules() of kernel/module. */
#include "crash/draft.h"

enum {
	MODULES_MOST = 1024,
	NAME_MOST = 55 /* MODULE_NAME_LEN, include/linux/moduleparam.h, without the NUL on 64-bit kernels */
};

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* A module's name with its taint flags behind: "vboxsf(OE)", "nvidia(PO+)". */
static bool eat_name(struct text *t, struct text *name)
{
	struct text rest = *t, word;

	text_eat_blanks(&rest);
	if (!text_eat_word(&rest, &word))
		return false;
	size_t length = 0;
	while (length < word.length && is_name_char(word.data[length]))
		length++;
	if (!length || length > NAME_MOST || (length < word.length && (word.data[length] != '(' || !text_ends(word, ")"))))
		return false;
	*name = text_first(word, length);
	*t = rest;
	return true;
}

static void add_names(struct draft *draft, struct text list)
{
	struct crash *crash = draft->crash;
	struct text name;

	while (crash->module_count < MODULES_MOST && eat_name(&list, &name)) {
		struct text *item = arena_push(&crash->arena, &crash->modules, &crash->module_count, sizeof *item);
		if (item)
			*item = arena_copy(&crash->arena, name);
	}
}

static size_t first_component(struct text name)
{
	size_t underscore = text_find_char(name, '_');

	return underscore == SIZE_MAX ? name.length : underscore;
}

/* Do other modules of the list begin with this, up to an underscore? */
static bool is_family(const struct crash *crash, struct text beginning)
{
	for (size_t i = 0; i + 1 < crash->module_count; i++) {
		struct text name = crash->modules[i];
		if (name.length > beginning.length && name.data[beginning.length] == '_' &&
		    text_equal(text_first(name, beginning.length), beginning))
			return true;
	}
	return false;
}

/*
 * A terminal broke the list between two characters, or at a blank, which is then lost: "dm_re" "gion_hash", "snd" "ppdev".
 * Names come in families (snd_pcm, snd_timer): where either half names one, they are two names, and where both are too long
 * for one; else they are one.
 */
static void join_broken_name(struct draft *draft, struct text *list)
{
	struct crash *crash = draft->crash;
	struct text rest = *list, second;

	if (!crash->module_count || !rest.length || rest.data[0] == ' ' || !eat_name(&rest, &second))
		return;
	struct text *first = &crash->modules[crash->module_count - 1];
	if (first->length + second.length > NAME_MOST || is_family(crash, *first) ||
	    is_family(crash, text_first(second, first_component(second))))
		return;
	*first = arena_print(&crash->arena, "%.*s%.*s", TEXT_ARGS(*first), TEXT_ARGS(second));
	*list = rest;
}

/* Only names, to the end or to what print_modules() puts behind them. */
static bool is_list(struct text t)
{
	struct text name;
	size_t names = 0;

	while (eat_name(&t, &name))
		names++;
	t = text_trim(t);
	return names > 0 && (!t.length || text_starts(t, "[last unloaded"));
}

bool part_modules(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_trim_start(text);
	bool more = draft->in_modules && is_list(text);

	(void)record;
	draft->in_modules = false;
	if (text_eat(&rest, "Modules linked in:")) {
		draft->in_modules = true;
		draft->user_registers = false;
		if (!draft->crash->module_count)
			add_names(draft, rest);
		return true;
	}
	if (!more)
		return text_starts(rest, "last unloaded:");
	draft->in_modules = true;
	rest = text;
	join_broken_name(draft, &rest);
	add_names(draft, rest);
	return true;
}
