/* Canonical function names. */
#include "crash/canonical.h"

#include "crash/rust.h"

/*
 * What compilers append to a copy of a function that they made. gcc: ipa-sra, ipa-cp, function splitting, hot/cold
 * splitting; clang: ThinLTO promotion, control-flow integrity's jump tables (up to v6.1), -funique-internal-linkage-names.
 */
static const char *const suffixes[] = {
	".isra",       ".constprop", ".part", ".cold", ".llvm",   ".lto_priv",    ".clone",
	".localalias", ".unlikely",  ".text", ".cfi",  ".__uniq", ".specialized",
};

/*
 * Symbols in front of a function, for its padding (arch/x86/include/asm/linkage.h, since v6.3) and its type's hash (clang's
 * kCFI, since v6.1).
 */
static const char *const prefixes[] = { "__pfx_", "__cfi_" };

/* No such symbols: the functions of clang's older control-flow integrity (kernel/cfi.c up to v6.0). */
static const char *const not_prefixed[] = { "__cfi_check", "__cfi_check_fail", "__cfi_slowpath", "__cfi_slowpath_diag" };

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

enum { BPF_TAG_DIGITS = 16, LTO_HASH_DIGITS = 32 };

static bool begins_with_digits(struct text t, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (i >= t.length || !((t.data[i] >= '0' && t.data[i] <= '9') || (t.data[i] >= 'a' && t.data[i] <= 'f')))
			return false;
	return true;
}

/* "bpf_prog_6deef7357e7b4530_name": a hash of the program stands before its name (bpf_get_prog_name() of kernel/bpf/core.c).
 */
static bool is_bpf(struct text name, struct text *program)
{
	*program = name;
	if (!text_eat(program, "bpf_prog_") || !begins_with_digits(*program, BPF_TAG_DIGITS))
		return false;
	*program = text_from_offset(*program, BPF_TAG_DIGITS);
	return !program->length || program->data[0] == '_';
}

static bool is_not_prefixed(struct text name)
{
	for (size_t i = 0; i < sizeof not_prefixed / sizeof *not_prefixed; i++)
		if (text_is(name, not_prefixed[i]))
			return true;
	return false;
}

static struct text without_prefixes(struct text name)
{
	/* powerpc's first ABI: the code's symbol has a dot, the function descriptor's has none. */
	if (name.length > 1 && name.data[0] == '.')
		name = text_from_offset(name, 1);
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (text_starts(name, prefixes[i]) && !is_not_prefixed(name) && name.length > text_from(prefixes[i]).length)
			text_eat(&name, prefixes[i]);
	return name;
}

static struct text without_suffixes(struct text name)
{
	/* clang's ThinLTO up to v5.18 or so: the hash of the file, for a static function that others got to see. */
	size_t dollar = text_find_char(name, '$');

	if (dollar != SIZE_MAX && dollar > 0 && begins_with_digits(text_from_offset(name, dollar + 1), LTO_HASH_DIGITS))
		name = text_first(name, dollar);
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
	struct text name = without_suffixes(without_prefixes(function)), program;

	if (is_bpf(name, &program))
		return arena_print(arena, "bpf_prog%.*s", TEXT_ARGS(program));
	if (rust_is_mangled(name))
		return rust_path(arena, name);
	for (size_t i = 0; i < sizeof system_calls / sizeof *system_calls; i++) {
		struct text call = name;
		if (text_eat(&call, system_calls[i].prefix))
			return arena_print(arena, "%s%.*s", system_calls[i].canonical, TEXT_ARGS(call));
	}
	return name;
}
