/*
 * The report of the out-of-memory killer: mm/oom_kill.c, what mm/page_alloc.c (mm/show_mem.c since v6.6) shows of memory,
 * and mm/memcontrol.c of a group's. Before the line that names who was killed may stand thousands that name every task.
 */
#include "crash/draft.h"

/* "java invoked oom-killer: gfp_mask=0x201da, order=0, oom_score_adj=0": names hold blanks. */
static bool take_invoked(struct draft *draft, struct text t, size_t record)
{
	size_t end = text_find(t, " invoked oom-killer: ");

	if (end == SIZE_MAX)
		return false;
	draft_set_task(draft, text_first(t, end), UINT64_MAX, record);
	return true;
}

/*
 * "Out of memory: Killed process 123 (java) total-vm:...", "Memory cgroup out of memory: Kill process 123 (java) score 905
 * or sacrifice child", "Killed process 2592, UID 500, (java) total-vm:...".
 */
static bool take_killed(struct draft *draft, struct text t)
{
	struct out_of_memory *oom = &draft->crash->out_of_memory;
	static const char *const beginnings[] = { "Kill process ", "Killed process ", "kill process ", "Killed " };
	bool of_group = text_eat(&t, "Memory cgroup out of memory: ");
	bool begins = of_group || text_eat(&t, "Out of memory: ");
	uint64_t pid;

	for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
		if (!text_eat(&t, beginnings[i]))
			continue;
		size_t open = text_find_char(t, '('), close;
		if (!text_eat_decimal(&t, &pid) || pid > INT32_MAX || open == SIZE_MAX)
			return begins;
		struct text name = text_from_offset(t, text_find_char(t, '(') + 1);
		/* The name may hold ')': what stands behind the last is known, but for what depends on the version. */
		static const char *const ends[] = { ") total-vm:", ") score ", ") vsz:" };
		close = SIZE_MAX;
		for (size_t j = 0; j < sizeof ends / sizeof *ends && close == SIZE_MAX; j++)
			close = text_find(name, ends[j]);
		if (close == SIZE_MAX)
			close = text_find_char(name, ')');
		if (of_group)
			oom->constraint = OOM_CGROUP;
		if (oom->killed_pid >= 0 || close == SIZE_MAX)
			return true;
		oom->killed_pid = (int64_t)pid;
		oom->killed_comm = arena_copy(&draft->crash->arena, text_first(name, close));
		return true;
	}
	return begins;
}

static struct text value_of(struct text t, const char *key)
{
	size_t at = text_find(t, key);
	struct text value = text_from_offset(t, at == SIZE_MAX ? at : at + text_from(key).length);

	return text_first(value, text_find_char(value, ','));
}

/* "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/x,task_memcg=/x/y,task=..." */
static bool take_constraint(struct draft *draft, struct text t)
{
	static const struct {
		const char *name;
		enum oom_constraint constraint;
	} constraints[] = {
		{ "CONSTRAINT_NONE", OOM_GLOBAL },
		{ "CONSTRAINT_CPUSET", OOM_CPUSET },
		{ "CONSTRAINT_MEMORY_POLICY", OOM_MEMORY_POLICY },
		{ "CONSTRAINT_MEMCG", OOM_CGROUP },
	};
	struct out_of_memory *oom = &draft->crash->out_of_memory;
	struct text name;

	if (!text_starts(t, "oom-kill:constraint="))
		return false;
	name = value_of(t, "constraint=");
	for (size_t i = 0; i < sizeof constraints / sizeof *constraints; i++)
		if (text_is(name, constraints[i].name))
			oom->constraint = constraints[i].constraint;
	if (!oom->cgroup.length)
		oom->cgroup = arena_copy(&draft->crash->arena, value_of(t, ",oom_memcg="));
	return true;
}

/* "Task in /user.slice killed as a result of limit of /user.slice", up to v4.20. */
static bool take_limit(struct draft *draft, struct text t)
{
	struct out_of_memory *oom = &draft->crash->out_of_memory;
	static const char mark[] = " killed as a result of limit of ";
	size_t at = text_find(t, mark);

	if (!text_starts(t, "Task in ") || at == SIZE_MAX)
		return false;
	oom->constraint = OOM_CGROUP;
	if (!oom->cgroup.length)
		oom->cgroup = arena_copy(&draft->crash->arena, text_trim(text_from_offset(t, at + sizeof mark - 1)));
	return true;
}

/* " slab_reclaimable:2345 slab_unreclaimable:1646": pages; a node's or a zone's own line has kB behind the number. */
static bool take_slab(struct draft *draft, struct text t)
{
	struct out_of_memory *oom = &draft->crash->out_of_memory;
	struct text value = value_of(t, "slab_unreclaimable:");
	uint64_t pages;

	if (text_starts(t, "Unreclaimable slab info:")) {
		oom->slab_listed = true;
		return true;
	}
	if (!text_starts(t, "Node ") && text_eat_decimal(&value, &pages) && !text_starts(value, "kB")) {
		oom->slab_unreclaimable = pages;
		return true;
	}
	return false;
}

/* "196475 pages RAM", "77431 pages reserved" */
static bool take_pages(struct draft *draft, struct text t)
{
	struct out_of_memory *oom = &draft->crash->out_of_memory;
	uint64_t pages;

	if (!text_eat_decimal(&t, &pages))
		return false;
	if (text_is(t, " pages RAM"))
		oom->memory = pages;
	else if (text_is(t, " pages reserved") || text_is(t, " reserved pages"))
		oom->reserved = pages;
	return text_starts(t, " pages ") || text_starts(t, " total pagecache pages") || text_starts(t, " reserved pages");
}

/* A row of the table of tasks, "[  1234]     0  1234     5432      210 ..."; of slabs, "kmalloc-1k   5021KB   5034KB". */
static bool is_table_row(struct text t)
{
	uint64_t pid;

	if (text_eat_char(&t, '[')) {
		text_eat_blanks(&t);
		return text_starts(t, "pid") || (text_eat_decimal(&t, &pid) && text_starts(t, "]"));
	}
	return t.length > 2 && text_ends(t, "KB");
}

/* A group's statistics: "workingset_refault_anon 0". */
static bool is_statistic(struct text t)
{
	struct text name;
	uint64_t number;

	if (!text_eat_word(&t, &name) || !text_eat_char(&t, ' ') || !text_eat_decimal(&t, &number) || t.length)
		return false;
	for (size_t i = 0; i < name.length; i++)
		if (!(name.data[i] >= 'a' && name.data[i] <= 'z') && !(name.data[i] >= '0' && name.data[i] <= '9') &&
		    name.data[i] != '_')
			return false;
	return true;
}

static const char *const other_lines[] = {
	"Mem-Info:",
	"Mem-info:",
	"Node ",
	"active_anon:",
	"active_file:",
	"inactive_anon:",
	"inactive_file:",
	"unevictable:",
	"mapped:",
	"free:",
	"sec_pagetables:",
	"kernel_misc_reclaimable:",
	"lowmem_reserve",
	"CPU ",
	"Swap cache stats:",
	"Free swap",
	"Total swap",
	"Tasks state",
	"Name ",
	"memory: usage",
	"memory+swap:",
	"swap: usage",
	"kmem: usage",
	"Memory cgroup stats for",
	"Tasks in ",
	"oom_reaper: ",
	"oom-kill: ",
	"pagecache ",
	"DMA",
	"Normal",
	"HighMem",
	"cache:",
};

static bool is_other_line(struct text t)
{
	for (size_t i = 0; i < sizeof other_lines / sizeof *other_lines; i++)
		if (text_starts(t, other_lines[i]))
			return true;
	return false;
}

bool part_out_of_memory(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_trim(text);

	if (!draft->has_headline || draft->crash->kind != CRASH_OUT_OF_MEMORY)
		return false;
	return take_constraint(draft, rest) || take_killed(draft, rest) || take_limit(draft, rest) ||
	       take_invoked(draft, rest, record) || take_slab(draft, rest) || take_pages(draft, rest) ||
	       is_table_row(rest) || is_statistic(rest) || is_other_line(rest);
}

bool out_of_memory_is_kernels(const struct out_of_memory *oom)
{
	uint64_t usable = oom->memory > oom->reserved ? oom->memory - oom->reserved : 0;

	return oom->slab_listed || (usable && oom->slab_unreclaimable > usable / 2);
}

const char *oom_constraint_name(enum oom_constraint constraint)
{
	static const char *const names[] = {
		[OOM_NOT_SAID] = NULL,
		[OOM_GLOBAL] = "global",
		[OOM_CGROUP] = "cgroup",
		[OOM_CPUSET] = "cpuset",
		[OOM_MEMORY_POLICY] = "memory-policy",
	};

	return names[constraint];
}

void out_of_memory_close(struct draft *draft)
{
	struct crash *crash = draft->crash;
	struct out_of_memory *oom = &crash->out_of_memory;

	if (crash->kind != CRASH_OUT_OF_MEMORY)
		return;
	if (oom->constraint != OOM_NOT_SAID)
		crash->subkind = text_from(oom_constraint_name(oom->constraint));
	if (oom->killed_comm.length)
		draft->title = arena_print(&crash->arena, "out of memory: killed %.*s", TEXT_ARGS(oom->killed_comm)).data;
}
