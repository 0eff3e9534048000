"""What the crash utility says of a dump's stacks, and what a vmlinux's own tables say of a place."""

import dataclasses
import re
import struct
import subprocess
import threading

ORC_REG_BP, ORC_REG_SP = 4, 5 # arch/x86/include/asm/orc_types.h
LIMIT = 200 # seconds for all that is asked of one dump

FRAME = re.compile(r"^ *#\d+ \[([0-9a-f]+)\] (\S+?)\+(\d+) at ([0-9a-f]+)")
EXCEPTION = re.compile(r"^ *\[exception RIP: (\S+)\+(\d+)\]")
SWITCH = re.compile(r"^--- <(.*) stack> ---$")


@dataclasses.dataclass(frozen=True)
class Frame:
    function: str
    offset: int
    stack: int | None # where crash found the return address; None: the place of an exception
    switched: bool # the first on another stack than the frame before

    @property
    def place(self):
        return self.function, self.offset


class Crash:
    """One run of crash(8), which answers commands one after another."""

    def __init__(self, vmlinux, dump):
        self.process = subprocess.Popen(["crash", "-s", vmlinux, dump], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)
        self.timer = threading.Timer(LIMIT, self.process.kill)
        self.timer.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.timer.cancel()
        self.process.kill()
        self.process.communicate()

    def ask(self, command):
        """The lines of its answer: all until that of the next command, which says a number in four ways, in binary last."""
        self.process.stdin.write(f"{command}\neval 0x5eadbeef\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            lines.append(line.rstrip("\n"))
            if line.startswith("     binary: "):
                return lines[:-4]
        raise AssertionError(f"crash ended at {command}:\n" + "\n".join(lines))

    def registers(self):
        """Of each CPU the registers that the dump saved: RIP, RSP and RBP."""
        of_cpu = {}
        for line in self.ask("help -r"):
            if found := re.match(r"CPU (\d+):$", line):
                of_cpu[int(found[1])] = now = {}
            elif "CPU" not in line and of_cpu:
                now.update({name: int(value, 16) for name, value in re.findall(r"\b(RIP|RSP|RBP):\s*([0-9a-f]+)", line)})
        return of_cpu

    def active(self):
        """Of each CPU what bt tells unasked of the task that ran there, as lines."""
        parts = re.split(r"^PID: \d+ +TASK: [0-9a-f]+ +CPU: (\d+) .*$", "\n".join(self.ask("bt -a -s")), flags=re.M)
        return {int(cpu): text.splitlines() for cpu, text in zip(parts[1::2], parts[2::2])}

    def place(self, address):
        answer = "\n".join(self.ask(f"sym {address:x}"))
        function, offset = re.match(r"[0-9a-f]+ \(\w\) ([^\s+]+)(?:\+(\d+))?", answer).groups()
        return Frame(function, int(offset or 0), None, False)

    def trace_from(self, cpu, instruction_pointer, stack_pointer):
        """The place, and the functions from there to the end."""
        start = self.place(instruction_pointer)
        return [start] + frames(self.ask(f"bt -s -c {cpu} -I {instruction_pointer:x} -S {stack_pointer:x}"))

    def exceptions(self, cpu):
        """Of each register frame that lies on the task's stack: its address, instruction and stack pointer; the kernel's alone."""
        text = "\n".join(self.ask(f"bt -e -c {cpu}"))
        found = re.findall(r"KERNEL-MODE EXCEPTION FRAME AT: ([0-9a-f]+)\n.*\n *RIP: ([0-9a-f]+) +RSP: ([0-9a-f]+)", text)
        return [tuple(int(value, 16) for value in one) for one in found]


def frames(lines):
    """Of an answer of bt -s. A place that an NMI interrupted is said twice, as the exception's and as the next stack's first."""
    answer, switched = [], False
    for line in lines:
        if SWITCH.match(line):
            switched = True
        elif found := EXCEPTION.match(line):
            answer.append(Frame(found[1], int(found[2]), None, False))
        elif found := FRAME.match(line):
            frame = Frame(found[2], int(found[3]), int(found[1], 16), switched)
            if not (switched and answer and answer[-1].stack is None and answer[-1].place == frame.place):
                answer.append(frame)
            switched = False
    return answer


def section(vmlinux, name):
    said = subprocess.run(["readelf", "-SW", vmlinux], stdout=subprocess.PIPE, text=True, check=True).stdout
    address, offset, size = re.search(rf" {re.escape(name)} +\S+ +([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) ", said).groups()
    with open(vmlinux, "rb") as file:
        file.seek(int(offset, 16))
        return int(address, 16), file.read(int(size, 16))


def orc(vmlinux, address):
    """
    From which register, and how far from it, the kernel itself counts the end of a place's frame: the return address lies below.
    Of its own unwind table, as it was from 4.14 to 6.2.
    """
    start, places = section(vmlinux, ".orc_unwind_ip")
    _, entries = section(vmlinux, ".orc_unwind")
    low, high = 0, len(places) // 4
    while high - low > 1:
        middle = (low + high) // 2
        if start + 4 * middle + struct.unpack_from("<i", places, 4 * middle)[0] <= address:
            low = middle
        else:
            high = middle
    offset, _, registers = struct.unpack_from("<hhH", entries, 6 * low)
    return registers & 0xf, offset


def disassembly(vmlinux, function):
    """Of each instruction its address, and its words."""
    said = subprocess.run(["objdump", "-d", "--no-show-raw-insn", f"--disassemble={function}", vmlinux], stdout=subprocess.PIPE,
                          text=True, check=True).stdout
    return [(int(address, 16), words) for address, words in re.findall(r"^([0-9a-f]+):\s+(.*)$", said, re.M)]
