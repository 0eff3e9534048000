"""Hardware errors: never a signature's bug, and what is said of them in each format."""

from harness import NO_CRASH, NOT_KNOWN, SAMPLES, TROUBLE, TestCase, deciding, main, run, triage_json

HARDWARE = ["mce-fatal-intel-synthetic.log", "ghes-memory-fatal-synthetic.log", "nmi-unknown-panic-synthetic.log"]
EVERYTHING = "kind: [machine-check, hardware-error, nmi, out-of-memory]"


class Hardware(TestCase):
    def signature(self):
        return self.write("takes-all.yaml", f"""\
id: takes-all
title: would match every crash of these kinds
subsystem: mm
symptoms:
  - name: any
    {EVERYTHING}
    log: /./
affected:
  - family: upstream
    from: "2.6"
""".encode())

    def test_no_signature_is_matched(self):
        signature = self.signature()
        found = triage_json(SAMPLES / "oom-global-synthetic.log", "-s", signature)["findings"]
        self.assertEqual([finding["signature"] for finding in found], ["takes-all"])
        for name in HARDWARE:
            with self.subTest(name):
                verdict = triage_json(SAMPLES / name, "-s", signature)
                self.assertEqual((verdict["verdict"], verdict["findings"]), ("unknown", []))
                explained = run("-s", signature, "--explain", "takes-all", SAMPLES / name)
                self.assertIn("a hardware error: no signature is matched to it", explained.text)
                self.assertNotIn("matches:", explained.text)

    def test_no_signature_is_made(self):
        for name in HARDWARE:
            with self.subTest(name):
                result = run("signature", "new", SAMPLES / name)
                self.assertEqual((result.status, result.stdout), (TROUBLE, b""))
                self.assertIn("hardware error, not a bug of the kernel", result.errors)

    def test_each_format_says_what_to_do(self):
        path = SAMPLES / "ghes-pcie-fatal-synthetic.log"
        advice = deciding(triage_json(path))["hardware_error"]["advice"]
        self.assertEqual(advice[0], "See which card it is that failed: sudo lspci -vv -s 0000:3b:00.0")
        for form in "text", "markdown":
            result = run("-f", form, path)
            self.assertEqual(result.status, NOT_KNOWN)
            self.assertIn("hardware error, not a kernel bug", " ".join(result.text.split()))
            self.assertIn("sudo lspci -vv -s 0000:3b:00.0", result.text)
            self.assertNotIn("bug tracker", result.text)

    def advice_of(self, log):
        return " ".join(deciding(triage_json(self.write("log", log)))["hardware_error"]["advice"])

    def test_no_part_is_named_that_the_log_does_not_point_to(self):
        machine_check = b"""\
mce: [Hardware Error]: CPU 2: Machine Check Exception: 5 Bank 3: %s
mce: [Hardware Error]: PROCESSOR 0:906ea TIME 1633012011 SOCKET 1 APIC 4 microcode de
Kernel panic - not syncing: Fatal machine check
"""
        parity, timer = self.advice_of(machine_check % b"be00000000800005"), self.advice_of(machine_check % b"be00000000800400")
        self.assertIn("processor in socket 1", parity)
        self.assertIn("processor replaced", parity)
        self.assertNotIn("processor replaced", timer)
        self.assertIn("does not answer", timer)
        # The core that loads what memory has lost is not at fault.
        poison = self.advice_of(machine_check % b"bd80000000100134")
        self.assertNotIn("processor replaced", poison)
        self.assertIn("does not name the memory module", poison)

    def test_a_virtual_machine_has_no_parts(self):
        log = (SAMPLES / "ghes-memory-fatal-synthetic.log").read_bytes()
        self.assertIn("memory module", self.advice_of(log))
        advice = self.advice_of(log.replace(b"Example Systems DL300/DL300", b"QEMU Standard PC (Q35 + ICH9, 2009)"))
        self.assertIn("host's", advice)
        self.assertNotIn("eplace", advice)
        self.assertNotIn("ipmitool", advice)

    def test_an_nmi_may_come_of_software(self):
        advice = self.advice_of(b"Uhhuh. NMI received for unknown reason 2d on CPU 0.\nKernel panic - not syncing: NMI: Not continuing\n")
        self.assertIn("on purpose", advice)
        self.assertNotIn("no change of software", advice)

    def test_words_of_the_log_are_made_safe(self):
        log = (SAMPLES / "ghes-memory-fatal-synthetic.log").read_bytes()
        log = log.replace(b"PROC 1 DIMM 4", b"P\033[31m<b>\xff` DIMM 4")
        for form in "text", "markdown", "json":
            result = run("-f", form, "-", stdin=log)    # which looks at every byte of standard error
            self.assertEqual(result.status, NOT_KNOWN)
            self.assertNotIn(b"\033", result.stdout)
            self.assertIn("DIMM 4", result.stdout.decode())

    def test_reports_keep_the_advice(self):
        history = self.directory / "history.db"
        self.write("var/crash/a/vmcore-dmesg.txt", (SAMPLES / "ghes-pcie-fatal-synthetic.log").read_bytes())
        run("scan", "--history", history, self.directory / "var")
        for form in "text", "markdown", "html":
            result = run("report", "--history", history, "-f", form)
            with self.subTest(form):
                self.assertIn("lspci -vv -s 0000:3b:00.0", " ".join(result.text.replace("\\", "").split()))
        self.assertIn("A hardware error: the machine itself failed", result.text)
        self.assertNotIn("signature new", result.text)

    def test_what_was_corrected_is_no_crash(self):
        for name in "mce-corrected-synthetic.log", "ghes-corrected-synthetic.log":
            self.assertEqual(run(SAMPLES / name).status, NO_CRASH)


if __name__ == "__main__":
    main()
