"""The commands that talk to a running tocsin: silences and incidents, as people type them."""
import json
import os
import re
import subprocess
import unittest

import harness
from harness import ADMIN, RESPONDER, VIEWER, firing, wait_for

HOSTILE = "\x1b[31mred\x1b[0m\nsecond line"


class LiveCommandsTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.service = self.tocsin()

    def run_tocsin(self, *arguments, token=RESPONDER, code=0, server=None):
        environment = {**os.environ, "TOCSIN_TOKEN": token,
                       "TOCSIN_SERVER": server or f"http://127.0.0.1:{self.service.port}/"}
        done = subprocess.run([harness.BINARY, *arguments], capture_output=True, text=True,
                              check=False, timeout=harness.PATIENCE, env=environment,
                              stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assert_no_secret(done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def asked(self, *arguments):
        return json.loads(self.run_tocsin(*arguments, "--json"))

    def opened(self, alertname="Disk", labels=None, **others):
        self.assertEqual(self.service.post(firing(alertname, labels, **others)).status, 200)
        return self.page(alertname).json["incident"]["id"]

    def test_a_silence_is_added_listed_changed_and_ended(self):
        said = self.run_tocsin("silence", "add", "--for", "2h", "--why", "deploying",
                               'service="api"', 'env=~"prod.*"')
        found = re.match(r"(\w{16}) is active until \S+ \(2h\): service=\"api\" env=~\"prod\.\*\"\n$",
                         said)
        self.assertTrue(found, said)
        listed = self.run_tocsin("silence", "list", token=VIEWER).splitlines()
        self.assertEqual(listed[0].split(),
                         ["ID", "STATE", "LENGTH", "UNTIL", "BY", "MATCHERS", "WHY"])
        self.assertRegex(listed[1], rf"^{found[1]}  active  2h +\S+ +fixer +service=\S+ "
                                    r"env=\S+ +deploying$")
        longer = self.asked("silence", "add", "--id", found[1], "--for", "5h")
        self.assertEqual((longer["id"], longer["why"]), (found[1], "deploying"))
        self.assertRegex(self.run_tocsin("silence", "end", found[1]), "is ended since")
        self.assertEqual(self.run_tocsin("silence", "list"), "no silences\n")
        (ended,) = self.asked("silence", "list", "--state", "ended")["silences"]
        self.assertEqual(ended["id"], found[1])

    def test_a_silence_pages_nobody_until_it_is_ended_and_survives_a_crash(self):
        silence = self.asked("silence", "add", "--for", "1h", "--why", "moving",
                             'alertname="Quiet"')["id"]
        self.service.kill()
        self.service.start()
        self.service.post(firing("Quiet"))
        incident = wait_for(lambda: self.asked("incident", "list")["incidents"])[0]
        held = wait_for(lambda: self.asked("incident", "show", incident["id"])["held"], "the hold")
        self.assertEqual((held["kind"], held["subject"]), ("silence", silence))
        self.assertIn("silenced by fixer", self.run_tocsin("incident", "show", incident["id"]))
        self.assertEqual(self.receiver.pages("Quiet"), [])
        self.run_tocsin("silence", "end", silence)
        self.page("Quiet")

    def test_what_a_silence_lacks_is_said_and_nothing_is_silenced(self):
        for arguments, says in ((['service="api"', "--why", "w"], "for: a silence has an end"),
                                (['service="api"', "--for", "1h"], "why: it is needed"),
                                (["--for", "1h", "--why", "w"], "it has no matcher"),
                                (['a=~".*"', "--for", "1h", "--why", "w"], "every alert"),
                                (["service", "--for", "1h", "--why", "w"], "matchers[0]: ")):
            with self.subTest(arguments=arguments):
                self.assertIn(says, self.run_tocsin("silence", "add", *arguments, code=1))
        self.assertIn("no such silence", self.run_tocsin("silence", "end", "7zq4m2k9", code=1))
        self.assertEqual(self.asked("silence", "list", "--state", "")["silences"], [])

    def test_an_incident_is_listed_shown_noted_acknowledged_and_resolved(self):
        incident = self.opened(annotations={"summary": HOSTILE})
        short = incident[:6]
        listed = self.run_tocsin("incident", "list", token=VIEWER)
        self.assertRegex(listed, rf"(?m)^{incident}  error +open +\S+Z +crew +- +Disk: .*red")
        self.assertNotIn("\x1b", listed)
        self.assertEqual(len(listed.splitlines()), 2)
        self.assertRegex(self.run_tocsin("incident", "note", short, "on its way"), " is open: Disk")
        self.assertRegex(self.run_tocsin("incident", "ack", short), " is acknowledged: Disk")
        shown = self.run_tocsin("incident", "show", short)
        self.assertRegex(shown, r"(?m)^acknowledged by +fixer$")
        self.assertRegex(shown, r"(?m)^\S+Z +on its way$")
        self.assertNotIn("\x1b", shown)
        self.assertRegex(self.run_tocsin("incident", "resolve", short), " is resolved: Disk")
        self.assertEqual(self.run_tocsin("incident", "list"), "no such incidents\n")
        (one,) = self.asked("incident", "list", "--state", "all")["incidents"]
        self.assertEqual((one["id"], one["resolved_by"]), (incident, "fixer"))

    def test_an_incident_is_reported_by_hand_and_pages(self):
        said = self.run_tocsin("incident", "report", "Checkout is broken", "--service", "shop", "--severity",
                               "critical", "--impact", "Customers cannot pay", "--description", "it says 502")
        found = re.match(r"(\w{16}) is open: Checkout is broken\n$", said)
        self.assertTrue(found, said)
        page = self.page("Checkout is broken").json["incident"]
        self.assertEqual((page["id"], page["impact"]), (found[1], "Customers cannot pay"))
        shown = self.run_tocsin("incident", "show", found[1])
        self.assertRegex(shown, r"(?m)^impact +Customers cannot pay$")
        self.assertRegex(shown, r"(?m)^\S+Z +reported by fixer; ")
        self.service.kill()
        self.service.start()
        self.assertRegex(self.run_tocsin("incident", "resolve", found[1]), " is resolved: Checkout")
        self.assertIn("severity: ", self.run_tocsin("incident", "report", "a", "--severity", "loud", code=2))
        self.assertIn("may only read", self.run_tocsin("incident", "report", "a", token=VIEWER, code=1))

    def test_incidents_are_found_and_changed_by_matchers(self):
        for name, service in (("Slow", "api"), ("Errors", "api"), ("Disk", "db")):
            self.opened(name, labels={"service": service})
        listed = self.asked("incident", "list", 'service="api"')["incidents"]
        self.assertEqual([i["title"] for i in listed], ["Errors", "Slow"])
        said = self.run_tocsin("incident", "ack", 'service="api"', 'alertname!="Slow"').splitlines()
        self.assertEqual([line.split(" ", 1)[1] for line in said], ["is acknowledged: Errors"])
        noted = self.asked("incident", "note", 'service=~"api|db"', "on its way")["incidents"]
        self.assertEqual([(i["title"], i["timeline"][-1]["text"]) for i in noted],
                         [(title, "on its way") for title in ("Disk", "Errors", "Slow")])
        shown = self.run_tocsin("incident", "show", 'alertname=~"Slow|Disk"', token=VIEWER)
        self.assertEqual(re.findall(r"(?m)^title +(\S+)$", shown), ["Disk", "Slow"])
        self.assertEqual(len(self.run_tocsin("incident", "resolve", 'service="api"').splitlines()), 2)
        self.assertIn("no incident that is not resolved matches",
                      self.run_tocsin("incident", "ack", 'service="api"', code=1))
        self.assertIn("may only read", self.run_tocsin("incident", "ack", 'service="db"', token=VIEWER, code=1))
        self.assertIn("nobody is called", self.run_tocsin("incident", "assign", 'service="db"', "nemo", code=1))
        self.assertIn("matcher: ", self.run_tocsin("incident", "list", "service", code=1))
        self.assertIn("service: not a matcher",
                      self.run_tocsin("incident", "ack", "service", 'a="b"', code=2))

    def test_a_long_note_is_shown_whole(self):
        incident, note = self.opened(), "it began with the disk " * 20 + "and ends here"
        self.run_tocsin("incident", "note", incident, note)
        self.assertIn(note, self.run_tocsin("incident", "show", incident))

    def test_an_incident_is_snoozed_for_a_while(self):
        incident = self.opened()
        self.assertIn("for: ", self.run_tocsin("incident", "snooze", incident, "--for", "1s",
                                               code=1))
        said = self.run_tocsin("incident", "snooze", incident, "--for", "2h", "--why", "vendor")
        self.assertRegex(said, " is snoozed: Disk")
        self.assertIn("vendor", self.run_tocsin("incident", "show", incident))
        self.assertRegex(self.run_tocsin("incident", "resolve", incident), " is resolved: Disk")
        self.assertNotIn("snoozed until", self.run_tocsin("incident", "show", incident))

    def test_a_hook_that_is_not_there_cannot_be_judged(self):
        incident = self.opened()
        for verb in ("approve", "reject"):
            self.assertIn("no hook", self.run_tocsin("incident", verb, incident, "a b", code=1))

    def test_the_service_says_no_in_words(self):
        incident = self.opened()
        self.assertIn("may only read",
                      self.run_tocsin("incident", "ack", incident, token=VIEWER, code=1))
        self.assertIn("role admin", self.run_tocsin("reload", code=1))
        self.assertIn("none of server.tokens",
                      self.run_tocsin("incident", "list", token="nobody-at-all", code=1))
        self.assertIn("no incident", self.run_tocsin("incident", "show", "zzzzzzzz", code=1))
        self.assertIn("limit: ", self.run_tocsin("incident", "list", "--limit", "0", code=1))
        nowhere = f"http://127.0.0.1:{harness.free_port()}"
        self.assertIn(nowhere, self.run_tocsin("incident", "list", code=1, server=nowhere))

    def test_wrong_use_is_exit_code_2(self):
        self.assertIn("TOCSIN_TOKEN", self.run_tocsin("silence", "list", token="", code=2))
        self.assertIn("--server", self.run_tocsin("reload", token=ADMIN, code=2, server="nowhere"))
        for arguments in (("silence",), ("incident",), ("silence", "end"), ("incident", "ring"),
                          ("incident", "ack"), ("incident", "snooze", "a"),
                          ("incident", "approve", "a"), ("incident", "note", "a"), ("incident", "report"),
                          ("reload", "now")):
            with self.subTest(arguments=arguments):
                self.run_tocsin(*arguments, code=2)


if __name__ == "__main__":
    unittest.main()
