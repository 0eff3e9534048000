"""Dumps of some ten KiB that claim a log of gigabytes: page tables of three pages lead from 512 GiB of addresses to one page
of memory again and again, or to none."""

import struct

from . import containers, lies

PLACE = 0xffffc90000000000      # where vmalloc()'s memory begins; nothing else is mapped there
SIZE_BITS = 31                  # LOG_BUF_LEN_MAX of kernel/printk/printk.c
# Each form of the log, and the kernel that is made to claim it.
KERNELS = {"ring": "x86_64_6_1", "records": "x86_64_4_19", "characters": "x86_64_2_6_32"}


def lead_to_one_page(machine, content):
    """Every entry of every table leads to the same next one. `content`: of the page at the end; None: the dump has none."""
    last = machine.memory[-1][1] - machine.page if content is None else machine.physical(
        machine.place(content.ljust(machine.page, b"\0"), "direct", machine.page))
    for _ in range(3):
        entry = machine.pack("Q", last | 0x63)
        last = machine.physical(machine.place(entry * (machine.page // 8), "direct", machine.page))
    root = machine.symbols.get("init_top_pgt") or machine.symbols["init_level4_pgt"]
    machine.put(root + (PLACE >> 39 & 511) * 8, machine.pack("Q", last | 0x63))


def claim_ring(machine):
    """struct printk_ringbuffer of 2^26 descriptors: see logs.py, Ring.write()."""
    word, place = machine.architecture.word, machine.symbols["printk_rb_static"]
    count_bits = SIZE_BITS - 5
    head = 2**40
    machine.put(place, machine.pack("I", count_bits).ljust(word, b"\0") +
                machine.pack("LLLL", PLACE, PLACE + (64 << 30), head, head - 2**count_bits + 1))
    machine.put(place + 6 * word, machine.pack("I", SIZE_BITS).ljust(word, b"\0") + machine.pack("L", PLACE + (128 << 30)))


def claim_records(machine):
    for name, content in (("log_buf", machine.pack("L", PLACE)), ("log_buf_len", machine.pack("I", 1 << SIZE_BITS)),
                          ("log_first_idx", machine.pack("I", 4096)), ("log_next_idx", machine.pack("I", 4096 - 4))):
        machine.put(machine.symbols[name], content)


def claim_characters(machine):
    for name, content in (("log_buf", machine.pack("L", PLACE)), ("log_buf_len", machine.pack("I", 1 << SIZE_BITS)),
                          ("log_end", machine.pack("I", 2**32 - 1))):
        machine.put(machine.symbols[name], content)


CLAIMS = {"ring": claim_ring, "records": claim_records, "characters": claim_characters}
PAGES = {
    "zeros": b"",
    "ones": b"\xff" * 4096,
    "records": struct.pack("<QHHHBB", 10**9, 32, 16, 0, 0, 0xc6).ljust(32, b".") * 128,
    "damaged records": (struct.pack("<QHHHBB", 10**9, 32, 16, 0, 0, 0xc6).ljust(32, b".") * 3).ljust(128, b"\xff") * 32,
    "descriptors": b"".join(struct.pack("<QQQ", 2 << 62 | 2**40 + i, 0, 16) for i in range(170)),
    "lines": b"<4>[    1.000000] BUG: unable to handle kernel NULL pointer dereference at 0000000000000088\n" * 43,
    "nothing": None,
}


def dump(form, page, claimed):
    """`claimed`: bytes of memory that the dump says were left out."""
    kernel = lies.fresh(KERNELS[form])
    machine = kernel.machine
    lead_to_one_page(machine, PAGES[page])
    CLAIMS[form](machine)
    return containers.elf(machine, left_out=(machine.memory[-1][1], claimed) if claimed else None)


def broken_diskdump(form):
    """In makedumpfile's format, of a machine of 4 GiB, and the last of the page tables does not unpack."""
    kernel = lies.fresh(KERNELS[form])
    machine = kernel.machine
    lead_to_one_page(machine, b"")
    CLAIMS[form](machine)
    made = containers.Diskdump(machine, memory_end=4 << 30, store=lambda number: False)
    content = bytearray(made.bytes())
    # The root leads to the first table, that to the second, and so on.
    root = machine.symbols.get("init_top_pgt") or machine.symbols["init_level4_pgt"]
    table = machine.physical(root) + (PLACE >> 39 & 511) * 8
    for _ in range(3):
        table = int.from_bytes(machine.get_physical(table, 8), "little") & ~0xfff
    at, length = made.places[table // machine.page]
    content[at:at + length] = b"\xa5" * length
    return bytes(content)
