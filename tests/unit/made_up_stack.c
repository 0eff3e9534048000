#include "made_up_stack.h"

#include "debuginfo/debuginfo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ORC_ENTRIES_MOST = 2048, FUNCTIONS_MOST = 64, REGISTERS_MOST = 40, NAMES_MOST = 8192 };

static unsigned char text[TEXT_SIZE], ips[ORC_ENTRIES_MOST * 4], entries[ORC_ENTRIES_MOST * 6], task_stack[STACK_SIZE],
	irq_stack[STACK_SIZE], nmi_stack[NMI_STACK_SIZE], task_struct[0x1000], generated[GENERATED_SIZE];
static const struct {
	uint64_t address;
	size_t size;
	unsigned char *bytes;
} memories[] = {
	{ TEXT_AT, sizeof text, text },
	{ ORC_IPS_AT, sizeof ips, ips },
	{ ORC_AT, sizeof entries, entries },
	{ TASK_STACK, sizeof task_stack, task_stack },
	{ IRQ_STACK, sizeof irq_stack, irq_stack },
	{ NMI_STACK, sizeof nmi_stack, nmi_stack },
	{ TASK_STRUCT, sizeof task_struct, task_struct },
	{ GENERATED_AT, sizeof generated, generated },
};
static struct {
	const char *name;
	uint64_t address;
} functions[FUNCTIONS_MOST];
static size_t function_count, orc_count;
static bool orc_whole;
static struct {
	uint64_t address;
	struct orc_entry entry;
} orc[ORC_ENTRIES_MOST];

struct dump made_up_dump;
struct facts made_up_facts;
struct cpu_task made_up_task;
struct dump_cpu made_up_cpu;

/* Pages of which a part is memory are there, with zeros around it. */
static bool byte_at(uint64_t address, unsigned char *byte)
{
	for (size_t i = 0; i < sizeof memories / sizeof *memories; i++) {
		uint64_t start = memories[i].address, end = start + memories[i].size;
		if (address >= start && address < end) {
			*byte = memories[i].bytes[address - start];
			return true;
		}
	}
	*byte = 0;
	for (size_t i = 0; i < sizeof memories / sizeof *memories; i++)
		if (address >> 12 == memories[i].address >> 12 ||
		    address >> 12 == (memories[i].address + memories[i].size - 1) >> 12)
			return true;
	return false;
}

static enum memory_status read_virtual(struct dump *dump, uint64_t address, void *buffer, size_t length, struct error *error)
{
	(void)dump;
	for (size_t i = 0; i < length; i++)
		if (!byte_at(address + i, (unsigned char *)buffer + i)) {
			error_set(error, "no such memory");
			return MEMORY_ABSENT;
		}
	return MEMORY_OK;
}

static const struct dump_reader reader = { .read_virtual = read_virtual };

void made_up_begin(enum arch arch)
{
	for (size_t i = 0; i < sizeof memories / sizeof *memories; i++)
		memset(memories[i].bytes, 0, memories[i].size);
	function_count = orc_count = 0;
	orc_whole = false;
	made_up_dump = (struct dump){ .reader = &reader, .arch = arch, .word = 8, .page_size = 4096 };
	made_up_cpu = (struct dump_cpu){ 0 };
	made_up_facts = (struct facts){ .release = TEXT("6.1.0"), .cpus = &made_up_cpu, .cpu_count = 1 };
	made_up_task = (struct cpu_task){
		.stack = TASK_STACK,
		.stack_size = STACK_SIZE,
		.irq_stack = IRQ_STACK,
		.irq_stack_size = STACK_SIZE,
		.exception_stacks = { { NMI_STACK, NMI_STACK_SIZE, true } },
		.exception_stack_count = 1,
	};
}

void made_up_write(uint64_t address, size_t size, uint64_t value)
{
	for (size_t i = 0; i < sizeof memories / sizeof *memories; i++)
		if (address >= memories[i].address && address - memories[i].address + size <= memories[i].size) {
			for (size_t j = 0; j < size; j++)
				memories[i].bytes[address - memories[i].address + j] = (unsigned char)(value >> 8 * j);
			return;
		}
	fail_msg("no memory at 0x%llx", (unsigned long long)address);
}

void made_up_word(uint64_t address, uint64_t value)
{
	made_up_write(address, 8, value);
}

uint64_t made_up_function(const char *name)
{
	uint64_t address = TEXT_AT + function_count * FUNCTION_SIZE;

	assert_true(function_count < FUNCTIONS_MOST);
	functions[function_count].name = name;
	functions[function_count++].address = address;
	return address;
}

uint64_t made_up_call(uint64_t caller, unsigned int offset, uint64_t callee)
{
	uint64_t back = caller + offset;

	if (made_up_dump.arch == ARCH_AARCH64)
		made_up_write(back - 4, 4, 0x94000000 | (((callee - (back - 4)) >> 2) & 0x3ffffff));
	else if (callee) {
		made_up_write(back - 5, 1, 0xe8);
		made_up_write(back - 4, 4, callee - back);
	} else {
		made_up_write(back - 2, 2, 0xd0ff); /* call *%rax */
	}
	return back;
}

void made_up_orc(uint64_t address, enum orc_register sp, int sp_offset, enum orc_register bp, int bp_offset,
		 enum orc_type type)
{
	assert_true(orc_count < ORC_ENTRIES_MOST);
	orc[orc_count].address = address;
	orc[orc_count++].entry = (struct orc_entry){ (int16_t)sp_offset, (int16_t)bp_offset, sp, bp, type };
}

static uint64_t bits(enum made_up_layout layout, size_t number, const struct orc_entry *entry)
{
	static const unsigned int old_types[] = { 0, 0, 0, 1, 2 }, new_registers[16] = { 0, 8, 2, 5, 4, 3, 6, 7, 10, 9, 1 };
	uint64_t value = entry->sp | entry->bp << 4;

	if (layout == MADE_UP_MIXED)
		layout = number % 2 ? MADE_UP_4_14 : MADE_UP_6_4;
	if (layout == MADE_UP_7_3)
		value = new_registers[entry->sp] | new_registers[entry->bp] << 4;
	if (layout == MADE_UP_6_4 || layout == MADE_UP_7_3)
		return value | (uint64_t)entry->type << 8;
	if (entry->type == ORC_TYPE_END)
		return layout == MADE_UP_6_3 ? 1 << 11 : 1 << 10;
	return value | old_types[entry->type] << 8 | (layout == MADE_UP_6_3 && entry->type > ORC_TYPE_CALL ? 1 << 10 : 0);
}

void made_up_orc_end(enum made_up_layout layout)
{
	for (uint64_t address = TEXT_AT + TEXT_SIZE; orc_count < ORC_ENTRIES_MOST; address++)
		made_up_orc(address, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	for (size_t i = 0; i < orc_count; i++) {
		made_up_write(ORC_IPS_AT + i * 4, 4, orc[i].address - (ORC_IPS_AT + i * 4));
		made_up_write(ORC_AT + i * 6, 2, (uint16_t)orc[i].entry.sp_offset);
		made_up_write(ORC_AT + i * 6 + 2, 2, (uint16_t)orc[i].entry.bp_offset);
		made_up_write(ORC_AT + i * 6 + 4, 2, bits(layout, i, &orc[i].entry));
	}
	orc_whole = true;
}

void made_up_register(const char *name, uint64_t value)
{
	assert_true(made_up_cpu.register_count < REGISTERS_MOST);
	made_up_cpu.registers[made_up_cpu.register_count++] = (struct cpu_register){ name, value };
}

void made_up_pt_regs(uint64_t address, uint64_t ip, uint64_t cs, uint64_t sp, uint64_t bp)
{
	static const unsigned int numbers[] = { 15, 14, 13, 12, 6, 3, 11, 10, 9, 8, 0, 2, 1, 4, 5, 99 };

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		made_up_word(address + i * 8, numbers[i] == 6 ? bp : numbers[i]);
	made_up_word(address + 128, ip);
	made_up_word(address + 136, cs);
	made_up_word(address + 144, 0x246);
	made_up_word(address + 152, sp);
	made_up_word(address + 160, cs == 0x33 ? 0x2b : 0x18);
}

/* The names are the same for all; that there is a table at all is told by symbols not being NULL. */
static int symbols_there;

void made_up_unwind(struct stack *stack)
{
	struct error error = { 0 };
	struct stack_sources sources = { .dump = &made_up_dump,
					 .facts = &made_up_facts,
					 .symbols = (struct symbols *)&symbols_there,
					 .types = (struct types *)&symbols_there };
	struct unwinder *unwinder = unwinder_open(&sources, &error);

	assert_non_null(unwinder);
	if (!unwind_cpu(unwinder, &made_up_task, stack, &error))
		fail_msg("%s", error.message);
	unwinder_close(unwinder);
}

const char *made_up_names(const struct stack *stack)
{
	static char names[NAMES_MOST];
	size_t used = 0;

	names[0] = '\0';
	for (size_t i = 0; i < stack->count; i++) {
		const struct stack_frame *frame = &stack->frames[i];
		used += (size_t)snprintf(names + used, sizeof names - used, "%s%s%.*s ", frame->reliable ? "" : "?",
					 frame->is_call ? "" : "*", TEXT_ARGS(frame->symbol.name));
		assert_true(used < sizeof names);
	}
	return names;
}

bool symbols_at(struct symbols *symbols, uint64_t address, struct symbol *symbol)
{
	(void)symbols;
	if (address < TEXT_AT || address >= TEXT_AT + function_count * FUNCTION_SIZE)
		return false;
	size_t i = (size_t)((address - TEXT_AT) / FUNCTION_SIZE);
	*symbol = (struct symbol){ .name = text_from(functions[i].name),
				   .address = functions[i].address,
				   .size = FUNCTION_SIZE };
	return true;
}

size_t symbols_find(struct symbols *symbols, const char *const *names, size_t count, uint64_t *addresses)
{
	const struct {
		const char *name;
		uint64_t address;
	} known[] = {
		{ "_stext", TEXT_AT },
		{ "_etext", TEXT_AT + TEXT_SIZE },
		{ "__start_orc_unwind_ip", orc_whole ? ORC_IPS_AT : 0 },
		{ "__stop_orc_unwind_ip", orc_whole ? ORC_IPS_AT + orc_count * 4 : 0 },
		{ "__start_orc_unwind", orc_whole ? ORC_AT : 0 },
		{ "__stop_orc_unwind", orc_whole ? ORC_AT + orc_count * 6 + 2 : 0 },
	};
	size_t found = 0;

	(void)symbols;
	for (size_t i = 0; i < count; i++) {
		addresses[i] = 0;
		for (size_t j = 0; j < sizeof known / sizeof *known; j++)
			if (!strcmp(known[j].name, names[i]))
				addresses[i] = known[j].address;
		for (size_t j = 0; j < function_count; j++)
			if (!strcmp(functions[j].name, names[i]))
				addresses[i] = functions[j].address;
		found += addresses[i] != 0;
	}
	return found;
}

uint64_t symbols_find_one(struct symbols *symbols, const char *name)
{
	uint64_t address;

	symbols_find(symbols, &name, 1, &address);
	return address;
}

const struct kernel_module *module_list_at(const struct module_list *list, uint64_t address)
{
	(void)list;
	(void)address;
	return NULL;
}

bool types_member(struct types *types, const char *structure, const char *path, struct type_member *member)
{
	static const struct {
		const char *structure, *path;
		uint64_t offset, size;
	} members[] = {
		{ "task_struct", "thread.sp", 0x40, 8 },       { "task_struct", "thread.cpu_context", 0x80, 13 * 8 },
		{ "task_struct", "rethooks.first", 0x100, 8 }, { "task_struct", "ret_stack", 0x108, 8 },
		{ "inactive_task_frame", "r15", 0, 8 },        { "rethook_node", "llist", 0x10, 8 },
		{ "rethook_node", "ret_addr", 0x20, 8 },       { "rethook_node", "frame", 0x28, 8 },
		{ "ftrace_ret_stack", "ret", 0, 8 },           { "ftrace_ret_stack", "retp", 0x18, 8 },
	};

	(void)types;
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (!strcmp(structure, members[i].structure) && !strcmp(path, members[i].path)) {
			*member = (struct type_member){ .offset = members[i].offset, .size = members[i].size };
			return true;
		}
	return false;
}

uint64_t types_size(struct types *types, const char *structure)
{
	(void)types;
	(void)structure;
	return 0;
}

struct Dwfl *debuginfo_dwfl(struct debuginfo *debuginfo)
{
	(void)debuginfo;
	return NULL;
}

bool debuginfo_function_at(struct debuginfo *debuginfo, uint64_t address, struct debuginfo_function *function)
{
	(void)debuginfo;
	(void)address;
	(void)function;
	return false;
}

uint64_t made_up_known(const struct stack *stack, size_t frame, unsigned int number)
{
	assert_true(made_up_is_known(stack, frame, number));
	return stack->frames[frame].registers.values[number];
}

bool made_up_is_known(const struct stack *stack, size_t frame, unsigned int number)
{
	return stack->frames[frame].registers.known >> number & 1;
}
