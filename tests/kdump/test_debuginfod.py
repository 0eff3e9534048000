"""
Debuginfo from a server: a real debuginfod that has the kernel's files, and servers that have nothing, stall, lie or send too much.
Of the first kernel of KDUMP_TEST_KERNELS.
"""

import http.server
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import dumps
from harness import NOT_KNOWN, TROUBLE, TestCase, deciding, main, parse, run
from test_kdump import DIRECTORY, KERNELS
from test_stacks import dump

KERNEL = KERNELS[0]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """Answers every request by a function of the handler; counts them."""

    def __init__(self, answer):
        self.asked = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                answer(self)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Debuginfod(TestCase):
    def setUp(self):
        super().setUp()
        if SKIPPED:
            self.skipTest(SKIPPED)
        self.dump = dump("overlay")
        self.log = self.dump.parent / dumps.LOG

    def ask(self, url, path=None, *options, status=NOT_KNOWN, **environment):
        """The verdict, which no server may change."""
        environment = {"DEBUGINFOD_URLS": url, "DEBUGINFOD_CACHE_PATH": str(self.directory / "cache"), **environment}
        result = run("-f", "json", "--stacks", "crashed", "--debuginfod", *options, path or self.dump, environment=environment)
        self.assertEqual(result.status, status, result)
        self.assertEqual(result.errors, "")
        return parse(result.text)

    def serve(self, answer):
        server = Server(answer)
        self.addCleanup(server.close)
        return server

    def real_server(self, *files):
        """Waits until it has looked at all of the files."""
        if not shutil.which("debuginfod"):
            self.skipTest("no debuginfod here")
        served = self.directory / "served"
        served.mkdir()
        for file in files:
            os.symlink(file, served / file.name)
        port = free_port()
        process = subprocess.Popen(["debuginfod", "-F", "-L", "--disable-source-scan", "-p", str(port), "-d", ":memory:", served],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        url, end = f"http://127.0.0.1:{port}", time.monotonic() + 60
        while time.monotonic() < end:
            if self.has_scanned(url, len(files)):
                return url
            time.sleep(0.2)
        self.fail("debuginfod does not get ready")

    def has_scanned(self, url, count):
        try:
            with urllib.request.urlopen(f"{url}/metrics", timeout=5) as answer:
                rows = dict(line.rsplit(" ", 1) for line in answer.read().decode().splitlines())
        except OSError:
            return False
        at_work = [value for name, value in rows.items() if name.startswith("thread_busy") and "http" not in name]
        return (rows.get('thread_work_total{role="traverse"}', "0") != "0" and set(at_work) == {"0"} and
                rows.get('scanned_files_total{source="file"}', "0") == str(count))

    def test_what_is_not_here_comes_from_the_server_for_vmlinux_and_modules(self):
        module = next(VMLINUX.parents[4].glob("usr/lib/debug/**/overlay.ko*"))
        url = self.real_server(VMLINUX, module)
        verdict = self.ask(url)
        expected = parse(run("-f", "json", "--stacks", "crashed", "--debuginfo", VMLINUX, self.dump).text)
        self.assertTrue(verdict["debuginfo"].startswith(str(self.directory / "cache")), verdict["debuginfo"])
        self.assertIn(("ovl_do_remove", "fs/overlayfs/dir.c"), [(f["function"], f["file"]) for f in deciding(verdict)["trace"]])
        for key in ("crashes", "cpus", "findings", "notes"):
            self.assertEqual(verdict[key], expected[key], key)
        # Again, out of the cache.
        self.assertEqual(self.ask(f"http://127.0.0.1:{free_port()}")["crashes"], expected["crashes"])

    def test_a_server_that_has_nothing_is_told_of(self):
        verdict = self.ask(self.real_server())
        build_id = verdict["kernel"]["build_id"]
        self.assertIsNone(verdict["debuginfo"])
        self.assertTrue(any(f"have nothing of build id {build_id}" in note for note in verdict["notes"]), verdict["notes"])

    def test_a_module_that_the_server_lacks_is_told_of(self):
        verdict = self.ask(self.real_server(VMLINUX))
        self.assertIn("vfs_rmdir", [frame["function"] for frame in deciding(verdict)["trace"] if frame["file"]])
        self.assertTrue(any("module overlay are not known: the servers of DEBUGINFOD_URLS (" in note and "have nothing" in note for note in verdict["notes"]),
                        verdict["notes"])

    def test_a_server_that_is_not_there_is_told_of(self):
        verdict = self.ask(f"http://127.0.0.1:{free_port()}")
        self.assertTrue(any("none of the servers of DEBUGINFOD_URLS (" in note and "can be reached" in note for note in verdict["notes"]), verdict["notes"])

    def test_a_server_that_stalls_is_given_up(self):
        def stall(handler):
            time.sleep(300)

        def stall_within(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", "1000000")
            handler.end_headers()
            handler.wfile.write(b"\177ELF")
            handler.wfile.flush()
            time.sleep(300)

        for answer in (stall, stall_within):
            with self.subTest(answer=answer.__name__):
                start = time.monotonic()
                verdict = self.ask(self.serve(answer).url, DEBUGINFOD_TIMEOUT="2",
                                   DEBUGINFOD_CACHE_PATH=str(self.directory / answer.__name__)) # it may keep that there was nothing
                self.assertLess(time.monotonic() - start, 60)
                self.assertTrue(any("the server took too long" in note for note in verdict["notes"]), verdict["notes"])
                self.assertTrue(verdict["cpus"])

    def test_what_it_sends_is_checked(self):
        def lie(handler):
            content = pathlib.Path("/bin/true").read_bytes()
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)

        verdict = self.ask(self.serve(lie).url)
        self.assertIsNone(verdict["debuginfo"])
        self.assertTrue(any("which a server sent, now or before, is of another kernel" in note for note in verdict["notes"]), verdict["notes"])

    def test_more_than_4_gib_are_not_taken(self):
        def flood(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", str(5 << 30))
            handler.end_headers()
            try:
                while True:
                    handler.wfile.write(bytes(1 << 16))
                    time.sleep(0.1)
            except OSError:
                pass

        start = time.monotonic()
        verdict = self.ask(self.serve(flood).url)
        self.assertLess(time.monotonic() - start, 60)
        self.assertTrue(any("larger than 4 GiB" in note for note in verdict["notes"]), verdict["notes"])
        self.assertEqual([path for path in (self.directory / "cache").rglob("*") if path.is_file() and path.stat().st_size > 1000], [])

    def test_a_log_has_no_build_id_to_ask_by(self):
        server = self.serve(lambda handler: handler.send_error(404))
        verdict = self.ask(server.url, self.log)
        self.assertTrue(any("only be asked by build id, and none is known" in note for note in verdict["notes"]), verdict["notes"])
        self.assertEqual(server.asked, [])

    def test_what_is_here_is_not_asked_for(self):
        server = self.serve(lambda handler: handler.send_error(404))
        verdict = self.ask(server.url, self.dump, "--debuginfo", VMLINUX)
        self.assertEqual((verdict["debuginfo"], server.asked), (str(VMLINUX), []))

    def test_nobody_is_asked_unless_told_to(self):
        server = self.serve(lambda handler: handler.send_error(404))
        run(self.dump, environment={"DEBUGINFOD_URLS": server.url, "DEBUGINFOD_CACHE_PATH": str(self.directory / "cache")})
        self.assertEqual(server.asked, [])

    def test_without_urls_nobody_can_be_asked(self):
        for urls in ("", " "):
            result = run("--debuginfod", self.dump, environment={"DEBUGINFOD_URLS": urls})
            self.assertEqual((result.status, result.stdout), (TROUBLE, b""))
            self.assertIn("DEBUGINFOD_URLS is not set", result.errors)


if __name__ == "__main__":
    SKIPPED, VMLINUX = dumps.prepare(DIRECTORY, KERNEL, "debuginfod", with_debuginfo=True)
    main()
