/* What a signature is made of, as its file says it. Private to signature/. */
#ifndef SIGNATURE_CATALOGUE_H
#define SIGNATURE_CATALOGUE_H

#include "signature/index.h"
#include "signature/pattern.h"
#include "signature/reader.h"
#include "signature/signature.h"

/* The order is that in which clauses are tried, and evidence is listed: what is cheap and what says most comes first. */
enum clause_type {
	CLAUSE_KIND,
	CLAUSE_INSTRUCTION_POINTER,
	CLAUSE_CULPRIT,
	CLAUSE_TRACE,
	CLAUSE_FAULT_ADDRESS,
	CLAUSE_TAINTED,
	CLAUSE_COMM,
	CLAUSE_MODULE,
	CLAUSE_LOG,
	CLAUSE_TYPE_COUNT
};

/* A name, or a /pattern/. */
struct matcher {
	struct text source;      /* as the file has it */
	struct text name;        /* what to compare with: a function's is canonical; unused with a pattern */
	struct pattern *pattern; /* NULL: a name */
};

/* One of a symptom's conditions; the fields that its type has are set. */
struct clause {
	struct text source;       /* the value as the file has it, where it is one text */
	struct matcher *matchers; /* trace, log: all must fit; the others have one */
	size_t matcher_count;
	enum crash_kind *kinds; /* any of them */
	size_t kind_count;
	uint64_t low, high; /* fault_address: both inclusive */
};

struct symptom {
	struct text name;
	struct clause *clauses[CLAUSE_TYPE_COUNT]; /* by type; NULL: not given */
};

/* Versions, several only upstream: one a stable series, the highest for all other series. */
struct bound {
	struct text *versions;
	size_t count;
};

struct range {
	struct text family;
	enum release_order order;
	struct bound from, through, before; /* count 0: open */
};

struct remedy_rule {
	struct text text;
	struct text command; /* with placeholders; empty: none */
	struct range range;  /* family empty: holds for every kernel */
};

struct signature {
	struct text id, title, subsystem, path;
	size_t line, column; /* of the id's value in the file */
	size_t sequence;     /* in which order it was loaded */
	uint64_t digest;     /* of the file's bytes */
	struct symptom *symptoms;
	size_t symptom_count;
	struct range *ranges;
	size_t range_count;
	struct remedy_rule *remedies;
	size_t remedy_count;
	struct text_list fixed, references;
};

struct catalogue {
	struct arena arena; /* all that was read */
	struct signature **items;
	size_t count;
	struct patterns *patterns;
	struct index index; /* of items, made when first asked */
	bool indexed;
};

/* Makes what matching needs and loading does not: the index, the workspace for patterns. False: out of memory. */
bool catalogue_prepare(struct catalogue *catalogue);

/* digest.c: 64 bits over a file's content, for what nobody forges. */
uint64_t digest_of(struct text content);

/* schema.c: reads a file's content into a signature; NULL, with errors added, when anything is wrong with it. */
struct signature *signature_read(struct catalogue *catalogue, const char *path, struct text content,
				 struct error_list *errors);

/* schema_symptom.c, schema_range.c: the values of these keys; field is the struct signature itself. */
void schema_read_symptoms(struct reader *reader, const struct node *node, void *field);
void schema_read_affected(struct reader *reader, const struct node *node, void *field);
void schema_read_remedies(struct reader *reader, const struct node *node, void *field);
/* Reads the remedies, when the rest is read: a remedy's range without a family takes the signature's. */
void schema_finish_remedies(struct reader *reader, struct signature *signature);

#endif
