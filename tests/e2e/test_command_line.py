"""Options, inputs, exit statuses, and where output goes."""

import os
import pathlib
import subprocess
import sys
import threading
import unittest

from harness import (open_terminal, KNOWN, NO_CRASH, NOT_KNOWN, PROGRAM, SAMPLES, SIGNATURES, TROUBLE, TestCase, assert_safe, main, run,
                     sample, triage_json, verdicts)

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from dumps import containers, kernels    # noqa: E402

KNOWN_LOG = SAMPLES / "overlayfs-dentry-leak.console.log"
SIMILAR_LOG = SAMPLES / "dentry-6.1.vmcore-dmesg.txt"
UNKNOWN_LOG = SAMPLES / "divide-error-6.1.vmcore-dmesg.txt"
HEALTHY_LOG = SAMPLES / "healthy-boot-6.1.dmesg.txt"
OVERLAYFS, FSNOTIFY = SIGNATURES / "overlayfs-dentry-leak.yaml", SIGNATURES / "fsnotify-mark-connector-race.yaml"


class Usage(TestCase):
    def test_help(self):
        for option in ("--help", "-h"):
            result = run(option)
            self.assertEqual((result.status, result.errors), (0, ""))
            self.assertTrue(result.text.startswith("Usage: kdump-triage "))
            for word in ("--format", "--signatures", "--release", "--explain", "--color", "--version", "signature list",
                         "--stacks", "--debuginfo", "--system-map"):
                self.assertIn(word, result.text)
            self.assertLessEqual(max(map(len, result.text.splitlines())), 90)

    def test_version(self):
        for option in ("--version", "-V"):
            result = run(option)
            self.assertEqual(result.status, 0)
            self.assertRegex(result.text, r"\Akdump-triage \d+\.\d+\.\d+\n\Z")

    def assert_usage_error(self, *arguments, says):
        result = run(*arguments)
        self.assertEqual(result.status, TROUBLE, result)
        self.assertEqual(result.stdout, b"", result)
        self.assertIn(says, result.errors)
        self.assertIn("Try 'kdump-triage --help'.", result.errors)

    def test_wrong_usage(self):
        self.assert_usage_error(says="no INPUT")
        self.assert_usage_error("--", says="no INPUT")
        self.assert_usage_error("--frobnicate", KNOWN_LOG, says="frobnicate")
        self.assert_usage_error("-x", KNOWN_LOG, says="x")
        self.assert_usage_error("-f", "xml", KNOWN_LOG, says="--format 'xml': expected text, json or markdown")
        self.assert_usage_error(KNOWN_LOG, "-f", says="requires an argument")
        self.assert_usage_error("--color", "sometimes", KNOWN_LOG, says="--color 'sometimes': expected auto, always or never")
        self.assert_usage_error("--explain", "no-such-bug", KNOWN_LOG, says="--explain 'no-such-bug': no such signature")
        self.assert_usage_error("--explain", "overlayfs-dentry-leak", "-f", "json", KNOWN_LOG, says="--explain writes text only")
        self.assert_usage_error("signature", says="list, show, lint, test or new")
        self.assert_usage_error("signature", "frobnicate", says="signature 'frobnicate': expected list, show, lint, test or new")
        self.assert_usage_error("signature", "show", says="signature show")
        self.assert_usage_error("signature", "list", "too-much", says="signature list")
        self.assert_usage_error("-f", "\033[31m", KNOWN_LOG, says=r"\x1b[31m")

    def test_wrong_usage_of_the_options_for_stacks(self):
        for wrong in ("some", "ALL", "", "all,crashed", "\033[31m"):
            said = wrong.replace("\033", r"\x1b")
            self.assert_usage_error("--stacks", wrong, KNOWN_LOG, says=f"--stacks '{said}': expected all, crashed or none")
        for option in ("--stacks", "--debuginfo", "--system-map"):
            self.assert_usage_error(KNOWN_LOG, option, says=f"option '{option}' requires an argument")
        for option in ("--stacks", "--debuginfo", "--system-map"):
            result = run("scan", "--no-history", option, "all", self.directory)
            self.assertEqual((result.status, result.stdout), (TROUBLE, b""), result)
            self.assertIn(option, result.errors)

    def test_help_of_dmesg(self):
        for option in ("--help", "-h"):
            result = run("dmesg", option)
            self.assertEqual((result.status, result.errors), (0, ""))
            self.assertTrue(result.text.startswith("Usage: kdump-triage dmesg "))

    def test_wrong_usage_of_dmesg(self):
        for arguments, says in ((), "expected one VMCORE"), (("one", "two"), "expected one VMCORE"), (("-x", "one"), "unknown option '-x'"):
            result = run("dmesg", *arguments)
            self.assertEqual((result.status, result.stdout), (TROUBLE, b""), result)
            self.assertIn(says, result.errors)
            self.assertTrue(result.errors.endswith("\nTry 'kdump-triage dmesg --help'.\n"), result)

    def test_dmesg_of_a_log(self):
        result = run("dmesg", KNOWN_LOG)
        self.assertEqual((result.status, result.stdout), (TROUBLE, b""))
        self.assertEqual(result.errors, f"kdump-triage: {KNOWN_LOG}: a kernel log, not a dump; print it with 'cat', triage it with "
                                        f"'kdump-triage {KNOWN_LOG}'\n")

    def test_release_that_no_kernel_has(self):
        for release in ("; rm -rf /", "5" * 65, "", "linux", "5.10\n", "$(reboot)", "5.10 6", "5.10\x9b", "`id`"):
            self.assert_usage_error("-r", release, KNOWN_LOG, says="--release '")

    def test_option_with_control_characters_is_echoed_safely(self):
        for option in ("--fro\033[31mb", "-\033"):
            result = run(option, KNOWN_LOG)
            self.assertEqual(result.status, TROUBLE)


class ExitStatus(TestCase):
    def assert_status(self, expected, *inputs):
        for arguments in ([], ["-f", "json"], ["-f", "markdown"]):
            result = run(*arguments, *inputs)
            self.assertEqual(result.status, expected, result)

    def test_of_one_input(self):
        self.assert_status(KNOWN, KNOWN_LOG)
        self.assert_status(NOT_KNOWN, SIMILAR_LOG)
        self.assert_status(NOT_KNOWN, UNKNOWN_LOG)
        self.assert_status(NO_CRASH, HEALTHY_LOG)
        self.assert_status(TROUBLE, "/no/such/file")

    def test_of_several_inputs(self):
        self.assert_status(KNOWN, KNOWN_LOG, KNOWN_LOG)
        self.assert_status(KNOWN, HEALTHY_LOG, KNOWN_LOG)
        self.assert_status(NOT_KNOWN, KNOWN_LOG, UNKNOWN_LOG)
        self.assert_status(NOT_KNOWN, SIMILAR_LOG, HEALTHY_LOG, KNOWN_LOG)
        self.assert_status(NO_CRASH, HEALTHY_LOG, HEALTHY_LOG)
        self.assert_status(TROUBLE, HEALTHY_LOG, "/no/such/file")
        self.assert_status(TROUBLE, "/no/such/file", UNKNOWN_LOG, KNOWN_LOG)

    def test_unreadable_input_does_not_stop_the_others(self):
        result = run("-f", "json", KNOWN_LOG, "/no/such/file", UNKNOWN_LOG)
        self.assertEqual([verdict["input"]["path"] for verdict in verdicts(result)], [str(KNOWN_LOG), str(UNKNOWN_LOG)])
        self.assertEqual(result.errors, "kdump-triage: /no/such/file: cannot open: No such file or directory\n")

    def test_stacks_of_a_log_change_nothing(self):
        """A log has no memory to look into."""
        for stacks in ("all", "crashed", "none"):
            self.assertEqual(triage_json(UNKNOWN_LOG, "--stacks", stacks), triage_json(UNKNOWN_LOG))

    def test_debuginfo_of_no_use_leaves_the_verdict(self):
        text = self.write("text", b"this is no vmlinux\n")
        empty = self.directory / "empty"
        empty.mkdir()
        for path in (text, empty, "/no/such/vmlinux", "/dev/null"):
            result = run("-f", "json", "--debuginfo", path, KNOWN_LOG)
            self.assertEqual(result.status, TROUBLE, result)
            self.assertEqual(verdicts(result), [triage_json(KNOWN_LOG)], path)
            self.assertIn(f"kdump-triage: {path}: ", result.errors)

    def test_options_may_follow_inputs(self):
        result = run(KNOWN_LOG, "-f", "json", UNKNOWN_LOG, "-r", "4.19.91-22.2.al7.x86_64")
        self.assertEqual([verdict["kernel"]["release"] for verdict in verdicts(result)], ["4.19.91-22.2.al7.x86_64"] * 2)

    def test_behind_two_dashes_everything_is_an_input(self):
        self.write("-f", sample(KNOWN_LOG.name))
        result = run("-f", "json", "--", "-f", cwd=self.directory)
        self.assertEqual([verdict["input"]["path"] for verdict in verdicts(result)], ["-f"])

    def test_input_with_the_name_of_a_command(self):
        self.write("signature", sample(KNOWN_LOG.name))
        self.assertEqual(run("./signature", cwd=self.directory).status, KNOWN)


class Inputs(TestCase):
    def test_standard_input(self):
        with open(KNOWN_LOG, "rb") as log:
            verdict = triage_json("-", stdin=log)
        self.assertEqual((verdict["input"]["path"], verdict["verdict"]), ("-", "known"))
        self.assertEqual(verdict["crashes"], triage_json(KNOWN_LOG)["crashes"])

    def test_pipe(self):
        self.assertEqual(triage_json("-", stdin=sample(KNOWN_LOG.name))["verdict"], "known")

    def test_named_pipe(self):
        fifo = self.directory / "fifo"
        os.mkfifo(fifo)
        writer = threading.Thread(target=fifo.write_bytes, args=[sample(SIMILAR_LOG.name)])
        writer.start()
        verdict = triage_json(fifo)
        writer.join()
        self.assertEqual(verdict["crashes"], triage_json(SIMILAR_LOG)["crashes"])

    def test_dump_in_a_pipe(self):
        """It cannot be read there; but as standard input, a file can."""
        dump = containers.diskdump(kernels.made("x86_64_6_1").machine)
        result = run("-", stdin=dump)
        self.assertEqual((result.status, result.stdout), (TROUBLE, b""))
        self.assertIn("in a pipe, which cannot be read here and there; save it in a file, then give its name, or run: "
                      "kdump-triage - < FILE\n", result.errors)
        with self.write("vmcore", dump).open("rb") as file:
            self.assertEqual(triage_json("-", stdin=file)["input"]["type"], "vmcore")

    def test_link_that_leads_nowhere(self):
        link = self.directory / "link"
        link.symlink_to("/nowhere/vmcore")
        for arguments in ([], ["dmesg"]):
            result = run(*arguments, link)
            self.assertEqual((result.status, result.errors),
                             (TROUBLE, f"kdump-triage: {link}: a symbolic link to /nowhere/vmcore, which does not exist\n"))

    def test_closed_standard_input(self):
        result = run("-", stdin=None, preexec_fn=lambda: os.close(0))
        self.assertEqual(result.status, TROUBLE)
        self.assertIn("-: ", result.errors)
        self.assertEqual(run(KNOWN_LOG, stdin=None, preexec_fn=lambda: os.close(0)).status, KNOWN)

    def test_standard_input_twice(self):
        result = run("-f", "json", "-", "-", stdin=sample(KNOWN_LOG.name))
        self.assertEqual([verdict["verdict"] for verdict in verdicts(result)], ["known"])
        self.assertEqual(result.status, TROUBLE)


class Signatures(TestCase):
    GOOD = "id: mine\ntitle: My bug\nsymptoms:\n  - name: it divides\n    kind: divide-error\n"

    def signatures_found(self, log, *arguments):
        return [finding["signature"] for finding in triage_json(log, *arguments)["findings"]]

    def test_a_file_replaces_the_installed_ones(self):
        mine = self.write("mine.yaml", self.GOOD)
        self.assertEqual(self.signatures_found(UNKNOWN_LOG), [])
        self.assertEqual(self.signatures_found(UNKNOWN_LOG, "-s", mine), ["mine"])
        self.assertEqual(self.signatures_found(KNOWN_LOG, "-s", mine), [])

    def test_a_directory_and_those_below_it(self):
        self.write("signatures/below/mine.yaml", self.GOOD)
        self.write("signatures/notes.txt", "no signature")
        self.assertEqual(self.signatures_found(UNKNOWN_LOG, "-s", self.directory / "signatures"), ["mine"])

    def test_several(self):
        mine = self.write("mine.yaml", self.GOOD)
        arguments = ["-s", mine, "--signatures", OVERLAYFS]
        self.assertEqual(self.signatures_found(UNKNOWN_LOG, *arguments), ["mine"])
        self.assertEqual(self.signatures_found(KNOWN_LOG, *arguments), ["overlayfs-dentry-leak"])

    def test_missing(self):
        result = run("-s", "/no/such.yaml", KNOWN_LOG)
        self.assertEqual((result.status, result.stdout), (TROUBLE, b""))
        self.assertEqual(result.errors, "kdump-triage: /no/such.yaml: cannot open: No such file or directory\n")

    def test_directory_without_any(self):
        result = run("-s", self.directory, KNOWN_LOG)
        self.assertEqual((result.status, result.stdout), (TROUBLE, b""))
        self.assertIn("holds no signatures", result.errors)

    def test_a_broken_file_does_not_stop_the_others(self):
        broken = self.write("broken.yaml", "id: broken\ntitle: Broken\nsymptoms:\n  - name: a\n    kinds: panic\n")
        result = run("-f", "json", "-s", broken, "-s", OVERLAYFS, KNOWN_LOG)
        self.assertEqual(result.status, TROUBLE)
        self.assertEqual([verdict["verdict"] for verdict in verdicts(result)], ["known"])
        self.assertRegex(result.errors, rf"(?m)^kdump-triage: {broken}:5:5: a symptom has no key 'kinds'")

    def test_list(self):
        result = run("signature", "list")
        self.assertEqual((result.status, result.errors), (0, ""))
        rows = [line.split(b"\t") for line in result.stdout.splitlines()]
        self.assertEqual({len(row) for row in rows}, {3})
        ids = [row[0] for row in rows]
        self.assertEqual(ids, sorted(ids))
        self.assertIn(b"overlayfs-dentry-leak", ids)
        self.assertEqual(run("signature", "list", "-s", OVERLAYFS).stdout.count(b"\n"), 1)

    def test_show(self):
        result = run("signature", "show", "overlayfs-dentry-leak")
        self.assertEqual((result.status, result.text), (0, OVERLAYFS.read_text()))
        result = run("signature", "show", "no-such-bug", "overlayfs-dentry-leak")
        self.assertEqual((result.status, result.text), (TROUBLE, OVERLAYFS.read_text()))
        self.assertIn("no-such-bug: no such signature", result.errors)

    def test_lint_and_test_of_the_project_s_own(self):
        result = run("signature", "lint", SIGNATURES)
        self.assertEqual(result.status, 0)
        self.assertRegex(result.text, r"\A\d+ signatures, nothing wrong\n\Z")
        self.assertEqual(run("signature", "test", SAMPLES).text, run("signature", "test").text)
        self.assertEqual(run("signature", "test", self.directory).status, TROUBLE)
        self.assertEqual(run("signature", "lint", "--help").status, 0)


class Explain(TestCase):
    def explain(self, signature, log):
        result = run("--explain", signature, log)
        assert_safe(result.stdout)
        return result

    def test_a_match(self):
        result = self.explain("overlayfs-dentry-leak", KNOWN_LOG)
        self.assertEqual(result.status, KNOWN)
        self.assertIn("matches: rmdir() locks the inode of a dentry that is gone", result.text)
        self.assertRegex(result.text, r"ok +instruction_pointer, line 26\n +expected +_raw_spin_lock\n +found +_raw_spin_lock")

    def test_no_match(self):
        result = self.explain("fsnotify-mark-connector-race", KNOWN_LOG)
        self.assertNotRegex(result.text, r"(?m)^ *matches: ")
        self.assertRegex(result.text, r"expected +soft-lockup\n +found +null-pointer-dereference")

    def test_a_log_without_a_crash(self):
        self.assertEqual(self.explain("overlayfs-dentry-leak", HEALTHY_LOG).status, NO_CRASH)


class Output(TestCase):
    ESCAPE = b"\033["

    def test_colors_when_always(self):
        result = run("--color", "always", KNOWN_LOG)
        self.assertIn(self.ESCAPE, result.stdout)
        assert_safe(result.stdout, colors=True)
        self.assertIn(self.ESCAPE, run("--color=always", KNOWN_LOG, environment={"NO_COLOR": "1"}).stdout)

    def test_no_colors_in_a_pipe(self):
        for arguments in ([], ["--color", "auto"], ["--color", "never"], ["--color", "always", "-f", "json"],
                          ["--color", "always", "-f", "markdown"]):
            assert_safe(run(*arguments, KNOWN_LOG).stdout)

    def on_terminal(self, *arguments, **environment):
        terminal, program_s = open_terminal()
        process = subprocess.Popen([PROGRAM, *arguments, KNOWN_LOG], stdout=program_s, env={**os.environ, **environment})
        os.close(program_s)
        output = b""
        while piece := self.read(terminal):
            output += piece
        os.close(terminal)
        self.assertEqual(process.wait(), KNOWN)
        return output

    def read(self, terminal):
        try:
            return os.read(terminal, 65536)
        except OSError:
            return b""

    def test_colors_on_a_terminal(self):
        self.assertIn(self.ESCAPE, self.on_terminal(NO_COLOR=""))
        self.assertNotIn(self.ESCAPE, self.on_terminal(NO_COLOR="1"))
        self.assertNotIn(self.ESCAPE, self.on_terminal("--color", "never", NO_COLOR=""))
        self.assertIn(self.ESCAPE, self.on_terminal("--color", "always", NO_COLOR="1"))
        self.assertNotIn(self.ESCAPE, self.on_terminal("-f", "json", NO_COLOR=""))

    def test_full_disk(self):
        for arguments in (["-f", "json", KNOWN_LOG], [KNOWN_LOG], ["-f", "markdown", KNOWN_LOG], ["--help"], ["--version"],
                          ["--explain", "overlayfs-dentry-leak", KNOWN_LOG], ["signature", "list"], ["signature", "test"],
                          ["signature", "lint"], ["signature", "show", "overlayfs-dentry-leak"]):
            with self.subTest(arguments), open("/dev/full", "wb") as full:
                result = run(*arguments, stdout=full)
                self.assertEqual(result.status, TROUBLE)
                self.assertIn("standard output: cannot write: No space left on device", result.errors)

    def test_closed_standard_output(self):
        result = run(KNOWN_LOG, stdout=None, preexec_fn=lambda: os.close(1))
        self.assertEqual(result.status, TROUBLE)


if __name__ == "__main__":
    main()
