/* Opens what unwinding needs, and answers what an address is. */
#include "stacks/unwind_parts.h"
#include "vmcore/vmcoreinfo.h"

#include <stdlib.h>

/* All names at once: a walk over the symbol table takes longer than unwinding. */
static void find_places(struct unwinder *unwinder, struct orc_place *orc)
{
	static const char *const names[] = { "_stext",
					     "_etext",
					     "_sinittext",
					     "_einittext",
					     "_end",
					     "__start_orc_unwind_ip",
					     "__stop_orc_unwind_ip",
					     "__start_orc_unwind",
					     "__stop_orc_unwind",
					     "ftrace_caller",
					     "ftrace_regs_caller" };
	enum { COUNT = sizeof names / sizeof *names };
	uint64_t at[COUNT] = { 0 };

	if (unwinder->sources.symbols)
		symbols_find(unwinder->sources.symbols, names, COUNT, at);
	if (at[0] && at[0] < at[1]) {
		unwinder->text_start = at[0];
		unwinder->text_end = at[1];
		unwinder->image_end = at[4] > at[1] ? at[4] : at[1];
	}
	if (at[2] && at[2] < at[3]) {
		unwinder->init_start = at[2];
		unwinder->init_end = at[3];
	}
	*orc = (struct orc_place){ at[5], at[6], at[7], at[8] };
	unwinder->ftrace_caller = at[9];
	unwinder->ftrace_regs_caller = at[10];
}

/* Since 5.8. */
static void read_pac_mask(struct unwinder *unwinder)
{
	struct text mask;

	if (vmcoreinfo_find(unwinder->sources.dump->vmcoreinfo, "NUMBER(KERNELPACMASK)", &mask))
		text_eat_hex(&mask, &unwinder->pac_mask);
}

struct unwinder *unwinder_open(const struct stack_sources *sources, struct error *error)
{
	static const struct unwind_arch *const archs[] = { &unwind_x86, &unwind_arm64 };
	const struct unwind_arch *arch = NULL;
	struct orc_place place;

	for (size_t i = 0; i < sizeof archs / sizeof *archs; i++)
		if (archs[i]->arch == sources->dump->arch)
			arch = archs[i];
	if (!arch) {
		const char *name = arch_name(sources->dump->arch, sources->dump->big_endian);
		error_set(error, "stacks of %s cannot be unwound: only those of x86_64 and aarch64 can",
			  name ? name : "an unknown architecture");
		return NULL;
	}
	struct unwinder *unwinder = calloc(1, sizeof *unwinder);
	if (!unwinder) {
		error_out_of_memory(error);
		return NULL;
	}
	unwinder->sources = *sources;
	unwinder->arch = arch;
	find_places(unwinder, &place);
	if (arch->arch == ARCH_X86_64)
		unwinder->orc = orc_open(&unwinder->sources, &place);
	else
		read_pac_mask(unwinder);
	unwinder->cfi = cfi_open(sources->debuginfo);
	return unwinder;
}

void unwinder_close(struct unwinder *unwinder)
{
	if (!unwinder)
		return;
	orc_close(unwinder->orc);
	cfi_close(unwinder->cfi);
	free(unwinder);
}

bool unwind_read(struct unwinder *unwinder, uint64_t address, void *bytes, size_t length)
{
	struct error error;

	return address <= UINT64_MAX - length &&
	       dump_read(unwinder->sources.dump, address, bytes, length, &error) == MEMORY_OK;
}

bool unwind_read_word(struct unwinder *unwinder, uint64_t address, uint64_t *word)
{
	struct error error;

	return address <= UINT64_MAX - 8 && dump_read_number(unwinder->sources.dump, address, 8, word, &error) == MEMORY_OK;
}

/* The kernel's half of the addresses, as both architectures have it. */
static bool is_kernel_address(uint64_t address)
{
	return address >> 55 & 1;
}

bool unwind_maybe_code(struct unwinder *unwinder, uint64_t address)
{
	if (!is_kernel_address(address))
		return false;
	if (!unwinder->text_start || (address >= unwinder->text_start && address <= unwinder->text_end) ||
	    (address >= unwinder->init_start && address <= unwinder->init_end && unwinder->init_start))
		return true;
	return unwinder->sources.modules && module_list_at(unwinder->sources.modules, address - 1);
}

static bool by_debuginfo(struct unwinder *unwinder, uint64_t address, struct symbol *symbol)
{
	struct debuginfo_function function;

	if (!unwinder->sources.debuginfo || !debuginfo_function_at(unwinder->sources.debuginfo, address, &function))
		return false;
	*symbol = (struct symbol){
		.name = function.name, .module = function.module, .address = function.address, .size = function.size
	};
	return true;
}

bool unwind_in_code(struct unwinder *unwinder, uint64_t address, struct symbol *symbol)
{
	*symbol = (struct symbol){ 0 };
	if (!is_kernel_address(address))
		return false;
	if (unwinder->sources.symbols && symbols_at(unwinder->sources.symbols, address, symbol))
		return true;
	*symbol = (struct symbol){ 0 };
	return by_debuginfo(unwinder, address, symbol) || (!unwinder->sources.symbols && !unwinder->sources.debuginfo) ||
	       (unwinder->sources.modules && module_list_at(unwinder->sources.modules, address));
}

bool unwind_begins_at(struct unwinder *unwinder, uint64_t address, struct symbol *symbol)
{
	return unwind_maybe_code(unwinder, address) && !unwinder->arch->is_after_call(unwinder, address) &&
	       unwind_in_code(unwinder, address, symbol) && symbol->address == address;
}

bool unwind_unknown_code(struct unwinder *unwinder, uint64_t address)
{
	unsigned char call[4];

	return is_kernel_address(address) && unwinder->text_start &&
	       (address < unwinder->text_start || address >= unwinder->image_end) &&
	       (unwinder->arch->arch != ARCH_X86_64 || address >= X86_GENERATED) &&
	       unwind_read(unwinder, address - sizeof call, call, sizeof call) &&
	       unwinder->arch->is_after_call(unwinder, address);
}
