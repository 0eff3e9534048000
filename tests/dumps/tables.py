"""Page tables of some architectures, for both areas of a machine."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Geometry:
    page_bits: int
    level_bits: tuple       # of an address, per level from the top
    entry: int              # bytes
    table: object           # makes an entry from the physical address of a table,
    page: object            # of a page,
    huge: object            # of what the level above the last maps in one piece; None: not used here


# Intel's Software Developer's Manual, volume 3, chapter 4; arch/x86/include/asm/pgtable_types.h: _KERNPG_TABLE, _PAGE_PSE.
X86 = {"entry": 8, "table": lambda at: at | 0x63, "page": lambda at: at | 0x63, "huge": lambda at: at | 0xe3}
X86_64 = Geometry(12, (9, 9, 9, 9), **X86)
X86_64_5_LEVELS = Geometry(12, (9, 9, 9, 9, 9), **X86)
I386 = Geometry(12, (10, 10), **{**X86, "entry": 4})
# Arm Architecture Reference Manual, D8.3; arch/arm64/include/asm/pgtable-hwdef.h: a block has bit 1 clear; 0x700: AF, SH.
ARM64 = {"entry": 8, "table": lambda at: at | 3, "page": lambda at: at | 0x703, "huge": lambda at: at | 0x701}
AARCH64 = Geometry(12, (9, 9, 9, 9), **ARM64)
AARCH64_64K = Geometry(16, (6, 13, 13), **{**ARM64, "huge": None})
# RISC-V Privileged Architecture, 4.4 to 4.6, Sv57; arch/riscv/include/asm/pgtable-bits.h: V; V R W X G A D.
RISCV64 = Geometry(12, (9, 9, 9, 9, 9), 8, lambda at: at >> 2 | 1, lambda at: at >> 2 | 0xef, lambda at: at >> 2 | 0xef)


def write(machine, root, geometry, small=False):
    """Maps both areas; `small`: the direct map by single pages, where something lies."""
    tables = {machine.physical(root): {}}
    below = {}                              # (table, index): physical address of the table below
    last = len(geometry.level_bits)

    def enter(virtual, physical, levels, make):
        table, shift = machine.physical(root), geometry.page_bits + sum(geometry.level_bits)
        for level, bits in enumerate(geometry.level_bits[:levels], 1):
            shift -= bits
            index = virtual >> shift & (1 << bits) - 1
            if level == levels:
                tables[table][index] = make(physical)
                return
            if (table, index) not in below:
                place = machine.physical(machine.place(bytes(machine.page), align=machine.page))
                tables[place], below[table, index] = {}, place
                tables[table][index] = geometry.table(place)
            table = below[table, index]

    page, huge = 1 << geometry.page_bits, 1 << geometry.page_bits + geometry.level_bits[-1]
    for area in (machine.image, machine.direct):
        if geometry.huge and not (small and area is machine.direct):
            for offset in range(0, area.size, huge):
                enter(area.virtual + offset, area.physical + offset, last - 1, geometry.huge)
            continue
        for physical in (range(area.physical, area.physical + area.size, page) if area is machine.image else
                         [number * page for number in sorted(machine.pages)]):
            if area.physical <= physical < area.physical + area.size:
                enter(area.virtual + physical - area.physical, physical, last, geometry.page)
    order = "big" if machine.architecture.big_endian else "little"
    for table, entries in tables.items():
        for index, value in entries.items():
            machine.put_physical(table + index * geometry.entry, value.to_bytes(geometry.entry, order))
