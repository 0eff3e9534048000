"""
Where structures have their members, by a real kernel's BTF and by its debuginfo: both must say the same, and a dump without BTF
must tell as much by debuginfo. Of the first kernel of KDUMP_TEST_KERNELS.
"""

import mmap
import os
import re
import shutil
import subprocess
import sys
import unittest

import btf
import dumps
from test_stacks import DIRECTORY, KERNEL, KERNELS, debuginfo, dump, look
from harness import ROOT, TestCase, main

COMPARE = os.environ.get("COMPARE_TYPES")
# A place that asks for a member, or a table that such places read: type_member("module", "arch.num_orcs"). Rows of hooks name
# the structure and its members apart.
CALL = re.compile(r'(?:types_member|types_element|read_member)\([^"]*"(\w+)", "([\w.]+)"', re.DOTALL)
SIZE = re.compile(r'types_size\(\w+, "(\w+)"\)')
TABLES = [("kretprobe_instance", "ret_addr"), ("rethook_node", "ret_addr"), ("task_struct", "rethooks"),
          ("task_struct", "kretprobe_instances"), ("cea_exception_stacks", "NMI_stack"), ("module", "core_layout.base"),
          ("module", "core_layout.size"), ("irq_stack", "stack"), ("nothing", "at_all")]


def asked_for():
    pairs = set(TABLES)
    for path in (ROOT / "src/stacks").glob("*.c"):
        source = path.read_text()
        pairs |= set(CALL.findall(source)) | {(name, "-") for name in SIZE.findall(source)}
    return pairs


class Types(TestCase):
    def setUp(self):
        super().setUp()
        if SKIPPED:
            self.skipTest(SKIPPED)

    def compare(self, pairs):
        """The lines on which they differ: structure, path, and whether each knew it; and how many both knew."""
        section = self.directory / "btf"
        if not section.exists():
            subprocess.run(["objcopy", f"--dump-section=.BTF={section}", VMLINUX, os.devnull], check=True)
        questions = "".join(f"{structure} {path}\n" for structure, path in pairs)
        done = subprocess.run([COMPARE, VMLINUX, dumps.release(DIRECTORY, KERNEL), section], input=questions,
                              stdout=subprocess.PIPE, text=True, check=True)
        *differ, last = done.stdout.splitlines()
        self.assertEqual(int(last.split()[0]), len(pairs))
        return differ, int(last.split()[2])

    def test_both_say_the_same_of_what_the_program_asks_for(self):
        pairs = sorted(asked_for())
        self.assertGreater(len(pairs), 40)
        for expected in (("rq", "nr_running"), ("task_struct", "sched_info.last_arrival"), ("module", "arch.num_orcs"),
                         ("thread_union", "-")):
            self.assertIn(expected, pairs)
        differ, known = self.compare(pairs)
        self.assertEqual(differ, [])
        self.assertGreater(known, len(pairs) // 2)

    def test_both_say_the_same_of_all_that_is_not_local_to_a_function(self):
        self.compare([])
        names = btf.Names((self.directory / "btf").read_bytes())
        # BTF is searched from its beginning for each: every eighth structure is enough.
        pairs = [(structure, path) for structure in list(names.structures)[::8] + ["task_struct", "rq", "module"]
                 for path in ["-", *names.structures[structure]]] + [("-", name) for name in names.enumerators[::8]]
        differ, known = self.compare(pairs)
        self.assertEqual([line for line in differ if " debuginfo 0 " not in line], [])
        self.assertLess(len(differ), len(pairs) // 200)
        self.assertGreater(known, 5000)

    def test_a_dump_without_btf_tells_as_much_by_debuginfo(self):
        whole, without = dump("spin"), DIRECTORY / f"no-btf-{os.getpid()}"
        self.addCleanup(without.unlink)
        shutil.copyfile(whole, without)
        self.compare([])
        header = (self.directory / "btf").read_bytes()[:24]
        with open(without, "r+b") as file, mmap.mmap(file.fileno(), 0) as content:
            at, found = content.find(header), 0
            while at >= 0:
                content[at:at + 2], found = b"\0\0", found + 1
                at = content.find(header)
        self.assertGreater(found, 0)
        blind = look(without)
        self.assertTrue(any("the BTF has no header: tasks and modules are not told" in note for note in blind["notes"]), blind)
        self.assertEqual([cpu["comm"] for cpu in blind["cpus"] if cpu["comm"]], [])
        expected, verdict = look(whole, "--debuginfo", VMLINUX), look(without, "--debuginfo", VMLINUX)
        self.assertIn("dd", [cpu["comm"] for cpu in expected["cpus"]])
        for key in ("cpus", "verdict", "crashes", "notes"):
            self.assertEqual(verdict[key], expected[key], key)


if __name__ == "__main__":
    SKIPPED, VMLINUX = "" if COMPARE else "built without libdw", None
    try:
        SKIPPED = SKIPPED or dumps.make(DIRECTORY, KERNELS).get(KERNEL, "")
        if not SKIPPED:
            VMLINUX, SKIPPED = debuginfo()
    except dumps.Cannot as reason:
        SKIPPED = str(reason)
    if SKIPPED:
        dumps.say(f"types skipped: {SKIPPED}")
    main()
