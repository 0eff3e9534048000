"""Four published logs of the two bugs that the program was made for, with all their damage."""

import re

from harness import KNOWN, NOT_KNOWN, SAMPLES, TestCase, deciding, functions, main, run, sample, triage_json, triage_text

OVERLAYFS = "overlayfs-dentry-leak.console.log"
PAGING_REQUEST = "fsnotify-paging-request.console.log"
GENERAL_PROTECTION = "fsnotify-general-protection.console.log"
SOFT_LOCKUP = "fsnotify-soft-lockup.syslog"
ALL = [OVERLAYFS, PAGING_REQUEST, GENERAL_PROTECTION, SOFT_LOCKUP]
FSNOTIFY = [PAGING_REQUEST, GENERAL_PROTECTION, SOFT_LOCKUP]
AFFECTED_RELEASE = "3.10.0-862.2.3.el7.x86_64"


def triage(name, *arguments):
    return triage_json(SAMPLES / name, *arguments)


def commands(finding):
    return [remedy["command"] for remedy in finding["remedies"] if remedy["command"]]


class Findings(TestCase):
    def check(self, name, signature, symptom, affected):
        verdict = triage(name)
        finding = verdict["findings"][0]
        self.assertEqual(verdict["verdict"], "known")
        self.assertEqual(finding["signature"], signature)
        self.assertEqual(finding["symptom"], symptom)
        self.assertEqual(finding["affected"], affected)
        self.assertEqual(finding["crash"], verdict["crash"])
        self.assertEqual({found["signature"] for found in verdict["findings"]}, {signature})
        self.assertTrue(finding["affected_reason"])
        self.assertTrue(finding["fixed"])
        self.assertTrue(finding["references"])

    def test_overlayfs(self):
        self.check(OVERLAYFS, "overlayfs-dentry-leak", "rmdir() locks the inode of a dentry that is gone", "unknown")

    def test_paging_request(self):
        self.check(PAGING_REQUEST, "fsnotify-mark-connector-race", "oops in the slab allocator when a watch is added", "yes")

    def test_general_protection_fault(self):
        self.check(GENERAL_PROTECTION, "fsnotify-mark-connector-race", "oops in the slab allocator when a watch is added", "yes")

    def test_soft_lockup(self):
        self.check(SOFT_LOCKUP, "fsnotify-mark-connector-race", "soft lockup of a writer in fsnotify()", "yes")

    def test_evidence_stands_where_it_says(self):
        for name in ALL:
            lines = sample(name).decode().splitlines()
            for finding in triage(name)["findings"]:
                self.assertEqual(finding["evidence"][0]["clause"], "kind")
                for row in finding["evidence"]:
                    with self.subTest(name, clause=row["clause"]):
                        self.assertIn(row["text"].strip(), lines[row["line"] - 1])


class Releases(TestCase):
    LIVE_PATCH = "sudo yum install -y kernel-hotfix-4375449-22.2.al7.x86_64"

    def finding(self, name, release):
        verdict = triage(name, "-r", release)
        self.assertEqual(verdict["kernel"]["release"], release)
        return verdict["findings"][0]

    def test_log_that_names_no_release(self):
        verdict = triage(OVERLAYFS)
        self.assertIsNone(verdict["kernel"]["release"])
        self.assertNotIn("hotfix", str(commands(verdict["findings"][0])))

    def test_log_that_names_its_release(self):
        for name in FSNOTIFY:
            with self.subTest(name):
                self.assertEqual(triage(name)["kernel"]["release"], AFFECTED_RELEASE)

    def test_live_patch_where_there_is_one(self):
        finding = self.finding(OVERLAYFS, "4.19.91-22.2.al7.x86_64")
        self.assertEqual(finding["affected"], "yes")
        self.assertEqual(commands(finding), [self.LIVE_PATCH, "sudo yum update kernel"])
        self.assertTrue(all(remedy["certain"] for remedy in finding["remedies"]))
        text = run("-r", "4.19.91-22.2.al7.x86_64", SAMPLES / OVERLAYFS).text
        self.assertIn(f"\n       {self.LIVE_PATCH}\n", text)

    def test_live_patch_at_the_ends_of_its_range(self):
        for release, there_is_one in (("4.19.91-18.al7.x86_64", False), ("4.19.91-19.1.al7.x86_64", True),
                                      ("4.19.91-21.al7.x86_64", True), ("4.19.91-22.2.al7.x86_64", True)):
            with self.subTest(release):
                finding = self.finding(OVERLAYFS, release)
                self.assertEqual(finding["affected"], "yes")
                live_patch = "sudo yum install -y kernel-hotfix-4375449-" + release.split("-")[1]
                self.assertEqual(live_patch in commands(finding), there_is_one)

    def test_older_kernel_without_live_patch(self):
        finding = self.finding(OVERLAYFS, "4.19.24-7.20.al7.x86_64")
        self.assertEqual(finding["affected"], "yes")
        self.assertEqual(commands(finding), ["sudo yum update kernel"])
        self.assertNotIn("live patch", str(finding["remedies"]))

    def test_backup_and_reboot_are_not_forgotten(self):
        advice = str(self.finding(OVERLAYFS, "4.19.91-22.2.al7.x86_64")["remedies"])
        self.assertIn("backup", advice)
        self.assertIn("reboot", advice)

    def test_release_outside_of_the_affected_ones_is_only_similar(self):
        for name, release in ((OVERLAYFS, "4.19.91-23.al7.x86_64"), (OVERLAYFS, "4.19.91-22.3.al7.x86_64"),
                              (PAGING_REQUEST, "3.10.0-862.9.1.el7.x86_64"), (PAGING_REQUEST, "3.10.0-862.9.1.el7"),
                              (GENERAL_PROTECTION, "3.10.0-862.9.1.el7.x86_64"), (GENERAL_PROTECTION, "3.10.0-862.9.1.el7"),
                              (SOFT_LOCKUP, "3.10.0-862.9.1.el7.x86_64"), (SOFT_LOCKUP, "3.10.0-862.9.1.el7"),
                              (SOFT_LOCKUP, "3.10.0-693.21.1.el7.x86_64"), (SOFT_LOCKUP, "3.10.0-862.11.6.el7.x86_64")):
            with self.subTest(name, release=release):
                result = run("-r", release, SAMPLES / name)
                self.assertEqual(result.status, NOT_KNOWN)
                verdict = triage(name, "-r", release)
                self.assertEqual(verdict["verdict"], "similar")
                self.assertEqual(verdict["findings"][0]["affected"], "no")

    def test_every_affected_release_of_el7(self):
        for release in ("3.10.0-862.el7", "3.10.0-862.2.3.el7", "3.10.0-862.3.2.el7", "3.10.0-862.6.3.el7"):
            for name in FSNOTIFY:
                with self.subTest(name, release=release):
                    self.assertEqual(self.finding(name, release + ".x86_64")["affected"], "yes")
                    self.assertEqual(self.finding(name, release)["affected"], "yes")

    def test_log_edited_to_name_a_fixed_release(self):
        for name in FSNOTIFY:
            for release in ("3.10.0-862.9.1.el7.x86_64", "3.10.0-862.9.1.el7"):
                with self.subTest(name, release=release):
                    verdict = triage_text(sample(name).replace(AFFECTED_RELEASE.encode(), release.encode()))
                    self.assertEqual(verdict["kernel"]["release"], release)
                    self.assertEqual(verdict["verdict"], "similar")
                    self.assertEqual(verdict["findings"][0]["affected"], "no")

    def test_release_of_a_family_that_the_signature_does_not_speak_of(self):
        verdict = triage(OVERLAYFS, "-r", "3.10.0-862.el7.x86_64")
        self.assertEqual(verdict["findings"][0]["affected"], "unknown")
        self.assertEqual(run("-r", "3.10.0-862.el7.x86_64", SAMPLES / OVERLAYFS).status, KNOWN)


class Crashes(TestCase):
    def crash(self, name):
        return deciding(triage(name))

    def check_instruction_pointer(self, crash, function, offset, size, address):
        self.assertEqual(crash["instruction_pointer"], {"function": function, "offset": offset, "size": size,
                                                        "module": None, "file": None, "line": None, "address": address})

    def check_registers(self, crash, **expected):
        for name, value in expected.items():
            self.assertEqual(crash["registers"].get(name), f"0x{value:016x}", name)

    def test_overlayfs(self):
        crash = self.crash(OVERLAYFS)
        self.check_instruction_pointer(crash, "_raw_spin_lock", 0xc, 0x20, None)
        self.assertEqual(crash["kind"], "null-pointer-dereference")
        self.assertEqual(crash["fault_address"], "0x0000000000000088")
        self.assertEqual(crash["culprit"], "d_delete")
        self.assertEqual(functions(crash), ["d_delete", "vfs_rmdir", "do_rmdir", "do_syscall_64", "entry_SYSCALL_64_after_hwframe"])
        self.assertTrue(crash["corrupt"])
        self.assertIsNone(crash["headline"])
        self.assertEqual(crash["modules"], ["pvpanic", "cirrusfb", "button", "qemu_fw_cfg", "atkbd", "libps2", "i8042"])
        self.check_registers(crash, rax=0, rbx=0xffff93b8da3446c0, rcx=0xa00000000, rdx=1, rsi=0xa, rdi=0x88, rbp=0,
                             rsp=0xffffac6fc5417e98, eflags=0x10246, r9=0xffffffff993cf040, r13=0xffffff9c, cr2=0x88)

    def test_paging_request(self):
        crash = self.crash(PAGING_REQUEST)
        self.check_instruction_pointer(crash, "kmem_cache_alloc", 0x74, 0x1f0, "0xffffffff9c3f7254")
        self.assertEqual(crash["title"], "BUG: unable to handle kernel paging request in fsnotify_add_mark_locked")
        self.assertEqual(crash["headline"], "BUG: unable to handle kernel paging request at ffff899600000000")
        self.assertEqual(crash["fault_address"], "0xffff899600000000")
        self.assertEqual(crash["culprit"], "fsnotify_add_mark_locked")
        self.assertEqual(functions(crash), ["fsnotify_add_mark_locked", "SyS_inotify_add_watch", "system_call_fastpath"])
        self.assertEqual((crash["cpu"], crash["pid"], crash["comm"]), (1, 1597, "inotify"))
        self.assertEqual((crash["line"], crash["time"]), (4, 23.367864))
        self.check_registers(crash, rax=0, rbx=0xffff8996b670e910, r12=0xffff899600000000, cr2=0xffff899600000000, eflags=0x10286)

    def test_general_protection_fault(self):
        crash = self.crash(GENERAL_PROTECTION)
        self.check_instruction_pointer(crash, "kmem_cache_alloc", 0x74, 0x1f0, "0xffffffff8fff7254")
        self.assertEqual(crash["title"], "general protection fault in fsnotify_add_mark_locked")
        self.assertIsNone(crash["fault_address"])
        self.assertEqual(crash["culprit"], "fsnotify_add_mark_locked")
        self.assertEqual(functions(crash), ["fsnotify_add_mark_locked", "SyS_inotify_add_watch", "system_call_fastpath"])
        self.assertEqual((crash["cpu"], crash["pid"], crash["comm"]), (1, 2577, "inotify"))
        self.assertEqual((crash["line"], crash["time"]), (1, 6052.280624))
        self.check_registers(crash, r11=0xffffffffffffffe2, r12=0xf000ff53f000ff53, cr2=0x7fd9d8183000, rsp=0xffff883800173e48)

    def test_soft_lockup_and_the_stalls_before_it(self):
        verdict = triage(SOFT_LOCKUP)
        self.assertEqual([crash["kind"] for crash in verdict["crashes"]], ["rcu-stall", "rcu-stall", "soft-lockup"])
        self.assertEqual([crash["line"] for crash in verdict["crashes"]], [1, 2, 54])
        self.assertEqual(verdict["crash"], 2)
        crash = deciding(verdict)
        self.check_instruction_pointer(crash, "fsnotify", 0x274, 0x510, "0xffffffff82c61834")
        self.assertEqual(crash["title"], "BUG: soft lockup in fsnotify")
        self.assertEqual((crash["comm"], crash["pid"], crash["cpu"]), ("nginx", 1242, 3))
        self.assertIsNone(crash["fault_address"])
        self.assertEqual(functions(crash), ["vfs_write", "SyS_write", "system_call_fastpath"])
        self.check_registers(crash, rax=0xffff9666f5d6c330, rdi=0xffffffff83be7a40, r12=0xdd91595f, rsp=0xffff966735efbdf0)

    def test_module_list_broken_within_a_name(self):
        modules = self.crash(PAGING_REQUEST)["modules"]
        self.assertIn("dm_region_hash", modules)
        self.assertEqual((modules[0], modules[-1]), ("vboxsf", "dm_mod"))
        self.assertFalse({"dm_re", "gion_hash"} & set(modules))
        self.assertEqual(modules[modules.index("auth_rpcgss") + 1], "nfs_acl")

    def test_module_list_broken_between_names(self):
        modules = self.crash(GENERAL_PROTECTION)["modules"]
        self.assertEqual(modules[modules.index("snd"):][:2], ["snd", "ppdev"])
        self.assertEqual(modules[modules.index("crct10dif_pclmul"):][:2], ["crct10dif_pclmul", "crct10dif_common"])
        self.assertEqual((modules[0], modules[-1], len(modules)), ("vboxsf", "dm_mod", 61))

    def test_module_names_are_those_of_the_log(self):
        for name in ALL:
            words = set(re.findall(r"\w+", sample(name).decode().replace("dm_re\ngion_hash", "dm_region_hash")))
            for crash in triage(name)["crashes"]:
                with self.subTest(name):
                    self.assertLessEqual(set(crash["modules"]), words)


if __name__ == "__main__":
    main()
