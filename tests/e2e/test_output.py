"""The forms of the output: JSON by its schema, text that fits the terminal, Markdown that nothing in a log breaks out of."""

import fcntl
import os
import re
import struct
import subprocess
import termios

import jsonschema

from harness import (open_terminal, PROGRAM, ROOT, SAMPLES, SCHEMA, STATUS_OF_VERDICT, VALIDATOR, TestCase, assert_safe, deciding, main, parse,
                     run, sample, triage_json, triage_text, verdicts)

OVERLAYFS = SAMPLES / "overlayfs-dentry-leak.console.log"
LOGS = [OVERLAYFS, SAMPLES / "fsnotify-soft-lockup.syslog", SAMPLES / "divide-error-6.1.vmcore-dmesg.txt",
        SAMPLES / "healthy-boot-6.1.dmesg.txt"]


class Kinds(TestCase):
    def test_every_kind_is_documented(self):
        kinds = re.findall(r"\[CRASH_[A-Z_]+\] = \{ \"([a-z-]+)\"", (ROOT / "src/crash/kind.c").read_text())
        self.assertGreater(len(kinds), 40)
        manual = re.sub(r"[ ,;]+", " ", (ROOT / "docs/kdump-triage.1").read_text()).split()
        signatures = (ROOT / "docs/signatures.md").read_text()
        for kind in kinds:
            self.assertIn(kind, manual)
            if kind != "unknown":    # no signature can ask for it
                self.assertIn(f"`{kind}`", signatures)


class Json(TestCase):
    def test_the_schema_is_one(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_the_schema_tells_wrong_output(self):
        verdict = triage_json(OVERLAYFS)
        self.assertTrue(VALIDATOR.is_valid(verdict))
        for wrong in ({"verdict": "maybe"}, {"crash": -1}, {"schema": "kdump-triage/2"}, {"notes": None}, {"surprise": 1}):
            self.assertFalse(VALIDATOR.is_valid(verdict | wrong), wrong)
        for key in verdict:
            self.assertFalse(VALIDATOR.is_valid({name: value for name, value in verdict.items() if name != key}), key)

    def test_the_schema_tells_wrong_cpus(self):
        frame = {"function": "fsnotify", "offset": 475, "size": 2112, "module": None, "file": "fs/notify/fsnotify.c", "line": 591,
                 "address": "0xffffffff8150e1db", "reliable": True, "inline": False, "context": "task"}
        place = {key: frame[key] for key in ("address", "function", "offset", "size", "module", "file", "line")}
        cpu = {"cpu": 0, "pid": 114, "comm": "dd", "state": "running", "crashed": False, "answered": True, "idle": False,
               "in_user": False, "running": 24.1, "clock_behind": 0.0, "others_wait": True, "instruction_pointer": place, "trace": [frame],
               "interrupted": 0, "unwound_by": "ORC", "ends_early": None}
        nothing = {"cpu": None, "pid": None, "comm": None, "state": None, "answered": False, "running": None,
                   "instruction_pointer": None, "trace": [], "unwound_by": None}
        verdict = triage_json(OVERLAYFS)

        def is_valid(cpu):
            return VALIDATOR.is_valid(verdict | {"cpus": [cpu]})

        self.assertTrue(is_valid(cpu))
        self.assertTrue(is_valid(cpu | nothing))
        for wrong in ({"cpu": -1}, {"pid": -1}, {"running": -1}, {"idle": None}, {"trace": None}, {"trace": [{}]}, {"interrupted": None},
                      {"state": 0}, {"surprise": 1}):
            self.assertFalse(is_valid(cpu | wrong), wrong)
        for key in cpu:
            self.assertFalse(is_valid({name: value for name, value in cpu.items() if name != key}), key)
        for wrong in ({"cpus": None}, {"debuginfo": 1}, {"symbols": 1}):
            self.assertFalse(VALIDATOR.is_valid(verdict | wrong), wrong)

    def test_a_line_an_input(self):
        result = run("-f", "json", *LOGS)
        lines = result.stdout.splitlines()
        self.assertEqual(len(lines), len(LOGS))
        self.assertEqual([parse(line)["input"]["path"] for line in lines], [str(log) for log in LOGS])
        for log, line in zip(LOGS, lines):
            self.assertEqual(run("-f", "json", log).stdout, line + b"\n")

    def test_each_line_comes_as_soon_as_it_is_known(self):
        """The second input is a pipe that gives nothing until the first verdict is there."""
        with subprocess.Popen([PROGRAM, "-f", "json", OVERLAYFS, "-", OVERLAYFS], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as process:
            self.assertEqual(parse(process.stdout.readline())["verdict"], "known")
            process.stdin.write(sample("divide-error-6.1.vmcore-dmesg.txt"))
            process.stdin.close()
            self.assertEqual(parse(process.stdout.readline())["verdict"], "unknown")
            self.assertEqual(parse(process.stdout.readline())["verdict"], "known")
            self.assertEqual(process.stdout.read(), b"")
        self.assertEqual(process.returncode, STATUS_OF_VERDICT["unknown"])

    def test_the_same_input_gives_the_same_bytes(self):
        self.assertEqual(run("-f", "json", *LOGS).stdout, run("-f", "json", *LOGS).stdout)

    def test_nothing_is_known_of_a_log_without_a_crash(self):
        verdict = triage_text("[    0.000000] Booting\n")
        self.assertEqual((verdict["verdict"], verdict["crash"], verdict["crashes"], verdict["findings"]), ("no-crash", None, [], []))
        self.assertEqual(verdict["kernel"].pop("cpu_registers"), [])
        self.assertEqual(set(verdict["kernel"].values()), {None})

    def test_a_path_that_is_not_utf_8(self):
        path = os.fsencode(self.directory) + b"/caf\xe9.log"
        with open(path, "wb") as log:
            log.write(OVERLAYFS.read_bytes())
        (verdict,) = verdicts(run("-f", "json", path))
        self.assertTrue(verdict["input"]["path"].endswith(r"/caf\xe9.log"))


class Text(TestCase):
    def on_terminal(self, columns, *arguments):
        terminal, program_s = open_terminal()
        fcntl.ioctl(program_s, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))
        process = subprocess.Popen([PROGRAM, "--color", "never", *arguments], stdout=program_s)
        os.close(program_s)
        output = b""
        try:
            while piece := os.read(terminal, 65536):
                output += piece
        except OSError:
            pass
        process.wait()
        os.close(terminal)
        return output.replace(b"\r\n", b"\n").decode()

    def overlong(self, text, columns):
        """Lines that do not fit, but for words that must stay whole."""
        return [line for line in text.splitlines()
                if len(line) > columns and len(line.split()) > 1 and not re.match(r" +sudo ", line)]

    def test_it_is_as_wide_as_the_terminal(self):
        for columns in (40, 50, 60, 72, 80):
            for log in LOGS[:3]:
                with self.subTest(columns, log=log.name):
                    text = self.on_terminal(columns, log)
                    self.assertEqual(self.overlong(text, columns), [])

    def test_it_is_no_wider_than_good_to_read_and_no_narrower_than_possible(self):
        self.assertLessEqual(max(map(len, self.on_terminal(300, LOGS[1]).splitlines())), 100)
        self.assertEqual(self.on_terminal(10, LOGS[1]), self.on_terminal(40, LOGS[1]))
        self.assertEqual(self.on_terminal(80, LOGS[1]), run(LOGS[1]).text)

    def test_reports_are_apart(self):
        text = run(*LOGS).text
        self.assertEqual(text, "\n".join(run(log).text for log in LOGS))

    def test_it_says_what_the_json_says(self):
        for log in LOGS[:3]:
            crash = deciding(triage_json(log))
            text = re.sub(r"\s+", " ", run(log).text)
            self.assertIn(crash["title"], text)
            self.assertIn(f"{crash['instruction_pointer']['function']}+{crash['instruction_pointer']['offset']:#x}/", text)

    def test_explanations_fit_too(self):
        for columns in (40, 60, 80):
            text = self.on_terminal(columns, "--explain", "fsnotify-mark-connector-race", LOGS[1])
            self.assertEqual(self.overlong(text, columns), [])


class Markdown(TestCase):
    LOG = """[    1.000000] BUG: unable to handle kernel NULL pointer dereference at 0000000000000088 @
[    1.000002] Oops: 0000 [#1] SMP @
[    1.000003] CPU: 1 PID: 7 Comm: rm@dir Tainted: G           OE     4.19.91-22.2.al7.x86_64 #1
[    1.000004] Hardware name: a@b, BIOS 1
[    1.000005] RIP: 0010:_raw_spin_lock+0xc/0x20
[    1.000007] CR2: 0000000000000088 CR3: 00000005e3f74006 CR4: 00000000003606a0
[    1.000008] Call Trace:
[    1.000010]  d_delete+0x2c/0xb0 @
[    1.000011]  vfs_rmdir+0xfd/0x120 @
[    1.000012]  do_rmdir+0x14f/0x1a0 @
"""

    def code_removed(self, text):
        """What is left as markup: the text without fenced blocks and code spans, by CommonMark's rules."""
        text = re.sub(r"(?ms)^ *(`{3,})[^`\n]*\n.*?^ *\1`*$", "", text)
        return re.sub(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", "", text)

    def test_backticks_do_not_end_code(self):
        for attack in ("`", "``", "```", "`````", "` <b> `", "x`y``z```", "\n```\n<script>", "~~~", "``` ```"):
            with self.subTest(attack):
                log = self.LOG.replace("@", attack + " **Owned** <img src=x> [link](http://evil) @everyone #1 " + attack)
                result = run("-f", "markdown", "-", stdin=log.encode())
                assert_safe(result.stdout)
                markup = self.code_removed(result.text)
                for word in ("Owned", "<img", "http://evil", "@everyone", "<script", "<b>"):
                    self.assertNotIn(word, markup)

    def test_the_file_s_name_is_no_markup(self):
        path = self.write("`**Owned** <img src=x> ``", self.LOG)
        self.assertNotIn("Owned", self.code_removed(run("-f", "markdown", path).text))

    def test_headings_come_in_order(self):
        for log in LOGS:
            markup = self.code_removed(run("-f", "markdown", log).text)
            levels = [len(heading) for heading in re.findall(r"(?m)^(#+) ", markup)]
            self.assertEqual(levels[0], 2)
            self.assertEqual(set(levels[1:]) - {3}, set())

    def test_commands_stand_in_blocks(self):
        text = run("-f", "markdown", "-r", "4.19.91-22.2.al7.x86_64", OVERLAYFS).text
        self.assertIn("```sh\n   sudo yum install -y kernel-hotfix-4375449-22.2.al7.x86_64\n   ```\n", text)


if __name__ == "__main__":
    main()
