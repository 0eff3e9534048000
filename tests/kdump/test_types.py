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
from test_stacks import DIRECTORY, KERNEL, KERNELS, dump, look
from harness import ROOT, TestCase, main

COMPARE = os.environ.get("COMPARE_TYPES")
# A place that asks for a member: types_member(types, "module", "arch.num_orcs"; and what such places take from tables.
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


# Linked as a kernel is. What each version of DWARF writes differently: where members lie, bit-fields, "[]".
MADE_UP = """
typedef const volatile int number_t;
struct later;
struct inner { int a; number_t b; };
struct outer { void *p; union { struct { int x; int y; }; long z; }; struct inner in[3]; const struct inner one; char rest[]; };
struct flags { int whole, part : 3, next_part : 5; unsigned long far : 60; _Bool last : 1; };
struct grid { short at[2][3]; number_t cells[4]; };
union either { char byte; long word; };
enum { FIRST = 7, NEGATIVE = -1 } small;
enum large { LARGE = 0x200000001 };
struct outer outer; struct flags flags; struct grid grid; union either either; struct later *later; enum large large;
const char banner[] = "Linux version 1.2.3 (made up)";
void _start(void) { }
"""
# Structure and path; offset+size, element's offset+size*count where it is an array, value.
ANSWERS = """
inner a 0+4
inner b 4+4
outer p 0+8
outer x 8+4
outer y 12+4
outer z 8+8
outer in 16+24 16+8*3
outer one.b 44+4
outer rest 48+0 48+1*0
flags whole 0+4
flags part 4+0
flags next_part 4+0
flags far 8+0
flags last 15+0
grid at 0+12 0+2*6
grid cells 12+16 12+4*4
either word 0+8
outer - 48
either - 8
- FIRST 7
- NEGATIVE 4294967295
- LARGE 8589934593
outer p.x
outer nothing
outer in.a
later -
later a
number_t -
- NOTHING
"""


def answer_in(line):
    """Of a line of compare_types, what stands in ANSWERS."""
    structure, path, _, *_, found, member, is_array, element, value = line.split()
    words = [structure, path, value] if "-" in (structure, path) else [structure, path, member] + [element] * int(is_array)
    assert found == "1", line
    return " ".join(words)


class MadeUp(TestCase):
    def test_every_version_of_dwarf_is_read(self):
        compilers = [name for name in ("gcc", "clang") if shutil.which(name)]
        if not COMPARE or not compilers:
            self.skipTest("no compiler, or no libdw")
        source, kernel = self.directory / "kernel.c", self.directory / "vmlinux"
        source.write_text(MADE_UP)
        lines = ANSWERS.split("\n")[1:-1]
        questions = "".join(" ".join(line.split()[:2]) + "\n" for line in lines)
        for compiler in compilers:
            for version in (2, 3, 4, 5):
                with self.subTest(compiler=compiler, version=version):
                    subprocess.run([compiler, f"-gdwarf-{version}", "-gstrict-dwarf", "-mcmodel=kernel", "-nostdlib", "-static",
                                    "-fno-pie", "-Wl,-Ttext-segment=0xffffffff81000000", "-o", kernel, source], check=True)
                    done = subprocess.run([COMPARE, kernel, "1.2.3", "-"], input=questions, stdout=subprocess.PIPE, text=True,
                                          check=True)
                    *known, last = done.stdout.splitlines()
                    self.assertEqual([answer_in(line) for line in known], [line for line in lines if len(line.split()) > 2])
                    self.assertEqual(last, f"{len(lines)} asked 0 known")


def was_cut(line):
    """An enumerator of more than 32 bits: BTF cut it before 6.0."""
    words = line.split()
    return words[0] == "-" and int(words[-1]) % (1 << 32) == int(words[7])


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
        self.assertEqual([line for line in differ if " debuginfo 0 " not in line and not was_cut(line)], [])
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
    SKIPPED, VMLINUX = dumps.prepare(DIRECTORY, KERNEL, "types", with_debuginfo=True) if COMPARE else ("built without libdw", None)
    main()
