"""Inputs that are no logs, are damaged, want to fool a terminal, or are far too large."""

import bz2
import gzip
import lzma
import os
import random
import resource
import shutil
import subprocess
import unittest

from harness import (KNOWN, NO_CRASH, NOT_KNOWN, SAMPLES, SANITIZED, TROUBLE, TestCase, assert_safe, deciding, feed, main, run,
                     sample, triage_json, triage_text, verdicts)

MIB = 1024 * 1024
SEEDS = ["overlayfs-dentry-leak.console.log", "fsnotify-paging-request.console.log", "fsnotify-general-protection.console.log",
         "fsnotify-soft-lockup.syslog"]
OTHERS = ["kmem-6.1.dmesg-raw.log", "dentry-6.1.rsyslog-rfc5424.syslog", "rcu-stall-then-soft-lockup-6.1.dmesg-decode.log"]
SEED = sample(SEEDS[0])
FORMATS = (["-f", "text"], ["-f", "text", "--explain", "overlayfs-dentry-leak"], ["-f", "json"], ["-f", "markdown"])


class NotALog(TestCase):
    def assert_refused(self, path, says):
        for arguments in FORMATS:
            result = run(*arguments, path)
            self.assertEqual((result.status, result.stdout), (TROUBLE, b""), result)
            self.assertIn(says, result.errors)
            self.assertTrue(result.errors.startswith(f"kdump-triage: {path}: "), result)

    def test_log_without_a_crash(self):
        self.assertEqual(run("-", stdin=b"[    0.000000] Linux version 6.1.0\n[    1.000000] all is well\n").status, NO_CRASH)

    def test_binary_files(self):
        files = {
            "empty": (b"", "empty"),
            "random": (random.Random(1).randbytes(100000), "binary data: expected a kernel log"),
            "core": (b"\x7fELF\2\1\1" + bytes(9) + b"\4\0\x3e\0" + bytes(5000), "an ELF core without memory"),
            "kdump": (b"KDUMP   " + bytes(5000), "the header's block size, 0 (at byte 428), is no page size"),
            "diskdump": (b"DISKDUMP" + bytes(5000), "the header's block size, 0 (at byte 428), is no page size"),
            "flattened": (b"makedumpfile" + bytes(5000), "a flattened dump of type 0, version 0"),
            "dump.gz": (gzip.compress(b"KDUMP   " + bytes(5000)), "the header's block size, 0 (at byte 428), is no page size"),
        }
        for name, (content, says) in files.items():
            with self.subTest(name):
                self.assert_refused(self.write(name, content), says)

    def test_log_packed_twice(self):
        verdict = triage_json(self.write("log.gz.gz", gzip.compress(gzip.compress(SEED))))
        self.assertEqual(verdict["crashes"], triage_text(SEED)["crashes"])

    def test_program(self):
        self.assert_refused(shutil.which("ls"), "expected a kernel log")

    def test_directory_without_a_crash(self):
        self.assert_refused(self.directory, "a directory without a crash in it: expected vmcore-dmesg.txt")

    def test_directory_with_only_a_dump(self):
        self.write("vmcore", b"KDUMP   " + bytes(5000))
        self.assert_refused(self.directory, f"{self.directory}/vmcore: the header's block size, 0")

    def test_crash_directory(self):
        for name in ("vmcore-dmesg.txt", "dmesg.202306051200", "dmesg.txt"):
            with self.subTest(name):
                directory = self.directory / "crash"
                self.write("crash/vmcore", b"KDUMP   " + bytes(5000))
                self.write("crash/kexec-dmesg.log", "[    0.000000] the crash kernel's own log\n")
                self.write("crash/" + name, SEED)
                verdict = triage_json(directory)
                self.assertEqual(verdict["verdict"], "known")
                self.assertEqual(verdict["input"]["path"], str(directory))
                read_from, dump = verdict["notes"]
                self.assertEqual(read_from, f"Read from {directory / name}.")
                self.assertIn(f"The dump {directory}/vmcore could not be read: the header's block size, 0", dump)
                shutil.rmtree(directory)

    def test_paths_that_lead_nowhere(self):
        self.write("file", SEED)
        (self.directory / "loop").symlink_to("loop")
        self.assert_refused(self.directory / "missing", "cannot open: No such file or directory")
        self.assert_refused(self.directory / "file" / "below", "cannot open: Not a directory")
        self.assert_refused(self.directory / "loop", "cannot open: Too many levels of symbolic links")
        self.assert_refused(self.directory / ("n" * 300), "cannot open: File name too long")

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_unreadable_file(self):
        path = self.write("secret", SEED)
        path.chmod(0)
        self.assert_refused(path, "cannot open: Permission denied")


class Residue(TestCase):
    """What machines that died leave in files."""

    def test_only_nul_bytes(self):
        result = run("-f", "json", self.write("nul", bytes(100000)))
        self.assertIn(result.status, (TROUBLE, NO_CRASH))

    def test_blocks_of_nul_bytes(self):
        lines = SEED.splitlines(keepends=True)
        for at in (0, 5, 11, 20, len(lines)):
            with self.subTest(at=at):
                verdict = triage_text(b"".join(lines[:at]) + bytes(4096) + b"".join(lines[at:]))
                self.assertEqual(verdict["verdict"], "known")
                self.assertEqual(deciding(verdict)["culprit"], "d_delete")

    def test_bytes_that_are_not_utf_8(self):
        noise = b"\xff\xfe\xc3\x28 \xed\xa0\x80 \xf8\x88\x80\x80\x80 \xc0\xaf\n"
        for log in (SEED.replace(b"pvpanic", b"pv\xffpanic"), noise * 5 + SEED, SEED + noise, SEED.replace(b"d_delete", b"d_\xc3\x28")):
            for arguments in FORMATS:
                result = run(*arguments, "-", stdin=log)
                assert_safe(result.stdout)
                self.assertIn(result.status, (KNOWN, NOT_KNOWN))

    def test_truncated_archives(self):
        log = sample("dentry-6.1.vmcore-dmesg.txt") * 20 + random.Random(2).randbytes(300000).hex("\n", 40).encode()
        zstd = subprocess.run(["zstd", "-q"], input=log, stdout=subprocess.PIPE).stdout if shutil.which("zstd") else b""
        for name, packed in {"gzip": gzip.compress(log), "bzip2": bz2.compress(log, 1), "xz": lzma.compress(log), "zstd": zstd}.items():
            with self.subTest(name):
                if not packed:
                    self.skipTest("there is no zstd program")
                for arguments in FORMATS:
                    result = run(*arguments, "-", stdin=packed[:len(packed) - len(packed) // 3])
                    self.assertEqual(result.status, TROUBLE, result)
                    self.assertIn(f"{name} data is damaged or cut short", result.errors)
                    self.assertNotEqual(result.stdout, b"")
                (verdict,) = verdicts(run("-f", "json", "-", stdin=packed[:len(packed) - len(packed) // 3]))
                self.assertTrue(verdict["input"]["incomplete"])
                self.assertEqual(deciding(verdict)["culprit"], "d_delete")
                for length in (3, 10, 20, 100):
                    self.assertEqual(run("-f", "json", "-", stdin=packed[:length]).status, TROUBLE)


class Escapes(TestCase):
    SEQUENCES = [b"\033[2J", b"\033]0;owned\a", b"\x9b31m", b"\xc2\x9b31m", b"\b\b\b", b"\x7f", b"\r\v\f", b"\033Pq\033\\",
                 "\u202e\u2066\u2028".encode(), b"\xe2\x80", b"\0", b"\x01\x02\x1f"]
    LOG = b"""[    1.000000] BUG: unable to handle kernel NULL pointer dereference at 0000000000000088 @
[    1.000001] PGD 0 P4D 0 @
[    1.000002] Oops: 0000 [#1] SMP @
[    1.000003] CPU: 1 PID: 7 Comm: rm@dir Tainted: G           OE     4.19.91-22.2.al7@.x86_64 #1 @
[    1.000004] Hardware name: a@b, BIOS 1@
[    1.000005] RIP: 0010:_raw_spin_lock+0xc/0x20 [mod@ule]
[    1.000006] Code: 00 @
[    1.000007] CR2: 0000000000000088 CR3: 00000005e3f74006 CR4: 00000000003606a0
[    1.000008] Call Trace:
[    1.000009]  d_del@ete+0x2c/0xb0 [mod@ule]
[    1.000010]  d_delete+0x2c/0xb0 @
[    1.000011]  vfs_rmdir+0xfd/0x120
[    1.000012]  do_rmdir+0x14f/0x1a0
[    1.000013] Modules linked in: ab@cd ef@(OE)
[    1.000014] Kernel panic - not syncing: Fatal exception@
"""

    def test_in_a_log(self):
        for sequence in self.SEQUENCES:
            for arguments in FORMATS:
                with self.subTest(sequence, arguments=arguments):
                    result = run(*arguments, "-", stdin=self.LOG.replace(b"@", sequence))
                    assert_safe(result.stdout)
                    self.assertIn(result.status, (KNOWN, NOT_KNOWN))

    def test_one_at_a_time(self):
        for sequence in self.SEQUENCES:
            for at in range(self.LOG.count(b"@")):
                parts = self.LOG.split(b"@")
                log = b"".join(parts[:at + 1]) + sequence + b"".join(parts[at + 1:])
                with self.subTest(sequence, at=at):
                    crash = deciding(triage_text(log))
                    self.assertEqual(crash["kind"], "null-pointer-dereference")

    def test_in_a_file_s_name(self):
        for sequence in self.SEQUENCES:
            if b"\0" in sequence:
                continue
            path = os.fsdecode(os.fsencode(self.directory) + b"/" + sequence.replace(b"/", b""))
            with self.subTest(sequence):
                result = run(path)
                self.assertEqual(result.status, TROUBLE)
                with open(path, "wb") as log:
                    log.write(SEED)
                for arguments in FORMATS:
                    result = run(*arguments, path)
                    assert_safe(result.stdout)
                    self.assertEqual(result.status, KNOWN)

    def test_release_with_shell_metacharacters(self):
        for release in ("4.19.91-22.2.al7.x86_64$(reboot)", "4.19.91-22.2$(reboot).al7.x86_64", "4.19.91-$(reboot).al7.x86_64",
                        "4.19.91-22.2.al7.x86_64;reboot", "4.19.91-22.2.al7`reboot`.x86_64", "4.19.91-22.2.al7.x86_64|reboot",
                        "4.19.91-22.2.al7.x86_64\nreboot", "--reboot", "4.19.91-22.2.al7&&reboot"):
            with self.subTest(release):
                log = self.LOG.replace(b"@", b"").replace(b"4.19.91-22.2.al7.x86_64", release.encode())
                verdict = triage_text(b"[    0.000000] Linux version %b (root@host) (gcc) #1 SMP\n" % release.encode() + log)
                for finding in verdict["findings"]:
                    self.assertEqual(finding["signature"], "overlayfs-dentry-leak")
                    for remedy in finding["remedies"]:
                        self.assertRegex(remedy["command"] or "sudo", r"\A[\w. -]+\Z")
                        self.assertNotRegex(remedy["command"] or "", r"\breboot|--")


class Size(TestCase):
    QUIET = b"[  123.456789] usb 1-1: new high-speed USB device number 5 using xhci_hcd\n" * 10000

    def assert_memory(self, memory, limit):
        if not SANITIZED:
            self.assertLess(memory, limit)

    def test_memory_does_not_grow_with_the_log(self):
        result, little = feed(self.QUIET for _ in range(20_000_000 // len(self.QUIET)))
        self.assertEqual(result.status, NO_CRASH)
        result, much = feed([self.QUIET] * (200_000_000 // len(self.QUIET)) + [SEED], "-f", "json")
        (verdict,) = verdicts(result)
        self.assertEqual(verdict["verdict"], "known")
        self.assertEqual(deciding(verdict)["line"], 200_000_000 // len(self.QUIET) * 10000 + 1)
        self.assert_memory(much, 32 * MIB)
        self.assert_memory(much, little + MIB)

    def test_line_of_100_megabytes(self):
        crash = sample(SEEDS[2])
        result, memory = feed([SEED, *[b"x" * 1_000_000] * 100, b"\n", crash], "-f", "json")
        (verdict,) = verdicts(result)
        self.assertEqual([found["culprit"] for found in verdict["crashes"]], ["d_delete", "fsnotify_add_mark_locked"])
        self.assertEqual(verdict["crashes"][1]["line"], SEED.count(b"\n") + 2)
        self.assert_memory(memory, 64 * MIB)

    def test_hundred_thousand_warnings(self):
        warning = b"""[    5.001130] ------------[ cut here ]------------
[    5.001382] WARNING: CPU: 0 PID: 111 at drivers/net/dummy.c:192 dummy_xmit+0x14/0x20
[    5.002809] CPU: 0 PID: 111 Comm: sh Tainted: G        W    6.1.0-56-cloud-amd64 #1
[    5.003419] RIP: 0010:dummy_xmit+0x14/0x20
[    5.005646] Call Trace:
[    5.006645]  dummy_write+0xb2/0xf0
[    5.009800] ---[ end trace 0000000000000000 ]---
"""
        same, memory = feed([warning * 1000] * 100, "-f", "json")
        (verdict,) = verdicts(same)
        self.assertEqual(len(verdict["crashes"]), 1)
        self.assertEqual(verdict["crashes"][0]["repeats"], 99_999)
        self.assert_memory(memory, 32 * MIB)
        different, memory = feed((warning.replace(b"dummy", b"driver%d" % i) for i in range(100_000)), "-f", "json")
        (verdict,) = verdicts(different)
        self.assertGreater(len(verdict["crashes"]), 10)
        self.assertIn(f"The log holds {100_000 - len(verdict['crashes'])} more crashes than", verdict["notes"][0])
        self.assertLess(len(different.stdout), 2 * MIB)
        self.assert_memory(memory, 32 * MIB)


class Growth(TestCase):
    """Reports without end and lines that are looked at from each of their words: bounded, and no slower for being long."""
    OOPS = b"[    1.000000] BUG: kernel NULL pointer dereference, address: 0000000000000088\n"
    KASAN = b"[    1.000000] BUG: KASAN: slab-use-after-free in f+0x1/0x2\n"

    def reports(self, count):
        """A name, and a log of so many of something."""
        numbers = range(count)
        stack = b"[    1.000000] Call Trace:\n[    1.000000]  f+0x1/0x2\n"
        yield "frames", self.OOPS + stack + b"".join(b"[    1.000000]  f%d+0x1/0x2\n" % n for n in numbers)
        yield "inlined", self.OOPS + stack + b"[    1.000000]  f (a/b.c:1:2) [inline]\n" * count
        yield "allocations", self.KASAN + b"[    1.000000] Allocated by task 1:\n" * count
        yield "stacks", self.KASAN + b"[    1.000000] Allocated by task 1:\n[    1.000000]  f+0x1/0x2\n" * count
        yield "CPUs", self.OOPS + b"".join(b"[    1.000000] NMI backtrace for cpu %d\n" % n + stack for n in numbers)
        yield "modules", self.OOPS + b"".join(b"[    1.000000] Modules linked in: a%d\n" % n for n in numbers)
        yield "callers", b"".join(b"[    1.000000][T%5d] " % n + self.OOPS[15:] for n in numbers)
        yield "machines", b"".join(b"Jun  5 01:02:03 m%d kernel: " % n + self.OOPS for n in numbers)
        yield "pieces", b"".join(b"Oops#1 Part%d\n<4>" % (count - n) + self.OOPS for n in numbers)
        yield "cut here", b"[    1.000000] ------------[ cut here ]------------\n" * count + self.OOPS

    def test_memory(self):
        for name, log in self.reports(20_000):
            with self.subTest(name):
                result, memory = feed([log], "-f", "json")
                (verdict,) = verdicts(result)
                self.assertNotEqual(verdict["crashes"], [])
                self.assertLess(len(result.stdout), MIB)
                if not SANITIZED:
                    self.assertLess(memory, 32 * MIB)

    def test_a_line_of_many_words_takes_no_longer_than_one_of_few(self):
        begins = b"[    1.000000] WARNING: CPU: 0 PID: 1 at "
        few, many = (self.seconds((begins + word * (60_000 // len(word)) + b"\n") * 60) for word in (b"x" * 300 + b" ", b"x "))
        self.assertLess(many, 4 * few + 0.2)

    def seconds(self, log):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        self.assertEqual(run("-f", "json", "-", stdin=log).status, NOT_KNOWN)
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


class Damage(TestCase):
    def check(self, logs):
        """Triages many damaged logs at once: each gets a verdict that names nothing the log does not hold, or an error."""
        paths = {str(self.write(f"{i}.log", log)): log for i, log in enumerate(logs)}
        result = run("-f", "json", *paths)
        told = {verdict["input"]["path"]: verdict for verdict in verdicts(result)}
        for path, log in paths.items():
            if path not in told:
                self.assertIn(f"kdump-triage: {path}: ", result.errors)
                continue
            for crash in told[path]["crashes"]:
                for place in [*crash["trace"], crash["instruction_pointer"] or {}]:
                    self.assertIn((place.get("function") or "").encode(), log)
        shutil.rmtree(self.directory)
        self.directory.mkdir()

    def test_cut_at_every_line(self):
        for name in SEEDS + OTHERS:
            lines = sample(name).splitlines(keepends=True)
            with self.subTest(name, end="front"):
                self.check(b"".join(lines[at:]) for at in range(len(lines)))
            with self.subTest(name, end="back"):
                self.check(b"".join(lines[:at]) for at in range(len(lines)))

    def test_cut_at_every_hundred_bytes(self):
        for name in SEEDS + OTHERS:
            log = sample(name)
            with self.subTest(name, end="front"):
                self.check(log[at:] for at in range(0, len(log), 100))
            with self.subTest(name, end="back"):
                self.check(log[:at] for at in range(0, len(log), 100))

    def test_a_thousand_mutations(self):
        for name in SEEDS + OTHERS:
            dice = random.Random(name)
            with self.subTest(name):
                self.check(self.mutate(bytearray(sample(name)), dice) for _ in range(150))

    def mutate(self, log, dice):
        for _ in range(dice.choice((1, 3, 10, 30))):
            at, length = dice.randrange(len(log)), dice.randrange(1, 200)
            piece = log[at:at + length]
            log[at:at + length] = dice.choice((b"", piece + piece, piece[::-1], bytes(len(piece)), dice.randbytes(len(piece)),
                                               b"\n".join([piece] * 3), piece.replace(b"0", b"f"), piece.upper(),
                                               piece.replace(b"\n", b""), b"[" + piece, b"9" * len(piece)))
        return bytes(log)


if __name__ == "__main__":
    main()
