"""Captures of consoles, collectors and screens: whatever they do to a log's bytes, the crash in it is the same to the last frame."""

import bz2
import gzip
import html
import io
import tarfile

from harness import TROUBLE, TestCase, deciding, main, run, triage_json, triage_text
from test_formats import HEADLINE, RECORDS, stamp, stamped

LOG = [stamped(i, record) for i, record in enumerate(RECORDS)]
KEYS = ("kind", "title", "headline", "culprit", "fingerprint", "cpu", "pid", "comm", "tainted", "instruction_pointer", "fault_address",
        "registers", "trace", "modules", "release", "hardware", "corrupt")
QUIET = [f"[    1.{i:06}] all is well" for i in range(3000)]


def lines(rows, end="\n"):
    return "".join(row + end for row in rows)


def wrapped(rows, width):
    return [row[at:at + width] for row in rows for at in range(0, len(row), width)]


class Transports(TestCase):
    def assert_the_crash(self, log, line=HEADLINE + 1):
        verdict = triage_text(log)
        expected = deciding(triage_text(lines(LOG)))
        self.assertEqual([crash["line"] for crash in verdict["crashes"]], [line])
        for key in KEYS:
            self.assertEqual(deciding(verdict)[key], expected[key], key)
        return verdict

    def test_in_front_of_each_line(self):
        for front in ("192.0.2.7 ", "web1 ", "[2023-01-01 10:00:00] ", "[2023-01-01T10:00:00.250Z] ", "2023-11-12T10:00:00.123456Z ",
                      "Nov 12 10:00:00 ", "Nov 12 10:00:00 192.0.2.7 ", "(d1) ", "Nov 12 10:00:00 log netconsole: ",
                      "  > | ", "| ", "\033[0;32m", "\0\0\0\0", "10%\r", "|\b", "<pre>"):
            with self.subTest(front):
                self.assert_the_crash(lines(front + row for row in LOG))

    def test_behind_the_stamp(self):
        for vendor in (" [0:           rmdir: 2577] ", "I[0: rmdir: 2577] ", "(0)[2577:rmdir]", "-(0)[2577:rmdir]", "[pid:2577,cpu0,rmdir]",
                       "c0   2577 (rmdir) "):
            with self.subTest(vendor):
                self.assert_the_crash(lines(stamp(i).rstrip() + vendor + record for i, record in enumerate(RECORDS)))

    def test_in_other_encodings(self):
        text = lines(LOG)
        for name, log in (("UTF-16 LE", ("\ufeff" + text).encode("utf-16-le")), ("UTF-16 BE", ("\ufeff" + text).encode("utf-16-be")),
                          ("UTF-8", b"\xef\xbb\xbf" + text.encode()), ("Mac", text.replace("\n", "\r").encode()),
                          ("HTML", html.escape(text.replace("Call Trace:", "Call Trace: <TASK>")).encode())):
            with self.subTest(name):
                self.assert_the_crash(log)
                self.assert_the_crash(gzip.compress(log))
                self.assert_the_crash(bz2.compress(log))
                file = triage_json(self.write(name, log))
                self.assertEqual(deciding(file)["line"], HEADLINE + 1)

    def test_long_logs_in_other_encodings(self):
        """Windows end in the middle of characters and of line ends."""
        rows = [row + " \u20ac\U0001f600" for row in QUIET] * 12 + LOG
        for name, log in (("UTF-16", ("\ufeff" + lines(rows, "\r\n")).encode("utf-16-le")), ("Mac", lines(rows, "\r").encode())):
            for kept in (0, 1, 3):
                with self.subTest(name, kept=kept):
                    self.assertGreater(len(log), 1_100_000)
                    self.assert_the_crash(log[:len(log) - kept], line=len(QUIET) * 12 + HEADLINE + 1)

    def test_what_only_begins_like_utf16(self):
        for log in (b"\xff\xfe", b"\xff\xfe" + bytes(range(256)) * 20):
            result = run(self.write("log", log))
            self.assertEqual(result.status, TROUBLE)
            self.assertIn("expected a kernel log", result.errors)

    def test_terminals_that_break_lines(self):
        for width in (80, 100, 120, 132):
            with self.subTest(width):
                rows = wrapped(LOG, width)
                self.assertGreater(len(rows), len(LOG) - (width > 100))
                self.assert_the_crash(lines(rows))
                self.assert_the_crash(lines(rows, "\r\n"))

    def test_a_line_of_80_characters_that_stands_alone(self):
        """A log that has longer ones was not broken: what follows without a stamp is no rest."""
        full = ("[   48.000000] " + "x" * 80)[:80]
        verdict = triage_text(lines(["[   47.000000] " + "y" * 90, full, "BUG: unable to handle kernel NULL pointer dereference at 88"]))
        self.assertEqual([crash["line"] for crash in verdict["crashes"]], [3])

    def test_two_machines_in_turn(self):
        """Each dies its own death, in every mixture of their lines."""
        other = [row.replace("rmdir", "mkdir").replace("d_delete", "d_create") for row in LOG]
        for step in (1, 2, 3, 7):
            with self.subTest(step):
                rows = []
                for at in range(0, len(LOG), step):
                    rows += [f"192.0.2.7 {row}" for row in LOG[at:at + step]] + [f"192.0.2.8 {row}" for row in other[at:at + step]]
                crashes = triage_text(lines(rows))["crashes"]
                self.assertEqual([crash["host"] for crash in crashes], ["192.0.2.7", "192.0.2.8"])
                for crash, log in zip(crashes, (LOG, other)):
                    expected = deciding(triage_text(lines(log)))
                    for key in KEYS:
                        self.assertEqual(crash[key], expected[key], key)

    def test_a_hole_in_a_syslog(self):
        rows = [f"Nov 12 10:00:00 web1 kernel: {row}" for row in LOG]
        for hole in (2, 4096, 70_000, 1_000_000):
            with self.subTest(hole):
                self.assert_the_crash(lines(rows[:3]).removesuffix("\n") + "\0" * hole + lines(rows[3:]))

    def test_pieces_of_pstore_in_one_file(self):
        rows = QUIET[:5] + LOG
        parts = {4 - i: lines(rows[i * 7:(i + 1) * 7]) for i in range(4)}
        whole = {part: f"Oops#1 Part{part}\n{text}" for part, text in parts.items()}
        file = self.write("pieces", "".join(whole[part] for part in (1, 2, 3, 4)))
        verdict = triage_json(file)
        self.assertEqual(verdict["notes"], ["4 pieces of pstore in the file were put in the kernel's order; line numbers are those of "
                                            "the log that this gives."])
        self.assertEqual(deciding(verdict)["line"], 8)
        self.assertFalse(verdict["input"]["incomplete"])
        self.assert_the_crash("".join(whole[part] for part in (4, 3, 2, 1)), line=8)
        cut = triage_json(self.write("cut", whole[1] + whole[2] + whole[4]))
        self.assertTrue(cut["input"]["incomplete"])
        self.assertTrue(any("missing: part 3 (part 1 is the end)" in note for note in cut["notes"]), cut["notes"])

    def test_utf16_in_an_archive(self):
        log = ("\ufeff" + lines(LOG)).encode("utf-16-le")
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w:gz") as writer:
            member = tarfile.TarInfo("var/log/dmesg")
            member.size = len(log)
            writer.addfile(member, io.BytesIO(log))
        verdict = triage_json(self.write("archive", archive.getvalue()))
        self.assertEqual(deciding(verdict)["line"], HEADLINE + 1)


if __name__ == "__main__":
    main()
