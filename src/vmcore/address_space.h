/*
 * What is known of a dump's virtual memory: address.c asks, one file an architecture (address_x86.c, address_arm64.c, ...)
 * fills it from VMCOREINFO. An architecture is data: runs of addresses that lie in physical memory one behind the other, and
 * the form of its page tables.
 */
#ifndef VMCORE_ADDRESS_SPACE_H
#define VMCORE_ADDRESS_SPACE_H

#include "vmcore/dump.h"

/* Virtual addresses first..last, both of them in it, lie in physical memory in one piece from `physical` on. */
struct mapping {
	uint64_t first, last;
	uint64_t physical; /* of first */
};

/* How far a rule can be relied on where there are no page tables to ask. */
enum certainty {
	CERTAIN, /* the kernel or the CPU's design says so */
	GUESSED, /* the usual value of something that this kernel does not tell */
};

enum entry_kind {
	ENTRY_ABSENT,
	ENTRY_TABLE, /* leads to the table of the next level */
	ENTRY_PAGE,  /* maps memory */
};

/* One entry of a page table, understood. */
struct table_entry {
	enum entry_kind kind;
	uint64_t physical; /* of the next table or of the memory */
	unsigned int
		span; /* ENTRY_PAGE: it maps 2^span bytes; what decode() is given, or larger where several entries are one */
};

enum { TABLE_LEVELS_MOST = 5, LINEAR_RULES_MOST = 16, RECENT_MAPPINGS = 32 };

struct page_tables {
	uint64_t root;      /* physical */
	unsigned int width; /* bits of a virtual address that are looked up */
	unsigned int ones;  /* a kernel's addresses have ones from this bit on, up to bit 63; 0: zeros from bit `width` on */
	unsigned int entry_size; /* bytes: 4 or 8 */
	unsigned int level_count;
	unsigned int shifts[TABLE_LEVELS_MOST]; /* from the root: an entry of the level is for 2^shift bytes */
	/* Understands the entry of a level with that shift. Must take any bits. */
	struct table_entry (*decode)(const struct page_tables *tables, unsigned int shift, uint64_t entry);
	uint64_t encryption; /* x86: bits of an entry that mark encrypted memory and are no address (AMD SME) */
	bool wide;           /* aarch64: entries hold 52 bits of address in the manner of FEAT_LPA2 */
};

struct linear_rule {
	struct mapping mapping;
	enum certainty certainty;
};

struct address_space {
	bool has_tables; /* and they were found right: see address_use_tables() */
	struct page_tables tables;
	struct linear_rule rules[LINEAR_RULES_MOST];
	size_t rule_count;
	uint64_t headers_from; /* ELF program headers are believed for addresses from here on */
	uint64_t tag;          /* bits that are set before an address with bit 55 is translated (aarch64: the top byte) */
	bool has_assumption;
	uint64_t assumed_from, assumed_difference; /* address_assume() */
	struct mapping recent[RECENT_MAPPINGS];    /* what page tables said */
	size_t recent_count, recent_next, recent_hit;
};

/* Adds a rule; ignored where first > last or where the table is full. */
void address_add_rule(struct address_space *space, uint64_t first, uint64_t last, uint64_t physical,
		      enum certainty certainty);

/*
 * Takes the page tables if they are the kernel's: they must map `known`, the virtual address of their own root, to that
 * root. A wrong root or a wrong form does not pass: what lies there does not lead back to it through every level.
 */
bool address_use_tables(struct dump *dump, struct address_space *space, const struct page_tables *tables, uint64_t known);

/* What page tables say of an address. MEMORY_UNMAPPED: they say it is not mapped; else the status of reading them. */
enum memory_status address_walk(struct dump *dump, const struct page_tables *tables, uint64_t address,
				struct mapping *mapping, struct error *error);

/* What the ELF program headers say, where they can be believed. */
bool address_from_headers(struct dump *dump, const struct address_space *space, uint64_t address, uint64_t *physical);

/* The architectures. Each fills a zeroed address_space from dump->vmcoreinfo, which may be empty or hostile. */
void address_prepare_x86_64(struct dump *dump, struct address_space *space);
void address_prepare_i386(struct dump *dump, struct address_space *space);
void address_prepare_aarch64(struct dump *dump, struct address_space *space);
void address_prepare_arm(struct dump *dump, struct address_space *space);
void address_prepare_s390x(struct dump *dump, struct address_space *space);
void address_prepare_riscv64(struct dump *dump, struct address_space *space);
void address_prepare_ppc64(struct dump *dump, struct address_space *space);
void address_prepare_ppc(struct dump *dump, struct address_space *space);
void address_prepare_loongarch64(struct dump *dump, struct address_space *space);
void address_prepare_mips64(struct dump *dump, struct address_space *space);

#endif
