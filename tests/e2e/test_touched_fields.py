"""What was touched: faults in a kernel whose source is known, against what its source says."""

import pathlib
import re
import shutil
import tempfile
import unittest

import made_up_kernel
from harness import TROUBLE, TestCase, deciding, main, run, triage_text

MISSING = [name for name in ("gcc", "objdump", "nm") if not shutil.which(name)]
COMPILERS = [name for name in ("gcc", "clang") if shutil.which(name)]
ERROR, POISON, WILD = (1 << 64) - 2, 0xdead000000000100, 0xf000ff53f000ff53


@unittest.skipIf(MISSING, f"there is no {', '.join(MISSING)} here")
class Touched(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.kernel = made_up_kernel.Kernel(cls.directory.name)

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def touched(self, *arguments, kernel=None, **options):
        kernel = kernel or self.kernel
        verdict = triage_text(made_up_kernel.log(kernel, *arguments, **options), "--debuginfo", kernel.path)
        return deciding(verdict)["touched"]

    def assert_touched(self, touched, structure, member, offset, pointer, value, function):
        self.assertIsNotNone(touched)
        told = {key: touched[key] for key in ("structure", "member", "offset", "pointer", "value", "function")}
        self.assertEqual(told, {"structure": structure, "member": member, "offset": offset, "pointer": pointer,
                                "value": f"0x{value:016x}", "function": function})

    def test_a_parameter_is_named_with_the_member(self):
        self.assert_touched(self.touched("direct", "mov", "rdi", 0), "struct inode", "slots[2]", 0xa8, "inode", 0, "direct")
        self.assert_touched(self.touched("in_list", "mov", "rdi", 0), "struct inode", "i_list.prev", 0x90, "inode", 0, "in_list")
        self.assert_touched(self.touched("in_named", "mov", "rdi", 0), "struct mixed", "named.high", 0x14, "mixed", 0, "in_named")

    def test_what_has_several_names_has_none(self):
        for function, offset in (("in_union", 8), ("in_bits", 0x18)):
            touched = self.touched(function, "mov", "rdi", 0)
            self.assert_touched(touched, "struct mixed", None, offset, "mixed", 0, function)
            self.assertIn(f"byte {offset} of struct mixed: mixed is NULL in {function}()", touched["text"])

    def test_the_pointer_may_have_been_loaded_just_before(self):
        self.assert_touched(self.touched("chained", r"0x84\(%", "rax", 0), "struct inode", "i_flags", 0x84,
                            "dentry->d_parent->d_inode", 0, "chained")
        self.assert_touched(self.touched("chained", r"0x30\(%", "rax", 0), "struct dentry", "d_inode", 0x30,
                            "dentry->d_parent", 0, "chained")

    def test_the_lock_that_a_caller_handed_on_is_a_member_there(self):
        callers = [self.kernel.back_in("delete", "take_lock")]
        touched = self.touched("take_lock", r"\(%rdi", "rdi", 0x80, callers)
        self.assert_touched(touched, "struct inode", "i_lock", 0x80, "dentry->d_inode", 0, "delete")
        self.assertEqual(touched["text"], "0x80 is i_lock in struct inode: dentry->d_inode is NULL in delete() at "
                                          f"{touched['file']}:{touched['line']}")

    def test_through_two_callers(self):
        callers = [self.kernel.back_in("lock_again", "take_lock"), self.kernel.back_in("outer", "lock_again")]
        self.assert_touched(self.touched("take_lock", r"\(%rdi", "rdi", 0x80, callers), "struct inode", "i_lock", 0x80, "inode", 0,
                            "outer")
        # Without the outer one, the small address stays unexplained.
        self.assertIsNone(self.touched("take_lock", r"\(%rdi", "rdi", 0x80, callers[:1]))
        self.assertIsNone(self.touched("take_lock", r"\(%rdi", "rdi", 0x80, ["? " + callers[0], callers[1]]))

    def test_pointers_that_are_errors_poison_or_wild_are_called_so(self):
        for value, words in ((ERROR, "inode is an error pointer, -ENOENT (-2)"), (POISON, "(LIST_POISON1"),
                             (WILD, "inode is 0xf000ff53f000ff53")):
            touched = self.touched("direct", "mov", "rdi", value)
            self.assert_touched(touched, "struct inode", "slots[2]", 0xa8, "inode", value, "direct")
            self.assertIn(words, touched["text"])

    def test_a_general_protection_fault_has_its_address_from_the_register(self):
        headline = "general protection fault, probably for non-canonical address 0xdead0000000001a8: 0000 [#1] PREEMPT SMP"
        self.assert_touched(self.touched("direct", "mov", "rdi", POISON, headline=headline), "struct inode", "slots[2]", 0xa8,
                            "inode", POISON, "direct")

    def test_what_is_not_certain_is_not_told(self):
        direct = ("direct", "mov", "rdi")
        self.assertIsNone(self.touched("no_type", "mov", "rdi", 0), "a pointer to no structure")
        self.assertIsNone(self.touched("indexed", "mov", "rdi", 0), "an index")
        self.assertIsNone(self.touched(*direct, 0x10), "small, and made of what?")
        self.assertIsNone(self.touched(*direct, 0, registers={"rdi": 0x1000}), "the register says otherwise")
        self.assertIsNone(self.touched(*direct, 0, code=bytes.fromhex("488b87b0000000")), "the log shows another instruction")
        self.assertIsNone(self.touched("take_lock", r"\(%rdi", "rdi", 0x80,
                                       [self.kernel.place("by_pointer", self.after_call("by_pointer"))]), "called by a pointer")
        self.assertIsNone(self.touched("take_lock", r"\(%rdi", "rdi", 0x80, [self.kernel.back_in("calls_it", "goes_on")]),
                          "another function went on into this one")

    def test_a_list_that_ends_in_null_has_no_error_in_it(self):
        loops = [one for one in self.kernel.functions["walk"] if re.search(r"mov +\(%(r\w+)\),%\1", one[2]) or "0x10(%" in one[2]]
        self.assertTrue(loops, self.kernel.functions["walk"])
        for _, _, text in loops:
            base = re.search(r"\(%(r\w+)\)", text)[1]
            value = -16 if "0x10(%" in text else 0
            touched = self.touched("walk", re.escape(text), base, value & (1 << 64) - 1)
            self.assertNotIn("error pointer", touched["text"] if touched else "")

    def test_nor_has_one_that_is_a_member_of_a_union(self):
        self.assertIsNone(self.touched("in_page", "mov", "rdi", (1 << 64) - 8))
        self.assertIsNotNone(self.touched("in_page", "mov", "rdi", ERROR))

    def test_a_module_of_another_name_is_refused(self):
        with tempfile.TemporaryDirectory() as directory:
            module = made_up_kernel.Kernel(directory, is_module=True)
            log = made_up_kernel.log(module, "direct", "mov", "rdi", 0).replace("[made_up]", "[other]")
            path = module.path.rename(module.path.parent / "other.ko")
            result = run("-f", "json", "--debuginfo", path, "-", stdin=log.encode())
            self.assertEqual((result.status, result.errors), (TROUBLE, f"kdump-triage: {path}: it is the module made_up, not other\n"))

    def test_of_several_files_each_log_takes_its_own(self):
        with tempfile.TemporaryDirectory() as mine, tempfile.TemporaryDirectory() as other:
            module = made_up_kernel.Kernel(mine, is_module=True)
            foreign = made_up_kernel.Kernel(other, is_module=True)
            foreign.path.write_bytes(foreign.path.read_bytes().replace(b"6.1.0-touched", b"6.2.0-touched"))
            for paths in ((module.path, foreign.path), (foreign.path, module.path)):
                options = [word for path in paths for word in ("--debuginfo", path)]
                crash = deciding(triage_text(made_up_kernel.log(module, "direct", "mov", "rdi", 0), *options))
                self.assertEqual(crash["touched"]["pointer"], "inode")

    def test_a_general_protection_fault_at_a_good_address_was_not_of_that_memory(self):
        for headline in ("general protection fault: 0000 [#1] PREEMPT SMP",
                         "general protection fault, maybe for address 0xffff8881001234f8: 0000 [#1] PREEMPT SMP"):
            self.assertIsNone(self.touched("direct", "mov", "rdi", 0xffff888100123450, headline=headline), headline)
        self.assertIsNotNone(self.touched("direct", "mov", "rdi", WILD, headline="general protection fault: 0000 [#1] PREEMPT SMP"))

    def test_operands_that_are_not_where_they_say(self):
        self.assertIsNone(self.touched("fill", "rep stos", "rdi", 0xffffc90000123000))
        self.assertIsNone(self.touched("set_bit", "bts", "rdi", 0))

    def test_arrays_in_two_dimensions_have_no_flat_index(self):
        self.assert_touched(self.touched("in_two_dimensions", "mov", "rdi", 0), "struct grid", "two", 0x48, "grid", 0,
                            "in_two_dimensions")

    def test_registers_that_others_wrote(self):
        with tempfile.TemporaryDirectory() as directory:
            for kernel in (self.kernel, made_up_kernel.Kernel(directory, is_module=True)):
                for name in ("swap", "gets", "joined", "parted"):
                    callers = [kernel.place(f"{name}_caller", self.after_call(f"{name}_caller", kernel))]
                    self.assertIsNone(self.touched(name, r"0x84\(%rax", "rax", 0, callers, kernel=kernel), name)

    def test_static_keys_of_old_modules(self):
        with tempfile.TemporaryDirectory() as directory:
            module = made_up_kernel.Kernel(directory, flags=["-DABSOLUTE_KEYS"], is_module=True)
            back = module.place("delete_keyed", self.after_call("delete_keyed", module))
            self.assertIsNone(self.touched("take_keyed", r"\(%rax", "rax", 0x80, [back], kernel=module))

    def test_a_static_key_is_a_way_to_come_from_elsewhere(self):
        for name, sure in (("plain", True), ("keyed", False)):
            callers = [self.kernel.back_in(f"delete_{name}", f"take_{name}")]
            touched = self.touched(f"take_{name}", r"\(%rax", "rax", 0x80, callers)
            if sure:
                self.assert_touched(touched, "struct inode", "i_lock", 0x80, "dentry->d_inode", 0, "delete_plain")
            else:
                self.assertIsNone(touched)

    def test_a_module_is_as_good_as_far_as_its_file_is_linked(self):
        with tempfile.TemporaryDirectory() as directory:
            module = made_up_kernel.Kernel(directory, is_module=True)
            self.assert_touched(self.touched("direct", "mov", "rdi", 0, kernel=module), "struct inode", "slots[2]", 0xa8, "inode", 0,
                                "direct")
            self.assert_touched(self.touched("chained", r"0x84\(%", "rax", 0, kernel=module), "struct inode", "i_flags", 0x84,
                                "dentry->d_parent->d_inode", 0, "chained")
            back = {name: module.place(name, self.after_call(name, module))
                    for name in ("delete", "delete_plain", "delete_keyed")}
            self.assert_touched(self.touched("take_plain", r"\(%rax", "rax", 0x80, [back["delete_plain"]], kernel=module),
                                "struct inode", "i_lock", 0x80, "dentry->d_inode", 0, "delete_plain")
            self.assertIsNone(self.touched("take_keyed", r"\(%rax", "rax", 0x80, [back["delete_keyed"]], kernel=module))
            # Which function a call of a global one goes to, its relocation says.
            self.assert_touched(self.touched("take_lock", r"\(%rdi", "rdi", 0x80, [back["delete"]], kernel=module), "struct inode",
                                "i_lock", 0x80, "dentry->d_inode", 0, "delete")

    def after_call(self, function, kernel=None):
        address, code, _ = (kernel or self.kernel).find(function, "call")
        return address + len(code)

    def test_every_compiler_and_dwarf_version(self):
        for compiler in COMPILERS:
            for version in (4, 5):
                with self.subTest(compiler=compiler, dwarf=version), tempfile.TemporaryDirectory() as directory:
                    kernel = made_up_kernel.Kernel(directory, compiler, [f"-gdwarf-{version}"] + ["-gdwarf-aranges", "-Wno-unused-command-line-argument"] * (compiler == "clang"))
                    self.assert_touched(self.touched("direct", "mov", "rdi", 0, kernel=kernel), "struct inode", "slots[2]", 0xa8, "inode", 0,
                                        "direct")

    def test_it_is_in_the_text_and_without_debuginfo_it_is_null(self):
        log = made_up_kernel.log(self.kernel, "direct", "mov", "rdi", 0)
        self.assertIsNone(deciding(triage_text(log))["touched"])
        words = " ".join(run("--debuginfo", self.kernel.path, "-", stdin=log.encode()).text.split())
        self.assertIn("touched 0xa8 is slots[2] in struct inode: inode is NULL in direct() at ", words)


if __name__ == "__main__":
    main()
