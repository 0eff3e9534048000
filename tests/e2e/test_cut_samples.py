"""
Samples that are cut anywhere: at the end of a line, within one, and at the front. What is left may say less, but never
another thing: no function, address or task that is not in it, and no kind but the whole's or a less specific one.

Each sample is reduced first to the neighbourhood of its crashes (BEFORE lines, AFTER lines): what the kernel says while it
boots makes no crash, and takes most of the time. Within that, every line and every 100th byte is a place to cut; where it is
very long, every few lines and bytes, and fewer of a crash that another sample has in another transport. Compressed samples are
left out.
"""

import json
import os
import pathlib
import re
import shutil
import tempfile

from harness import EXPECTED, KNOWN, NO_CRASH, NOT_KNOWN, SAMPLES, SANITIZED, TestCase, main, run, triage_json

BEFORE, AFTER = 40, 30                  # lines around the crashes
LINES_MOST = 50 if SANITIZED else 150  # cuts of one sort and one sample
BYTES_MOST = 30 if SANITIZED else 100
STEP = 100                              # bytes
OTHER_TRANSPORT = 5                     # only every so many of the places, where another sample has the same crash
FILES_MOST = 2000                       # given to one run

PACKED = (".gz", ".xz", ".bz2", ".zst", ".lz4")

OOPSES = {"null-pointer-dereference", "page-fault", "general-protection-fault"}

# What a crash honestly is as long as the lines that say more are missing.
LESS = {
    "null-pointer-dereference": {"page-fault"},
    "external-abort": {"unexpected-exception"},
    "control-protection": {"kernel-bug", "invalid-opcode"},
    "kernel-bug": {"invalid-opcode", "undefined-instruction"},
    "list-corruption": {"kernel-bug", "invalid-opcode", "warning"},
    "usercopy": {"kernel-bug", "invalid-opcode", "warning"},
    "fortify": {"kernel-bug", "invalid-opcode", "warning"},
    "refcount": {"warning"},
    "stack-overflow": {"double-fault"},
    "hard-lockup": {"warning"},
    "kasan": OOPSES,
    "kfence": OOPSES,
    "ubsan": {"kernel-bug", "invalid-opcode"},
    "sysrq": OOPSES,
    "reference-leak": {"kernel-bug", "invalid-opcode"},
    # Several report one error of the machine: its processor, the firmware, the memory controller's driver.
    "machine-check": {"hardware-error"},
    "hardware-error": {"machine-check"},
}

# What is to be allowed where the log as a whole has these words: a panic that lost the crash it ends, a warning that lost
# the one it came of, an error of the machine that lost the line that says it was corrected.
LONE = {b"Kernel panic - not syncing: ": "panic", b"WARNING: ": "warning", b"[Hardware Error]": "hardware-error"}

# As src/crash/canonical.c has them, as far as the samples do.
SUFFIX = re.compile(r"\.(isra|constprop|part|cold|llvm|lto_priv|clone|localalias|unlikely|text|cfi)\b.*|_noprof$")
SYSTEM_CALL = re.compile(r"^(__(x64|ia32|x32|arm64|s390x?|riscv|powerpc|loongarch|se|do)_sys_|SyS_|SYSC_)")
PREFIX = re.compile(r"^(\.|__pfx_|__cfi_)(?=.)")


def canonical(function):
    return SYSTEM_CALL.sub("sys_", SUFFIX.sub("", PREFIX.sub("", function)))


class Sample:
    def __init__(self, path):
        self.name = path.name
        self.verdict = triage_json(path)
        lines = path.read_bytes().splitlines(keepends=True)
        crashes = self.verdict["crashes"]
        starts = [crash["line"] for crash in crashes] or [len(lines)]
        first = max(0, min(starts) - 1 - BEFORE)
        last = min(len(lines), max(starts) + 200 + AFTER)
        self.lines = lines[first:last]
        kinds = {crash["kind"] for crash in crashes}
        self.kinds = kinds | {"unknown"} | {less for kind in kinds for less in LESS.get(kind, ())}
        self.kinds |= {kind for words, kind in LONE.items() if words in path.read_bytes()}
        self.by_headline = {}
        for crash in crashes:
            if crash["headline"]:
                self.by_headline.setdefault(crash["headline"], set()).update({crash["kind"]} | LESS.get(crash["kind"], set()))
        text = re.sub("\033\\[[0-9;]*m", " ", path.read_text(errors="replace"))
        self.numbers = {int(word, 16) for word in re.findall(r"(?<![0-9a-z])(?:0x)?([0-9a-f]{1,16})(?![0-9a-z])", text.lower())}

    def cuts(self, share):
        """(What was done, what is left of it) for each cut; share: of the places that would be tried, every so many."""
        step = share * (len(self.lines) // LINES_MOST + 1)
        for count in range(1, len(self.lines) + 1, step):
            yield f"the first {count} lines", b"".join(self.lines[:count])
        for count in range(1, len(self.lines), step):
            yield f"without the first {count} lines", b"".join(self.lines[count:])
        whole = b"".join(self.lines)
        for length in range(STEP, len(whole), share * max(STEP, len(whole) // BYTES_MOST)):
            yield f"the first {length} bytes", whole[:length]


def values(value, key=None):
    """Every (key, value) within, whatever the depth."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from values(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from values(item, key)
    else:
        yield key, value


class Cuts(TestCase):
    def setUp(self):
        super().setUp()
        memory = pathlib.Path("/dev/shm")
        if os.access(memory, os.W_OK):
            self.directory = pathlib.Path(tempfile.mkdtemp(prefix="kdump-triage-test-", dir=memory))
            self.addCleanup(shutil.rmtree, self.directory)

    def test_what_is_left_is_the_truth(self):
        tried, seen = 0, set()
        for path in sorted(SAMPLES.iterdir()):
            if path.name.endswith(EXPECTED) or path.suffix in PACKED:
                continue
            crash = re.sub(r"(-\d+\.\d+)\..*", r"\1", path.name)    # dentry-6.1.journal-json.log: dentry-6.1
            with self.subTest(path.name):
                tried += self.try_sample(Sample(path), OTHER_TRANSPORT if crash in seen else 1)
            seen.add(crash)
        self.assertGreater(tried, 1000)

    def try_sample(self, sample, share):
        cuts = list(sample.cuts(share))
        for first in range(0, len(cuts), FILES_MOST):
            self.try_cuts(sample, cuts[first:first + FILES_MOST])
        return len(cuts)

    def try_cuts(self, sample, cuts):
        paths = []
        for number, (_, log) in enumerate(cuts):
            paths.append(self.directory / f"{number:05}")
            paths[-1].write_bytes(log)
        result = run("-f", "json", *paths)
        self.assertIn(result.status, (KNOWN, NOT_KNOWN, NO_CRASH), result)
        self.assertEqual(result.stderr, b"")
        verdicts = result.stdout.splitlines()
        self.assertEqual(len(verdicts), len(cuts))
        before = None
        for (how, log), line in zip(cuts, verdicts):
            crashes = json.loads(line)["crashes"]
            if crashes and crashes != before:
                self.assert_true_to(sample, how, log, crashes)
            before = crashes if how.startswith("the first") else None
        for path in paths:
            path.unlink()

    def assert_true_to(self, sample, how, log, crashes):
        text = log.decode(errors="replace")
        lower = text.lower()
        for crash in crashes:
            allowed = sample.by_headline.get(crash["headline"], sample.kinds)
            self.assertIn(crash["kind"], allowed, f"{how}: the kind of {crash['headline']!r}")
            said = set(values(crash))
            functions = {value for key, value in said if key == "function" and value}
            for function in functions:
                self.assertIn(function, text, how)
            if crash["culprit"]:
                self.assertIn(crash["culprit"], {canonical(function) for function in functions}, f"{how}: the culprit")
            for key, value in said:
                if isinstance(value, str) and re.fullmatch("0x[0-9a-f]+", value):
                    self.assertIn(value[2:].lstrip("0") or "0", lower, f"{how}: {key}")
                    self.assertIn(int(value, 16), sample.numbers, f"{how}: {key} is a piece of a number")
            if crash["comm"]:
                self.assertIn(crash["comm"], text, f"{how}: the task")


if __name__ == "__main__":
    main()
