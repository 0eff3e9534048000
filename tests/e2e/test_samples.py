"""Every sample against what its NAME.expected.json says."""

import json
import re

from harness import (EXPECTED, KNOWN, SAMPLES, STATUS_OF_VERDICT, TestCase, assert_safe, deciding, functions, main, run,
                     verdicts)

NAMES = sorted(path.name for path in SAMPLES.iterdir() if not path.name.endswith(EXPECTED))
EXPECTATIONS = {path.name.removesuffix(EXPECTED): json.loads(path.read_text()) for path in SAMPLES.glob("*" + EXPECTED)}


def arguments_for(name):
    release = EXPECTATIONS.get(name, {}).get("release")
    return ["-r", release] if release else []


def triage_every_sample():
    results = {}
    for name in NAMES:
        result = run("-f", "json", *arguments_for(name), SAMPLES / name)
        results[name] = result, verdicts(result)
    return results


RESULTS = triage_every_sample()
VERDICTS = {name: found[0] for name, (_, found) in RESULTS.items() if found}


class Samples(TestCase):
    def test_each_has_an_expectation_and_each_expectation_a_sample(self):
        self.assertEqual(NAMES, sorted(EXPECTATIONS))

    def test_each_gives_one_verdict(self):
        self.assertEqual(NAMES, sorted(VERDICTS))

    def test_each_is_as_expected(self):
        for name in NAMES:
            with self.subTest(name):
                expected = {key: value for key, value in EXPECTATIONS.get(name, {}).items() if key not in ("origin", "release")}
                self.assert_holds(expected, VERDICTS[name], "")

    def assert_holds(self, expected, found, place):
        """Every key that is expected is found with that value; lists are of one length."""
        if isinstance(expected, dict):
            for key, value in expected.items():
                if key == "trace_starts":
                    self.assertEqual(functions(found)[:len(value)], value, f"{place}.{key}")
                else:
                    self.assertIn(key, found, place)
                    self.assert_holds(value, found[key], f"{place}.{key}")
        elif isinstance(expected, list):
            self.assertEqual(len(found), len(expected), f"the length of {place}: {json.dumps(found)[:500]}")
            for i, (item, found_item) in enumerate(zip(expected, found)):
                self.assert_holds(item, found_item, f"{place}[{i}]")
        else:
            self.assertEqual(found, expected, place)

    def test_the_exit_status_fits_the_verdict(self):
        for name, (result, (verdict,)) in RESULTS.items():
            with self.subTest(name):
                self.assertEqual(result.status, STATUS_OF_VERDICT[verdict["verdict"]])
                self.assertEqual(result.stderr, b"")
                self.assertFalse(verdict["input"]["incomplete"])

    def test_the_text_keeps_within_80_columns(self):
        for name in NAMES:
            with self.subTest(name):
                result = run(*arguments_for(name), SAMPLES / name)
                assert_safe(result.stdout)
                self.assertEqual(result.status, RESULTS[name][0].status)
                for line in result.text.splitlines():
                    if len(line) > 80 and not re.match(r" +(sudo|https?:)", line):
                        self.fail(f"{len(line)} columns: {line}")

    def test_the_markdown_is_safe(self):
        for name in NAMES:
            with self.subTest(name):
                result = run("-f", "markdown", *arguments_for(name), SAMPLES / name)
                assert_safe(result.stdout)
                self.assertEqual(result.status, RESULTS[name][0].status)
                self.assertTrue(result.text.startswith("## "), result)

    def test_the_crash_that_decides_is_one_of_the_crashes(self):
        for name, verdict in VERDICTS.items():
            with self.subTest(name):
                self.assertEqual(verdict["crash"] is None, verdict["verdict"] == "no-crash")
                if verdict["crash"] is not None:
                    self.assertLess(verdict["crash"], len(verdict["crashes"]))
                for finding in verdict["findings"]:
                    self.assertLess(finding["crash"], len(verdict["crashes"]))


class Fingerprints(TestCase):
    def test_they_are_the_same_whatever_the_transport(self):
        """dentry-6.1.dmesg-raw.log and dentry-6.1.rsyslog-rfc5424.syslog are one crash."""
        groups = {}
        for name, verdict in VERDICTS.items():
            match = re.match(r".*?-\d+\.\d+(?=\.)", name)
            if match and verdict["crash"] is not None:
                crash = deciding(verdict)
                groups.setdefault((match[0], crash["kind"], crash["culprit"]), {})[name] = crash["fingerprint"]
        self.assertGreater(len(groups), 20)
        for group, prints in groups.items():
            with self.subTest(group):
                self.assertEqual(len(set(prints.values())), 1, prints)

    def test_different_crashes_have_different_ones(self):
        seen = {}
        for name, verdict in VERDICTS.items():
            for crash in verdict["crashes"]:
                if crash["fingerprint"]:
                    seen.setdefault(crash["fingerprint"], {}).setdefault((crash["kind"], crash["culprit"]), name)
        for fingerprint, crashes in seen.items():
            with self.subTest(fingerprint):
                self.assertEqual(len(crashes), 1, crashes)


class SignatureTest(TestCase):
    def test_all_samples_are_right(self):
        result = run("signature", "test")
        self.assertEqual(result.status, KNOWN, result)
        self.assertEqual(result.text.splitlines()[-1], f"{len(NAMES)} right, 0 wrong")
        self.assertNotIn("WRONG", result.text)

    def test_a_wrong_expectation_is_told(self):
        self.write("log.txt", (SAMPLES / "healthy-boot-6.1.dmesg.txt").read_bytes())
        self.write("log.txt" + EXPECTED, '{"findings": [{"signature": "overlayfs-dentry-leak"}]}')
        result = run("signature", "test", self.directory)
        self.assertEqual(result.status, 1)
        self.assertRegex(result.text, r"(?m)^WRONG log.txt  overlayfs-dentry-leak")
        self.assertEqual(result.text.splitlines()[-1], "0 right, 1 wrong")


if __name__ == "__main__":
    main()
