"""
Every sample's fingerprints against tests/e2e/fingerprints.json, so that a change of them is seen in review. Where it is meant
(a new sample, or another way to make fingerprints, which then has another version), make the file again:

    ninja -C build && SOURCE_ROOT=$PWD KDUMP_TRIAGE=$PWD/build/kdump-triage /usr/bin/python3 tests/e2e/test_fingerprints.py --update
"""

import json
import re
import sys

from harness import EXPECTED, ROOT, SAMPLES, TestCase, deciding, main, triage_json

FILE = ROOT / "tests" / "e2e" / "fingerprints.json"


def triage_every_sample():
    found = {}
    for path in sorted(SAMPLES.iterdir()):
        if not path.name.endswith(EXPECTED):
            expectation = path.with_name(path.name + EXPECTED)
            release = json.loads(expectation.read_text()).get("release") if expectation.exists() else None
            found[path.name] = triage_json(path, *(["-r", release] if release else []))
    return found


VERDICTS = triage_every_sample()


def found_now():
    (version,) = {verdict["fingerprint_version"] for verdict in VERDICTS.values()}
    return {"version": version,
            "samples": {name: [crash["fingerprint"] for crash in verdict["crashes"]] for name, verdict in VERDICTS.items()}}


def update():
    """One line a sample, in the order of their names: as few conflicts and as much to read as can be."""
    now = found_now()
    lines = ",\n".join(f"\t\t{json.dumps(name)}: {json.dumps(prints)}" for name, prints in now["samples"].items())
    FILE.write_text(f'{{\n\t"version": {now["version"]},\n\t"samples": {{\n{lines}\n\t}}\n}}\n')


class Fingerprints(TestCase):
    def test_they_are_as_they_were(self):
        then, now = json.loads(FILE.read_text()), found_now()
        self.assertEqual(then["version"], now["version"], f"{FILE.name} is of another version; see {__file__}")
        for name in sorted(then["samples"].keys() | now["samples"].keys()):
            with self.subTest(name):
                self.assertEqual(then["samples"].get(name), now["samples"].get(name), f"is it meant? See {__file__}")

    def test_one_bug_has_one_on_all_kernels_and_transports(self):
        """dentry-5.10.vmcore-dmesg.txt, dentry-6.1.journal-json.log and dentry-6.12.vmcore-dmesg.txt are one bug."""
        groups, kernels = {}, {}
        for name, verdict in VERDICTS.items():
            match = re.match(r"(.*?)-(\d+\.\d+)\.", name)
            if match and verdict["crash"] is not None:
                crash = deciding(verdict)
                group = match[1], crash["kind"], crash["culprit"]
                groups.setdefault(group, {})[name] = crash["fingerprint"]
                kernels.setdefault(group, set()).add(match[2])
        self.assertGreaterEqual(sum(len(versions) > 1 for versions in kernels.values()), 7)
        for group, prints in groups.items():
            with self.subTest(group):
                self.assertEqual(len(set(prints.values())), 1, prints)


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        update()
    else:
        main()
