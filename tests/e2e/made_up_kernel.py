"""
A "kernel" of a few functions, compiled here as a vmlinux is, and logs of faults in it: what lies where is known from its source.
"""

import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
RELEASE = "6.1.0-touched"
FLAGS = ["-O2", "-g", "-ffreestanding", "-fno-pie", "-mcmodel=kernel", "-fno-stack-protector", "-fno-asynchronous-unwind-tables",
         "-fcf-protection=none", "-mno-sse"]
LINKED = ["-nostdlib", "-static", "-no-pie", "-Wl,-Ttext=0xffffffff81000000", "-Wl,--build-id=none"]
REGISTERS = ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"]
ANY_VALUE = 0xffff888100123450


class Kernel:
    """Or, with is_module, a module of such a kernel."""

    def __init__(self, directory, compiler="gcc", flags=(), is_module=False):
        self.path = pathlib.Path(directory) / ("made-up.ko" if is_module else "vmlinux")
        self.suffix = " [made_up]" if is_module else ""
        subprocess.run([compiler, *FLAGS, *(["-c"] if is_module else LINKED), *flags, HERE / "touched" / "kernel.c", "-o", self.path],
                       check=True)
        self.functions = {}
        listing = subprocess.run(["objdump", "-dw", self.path], check=True, capture_output=True, text=True).stdout
        for line in listing.splitlines():
            if match := re.fullmatch(r"([0-9a-f]+) <([\w.]+)>:", line):
                instructions = self.functions[match[2]] = []
            elif match := re.fullmatch(r"\s*([0-9a-f]+):\t([0-9a-f ]+)\t(.*)", line):
                instructions.append((int(match[1], 16), bytes.fromhex(match[2]), match[3]))
        names = subprocess.run(["nm", "-S", self.path], check=True, capture_output=True, text=True).stdout
        self.sizes = {row[3]: int(row[1], 16) for row in map(str.split, names.splitlines()) if len(row) == 4}

    def find(self, function, pattern):
        """The first instruction that looks like this."""
        return next(one for one in self.functions[function] if re.search(pattern, one[2]))

    def place(self, function, address):
        return f"{function}+0x{address - self.functions[function][0][0]:x}/0x{self.sizes[function]:x}{self.suffix}"

    def back_in(self, function, callee):
        """Where the call of another function returns to."""
        address, code, _ = self.find(function, rf"call.*{callee}")
        return self.place(function, address + len(code))


def log(kernel, function, pattern, base, value, callers=(), registers={}, headline=None, code=None):
    """A fault at that instruction, whose base register is `base` with that value."""
    address, bytes_there, text = kernel.find(function, pattern)
    displacement = int((re.search(r"(-?0x[0-9a-f]+)?\(%" + base, text) or [0, "0"])[1] or "0", 16)
    fault = (value + displacement) & (1 << 64) - 1
    state = {name: registers.get(name, value if name == base else ANY_VALUE) for name in REGISTERS}
    shown = code if code is not None else bytes_there
    headline = headline or f"BUG: unable to handle page fault for address: {fault:016x}"
    lines = [headline, "#PF: supervisor read access in kernel mode", "#PF: error_code(0x0000) - not-present page",
             "Oops: 0000 [#1] PREEMPT SMP NOPTI",
             f"CPU: 1 PID: 113 Comm: rmdir Not tainted {RELEASE} #1",
             f"RIP: 0010:{kernel.place(function, address)}",
             f"Code: 90 90 90 <{shown[0]:02x}> " + " ".join(f"{byte:02x}" for byte in shown[1:]) + " 90 90 90",
             "RSP: 0018:ffffb6a1c0443e40 EFLAGS: 00010246"]
    lines += [" ".join(f"{name.upper() if len(name) == 3 else 'R0' + name[1:]}: {state[name]:016x}" for name in REGISTERS[i:i + 3])
              for i in range(0, len(REGISTERS), 3)]
    lines += [f"CR2: {fault:016x} CR3: 00000000233fc000 CR4: 00000000000006a0", "Call Trace:", " <TASK>",
              *(f" {caller}" for caller in callers), " </TASK>", "---[ end trace 0000000000000000 ]---"]
    return "".join(f"[   10.000000] {line}\n" for line in lines)
