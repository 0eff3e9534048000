"""
Stacks out of real dumps: what every CPU did, by the dump's own tables and by debuginfo, against the kernel's own trace in the log
and against drgn. Of the first kernel of KDUMP_TEST_KERNELS; the dumps are those of test_kdump.py and of guests that hang.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import dumps
from harness import KNOWN, NOT_KNOWN, NO_CRASH, TROUBLE, TestCase, deciding, main, parse, run, triage_json
from test_kdump import DIRECTORY, KERNELS

KERNEL = KERNELS[0]
WITH_BUG = "3.10.0-862.2.3.el7.x86_64" # a release that has the bug of fsnotify()
BUG = "fsnotify-mark-connector-race"


def dump(guest):
    return dumps.paths(DIRECTORY / KERNEL / guest, next(g for g in dumps.GUESTS if g.name == guest).dumps[0])[0]


def look(path, *options):
    result = run("-f", "json", "--stacks", "all", *options, path)
    return parse(result.text)


def functions(cpu, inlined=True):
    return [frame["function"] for frame in cpu["trace"] if inlined or not frame["inline"]]


def place(frame):
    return frame["function"], frame["offset"], frame["size"]


def where_it_spins(crash):
    """The dump finds the CPU in fsnotify()'s loop: in that function itself, or in a small one that it calls there."""
    inner = crash["instruction_pointer"]["function"]
    return inner if inner == "fsnotify" or functions(crash, inlined=False)[0] == "fsnotify" else None


class Stacks(TestCase):
    def setUp(self):
        super().setUp()
        if SKIPPED:
            self.skipTest(SKIPPED)

    def test_a_crashed_cpu_has_the_trace_that_the_kernel_printed(self):
        for guest in ("dentry", "kmem"):
            with self.subTest(guest=guest):
                verdict = look(dump(guest))
                crash = deciding(verdict)
                cpu, = (cpu for cpu in verdict["cpus"] if cpu["crashed"])
                printed = [place(crash["instruction_pointer"])] + [place(f) for f in crash["trace"] if f["reliable"]]
                self.assertEqual([place(frame) for frame in cpu["trace"]], printed)
                self.assertEqual((cpu["cpu"], cpu["pid"], cpu["comm"]), (crash["cpu"], crash["pid"], crash["comm"]))
                self.assertEqual((cpu["state"], cpu["ends_early"], verdict["symbols"]), ("running", None, "kallsyms"))

    def test_a_stack_goes_through_the_interrupt_to_what_it_interrupted(self):
        verdict = look(dump("soft"))
        crash = deciding(verdict)
        cpu, = (cpu for cpu in verdict["cpus"] if cpu["crashed"])
        own = cpu["trace"][cpu["interrupted"]:]
        printed = [place(crash["instruction_pointer"])] + [place(f) for f in crash["trace"] if f["reliable"]]
        self.assertEqual(cpu["trace"][cpu["interrupted"] - 1]["function"], "asm_sysvec_apic_timer_interrupt")
        self.assertEqual([place(frame) for frame in own], printed[-len(own):])
        self.assertEqual(own[0]["function"], crash["instruction_pointer"]["function"])
        self.assertGreater(cpu["running"], 4)

    def test_the_other_cpu_is_followed_to_its_end(self):
        for guest in ("dentry", "kmem", "soft", "qemu"):
            with self.subTest(guest=guest):
                verdict = look(dump(guest))
                self.assertEqual([cpu["cpu"] for cpu in verdict["cpus"]], [0, 1])
                other, = (cpu for cpu in verdict["cpus"] if cpu["pid"] != deciding(verdict)["pid"])
                # Idle as a rule, but what ran there is chance.
                self.assertEqual(other["idle"], other["pid"] == 0)
                self.assertGreater(len(functions(other)), 3)
                self.assertTrue(all(frame["reliable"] and frame["function"] for frame in other["trace"]), other)
                self.assertIsNone(other["ends_early"])

    def test_every_format_gives_the_same_stacks(self):
        directory = DIRECTORY / KERNEL / "dentry"
        first = look(dump("dentry"))
        for one in next(g for g in dumps.GUESTS if g.name == "dentry").dumps:
            with self.subTest(dump=one.name):
                self.assertEqual(look(dumps.paths(directory, one)[0])["cpus"], first["cpus"])

    def test_only_what_is_asked_for_is_told(self):
        path = dump("dentry")
        self.assertEqual(triage_json(path)["cpus"], [])
        crashed = parse(run("-f", "json", "--stacks", "crashed", path).text)
        self.assertEqual([cpu["crashed"] for cpu in crashed["cpus"]], [True])
        self.assertEqual(parse(run("-f", "json", "--stacks", "none", dump("spin")).text)["cpus"], [])

    def test_what_is_told_does_not_change_the_verdict_but_with_none(self):
        for guest in ("spin", "spin-sysrq", "dentry"):
            told = {option: parse(run("-f", "json", *option, dump(guest)).text)
                    for option in ((), ("--stacks", "all"), ("--stacks", "crashed"))}
            first = told[()]
            for option, verdict in told.items():
                with self.subTest(guest=guest, option=option):
                    for key in ("verdict", "identity", "crash"):
                        self.assertEqual(verdict[key], first[key], key)
        none = parse(run("-f", "json", "--stacks", "none", dump("spin")).text)
        self.assertEqual((none["verdict"], none["cpus"]), ("no-crash", []))

    def test_a_dump_and_its_log_are_one_crash_though_the_stacks_say_more(self):
        path = dump("spin-sysrq")
        self.assertEqual(triage_json(path)["identity"], triage_json(path.parent / dumps.LOG)["identity"])

    def test_a_hang_without_a_word_in_the_log_is_the_bug_that_hangs_there(self):
        path = dump("spin")
        verdict = triage_json(path)
        crash = deciding(verdict)
        self.assertIsNotNone(where_it_spins(crash), crash)
        self.assertEqual((crash["kind"], crash["title"], crash["from_stacks"]), ("hang", f"hang in {where_it_spins(crash)}", True))
        self.assertEqual((crash["line"], crash["comm"], crash["culprit"]), (None, "dd", where_it_spins(crash)))
        self.assertEqual([finding["signature"] for finding in verdict["findings"]], [BUG])
        self.assertEqual(verdict["verdict"], "similar")
        cpu, = (cpu for cpu in verdict["cpus"] if cpu["cpu"] == crash["cpu"])
        self.assertGreater(cpu["running"], 20)
        self.assertTrue(cpu["others_wait"])
        known = run("-f", "json", "-r", WITH_BUG, path)
        self.assertEqual((known.status, parse(known.text)["verdict"]), (KNOWN, "known"))
        words = run(path).text
        self.assertIn("What the CPUs were doing", words)
        self.assertIn("while others waited", words)

    def test_who_asks_for_the_dump_of_a_machine_that_hangs_did_not_kill_it(self):
        verdict = triage_json(dump("spin-sysrq"))
        self.assertEqual([crash["kind"] for crash in verdict["crashes"]], ["sysrq", "hang"])
        self.assertEqual(verdict["crash"], 1)
        self.assertEqual([finding["signature"] for finding in verdict["findings"]], [BUG])

    def test_a_cpu_with_interrupts_off_is_to_blame_not_those_that_wait_for_it(self):
        verdict = triage_json(dump("spin-irqs-off"))
        crash = deciding(verdict)
        self.assertEqual((crash["kind"], crash["from_stacks"], crash["cpu"], crash["comm"]), ("hang", True, 1, "sh"))
        self.assertRegex(crash["culprit"], "^crashme_spin")
        cpu, = (cpu for cpu in verdict["cpus"] if cpu["cpu"] == 1)
        # Its clock stands still, unless the other CPU moves it to wake a task there: which waits then.
        self.assertGreater(cpu["running"] + cpu["clock_behind"], 20)
        self.assertTrue(cpu["others_wait"] or cpu["clock_behind"] > 20, cpu)
        for other in verdict["crashes"]:
            self.assertTrue(other is crash or other["consequence_of"] == verdict["crash"], other)

    def test_a_machine_at_rest_has_not_crashed(self):
        path = dump("idle")
        self.assertEqual(run(path).status, NO_CRASH)
        verdict = triage_json(path)
        self.assertEqual((verdict["verdict"], verdict["crashes"]), ("no-crash", []))
        self.assertEqual([cpu["idle"] for cpu in verdict["cpus"]], [True, True])


class Debuginfo(TestCase):
    def setUp(self):
        super().setUp()
        if SKIPPED or NO_DEBUGINFO:
            self.skipTest(SKIPPED or NO_DEBUGINFO)

    def test_stacks_are_those_of_drgn(self):
        if subprocess.run(["/usr/bin/python3", "-c", "import drgn"], stderr=subprocess.DEVNULL).returncode:
            self.skipTest("no drgn here")
        # drgn does not read a QEMU dump without virtual addresses; and where it knows no name it stops, or says none.
        for guest in ("dentry", "kmem", "soft", "spin-sysrq"):
            # Memory that is filled on purpose makes drgn 0.0.22 crash.
            environment = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
            done = subprocess.run(["/usr/bin/python3", HERE / "drgn_stacks.py", dump(guest), VMLINUX], stdout=subprocess.PIPE,
                                  check=True, env=environment)
            theirs = json.loads(done.stdout)
            for cpu in look(dump(guest), "--debuginfo", VMLINUX)["cpus"]:
                with self.subTest(guest=guest, cpu=cpu["cpu"]):
                    expected = [(f["function"], f["inline"]) for f in theirs[str(cpu["cpu"])] if f["function"]]
                    ours = [(f["function"].removesuffix(".cold"), f["inline"]) for f in cpu["trace"]]
                    self.assertGreater(len(expected), 7)
                    self.assertEqual(ours[:len(expected)], [(name.removesuffix(".cold"), flag) for name, flag in expected])

    def test_debuginfo_changes_no_verdict_and_no_frame(self):
        for guest in ("dentry", "kmem", "soft", "spin-sysrq"):
            with self.subTest(guest=guest):
                without, with_it = look(dump(guest)), look(dump(guest), "--debuginfo", VMLINUX)
                self.assertEqual([functions(cpu, inlined=False) for cpu in with_it["cpus"]],
                                 [functions(cpu) for cpu in without["cpus"]])
                for key in ("culprit", "fingerprint", "title"):
                    self.assertEqual(deciding(with_it)[key], deciding(without)[key], key)
                self.assertEqual((without["debuginfo"], with_it["debuginfo"]), (None, str(VMLINUX)))

    def test_places_have_their_source_line(self):
        root = VMLINUX.parents[4]
        for place_of_it in (VMLINUX, VMLINUX.parent, root):
            with self.subTest(place=place_of_it):
                verdict = parse(run("-f", "json", "--debuginfo", place_of_it, dump("dentry")).text)
                crash = deciding(verdict)
                frames = {frame["function"]: frame for frame in crash["trace"]}
                self.assertEqual(frames["d_delete"]["file"], "fs/dcache.c")
                self.assertEqual((frames["spin_lock"]["inline"], frames["spin_lock"]["file"]),
                                 (True, "include/linux/spinlock.h"))
                self.assertEqual(crash["instruction_pointer"]["file"], "kernel/locking/spinlock.c")
                self.assertIn("do_raw_spin_lock", [frame["function"] for frame in crash["inlined"]])
                # The log has the whole crash: its CPU's stack would say the same again.
                self.assertEqual(verdict["cpus"], [])
                asked = parse(run("-f", "json", "--stacks", "crashed", "--debuginfo", place_of_it, dump("dentry")).text)
                self.assertEqual([cpu["crashed"] for cpu in asked["cpus"]], [True])

    def test_lines_agree_with_addr2line(self):
        verdict = look(dump("dentry"), "--debuginfo", VMLINUX)
        offset = int(verdict["kernel"]["kaslr_offset"], 16)
        frames = [frame for cpu in verdict["cpus"] for frame in cpu["trace"]]
        physical = [frame for frame in frames if not frame["inline"] and frame["file"]]
        first = {id(cpu["trace"][functions(cpu).index(functions(cpu, inlined=False)[0])]) for cpu in verdict["cpus"]}
        addresses = [hex(int(f["address"], 16) - offset - (id(f) not in first)) for f in physical]
        said = subprocess.run(["addr2line", "-i", "-e", VMLINUX, *addresses], stdout=subprocess.PIPE, text=True, check=True)
        # The last level of each address is the function that is there; -i gives all levels.
        lines = said.stdout.splitlines()
        for frame in physical:
            expected = f"{frame['file']}:{frame['line']}"
            self.assertTrue(any(line.split(" ")[0].endswith("/" + expected) for line in lines), expected)

    def test_a_log_gets_its_source_lines_too(self):
        log = DIRECTORY / KERNEL / "dentry" / dumps.LOG
        frames = {frame["function"]: frame for frame in deciding(parse(run("-f", "json", "--debuginfo", VMLINUX, log).text))["trace"]}
        self.assertEqual((frames["d_delete"]["file"], frames["spin_lock"]["inline"]), ("fs/dcache.c", True))
        entry = frames["entry_SYSCALL_64_after_hwframe"]
        self.assertEqual((entry["file"], entry["line"] > 0), ("arch/x86/entry/entry_64.S", True))

    def test_without_a_build_id_the_release_must_be_that_of_the_file(self):
        log = DIRECTORY / KERNEL / "dentry" / dumps.LOG
        right = triage_json(log)["kernel"]["release"]
        notes = parse(run("-f", "json", "--debuginfo", VMLINUX, log).text)["notes"]
        self.assertTrue(any("by its release and version alone" in note for note in notes), notes)
        other = self.directory / "other.txt"
        other.write_bytes(log.read_bytes().replace(right.encode(), right.replace("6.1", "6.2").encode()))
        result = run("-f", "json", "--debuginfo", VMLINUX, other)
        self.assertEqual(result.status, TROUBLE, result)
        self.assertIn("of another kernel: it does not call itself 6.2", result.errors)
        self.assertEqual([frame["file"] for frame in deciding(parse(result.text))["trace"] if frame["file"]], [])

    def test_without_a_build_id_another_build_of_the_release_is_told_by_its_version(self):
        log = (DIRECTORY / KERNEL / "dentry" / dumps.LOG).read_bytes()
        banner = next(line for line in log.splitlines(keepends=True) if b"Linux version " in line)
        other = self.directory / "other.txt"
        other.write_bytes(log.replace(banner, banner.replace(b" #1 SMP", b" #2 SMP")))
        result = run("-f", "json", "--debuginfo", VMLINUX, other)
        self.assertEqual(result.status, TROUBLE, result)
        self.assertIn("of another build of 6.1", result.errors)
        # Of the version, the report itself has no more than the number.
        other.write_bytes(log.replace(banner, b""))
        verdict = parse(run("-f", "json", "--debuginfo", VMLINUX, other).text)
        self.assertTrue(any("by its release alone" in note for note in verdict["notes"]), verdict["notes"])
        self.assertIn("fs/dcache.c", [frame["file"] for frame in deciding(verdict)["trace"]])

    def refused(self, path, *words):
        result = run("-f", "json", "--debuginfo", path, dump("dentry"))
        self.assertEqual(result.status, TROUBLE, result)
        for word in (str(path), *words):
            self.assertIn(word, result.errors)
        verdict = parse(result.text)
        self.assertEqual((verdict["verdict"], verdict["debuginfo"]), ("similar", None))
        self.assertEqual([frame["file"] for frame in deciding(verdict)["trace"] if frame["file"]], [])

    def test_debuginfo_of_another_build_is_an_error_that_names_both(self):
        other = DIRECTORY / f"other-{os.getpid()}"
        self.addCleanup(other.unlink)
        shutil.copyfile(VMLINUX, other)
        build_id = triage_json(dump("dentry"))["kernel"]["build_id"]
        with open(other, "r+b") as file:
            start = file.read(64 << 20).find(bytes.fromhex(build_id))
            self.assertGreater(start, 0)
            file.seek(start)
            file.write(b"\0\1\2\3")
        self.refused(other, "00010203" + build_id[8:], build_id)

    def test_debuginfo_that_was_cut_short_is_an_error(self):
        cut = DIRECTORY / f"short-{os.getpid()}"
        self.addCleanup(cut.unlink)
        shutil.copyfile(VMLINUX, cut)
        for size in (100 << 20, 1000):
            os.truncate(cut, size)
            self.refused(cut, "cut short")

    def test_what_is_no_debuginfo_is_an_error(self):
        text = self.directory / "vmlinux.txt"
        text.write_text("this is no vmlinux\n" * 100)
        self.refused(text, "ELF")
        self.refused(self.directory / "nothing", "No such file")
        (self.directory / "empty").mkdir()
        self.refused(self.directory / "empty", "no vmlinux of kernel")
        self.refused("/bin/true", "")

    def test_memory_is_bounded(self):
        if not shutil.which("time"):
            self.skipTest("no time here")
        from harness import PROGRAM, SANITIZED
        if SANITIZED:
            self.skipTest("AddressSanitizer's own memory would be measured")
        done = subprocess.run(["time", "-f", "%M", PROGRAM, "--stacks", "all", "--debuginfo", VMLINUX, dump("dentry")],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertLess(int(done.stderr.splitlines()[-1]), 400 * 1024)


if __name__ == "__main__":
    SKIPPED, NO_DEBUGINFO, VMLINUX = "", "", None
    try:
        SKIPPED = dumps.make(DIRECTORY, KERNELS).get(KERNEL, "")
        if not SKIPPED:
            VMLINUX, NO_DEBUGINFO = dumps.debuginfo(DIRECTORY, KERNEL)
    except dumps.Cannot as reason:
        SKIPPED = str(reason)
    for why in filter(None, (SKIPPED, NO_DEBUGINFO)):
        dumps.say(f"stacks skipped: {why}")
    main()
