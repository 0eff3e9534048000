"""Which machine died, when, and by what its crash is known again: from dumps, logs, READMEs and the names of files."""

import calendar
import gzip
import itertools
import os
import pathlib
import re
import sys

from harness import EXPECTED, SAMPLES, TestCase, main, run, sample, triage_json, verdicts

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from dumps import containers, kernels    # noqa: E402

MACHINE = kernels.made("el7_general_protection").machine    # its node is called "made-up"
DUMP = containers.diskdump(MACHINE)
PLAIN = sample("fsnotify-general-protection.console.log")    # says nothing of a host, nor of a wall clock
NOON = 1685966400    # 2023-06-05 12:00:00 UTC
README = """\
Kernel crashdump
----------------

Crash time     : 2023-06-05 14:00 (+0200)
Kernel version : 3.10.0-862.2.3.el7.x86_64
Host           : suse1
Dump level     : 31
Dump format    : lzo
"""


def seconds(*date):
    return calendar.timegm((*date, 0, 0, 0)[:6])


def syslog(front):
    """The plain log in a transport."""
    return b"".join(front.encode() + line + b"\n" for line in PLAIN.splitlines())


class Machines(TestCase):
    def said(self, path, **options):
        verdict = triage_json(path, **options)
        return verdict["host"], verdict["crashed_at"]

    def assert_said(self, path, host, crashed_at):
        self.assertEqual(self.said(path), (host, crashed_at), path)

    def test_a_log_that_does_not_say(self):
        self.assert_said(self.write("log", PLAIN), None, None)

    def test_a_dump(self):
        self.assert_said(self.write("vmcore", DUMP), "made-up", MACHINE.crash_time)

    def test_a_dump_beside_its_log_counts_more_than_the_log(self):
        self.write("crash/vmcore", DUMP)
        self.write("crash/vmcore-dmesg.txt", syslog("2018-06-05T04:46:22Z web1 kernel: "))
        self.assert_said(self.directory / "crash", "made-up", MACHINE.crash_time)

    def test_a_dump_of_a_nameless_machine_leaves_the_name_to_others(self):
        machine = kernels.made("el7_general_protection").machine
        machine.nodename = "localhost.localdomain"
        path = self.write("10.0.0.7-2023-06-05-12:00:05/vmcore", containers.diskdump(machine))
        verdict = triage_json(path)
        self.assertEqual(verdict["kernel"]["nodename"], "localhost.localdomain")
        self.assertEqual((verdict["host"], verdict["crashed_at"]), ("10.0.0.7", MACHINE.crash_time))

    def test_transports(self):
        for front, host, crashed_at in (
                ("2018-06-05T06:46:22.003456+02:00 web1 kernel: ", "web1", 1528173982),
                ("<4>1 2018-06-05T04:46:22.003Z web1 kernel - - - ", "web1", 1528173982),
                ("Tue 2018-06-05 06:46:22 CEST web1 kernel: ", "web1", 1528173982),
                ("1528173982.123456 web1 kernel: ", "web1", 1528173982),
                ("2018-06-05T04:46:22Z localhost kernel: ", None, 1528173982),
                ("[Tue Jun  5 04:46:22 2018] ", None, 1528173982)):
            with self.subTest(front):
                verdict = triage_json(self.write("log", syslog(front)))
                self.assertEqual((verdict["host"], verdict["crashed_at"]), (host, crashed_at))
                self.assertEqual(verdict["crashes"][0]["wall_time"], crashed_at)

    def test_the_year_is_the_latest_that_the_age_of_the_file_allows(self):
        path = self.write("log", syslog("Jun  5 04:46:22 web1 kernel: "))
        for written, year in ((seconds(2018, 6, 5, 5), 2018), (seconds(2018, 12, 31), 2018), (seconds(2018, 6, 4, 5), 2018),
                              (seconds(2018, 6, 4, 4), 2017), (seconds(2024, 1, 1), 2023)):
            os.utime(path, (0, written))
            with self.subTest(written):
                self.assert_said(path, "web1", seconds(year, 6, 5, 4, 46, 22))
                with open(path, "rb") as file:
                    self.assertEqual(self.said("-", stdin=file), ("web1", seconds(year, 6, 5, 4, 46, 22)))

    def test_the_age_of_a_file_says_nothing_else(self):
        for name, content in (("log", PLAIN), ("short-monotonic", syslog("[    5.140900] web1 kernel: "))):
            self.assertIsNone(self.said(self.write(name, content))[1])

    def test_crash_directories(self):
        for name, log_name, host, crashed_at in (
                ("10.0.0.7-2023-06-05-12:00:05", "vmcore-dmesg.txt", "10.0.0.7", NOON + 5),
                ("127.0.0.1-2023-06-05-12:00:05", "vmcore-dmesg.txt", None, NOON + 5),
                ("2023-06-05-12:00", "dmesg.txt", None, NOON),
                ("202306051200", "dmesg.202306051200", None, NOON),
                ("web1-202306051200", "dmesg.202306051200", "web1", NOON)):
            with self.subTest(name):
                log = self.write(f"{name}/{log_name}", PLAIN)
                self.assert_said(log.parent, host, crashed_at)
                self.assert_said(log, host, crashed_at)
                # From within, and through a link, the names are the same.
                result = run("-f", "json", log_name, ".", cwd=log.parent)
                self.assertEqual([(v["host"], v["crashed_at"]) for v in verdicts(result)], [(host, crashed_at)] * 2)
                link = self.directory / "latest"
                link.unlink(missing_ok=True)
                link.symlink_to(log.parent)
                self.assert_said(link, host, crashed_at)

    def test_files_with_a_time_in_their_names(self):
        self.assert_said(self.write("dmesg.202306051200", PLAIN), None, NOON)
        self.assert_said(self.write("dmesg.202306051200.gz", gzip.compress(PLAIN)), None, NOON)

    def test_the_log_counts_more_than_the_directory(self):
        log = self.write("10.0.0.7-2023-06-05-12:00:05/vmcore-dmesg.txt", syslog("2018-06-05T04:46:22Z web1 kernel: "))
        self.assert_said(log.parent, "web1", 1528173982)

    def test_readme_of_suse(self):
        log = self.write("2023-06-05-14:00/dmesg.txt", PLAIN)
        self.write("2023-06-05-14:00/README.txt", README)
        self.assert_said(log.parent, "suse1", NOON)
        self.assert_said(log, "suse1", NOON)

    def test_a_readme_that_is_none(self):
        log = self.write("2023-06-05-12:00/dmesg.txt", PLAIN)
        readme = log.parent / "README.txt"
        readme.write_text("Host: web1\nCrash time: 2018-06-05 04:46\n")
        self.assert_said(log.parent, None, NOON)
        readme.unlink()
        os.mkfifo(readme)
        self.assert_said(log.parent, None, NOON)
        readme.unlink()
        readme.mkdir()
        self.assert_said(log.parent, None, NOON)
        readme.rmdir()
        readme.write_bytes(README.encode() + b"Host : \033[31m\n" + b"x" * 50_000_000)
        self.assert_said(log.parent, None, NOON)

    def test_reports_of_a_machine(self):
        for name in ("sosreport-db-01-03312345-2023-06-05-ezcfcop/sos_commands/kernel", "scc_db-01_230605_1200"):
            with self.subTest(name):
                self.assert_said(self.write(f"{name}/dmesg", PLAIN), "db-01", None)
        log = self.write("sosreport-db-01-2023-06-07-ezcfcop/var/crash/127.0.0.1-2023-06-05-12:00:05/vmcore-dmesg.txt", PLAIN)
        self.assert_said(log.parent, "db-01", NOON + 5)

    def test_hosts_that_are_no_names(self):
        verdict = triage_json(self.write("log", syslog("2018-06-05T04:46:22Z \1]0;x\a<b>\xa0 kernel: ")))
        self.assertEqual((verdict["host"], verdict["crashed_at"]), (None, 1528173982))
        self.assertEqual(verdict["crashes"][0]["host"], "\\x01]0;x\\x07<b>\xa0")

    def test_years_that_are_none(self):
        for front in ("9999-99-99T99:99:99Z web1 kernel: ", "0000000000.000000 web1 kernel: ", "Feb 30 04:46:22 web1 kernel: "):
            with self.subTest(front):
                self.assert_said(self.write("log", syslog(front)), "web1", None)

    def test_people_are_told_once(self):
        log = self.write("log", syslog("2018-06-05T04:46:22Z web1 kernel: "))
        self.assertIn("\n  host           web1\n  crashed        2018-06-05 04:46:22 UTC\n", run(log).text)
        self.assertRegex(run("-f", "markdown", log).text, r"(?m)host.*web1(.|\n)*crashed.*2018-06-05 04:46:22 UTC")
        log.write_bytes(syslog("2018-06-05T04:46:22 web1 kernel: "))
        self.assertIn("\n  crashed        2018-06-05 04:46:22\n", run(log).text)
        dump = run(self.write("vmcore", DUMP)).text
        self.assertIn("\n  machine        made-up, ", dump)
        self.assertNotIn("\n  host  ", dump)
        self.assertNotIn("\n  crashed  ", dump)


# Samples of one crash: the same records, taken from one kernel's log and handed down in different ways.
NAMES = sorted(path.name for path in SAMPLES.iterdir() if not path.name.endswith(EXPECTED))
STAMPLESS = re.compile(r"\.(dmesg-(ctime|decode-ctime|iso|notime|reltime)|journal-(all-)?short(-full|-unix|-iso|-iso-precise|"
                       r"-precise)?|journal-(cat|with-unit))\.log$")
COPIES = (".bz2", ".gz", ".xz", ".zst")


def way(name):
    """How a sample came to be: transports of one capture, or a dump and a console of one guest; and whether it has stamps."""
    base, _, rest = name.partition(".1.")
    captured = re.fullmatch(r"(dmesg|journal|rsyslog)[a-z0-9-]*\.(log|syslog)", rest)
    return base, "capture" if captured else "guest", bool(STAMPLESS.search(name))


class Identities(TestCase):
    identities = {}

    @classmethod
    def setUpClass(cls):
        for verdict in verdicts(run("-f", "json", *(SAMPLES / name for name in NAMES))):
            assert (verdict["identity"] is None) == (verdict["crash"] is None), verdict["input"]
            cls.identities[pathlib.Path(verdict["input"]["path"]).name] = verdict["identity"]

    def groups(self):
        """The samples of each identity."""
        found = {}
        for name, identity in self.identities.items():
            if identity:
                found.setdefault(identity, []).append(name)
        return found

    def test_transports_that_keep_the_time_since_boot_are_one(self):
        captures = [name for name in NAMES if way(name) == ("dentry-6", "capture", False)]
        self.assertEqual(len(captures), 12, captures)
        self.assertEqual(len({self.identities[name] for name in captures}), 1)

    def test_transports_that_do_not_are_one_too_by_their_registers(self):
        captures = [name for name in NAMES if way(name) == ("dentry-6", "capture", True)]
        self.assertEqual(len(captures), 14, captures)
        self.assertEqual(len({self.identities[name] for name in captures}), 1)

    def test_a_console_and_a_saved_log_of_one_crash_are_one(self):
        pairs = [(name, other) for name in NAMES if name.endswith(".console.log")
                 for other in (name.replace(".console.log", end) for end in (".vmcore-dmesg.txt", ".dmesg.txt"))
                 if other in NAMES and self.identities[name]]
        self.assertGreater(len(pairs), 5)
        for name, other in pairs:
            with self.subTest(name):
                self.assertEqual(self.identities[name], self.identities[other])

    def test_compressed_copies_are_one(self):
        copies = [name for name in NAMES if name.endswith(COPIES)]
        self.assertEqual(len(copies), 4)
        self.assertEqual({self.identities[name] for name in copies}, {self.identities["dentry-6.1.vmcore-dmesg.txt"]})

    def test_different_crashes_are_different(self):
        """All that share an identity are handed down from one crash: by their names, or quoted in a mail."""
        for identity, names in self.groups().items():
            for name, other in itertools.combinations(names, 2):
                with self.subTest(identity):
                    stems = [re.sub(r"-quoted-synthetic$", "", re.match(r".*?-\d+\.\d+|.*?(?=\.)", each)[0]) for each in (name, other)]
                    self.assertEqual(stems[0], stems[1])
                    self.assertEqual(way(name)[2], way(other)[2])
        self.assertGreater(len(self.groups()), 60)
        # One bug in two lives of one machine.
        self.assertNotEqual(self.identities["dentry-6.1.dmesg.log"], self.identities["dentry-6.1.vmcore-dmesg.txt"])

    def test_a_dump_its_log_and_copies(self):
        dump = self.write("vmcore", DUMP)
        log = run("dmesg", dump).stdout
        self.write("127.0.0.1-2023-06-05-12:00:05/vmcore-dmesg.txt", log)
        self.write("copies/old.gz", gzip.compress(log))
        self.write("copies/elf", containers.elf(MACHINE))
        self.write("copies/flat", containers.flatten(DUMP))
        stamped = re.sub(rb"(?m)^", b"2018-06-05T04:46:22Z web1 kernel: ", log.rstrip(b"\n"))
        self.write("copies/syslog", b"Jun  4 web1 sshd[1]: Accepted.\n" + stamped)
        self.write("copies/mail", re.sub(rb"(?m)^", b"> ", log))
        found = {triage_json(path)["identity"] for path in self.directory.rglob("*") if path.is_file()}
        self.assertEqual(len(found), 1)
        self.assertEqual(found, {triage_json(dump)["identity"]})

    def test_the_catalogue_and_what_the_user_says_change_nothing(self):
        """Of several reports of one lockup, the one that a signature explains decides; the crash stays the same."""
        other = self.write("other.yaml", "id: other\ntitle: x\nsymptoms:\n  - name: x\n    kind: sysrq\n")
        for name in ("fsnotify-soft-lockup.syslog", "soft-6.1.vmcore-dmesg.txt", "soft-lockup-repeats-6.1.dmesg.txt"):
            with self.subTest(name):
                for arguments in (("-s", other), ("-r", "4.19.91-22.2.al7.x86_64")):
                    self.assertEqual(triage_json(SAMPLES / name, *arguments)["identity"], self.identities[name])

    def test_the_same_bug_again(self):
        """A microsecond later, in the next process, with another register: each is another crash."""
        log = PLAIN.decode()
        changed = [log, log.replace("6052.280624", "6052.280625"), log.replace("PID: 2577", "PID: 2578"),
                   re.sub(r"RAX: [0-9a-f]{16}", "RAX: 0000000000000001", log, count=1)]
        self.assertEqual(len(set(changed)), 4)
        found = {triage_json(self.write(f"log{i}", text))["identity"] for i, text in enumerate(changed)}
        self.assertEqual(len(found), 4)

    def test_the_age_of_a_file_changes_nothing(self):
        hung = "".join(f"Jun  5 04:46:22 web1 kernel: {line}\n" for line in (
            "INFO: task jbd2/sda1-8:245 blocked for more than 120 seconds.", "Call Trace:", " schedule+0x29/0x70",
            " jbd2_log_wait_commit+0xc5/0x140"))
        for log in (hung, syslog("Jun  5 04:46:22 web1 kernel: ")):
            path = self.write("log", log)
            os.utime(path, (0, seconds(2018, 7, 1)))
            before = triage_json(path)
            os.utime(path, (0, seconds(2020, 7, 1)))
            after = triage_json(path)
            self.assertEqual(before["identity"], after["identity"])
            self.assertEqual(after["crashed_at"] - before["crashed_at"], seconds(2020, 6, 5) - seconds(2018, 6, 5))

    def test_a_task_that_hangs_on_two_machines(self):
        """Neither time since boot nor registers: the transport's words tell the two apart."""
        def hung(host):
            return "".join(f"Jun  5 04:46:22 {host} kernel: {line}\n" for line in (
                "INFO: task jbd2/sda1-8:245 blocked for more than 120 seconds.", "Call Trace:", " schedule+0x29/0x70",
                " jbd2_log_wait_commit+0xc5/0x140"))
        found = [triage_json(self.write(host, hung(host))) for host in ("web1", "web2")]
        self.assertEqual([verdict["host"] for verdict in found], ["web1", "web2"])
        self.assertNotEqual(found[0]["identity"], found[1]["identity"])


if __name__ == "__main__":
    main()
