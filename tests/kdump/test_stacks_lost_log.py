"""
A machine that crashed while its log's memory was being lost: of guest dentry, whose log is made to end in the middle of its
oops, or before it. What the log has not, the crashed CPU's stack has.
"""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

import dumps
from harness import TestCase, deciding, main, parse, run
from test_stacks import DIRECTORY, KERNELS

TRACE = ["_raw_spin_lock", "d_delete", "vfs_rmdir", "do_rmdir", "__x64_sys_rmdir", "do_syscall_64", "entry_SYSCALL_64_after_hwframe"]
# From which words on the log is lost: the trace; the place and the registers too; all of the oops.
WORDS = {"trace": "Call Trace:", "place": "RIP: 0010:_raw_spin_lock", "oops": "BUG: kernel NULL pointer dereference"}


class LostLog(TestCase):
    def setUp(self):
        super().setUp()
        if SKIPPED:
            self.skipTest(SKIPPED)

    def verdict(self, lost):
        copy = self.directory / "vmcore.elf"
        whole = DIRECTORY / KERNELS[0] / "dentry" / "vmcore.elf"
        subprocess.run([dumps.LAB / "damage-log", whole, copy, WORDS[lost]], check=True)
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

    def test_the_bug_is_named_where_the_trace_alone_is_lost(self):
        self.assertEqual([finding["signature"] for finding in self.verdict("trace")["findings"]], ["overlayfs-dentry-leak"])


if __name__ == "__main__":
    SKIPPED, _ = dumps.prepare(DIRECTORY, KERNELS[0], "a lost log")
    main()
