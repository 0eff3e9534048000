/* ORC tables of the kernel and of its modules: where they are, which version they have, what holds at an address. */
#include "stacks/orc.h"

#include "stacks/orc_table.h"
#include "vmcore/bytes.h"

#include <stdlib.h>

/* The versions of an entry's last two bytes: see orc.h. */
enum layout { LAYOUT_4_14, LAYOUT_6_4 };

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

static void decode(enum layout layout, const unsigned char bytes[ORC_ENTRY_SIZE], struct orc_entry *entry)
{
	static const enum orc_type old_types[] = { ORC_TYPE_CALL, ORC_TYPE_REGS, ORC_TYPE_REGS_PARTIAL, ORC_TYPE_UNDEFINED };
	static const enum orc_type new_types[] = { ORC_TYPE_UNDEFINED, ORC_TYPE_END,          ORC_TYPE_CALL,
						   ORC_TYPE_REGS,      ORC_TYPE_REGS_PARTIAL, ORC_TYPE_UNDEFINED,
						   ORC_TYPE_UNDEFINED, ORC_TYPE_UNDEFINED };
	uint16_t bits = (uint16_t)bytes_get(bytes + 4, 2, false);

	*entry = (struct orc_entry){
		.sp_offset = (int16_t)bytes_get(bytes, 2, false),
		.bp_offset = (int16_t)bytes_get(bytes + 2, 2, false),
		.sp = bits & 15,
		.bp = bits >> 4 & 15,
		.type = layout == LAYOUT_6_4 ? new_types[bits >> 8 & 7] : old_types[bits >> 8 & 3],
	};
	/*
	 * `end` is bit 10, in 6.3 bit 11, where 10 is `signal`. One is set with the other clear only where it matters, and
	 * `end` only where there is no stack pointer.
	 */
	if (layout == LAYOUT_4_14 && entry->sp == ORC_UNDEFINED)
		entry->type = bits >> 10 & 3 ? ORC_TYPE_END : ORC_TYPE_UNDEFINED;
}

/* Looks at entries from all over the table: nine of ten with sp_reg SP are of calls. False: they are not what they should.
 */
static bool find_layout(struct orc *orc)
{
	enum { RUNS = 16, RUN = 64 };
	size_t types[8] = { 0 }, all = 0;

	for (uint64_t run = 0; run < RUNS; run++)
		for (uint64_t i = 0; i < RUN; i++) {
			unsigned char bytes[ORC_ENTRY_SIZE];
			if (!orc_table_entry(&orc->kernel, orc->kernel.count / RUNS * run + i, bytes))
				continue;
			uint16_t bits = (uint16_t)bytes_get(bytes + 4, 2, false);
			if ((bits & 15) != ORC_SP)
				continue;
			types[bits >> 8 & 7]++;
			all++;
		}
	orc->layout = types[2] > types[0] ? LAYOUT_6_4 : LAYOUT_4_14;
	return all && types[orc->layout == LAYOUT_6_4 ? 2 : 0] >= all - all / 10;
}

/* Since 5.12; where the release is not known, too. */
static bool is_since_5_12(struct text release)
{
	uint64_t major, minor;

	return !text_eat_decimal(&release, &major) || !text_eat_char(&release, '.') || !text_eat_decimal(&release, &minor) ||
	       major > 5 || (major == 5 && minor >= 12);
}

static bool open_kernel(struct orc *orc, struct symbols *symbols)
{
	static const char *const names[] = { "__start_orc_unwind_ip", "__stop_orc_unwind_ip", "__start_orc_unwind",
					     "__stop_orc_unwind" };
	uint64_t at[4];

	if (symbols_find(symbols, names, 4, at) != 4 || at[1] < at[0] || at[3] < at[2])
		return false;
	uint64_t count = (at[1] - at[0]) / ORC_IP_SIZE;
	/* The entries' end may be rounded up to where the next thing begins. */
	return (at[3] - at[2]) / ORC_ENTRY_SIZE >= count && (at[3] - at[2]) / ORC_ENTRY_SIZE - count < 16 &&
	       orc_table_open(&orc->kernel, orc->dump, at[0], at[2], count) && find_layout(orc);
}

struct orc *orc_open(const struct stack_sources *sources)
{
	struct orc *orc = sources->symbols ? calloc(1, sizeof *orc) : NULL;

	if (!orc)
		return NULL;
	orc->dump = sources->dump;
	orc->modules = sources->modules;
	orc->indirect_is_new = is_since_5_12(sources->facts->release);
	if (!open_kernel(orc, sources->symbols)) {
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
