"""kdump-triage report on the history of a real scan: JSON by its schema, the other forms, periods, and a hostile log in a browser."""

import json
import pathlib
import re
import sys

import jsonschema

import browser
from harness import KNOWN, ROOT, SANITIZED, TROUBLE, TestCase, assert_safe, main, run, sample

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "scan"))
import make_tree    # noqa: E402

VALIDATOR = jsonschema.Draft202012Validator(json.loads((ROOT / "docs" / "report.schema.json").read_text()))
# What a driver says when it panics is its own; here, what it had read from a device.
WORDS, HOSTILE = b"the controller of sda", b"<img src=x onerror=alert(1)> <script>alert(2)</script> \007\033]0;x\007 of sda"
# What a terminal takes for a title is no text, and numbers in the reason of a panic are of one machine.
SHOWN = r"<img src=x onerror=alert(NUM)> <script>alert(NUM)</script> \x07 of sda"


class Report(TestCase):
    def setUp(self):
        super().setUp()
        self.history = self.directory / "history.db"
        self.root = self.directory / "crash"
        self.expected = make_tree.Tree(self.root, 60).make()
        log = sample("panic-6.1.vmcore-dmesg.txt")
        self.assertIn(WORDS, log)
        self.write("crash/hostile <b>&amp;/vmcore-dmesg.txt", log.replace(WORDS, HOSTILE))
        run("scan", "--history", self.history, self.root)

    def report(self, form, *arguments):
        result = run("report", "--history", self.history, "-f", form, *arguments)
        self.assertEqual((result.status, result.errors), (KNOWN, ""))
        assert_safe(result.stdout)
        return result.text

    def report_json(self, *arguments):
        report = json.loads(self.report("json", *arguments))
        VALIDATOR.validate(report)
        return report

    def test_json(self):
        report = self.report_json()
        crashes = sum(count for verdict, count in self.expected["verdicts"].items() if verdict != "no-crash") + 1
        self.assertEqual(report["counts"]["crashes"], crashes)
        self.assertEqual(sum(len(group["crashes"]) for group in report["groups"]), crashes)
        for group in report["groups"]:
            for crash in group["crashes"]:
                self.assertTrue(crash["detail"]["trace"] or crash["detail"]["instruction_pointer"] or not group["culprit"], crash)
                if group["verdict"] != "unknown":
                    self.assertTrue(crash["detail"]["evidence"], crash)

    def test_periods(self):
        whole = self.report_json()
        times = sorted(crash["crashed_at"] for group in whole["groups"] for crash in group["crashes"] if crash["crashed_at"])
        self.assertEqual(len(self.report_json("--until", "1999-01-01")["groups"]), 0)
        day = self.report_json("--since", "2023-01-01", "--until", "2023-01-02")
        self.assertEqual(day["counts"]["crashes"], sum(1672531200 <= time < 1672617600 for time in times))
        self.assertTrue(0 < day["counts"]["crashes"] < len(times))

    def test_text_and_markdown(self):
        keys = [group["key"] for group in self.report_json()["groups"] if re.fullmatch("[0-9a-z-]+", group["key"])]
        self.assertGreater(len(keys), 10)
        for form in ("text", "markdown"):
            text = self.report(form)
            for part in [*keys, "could not be read", "10.0.0."]:
                self.assertIn(part.lower(), text.lower(), form)

    def test_html_of_a_hostile_log_in_a_browser(self):
        page = self.write("report.html", self.report("html"))
        if SANITIZED:
            self.skipTest("the page is the same as without sanitizers")
        if not (browser.find("chromium", "chromium-browser") and browser.find("chromedriver")):
            self.skipTest("no Chromium here")
        window = browser.Browser()
        self.addCleanup(window.close)
        for width in (375, 1280):
            window.resize(width)
            window.open(page)
            self.assertLessEqual(window.run("return document.documentElement.scrollWidth"), width)
            self.assertIn(SHOWN, window.run("return document.body.innerText"))
            self.assertEqual(window.run("return document.images.length"), 0)
            self.assertIsNone(window.alert())
            self.assertEqual(window.complaints(), [])

    def test_no_history(self):
        result = run("report", "--history", self.directory / "none.db")
        self.assertEqual((result.status, result.stdout), (TROUBLE, b""))
        self.assertIn(f"{self.directory}/none.db", result.errors)
        self.assertFalse((self.directory / "none.db").exists())


if __name__ == "__main__":
    main()
