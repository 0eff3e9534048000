"""Made-up dumps of many architectures and kernels in every container; without their notes; of 1 TiB."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(os.environ["SOURCE_ROOT"]) / "tests"))

from dump_case import DumpCase, plain
from dumps import containers, kernels, lies, logs, texts
from harness import deciding, main, parse, run, triage_json, triage_text
from measure import MEMORY_MOST, measure

SECONDS_MOST = 20

# Of an old x86_64 without virtual addresses in the program headers, only its phys_base in memory says where the kernel is.
PLACELESS = {(name, "elf-qemu") for name in ("x86_64_2_6_32_wrapped", "el7_general_protection", "el7_soft_lockup_wrapped",
                                              "x86_64_4_9")}


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

    def test_short_logs_are_found_as_well(self):
        """They end in the page of memory where they begin, or in the next."""
        for name in ("x86_64_3_5", "x86_64_4_9", "aarch64_4_18", "x86_64_2_6_32"):
            kernel = kernels.made(name)
            for form, content in self.forms(kernel, lies.without_note(kernel.machine)):
                with self.subTest(name, form=form):
                    result = run("dmesg", self.write("vmcore", content))
                    self.assertEqual(result.stdout.decode("latin-1"), plain(kernel.log).decode("latin-1"), result.errors)
                    self.assertIn("found in memory by its own marks", result.errors)


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
