/* crash/: hardware errors. What a machine check's status says, and what becomes of the lines of an event. */
#include "test_crash.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* VAL, OVER, UC, EN, MISCV, ADDRV, PCC */
#define VAL   (UINT64_C(1) << 63)
#define OVER  (UINT64_C(1) << 62)
#define UC    (UINT64_C(1) << 61)
#define PCC   (UINT64_C(1) << 57)
#define SRAR  (UINT64_C(3) << 55)          /* S and AR */
#define OTHER UINT64_C(0x1c0cffffffff0000) /* EN, MISCV, ADDRV, counts and the model's own bits: change nothing */

static void test_status(void **state)
{
	static const struct {
		uint64_t status;
		enum hardware_component component;
		const char *meaning;
	} rows[] = {
		{ VAL | UC | PCC, HARDWARE_UNKNOWN_COMPONENT,
		  "error without a code, uncorrected, processor context corrupt" },
		{ VAL | UC | 0x0001, HARDWARE_UNKNOWN_COMPONENT, "unclassified error, uncorrected" },
		{ VAL | UC | 0x0003, HARDWARE_BUS, "error that another processor or device signalled, uncorrected" },
		{ VAL | UC | PCC | 0x0005, HARDWARE_PROCESSOR,
		  "internal parity error, uncorrected, processor context corrupt" },
		{ VAL | UC | PCC | 0x0400, HARDWARE_PROCESSOR,
		  "internal timer error, uncorrected, processor context corrupt" },
		{ VAL | UC | 0x0402, HARDWARE_PROCESSOR, "internal unclassified error, uncorrected" },
		{ VAL | UC | 0x000e, HARDWARE_CACHE, "level 2 cache error, uncorrected" },
		{ VAL | UC | 0x000f, HARDWARE_CACHE, "cache error, uncorrected" },
		{ VAL | UC | 0x0014, HARDWARE_PROCESSOR, "level 0 data TLB error, uncorrected" },
		{ VAL | UC | 0x0080, HARDWARE_MEMORY, "memory controller error on channel 0, uncorrected" },
		{ VAL | OVER | UC | 0x0091, HARDWARE_MEMORY,
		  "memory read error on channel 1, uncorrected, others were lost" },
		{ VAL | UC | 0x00af, HARDWARE_MEMORY, "memory write error, uncorrected" },
		{ VAL | UC | 0x00b2, HARDWARE_MEMORY, "memory address or command error on channel 2, uncorrected" },
		{ VAL | 0x10c0, HARDWARE_MEMORY, "memory scrubbing error on channel 0, corrected" }, /* F is set */
		{ VAL | UC | 0x0290, HARDWARE_MEMORY, "memory read error on channel 0, uncorrected" },
		{ VAL | UC | PCC | 0x0135, HARDWARE_CACHE,
		  "level 1 data cache error, uncorrected, processor context corrupt" },
		{ VAL | UC | 0x0150, HARDWARE_CACHE, "level 0 instruction cache error, uncorrected" },
		{ VAL | UC | SRAR | 0x0134, HARDWARE_MEMORY, "load of lost data, uncorrected" },
		{ VAL | UC | SRAR | 0x0150, HARDWARE_MEMORY, "fetch of lost instructions, uncorrected" },
		{ VAL | UC | SRAR | PCC | 0x0134, HARDWARE_CACHE,
		  "level 0 data cache error, uncorrected, processor context corrupt" },
		{ VAL | UC | SRAR | 0x0135, HARDWARE_CACHE, "level 1 data cache error, uncorrected" },
		{ VAL | UC | 0x0e0b, HARDWARE_BUS, "I/O error, uncorrected" },
		{ VAL | UC | 0x0a13, HARDWARE_BUS, "bus or interconnect error at a memory access, uncorrected" },
		{ VAL | UC | 0x0b1b, HARDWARE_BUS, "bus or interconnect timeout at an I/O access, uncorrected" },
		{ VAL | UC | 0x0200, HARDWARE_UNKNOWN_COMPONENT,
		  "error of a code that the processor's model defines, uncorrected" },
		{ VAL | UC | 0x8091, HARDWARE_UNKNOWN_COMPONENT,
		  "error of a code that the processor's model defines, uncorrected" },
		{ UC | PCC | 0x0091, HARDWARE_UNKNOWN_COMPONENT, "" }, /* not valid */
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (int other = 0; other < 2; other++) {
			uint64_t status = rows[i].status | (other ? OTHER : 0);
			if (hardware_status_component(status) != rows[i].component)
				fail_msg("%016" PRIx64 ": component", status);
			assert_text(hardware_status_meaning(&arena, status), rows[i].meaning, "meaning");
		}
	}
	arena_free(&arena);
}

static void test_severity(void **state)
{
	(void)state;
	assert_int_equal(hardware_status_severity(UC | PCC), HARDWARE_UNKNOWN_SEVERITY);
	assert_int_equal(hardware_status_severity(VAL | OTHER), HARDWARE_CORRECTED);
	assert_int_equal(hardware_status_severity(VAL | UC), HARDWARE_UNCORRECTED);
	assert_int_equal(hardware_status_severity(VAL | UC | PCC), HARDWARE_FATAL);
}

static void test_timer(void **state)
{
	(void)state;
	assert_true(hardware_status_is_timer(VAL | UC | PCC | OTHER | 0x0400));
	assert_true(hardware_status_is_timer(VAL | UC | 0x1400)); /* F is set */
	assert_false(hardware_status_is_timer(UC | 0x0400));
	assert_false(hardware_status_is_timer(VAL | UC | 0x0402));
}

#define HW "mce: [Hardware Error]: "

/* The worst entry counts; of the worst the last, which the kernel panics of; and the panic is none of its own. */
static void test_worst_entry(void **state)
{
	struct crash_list list;
	const struct crash *crash;

	(void)state;
	crash = find_one(&list, HW "CPU 1: Machine Check Exception: 4 Bank 5: be00000000800400\n" HW "TSC 1 ADDR 11 \n" HW
				   "PROCESSOR 0:1 TIME 1 SOCKET 0 APIC 2\n" HW
				   "CPU 2: Machine Check Exception: 5 Bank 6: be00000000000135\n" HW "TSC 1 ADDR 22 \n" HW
				   "PROCESSOR 0:1 TIME 1 SOCKET 3 APIC 2\n" HW
				   "CPU 3: Machine Check Exception: 5 Bank 7: bc00000000000091\n" HW "TSC 1 ADDR 33 \n"
				   "Kernel panic - not syncing: Fatal machine check\n");
	assert_int_equal(crash->kind, CRASH_MACHINE_CHECK);
	assert_int_equal(crash->hardware_error.cpu, 2);
	assert_int_equal(crash->hardware_error.socket, 3);
	assert_int_equal(crash->hardware_error.address, 0x22);
	assert_int_equal(crash->hardware_error.component, HARDWARE_CACHE);
	assert_text(crash->title, "machine check: processor cache", "title");
	assert_text(crash->panic, "Fatal machine check", "panic");
	crash_list_free(&list);
}

static void test_old_banks(void **state)
{
	struct crash_list list;
	const struct crash *crash = find_one(&list, "CPU 1: Machine Check Exception: 0000000000000004\n"
						    "Bank 2: 9000000000000135\n"
						    "Bank 4: b200000000000a13 at 00000000abcdef00\n"
						    "Kernel panic - not syncing: CPU context corrupt\n");

	(void)state;
	assert_int_equal(crash->hardware_error.cpu, 1);
	assert_int_equal(crash->hardware_error.bank, 4);
	assert_int_equal(crash->hardware_error.severity, HARDWARE_FATAL);
	crash_list_free(&list);
}

/* What was corrected, or is only told, is no crash. */
static void test_no_crash(void **state)
{
	static const char *const logs[] = {
		HW "Machine check events logged\n",
		HW "CPU 1: Machine Check: 0 Bank 5: 9c00000000800091\n" HW "TSC 0 ADDR 1\n",
		"{3}[Hardware Error]: Hardware error from APEI Generic Hardware Error Source: 4\n"
		"{3}[Hardware Error]: event severity: info\n{3}[Hardware Error]:  Error 0, type: info\n",
		"{3}[Hardware Error]: Hardware error from APEI Generic Hardware Error Source: 4\n"
		"{3}[Hardware Error]: APEI generic hardware error status\n{3}[Hardware Error]: severity: 2, corrected\n"
		"{3}[Hardware Error]: section: 0, severity: 2, corrected\n",
		"[Hardware Error]: Corrected error, no action required.\n"
		"[Hardware Error]: CPU:0 (15:2:0) MC4_STATUS[-|CE|-|-|AddrV]: 0x9c08400067080a13\n",
		"EDAC MC: Ver: 3.0.0\nEDAC MC0: 3 CE on DIMM_A1 (channel:0 slot:0)\n",
		"pcieport 0000:00:03.0: AER: Uncorrected (Non-Fatal) error received: 0000:3b:00.0\n",
		"MCE: CPU4: machine check (Warning) Host SLB Multihit [Recovered]\n",
		"java: page allocation failure: order:4, mode:0x40\nMem-Info:\nslab_unreclaimable:77\n",
		"BERT: [Firmware Bug]: table invalid.\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(logs); i++) {
		struct crash_list list;
		find_in(&list, logs[i]);
		if (list.count)
			fail_msg("%zu crashes in:\n%s", list.count, logs[i]);
		crash_list_free(&list);
	}
}

/* A firmware's record of the oldest form; a section that is less bad than its event. */
static void test_firmware(void **state)
{
	struct crash_list list;
	const struct crash *crash;

	(void)state;
	crash = find_one(
		&list, "{3}[Hardware Error]: Hardware error from APEI Generic Hardware Error Source: 4\n"
		       "{3}[Hardware Error]: APEI generic hardware error status\n"
		       "{3}[Hardware Error]: severity: 1, fatal\n{3}[Hardware Error]: section: 0, severity: 0, recoverable\n"
		       "{3}[Hardware Error]: section_type: memory error\n{3}[Hardware Error]: physical_address: 0x1234\n"
		       "{3}[Hardware Error]: section: 1, severity: 2, corrected\n"
		       "{3}[Hardware Error]: section_type: PCIe error\n{3}[Hardware Error]: device_id: 0000:3b:00.0\n");
	assert_int_equal(crash->hardware_error.severity, HARDWARE_FATAL);
	assert_int_equal(crash->hardware_error.component, HARDWARE_MEMORY);
	assert_int_equal(crash->hardware_error.address, 0x1234);
	assert_text(crash->hardware_error.device, "", "device");
	crash_list_free(&list);
}

/* The same part fails again: counted. Another: a crash of its own. */
static void test_repeats(void **state)
{
	struct crash_list list;

	(void)state;
	find_in(&list, "[  100.000000] EDAC MC0: 1 UE memory read error on DIMM_A1 (channel:1)\n"
		       "[  200.000000] EDAC MC0: 1 UE memory read error on DIMM_A1 (channel:1)\n"
		       "[  300.000000] EDAC MC0: 1 UE memory read error on DIMM_B1 (channel:1)\n");
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[0]->repeats, 1);
	assert_text(list.items[1]->hardware_error.location, "DIMM_B1", "location");
	crash_list_free(&list);
}

/* Nothing that is cut or made up does harm, and an address is taken only where it is one. */
static void test_hostile(void **state)
{
	static const char log[] =
		HW "CPU 99999999999999999999: Machine Check Exception: 4 Bank 5: be00000000800400\n" HW
		   "CPU 4294967297: Machine Check Exception: 4 Bank 4294967296: be00000000800400\n" HW
		   "RIP !INEXACT! 10:<zz> {\n" HW "TSC ADDR MISC\n" HW "PROCESSOR SOCKET \n"
		   "pcieport x: AER: Uncorrected (Fatal) error received: $(reboot)\n"
		   "nvme 0000:3b:00.0;x: PCIe Bus Error: severity=Uncorrected (Fatal)\n"
		   "{1}[Hardware Error]: Hardware error from APEI\n{1}[Hardware Error]:   device_id: 0000:3b:00\n"
		   "{1}[Hardware Error]: event severity: fatal\n{1}[Hardware Error]:   DIMM location: \n";
	struct crash_list list;

	(void)state;
	for (size_t length = 0; length < sizeof log; length++) {
		find_in_bytes(&list, log, length);
		for (size_t i = 0; i < list.count; i++) {
			const struct hardware_error *error = &list.items[i]->hardware_error;
			assert_true(!error->device.length || text_is(error->device, "0000:3b:00.0"));
			assert_true(error->cpu >= -1 && error->bank >= -1 && error->socket >= -1);
		}
		crash_list_free(&list);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status),      cmocka_unit_test(test_severity),  cmocka_unit_test(test_timer),
		cmocka_unit_test(test_worst_entry), cmocka_unit_test(test_old_banks), cmocka_unit_test(test_no_crash),
		cmocka_unit_test(test_firmware),    cmocka_unit_test(test_repeats),   cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
