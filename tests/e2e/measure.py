"""Runs the program within a time limit, and tells the most memory that it held, and how long it took a CPU."""

import dataclasses
import os
import signal
import subprocess
import sys

from harness import PROGRAM, SANITIZED

MEBIBYTE = 1 << 20
# What a run may hold: the program's goal; AddressSanitizer needs more for itself.
MEMORY_MOST = (64 if SANITIZED else 16) * MEBIBYTE
# Freed memory is hardly kept back, so that what a run holds is near to what it would without AddressSanitizer.
ENVIRONMENT = {"ASAN_OPTIONS": "quarantine_size_mb=1:malloc_context_size=4"}

# A process begins with its parent's size in ru_maxrss (fs/exec.c: exec_mmap()), so a small one stands between, of about
# 8 MiB: less than that is not seen. It tells all of them through a pipe.
BETWEEN = """
import os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
os.write(int(os.environ["MEASURE"]), b"%d %d %d" % (
    os.waitstatus_to_exitcode(status), usage.ru_maxrss, 1000 * (usage.ru_utime + usage.ru_stime)))
"""


@dataclasses.dataclass
class Measured:
    status: int         # negative: the signal that ended it; None: it ran out of time
    memory: int         # bytes
    seconds: float      # of a CPU
    stdout: bytes
    stderr: bytes

    def __str__(self):
        return f"status {self.status}, {self.memory >> 20} MiB, {self.seconds} s\n{self.stdout[:1000]}\n{self.stderr[:4000]}"


def measure(arguments, seconds):
    reading, writing = os.pipe()
    command = [sys.executable, "-ISc", BETWEEN, PROGRAM, *map(os.fspath, arguments)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               pass_fds=[writing], start_new_session=True,
                               env={**os.environ, **ENVIRONMENT, "MEASURE": str(writing)})
    os.close(writing)
    try:
        stdout, stderr = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        stdout, stderr = process.communicate()
        os.close(reading)
        return Measured(None, 0, seconds, stdout, stderr)
    with os.fdopen(reading) as pipe:
        status, kibibytes, milliseconds = map(int, pipe.read().split())
    return Measured(status, kibibytes * 1024, milliseconds / 1000, stdout, stderr)
