"""Dumps that lack something, lie about themselves, or are far too large."""

import struct

from . import containers, kernels

TIB = 1 << 40


def without_note(machine):
    """What QEMU writes without a vmcoreinfo device, and virsh dump: registers only."""
    return machine.notes(vmcoreinfo=b"")


def patched(content, *changes):
    """Numbers in place of others: (offset, bytes)."""
    content = bytearray(content)
    for offset, piece in changes:
        content[offset:offset + len(piece)] = piece
    return bytes(content)


def fresh(name):
    """A kernel of one's own, to be altered."""
    return kernels.KERNELS[name]()


def place_in_log(kernel, share):
    """The physical address of what was logged so far into the log."""
    text = (kernel.log.text and kernel.log.text[int(len(kernel.log.text) * share):][:64] or
            kernel.log.records[int(len(kernel.log.records) * share)].text)
    begin = kernel.machine.physical(kernel.log.place)
    return begin + kernel.machine.get_physical(begin, kernel.log.size).index(text)


def elf_cut_in_log(name, share=0.5):
    """The log's text is the last that is lost: what leads to it lies before it."""
    kernel = fresh(name)
    made = containers.Elf(kernel.machine)
    at = place_in_log(kernel, share)
    for offset, (_, begin, content) in zip(made.offsets, made.loads):
        if begin <= at < begin + len(content):
            return made.bytes()[:offset + at - begin]
    raise ValueError("the log is not in the dump")


def diskdump_cut_in_log(name, share=0.5):
    """The same, in the middle of a page that is not packed."""
    kernel = fresh(name)
    made = containers.Diskdump(kernel.machine, store=lambda number: True)
    content, (number, offset) = made.bytes(), divmod(place_in_log(kernel, share), kernel.machine.page)
    return content[:made.places[number][0] + offset]


def diskdump_with_broken_page(name, share=0.5):
    """One page of the log's text does not unpack; the rest is whole."""
    kernel = fresh(name)
    made = containers.Diskdump(kernel.machine, store=lambda number: False)
    content = bytearray(made.bytes())
    at, length = made.places[place_in_log(kernel, share) // kernel.machine.page]
    content[at:at + length] = b"\xa5" * length
    return bytes(content)


def diskdump_unfinished(kernel, share):
    """makedumpfile was killed when that share of the pages was written: the other descriptors stay zeros."""
    made = containers.Diskdump(kernel.machine)
    content = bytearray(made.bytes())
    begin = (1 + made.sub_blocks + 2 * made.bitmap_blocks) * made.block
    written = int(len(made.numbers) * share)
    end, = struct.unpack_from(kernel.machine.order + "Q", content, begin + 24 * written)
    content[begin + 24 * written:begin + 24 * len(made.numbers)] = bytes(24 * (len(made.numbers) - written))
    return bytes(content[:end])


def large_elf(path, name):
    """A machine of 1 TiB: one program header covers all of it, the file is all holes but for the kernel."""
    kernel = fresh(name)
    machine = kernel.machine
    made = containers.Elf(machine)
    start = containers.align(made.notes_at + len(made.notes), 4096)
    heads = [made.program_header(4, made.notes_at, 0, 0, len(made.notes)),
             made.program_header(1, start + machine.image.physical, machine.image.virtual, machine.image.physical,
                                 machine.image.size),
             made.program_header(1, start, machine.direct.virtual, 0, TIB)]
    made.notes_at = 64 + 56 * len(heads)
    heads[0] = made.program_header(4, made.notes_at, 0, 0, len(made.notes))
    head = made.file_header(len(heads), 64, 56) + b"".join(heads) + made.notes
    pages = [(start + number * machine.page, page) for number, page in machine.pages.items()]
    containers.write_sparse(path, [(0, head), *pages], start + TIB)
    return kernel


def large_diskdump(path, name):
    """The same in makedumpfile's format: bitmaps of 32 MiB each."""
    kernel = fresh(name)
    last = TIB // kernel.machine.page - 1
    kernel.machine.pages[last] = bytearray(b"the last page".ljust(kernel.machine.page, b"."))
    made = containers.Diskdump(kernel.machine, memory_end=TIB)
    pieces = list(made.pieces())
    containers.write_sparse(path, pieces, max(at + len(piece) for at, piece in pieces))
    return kernel


def elf_lies():
    """{what it says: bytes} of headers that claim what cannot be."""
    kernel = kernels.made("x86_64_6_1")
    made = containers.Elf(kernel.machine)
    content, notes_at, first, second = made.bytes(), made.notes_at, 64, 64 + 56
    huge = struct.pack("<Q", 2**62)
    return {
        "65,535 program headers": patched(content, (56, b"\xff\xff")),
        "65,534 program headers": patched(content, (56, b"\xfe\xff")),
        "no program headers": patched(content, (56, b"\0\0")),
        "program headers behind the end": patched(content, (32, huge)),
        "program headers of no size": patched(content, (54, b"\0\0")),
        "notes of 4 EiB": patched(content, (first + 32, huge)),
        "notes behind the end": patched(content, (first + 8, huge)),
        "a note of 4 GiB": patched(content, (notes_at + 4, b"\xff\xff\xff\xff")),
        "a note with a name of 4 GiB": patched(content, (notes_at, b"\xff\xff\xff\xff")),
        "memory of 16 EiB": patched(content, (second + 40, b"\xff" * 8)),
        "a file part of 16 EiB": patched(content, (second + 32, b"\xff" * 8)),
        "memory behind the end": patched(content, (second + 8, huge)),
        "memory at the end of all addresses": patched(content, (second + 24, b"\xff" * 8)),
        "another machine": patched(content, (18, b"\x03\0")),
        "no machine": patched(content, (18, b"\xff\xff")),
        "the other byte order": patched(content, (5, b"\2")),
        "32 bits": patched(content, (4, b"\1")),
        "all the notes are 0xff": patched(content, (notes_at, b"\xff" * len(made.notes))),
    }


def diskdump_lies():
    kernel = kernels.made("x86_64_6_1")
    made = containers.Diskdump(kernel.machine)
    content, sub = made.bytes(), made.block
    bitmaps, size = (1 + made.sub_blocks) * made.block, made.bitmap_blocks * made.block
    descriptors = bitmaps + 2 * size
    everything, ones = struct.pack("<I", 0xffffffff), b"\xff" * 8
    header = {"version": 8, "status": 424, "block size": 428, "sub header blocks": 432, "bitmap blocks": 436, "pages": 440,
              "CPUs": 460}

    def descriptors_with(offset, piece):
        return patched(content, *((descriptors + 24 * i + offset, piece) for i in range(len(made.numbers))))

    lies = {f"{name} {value:#x}": patched(content, (at, struct.pack("<I", value)))
            for name, at in header.items() for value in (0, 1, 3, 0x1001, 0x7fffffff, 0x80000000, 0xffffffff)}
    lies |= {f"sub header at {at}: {value:#x}": patched(content, (sub + at, struct.pack("<Q", value)))
             for at in range(0, 104, 8) for value in (0, 1, 2**32, 2**40, 2**62, 2**64 - 1)}
    return lies | {
        "no page is there": patched(content, (bitmaps, bytes(2 * size))),
        "no page is in the dump": patched(content, (bitmaps + size, bytes(size))),
        "every page is in the dump": patched(content, (bitmaps, ones * (2 * size // 8))),
        "the bitmaps disagree": patched(content, (bitmaps, ones * (size // 8))),
        "pages lie behind the end": descriptors_with(0, ones),
        "pages lie in the header": descriptors_with(0, bytes(8)),
        "pages of 4 GiB": descriptors_with(8, everything),
        "pages of no bytes": descriptors_with(8, bytes(4)),
        "pages packed in every way": descriptors_with(12, everything),
        "pages packed in no known way": descriptors_with(12, b"\0\1\0\0"),
    }
