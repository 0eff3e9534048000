"""
A machine that crashed while its log's memory was being lost: of guest dentry, whose log is made to end in the middle of its
oops, or before it. What the log has not, the crashed CPU's stack has.
"""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

import dumps
from harness import TestCase, deciding, main, parse, run, triage_json
from test_stacks import DIRECTORY, KERNELS

TRACE = ["_raw_spin_lock", "d_delete", "vfs_rmdir", "do_rmdir", "__x64_sys_rmdir", "do_syscall_64", "entry_SYSCALL_64_after_hwframe"]
# From which words on the log is lost: the trace; the place and the registers too; all of the oops.
WORDS = {"trace": "Call Trace:", "place": "RIP: 0010:_raw_spin_lock", "oops": "BUG: kernel NULL pointer dereference"}
# Of another task, which the machine survived.
OOPS = ("BUG: kernel NULL pointer dereference, address: 0000000000000010", "#PF: supervisor read access in kernel mode",
        "Oops: 0000 [#1] PREEMPT SMP NOPTI", "CPU: 0 PID: 77 Comm: umount Not tainted 6.1.0-56-cloud-amd64 #1",
        "RIP: 0010:ext4_put_super+0x20/0x300", "Call Trace:", " <TASK>", " generic_shutdown_super+0x74/0x130",
        " kill_block_super+0x24/0x50", " do_syscall_64+0x5d/0x90", " entry_SYSCALL_64_after_hwframe+0x6e/0xd8", " </TASK>",
        "---[ end trace 0000000000000000 ]---")


def damage(guest, copy, words):
    subprocess.run([dumps.LAB / "damage-log", DIRECTORY / KERNELS[0] / guest / "vmcore.elf", copy, words], check=True)
    return copy


class LostLog(TestCase):
    def setUp(self):
        super().setUp()
        if SKIPPED:
            self.skipTest(SKIPPED)

    def verdict(self, lost):
        copy = self.directory / "vmcore.elf"
        damage("dentry", copy, WORDS[lost])
        verdict = parse(run("-f", "json", copy).text)
        self.assertTrue(verdict["input"]["incomplete"])
        self.assertTrue(any("records of the kernel log could not be read" in note for note in verdict["notes"]), verdict["notes"])
        return verdict

    def culprit(self, verdict):
        self.assertIsNotNone(verdict["crash"], verdict["verdict"])
        crash = deciding(verdict)
        self.assertEqual(crash["culprit"], "d_delete")
        self.assertTrue(crash["title"].endswith(" in d_delete"), crash["title"])
        self.assertEqual((crash["cpu"], crash["pid"], crash["comm"]), (self.crashed(verdict)["cpu"], crash["pid"], "rmdir"))
        self.assertEqual(crash["instruction_pointer"]["function"], "_raw_spin_lock")

    def crashed(self, verdict):
        """The stack of the CPU that crashed, which is told unasked where the log does not tell it."""
        cpus = [cpu for cpu in verdict["cpus"] if cpu["crashed"]]
        self.assertEqual([[frame["function"] for frame in cpu["trace"]] for cpu in cpus], [TRACE])
        return cpus[0]

    def test_the_stack_of_the_crashed_cpu_is_told_where_the_whole_oops_is_lost(self):
        self.assertEqual(self.crashed(self.verdict("oops"))["comm"], "rmdir")

    def test_the_stack_of_the_crashed_cpu_is_told_where_the_trace_is_lost(self):
        for lost in ("trace", "place"):
            with self.subTest(lost=lost):
                self.crashed(self.verdict(lost))

    def test_the_culprit_is_known_where_the_trace_is_lost(self):
        self.culprit(self.verdict("trace"))

    def test_the_culprit_is_known_where_the_place_is_lost_too(self):
        self.culprit(self.verdict("place"))

    def test_the_culprit_is_known_where_the_whole_oops_is_lost(self):
        self.culprit(self.verdict("oops"))

    def test_the_end_of_a_trace_is_completed(self):
        verdict = parse(run("-f", "json", damage("dentry", self.directory / "end.elf", "vfs_rmdir")).text)
        self.assertEqual([frame["function"] for frame in deciding(verdict)["trace"]], TRACE[1:])
        self.assertEqual([finding["signature"] for finding in verdict["findings"]], ["overlayfs-dentry-leak"])
        self.assertTrue(any("has only a part of the trace" in note for note in verdict["notes"]), verdict["notes"])

    def test_a_soft_lockup_whose_report_is_lost_is_that_of_what_was_interrupted(self):
        whole = triage_json(DIRECTORY / KERNELS[0] / "soft" / "vmcore")
        expected = deciding(whole)
        verdict = parse(run("-f", "json", damage("soft", self.directory / "soft.elf", "watchdog: BUG")).text)
        crash = deciding(verdict)
        for key in ("kind", "title", "culprit", "fingerprint"):
            self.assertEqual(crash[key], expected[key], key)
        self.assertEqual(crash["instruction_pointer"]["function"], expected["instruction_pointer"]["function"])

    def beside(self, guest, log):
        """The verdict on a crash directory with that guest's dump and another log."""
        directory = self.directory / "127.0.0.1-2026-01-01-00:00:00"
        directory.mkdir()
        (directory / "vmcore").symlink_to(DIRECTORY / KERNELS[0] / guest / "vmcore")
        (directory / "vmcore-dmesg.txt").write_text(log)
        return parse(run("-f", "json", directory).text)

    def log(self, guest):
        return (DIRECTORY / KERNELS[0] / guest / dumps.LOG).read_text()

    def test_an_earlier_crash_is_not_completed_by_another_death(self):
        log = "".join(f"[    9.000000] {line}\n" for line in OOPS[:3])
        crash = deciding(self.beside("soft", log))
        self.assertEqual((crash["kind"], crash["trace"]), ("null-pointer-dereference", []))

    def test_a_log_that_tells_of_the_death_has_the_last_word_which_of_its_crashes_decides(self):
        log = self.log("dentry")
        begins = log.index("BUG: kernel NULL pointer")
        stamp = log[log.rindex("\n", 0, begins) + 1:begins]
        oops = "".join(f"{stamp}{line}\n" for line in OOPS)
        verdict = self.beside("dentry", (log[:begins - len(stamp)] + oops + log[begins - len(stamp):]))
        self.assertEqual([crash["from_stacks"] for crash in verdict["crashes"]], [False, False])
        self.assertFalse(any("does not tell" in note for note in verdict["notes"]), verdict["notes"])

    def test_a_place_that_is_lost_is_not_made_up_of_what_lies_behind(self):
        log = self.log("dentry")
        whole = [line for line in log[:log.index("do_rmdir+")].splitlines() if "RIP: 0010:" not in line]
        crash = deciding(self.beside("dentry", "\n".join(whole + [line for line in log.splitlines() if "do_rmdir+" in line]) + "\n"))
        self.assertEqual(crash["culprit"], "d_delete")
        self.assertEqual([frame["function"] for frame in crash["trace"]], TRACE[1:])

    def test_the_bug_is_named_where_the_trace_alone_is_lost(self):
        self.assertEqual([finding["signature"] for finding in self.verdict("trace")["findings"]], ["overlayfs-dentry-leak"])


if __name__ == "__main__":
    SKIPPED, _ = dumps.prepare(DIRECTORY, KERNELS[0], "a lost log")
    main()
