/* What a dump knows of the machine that died, besides its log. */
#ifndef VMCORE_FACTS_H
#define VMCORE_FACTS_H

#include "vmcore/dump.h"

/* A register by its name in lower case, as in the logs' register dumps: "rip", "rsp", "cs", "eflags", "pc", "x0",
 * "psw_addr". */
struct cpu_register {
	const char *name;
	uint64_t value;
};

enum { CPU_REGISTERS_MOST = 72 };

struct dump_cpu {
	int number;  /* of the CPU, see numbers_guessed; -1: more CPUs are known of than left notes */
	int64_t pid; /* of the task that ran there, pr_pid of its NT_PRSTATUS; 0: idle; -1: not known (QEMU puts other
			numbers there) */
	size_t register_count;
	struct cpu_register registers[CPU_REGISTERS_MOST];
};

struct facts {
	struct text release, version, nodename; /* uname -r, -v, -n; empty: not known */
	const char *arch;                       /* uname -m; NULL: not known */
	uint64_t crash_time;                    /* seconds since 1970, UTC; 0: not known */
	struct text build_id;                   /* of vmlinux, hex digits; empty: not known */
	bool has_kaslr_offset;
	uint64_t kaslr_offset; /* KERNELOFFSET: how far the kernel was moved, bytes */
	size_t cpu_count;      /* CPUs that left their registers */
	struct dump_cpu *cpus; /* in the arena of the dump */
	/*
	 * The CPUs' numbers are their places among the notes, right if no CPU is missing there: one that did not answer the
	 * NMI before the crash kernel was started leaves no note and no hole (fs/proc/vmcore.c), and the number of CPUs in
	 * makedumpfile's header is that of the notes. False: QEMU wrote them, one for every CPU.
	 */
	bool numbers_guessed;
	/*
	 * CPUs that left their registers; more where the header knows of more. The machine may have had others, except where
	 * QEMU wrote the notes. 0: not known.
	 */
	size_t online_cpus;
};

/*
 * Reads them: header first, then VMCOREINFO, then memory (init_uts_ns), each only where the one before did not say, except
 * that of a release that header and VMCOREINFO name differently a remark is made. Nothing here fails: what cannot be had
 * stays empty.
 */
void facts_read(struct dump *dump, struct facts *facts);

/*
 * Looks through memory for the kernel's own copy of VMCOREINFO: a page that begins with "OSRELEASE=". For dumps without the
 * note (QEMU without a vmcoreinfo device, virsh), or with a note that cannot be this kernel's. Checks what it finds against
 * memory (init_uts_ns says "Linux" and the same release). True: dump->vmcoreinfo is that, a remark says so. At most `most`
 * bytes of memory are looked through; a remark tells where that ended it.
 */
bool facts_find_vmcoreinfo(struct dump *dump, uint64_t most);

#endif
