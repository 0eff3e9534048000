"""signature new: a signature for one crash, or for what several have in common."""

import functools
import os
import pathlib
import re
import sys

from harness import EXPECTED, KNOWN, SAMPLES, SIGNATURES, TROUBLE, deciding, main, run, triage_json, verdicts
from new_signatures import DIVIDE, HEALTHY, KNOWN_LOG, OOPS, OPCODE, PANIC, SIMILAR_LOG, NewCase, log, symptom

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from dumps import containers, kernels    # noqa: E402

# Samples of one bug whose fingerprints differ, by what their names begin with.
BUGS = [
    ["dentry-", "overlayfs-dentry-leak"],
    ["kmem-", "fsnotify-general-protection"],
    # fsnotify() spins; the watchdog found it in a function that it calls, or not.
    ["soft-5.10", "soft-6.1.", "soft-6.12"],
    # One panic, from two places; the second log ends before its trace.
    ["panic-6.1", "oops-then-panic"],
    # crashme_spin() spins; it was called by another function in between, which no trace can forbid.
    ["soft-lockup-repeats", "rcu-stall-then-soft-lockup"],
]

# Kinds of crash without a bug of the kernel's behind them, and what is said of them.
NO_BUG = {"sysrq": "somebody asked for this crash", "out-of-memory": "memory ran out", "machine-check": "hardware error",
          "hardware-error": "hardware error", "nmi": "hardware error"}

# Kinds whose headline tells the bug where no function does; but not who died as init, or which device is waited for.
SAYS_MORE = {"panic", "reference-leak"}
SAYS_NO_MORE = {"kill-init-synthetic.log", "panic-init-died-6.1-synthetic.log", "leak-netdev-7.3.console.log",
                "netdevice-leak-6.1-synthetic.log", "unregister-netdevice-synthetic.log"}

# Traces in which no function tells anything: the culprit is what the kernel itself named.
ALL_PLUMBING = {"el6-list-add-synthetic.log", "trusty-double-fault-synthetic.log",
                "ppc64le-bad-stack-pointer-4.4-synthetic.log"}


@functools.cache
def crashed_samples():
    """Name of each sample that holds a crash, and the crash that decides."""
    paths = sorted(path for path in SAMPLES.iterdir() if not path.name.endswith(EXPECTED))
    found = {pathlib.Path(verdict["input"]["path"]).name: deciding(verdict)
             for verdict in verdicts(run("-f", "json", *paths)) if verdict["crash"] is not None}
    assert len(found) > 100, found
    return found


def tells_a_bug(name, crash):
    if crash["culprit"] is None:
        return crash["kind"] in SAYS_MORE and name not in SAYS_NO_MORE
    return name not in ALL_PLUMBING


def is_same_bug(one, other):
    """What has the same title is the same as far as one crash can tell: made-up samples fail in the same few places."""
    samples = crashed_samples()
    return samples[one]["title"] == samples[other]["title"] or \
        any(one.startswith(tuple(names)) and other.startswith(tuple(names)) for names in BUGS)


class EverySample(NewCase):
    def test_every_sample(self):
        samples = crashed_samples()
        ids = {}
        for name, crash in samples.items():
            if crash["kind"] in NO_BUG:
                with self.subTest(name):
                    self.refuse(SAMPLES / name, says=NO_BUG[crash["kind"]])
                continue
            if not tells_a_bug(name, crash):
                with self.subTest(name):
                    self.refuse(SAMPLES / name, says="that does not tell its bug from others")
                continue
            signature = "s-" + re.sub("[^a-z0-9]", "-", name.lower())
            ids[signature] = name
            with self.subTest(name):
                self.new_file(signature, SAMPLES / name)
        self.assertEqual(len(ids), sum(crash["kind"] not in NO_BUG and tells_a_bug(name, crash) for name, crash in samples.items()))

        # All of them on all samples: who matches more than its own bug?
        result = run("-f", "json", "-s", self.directory / "signatures", *(SAMPLES / name for name in samples))
        wrong, other_fingerprints = [], 0
        for verdict in verdicts(result):
            name = pathlib.Path(verdict["input"]["path"]).name
            for finding in verdict["findings"]:
                if finding["crash"] != verdict["crash"]:
                    continue
                made_of = ids[finding["signature"]]
                if deciding(verdict)["fingerprint"] == samples[made_of]["fingerprint"] is not None:
                    continue
                other_fingerprints += made_of != name
                if made_of != name and not is_same_bug(made_of, name):
                    wrong.append(f"the signature of {made_of} matches {name}")
        print(f"# {len(ids)} signatures of one sample each; {other_fingerprints} matches of the same bug with another fingerprint, "
              f"{len(wrong)} of other bugs")
        self.assertEqual(wrong, [])
        self.assertGreater(other_fingerprints, 0)


class Groups(NewCase):
    def assert_group(self, names, clauses):
        text = self.new_file("group", *(SAMPLES / name for name in names))
        self.assertEqual(symptom(text), clauses)
        self.assertEqual(re.findall(r"^#   (/.*)$", text, re.M), [str(SAMPLES / name) for name in names])
        os.unlink(self.directory / "signatures" / "group.yaml")

    def test_dentry_of_two_kernels(self):
        clauses = {"kind": "null-pointer-dereference", "instruction_pointer": "_raw_spin_lock", "culprit": "d_delete",
                   "trace": "[d_delete, vfs_rmdir, do_rmdir]", "fault_address": "0x88"}
        self.assert_group(["dentry-5.10.vmcore-dmesg.txt", "dentry-6.1.vmcore-dmesg.txt"], clauses)

    def test_dentry_of_several_kernels(self):
        clauses = {"kind": "null-pointer-dereference", "instruction_pointer": "_raw_spin_lock", "culprit": "d_delete",
                   "trace": "[d_delete, vfs_rmdir, do_rmdir]", "fault_address": "0x80-0x88"}
        self.assert_group(["dentry-5.10.vmcore-dmesg.txt", "dentry-6.1.vmcore-dmesg.txt", "dentry-6.12.vmcore-dmesg.txt"], clauses)
        self.assert_group(["dentry-5.10.vmcore-dmesg.txt", "dentry-6.1.journal-export.log", "dentry-6.12.vmcore-dmesg.txt",
                           "overlayfs-dentry-leak.console.log"], clauses)

    def test_null_pointers_of_three_kernels(self):
        self.assert_group(["null-pointer-5.10.vmcore-dmesg.txt", "null-pointer-6.1.vmcore-dmesg.txt", "null-pointer-6.12.vmcore-dmesg.txt"],
                          {"kind": "null-pointer-dereference", "instruction_pointer": "crashme_null_read",
                           "trace": "[crashme_do_null, crashme_write]", "fault_address": "0x40", "module": "crashme"})

    def test_in_an_interrupt_what_was_interrupted_does_not_count(self):
        self.assert_group(["null-pointer-irq-6.1.vmcore-dmesg.txt", "null-pointer-irq-6.12.vmcore-dmesg.txt"],
                          {"kind": "null-pointer-dereference", "instruction_pointer": "crashme_null_read",
                           "trace": "[crashme_timer_fn, call_timer_fn]", "fault_address": "0x40", "module": "crashme"})

    def test_slab_of_four_kernels(self):
        self.assert_group(["kmem-5.10.vmcore-dmesg.txt", "kmem-6.1.vmcore-dmesg.txt", "kmem-6.12.vmcore-dmesg.txt",
                           "fsnotify-general-protection.console.log"],
                          {"kind": "general-protection-fault", "instruction_pointer": "kmem_cache_alloc",
                           "culprit": "fsnotify_add_mark_locked", "trace": "[fsnotify_add_mark_locked, sys_inotify_add_watch]"})

    def test_of_two_kinds(self):
        self.assert_group(["fsnotify-general-protection.console.log", "fsnotify-paging-request.console.log"],
                          {"kind": "[page-fault, general-protection-fault]", "instruction_pointer": "kmem_cache_alloc",
                           "culprit": "fsnotify_add_mark_locked", "trace": "[fsnotify_add_mark_locked, sys_inotify_add_watch]"})

    def test_lockups_at_different_places_of_a_loop(self):
        self.assert_group(["soft-5.10.vmcore-dmesg.txt", "soft-6.1.dmesg-ctime.log", "soft-6.12.vmcore-dmesg.txt"],
                          {"kind": "soft-lockup", "trace": "[__fsnotify_parent, vfs_write]"})

    def test_warnings_of_three_kernels(self):
        self.assert_group(["warning-5.10.dmesg.txt", "warning-6.1.console.log", "warning-6.12.dmesg.txt"],
                          {"kind": "warning", "instruction_pointer": "crashme_warn_on", "trace": "[crashme_warn_work, crashme_write]",
                           "module": "crashme"})

    def test_stalls_of_two_kernels(self):
        self.assert_group(["rcu-stall-5.10.dmesg.txt", "rcu-stall-6.1.dmesg.txt"],
                          {"kind": "rcu-stall", "instruction_pointer": "crashme_spin",
                           "trace": "[crashme_spin_preempt_off, crashme_write]", "module": "crashme"})

    def test_one_input_twice(self):
        self.assertEqual(symptom(self.new_file("twice", DIVIDE, DIVIDE)),
                         {"kind": "divide-error", "instruction_pointer": "crashme_divide", "trace": "[crashme_write, proc_reg_write]",
                          "module": "crashme"})


class TooLittle(NewCase):
    def test_neither_kind_nor_culprit(self):
        result = self.refuse(DIVIDE, OPCODE, says="neither the kind nor the culprit in common")
        self.assertIn(f"{DIVIDE}: divide error in crashme_divide; trace: crashme_write, proc_reg_write\n", result.errors)
        self.assertIn(f"{OPCODE}: invalid opcode in crashme_bad_opcode; trace: crashme_write, proc_reg_write\n", result.errors)

    def test_only_the_way_into_the_kernel(self):
        one, other = SAMPLES / "soft-lockup-deadlock-6.1.vmcore-dmesg.txt", SAMPLES / "soft-6.1.vmcore-dmesg.txt"
        result = self.refuse(one, other, says="share no more than functions that much else passes through")
        self.assertIn(f"{one}: BUG: soft lockup in crashme_deadlock", result.errors)

    def test_no_shared_functions(self):
        self.refuse(self.write("one", log(OOPS, ["a", "b"], function="c")), self.write("other", log(OOPS, ["d", "e"], function="f")),
                    says="share no more than a kind of crash:")

    def test_only_plumbing(self):
        path = self.write("plumbing", log(OOPS, ["do_syscall_64"], function="memcpy"))
        result = self.refuse(path, says="all that is known of this crash is plumbing")
        self.assertIn(f"{path}: BUG: unable to handle kernel paging request in memcpy\n", result.errors)

    def test_panics_with_different_reasons(self):
        one, other = self.write("one", log(PANIC)), self.write("other", log(PANIC, reason="the earth shook"))
        self.assertEqual(symptom(self.new_file("one", one)), {"kind": "panic", "log": "'/Kernel panic - not syncing: the sky fell/'"})
        self.refuse(one, other, says="share no more than a kind of crash:")
        # Where a function is shared, it counts.
        frames = ["my_driver_gives_up", "my_driver_poll"]
        one, other = self.write("one", log(PANIC, frames)), self.write("other", log(PANIC, frames, reason="the earth shook"))
        self.assertEqual(symptom(self.new_file("both", one, other)),
                         {"kind": "panic", "culprit": "my_driver_gives_up", "trace": "[my_driver_gives_up, my_driver_poll]"})


class Text(NewCase):
    def test_comments_say_what_a_person_must_write(self):
        text = self.new(SAMPLES / "dentry-5.10.vmcore-dmesg.txt", SIMILAR_LOG).text
        self.assertIn("\n# affected:\n#   - family: debian\n#     from: 5.10.262-1\n#     through: 6.1.192-2\n", text)
        self.assertIn("\n#   5.10.0-46-cloud-amd64 (debian: 5.10.262-1)\n#   6.1.0-56-cloud-amd64 (debian: 6.1.192-2)\n", text)
        self.assertIn('\ntitle: "BUG: unable to handle kernel NULL pointer dereference in d_delete"\n', text)
        for key in ("subsystem", "affected", "fixed", "remedies", "references"):
            self.assertIn(f"\n# {key}:", text)
        for key in ("comm", "tainted", "log"):
            self.assertNotIn(f"{key}:", text)

    def test_all_examples_lint_when_their_marks_are_taken_away(self):
        text = self.new("--id", "examples", DIVIDE).text
        lines = text.splitlines()
        begin = next(i for i, line in enumerate(lines) if line.startswith("# subsystem"))
        bare = [re.sub("^# (?=subsystem:|affected:|fixed:|remedies:|references:|  - |    [a-z]+:)", "", line) if i >= begin else line
                for i, line in enumerate(lines)]
        path = self.write("examples.yaml", "\n".join(bare) + "\n")
        self.assertEqual(run("signature", "lint", path).text, "1 signature, nothing wrong\n")
        shown = triage_json(DIVIDE, "-s", path)
        (finding,) = shown["findings"]
        self.assertEqual((shown["verdict"], finding["affected"], len(finding["remedies"]), len(finding["references"])), ("known", "yes", 1, 1))

    def test_id_of_the_title(self):
        self.assertIn("\nid: divide-error-in-crashme-divide\n", self.new(DIVIDE).text)
        # One that is taken gets a number.
        taken = self.write("divide-error-in-crashme-divide.yaml", self.new(OPCODE, "--id", "divide-error-in-crashme-divide").text)
        self.assertIn("\nid: divide-error-in-crashme-divide-2\n", self.new("-s", taken, DIVIDE).text)

    def test_id_of_the_file(self):
        for name in ("my-bug.yaml", "my-bug.yml", "my-bug"):
            path = self.directory / name
            self.new("-o", path, DIVIDE)
            self.assertIn("\nid: my-bug\n", path.read_text())
            self.assertEqual(run("signature", "lint", path).status, KNOWN)
        self.new("-o", path, "--force", "--id", "my-bug", DIVIDE)

    def test_id_that_is_none(self):
        self.refuse("--id", "My_Bug", DIVIDE, says="an id is made of a-z, 0-9 and '-'")
        self.refuse("--id", "-x", DIVIDE, says="an id is made of")
        self.refuse("--id", "", DIVIDE, says="an id is made of")
        self.refuse("-o", self.directory / "My_Bug.yaml", DIVIDE, says="the name without .yaml is the signature's id")
        self.refuse("-o", self.directory / "a.yaml", "--id", "b", DIVIDE, says="a signature's file is called as its id: b.yaml")

    def test_id_that_is_taken(self):
        self.refuse("--id", "overlayfs-dentry-leak", DIVIDE, says="the id 'overlayfs-dentry-leak' is taken: ")
        self.assertIn("\nid: overlayfs-dentry-leak\n", self.new("--id", "overlayfs-dentry-leak", "--force", DIVIDE).text)

    def test_known_already(self):
        for path, says in ((KNOWN_LOG, "this crash is known already: overlayfs-dentry-leak, OverlayFS loses"),
                           (SIMILAR_LOG, "similar to one that is known, of other kernels: overlayfs-dentry-leak, OverlayFS loses")):
            result = self.new(path)
            self.assertEqual(result.errors.count("\n"), 1)
            self.assertIn(f"kdump-triage: {path}: notice: ", result.errors)
            self.assertIn(says, result.errors)
            self.assertIn("\nid: null-pointer-dereference-in-d-delete\n", result.text)
        self.assertEqual(self.new("-s", SIGNATURES / "fsnotify-mark-connector-race.yaml", KNOWN_LOG).errors, "")
        self.assertEqual(self.new(DIVIDE).errors, "")


class Inputs(NewCase):
    def test_what_triage_takes(self):
        directory = self.directory / "crash"
        self.write("crash/vmcore-dmesg.txt", DIVIDE.read_bytes())
        expected = symptom(self.new(DIVIDE).text)
        self.assertEqual(symptom(self.new(directory).text), expected)
        self.assertEqual(symptom(self.new("-", stdin=DIVIDE.read_bytes()).text), expected)
        self.assertEqual(symptom(self.new(SAMPLES / "dentry-6.1.vmcore-dmesg.txt.xz").text), symptom(self.new(SIMILAR_LOG).text))

    def test_dump(self):
        """What only the dump knows of its kernel counts too."""
        dump = self.write("vmcore", containers.diskdump(kernels.made("el7_general_protection").machine))
        text = self.new_file("dump", dump)
        self.assertEqual(symptom(text)["kind"], "general-protection-fault")
        release = triage_json(dump)["kernel"]["release"]
        self.assertRegex(text, rf"(?m)^#   {re.escape(release)} \(el7: ")

    def test_every_bad_input_is_told_of(self):
        result = self.refuse(HEALTHY, DIVIDE, "/no/such/file", self.write("empty", ""), says=f"{HEALTHY}: no crash in it")
        self.assertIn("/no/such/file: cannot open: No such file or directory\n", result.errors)
        self.assertIn(f"{self.directory}/empty: empty: ", result.errors)
        self.refuse("-o", self.directory / "x.yaml", DIVIDE, HEALTHY, says="no crash in it")

    def test_log_that_was_cut_short(self):
        cut = self.write("cut.xz", (SAMPLES / "dentry-6.1.vmcore-dmesg.txt.xz").read_bytes()[:-400])
        self.refuse(cut, says=str(cut))

    def test_signatures_with_an_error(self):
        broken = self.write("broken.yaml", "id: x\n")
        self.refuse("-s", broken, DIVIDE, says="broken.yaml:1:")
        result = self.new("-s", broken, "-s", SIGNATURES, DIVIDE, status=TROUBLE)
        self.assertIn("broken.yaml:1:", result.errors)
        self.assertIn("\nid: divide-error-in-crashme-divide\n", result.text)

    def test_usage(self):
        for arguments, says in (((), "no INPUT"), (("-x", DIVIDE), "unknown option '-x'"), ((DIVIDE, "-o"), "requires an argument"),
                                ((DIVIDE, "--idd"), "unknown option '--idd'")):
            result = self.refuse(*arguments, says=says)
            self.assertTrue(result.errors.endswith("Try 'kdump-triage signature new --help'.\n"), result)
        text = self.new("--help").text
        for word in ("Usage: kdump-triage signature new ", "--output", "--id", "--force", "--signatures", "Exit status"):
            self.assertIn(word, text)
        self.assertLessEqual(max(map(len, text.splitlines())), 90)


if __name__ == "__main__":
    main()
