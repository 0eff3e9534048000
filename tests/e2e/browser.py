"""Chromium without a window, spoken to by the WebDriver protocol through chromedriver: https://www.w3.org/TR/webdriver2/."""

import base64
import json
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars",
         "--force-device-scale-factor=1"]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the protocol's name for "this is an element"
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Space": "\ue00d", "Left": "\ue012", "Right": "\ue014", "Home": "\ue011", "End": "\ue010",
        "Shift": "\ue008"}
PATIENCE = 60  # seconds until something that must happen has happened


def find(*names):
    for name in names:
        if path := shutil.which(name):
            return path
    raise unittest.SkipTest(f"no {names[0]} here")


def need_localhost():
    """By that name chromedriver speaks to the browser; a container may have no /etc/hosts to find it in."""
    try:
        socket.getaddrinfo("localhost", None)
    except OSError as error:
        raise unittest.SkipTest(f"no address of localhost here: {error}") from error


class Browser:
    def __init__(self):
        need_localhost()
        chromium, driver = find("chromium", "chromium-browser", "google-chrome"), find("chromedriver")
        self.directory = tempfile.TemporaryDirectory(prefix="kdump-triage-browser-")
        self.log = open(pathlib.Path(self.directory.name) / "chromedriver.log", "w+b")
        self.driver = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, stderr=self.log)
        self.session = None
        try:
            self.address = f"http://127.0.0.1:{self._port()}"
            self.session = self._start(chromium)
        except BaseException:
            self.close()
            raise

    def _port(self):
        """chromedriver says on which port it listens."""
        for line in self.driver.stdout:
            if found := re.search(rb"started successfully on port (\d+)", line):
                return int(found[1])
        raise AssertionError("chromedriver did not start")

    def _start(self, chromium):
        options = {"binary": chromium, "args": [*FLAGS, f"--user-data-dir={self.directory.name}/profile"]}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        return self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]

    def _call(self, method, path, content=None):
        body = None if method == "GET" else json.dumps(content or {}).encode()
        request = urllib.request.Request(self.address + path, body, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.read().decode()[:2000]}") from error

    def close(self):
        if self.session:
            self._call("DELETE", f"/session/{self.session}")
            self.session = None
        self.driver.terminate()
        self.driver.wait()
        self.driver.stdout.close()
        self.log.close()
        self.directory.cleanup()

    def command(self, path, content=None, method="POST"):
        return self._call(method, f"/session/{self.session}{path}", content)

    def devtools(self, command, **parameters):
        """A command of Chromium's own protocol."""
        return self.command("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, path, fragment=""):
        """A new page, even where only the fragment differs."""
        self.command("/url", {"url": "about:blank"})
        self.command("/url", {"url": pathlib.Path(path).resolve().as_uri() + fragment})

    def resize(self, width, height=900, dark=False, scripts=True):
        """The size of the page within the window, its colours, and whether scripts run (from the next page on)."""
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.devtools("Emulation.setEmulatedMedia",
                      features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.devtools("Emulation.setScriptExecutionDisabled", value=not scripts)

    def run(self, script, *arguments):
        """The value that a JavaScript function's body returns."""
        return self.command("/execute/sync", {"script": script, "args": list(arguments)})

    def until(self, script, *arguments):
        """Waits until the script returns something true, and gives that."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if value := self.run(script, *arguments):
                return value
            time.sleep(0.05)
        raise AssertionError(f"still not: {script}")

    def press(self, *keys):
        """Keys as a person presses them, by name or as text; "Shift+Tab"."""
        actions = []
        for key in keys:
            names = key.split("+") if len(key) > 1 else [key]
            codes = [KEYS.get(name, name) for name in names]
            actions += [{"type": "keyDown", "value": code} for code in codes]
            actions += [{"type": "keyUp", "value": code} for code in reversed(codes)]
        self.command("/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def type(self, text):
        self.press(*text)

    def click(self, selector):
        element = self.command("/element", {"using": "css selector", "value": selector})
        self.command(f"/element/{element[ELEMENT]}/click")

    def alert(self):
        """The text of a dialogue that a script has opened, or None."""
        try:
            return self.command("/alert/text", method="GET")
        except AssertionError:
            return None

    def complaints(self):
        """What the browser wrote to its console since it was last asked."""
        return [entry["message"] for entry in self.command("/se/log", {"type": "browser"})]

    def screenshot(self, path, whole=False):
        """A PNG of what is in view, or of the whole page."""
        picture = self.devtools("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        pathlib.Path(path).write_bytes(base64.b64decode(picture["data"]))

    def pdf(self):
        return base64.b64decode(self.devtools("Page.printToPDF")["data"])
