"""The HTML report in a browser: filters, sorting, opening groups and dumps, by keyboard and by links to a view."""

import collections
import re

from harness import main
from report_page import PageTestCase, crashes, data

FEW_STATUS = "4 groups, 11 crashes"


def number(count):
    return f"{count:,}"


class Filters(PageTestCase):
    def expect(self, fleet, passes):
        """The status, the numbers in the table and the heights of the bars tell of just these crashes."""
        found = [crash for crash in crashes(fleet) if passes(crash)]
        by_group = collections.Counter(crash.group for crash in found)
        all_groups = data(fleet)["groups"]
        self.browser.until("return document.getElementById('status').textContent === arguments[0]",
                           f"{number(len(by_group))} of {number(len(all_groups))} groups, "
                           f"{number(len(found))} of {number(len(crashes(fleet)))} crashes match")
        shown = self.run_script("""return [...document.querySelectorAll('#table tbody:not(.later)')].map((body) =>
            [Number(body.id.slice(1)), ...[...body.querySelectorAll('.row .number')].map((cell) =>
                Number(cell.querySelector('b').textContent.replaceAll(',', '')))])""")
        expected = {group: [count, len({crash.host for crash in found if crash.group == group} - {""}),
                            len({crash.release for crash in found if crash.group == group} - {""})]
                    for group, count in by_group.items()}
        self.assertEqual({group: counts for group, *counts in shown}, expected)
        return found

    def bars(self):
        """What the bars say to a screen reader: crashes by the period's first day."""
        labels = self.run_script("return [...document.querySelectorAll('#bars .bar')].map((bar) => bar.getAttribute('aria-label'))")
        return {match[1]: int(match[2].replace(",", ""))
                for match in (re.match(r"(?:week from )?([\d-]+): ([\d,]+) crash", label) for label in labels)}

    def test_text(self):
        self.open("many")
        self.browser.click("#filter-text")
        self.browser.type("XFS_file web-0")
        found = self.expect("many", lambda crash: "xfs_file" in crash.words and "web-0" in crash.words)
        self.assertGreater(len(found), 0)
        self.assertEqual(sum(self.bars().values()), sum(crash.at is not None for crash in found))
        self.assertIn("text=XFS_file", self.address)

    def test_verdict_and_release(self):
        self.open("many")
        for verdict in ("unknown", "similar", "known"):
            self.browser.click(f"#filter-verdict option[value={verdict}]")
            self.expect("many", lambda crash: crash.verdict == verdict)
        self.browser.click("#filter-release option:nth-child(3)")
        release = self.run_script("return document.getElementById('filter-release').value")
        found = self.expect("many", lambda crash: crash.verdict == "known" and crash.release == release)
        self.assertGreater(len(found), 0)
        self.browser.click("#filter-clear")
        self.assertEqual(self.status, "120 groups, 10,000 crashes")
        self.assertEqual(self.address, "")

    def test_a_host_s_name_is_that_host_and_a_part_of_it_is_all(self):
        self.open("many", "#host=web-001.fra1.example.net")
        exact = self.expect("many", lambda crash: crash.host == "web-001.fra1.example.net")
        self.open("many", "#host=Web-0")
        self.assertGreater(len(self.expect("many", lambda crash: "web-0" in crash.host)), len(exact))

    def test_bars_and_rankings_filter(self):
        self.open("many")
        for ranking, attribute in (("by-release", "release"), ("by-host", "host")):
            self.browser.click(f"#{ranking} li:nth-child(2) button")
            value = self.run_script(f"return document.querySelector('#{ranking} [aria-pressed=true] .name').textContent")
            self.expect("many", lambda crash: getattr(crash, attribute) == value)
            self.assertEqual(self.run_script("return document.activeElement.querySelector('.name').textContent"), value)
            self.browser.click(f"#{ranking} [aria-pressed=true]")
            self.assertEqual(self.status, "120 groups, 10,000 crashes")
        self.browser.click("#by-bug li:nth-child(3) button")
        self.expect("many", lambda crash: crash.group == 2)
        self.assertEqual(self.run_script("return document.querySelectorAll('#by-bug li').length"), 6)  # to choose another
        self.browser.click("#filter-chips button")
        self.assertEqual(self.status, "120 groups, 10,000 crashes")

    def test_a_bar_filters_by_keyboard(self):
        self.open("many")
        self.run_script("document.querySelector('#bars [tabindex=\"0\"]').focus()")
        self.browser.press("Left", "Left", "Enter")
        name, count = list(self.bars().items())[-3]
        first, last = data("many")["periods"][-4:-2]
        found = self.expect("many", lambda crash: crash.at is not None and first <= crash.at < last)
        self.assertEqual(len(found), count)
        self.assertEqual(self.address, f"#period={name}")
        self.assertEqual(self.run_script("return document.querySelectorAll('#bars [tabindex=\"0\"]').length"), 1)
        self.browser.press("Home")
        self.assertEqual(self.run_script("return document.activeElement === document.querySelector('#bars .bar')"), True)

    def test_nothing_that_matches(self):
        self.open("few", "#text=no-such-word")
        self.assertEqual(self.status, "0 of 4 groups, 0 of 11 crashes match")
        self.assertEqual(self.shown_titles(), [])
        self.assertIn("Nothing matches", self.run_script("return document.getElementById('no-match').textContent"))
        self.browser.click("#filter-clear")
        self.assertEqual(len(self.shown_titles()), 4)
        self.assertIsNone(self.run_script("return document.getElementById('no-match')"))


class Links(PageTestCase):
    def test_a_view_can_be_linked(self):
        self.open("many", "#verdict=unknown&sort=title")
        self.run_script("document.querySelector('tbody:not(.later) .opener').click()")
        address, titles = self.address, self.shown_titles()
        self.assertIn("open=unknown%3A", address)
        self.open("many", address)
        self.assertEqual((self.address, self.shown_titles()), (address, titles))
        self.assertEqual(self.run_script("return document.querySelectorAll('tbody.open .dump-list').length"), 1)

    def test_what_the_address_cannot_mean_is_passed_over(self):
        for fragment in ("#verdict=toString&release=x&period=1999-01-01&bug=known:nothing&sort=constructor&open=x%3Ay",
                         "#%", "#=&&", "#sort=-", "#period="):
            self.open("few", fragment)
            self.assertEqual(self.status, FEW_STATUS)
            self.assertEqual(len(self.shown_titles()), 4)

    def test_an_address_typed_later_counts_too(self):
        self.open("few")
        self.run_script("location.hash = 'verdict=unknown'")
        self.browser.until("return document.getElementById('status').textContent.startsWith('2 of 4 groups')")

    def test_related_groups(self):
        self.open("many")
        group = self.run_script("return document.querySelector('a.related').closest('tbody').id.slice(1)")
        self.open("many", "#open=" + "unknown:" + data("many")["groups"][int(group)]["key"] + "&verdict=unknown&bug=unknown:"
                  + data("many")["groups"][int(group)]["key"])
        self.browser.click(".open a.related")
        focused = self.run_script("return document.activeElement.closest('tbody').id")
        related = self.run_script("return document.querySelector(`#g${arguments[0]} a.related`).dataset.group", group)
        self.assertEqual(focused, f"g{related}")  # though the filter hid it
        self.assertEqual(self.run_script("return document.activeElement.getAttribute('aria-expanded')"), "true")

    def test_the_skip_link_is_no_view(self):
        self.open("few", "#verdict=known")
        self.browser.press("Tab", "Enter")
        self.browser.until("return document.activeElement.id === 'groups'")
        # The browser moves the focus, and tells the page of the new address after that.
        self.browser.until("return location.hash !== '#groups'")
        self.assertEqual(self.address, "#verdict=known")


class Sorting(PageTestCase):
    def column(self, cell):
        return self.run_script(f"""return [...document.querySelectorAll('#table tbody:not(.later) .row {cell}')]
            .map((cell) => cell.textContent)""")

    def test_each_column_both_ways(self):
        self.open("many")
        for key, cell in (("hosts", ".number:nth-child(4) b"), ("releases", ".number:nth-child(5) b"), ("first", ".date:nth-child(6)"),
                          ("last", ".date:nth-child(7)"), ("title", ".name"), ("count", ".number:nth-child(3) b")):
            header = f"th[data-key={key}]"
            orders = {}
            for _ in range(2):
                self.browser.click(f"{header} button")
                orders[self.run_script(f"return document.querySelector('{header}').ariaSort")] = self.column(cell)
                self.assertEqual(self.run_script("return document.querySelectorAll('th[aria-sort]').length"), 1)
            self.assertEqual(set(orders), {"ascending", "descending"}, key)
            values = {order: [int(text.replace(",", "")) if text[0].isdigit() and "-" not in text else text for text in texts]
                      for order, texts in orders.items()}
            if key != "title":  # by the rules of a language: not Python's
                self.assertEqual(values["ascending"], sorted(values["ascending"]), key)
            self.assertEqual(sorted(map(str, values["ascending"])), sorted(map(str, values["descending"])))
            self.assertNotEqual(values["ascending"], values["descending"], key)

    def test_by_keyboard(self):
        self.open("few")
        before = self.shown_titles()
        self.run_script("document.querySelector('th[data-key=title] button').focus()")
        self.browser.press("Enter")
        self.assertEqual(self.shown_titles(), sorted(before, key=str.lower))
        self.browser.press("Enter")
        self.assertEqual(self.shown_titles(), sorted(before, key=str.lower, reverse=True))

    def test_more_groups(self):
        self.open("all-different")
        self.assertEqual(len(self.shown_titles()), 200)
        self.browser.click("#more-groups")
        self.assertEqual(len(self.shown_titles()), 400)
        self.assertEqual(self.run_script("""return [...document.querySelectorAll('#table tbody:not(.later)')]
            .indexOf(document.activeElement.closest('tbody'))"""), 200)
        self.browser.click("#more-groups")
        self.assertEqual(len(self.shown_titles()), 600)
        self.assertIsNone(self.run_script("return document.getElementById('more-groups')"))


class Opening(PageTestCase):
    def tab_to(self, selector):
        for _ in range(120):
            self.browser.press("Tab")
            if self.run_script("return document.activeElement.matches(arguments[0])", selector):
                return
        self.fail(f"the Tab key does not get to {selector}")

    def test_a_group_and_a_dump_by_keyboard(self):
        self.open("few")
        self.browser.press("Tab", "Enter")  # the link to the table
        self.tab_to(".opener")
        self.assertEqual(self.run_script("return document.activeElement.getAttribute('aria-expanded')"), "false")
        self.browser.press("Enter")
        self.assertEqual(self.run_script("return document.activeElement.getAttribute('aria-expanded')"), "true")
        self.assertTrue(self.run_script("""return document.getElementById(
            document.activeElement.getAttribute('aria-controls')).checkVisibility()"""))
        self.tab_to(".dump-list summary")
        self.browser.press("Enter")
        self.browser.until("return document.activeElement.parentElement.querySelector('.dump')")
        text = self.run_script("return document.activeElement.parentElement.querySelector('.dump').innerText")
        source = data("few")
        row = {name: column[0] for name, column in source["crashes"].items()}
        for expected in (*(source["strings"][row[name]] for name in ("path", "headline", "place", "comm", "panic")),
                         *(source["strings"][frame] for frame in source["lists"][row["trace"]]), "Evidence", "instruction pointer"):
            self.assertIn(expected, text)
        self.browser.press("Enter")
        self.assertFalse(self.run_script("return document.activeElement.parentElement.open"))

    def test_dumps_come_in_pages(self):
        self.open("many")
        self.run_script("document.querySelector('.opener').click()")
        count = data("many")["groups"][0]["count"]
        shown = "return document.querySelectorAll('.open .dump-list > li').length"
        self.assertEqual(self.run_script(shown), 50)
        self.assertIn(f"({number(count - 50)} left)", self.run_script("return document.querySelector('.open .dumps .more').textContent"))
        self.run_script("document.querySelector('.open .dumps .more').focus()")
        self.browser.press("Enter")
        self.assertEqual(self.run_script(shown), 100)
        self.assertEqual(self.run_script("""return [...document.querySelectorAll('.open .dump-list > li')]
            .indexOf(document.activeElement.closest('li'))"""), 50)

    def test_only_dumps_that_pass_the_filters_are_listed(self):
        self.open("many", "#release=6.1.0-28-amd64")
        self.run_script("document.querySelector('tbody:not(.later) .opener').click()")
        releases = self.run_script("return [...document.querySelectorAll('.open .dump-row .release')].map((cell) => cell.textContent)")
        self.assertEqual(set(releases), {"6.1.0-28-amd64"})
        self.assertRegex(self.run_script("return document.querySelector('.open .dumps h3').textContent"),
                         rf"Dumps {len(releases)} of [\d,]+ match the filters" if len(releases) < 50 else r"match the filters")

    def test_what_is_open_stays_open(self):
        self.open("few")
        self.open_everything()
        opened = "return document.querySelectorAll('tbody.open, .dump-list details[open]').length"
        before = self.run_script(opened)
        self.assertGreater(before, 4)
        self.run_script("document.querySelector('th[data-key=title] button').click()")
        self.assertEqual(self.run_script(opened), before)

    def test_a_click_anywhere_on_a_row_opens_it(self):
        self.open("few")
        self.browser.click("#g1 .number")
        self.assertEqual(self.run_script("return document.querySelector('#g1 .opener').getAttribute('aria-expanded')"), "true")
        self.browser.click("#g1 .opener")
        self.assertEqual(self.run_script("return document.querySelector('#g1 .opener').getAttribute('aria-expanded')"), "false")

    def test_a_command_can_be_copied(self):
        self.open("few")
        self.browser.click("#g0 .opener")
        self.browser.click("#g0 .copy")
        self.browser.until("return ['Copied', 'Selected'].includes(document.querySelector('#g0 .copy').textContent)")


if __name__ == "__main__":
    main()
