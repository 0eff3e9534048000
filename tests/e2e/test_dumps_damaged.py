"""Made-up dumps that are cut, damaged, lie about themselves, or claim logs without an end."""

import os
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(os.environ["SOURCE_ROOT"]) / "tests"))

from dump_case import DumpCase, plain
from dumps import containers, endless, kernels, lies, variants
from harness import (KNOWN, NO_CRASH, NOT_KNOWN, SANITIZED, TROUBLE, assert_safe, deciding, main, parse, run,
                     triage_json)
from measure import MEMORY_MOST, measure

SECONDS_MOST = 20
ERROR_MOST = 399        # bytes of a struct error's message: a longer one was cut


class Damaged(DumpCase):
    def assert_refused(self, content, *says):
        path = self.write("vmcore", content)
        for arguments in ([], ["-f", "json"]):
            result = run(*arguments, path)
            self.assert_facts_at_most(result)
            self.assertTrue(result.errors.startswith(f"kdump-triage: {path}: "), result)
            for word in says:
                self.assertIn(word, result.errors)

    def assert_facts_at_most(self, result):
        """Without a log there is no crash to tell of, but perhaps a machine."""
        self.assertEqual(result.status, TROUBLE, result)
        if result.text.startswith("{"):
            verdict = parse(result.stdout)
            self.assertEqual((verdict["verdict"], verdict["crashes"], verdict["input"]["incomplete"], verdict["input"]["format"]),
                             ("no-crash", [], True, None))
            self.assertTrue(verdict["kernel"]["release"] or verdict["kernel"]["cpus"], verdict)
        elif result.text:
            self.assertIn(": no crash found (the input could be read only in part) The dump ", " ".join(result.text.split()))

    def test_a_dump_that_is_cut_before_its_log_tells_of_its_machine(self):
        kernel = kernels.made("x86_64_6_1")
        path = self.write("vmcore", containers.diskdump(kernel.machine)[:16384])
        for given in (path, self.directory):
            result = run("-f", "json", given)
            self.assert_facts_at_most(result)
            said = parse(result.stdout)["kernel"]
            self.assertEqual((said["release"], said["nodename"]), ("6.1.0-56-cloud-amd64", "made-up"))
            self.assertIn("the dump is cut short", result.errors)
            self.assertIn("\n  machine        made-up, x86_64, ", run(given).text)

    def test_no_more_than_a_beginning(self):
        kernel = kernels.made("x86_64_6_1")
        elf, dump = containers.elf(kernel.machine), containers.diskdump(kernel.machine)
        flattened = containers.flatten(dump)
        for name, content in (("no byte", b""), ("ELF header", elf[:64]), ("half an ELF header", elf[:40]),
                              ("ELF, program headers", elf[:150]), ("half a header", dump[:300]), ("header", dump[:464]),
                              ("header's block", dump[:4096]), ("sub header", dump[:4200]), ("bitmaps", dump[:16384]),
                              ("flattened", flattened[:4096]), ("flattened, half a header", flattened[:20]),
                              ("flattened, half of a block's head", flattened[:4104])):
            with self.subTest(name):
                self.assert_refused(content)

    def assert_only_what_was_logged(self, printed, lines):
        """In order, and nothing made up but for a line that the cut went through."""
        self.assertLessEqual(set(printed[:-1]), set(lines))
        kept = set(printed)
        self.assertEqual([line for line in printed if line in set(lines)], [line for line in lines if line in kept])

    def test_cut_in_the_middle_of_the_log(self):
        """What lies before the cut is triaged, and the verdict says that there was more."""
        for name in ("x86_64_5_10", "x86_64_4_19", "x86_64_2_6_32", "aarch64_6_1"):
            kernel = kernels.made(name)
            with self.subTest(name):
                path = self.write("vmcore", lies.elf_cut_in_log(name))
                result = run("dmesg", path)
                lines, printed = plain(kernel.log).splitlines(), result.stdout.splitlines()
                self.assertGreater(len(printed), 0.45 * len(lines), result)
                self.assert_only_what_was_logged(printed, lines)
                self.assertEqual(result.status, TROUBLE)
                self.assertIn("cut short", result.errors)
                result = run("-f", "json", path)
                if result.stdout:
                    verdict = parse(result.stdout)
                    self.assertTrue(verdict["input"]["incomplete"])
                    self.assertTrue(any("cut short" in note for note in verdict["notes"]), verdict["notes"])
                else:
                    self.assertEqual(result.status, TROUBLE)

    def test_cut_in_the_middle_of_a_page(self):
        """What of the page lies before the cut is read, where the page is not packed."""
        for name in ("x86_64_5_10", "x86_64_4_19"):
            kernel = kernels.made(name)
            lines = plain(kernel.log).splitlines()
            for share in (0.5, 0.52, 0.54):
                with self.subTest(name, share=share):
                    printed = self.dmesg(self.write("vmcore", lies.diskdump_cut_in_log(name, share)), TROUBLE).splitlines()
                    self.assertGreater(len(printed), (share - 0.02) * len(lines))
                    self.assert_only_what_was_logged(printed, lines)

    def test_cut_so_that_nothing_leads_to_the_log(self):
        """The log lies before what would say where it is: what is found by searching is never made up."""
        kernel = kernels.made("x86_64_6_1")
        result = run("dmesg", self.write("vmcore", lies.elf_cut_in_log("x86_64_6_1", 0.7)))
        self.assert_only_what_was_logged(result.stdout.splitlines(), plain(kernel.log).splitlines())
        self.assertEqual(result.status, TROUBLE)

    def test_records_around_a_page_that_does_not_unpack(self):
        """Every record outside of that page is there, in order, and the loss is told."""
        for name in ("x86_64_6_1", "x86_64_4_19", "x86_64_5_10", "riscv64_6_6", "el7_general_protection", "x86_64_2_6_32"):
            kernel = lies.fresh(name)
            with self.subTest(name):
                share = 0.1 if name == "x86_64_2_6_32" else 0.4
                result = run("dmesg", self.write("vmcore", lies.diskdump_with_broken_page(name, share)))
                lines, printed = plain(kernel.log).splitlines(), result.stdout.splitlines()
                self.assertEqual(result.status, TROUBLE)
                self.assertTrue(result.errors)
                if name == "x86_64_2_6_32":
                    continue    # all of its log is in that page
                self.assert_only_what_was_logged(printed, lines)
                # A page holds about 70 records; the last record is far from it.
                self.assertGreater(len(printed), len(lines) - 75)
                self.assertEqual(lines[-1], printed[-1])

    def test_headers_that_lie(self):
        """Each gives a verdict or a clear error; none takes long, or much memory."""
        for kind, made in (("elf", lies.elf_lies()), ("kdump", lies.diskdump_lies())):
            paths = {str(self.write(f"{kind}-{i}", content)): name for i, (name, content) in enumerate(made.items())}
            measured = measure(["-f", "json", *paths], SECONDS_MOST * 3)
            self.assertIn(measured.status, (KNOWN, NOT_KNOWN, TROUBLE, NO_CRASH), measured)
            self.assertLess(measured.memory, MEMORY_MOST)
            assert_safe(measured.stderr)
            told = {verdict["input"]["path"]: verdict for verdict in map(parse, measured.stdout.splitlines())}
            for path, name in paths.items():
                with self.subTest(kind, says=name):
                    self.assertTrue(path in told or f"kdump-triage: {path}: ".encode() in measured.stderr)

    def test_incomplete_by_its_own_word(self):
        """makedumpfile ran out of space: it sets a flag in the header (ENOSPC)."""
        kernel = kernels.made("x86_64_6_1")
        path = self.write("vmcore", containers.diskdump(kernel.machine, status=containers.ZLIB | containers.INCOMPLETE))
        verdict = triage_json(path)
        self.assertTrue(verdict["input"]["incomplete"])
        self.assertEqual(deciding(verdict)["culprit"], "d_delete")

    def test_makedumpfile_was_killed(self):
        """No flag says so, and its file ends where the pages do that it came to."""
        for name in ("x86_64_6_1", "x86_64_5_10", "s390x_5_14"):
            kernel = kernels.made(name)
            for share in (0.2, 0.9):
                with self.subTest(name, share=share):
                    result = run("-f", "json", self.write("vmcore", lies.diskdump_unfinished(kernel, share)))
                    if not result.stdout:       # the log is in what was not written
                        self.assertEqual(result.status, TROUBLE)
                        continue
                    verdict = parse(result.stdout)
                    self.assertTrue(verdict["input"]["incomplete"])
                    self.assertTrue(any("did not finish" in note for note in verdict["notes"]), verdict["notes"])

    def test_a_file_of_a_split_dump_is_missing(self):
        parts, told = containers.split(kernels.made("x86_64_6_1").machine), 0
        for i in (0, 1):
            with self.subTest(i):
                path = self.write("vmcore1", parts[i])
                result = run("-f", "json", path)
                if not result.stdout:
                    self.assertEqual(result.status, TROUBLE)
                    continue
                told += 1
                verdict = parse(result.stdout)
                self.assertTrue(verdict["input"]["incomplete"])
                self.assertIn("The dump is incomplete: files of the split set are missing; those that are there: vmcore1; no other "
                              "file beside is called 'vmcore' and a number.", verdict["notes"])
                self.assertTrue(any("split set with the memory from physical" in note for note in verdict["notes"]), verdict["notes"])
        self.assertTrue(told)

    def test_files_beside_a_split_dump(self):
        """It is said which are not of it, and why; which numbers are left out; and where nothing could be looked for."""
        parts, whole = containers.split(kernels.made("x86_64_6_1").machine), containers.diskdump(kernels.made("x86_64_5_10").machine)
        for i, content in enumerate((parts[1], whole, b"[    1.000000] A log\n"), 1):
            path = self.write(f"vmcore{i}", content)
        notes = self.split_notes(self.directory / "vmcore1")
        self.assertIn("those that are there: vmcore1; no files of the set: vmcore2 (it is of another dump: their headers differ), "
                      "vmcore3 (it is a kernel log).", notes)
        path.unlink()
        (self.directory / "vmcore2").unlink()
        (self.directory / "vmcore1").rename(self.directory / "part")
        self.assertIn("those that are there: part; others beside it were not looked for, as its name ends in no number.",
                      self.split_notes(self.directory / "part"))

    def split_notes(self, path):
        return " ".join(parse(run("-f", "json", path).stdout)["notes"])

    def test_cut_is_told_first(self):
        """Before what could not be read for it: how much there is, and how much there should be."""
        kernel = kernels.made("x86_64_6_1")
        elf, dump = containers.elf(kernel.machine), containers.diskdump(kernel.machine)
        flattened = containers.flatten(dump)
        for name, content, least in (("elf", elf, 150), ("kdump", dump, 5000)):
            for length in (40, least, least + 3000):
                with self.subTest(name, length=length):
                    path = self.write("vmcore", content[:length])
                    for arguments in ([], ["dmesg"]):
                        result = run(*arguments, path)
                        self.assert_facts_at_most(result)
                        self.assertTrue(not arguments or not result.stdout)
                        found = re.match(rf"kdump-triage: {path}: the dump is cut short: {length} of at least (\d+) bytes[;,] ",
                                         result.errors)
                        self.assertTrue(found, result)
                        self.assertTrue(length < int(found[1]) <= len(content), result)
        for length in (5000, 9000):
            result = run(self.write("vmcore", flattened[:length]))
            self.assertIn("/vmcore: the dump is cut short: it ends in the middle of a block, at byte ", result.errors)


class Incomplete(DumpCase):
    """What is missing is told, and why."""

    def assert_told(self, content, *says):
        path = self.write("vmcore", content)
        verdict = triage_json(path)
        self.assertTrue(verdict["input"]["incomplete"])
        for word in says:
            self.assertTrue(any(word in note for note in verdict["notes"]), verdict["notes"])
        self.assertIn("The dump is incomplete", run("dmesg", path).errors)
        return verdict

    def test_elf_by_its_own_word(self):
        """makedumpfile -E ran out of space: DUMP_ELF_INCOMPLETE in e_flags."""
        for name in ("x86_64_6_1", "i386_6_1", "s390x_5_14"):
            with self.subTest(name):
                self.assert_told(containers.elf(kernels.made(name).machine, flags=1),
                                 "its header says that not all pages could be written")

    def test_notes_behind_the_cut(self):
        """That a dump has no VMCOREINFO is not said where nobody can know."""
        machine = kernels.made("x86_64_6_1").machine
        elf, dump = containers.Elf(machine), containers.Diskdump(machine)
        in_order = containers.flatten_pieces(dump)
        for name, content in (("elf, within the notes", elf.bytes()[:elf.notes_at + 700]),
                              ("elf, before the notes", elf.bytes()[:elf.notes_at - 10]),
                              ("kdump, within the notes", dump.bytes()[:dump.notes_at + 700]),
                              ("flattened, within the notes", in_order[:4096 + 16 + 464 + 16 + 700]),
                              ("flattened, behind the notes", in_order[:4096 + 16 + 464 + 16 + len(dump.notes) + 16])):
            with self.subTest(name):
                result = run(self.write("vmcore", content))
                self.assertEqual(result.status, TROUBLE)
                self.assertIn("the dump is cut short: ", result.errors)
                self.assertIn("VMCOREINFO is missing: ", result.errors)
                self.assertNotIn("has no VMCOREINFO", result.errors)

    def test_which_file_of_a_set(self):
        parts = containers.split(kernels.made("x86_64_6_1").machine, 3)
        for which in range(3):
            with self.subTest(which):
                for i, part in enumerate(parts):
                    self.write(f"vmcore{i + 1}", part[:-3000] if i == which else part)
                result = run("-f", "json", self.directory / "vmcore1")
                told = result.errors + "".join(parse(result.stdout)["notes"] if result.stdout else [])
                self.assertRegex(told, rf"cut short: (vmcore{which + 1}|file {which + 1} of 3) (has|ends at)")

    def test_a_page_of_a_file_of_a_set(self):
        """Errors on memory name the file that it is in."""
        kernel = lies.fresh("x86_64_6_1")
        parts = containers.split(kernel.machine, store=lambda number: False)
        for i, part in enumerate(parts, 1):
            made = containers.Diskdump(kernel.machine, store=lambda number: False)
            made.bytes()
            at, length = made.places[lies.place_in_log(kernel, 0.4) // kernel.machine.page]
            packed = made.bytes()[at:at + length]
            self.write(f"vmcore{i}", part.replace(packed, b"\xa5" * length))
        broken = next(i for i, part in enumerate(parts, 1) if (self.directory / f"vmcore{i}").read_bytes() != part)
        result = run("dmesg", self.directory / "vmcore1")
        self.assertRegex(result.errors, rf"records could not be read: (vmcore{broken}|file {broken} of 2): page at physical")


class Flattened(DumpCase):
    """makedumpfile -F."""

    def test_holes_of_makedumpfile(self):
        """It seeks over what fills up the blocks of the headers and of the bitmaps: nothing is missing."""
        for name in ("x86_64_6_1", "s390x_4_18", "aarch64_6_1_pages_of_64k"):
            with self.subTest(name):
                kernel = kernels.made(name)
                path = self.write("vmcore", containers.flatten_pieces(containers.Diskdump(kernel.machine)))
                self.assert_prints(path, kernel.log)
                self.assertFalse(triage_json(path)["input"]["incomplete"])

    def test_a_block_in_another_place(self):
        """Whatever block it is, what it should hold is not taken for zeros."""
        for container in (containers.diskdump, containers.elf):
            flattened = containers.flatten(container(kernels.made("x86_64_6_1_wrapped").machine), block=3000, out_of_order=False)
            heads = range(4096, len(flattened) - 16, 3016)
            for at in heads:
                with self.subTest(container.__name__, at=at):
                    path = self.write("vmcore", lies.patched(flattened, (at, (2**31).to_bytes(8, "big"))))
                    result = run("-f", "json", path)
                    if not result.stdout:
                        self.assertEqual(result.status, TROUBLE)
                        continue
                    verdict = parse(result.stdout)
                    self.assertTrue(verdict["input"]["incomplete"])
                    self.assertTrue(any("in no block of the flattened file" in note for note in verdict["notes"]),
                                    verdict["notes"])
                    self.assertNotEqual(result.status, NO_CRASH)

    def test_page_tables_in_another_place(self):
        """Of 121 lines, the 50 that do not need the missing ones were printed as if they were all."""
        result = run("dmesg", self.write("vmcore", variants.variant("ring-flattened", 5317462)[0]))
        self.assertEqual(result.status, TROUBLE)
        self.assertIn("The dump is incomplete: bytes 36000 to 38999 of it are in no block of the flattened file", result.errors)


class Endless(DumpCase):
    """A few KiB that claim gigabytes."""

    def assert_quick(self, content, *arguments):
        measured = measure([*arguments, self.write("dump.core", content)], 60)
        self.assertIn(measured.status, (KNOWN, NOT_KNOWN, TROUBLE, NO_CRASH), measured)
        self.assertLess(measured.seconds, 15 if SANITIZED else 1)
        self.assertLess(measured.memory, MEMORY_MOST)
        return measured

    def test_logs_that_go_on_for_ever(self):
        for form in endless.CLAIMS:
            for page in endless.PAGES:
                for claimed in (0, lies.TIB):
                    with self.subTest(form, page=page, claimed=claimed):
                        content = endless.dump(form, page, claimed)
                        self.assertLess(len(content), 128 * 1024)
                        self.assert_quick(content, "-f", "json")
                        measured = self.assert_quick(content, "dmesg")
                        self.assertTrue(measured.stderr)
                        self.assertLess(len(measured.stdout), 16 << 20)

    def test_page_tables_that_do_not_unpack(self):
        """Each page of the log asks for them anew."""
        for form in endless.CLAIMS:
            with self.subTest(form):
                self.assert_quick(endless.broken_diskdump(form), "-f", "json")

    def test_variants_that_took_long(self):
        """A table that does not unpack, asked for 360,000 times; 65,535 section headers, looked through for each page."""
        for name, number in (("records-kdump", 783664), ("characters-elf", 4534967)):
            with self.subTest(name):
                self.assert_quick(variants.variant(name, number)[0], "-f", "json")


class Errors(DumpCase):
    def test_are_whole_sentences(self):
        """None is cut by the room that there is for it, and none says the same twice."""
        made = {**lies.elf_lies(), **lies.diskdump_lies()}
        made |= {f"{name} {i}": variants.variant(name, i)[0] for name in variants.TARGETS for i in range(40)}
        made |= {f"cut at {share}": lies.elf_cut_in_log("x86_64_4_19", share) for share in (0.2, 0.5, 0.9)}
        kernel = kernels.made("x86_64_6_1")
        made |= {f"unfinished {share}": lies.diskdump_unfinished(kernel, share) for share in (0.1, 0.2, 0.4, 0.6)}
        for name, content in made.items():
            path = self.write("dump.core", content)
            for line in run(path).errors.splitlines():
                with self.subTest(name, says=line):
                    said = line.removeprefix(f"kdump-triage: {path}: ")
                    self.assertLess(len(said), ERROR_MOST)
                    clauses = [clause for clause in re.split("[;:] ", said) if len(clause) > 20]
                    self.assertEqual(len(clauses), len(set(clauses)))


if __name__ == "__main__":
    main()
