"""
Samples that are cut anywhere: at the end of a line, within one, and at the front. What is left may say less, but never
another thing: no function, address or task that is not in it, and no kind but the whole's or a less specific one.

Each sample is reduced first to the neighbourhood of its crashes (BEFORE lines, AFTER lines): what the kernel says while it
boots makes no crash, and takes most of the time. Within that, every line and every 100th byte is a place to cut; where it is
very long, every few lines and bytes. Of what is much like what was tried before, only every so many of these places are tried,
each sample's others (see Thinning). Compressed samples are left out.
"""

import codecs
import collections

import json
import os
import pathlib
import re
import shutil
import tempfile
import zlib

from harness import EXPECTED, KNOWN, NO_CRASH, NOT_KNOWN, SAMPLES, SANITIZED, TROUBLE, TestCase, main, run, triage_json

BEFORE, AFTER = 40, 30                  # lines around the crashes
LINES_MOST = 50 if SANITIZED else 150  # cuts of one sort and one sample
BYTES_MOST = 30 if SANITIZED else 100
STEP = 100                              # bytes
FILES_MOST = 2000                       # given to one run

# Only every so many of the places:
OTHER_TRANSPORT = 5                     # where another sample has the same crash, in another transport
FROM_MEMORY = 3                         # of logs written from memory: their forms are those that real ones have too
SAME_KIND = 3                           # where SAME_KIND_FULL samples have crashes of the same kinds, of the same architecture
SAME_KIND_FULL = 4

MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
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
# the one it came of, an error of the machine that lost the line that says it was corrected, arm's line of die() that lost
# the "Unhandled fault: " which says of what.
LONE = {
    b"Kernel panic - not syncing: ": "panic",
    b"WARNING: ": "warning",
    b"[Hardware Error]": "hardware-error",
    b": Machine Check: ": "machine-check",
    b"Internal error: : ": "unexpected-exception",
}

# As src/crash/canonical.c has them, as far as the samples do.
SUFFIX = re.compile(r"\.(isra|constprop|part|cold|llvm|lto_priv|clone|localalias|unlikely|text|cfi)\b.*|_noprof$")
SYSTEM_CALL = re.compile(r"^(__(x64|ia32|x32|arm64|s390x?|riscv|powerpc|loongarch|se|do)_sys_|SyS_|SYSC_)")
PREFIX = re.compile(r"^(\.|__pfx_|__cfi_)(?=.)")


def canonical(function):
    return SYSTEM_CALL.sub("sys_", SUFFIX.sub("", PREFIX.sub("", function)))


class Thinning:
    """How many of a sample's places are tried, by what was tried before it: every so many."""

    def __init__(self):
        self.crashes, self.kinds = set(), collections.Counter()

    def share(self, sample):
        crash = re.sub(r"(-\d+\.\d+)\..*", r"\1", sample.name)    # dentry-6.1.journal-json.log: dentry-6.1
        kinds = sample.verdict["kernel"]["arch"], *sorted({crash["kind"] for crash in sample.verdict["crashes"]})
        share = max(OTHER_TRANSPORT if crash in self.crashes else 1,
                    FROM_MEMORY if "from memory" in sample.origin else 1,
                    SAME_KIND if self.kinds[kinds] >= SAME_KIND_FULL else 1)
        self.crashes.add(crash)
        self.kinds[kinds] += share == 1
        return share


class Sample:
    def __init__(self, path):
        self.name = path.name
        self.origin = json.loads(path.with_name(path.name + EXPECTED).read_text())["origin"]
        self.verdict = triage_json(path)
        log = path.read_bytes()
        self.encoding = next((encoding for mark, encoding in MARKS.items() if log.startswith(mark)), None)
        log = log.decode("utf-16").encode() if self.encoding else log
        lines = log.splitlines(keepends=True)
        crashes = self.verdict["crashes"]
        starts = [crash["line"] for crash in crashes] or [len(lines)]
        first = max(0, min(starts) - 1 - BEFORE)
        last = min(len(lines), max(starts) + 200 + AFTER)
        self.lines = lines[first:last]
        kinds = {crash["kind"] for crash in crashes}
        self.kinds = kinds | {"unknown"} | {less for kind in kinds for less in LESS.get(kind, ())}
        self.kinds |= {kind for words, kind in LONE.items() if words in log}
        self.by_headline = {}
        for crash in crashes:
            if crash["headline"]:
                self.by_headline.setdefault(crash["headline"], set()).update({crash["kind"]} | LESS.get(crash["kind"], set()))
        text = re.sub("\033\\[[0-9;]*m", " ", log.decode(errors="replace"))
        self.numbers = {int(word, 16) for word in re.findall(r"(?<![0-9a-z])(?:0x)?([0-9a-f]{1,16})(?![0-9a-z])", text.lower())}

    def cuts(self, share):
        """(What was done, what is left of it) for each cut; share: of the places that would be tried, every so many."""
        step = share * (len(self.lines) // LINES_MOST + 1)
        first = 1 + zlib.crc32(self.name.encode()) % step
        for count in range(first, len(self.lines) + 1, step):
            yield f"the first {count} lines", b"".join(self.lines[:count])
        for count in range(first, len(self.lines), step):
            yield f"without the first {count} lines", b"".join(self.lines[count:])
        whole = b"".join(self.lines)
        for length in range(STEP, len(whole), share * max(STEP, len(whole) // BYTES_MOST)):
            yield f"the first {length} bytes", whole[:length]

    def as_given(self, log):
        """In the sample's own encoding, which cut bytes would be none of."""
        if not self.encoding:
            return log
        mark = next(mark for mark, encoding in MARKS.items() if encoding == self.encoding)
        return mark + log.decode(errors="ignore").encode(self.encoding)


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
        tried, thinning = 0, Thinning()
        for path in sorted(SAMPLES.iterdir()):
            if path.name.endswith(EXPECTED) or path.suffix in PACKED:
                continue
            with self.subTest(path.name):
                sample = Sample(path)
                tried += self.try_sample(sample, thinning.share(sample))
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
            paths[-1].write_bytes(sample.as_given(log))
        result = run("-f", "json", *paths)
        verdicts = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual(len(verdicts), len(cuts))
        # Of pieces of pstore it is known that others are missing: that there is no crash in them is no verdict then.
        troubles = sum(verdict["input"]["incomplete"] and not verdict["crashes"] for verdict in verdicts)
        self.assertIn(result.status, (TROUBLE,) if troubles else (KNOWN, NOT_KNOWN, NO_CRASH), result)
        self.assertEqual(len(re.findall("^.*: no crash in the log .*, which is not whole: pieces of pstore are missing: .*$",
                                        result.errors, re.M)), troubles, result)
        self.assertEqual(len(result.errors.splitlines()), troubles, result)
        before = None
        for (how, log), verdict in zip(cuts, verdicts):
            crashes = verdict["crashes"]
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
