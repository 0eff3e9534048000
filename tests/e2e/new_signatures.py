"""For the tests of signature new: running it, and logs that are made up."""

from harness import KNOWN, SAMPLES, TROUBLE, TestCase, assert_safe, run, triage_json

DIVIDE, OPCODE = SAMPLES / "divide-error-6.1.vmcore-dmesg.txt", SAMPLES / "invalid-opcode-6.1.vmcore-dmesg.txt"
HEALTHY, KNOWN_LOG = SAMPLES / "healthy-boot-6.1.dmesg.txt", SAMPLES / "overlayfs-dentry-leak.console.log"
SIMILAR_LOG = SAMPLES / "dentry-6.1.vmcore-dmesg.txt"

PANIC = """\
[    5.000000] Linux version 6.1.0-9-amd64 (debian-kernel@lists.debian.org) #1 SMP Debian 6.1.27-1 (2023-05-08)
[   10.000000] Kernel panic - not syncing: REASON
[   10.000000] CPU: 0 PID: 12 Comm: COMM Not tainted 6.1.0-9-amd64 #1  Debian 6.1.27-1
[   10.000000] Call Trace:
[   10.000000]  <TASK>
[   10.000000]  dump_stack_lvl+0x44/0x5c
[   10.000000]  panic+0x118/0x2ed
FRAMES[   10.000000]  </TASK>
"""

OOPS = """\
[   10.000000] BUG: unable to handle page fault for address: ffffc900deadb008
[   10.000000] Oops: 0000 [#1] PREEMPT SMP NOPTI
[   10.000000] CPU: 0 PID: 12 Comm: COMM Not tainted 6.1.0-9-amd64 #1  Debian 6.1.27-1
[   10.000000] RIP: 0010:FUNCTION+0x13/0x30
[   10.000000] Call Trace:
[   10.000000]  <TASK>
FRAMES[   10.000000]  </TASK>
[   10.000000] ---[ end trace 0000000000000000 ]---
"""


def log(form, frames=(), comm="cat", function="foo", reason="the sky fell"):
    lines = "".join(f"[   10.000000]  {frame}+0x1/0x20\n" for frame in frames)
    return form.replace("FRAMES", lines).replace("COMM", comm).replace("FUNCTION", function).replace("REASON", reason)


def symptom(text):
    """The clauses of the symptom, as they stand in the file."""
    return dict(line.strip().split(": ", 1) for line in text.split("\nsymptoms:\n")[1].split("\n\n")[0].splitlines()[1:])


class NewCase(TestCase):
    def new(self, *arguments, status=KNOWN, **options):
        result = run("signature", "new", *arguments, **options)
        self.assertEqual(result.status, status, result)
        assert_safe(result.stdout)
        return result

    def refuse(self, *arguments, says, **options):
        """Nothing is written, neither to standard output nor to the directory."""
        before = sorted(self.directory.rglob("*"))
        result = self.new(*arguments, status=TROUBLE, **options)
        self.assertEqual(result.stdout, b"", result)
        self.assertIn(says, result.errors)
        self.assertEqual(sorted(self.directory.rglob("*")), before)
        return result

    def new_file(self, name, *inputs):
        """Writes a signature, which must lint and know each of its inputs; gives its text."""
        path = self.directory / "signatures" / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        result = self.new("-o", path, *inputs)
        self.assertEqual(result.stdout, b"")
        lint = run("signature", "lint", path)
        self.assertEqual((lint.status, lint.text), (KNOWN, "1 signature, nothing wrong\n"), lint)
        for one in inputs:
            verdict = triage_json(one, "-s", path)
            self.assertEqual(verdict["verdict"], "known", f"{one}\n{path.read_text()}")
            self.assertEqual({finding["signature"] for finding in verdict["findings"]}, {name})
        return path.read_text()
