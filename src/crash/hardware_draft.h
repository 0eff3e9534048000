/*
 * A hardware error that is being read. One event makes several entries: each bank of each processor, each section of a
 * firmware's record. The worst is the crash's.
 */
#ifndef CRASH_HARDWARE_DRAFT_H
#define CRASH_HARDWARE_DRAFT_H

#include "crash/crash.h"

struct draft;

struct hardware_draft {
	struct hardware_error entry; /* being read; not told: none */
	size_t status_record;
	struct crash_location place; /* where the processor was at that entry; its record */
	size_t place_record;
	bool has_place;
	struct text dimm; /* the memory module of an uncorrected error: EDAC names it apart from the machine check */
};

/* The entry that is being read; begins one if there is none. */
struct hardware_error *hardware_entry(struct draft *draft);
/* Begins another; what was read of the one before is kept if it is worse than what the crash has. */
struct hardware_error *hardware_next_entry(struct draft *draft);

/* "[Hardware Error]: ", with what printk, pr_fmt and the number of a firmware's record put in front. True: it was there. */
bool hardware_eat_mark(struct text *text);

/*
 * The lines of each source, without that mark; true: it was one of them. A line with the mark that none takes belongs to the
 * report all the same.
 */
bool hardware_machine_check_line(struct draft *draft, struct text text, size_t record);
bool hardware_amd_line(struct draft *draft, struct text text);
bool hardware_firmware_line(struct draft *draft, struct text text);
bool hardware_previous_boot_line(struct draft *draft, struct text text); /* BERT's own, which have no mark */
bool hardware_pcie_line(struct draft *draft, struct text text);
bool hardware_memory_line(struct draft *draft, struct text text); /* EDAC, and what became of a page */
bool hardware_nmi_line(struct draft *draft, struct text text);

/* A PCI address, "0000:3b:00.0", at the beginning of *text; moves behind it. */
bool hardware_eat_pci_address(struct text *text, struct text *address);

/* Completes the crash. False: it is none, as what failed was corrected. */
bool hardware_close(struct draft *draft);

#endif
