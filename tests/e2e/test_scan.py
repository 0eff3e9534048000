"""kdump-triage scan: what it finds and what it passes by, what it remembers, and what it says."""

import collections
import contextlib
import gzip
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import time

from harness import (KNOWN, NO_CRASH, NOT_KNOWN, PROGRAM, SAMPLES, SANITIZED, TROUBLE, TestCase, assert_safe, main, open_terminal, run,
                     sample, verdicts)

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "scan"))
from dumps import containers, kernels    # noqa: E402
import make_tree    # noqa: E402

UNKNOWN_LOG = "divide-error-6.1.vmcore-dmesg.txt"
KNOWN_LOG = "overlayfs-dentry-leak.console.log"
QUIET_LOG = "[    1.000000] Linux version 6.1.0\n[    2.000000] all is well\n"
LONG_AGO = make_tree.MODIFIED


def run_json(root):
    result = run("scan", "--no-history", "-f", "json", root)
    return verdicts(result), result


class ScanCase(TestCase):
    def setUp(self):
        super().setUp()
        self.root = self.directory / "crash"
        self.root.mkdir()
        self.history = self.directory / "history.db"

    def put(self, name, content, modified=LONG_AGO):
        path = self.write(f"crash/{name}", content)
        os.utime(path, (modified, modified))
        return path

    def scan(self, *arguments, **options):
        return run("scan", "--history", self.history, *arguments, self.root, **options)

    def scan_json(self, *arguments, **options):
        result = self.scan("-f", "json", *arguments, **options)
        return verdicts(result), result

    def report(self, *arguments):
        result = run("report", "--history", self.history, "-f", "json", *arguments)
        self.assertEqual(result.status, KNOWN, result)
        return json.loads(result.text)

    def paths(self, found):
        return sorted(os.path.relpath(verdict["input"]["path"], self.root) for verdict in found)


def summary(report):
    """What a history holds, whatever the order in which it came in."""
    groups = {(group["verdict"], group["key"]): sorted((crash["identity"], crash["path"], *sorted(crash["copies"]))
                                                       for crash in group["crashes"]) for group in report["groups"]}
    failures = sorted((failure["path"], failure["reason"]) for failure in report["failures"])
    return groups, failures, report["counts"]


class Tree(ScanCase):
    """Every layout, at once."""
    COUNT = 240

    def setUp(self):
        super().setUp()
        self.root.rmdir()
        tree = make_tree.Tree(self.root, self.COUNT)
        self.expected = tree.make()

    def test_right_counts(self):
        found, result = self.scan_json()
        counted = collections.Counter(verdict["verdict"] for verdict in found)
        copies = len(found) - len({verdict["identity"] for verdict in found if verdict["identity"]}) - counted["no-crash"]
        self.assertEqual(result.status, TROUBLE)
        self.assertEqual(copies, self.expected["copies"] - self.no_crash_copies(found))
        for verdict, count in self.expected["verdicts"].items():
            # A copy is a line of its own.
            unique = {found_one["identity"] or found_one["input"]["path"] for found_one in found if found_one["verdict"] == verdict}
            self.assertEqual(len(unique), count + (self.no_crash_copies(found) if verdict == "no-crash" else 0), verdict)
        signatures = collections.Counter()
        for identity, verdict in {verdict["identity"]: verdict for verdict in found}.items():
            if verdict["findings"]:
                signatures[f"{verdict['verdict']} {verdict['findings'][0]['signature']}"] += 1
        self.assertEqual(signatures, self.expected["signatures"])
        self.assertEqual(len(result.errors.splitlines()), self.expected["unreadable"], result.errors)
        counts = self.report()["counts"]
        self.assertEqual(counts["crashes"], sum(count for verdict, count in self.expected["verdicts"].items() if verdict != "no-crash"))
        hosts = {host["host"]: host["count"] for host in self.report()["hosts"]}
        for host, count in self.expected["hosts"].items():
            self.assertEqual(hosts.get(host), count, host)

    def no_crash_copies(self, found):
        return sum(1 for verdict in found if verdict["verdict"] == "no-crash" and "/copy-" in verdict["input"]["path"])

    def test_second_scan(self):
        """Does nothing, and says the same."""
        first = self.scan()
        self.assertEqual(first.status, TROUBLE)
        found, second = self.scan_json()
        self.assertEqual((found, second.status), ([], TROUBLE))
        # What is no input is not remembered: it is told each time.
        *left, before = second.errors.splitlines()
        self.assertEqual([line.split("/")[-1].split(":")[0] for line in left], ["of-a-fifo", "of-a-link"])
        self.assertEqual(before, f"kdump-triage: {self.expected['unreadable'] - 2} could not be read in an earlier scan and have not "
                                 "changed; --recheck tries again")
        table = self.scan()
        cut = "\nScanned: "
        self.assertEqual(table.text[:table.text.index(cut)], first.text[:first.text.index(cut)])
        self.assertIn(f"{self.expected['items']} found, {self.expected['items']} of them known from earlier scans, 0 triaged now", table.text)

    def test_killed_and_scanned_again(self):
        """As if the first had come to its end."""
        whole = self.directory / "whole.db"
        run("scan", "--history", whole, self.root)
        for _ in range(3):
            process = subprocess.Popen([PROGRAM, "scan", "-f", "json", "--history", self.history, self.root],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            for _ in range(30):
                process.stdout.readline()
            process.kill()
            process.stdout.close()
            process.wait()
        self.scan()
        killed = summary(self.report())
        self.history = whole
        self.assertEqual(killed, summary(self.report()))

    def test_two_at_once(self):
        command = [PROGRAM, "scan", "-f", "json", "--history", self.history, self.root]
        both = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)]
        for process in both:
            errors = process.communicate()[1].decode()
            self.assertEqual(process.returncode, TROUBLE)
            self.assertEqual(len(errors.splitlines()), self.expected["unreadable"], errors)
        together = summary(self.report())
        self.history = self.directory / "alone.db"
        self.scan()
        self.assertEqual(together, summary(self.report()))


class Finding(ScanCase):
    def test_empty(self):
        result = self.scan()
        self.assertEqual((result.status, result.errors), (NO_CRASH, ""))

    def test_no_such_directory(self):
        self.root.rmdir()
        result = self.scan()
        self.assertEqual(result.status, TROUBLE)
        self.assertEqual(result.errors, f"kdump-triage: {self.root}: No such file or directory\n")

    def test_loose(self):
        log = sample(UNKNOWN_LOG)
        for name in ("a.log", "console-web3", "oops.txt", "dmesg", "x/y/z/serial.log"):
            self.put(name, log)
        for name in ("notes.txt", "a.json", "README", "photo.jpg", "messages", "syslog.1", "kern.log"):
            self.put(name, log)
        found, _ = self.scan_json()
        self.assertEqual(self.paths(found), ["a.log", "console-web3", "dmesg", "oops.txt", "x/y/z/serial.log"])
        found, _ = self.scan_json("--logs")
        self.assertEqual(self.paths(found), ["kern.log", "messages", "syslog.1"])

    def test_several_dumps_in_one_directory(self):
        for name in ("vmcore.web1", "vmcore.web2", "vmcore.web3"):
            self.put(name, b"KDUMP   " + bytes(5000))
        _, result = self.scan_json()
        self.assertEqual(len(result.errors.splitlines()), 3, result.errors)

    def test_numbered_dumps(self):
        """Parts of one dump are one; dumps that are only called so are each triaged."""
        machines = [kernels.made(name).machine for name in ("x86_64_6_1", "x86_64_5_10", "x86_64_4_9")]
        for number, machine in enumerate(machines, 1):
            self.put(f"several/vmcore.{number}", containers.diskdump(machine))
        for number, part in enumerate(containers.split(machines[0]), 1):
            self.put(f"split/vmcore.{number}", part)
        found, result = self.scan_json()
        self.assertEqual(self.paths(found), ["several", "several/vmcore.2", "several/vmcore.3", "split"], result)
        self.assertEqual(len({verdict["identity"] for verdict in found}), 3)

    def test_links(self):
        outside = self.write("outside/vmcore-dmesg.txt", sample(UNKNOWN_LOG))
        (self.root / "directory").symlink_to(outside.parent, target_is_directory=True)
        (self.root / "loop").symlink_to(".", target_is_directory=True)
        (self.root / "loose.log").symlink_to(outside)
        found, result = self.scan_json()
        self.assertEqual((found, result.status, result.errors), ([], NO_CRASH, ""))
        self.put("1/vmcore-dmesg.txt", sample(UNKNOWN_LOG))
        (self.root / "2").mkdir()
        (self.root / "2/vmcore-dmesg.txt").symlink_to("../1/vmcore-dmesg.txt")
        found, result = self.scan_json()
        self.assertEqual(self.paths(found), ["1", "2"])
        self.assertEqual(self.report()["counts"]["crashes"], 1)
        link = self.directory / "link"
        link.symlink_to(self.root, target_is_directory=True)
        self.root = link    # a root may be a link
        self.assertIn("2 found, 2 of them known", self.scan().text)

    def test_a_file_as_root(self):
        path = self.put("whatever", sample(UNKNOWN_LOG))
        self.root = path
        found, result = self.scan_json()
        self.assertEqual([verdict["input"]["path"] for verdict in found], [str(path)])

    def test_roots_within_each_other(self):
        self.put("1/dmesg.txt", sample(UNKNOWN_LOG))
        found, _ = self.scan_json(self.root / "1")
        self.assertEqual(self.paths(found), ["1"])

    def test_being_written(self):
        path = self.put("1/vmcore", b"KDUMP   ")
        self.put("2/dmesg.txt", sample(UNKNOWN_LOG))
        with path.open("ab"):
            found, result = run_json(path.parent)
            self.assertEqual((found, result.status), ([], TROUBLE))     # not "no crash": one may be in it
            found, result = self.scan_json()
        self.assertEqual((self.paths(found), result.status), (["2"], NOT_KNOWN))
        self.assertEqual(result.errors, f"kdump-triage: {path.parent}: left for the next scan: it is open for writing\n")
        found, result = self.scan_json()
        self.assertEqual((found, result.status), ([], TROUBLE))

    def test_being_written_beside_others(self):
        """Of several crashes in one directory, only the one."""
        for hour in (1, 2, 3):
            self.put(f"all/dmesg.20230605{hour:02}00", make_tree.shift(sample(UNKNOWN_LOG), hour))
        with (self.root / "all/dmesg.202306050200").open("ab"):
            found, result = self.scan_json()
        self.assertEqual(self.paths(found), ["all", "all/dmesg.202306050100"])
        self.assertIn("all/dmesg.202306050200: left for the next scan", result.errors)

    def test_many_in_one_directory(self):
        """Four times as many cost some four times as much of a CPU, not 16 times: no crash's cost is that of all others."""
        def seconds(count):
            for number in range(count):
                self.put(f"{count}/dmesg.2023{number:08}", b"[    1.000000] quiet\n")
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            result = run("scan", "--no-history", self.root / str(count))
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            self.assertIn(f"{count} found", result.text)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if SANITIZED:
            self.skipTest("its own cost would be measured")
        self.assertLess(seconds(2000), 7 * seconds(500))

    def test_empty_logs(self):
        for name in ("console.log", "dmesg.1.gz", "kern.log"):
            self.put(name, b"")
        for arguments in ([], ["--logs"]):
            self.assertEqual(self.scan(*arguments).status, NO_CRASH)

    def test_directories_that_are_called_like_dumps(self):
        for name in ("vmcore", "vmcore.2023", "dump.202306051200", "dmesg.txt"):
            self.put(f"{name}/{name}/vmcore-dmesg.txt", sample(UNKNOWN_LOG))
        found, result = self.scan_json()
        self.assertEqual((len(found), result.errors, result.status), (4, "", NOT_KNOWN))

    def test_times_beyond_reason(self):
        path = self.put("1/dmesg.txt", sample(UNKNOWN_LOG))
        for seconds in (13569465600, -2**40):
            os.utime(path, (seconds, seconds))
            self.assertEqual(self.scan().status, NOT_KNOWN)

    def test_readme_behind_a_link(self):
        """Which host died is not told from a file elsewhere."""
        self.put("1/dmesg.txt", sample(UNKNOWN_LOG))
        self.write("outside/README.txt", "Kernel crashdump\n----------------\n\nHost           : secret\n")
        (self.root / "1/README.txt").symlink_to("../../outside/README.txt")
        found, _ = self.scan_json()
        self.assertEqual([verdict["host"] for verdict in found], [None])

    def test_hostile_names(self):
        for name in ("\033[31m", "a\nb", "\udcff\udcfe", "<script>alert(1)</script>", "x" * 200):
            self.put(f"{name}/dmesg.txt", sample(UNKNOWN_LOG))
        self.put("\033]0;owned\a/vmcore", b"nothing")
        found, result = self.scan_json()
        self.assertEqual(len(found), 5)
        for form in ("text", "markdown", "json", "html"):
            report = run("report", "--history", self.history, "-f", form)
            self.assertEqual(report.status, KNOWN)
            assert_safe(report.stdout)
            if form == "html":
                self.assertNotIn("<script>alert", report.text)

    def test_deep(self):
        deep = self.root
        for _ in range(200):
            deep = deep / "d"
        deep.mkdir(parents=True)
        self.put("1/dmesg.txt", sample(UNKNOWN_LOG))
        found, result = self.scan_json()
        self.assertEqual(self.paths(found), ["1"])
        self.assertIn("directories nested too deep", result.errors)


class Remembering(ScanCase):
    def setUp(self):
        super().setUp()
        self.put("1/vmcore-dmesg.txt", sample(UNKNOWN_LOG))
        self.put("2/vmcore-dmesg.txt", sample(KNOWN_LOG))

    def test_changed(self):
        self.scan()
        self.put("1/vmcore-dmesg.txt", sample(KNOWN_LOG))
        found, result = self.scan_json()
        self.assertEqual((self.paths(found), found[0]["verdict"]), (["1"], "known"))

    def test_moved_and_copied(self):
        self.scan()
        (self.root / "1").rename(self.root / "3")
        shutil.copytree(self.root / "2", self.root / "4")
        found, _ = self.scan_json()
        self.assertEqual(self.paths(found), ["3", "4"])
        counts = self.report()["counts"]
        self.assertEqual((counts["crashes"], counts["unknown"], counts["known"]), (2, 1, 1))

    def test_recheck_with_a_newer_catalogue(self):
        found, result = self.scan_json()
        self.assertEqual(result.status, NOT_KNOWN)
        signature = self.write("divide.yaml", "id: divide\ntitle: A division by zero\nsymptoms:\n  - name: it\n    kind: divide-error\n")
        both = ["-s", signature, "-s", SAMPLES.parent / "signatures"]
        found, result = self.scan_json(*both)
        self.assertEqual((found, result.status), ([], NOT_KNOWN))
        self.assertIn("2 of them were triaged with other signatures than these: --recheck", self.scan(*both).text)
        found, result = self.scan_json("--recheck", *both)
        self.assertEqual((self.paths(found), result.status), (["1", "2"], KNOWN))
        found, result = self.scan_json("--recheck", *both)
        self.assertEqual(found, [])
        self.assertEqual(self.report()["counts"]["crashes"], 2)

    def test_failures_of_circumstances(self):
        """They are not the file's, and so not remembered."""
        found, result = self.scan_json("--memory", "1")
        if SANITIZED:
            self.skipTest("memory is not limited under AddressSanitizer")
        self.assertEqual((found, result.status), ([], TROUBLE))
        found, result = self.scan_json()
        self.assertEqual((self.paths(found), result.status), (["1", "2"], NOT_KNOWN))
        self.put("3/vmcore.gz", gzip.compress(containers.diskdump(kernels.made("x86_64_6_1").machine)))
        found, result = self.scan_json(environment={"TMPDIR": "/nowhere"})
        self.assertEqual(found, [])
        self.assertIn("set TMPDIR", result.errors)
        found, result = self.scan_json(environment={"TMPDIR": str(self.directory)})
        self.assertEqual(self.paths(found), ["3"])

    def test_failures_again(self):
        self.put("3/vmcore", b"garbage")
        self.scan()
        found, result = self.scan_json()
        self.assertNotIn("garbage", result.errors)
        self.assertIn("1 could not be read in an earlier scan and have not changed; --recheck tries again", result.errors)
        found, result = self.scan_json("--recheck")
        self.assertEqual(found, [])
        self.assertIn(f"{self.root}/3/vmcore: ", result.errors)

    def test_no_history(self):
        for _ in range(2):
            result = run("scan", "-f", "json", "--no-history", self.root)
            self.assertEqual(len(verdicts(result)), 2)
        self.assertFalse(self.history.exists())

    def test_default_history(self):
        if os.geteuid() == 0:
            self.skipTest("root's history is the machine's own")
        result = run("scan", self.root, environment={"HOME": str(self.directory), "XDG_STATE_HOME": ""})
        self.assertTrue((self.directory / ".local/state/kdump-triage/history.db").exists(), result)

    def assert_done_without_history(self, says):
        found, result = self.scan_json()
        self.assertEqual((self.paths(found), result.status), (["1", "2"], TROUBLE))
        self.assertIn(says, result.errors)
        self.assertIn("the scan goes on without a history", result.errors)
        report = run("report", "--history", self.history)
        self.assertEqual((report.status, report.stdout), (TROUBLE, b""))
        self.assertIn(says, report.errors)

    def test_damaged_history(self):
        self.scan()
        content = bytearray(self.history.read_bytes())
        content[100:] = os.urandom(len(content) - 100)
        self.history.write_bytes(content)
        self.assert_done_without_history(f"mv '{self.history}' '{self.history}.damaged'")

    def test_something_else_in_place_of_the_history(self):
        for content in (b"SQLite format 3\0" + os.urandom(8000), b"a list of what to buy\n" * 100):
            self.history.write_bytes(content)
            self.assert_done_without_history(f"{self.history} is no history but something else")
            self.assertEqual(self.history.read_bytes(), content)

    def test_full_disk_under_the_history(self):
        tree = make_tree.Tree(self.directory / "tree", 200)
        tree.make()
        self.root = tree.directory
        small = self.directory / "small"
        small.mkdir()
        if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", small], stderr=subprocess.DEVNULL).returncode:
            self.skipTest("no small file system can be mounted here")
        self.addCleanup(subprocess.run, ["umount", small])
        self.history = small / "history.db"
        found, result = self.scan_json()
        self.assertEqual(result.status, TROUBLE)
        self.assertIn(f"the history {self.history} cannot be written: its file system is full", result.errors)
        self.assertEqual(len(found), sum(tree.expected["verdicts"].values()) + tree.expected["copies"])

class Working(ScanCase):
    """A dump that hangs, or whose worker dies, costs only itself."""

    def setUp(self):
        super().setUp()
        self.put("1/vmcore-dmesg.txt", sample(UNKNOWN_LOG))
        self.put("3/vmcore-dmesg.txt", sample(KNOWN_LOG))

    def slow(self):
        """A log that takes some seconds: crash after crash."""
        oops = sample("null-pointer-6.1.vmcore-dmesg.txt")
        self.put("2/vmcore-dmesg.txt", oops * (200_000_000 // len(oops)))

    def test_takes_too_long(self):
        self.slow()
        found, result = self.scan_json("--timeout", "1", "--jobs", "1")
        self.assertEqual((self.paths(found), result.status), (["1", "3"], TROUBLE))
        self.assertEqual(result.errors, f"kdump-triage: {self.root}/2: took longer than 1 s\n")
        # It is remembered, until it is allowed more time.
        found, result = self.scan_json("--timeout", "1")
        self.assertEqual((found, result.status), ([], TROUBLE))
        self.assertIn("1 could not be read in an earlier scan", result.errors)
        for arguments in (["--timeout", "2"], ["--timeout", "1", "--recheck"]):
            found, result = self.scan_json(*arguments)
            self.assertEqual((found, "took longer than" in result.errors), ([], True), arguments)

    def test_its_worker_dies(self):
        self.slow()
        process = subprocess.Popen([PROGRAM, "scan", "-f", "json", "--jobs", "1", "--history", self.history, self.root],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.readline()   # of 1
        os.kill(self.worker_that_reads(process, "/2/vmcore-dmesg.txt"), 9)
        output, errors = process.communicate(timeout=120)
        self.slow_no_more(modified=LONG_AGO + 1)
        self.assertEqual(self.paths(self.scan_json()[0]), ["2"])
        self.assertEqual(process.returncode, TROUBLE)
        self.assertEqual(len(output.splitlines()), 1)
        self.assertIn(f"kdump-triage: {self.root}/2: ", errors.decode())
        self.assertIn("SIGKILL", errors.decode())

    def worker_that_reads(self, process, ending):
        """Its pid, once it has that file open."""
        for _ in range(6000):
            for worker in pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
                with contextlib.suppress(OSError):
                    if any(os.readlink(link).endswith(ending) for link in pathlib.Path(f"/proc/{worker}/fd").iterdir()):
                        return int(worker)
            time.sleep(0.01)
        self.fail(f"no worker ever read {ending}")

    def test_interrupted(self):
        self.slow()
        process = subprocess.Popen([PROGRAM, "scan", "--jobs", "1", "--history", self.history, self.root], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        self.worker_that_reads(process, "/2/vmcore-dmesg.txt")
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, -2)
        self.assertIn("interrupted: 2 of 3 were not looked at", errors.decode())
        self.assertIn("1 triaged now", output.decode())
        self.slow_no_more()
        found, _ = self.scan_json()
        self.assertEqual(self.paths(found), ["2", "3"])

    def slow_no_more(self, modified=LONG_AGO):
        self.put("2/vmcore-dmesg.txt", sample(KNOWN_LOG), modified)

    def test_reader_that_goes_away(self):
        process = subprocess.Popen([PROGRAM, "scan", "-f", "json", "--history", self.history, self.root], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        process.stdout.close()
        errors = process.stderr.read()
        process.stderr.close()
        self.assertEqual(process.wait(timeout=60), TROUBLE)
        self.assertIn(b"standard output: cannot write: Broken pipe", errors)


class Telling(ScanCase):
    def test_table(self):
        self.put("1/vmcore-dmesg.txt", sample(UNKNOWN_LOG))
        self.put("2/vmcore-dmesg.txt", sample(KNOWN_LOG))
        self.put("3/dmesg.txt", QUIET_LOG)
        result = self.scan()
        self.assertEqual(result.status, NOT_KNOWN)
        assert_safe(result.stdout)
        for part in ("overlayfs-dentry-leak", "divide error", "3 found, 0 of them known from earlier scans, 3 triaged now"):
            self.assertIn(part, result.text)

    def test_all_known(self):
        self.put("2/vmcore-dmesg.txt", sample(KNOWN_LOG))
        self.assertEqual(self.scan().status, KNOWN)
        self.assertEqual(self.scan().status, KNOWN)

    def test_progress_on_a_terminal(self):
        make_tree.Tree(self.root / "tree", 400).make()
        master, slave = open_terminal()
        done = subprocess.Popen([PROGRAM, "scan", "--jobs", "1", "--history", self.history, self.root], stdout=subprocess.DEVNULL, stderr=slave)
        os.close(slave)
        shown = b""
        try:
            while piece := os.read(master, 4096):
                shown += piece
        except OSError:
            pass
        os.close(master)
        done.wait()
        self.assertRegex(shown, rb"\d+/\d+, [^\r]*\r\x1b\[K")

    def test_usage(self):
        for arguments, says in ((["--jobs", "0"], "--jobs '0': expected a number from 1"), (["--timeout", "x"], "--timeout 'x'"),
                                (["-f", "html"], "expected text or json"), (["--recheck", "--no-history"], "--recheck needs a history"),
                                (["--frobnicate"], "unknown option"), (["--history", "a", "--no-history"], "expected one of them")):
            result = run("scan", *arguments, self.root)
            self.assertEqual((result.status, result.stdout), (TROUBLE, b""))
            self.assertIn(says, result.errors)
            self.assertIn("Try 'kdump-triage scan --help'.", result.errors)
        self.assertTrue(run("scan", "--help").text.startswith("Usage: kdump-triage scan "))
        self.assertTrue(run("report", "--help").text.startswith("Usage: kdump-triage report "))
        for arguments, says in ((["-f", "pdf"], "expected text, markdown, json or html"), (["--since", "yesterday"], "YYYY-MM-DD"), (["--until", "2023-02-30"], "YYYY-MM-DD"),
                                (["x"], "expected options only")):
            result = run("report", *arguments)
            self.assertEqual((result.status, result.stdout), (TROUBLE, b""))
            self.assertIn(says, result.errors)


if __name__ == "__main__":
    main()
