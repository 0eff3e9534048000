/* crash/: the lines of a report: places, frames, modules, registers, tasks; and the names that are made of them. */
#include "base/cut.h"
#include "crash/location.h"

#include "test_crash.h"

struct place {
	const char *text;
	const char *function, *module;
	uint64_t address, offset, size;
	bool has_address, unreliable;
	const char *rest; /* NULL: it is no place */
};

static void test_places(void **state)
{
	static const struct place places[] = {
		{ .text = "f+0x1/0x20", .function = "f", .offset = 1, .size = 0x20, .rest = "" },
		{ .text = "f.isra.0+0x1/0x20 [m]", .function = "f.isra.0", .module = "m", .offset = 1, .size = 0x20, .rest = "" },
		{ .text = "? f+0x1/0x20 [m] x", .function = "f", .module = "m", .offset = 1, .size = 0x20, .unreliable = true, .rest = " x" },
		{ .text = "f+0x1/0x20 [m 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d]", .function = "f", .module = "m", .offset = 1, .size = 0x20, .rest = "" },
		{ .text = "f+0x1/0x20 [m(OE)]", .function = "f", .module = "m", .offset = 1, .size = 0x20, .rest = "" },
		{ .text = "[<ffffffff9c3f7254>] f+0x1/0x20", .function = "f", .address = UINT64_C(0xffffffff9c3f7254), .has_address = true, .offset = 1,
		  .size = 0x20, .rest = "" },
		{ .text = "[<ffffffff9c3f7254>] ? f+0x1/0x20 [m]", .function = "f", .module = "m", .address = UINT64_C(0xffffffff9c3f7254),
		  .has_address = true, .offset = 1, .size = 0x20, .unreliable = true, .rest = "" },
		{ .text = "[<ffffffff8836c1b4>] :foo:f+0x1/0x20", .function = "f", .module = "foo", .address = UINT64_C(0xffffffff8836c1b4),
		  .has_address = true, .offset = 1, .size = 0x20, .rest = "" },
		{ .text = "[<          (null)>] ", .has_address = true, .rest = "" },
		{ .text = "[<c0123456>]", .address = 0xc0123456, .has_address = true, .rest = "" },
		{ .text = "0xffffffffc0301234", .address = UINT64_C(0xffffffffc0301234), .has_address = true, .rest = "" },
		{ .text = "? 0xffffffffc0301234 [m]", .module = "m", .address = UINT64_C(0xffffffffc0301234), .has_address = true, .unreliable = true, .rest = "" },
		{ .text = "f+0x1/0x20()", .function = "f", .offset = 1, .size = 0x20, .rest = "()" },
		{ .text = "_RNvXs_NtCs1h+0xab/0xcd", .function = "_RNvXs_NtCs1h", .offset = 0xab, .size = 0xcd, .rest = "" },
		{ .text = "" }, { .text = "f" }, { .text = "f+0x1" }, { .text = "f+1/2" }, { .text = "f+0x1/" }, { .text = "+0x1/0x2" },
		{ .text = "1f+0x1/0x2" }, { .text = "f+0x1/0x2x" }, { .text = "[<>] x" }, { .text = "[<xyz>] f+0x1/0x2" }, { .text = "[<12" },
		{ .text = "f +0x1/0x2" }, { .text = ":foo f+0x1/0x2" }, { .text = "f+0x11112222333344445/0x2" }, { .text = "0x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const struct place *place = &places[i];
		struct text t = text_from(place->text);
		struct crash_location found;
		bool reliable;
		if (location_eat(&t, &found, &reliable) != (place->rest != NULL))
			fail_msg("\"%s\": %s", place->text, place->rest ? "no place" : "a place");
		assert_text(t, place->rest ? place->rest : place->text, place->text);
		if (!place->rest)
			continue;
		assert_text(found.function, place->function, place->text);
		assert_text(found.module, place->module, place->text);
		assert_true(found.address == place->address && found.offset == place->offset && found.size == place->size);
		assert_true(found.has_address == place->has_address && reliable == !place->unreliable);
		assert_int_equal(found.has_offset, place->function != NULL);
	}
}

static void test_instruction_pointers(void **state)
{
	static const struct {
		const char *line, *function;
		bool none, user, summary;
	} lines[] = {
		{ .line = "RIP: 0010:f+0x1/0x20", .function = "f" },
		{ .line = "RIP: 0010:[<ffffffffa0301234>]  [<ffffffffa0301234>] f+0x14/0x90 [foo]", .function = "f" },
		{ .line = "RIP: 0010:[<ffffffffa0301234>] [<ffffffffa0301234>] :foo:f+0x14/0x90", .function = "f" },
		{ .line = "RIP: e030:f+0x1/0x20", .function = "f" },
		{ .line = "RIP: e030:[<ffffffff81001234>]  [<ffffffff81001234>] f+0x14/0x90", .function = "f" },
		{ .line = "RIP: 0010:          (null)" },
		{ .line = "RIP: 0010:0x0" },
		{ .line = "RIP: 0010:[<0000000000000000>]  [<          (null)>]           (null)" },
		{ .line = "RIP: 0010:0xffffffffc0301234" },
		{ .line = "RIP: 0033:0x47cc47", .user = true },
		{ .line = "RIP: 0033:[<00007f4130049740>]  [<00007f4130049740>] 0x7f4130049740", .user = true },
		{ .line = "RIP: e033:0x7f4130049740", .user = true },
		{ .line = "RIP: 0023:0xf7f01234", .user = true },
		{ .line = "RIP  [<ffffffffa0301234>] f+0x14/0x90 [foo]", .function = "f", .summary = true },
		{ .line = "IP: [<ffffffffa0301234>] f+0x14/0x90 [foo]", .function = "f", .summary = true },
		{ .line = "IP: f+0x14/0x90", .function = "f", .summary = true },
		{ .line = "EIP is at f+0x14/0x90 [foo]", .function = "f", .summary = true },
		{ .line = "EIP: f+0x14/0x90", .function = "f" },
		{ .line = "EIP: 0060:f+0x14/0x90", .function = "f" },
		{ .line = "   RIP: 0010:f+0x1/0x20", .function = "f" },
		{ .line = "RIP: garbage", .none = true },
		{ .line = "TRIP: 0010:f+0x1/0x20", .none = true },
		{ .line = "IP: 192.168.0.1", .none = true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct crash_place found = { 0 };
		bool is = place_of_line(text_from(lines[i].line), &found);
		if (is == lines[i].none || (is && (found.user != lines[i].user || found.summary != lines[i].summary)))
			fail_msg("\"%s\": %s%s%s", lines[i].line, is ? "a place" : "no place", found.user ? ", user" : "", found.summary ? ", summary" : "");
		if (!is)
			continue;
		assert_text(found.location.function, lines[i].function, lines[i].line);
		if (!found.user && !lines[i].function)
			assert_true(found.location.has_address);
	}
}

#define HEAD "BUG: kernel NULL pointer dereference, address: 0000000000000088\nOops: 0002 [#1] SMP\n"

static void test_frames(void **state)
{
	static const struct {
		const char *log, *frames; /* function[module]/context, '?' in front of the unreliable */
	} traces[] = {
		{ HEAD "Call Trace:\n f+0x1/0x2\n ? g+0x1/0x2 [m]\n h+0x1/0x2 [m 1a2b]\n 0xffffffffc0301234\n", "f/task ?g[m]/task h[m]/task /task" },
		{ HEAD "Call Trace:\n <IRQ>  [<ffffffff810c5e22>] f+0xc2/0x130\n [<ffffffff810c5e23>] ? g+0x1/0x2\n <EOI>  [<ffffffff810c5e24>] h+0x1/0x2\n",
		  "f/irq ?g/irq h/task" },
		{ HEAD "Call Trace:\n <NMI>  [<ffffffff810c5e22>] f+0xc2/0x130\n <<EOE>>  <IRQ>  [<ffffffff810c5e24>] h+0x1/0x2\n <EOI>  k+0x1/0x2\n",
		  "f/nmi h/irq k/task" },
		{ HEAD "Call Trace:\n <IRQ>\n f+0x1/0x2\n </IRQ>\n <TASK>\n g+0x1/0x2\n RIP: 0033:0x1234\n </TASK>\n", "f/irq g/task" },
		{ HEAD "Call Trace:\n <#DF>\n f+0x1/0x2\n </#DF>\n <ENTRY_TRAMPOLINE>\n g+0x1/0x2\n </ENTRY_TRAMPOLINE>\n <SOFTIRQ>\n h+0x1/0x2\n",
		  "f/exception g/exception h/softirq" },
		{ HEAD "Call Trace: f+0x1/0x2 g+0x3/0x4\n", "f/task g/task" },
		{ HEAD "Call Trace:\n [<ffffffff8836c1b4>] :foo:f+0x14/0x90\n [<ffffffff80016a14>] g+0xce/0x174\n", "f[foo]/task g/task" },
		{ HEAD "Call Trace:\n f+0x1/0x2\n Code: 1 2 <3>\n", "f/task" },
		/* Only the first trace is this crash's. */
		{ HEAD "Call Trace:\n f+0x1/0x2\nCall Trace:\n g+0x1/0x2\n", "f/task" },
		{ HEAD "Call Trace:\n f+0x1/0x2\n---[ end trace 0000000000000000 ]---\n g+0x1/0x2\n", "f/task" },
		{ HEAD " f+0x1/0x2\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
		struct crash_list list;
		const struct crash *crash = find_one(&list, traces[i].log);
		char got[500] = "";
		for (size_t j = 0; j < crash->frame_count; j++) {
			const struct crash_frame *frame = &crash->frames[j];
			append_frame(got, sizeof got, frame);
			snprintf(got + strlen(got), sizeof got - strlen(got), "/%s", crash_context_name(frame->context));
			assert_true(frame->record < crash->record_count);
			if (frame->location.function.length)
				assert_true(text_find(crash->records[frame->record].text, frame->location.function.data) != SIZE_MAX);
		}
		assert_string_equal(got, traces[i].frames);
		crash_list_free(&list);
	}
}

static void test_modules(void **state)
{
	static const struct {
		const char *lines, *modules;
	} lists[] = {
		{ "Modules linked in: a(OE) b-c(+) d(P-) e_f [last unloaded: x]\n", "a b-c d e_f" },
		{ "Modules linked in:\nCPU: 0 PID: 1 Comm: x Not tainted 6.1.0 #1\n", "" },
		{ "Modules linked in: dm_mirror dm_re\ngion_hash dm_log\n", "dm_mirror dm_region_hash dm_log" },
		{ "Modules linked in: snd_pcm snd_timer snd\nppdev parport\n", "snd_pcm snd_timer snd ppdev parport" },
		{ "Modules linked in: snd_pcm ppdev\nsnd_timer\n", "snd_pcm ppdev snd_timer" },
		{ "Modules linked in: a vbo\nxsf(OE) c\n", "a vboxsf c" },
		{ "Modules linked in: a b\n c d\n e [last unloaded: f]\n", "a b c d e" },
		{ "Modules linked in: a b [last unloaded: c]\nModules linked in: d\n", "a b" },
		{ "Modules linked in: a b\nCode: 48 89\n", "a b" },
		{ "Modules linked in: a b\nRIP: 0010:f+0x1/0x2\nc d\n", "a b" },
		{ "Modules linked in: a() b(\n", "a" },
		/* Two halves that are too long for one name; else a log of such lines would grow one name without end. */
		{ "Modules linked in: x12345678901234567890123456789\ny12345678901234567890123456789\n",
		  "x12345678901234567890123456789 y12345678901234567890123456789" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		char log[1000], got[500] = "";
		struct crash_list list;
		snprintf(log, sizeof log, HEAD "%s", lists[i].lines);
		const struct crash *crash = find_one(&list, log);
		for (size_t j = 0; j < crash->module_count; j++)
			snprintf(got + strlen(got), sizeof got - strlen(got), "%s%.*s", j ? " " : "", TEXT_ARGS(crash->modules[j]));
		assert_string_equal(got, lists[i].modules);
		crash_list_free(&list);
	}
}

static void test_tasks(void **state)
{
	static const struct {
		const char *line, *comm, *tainted, *release;
		int64_t cpu, pid;
	} lines[] = {
		{ "CPU: 1 PID: 2577 Comm: a b: c Not tainted 6.1.0-9-amd64 #1 Debian", "a b: c", "", "6.1.0-9-amd64", 1, 2577 },
		{ "CPU: 1 UID: 0 PID: 2577 Comm: x Kdump: loaded Not tainted 6.12.9 #1", "x", "", "6.12.9", 1, 2577 },
		{ "CPU: 12 UID: 4294967295 PID: 2577 Comm: x Tainted: G           OE      6.12.9 #1", "x", "G OE", "6.12.9", 12, 2577 },
		{ "CPU: 1 PID: 2577 Comm: x Kdump: loaded Tainted: P    B D W  OEL   4.18.0-80.el8.x86_64 #1", "x", "P B D W OEL", "4.18.0-80.el8.x86_64", 1, 2577 },
		{ "CPU: 1 PID: 2577 Comm: x Tainted: G           OE  ------------ T 3.10.0-862.el7.x86_64 #1", "x", "G OE T", "3.10.0-862.el7.x86_64", 1, 2577 },
		{ "CPU: 1 PID: 0 Comm: swapper/1 Tainted: G        W         5.10.0-rc1+ #2", "swapper/1", "G W", "5.10.0-rc1+", 1, 0 },
		{ "Pid: 2577, comm: a b Not tainted 2.6.32-431.el6.x86_64 #1 Vendor Model", "a b", "", "2.6.32-431.el6.x86_64", -1, 2577 },
		{ "Pid: 2577, comm: x Tainted: G        W  ---------------    2.6.32-431.el6.x86_64 #1", "x", "G W", "2.6.32-431.el6.x86_64", -1, 2577 },
		{ "Pid: 2577, comm: x Tainted: PF       W  O 3.8.0 #1", "x", "PF W O", "3.8.0", -1, 2577 },
		{ "CPU: 1 PID: 2577 Comm: x", "x", NULL, "", 1, 2577 },
		{ "CPU: 1 PID: x Comm: x", "", NULL, "", -1, -1 },
		{ "CPU: 1 PID: 99999999999 Comm: x Not tainted 6.1.0 #1", "x", "", "6.1.0", 1, -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		char log[1000];
		struct crash_list list;
		snprintf(log, sizeof log, HEAD "%s\nCPU: 7 PID: 8 Comm: later Tainted: GZ 1.2.3 #1\n", lines[i].line);
		if (!lines[i].release[0])
			*strstr(log, "CPU: 7") = '\0';
		const struct crash *crash = find_one(&list, log);
		assert_text(crash->comm, lines[i].comm, lines[i].line);
		assert_text(crash->release, lines[i].release, lines[i].line);
		assert_int_equal(crash->taint_known, lines[i].tainted != NULL);
		assert_text(crash->tainted, lines[i].tainted, lines[i].line);
		/* A line of another CPU or task says nothing of this one. */
		assert_int_equal(crash->cpu, lines[i].cpu);
		assert_int_equal(crash->pid, lines[i].pid);
		crash_list_free(&list);
	}
}

static void test_registers(void **state)
{
	static const struct {
		const char *name;
		uint64_t value;
	} expected[] = {
		{ "rsp", UINT64_C(0xffff8996b7243e48) }, { "eflags", 0x10246 }, { "rax", 0 }, { "rbx", UINT64_C(0xffff8996b670e910) }, { "r8", 8 },
		{ "r10", 10 }, { "fs", UINT64_C(0x7f4130049740) }, { "knlgs", 0 }, { "cs", 0x10 }, { "cr0", 0x80050033 }, { "cr2", 0x88 },
	};
	struct crash_list list;
	const struct crash *crash = find_one(&list, HEAD
		"RSP: 0018:ffff8996b7243e48 EFLAGS: 00010246\nRAX: 0000000000000000 RBX: ffff8996b670e910 R08: 0000000000000008\n"
		"R10: 000000000000000a RCX: garbage\nFS:  00007f4130049740(0000) GS:ffff8e48de200000(0000) knlGS:0000000000000000\n"
		"CS:  0010 DS: 0000 ES: 0000 CR0: 0000000080050033\nCR2: 0000000000000088 CR3: 00000000013dc000 CR4: 00000000000006b0\n"
		"RIP: 0033:0x47cc47\nRSP: 002b:00007ffdc2539ea8 EFLAGS: 00000246 ORIG_RAX: 0000000000000054\n"
		"RAX: ffffffffffffffda R09: 0000000000000009 RBX: 0000000038defb00\n");

	(void)state;
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		size_t j = 0;
		while (j < crash->register_count && strcmp(crash->registers[j].name, expected[i].name) != 0)
			j++;
		assert_true(j < crash->register_count);
		assert_true(crash->registers[j].value == expected[i].value);
	}
	for (size_t j = 0; j < crash->register_count; j++) /* what the program had in them is not the kernel's */
		assert_true(strcmp(crash->registers[j].name, "r9") != 0 && strcmp(crash->registers[j].name, "orig_rax") != 0);
	crash_list_free(&list);
}

/* 32-bit kernels before v4.15: the full line has the address only, the place stands on "EIP is at". */
static void test_place_of_i386(void **state)
{
	struct crash_list list;

	(void)state;
	const struct crash *crash = find_one(&list, "BUG: unable to handle kernel NULL pointer dereference at 00000010\nIP: [<f8a01234>] foo_write+0x14/0x90 [foo]\n"
		"*pde = 00000000 \nOops: 0002 [#1] SMP \nCPU: 1 PID: 2577 Comm: inotify Not tainted 3.10.0 #1\nEIP: 0060:[<f8a01234>] EFLAGS: 00010246 CPU: 1\n"
		"EIP is at foo_write+0x14/0x90 [foo]\nEAX: 00000000 EBX: f6a0e910 ECX: 00000018 EDX: 00000000\n");
	assert_text(crash->instruction_pointer.function, "foo_write", "place");
	assert_text(crash->culprit, "foo_write", "culprit");
	assert_true(crash->has_fault_address && crash->fault_address == 0x10);
	assert_string_equal(list.arch, "i686");
	crash_list_free(&list);
}

/* The place of a corrupted stack is an address of all its digits where it has no name; the beginning of a name is neither. */
static void test_place_of_corrupted_stack(void **state)
{
	static const struct {
		const char *place, *function;
		uint64_t address;
	} rows[] = {
		{ "foo_write+0x14/0x90 [foo]", "foo_write", 0 },
		{ "ffffffffa0301234", "", UINT64_C(0xffffffffa0301234) },
		{ "c0301234\n", "", 0xc0301234 },
		{ "ca\n", "", 0 },
		{ "cafe_", "", 0 },
		{ "deadbeef_write\n", "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char log[128];
		struct crash_list list;
		snprintf(log, sizeof log, "Kernel panic - not syncing: stack-protector: Kernel stack is corrupted in: %s", rows[i].place);
		const struct crash *crash = find_one(&list, log);
		assert_text(crash->instruction_pointer.function, rows[i].function, rows[i].place);
		if (crash->instruction_pointer.has_address != (rows[i].address != 0) || crash->instruction_pointer.address != rows[i].address)
			fail_msg("%s: %" PRIx64, rows[i].place, crash->instruction_pointer.address);
		crash_list_free(&list);
	}
}

static void test_culprits(void **state)
{
	static const struct {
		const char *function, *caller, *culprit;
	} rows[] = {
		{ "foo_write", "bar", "foo_write" },
		{ "_raw_spin_lock", "d_delete", "d_delete" },
		{ "kmem_cache_alloc", "inotify_new_group", "inotify_new_group" },
		{ "memcpy_erms", "foo.constprop.0", "foo" },
		{ "__list_del_entry_valid.cold", "bar", "bar" },
		{ "_raw_spin_lock", "mutex_lock", "ksys_write" },
		{ "__x64_sys_foo", "bar", "sys_foo" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct writing w = { .time = 1 };
		struct crash_list list;
		write_oops(&w, &(struct report){ .pid = 1, .function = rows[i].function, .caller = rows[i].caller });
		read_written(&w, &list);
		assert_int_equal(list.count, 1);
		const struct crash *crash = list.items[0];
		assert_text(crash->culprit, rows[i].culprit, rows[i].function);
		assert_true(text_ends(crash->title, rows[i].culprit));
		assert_true(crash->culprit_record < crash->record_count);
		crash_list_free(&list);
	}
	/* Nothing but plumbing: the fault's own place. */
	struct crash_list list;
	const struct crash *crash = find_one(&list, HEAD "RIP: 0010:_raw_spin_lock+0x1/0x2\nCall Trace:\n kthread+0x1/0x2\n ret_from_fork+0x1/0x2\n");
	assert_text(crash->culprit, "_raw_spin_lock", "culprit");
	crash_list_free(&list);
	/* A call through a NULL pointer: who called. Unreliable frames are passed over. */
	crash = find_one(&list, HEAD "RIP: 0010:0x0\nCode: Bad RIP value.\nCall Trace:\n ? guess+0x1/0x2\n foo+0x1/0x2\n");
	assert_text(crash->culprit, "foo", "culprit");
	crash_list_free(&list);
	crash = find_one(&list, "kernel BUG at fs/foo.c:123!\n");
	assert_text(crash->culprit, "", "culprit");
	assert_text(crash->title, "kernel BUG", "title");
	assert_false(crash->has_fingerprint);
	crash_list_free(&list);
}

static uint64_t fingerprint_of(const char *log)
{
	struct crash_list list;
	const struct crash *crash = find_one(&list, log);
	uint64_t fingerprint = crash->fingerprint;

	assert_true(crash->has_fingerprint);
	crash_list_free(&list);
	return fingerprint;
}

static void test_fingerprints(void **state)
{
	static const char *const same[] = {
		HEAD "RIP: 0010:foo_write+0x1/0x2\nCall Trace:\n bar_call+0x1/0x2\n vfs_write+0x1/0x2\n sys_write+0x1/0x2\n",
		HEAD "CPU: 3 PID: 9 Comm: x Not tainted 6.1.0 #1\nRIP: 0010:foo_write+0x77/0x99 [foo]\nCall Trace:\n <TASK>\n bar_call.isra.0+0x3/0x4\n"
		     " ? guess+0x1/0x2\n vfs_write+0x3/0x4\n __x64_sys_write+0x5/0x6\n do_syscall_64+0x1/0x2\n",
		"[   12.345678] BUG: unable to handle kernel NULL pointer dereference at 0000000000000008\n"
		"[   12.345678] IP: [<ffffffffa0301234>] foo_write+0x14/0x90 [foo]\n[   12.345679] Oops: 0000 [#7] SMP\n"
		"[   12.345679] RIP: 0010:[<ffffffffa0301234>]  [<ffffffffa0301234>] foo_write.constprop.3+0x14/0x90 [foo]\n[   12.345679] Call Trace:\n"
		"[   12.345679]  [<ffffffff8121b4ed>] bar_call.part.2+0xbd/0x1e0\n[   12.345679]  [<ffffffff8121c2ff>] SyS_write+0x7f/0xf0\n",
		/* Compilers leave out the last function before a system call's entry; and an interrupt comes anywhere. */
		HEAD "RIP: 0010:foo_write+0x1/0x2\nCall Trace:\n bar_call+0x1/0x2\n do_syscall_64+0x1/0x2\n",
		HEAD "RIP: 0010:foo_write+0x1/0x2\nCall Trace:\n <IRQ>\n bar_call+0x1/0x2\n handle_irq+0x1/0x2\n asm_common_interrupt+0x1/0x2\n </IRQ>\n"
		     " baz+0x1/0x2\n",
	};
	static const char *const different[] = {
		HEAD "RIP: 0010:foo_write+0x1/0x2\nCall Trace:\n baz_call+0x1/0x2\n vfs_write+0x1/0x2\n sys_write+0x1/0x2\n",
		HEAD "RIP: 0010:foo_read+0x1/0x2\nCall Trace:\n bar_call+0x1/0x2\n vfs_write+0x1/0x2\n sys_write+0x1/0x2\n",
		HEAD "RIP: 0010:foo_write+0x1/0x2\nCall Trace:\n bar_call+0x1/0x2\n baz_call+0x1/0x2\n sys_write+0x1/0x2\n",
		HEAD "RIP: 0010:foo_write+0x1/0x2\nCall Trace:\n vfs_write+0x1/0x2\n",
		"general protection fault: 0000 [#1] SMP\nRIP: 0010:foo_write+0x1/0x2\nCall Trace:\n bar_call+0x1/0x2\n sys_write+0x1/0x2\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		assert_true(fingerprint_of(same[i]) == UINT64_C(0xcd96d3d5b8715c55));
	for (size_t i = 0; i < sizeof different / sizeof *different; i++) {
		assert_true(fingerprint_of(different[i]) != UINT64_C(0xcd96d3d5b8715c55));
		for (size_t j = 0; j < i; j++)
			assert_true(fingerprint_of(different[i]) != fingerprint_of(different[j]));
	}
	assert_true(fingerprint_of("sysrq: Trigger a crash\nKernel panic - not syncing: sysrq triggered crash\n") == UINT64_C(0xd22632c72719f197));
	/* Five functions: the sixth makes no difference, and one that calls itself counts once. */
	assert_true(fingerprint_of("WARNING: CPU: 0 PID: 1 at fs/foo.c:12 foo_write+0x1/0x2\nCall Trace:\n a1+0x1/0x2\n kfree+0x1/0x2\n a2+0x1/0x2\n"
		"a2+0x1/0x2\n a3+0x1/0x2\n a4+0x1/0x2\n a5+0x1/0x2\n") == UINT64_C(0x4a5c5b53d0f79ffd));
	assert_true(fingerprint_of("INFO: task x:1 blocked for more than 120 seconds.\nCall Trace:\n schedule+0x1/0x2\n foo_write+0x1/0x2\n SyS_write+0x1/0x2\n") ==
	            UINT64_C(0x4191b2afc906f08f));
}

/* A log that was cut within its last line: the beginning of a number is no number. A whole one, and one before a line end, is. */
static void test_number_at_the_end(void **state)
{
	static const char *const same[] = { "", " ", "RAX: 000000000000001f", "foo+0x1/0x2", "surface", "1f", "seconds.", "6.12", "R08:" };
	static const char *const cut[][2] = { { "RAX: 00000000000000 RBX: 0000", "RAX: 00000000000000 RBX: " }, { "address 0xdead", "address " },
		{ "CPU: 1 PID: 12", "CPU: 1 PID: " }, { "CPU#1", "CPU#" }, { " [<ffff", " [<" }, { "at 0x", "at 0x" }, { "at 0", "at " } };
	struct crash_list list;

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		assert_text(cut_before_number(text_from(same[i])), same[i], same[i]);
	for (size_t i = 0; i < sizeof cut / sizeof *cut; i++)
		assert_text(cut_before_number(text_from(cut[i][0])), cut[i][1], cut[i][0]);
	/* What looks like a NULL pointer for lack of digits. */
	const struct crash *crash = find_one(&list, "RIP: 0010:foo_write+0x1/0x2\nOops: 0002 [#1]\nRAX: 0000000000000001 RBX: 0000000000000002\nCR2: 0000");
	assert_int_equal(crash->kind, CRASH_UNKNOWN_KIND);
	assert_int_equal(crash->register_count, 2);
	crash_list_free(&list);
	crash = find_one(&list, "RIP: 0010:foo_write+0x1/0x2\nOops: 0002 [#1]\nRAX: 0000000000000001 RBX: 0000000000000002\nCR2: 0000000000000008");
	assert_int_equal(crash->kind, CRASH_NULL_POINTER_DEREFERENCE);
	crash_list_free(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_instruction_pointers),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_tasks),
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_culprits),
		cmocka_unit_test(test_fingerprints),
		cmocka_unit_test(test_place_of_i386),
		cmocka_unit_test(test_place_of_corrupted_stack),
		cmocka_unit_test(test_number_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
