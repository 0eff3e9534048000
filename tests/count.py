#!/usr/bin/python3
"""Counts the test cases of a JUnit file that meson wrote: prints 'PASSED FAILED'."""
import pathlib
import re
import sys
import xml.etree.ElementTree as tree

# What a failing test printed stands in it as it was, and may be of any bytes: XML knows few control characters.
text = re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd]", "?", pathlib.Path(sys.argv[1]).read_text(errors="replace"))

passed = failed = 0
for suite in tree.fromstring(re.sub(r"^<\?xml[^>]*>", "", text)).iter("testsuite"):
    cases = list(suite.iter("testcase"))
    bad = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
    skipped = sum(1 for case in cases if case.find("skipped") is not None)
    # A test program that dies, or says nothing, has no case of its own to fail.
    claimed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    failed += max(bad, claimed, 0 if cases else 1)
    passed += len(cases) - bad - skipped
print(passed, failed)
