"""One crash, in every wrapping that loggers put around it."""

import bz2
import gzip
import json
import lzma
import struct
import unittest

from harness import TestCase, deciding, functions, main, triage_json, triage_text

RECORDS = """\
usb 1-1: new high-speed USB device number 5 using xhci_hcd
BUG: unable to handle kernel NULL pointer dereference at 0000000000000088
PGD 0 P4D 0
Oops: 0000 [#1] SMP
CPU: 1 PID: 2577 Comm: rmdir Kdump: loaded Tainted: G           OE     4.19.91-22.2.al7.x86_64 #1
Hardware name: Alibaba Cloud Alibaba Cloud ECS, BIOS rel-1.7.5 04/01/2014
RIP: 0010:_raw_spin_lock+0xc/0x20
RSP: 0018:ffffac6fc5417e98 EFLAGS: 00010246
RAX: 0000000000000000 RBX: ffff93b8da3446c0 RCX: 0000000a00000000
CS:  0010 DS: 0000 ES: 0000 CR0: 0000000080050033
CR2: 0000000000000088 CR3: 00000005e3f74006 CR4: 00000000003606a0
Call Trace:
 ? mntget+0x12/0x20
 d_delete+0x2c/0xb0
 vfs_rmdir+0xfd/0x120
 do_rmdir+0x14f/0x1a0
 do_syscall_64+0x5b/0x190
 entry_SYSCALL_64_after_hwframe+0x44/0xa9
Modules linked in: xfs(E) overlay vboxguest(OE) [last unloaded: dummy]
CR2: 0000000000000088
---[ end trace 4e652b8aa299aa2d ]---""".splitlines()
HEADLINE, LAST = 1, len(RECORDS) - 1
STRANGER = "kernel BUG at foo.c:1! BUG: unable to handle kernel paging request at ffff899600000000"


def stamp(i, caller=""):
    return f"[   49.{804600 + i:06}]{caller} "


def each(form):
    """One line a record."""
    return "".join(form(i, record) + "\n" for i, record in enumerate(RECORDS))


def stamped(i, record):
    return stamp(i) + record


def journal_fields(i, message):
    return {"__CURSOR": f"s=1;i={i}", "__REALTIME_TIMESTAMP": str(1528174000000000 + i), "_TRANSPORT": "kernel", "PRIORITY": "4",
            "SYSLOG_IDENTIFIER": "kernel", "_SOURCE_MONOTONIC_TIMESTAMP": str(49804600 + i), "MESSAGE": message}


def export(i, record, binary):
    """An entry of journalctl -o export; a binary field has its name on a line, then its length in 8 bytes, then itself."""
    entry = b""
    for name, value in journal_fields(i, record).items():
        if name == "MESSAGE" and binary:
            entry += b"MESSAGE\n" + struct.pack("<Q", len(value)) + value.encode() + b"\n"
        else:
            entry += f"{name}={value}\n".encode()
    return entry + b"\n"


WRAPPINGS = {
    "printk's stamp": each(stamped),
    "no stamp": each(lambda i, record: record),
    "a task's id": each(lambda i, record: stamp(i, "[ T2577]") + record),
    "a short task's id": each(lambda i, record: stamp(i, "[    T1]") + record),
    "a CPU's id": each(lambda i, record: stamp(i, "[    C0]") + record),
    "/proc/kmsg": each(lambda i, record: "<4>" + stamped(i, record)),
    "syslog": each(lambda i, record: "Jun  5 04:46:22 host kernel: " + record),
    "syslog with stamps": each(lambda i, record: "Jun  5 04:46:22 host kernel: " + stamped(i, record)),
    "syslog with a pid": each(lambda i, record: "Jun 15 04:46:22 host.example.org kernel[0]: " + stamped(i, record)),
    "syslog with ISO times": each(lambda i, record: "2018-06-05T04:46:22.123456+02:00 host kernel: " + stamped(i, record)),
    "syslog with UTC times": each(lambda i, record: "2018-06-05T04:46:22Z host kernel: " + stamped(i, record)),
    "RFC 3164": each(lambda i, record: "<4>Jun  5 04:46:22 host kernel: " + stamped(i, record)),
    "RFC 5424": each(lambda i, record: "<4>1 2018-06-05T04:46:22.003Z host kernel - - - " + stamped(i, record)),
    "RFC 5424 with data": each(lambda i, record: '<4>1 2018-06-05T04:46:22Z host kernel - - [x@1 a="b\\"\\] c"][y d="e"] ' + record),
    "dmesg -x": each(lambda i, record: "kern  :warn  : " + stamped(i, record)),
    "dmesg -T": each(lambda i, record: "[Tue Jun  5 04:46:22 2018] " + record),
    "dmesg --time-format=iso": each(lambda i, record: f"2018-06-05T04:46:22,{804600 + i}+02:00 " + record),
    "dmesg -d": each(lambda i, record: f"[   49.{804600 + i} <    0.000001>] " + record),
    "journalctl": each(lambda i, record: "Jun 05 04:46:22 host kernel: " + record),
    "journalctl -o short-monotonic": each(lambda i, record: stamp(i) + "host kernel: " + record),
    "journalctl -o short-iso": each(lambda i, record: "2018-06-05T04:46:22+0200 host kernel: " + record),
    "journalctl -o json": each(lambda i, record: json.dumps(journal_fields(i, record))),
    "an e-mail": each(lambda i, record: "> " + stamped(i, record)),
    "an e-mail in an e-mail": each(lambda i, record: "> > " + stamped(i, record)),
    "an e-mail of mutt": each(lambda i, record: ">> " + stamped(i, record)),
    "DOS line ends": each(lambda i, record: stamped(i, record) + "\r"),
    "a serial console's line ends": each(lambda i, record: stamped(i, record) + "\r\r"),
    "indentation": each(lambda i, record: "    " + stamped(i, record)),
    "indentation by tabs": each(lambda i, record: "\t" + stamped(i, record)),
    "no last line end": each(stamped).removesuffix("\n"),
}


class Formats(TestCase):
    def assert_the_crash(self, log, line=HEADLINE + 1, **options):
        verdict = triage_text(log, **options)
        self.assertEqual([crash["kind"] for crash in verdict["crashes"]], ["null-pointer-dereference"])
        crash = deciding(verdict)
        expected = deciding(triage_text(WRAPPINGS["printk's stamp"]))
        self.assertEqual(crash["line"], line)
        for key in ("kind", "title", "headline", "culprit", "fingerprint", "cpu", "pid", "comm", "tainted", "instruction_pointer",
                    "fault_address", "registers", "trace", "modules", "release", "hardware"):
            self.assertEqual(crash[key], expected[key], key)
        self.assertEqual(verdict["findings"][0]["signature"], "overlayfs-dentry-leak")
        return verdict

    def test_the_crash_itself(self):
        crash = deciding(self.assert_the_crash(WRAPPINGS["printk's stamp"]))
        self.assertEqual(crash["title"], "BUG: unable to handle kernel NULL pointer dereference in d_delete")
        self.assertEqual(functions(crash)[:3], ["d_delete", "vfs_rmdir", "do_rmdir"])
        self.assertEqual((crash["cpu"], crash["pid"], crash["comm"]), (1, 2577, "rmdir"))
        self.assertEqual(crash["modules"], ["xfs", "overlay", "vboxguest"])
        self.assertEqual(crash["time"], 49.804601)
        self.assertFalse(crash["corrupt"])

    def test_each_wrapping(self):
        for name, log in WRAPPINGS.items():
            with self.subTest(name):
                verdict = self.assert_the_crash(log)
                lines = {row["clause"]: row["line"] for row in verdict["findings"][0]["evidence"]}
                self.assertEqual(lines["instruction_pointer"], RECORDS.index("RIP: 0010:_raw_spin_lock+0xc/0x20") + 1)

    def test_times_where_the_wrapping_has_them(self):
        for name in ("printk's stamp", "a task's id", "/proc/kmsg", "syslog with stamps", "RFC 5424", "dmesg -x", "dmesg -d",
                     "journalctl -o short-monotonic", "journalctl -o json", "an e-mail"):
            with self.subTest(name):
                self.assertEqual(deciding(triage_text(WRAPPINGS[name]))["time"], 49.804601)

    def test_journal_export(self):
        for binary in (False, True):
            log = b"".join(export(i, record, binary) for i, record in enumerate(RECORDS))
            with self.subTest(binary=binary):
                line = [i for i, text in enumerate(log.split(b"\n"), 1) if b"NULL pointer" in text][0] - binary
                self.assert_the_crash(log, line=line)

    def test_journal_export_with_foreign_binary_fields(self):
        foreign = b"MESSAGE\n" + struct.pack("<Q", len(STRANGER) + 2) + b"\n\n" + STRANGER.encode() + b"\n_TRANSPORT=stdout\n\n"
        log = b"".join(export(i, record, i % 2) + foreign for i, record in enumerate(RECORDS))
        verdict = triage_text(log)
        self.assertEqual(len(verdict["crashes"]), 1)
        self.assertEqual(deciding(verdict)["culprit"], "d_delete")

    def test_journal_json_with_line_feeds_in_a_message(self):
        whole = json.dumps(journal_fields(0, "\n".join(RECORDS))) + "\n"
        self.assert_the_crash(whole, line=1)

    def test_journal_json_with_a_message_in_bytes(self):
        """journalctl writes a message that is not UTF-8, or not printable, as a list of numbers."""
        for at in range(len(RECORDS)):
            with self.subTest(RECORDS[at]):
                self.assert_the_crash(each(lambda i, record: json.dumps(
                    journal_fields(i, list(record.encode()) if i == at else record))))

    def test_journal_json_with_all_messages_in_bytes(self):
        self.assert_the_crash(each(lambda i, record: json.dumps(journal_fields(i, list(record.encode())))))

    def test_lines_of_other_programs(self):
        """They are nobody's crash, also where they quote one."""
        strangers = {
            "syslog": f"Jun  5 04:46:22 host httpd[7]: {STRANGER}\n",
            "syslog with ISO times": f"2018-06-05T04:46:22.123456+02:00 host systemd[1]: {STRANGER}\n",
            "RFC 5424": f"<4>1 2018-06-05T04:46:22.003Z host httpd 7 - - {STRANGER}\n",
            "journalctl": f"Jun 05 04:46:22 host abrt-dump-journal-oops[7]: {STRANGER}\n",
            "journalctl -o short-iso": f"2018-06-05T04:46:22+0200 host logger: {STRANGER}\n",
            "dmesg -x": f"user  :notice: [   49.804600] logger: {STRANGER}\n",
            "journalctl -o json": json.dumps({"_TRANSPORT": "stdout", "SYSLOG_IDENTIFIER": "kernel", "MESSAGE": STRANGER}) + "\n",
        }
        for name, stranger in strangers.items():
            with self.subTest(name):
                lines = WRAPPINGS[name].splitlines(keepends=True)
                self.assert_the_crash("".join(stranger + line for line in lines), line=2 * HEADLINE + 2)
                self.assertEqual(triage_text(stranger * 10)["crashes"], [])

    def test_two_records_on_one_line(self):
        for between in ("", " ", " " * 120):
            for at in range(1, LAST):
                with self.subTest(between=len(between), second=RECORDS[at + 1]):
                    lines = WRAPPINGS["printk's stamp"].splitlines()
                    lines[at:at + 2] = [lines[at] + between + lines[at + 1]]
                    self.assert_the_crash("\n".join(lines) + "\n")

    def test_something_in_front_of_a_record(self):
        for front in ("localhost login: ", "host login: \r", "# ", "\0\0\0\0"):
            for at in (HEADLINE, HEADLINE + 1, 6, 11, 13):
                with self.subTest(front, record=RECORDS[at]):
                    lines = WRAPPINGS["printk's stamp"].splitlines()
                    lines[at] = front + lines[at]
                    self.assert_the_crash("\n".join(lines) + "\n")

    def test_packed(self):
        log = WRAPPINGS["printk's stamp"].encode()
        for name, pack in (("gz", gzip.compress), ("xz", lzma.compress), ("bz2", bz2.compress)):
            with self.subTest(name):
                self.assert_the_crash(pack(log))
                verdict = triage_json(self.write(f"log.{name}", pack(log)))
                self.assertEqual(verdict["crashes"], triage_text(log)["crashes"])
                self.assertEqual(triage_json(self.write("misnamed.txt", pack(log)))["crashes"], verdict["crashes"])
                self.assertEqual(verdict["input"]["type"], "log")

    def test_packed_in_several_members(self):
        log = WRAPPINGS["printk's stamp"].encode()
        half = len(log) // 2
        for name, pack in (("gz", gzip.compress), ("xz", lzma.compress), ("bz2", bz2.compress)):
            with self.subTest(name):
                self.assert_the_crash(pack(log[:half]) + pack(log[half:]))

    def test_the_name_of_the_format(self):
        for name, expected in (("printk's stamp", "text"), ("syslog", "syslog"), ("RFC 5424", "syslog"), ("dmesg -T", "dmesg"),
                               ("journalctl -o json", "journal-json")):
            with self.subTest(name):
                self.assertEqual(triage_text(WRAPPINGS[name])["input"]["format"], expected)


if __name__ == "__main__":
    main()
