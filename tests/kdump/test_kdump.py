"""
Real kernels crash in virtual machines, are saved in every format, and the program must name the bug from the dump alone.
KDUMP_TEST_KERNELS: which kernels (6.1). KDUMP_TEST_DIRECTORY: where the dumps are kept, for both builds and the next run.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import dumps
from harness import NOT_KNOWN, PROGRAM, ROOT, SANITIZED, TROUBLE, TestCase, deciding, main, run, triage_json

DIRECTORY = pathlib.Path(os.environ.get("KDUMP_TEST_DIRECTORY") or ROOT / "build-test-kdump")
KERNELS = (os.environ.get("KDUMP_TEST_KERNELS") or "6.1").split()
MEBIBYTE = 1 << 20

# What each case of tests/lab/cases is: the signature (these kernels are outside of its affected ranges), the kind, and
# patterns of where the fault lies and of the culprit.
SYMPTOMS = {
    "dentry": ("overlayfs-dentry-leak", "null-pointer-dereference", "_raw_spin_lock", "d_delete"),
    "kmem": ("fsnotify-mark-connector-race", "general-protection-fault", "kmem_cache_alloc(_noprof)?",
             "fsnotify_add_mark_locked"),
    "soft": ("fsnotify-mark-connector-race", "soft-lockup", "fsnotify(_compare_groups)?", "fsnotify(_compare_groups)?"),
}
GENERAL_REGISTERS = [f"r{name}" for name in "ax bx cx dx si di bp sp 8 9 10 11 12 13 14 15".split()]


def vmcoreinfo(path):
    """The kernel's own notes, as they lie near the start of every format; here read without knowing any."""
    with open(path, "rb") as file:
        lines = re.search(rb"OSRELEASE=(?:[ -~]*\n)+", file.read(MEBIBYTE))[0].decode().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def number(text, base=10):
    return None if text is None else int(text, base)


class Kdump(TestCase):
    """The tests of one dump; methods for each are added below."""

    def log_is_that_of_vmcore_dmesg(self, kernel, directory, guest, dump, path):
        result = run("dmesg", path)
        self.assertEqual(result.status, 0, result)
        self.assertEqual(result.errors, "")
        expected = (directory / dumps.LOG).read_bytes()
        # By lines first: that says more of what differs.
        self.assertEqual(result.stdout.splitlines(), expected.splitlines())
        self.assertEqual(result.stdout, expected)

    def names_the_bug(self, kernel, directory, guest, dump, path):
        signature, kind, function, culprit = SYMPTOMS[guest.case]
        verdict = triage_json(path)
        crash = deciding(verdict)
        self.assertEqual(verdict["verdict"], "similar")
        self.assertEqual([finding["signature"] for finding in verdict["findings"]], [signature])
        self.assertEqual(crash["kind"], kind)
        self.assertRegex(crash["instruction_pointer"]["function"], f"^{function}$")
        self.assertRegex(crash["culprit"], f"^{culprit}$")

    def says_what_its_log_says(self, kernel, directory, guest, dump, path):
        verdict, of_log = triage_json(path), triage_json(directory / dumps.LOG)
        for key in ("verdict", "crash", "identity", "crashes", "findings"):
            self.assertEqual(verdict[key], of_log[key], key)
        for key in ("release", "arch", "family"):
            self.assertIn(of_log["kernel"][key], (verdict["kernel"][key], None), key)

    def knows_the_machine(self, kernel, directory, guest, dump, path):
        verdict = triage_json(path)
        said, crash, info = verdict["kernel"], deciding(verdict), vmcoreinfo(path)
        self.assertEqual(said["release"], dumps.release(DIRECTORY, kernel))
        self.assertEqual(said["release"], info["OSRELEASE"])
        self.assertEqual(said["arch"], "x86_64")
        self.assertEqual(said["nodename"], f"{guest.name}-{kernel}")
        self.assertEqual(said["build_id"], info["BUILD-ID"])
        self.assertEqual(number(said["kaslr_offset"], 16), number(info["KERNELOFFSET"], 16))
        self.assertEqual(said["cpus"], 2)
        self.assertEqual(len(said["cpu_registers"]), 2)
        self.assertEqual(said["crash_time"], number(info.get("CRASHTIME")))
        self.assertEqual((verdict["host"], verdict["crashed_at"]), (said["nodename"], said["crash_time"]))
        if guest.by_qemu:
            printed = re.search(r"Kernel Offset: (0x[0-9a-f]+)", (directory / "console.log").read_text(errors="replace"))
            self.assertEqual(number(said["kaslr_offset"], 16), number(printed[1], 16))
        else:
            self.assertAlmostEqual(said["crash_time"], (directory / "console.log").stat().st_mtime, delta=600)
            self.assertEqual(said["crashed_cpu"], crash["cpu"])

    def knows_the_registers(self, kernel, directory, guest, dump, path):
        verdict = triage_json(path)
        crash = deciding(verdict)
        printed = {name: value for name, value in crash["registers"].items() if name in GENERAL_REGISTERS}
        crashed, = (cpu for cpu in verdict["kernel"]["cpu_registers"] if cpu["pid"] == crash["pid"])
        self.assertEqual(len(printed), len(GENERAL_REGISTERS))
        for name, value in printed.items():
            self.assertEqual(crashed["registers"][name], value, name)

    def knows_the_format(self, kernel, directory, guest, dump, path):
        said = triage_json(path)["input"]
        self.assertEqual(said["type"], "vmcore")
        self.assertEqual(said["format"], "ring-buffer")
        self.assertEqual(said["dump_format"], dump.format)
        self.assertEqual(said["dump_level"], dump.level)
        self.assertEqual(said["flattened"], dump.flattened)
        self.assertEqual(said["files"], dump.files)
        self.assertFalse(said["incomplete"])

    def needs_little_memory(self, kernel, directory, guest, dump, path):
        # Not from here: until exec, a child has its parent's memory.
        done = subprocess.run(["time", "-f", "%M", PROGRAM, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertLess(int(done.stderr.splitlines()[-1]) * 1024, 16 * MEBIBYTE)

    def never_falters_when_cut_short(self, kernel, directory, guest, dump, path):
        short = DIRECTORY / f"cut-{os.getpid()}" # not in /tmp: half a gigabyte
        self.addCleanup(short.unlink)
        shutil.copyfile(path, short)
        for part in (0.9, 0.3, 0.02, 0.001):
            os.truncate(short, int(path.stat().st_size * part))
            with self.subTest(part=part):
                # Either the crash is still found, or it is said that something is missing.
                self.assertIn(run(short).status, (NOT_KNOWN, TROUBLE))


CHECKS = [name for name, method in vars(Kdump).items() if callable(method)]


def applies(check, guest, dump):
    if check == "knows_the_registers": # of a lockup those in panic() are kept, and QEMU's are those of the halt after it
        return guest.case != "soft" and not guest.by_qemu
    if check == "needs_little_memory":
        return not SANITIZED and shutil.which("time")
    return check != "never_falters_when_cut_short" or dump.files == 1


class Directory(TestCase):
    """Of the first kernel only: what several files beside each other are."""

    def setUp(self):
        super().setUp()
        if KERNELS[0] in SKIPPED:
            self.skipTest(SKIPPED[KERNELS[0]])
        self.dentry = DIRECTORY / KERNELS[0] / "dentry"

    def test_a_crash_directory_gives_the_log_and_what_only_the_dump_knows(self):
        for name in ("vmcore", dumps.LOG):
            os.symlink(self.dentry / name, self.directory / name)
        verdict = triage_json(self.directory)
        self.assertEqual(verdict["verdict"], "similar")
        self.assertEqual(verdict["kernel"]["nodename"], f"dentry-{KERNELS[0]}")

    def test_a_split_dump_is_read_from_any_of_its_parts(self):
        for part in dumps.paths(self.dentry, next(dump for dump in dumps.GUESTS[0].dumps if dump.files > 1)):
            with self.subTest(part=part.name):
                verdict = triage_json(part)
                self.assertEqual((verdict["verdict"], verdict["input"]["files"]), ("similar", 3))


def method(check, kernel, guest, dump):
    def test(self):
        if kernel in SKIPPED:
            self.skipTest(SKIPPED[kernel])
        directory = DIRECTORY / kernel / guest.name
        absent = dumps.missing(directory, guest)
        if absent:
            console = directory / "console.log"
            end = console.read_text(errors="replace")[-3000:] if console.exists() else "no console.log"
            self.fail(f"the guest left no {', '.join(absent)}; its last words:\n{end}")
        getattr(self, check)(kernel, directory, guest, dump, dumps.paths(directory, dump)[0])
    return test


for kernel in KERNELS:
    for guest in (guest for guest in dumps.GUESTS if not guest.of_stacks):
        for dump in guest.dumps:
            for check in CHECKS:
                if applies(check, guest, dump):
                    setattr(Kdump, f"test_{kernel} {guest.name} {dump.name} {check}", method(check, kernel, guest, dump))

if __name__ == "__main__":
    try:
        SKIPPED = dumps.make(DIRECTORY, KERNELS)
    except dumps.Cannot as reason:
        SKIPPED = {kernel: str(reason) for kernel in KERNELS}
    for kernel, reason in SKIPPED.items():
        dumps.say(f"{kernel} skipped: {reason}")
    main()
