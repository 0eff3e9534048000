/* The families of kernels that ranges can name, and the marks that a release has of them. Private to signature/. */
#ifndef SIGNATURE_FAMILY_H
#define SIGNATURE_FAMILY_H

#include "signature/release.h"

/* Where the stable release can be read that a kernel is built on. */
enum stable_base {
	BASE_NONE,    /* nowhere: the family backports at will, the number it carries says nothing */
	BASE_RELEASE, /* uname -r begins with it */
	BASE_PACKAGE  /* the package's version begins with it; uname -r has a number of its own */
};

struct family {
	const char *name;
	enum release_order order;
	enum stable_base base;
};

/* NULL: no such family. */
const struct family *family_named(struct text name);
/* The index-th family, NULL behind the last. */
const struct family *family_at(size_t index);

/* How a mark is compared with a word of the release. */
enum mark_form {
	MARK_WORD,   /* the word itself */
	MARK_MINOR,  /* the word, or the word and a minor release: "el8", "el8_9" */
	MARK_DIGITS, /* the word and digits: "fc39" */
	MARK_PREFIX, /* anything that begins so: "lve1" */
	MARK_SUFFIX  /* anything that ends so: "el8uek" */
};

struct family_mark {
	const char *word;
	enum mark_form form;
	const char *family; /* NULL: known to be none of these, whatever other marks it has */
};

/* The first row that fits one of the words decides. */
extern const struct family_mark family_rpm_marks[];
extern const size_t family_rpm_mark_count;

bool family_mark_fits(const struct family_mark *mark, struct text word);

/* A word of Ubuntu's flavours ("generic", "aws") to its family, NULL: not a flavour. */
const char *family_of_ubuntu_flavour(struct text flavour);
/* Is the word a flavour that only SUSE builds? */
bool family_is_suse_flavour(struct text flavour);

/* The name that uname -m has for an architecture as distributions write it; empty: not one. */
struct text family_rpm_architecture(struct text word);
struct text family_debian_architecture(struct text word);

#endif
