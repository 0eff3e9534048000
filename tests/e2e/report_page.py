"""The HTML report of made-up fleets, as files, as a tree of elements, and in a browser."""

import atexit
import dataclasses
import functools
import html.parser
import json
import os
import pathlib
import subprocess
import tempfile

import browser
from harness import TestCase

MAKER = os.environ["MAKE_REPORT_PAGE"]
FLEETS = ["empty", "healthy", "unreadable", "few", "many", "all-different", "hostile"]
CROWDED = ["few", "many", "all-different", "hostile"]  # those that have crashes
VOID = {"br", "hr", "img", "input", "link", "meta"}
PHONE, DESKTOP = 375, 1280

directory = tempfile.TemporaryDirectory(prefix="kdump-triage-pages-")
atexit.register(directory.cleanup)


@functools.cache
def page(fleet):
    """The path of the page of a fleet."""
    path = pathlib.Path(directory.name) / f"{fleet}.html"
    with open(path, "wb") as file:
        subprocess.run([MAKER, fleet], stdout=file, check=True, timeout=300)
    return path


@dataclasses.dataclass
class Element:
    tag: str
    attributes: dict
    parent: "Element"
    children: list = dataclasses.field(default_factory=list)  # elements and texts

    def all(self, tag=None):
        for child in self.children:
            if isinstance(child, Element):
                if tag in (None, child.tag):
                    yield child
                yield from child.all(tag)

    @property
    def text(self):
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


class Tree(html.parser.HTMLParser):
    """Takes a page apart; an element that is not closed where it should be is an error."""

    def __init__(self, text):
        super().__init__()
        self.root = self.at = Element("", {}, None)
        self.troubles = []
        self.feed(text)
        self.close()
        if self.at is not self.root:
            self.troubles.append(f"<{self.at.tag}> is never closed")

    def handle_starttag(self, tag, attributes):
        if len(dict(attributes)) != len(attributes):
            self.troubles.append(f"{self.getpos()}: an attribute twice in {self.get_starttag_text()}")
        element = Element(tag, dict(attributes), self.at)
        self.at.children.append(element)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.at = self.at.parent

    def handle_endtag(self, tag):
        if tag != self.at.tag:
            self.troubles.append(f"{self.getpos()}: </{tag}> in <{self.at.tag}>")
        elif self.at.parent:
            self.at = self.at.parent

    def handle_data(self, data):
        self.at.children.append(data)

    def handle_comment(self, data):
        self.troubles.append(f"{self.getpos()}: a comment: {data[:80]}")


@functools.cache
def tree(fleet):
    return Tree(page(fleet).read_text())


@functools.cache
def data(fleet):
    """What the page's script has of a fleet."""
    (element,) = (script for script in tree(fleet).root.all("script") if script.attributes.get("id") == "data")
    return json.loads(element.text)


@dataclasses.dataclass
class Crash:
    group: int
    verdict: str
    host: str
    release: str
    at: int
    words: str  # all that a search looks at, in lower case


@functools.cache
def crashes(fleet):
    """The crashes by another reading of the data than the page's own."""
    source, found = data(fleet), []
    strings, lists, columns = source["strings"], source["lists"], source["crashes"]
    for number, group in enumerate(source["groups"]):
        for _ in range(group["count"]):
            row = {name: column[len(found)] for name, column in columns.items()}
            words = [group["title"], group["key"], group["fix"]]
            words += [strings[row[name]] for name in ("path", "host", "release", "title", "headline", "fingerprint", "symptom",
                                                      "place", "comm", "panic")]
            words += [strings[text] for name in ("copies", "trace", "notes") for text in lists[row[name]]]
            found.append(Crash(number, group["verdict"], strings[row["host"]], strings[row["release"]], row["at"],
                               "\n".join(words).lower()))
    return found


@functools.cache
def the_browser():
    opened = browser.Browser()
    atexit.register(opened.close)
    return opened


class PageTestCase(TestCase):
    """Each test must leave the browser's console empty; it is skipped where there is no browser."""

    def setUp(self):
        super().setUp()
        self.browser = the_browser()
        self.browser.complaints()  # of the test before
        self.browser.resize(DESKTOP)

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [])
        super().tearDown()

    def open(self, fleet, fragment=""):
        self.browser.open(page(fleet), fragment)

    def run_script(self, script, *arguments):
        return self.browser.run(script, *arguments)

    @property
    def status(self):
        return self.run_script("return document.getElementById('status').textContent")

    @property
    def address(self):
        return self.run_script("return location.hash")

    def shown_titles(self):
        """The titles of the rows that can be seen, from the top."""
        return self.run_script("""return [...document.querySelectorAll('#table tbody')].filter((body) => body.offsetHeight)
            .map((body) => body.querySelector('.name').textContent)""")

    def open_everything(self, dumps=3):
        """All rows, and the first dumps of each."""
        self.run_script("""for (const opener of document.querySelectorAll('tbody:not(.later) .opener')) opener.click();
            for (const details of document.querySelectorAll('.numbers, .failures details')) details.open = true;
            for (const list of document.querySelectorAll('.dump-list'))
                for (const item of [...list.children].slice(0, arguments[0])) item.querySelector('details').open = true;""", dumps)
        self.browser.until("""return [...document.querySelectorAll('.dump-list details[open]')]
            .every((details) => details.querySelector('.dump'))""")
