"""
Stacks of an arm64 machine that QEMU emulates and dumps: Debian's 6.1, whose table of symbols has functions alone
(no CONFIG_KALLSYMS_ALL). Only with KDUMP_TEST_KERNELS of several kernels, as "./dev test --all" has them: 350 MB are
fetched.
"""

import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

import dumps
from harness import TestCase, deciding, main
from test_stacks import DIRECTORY, KERNELS, functions, look, place

# CPU 0 panics, and stops CPU 1 by an interrupt, in the middle of a system call.
CASE = """\
# append-only: panic=0
# memory: 256
# qemu: -device vmcoreinfo
# monitor: info status
# monitor: stop
# monitor: dump-guest-memory -z {dump}
# monitor: quit
insmod /mod/qemu_fw_cfg.ko
taskset 2 dd if=/dev/urandom of=/dev/null bs=64M & sleep 3
echo "monitor please" > /dev/console
taskset 1 sh -c 'echo c > /proc/sysrq-trigger'
"""
FRAMES = {"urandom_read_iter", "vfs_read", "ksys_read", "__arm64_sys_read", "invoke_syscall", "do_el0_svc", "el0_svc",
          "el0t_64_sync_handler", "el0t_64_sync"}


class Arm64(TestCase):
    @classmethod
    def setUpClass(cls):
        if not SKIPPED:
            cls.room = tempfile.TemporaryDirectory(prefix="kdump-triage-arm64-")
            cls.addClassCleanup(cls.room.cleanup)
            cls.dump = crash(pathlib.Path(cls.room.name))

    def setUp(self):
        super().setUp()
        if SKIPPED:
            self.skipTest(SKIPPED)

    def test_the_crashed_cpu_has_the_trace_that_the_kernel_printed(self):
        verdict = look(self.dump)
        self.assertEqual((verdict["kernel"]["arch"], verdict["symbols"]), ("aarch64", "kallsyms"))
        crashed, = (cpu for cpu in verdict["cpus"] if cpu["crashed"])
        self.assertEqual((crashed["cpu"], crashed["ends_early"]), (0, None))
        ours = [place(frame) for frame in crashed["trace"]]
        printed = [place(frame) for frame in deciding(verdict)["trace"]]
        self.assertEqual(after(ours, "__handle_sysrq"), after(printed, "__handle_sysrq"))
        # The call of panic() is the last instruction of its caller. The kernel prints the function behind it.
        caller = ours[[name for name, *_ in ours].index("panic") + 1]
        self.assertEqual((caller[0], caller[1]), ("sysrq_handle_crash", caller[2]))

    def test_the_other_cpu_is_told_through_the_interrupt_that_stopped_it(self):
        other, = (cpu for cpu in look(self.dump)["cpus"] if not cpu["crashed"])
        names, border = functions(other), other["interrupted"]
        self.assertEqual((names[0], names[border - 1], other["ends_early"]), ("local_cpu_stop", "el1h_64_irq", None))
        self.assertIn("call_on_irq_stack", names[:border])
        self.assertLessEqual(FRAMES, set(names[border:]))
        self.assertEqual(names[-1], "el0t_64_sync")
        self.assertTrue(all(frame["reliable"] for frame in other["trace"]))

    def test_debuginfo_finds_the_callers_that_the_frame_pointers_do(self):
        without, with_it = look(self.dump), look(self.dump, "--debuginfo", VMLINUX)
        self.assertEqual([functions(cpu, inlined=False) for cpu in with_it["cpus"]],
                         [functions(cpu) for cpu in without["cpus"]])
        for before, now in zip(without["cpus"], with_it["cpus"]):
            self.assertEqual(before["unwound_by"], "frame pointers")
            self.assertTrue(now["unwound_by"].startswith("CFI"), now["unwound_by"])

    def test_a_system_map_has_the_data_that_the_dumps_own_table_has_not(self):
        verdict = look(self.dump)
        self.assertEqual([cpu["pid"] for cpu in verdict["cpus"]], [None, None])
        self.assertTrue(any("do not tell where its BTF is" in note for note in verdict["notes"]), verdict["notes"])
        system_map = self.directory / "System.map"
        system_map.write_bytes(subprocess.run(["nm", "-n", VMLINUX], stdout=subprocess.PIPE, check=True).stdout)
        verdict = look(self.dump, "--system-map", system_map)
        self.assertEqual([(cpu["comm"], cpu["idle"]) for cpu in verdict["cpus"]], [("sh", False), ("dd", False)])
        self.assertEqual((verdict["symbols"], verdict["notes"]), ("kallsyms", []))

    def test_so_has_the_debuginfo(self):
        verdict = look(self.dump, "--debuginfo", VMLINUX)
        self.assertEqual([(cpu["comm"], cpu["idle"]) for cpu in verdict["cpus"]], [("sh", False), ("dd", False)])
        self.assertEqual((verdict["symbols"], verdict["notes"]), ("kallsyms", []))


def after(frames, function):
    return frames[[name for name, *_ in frames].index(function):]


def crash(directory):
    dump, case = directory / "vmcore", directory / "case.sh"
    case.write_text(CASE.format(dump=dump))
    firmware, = (KERNEL / "lib/modules").rglob("qemu_fw_cfg.ko")
    done = subprocess.run([dumps.LAB / "console-once", "arm64", KERNEL, directory / "out", case, firmware], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=300)
    if not dump.exists():
        raise RuntimeError(f"no dump: {done.stdout}\n{(directory / 'out/console.log').read_text(errors='replace')[-3000:]}")
    return dump


def fetch():
    """The kernel's vmlinux, and why there is none."""
    if len(KERNELS) < 2:
        return None, "arm64 is tried with several kernels only (./dev test --all)"
    if not dumps.program("qemu-system-aarch64"):
        return None, "no qemu-system-aarch64 here"
    KERNEL.mkdir(parents=True, exist_ok=True)
    for command in (["fetch-foreign", "arm64", "cloud-arm64", "bookworm", KERNEL], ["fetch-debuginfo", KERNEL]):
        with open(DIRECTORY / "lock", "w") as lock:
            dumps.fcntl.flock(lock, dumps.fcntl.LOCK_EX)
            done = subprocess.run([dumps.LAB / command[0], *command[1:]], stderr=subprocess.PIPE, text=True)
        if done.returncode == dumps.CANNOT:
            return None, done.stderr.strip().splitlines()[-1]
        if done.returncode:
            raise RuntimeError(done.stderr)
    return next((KERNEL / "debuginfo/usr/lib/debug/boot").glob("vmlinux-*")), ""


if __name__ == "__main__":
    KERNEL = DIRECTORY / "kernels" / "arm64-6.1"
    VMLINUX, SKIPPED = fetch()
    if SKIPPED:
        dumps.say(f"arm64 skipped: {SKIPPED}")
    main()
