"""What a machine's memory is kept in."""

import itertools
import struct
import zlib

ELF_ALIGNMENT = 4096
PN_XNUM = 0xffff        # e_phnum where section 0's sh_info holds the number: include/uapi/linux/elf.h


def runs(machine):
    """[(number of the first page, bytes)] of pages one behind the other."""
    found = []
    for number in sorted(machine.pages):
        if found and found[-1][0] + len(found[-1][1]) // machine.page == number:
            found[-1][1].extend(machine.pages[number])
        else:
            found.append((number, bytearray(machine.pages[number])))
    return found


def virtual_of(machine, physical):
    for area in (machine.image, machine.direct):
        if area.physical <= physical < area.physical + area.size:
            return physical - area.physical + area.virtual
    return 0


def align(number, to):
    return -(-number // to) * to


class Elf:
    """As kexec-tools and the kernel (kernel/kexec_file.c: crash_prepare_elf64_headers()) write it, with virtual addresses;
    or without, as QEMU's dump-guest-memory does without paging (dump/dump.c). `bits`: 32 or 64. `many`: the program headers
    are counted in a section header, as more than 65,534 must be. `left_out`: address and size of memory that is not in the
    file. `flags`: e_flags."""

    def __init__(self, machine, addresses=True, bits=0, notes=None, many=False, left_out=None, flags=0):
        self.machine, self.bits, self.flags = machine, bits or 8 * machine.architecture.word, flags
        self.notes = machine.notes() if notes is None else notes
        self.loads = []
        for number, content in runs(machine):
            physical = number * machine.page
            self.loads.append((virtual_of(machine, physical) if addresses else 0, physical, bytes(content)))
        header, one = (64, 56) if self.bits == 64 else (52, 32)
        count = len(self.loads) + 1 + bool(left_out)
        self.sections = header + one * count if many else 0
        self.notes_at = header + one * count + (64 if many else 0)
        at = align(self.notes_at + len(self.notes), ELF_ALIGNMENT)
        heads = [self.program_header(4, self.notes_at, 0, 0, len(self.notes))]
        self.offsets = []
        for virtual, physical, content in self.loads:
            heads.append(self.program_header(1, at, virtual, physical, len(content)))
            self.offsets.append(at)
            at += len(content)
        if left_out:
            heads.append(self.program_header(1, 0, 0, left_out[0], 0, left_out[1]))
        self.size = at
        self.head = self.file_header(PN_XNUM if many else count, header, one) + b"".join(heads)
        if many:
            self.head += machine.pack("IIQQQQIIQQ", 0, 0, 0, 0, 0, 0, 0, count, 0, 0)
        self.head += self.notes

    def file_header(self, count, header, one):
        machine = self.machine
        ident = b"\x7fELF" + bytes([self.bits // 32, 2 if machine.architecture.big_endian else 1, 1]) + bytes(9)
        layout = "HHIQQQIHHHHHH" if self.bits == 64 else "HHIIIIIHHHHHH"
        sections = (64, 1, 0) if self.sections else (0, 0, 0)
        return ident + machine.pack(layout, 4, machine.architecture.elf_machine, 1, 0, header, self.sections, self.flags,
                                    header, one, count, *sections)

    def program_header(self, kind, offset, virtual, physical, size, memory_size=0):
        flags, memory_size = 7 if kind == 1 else 0, memory_size or size
        if self.bits == 64:
            return self.machine.pack("IIQQQQQQ", kind, flags, offset, virtual, physical, size, memory_size, 0)
        return self.machine.pack("IIIIIIII", kind, offset, virtual, physical, size, memory_size, flags, 0)

    def bytes(self):
        content = bytearray(self.size)
        content[:len(self.head)] = self.head
        for offset, (_, _, load) in zip(self.offsets, self.loads):
            content[offset:offset + len(load)] = load
        return bytes(content)


def elf(machine, **options):
    return Elf(machine, **options).bytes()


COMPLETE, ZLIB, INCOMPLETE = 0, 1, 8        # status and flags of makedumpfile's diskdump_mod.h


class Diskdump:
    """makedumpfile's compressed format (diskdump_mod.h, 1.4 and later; IMPLEMENTATION): struct disk_dump_header, struct
    kdump_sub_header, two bitmaps, page descriptors, pages. `store` chooses the pages that are kept as they are."""

    def __init__(self, machine, version=6, level=31, status=ZLIB, notes=None, store=lambda number: number % 5 == 0,
                 split=None, memory_end=0, machine_name=""):
        self.machine, self.version, self.level, self.status, self.store = machine, version, level, status, store
        self.block, self.split = machine.page, split
        self.machine_name = machine_name or machine.architecture.name
        self.notes = machine.notes() if notes is None else notes
        self.max_mapnr = (memory_end or machine.memory[-1][1]) // machine.page
        self.bitmap_blocks = align(self.max_mapnr, 8 * self.block) // (8 * self.block)      # of one bitmap
        self.notes_at = self.block + 104
        self.sub_blocks = align(104 + len(self.notes), self.block) // self.block
        self.numbers = [number for number in sorted(machine.pages) if number < self.max_mapnr]
        self.room = len(self.numbers)           # for descriptors: of all pages, in each file of a split set too
        if split:
            self.numbers = [number for number in self.numbers if split[0] <= number < split[1]]

    def header(self):
        machine = self.machine
        names = ["Linux", machine.nodename, machine.release, machine.version, self.machine_name, "(none)"]
        head = b"KDUMP   " + machine.pack("I", self.version) + b"".join(name.encode().ljust(65, b"\0") for name in names)
        word = machine.architecture.word
        head = head.ljust(align(len(head), word), b"\0") + machine.pack("LL", machine.crash_time + 3, 0)
        return head + machine.pack("IIIIIIIIII", self.status, self.block, self.sub_blocks, 2 * self.bitmap_blocks,
                                   min(self.max_mapnr, 2**32 - 1), 0, 0, 0, 0, max(1, len(machine.cpus)))

    def sub_header(self):
        machine, start, end = self.machine, *(self.split or (0, 0))
        info = machine.vmcoreinfo()
        info_at = self.notes.find(info)
        places = (self.notes_at + info_at, len(info)) if info_at >= 0 else (0, 0)
        parts = machine.pack("LII", machine.mask(machine.phys_base), self.level, 1 if self.split else 0)
        parts += machine.pack("LLQLQLQL", start, end, *places, self.notes_at, len(self.notes), 0, 0)
        return parts + machine.pack("QQQ", start, end, self.max_mapnr)

    def bitmaps(self):
        """[(offset in the file, byte)] of the bitmaps' bytes that are not zero: the first bitmap is of memory that is there,
        the second of pages that are in the dump."""
        at, length = (1 + self.sub_blocks) * self.block, self.bitmap_blocks * self.block
        for base, numbers in ((at, self.known()), (at + length, sorted(self.machine.pages))):
            for place, group in itertools.groupby(numbers, lambda number: number // 8):
                yield base + place, sum(1 << number % 8 for number in group)

    def known(self):
        there = {number for begin, end in self.machine.memory
                 for number in range(begin // self.block, min(end // self.block, self.max_mapnr))}
        return sorted(there | set(self.machine.pages))

    def pieces(self):
        """[(offset, bytes)] in the order of the file."""
        yield 0, self.header()
        yield self.block, self.sub_header()
        yield self.notes_at, self.notes
        place, group = 0, bytearray()
        for at, value in self.bitmaps():
            if at != place + len(group):
                yield place, bytes(group)
                place, group = at, bytearray()
            group.append(value)
        yield place, bytes(group)
        descriptors_at = (1 + self.sub_blocks + 2 * self.bitmap_blocks) * self.block
        at, descriptors, pages, zeros = descriptors_at + 24 * self.room, b"", [], None
        for number in self.numbers:
            page = bytes(self.machine.pages[number])
            if not any(page) and zeros:
                descriptors += zeros            # zero pages share one place
                continue
            packed = zlib.compress(page, 1)
            flags = ZLIB
            if self.store(number) or len(packed) >= len(page):
                packed, flags = page, 0
            descriptor = self.machine.pack("QIIQ", at, len(packed), flags, 0)
            if not any(page):
                zeros = descriptor
            descriptors += descriptor
            pages.append((at, packed, number))
            at += len(packed)
        yield descriptors_at, descriptors
        self.places = {number: (where, len(packed)) for where, packed, number in pages}
        for where, packed, _ in pages:
            yield where, packed

    def bytes(self):
        content = bytearray()
        for offset, piece in self.pieces():
            content.extend(bytes(max(0, offset + len(piece) - len(content))))
            content[offset:offset + len(piece)] = piece
        return bytes(content)


def diskdump(machine, **options):
    return Diskdump(machine, **options).bytes()


def split(machine, parts=2, **options):
    """makedumpfile --split: each file has all of the bitmaps, and the pages of its share."""
    numbers = sorted(machine.pages)
    ends = [0, *(numbers[len(numbers) * i // parts] for i in range(1, parts)), machine.memory[-1][1] // machine.page]
    return [diskdump(machine, split=share, **options) for share in zip(ends, ends[1:])]


def flatten(content, block=10000, out_of_order=True, end=True):
    """makedumpfile -F: a header of 4096 bytes, then blocks, each behind its offset and size, all big endian (makedumpfile.h:
    struct makedumpfile_header, makedumpfile_data_header). The real one writes the file's header anew at the end: so does
    this."""
    blocks = [(at, content[at:at + block]) for at in range(0, len(content), block)]
    if out_of_order:
        blocks = [(0, b"\xff" * min(400, len(content)))] + blocks[1:] + blocks[:1]
    parts = [struct.pack(">16sqq", b"makedumpfile", 1, 1).ljust(4096, b"\0")]
    parts += [struct.pack(">qq", at, len(piece)) + piece for at, piece in blocks]
    return b"".join(parts) + (struct.pack(">qq", -1, -1) if end else b"")


def flatten_pieces(made):
    """The same of a dump in makedumpfile's compressed format as that writes it (1.7.2, and QEMU 7.2's dump-guest-memory):
    over what fills up the blocks of headers and bitmaps it seeks."""
    block, length = made.block, -(-made.max_mapnr // 8)
    bitmaps = (1 + made.sub_blocks) * block
    second = bitmaps + made.bitmap_blocks * block
    content = made.bytes()
    descriptors = bitmaps + 2 * made.bitmap_blocks * block
    spans = [(0, 464), (made.notes_at, made.notes_at + len(made.notes)), (block, block + 104),
             (bitmaps, bitmaps + length), (second, second + length)]
    spans += [(at, min(at + 65536, len(content))) for at in range(descriptors, len(content), 65536)]
    parts = [struct.pack(">16sqq", b"makedumpfile", 1, 1).ljust(4096, b"\0")]
    parts += [struct.pack(">qq", begin, end - begin) + content[begin:end] for begin, end in spans]
    return b"".join(parts) + struct.pack(">qq", -1, -1)


# What one machine is put into: the files of one dump.
FORMS = {
    "elf": lambda machine: [elf(machine)],
    "elf-qemu": lambda machine: [elf(machine, addresses=False)],
    "kdump": lambda machine: [diskdump(machine)],
    "flattened": lambda machine: [flatten(diskdump(machine))],
    "flattened-elf": lambda machine: [flatten(elf(machine))],
    "split": split,
}


def write_sparse(path, pieces, size):
    """Writes pieces at their offsets into a file of `size` bytes, with holes between. OSError: the file system cannot."""
    with open(path, "wb") as file:
        file.truncate(size)
        for offset, piece in pieces:
            file.seek(offset)
            file.write(piece)
