/* For the tests of the log of 3.5 to 5.9: its buffer, filled as the kernel does. */
#ifndef TEST_VMCORE_RECORDS_H
#define TEST_VMCORE_RECORDS_H

#include "test_vmcore_log.h"

enum { HEADER = 16 };

/* The buffer of 3.5 to 5.9. */
struct records {
	struct machine *machine;
	size_t buffer, size, header;
	size_t first, next; /* the variables' offsets */
	size_t at;          /* where the next record goes */
};

static inline struct records records_new(struct machine *machine, const char *release, const char *structure, size_t header,
					 size_t size)
{
	struct records records = { .machine = machine, .size = size, .header = header };

	records.buffer = machine_place(machine, size);
	machine_tell(machine, "OSRELEASE=%s\n", release);
	machine_variable(machine, "log_buf", machine->dump.word, machine_address(machine, records.buffer));
	machine_variable(machine, "log_buf_len", 4, size);
	records.first = machine_variable(machine, "log_first_idx", 4, 0);
	records.next = machine_variable(machine, "log_next_idx", 4, 0);
	machine_tell(machine, "SIZE(%s)=%zu\nOFFSET(%s.ts_nsec)=0\nOFFSET(%s.len)=8\n", structure, header, structure,
		     structure);
	machine_tell(machine, "OFFSET(%s.text_len)=10\nOFFSET(%s.dict_len)=12\n", structure, structure);
	return records;
}

/* As log_store() does: where no header would fit behind it, zeros mark the end, and it goes to the start. */
static inline size_t records_add(struct records *records, uint64_t time_ns, unsigned int level, uint32_t caller,
				 const char *text)
{
	struct machine *machine = records->machine;
	size_t length = strlen(text), dict = level == 7 ? 5 : 0, whole = (records->header + length + dict + 3) / 4 * 4;

	if (records->at + whole + records->header > records->size) {
		memset(machine->memory + records->buffer + records->at, 0, records->header);
		records->at = 0;
	}
	size_t index = records->at, at = records->buffer + index;
	memset(machine->memory + at, 0, whole);
	machine_put(machine, at, 8, time_ns);
	machine_put(machine, at + 8, 2, whole);
	machine_put(machine, at + 10, 2, length);
	machine_put(machine, at + 12, 2, dict);
	machine_put(machine, at + 14, 1, level / 8);
	machine_put(machine, at + 15, 1, machine->dump.big_endian ? 0x10 | level % 8 : level % 8 << 5 | 2);
	if (records->header >= 20)
		machine_put(machine, at + 16, 4, caller);
	memcpy(machine->memory + at + records->header, text, length);
	records->at += whole;
	machine_put(machine, records->next, 4, records->at);
	return index;
}

#endif
