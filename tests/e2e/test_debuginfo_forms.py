"""
The forms that debuginfo comes in: sections that are compressed, by zlib and by zstd; what several files share moved to one of its
own, by dwz. Of a tiny vmlinux, linked as a kernel is, and a log of its crash.
"""

import os
import re
import shutil
import subprocess

from harness import TROUBLE, TestCase, deciding, main, parse, run

RELEASE = "6.1.0-1-test"
STRUCTURES = 60

# What is inlined is shared by both files, as are enough types to be worth it.
HEADER = "\n".join(
    ["#define NEVER_INLINED __attribute__((noinline, noclone, used))"] +
    [f"struct member_of_nothing_{i} {{ struct member_of_nothing_{i} *next; unsigned long first_{i}, second_{i}[{i + 1}]; }};"
     for i in range(STRUCTURES)] +
    ["struct all_of_them {"] + [f"struct member_of_nothing_{i} one_{i};" for i in range(STRUCTURES)] + ["};"] +
    ["static inline __attribute__((always_inline)) unsigned long shared_inlined(struct all_of_them *all, unsigned long n)",
     "{",
     "    for (unsigned long i = 0; i < n; i++)",
     "        all->one_7.second_7[i & 7] += all->one_8.first_8 * i;",
     "    return all->one_9.first_9;",
     "}"])
SOURCE = """
#include "shared.h"
const char linux_banner[] = "Linux version %(release)s (nobody@nowhere) #1 SMP";
struct all_of_them everything;
volatile unsigned long result;
NEVER_INLINED void %(function)s(unsigned long n) { result = n; result = shared_inlined(&everything, n); result = n + 1; }
void _start(void) { %(function)s(12); }
"""
LOG = """\
[    6.052280] BUG: unable to handle page fault for address: ffffea0000000008
[    6.052281] Oops: 0002 [#1] SMP
[    6.052282] CPU: 1 PID: 77 Comm: rmdir Not tainted %(release)s #1
[    6.052283] RIP: 0010:%(place)s
[    6.052284] Call Trace:
[    6.052285]  <TASK>
[    6.052286]  %(place)s
[    6.052287]  </TASK>
[    6.052288] ---[ end trace 0000000000000000 ]---
"""


class Forms(TestCase):
    def setUp(self):
        super().setUp()
        for program in ("gcc", "objcopy", "addr2line", "readelf"):
            if not shutil.which(program):
                self.skipTest(f"no {program} here")
        self.vmlinux = self.build("vmlinux", "d_delete", "-gdwarf-5")
        self.log = self.directory / "log.txt"
        self.know_place()

    def run_in(self, *arguments):
        return subprocess.run(arguments, cwd=self.directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True).stdout

    def build(self, name, function, version):
        (self.directory / "shared.h").write_text(HEADER)
        (self.directory / f"{name}.c").write_text(SOURCE % {"release": RELEASE, "function": function})
        model = ["-mcmodel=kernel"] if os.uname().machine == "x86_64" else []
        self.run_in("gcc", version, "-O2", *model, "-ffreestanding", "-nostdlib", "-static", "-no-pie", "-fno-pic",
                    "-Wl,--build-id=sha1", "-Wl,-Ttext-segment=0xffffffff81000000", "-o", name, f"{name}.c")
        return self.directory / name

    def know_place(self):
        """A place within the inlined function, and its source as binutils tells it."""
        row, = (line.split() for line in self.run_in("readelf", "-sW", self.vmlinux).splitlines() if line.endswith(" d_delete"))
        start, size = int(row[1], 16), int(row[2])
        for offset in range(size):
            said = self.run_in("addr2line", "-f", "-i", "-e", self.vmlinux, hex(start + offset)).splitlines()
            if said[0] == "shared_inlined":
                break
        self.expected = [(function, *re.search(r"([^/]+):(\d+)", where).groups()) for function, where in zip(said[::2], said[1::2])]
        self.assertEqual(len(self.expected), 2, said)
        self.log.write_text(LOG % {"release": RELEASE, "place": f"d_delete+{offset:#x}/{size:#x}"})

    def look(self, path, status=None):
        result = run("-f", "json", "--debuginfo", path, self.log, environment={"TMPDIR": str(self.directory)})
        self.assertEqual(result.status == TROUBLE, status == TROUBLE, result)
        return parse(result.text), result.errors

    def places(self, verdict):
        crash = deciding(verdict)
        return [(one["function"], one["file"] and os.path.basename(one["file"]), one["line"] and str(one["line"]))
                for one in [*crash["inlined"], crash["instruction_pointer"]]]

    def test_what_is_none_is_called_what_it_is(self):
        for content, words in ((b"\x1f\x8b\x08", "it is compressed: unpack it first"), (b"", "it is empty"), (b"MZ\x90\0", "boot image"),
                               (b"KDUMP   \x06\0", "it is a dump"), (b"abc", "it is none")):
            with self.subTest(content=content):
                path = self.directory / "none"
                path.write_bytes(content)
                result = run("-f", "json", "--debuginfo", path, self.log)
                self.assertEqual(result.status, TROUBLE, result)
                self.assertRegex(result.errors, f"none: expected a vmlinux, an ELF file: .*{words}")

    def test_as_it_is(self):
        self.assertEqual(self.places(self.look(self.vmlinux)[0]), self.expected)

    def compress(self, kind):
        compressed = self.directory / f"vmlinux.{kind}"
        done = subprocess.run(["objcopy", f"--compress-debug-sections={kind}", self.vmlinux, compressed], stderr=subprocess.PIPE, text=True)
        if done.returncode or "warning" in done.stderr:
            self.skipTest(f"objcopy does not know {kind} here")
        self.assertIn(kind.removesuffix("-gabi").upper(), self.run_in("readelf", "-t", compressed))
        return compressed

    def test_compressed_by_zlib(self):
        self.assertEqual(self.places(self.look(self.compress("zlib"))[0]), self.expected)

    def test_compressed_by_zstd(self):
        before = sorted(self.directory.iterdir())
        compressed = self.compress("zstd")
        self.assertEqual(self.places(self.look(compressed)[0]), self.expected)
        self.assertEqual(sorted(self.directory.iterdir()), sorted([*before, compressed])) # nothing is left behind

    def section(self, path, name):
        """Where a section's header says that it lies: offset and size."""
        row = re.search(rf"\] {re.escape(name)} +\S+ +\S+ (\S+) (\S+)", self.run_in("readelf", "-SW", path))
        return int(row[1], 16), int(row[2], 16)

    def test_compressed_sections_that_lie_are_refused(self):
        compressed = self.compress("zstd")
        content = compressed.read_bytes()
        offset, size = self.section(compressed, ".debug_info")
        claimed = int.from_bytes(content[offset + 8:offset + 16], "little")
        for claim, words in ((claimed - 1, "more than the"), (claimed + 1, f"has {claimed} bytes, it claims {claimed + 1}"),
                             (1 << 40, "larger than 4 GiB"), ((1 << 64) - 1, "larger than 4 GiB"), (5 << 30, "larger than 4 GiB"), (0, "more than the")):
            with self.subTest(claim=claim):
                compressed.write_bytes(content[:offset + 8] + claim.to_bytes(8, "little") + content[offset + 16:])
                verdict, errors = self.look(compressed, TROUBLE)
                self.assertIn(words, errors)
                self.assertIn(str(compressed), errors)
        for at, bad in ((offset + 24, b"\0\0\0\0"), (offset + size // 2, b"\xff" * 16), (offset + size - 4, b"\xff" * 4)):
            with self.subTest(at=at - offset):
                compressed.write_bytes(content[:at] + bad + content[at + len(bad):])
                self.assertTrue(self.look(compressed, run_status(self, compressed))[0]["verdict"])

    def share(self, *options):
        """vmlinux after dwz, and the file that has what it shares with another."""
        if not shutil.which("dwz"):
            self.skipTest("no dwz here")
        for version in ("-gdwarf-5", "-gdwarf-4"):
            self.build("vmlinux", "d_delete", version)
            self.build("second", "other", version)
            said = self.run_in("dwz", "-m", "shared.debug", *options, "vmlinux", "second")
            if (self.directory / "shared.debug").exists():
                self.assertIn("gnu_debugaltlink", self.run_in("readelf", "-SW", "vmlinux"))
                return self.vmlinux, self.directory / "shared.debug"
        self.fail(said)

    def build_id(self, path):
        return re.search(r"Build ID: (\w+)", self.run_in("readelf", "-n", path))[1]

    def test_what_is_shared_is_found(self):
        vmlinux, shared = self.share("-M", "/usr/lib/debug/.dwz/x86_64-linux-gnu/test.debug")
        build_id = self.build_id(shared)
        for place in ("usr/lib/debug/.dwz/x86_64-linux-gnu/test.debug", "test.debug",
                      f"usr/lib/debug/.build-id/{build_id[:2]}/{build_id[2:]}.debug", f".build-id/{build_id[:2]}/{build_id[2:]}.debug"):
            with self.subTest(place=place):
                root = self.directory / f"root-{place.replace('/', '_')}"
                (root / place).parent.mkdir(parents=True)
                shutil.copyfile(vmlinux, root / "vmlinux")
                shutil.copyfile(shared, root / place)
                verdict, _ = self.look(root)
                self.assertEqual(self.places(verdict), self.expected)
                self.assertEqual([note for note in verdict["notes"] if "shares" in note], [])

    def test_what_is_shared_is_found_beside_the_file(self):
        vmlinux, shared = self.share("-r")
        self.assertEqual(self.places(self.look(vmlinux)[0]), self.expected)
        self.run_in("objcopy", "--compress-debug-sections=zstd", shared)
        self.assertEqual(self.places(self.look(vmlinux)[0]), self.expected)

    def test_what_is_shared_in_a_form_that_cannot_be_read_is_told_of(self):
        if not shutil.which("dwz"):
            self.skipTest("no dwz here")
        self.build("second", "other", "-gdwarf-5")
        self.run_in("dwz", "--dwarf-5", "-m", "shared.debug", "vmlinux", "second")
        if "debug_sup" not in self.run_in("readelf", "-SW", "vmlinux"):
            self.skipTest("dwz makes no .debug_sup here")
        verdict, _ = self.look(self.vmlinux)
        self.assertEqual(self.places(verdict), [("d_delete", None, None)])
        self.assertTrue(any("dwz --dwarf-5" in note for note in verdict["notes"]), verdict["notes"])

    def test_what_is_shared_and_not_here_is_told_of_and_nothing_told_by_half(self):
        vmlinux, shared = self.share("-r")
        build_id = self.build_id(shared)
        content = shared.read_bytes()
        shared.unlink()
        verdict, _ = self.look(vmlinux)
        self.assertEqual(self.places(verdict), [("d_delete", None, None)])
        note, = (note for note in verdict["notes"] if "shares debuginfo" in note)
        for word in (str(vmlinux), "shared.debug", build_id, "not here"):
            self.assertIn(word, note)
        other = bytes.fromhex(build_id)
        self.assertIn(other, content)
        shared.write_bytes(content.replace(other, bytes(len(other))))
        verdict, _ = self.look(vmlinux)
        self.assertEqual(self.places(verdict), [("d_delete", None, None)])
        note, = (note for note in verdict["notes"] if "shares debuginfo" in note)
        self.assertIn(f"{shared} is of another build", note)


def run_status(test, path):
    """What the program makes of damage: it may go unseen."""
    return run("--debuginfo", path, test.log).status


if __name__ == "__main__":
    main()
