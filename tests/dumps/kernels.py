"""Machines of many architectures and releases, each with a log that ends in a crash."""

import dataclasses
import functools

from . import logs, tables, texts
from .machine import AARCH64, I386, PPC64, PPC64LE, RISCV64, S390X, X86_64, Machine, Map

MIB, GIB = 1 << 20, 1 << 30
KERNELS = {}


@dataclasses.dataclass
class Kernel:
    """A machine and its log. It is made once: whoever alters it makes it anew by KERNELS[name]()."""
    machine: Machine
    log: logs.Log


def kernel(make):
    KERNELS[make.__name__] = make
    return make


@functools.cache
def made(name):
    return KERNELS[name]()


def finish(machine, log, tables_name="swapper_pg_dir", geometry=None, small=False, keep=True):
    """Registers of two CPUs, page tables, and the kernel's own VMCOREINFO, in whose page the tables stand already."""
    names = machine.architecture.registers
    # s390 writes the CPU's number, from 1, where others write the process (arch/s390/kernel/crash_dump.c).
    processes = (1, 2) if machine.architecture is S390X else (0, 2577)
    machine.add_cpu(processes[0], **{name: 0x1000 + i for i, name in enumerate(names)})
    machine.add_cpu(processes[1], **{name: machine.mask(0xffffffff81000000 + i) for i, name in enumerate(names)})
    place = machine.place(bytes(machine.page), "direct", machine.page) if keep else None
    if geometry:
        machine.add_tables(tables_name, geometry, small)
    if keep:
        # In a page of its own since 4.13 (kernel/crash_core.c: vmcoreinfo_data).
        machine.put(place, machine.vmcoreinfo())
    return Kernel(machine, log)


X86_MEMORY = [(0x1000, 0x9f000), (MIB, 64 * MIB)]
X86_KERNEL = 0xffffffff80000000     # __START_KERNEL_map
# Of CONFIG_FLATMEM. makedumpfile asks for it before it reads a log; nothing else here does.
PAGES_INFO = ["SIZE(page)=64", "SIZE(list_head)=16", "SIZE(pglist_data)=174208", "SIZE(zone)=1536", "SIZE(free_area)=88",
              "OFFSET(page.flags)=0", "OFFSET(page._refcount)=52", "OFFSET(page.mapping)=24", "OFFSET(page.lru)=8",
              "OFFSET(page._mapcount)=48", "OFFSET(page.private)=40", "OFFSET(list_head.next)=0", "OFFSET(list_head.prev)=8",
              "OFFSET(free_area.free_list)=0", "LENGTH(zone.free_area)=11", "NUMBER(NR_FREE_PAGES)=0", "NUMBER(PG_lru)=4",
              "OFFSET(zone.free_area)=256", "OFFSET(zone.vm_stat)=1344", "OFFSET(zone.spanned_pages)=144"]


def x86_64(release, version, slide=0, moved=0, direct=0xffff888000000000, image=16 * MIB, **options):
    """`slide`: how far KASLR moved the kernel's addresses (KERNELOFFSET); `moved`: how far it, or the boot loader, moved it
    in memory; together phys_base. `direct`: PAGE_OFFSET, which CONFIG_RANDOMIZE_MEMORY moves."""
    machine = Machine(X86_64, release, version, Map(X86_KERNEL + image + slide, image + moved, 4 * MIB),
                      Map(direct, 0, 64 * MIB), X86_MEMORY, 48 * MIB, **options)
    machine.phys_base = moved - slide
    return machine


def finish_x86_64(machine, log, name="init_top_pgt", slide=0, levels=4, small=False, number=True, keep=True):
    """What arch_crash_save_vmcoreinfo() adds: the number phys_base since 4.10, before it only the symbol."""
    if number:
        machine.say(f"NUMBER(phys_base)={machine.phys_base}")
    else:
        machine.symbol("phys_base", machine.pack("Q", machine.phys_base & 2**64 - 1))
    machine.symbol("_stext", b"\xcc" * 64)
    machine.pointer("mem_map", machine.direct.virtual + MIB)
    machine.say(*PAGES_INFO)
    if slide or number:
        machine.say(f"NUMBER(pgtable_l5_enabled)={int(levels == 5)}", f"KERNELOFFSET={slide:x}",
                    "NUMBER(KERNEL_IMAGE_SIZE)=1073741824")
    return finish(machine, log, name, tables.X86_64 if levels == 4 else tables.X86_64_5_LEVELS, small, keep)


# The log of a RHEL 6 has not wrapped; the second one has, in the middle of a line.
@kernel
def x86_64_2_6_32():
    machine = x86_64("2.6.32-754.el6.x86_64", "#1 SMP Thu May 24 18:18:25 EDT 2018", direct=0xffff880000000000)
    machine.add_uts(4)
    log = logs.characters(machine, texts.synthetic(texts.RHEL6), 65536, where="direct")
    return finish_x86_64(machine, log, "init_level4_pgt", number=False, keep=False)


@kernel
def x86_64_2_6_32_wrapped():
    machine = x86_64("2.6.32-754.el6.x86_64", "#1 SMP Thu May 24 18:18:25 EDT 2018", moved=16 * MIB,
                     direct=0xffff880000000000)
    machine.add_uts(4)
    log = logs.characters(machine, texts.filler(200) + texts.synthetic(texts.RHEL6), 8192, begins=123456)
    return finish_x86_64(machine, log, "init_level4_pgt", number=False, keep=False)


# 3.5.0: struct log with a 16-bit level; 3.6 split it.
@kernel
def x86_64_3_5():
    machine = x86_64("3.5.0-17-generic", "#28-Ubuntu SMP Tue Oct 9 19:31:23 UTC 2012", direct=0xffff880000000000)
    machine.add_uts(4)
    text = texts.RHEL6.replace("2.6.32-754.el6.x86_64", "3.5.0-17-generic")
    log = logs.records(machine, texts.synthetic(text), 32768, "log", old_level=True)
    return finish_x86_64(machine, log, "init_level4_pgt", number=False, keep=False)


def el7(entries, length):
    machine = x86_64("3.10.0-862.2.3.el7.x86_64", "#1 SMP Wed May 9 18:05:47 UTC 2018", slide=0xec00000, moved=2 * MIB,
                     direct=0xffff883800000000)
    machine.add_uts(4)
    log = logs.records(machine, entries, length)
    return finish_x86_64(machine, log, "init_level4_pgt", slide=0xec00000, number=False, keep=False)


@kernel
def el7_general_protection():
    return el7(texts.filler(100) + texts.stamped("fsnotify-general-protection.console.log"), 65536)


@kernel
def el7_soft_lockup_wrapped():
    return el7(texts.filler(300) + texts.syslog("fsnotify-soft-lockup.syslog"), 16384)


# 4.7 to 4.9: KASLR puts the image anywhere, and VMCOREINFO does not tell where.
@kernel
def x86_64_4_9():
    machine = x86_64("4.9.0-19-amd64", "#1 SMP Debian 4.9.320-2 (2022-06-30)", slide=0x1a000000, moved=6 * GIB,
                     direct=0xffff953b80000000)
    machine.memory = [*machine.memory, (6 * GIB, 6 * GIB + 64 * MIB)]
    machine.add_uts(4)
    log = logs.records(machine, texts.synthetic(texts.RHEL6.replace("2.6.32-754.el6.x86_64", "4.9.0-19-amd64")), 32768)
    return finish_x86_64(machine, log, "init_level4_pgt", slide=0x1a000000, number=False, keep=False)


@kernel
def x86_64_4_19():
    machine = x86_64("4.19.91-21.al7.x86_64", "#1 SMP Thu Sep 3 14:13:39 CST 2020", slide=0x1a000000, moved=6 * MIB,
                     direct=0xffff95d640000000)
    machine.add_uts(4)
    entries = texts.renamed(texts.stamped("dentry-5.10.vmcore-dmesg.txt"), machine)
    for entry in entries[::7]:
        entry.extra = b"SUBSYSTEM=pci\0DEVICE=+pci:0000:00:1f.0"
    log = logs.records(machine, entries, 65536, where="direct")
    return finish_x86_64(machine, log, slide=0x1a000000)


@kernel
def x86_64_5_4_caller():
    machine = x86_64("5.4.0-150-generic", "#167-Ubuntu SMP Mon May 15 17:35:05 UTC 2023", slide=0x2a00000,
                     direct=0xffff8f1c00000000)
    machine.add_uts(4)
    crash = texts.renamed(texts.stamped("null-pointer-5.10.vmcore-dmesg.txt")[-60:], machine)
    filler = texts.filler(400)
    for i, entry in enumerate(filler):
        entry.caller = 1467 if i % 9 else 0x80000003
    for entry in crash:
        entry.caller = 1467
    log = logs.records(machine, filler + crash, 16384, caller=True, where="direct")
    return finish_x86_64(machine, log, slide=0x2a00000, small=True)


RELEASE_6_1 = "6.1.0-56-cloud-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)"


def debian_6_1(entries, size_bits, levels=4, keep=True, **options):
    machine = x86_64(*RELEASE_6_1, slide=0x31400000, moved=10 * MIB, direct=0xffff8ac100000000)
    machine.add_uts(0)
    machine.say("BUILD-ID=3b43fad5034874490492495d552c0af6a5fab235")
    log = logs.ring(machine, entries, size_bits, **options)
    return finish_x86_64(machine, log, slide=0x31400000, levels=levels, keep=keep)


@kernel
def x86_64_6_1():
    return debian_6_1(texts.stamped("dentry-6.1.vmcore-dmesg.txt")[-200:], 14, static=True)


@kernel
def x86_64_6_1_five_levels():
    return debian_6_1(texts.stamped("kmem-6.1.vmcore-dmesg.txt")[-100:], 13, levels=5)


# A machine that has been up for years: numbers far along, positions past 32 bits, the oldest block around the end.
@kernel
def x86_64_6_1_wrapped():
    return debian_6_1(texts.filler(700) + texts.stamped("dentry-6.1.vmcore-dmesg.txt")[-90:], 13, first_id=(1 << 40) + 77,
                      first_position=(5 << 40) + 384)


@kernel
def x86_64_5_10():
    machine = x86_64("5.10.0-46-cloud-amd64", "#1 SMP Debian 5.10.262-1 (2026-07-31)", slide=0x17c00000, moved=4 * MIB,
                     direct=0xffff923fc0000000)
    machine.add_uts(4)
    log = logs.ring(machine, texts.stamped("soft-5.10.vmcore-dmesg.txt")[-150:], 14, wide=False)
    return finish_x86_64(machine, log, slide=0x17c00000)


def odd_entries():
    """Every sort of record that a reader may meet. One says that its text is longer than its block: copy_data() of
    kernel/printk/printk_ringbuffer.c truncates such a one."""
    crash = texts.stamped("dentry-6.1.vmcore-dmesg.txt")[-80:]
    odd = [logs.Record(crash[0].time + i, text) for i, text in enumerate(texts.ODD)]
    odd += [logs.Record(crash[0].time + 10, b"still being written", state="reserved"),
            logs.Record(crash[0].time + 11, b"its number is another's", state="missing"),
            logs.Record(crash[0].time + 12, b"committed, may be reopened", state="committed"),
            logs.Record(crash[0].time + 13, b"shorter than it says".ljust(24, b"."), claims=500),
            logs.Record(crash[0].time + 14, b"x" * 900), logs.Record(crash[0].time + 15, b"")]
    return texts.filler(40) + odd[:6] + crash[:40] + odd[6:] + crash[40:]


@kernel
def x86_64_6_1_odd():
    return debian_6_1(odd_entries(), 14)


@kernel
def i386_6_1():
    """Positions run past 2^32, identities past 2^30, and begin anew."""
    machine = Machine(I386, "6.1.0-13-686-pae", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.55-1 (2023-09-29)",
                      Map(0xc1000000, 16 * MIB, 4 * MIB), Map(0xc0000000, 0, 64 * MIB), X86_MEMORY, 48 * MIB)
    machine.add_uts(0)
    log = logs.ring(machine, texts.filler(500) + texts.synthetic(texts.I386), 13, first_id=(1 << 30) - 300,
                    first_position=2**32 - 8 * 4096)
    machine.symbol("_stext", b"\xcc" * 64)
    return finish(machine, log, geometry=tables.I386)


def arm64(release, version, image, direct, log, page, offset, extra=()):
    """VMCOREINFO: arch/arm64/kernel/crash_core.c, machine_kexec.c before 5.7. The image lies where KASLR put it
    (kimage_voffset), the direct map begins at PAGE_OFFSET. `log` puts it into the machine."""
    start = direct.physical
    machine = Machine(AARCH64, release, version, image, direct, [(start, start + 64 * MIB)], start + 48 * MIB, page)
    new = bool(extra)
    machine.add_uts(0 if new else 4)
    written = log(machine)
    machine.symbol("_stext", b"\xcc" * 64)
    machine.say("NUMBER(VA_BITS)=48", f"NUMBER(kimage_voffset)={image.virtual - image.physical:#x}",
                f"NUMBER(PHYS_OFFSET)={start:#x}", *extra, f"KERNELOFFSET={offset:x}")
    return finish(machine, written, geometry=tables.AARCH64 if page == 4096 else tables.AARCH64_64K, keep=new)


def aarch64_debian(page, static):
    slide = 0x1f40000000
    return arm64("6.1.0-13-arm64", "#1 SMP Debian 6.1.55-1 (2023-09-29)",
                 Map(0xffff800008000000 + slide, GIB + 32 * MIB, 4 * MIB), Map(0xffff000000000000, GIB, 64 * MIB),
                 lambda machine: logs.ring(machine, texts.synthetic(texts.AARCH64), 13, static=static), page, slide,
                 ["NUMBER(TCR_EL1_T1SZ)=0x10", "NUMBER(KERNELPACMASK)=0x0"])


@kernel
def aarch64_6_1():
    return aarch64_debian(4096, static=False)


@kernel
def aarch64_6_1_pages_of_64k():
    return aarch64_debian(65536, static=True)


@kernel
def aarch64_4_18():
    """Before 5.4 the direct map was the upper half of the kernel's addresses, and the image lay below it."""
    return arm64("4.18.0-80.el8.aarch64", "#1 SMP Wed Mar 13 12:02:10 UTC 2019",
                 Map(0xffff000008080000, 2 * GIB + 0x80000, 4 * MIB), Map(0xffff800000000000, 2 * GIB, 64 * MIB),
                 lambda machine: logs.records(machine, texts.renamed(texts.synthetic(texts.AARCH64), machine), 32768),
                 65536, 0)


@kernel
def s390x_6_12():
    """Since 6.10 the image is mapped apart from memory (arch/s390/kernel/vmcore_info.c), here with memory from 0 on."""
    release, image = "6.12.0-55.el10.s390x", 0x3ffe0100000
    machine = Machine(S390X, release, "#1 SMP", Map(image, 32 * MIB, 4 * MIB), Map(0, 0, 64 * MIB), [(0, 64 * MIB)],
                      48 * MIB)
    machine.add_uts(0)
    log = logs.ring(machine, texts.filler(60) + texts.s390x(release), 13)
    machine.symbol("_stext", b"\x07" * 64)
    machine.symbol("high_memory", machine.pack("Q", 64 * MIB))
    machine.say("SAMODE31=2000", "EAMODE31=4000", "IDENTITYBASE=0", f"KERNELOFFSET={image:x}", f"KERNELOFFPHYS={32 * MIB:x}")
    return finish(machine, log)


def s390x(release, ring):
    """Up to 6.9 the kernel's addresses are the physical ones. VMCOREINFO: arch/s390/kernel/machine_kexec.c."""
    machine = Machine(S390X, release, "#1 SMP", Map(MIB, MIB, 4 * MIB), Map(8 * MIB, 8 * MIB, 56 * MIB), [(0, 64 * MIB)],
                      48 * MIB)
    machine.add_uts(0 if ring else 4)
    entries = texts.filler(100) + texts.s390x(release)
    log = logs.ring(machine, entries, 13, wide=False, first_id=1 << 33) if ring else logs.records(machine, entries, 8192)
    machine.symbol("swapper_pg_dir", bytes(4096), align=4096)
    machine.symbol("_stext", b"\x07" * 64)
    machine.symbol("lowcore_ptr", bytes(64))
    machine.symbol("high_memory", machine.pack("Q", 64 * MIB))
    machine.say("LENGTH(lowcore_ptr)=512")
    if ring:
        machine.say("SAMODE31=2000", "EAMODE31=4000", "KERNELOFFSET=0")
    return finish(machine, log, keep=ring)


@kernel
def s390x_5_14():
    return s390x("5.14.0-70.13.1.el9_0.s390x", ring=True)


@kernel
def s390x_4_18():
    return s390x("4.18.0-305.el8.s390x", ring=False)


def powerpc(architecture, release, order, ring):
    """The kernel runs in the direct map, at its beginning. VMCOREINFO: arch/powerpc/kernel/machine_kexec.c."""
    start = 0xc000000000000000
    machine = Machine(architecture, release, "#1 SMP", Map(start, 0, 16 * MIB), Map(start + 16 * MIB, 16 * MIB, 112 * MIB),
                      [(0, 128 * MIB)], 96 * MIB)
    machine.free["image"] += MIB
    machine.add_uts(0 if ring else 4)
    entries = texts.filler(30) + texts.ppc64(release, order)
    log = logs.ring(machine, entries, 13, wide=False) if ring else logs.records(machine, entries, 16384)
    machine.symbol("swapper_pg_dir", bytes(4096), align=4096)
    machine.symbol("_stext", b"\x60\0\0\0" * 16)
    machine.symbol("mmu_vmemmap_psize", machine.pack("I", 1))
    return finish(machine, log, keep=ring)


@kernel
def ppc64le_4_14():
    return powerpc(PPC64LE, "4.14.0-115.el7a.ppc64le", "LE", ring=False)


@kernel
def ppc64_3_10():
    return powerpc(PPC64, "3.10.0-957.el7.ppc64", "BE", ring=False)


@kernel
def ppc64_5_15():
    return powerpc(PPC64, "5.15.0-g5", "BE", ring=True)


@kernel
def riscv64_6_6():
    """VMCOREINFO: arch/riscv/kernel/crash_core.c (vmcore_info.c since 6.9). The image is mapped at KERNEL_LINK_ADDR."""
    start, link, offset = 2 * GIB, 0xffffffff80000000, 0xff60000000000000
    machine = Machine(RISCV64, "6.6.13-riscv64", "#1 SMP Debian 6.6.13-1 (2024-01-20)",
                      Map(link, start + 2 * MIB, 4 * MIB), Map(offset, start, 64 * MIB), [(start, start + 64 * MIB)],
                      start + 48 * MIB)
    machine.add_uts(0)
    log = logs.ring(machine, texts.filler(60) + texts.synthetic(texts.RISCV64), 13, static=True)
    machine.symbol("_stext", b"\x13\0\0\0" * 16)
    machine.say("NUMBER(VA_BITS)=57", f"NUMBER(phys_ram_base)={start}", f"NUMBER(PAGE_OFFSET)={offset:#x}",
                f"NUMBER(KERNEL_LINK_ADDR)={link:#x}", f"NUMBER(va_kernel_pa_offset)={link - start - 2 * MIB:#x}")
    return finish(machine, log, geometry=tables.RISCV64)
