"""signature lint: everything that is wrong with signature files, at once, with file, line and column."""

import os
import time

from harness import KNOWN, NOT_KNOWN, SIGNATURES, TROUBLE, TestCase, main, run, triage_text

GOOD = """\
id: NAME
title: A bug
symptoms:
  - name: a face of it
    kind: warning
    log: /netdev watchdog/i
affected:
  - family: el7
    from: 3.10.0-862.el7
    before: 3.10.0-862.9.1.el7
  - family: upstream
    before: [5.10.210, 6.1.79, 6.8]
remedies:
  - text: Update.
    command: yum install kernel-{version}
"""


class Lint(TestCase):
    def lint(self, **files):
        """Lints these files; gives the complaints without the directory, in the order they were made."""
        for name, content in files.items():
            self.write(f"signatures/{name}.yaml", content.replace("NAME", name) if isinstance(content, str) else content)
        result = run("signature", "lint", self.directory / "signatures")
        complaints = result.errors.replace(f"kdump-triage: {self.directory}/signatures/", "").splitlines()
        self.assertEqual(result.status, NOT_KNOWN if complaints else KNOWN, result)
        self.assertEqual(result.stdout == b"", bool(complaints), result)
        return complaints

    def assert_complaint(self, content, place, says):
        """Linting a file finds exactly this to complain about."""
        complaints = self.lint(bug=content)
        self.assertEqual([line.split(" ")[0] for line in complaints], [f"bug.yaml:{place}:"], complaints)
        self.assertIn(says, complaints[0])

    def test_nothing_wrong(self):
        self.assertEqual(self.lint(one=GOOD), [])
        self.assertEqual(self.lint(one=GOOD, two=GOOD), [])
        self.assertEqual(run("signature", "lint", self.directory / "signatures" / "one.yaml").text, "1 signature, nothing wrong\n")
        self.assertEqual(run("signature", "lint", self.directory).text, "2 signatures, nothing wrong\n")

    def test_everything_at_once(self):
        complaints = self.lint(
            a=GOOD.replace("title:", "titel:").replace("kind: warning", "kind: warnin").replace("family: el7", "family: ell7"),
            b="id: b\ntitle: [x\n",
            c=GOOD,
            d=GOOD.replace("id: NAME", "id: other").replace("{version}", "{versoin}"))
        self.assertEqual(sorted(line.split(" ")[0] for line in complaints), [
            "a.yaml:1:1:", "a.yaml:2:1:", "a.yaml:5:11:", "a.yaml:8:13:", "b.yaml:3:1:", "d.yaml:15:33:", "d.yaml:1:5:"])

    def test_id_that_is_not_the_file_s_name(self):
        self.assert_complaint(GOOD.replace("NAME", "other"), "1:5", "the id is 'other', but the file's name is 'bug'")

    def test_id_that_is_none(self):
        self.assert_complaint(GOOD.replace("NAME", "'../x'"), "1:5", "an id is made of a-z, 0-9 and '-'")

    def test_id_that_is_taken(self):
        self.write("signatures/below/twin.yaml", GOOD.replace("NAME", "twin"))
        (complaint,) = self.lint(twin=GOOD)
        self.assertTrue(complaint.startswith("twin.yaml:1:5: the id 'twin' is taken: "), complaint)

    def test_unknown_key(self):
        self.assert_complaint(GOOD.replace("    log:", "    logs:"), "6:5", "a symptom has no key 'logs': did you mean 'log'?")
        self.assert_complaint(GOOD + "reference: x\n", "16:1", "did you mean 'references'?")
        self.assert_complaint(GOOD + "zzzzzzzz: x\n", "16:1", "a signature has no key 'zzzzzzzz'")
        self.assert_complaint(GOOD.replace("  - text: Update.", "  - text: Update.\n    untill: x"), "15:5", "'untill'")

    def test_key_twice(self):
        self.assert_complaint(GOOD + "title: Again\n", "16:1", "'title' stands here a second time")

    def test_key_that_is_missing(self):
        self.assert_complaint(GOOD.replace("title: A bug\n", ""), "1:1", "a signature needs 'title'")
        self.assert_complaint(GOOD.replace("- name: a face of it\n   ", "-"), "4:5", "a symptom needs 'name'")

    def test_symptom_that_fits_everything(self):
        self.assert_complaint("id: bug\ntitle: A bug\nsymptoms:\n  - name: any\n", "4:5", "it would fit every crash")

    def test_broken_pattern(self):
        self.assert_complaint(GOOD.replace("/netdev watchdog/i", "/netdev (watchdog/"), "6:27", "missing closing parenthesis")
        self.assert_complaint(GOOD.replace("/netdev watchdog/i", "'/[a/'"), "6:10", "broken pattern, at its offset 2")
        self.assert_complaint(GOOD.replace("/netdev watchdog/i", "'/netdev'"), "6:10", "the second is missing")
        self.assert_complaint(GOOD.replace("/netdev watchdog/i", r"/\Ca/"), "6:13", r"\C")
        self.assert_complaint(GOOD.replace("/netdev watchdog/i", "/" + "a" * 100_000 + "/"), "6:1011", "longer than the limit")

    def test_columns_count_bytes(self):
        self.assert_complaint(GOOD.replace("/netdev watchdog/i", "/caf\u00e9(/"), "6:17", "missing closing parenthesis")

    def test_range_the_wrong_way_round(self):
        self.assert_complaint(GOOD.replace("-862.el7", "-999.el7"), "8:5", "wrong way round")
        self.assert_complaint(GOOD.replace("before: [5.10.210, 6.1.79, 6.8]", "from: 6.8\n    before: 6.7"), "11:5", "wrong way round")
        self.assert_complaint(GOOD.replace("    log: /netdev watchdog/i", "    fault_address: 0x100-0xff"), "6:20", "wrong way round")
        self.assert_complaint(GOOD.replace("3.10.0-862.9.1.el7", "3.10.0-862.el7"), "8:5", "wrong way round")

    def test_range_of_no_known_family(self):
        self.assert_complaint(GOOD.replace("family: el7", "family: el77"), "8:13", "did you mean 'el7'?")

    def test_version_with_architecture(self):
        self.assert_complaint(GOOD.replace("9.1.el7", "9.1.el7.x86_64"), "8:5", "ends in an architecture")

    def test_two_versions_of_a_series(self):
        self.assert_complaint(GOOD.replace("6.1.79", "5.10.3"), "11:5", "one entry a series")

    def test_placeholder_that_there_is_not(self):
        self.assert_complaint(GOOD.replace("{version}", "{verison}"), "15:33", "did you mean '{version}'?")

    def test_what_is_not_yaml(self):
        self.assert_complaint("id: bug\ntitle: [x\n", "3:1", "not YAML")
        self.assert_complaint("id: bug\n\ttitle: x\n", "2:1", "not YAML")
        self.assert_complaint("", "1:1", "the file is empty")
        self.assert_complaint("- id\n", "1:1", "a signature is a mapping")
        self.assert_complaint("just words\n", "1:1", "a signature is a mapping")
        self.assert_complaint(b"id: bug\ntitle: \xff\n", "2:8", "not UTF-8")
        self.assert_complaint(GOOD + "---\n" + GOOD, "16:1", "a second document begins here")

    def test_aliases(self):
        self.assert_complaint("id: bug\ntitle: x\nsymptoms: &circle\n  - name: x\n    trace: *circle\n", "5:12", "aliases are not read")
        laughs = "".join(f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]\n" for i in range(1, 12))
        begin = time.monotonic()
        complaints = self.lint(bug="l0: &l0 [ha]\n" + laughs + GOOD)
        self.assertIn("aliases are not read here", complaints[0])
        self.assertLess(time.monotonic() - begin, 5)

    def test_deep_nesting(self):
        begin = time.monotonic()
        self.assertEqual(len(self.lint(bug="title: " + "[" * 100_000)), 1)
        self.assertLess(time.monotonic() - begin, 5)

    def test_huge_file(self):
        begin = time.monotonic()
        self.assertTrue(self.lint(bug=GOOD + "# filler\n" * 1_000_000))
        self.assertLess(time.monotonic() - begin, 10)

    def test_binary_file(self):
        self.assertTrue(self.lint(bug=bytes(range(256)) * 100))

    def test_complaints_are_safe_to_print(self):
        self.lint(bug="id: bug\n\"\\e[31mowned\\e[0m\": x\ntitle: \"\\x9b31m\"\nsymptoms:\n  - name: x\n    kind: \"\\e[31m\"\n")
        self.write("signatures/\033[31m.yaml", "id: x\n")
        self.lint()

    def test_errors_without_number(self):
        complaints = self.lint(bug="".join(f"key{i}: x\n" for i in range(100_000)))
        self.assertLess(len(complaints), 10_000)

    def test_paths(self):
        self.assertEqual(run("signature", "lint", "/no/such/path").status, NOT_KNOWN)
        os.mkfifo(self.directory / "pipe.yaml")
        result = run("signature", "lint", self.directory)
        self.assertEqual(result.status, NOT_KNOWN)
        self.assertIn("pipe.yaml: not a regular file", result.errors)

    def test_directories_in_a_circle(self):
        self.write("signatures/good.yaml", GOOD.replace("NAME", "good"))
        (self.directory / "signatures" / "circle").symlink_to("..")
        self.assertEqual(run("signature", "lint", self.directory / "signatures").text, "1 signature, nothing wrong\n")

    def test_the_project_s_own(self):
        for path in sorted(SIGNATURES.glob("**/*.yaml")):
            with self.subTest(path.name):
                self.assertEqual(run("signature", "lint", path).status, KNOWN)


class Patterns(TestCase):
    def test_a_catastrophic_pattern_ends_fast(self):
        warning = "WARNING: CPU: 0 PID: 1 at net/core/dev.c:1 f+0x1/0x2\n" + ("a" * 2000 + "!\n") * 100 + "Call Trace:\n f+0x1/0x2\n"
        for pattern in ("(a+)+$", "(a|a)*b", "(.*)(.*)(.*)(.*)(.*)(.*)b",
                        r"(?:a?){2000}a{2000}", r"(a*)*\1b", "((a{1,100}){1,100}){1,100}b"):
            with self.subTest(pattern):
                path = self.write("bug.yaml", GOOD.replace("NAME", "bug").replace("/netdev watchdog/i", f"'/{pattern}/'"))
                begin = time.monotonic()
                if run("signature", "lint", path).status == KNOWN:
                    triage_text(warning, "-s", path)
                self.assertLess(time.monotonic() - begin, 5)

    def test_a_pattern_that_is_found(self):
        path = self.write("bug.yaml", GOOD.replace("NAME", "bug"))
        for text, found in (("NETDEV WATCHDOG: eth0", ["bug"]), ("netdev is well", [])):
            warning = f"WARNING: CPU: 0 PID: 1 at net/core/dev.c:1 f+0x1/0x2\n{text}\nCall Trace:\n f+0x1/0x2\n"
            verdict = triage_text(warning, "-s", path)
            self.assertEqual([finding["signature"] for finding in verdict["findings"]], found)

    def test_a_broken_file_gives_no_signature(self):
        path = self.write("bug.yaml", GOOD.replace("NAME", "bug") + "wrong: x\n")
        result = run("-s", path, "-", stdin=b"x\n")
        self.assertEqual((result.status, result.stdout), (TROUBLE, b""))


if __name__ == "__main__":
    main()
