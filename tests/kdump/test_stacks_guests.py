"""
Stacks of machines that tell less than those of test_stacks.py: one that hangs in modules, and one whose log has an NMI and
nothing else. Of the first kernel of KDUMP_TEST_KERNELS.
"""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

import dumps
from harness import KNOWN, TestCase, deciding, main, parse, run, triage_json
from test_stacks import BUG, DIRECTORY, KERNELS, WITH_BUG, dump, look, where_it_spins


class Guests(TestCase):
    def setUp(self):
        super().setUp()
        if SKIPPED:
            self.skipTest(SKIPPED)

    def test_a_hang_in_modules_names_them_by_the_dumps_own_tables(self):
        path = dump("spin-module")
        verdict = look(path)
        crash = deciding(verdict)
        # The watchdog is off, and the log has no word of it.
        self.assertEqual([(one["kind"], one["line"]) for one in verdict["crashes"]], [("hang", None)])
        self.assertEqual((verdict["verdict"], verdict["symbols"], verdict["debuginfo"]), ("unknown", "kallsyms", None))
        self.assertEqual((crash["title"], crash["culprit"], crash["comm"]),
                         ("hang in virtio_break_device", "virtio_break_device", "sh"))
        self.assertEqual(crash["instruction_pointer"]["module"], "virtio_ring")
        cpu, = (cpu for cpu in verdict["cpus"] if cpu["cpu"] == crash["cpu"])
        self.assertEqual([(frame["function"], frame["module"]) for frame in cpu["trace"]], [
            ("virtio_break_device", "virtio_ring"), ("crashme_spin_in_virtio", "crashme"), ("crashme_write", "crashme"),
            ("proc_reg_write", None), ("vfs_write", None), ("ksys_write", None), ("do_syscall_64", None),
            ("entry_SYSCALL_64_after_hwframe", None)])
        self.assertTrue(all(frame["reliable"] for frame in cpu["trace"]))
        self.assertEqual(cpu["ends_early"], None)
        self.assertGreater(cpu["running"], 20)
        self.assertIn("[virtio_ring]", run(path).text)

    def test_offsets_in_a_module_are_those_of_its_file(self):
        verdict = look(dump("spin-module"))
        modules = DIRECTORY / "kernels" / KERNELS[0]
        files = {"virtio_ring": next((modules / "lib/modules").rglob("virtio_ring.ko"), None), "crashme": modules / "module/crashme.ko"}
        if not files["virtio_ring"]:
            self.skipTest("the kernel's modules are compressed")
        cpu, = (cpu for cpu in verdict["cpus"] if not cpu["idle"])
        first, called = cpu["trace"][:2]
        inside = instructions(files["virtio_ring"], first["function"])
        self.assertIn(first["offset"], inside)
        # Behind the call of a function by its address.
        code = instructions(files["crashme"], called["function"])
        before = max(offset for offset in code if offset < called["offset"])
        self.assertIn(called["offset"], code)
        self.assertRegex(code[before], "^call")

    def test_an_nmi_is_not_what_killed_a_machine_that_hangs(self):
        path = dump("spin-nmi")
        log = triage_json(path.parent / dumps.LOG)
        self.assertEqual([crash["kind"] for crash in log["crashes"]], ["nmi"])
        self.assertEqual((log["verdict"], log["findings"]), ("unknown", []))
        verdict = triage_json(path)
        crash = deciding(verdict)
        self.assertEqual([one["kind"] for one in verdict["crashes"]], ["nmi", "hang"])
        self.assertIsNotNone(where_it_spins(crash), crash)
        self.assertEqual((crash["title"], crash["from_stacks"], crash["cpu"], crash["comm"]),
                         (f"hang in {where_it_spins(crash)}", True, 1, "dd"))
        self.assertEqual([finding["signature"] for finding in verdict["findings"]], [BUG])
        self.assertEqual(verdict["verdict"], "similar")
        known = run("-f", "json", "-r", WITH_BUG, path)
        self.assertEqual((known.status, parse(known.text)["verdict"]), (KNOWN, "known"))

    def test_the_cpu_that_took_the_nmi_is_told_through_it(self):
        cpu, = (cpu for cpu in look(dump("spin-nmi"))["cpus"] if cpu["crashed"])
        self.assertEqual((cpu["cpu"], cpu["idle"], cpu["ends_early"]), (0, True, None))
        names = [frame["function"] for frame in cpu["trace"]]
        self.assertEqual(names[:2], ["__crash_kexec", "panic"])
        self.assertEqual({frame["context"] for frame in cpu["trace"][:cpu["interrupted"]]}, {"nmi"})
        self.assertEqual({frame["context"] for frame in cpu["trace"][cpu["interrupted"]:]}, {"task"})
        self.assertIn("exc_nmi", names[:cpu["interrupted"]])
        self.assertIn("do_idle", names[cpu["interrupted"]:])


def instructions(file, function):
    """Of each instruction of a function its offset, and its words."""
    said = subprocess.run(["objdump", "-d", "--no-show-raw-insn", f"--disassemble={function}", file], stdout=subprocess.PIPE,
                          text=True, check=True).stdout
    lines = [line.split(":\t", 1) for line in said.splitlines() if ":\t" in line]
    start = int(lines[0][0], 16)
    return {int(address, 16) - start: words.strip() for address, words in lines}


if __name__ == "__main__":
    SKIPPED, _ = dumps.prepare(DIRECTORY, KERNELS[0], "stacks of guests")
    main()
