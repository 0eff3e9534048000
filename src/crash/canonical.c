/* Canonical function names. */
#include "crash/canonical.h"

/*
 * What compilers append to a copy of a function that they made. gcc: ipa-sra, ipa-cp, function splitting, hot/cold
 * splitting; clang: ThinLTO promotion.
 */
static const char *const suffixes[] = {
	".isra", ".constprop", ".part", ".cold", ".llvm", ".lto_priv", ".clone", ".localalias", ".unlikely", ".text",
};

/*
 * Names that SYSCALL_DEFINE gave a system call's entry. SyS_, SYSC_: include/linux/syscalls.h up to v4.16; __x64_sys_ and
 * the like: arch/.../include/asm/syscall_wrapper.h since v4.17. Longer ones first.
 */
static const struct {
	const char *prefix, *canonical;
} system_calls[] = {
	{ "__x64_compat_sys_", "compat_sys_" },
	{ "__ia32_compat_sys_", "compat_sys_" },
	{ "__arm64_compat_sys_", "compat_sys_" },
	{ "__s390_compat_sys_", "compat_sys_" },
	{ "__se_compat_sys_", "compat_sys_" },
	{ "__do_compat_sys_", "compat_sys_" },
	{ "compat_SyS_", "compat_sys_" },
	{ "C_SYSC_", "compat_sys_" },
	{ "__x64_sys_", "sys_" },
	{ "__x32_sys_", "sys_" },
	{ "__ia32_sys_", "sys_" },
	{ "__arm64_sys_", "sys_" },
	{ "__s390x_sys_", "sys_" },
	{ "__s390_sys_", "sys_" },
	{ "__riscv_sys_", "sys_" },
	{ "__powerpc_sys_", "sys_" },
	{ "__loongarch_sys_", "sys_" },
	{ "__se_sys_", "sys_" },
	{ "__do_sys_", "sys_" },
	{ "SyS_", "sys_" },
	{ "SYSC_", "sys_" },
};

static struct text without_suffixes(struct text name)
{
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		size_t at = text_find(name, suffixes[i]);
		if (at != SIZE_MAX && at > 0)
			name = text_first(name, at);
	}
	/* Since v6.10 an allocator's function is a macro that counts, around one of this name (include/linux/alloc_tag.h).
	 */
	return text_ends(name, "_noprof") && name.length > 7 ? text_first(name, name.length - 7) : name;
}

struct text crash_canonical_name(struct arena *arena, struct text function)
{
	struct text name = without_suffixes(function);

	for (size_t i = 0; i < sizeof system_calls / sizeof *system_calls; i++) {
		struct text call = name;
		if (text_eat(&call, system_calls[i].prefix))
			return arena_print(arena, "%s%.*s", system_calls[i].canonical, TEXT_ARGS(call));
	}
	return name;
}
