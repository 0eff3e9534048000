/* crash/: the out-of-memory killer's report: who was killed, what ran out, and whether it was the kernel's own memory. */
#include "test_crash.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void test_killed(void **state)
{
	static const struct {
		const char *line, *comm;
		int64_t pid;
	} rows[] = {
		{ "Out of memory: Killed process 123 (java) total-vm:1kB, anon-rss:1kB", "java", 123 },
		{ "Out of memory: Kill process 123 (java) score 905 or sacrifice child", "java", 123 },
		{ "Out of memory: kill process 123 (java) score 905 or a child", "java", 123 },
		{ "Memory cgroup out of memory: Killed process 9 ((sd-pam)) total-vm:1kB", "(sd-pam)", 9 },
		{ "Memory cgroup out of memory: Kill process 9 (a) score) score 5 or sacrifice child", "a) score", 9 },
		{ "Out of memory: Killed process 99999999999 (java) total-vm:1kB", "", -1 },
		{ "Out of memory: Killed process 12 java", "", -1 },
		{ "Out of memory: Killed process 12 (jav", "", -1 },
		{ "Out of memory: Killed process ", "", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct crash_list list;
		const struct crash *crash = find_one(&list, rows[i].line);
		assert_int_equal(crash->kind, CRASH_OUT_OF_MEMORY);
		assert_text(crash->out_of_memory.killed_comm, rows[i].comm, rows[i].line);
		assert_int_equal(crash->out_of_memory.killed_pid, rows[i].pid);
		crash_list_free(&list);
	}
}

static void test_constraint(void **state)
{
	static const struct {
		const char *log, *cgroup;
		enum oom_constraint constraint;
	} rows[] = {
		{ "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/"
		  "x,task=a",
		  "", OOM_GLOBAL },
		{ "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a/b,task_memcg=/"
		  "a/b/c",
		  "/a/b", OOM_CGROUP },
		{ "oom-kill:constraint=CONSTRAINT_CPUSET,nodemask=0", "", OOM_CPUSET },
		{ "oom-kill:constraint=CONSTRAINT_MEMORY_POLICY,nodemask=0", "", OOM_MEMORY_POLICY },
		{ "oom-kill:constraint=CONSTRAINT_OF_MARS", "", OOM_NOT_SAID },
		{ "a invoked oom-killer: gfp_mask=0x1\nTask in /a/b killed as a result of limit of /a", "/a", OOM_CGROUP },
		{ "a invoked oom-killer: gfp_mask=0x1\nOut of memory: Kill process 1 (a) score 1", "", OOM_NOT_SAID },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct crash_list list;
		const struct crash *crash = find_one(&list, rows[i].log);
		assert_int_equal(crash->out_of_memory.constraint, rows[i].constraint);
		assert_text(crash->out_of_memory.cgroup, rows[i].cgroup, "cgroup");
		crash_list_free(&list);
	}
}

static void test_kernels_own(void **state)
{
	static const struct {
		const char *lines;
		bool kernels;
	} rows[] = {
		{ "", false },
		{ " slab_reclaimable:1 slab_unreclaimable:501\n1000 pages RAM\n", true },
		{ " slab_reclaimable:1 slab_unreclaimable:500\n1000 pages RAM\n", false },
		{ " slab_reclaimable:1 slab_unreclaimable:401\n1000 pages RAM\n200 pages reserved\n", true },
		{ "Node 0 DMA free:1kB slab_unreclaimable:900kB\n1000 pages RAM\n", false },
		{ " slab_unreclaimable:900\n1000 pages RAM\n2000 pages reserved\n", false },
		{ "Unreclaimable slab info:\n", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char log[300];
		struct crash_list list;
		snprintf(log, sizeof log, "a invoked oom-killer: gfp_mask=0x1\nMem-Info:\n%s", rows[i].lines);
		const struct crash *crash = find_one(&list, log);
		if (out_of_memory_is_kernels(&crash->out_of_memory) != rows[i].kernels)
			fail_msg("%s", rows[i].lines);
		crash_list_free(&list);
	}
}

/* Who asked for memory is chance; who was killed is not. However many tasks are listed, the end is found. */
static void test_repeats(void **state)
{
	struct writing w = { .time = 100 };
	struct crash_list list;
	char line[200];

	(void)state;
	for (int report = 0; report < 30; report++) {
		snprintf(line, sizeof line, "worker %d:x invoked oom-killer: gfp_mask=0x1", report);
		write_text(&w, line);
		for (int task = 0; task < 3000; task++) {
			snprintf(line, sizeof line, "[%7d]     0 %5d     4211      310 worker", task, task);
			write_text(&w, line);
		}
		snprintf(line, sizeof line, "Out of memory: Killed process %d (%s) total-vm:1kB", 500 + report,
			 report == 7 ? "nginx" : "java");
		write_text(&w, line);
		w.time += 60;
	}
	read_written(&w, &list);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[0]->repeats, 28);
	assert_text(list.items[0]->comm, "worker 0:x", "comm");
	assert_text(list.items[0]->title, "out of memory: killed java", "title");
	assert_text(list.items[1]->title, "out of memory: killed nginx", "title");
	crash_list_free(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_constraint),
		cmocka_unit_test(test_kernels_own),
		cmocka_unit_test(test_repeats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
