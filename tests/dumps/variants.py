"""Small dumps, each damaged in thousands of ways: numbers set to extremes, bits flipped, files cut.

A variant is made from the dump's name and a number alone, so that one that fails can be made again:
`python3 tests/dumps variant NAME NUMBER FILE`.
"""

import dataclasses
import functools
import random
import re
import struct

from . import containers, kernels

SEED = "kdump-triage"
EXTREMES = (0, 1, 2, 3, 7, 0x7f, 0x80, 0xff, 4095, 4096, 4097, 0x7fff, 0x8000, 0xffff, 65536, 0x7fffffff, 0x80000000,
            0xffffffff, 2**40, 2**47, 2**63 - 1, 2**63, 2**64 - 1, 2**64 - 8, 2**64 - 4096, 0xffff800000000000,
            0xffffffff80000000)


@dataclasses.dataclass
class Target:
    """A dump, and where in it damage hurts: [(offset, length)] by kind."""
    content: bytes
    big_endian: bool
    places: dict
    wrap: object = None     # what is done to the damaged bytes at the end: flattening


class ElfPlaces:
    def __init__(self, machine):
        self.made = containers.Elf(machine)
        self.content = self.made.bytes()
        self.places = {"header": [(0, self.made.notes_at)], "notes": [(self.made.notes_at, len(self.made.notes))]}

    def of_memory(self, physical):
        for offset, (_, begin, content) in zip(self.made.offsets, self.made.loads):
            if begin <= physical < begin + len(content):
                return offset + physical - begin


class DiskdumpPlaces:
    """All pages are stored as they are but each fifth: so damage in the log's structures stays damage of one number."""

    def __init__(self, machine):
        self.made = made = containers.Diskdump(machine, store=lambda number: number % 5)
        self.content = made.bytes()
        bitmaps = (1 + made.sub_blocks) * made.block
        descriptors = bitmaps + 2 * made.bitmap_blocks * made.block
        self.places = {"header": [(0, 464)], "sub header": [(made.block, 104)], "notes": [(made.notes_at, len(made.notes))],
                       "bitmaps": [(at, 1) for at, _ in made.bitmaps()] + [(bitmaps, descriptors - bitmaps)],
                       "descriptors": [(descriptors, 24 * len(made.numbers))],
                       "packed": [(at, 40) for number, (at, length) in made.places.items() if length < made.block]}

    def of_memory(self, physical):
        number, offset = divmod(physical, self.made.block)
        at, length = self.made.places.get(number, (0, 0))
        return at + offset if length == self.made.block else None


def target(name, make, wrap=None):
    kernel = kernels.KERNELS[name]()
    made, machine = make(kernel.machine), kernel.machine
    info_at = made.content.find(machine.vmcoreinfo())
    found = [(info_at + match.start(1), len(match[1]))
             for match in re.finditer(rb"=([0-9a-fx-]+)\n", machine.vmcoreinfo())]
    # SYMBOL, OFFSET, SIZE: what leads to the log is met more often than the rest.
    near = [(info_at + match.start(1), len(match[1]))
            for match in re.finditer(rb"(?:log|prb|printk|counter|phys|PAGE|swapper|pgt|voffset)[^=\n]*=([0-9a-fx-]+)\n",
                                     machine.vmcoreinfo())]
    log = [made.of_memory(machine.physical(address)) for address in machine.symbols.values()
           if made.of_memory(machine.physical(address))]
    text = made.of_memory(machine.physical(kernel.log.place))
    made.places |= {"vmcoreinfo": found, "vmcoreinfo of the log": near, "symbols": [(at, 96) for at in log]}
    made.places["log"] = [(text, kernel.log.size)] if text else [(made.content.find(b"usb 1-"), 4096)]
    if "prb" in machine.symbols:
        # Descriptors and infos lie before the text.
        size = (kernel.log.size >> 5) * 112
        made.places["descriptors of the log"] = [(max(0, (text or 0) - size), size)]
    roots = ("init_top_pgt", "init_level4_pgt", "swapper_pg_dir")
    at = made.of_memory(machine.physical(next(machine.symbols[root] for root in roots if root in machine.symbols)))
    if at:
        made.places["page tables"] = [(at, machine.page * 3)]
    return Target(made.content, machine.architecture.big_endian, made.places, wrap)


TARGETS = {
    "ring-elf": lambda: target("x86_64_6_1_odd", ElfPlaces),
    "ring-kdump": lambda: target("x86_64_6_1_wrapped", DiskdumpPlaces),
    "ring-flattened": lambda: target("x86_64_6_1_wrapped", DiskdumpPlaces, wrap=True),
    "ring-elf32": lambda: target("i386_6_1", ElfPlaces),
    "records-elf": lambda: target("el7_soft_lockup_wrapped", ElfPlaces),
    "records-kdump-big-endian": lambda: target("s390x_4_18", DiskdumpPlaces),
    "records-kdump": lambda: target("x86_64_5_4_caller", DiskdumpPlaces),
    "characters-elf": lambda: target("x86_64_2_6_32_wrapped", ElfPlaces),
}


@functools.cache
def made(name):
    return TARGETS[name]()


def number(dice, old, size):
    bit, any_ = 1 << dice.randrange(8 * size), dice.getrandbits(8 * size)
    near = old + 1, old - 1, old * 2, old // 2, -old, old + 4096, old ^ bit, any_
    return dice.choice(EXTREMES if dice.random() < 0.6 else near) & (1 << 8 * size) - 1


def digits(dice, old):
    """Another number in the same place."""
    length = len(old)
    any_ = bytes(dice.choice(b"0123456789abcdef") for _ in range(length))
    return dice.choice((b"f" * length, b"0" * length, b"9" * length, b"7" + b"f" * (length - 1), b"-" + b"1" * (length - 1),
                        b"1" + b"0" * (length - 1), b"x" * length, any_, old[:-1] + any_[:1], b"8".rjust(length, b"0")))


def damage(content, dice, target_):
    """One wound; gives what was done."""
    kind = dice.choice([*target_.places, "anywhere"])
    begin, length = dice.choice(target_.places.get(kind) or [(0, len(content))])
    length = max(1, min(length, len(content) - begin))
    if kind.startswith("vmcoreinfo"):
        content[begin:begin + length] = digits(dice, bytes(content[begin:begin + length]))
        return f"{kind} at {begin}: {bytes(content[begin:begin + length])}"
    at = begin + dice.randrange(length)
    if dice.random() < 0.2:
        content[at] ^= 1 << dice.randrange(8)
        return f"{kind} at {at}: a bit"
    size = dice.choice((1, 2, 4, 4, 8, 8))
    at = at // size * size
    order = "big" if target_.big_endian else "little"
    value = number(dice, int.from_bytes(content[at:at + size], order), size)
    if at + size <= len(content):
        content[at:at + size] = value.to_bytes(size, order)
    return f"{kind} at {at}: {size} bytes, {value:#x}"


def damage_flattened(content, dice):
    """The same to the headers of a flattened file's blocks."""
    at, heads = 4096, []
    while at + 16 <= len(content):
        heads.append(at)
        size = struct.unpack(">q", content[at + 8:at + 16])[0]
        if size < 0:
            break
        at += 16 + size
    at = dice.choice([*heads, *heads, 0, 16, 24]) + dice.choice((0, 8))
    content[at:at + 8] = number(dice, int.from_bytes(content[at:at + 8], "big"), 8).to_bytes(8, "big")
    return f"the flattened file at {at}: {bytes(content[at:at + 8]).hex()}"


def variant(name, which):
    """(bytes, what was done to them)."""
    target_, dice = made(name), random.Random(f"{SEED}:{name}:{which}")
    content, told = bytearray(target_.content), []
    cut = dice.random() < 0.15
    for _ in range(dice.choice((0, 1)) if cut else dice.choice((1, 1, 1, 2, 4, 12))):
        told.append(damage(content, dice, target_))
    if target_.wrap:
        content = bytearray(containers.flatten(bytes(content), block=dice.choice((512, 3000, 10000, 65536)),
                                               out_of_order=dice.random() < 0.5, end=dice.random() < 0.9))
        if dice.random() < 0.5:
            told.append(damage_flattened(content, dice))
    if cut:
        # Half of the cuts within the first part, where the headers are.
        at = dice.randrange(len(content) if dice.random() < 0.5 else min(len(content), 12288))
        del content[at:]
        told.append(f"cut at {at}")
    return bytes(content), "; ".join(told)
