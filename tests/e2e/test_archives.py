"""Archives as sosreport and supportconfig make them: the logs in them, and what is wrong with them."""

import bz2
import gzip
import io
import lzma
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tarfile
import unittest

from harness import (KNOWN, NO_CRASH, NOT_KNOWN, SANITIZED, TROUBLE, TestCase, assert_safe, deciding, feed, main, run, sample,
                     verdicts)

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from dumps import containers, kernels    # noqa: E402

MIB = 1024 * 1024
# Two crashes, so that what is found tells where it was read; both are known.
CRASH, CRASH_KIND = sample("overlayfs-dentry-leak.console.log").removesuffix(b"\n") + b"\n", "null-pointer-dereference"
SYSLOG, SYSLOG_KIND = sample("fsnotify-soft-lockup.syslog"), "soft-lockup"
QUIET = b"[    0.000000] Linux version 6.1.0\n[    1.000000] all is well\n"
DUMP = containers.diskdump(kernels.made("el7_general_protection").machine)
REPORT = "sosreport-crash-console-2023-06-05-abcdefg/"
SAID_OF_DUMPS = "a dump in an archive: unpack it first"


def tar(members, format=tarfile.GNU_FORMAT):
    """Members: (name, content), or (tarfile.TarInfo, content)."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=format) as writer:
        for name, content in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(content)
            writer.addfile(info, io.BytesIO(content))
    return archive.getvalue()


def piece(name, content):
    """One member of an archive, without the archive's end."""
    return tar([(name, content)])[:512 + (len(content) + 511) // 512 * 512]


def link(name, target, type=tarfile.SYMTYPE):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = type, target
    return info, b""


def zstd(content):
    if not shutil.which("zstd"):
        raise unittest.SkipTest("no zstd here")
    return subprocess.run(["zstd", "-q"], input=content, stdout=subprocess.PIPE, check=True).stdout


class Archives(TestCase):
    def triage(self, content, *arguments, name="archive"):
        path = content if isinstance(content, pathlib.Path) else self.write(name, content)
        result = run("-f", "json", *arguments, path)
        return result, verdicts(result)

    def assert_members(self, content, expected, status=KNOWN, errors=""):
        """Expected: the members with a crash, and its kind; gives the verdicts."""
        result, found = self.triage(content)
        root = str(self.directory / "archive")
        self.assertEqual([(verdict["input"]["path"], deciding(verdict)["kind"]) for verdict in found],
                         [(f"{root}/{member}", kind) for member, kind in expected])
        self.assertEqual((result.status, result.errors), (status, errors), result)
        return found

    def assert_no_crash(self, content):
        result, (verdict,) = self.triage(content)
        self.assertEqual((verdict["verdict"], verdict["input"]["path"], verdict["input"]["incomplete"]),
                         ("no-crash", str(self.directory / "archive"), False))
        self.assertEqual((result.status, result.errors), (NO_CRASH, ""), result)

    def error(self, member, message):
        return f"kdump-triage: {self.directory}/archive{'/' if member else ''}{member}: {message}\n"


class Reports(Archives):
    def test_sosreport(self):
        members = [(REPORT + "var/log/messages", SYSLOG), (REPORT + "var/log/messages-20230605.gz", gzip.compress(CRASH)),
                   (REPORT + "var/log/yum.log", CRASH), (REPORT + "var/log/kern.log", b""),
                   (REPORT + "sos_commands/kernel/dmesg", QUIET),
                   (REPORT + "sos_commands/logs/journalctl_--no-pager_--boot_-1", CRASH),
                   (REPORT + "sos_commands/kernel/sysctl_-a", CRASH), (REPORT + "etc/kdump.conf", CRASH),
                   (REPORT + "sos_strings/logs/var.log.messages.tailed", SYSLOG),
                   (REPORT + "var/crash/127.0.0.1-2023-06-05-12:00:05/kexec-dmesg.log", CRASH),
                   (REPORT + "var/crash/127.0.0.1-2023-06-05-12:00:05/vmcore-dmesg.txt", CRASH)]
        found = self.assert_members(lzma.compress(tar(members)), [
            (REPORT + "var/log/messages", SYSLOG_KIND), (REPORT + "var/log/messages-20230605.gz", CRASH_KIND),
            (REPORT + "sos_commands/logs/journalctl_--no-pager_--boot_-1", CRASH_KIND),
            (REPORT + "sos_strings/logs/var.log.messages.tailed", SYSLOG_KIND),
            (REPORT + "var/crash/127.0.0.1-2023-06-05-12:00:05/vmcore-dmesg.txt", CRASH_KIND)])
        self.assertEqual(found[0]["input"]["format"], "syslog")
        self.assertEqual(found[0]["notes"], [])

    def test_supportconfig(self):
        members = [("scc_kernel_230605_1200/messages.txt", SYSLOG), ("scc_kernel_230605_1200/boot.txt", CRASH),
                   ("scc_kernel_230605_1200/crash.txt", CRASH), ("scc_kernel_230605_1200/hardware.txt", CRASH),
                   ("scc_kernel_230605_1200/rpm.txt", CRASH)]
        self.assert_members(bz2.compress(tar(members)), [
            ("scc_kernel_230605_1200/messages.txt", SYSLOG_KIND), ("scc_kernel_230605_1200/boot.txt", CRASH_KIND),
            ("scc_kernel_230605_1200/crash.txt", CRASH_KIND)])

    def test_every_compression_and_format(self):
        content = tar([("a/dmesg", CRASH)])
        for pack in (bytes, gzip.compress, lzma.compress, bz2.compress, zstd):
            with self.subTest(pack.__name__):
                self.assert_members(pack(content), [("a/dmesg", CRASH_KIND)])
        for format in (tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT):
            self.assert_members(gzip.compress(tar([("a/dmesg", CRASH)], format)), [("a/dmesg", CRASH_KIND)])

    def test_compressed_members(self):
        packed = {"messages-1.gz": gzip.compress(CRASH), "messages-2.xz": lzma.compress(CRASH), "messages-3.bz2": bz2.compress(CRASH),
                  "messages-4": gzip.compress(CRASH), "messages-5.gz": CRASH}
        if shutil.which("zstd"):
            packed["messages-6.zst"] = zstd(CRASH)
        self.assert_members(lzma.compress(tar(packed.items())), [(name, CRASH_KIND) for name in packed])

    def test_pipe(self):
        result = run("-f", "json", "-", stdin=gzip.compress(tar([("a/dmesg", CRASH)])))
        (verdict,) = verdicts(result)
        self.assertEqual((result.status, verdict["input"]["path"]), (KNOWN, "-/a/dmesg"))

    def test_text_and_markdown(self):
        path = self.write("archive", tar([("a/dmesg", CRASH), ("b/dmesg", SYSLOG)]))
        result = run(path)
        self.assertEqual(result.status, KNOWN)
        flat = " ".join(result.text.split())
        self.assertIn(f"{path}/a/dmesg: known bug", flat)
        self.assertIn(f"{path}/b/dmesg: known bug", flat)
        self.assertEqual(run("-f", "markdown", path).text.count("overlayfs-dentry-leak") > 0, True)
        self.assertEqual(run("--explain", "overlayfs-dentry-leak", path).status, KNOWN)

    def test_beside_other_inputs(self):
        path = self.write("archive", tar([("dmesg", CRASH)]))
        other = self.write("log", QUIET)
        result = run("-f", "json", other, path, self.directory / "nowhere")
        self.assertEqual([verdict["verdict"] for verdict in verdicts(result)], ["no-crash", "known"])
        self.assertEqual(result.status, TROUBLE)
        self.assertEqual(run("-f", "json", other, path).status, KNOWN)

    def test_unknown_crash(self):
        log = b"[    1.000000] kernel BUG at fs/nowhere.c:1!\n"
        result, (verdict,) = self.triage(tar([("dmesg", log)]))
        self.assertEqual((result.status, verdict["verdict"]), (NOT_KNOWN, "unknown"))

    def test_no_crash(self):
        self.assert_no_crash(gzip.compress(tar([("a/messages", QUIET), ("a/kern.log", b""), ("a/dmesg", QUIET)])))
        self.assert_no_crash(tar([("a/kern.log", b"")]))

    def test_dmesg(self):
        path = self.write("archive", gzip.compress(tar([("vmcore", DUMP)])))
        result = run("dmesg", path)
        self.assertEqual((result.status, result.stdout), (TROUBLE, b""))
        self.assertEqual(result.errors, self.error("", "a tar archive: expected a dump; unpack it first"))

    def test_archive_in_a_crash_directory(self):
        self.write("crash/vmcore-dmesg.txt", tar([("dmesg", CRASH)]))
        result = run(self.directory / "crash")
        self.assertEqual(result.status, TROUBLE)
        self.assertIn("vmcore-dmesg.txt: expected a kernel log, found a tar archive\n", result.errors)
        self.write("crash/vmcore", tar([("dmesg", CRASH)]))
        self.assertIn("a tar archive: expected a dump\n", run("dmesg", self.directory / "crash").errors)


class NotAllCanBeRead(Archives):
    def test_dumps(self):
        with_log, without = "crash/127.0.0.1-2023-06-05-12:00:05", "crash/127.0.0.1-2023-06-06-12:00:05"
        members = [(f"{with_log}/vmcore", DUMP), (f"{without}/vmcore", DUMP), (f"{without}/vmcore.flat", DUMP),
                   (f"{with_log}/vmcore-dmesg.txt", CRASH), ("empty/vmcore", b"")]
        self.assert_members(lzma.compress(tar(members)), [(f"{with_log}/vmcore-dmesg.txt", CRASH_KIND)], TROUBLE,
                            self.error(f"{without}/vmcore", SAID_OF_DUMPS + ", then give the dump"))

    def test_dump_beside_a_log_that_was_not_saved_to_its_end(self):
        result, found = self.triage(tar([("a/vmcore-dmesg-incomplete.txt", QUIET), ("a/vmcore", DUMP)]))
        self.assertIn(f"archive/a/vmcore: {SAID_OF_DUMPS}", result.errors)
        self.assertEqual(found[0]["input"]["incomplete"], True)
        self.assertEqual(found[0]["notes"], ["Not all that is in the archive could be read."])

    def test_dump_by_its_content(self):
        result, found = self.triage(tar([("a/dmesg", DUMP), ("b/messages.gz", gzip.compress(DUMP))]))
        self.assertEqual((result.status, found), (TROUBLE, []))
        self.assertEqual(result.errors, self.error("a/dmesg", SAID_OF_DUMPS + ", then give the dump") +
                         self.error("b/messages.gz", SAID_OF_DUMPS + ", then give the dump"))

    def test_no_log_at_all(self):
        result, found = self.triage(tar([("a/etc/passwd", b"root\n")]))
        self.assertEqual((result.status, found), (TROUBLE, []))
        self.assertIn("a tar archive without a kernel log in it: expected messages", result.errors)
        result, found = self.triage(tar([("a/sosreport-1.tar.xz", b"x"), ("b/sosreport-2.tar.xz", b"x")]))
        self.assertIn("but with other archives, such as a/sosreport-1.tar.xz: unpack it first", result.errors)

    def test_members_that_are_no_logs(self):
        garbage = random.Random(1).randbytes(100000)
        members = [("a/messages", garbage), ("a/kern.log", tar([("x", b"")])), ("a/syslog.1.gz", gzip.compress(SYSLOG)[:40]),
                   ("a/dmesg", CRASH)]
        result, found = self.triage(tar(members))
        self.assertEqual([verdict["input"]["path"] for verdict in found], [str(self.directory / "archive/a/dmesg")])
        self.assertEqual(result.status, TROUBLE)
        for says in ("a/messages: binary data: expected a kernel log", "a/kern.log: a tar archive: expected a kernel log",
                     "a/syslog.1.gz: the compressed file is cut short"):
            self.assertIn(f"{self.directory}/archive/{says}", result.errors)

    def test_member_whose_compression_is_damaged(self):
        """What came before the damage counts, and the archive goes on behind it."""
        packed = gzip.compress(CRASH + random.Random(1).randbytes(200000).hex().encode())
        result, found = self.triage(tar([("a/messages.gz", packed[:len(packed) - 20000]), ("b/messages", SYSLOG)]))
        self.assertEqual([deciding(verdict)["kind"] for verdict in found], [CRASH_KIND, SYSLOG_KIND])
        self.assertEqual([verdict["input"]["incomplete"] for verdict in found], [True, False])
        self.assertEqual(result.status, TROUBLE)
        self.assertIn("archive/a/messages.gz: gzip data is damaged or cut short behind byte ", result.errors)

    def test_sparse_links_and_devices(self):
        sparse = self.directory / "messages"
        with sparse.open("wb") as file:
            file.seek(10 * MIB)
            file.write(CRASH)
        subprocess.run(["tar", "-C", self.directory, "-Scf", self.directory / "archive", "messages"], check=True)
        result, found = self.triage(self.directory / "archive")
        self.assertEqual((result.errors, found), (self.error("messages", "a sparse file in an archive: unpack it first"), []))
        device = tarfile.TarInfo("d/messages")
        device.type, device.devmajor, device.devminor = tarfile.CHRTYPE, 1, 5
        self.assert_members(tar([link("a/messages", "/etc/passwd"), link("b/messages", "a/dmesg", tarfile.LNKTYPE), (device, b""),
                                 link("f/messages", "", tarfile.FIFOTYPE), ("e/dmesg", CRASH)]), [("e/dmesg", CRASH_KIND)])


class Damage(Archives):
    def log(self, crash, size):
        """A log of that size with the crash at its beginning, which packs badly."""
        return (crash + b"\n".join(random.Random(len(crash)).randbytes(30).hex().encode() for _ in range(size // 61)))[:size - 1] + b"\n"

    def test_cut_anywhere(self):
        """Whatever the place, an error says so, and what came before it counts."""
        content = tar([("a/dmesg", CRASH), ("b/messages", self.log(SYSLOG, 300000)), ("c/notes", bytes(50000))])
        first = len(piece("a/dmesg", CRASH))
        for cut in (first - 600, first - 1, first, first + 100, first + 512, first + 100000, len(content) - 40000, first + 512 + 300032):
            with self.subTest(cut):
                result, found = self.triage(content[:cut])
                self.assertEqual(result.status, TROUBLE)
                self.assertIn("the archive is cut short", result.errors)
                self.assertEqual(result.errors.count("\n"), 1, result)
                self.assertEqual([deciding(verdict)["kind"] for verdict in found],
                                 [CRASH_KIND, SYSLOG_KIND] if cut > first + 90000 else [CRASH_KIND])

    def test_cut_where_nothing_was_found(self):
        content = tar([("a/dmesg", QUIET), ("b/messages", self.log(b"", 300000))])
        result, (verdict,) = self.triage(content[:200000])
        self.assertEqual((verdict["verdict"], verdict["input"]["incomplete"], result.status), ("no-crash", True, TROUBLE))
        self.assertIn("archive/b/messages: the archive is cut short here: it ends too early, behind byte ", result.errors)

    def test_compressed_archive_cut(self):
        content = tar([("a/dmesg", CRASH), ("b/messages", self.log(b"", 3 * MIB)), ("c/messages", SYSLOG)])
        for pack in (gzip.compress, lzma.compress, bz2.compress, zstd):
            with self.subTest(pack.__name__):
                packed = pack(content)
                result, found = self.triage(packed[:len(packed) // 2])
                self.assertEqual([deciding(verdict)["kind"] for verdict in found], [CRASH_KIND])
                self.assertEqual(result.status, TROUBLE)
                self.assertIn("archive/b/messages: the archive is cut short here", result.errors)

    def test_damaged_header(self):
        content = bytearray(tar([("a/dmesg", CRASH), ("b/messages", SYSLOG), ("c/dmesg", CRASH)]))
        second = len(piece("a/dmesg", CRASH))
        content[second:second + 512] = random.Random(1).randbytes(512)
        result, found = self.triage(bytes(content))
        self.assertEqual([deciding(verdict)["kind"] for verdict in found], [CRASH_KIND, CRASH_KIND])
        self.assertEqual((result.status, result.errors),
                         (TROUBLE, self.error("", "the archive is damaged behind its member a/dmesg: members may be missing")))
        content[:100] = random.Random(2).randbytes(100)
        result, found = self.triage(bytes(content))
        self.assertEqual((result.status, found), (TROUBLE, []))

    def test_damage_anywhere(self):
        """Damaged archives end in some way that says so, or are read, but never the program."""
        generator = random.Random(3)
        plain = tar([("a/dmesg", CRASH), ("b/messages.gz", gzip.compress(SYSLOG)), ("c/dmesg-ramoops-0", b"Oops#1 Part1\n" + CRASH)],
                    tarfile.PAX_FORMAT)
        for content in (plain, lzma.compress(plain), gzip.compress(plain)):
            paths = []
            for number in range(20 if SANITIZED else 60):
                broken = bytearray(content)
                for _ in range(generator.randint(1, 8)):
                    broken[generator.randrange(len(broken) if number % 2 else 2048)] = generator.randrange(256)
                paths.append(self.write(f"broken-{number}", bytes(broken[:generator.randint(len(broken) // 2, len(broken))])))
            assert_safe(run(*paths).stdout)


class Hostile(Archives):
    def test_names(self):
        """They are labels, never opened, and made safe."""
        marker = self.write("marker/messages", SYSLOG)
        long_name = "x/" * 32000 + "messages"
        names = [str(marker), "../" * 20 + "etc/messages", "./" * 5 + "a/messages", "a/\033[31m\nb/messages", "d\u00e9j\u00e0/messages", long_name]
        for format in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
            result, found = self.triage(tar([(name, CRASH) for name in names], format))
            self.assertEqual([deciding(verdict)["kind"] for verdict in found], [CRASH_KIND] * len(names))
            paths = [verdict["input"]["path"].removeprefix(f"{self.directory}/archive/") for verdict in found]
            self.assertEqual(paths[:3], [str(marker)[1:], "../" * 20 + "etc/messages", "a/messages"])
            self.assertEqual(paths[3:5], ["a/\\x1b[31m\\x0ab/messages", "d\u00e9j\u00e0/messages"])
            self.assertLess(len(paths[5]), 1100)
            self.assertTrue(paths[5].endswith("x/messages"))

    def test_too_many_members(self):
        member = tarfile.TarInfo("x").tobuf()
        path = self.write("archive", gzip.compress(piece("dmesg", CRASH) + member * 100000 + bytes(1024), 1))
        result, found = self.triage(path)
        self.assertEqual([deciding(verdict)["kind"] for verdict in found], [CRASH_KIND])
        self.assertIn("it has more members than 100000", result.errors)

    def test_bomb_around_a_member(self):
        """More than 4 GiB of a few KiB: given up, and what came before counts."""
        header = tarfile.TarInfo("a/vmlinux")
        header.size = 6 * 1024 * MIB
        result, found = self.triage(zstd(piece("dmesg", CRASH) + header.tobuf()) + zstd(bytes(64 * MIB)) * 80)
        self.assertEqual([deciding(verdict)["kind"] for verdict in found], [CRASH_KIND])
        self.assertIn("it unpacks to more than may come of a file of its size", result.errors)

    def test_bomb_in_a_member(self):
        bomb = zstd(b"[    2.000000] all is well\n" * (64 * MIB // 27)) * 80
        result, found = self.triage(tar([("messages.zst", bomb), ("dmesg", CRASH)]))
        self.assertEqual([deciding(verdict)["kind"] for verdict in found], [CRASH_KIND])
        self.assertIn("archive/messages.zst: it unpacks to more than may come of a file of its size", result.errors)

    def test_memory_does_not_grow(self):
        """Neither with the archive nor with the number of crashes in it."""
        if SANITIZED:
            self.skipTest("memory says nothing under AddressSanitizer")
        log = (QUIET * 1000 + CRASH) * 20

        def pieces(count):
            for number in range(count):
                yield piece(f"{number}/messages", log)

        small, few = feed(pieces(5), "-f", "json")
        large, many = feed(pieces(100), "-f", "json")
        self.assertEqual((small.stdout.count(b"\n"), large.stdout.count(b"\n")), (5, 100))
        self.assertLess(many, few + 3 * MIB)

    def test_dump_of_a_plain_archive_is_skipped_without_reading_it(self):
        """A sparse file of 200 GiB: reading it would take minutes."""
        header = tarfile.TarInfo("crash/vmcore")
        header.size = 200 * 1024 * MIB
        path = self.directory / "archive"
        with path.open("wb") as file:
            file.write(piece("crash/dmesg.txt", CRASH) + header.tobuf())
            file.seek(header.size, os.SEEK_CUR)
            file.write(tar([("b/dmesg", SYSLOG)]))
        result = run("-f", "json", path, timeout=60)
        self.assertEqual([deciding(verdict)["kind"] for verdict in verdicts(result)], [CRASH_KIND, SYSLOG_KIND])
        self.assertEqual((result.status, result.errors), (KNOWN, ""))


if __name__ == "__main__":
    main()
