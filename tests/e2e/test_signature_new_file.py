"""signature new: hostile inputs, and where the signature goes."""

import os
import pathlib
import re
import resource
import subprocess
import unittest

from harness import PROGRAM, TROUBLE, main, run, triage_json
from new_signatures import DIVIDE, OOPS, OPCODE, PANIC, NewCase, log, symptom


class Hostile(NewCase):
    WORDS = ["\x1b[31mred\x07", "*/ /*", "a: b", "- a", "{x: [y", "# no comment", "&anchor *alias", "!tag", "|", "> ", "'", '"', "%TAG",
             "@ ` ?", "\\", "é\u202e\u2028\x85", "(unclosed", "[a-", "a{9999999}", "\\Q..\\E $ ^", "..."]

    def test_function_names(self):
        """What is no symbol is no frame: nothing of it comes into the file."""
        for word in self.WORDS:
            with self.subTest(word):
                path = self.write("hostile", log(OOPS, [word, f"b{word}", "good", "fine"], comm=word, function="foo"))
                text = self.new_file("hostile", path)
                self.assertEqual(symptom(text)["instruction_pointer"], "foo")
                self.assertIn("good", symptom(text)["trace"])
                (self.directory / "signatures" / "hostile.yaml").unlink()

    def test_names_that_yaml_takes_for_something_else(self):
        path = self.write("yaml", log(OOPS, ["null", "true", ".inf", "$x", "off"], function="no"))
        clauses = symptom(self.new_file("yaml", path))
        self.assertEqual((clauses["instruction_pointer"], clauses["trace"]), ('"no"', '["null", "true", inf, "$x"]'))

    def test_reasons(self):
        for word in self.WORDS:
            with self.subTest(word):
                path = self.write("hostile", log(PANIC, reason=f"x {word} 12 0xdeadbeef"))
                text = self.new_file("hostile", path)
                self.assertTrue(text.replace(str(self.directory), "").isascii(), text)
                (self.directory / "signatures" / "hostile.yaml").unlink()
                # Another boot of the same bug has other numbers.
                self.write("hostile", log(PANIC, reason=f"x {word} 7 0xffff8880"))
                self.write("signatures/hostile.yaml", text)
                self.assertEqual(triage_json(path, "-s", self.directory / "signatures")["verdict"], "known")
                (self.directory / "signatures" / "hostile.yaml").unlink()

    def test_reason_of_bytes(self):
        path = self.write("bytes", log(PANIC, reason="BYTES").encode().replace(b"BYTES", b"\xff\xfe\x80\xed\xa0\x80 (" + b"[" * 3000))
        text = self.new_file("bytes", path)
        self.assertLess(len(text), 4000)

    def test_places(self):
        for name in ("line\nend: x\n", "return\rx", "sep\u2028arator", "next\x85line", "esc\x1b[31m", "# x", "ü", b"\xff\xfe".decode(errors="surrogateescape")):
            with self.subTest(name):
                path = self.directory / name
                path.write_text(log(OOPS, ["a", "b"]))
                text = self.new_file("places", path)
                self.assertEqual(len(re.findall(r"^[^#\n]", text, re.M)), len(re.findall(r"^(?:id|title|symptoms|  )", text, re.M)), text)
                if name == "ü":
                    self.assertIn(f"#   {path}\n", text)
                (self.directory / "signatures" / "places.yaml").unlink()

    def test_deep_and_repeating_traces(self):
        names = [f"f{i % 7}" for i in range(1000)]
        one, other = self.write("one", log(OOPS, names)), self.write("other", log(OOPS, names[3:]))
        self.assertEqual(symptom(self.new_file("deep", one, other))["trace"], "[f3, f4, f5, f6, f0, f1]")

    def test_too_many_inputs(self):
        self.refuse(*["-"] * 201, says="201 inputs are too many: at most 200 are read")


class Output(NewCase):
    def test_existing_file(self):
        path = self.write("mine.yaml", "precious\n")
        path.chmod(0o640)
        self.refuse("-o", path, DIVIDE, says=f"{path}: exists already; --force overwrites it")
        self.assertEqual(path.read_text(), "precious\n")
        self.new("-o", path, "--force", DIVIDE)
        self.assertIn("\nid: mine\n", path.read_text())
        self.assertEqual(path.stat().st_mode & 0o777, 0o640)
        self.assertEqual(list(self.directory.iterdir()), [path])

    def test_existing_file_stays_when_nothing_is_written(self):
        path = self.write("mine.yaml", "precious\n")
        self.refuse("-o", path, "--force", DIVIDE, OPCODE, says="neither the kind")
        self.assertEqual(path.read_text(), "precious\n")

    def test_mode_of_a_new_file(self):
        path = self.directory / "mine.yaml"
        self.new("-o", path, DIVIDE, preexec_fn=lambda: os.umask(0o027))
        self.assertEqual(path.stat().st_mode & 0o777, 0o640)

    def test_links(self):
        target = self.write("target.yaml", "precious\n")
        link = self.directory / "link.yaml"
        link.symlink_to("target.yaml")
        self.refuse("-o", link, DIVIDE, says="exists already")
        self.new("-o", link, "--force", DIVIDE)
        self.assertTrue(link.is_symlink())
        self.assertIn("\nid: link\n", target.read_text())
        link.unlink()
        link.symlink_to("nowhere")
        self.refuse("-o", link, DIVIDE, says="exists already")
        self.refuse("-o", link, "--force", DIVIDE, says="cannot write: No such file or directory")

    def test_file_that_comes_to_be_meanwhile(self):
        path = self.directory / "mine.yaml"
        with subprocess.Popen([PROGRAM, "signature", "new", "-o", path, "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            # By then it has looked at the path: it reads from the pipe, which holds less than that.
            process.stdin.write(DIVIDE.read_bytes() + b"quiet\n" * 50000)
            process.stdin.flush()
            path.write_text("precious\n")
            errors = process.communicate()[1].decode()
        self.assertEqual(process.returncode, TROUBLE)
        self.assertIn(f"{path}: exists already", errors)
        self.assertEqual(path.read_text(), "precious\n")
        self.assertEqual(list(self.directory.iterdir()), [path])

    def test_directory_that_cannot_be_written(self):
        self.refuse("-o", self.directory / "none" / "x.yaml", DIVIDE, says="cannot write into its directory: No such file or directory")
        self.refuse("-o", self.write("file", "") / "x.yaml", DIVIDE, says="cannot write: Not a directory")
        self.refuse("-o", "/proc/x.yaml", DIVIDE, says="/proc/x.yaml: cannot write into its directory: ")
        self.refuse("-o", self.directory, DIVIDE, says="a directory, where the name of a file was expected")
        self.refuse("-o", "", DIVIDE, says="the name of the file to write is empty")

    def test_directory_without_permission(self):
        if os.geteuid() == 0:
            raise unittest.SkipTest("root may write everywhere")
        closed = self.directory / "closed"
        closed.mkdir(mode=0o555)
        self.refuse("-o", closed / "x.yaml", DIVIDE, says="cannot write into its directory: Permission denied")

    def test_full_disk(self):
        self.refuse("-o", "/dev/full", DIVIDE, says="/dev/full: cannot write: No space left on device")
        self.refuse("-o", "/dev/full", "--force", DIVIDE, says="/dev/full: cannot write: No space left on device")
        self.assertTrue(pathlib.Path("/dev/full").is_char_device())
        with open("/dev/full", "w") as full:
            result = run("signature", "new", DIVIDE, stdout=full)
        self.assertEqual(result.status, TROUBLE)
        self.assertIn("standard output: cannot write: No space left on device", result.errors)

    def test_disk_that_gets_full_halfway(self):
        old = self.write("old.yaml", "precious\n")
        limit = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)), "restore_signals": False}
        self.refuse("-o", self.directory / "new.yaml", DIVIDE, says="new.yaml: cannot write: File too large", **limit)
        self.refuse("-o", old, "--force", DIVIDE, says="old.yaml: cannot write: File too large", **limit)
        self.assertEqual(old.read_text(), "precious\n")

    def test_devices_and_pipes(self):
        self.new("-o", "/dev/null", DIVIDE)
        text = self.new("-o", "-", DIVIDE).text
        self.assertEqual(self.new("-o", "/dev/stdout", DIVIDE).text, text)
        self.assertEqual(self.new(DIVIDE).text, text)


if __name__ == "__main__":
    main()
