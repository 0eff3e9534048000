"""For the tests of dumps: what must be printed of a log, and a dump's files."""

from harness import KNOWN, TestCase, run


def escaped(text):
    """As vmcore-dmesg(8) writes what is neither printable nor blank."""
    return b"".join(bytes([byte]) if 0x20 <= byte < 0x7f or byte in b"\t\n\v\f\r" else b"\\x%02x" % byte for byte in text)


def plain(log):
    """What `kdump-triage dmesg` must print: of the character buffer the bytes themselves, else a line a record."""
    return log.text or b"".join(b"[%5d.%06d] %b\n" % (*divmod(record.time // 1000, 1000000), escaped(record.text))
                                for record in log.records)


class DumpCase(TestCase):
    def write_dump(self, contents):
        """The path of a dump; of a split one that of the first file, the others beside it."""
        if len(contents) == 1:
            return self.write("vmcore", contents[0])
        return [self.write(f"vmcore{i}", content) for i, content in enumerate(contents, 1)][0]

    def dmesg(self, path, status=KNOWN):
        result = run("dmesg", path)
        self.assertEqual(result.status, status, result)
        return result.stdout

    def assert_prints(self, path, log):
        result = run("dmesg", path)
        self.assertEqual(result.stdout.decode("latin-1"), plain(log).decode("latin-1"), result.errors)
        self.assertEqual((result.status, result.errors), (KNOWN, ""))
