/* What a crash says of the hardware that failed: the error as the machine reported it, whichever way it came. */
#ifndef CRASH_HARDWARE_H
#define CRASH_HARDWARE_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* Who reported it. */
enum hardware_source {
	HARDWARE_NO_SOURCE, /* the log does not say */
	HARDWARE_MCE,       /* the processor's machine check */
	HARDWARE_APEI,      /* firmware, through ACPI, while the kernel ran */
	HARDWARE_BERT,      /* firmware, of an error that ended the boot before */
	HARDWARE_EDAC,      /* the driver of the memory controller */
	HARDWARE_AER,       /* PCI Express, Advanced Error Reporting */
	HARDWARE_NMI,       /* a non-maskable interrupt */
	HARDWARE_SOURCES
};

/* From the least to the worst. */
enum hardware_severity { HARDWARE_UNKNOWN_SEVERITY, HARDWARE_CORRECTED, HARDWARE_UNCORRECTED, HARDWARE_FATAL };

enum hardware_component {
	HARDWARE_UNKNOWN_COMPONENT,
	HARDWARE_MEMORY,
	HARDWARE_PROCESSOR,
	HARDWARE_CACHE,
	HARDWARE_PCIE_DEVICE,
	HARDWARE_BUS,
	HARDWARE_COMPONENTS
};

struct hardware_error {
	bool told; /* the crash is one of the hardware's; false: nothing else here counts */
	enum hardware_source source;
	enum hardware_severity severity;
	enum hardware_component component;
	int64_t cpu, socket, bank; /* that reported it; -1: not known */
	uint64_t status;           /* IA32_MCi_STATUS */
	uint64_t address;          /* physical, as a rule */
	bool has_status, has_address;
	struct text location; /* of the memory module, as logged; empty: not known */
	struct text device;   /* PCI address, "0000:3b:00.0"; empty: not known */
	struct text meaning;  /* what happened: in the log's words, else what the status says; empty: neither does */
};

/* NULL for HARDWARE_NO_SOURCE; "mce", "apei", "bert", "edac", "aer", "nmi" */
const char *hardware_source_name(enum hardware_source source);
/* "unknown", "corrected", "uncorrected", "fatal" */
const char *hardware_severity_name(enum hardware_severity severity);
/* "unknown", "memory", "processor", "cache", "pcie-device", "bus" */
const char *hardware_component_name(enum hardware_component component);

/* Is it the same part that failed, as far as both say? */
bool hardware_same(const struct hardware_error *a, const struct hardware_error *b);

/*
 * What the processor's architecture says of a machine check's status (Intel SDM volume 3, "Machine-check architecture" and
 * "Interpreting machine check error codes"; AMD's is the same in what is read here). What depends on the processor's model
 * is left alone.
 */
enum hardware_component hardware_status_component(uint64_t status);
enum hardware_severity hardware_status_severity(uint64_t status);
/* Did the processor wait in vain for an instruction to end? A device that does not answer makes such an error, too. */
bool hardware_status_is_timer(uint64_t status);
/* "memory read error on channel 1, uncorrected, processor context corrupt"; empty where the status is not valid. */
struct text hardware_status_meaning(struct arena *arena, uint64_t status);

#endif
