"""The HTML report as a file: well-formed, complete without a script, nothing in it that a browser would run but its own."""

import base64
import hashlib
import re
import unittest

from harness import TestCase, main
from report_page import CROWDED, FLEETS, Tree, crashes, data, page, tree

REFERENCES = ("aria-labelledby", "aria-controls", "aria-describedby", "for", "list")


def digest(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


class Parser(unittest.TestCase):
    """The check itself must find what is wrong."""

    def test_it_finds_what_is_not_closed(self):
        for text in ("<p><b></p></b>", "<p>", "</p>", "<ul><li></ul>", "<p a=1 a=2></p>", "<!-- x -->", "<svg><rect></svg>"):
            self.assertTrue(Tree(text).troubles, text)
        self.assertEqual(Tree("<!DOCTYPE html><p a=1><br><b>x</b><svg><rect x='1'/></svg></p>").troubles, [])


class Structure(TestCase):
    def each(self):
        for fleet in FLEETS:
            with self.subTest(fleet):
                yield fleet, tree(fleet).root

    def test_every_element_is_closed_in_its_place(self):
        for fleet, _ in self.each():
            self.assertEqual(tree(fleet).troubles, [])

    def test_ids_are_unique_and_what_is_referred_to_is_there(self):
        for _, root in self.each():
            ids = [element.attributes["id"] for element in root.all() if "id" in element.attributes]
            self.assertEqual(len(ids), len(set(ids)))
            for element in root.all():
                for name in REFERENCES:
                    for reference in element.attributes.get(name, "").split():
                        self.assertIn(reference, ids)
                if element.attributes.get("href", "").startswith("#"):
                    self.assertIn(element.attributes["href"][1:], ids)

    def test_headings_come_in_order(self):
        for _, root in self.each():
            levels = [int(element.tag[1]) for element in root.all() if re.fullmatch("h[1-6]", element.tag)]
            self.assertEqual(levels[0], 1)
            self.assertEqual(levels.count(1), 1)
            for before, after in zip(levels, levels[1:]):
                self.assertLessEqual(after, before + 1)

    def test_landmarks_and_language(self):
        for _, root in self.each():
            (document,) = root.all("html")
            self.assertEqual(document.attributes["lang"], "en")
            for tag in ("header", "main", "footer", "title"):
                self.assertEqual(len(list(root.all(tag))), 1, tag)

    def test_tables_have_captions_and_scopes(self):
        for _, root in self.each():
            for table in root.all("table"):
                self.assertEqual(len(list(table.all("caption"))), 1)
                for header in table.all("th"):
                    self.assertIn(header.attributes["scope"], ("row", "col"))

    def test_controls_have_labels(self):
        for fleet, root in self.each():
            controls = [element for element in root.all() if element.tag in ("input", "select")]
            self.assertEqual(len(controls), 4 if fleet in CROWDED else 0)
            for control in controls:
                self.assertEqual(control.parent.tag, "label")

    def test_drawings_have_an_alternative_or_are_left_out(self):
        for _, root in self.each():
            for drawing in root.all("svg"):
                if drawing.attributes.get("role") == "img":
                    self.assertRegex(drawing.attributes["aria-label"], r"^Bars, one a \w+, from .* The most: \d+ crash")
                else:
                    self.assertEqual(drawing.attributes["aria-hidden"], "true")


class Safety(TestCase):
    def each(self):
        for fleet in FLEETS:
            with self.subTest(fleet):
                yield fleet, tree(fleet).root

    def test_only_its_own_style_and_scripts_may_run(self):
        for fleet, root in self.each():
            (policy,) = (meta.attributes["content"] for meta in root.all("meta")
                         if meta.attributes.get("http-equiv") == "Content-Security-Policy")
            rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
            scripts = [script for script in root.all("script") if script.attributes.get("type") != "application/json"]
            (style,) = root.all("style")
            self.assertEqual(rules["default-src"], "'none'")
            self.assertEqual(rules["style-src"], digest(style.text))
            self.assertEqual([digest(script.text) for script in scripts], rules["script-src"].split()[:len(scripts)])
            self.assertEqual(len(scripts), 2 if fleet in CROWDED else 1)
            self.assertNotIn("unsafe", policy)

    def test_nothing_is_fetched_and_nothing_runs_from_an_attribute(self):
        for _, root in self.each():
            for element in root.all():
                self.assertNotIn(element.tag, ("link", "img", "iframe", "object", "embed", "base", "form"))
                for name in element.attributes:
                    self.assertFalse(name.startswith("on") or name in ("style", "src", "srcdoc", "action", "formaction"), name)
                if element.tag == "a":
                    self.assertRegex(element.attributes["href"], r"^(https?://|#)")
                    if not element.attributes["href"].startswith("#"):
                        self.assertEqual(element.attributes["rel"], "noreferrer")

    def test_no_script_makes_markup_of_text(self):
        script = "".join(element.text for element in tree("few").root.all("script"))
        self.assertIn("textContent", script)
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser"):
            self.assertNotIn(word, script)

    def test_hostile_texts_are_data(self):
        texts = data("hostile")["strings"]
        for text in ("<script>window.attacked = 1; alert(1)</script>", "</script ><script >window.attacked = 2</script >",
                     r"\x1b[31mred\x1b[0m\x07\x0d" + "\n", r"\xe2\x80\xaeoverride \xe2\x81\xa6isolate \xe2\x80\xa8line"):
            self.assertIn(text, texts)


class Content(TestCase):
    def test_the_overview_needs_no_script(self):
        for fleet in CROWDED:
            with self.subTest(fleet):
                root = tree(fleet).root
                (table,) = (table for table in root.all("table") if table.attributes.get("id") == "table")
                rows = [row for row in table.all("tr") if row.attributes.get("class") == "row"]
                self.assertEqual(len(rows), len(data(fleet)["groups"]))
                for row, group in zip(rows, data(fleet)["groups"]):
                    texts = [cell.text.strip() for cell in row.children if not isinstance(cell, str)]
                    self.assertEqual(texts[1].lower(), group["verdict"])
                    self.assertEqual([int(text.replace(",", "")) for text in texts[2:5]],
                                     [group["count"], group["hosts"], group["releases"]])
                self.assertEqual(len(list(root.all("noscript"))), 1)

    def test_each_group_says_what_to_do(self):
        for row in (row for row in tree("many").root.all("tr") if row.attributes.get("class") == "below"):
            self.assertIn("What to do", row.text)
            self.assertTrue(list(row.all("ol")) or list(row.all("code")), row.text)

    def test_the_chart_s_table_counts_every_dated_crash(self):
        for fleet in ("few", "many"):
            (details,) = (element for element in tree(fleet).root.all("details") if element.attributes.get("class") == "numbers")
            rows = [[cell.text for cell in row.children if not isinstance(cell, str)] for row in details.all("tr")][1:]
            dated = [crash for crash in crashes(fleet) if crash.at is not None]
            self.assertEqual(sum(int(row[1]) for row in rows), len(dated))
            for column, verdict in enumerate(("known", "similar", "unknown"), 2):
                self.assertEqual(sum(int(row[column]) for row in rows), sum(crash.verdict == verdict for crash in dated))

    def test_texts_are_kept_once(self):
        source = data("many")
        self.assertEqual(len(source["strings"]), len(set(source["strings"])))
        self.assertEqual(len(source["lists"]), len(set(map(str, source["lists"]))))

    def test_the_size_of_ten_thousand_crashes(self):
        self.assertEqual(len(crashes("many")), 10000)
        size = page("many").stat().st_size
        self.assertLess(size, 4 << 20)


if __name__ == "__main__":
    main()
