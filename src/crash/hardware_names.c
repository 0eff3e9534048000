/* The words for a hardware error, and whether two are of the same part. */
#include "crash/hardware.h"

#include <stddef.h>

const char *hardware_source_name(enum hardware_source source)
{
	static const char *const names[] = {
		[HARDWARE_NO_SOURCE] = NULL, [HARDWARE_MCE] = "mce", [HARDWARE_APEI] = "apei", [HARDWARE_BERT] = "bert",
		[HARDWARE_EDAC] = "edac",    [HARDWARE_AER] = "aer", [HARDWARE_NMI] = "nmi",
	};

	return names[source];
}

const char *hardware_severity_name(enum hardware_severity severity)
{
	static const char *const names[] = {
		[HARDWARE_UNKNOWN_SEVERITY] = "unknown",
		[HARDWARE_CORRECTED] = "corrected",
		[HARDWARE_UNCORRECTED] = "uncorrected",
		[HARDWARE_FATAL] = "fatal",
	};

	return names[severity];
}

const char *hardware_component_name(enum hardware_component component)
{
	static const char *const names[] = {
		[HARDWARE_UNKNOWN_COMPONENT] = "unknown", [HARDWARE_MEMORY] = "memory",
		[HARDWARE_PROCESSOR] = "processor",       [HARDWARE_CACHE] = "cache",
		[HARDWARE_PCIE_DEVICE] = "pcie-device",   [HARDWARE_BUS] = "bus",
	};

	return names[component];
}

bool hardware_same(const struct hardware_error *a, const struct hardware_error *b)
{
	return a->source == b->source && a->component == b->component && a->socket == b->socket && a->bank == b->bank &&
	       text_equal(a->location, b->location) && text_equal(a->device, b->device);
}
