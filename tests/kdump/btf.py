"""BTF, Documentation/bpf/btf.rst: what structures, members and enumerators it names. Of offsets and sizes it says nothing here."""

import struct

STRUCT, UNION, ENUM, ENUM64 = 4, 5, 6, 19
TYPE = struct.Struct("<III")
# Bytes behind a type of each kind, once, and for each member.
BEHIND = {1: (4, 0), 3: (12, 0), STRUCT: (0, 12), UNION: (0, 12), ENUM: (0, 8), 13: (0, 8), 14: (4, 0), 15: (0, 12), 17: (4, 0),
          ENUM64: (0, 12)}


class Names:
    """structures: name to its members, of those that are defined once; enumerators: all that stand in one enumeration alone."""

    def __init__(self, data):
        length, types, types_length, strings = struct.unpack_from("<IIII", data, 4)
        self.data, self.strings = data, length + strings
        self.ids, self.structures, self.enumerators = [None], {}, []
        at, end = length + types, length + types + types_length
        while at < end:
            name, info, other = TYPE.unpack_from(data, at)
            kind, members = info >> 24 & 0x1f, info & 0xffff
            once, each = BEHIND.get(kind, (0, 0))
            body = [at + TYPE.size + once + each * i for i in range(members if each else 0)]
            self.ids.append((kind, name, other, body))
            at += TYPE.size + once + each * members
        self.name_all()

    def text(self, offset):
        start = self.strings + offset
        return self.data[start:self.data.index(b"\0", start)].decode()

    def words(self, at):
        return struct.unpack_from("<II", self.data, at)

    def members(self, one):
        """With those of nameless structures and unions."""
        for at in one[3]:
            name, kind = self.words(at)
            if name:
                yield self.text(name)
            elif self.ids[kind] and self.ids[kind][0] in (STRUCT, UNION):
                yield from self.members(self.ids[kind])

    def name_all(self):
        twice, counts = set(), {}
        for one in self.ids[1:]:
            if one[0] in (STRUCT, UNION) and one[1]:
                name = self.text(one[1])
                twice |= {name} & self.structures.keys()
                self.structures[name] = list(self.members(one))
            elif one[0] in (ENUM, ENUM64):
                for at in one[3]:
                    name = self.text(self.words(at)[0])
                    counts[name] = counts.get(name, 0) + 1
        for name in twice:
            del self.structures[name]
        self.enumerators = [name for name, count in counts.items() if count == 1]
