/* crash/: what kernels of each architecture print: places, registers, frames, headlines, and that the architecture is told. */
#include "crash/headline.h"
#include "crash/location.h"

#include "test_crash.h"

static void test_places(void **state)
{
	static const struct {
		const char *line, *function, *module;
		uint64_t address; /* 0: none */
		bool none, beside;
	} lines[] = {
		{ .line = "pc : f+0x1c/0x40", .function = "f" },
		{ .line = "pc : f+0x1c/0x40 [m]", .function = "f", .module = "m" },
		{ .line = "PC is at f+0x1c/0x40 [m]", .function = "f", .module = "m" },
		{ .line = "pc : [<ffff000008101234>] lr : [<ffff000008101200>] pstate: 60000145", .address = UINT64_C(0xffff000008101234) },
		{ .line = "pc : [<c0101234>]    lr : [<c0101200>]    psr: 60000013", .address = 0xc0101234 },
		{ .line = "pc : ffff800010101234", .address = UINT64_C(0xffff800010101234) },
		{ .line = "NIP:  c000000000101234 LR: c000000000101200 CTR: 0000000000000000", .address = UINT64_C(0xc000000000101234) },
		{ .line = "NIP: c0101234 LR: c0101200 CTR: 00000000", .address = 0xc0101234 },
		{ .line = "NIP [c000000000101234] .f+0x1c/0x40 [m]", .function = ".f", .module = "m", .address = UINT64_C(0xc000000000101234) },
		{ .line = "NIP [c000000000101234] 0xc000000000101234", .address = UINT64_C(0xc000000000101234) },
		{ .line = "Krnl PSW : 0704c00180000000 000000000012ab34 (f+0x1c/0x40 [m])", .function = "f", .module = "m", .address = 0x12ab34 },
		{ .line = "Krnl PSW : 0704c00180000000 000003ff80001234 (0x3ff80001234)", .address = UINT64_C(0x3ff80001234) },
		{ .line = "epc : f+0x1c/0x40", .function = "f" },
		{ .line = "epc : ffffffff80101234 ra : ffffffff80101200 sp : ffffffff80201234", .address = UINT64_C(0xffffffff80101234) },
		{ .line = "sepc: ffffffe000101234 ra : ffffffe000101200 sp : ffffffe000201234", .address = UINT64_C(0xffffffe000101234) },
		{ .line = "  ERA: 9000000000223344 f+0x1c/0x40 [m]", .function = "f", .module = "m", .address = UINT64_C(0x9000000000223344) },
		{ .line = "epc   : 80101234 f+0x1c/0x40 [m]", .function = "f", .module = "m", .address = 0x80101234 },
		{ .line = "lr : f+0x1c/0x40", .beside = true },
		{ .line = "LR is at f+0x1c/0x40", .beside = true },
		{ .line = "LR [c000000000101234] f+0x1c/0x40", .beside = true },
		{ .line = " ra : f+0x1c/0x40", .beside = true },
		{ .line = "NIP [xyz] f+0x1c/0x40", .none = true },
		{ .line = "NIP: none", .none = true },
		{ .line = "pc : usable", .none = true },
		{ .line = "Krnl PSW : 0704c00180000000", .none = true },
		{ .line = "ERA: 2024", .none = true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct crash_place found = { 0 };
		bool is = place_of_line(text_from(lines[i].line), &found);
		if (is == lines[i].none)
			fail_msg("\"%s\": %s", lines[i].line, is ? "a place" : "no place");
		if (!is)
			continue;
		assert_text(found.location.function, lines[i].function, lines[i].line);
		assert_text(found.location.module, lines[i].module, lines[i].line);
		if (found.location.has_address != (lines[i].address != 0) || found.location.address != lines[i].address)
			fail_msg("\"%s\": address %#" PRIx64, lines[i].line, found.location.address);
		assert_int_equal(lines[i].beside, !found.location.has_address && !found.location.function.length);
	}
}

static uint64_t value_of(const struct crash *crash, const char *name, bool *known)
{
	*known = false;
	for (size_t i = 0; i < crash->register_count; i++) {
		if (strcmp(crash->registers[i].name, name) == 0) {
			assert_false(*known);
			*known = true;
		}
	}
	for (size_t i = 0; i < crash->register_count; i++)
		if (strcmp(crash->registers[i].name, name) == 0)
			return crash->registers[i].value;
	return 0;
}

#define NULL_AT "Unable to handle kernel NULL pointer dereference at virtual address 00000010\n"

/* Registers as "name=value"; a '!' in front: it must not be known. */
static void test_registers(void **state)
{
	static const struct {
		const char *log, *arch, *registers;
	} rows[] = {
		{ NULL_AT "pstate: 60000005 (nZCv daif)\npc : f+0x1/0x2\nlr : g+0x1/0x2\nsp : ffff800083c3bb50\n"
		          "x29: ffff800083c3bb50 x28: 0000000000000001 x9 : 0000000000000009\nx1 : 0000000000000002\n",
		  "aarch64", "pstate=60000005 sp=ffff800083c3bb50 x29=ffff800083c3bb50 x28=1 x9=9 x1=2 !pc !lr" },
		/* What a system call's program had in them. */
		{ NULL_AT "pstate: 60000005 (nZCv daif)\npc : f+0x1/0x2\nx1 : 0000000000000002\n"
		          "pstate: 60000000 (nZCv daif)\npc : 0000aaaac5d40754\nx1 : 0000000000000003\nx2 : 0000000000000004\n",
		  "aarch64", "pstate=60000005 x1=2 !x2 !pc" },
		{ NULL_AT "pc : [<c0101234>]    lr : [<c0101200>]    psr: 60000013\nsp : c0801f00  ip : 0000000c  fp : 0000000b\n"
		          "r10: 0000000a  r9 : 00000009  r8 : 00000008\n",
		  "arm", "pc=c0101234 lr=c0101200 cpsr=60000013 sp=c0801f00 r12=c r11=b r10=a r9=9 r8=8" },
		/* 0x10: user mode */
		{ NULL_AT "PC is at 0xb6f01234\npc : [<b6f01234>]    lr : [<b6f01200>]    psr: 60000010\nsp : be801f00\n", "arm", "!pc !lr !cpsr !sp" },
		{ "Oops: Kernel access of bad area, sig: 11 [#1]\nNIP: c0101234 LR: c0101200 CTR: 00000003\nREGS: c0801000 TRAP: 0300   Not tainted  (2.6.32)\n"
		  "MSR: 00009032 <EE,ME,IR,DR>  CR: 24004422  XER: 20000000\nDAR: 00000014, DSISR: 40000000\n"
		  "GPR00: 00000000 00000001 00000002 00000003 00000004 00000005 00000006 00000007 \nGPR08: 00000008\n",
		  "ppc", "nip=c0101234 lr=c0101200 ctr=3 trap=300 msr=9032 cr=24004422 xer=20000000 dar=14 dsisr=40000000 r0=0 r7=7 r8=8" },
		/* The block of the program that called, behind the crash's own; MSR's PR bit. */
		{ "Oops: Kernel access of bad area, sig: 11 [#1]\nNIP:  c000000000101234 LR: 0000000000000001 CTR: 0000000000000003\n"
		  "MSR:  8000000000009033 <SF,EE>  CR: 24004422  XER: 20000000\nGPR00: 0000000000000009\nNIP [c000000000101234] f+0x1/0x2\nCall Trace:\n"
		  "[c0000001f4b03b80] [c0000001f4b03bc0] g+0x1/0x2 (unreliable)\n--- interrupt: c00 at 0x7fff1234\n"
		  "NIP:  00007fffb1b4d2b4 LR: 0000000000000002 CTR: 0000000000000004\nMSR:  800000000280f033 <SF,PR>  CR: 1  XER: 2\n"
		  "GPR00: 000000000000000a 000000000000000b\n",
		  "ppc64le", "nip=c000000000101234 lr=1 ctr=3 r0=9 !r1" },
		{ "Oops: 0004 ilc:2 [#1] SMP\nKrnl PSW : 0704c00180000000 000000000012ab34 (f+0x1/0x2)\nKrnl GPRS: 0000000000000000 0000000000000001 0000000000000002 0000000000000003\n"
		  "           0000000000000004 0000000000000005 0000000000000006 0000000000000007\n           0000000000000008 0000000000000009 000000000000000a 000000000000000b\n"
		  "           000000000000000c 000000000000000d 000000000000000e 000000000000000f\n           0000000000000010 0000000000000011 0000000000000012 0000000000000013\n",
		  "s390x", "psw_mask=704c00180000000 psw_address=12ab34 r0=0 r4=4 r11=b r15=f !r16" },
		{ "Oops: 0004 ilc:2 [#1] SMP\nUser PSW : 0705c00180000000 000000000012ab34 (0x12ab34)\nUser GPRS: 0000000000000000 0000000000000001 0000000000000002 0000000000000003\n",
		  "s390x", "!psw_mask !r0" },
		{ NULL_AT "epc : f+0x1/0x2\n ra : g+0x1/0x2\nepc : ffffffff80101234 ra : ffffffff80101200 sp : ffffffc80123bb10\n s10: 0000000000000003 a0 : 0000000000000004\n"
		          "status: 0000000200000120 badaddr: 0000000000000010 cause: 000000000000000d\n",
		  "riscv64", "epc=ffffffff80101234 ra=ffffffff80101200 s10=3 a0=4 status=200000120 badaddr=10 cause=d" },
		/* SPP is clear. */
		{ NULL_AT "epc : 000000000001045a ra : 0000000000010400 sp : 0000003fffb123b0\n a0 : 0000000000000004\n"
		          "status: 0000000200004020 badaddr: 0000000000000010 cause: 000000000000000d\n",
		  "riscv64", "!epc !a0 !status" },
		{ "Oops[#1]:\npc 9000000000223344 ra 9000000000223300 tp 9000000106ea8000 sp 9000000106eaba10\na0 0000000000000001 a1 0000000000000002\n"
		  "   ra: 9000000000223300 g+0x1/0x2\n  ERA: 9000000000223344 f+0x1/0x2\n PRMD: 00000004 (PPLV0 +PIE -PWE)\n BADV: 0000000000000088\n",
		  "loongarch64", "pc=9000000000223344 ra=9000000000223300 a1=2 era=9000000000223344 prmd=4 badv=88" },
		{ "Oops[#1]:\n$ 0   : 00000000 00000001 00000002 00000003\n$ 4   : 00000004\n$24   : 00000018 00000019                  \nHi    : 00000005\n"
		  "epc   : 82a41e34 f+0x1/0x2\nStatus: 1100fc03\tKERNEL EXL IE \nCause : 40800008 (ExcCode 02)\nBadVA : 0000000c\n",
		  "mips", "r0=0 r3=3 r4=4 r25=19 hi=5 epc=82a41e34 status=1100fc03 cause=40800008 badva=c" },
		/* Other text that looks like registers is none. */
		{ "BUG: kernel NULL pointer dereference, address: 0000000000000088\nRIP: 0010:f+0x1/0x2\nRAX: 0000000000000001 RBX: 0000000000000002\nstatus: 0\nStatus: 200\ncause: 12\n"
		  "status: 00000000 cause: 00000001\nsp : 1\nip: 10.0.0.1\n",
		  "x86_64", "rax=1 rbx=2 !status !cause !sp !r12" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct crash_list list;
		const struct crash *crash = find_one(&list, rows[i].log);
		struct text rest = text_from(rows[i].registers), word;
		if (!list.arch || strcmp(list.arch, rows[i].arch) != 0)
			fail_msg("%s instead of %s: %s", list.arch ? list.arch : "nothing", rows[i].arch, rows[i].log);
		for (; text_eat_word(&rest, &word); text_eat_blanks(&rest)) {
			char name[20] = "";
			bool absent = text_eat_char(&word, '!'), known;
			size_t equals = text_find_char(word, '=');
			uint64_t value = 0;
			snprintf(name, sizeof name, "%.*s", TEXT_ARGS(text_first(word, equals)));
			word = text_from_offset(word, equals == SIZE_MAX ? equals : equals + 1);
			assert_true(absent || text_eat_hex(&word, &value));
			if (value_of(crash, name, &known) != value || known == absent)
				fail_msg("%s is %s in %s", name, known ? "known, or another" : "not known", rows[i].log);
		}
		crash_list_free(&list);
	}
}

static void test_frames(void **state)
{
	static const struct {
		const char *log, *frames; /* as in test_crash_parts.c, without contexts */
	} traces[] = {
		{ NULL_AT "pstate: 60000005\nCall trace:\n f+0x1/0x2 [m] (P)\n g+0x1/0x2 (L)\n h+0x1/0x2 [m 1a2b] (C)\n k+0x1/0x2\n", "f[m] g h[m] k" },
		{ NULL_AT "Call trace:\n[<ffff000008101234>] f+0x1/0x2 [m]\n[<ffff000008101234>] g+0x1/0x2\n", "f[m] g" },
		{ NULL_AT "Backtrace: \n[<c0101234>] (f+0x0/0x20 [m]) from [<c0105678>] (g+0x14/0x30)\n r5:c7a9e0c0 r4:00001000\n"
		          "[<c0105664>] (g+0x0/0x30) from [<c0107890>] (h+0x40/0x70)\n",
		  "f[m] g h" },
		{ NULL_AT "[<c0101234>] (f [m]) from [<c0105678>] (g+0x14/0x30)\n[<c0105678>] (g) from [<c0107890>] (h+0x40/0x70 [n])\n", "f[m] g h[n]" },
		{ NULL_AT " f from g+0x14/0x30 [m]\n g [m] from h+0x40/0x70\n h from 0x0\n", "f g[m] h " },
		{ "Oops: Kernel access of bad area, sig: 11 [#1]\nCall Trace:\n[c0000001f4b03b80] [c0000001f4b03bc0] 0xc0000001f4b03bc0 (unreliable)\n"
		  "[c0000001f4b03bb0] [c0000000003a5f54] .f+0x134/0x5b0 [m] (unreliable)\n[c0000001f4b03c40] [c00000000040b3d8] g+0x88/0x110\n"
		  "--- Exception: 301 at h+0x14/0x90\n    LR = k+0x18/0x40\n[c0000001f4b03d40] [c000000000009204] l+0x38/0xb4\n--- interrupt: c00 at 0x7fff12345678\n",
		  "? ?.f[m] g h l" },
		{ "Oops: 0004 ilc:2 [#1] SMP\nCall Trace:\n [<000000000012ab34>] f+0x1/0x2 [m] \n([<000000000012ab30>] g+0x1/0x2 [m])\n [<000000000012ab38>] h+0x1/0x2\n"
		  "Last Breaking-Event-Address:\n [<000000000012ab3c>] k+0x1/0x2\n",
		  "f[m] ?g[m] h" },
		{ "Oops [#1]\nepc : f+0x1/0x2\n[<ffffffff80101234>] f+0x1/0x2\n[<ffffffff80101238>] g+0x1/0x2 [m]\n", "f g[m]" },
		/* Outside a trace, and not riscv's. */
		{ NULL_AT "[<ffffffff80101234>] f+0x1/0x2\n", "" },
		{ NULL_AT "mail from root\nreply from f+g\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
		struct crash_list list;
		const struct crash *crash = find_one(&list, traces[i].log);
		char got[500] = "";
		for (size_t j = 0; j < crash->frame_count; j++) {
			const struct crash_frame *frame = &crash->frames[j];
			append_frame(got, sizeof got, frame);
		}
		assert_string_equal(got, traces[i].frames);
		crash_list_free(&list);
	}
}

static void test_headlines(void **state)
{
	static const struct {
		const char *line, *kind, *subkind;
	} lines[] = {
		{ "Unable to handle kernel paging request at virtual address ffff800010101234", "page-fault", "" },
		{ "Unable to handle kernel read from unreadable memory at virtual address ffff800010101234", "page-fault", "unreadable-memory" },
		{ "Unable to handle kernel write to read-only memory at virtual address ffff800010101234", "page-fault", "read-only-memory" },
		{ "Unable to handle kernel execute from non-executable memory at virtual address ffff800010101234", "page-fault", "non-executable-memory" },
		{ "Unable to handle kernel access to user memory outside uaccess routines at virtual address 0000aaaa10101234", "page-fault", "user-memory" },
		{ "Unable to handle kernel paging request at virtual address 0000000000000088", "null-pointer-dereference", "" },
		{ "Unable to handle kernel paging request for data at address 0x00000010", "null-pointer-dereference", "" },
		{ "Unable to handle kernel paging request for data at address 0xc00000f010101234", "page-fault", "" },
		{ "Unable to handle kernel paging request for unaligned access at address 0xc00000f010101235", "alignment-fault", "" },
		{ "BUG: Unable to handle kernel data access on write at 0xc00000f010101234", "page-fault", "" },
		{ "BUG: Kernel NULL pointer dereference on read at 0x00000010", "null-pointer-dereference", "" },
		{ "CPU 3 Unable to handle kernel paging request at virtual address ffff800010101234, era == 9000000010101234, ra == 9000000010101230", "page-fault", "" },
		{ "Internal error: Oops: 96000004 [#1] SMP", "page-fault", "" },
		{ "Internal error: Oops - BUG: 0 [#1] PREEMPT SMP", "kernel-bug", "" },
		{ "Internal error: Oops - undefined instruction: 0 [#1] ARM", "undefined-instruction", "" },
		{ "Internal error: Oops - Undefined instruction: 0000000002000000 [#1] SMP", "undefined-instruction", "" },
		{ "Internal error: Oops - BTI: 0000000036000002 [#1] SMP", "control-protection", "bti" },
		{ "Internal error: SP/PC alignment exception: 8a000000 [#1] SMP", "alignment-fault", "" },
		{ "Internal error: synchronous external abort: 96000210 [#1] SMP", "external-abort", "" },
		{ "Internal error: synchronous parity or ECC error: 96000218 [#1] SMP", "external-abort", "ecc" },
		{ "Internal error: kernel stack overflow: 0 [#1] SMP ARM", "stack-overflow", "" },
		{ "Internal error: aarch64 BRK: 00000000f2000004 [#1] SMP", "unexpected-exception", "" },
		{ "SError Interrupt on CPU0, code 0x00000000bf000002 -- SError", "external-abort", "serror" },
		{ "Bad mode in Error handler detected on CPU3, code 0xbf000002 -- SError", "external-abort", "serror" },
		{ "Bad mode in Synchronous Abort handler detected on CPU3, code 0x8600000f -- IABT (current EL)", "unexpected-exception", "" },
		{ "Unhandled 64-bit el1h sync exception on CPU0, ESR 0x0000000034000002 -- BTI", "unexpected-exception", "" },
		{ "Insufficient stack space to handle exception!", "stack-overflow", "" },
		{ "Oops: Kernel access of bad area, sig: 11 [#1]", "page-fault", "" },
		{ "Oops: Exception in kernel mode, sig: 5 [#1]", "kernel-bug", "" },
		{ "Oops: Exception in kernel mode, sig: 4 [#1]", "undefined-instruction", "" },
		{ "Oops: Machine check, sig: 7 [#1]", "machine-check", "" },
		{ "Oops: Unrecoverable FP Unavailable Exception, sig: 6 [#1]", "unexpected-exception", "" },
		{ "Bad kernel stack pointer 7fffd1234560 at c000000000101234", "stack-corruption", "" },
		{ "Unable to handle kernel pointer dereference in virtual kernel address space", "page-fault", "" },
		{ "addressing exception: 0005 ilc:3 [#1] SMP", "page-fault", "addressing" },
		{ "illegal operation: 0001 ilc:1 [#1] SMP", "undefined-instruction", "" },
		{ "fixpoint divide exception: 0009 ilc:2 [#1] SMP", "divide-error", "" },
		{ "specification exception: 0006 ilc:2 [#1] SMP", "unexpected-exception", "" },
		{ "monitor event: 0040 ilc:2 [#1] SMP", "kernel-bug", "" },
		{ "Oops [#1]", "page-fault", "" },
		{ "Oops - illegal instruction [#1]", "undefined-instruction", "" },
		{ "Oops - load address misaligned [#1]", "alignment-fault", "" },
		{ "Oops - store (or AMO) access fault [#1]", "external-abort", "access-fault" },
		{ "Kernel BUG [#1]", "kernel-bug", "" },
		{ "Oops[#1]:", "unknown", "" },
		{ "Kernel ade access[#1]:", "page-fault", "address-error" },
		{ "Kernel bug detected[#1]:", "kernel-bug", "" },
		{ "Oops - BUG[#1]:", "kernel-bug", "" },
		{ "Reserved instruction in kernel code[#1]:", "undefined-instruction", "" },
		{ "bounds: 0000 [#1] SMP", "bounds", "" },
		{ "Oops: bounds: 0000 [#1] SMP", "bounds", "" },
		{ "stack segment: 0000 [#1] SMP", "stack-segment", "" },
		{ "Oops: stack segment: 0000 [#1] SMP", "stack-segment", "" },
		{ "alignment check: 0000 [#1] SMP", "alignment-fault", "" },
		{ "segment not present: 0000 [#1] SMP", "unexpected-exception", "segment-not-present" },
		{ "traps: Missing ENDBR: f+0x0/0x10", "control-protection", "missing-endbr" },
		{ "Internal error: Oops - CFI: 00000000f2008229 [#1] PREEMPT SMP", "control-protection", "cfi" },
		{ "cat: Corrupted page table at address 7f4130049000", "page-fault", "corrupted-page-table" },
		{ "Oops: general protection fault, maybe for address 0x8: 0000 [#1] SMP", "general-protection-fault", "" },
		{ "kernel stack overflow (page fault): 0000 [#1] SMP", "stack-overflow", "" },
		/* No headlines: what programs run into, and what only looks like one. */
		{ "traps: probe[12] general protection fault ip:401136 sp:7ffd error:0 in probe[401000+1000]", NULL, NULL },
		{ "traps: probe[12] trap divide error ip:401136 sp:7ffd error:0", NULL, NULL },
		{ "probe[12]: unhandled exception: DABT (lower EL), ESR 0x92000006, level 2 translation fault", NULL, NULL },
		{ "Unhandled fault: imprecise external abort (0x1406) at 0xb6f01234", NULL, NULL },
		{ "Unhandled prefetch abort: breakpoint debug exception (0x222) at 0xb6f01234", NULL, NULL },
		{ "Data bus error, epc == 00401234, ra == 00401230", NULL, NULL },
		{ "bounds: 3 of 4", NULL, NULL },
		{ "stack segment: none", NULL, NULL },
		{ "debug: level 3", NULL, NULL },
		{ "Internal error: try again", NULL, NULL },
		{ "Unhandled interrupt on CPU", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		char log[300];
		struct crash_list list;
		snprintf(log, sizeof log, "%s\n", lines[i].line);
		find_in(&list, log);
		if (list.count != (lines[i].kind ? 1 : 0))
			fail_msg("%zu crashes: %s", list.count, lines[i].line);
		if (lines[i].kind) {
			assert_text(text_from(crash_kind_name(list.items[0]->kind)), lines[i].kind, lines[i].line);
			assert_text(list.items[0]->subkind, lines[i].subkind, lines[i].line);
		}
		crash_list_free(&list);
	}
}

/* The line of die() behind a headline of its own is no second crash; its code is the error code. */
static void test_second_lines(void **state)
{
	static const struct {
		const char *log, *kind;
		int64_t code; /* -1: none */
	} rows[] = {
		{ NULL_AT "  ESR = 0x96000046\nInternal error: Oops: 96000046 [#1] SMP\n", "null-pointer-dereference", 0x96000046 },
		{ NULL_AT "Internal error: Oops: 17 [#1] ARM\n", "null-pointer-dereference", 0x17 },
		{ NULL_AT "Oops [#1]\n", "null-pointer-dereference", -1 },
		{ "kernel BUG at fs/foo.c:12!\nInternal error: Oops - BUG: 0 [#1] SMP\n", "kernel-bug", 0 },
		{ "kernel BUG at fs/foo.c:12!\nOops: Exception in kernel mode, sig: 5 [#1]\n", "kernel-bug", -1 },
		{ "kernel BUG at fs/foo.c:12!\nmonitor event: 0040 ilc:2 [#1] SMP\n", "kernel-bug", 0x40 },
		{ "kernel BUG at fs/foo.c:12!\nillegal operation: 0001 [#1] SMP\n", "kernel-bug", 1 },
		{ "kernel BUG at fs/foo.c:12!\nKernel BUG [#1]\n", "kernel-bug", -1 },
		{ "kernel BUG at fs/foo.c:12!\nKernel bug detected[#1]:\n", "kernel-bug", -1 },
		{ "kernel BUG at fs/foo.c:12!\nOops - BUG[#1]:\n", "kernel-bug", -1 },
		{ "Unhandled fault: external abort on non-linefetch (0x1008) at 0xf0a42000\nInternal error: : 1008 [#1] SMP ARM\n", "external-abort", 0x1008 },
		{ "Unhandled fault: alignment exception (0x001) at 0xc0101235\nInternal error: : 1 [#1] ARM\n", "alignment-fault", 1 },
		{ "Unhandled fault: imprecise external abort (0x1406) at 0xb6f01234\nInternal error: : 1406 [#1] ARM\n", "external-abort", 0x1406 },
		{ "Unhandled prefetch abort: unknown 25 (0x409) at 0xb6f01234\nInternal error: : 409 [#1] SMP ARM\n", "page-fault", 0x409 },
		{ "Data bus error, epc == 80101234, ra == 80101230\nOops[#1]:\n", "external-abort", -1 },
		{ "CPU 1 Unable to handle kernel paging request at virtual address ffff800010101234, era == 9000000010101234, ra == 0\nOops[#1]:\n", "page-fault", -1 },
		{ "BUG: Unable to handle kernel data access on read at 0xc00000f010101234\nOops: Kernel access of bad area, sig: 11 [#1]\n"
		  "NIP:  c000000000101234 LR: 0000000000000001 CTR: 0000000000000003\nDAR: c00000f010101234 DSISR: 42000000 IRQMASK: 1\n",
		  "page-fault", 0x42000000 },
		{ "Unable to handle kernel pointer dereference in virtual kernel address space\nFailing address: 0000000000000000 TEID: 0000000000000483\nOops: 0004 ilc:2 [#1] SMP\n",
		  "null-pointer-dereference", 4 },
		{ "Unable to handle kernel pointer dereference in virtual kernel address space\nFailing address: 6b6b6b6b6b6b6000 TEID: 6b6b6b6b6b6b6803\nOops: 0038 ilc:3 [#1] SMP\n",
		  "page-fault", 0x38 },
		{ "Unexpected kernel BRK exception at EL1\nInternal error: BRK handler: f2000800 [#1] SMP\n", "unexpected-exception", 0xf2000800 },
		{ "general protection fault, probably for non-canonical address 0xdffffc0000000011: 0000 [#1] SMP\nKASAN: null-ptr-deref in range [0x88-0x8f]\n", "general-protection-fault", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct crash_list list;
		const struct crash *crash = find_one(&list, rows[i].log);
		assert_text(text_from(crash_kind_name(crash->kind)), rows[i].kind, rows[i].log);
		if (crash->has_error_code != (rows[i].code >= 0) || (crash->has_error_code && crash->error_code != (uint64_t)rows[i].code))
			fail_msg("%#" PRIx64 " in %s", crash->error_code, rows[i].log);
		assert_int_equal(crash->has_fault_address, strstr(rows[i].log, "irtual address") || strstr(rows[i].log, " at 0x") ||
		                                                   strstr(rows[i].log, "Failing address") || strstr(rows[i].log, "canonical"));
		crash_list_free(&list);
	}
}

/* Logs that begin behind the headline: the number of the exception tells the kind. */
static void test_lost_headlines(void **state)
{
	static const struct {
		const char *log, *kind;
		uint64_t address;
	} rows[] = {
		{ "epc : f+0x1/0x2\nepc : ffffffff80101234 ra : ffffffff80101200 sp : ffffffc80123bb10\ngp : 0000000000000001 tp : 0000000000000002 t0 : 0000000000000003\n"
		  "status: 0000000200000120 badaddr: ffffffff00000010 cause: 000000000000000d\n[<ffffffff80101234>] f+0x1/0x2\n---[ end trace 0 ]---\n",
		  "page-fault", UINT64_C(0xffffffff00000010) },
		{ "NIP:  c000000000101234 LR: 0000000000000001 CTR: 0000000000000003\nREGS: c0000001f4b03900 TRAP: 0300   Not tainted  (5.14.0)\n"
		  "MSR:  8000000000009033 <SF,EE>  CR: 24004422  XER: 20000000\nDAR: 0000000000000010 DSISR: 40000000\nNIP [c000000000101234] f+0x1/0x2\n---[ end trace 0 ]---\n",
		  "null-pointer-dereference", 0x10 },
		/* mips: ExcCode 7, a bus error, and 2, a page fault; die() says "Oops" of both. */
		{ "Oops[#1]:\n$ 0   : 00000000 00000001 00000002 00000003\nepc   : 82a41e34 f+0x1/0x2\nStatus: 1100fc03\tKERNEL EXL IE \n"
		  "Cause : 0080001c (ExcCode 07)\nCall Trace:\n[<82a41e34>] f+0x1/0x2\n",
		  "external-abort", 0 },
		{ "Oops[#1]:\n$ 0   : 00000000 00000001 00000002 00000003\nepc   : 82a41e34 f+0x1/0x2\nStatus: 1100fc03\tKERNEL EXL IE \n"
		  "Cause : 00800008 (ExcCode 02)\nBadVA : c0001234\nCall Trace:\n[<82a41e34>] f+0x1/0x2\n",
		  "page-fault", 0xc0001234 },
		/* The page that guards the stack. */
		{ "epc : f+0x1/0x2\nepc : ffffffff80101234 ra : ffffffff80101200 sp : ff200000002dff30\ngp : 0000000000000001 tp : 0000000000000002 t0 : 0000000000000003\n"
		  "status: 0000000200000120 badaddr: ff200000002dff38 cause: 000000000000000f\n[<ffffffff80101234>] f+0x1/0x2\n---[ end trace 0 ]---\n",
		  "unknown", 0 },
		{ "pc 9000000000223344 ra 9000000000223300 tp 9000000106ea8000 sp 9000000106eaba10\n  ERA: 9000000000223344 f+0x1/0x2\nESTAT: 00010000 [PIL] (IS= ECode=1 EsubCode=0)\n"
		  " BADV: 0000000000000088\n---[ end trace 0 ]---\n",
		  "null-pointer-dereference", 0x88 },
		{ "  ESR = 0x96000021\npstate: 60000005\npc : f+0x1/0x2\nlr : g+0x1/0x2\nsp : ffff800083c3bb50\n---[ end trace 0 ]---\n", "unknown", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct crash_list list;
		const struct crash *crash = find_one(&list, rows[i].log);
		assert_text(text_from(crash_kind_name(crash->kind)), rows[i].kind, rows[i].log);
		assert_true(crash->corrupt == !crash->headline.length && crash->has_fault_address == (rows[i].address != 0) && crash->fault_address == rows[i].address);
		crash_list_free(&list);
	}
}

/* The return address names the caller of a function without a frame; of one that has called others, or of a program, not. */
static void test_caller(void **state)
{
	static const struct {
		const char *log, *culprit;
	} rows[] = {
		{ NULL_AT "pc : memcpy+0x1/0x2\nlr : g+0x1/0x2 [m]\nCall trace:\n memcpy+0x1/0x2\n h+0x1/0x2\n", "g" },
		{ NULL_AT
		  "pc : memcpy+0x1/0x2\nlr : g+0x1/0x2 [m]\nCall trace:\n memcpy+0x1/0x2\n g+0x1/0x2 [m]\n h+0x1/0x2\n",
		  "g" },
		{ NULL_AT "pc : 0x0\nlr : g+0x1/0x2\nCall trace:\n 0x0\n h+0x1/0x2\n", "g" },
		{ NULL_AT "pc : kfree+0x1/0x2\nlr : kfree+0x0/0x2\nCall trace:\n kfree+0x1/0x2\n h+0x1/0x2\n", "h" },
		/* Plumbing itself: the next one out. */
		{ NULL_AT "pc : memcpy+0x1/0x2\nlr : kfree+0x1/0x2\nCall trace:\n memcpy+0x1/0x2\n h+0x1/0x2\n", "h" },
		{ NULL_AT "pc : f+0x1/0x2\nlr : g+0x1/0x2\nCall trace:\n f+0x1/0x2\n h+0x1/0x2\n", "f" },
		{ NULL_AT "lr : g+0x1/0x2\nCall trace:\n h+0x1/0x2\n", "h" },
		{ NULL_AT
		  "PC is at memcpy+0x1/0x2\nLR is at g+0x1/0x2\n[<c0101234>] (memcpy) from [<c0105678>] (h+0x1/0x2)\n",
		  "g" },
		{ NULL_AT "epc : memcpy+0x1/0x2\n ra : g+0x1/0x2\n[<ffffffff8058e8f2>] memcpy+0x1/0x2\n[<ffffffff806d0b5a>] "
			  "h+0x1/0x2\n",
		  "g" },
		{ "Oops: Kernel access of bad area, sig: 11 [#1]\nNIP [c000000000101234] memcpy+0x1/0x2\nLR "
		  "[c000000000101200] g+0x1/0x2\nCall Trace:\n"
		  "[c0000001f4b03b80] [c000000000101200] g+0x1/0x2 (unreliable)\n[c0000001f4b03bc0] [c000000000101300] "
		  "h+0x1/0x2\n",
		  "g" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct crash_list list;
		assert_text(find_one(&list, rows[i].log)->culprit, rows[i].culprit, rows[i].log);
		crash_list_free(&list);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_caller), cmocka_unit_test(test_registers),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_headlines),
		cmocka_unit_test(test_second_lines),
		cmocka_unit_test(test_lost_headlines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
