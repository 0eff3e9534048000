/* Capstone's instructions as touched/ wants them. */
#include "touched/instruction.h"

#include "base/lazy_library.h"

#include <capstone/capstone.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define CAPSTONE_FUNCTIONS(row) \
	row(cs_close) \
	row(cs_disasm_iter) \
	row(cs_free) \
	row(cs_malloc) \
	row(cs_open) \
	row(cs_option) \
	row(cs_regs_access)
/* clang-format on */

#define CAPSTONE_MEMBER(name) __typeof__(&name) name;
static struct {
	CAPSTONE_FUNCTIONS(CAPSTONE_MEMBER)
} capstone;
#undef CAPSTONE_MEMBER

#define CAPSTONE_ROW(name) LAZY_FUNCTION(capstone, name),
static const struct lazy_function functions[] = { CAPSTONE_FUNCTIONS(CAPSTONE_ROW) };

struct decoder {
	csh handle;
	cs_insn *instruction;
};

struct decoder *decoder_open(const char *arch, struct error *error)
{
	if (!arch || strcmp(arch, "x86_64") != 0) {
		error_set(error, "instructions of %s are not known", arch ? arch : "this architecture");
		return NULL;
	}
	if (!lazy_library_load(CAPSTONE_SONAME, functions, sizeof functions / sizeof *functions, error))
		return NULL;
	struct decoder *decoder = calloc(1, sizeof *decoder);
	if (decoder && capstone.cs_open(CS_ARCH_X86, CS_MODE_64, &decoder->handle) == CS_ERR_OK) {
		capstone.cs_option(decoder->handle, CS_OPT_DETAIL, CS_OPT_ON);
		decoder->instruction = capstone.cs_malloc(decoder->handle);
	}
	if (decoder && decoder->instruction)
		return decoder;
	error_out_of_memory(error);
	decoder_close(decoder);
	return NULL;
}

void decoder_close(struct decoder *decoder)
{
	if (!decoder)
		return;
	if (decoder->instruction)
		capstone.cs_free(decoder->instruction, 1);
	if (decoder->handle)
		capstone.cs_close(&decoder->handle);
	free(decoder);
}

/* Each row: a register's parts, in the order of DWARF's numbers. */
static const x86_reg parts[INSTRUCTION_REGISTERS][5] = {
	{ X86_REG_RAX, X86_REG_EAX, X86_REG_AX, X86_REG_AL, X86_REG_AH },
	{ X86_REG_RDX, X86_REG_EDX, X86_REG_DX, X86_REG_DL, X86_REG_DH },
	{ X86_REG_RCX, X86_REG_ECX, X86_REG_CX, X86_REG_CL, X86_REG_CH },
	{ X86_REG_RBX, X86_REG_EBX, X86_REG_BX, X86_REG_BL, X86_REG_BH },
	{ X86_REG_RSI, X86_REG_ESI, X86_REG_SI, X86_REG_SIL },
	{ X86_REG_RDI, X86_REG_EDI, X86_REG_DI, X86_REG_DIL },
	{ X86_REG_RBP, X86_REG_EBP, X86_REG_BP, X86_REG_BPL },
	{ X86_REG_RSP, X86_REG_ESP, X86_REG_SP, X86_REG_SPL },
	{ X86_REG_R8, X86_REG_R8D, X86_REG_R8W, X86_REG_R8B },
	{ X86_REG_R9, X86_REG_R9D, X86_REG_R9W, X86_REG_R9B },
	{ X86_REG_R10, X86_REG_R10D, X86_REG_R10W, X86_REG_R10B },
	{ X86_REG_R11, X86_REG_R11D, X86_REG_R11W, X86_REG_R11B },
	{ X86_REG_R12, X86_REG_R12D, X86_REG_R12W, X86_REG_R12B },
	{ X86_REG_R13, X86_REG_R13D, X86_REG_R13W, X86_REG_R13B },
	{ X86_REG_R14, X86_REG_R14D, X86_REG_R14W, X86_REG_R14B },
	{ X86_REG_R15, X86_REG_R15D, X86_REG_R15W, X86_REG_R15B },
};

static int number_of(unsigned int reg)
{
	for (int number = 0; reg != X86_REG_INVALID && number < INSTRUCTION_REGISTERS; number++)
		for (size_t i = 0; i < sizeof parts[0] / sizeof *parts[0]; i++)
			if (parts[number][i] == reg)
				return number;
	return NO_REGISTER;
}

static struct instruction_memory memory_of(const cs_x86_op *operand)
{
	bool absolute = operand->mem.base == X86_REG_INVALID && operand->mem.index == X86_REG_INVALID;
	bool segment = operand->mem.segment == X86_REG_GS || operand->mem.segment == X86_REG_FS;

	return (struct instruction_memory){
		.base = number_of(operand->mem.base),
		.index = number_of(operand->mem.index),
		.displacement = operand->mem.disp,
		.scale = (unsigned int)operand->mem.scale,
		.size = operand->size,
		.elsewhere = segment || absolute || operand->mem.base == X86_REG_RIP || operand->mem.base == X86_REG_EIP,
	};
}

/* lea and nop name memory, and touch none. */
static bool touches_memory(unsigned int id)
{
	return id != X86_INS_LEA && id != X86_INS_NOP && id != X86_INS_PREFETCHNTA && id != X86_INS_PREFETCHT0 &&
	       id != X86_INS_PREFETCHT1 && id != X86_INS_PREFETCHT2 && id != X86_INS_PREFETCHW && id != X86_INS_PREFETCH &&
	       id != X86_INS_INVLPG;
}

static bool is_string(unsigned int id)
{
	static const unsigned int ids[] = { X86_INS_MOVSB, X86_INS_MOVSW, X86_INS_MOVSD, X86_INS_MOVSQ, X86_INS_STOSB,
					    X86_INS_STOSW, X86_INS_STOSD, X86_INS_STOSQ, X86_INS_LODSB, X86_INS_LODSW,
					    X86_INS_LODSD, X86_INS_LODSQ, X86_INS_CMPSB, X86_INS_CMPSW, X86_INS_CMPSD,
					    X86_INS_CMPSQ, X86_INS_SCASB, X86_INS_SCASW, X86_INS_SCASD, X86_INS_SCASQ };

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* rep moves its registers on; bt and its kin take the register's bits beyond the operand as a distance. */
static bool moves_on(const cs_insn *from)
{
	const cs_x86 *x86 = &from->detail->x86;
	bool repeats = x86->prefix[0] == X86_PREFIX_REP || x86->prefix[0] == X86_PREFIX_REPNE;
	bool takes_bit =
		from->id == X86_INS_BT || from->id == X86_INS_BTC || from->id == X86_INS_BTR || from->id == X86_INS_BTS;

	return (repeats && is_string(from->id)) || (takes_bit && x86->op_count == 2 && x86->operands[1].type == X86_OP_REG);
}

static void take_memory(const cs_insn *from, struct instruction *instruction)
{
	const cs_x86 *x86 = &from->detail->x86;

	for (uint8_t i = 0; touches_memory(from->id) && i < x86->op_count; i++)
		if (x86->operands[i].type == X86_OP_MEM && instruction->memory_count < INSTRUCTION_MEMORY_MOST)
			instruction->memory[instruction->memory_count++] = memory_of(&x86->operands[i]);
	for (size_t i = 0; i < instruction->memory_count; i++)
		instruction->memory[i].elsewhere |= moves_on(from);
}

static bool is_whole_register(const cs_x86_op *operand)
{
	return operand->type == X86_OP_REG && operand->size == 8 && number_of(operand->reg) != NO_REGISTER;
}

static void take_address(const cs_x86_op *operand, struct instruction *instruction)
{
	struct instruction_memory memory = memory_of(operand);

	if (memory.elsewhere || memory.index != NO_REGISTER || memory.base == NO_REGISTER)
		return;
	instruction->kind = INSTRUCTION_ADDRESS;
	instruction->from = memory.base;
	instruction->displacement = memory.displacement;
}

/* What the register of the first operand becomes. */
static void take_movement(const cs_insn *from, struct instruction *instruction)
{
	const cs_x86 *x86 = &from->detail->x86;
	const cs_x86_op *second = &x86->operands[1];

	if (!x86->op_count || !is_whole_register(&x86->operands[0]))
		return;
	instruction->to = number_of(x86->operands[0].reg);
	if (from->id == X86_INS_POP)
		instruction->kind = INSTRUCTION_POP;
	if (x86->op_count != 2)
		return;
	if ((from->id == X86_INS_MOV || from->id == X86_INS_MOVABS) && is_whole_register(second)) {
		instruction->kind = INSTRUCTION_MOVE;
		instruction->from = number_of(second->reg);
	} else if (from->id == X86_INS_MOV && second->type == X86_OP_MEM && second->size == 8) {
		instruction->kind = INSTRUCTION_LOAD;
	} else if (from->id == X86_INS_LEA && second->type == X86_OP_MEM) {
		take_address(second, instruction);
	} else if ((from->id == X86_INS_ADD || from->id == X86_INS_SUB) && second->type == X86_OP_IMM) {
		instruction->kind = INSTRUCTION_ADDRESS;
		instruction->from = instruction->to;
		instruction->displacement = from->id == X86_INS_ADD ? second->imm : -second->imm;
	}
}

static bool in_group(const cs_insn *instruction, uint8_t group)
{
	for (uint8_t i = 0; i < instruction->detail->groups_count; i++)
		if (instruction->detail->groups[i] == group)
			return true;
	return false;
}

static void take_flow(const cs_insn *from, struct instruction *instruction)
{
	const cs_x86 *x86 = &from->detail->x86;

	if (in_group(from, CS_GRP_CALL))
		instruction->kind = INSTRUCTION_CALL;
	else if (in_group(from, CS_GRP_JUMP))
		instruction->kind = from->id == X86_INS_JMP ? INSTRUCTION_JUMP : INSTRUCTION_BRANCH;
	else if (in_group(from, CS_GRP_RET) || in_group(from, CS_GRP_IRET))
		instruction->kind = INSTRUCTION_RETURN;
	else
		return;
	if (x86->op_count == 1 && x86->operands[0].type == X86_OP_IMM) {
		instruction->has_target = true;
		instruction->target = (uint64_t)x86->operands[0].imm;
	}
}

/* Registers that capstone does not tell of: Intel SDM 2. */
static uint32_t forgotten_writes(unsigned int id)
{
	switch (id) {
	case X86_INS_CMPXCHG:
		return 1U << 0; /* rax */
	case X86_INS_ENTER:
		return 1U << 6 | 1U << 7; /* rbp, rsp */
	case X86_INS_SYSCALL:
		return 1U << 2 | 1U << 11; /* rcx, r11 */
	default:
		return 0;
	}
}

static bool take_writes(struct decoder *decoder, struct instruction *instruction)
{
	cs_regs read, written;
	uint8_t read_count, written_count;

	if (capstone.cs_regs_access(decoder->handle, decoder->instruction, read, &read_count, written, &written_count) !=
	    CS_ERR_OK)
		return false;
	instruction->writes = forgotten_writes(decoder->instruction->id);
	for (uint8_t i = 0; i < written_count; i++) {
		int number = number_of(written[i]);
		if (number != NO_REGISTER)
			instruction->writes |= UINT32_C(1) << number;
	}
	return true;
}

/*
 * ud1 (0f b9) and ud0 (0f ff) have a ModRM byte, and all that comes with it, of which not every capstone knows: their length
 * in bytes, 0: it is neither, or cut short.
 */
static unsigned int undefined_length(const unsigned char *bytes, size_t length)
{
	size_t at = 0;

	while (at < length && (bytes[at] == 0x66 || bytes[at] == 0x67 || (bytes[at] & 0xf0) == 0x40))
		at++;
	if (at + 2 >= length || bytes[at] != 0x0f || (bytes[at + 1] != 0xb9 && bytes[at + 1] != 0xff))
		return 0;
	unsigned int mode = bytes[at + 2] >> 6, place = bytes[at + 2] & 7;
	at += 3;
	if (mode == 3)
		return (unsigned int)at;
	unsigned int base = place;
	if (place == 4 && at < length)
		base = bytes[at++] & 7;
	at += mode == 1 ? 1 : mode == 2 || base == 5 ? 4 : 0;
	return at <= length ? (unsigned int)at : 0;
}

bool decoder_next(struct decoder *decoder, const unsigned char *bytes, size_t length, uint64_t address,
		  struct instruction *instruction)
{
	uint64_t next = address;
	unsigned int undefined = undefined_length(bytes, length);

	*instruction = (struct instruction){
		.address = address,
		.length = undefined,
		.to = NO_REGISTER,
		.from = NO_REGISTER,
	};
	if (undefined)
		return true;
	if (!capstone.cs_disasm_iter(decoder->handle, &bytes, &length, &next, decoder->instruction))
		return false;
	instruction->length = decoder->instruction->size;
	instruction->is_landing = decoder->instruction->id == X86_INS_ENDBR64;
	take_memory(decoder->instruction, instruction);
	take_movement(decoder->instruction, instruction);
	take_flow(decoder->instruction, instruction);
	return take_writes(decoder, instruction);
}
