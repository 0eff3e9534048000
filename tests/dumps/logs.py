"""The kernel log in its three formats, put into a machine's memory as the kernel would have."""

import collections
import dataclasses


@dataclasses.dataclass
class Record:
    """One printk()."""
    time: int               # ns since boot
    text: bytes
    level: int = 6
    facility: int = 0
    caller: int = 0         # a thread, or 0x80000000 + a CPU: CONFIG_PRINTK_CALLER
    extra: bytes = b""      # the dictionary: SUBSYSTEM=, DEVICE=
    state: str = "finalized"    # in the ring: or committed, reserved (being written), missing (another record's id)
    claims: int = -1        # a text length that the record claims and does not have


# A header of zeros says that the next record is at the buffer's begin. vmcore-dmesg(8) prints it as if it were a record, up
# to 2.0.25 at least, and so does `kdump-triage dmesg`.
END_MARK = Record(0, b"")


@dataclasses.dataclass
class Log:
    """What was put into a machine."""
    format: str             # as the program's JSON calls it
    records: list           # those that can still be read, oldest first; of a wrapped buffer of records, END_MARK among them
    text: bytes = b""       # of the character buffer
    place: int = 0          # where the text lies: virtual address
    size: int = 0


def characters(machine, records, length, begins=0, where="image"):
    """Up to 3.4: kernel/printk.c keeps the characters, with level and time, in log_buf[log_end & (log_buf_len - 1)].
    VMCOREINFO: log_buf_kexec_setup(). `begins`: what log_end was at first."""
    text = b"".join(b"<%d>[%5d.%06d] %b\n" % (record.level, *divmod(record.time // 1000, 1000000), record.text)
                    for record in records)
    end, kept = begins + len(text), text[-length:]
    ring = bytearray(length)
    for i, character in enumerate(kept):
        ring[(end - len(kept) + i) % length] = character
    place = machine.place(ring, where, 16)
    machine.pointer("log_buf", place)
    machine.symbol("log_end", machine.pack("I", end % 2**32), align=4)
    machine.symbol("log_buf_len", machine.pack("I", length), align=4)
    machine.symbol("logged_chars", machine.pack("I", min(end, length)), align=4)
    return Log("characters", records, kept, place, length)


def records(machine, entries, length, name="printk_log", caller=False, old_level=False, where="image"):
    """3.5 to 5.9: struct log (3.5 to 3.10), struct printk_log (since 3.11); log_store() and log_make_free_space() of
    kernel/printk/printk.c. `caller`: CONFIG_PRINTK_CALLER, since 5.1. `old_level`: 3.5's u16 for facility and level."""
    align = machine.architecture.text_alignment
    header = -(-(20 if caller else 16) // align) * align
    ring, kept = bytearray(length), collections.deque()
    first = next_ = 0

    def bits(record):
        # u8 flags:5, level:3. Bit fields begin at the lowest bit on little endian, at the highest on big endian.
        newline = 2
        return newline << 3 | record.level if machine.architecture.big_endian else record.level << 5 | newline

    for record in entries:
        size = -(-(header + len(record.text) + len(record.extra)) // align) * align
        while kept:
            free = max(length - next_, first) if next_ > first else first - next_
            if free > size + header:
                break
            kept.popleft()
            first = kept[0][0] if kept else next_
        if next_ + size + header > length:
            ring[next_:next_ + header] = bytes(header)     # the mark to go on at the beginning
            next_ = 0
            first = kept[0][0] if kept else 0
        level = (machine.pack("H", record.facility << 3 | record.level) if old_level else
                 machine.pack("BB", record.facility, bits(record)))
        packed = machine.pack("QHHH", record.time, size, len(record.text) if record.claims < 0 else record.claims,
                              len(record.extra)) + level + (machine.pack("I", record.caller) if caller else b"")
        ring[next_:next_ + size] = (packed.ljust(header, b"\0") + record.text + record.extra).ljust(size, b"\0")
        kept.append((next_, record))
        next_ += size

    place = machine.place(ring, where, 16)
    machine.pointer("log_buf", place)
    machine.symbol("log_buf_len", machine.pack("I", length), align=4)
    machine.symbol("log_first_idx", machine.pack("I", first), align=4)
    if name == "printk_log":
        machine.symbol("clear_idx", machine.pack("I", 0), align=4)      # exported since 4.0 or so
    machine.symbol("log_next_idx", machine.pack("I", next_), align=4)
    machine.say(f"SIZE({name})={header}", f"OFFSET({name}.ts_nsec)=0", f"OFFSET({name}.len)=8",
                f"OFFSET({name}.text_len)=10", f"OFFSET({name}.dict_len)=12")
    if caller:
        machine.say(f"OFFSET({name}.caller_id)=16")
    told = [record for _, record in kept]
    if kept and kept[0][0] > kept[-1][0]:
        told.insert(sum(1 for at, _ in kept if at >= first), END_MARK)
    return Log("records", told, place=place, size=length)


STATES = {"reserved": 0, "committed": 1, "finalized": 2, "reusable": 3}
NO_DATA = 3     # NO_LPOS: begin and next of a record without text


class Ring:
    """Since 5.10: struct printk_ringbuffer, kernel/printk/printk_ringbuffer.[ch]; prb_reserve(), data_alloc(),
    data_push_tail(), desc_push_tail(). `wide`: with last_finalized_id behind tail_id, since 5.19. VMCOREINFO:
    log_buf_vmcoreinfo_setup()."""

    def __init__(self, machine, size_bits, wide=True, first_id=None, first_position=None):
        # A descriptor for each 32 bytes of text: PRB_AVGBITS, kernel/printk/printk.c.
        self.machine, self.wide, self.count_bits, self.size_bits = machine, wide, size_bits - 5, size_bits
        self.word = machine.architecture.word
        self.count, self.size = 1 << self.count_bits, 1 << size_bits
        self.id_mask = (1 << 8 * self.word - 2) - 1
        self.head = (first_id - 1 if first_id is not None else -(self.count + 1)) & self.id_mask     # DESC0_ID
        self.tail = self.head
        self.head_position = self.tail_position = machine.mask(first_position if first_position is not None else -self.size)
        self.descriptors = {self.head % self.count: ["reusable", self.head, 1, 1]}       # state, id, begin, next
        self.infos, self.blocks, self.data, self.sequence = {}, collections.deque(), bytearray(self.size), 0
        self.kept = {}

    def wraps(self, position):
        return position >> self.size_bits

    def reuse(self, identity):
        descriptor = self.descriptors[identity % self.count]
        if descriptor[1] == identity:
            descriptor[0] = "reusable"
            self.kept.pop(identity, None)

    def push_data(self, room_until):
        """Frees the oldest blocks until `room_until`, a distance from the tail."""
        while room_until > 0:
            begin, next_, identity = self.blocks.popleft()
            self.reuse(identity)
            room_until -= self.machine.mask(next_ - begin)
            self.tail_position = next_

    def allocate(self, size, identity):
        size = -(-(size + self.word) // self.word) * self.word
        begin, mask = self.head_position, self.machine.mask
        next_ = mask(begin + size)
        if self.wraps(begin) != self.wraps(next_):
            next_ = mask((self.wraps(next_) << self.size_bits) + size)
        self.push_data(mask(next_ - self.tail_position) - self.size)
        self.head_position = next_
        self.blocks.append((begin, next_, identity))
        return begin, next_

    def add(self, record):
        identity = self.head + 1 & self.id_mask
        if identity - self.count & self.id_mask == self.tail:
            if self.blocks and self.blocks[0][2] == self.tail:
                self.push_data(1)
            self.reuse(self.tail)
            self.tail = self.tail + 1 & self.id_mask
        self.head = identity
        begin = next_ = NO_DATA
        if record.text:
            # vprintk_store() reserves a byte more than it writes.
            begin, next_ = self.allocate(len(record.text) + (record.claims < 0), identity)
            at, tag = begin % self.size, self.machine.pack("L", identity)
            self.data[at:at + self.word] = tag
            if self.wraps(begin) != self.wraps(next_):
                at = 0
                self.data[:self.word] = tag
            self.data[at + self.word:at + self.word + len(record.text)] = record.text
        state, shown = record.state, identity
        if state == "missing":
            state, shown = "reusable", identity - self.count & self.id_mask
        self.descriptors[identity % self.count] = [state, shown, begin, next_]
        extra = record.extra.ljust(64, b"\0")
        length = len(record.text) if record.claims < 0 else record.claims
        flags = 2 << 3 | record.level if self.machine.architecture.big_endian else record.level << 5 | 2
        self.infos[identity % self.count] = self.machine.pack(
            "QQHBBI", self.sequence, record.time, length, record.facility, flags, record.caller) + extra
        self.sequence += 1
        if record.state in ("finalized", "committed"):
            self.kept[identity] = record

    def write(self, static=False, where="direct"):
        """Puts all of it into memory: into the image (__log_buf) while static, else where memblock gave room."""
        machine, pack = self.machine, self.machine.pack
        where = "image" if static else where
        zero = bytes(3 * self.word)
        descriptors = b"".join(
            pack("LLL", identity | STATES[state] << 8 * self.word - 2, begin, next_) if entry else zero
            for entry in (self.descriptors.get(i) for i in range(self.count))
            for state, identity, begin, next_ in [entry or (0, 0, 0, 0)])
        infos = b"".join(self.infos.get(i, bytes(88)) for i in range(self.count))
        places = [machine.place(part, where, 16) for part in (descriptors, infos, self.data)]
        # The 4 bytes behind a 4-byte number are padding where a long has 8.
        number = lambda value: pack("I", value).ljust(self.word, b"\0")
        ring = number(self.count_bits) + pack("LLLL", places[0], places[1], self.head, self.tail)
        ring += pack("L", self.head) if self.wide else b""
        size = len(ring)
        ring += number(self.size_bits) + pack("LLL", places[2], self.head_position, self.tail_position) + pack("L", 0)
        static_ = machine.place(ring, align=32)
        machine.pointer("prb", static_)
        machine.symbols["printk_rb_static"] = static_
        word = self.word
        machine.say(
            f"SYMBOL(printk_rb_static)={static_:x}", f"SIZE(printk_ringbuffer)={len(ring)}",
            "OFFSET(printk_ringbuffer.desc_ring)=0", f"OFFSET(printk_ringbuffer.text_data_ring)={size}",
            f"OFFSET(printk_ringbuffer.fail)={len(ring) - word}", f"SIZE(prb_desc_ring)={size}",
            "OFFSET(prb_desc_ring.count_bits)=0", f"OFFSET(prb_desc_ring.descs)={word}",
            f"OFFSET(prb_desc_ring.infos)={2 * word}", f"OFFSET(prb_desc_ring.head_id)={3 * word}",
            f"OFFSET(prb_desc_ring.tail_id)={4 * word}", f"SIZE(prb_desc)={3 * word}",
            "OFFSET(prb_desc.state_var)=0", f"OFFSET(prb_desc.text_blk_lpos)={word}", f"SIZE(prb_data_blk_lpos)={2 * word}",
            "OFFSET(prb_data_blk_lpos.begin)=0", f"OFFSET(prb_data_blk_lpos.next)={word}", "SIZE(printk_info)=88",
            "OFFSET(printk_info.seq)=0", "OFFSET(printk_info.ts_nsec)=8", "OFFSET(printk_info.text_len)=16",
            "OFFSET(printk_info.caller_id)=20", "OFFSET(printk_info.dev_info)=24", "SIZE(dev_printk_info)=64",
            "OFFSET(dev_printk_info.subsystem)=0", "LENGTH(printk_info_subsystem)=16", "OFFSET(dev_printk_info.device)=16",
            "LENGTH(printk_info_device)=48", f"SIZE(prb_data_ring)={4 * word}", "OFFSET(prb_data_ring.size_bits)=0",
            f"OFFSET(prb_data_ring.data)={word}", f"OFFSET(prb_data_ring.head_lpos)={2 * word}",
            f"OFFSET(prb_data_ring.tail_lpos)={3 * word}", f"SIZE(atomic_long_t)={word}", "OFFSET(atomic_long_t.counter)=0")
        order = sorted(self.kept, key=lambda identity: identity - self.tail & self.id_mask)
        return Log("ring-buffer", [self.kept[identity] for identity in order], place=places[2], size=self.size)


def ring(machine, entries, size_bits, static=False, **options):
    made = Ring(machine, size_bits, **options)
    for record in entries:
        made.add(record)
    return made.write(static)
