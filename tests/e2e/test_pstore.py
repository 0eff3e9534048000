"""What the kernel kept of its log over a reboot: pieces in /sys/fs/pstore, or where systemd moved them, or in an archive."""

import io
import os
import tarfile
import unittest

from harness import KNOWN, TROUBLE, TestCase, deciding, main, run, sample, triage_json, triage_text, verdicts

CRASH, CRASH_KIND = sample("overlayfs-dentry-leak.console.log").removesuffix(b"\n") + b"\n", "null-pointer-dereference"
TIME = 1654676164


def lines(count, start=0):
    return b"".join(b"[%5d.000000] all is well\n" % (start + number) for number in range(count))


def efi(part, time=TIME, count=1, backend="efi"):
    return f"dmesg-{backend}-{(time * 100 + part) * 1000 + count}"


def cut(log, size):
    """Pieces of whole lines, the end of the log first, as kmsg_dump_get_buffer() gives them."""
    pieces, piece = [], b""
    for line in reversed(log.splitlines(keepends=True)):
        if piece and len(piece) + len(line) > size:
            pieces.append(piece)
            piece = b""
        piece = line + piece
    return pieces + [piece]


def record(log, size=1000, header="Panic#1", name=efi):
    return {name(part): f"{header} Part{part}\n".encode() + piece for part, piece in enumerate(cut(log, size), 1)}


class Pstore(TestCase):
    def make(self, *records, **others):
        """A directory of the pieces of these records."""
        for pieces in (*records, others):
            for name, content in pieces.items():
                self.write("pstore/" + name.replace("__", "-"), content)
        return self.directory / "pstore"

    def assert_put_together(self, directory, log, incomplete=False):
        """The verdict is that on the log as a whole."""
        verdict = triage_json(directory)
        whole = triage_text(log)
        self.assertEqual((verdict["crashes"], verdict["verdict"]), (whole["crashes"], whole["verdict"]))
        self.assertEqual(verdict["input"]["incomplete"], incomplete)
        self.assertEqual((verdict["input"]["path"], verdict["input"]["type"]), (str(directory), "log"))
        return verdict

    def test_efi(self):
        """A crash that lies over several pieces, of which the kernel shows the end first."""
        log = lines(100) + CRASH
        pieces = record(log)
        self.assertGreater(len(pieces), 4)
        self.assertGreater(len([piece for piece in cut(CRASH, 1000)]), 2)
        directory = self.make(pieces)
        verdict = self.assert_put_together(directory, log)
        self.assertEqual(verdict["notes"], [f"Put together from {len(pieces)} pieces of pstore (Panic#1), "
                                            f"{efi(len(pieces))} to {efi(1)}."])
        self.assertEqual(deciding(verdict)["line"], 101)
        self.assertEqual(run(directory).status, KNOWN)

    def test_every_store(self):
        names = {"efi_pstore": lambda part: efi(part, backend="efi_pstore"), "erst": lambda part: f"dmesg-erst-{(TIME << 32) + part}",
                 "ramoops": lambda part: "dmesg-ramoops-0", "nvram": lambda part: "dmesg-nvram-1",
                 "blk": lambda part: "dmesg-pstore_blk-3"}
        for store, name in names.items():
            with self.subTest(store):
                size = 1000 if store in ("efi_pstore", "erst") else 100000
                directory = self.make(record(lines(40) + CRASH, size, name=name))
                self.assert_put_together(directory, lines(40) + CRASH)
                for file in directory.iterdir():
                    file.unlink()

    def test_header_of_block_devices(self):
        directory = self.make({"dmesg-pstore_blk-0": b"Panic: Total 3 times\nPanic#3 Part1\n" + CRASH})
        verdict = self.assert_put_together(directory, CRASH)
        self.assertEqual(verdict["notes"], ["Read from the piece of pstore dmesg-pstore_blk-0 (Panic#3)."])

    def test_latest_of_several(self):
        other = b"[    1.000000] kernel BUG at fs/nowhere.c:1!\n"
        directory = self.make(record(other, name=lambda part: efi(part, TIME - 5000)), record(CRASH),
                              record(other, header="Oops#1", name=lambda part: efi(part, TIME - 1)),
                              record(other, header="Shutdown#2", name=lambda part: efi(part, TIME + 5000)))
        verdict = self.assert_put_together(directory, CRASH)
        self.assertIn("Of 4 records in pstore, the latest of a crash was read.", verdict["notes"])

    def test_latest_by_the_times_of_files(self):
        directory = self.make({"dmesg-ramoops-0": b"Panic#1 Part1\n" + CRASH, "dmesg-ramoops-1": b"Panic#1 Part1\n" + lines(3)})
        os.utime(directory / "dmesg-ramoops-0", (TIME, TIME))
        os.utime(directory / "dmesg-ramoops-1", (TIME - 100, TIME - 100))
        self.assert_put_together(directory, CRASH)

    def test_pieces_of_one_record_with_different_times(self):
        """Writing to flash takes its time; each piece has its own."""
        pieces = cut(lines(100) + CRASH, 1000)
        directory = self.make({efi(part, TIME + part): f"Panic#1 Part{part}\n".encode() + piece for part, piece in enumerate(pieces, 1)})
        self.assert_put_together(directory, lines(100) + CRASH)

    def test_missing_pieces(self):
        pieces = record(lines(200) + CRASH)
        for part in (5, 6):
            del pieces[efi(part)]
        directory = self.make(pieces)
        verdict = triage_json(directory)
        self.assertTrue(verdict["input"]["incomplete"])
        self.assertEqual(deciding(verdict)["kind"], CRASH_KIND)
        self.assertIn(f"The log {directory} is not whole: pieces of pstore are missing: part 5 to 6 (part 1 is the end).",
                      verdict["notes"])

    def test_missing_pieces_and_no_crash(self):
        pieces = record(lines(200))
        del pieces[efi(1)]
        result = run(self.make(pieces))
        self.assertEqual(result.status, TROUBLE)
        self.assertIn("no crash in the log ", result.errors)
        self.assertIn("missing: part 1 (part 1 is the end)", result.errors)

    def test_pieces_that_the_kernel_could_not_unpack(self):
        packed = efi(1, TIME + 3) + ".enc.z"
        directory = self.make(record(CRASH), {packed: b"\x01\x02"})
        verdict = self.assert_put_together(directory, CRASH, incomplete=True)
        self.assertIn(f"Not read: {packed}, which the kernel could not decompress.", verdict["notes"])
        for file in directory.iterdir():
            if file.name != packed:
                file.unlink()
        result = run(directory)
        self.assertEqual((result.status, result.errors),
                         (TROUBLE, f"kdump-triage: {directory}: pieces of pstore that the kernel could not decompress, and nothing "
                          f"else: {packed}\n"))

    def test_console(self):
        directory = self.make({"console-ramoops-0": lines(5) + CRASH, "pmsg-ramoops-0": b"x", "ftrace-ramoops-0": b"\0\1"})
        self.assert_put_together(directory, lines(5) + CRASH)
        self.make({"dmesg-ramoops-0": b"Panic#1 Part1\n" + lines(5)})
        self.assertEqual(triage_json(directory)["verdict"], "no-crash")

    def test_systemd_put_them_together(self):
        directory = self.make(record(lines(100)), dmesg_txt=b"")
        (directory / "dmesg_txt").rename(directory / "dmesg.txt")
        (directory / "dmesg.txt").write_bytes(CRASH)
        self.assertIn(f"Read from {directory}/dmesg.txt.", triage_json(directory)["notes"])

    def test_unreadable_pieces(self):
        directory = self.make(record(CRASH))
        (directory / efi(9)).symlink_to("/nowhere/else")
        verdict = self.assert_put_together(directory, CRASH, incomplete=True)
        self.assertTrue([note for note in verdict["notes"] if f"of pstore's pieces, 1 could not be read: {efi(9)} (" in note], verdict)

    def test_too_many_pieces(self):
        directory = self.make({f"dmesg-ramoops-{number}": b"Oops#%d Part1\n" % number + lines(2) for number in range(1200)})
        result = run(directory)
        self.assertEqual(result.status, TROUBLE)
        self.assertIn("more pieces of pstore than the 1000", result.errors)

    def test_hostile_headers(self):
        headers = [b"", b"Panic#", b"Panic#99999999999999999999 Part1\n", b"Panic#1 Part0\n", b"Panic#1 Part4294967295\n",
                   b"Panic#1 Part99999999999\n", b"#1 Part1\n", b"\x1b[31m#1 Part1\n", b"Oops: Total 18446744073709551615 times\n"]
        directory = self.make({f"dmesg-ramoops-{number}": header + CRASH for number, header in enumerate(headers)})
        verdict = triage_json(directory)
        self.assertEqual(deciding(verdict)["kind"], CRASH_KIND)

    def test_only_a_dump_is_wanted(self):
        result = run("dmesg", self.make(record(CRASH)))
        self.assertEqual(result.status, TROUBLE)
        self.assertIn("a directory of pstore: expected a dump", result.errors)

    def test_parent_directory(self):
        """As /var/lib/systemd/pstore is one."""
        self.make(record(CRASH))
        result = run(self.directory)
        self.assertIn("a directory of crash directories, none itself; give one of them, or several: pstore\n", result.errors)

    def test_in_an_archive(self):
        pieces = {"a/sys/fs/pstore/" + name: content for name, content in record(lines(100) + CRASH).items()}
        pieces |= {"a/var/lib/systemd/pstore/165/" + name: content for name, content in record(lines(100) + CRASH).items()}
        pieces["a/var/lib/systemd/pstore/165/dmesg.txt"] = lines(100) + CRASH
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w:xz") as writer:
            for name, content in sorted(pieces.items()):
                member = tarfile.TarInfo(name)
                member.size = len(content)
                writer.addfile(member, io.BytesIO(content))
        path = self.write("archive", archive.getvalue())
        result = run("-f", "json", path)
        systemd, kernel = verdicts(result)
        self.assertEqual((result.status, result.errors), (KNOWN, ""))
        self.assertEqual(systemd["input"]["path"], f"{path}/a/var/lib/systemd/pstore/165/dmesg.txt")
        self.assertEqual(kernel["input"]["path"], f"{path}/a/sys/fs/pstore")
        self.assertEqual(kernel["crashes"], systemd["crashes"])
        self.assertTrue(kernel["notes"][0].startswith("Put together from "), kernel["notes"])


if __name__ == "__main__":
    main()
