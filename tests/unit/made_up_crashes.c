/* Ordinary crashes of made-up fleets: a few bugs and a few hosts have most of them. */
#include "made_up_fleet.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static uint32_t seed;

static uint32_t random_below(uint32_t limit)
{
	seed = seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(seed >> 4) * limit >> 28);
}

/* Small numbers are far more likely: a few bugs and hosts have most of the crashes. */
static uint32_t skewed_below(uint32_t limit)
{
	return random_below(random_below(random_below(limit) + 1) + 1);
}

/* ---- what crashes are made of ---- */

static const struct {
	const char *kind, *title, *headline, *panic;
} kinds[] = {
	{ "general-protection-fault", "general protection fault in ",
	  "general protection fault, probably for non-canonical address 0xdead000000000108: 0000 [#1] SMP PTI",
	  "Fatal exception" },
	{ "soft-lockup", "BUG: soft lockup in ", "watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [nginx:1242]",
	  "softlockup: hung tasks" },
	{ "null-pointer-dereference", "BUG: unable to handle kernel NULL pointer dereference in ",
	  "BUG: kernel NULL pointer dereference, address: 0000000000000088", "Fatal exception" },
	{ "hung-task", "INFO: task hung in ", "INFO: task kworker/u256:3 blocked for more than 120 seconds.",
	  "hung_task: blocked tasks" },
	{ "kernel-bug", "kernel BUG in ", "kernel BUG at mm/slub.c:419!", "Fatal exception in interrupt" },
	{ "page-fault", "BUG: unable to handle kernel paging request in ",
	  "BUG: unable to handle page fault for address: ffffb2a4c0a7bff8", "Fatal exception" },
	{ "warning", "WARNING in ", "WARNING: CPU: 3 PID: 3311 at net/ipv4/tcp_input.c:2893", "" },
	{ "rcu-stall", "INFO: rcu detected stall in ", "rcu: INFO: rcu_sched self-detected stall on CPU", "" },
};

static const char *const functions[] = {
	"fsnotify",
	"d_delete",
	"tcp_recvmsg_locked",
	"xfs_buf_ioend",
	"ext4_writepages",
	"nfs4_state_manager",
	"mlx5e_poll_rx_cq",
	"bnxt_poll",
	"ixgbe_clean_rx_irq",
	"nvme_pci_complete_rq",
	"blk_mq_dispatch_rq_list",
	"kvm_mmu_page_fault",
	"cgroup_rstat_flush_locked",
	"mem_cgroup_uncharge",
	"ovl_copy_up_one",
	"fuse_dev_do_read",
	"dm_crypt_endio",
	"raid5_do_work",
	"ceph_osdc_handle_reply",
	"rbd_queue_workfn",
	"ip_vs_conn_expire",
	"nft_do_chain",
	"br_handle_frame",
	"vhost_worker",
	"iommu_dma_unmap_page",
	"megasas_isr_fusion",
	"qla2x00_process_response_queue",
	"lpfc_sli_handle_fast_ring_event",
	"smb2_reconnect_server",
	"btrfs_finish_ordered_io",
	"gfs2_glock_work",
	"dlm_recv",
};

static const char *const releases[] = {
	"3.10.0-862.2.3.el7.x86_64",
	"3.10.0-1160.el7.x86_64",
	"4.18.0-553.16.1.el8_10.x86_64",
	"5.14.0-427.13.1.el9_4.x86_64",
	"4.19.91-22.2.al7.x86_64",
	"5.10.0-46-cloud-amd64",
	"6.1.0-56-cloud-amd64",
	"6.1.0-28-amd64",
	"5.15.0-122-generic",
	"6.8.0-45-generic",
	"5.14.21-150500.55.73-default",
	"6.12.9-200.fc41.x86_64",
};

static const char *const frames[] = {
	"vfs_write+0xc7/0x3f0",
	"ksys_write+0x6b/0xf0",
	"do_syscall_64+0x5d/0x90",
	"entry_SYSCALL_64_after_hwframe+0x6e/0xd8",
	"process_one_work+0x1e5/0x3b0",
	"worker_thread+0x50/0x3a0",
	"kthread+0xe6/0x110",
	"ret_from_fork+0x1f/0x30",
	"__x64_sys_read+0x1a/0x30",
	"net_rx_action+0x14d/0x2f0",
	"__do_softirq+0xee/0x2eb",
	"irq_exit_rcu+0xab/0xd0",
	"common_interrupt+0xb9/0xd0 (irq)",
	"xfs_file_buffered_write+0x92/0x330 [xfs]",
	"iomap_file_buffered_write+0xa1/0x110",
	"do_writepages+0xcf/0x1e0",
	"__writeback_single_inode+0x41/0x380",
	"wb_workfn+0x1ff/0x530",
	"tcp_v4_rcv+0xb7a/0xdf0",
	"ip_local_deliver_finish+0x5d/0x90",
	"napi_poll+0x2e/0x1c0",
	"schedule+0x5a/0xd0",
	"io_schedule+0x42/0x70",
	"nvme_irq+0x1c/0x40 [nvme]",
};

static const char *const roles[] = { "web", "db", "cache", "compute", "storage", "build", "gateway", "mail" };
static const char *const sites[] = { "fra1", "ams3", "iad2", "sin1" };

/* ---- texts in the fleet's arena ---- */

static struct text host_name(struct arena *arena, uint32_t number)
{
	return arena_print(arena, "%s-%03u.%s.example.net", roles[number % COUNT(roles)], (unsigned)(number / 5 + 1),
			   sites[number / 7 % COUNT(sites)]);
}

static struct text path_of(struct arena *arena, const struct sighting *sighting, uint32_t number)
{
	return arena_print(arena, "/srv/crash/%.*s/127.0.0.1-2025-%02u-%02u-%02u:%02u:%02u/%s", TEXT_ARGS(sighting->host),
			   (unsigned)(number % 12 + 1), (unsigned)(number % 28 + 1), (unsigned)(number % 24),
			   (unsigned)(number / 24 % 60), (unsigned)(number / 1440 % 60),
			   number % 3 ? "vmcore" : "vmcore-dmesg.txt");
}

static void add_json_texts(json_t *object, const char *key, const struct text *texts, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_stringn(texts[i].data, texts[i].length));
	json_object_set_new(object, key, array);
}

static void add_remedy(json_t *remedies, const char *text, const char *command, const char *condition)
{
	json_array_append_new(remedies,
			      json_pack("{s:s,s:s?,s:s?}", "text", text, "command", command, "condition", condition));
}

static void add_evidence(json_t *evidence, const char *clause, int line, struct text text)
{
	json_array_append_new(evidence,
			      json_pack("{s:s,s:i,s:s%}", "clause", clause, "line", line, "text", text.data, text.length));
}

/* ---- crashes and their groups ---- */

struct recipe {
	size_t kind;
	const char *function;
	bool known;
};

static void add_advice(json_t *detail, const struct recipe *recipe, const char *release)
{
	json_t *remedies = json_array(), *evidence = json_array();
	bool el = strstr(release, ".el") != NULL;
	char place[128];

	if (el)
		add_remedy(remedies, "Update the kernel to the latest of this release's updates, and reboot.",
			   "sudo yum update kernel", NULL);
	else
		add_remedy(remedies,
			   "Update to a kernel that has the fix (v6.9, or stable 5.10.215, 5.15.154, 6.1.85, 6.6.26, 6.8.5, "
			   "or later), "
			   "and reboot.",
			   strstr(release, "amd64") ? "sudo apt update &&\nsudo apt install linux-image-amd64" : NULL,
			   "upstream: before 5.10.215 / 5.15.154 / 6.1.85 / 6.6.26 / 6.8.5 / 6.9");
	add_remedy(remedies, "Until then, keep the load away from what brings it about: see the references.", NULL, NULL);
	snprintf(place, sizeof place, "RIP: 0010:%s+0x%zx/0x510", recipe->function, strlen(recipe->function) * 16);
	add_evidence(evidence, "kind", 361, text_from("CR2: 0000000000000088"));
	add_evidence(evidence, "instruction_pointer", 366, text_from(place));
	for (size_t i = 0; i < 3; i++)
		add_evidence(evidence, "trace", (int)(380 + i), text_from(frames[(recipe->kind + i) % COUNT(frames)]));
	json_object_set_new(detail, "remedies", remedies);
	json_object_set_new(detail, "evidence", evidence);
	json_object_set_new(detail, "fixed",
			    json_pack("[s,s]", "upstream: v6.9, and in stable 5.10.215, 5.15.154, 6.1.85, 6.6.26 and 6.8.5",
				      "CentOS and RHEL 8.10: 4.18.0-553.22.1.el8_10"));
	json_object_set_new(detail, "references",
			    json_pack("[s,s,s]", "https://bugzilla.kernel.org/show_bug.cgi?id=199437",
				      "https://git.kernel.org/linus/d90a10e2444b",
				      "Red Hat Customer Portal: \"Soft lockups after updating to RHEL 7.5\""));
}

static struct text make_detail(struct arena *arena, const struct recipe *recipe, const char *release, uint32_t chance)
{
	struct text trace[20], place = arena_print(arena, "%s+0x%zx/0x510", recipe->function, strlen(recipe->function) * 16);
	size_t count = 9 + chance % 8;
	json_t *detail =
		json_pack("{s:i,s:s%,s:s,s:i,s:i,s:s,s:s,s:i,s:s?,s:i}", "line", 300 + (int)(chance % 200),
			  "instruction_pointer", place.data, place.length, "comm", chance % 3 ? "kworker/u256:3" : "nginx",
			  "cpu", (int)(chance % 64), "pid", (int)(chance % 30000), "panic", kinds[recipe->kind].panic,
			  "input", chance % 3 ? "vmcore" : "log", "more_frames", (int)(chance % 5 ? 0 : 7), "symptom",
			  recipe->known ? "oops when a watch is added" : NULL, "other_crashes", (int)(chance % 7 ? 0 : 2));

	trace[0] = place;
	for (size_t i = 1; i < count; i++)
		trace[i] = text_from(frames[(recipe->kind * 3 + i + chance % 4) % COUNT(frames)]);
	add_json_texts(detail, "trace", trace, count);
	if (chance % 11 == 0)
		add_json_texts(detail, "notes", &TEXT("the dump is incomplete: its last pages are missing"), 1);
	if (recipe->known)
		add_advice(detail, recipe, release);
	return made_up_json(arena, detail);
}

static struct text title_of(struct arena *arena, const struct recipe *recipe)
{
	return arena_print(arena, "%s%s", kinds[recipe->kind].title, recipe->function);
}

static void add_ordinary(struct made_up *made, size_t group_number, const struct recipe *recipe, int64_t span)
{
	struct arena *arena = &made->fleet.arena;
	struct fleet_group *group = &made->fleet.groups[group_number];
	uint32_t chance = random_below(1u << 27);
	const char *release = releases[(group_number * 5 + skewed_below(COUNT(releases))) % COUNT(releases)];

	struct sighting sighting = {
		.verdict = group->verdict,
		.kind = text_from(kinds[recipe->kind].kind),
		.headline = text_from(kinds[recipe->kind].headline),
		.title = title_of(arena, recipe),
		.culprit = text_from(recipe->function),
		.fingerprint =
			arena_print(arena, "%08x%08x", (unsigned)(group_number * 2654435761u), (unsigned)(chance % 3)),
		.release = text_from(release),
		.host = host_name(arena, skewed_below(1800) * 7 % 1800),
		.crashed_at = MADE_UP_NOW -
			      (int64_t)((double)random_below(100000) * (double)random_below(100000) / 1e10 * (double)span),
		.affected = recipe->known ? text_from(group->verdict == SIGHTING_SIMILAR ? "no" : "yes") : TEXT_NONE,
		.fix = recipe->known && group->verdict == SIGHTING_KNOWN
			       ? TEXT("upstream: v6.9, and in stable 5.10.215, 5.15.154, 6.1.85, 6.6.26 and 6.8.5")
			       : TEXT_NONE,
		.incomplete = chance % 40 == 0,
		.detail = make_detail(arena, recipe, release, chance),
	};
	if (chance % 61 == 0)
		sighting.crashed_at = SIGHTING_NO_TIME;
	if (chance % 53 == 0)
		sighting.host = TEXT_NONE;
	sighting.path = sighting.source.file = path_of(arena, &sighting, chance);
	struct fleet_crash *crash = made_up_add_crash(made, group, &sighting);
	for (uint32_t i = 0; chance % 9 == 0 && i < 1 + chance % 3; i++)
		made_up_add_copy(
			made, crash,
			arena_print(arena, "/srv/tickets/%u%.*s", 100000 + chance % 9000 + i, TEXT_ARGS(sighting.path)));
}

static const struct {
	const char *id, *title;
} signatures[] = {
	{ "fsnotify-mark-connector-race", "fsnotify() walks a mark connector that is being freed" },
	{ "overlayfs-dentry-leak", "OverlayFS loses a dentry reference, and rmdir() faults on the dentry" },
	{ "tcp-recvmsg-double-free", "tcp_recvmsg() frees a socket buffer twice when a peer resets" },
	{ "nvme-completion-use-after-free", "nvme completes a request after its queue was torn down" },
	{ "memcg-stale-css", "A memory cgroup is uncharged after its css is gone" },
};

static struct recipe add_ordinary_group(struct made_up *made, size_t number, size_t count)
{
	struct arena *arena = &made->fleet.arena;
	struct recipe recipe = { .kind = number % COUNT(kinds), .function = functions[number * 7 % COUNT(functions)] };
	bool known = number < count * 2 / 5, similar = !known && number < count / 2;

	recipe.known = known || similar;
	if (recipe.known) {
		size_t chosen = number % COUNT(signatures);
		struct text id = number < COUNT(signatures)
					 ? text_from(signatures[chosen].id)
					 : arena_print(arena, "%s-%s-%zu", recipe.function, kinds[recipe.kind].kind, number);
		struct text words =
			number < COUNT(signatures)
				? text_from(signatures[chosen].title)
				: arena_print(arena, "%s() is entered with its object half torn down", recipe.function);
		made_up_add_group(made, known ? SIGHTING_KNOWN : SIGHTING_SIMILAR, id, words);
		return recipe;
	}
	struct fleet_group *group = made_up_add_group(
		made, SIGHTING_UNKNOWN, arena_print(arena, "%08x%08x", (unsigned)(number * 2654435761u), (unsigned)number),
		title_of(arena, &recipe));
	group->kind = text_from(kinds[recipe.kind].kind);
	group->culprit = text_from(recipe.function);
	return recipe;
}

void made_up_ordinary(struct made_up *made, size_t group_count, size_t crash_count, int64_t span)
{
	struct recipe *recipes = calloc(group_count, sizeof *recipes);

	seed = 1;
	for (size_t i = 0; i < group_count; i++)
		recipes[i] = add_ordinary_group(made, i, group_count);
	for (size_t i = 0; i < crash_count; i++) {
		size_t number = i < group_count ? i : skewed_below((uint32_t)group_count) * 7 % group_count;
		add_ordinary(made, number, &recipes[number], span);
	}
	free(recipes);
}
