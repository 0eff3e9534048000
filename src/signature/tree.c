/*
 * From YAML to a tree, by libyaml's events. Not by its documents: those follow aliases, into circles too, and take minutes
 * for a megabyte of '['.
 */
#include "signature/tree.h"

#include <yaml.h>

#include <stdio.h>

struct builder {
	struct arena *arena;
	struct text content;
	struct tree_fault *fault;
	struct node *open[TREE_DEPTH_MOST]; /* lists and mappings that are not closed yet */
	size_t depth;
	struct node *root;
	bool faulty;
};

static void set_fault(struct builder *builder, yaml_mark_t mark, const char *message)
{
	builder->faulty = true;
	builder->fault->place = (struct place){ mark.line, mark.column };
	snprintf(builder->fault->message, sizeof builder->fault->message, "%s", message);
}

/* Where libyaml could not even read the bytes, it gives an offset and no mark. */
static yaml_mark_t mark_of_offset(struct text content, size_t offset)
{
	struct text before = text_first(content, offset);
	yaml_mark_t mark = { 0 };

	for (size_t i = 0; i < before.length; i++) {
		bool begins = ((unsigned char)before.data[i] & 0xc0) != 0x80;
		mark.column += begins;
		if (before.data[i] == '\n') {
			mark.line++;
			mark.column = 0;
		}
	}
	return mark;
}

static void set_parser_fault(struct builder *builder, const yaml_parser_t *parser)
{
	char message[200];
	const char *problem = parser->problem ? parser->problem : "cannot be parsed";
	yaml_mark_t mark = parser->problem_mark;

	if (parser->error == YAML_MEMORY_ERROR) {
		builder->arena->failed = true;
		snprintf(message, sizeof message, "out of memory");
	} else if (parser->error == YAML_READER_ERROR) {
		mark = mark_of_offset(builder->content, parser->problem_offset);
		snprintf(message, sizeof message, "not UTF-8 text: %s", problem);
	} else {
		snprintf(message, sizeof message, "not YAML: %s%s%s", parser->context ? parser->context : "",
			 parser->context ? ", " : "", problem);
	}
	set_fault(builder, mark, message);
}

/* A new node where the document is being built. */
static struct node *add_node(struct builder *builder, const yaml_event_t *event, enum node_type type)
{
	struct node *parent = builder->depth ? builder->open[builder->depth - 1] : NULL;
	struct node *node = arena_alloc(builder->arena, sizeof *node);
	struct node **place = &builder->root;

	if (parent)
		place = arena_push(builder->arena, &parent->items, &parent->count, sizeof *place);
	if (!node || !place) {
		set_fault(builder, event->start_mark, "out of memory");
		return NULL;
	}
	node->type = type;
	node->place = (struct place){ event->start_mark.line, event->start_mark.column };
	*place = node;
	return node;
}

static void open_node(struct builder *builder, const yaml_event_t *event, enum node_type type)
{
	struct node *node = add_node(builder, event, type);

	if (node && builder->depth == TREE_DEPTH_MOST)
		set_fault(builder, event->start_mark, "lists and mappings are nested too deeply for a signature");
	else if (node)
		builder->open[builder->depth++] = node;
}

static void add_text(struct builder *builder, const yaml_event_t *event)
{
	struct node *node = add_node(builder, event, NODE_TEXT);
	struct text value = { (const char *)event->data.scalar.value, event->data.scalar.length };

	if (!node)
		return;
	node->text = arena_copy(builder->arena, value);
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static void take_event(struct builder *builder, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		add_text(builder, event);
		break;
	case YAML_SEQUENCE_START_EVENT:
		open_node(builder, event, NODE_LIST);
		break;
	case YAML_MAPPING_START_EVENT:
		open_node(builder, event, NODE_MAPPING);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		builder->depth--;
		break;
	case YAML_ALIAS_EVENT:
		set_fault(builder, event->start_mark, "aliases are not read here: write out what it stands for");
		break;
	case YAML_DOCUMENT_START_EVENT:
		if (builder->root)
			set_fault(builder, event->start_mark, "a second document begins here: one signature a file");
		break;
	default:
		break;
	}
}

struct node *tree_parse(struct arena *arena, struct text content, struct tree_fault *fault)
{
	struct builder builder = { .arena = arena, .content = content, .fault = fault };
	yaml_parser_t parser;
	yaml_event_t event;
	bool ended = false;

	if (!yaml_parser_initialize(&parser)) {
		arena->failed = true;
		set_fault(&builder, (yaml_mark_t){ 0 }, "out of memory");
		return NULL;
	}
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)(content.data ? content.data : ""), content.length);
	while (!ended && !builder.faulty) {
		if (!yaml_parser_parse(&parser, &event)) {
			set_parser_fault(&builder, &parser);
			break;
		}
		ended = event.type == YAML_STREAM_END_EVENT;
		take_event(&builder, &event);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	if (!builder.faulty && arena->failed)
		set_fault(&builder, (yaml_mark_t){ 0 }, "out of memory");
	if (!builder.faulty && !builder.root)
		set_fault(&builder, (yaml_mark_t){ 0 }, "the file is empty: a signature was expected");
	return builder.faulty ? NULL : builder.root;
}
