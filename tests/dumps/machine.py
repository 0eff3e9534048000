"""A machine that died: memory, symbols, VMCOREINFO and registers, before anything is put into a dump."""

import dataclasses
import struct

from . import tables


@dataclasses.dataclass(frozen=True)
class Architecture:
    """What differs by architecture. Registers of NT_PRSTATUS: pr_reg of struct elf_prstatus, arch/*/include/asm/elf.h,
    their names as kdump-triage gives them: those of the
    kernel's own register dumps, where FS and GS of x86_64 are the bases."""
    name: str               # uname -m
    elf_machine: int        # e_machine
    big_endian: bool
    word: int               # bytes of an unsigned long
    page: int               # bytes of a page
    registers: tuple
    text_alignment: int     # __alignof__(struct printk_log): 4 where CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS, else 8


def numbered(prefix, count):
    return tuple(f"{prefix}{i}" for i in range(count))


# arch/x86/include/asm/user_64.h, user_32.h: struct user_regs_struct.
X86_64 = Architecture("x86_64", 62, False, 8, 4096,
                      ("r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8", "rax", "rcx", "rdx", "rsi", "rdi",
                       "orig_rax", "rip", "cs", "eflags", "rsp", "ss", "fs", "gs", "ds", "es", "fs_selector",
                       "gs_selector"), 4)
I386 = Architecture("i686", 3, False, 4, 4096,
                    ("ebx", "ecx", "edx", "esi", "edi", "ebp", "eax", "ds", "es", "fs", "gs", "orig_eax", "eip", "cs",
                     "eflags", "esp", "ss"), 4)
# arch/arm64/include/uapi/asm/ptrace.h: struct user_pt_regs.
AARCH64 = Architecture("aarch64", 183, False, 8, 4096, numbered("x", 31) + ("sp", "pc", "pstate"), 4)
# arch/powerpc/include/uapi/asm/ptrace.h: struct pt_regs, ELF_NGREG 48 (elf.h).
POWERPC = numbered("r", 32) + ("nip", "msr", "orig_r3", "ctr", "link", "xer", "ccr", "softe", "trap", "dar", "dsisr",
                               "result") + numbered("unused", 4)
PPC64LE = Architecture("ppc64le", 21, False, 8, 65536, POWERPC, 4)
PPC64 = Architecture("ppc64", 21, True, 8, 65536, POWERPC, 4)
# arch/s390/include/uapi/asm/ptrace.h: s390_regs. The 16 access registers, of 4 bytes each, are taken here by pairs.
S390X = Architecture("s390x", 22, True, 8, 4096,
                     ("psw_mask", "psw_addr") + numbered("r", 16) + numbered("access", 8) + ("orig_r2",), 4)
# arch/riscv/include/uapi/asm/ptrace.h: struct user_regs_struct.
RISCV64 = Architecture("riscv64", 243, False, 8, 4096,
                       ("epc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1") + numbered("a", 8) +
                       tuple(f"s{i}" for i in range(2, 12)) + ("t3", "t4", "t5", "t6"), 8)


@dataclasses.dataclass
class Map:
    """Virtual memory that lies in physical memory in one piece."""
    virtual: int
    physical: int
    size: int


class Machine:
    """The kernel's image and the direct map of all memory: in each, things are placed one behind the other."""

    def __init__(self, architecture, release, version, image, direct, memory, room, page=0, nodename="made-up"):
        """`memory`: [(first byte, byte behind)] of physical memory; `room`: where in it the direct map's things are put."""
        self.architecture, self.release, self.version, self.nodename = architecture, release, version, nodename
        self.page = page or architecture.page
        self.order = ">" if architecture.big_endian else "<"
        self.image, self.direct = image, direct
        self.memory = memory
        self.pages = {}                 # page frame number: bytearray
        self.info = [f"OSRELEASE={release}", f"PAGESIZE={self.page}"]
        self.symbols = {}
        self.free = {"image": image.virtual, "direct": direct.virtual + room - direct.physical}
        self.phys_base = 0              # what the header of a compressed dump says
        self.cpus = []                  # [(process, {register: value})]
        self.crash_time = 1528127309    # 2018-06-04, when the seeds' machines died

    def pack(self, layout, *values):
        """Integers in the machine's byte order; L is an unsigned long of its size."""
        return struct.pack(self.order + layout.replace("L", "Q" if self.architecture.word == 8 else "I"), *values)

    def mask(self, number):
        return number & (1 << 8 * self.architecture.word) - 1

    def physical(self, virtual):
        for area in (self.image, self.direct):
            if area.virtual <= virtual < area.virtual + area.size:
                return virtual - area.virtual + area.physical
        raise ValueError(f"{virtual:#x} is not mapped")

    def place(self, content, where="image", align=8):
        """Puts bytes, or so many zeros, into memory; gives the virtual address."""
        content = bytes(content)
        virtual = -(-self.free[where] // align) * align
        self.free[where] = virtual + len(content)
        self.put(virtual, content)
        return virtual

    def put(self, virtual, content):
        self.put_physical(self.physical(virtual), content)

    def put_physical(self, address, content):
        while content:
            number, offset = divmod(address, self.page)
            length = min(len(content), self.page - offset)
            page = self.pages.setdefault(number, bytearray(self.page))
            page[offset:offset + length] = content[:length]
            address, content = address + length, content[length:]

    def get_physical(self, address, length):
        found = bytearray()
        while len(found) < length:
            number, offset = divmod(address + len(found), self.page)
            found += self.pages[number][offset:offset + length - len(found)]
        return bytes(found)

    def symbol(self, name, content, where="image", align=8):
        """Places a variable and tells VMCOREINFO where."""
        virtual = self.place(content, where, align)
        self.symbols[name] = virtual
        self.info.append(f"SYMBOL({name})={virtual:x}")
        return virtual

    def pointer(self, name, target):
        return self.symbol(name, self.pack("L", target))

    def say(self, *lines):
        self.info.extend(lines)

    def add_uts(self, name_offset):
        """init_uts_ns: struct uts_namespace, up to 5.10 with a struct kref before the names (include/linux/utsname.h)."""
        names = [b"Linux", self.nodename.encode(), self.release.encode(), self.version.encode(),
                 self.architecture.name.encode(), b"(none)"]
        self.symbol("init_uts_ns", self.pack("I", 2)[:name_offset] + b"".join(name.ljust(65, b"\0") for name in names))
        self.say(f"OFFSET(uts_namespace.name)={name_offset}")
        self.place(f"Linux version {self.release} (build@made-up) (gcc) {self.version}\n\0".encode())

    def add_tables(self, name, geometry, small=False):
        """Page tables for both areas, and their symbol. Comes last: only what is there by now is mapped by single pages."""
        root = self.symbol(name, bytes(self.page), align=self.page)
        if name != "swapper_pg_dir":
            self.say(f"SYMBOL(swapper_pg_dir)={root:x}")    # the same table by its older name
        tables.write(self, root, geometry, small)

    def add_cpu(self, process=0, **registers):
        self.cpus.append((process, registers))

    def vmcoreinfo(self):
        # Since 4.13 or so with a line end behind CRASHTIME, before without: kernel/crash_core.c, kernel/kexec.c.
        return ("\n".join(self.info) + f"\nCRASHTIME={self.crash_time}\n").encode()

    def prstatus(self, process, registers):
        """struct elf_prstatus, include/linux/elfcore.h (include/uapi before 5.11); times are four struct timeval."""
        info = self.pack("IIIHHLLIIII", 0, 0, 0, 0, 0, 0, 0, process, 0, 0, 0)
        info += bytes(8 * self.architecture.word)
        info += b"".join(self.pack("L", registers.get(name, 0)) for name in self.architecture.registers)
        word = self.architecture.word
        return info.ljust(-(-(len(info) + 4) // word) * word, b"\0")    # pr_fpvalid, and padding

    def note(self, name, kind, content):
        """An ELF note: Elf64_Nhdr is the same as Elf32_Nhdr, all parts are aligned to 4."""
        name = name.encode() + b"\0"
        pad = lambda part: part.ljust(-(-len(part) // 4) * 4, b"\0")
        return self.pack("III", len(name), len(content), kind) + pad(name) + pad(content)

    def notes(self, vmcoreinfo=None):
        """What fs/proc/vmcore.c merges: NT_PRSTATUS of each CPU, then VMCOREINFO."""
        info = self.vmcoreinfo() if vmcoreinfo is None else vmcoreinfo
        return (b"".join(self.note("CORE", 1, self.prstatus(*cpu)) for cpu in self.cpus) +
                (self.note("VMCOREINFO", 0, info) if info else b""))
