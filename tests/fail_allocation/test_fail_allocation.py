"""Every allocation of the program fails in turn, once or from there on: a clear message, never a crash, never a wrong verdict."""

import concurrent.futures
import itertools
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
import harness

LIBRARY = os.environ["FAIL_ALLOCATION_LIBRARY"]
EVERY_UP_TO, STRIDE_ONCE, STRIDE_FOREVER = 300, 3, 7
# As said with less memory: by the program itself, or by the C library or the unpacker in theirs.
MESSAGE = re.compile(r"out of memory|cannot allocate memory|can't allocate|cannot unpack", re.IGNORECASE)
SIGNATURES = ["-s", str(harness.SIGNATURES)]
KNOWN = harness.SAMPLES / "fsnotify-soft-lockup.syslog"
UNKNOWN = harness.SAMPLES / "divide-error-6.1.vmcore-dmesg.txt"
PACKED = harness.SAMPLES / "dentry-6.1.vmcore-dmesg.txt.gz"
COLORED = harness.SAMPLES / "dentry-6.1.dmesg-color.log"
JOURNAL = harness.SAMPLES / "dentry-6.1.journal-json.log"


class Run:
    def __init__(self, arguments, wanted=None):
        with tempfile.TemporaryDirectory(prefix="fail-allocation-") as directory:
            report = pathlib.Path(directory) / "failed"
            environment = dict(os.environ, LC_ALL="C")
            if wanted:
                environment.update(LD_PRELOAD=LIBRARY, FAIL_ALLOCATION=wanted, FAIL_ALLOCATION_REPORT=str(report))
            done = subprocess.run([harness.PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, env=environment, timeout=60)
            self.failed = report.exists()
        self.status, self.stdout, self.errors = done.returncode, done.stdout, done.stderr.decode(errors="backslashreplace")


def numbers(mode):
    return itertools.chain(range(1, EVERY_UP_TO), itertools.count(EVERY_UP_TO, STRIDE_FOREVER if mode else STRIDE_ONCE))


def trouble_of(run, whole):
    """What is wrong with this run, compared with one that had all the memory it wanted; None: nothing."""
    if run.status not in (0, 1, 2, 3):
        return f"status {run.status}"
    if run.status != 2:
        # A failure that costs nothing (a smaller buffer, a pattern without JIT) is none; but then nothing may be missing.
        if run.status != whole.status:
            return f"status {run.status} instead of {whole.status}"
        return None if run.stdout == whole.stdout else "status as ever, but the output is another"
    if not MESSAGE.search(run.errors):
        return f"status 2 without a clear message: {run.errors.strip()!r}"
    return None


def trouble_of_json(run):
    """What is written is whole, also where it is not all."""
    try:
        harness.verdicts(run)
    except Exception as error:
        return f"output is not as it should be: {error}: {run.stdout[-100:]!r}"
    return None


@unittest.skipIf(harness.SANITIZED, "the sanitizer has its own allocator")
class FailAllocation(harness.TestCase):
    def walk(self, arguments, mode):
        whole = Run(arguments)
        self.assertIn(whole.status, (0, 1), whole.errors)
        troubles, last = [], 0

        def one(n):
            return n, Run(arguments, f"{n}{mode}")

        with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            ended, source = False, numbers(mode)
            while not ended:
                for n, run in pool.map(one, list(itertools.islice(source, 64))):
                    if not run.failed:
                        ended = True
                        self.assertEqual((run.status, run.stdout), (whole.status, whole.stdout), f"no failure at {n}")
                        break
                    last = n
                    trouble = trouble_of(run, whole) or ("json" in arguments and trouble_of_json(run))
                    if trouble:
                        troubles.append(f"allocation {n}{mode}: {trouble}; said: {run.errors.strip()[:200]!r}")
        self.assertGreater(last, 10, "the library was not loaded, or counts nothing")
        if troubles:
            self.fail(f"{len(troubles)} of {last}\n" + "\n".join(troubles[:20]))

    def test_json_of_a_known_crash(self):
        self.walk(["-f", "json", *SIGNATURES, KNOWN], "")

    def test_json_of_a_known_crash_from_there_on(self):
        self.walk(["-f", "json", *SIGNATURES, KNOWN], "+")

    def test_json_of_an_unknown_crash(self):
        self.walk(["-f", "json", *SIGNATURES, UNKNOWN], "")

    def test_text(self):
        self.walk([*SIGNATURES, KNOWN], "")

    def test_text_from_there_on(self):
        self.walk([*SIGNATURES, UNKNOWN], "+")

    def test_markdown(self):
        self.walk(["-f", "markdown", *SIGNATURES, KNOWN], "")

    def test_markdown_from_there_on(self):
        self.walk(["-f", "markdown", *SIGNATURES, UNKNOWN], "+")

    def test_lint(self):
        self.walk(["signature", "lint", harness.SIGNATURES], "")

    def test_lint_from_there_on(self):
        self.walk(["signature", "lint", harness.SIGNATURES], "+")

    def test_signature_list(self):
        self.walk(["signature", "list", *SIGNATURES], "")

    def test_signature_show(self):
        self.walk(["signature", "show", *SIGNATURES, "fsnotify-mark-connector-race"], "")

    # libarchive 3.6 does not check some of its own allocations, and ends the process where others fail.
    @unittest.expectedFailure
    def test_packed_log(self):
        self.walk(["-f", "json", *SIGNATURES, PACKED], "")

    def test_colored_log(self):
        self.walk(["-f", "json", *SIGNATURES, COLORED], "")

    def test_journal(self):
        self.walk(["-f", "json", *SIGNATURES, JOURNAL], "")


if __name__ == "__main__":
    harness.main()
