"""The functions that debuginfo knows, entry points of assembly among them, against nm(1), of which the kernel makes its kallsyms."""

import os
import subprocess
import unittest

import dumps
from test_stacks import DIRECTORY, KERNEL, KERNELS
from harness import TestCase, main

FIND = os.environ.get("FIND_FUNCTIONS")
ENTRY_POINTS = ("asm_exc_page_fault", "entry_SYSCALL_64_after_hwframe", "ret_from_fork", "native_irq_return_iret", "asm_exc_nmi",
                "asm_sysvec_apic_timer_interrupt")
TEXT = 0xffffffff80000000 # x86_64: below are per-CPU variables, which count from 0


def symbols():
    """Address to the names of the symbols that lie there; and those of text: name, address, size up to the next."""
    said = subprocess.run(["nm", "-n", VMLINUX], stdout=subprocess.PIPE, text=True, check=True).stdout
    at, text = {}, []
    for line in said.splitlines():
        address, kind, name = line[:16].strip(), line[17], line[19:]
        # As the Makefile of the kernel leaves them out of System.map.
        if address and kind not in "aNUw" and not name.startswith((".L", "L0", "__crc_")):
            at.setdefault(int(address, 16), []).append((kind, name))
    addresses = sorted(at)
    for address, following in zip(addresses, addresses[1:]):
        text += [(name, address, following - address) for kind, name in at[address] if kind in "tTW" and address >= TEXT]
    return at, text


class Functions(TestCase):
    def setUp(self):
        super().setUp()
        if SKIPPED:
            self.skipTest(SKIPPED)

    def find(self, questions):
        done = subprocess.run([FIND, VMLINUX, dumps.release(DIRECTORY, KERNEL)], input=questions, stdout=subprocess.PIPE, text=True,
                              check=True)
        return [line.split() for line in done.stdout.splitlines()]

    def test_a_function_is_found_by_its_name_and_size(self):
        _, text = symbols()
        self.assertGreater(len(text), 20000)
        answers = self.find("".join(f"{name} {size:x}\n" for name, _, size in text))
        self.assertEqual(len(answers), len(text))
        wrong = [one for one, answer in zip(text, answers) if answer[0] == "1" and int(answer[1], 16) != one[1]]
        self.assertEqual(wrong, [])
        # What the linker puts at the end of a section lies in none.
        missing = [name for (name, _, _), answer in zip(text, answers) if answer[0] == "0"]
        self.assertLess(len(missing), 10, missing)
        known = {name for (name, _, _), answer in zip(text, answers) if answer[0] == "1"}
        self.assertEqual([name for name in ENTRY_POINTS if name not in known], [])
        self.assertGreater(len(known), len(text) * 9 // 10)

    def test_a_function_is_found_by_its_address(self):
        at, text = symbols()
        answers = self.find("".join(f"@ {address + size // 2:x}\n" for _, address, size in text))
        wrong = [(one, answer) for one, answer in zip(text, answers)
                 if answer[0] == "1" and answer[3] not in [name for _, name in at[one[1]]]]
        self.assertEqual(wrong, [])
        self.assertLess(sum(answer[0] == "0" for answer in answers), len(text) // 20)


if __name__ == "__main__":
    SKIPPED, VMLINUX = dumps.prepare(DIRECTORY, KERNEL, "functions", with_debuginfo=True) if FIND else ("built without libdw", None)
    main()
