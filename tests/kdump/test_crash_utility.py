"""
Stacks out of real dumps against crash(8), function by function and offset by offset; inlined functions, which crash does not
tell, are left out. Compared is, of every CPU, all from the place that the dump saved as the CPU's registers down to the end.

In a dump by kdump that is the place of the oops, of the NMI that stopped the CPU, or one in __crash_kexec that panic called:
crash is asked with "bt -a", and what kdump runs on top of that place (machine_kexec, crash_nmi_callback and their callers) is
crash's alone. Of most CPUs in a dump by QEMU "bt -a" tells nothing ("read of stack at ... failed", on the stack of an
exception that is none): crash is asked with the registers that it reads out of the dump itself, "bt -I RIP -S RSP".

Where the two differ there is a name for it below, with who is right, and a test of that.
"""

import contextlib
import pathlib
import re
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

import dumps
import test_stacks
from crash_utility import ORC_REG_BP, ORC_REG_SP, Crash, disassembly, frames, orc
from harness import TestCase, deciding, main
from test_stacks import DIRECTORY, KERNELS, dump, look

# The stack of do_syscall_64() has a hole of random size (CONFIG_RANDOMIZE_KSTACK_OFFSET), so only the frame pointer leads to
# its caller, as the kernel's own table says. crash reads that table where it counts from the stack pointer, and elsewhere looks
# for the next words that could be return addresses: between do_syscall_64 and the entry it tells old calls' remains, which
# the kernel marks with "?" in its log. crash is wrong.
RANDOM_OFFSET = "random stack offset"
# A call that never returns is the last instruction of its function, and its return address the next function's first. To crash
# that is no return address, and the caller is not told. crash is wrong: the instruction before the address is the call.
LAST_CALL = "call that never returns"
# An interrupt's entry moves to the interrupt stack since 5.8. crash looks for the registers of what was interrupted where
# they are no more: it says of them itself that they may be bogus, tells the handler twice in place of the entry, and goes on
# behind or, where it finds nothing, ends. crash is wrong: the kernel's trace of the panic has the entry, and what it broke into.
INTERRUPT_STACK = "move to the interrupt stack"
# Told where to begin, crash takes the first word from the stack pointer on that could be a return address for the caller, also
# what lies in the first function's own frame. crash is wrong: the kernel's own table says where that frame ends.
FIRST_FRAME = "frame that crash is told of"

# Which of them may be met with in which guest. What a CPU did that did not crash is chance: it may have been in an interrupt.
GUESTS = {
    "dentry": {RANDOM_OFFSET, INTERRUPT_STACK},
    "kmem": {RANDOM_OFFSET, INTERRUPT_STACK},
    "soft": {RANDOM_OFFSET, INTERRUPT_STACK},
    "qemu": {RANDOM_OFFSET, LAST_CALL, INTERRUPT_STACK, FIRST_FRAME},
    "spin": {RANDOM_OFFSET, INTERRUPT_STACK, FIRST_FRAME},
    "spin-module": {RANDOM_OFFSET, INTERRUPT_STACK, FIRST_FRAME},
    "spin-nmi": {RANDOM_OFFSET, INTERRUPT_STACK, LAST_CALL},
}
BY_QEMU = {guest.name for guest in dumps.GUESTS if guest.by_qemu}
ENTRY = "entry_SYSCALL_64_after_hwframe"


def plain(place):
    """Without what the compiler puts behind a function's name: crash leaves some of it out (".isra.0")."""
    return place[0].split(".")[0], *place[1:]


class Difference(AssertionError):
    """That has no name."""


class Comparison:
    """Of our frames of one CPU with crash's, and the named differences that were met: each with the frames that differ."""

    def __init__(self, ours, theirs):
        self.ours, self.theirs, self.met = ours, theirs, {}
        mine = other = 0
        while mine < len(ours) or other < len(theirs):
            mine, other = self.step(mine, other)

    def step(self, mine, other):
        our = self.ours[mine] if mine < len(self.ours) else None
        their = self.theirs[other] if other < len(self.theirs) else None
        if our and their and plain(place(our)) == plain(their.place):
            return mine + 1, other + 1
        if our and their and their.switched and their.place == self.theirs[other - 1].place and \
                our["function"] == "asm_" + their.function:
            self.met[INTERRUPT_STACK] = [our]
            return mine + 1, other + 1
        if our and our["offset"] == our["size"]:
            self.met[LAST_CALL] = [our]
            return mine + 1, other
        if their and mine and our and our["function"] == ENTRY and self.ours[mine - 1]["function"] == "do_syscall_64":
            self.met.setdefault(RANDOM_OFFSET, []).append(their)
            return mine, other + 1
        if their and mine == 1:
            self.met.setdefault(FIRST_FRAME, []).append(their)
            return mine, other + 1
        raise Difference(f"ours from {our}, crash's from {their}:\n" + "\n".join(
            [f"  {name}+{offset}" for name, offset in map(place, self.ours)] + ["crash:"] +
            [f"  {frame.function}+{frame.offset}" for frame in self.theirs]))


def place(frame):
    return frame["function"], frame["offset"]


def to_the_end(crash, cpu, trace):
    """Where crash lost the thread as the stacks change, it goes on from the registers there that it finds itself."""
    rest = [one for one in crash.exceptions(cpu) if one[0] > trace[-1].stack] if trace[-1].switched else []
    return trace + crash.trace_from(cpu, *min(rest)[1:]) if rest else trace


def from_saved_place(crash, lines, registers):
    saved, trace = crash.place(registers["RIP"]), frames(lines)
    start = next(i for i, frame in enumerate(trace) if frame.function == saved.function)
    if saved.function == "__crash_kexec":
        # Its registers are saved some instructions away from the call that crash tells.
        trace[start] = saved
    return trace[start:]


def ask(guest):
    """Of every CPU crash's trace from the saved registers, these registers, and whether crash doubted an exception's."""
    with Crash(VMLINUX, dump(guest)) as crash:
        registers = crash.registers()
        if guest in BY_QEMU:
            traces = {cpu: to_the_end(crash, cpu, crash.trace_from(cpu, said["RIP"], said["RSP"]))
                      for cpu, said in registers.items()}
            return traces, registers, None
        active = crash.active()
        traces = {cpu: to_the_end(crash, cpu, from_saved_place(crash, lines, registers[cpu]))
                  for cpu, lines in active.items()}
        return traces, registers, any("possibly bogus exception frame" in line for lines in active.values() for line in lines)


class CrashUtility(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.said, cls.verdicts = {}, {}
        if not SKIPPED:
            with ThreadPoolExecutor(dumps.AT_ONCE) as pool:
                cls.said = dict(zip(GUESTS, pool.map(ask, GUESTS)))
            cls.verdicts = {guest: look(dump(guest), "--debuginfo", VMLINUX) for guest in GUESTS}

    def setUp(self):
        super().setUp()
        if SKIPPED:
            self.skipTest(SKIPPED)

    def ours(self, guest):
        return {cpu["cpu"]: [frame for frame in cpu["trace"] if not frame["inline"]] for cpu in self.verdicts[guest]["cpus"]}

    def met(self, difference):
        """Where it was met: the guest, the CPU, the comparison, and the frames that differ. A failed one is told elsewhere."""
        for guest in GUESTS:
            for cpu, theirs in self.said[guest][0].items():
                with contextlib.suppress(Difference):
                    comparison = Comparison(self.ours(guest)[cpu], theirs)
                    if difference in comparison.met:
                        yield guest, cpu, comparison, comparison.met[difference]

    def test_every_function_of_every_cpu_is_where_crash_has_it(self):
        for guest, allowed in GUESTS.items():
            traces = self.said[guest][0]
            self.assertEqual(sorted(traces), [0, 1])
            self.assertEqual(self.ours(guest).keys(), traces.keys())
            for cpu, theirs in traces.items():
                with self.subTest(guest=guest, cpu=cpu):
                    met = Comparison(self.ours(guest)[cpu], theirs).met
                    self.assertLessEqual(met.keys(), allowed)
                    self.assertGreater(len(theirs), 4)

    def test_the_kernel_too_finds_the_caller_of_do_syscall_64_by_the_frame_pointer(self):
        code = disassembly(VMLINUX, "do_syscall_64")
        self.assertIn("sub    %rax,%rsp", [words.strip() for _, words in code])
        call = next(address for address, words in code if "<x64_sys_call>" in words)
        self.assertEqual(orc(VMLINUX, call), (ORC_REG_BP, 16))
        # Elsewhere it counts from the stack pointer.
        call = next(address for address, words in disassembly(VMLINUX, "vfs_rmdir") if "<d_delete>" in words)
        self.assertEqual(orc(VMLINUX, call)[0], ORC_REG_SP)

    def test_what_crash_tells_before_the_entry_the_kernel_marked_as_unreliable(self):
        seen = 0
        for guest, cpu, _, extra in self.met(RANDOM_OFFSET):
            crash = self.verdicts[guest]["crashes"][0]
            if crash["cpu"] != cpu or crash["from_stacks"]: # the log has no trace of that CPU
                continue
            with self.subTest(guest=guest):
                doubted = {plain(place(frame)) for frame in crash["trace"] if not frame["reliable"]}
                self.assertLessEqual({plain(frame.place) for frame in extra}, doubted)
                seen += len(extra)
        if not seen: # what lies on a stack is chance
            self.skipTest("crash told no such frame this time")

    def test_a_caller_that_crash_leaves_out_ends_with_the_call(self):
        seen = 0
        for guest, _, comparison, left_out in self.met(LAST_CALL):
            for frame in left_out:
                with self.subTest(guest=guest, function=frame["function"]):
                    called = comparison.ours[comparison.ours.index(frame) - 1]["function"]
                    code = disassembly(VMLINUX, frame["function"])
                    self.assertRegex(code[-1][1], rf"^call .*<{called}>$")
                    seen += 1
        self.assertGreater(seen, 0)

    def test_the_kernel_tells_the_entry_that_crash_leaves_out(self):
        (entry,), = (left_out for guest, _, _, left_out in self.met(INTERRUPT_STACK) if guest == "soft")
        log = (DIRECTORY / KERNELS[0] / "soft" / dumps.LOG).read_text(errors="replace")
        panic = log[log.index("Kernel panic - not syncing: softlockup"):]
        line = f"{entry['function']}+{entry['offset']:#x}/{entry['size']:#x}"
        self.assertRegex(panic, rf"</IRQ>\n.*<TASK>\n.* {re.escape(line)}\n.*RIP: 0010:fsnotify")
        self.assertTrue(self.said["soft"][2])

    def test_what_crash_tells_first_lies_in_the_first_functions_own_frame(self):
        for guest, cpu, comparison, extra in self.met(FIRST_FRAME):
            with self.subTest(guest=guest, cpu=cpu):
                registers = self.said[guest][1][cpu]
                slid = int(self.verdicts[guest]["kernel"]["kaslr_offset"], 16)
                base, offset = orc(VMLINUX, registers["RIP"] - slid)
                end = registers[{ORC_REG_BP: "RBP", ORC_REG_SP: "RSP"}[base]] + offset
                self.assertTrue(all(frame.stack < end - 8 for frame in extra), comparison.theirs)
                self.assertEqual(comparison.theirs[len(extra) + 1].stack, end - 8)


if __name__ == "__main__":
    SKIPPED, VMLINUX = dumps.prepare(DIRECTORY, KERNELS[0], "crash(8)", with_debuginfo=True)
    if not SKIPPED and not dumps.program("crash"):
        SKIPPED = "no crash here"
        dumps.say(f"crash(8) skipped: {SKIPPED}")
    main()
