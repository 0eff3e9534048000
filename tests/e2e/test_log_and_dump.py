"""A log and a dump side by side in one directory: what each of them may say, and what is told where one of them is lacking."""

import pathlib
import sys

from harness import NOT_KNOWN, KNOWN, NO_CRASH, TROUBLE, TestCase, deciding, main, run, triage_json, verdicts

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from dumps import containers, kernels    # noqa: E402

MACHINE = kernels.made("el7_general_protection").machine
DUMP = containers.diskdump(MACHINE)
DUMP_KIND = "general-protection-fault"
QUIET = b"[    0.000000] Linux version 5.10.0-28-amd64 (synthetic)\n[    1.000000] systemd[1]: Started.\n"


class LogAndDump(TestCase):
    def make(self, log, dump=None, log_name="vmcore-dmesg.txt"):
        directory = self.directory / "crash"
        self.write(f"crash/{log_name}", log)
        (directory / "vmcore").unlink(missing_ok=True)
        if dump is not None:
            self.write("crash/vmcore", dump)
        return directory

    def own_log(self):
        return run("dmesg", self.write("dump", DUMP)).stdout

    def assert_not_sure(self, directory, *says):
        """No crash was found, and it may be for what could not be read."""
        result = run("-f", "json", directory)
        self.assertEqual(result.status, TROUBLE, result)
        (verdict,) = verdicts(result)
        self.assertEqual((verdict["verdict"], verdict["input"]["incomplete"]), ("no-crash", True))
        for part in (f"kdump-triage: {directory}: no crash in ", *says):
            self.assertIn(part, result.errors)
        self.assertNotEqual(verdict["notes"], [])

    def test_of_one_crash(self):
        verdict = triage_json(self.make(self.own_log(), DUMP))
        self.assertEqual((verdict["input"]["type"], verdict["input"]["dump_format"]), ("log", "kdump-compressed"))
        self.assertEqual((verdict["kernel"]["release"], verdict["kernel"]["nodename"]), (MACHINE.release, MACHINE.nodename))
        self.assertFalse(verdict["input"]["incomplete"])

    def test_of_two_kernels(self):
        """The log is the answer; of the dump, only that it is another's."""
        log = self.own_log().replace(MACHINE.release.encode(), b"5.10.0-28-amd64")
        verdict = triage_json(self.make(log, DUMP))
        self.assertEqual((verdict["kernel"]["release"], verdict["kernel"]["nodename"]), ("5.10.0-28-amd64", None))
        self.assertEqual((verdict["input"]["dump_format"], verdict["kernel"]["cpu_registers"]), (None, []))
        self.assertIn(f"The dump {self.directory / 'crash/vmcore'} was left aside: it is of kernel {MACHINE.release}, the log is of "
                      "5.10.0-28-amd64.", verdict["notes"])

    def test_log_without_a_crash(self):
        verdict = triage_json(self.make(QUIET, DUMP))
        self.assertEqual((verdict["input"]["type"], deciding(verdict)["kind"]), ("vmcore", DUMP_KIND))
        self.assertEqual(verdict["kernel"]["release"], MACHINE.release)

    def test_log_without_a_crash_alone(self):
        self.assertEqual(run(self.make(QUIET)).status, NO_CRASH)

    def test_log_without_a_crash_and_a_dump_that_is_none(self):
        self.assert_not_sure(self.make(QUIET, b"KDUMP   " + bytes(5000)), "crash/vmcore could not be read: ")

    def test_log_without_a_crash_and_a_dump_that_was_cut(self):
        """What is left of it: half a log, the headers and no page, not even all headers; or enough of the log to show a crash."""
        for length in (len(DUMP) // 2, 17000, 5000, 100):
            with self.subTest(length):
                self.assert_not_sure(self.make(QUIET, DUMP[:length]))
        result = run("-f", "json", self.make(QUIET, DUMP[:20000]))
        (verdict,) = verdicts(result)
        self.assertEqual((result.status, verdict["input"]["type"], verdict["input"]["incomplete"]), (NOT_KNOWN, "vmcore", True))

    def test_log_without_a_crash_that_was_cut(self):
        self.assert_not_sure(self.make(QUIET[:-5]), "which is not whole: ")
        (self.directory / "crash/vmcore-dmesg.txt").unlink()
        self.assert_not_sure(self.make(QUIET, log_name="vmcore-dmesg-incomplete.txt"), "which is not whole: ")

    def test_incomplete_dump_beside_a_whole_log(self):
        log = self.own_log()
        verdict = triage_json(self.make(log, DUMP[:-3000]))
        self.assertEqual((verdict["input"]["type"], verdict["input"]["incomplete"]), ("log", True))
        verdict = triage_json(self.make(log, b"KDUMP   " + bytes(5000)))
        self.assertEqual((verdict["input"]["type"], verdict["input"]["incomplete"]), ("log", True))

    def test_crash_in_a_log_that_was_cut(self):
        result = run("-f", "json", self.make(self.own_log()[:-1]))
        self.assertEqual((result.status, result.errors), (KNOWN, ""))
        self.assertTrue(verdicts(result)[0]["input"]["incomplete"])


if __name__ == "__main__":
    main()
