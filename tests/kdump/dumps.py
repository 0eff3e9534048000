#!/usr/bin/python3
"""
Makes real dumps: Debian's kernels crash in virtual machines. dumps.py DIRECTORY KERNEL...; a KERNEL is a series (6.1), or
"newest". A machine crashes again only when its kernel's package, a script or the table below has changed since.
DIRECTORY/KERNEL/GUEST/ has the dumps, vmcore-dmesg.txt and console.log; DIRECTORY/kernels/KERNEL/ the unpacked packages.
"""

import dataclasses
import fcntl
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

LAB = pathlib.Path(__file__).resolve().parent.parent / "lab"
PROGRAMS = ["qemu-system-x86_64", "busybox", "cpio", "kexec", "makedumpfile", "vmcore-dmesg", "mkfs.ext4", "debugfs", "xz",
            "zstd", "gcc", "make"]
CANNOT = 77
AT_ONCE = 2
LOG = "vmcore-dmesg.txt"


@dataclasses.dataclass
class Dump:
    """One file, or the parts of one; what made it; and what the program should say of it."""
    name: str
    made_by: str
    format: str = "kdump-compressed"
    level: int | None = 31
    flattened: bool = False
    files: int = 1


@dataclasses.dataclass
class Guest:
    """One machine, and the case of tests/lab/cases that it dies of."""
    name: str
    case: str
    dumps: list
    by_qemu: bool = False
    of_stacks: bool = False # its log has no crash, or none that says why: test_stacks.py


# A plain ELF dump does not say which pages were left out.
GUESTS = [
    Guest("dentry", "dentry", [
        Dump("vmcore", "-l -d 31"),
        Dump("vmcore.zlib", "-c -d 31"),
        Dump("vmcore.flat", "-F -l -d 31", flattened=True),
        Dump("vmcore.split", "--split --splitblock-size 32 -l -d 31", files=3),
        Dump("vmcore.elf", "-E -d 0", format="elf", level=None),
    ]),
    Guest("kmem", "kmem", [
        Dump("vmcore", "-l -d 31"),
        Dump("vmcore.flat", "-F -E -d 31", format="elf", level=None, flattened=True),
    ]),
    Guest("soft", "soft", [
        Dump("vmcore", "-l -d 31"),
        Dump("vmcore.elf", "-E -d 31", format="elf", level=None),
    ]),
    # Of QEMU's, vmcore-dmesg reads the ELF with virtual addresses alone; the machine stands still: all have the same log.
    Guest("qemu", "dentry", [
        Dump("vmcore.elf", "elf", format="elf", level=None),
        Dump("vmcore.elf-paging", "elf-paging", format="elf", level=None),
        Dump("vmcore.zlib", "kdump-zlib", level=1, flattened=True), # always so, but for kdump-raw-zlib since QEMU 8.2
    ], by_qemu=True),
    # A CPU that spins in fsnotify(), and no watchdog to say so: dumped from outside, and by somebody who asked for it.
    Guest("spin", "spin", [Dump("vmcore.elf", "elf", format="elf", level=None)], by_qemu=True, of_stacks=True),
    Guest("spin-sysrq", "spin-sysrq", [Dump("vmcore", "-l -d 31")], of_stacks=True),
    # With interrupts off its clock stands still, and other CPUs wait for it.
    Guest("spin-irqs-off", "spin-irqs-off", [Dump("vmcore.elf", "elf", format="elf", level=None)], by_qemu=True, of_stacks=True),
    # A CPU that spins in a module of the distribution's, called by one of nobody's.
    Guest("spin-module", "spin-module", [Dump("vmcore.elf", "elf", format="elf", level=None)], by_qemu=True, of_stacks=True),
    # The other CPU gets an NMI, as from a machine's button, and that is all that the log says.
    Guest("spin-nmi", "spin-nmi", [Dump("vmcore", "-l -d 31")], of_stacks=True),
    # Through a module of the distribution's, of which there is debuginfo.
    Guest("overlay", "overlay", [Dump("vmcore", "-l -d 31")], of_stacks=True),
    Guest("idle", "idle", [Dump("vmcore.elf", "elf", format="elf", level=None)], by_qemu=True, of_stacks=True),
]


class Cannot(Exception):
    """Why no dump can be made on this machine."""


def paths(directory, dump):
    if dump.files == 1:
        return [directory / dump.name]
    return [directory / f"{dump.name}.{i + 1}" for i in range(dump.files)]


def missing(directory, guest, dumps_alone=False):
    wanted = [path for dump in guest.dumps for path in paths(directory, dump)] + ([] if dumps_alone else [directory / LOG])
    return [path.name for path in wanted if not path.exists()]


def digest(*things):
    """Of strings, and of the content of files and of all files below directories."""
    whole = hashlib.sha256()
    for thing in things:
        if isinstance(thing, pathlib.Path):
            for path in sorted(thing.rglob("*")) if thing.is_dir() else [thing]:
                whole.update(path.read_bytes() if path.is_file() else b"")
        else:
            whole.update(str(thing).encode())
        whole.update(b"\0")
    return whole.hexdigest()


def read(path):
    return path.read_text() if path.exists() else None


def say(text):
    print(f"kdump: {text}", file=sys.stderr, flush=True)


def program(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def fetch(kernel, directory):
    """The kernel, unpacked, with the module that crashes it. Gives what both were made of."""
    scripts = digest(LAB / "fetch-kernel", LAB / "build-module", LAB / "module")
    made_of = directory / "made-of"
    if made_of.exists() and not made_of.read_text().startswith(scripts):
        shutil.rmtree(directory)
    done = subprocess.run([LAB / "fetch-kernel", kernel, directory], stderr=subprocess.PIPE, text=True)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["fetch-kernel failed"])[-1]
        if done.returncode != CANNOT:
            raise RuntimeError(done.stderr)
        if not made_of.exists():
            raise Cannot(reason)
        say(f"{reason}; {kernel} is still here")
    now = f"{scripts} {(directory / 'package').read_text()}"
    if read(made_of) != now:
        say(f"building the module for {now.split()[1]}")
        subprocess.run([LAB / "build-module", directory, directory / "module"], check=True, stdout=subprocess.DEVNULL)
        made_of.write_text(now)
    return now


def modules(case, unpacked):
    """The kernel's own modules that a case names in a line "# modules: PATH...", below lib/modules/RELEASE."""
    named = re.search(r"^# modules: (.*)$", (LAB / "cases" / f"{case}.sh").read_text(), re.MULTILINE)
    return [next(unpacked.glob(f"lib/modules/*/{path}")) for path in named[1].split()] if named else []


def crash(guest, kernel, unpacked, directory, made_of):
    """Lets the guest live and die, unless its dumps are there; twice if it left none: an emulated machine may be unlucky."""
    if read(directory / "made-of") == made_of:
        return
    dumps = "\n".join(f"{dump.name} {dump.made_by}" for dump in guest.dumps)
    environment = {**os.environ, "QEMU_DUMPS" if guest.by_qemu else "DUMPS": dumps, "GUEST_NAME": f"{guest.name}-{kernel}",
                   "MEMORY": "256" if guest.by_qemu else "640", "TIMEOUT": "400"}
    for _ in range(2):
        start = time.monotonic()
        work = directory.with_name(directory.name + ".new")
        done = subprocess.run([LAB / "crash-once", unpacked, work, LAB / "cases" / f"{guest.case}.sh",
                               unpacked / "module" / "crashme.ko", unpacked / "module" / "watch",
                               *modules(guest.case, unpacked)],
                              env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        log = work / LOG
        if guest.by_qemu and (work / "vmcore.elf-paging").exists():
            with open(log, "wb") as file:
                subprocess.run([program("vmcore-dmesg"), work / "vmcore.elf-paging"], stdout=file, check=True)
        elif guest.by_qemu and not missing(work, guest, dumps_alone=True):
            log.write_bytes((work / "console.log").read_bytes())
        shutil.rmtree(directory, ignore_errors=True)
        work.rename(directory)
        absent = missing(directory, guest)
        outcome = "dumped" if not absent else f"no {', '.join(absent)}"
        say(f"{kernel} {guest.name}: {outcome} after {time.monotonic() - start:.0f} s")
        if not absent:
            (directory / "made-of").write_text(made_of)
            return
        (directory / "crash-once.log").write_bytes(done.stdout)


def make(directory, kernels):
    """Makes what is missing. Gives the reason for each kernel that cannot be had; raises Cannot where none could be run."""
    absent = [name for name in PROGRAMS if not program(name)]
    if absent:
        raise Cannot(f"no {', '.join(absent)} here")
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    directory.mkdir(parents=True, exist_ok=True)
    reasons = {}
    with open(directory / "lock", "w") as lock, ThreadPoolExecutor(AT_ONCE) as pool:
        fcntl.flock(lock, fcntl.LOCK_EX)
        crashes = []
        for kernel in kernels:
            unpacked = directory / "kernels" / kernel
            try:
                package = fetch(kernel, unpacked)
            except Cannot as reason:
                reasons[kernel] = str(reason)
                continue
            (directory / kernel).mkdir(exist_ok=True)
            for guest in sorted(GUESTS, key=lambda guest: -len(guest.dumps)):
                made_of = digest(package, guest, LAB / "crash-once", LAB / "make-initrd", LAB / "cases" / f"{guest.case}.sh",
                                 pathlib.Path(program("makedumpfile")), pathlib.Path(program("qemu-system-x86_64")))
                crashes.append(pool.submit(crash, guest, kernel, unpacked, directory / kernel / guest.name, made_of))
        for one in crashes:
            one.result()
    return reasons


def release(directory, kernel):
    """What uname -r said in the guests of a kernel."""
    package = (directory / "kernels" / kernel / "package").read_text()
    return re.match(r"linux-image-(\S+)", package)[1]


def debuginfo(directory, kernel):
    """The vmlinux, and why there is none."""
    unpacked = directory / "kernels" / kernel
    with open(directory / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run([LAB / "fetch-debuginfo", unpacked], stderr=subprocess.PIPE, text=True)
    if done.returncode == CANNOT:
        return None, done.stderr.strip().splitlines()[-1]
    if done.returncode:
        raise RuntimeError(done.stderr)
    return next((unpacked / "debuginfo/usr/lib/debug/boot").glob("vmlinux-*")), ""


def prepare(directory, kernel, what, with_debuginfo=False):
    """For tests of one kernel's dumps: why they must be skipped, which is said, or ""; and the vmlinux, where it is wanted."""
    vmlinux = None
    try:
        reason = make(directory, [kernel]).get(kernel, "")
        if with_debuginfo and not reason:
            vmlinux, reason = debuginfo(directory, kernel)
    except Cannot as why:
        reason = str(why)
    if reason:
        say(f"{what} skipped: {reason}")
    return reason, vmlinux


if __name__ == "__main__":
    try:
        for name, why in make(pathlib.Path(sys.argv[1]), sys.argv[2:]).items():
            say(f"{name} skipped: {why}")
    except Cannot as why:
        say(f"skipped: {why}")
