#!/usr/bin/python3
"""
Makes a tree of crash directories out of the samples: make_tree.py DIRECTORY COUNT [SEED]. Every layout that distributions have,
damaged ones, and things that must not be touched. Each crash is one of its own: the printk times of a sample are shifted. Prints
as JSON what a scan must find; the verdict on a sample is that of its NAME.expected.json, never the program's.
"""

import dataclasses
import datetime
import gzip
import io
import json
import lzma
import os
import pathlib
import random
import re
import sys
import tarfile

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "samples"
EXPECTED = ".expected.json"
STAMP = re.compile(rb"(?m)^((?:<\d+>)?\[ *)(\d+)(\.\d{6}\])")
STAMP_ANYWHERE = re.compile(rb"\[ *\d+\.\d{6}\]")
FIRST_DAY = datetime.datetime(2023, 1, 1)
MODIFIED = 1700000000   # of all files: long ago, so that nothing looks as if it were being written


@dataclasses.dataclass
class Sample:
    name: str
    log: bytes
    verdict: str
    signature: str | None


def load_samples():
    """
    Those with printk times, all at the fronts of their lines: unless all are shifted, two of them may be one crash. And none
    that name a host themselves, which would count more than a directory's name.
    """
    samples = []
    for path in sorted(SAMPLES.glob("*" + EXPECTED)):
        expected = json.loads(path.read_text())
        log = (SAMPLES / path.name.removesuffix(EXPECTED)).read_bytes()
        stamps = len(STAMP.findall(log))
        if expected.get("release") or "verdict" not in expected or stamps < max(1, log.count(b"\n") // 2) or \
                stamps != len(STAMP_ANYWHERE.findall(log)) or b" guest kernel: " in log or not log.endswith(b"\n"):
            continue
        findings = expected.get("findings") or []
        samples.append(Sample(path.name.removesuffix(EXPECTED), log, expected["verdict"],
                              findings[0]["signature"] if findings else None))
    return samples


def shift(log, seconds):
    """The same log, later; as wide as before."""
    return STAMP.sub(lambda stamp: stamp[1] + str(int(stamp[2]) + seconds).encode().rjust(len(stamp[2])) + stamp[3], log)


class Tree:
    def __init__(self, directory, count, seed=1):
        self.directory, self.count = pathlib.Path(directory), count
        self.random = random.Random(seed)
        self.samples = load_samples()
        self.expected = {"verdicts": {}, "signatures": {}, "unreadable": 0, "busy": 0, "items": 0, "copies": 0, "hosts": {}}
        self.shifts = 0

    def tally(self, kind, key):
        self.expected[kind][key] = self.expected[kind].get(key, 0) + 1

    def crash(self, host=None, quiet=True):
        """A log that is like no other in the tree, and is counted; perhaps a quiet one, of a machine that did not crash."""
        # Most samples are of crashes that nobody knows: of what is known, there shall be some all the same.
        known = self.random.random() < 0.5
        sample = self.random.choice([sample for sample in self.samples if (sample.signature or not known) and
                                     (quiet or sample.verdict != "no-crash")])
        self.shifts += 1
        self.tally("verdicts", sample.verdict)
        if sample.signature:
            self.tally("signatures", f"{sample.verdict} {sample.signature}")
        if host and sample.verdict != "no-crash":
            self.tally("hosts", host)
        self.expected["items"] += 1
        return shift(sample.log, self.shifts)

    def write(self, path, content):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (MODIFIED, MODIFIED))
        return path

    def make(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        for number in range(self.count):
            time = FIRST_DAY + datetime.timedelta(minutes=37 * number)
            place = self.directory / f"{number // 500:03}"
            LAYOUTS[number % len(LAYOUTS)](self, place, number, time)
        self.traps()
        return self.expected

    def traps(self):
        """What a scan must walk past: nothing of it counts, nothing of it hangs."""
        outside = self.directory.with_name(self.directory.name + "-outside")
        self.write(outside / "vmcore-dmesg.txt", self.samples[0].log)
        traps = self.directory / "traps"
        traps.mkdir()
        (traps / "linked-directory").symlink_to(outside, target_is_directory=True)
        (traps / "up").symlink_to(self.directory, target_is_directory=True)
        (traps / "nothing").mkdir()
        os.mkfifo(traps / "fifo.log")
        self.write(traps / "README.txt", b"Nothing died here.\n")
        self.write(traps / "notes.json", b"{}\n")
        (traps / "of-a-fifo").mkdir()
        os.mkfifo(traps / "of-a-fifo" / "vmcore")
        self.expected["unreadable"] += 1
        (traps / "of-a-link").mkdir()
        (traps / "of-a-link" / "vmcore-dmesg.txt").symlink_to(outside / "vmcore-dmesg.txt")
        self.expected["unreadable"] += 1


def rhel(tree, place, number, time):
    host = f"10.0.{number // 250 % 250}.{number % 250}"
    directory = place / f"{host}-{time:%Y-%m-%d-%H:%M:%S}"
    tree.write(directory / "vmcore-dmesg.txt", tree.crash(host))
    tree.write(directory / "kexec-dmesg.log", b"Jun 05 12:00:00 localhost kernel: Linux version 4.18.0 (crash kernel)\n")


def debian(tree, place, number, time):
    directory = place / f"{time:%Y%m%d%H%M}"
    tree.write(directory / f"dmesg.{time:%Y%m%d%H%M}", tree.crash())


def several_in_one(tree, place, number, time):
    """Of kdump-tools where all goes into one directory: each time is a crash."""
    directory = place / f"several-{number}"
    for hour in range(3):
        tree.write(directory / f"dmesg.{time + datetime.timedelta(hours=hour):%Y%m%d%H%M}", tree.crash())


def suse(tree, place, number, time):
    host = f"node{number % 97}"
    directory = place / f"{time:%Y-%m-%d-%H:%M}"
    tree.write(directory / "dmesg.txt", tree.crash(host))
    tree.write(directory / "README.txt", f"Kernel crashdump\n----------------\n\nCrash time     : {time:%Y-%m-%d %H:%M} (+0000)\n"
                                         f"Kernel version : 5.14.21\nHost           : {host}\n".encode())


def damaged_dump(tree, place, number, time):
    """The dump is of no use, the log is whole. Were the log quiet, the crash might be in the dump, which would be trouble."""
    directory = place / f"127.0.0.1-{time:%Y-%m-%d-%H:%M:%S}"
    tree.write(directory / "vmcore-dmesg.txt", tree.crash(quiet=False))
    tree.write(directory / "vmcore", b"KDUMP   " + tree.random.randbytes(5000))


def saving_failed(tree, place, number, time):
    directory = place / f"127.0.0.1-{time:%Y-%m-%d-%H:%M:%S}"
    tree.write(directory / "kexec-dmesg.log", b"Jun 05 12:00:07 localhost kdump.sh[540]: Can't write the dump file(/kdumproot/var/crash/"
                                              b"vmcore-incomplete). No space left on device\n"
                                              b"Jun 05 12:00:07 localhost kdump[545]: saving vmcore failed, exitcode:1\n")
    tree.expected["unreadable"] += 1
    tree.expected["items"] += 1


def garbage(tree, place, number, time):
    directory = place / f"127.0.0.1-{time:%Y-%m-%d-%H:%M:%S}"
    tree.write(directory / "vmcore", tree.random.choice([b"", b"KDUMP   ", tree.random.randbytes(9000), bytes(9000)]))
    tree.expected["unreadable"] += 1
    tree.expected["items"] += 1


def loose_log(tree, place, number, time):
    log = tree.crash()
    name, content = [("console.log", log), ("dmesg.gz", gzip.compress(log, mtime=0)), ("serial-console.txt", log)][number // len(LAYOUTS) % 3]
    tree.write(place / f"ticket-{number}" / f"{number}-{name}", content)


def copy(tree, place, number, time):
    """One crash in two places."""
    log = tree.crash()
    tree.write(place / f"127.0.0.1-{time:%Y-%m-%d-%H:%M:%S}" / "vmcore-dmesg.txt", log)
    tree.write(place / f"copy-{number}" / "vmcore-dmesg.txt", log)
    tree.expected["copies"] += 1
    tree.expected["items"] += 1


def pstore(tree, place, number, time):
    tree.write(place / "pstore" / f"{1672531200 + number * 2220}" / "dmesg.txt", tree.crash())


def archive(tree, place, number, time):
    """A sosreport, with the crash directory's log in it."""
    host = f"web{number % 53}"
    top = f"sosreport-{host}-{time:%Y-%m-%d}-abcdefg"
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in ((f"{top}/etc/hostname", host.encode() + b"\n"),
                              (f"{top}/var/crash/127.0.0.1-{time:%Y-%m-%d-%H:%M:%S}/vmcore-dmesg.txt", tree.crash(host)),
                              (f"{top}/sos_commands/kernel/lsmod", b"Module Size Used by\n")):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    packed, ending = (lzma.compress(buffer.getvalue(), preset=0), "xz") if number % 2 else (gzip.compress(buffer.getvalue(), 1, mtime=0), "gz")
    tree.write(place / f"{top}-{number}.tar.{ending}", packed)


LAYOUTS = [rhel, debian, suse, rhel, several_in_one, rhel, damaged_dump, rhel, debian, loose_log, rhel, suse, saving_failed, rhel, copy,
           pstore, rhel, garbage, debian, archive]


if __name__ == "__main__":
    print(json.dumps(Tree(sys.argv[1], int(sys.argv[2]), *map(int, sys.argv[3:])).make(), indent=1))
