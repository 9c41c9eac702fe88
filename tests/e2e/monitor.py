"""Monitors of the family of Nagios, run with the configuration of their documentation pages.

Each watches one host, shop, and one service of it, checkout, whose checks are made by the test: it
writes their results into the monitor's command pipe, as a passive check does.
"""
import os
import re
import shutil
import subprocess
import time

import harness
from harness import wait_for

OF_THE_PAGES = "https://tocsin.example.com"


def blocks_of(source):
    """What stands between ``` on the source's page, in its order: first tocsin's own, then the
    sender's."""
    page = (harness.SOURCE / "connectors" / "sources" / f"{source}.md").read_text()
    return re.findall(r"^```\w*\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def service_with(source, key):
    """A service's configuration, with the integration of the page."""
    entry = re.sub(r"\$\{\w+\}", key, blocks_of(source)[0])
    return harness.SERVICE.replace("channels:\n", entry + "channels:\n", 1)


class Monitor:
    """Ends with the test. `command`: where results are written, once it is there."""

    def __init__(self, test, arguments, home, command):
        binary = shutil.which(arguments[0])
        test.assertTrue(binary, f"{arguments[0]} is not installed: tests/run installs it")
        self.log_file, self.command = home / "output", command
        with self.log_file.open("wb") as log:
            self._process = subprocess.Popen([binary, *arguments[1:]], stdin=subprocess.DEVNULL,
                                             stdout=log, stderr=log)
        test.addCleanup(self._end)
        wait_for(self._is_ready, lambda: f"a ready {arguments[0]} ({self.log()})")

    def log(self):
        return self.log_file.read_text(errors="replace")[-4000:]

    def _is_ready(self):
        if self._process.poll() is not None:
            raise AssertionError("it ended: " + self.log())
        try:
            os.close(os.open(self.command, os.O_WRONLY | os.O_NONBLOCK))
            return True
        except OSError:  # it is not there, or nobody reads it
            return False

    def _end(self):
        # Its children go with it only if it is asked.
        self._process.terminate()
        try:
            self._process.wait(harness.PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def tell(self, *words):
        with open(self.command, "w", encoding="utf-8") as pipe:
            pipe.write(f"[{int(time.time())}] {';'.join(words)}\n")

    def service_is(self, state, output):
        """0: OK, 1: WARNING, 2: CRITICAL, 3: UNKNOWN."""
        self.tell("PROCESS_SERVICE_CHECK_RESULT", "shop", "checkout", str(state), output)

    def host_is(self, state, output):
        """0: UP, 1: DOWN."""
        self.tell("PROCESS_HOST_CHECK_RESULT", "shop", str(state), output)

    def acknowledge_service(self, by, comment):
        self.tell("ACKNOWLEDGE_SVC_PROBLEM", "shop", "checkout", "1", "1", "0", by, comment)


class Promises:
    """What each monitor's page promises; for a TestCase that has a tocsin and a monitor."""

    def incident_of(self, text, state):
        def found():
            return [i for i in self.service.incidents() if text in i["title"] and i["state"] == state]
        return wait_for(found, lambda: f"{text} that is {state}: {self.service.incidents()}, "
                                       f"{self.monitor.log()}")[0]

    def test_a_service_that_fails_pages_is_acknowledged_there_and_ends_with_it(self):
        self.monitor.service_is(2, 'CRITICAL: "pay" fails for 75% & more, größer als $(id) | rate=75%')
        page = self.page("checkout")
        incident = self.incident_of("checkout", "open")
        alert = self.service.api("incidents/" + incident["id"]).json["alerts"][0]
        self.assertEqual(incident["severity"], "critical")
        self.assertEqual((alert["labels"]["host"], alert["labels"]["address"]), ("shop", "192.0.2.7"))
        # How much of the quoting is left is the monitor's affair.
        self.assertRegex(alert["annotations"]["summary"], r'^CRITICAL: "?pay"? fails for 75%.*größer als')
        self.assertEqual(page.person, "ada")

        self.monitor.acknowledge_service("grace", "looking at it")
        acknowledged = self.incident_of("checkout", "acknowledged")
        self.assertEqual(acknowledged["id"], incident["id"])
        timeline = self.service.api("incidents/" + incident["id"]).json["timeline"]
        self.assertTrue(any("grace" in entry["text"] for entry in timeline), timeline)

        self.monitor.service_is(0, "OK: all is well")
        self.assertEqual(self.incident_of("checkout", "resolved")["id"], incident["id"])
        self.assertEqual(len(self.receiver.pages()), 1)

    def test_a_host_that_is_down_pages_and_ends_when_it_is_up(self):
        self.monitor.host_is(1, "CRITICAL: host is unreachable")
        self.page("host check")
        incident = self.incident_of("host check", "open")
        self.assertEqual(incident["severity"], "critical")
        self.monitor.host_is(0, "OK: it answers")
        self.assertEqual(self.incident_of("host check", "resolved")["id"], incident["id"])
        wait_for(self.receiver.resolved, "the word that it is over")
