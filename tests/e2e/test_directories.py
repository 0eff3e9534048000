"""Crash directories as the distributions' kdump scripts leave them, and dumps that are compressed as a whole."""

import bz2
import gzip
import lzma
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

from harness import KNOWN, NOT_KNOWN, SIGNATURES, TROUBLE, TestCase, deciding, main, run, sample, triage_json, verdicts

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from dumps import containers, kernels    # noqa: E402

# Two crashes, so that what is found tells where it was read.
LOG, LOG_KIND = sample("overlayfs-dentry-leak.console.log").removesuffix(b"\n") + b"\n", "null-pointer-dereference"
MACHINE, DUMP_KIND = kernels.made("el7_general_protection").machine, "general-protection-fault"
DUMPS = {"elf": containers.elf(MACHINE), "kdump": containers.diskdump(MACHINE),
         "flattened": containers.flatten(containers.diskdump(MACHINE))}
DUMP = DUMPS["kdump"]
SAVING_LOG = """\
[Mon Jun  5 12:00:01 2023] Linux version 5.14.0-284.11.1.el9_2.x86_64 (the crash kernel's own log, synthetic)
[Mon Jun  5 12:00:02 2023] BUG: unable to handle kernel paging request at ffff899600000000
Jun 05 12:00:05 localhost kdump[530]: saving to /kdumproot/var/crash/127.0.0.1-2023-06-05-12:00:05/
Jun 05 12:00:07 localhost kdump.sh[540]: Can't write the dump file(/kdumproot/var/crash/vmcore-incomplete). No space left on device
Jun 05 12:00:07 localhost kdump.sh[540]: makedumpfile Failed.
Jun 05 12:00:07 localhost kdump[545]: saving vmcore failed, exitcode:1
"""
FULL = ("Saving the dump failed, there was no space left where it went: \"kdump.sh[540]: Can't write the dump "
        "file(/kdumproot/var/crash/vmcore-incomplete). No space left on device\".")


def run_as_nobody(*arguments):
    """Runs the program as somebody whom files' modes bind: root may read everything."""
    options = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    try:
        return run("-s", SIGNATURES, *arguments, **options)
    except PermissionError as error:
        raise unittest.SkipTest(f"nobody may not run the program: {error}") from error


class Directories(TestCase):
    def make(self, **files):
        """A crash directory of these files: "__" stands for "-", "_" for "."."""
        directory = self.directory / "crash"
        shutil.rmtree(directory, ignore_errors=True)
        for name, content in files.items():
            self.write("crash/" + name.replace("__", "-").replace("_", "."), content)
        return directory

    def assert_read(self, directory, name, kind=None):
        """Triage reads that file; gives the verdict."""
        verdict = triage_json(directory)
        self.assertEqual(verdict["input"]["path"], str(directory))
        self.assertIn(f"Read from {directory / name}.", verdict["notes"])
        self.assertEqual(deciding(verdict)["kind"], kind or (LOG_KIND if "dmesg" in name else DUMP_KIND))
        self.assertEqual(verdict["input"]["type"], "log" if "dmesg" in name else "vmcore")
        return verdict

    def assert_refused(self, path, says):
        result = run(path)
        self.assertEqual((result.status, result.stdout), (TROUBLE, b""), result)
        self.assertIn(says, result.errors)

    def test_rhel(self):
        self.assert_read(self.make(vmcore=DUMP, vmcore__dmesg_txt=LOG, kexec__dmesg_log=SAVING_LOG), "vmcore-dmesg.txt")
        self.assert_read(self.make(vmcore=DUMP, kexec__dmesg_log=SAVING_LOG), "vmcore")
        self.assert_read(self.make(vmcore_flat=DUMPS["flattened"]), "vmcore.flat")

    def test_debian(self):
        self.assert_read(self.make(dump_202306051200=DUMP, dmesg_202306051200=LOG), "dmesg.202306051200")
        self.assert_read(self.make(dump_202306051200=DUMP), "dump.202306051200")
        self.assert_read(self.make(dump_202306051200_gz=gzip.compress(DUMP)), "dump.202306051200.gz")

    def test_suse(self):
        self.assert_read(self.make(vmcore=DUMPS["elf"], dmesg_txt=LOG, README_txt="Kernel crashdump\n"), "dmesg.txt")
        self.assert_read(self.make(vmcore=DUMPS["elf"], README_txt="Kernel crashdump\n"), "vmcore")

    def test_split_dump(self):
        one, two = containers.split(MACHINE)
        verdict = self.assert_read(self.make(vmcore1=one, vmcore2=two, README_txt="Kernel crashdump\n"), "vmcore1")
        self.assertEqual(verdict["input"]["files"], 2)

    def test_dump_where_the_log_is_not_whole(self):
        broken = {"it ends in the middle of a line": LOG[:len(LOG) // 2] + b"[  100.", "it is empty": b"",
                  "it ends in zeros, where nothing was written": LOG[:4096] + bytes(4096)}
        for why, log in broken.items():
            with self.subTest(why):
                directory = self.make(vmcore=DUMP, vmcore__dmesg_txt=log)
                verdict = self.assert_read(directory, "vmcore")
                self.assertIn(f"The log {directory}/vmcore-dmesg.txt is not whole, so that of the dump was read: {why}.", verdict["notes"])
        self.assert_read(self.make(vmcore=DUMP, vmcore__dmesg__incomplete_txt=LOG), "vmcore")

    def test_broken_log_where_there_is_nothing_else(self):
        log = LOG.removesuffix(b"\n")
        self.assert_read(self.make(vmcore__dmesg__incomplete_txt=log), "vmcore-dmesg-incomplete.txt")
        self.assert_read(self.make(vmcore__dmesg_txt=log, vmcore=b"KDUMP   " + bytes(5000)), "vmcore-dmesg.txt")
        directory = self.make(vmcore__dmesg_txt=log, vmcore=b"")
        verdict = self.assert_read(directory, "vmcore-dmesg.txt")
        self.assertIn(f"The log {directory}/vmcore-dmesg.txt is not whole: it ends in the middle of a line.", verdict["notes"])

    def test_unreadable_dump_beside_a_whole_log(self):
        verdict = self.assert_read(self.make(vmcore__dmesg_txt=LOG, vmcore=b"KDUMP   " + bytes(5000)), "vmcore-dmesg.txt")
        self.assertTrue([note for note in verdict["notes"] if "/vmcore could not be read: " in note], verdict["notes"])

    def test_latest_of_several(self):
        directory = self.make(dump_202306051200=b"KDUMP   ", dmesg_202306051200=LOG, dump_202306060900=DUMP)
        self.assert_read(directory, "dump.202306060900")

    def test_why_saving_failed(self):
        verdict = self.assert_read(self.make(vmcore__dmesg_txt=LOG, vmcore__incomplete=DUMP[:len(DUMP) // 2],
                                             kexec__dmesg_log=SAVING_LOG), "vmcore-dmesg.txt")
        self.assertIn(FULL, verdict["notes"])
        verdict = self.assert_read(self.make(vmcore__dmesg_txt=LOG, kexec__dmesg_log=SAVING_LOG), "vmcore-dmesg.txt")
        self.assertIn(FULL, verdict["notes"])
        self.assert_refused(self.make(kexec__dmesg_log=SAVING_LOG),
                            "a crash directory without log or dump. " + FULL.removesuffix("."))

    def test_saving_did_not_fail_where_the_dump_is_whole(self):
        verdict = self.assert_read(self.make(vmcore__dmesg_txt=LOG, vmcore=DUMP, kexec__dmesg_log=SAVING_LOG), "vmcore-dmesg.txt")
        self.assertNotIn(FULL, verdict["notes"])

    def test_hostile_saving_log(self):
        line = b"\033]0;owned\a\033[2J\xff\xfe\0 makedumpfile Failed. " + b"\x9b" * 1000 + b"\n"
        self.assert_read(self.make(vmcore__dmesg_txt=LOG, kexec__dmesg_log=line * 3000), "vmcore-dmesg.txt")

    def test_only_regular_files_are_opened(self):
        directory = self.make(dmesg_txt=LOG)
        for name in ("vmcore", "vmcore-dmesg.txt", "kexec-dmesg.log"):
            os.mkfifo(directory / name)
        self.assert_read(directory, "dmesg.txt")
        (directory / "dmesg.txt").unlink()
        self.assert_refused(directory, "a directory without a crash in it, for this is none: vmcore (not a regular file)\n")

    def test_directory_of_crash_directories(self):
        for name in ("127.0.0.1-2023-06-05-12:00:05", "127.0.0.1-2023-06-06-09:00:00", "hostile \033[2J\n"):
            self.write(f"crashes/{name}/vmcore-dmesg.txt", LOG)
        self.write("crashes/linux-image-6.1.0-202306051200.crash", "ProblemType: KernelCrash\n")
        crashes = self.directory / "crashes"
        self.assert_refused(crashes, "a directory of crash directories, none itself; give one of them, or several: ")
        self.assert_refused(crashes, "127.0.0.1-2023-06-06-09:00:00, 127.0.0.1-2023-06-05-12:00:05")

    def test_link_that_leads_nowhere(self):
        directory = self.make()
        directory.mkdir()
        (directory / "vmcore").symlink_to("/nowhere/vmcore")
        self.assert_refused(directory, "for this is none: vmcore (a symbolic link to /nowhere/vmcore, which does not exist)\n")
        self.write("crash/vmcore-dmesg.txt", LOG)
        verdict = self.assert_read(directory, "vmcore-dmesg.txt")
        self.assertIn("Not read: vmcore (a symbolic link to /nowhere/vmcore, which does not exist).", verdict["notes"])

    def assert_refused_to_nobody(self, path, *says):
        self.directory.chmod(0o755)
        result = run_as_nobody(path)
        self.assertEqual((result.status, result.stdout), (TROUBLE, b""), result)
        for part in says:
            self.assertIn(part, result.errors)

    def test_files_that_may_not_be_read(self):
        directory = self.make(vmcore__dmesg_txt=LOG)
        (directory / "vmcore-dmesg.txt").chmod(0)
        self.assert_refused_to_nobody(directory, "a crash directory of which the log, vmcore-dmesg.txt, cannot be opened: Permission denied\n")
        self.write("crash/vmcore", DUMP).chmod(0)
        self.assert_refused_to_nobody(directory, "a crash directory of which neither the log, vmcore-dmesg.txt (Permission denied), "
                                                 "nor the dump, vmcore (Permission denied), can be opened\n")
        (directory / "vmcore-dmesg.txt").unlink()
        self.assert_refused_to_nobody(directory, "a crash directory of which the dump, vmcore, cannot be opened: Permission denied\n")
        (directory / "vmcore").chmod(0o644)
        self.assertEqual(run_as_nobody(directory).status, KNOWN)

    def test_directories_that_may_not_be_read(self):
        self.write("crashes/202306051200/vmcore-dmesg.txt", LOG)
        crashes = self.directory / "crashes"
        (crashes / "202306051200").chmod(0)
        self.assert_refused_to_nobody(crashes, "a directory without a crash in it that could be seen; the directory 202306051200 in it "
                                               "cannot be read: Permission denied\n")
        self.write("crashes/202306051300/vmcore-dmesg.txt", LOG)
        self.assert_refused_to_nobody(crashes, "a directory of crash directories, none itself; give one of them, or several: "
                                               "202306051300; the directory 202306051200 in it cannot be read: Permission denied\n")
        (crashes / "202306051300").chmod(0)
        self.assert_refused_to_nobody(crashes, "cannot be read: Permission denied, nor can 1 more\n")
        crashes.chmod(0o444)    # names may be read, and nothing else
        self.write("crashes/vmcore", DUMP)
        self.assert_refused_to_nobody(crashes, "for this is none: vmcore (cannot open: Permission denied)\n")
        crashes.chmod(0)
        self.assert_refused_to_nobody(crashes, "cannot read the directory: Permission denied\n")

    def test_zeros(self):
        """Space that was reserved, and nothing came: told at once, and not for a log's unwritten beginning."""
        path = self.write("vmcore", b"")
        for size in (100, 1 << 20, 1 << 40):
            os.truncate(path, size)
            for arguments in ([], ["dmesg"]):
                result = run(*arguments, path, timeout=20)
                self.assertEqual((result.status, result.stdout), (TROUBLE, b""))
                self.assertEqual(result.errors, f"kdump-triage: {path}: it holds zeros only: nothing was ever written to it\n")
        path.write_bytes(bytes(200000))
        self.assertIn("it holds zeros only", run(path).errors)
        path.write_bytes(bytes(200000) + LOG)
        self.assertEqual(triage_json(path)["verdict"], "known")

    def test_compressed_parts_of_a_split_dump(self):
        """Each by itself: the parts beside are found, with any name that ends in numbers, and in a crash directory."""
        for names in (("s.1.gz", "s.2.gz"), ("vmcore1.gz", "vmcore2.gz")):
            directory = self.make()
            for name, part in zip(names, containers.split(MACHINE)):
                self.write(f"crash/{name}", gzip.compress(part))
            for given in [directory / names[0], directory / names[1]] + ([directory] if names[0].startswith("vmcore") else []):
                verdict = triage_json(given, environment={"TMPDIR": str(self.directory)})
                self.assertEqual((verdict["verdict"], verdict["input"]["files"]), ("known", 2), given)

    def test_a_log_cut_in_the_first_bytes_of_a_dump(self):
        for content in (b"KDUM", b"KDUMP  ", b"makedumpfi", b"\177ELF", b"\177ELF\2\1\1" + bytes(9)):
            result = run(self.write("vmcore", content))
            self.assertEqual((result.status, result.stdout), (TROUBLE, b""), content)
            self.assertIn("cut short", result.errors)

    def test_directory_without_a_crash(self):
        self.assert_refused(self.make(messages=LOG), "a directory without a crash in it: expected vmcore-dmesg.txt, dmesg.txt or "
                                                     "dmesg.TIME, or a dump: vmcore or dump.TIME")

    def test_dmesg_of_a_directory(self):
        """It prints the dump's log, whatever lies beside."""
        directory = self.make(vmcore=DUMP, vmcore__dmesg_txt=LOG)
        self.assertEqual(run("dmesg", directory).stdout, run("dmesg", directory / "vmcore").stdout)
        self.assertEqual(run("dmesg", self.make(vmcore__dmesg_txt=LOG)).status, TROUBLE)


def zstd(content):
    if not shutil.which("zstd"):
        raise unittest.SkipTest("no zstd here")
    return subprocess.run(["zstd", "-q"], input=content, stdout=subprocess.PIPE, check=True).stdout


PACKINGS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress, "zstd": zstd}
BY_HAND = {"gzip": "gunzip FILE", "bzip2": "bunzip2 FILE", "xz": "xz -d FILE", "zstd": "unzstd FILE"}


class CompressedDumps(TestCase):
    def setUp(self):
        super().setUp()
        self.temporary = self.directory / "temporary"
        self.temporary.mkdir()
        self.environment = {"TMPDIR": str(self.temporary)}

    def notice(self, packing, size):
        return f"The dump is compressed ({packing}): unpacked to a temporary file in {self.temporary}, {size} bytes."

    def test_each_packing_of_each_container(self):
        for container, content in DUMPS.items():
            plain = triage_json(self.write("vmcore", content))
            for packing, pack in PACKINGS.items():
                with self.subTest(f"{container} {packing}"):
                    verdict = triage_json(self.write("packed", pack(content)), environment=self.environment)
                    self.assertEqual(verdict["crashes"], plain["crashes"])
                    self.assertEqual(verdict["kernel"], plain["kernel"])
                    self.assertIn(self.notice(packing, len(content)), verdict["notes"])
                    self.assertEqual(list(self.temporary.iterdir()), [])

    def test_through_a_pipe(self):
        verdict = triage_json("-", stdin=gzip.compress(DUMP), environment=self.environment)
        self.assertEqual(deciding(verdict)["kind"], DUMP_KIND)
        self.assertIn(self.notice("gzip", len(DUMP)), verdict["notes"])

    def test_dmesg(self):
        plain = run("dmesg", self.write("vmcore", DUMP))
        packed = run("dmesg", self.write("vmcore.gz", gzip.compress(DUMP)), environment=self.environment)
        self.assertEqual((packed.status, packed.stdout), (plain.status, plain.stdout))

    def test_compressed_log_goes_on_as_a_log(self):
        verdict = triage_json(self.write("log.gz", gzip.compress(LOG)), environment={"TMPDIR": "/nowhere"})
        self.assertEqual((verdict["input"]["type"], deciding(verdict)["kind"]), ("log", LOG_KIND))

    def test_no_room_for_it(self):
        for packing, pack in PACKINGS.items():
            with self.subTest(packing):
                result = run(self.write("packed", pack(DUMP)), environment={"TMPDIR": "/nowhere"})
                self.assertEqual(result.status, TROUBLE)
                self.assertIn(f"a dump in {packing} data, which cannot be unpacked to /nowhere: No such file or directory; set TMPDIR "
                              f"to a directory with room, or unpack it with '{BY_HAND[packing]}', then give the dump", result.errors)

    def test_data_that_is_cut(self):
        """What could be unpacked is used: the log of this dump lies in front of where it ends, or it does not."""
        content = DUMPS["elf"] + os.urandom(1000000)
        packed = gzip.compress(content)
        result = run("-f", "json", self.write("cut.gz", packed[:-400000]), environment=self.environment)
        (verdict,) = verdicts(result)
        self.assertEqual(deciding(verdict)["kind"], DUMP_KIND)
        self.assertTrue(verdict["input"]["incomplete"])
        self.assertTrue([note for note in verdict["notes"] if note.startswith("The dump is incomplete: cut short, as the compressed "
                         "file is: the gzip data end too early, behind byte ")], verdict["notes"])
        for share in (0.01, 0.1, 0.5, 0.9):
            with self.subTest(share):
                packed = gzip.compress(DUMP)
                result = run(self.write("cut.gz", packed[:int(len(packed) * share)]), environment=self.environment)
                self.assertIn(result.status, (KNOWN, NOT_KNOWN, TROUBLE))

    def test_data_that_is_cut_before_the_log(self):
        """The cut is what the user must know of, before what came of it."""
        content = DUMP[:5000] + os.urandom(400000)
        for packing, pack in PACKINGS.items():
            with self.subTest(packing):
                result = run(self.write("cut", pack(content)[:250000]), environment=self.environment)
                self.assertEqual(result.status, TROUBLE)
                # A block of bzip2 is longer than that.
                says = "the compressed file is cut short: it ends before anything of it can be unpacked" if packing == "bzip2" else \
                    f"the dump is cut short, as the compressed file is: the {packing} data end too early, behind byte "
                self.assertIn(f"kdump-triage: {self.directory}/cut: {says}", result.errors)
                result = run(self.write("cut", pack(content)[:40]), environment=self.environment)
                self.assertIn("the compressed file is cut short: ", result.errors)

    def test_bomb(self):
        """More than 4 GiB of zeros are no dump of a few KiB; and nothing of it reaches the disk."""
        bomb = self.directory / "bomb.zst"
        if not shutil.which("zstd"):
            self.skipTest("no zstd here")
        subprocess.run(f"(cat; head -c 5G /dev/zero) | zstd -q > {bomb}", shell=True, input=DUMP, check=True)
        result = run(bomb, environment=self.environment, timeout=100)
        self.assertEqual(result.status, TROUBLE)
        self.assertIn("it gives more than the 4096 MiB that are allowed for it; unpack it with 'unzstd FILE'", result.errors)

    def test_two_layers(self):
        """libarchive unpacks what is packed twice; told by the outer one."""
        verdict = triage_json(self.write("twice", gzip.compress(lzma.compress(DUMP))), environment=self.environment)
        self.assertEqual(deciding(verdict)["kind"], DUMP_KIND)


if __name__ == "__main__":
    main()
