"""Made-up dumps of many architectures and kernels in every container; dumps that lack something, lie, or are of 1 TiB."""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(os.environ["SOURCE_ROOT"]) / "tests"))

from dumps import containers, kernels, lies, logs, texts
from harness import (KNOWN, NO_CRASH, NOT_KNOWN, TROUBLE, TestCase, assert_safe, deciding, main, parse, run,
                     triage_json, triage_text)
from measure import MEMORY_MOST, measure

SECONDS_MOST = 20

# Of an old x86_64 without virtual addresses in the program headers, only its phys_base in memory says where the kernel is.
PLACELESS = {(name, "elf-qemu") for name in ("x86_64_2_6_32_wrapped", "el7_general_protection", "el7_soft_lockup_wrapped",
                                              "x86_64_4_9")}


def escaped(text):
    """As vmcore-dmesg(8) writes what is neither printable nor blank."""
    return b"".join(bytes([byte]) if 0x20 <= byte < 0x7f or byte in b"\t\n\v\f\r" else b"\\x%02x" % byte for byte in text)


def plain(log):
    """What `kdump-triage dmesg` must print: of the character buffer the bytes themselves, else a line a record."""
    return log.text or b"".join(b"[%5d.%06d] %b\n" % (*divmod(record.time // 1000, 1000000), escaped(record.text))
                                for record in log.records)


class DumpCase(TestCase):
    def write_dump(self, contents):
        """The path of a dump; of a split one that of the first file, the others beside it."""
        if len(contents) == 1:
            return self.write("vmcore", contents[0])
        return [self.write(f"vmcore{i}", content) for i, content in enumerate(contents, 1)][0]

    def dmesg(self, path, status=KNOWN):
        result = run("dmesg", path)
        self.assertEqual(result.status, status, result)
        return result.stdout

    def assert_prints(self, path, log):
        result = run("dmesg", path)
        self.assertEqual(result.stdout.decode("latin-1"), plain(log).decode("latin-1"), result.errors)
        self.assertEqual((result.status, result.errors), (KNOWN, ""))


class Kernels(DumpCase):
    @contextlib.contextmanager
    def dump(self, name, form):
        """A kernel and the path of its dump, for one check."""
        kernel = kernels.made(name)
        with self.subTest(name, form=form):
            yield kernel, self.write_dump(containers.FORMS[form](kernel.machine))
        for path in self.directory.iterdir():
            path.unlink()

    def each(self, forms):
        return [(name, form) for name in kernels.KERNELS for form in forms if (name, form) not in PLACELESS]

    def test_the_log_is_printed_as_it_was_logged(self):
        for name, form in self.each(containers.FORMS):
            with self.dump(name, form) as (kernel, path):
                self.assert_prints(path, kernel.log)

    def test_the_verdict_is_that_on_the_log_s_text(self):
        for name, form in self.each(["elf", "kdump", "split"]):
            with self.dump(name, form) as (kernel, path):
                machine, verdict = kernel.machine, triage_json(path)
                banner = f"[    0.000000] Linux version {machine.release} (made-up) {machine.version}\n".encode()
                expected = triage_text(banner + plain(kernel.log))
                self.assertEqual(self.essence(verdict), self.essence(expected))
                self.assertGreater(len(verdict["crashes"]), 0)

    def essence(self, verdict):
        crashes = [[crash[key] for key in ("title", "fingerprint", "trace")] for crash in verdict["crashes"]]
        findings = [[found[key] for key in ("signature", "symptom", "affected", "remedies")]
                    for found in verdict["findings"]]
        return verdict["verdict"], crashes, findings

    def test_what_the_dump_says_of_the_machine(self):
        for name, form in self.each(["elf", "kdump", "flattened", "split"]):
            with self.dump(name, form) as (kernel, path):
                machine, verdict = kernel.machine, triage_json(path)
                info = dict(line.split("=", 1) for line in machine.info if "=" in line)
                told = verdict["kernel"]
                self.assertEqual([told[key] for key in ("release", "version", "nodename")],
                                 [machine.release, machine.version, machine.nodename])
                self.assertEqual(told["arch"], machine.architecture.name)
                self.assertEqual(told["crash_time"], machine.crash_time)
                self.assertEqual(told["build_id"], info.get("BUILD-ID"))
                offset, expected = told["kaslr_offset"], info.get("KERNELOFFSET")
                self.assertEqual(offset and int(offset, 16), expected and int(expected, 16))
                self.assertEqual(told["cpus"], 2)
                self.assert_registers(told["cpu_registers"], machine)
                self.assertEqual(verdict["input"],
                                 {"path": str(path), "type": "vmcore", "format": kernel.log.format, "incomplete": False,
                                  "dump_format": "elf" if form == "elf" else "kdump-compressed",
                                  "dump_level": None if form == "elf" else 31, "flattened": form == "flattened",
                                  "files": 2 if form == "split" else 1})
                self.assertEqual(verdict["notes"], [])

    def assert_registers(self, told, machine):
        """Every register that is named has the value that it was given; those that matter are named."""
        processes = [None if machine.architecture.name == "s390x" else process for process, _ in machine.cpus]
        self.assertEqual([cpu["pid"] for cpu in told], processes)
        for cpu, (_, registers) in zip(told, machine.cpus):
            self.assertGreater(len(cpu["registers"]), 8)
            for name, value in cpu["registers"].items():
                self.assertIn(name, registers)
                self.assertEqual(int(value, 16), registers[name], name)

    def test_vmcore_dmesg_prints_the_same(self):
        """kexec-tools' program, where it is installed."""
        program = shutil.which("vmcore-dmesg", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
        if not program:
            self.skipTest("there is no vmcore-dmesg here")
        for name, form in self.each(["elf"]):
            with self.dump(name, form) as (kernel, path):
                other = subprocess.run([program, path], stdout=subprocess.PIPE, check=True).stdout
                ours = self.dmesg(path)
                self.assertEqual(ours.decode("latin-1"), other.decode("latin-1"))

    def test_makedumpfile_prints_the_same(self):
        """Where it is installed, of machines that it knows how to read here."""
        program = shutil.which("makedumpfile")
        if not program:
            self.skipTest("there is no makedumpfile here")
        for name, form in self.each(["elf", "kdump"]):
            # It indents the second line of a record, and leaves NUL bytes as they are.
            if not name.startswith(("x86_64", "el7")) or name == "x86_64_6_1_odd":
                continue
            with self.dump(name, form) as (kernel, path):
                printed = self.directory / "dmesg"
                subprocess.run([program, "--dump-dmesg", path, printed], capture_output=True, check=True)
                ours = self.dmesg(path).replace(plain(logs.Log("", [logs.END_MARK])), b"")
                self.assertEqual(ours.decode("latin-1"), printed.read_bytes().decode("latin-1"))

    def test_elf_with_more_program_headers_than_16_bits_count(self):
        kernel = kernels.made("x86_64_6_1")
        self.assert_prints(self.write("vmcore", containers.elf(kernel.machine, many=True)), kernel.log)

    def test_a_32_bit_kernel_in_a_64_bit_dump(self):
        """kexec's default for machines with much memory."""
        kernel = kernels.made("i386_6_1")
        self.assert_prints(self.write("vmcore", containers.elf(kernel.machine, bits=64)), kernel.log)

    def test_versions_of_the_compressed_format(self):
        kernel = kernels.made("x86_64_4_19")
        for version in (3, 4, 5, 6):
            with self.subTest(version):
                self.assert_prints(self.write("vmcore", containers.diskdump(kernel.machine, version=version)), kernel.log)


class Known(DumpCase):
    def test_seed_in_a_dump_of_its_kernel(self):
        """The bug that hit CentOS 7.5: one of its logs, as that kernel keeps it, in each container."""
        for name, symptom in (("el7_general_protection", "oops"), ("el7_soft_lockup_wrapped", "soft lockup")):
            for form in ("elf", "kdump", "flattened", "split"):
                with self.subTest(name, form=form):
                    verdict = triage_json(self.write_dump(containers.FORMS[form](kernels.made(name).machine)))
                    self.assertEqual(verdict["verdict"], "known")
                    finding = verdict["findings"][0]
                    self.assertEqual((finding["signature"], finding["affected"]), ("fsnotify-mark-connector-race", "yes"))
                    self.assertIn(symptom, finding["symptom"])
                    self.assertEqual(verdict["kernel"]["release"], "3.10.0-862.2.3.el7.x86_64")
                    self.assertEqual(verdict["kernel"]["family"], "el7")

    def test_alibaba_cloud_linux(self):
        verdict = triage_json(self.write_dump([containers.diskdump(kernels.made("x86_64_4_19").machine)]))
        self.assertEqual((verdict["verdict"], verdict["findings"][0]["signature"]), ("known", "overlayfs-dentry-leak"))
        self.assertTrue(verdict["findings"][0]["remedies"][0]["command"])

    def test_caller_of_a_record_is_no_part_of_its_text(self):
        verdict = triage_json(self.write_dump([containers.elf(kernels.made("x86_64_5_4_caller").machine)]))
        self.assertEqual(deciding(verdict)["kind"], "null-pointer-dereference")


class WithoutItsNote(DumpCase):
    """VMCOREINFO is missing, or of another kernel."""

    RINGS = ("x86_64_6_1", "x86_64_6_1_wrapped", "i386_6_1", "aarch64_6_1", "s390x_5_14", "ppc64_5_15", "riscv64_6_6")

    def forms(self, kernel, notes, addresses=(True, False)):
        for given in addresses:
            yield f"elf, addresses {given}", containers.elf(kernel.machine, notes=notes, addresses=given)
        yield "kdump", containers.diskdump(kernel.machine, notes=notes)

    def assert_found(self, kernel, content):
        """The whole log, and a note that says how it was found."""
        path = self.write("vmcore", content)
        result = run("dmesg", path)
        self.assertEqual(result.stdout.decode("latin-1"), plain(kernel.log).decode("latin-1"), result.errors)
        self.assertTrue(result.errors.startswith(f"kdump-triage: {path}: "), result)
        verdict = triage_json(path)
        self.assertEqual(verdict["kernel"]["release"], kernel.machine.release)
        self.assertTrue(verdict["notes"])
        return verdict

    def test_the_kernel_s_own_copy_is_found(self):
        for name in self.RINGS:
            kernel = kernels.made(name)
            for form, content in self.forms(kernel, lies.without_note(kernel.machine)):
                with self.subTest(name, form=form):
                    verdict = self.assert_found(kernel, content)
                    self.assertEqual(verdict["input"]["format"], "ring-buffer")

    def test_a_note_of_another_kernel_is_not_believed(self):
        """The crash kernel's, as some tools have written it."""
        kernel, other = kernels.made("x86_64_6_1"), kernels.made("x86_64_5_10")
        notes = kernel.machine.notes(vmcoreinfo=other.machine.vmcoreinfo())
        for form, content in self.forms(kernel, notes):
            with self.subTest(form):
                self.assert_found(kernel, content)

    def test_without_any_copy_the_log_is_searched(self):
        """Nothing but the log's own marks is left."""
        ring = kernels.debian_6_1(texts.stamped("dentry-6.1.vmcore-dmesg.txt")[-200:], 14, keep=False)
        for kernel in (ring, kernels.made("el7_general_protection"), kernels.made("el7_soft_lockup_wrapped"),
                       kernels.made("x86_64_5_4_caller"), kernels.made("x86_64_2_6_32"), kernels.made("s390x_4_18")):
            if kernel.machine.info[0].endswith("5.4.0-150-generic"):
                kernel = lies.fresh("x86_64_5_4_caller")
                pages = kernel.machine.pages
                kernel.machine.pages = {number: page for number, page in pages.items() if b"OSRELEASE" not in page}
            for form, content in self.forms(kernel, lies.without_note(kernel.machine)):
                with self.subTest(kernel.machine.release, form=form):
                    path = self.write("vmcore", content)
                    verdict = triage_json(path)
                    self.assertEqual(verdict["input"]["format"], "searched")
                    self.assertTrue(any("own marks" in note for note in verdict["notes"]), verdict["notes"])
                    expected = triage_json("-", "-r", kernel.machine.release, stdin=plain(kernel.log))
                    self.assertEqual([crash["title"] for crash in verdict["crashes"]],
                                     [crash["title"] for crash in expected["crashes"]])


class Damaged(DumpCase):
    def assert_refused(self, content, *says):
        path = self.write("vmcore", content)
        for arguments in ([], ["-f", "json"]):
            result = run(*arguments, path)
            self.assertEqual((result.status, result.stdout), (TROUBLE, b""), result)
            self.assertTrue(result.errors.startswith(f"kdump-triage: {path}: "), result)
            for word in says:
                self.assertIn(word, result.errors)

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
                        self.assertEqual((result.status, result.stdout), (TROUBLE, b""), result)
                        found = re.match(rf"kdump-triage: {path}: the dump is cut short: {length} of at least (\d+) bytes[;,] ",
                                         result.errors)
                        self.assertTrue(found, result)
                        self.assertTrue(length < int(found[1]) <= len(content), result)
        for length in (5000, 9000):
            result = run(self.write("vmcore", flattened[:length]))
            self.assertIn("/vmcore: the dump is cut short: it ends in the middle of a block, at byte ", result.errors)


class Foreign(DumpCase):
    """Dumps that QEMU wrote, and those of Xen hosts."""

    def test_qemu_does_not_name_the_machine(self):
        """dump/dump.c: "Unknown" for most, "S390X" for one."""
        for name in ("aarch64_6_1", "aarch64_6_1_pages_of_64k", "ppc64_5_15", "ppc64le_4_14", "riscv64_6_6", "s390x_5_14",
                     "x86_64_6_1"):
            kernel = kernels.made(name)
            machine_name = "S390X" if name.startswith("s390x") else "Unknown"
            with self.subTest(name):
                path = self.write("vmcore", containers.diskdump(kernel.machine, machine_name=machine_name))
                self.assert_prints(path, kernel.log)
                self.assertEqual(triage_json(path)["kernel"]["arch"], kernel.machine.architecture.name)

    def test_dump_of_a_xen_host(self):
        """Where our reader finds the kernel, it is taken; else libkdumpfile's, unless that does not find it either."""
        kernel, lost = kernels.made("x86_64_6_1"), lies.fresh("x86_64_6_1")
        lost.machine.info = [line.replace("SYMBOL(swapper_pg_dir)", "GONE").replace("SYMBOL(init_top_pgt)", "GONE")
                             .replace("NUMBER(phys_base)=", "NUMBER(phys_base)=3") for line in lost.machine.info]
        for container in (containers.diskdump, containers.elf):
            for machine, found in ((kernel.machine, True), (lost.machine, False)):
                with self.subTest(container.__name__, found=found):
                    notes = machine.notes() + machine.note("Xen", 0x1000001, bytes(80))
                    result = run("-f", "json", self.write("vmcore", container(machine, notes=notes, **(
                        {"addresses": False} if container is containers.elf else {}))))
                    verdict = parse(result.stdout)
                    self.assertEqual(deciding(verdict)["culprit"], "d_delete")
                    self.assertEqual(any("Xen" in note for note in verdict["notes"]), not found, verdict["notes"])


class Large(DumpCase):
    """A machine with 1 TiB of memory, in files that are nearly all holes."""

    def assert_quick(self, make):
        path = self.directory / "vmcore"
        try:
            kernel = make(path, "x86_64_6_1")
        except OSError as error:
            self.skipTest(f"no file of this size here: {error}")
        measured = measure(["-f", "json", path], SECONDS_MOST)
        self.assertEqual(measured.stderr, b"")
        verdict = parse(measured.stdout)
        self.assertEqual(deciding(verdict)["culprit"], "d_delete")
        self.assertEqual(verdict["kernel"]["release"], kernel.machine.release)
        self.assertLess(measured.memory, MEMORY_MOST)
        return kernel, path

    def test_elf(self):
        self.assert_quick(lies.large_elf)

    def test_compressed(self):
        kernel, path = self.assert_quick(lies.large_diskdump)
        self.assert_prints(path, kernel.log)

    def test_elf_searched(self):
        """Without VMCOREINFO: holes need not be read to be searched."""
        path = self.directory / "vmcore"
        try:
            lies.large_elf(path, "x86_64_6_1")
        except OSError as error:
            self.skipTest(f"no file of this size here: {error}")
        content = path.open("rb").read(65536)
        at = content.find(b"VMCOREINFO\0")
        with path.open("r+b") as file:
            file.seek(at)
            file.write(b"NOTHING\0\0\0\0")
        measured = measure(["-f", "json", path], SECONDS_MOST * 3)
        verdict = parse(measured.stdout)
        self.assertEqual(deciding(verdict)["culprit"], "d_delete")
        self.assertLess(measured.memory, MEMORY_MOST)


if __name__ == "__main__":
    main()
