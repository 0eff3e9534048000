"""
Source lines of places in modules, out of a real dump and its log: which file is taken for a module's debuginfo, which is not, and
that the lines are those of addr2line. Of the first kernel of KDUMP_TEST_KERNELS, of which a guest dies with overlayfs in its trace.
"""

import os
import pathlib
import random
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import dumps
from harness import TROUBLE, TestCase, deciding, main, parse, run
from test_kdump import DIRECTORY, KERNELS
from test_stacks import dump

KERNEL = KERNELS[0]


def lines(trace, module="overlay"):
    """Of each place in the module: function, whether it is inlined, file, line."""
    return [(frame["function"], frame["inline"], frame["file"], frame["line"]) for frame in trace if frame["module"] == module]


class ModuleLines(TestCase):
    def setUp(self):
        super().setUp()
        if SKIPPED:
            self.skipTest(SKIPPED)
        self.module = next(VMLINUX.parents[4].glob("usr/lib/debug/**/overlay.ko*"))
        self.release = dumps.release(DIRECTORY, KERNEL)
        self.dump = dump("overlay")
        self.log = self.dump.parent / dumps.LOG

    def look(self, path, *debuginfo, status=None):
        options = [word for one in debuginfo for word in ("--debuginfo", one)]
        result = run("-f", "json", "--stacks", "crashed", *options, path)
        if status is None:
            self.assertNotEqual(result.status, TROUBLE, result)
        else:
            self.assertEqual(result.status, status, result)
        return parse(result.text), result.errors

    def by_addr2line(self):
        """The place of the trace that lies in the module, as binutils tells it: what lines() is to give."""
        place, = re.findall(r"^\[[ .\d]*\]  (\w+)\+(0x\w+)/0x\w+ \[overlay\]$", self.log.read_text(), re.MULTILINE)
        symbols = subprocess.run(["readelf", "-sW", self.module], stdout=subprocess.PIPE, text=True, check=True).stdout
        start, = (int(line.split()[1], 16) for line in symbols.splitlines() if line.endswith(f" {place[0]}"))
        said = subprocess.run(["addr2line", "-f", "-i", "-j", ".text", "-e", self.module, hex(start + int(place[1], 16) - 1)],
                              stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
        found = []
        for function, where in zip(said[::2], said[1::2]):
            file, line = where.split(" ")[0].rsplit(":", 1)
            found.append((function, True, re.sub(r"^.*/(fs/|include/)", r"\1", file), int(line)))
        found[-1] = (found[-1][0], False, *found[-1][2:])
        return found

    def lay(self, below, module=None):
        """The module's file, where Debian's and Fedora's packages have it below a directory; and the vmlinux."""
        path = below / "usr/lib/debug/lib/modules" / self.release / "kernel/fs/overlayfs" / (module or self.module).name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(module or self.module, path)
        (path.parents[3] / "vmlinux").unlink(missing_ok=True)
        os.symlink(VMLINUX, path.parents[3] / "vmlinux")
        return path

    def debug_only(self):
        """As Fedora has it: what is loaded is left out."""
        path = self.directory / "overlay.ko.debug"
        subprocess.run(["objcopy", "--only-keep-debug", self.module, path], check=True)
        return path

    def other_build(self, path, old, new):
        content = path.read_bytes()
        self.assertIn(old, content)
        path.write_bytes(content.replace(old, new))

    def build_id(self):
        said = subprocess.run(["readelf", "-n", self.module], stdout=subprocess.PIPE, text=True, check=True).stdout
        return re.search(r"Build ID: (\w+)", said)[1]

    def test_places_in_a_module_have_the_lines_that_addr2line_gives(self):
        expected = self.by_addr2line()
        self.assertGreater(len(expected), 1)
        for path in (self.dump, self.log):
            for debuginfo in (VMLINUX, VMLINUX.parents[4]):
                with self.subTest(path=path.name, debuginfo=debuginfo):
                    verdict, _ = self.look(path, debuginfo)
                    self.assertEqual(lines(deciding(verdict)["trace"]), expected)
                    for cpu in verdict["cpus"]:
                        self.assertTrue(lines(cpu["trace"]) == expected or not cpu["crashed"], cpu)
        self.assertEqual([cpu["crashed"] for cpu in self.look(self.dump, VMLINUX)[0]["cpus"]], [True])

    def test_a_module_is_found_where_distributions_have_it(self):
        expected = self.by_addr2line()
        build_id = self.build_id()
        by_id = pathlib.Path("usr/lib/debug/.build-id") / build_id[:2] / f"{build_id[2:]}.debug"
        for name, file in (("lib/modules/{}/kernel/overlay.ko", self.module),
                           ("usr/lib/debug/lib/modules/{}/kernel/fs/overlay.ko.debug", self.debug_only()),
                           ("usr/lib/debug/usr/lib/modules/{}/updates/overlay.ko.debug", self.debug_only()),
                           (str(by_id), self.debug_only()), (str(by_id).removeprefix("usr/lib/debug/"), self.module),
                           ("deep/in/a/build/overlay.ko", self.module)):
            with self.subTest(name=name):
                root = self.directory / name.replace("/", "_")
                path = root / name.format(self.release)
                path.parent.mkdir(parents=True)
                os.symlink(VMLINUX, root / "vmlinux")
                shutil.copyfile(file, path)
                verdict, _ = self.look(self.dump, root)
                self.assertEqual(lines(deciding(verdict)["trace"]), expected)
                self.assertEqual([note for note in verdict["notes"] if "overlay" in note], [])

    def test_a_module_that_is_named_needs_no_vmlinux(self):
        for path in (self.dump, self.log):
            for module in (self.module, self.debug_only() if path == self.dump else self.module):
                with self.subTest(path=path.name, module=module):
                    verdict, _ = self.look(path, module)
                    self.assertEqual(lines(deciding(verdict)["trace"]), self.by_addr2line())
                    self.assertIsNone(verdict["debuginfo"])
        verdict, _ = self.look(self.dump, self.module, VMLINUX)
        self.assertIn(("vfs_rmdir", "fs/namei.c"), [(frame["function"], frame["file"]) for frame in deciding(verdict)["trace"]])
        self.assertEqual(lines(deciding(verdict)["trace"]), self.by_addr2line())

    def test_debuginfo_of_modules_changes_no_verdict(self):
        without, with_it = self.look(self.dump)[0], self.look(self.dump, VMLINUX)[0]
        for key in ("culprit", "fingerprint", "title"):
            self.assertEqual(deciding(with_it)[key], deciding(without)[key], key)
        frames = [frame for frame in deciding(with_it)["trace"] if not frame["inline"]]
        self.assertEqual([frame["address"] for frame in frames], [frame["address"] for frame in deciding(without)["trace"]])

    def test_another_build_that_lies_about_is_passed_over_and_one_that_is_named_an_error(self):
        build_id = self.build_id()
        other = "00010203" + build_id[8:]
        path = self.lay(self.directory)
        self.other_build(path, bytes.fromhex(build_id), bytes.fromhex(other))
        verdict, _ = self.look(self.dump, self.directory)
        self.assertEqual([frame[2] for frame in lines(deciding(verdict)["trace"])], [None])
        note, = (note for note in verdict["notes"] if "overlay.ko" in note)
        for word in (str(path), "was passed over: of another build", other, build_id):
            self.assertIn(word, note)
        verdict, errors = self.look(self.dump, VMLINUX, path, status=TROUBLE)
        self.assertEqual([frame[2] for frame in lines(deciding(verdict)["trace"])], [None])
        self.assertEqual(verdict["debuginfo"], str(VMLINUX))
        for word in (str(path), "of another build", other, build_id):
            self.assertIn(word, errors)

    def test_without_a_build_id_the_release_of_the_file_must_be_that_of_the_log(self):
        path = self.lay(self.directory)
        verdict, _ = self.look(self.log, self.directory)
        self.assertEqual(lines(deciding(verdict)["trace"]), self.by_addr2line())
        self.assertTrue(any("overlay.ko was checked by its release alone" in note for note in verdict["notes"]), verdict["notes"])
        other = self.release.replace("6.1", "6.2")
        self.other_build(path, b"vermagic=" + self.release.encode(), b"vermagic=" + other.encode())
        verdict, _ = self.look(self.log, self.directory)
        self.assertEqual([frame[2] for frame in lines(deciding(verdict)["trace"])], [None])
        self.assertTrue(any(f"of another kernel: it is for {other}" in note for note in verdict["notes"]), verdict["notes"])
        _, errors = self.look(self.log, path, status=TROUBLE)
        self.assertIn(f"of another kernel: it is for {other}", errors)

    def test_without_build_id_and_vermagic_only_the_directory_tells(self):
        debug = self.debug_only()
        self.lay(self.directory / "root", debug)
        verdict, _ = self.look(self.log, self.directory / "root")
        self.assertEqual(lines(deciding(verdict)["trace"]), self.by_addr2line())
        self.assertTrue(any("by its directory alone" in note for note in verdict["notes"]), verdict["notes"])
        _, errors = self.look(self.log, debug, status=TROUBLE)
        self.assertIn(f"does not lie in a directory called {self.release}", errors)

    def test_compressed_sections_are_read(self):
        for kind in ("zlib", "zstd"):
            with self.subTest(kind=kind):
                path = self.directory / kind / "overlay.ko"
                path.parent.mkdir()
                done = subprocess.run(["objcopy", f"--compress-debug-sections={kind}", self.module, path], stderr=subprocess.PIPE)
                if done.returncode:
                    self.skipTest(f"objcopy does not know {kind} here")
                verdict, _ = self.look(self.dump, path)
                self.assertEqual(lines(deciding(verdict)["trace"]), self.by_addr2line())

    def test_of_two_builds_that_fit_alike_none_is_taken(self):
        path = self.lay(self.directory)
        second = path.parents[2] / "updates" / "overlay.ko"
        second.parent.mkdir()
        shutil.copyfile(path, second)
        verdict, _ = self.look(self.log, self.directory)
        self.assertEqual(lines(deciding(verdict)["trace"]), self.by_addr2line())
        self.other_build(second, bytes.fromhex(self.build_id()), bytes(20))
        verdict, _ = self.look(self.log, self.directory)
        self.assertEqual([frame[2] for frame in lines(deciding(verdict)["trace"])], [None])
        self.assertTrue(any("nothing tells which of them is the module overlay" in note for note in verdict["notes"]))
        # The dump tells which.
        verdict, _ = self.look(self.dump, self.directory)
        self.assertEqual(lines(deciding(verdict)["trace"]), self.by_addr2line())

    def test_what_is_loaded_has_no_debuginfo_and_is_no_news(self):
        path = self.lay(self.directory)
        subprocess.run(["objcopy", "--strip-debug", path], check=True)
        verdict, _ = self.look(self.dump, self.directory)
        self.assertEqual([note for note in verdict["notes"] if "overlay" in note], [])
        _, errors = self.look(self.dump, path, status=TROUBLE)
        self.assertIn("no debuginfo", errors)

    def test_what_is_named_and_no_module_is_an_error(self):
        text = self.directory / "text.ko"
        text.write_text("this is no module\n" * 100)
        program = self.directory / "program.ko"
        shutil.copyfile("/bin/true", program)
        for path, words in ((text, "an ELF file"), (program, "a relocatable ELF file"), (self.directory / "no.ko", "No such file")):
            with self.subTest(path=path.name):
                _, errors = self.look(self.dump, path, status=TROUBLE)
                self.assertIn(str(path), errors)
                self.assertIn(words, errors)

    def test_no_damage_makes_it_falter(self):
        content = self.module.read_bytes()
        damaged = self.directory / "overlay.ko"
        chance = random.Random(1)
        for turn in range(60):
            with self.subTest(turn=turn):
                if turn < 10:
                    damaged.write_bytes(content[:len(content) * turn // 10])
                else:
                    bad = bytearray(content)
                    # Anywhere; in the section headers; in the notes and what is loaded.
                    low, high = ((0, len(bad)), (len(bad) - 70 * 64, len(bad)), (0, 0x24000))[turn % 3]
                    for _ in range(40):
                        bad[chance.randrange(low, high)] = chance.randrange(256)
                    damaged.write_bytes(bad)
                verdict = parse(run("-f", "json", "--debuginfo", damaged, self.log).text)
                self.assertEqual(verdict["verdict"], "similar")


if __name__ == "__main__":
    SKIPPED, VMLINUX = dumps.prepare(DIRECTORY, KERNEL, "lines of modules", with_debuginfo=True)
    main()
