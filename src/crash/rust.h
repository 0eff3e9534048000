/* Rust's names of functions. */
#ifndef CRASH_RUST_H
#define CRASH_RUST_H

#include "base/arena.h"
#include "base/text.h"

/* Is it a name in Rust's "v0" mangling, the one that the kernel is built with? "_RNvNtCs4fqI2P2rA04_6kernel5print4call" */
bool rust_is_mangled(struct text name);

/*
 * The names in it, in their order: "kernel::print::call". The hash of the crate, which differs from build to build, and the
 * types of generics' parameters that have no names are left out. A name that cannot be taken apart is given back as it is.
 */
struct text rust_path(struct arena *arena, struct text name);

#endif
