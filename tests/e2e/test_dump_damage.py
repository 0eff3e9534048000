"""Thousands of damaged dumps: each gives one verdict or one error, quickly, in little memory, and the program lives on.

`test_dump_damage.py` alone runs all; KDUMP_TRIAGE_VARIANTS sets another number a dump.
"""

import concurrent.futures
import os
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(os.environ["SOURCE_ROOT"]) / "tests"))

from dumps import variants
from harness import KNOWN, NO_CRASH, NOT_KNOWN, TROUBLE, TestCase, assert_safe, main, parse
from measure import MEBIBYTE, MEMORY_MOST, measure

VARIANTS = int(os.environ.get("KDUMP_TRIAGE_VARIANTS", 2000))
BATCH = 50                      # files a run: starting the program under AddressSanitizer takes longer than a dump
SECONDS_A_BATCH = 60


class Damage(TestCase):
    def trouble(self, paths):
        """What is wrong with what the program makes of the files; None: nothing."""
        measured = measure(["-f", "json", *paths], SECONDS_A_BATCH)
        if measured.status is None:
            return f"took more than {SECONDS_A_BATCH} s"
        if b"Sanitizer" in measured.stderr or b"runtime error:" in measured.stderr:
            return measured.stderr[-6000:].decode("latin-1")
        if measured.status not in (KNOWN, NOT_KNOWN, TROUBLE, NO_CRASH):
            return str(measured)
        if measured.memory > MEMORY_MOST:
            return f"held {measured.memory / MEBIBYTE:.1f} MiB"
        return self.trouble_in_output(paths, measured)

    def trouble_in_output(self, paths, measured):
        try:
            assert_safe(measured.stdout)
            assert_safe(measured.stderr)
            told = [parse(line)["input"]["path"] for line in measured.stdout.splitlines()]
        except Exception as error:
            return f"{type(error).__name__}: {str(error)[:2000]}"
        for path in map(str, paths):
            if told.count(path) > 1:
                return f"{told.count(path)} verdicts on {path}"
            if not told.count(path) and f"kdump-triage: {path}: ".encode() not in measured.stderr:
                return f"neither a verdict on {path} nor an error"
        return None

    def check_batch(self, name, numbers):
        """[(variant, trouble)] of the first variant of a batch that fails."""
        directory = self.directory / f"{name}-{numbers[0]}"
        directory.mkdir()
        paths = {}
        for number in numbers:
            # A name that tells of no split set: digits at its end would.
            path = directory / f"{number}.core"
            path.write_bytes(variants.variant(name, number)[0])
            paths[path] = number
        found = self.trouble(list(paths))
        troubles = []
        if found:
            alone = ((number, self.trouble([path])) for path, number in paths.items())
            together = f"{numbers[0]} to {numbers[-1]}", found
            troubles = [next(((number, trouble) for number, trouble in alone if trouble), together)]
        shutil.rmtree(directory)
        return troubles

    def check(self, name):
        variants.made(name)
        batches = [range(begin, min(begin + BATCH, VARIANTS)) for begin in range(0, VARIANTS, BATCH)]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            found = pool.map(lambda numbers: self.check_batch(name, numbers), batches)
            troubles = [trouble for of_batch in found for trouble in of_batch]
        for number, trouble in troubles[:5]:
            what = variants.variant(name, number)[1] if isinstance(number, int) else "the whole batch"
            with self.subTest(f"python3 tests/dumps variant {name} {number} FILE", damage=what):
                self.fail(trouble)
        self.assertEqual(len(troubles), 0)


def add_tests():
    for name in variants.TARGETS:
        setattr(Damage, f"test_{VARIANTS}_of_{name}_seed_{variants.SEED}", lambda self, name=name: self.check(name))


add_tests()

if __name__ == "__main__":
    main()
