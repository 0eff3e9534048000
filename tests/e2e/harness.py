"""Runs tests and prints what came of them as TAP; helpers that run the program and check what always holds."""

import json
import os
import pty
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import traceback
import unittest

import jsonschema

PROGRAM = os.environ["KDUMP_TRIAGE"]
ROOT = pathlib.Path(os.environ["SOURCE_ROOT"])
SAMPLES = ROOT / "samples"
SIGNATURES = ROOT / "signatures"
EXPECTED = ".expected.json"
SCHEMA = json.loads((ROOT / "docs" / "output.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

KNOWN, NOT_KNOWN, TROUBLE, NO_CRASH = 0, 1, 2, 3
STATUS_OF_VERDICT = {"known": KNOWN, "similar": NOT_KNOWN, "unknown": NOT_KNOWN, "no-crash": NO_CRASH}

# AddressSanitizer keeps freed memory back and shadows the rest: limits of memory say nothing then.
SANITIZED = b"__asan_init" in pathlib.Path(PROGRAM).read_bytes()


def open_terminal():
    """A new pseudo-terminal: the end that reads, and the program's end. Some containers have none."""
    try:
        return pty.openpty()
    except OSError as error:
        raise unittest.SkipTest(f"no pseudo-terminal here: {error}") from error


class Result:
    def __init__(self, arguments, stdout, stderr, status):
        self.arguments, self.stdout, self.stderr, self.status = arguments, stdout, stderr, status

    @property
    def text(self):
        return self.stdout.decode()

    @property
    def errors(self):
        return self.stderr.decode()

    def __str__(self):
        return f"{self.arguments}: status {self.status}\n{self.stdout[:2000]}\n{self.stderr[:2000]}"


def run(*arguments, stdin=b"", environment={}, timeout=300, **options):
    """Runs the program to its end. It must not die of a signal, and must write nothing that could fool a terminal."""
    arguments = [os.fspath(argument) for argument in arguments]
    options["input" if isinstance(stdin, bytes) else "stdin"] = stdin
    done = subprocess.run([PROGRAM, *arguments], stdout=options.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE,
                          env={**os.environ, **environment}, timeout=timeout, **options)
    result = Result(arguments, done.stdout or b"", done.stderr, done.returncode)
    assert result.status in (KNOWN, NOT_KNOWN, TROUBLE, NO_CRASH), result
    assert_safe(result.stderr)
    return result


def assert_safe(output, colors=False):
    """UTF-8, and no control characters but line feeds; colours where they were asked for."""
    text = output.decode()
    for place, character in enumerate(text):
        is_control = ord(character) < 0x20 or 0x7f <= ord(character) <= 0x9f
        if is_control and character != "\n" and not (colors and character == "\033"):
            raise AssertionError(f"control character {character!r} at {place}: {text[max(0, place - 60):place + 20]!r}")


def parse(line):
    """One line of JSON output, checked against the schema."""
    verdict = json.loads(line)
    VALIDATOR.validate(verdict)
    return verdict


def verdicts(result):
    """Every line of a JSON output."""
    assert_safe(result.stdout)
    assert not result.stdout or result.stdout.endswith(b"\n"), result
    return [parse(line) for line in result.stdout.splitlines()]


def triage_json(path, *arguments, **options):
    """The verdict on one input, which must be readable."""
    result = run("-f", "json", *arguments, path, **options)
    (verdict,) = verdicts(result)
    assert result.status == STATUS_OF_VERDICT[verdict["verdict"]], result
    return verdict


def triage_text(log, *arguments):
    """The same of a log that is at hand as bytes or as a string."""
    return triage_json("-", *arguments, stdin=log.encode() if isinstance(log, str) else log)


def deciding(verdict):
    return verdict["crashes"][verdict["crash"]]


def functions(crash):
    """Names of the frames that the kernel vouches for."""
    return [frame["function"] for frame in crash["trace"] if frame["reliable"]]


def sample(name):
    return (SAMPLES / name).read_bytes()


def feed(pieces, *arguments):
    """Writes the pieces into the program's standard input; gives the result, and the most memory it held, in bytes."""
    process = subprocess.Popen([PROGRAM, *arguments, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output = {}
    readers = [threading.Thread(target=lambda name=name: output.update({name: getattr(process, name).read()}))
               for name in ("stdout", "stderr")]
    for reader in readers:
        reader.start()
    for piece in pieces:
        process.stdin.write(piece)
    process.stdin.flush()
    memory = peak_memory(process.pid)
    process.stdin.close()
    for reader in readers:
        reader.join()
    process.stdout.close()
    process.stderr.close()
    return Result(arguments, output["stdout"], output["stderr"], process.wait()), memory


def peak_memory(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("the process is gone")


class TestCase(unittest.TestCase):
    """Each test has a directory of its own, self.directory."""
    maxDiff = 4000
    longMessage = True

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="kdump-triage-test-"))
        self.addCleanup(shutil.rmtree, self.directory)

    def write(self, name, content):
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


def describe(error):
    """What went wrong and where: of a failed check its message, of anything else the whole way there."""
    kind, exception, trace = error
    if not issubclass(kind, AssertionError):
        return "".join(traceback.format_exception(*error))
    places = [f"line {frame.lineno}" for frame in traceback.extract_tb(trace)
              if pathlib.Path(frame.filename).name == pathlib.Path(sys.argv[0]).name]
    return f"({', from '.join(reversed(places))})\n{exception}"


class TapResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.number = 0
        self.troubles = []
        self.skipped = None     # why, of the test that runs, or of a piece of it

    def startTest(self, test):
        super().startTest(test)
        self.troubles = []
        self.skipped = None

    def addError(self, test, error):
        self.troubles.append(describe(error))
        # What goes wrong before the first test of a class, or behind the last: no test is stopped.
        if isinstance(test, unittest.suite._ErrorHolder):
            self.finish(test)

    def addFailure(self, test, error):
        self.troubles.append(describe(error))

    def addSubTest(self, test, subtest, error):
        if error:
            self.troubles.append(f"{subtest._subDescription()} {describe(error)}")

    def addSkip(self, test, reason):
        """Of a test that is skipped piece by piece there is one line too: at its end, as one of its pieces may fail."""
        self.skipped = reason
        if not hasattr(test, "test_case"):
            self.finish_skipped(test)

    def finish_skipped(self, test):
        self.say("ok", test, f" # SKIP {self.skipped}")
        self.skipped = None

    def addExpectedFailure(self, test, error):
        self.say("not ok", test, " # TODO expected to fail")

    def addUnexpectedSuccess(self, test):
        self.troubles.append("expected to fail, and did not")
        self.finish(test)

    def addSuccess(self, test):
        self.skipped = None
        self.say("ok", test)

    def stopTest(self, test):
        super().stopTest(test)
        if self.troubles:
            self.finish(test)
        elif self.skipped:
            self.finish_skipped(test)

    def finish(self, test):
        self.failures.append((test, self.troubles))
        self.say("not ok", test)
        for trouble in self.troubles:
            for line in trouble.rstrip().splitlines():
                print("# " + line.encode("ascii", "backslashreplace").decode())
        self.troubles = []

    def say(self, word, test, remark=""):
        self.number += 1
        name = test.id().split(".", 1)[-1].replace(".test_", ": ").replace("_", " ")
        print(f"{word} {self.number} - {name}{remark}", flush=True)


def main():
    """Runs the tests of the module that was started; a name on the command line runs those whose name has it."""
    loader = unittest.TestLoader()
    if len(sys.argv) > 1:
        loader.testNamePatterns = [f"*{pattern}*" for pattern in sys.argv[1:]]
    suite = loader.loadTestsFromModule(sys.modules["__main__"])
    result = TapResult()
    print(f"1..{suite.countTestCases()}", flush=True)
    suite.run(result)
    sys.exit(1 if result.failures else 0)
