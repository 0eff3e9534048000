/*
 * A YAML document as a tree of nodes, each with its place. Narrower than YAML: one document, no aliases, and not deeper than
 * any signature is. Private to signature/.
 */
#ifndef SIGNATURE_TREE_H
#define SIGNATURE_TREE_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum { TREE_DEPTH_MOST = 16 };

enum node_type { NODE_TEXT, NODE_LIST, NODE_MAPPING };

/* 0-based; the column in characters, as libyaml counts. */
struct place {
	size_t line, column;
};

struct node {
	enum node_type type;
	struct place place;
	struct text text;    /* NODE_TEXT: the value, escapes undone */
	bool plain;          /* NODE_TEXT: without quotes, so that its bytes are the file's */
	struct node **items; /* NODE_LIST: the items; NODE_MAPPING: key, value, key, value ... */
	size_t count;
};

struct tree_fault {
	struct place place;
	char message[240];
};

/* NULL: *fault says why. Nodes and their texts live in the arena. */
struct node *tree_parse(struct arena *arena, struct text content, struct tree_fault *fault);

#endif
