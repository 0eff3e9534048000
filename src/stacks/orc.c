/* ORC tables of the kernel and of its modules: where they are, which version they have, what holds at an address. */
#include "stacks/orc.h"

#include "stacks/orc_table.h"
#include "vmcore/bytes.h"

#include <stdlib.h>

/* The versions of an entry's last two bytes: see orc.h. */
enum layout { LAYOUT_4_14, LAYOUT_6_4, LAYOUT_7_3, LAYOUT_COUNT };

/* What they have for SP and CALL. */
static const struct {
	unsigned int sp, call;
} signs[LAYOUT_COUNT] = { [LAYOUT_4_14] = { 5, 0 }, [LAYOUT_6_4] = { 5, 2 }, [LAYOUT_7_3] = { 3, 2 } };

struct orc {
	struct dump *dump;
	const struct module_list *modules;
	struct orc_table kernel;
	struct orc_table module; /* of the module that was asked for last */
	uint64_t module_ips;     /* which that is; 0: none */
	bool module_is_open;
	enum layout layout;
	bool indirect_is_new;
};

static enum orc_register decode_register(enum layout layout, unsigned int bits)
{
	static const enum orc_register since_7_3[16] = {
		ORC_UNDEFINED, ORC_AX,  ORC_DX,      ORC_SP,          ORC_BP,          ORC_DI,
		ORC_R10,       ORC_R13, ORC_PREV_SP, ORC_SP_INDIRECT, ORC_BP_INDIRECT,
	};

	if (layout == LAYOUT_7_3)
		return since_7_3[bits];
	return bits <= ORC_SP_INDIRECT ? (enum orc_register)bits : ORC_UNDEFINED;
}

static enum orc_type decode_type(enum layout layout, unsigned int bits)
{
	static const enum orc_type since_6_4[8] = { ORC_TYPE_UNDEFINED, ORC_TYPE_END, ORC_TYPE_CALL, ORC_TYPE_REGS,
						    ORC_TYPE_REGS_PARTIAL };
	static const enum orc_type before[4] = { ORC_TYPE_CALL, ORC_TYPE_REGS, ORC_TYPE_REGS_PARTIAL };

	return layout == LAYOUT_4_14 ? before[bits & 3] : since_6_4[bits & 7];
}

static void decode(enum layout layout, const unsigned char bytes[ORC_ENTRY_SIZE], struct orc_entry *entry)
{
	unsigned int bits = (unsigned int)bytes_get(bytes + 4, 2, false);

	*entry = (struct orc_entry){
		.sp_offset = (int16_t)bytes_get(bytes, 2, false),
		.bp_offset = (int16_t)bytes_get(bytes + 2, 2, false),
		.sp = decode_register(layout, bits & 15),
		.bp = decode_register(layout, bits >> 4 & 15),
		.type = decode_type(layout, bits >> 8),
	};
	/*
	 * `end` is bit 10, in 6.3 bit 11, where 10 is `signal`. It is set only where there is no stack pointer, and `signal`
	 * is not set there.
	 */
	if (layout == LAYOUT_4_14 && entry->sp == ORC_UNDEFINED)
		entry->type = bits >> 10 & 3 ? ORC_TYPE_END : ORC_TYPE_UNDEFINED;
}

/* Looks at entries from all over the table. False: they are of no version that is known, or of none at all. */
static bool find_layout(struct orc *orc)
{
	enum { RUNS = 16, RUN = 64 };
	size_t votes[LAYOUT_COUNT] = { 0 }, all = 0;

	for (uint64_t run = 0; run < RUNS; run++)
		for (uint64_t i = 0; i < RUN; i++) {
			unsigned char bytes[ORC_ENTRY_SIZE];
			if (!orc_table_entry(&orc->kernel, orc->kernel.count / RUNS * run + i, bytes))
				continue;
			unsigned int bits = (unsigned int)bytes_get(bytes + 4, 2, false);
			for (size_t layout = 0; layout < LAYOUT_COUNT; layout++)
				votes[layout] += (bits & 15) == signs[layout].sp && (bits >> 8 & 7) == signs[layout].call;
			all += (bits & 15) != 0;
		}
	for (size_t layout = 0; layout < LAYOUT_COUNT; layout++) {
		orc->layout = (enum layout)layout;
		if (all && votes[layout] >= all - all / 5)
			return true;
	}
	return false;
}

/* Since 5.12; where the release is not known, too. */
static bool is_since_5_12(struct text release)
{
	uint64_t major, minor;

	return !text_eat_decimal(&release, &major) || !text_eat_char(&release, '.') || !text_eat_decimal(&release, &minor) ||
	       major > 5 || (major == 5 && minor >= 12);
}

static bool open_kernel(struct orc *orc, const struct orc_place *at)
{
	if (!at->ips || !at->entries || at->ips_end < at->ips || at->entries_end < at->entries)
		return false;
	uint64_t count = (at->ips_end - at->ips) / ORC_IP_SIZE, entries = (at->entries_end - at->entries) / ORC_ENTRY_SIZE;
	/* The entries' end may be rounded up to where the next thing begins. */
	return entries >= count && entries - count < 16 &&
	       orc_table_open(&orc->kernel, orc->dump, at->ips, at->entries, count) && find_layout(orc);
}

struct orc *orc_open(const struct stack_sources *sources, const struct orc_place *place)
{
	struct orc *orc = calloc(1, sizeof *orc);

	if (!orc)
		return NULL;
	orc->dump = sources->dump;
	orc->modules = sources->modules;
	orc->indirect_is_new = is_since_5_12(sources->facts->release);
	if (!open_kernel(orc, place)) {
		orc_close(orc);
		return NULL;
	}
	return orc;
}

void orc_close(struct orc *orc)
{
	if (!orc)
		return;
	orc_table_close(&orc->kernel);
	orc_table_close(&orc->module);
	free(orc);
}

static struct orc_table *module_table(struct orc *orc, uint64_t address)
{
	const struct kernel_module *module = orc->modules ? module_list_at(orc->modules, address) : NULL;

	if (!module || !module->orc_count)
		return NULL;
	if (orc->module_ips != module->orc_ip) {
		orc_table_close(&orc->module);
		orc->module_ips = module->orc_ip;
		orc->module_is_open =
			orc_table_open(&orc->module, orc->dump, module->orc_ip, module->orc, module->orc_count);
	}
	return orc->module_is_open ? &orc->module : NULL;
}

bool orc_find(struct orc *orc, uint64_t address, struct orc_entry *entry)
{
	struct orc_table *table =
		address >= orc->kernel.first && address <= orc->kernel.last ? &orc->kernel : module_table(orc, address);
	unsigned char bytes[ORC_ENTRY_SIZE];
	uint64_t index;

	if (!table || !orc_table_find(table, address, &index) || !orc_table_entry(table, index, bytes))
		return false;
	decode(orc->layout, bytes, entry);
	return true;
}

bool orc_indirect_is_new(const struct orc *orc)
{
	return orc->indirect_is_new;
}
