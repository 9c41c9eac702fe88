"""Who is on call, as people and their tools see it: asked, overridden, told, and subscribed to."""
import datetime
import json
import os
import subprocess
import sys
import unittest

import harness
from harness import RESPONDER, VIEWER, wait_for

try:
    import icalendar
except ModuleNotFoundError:  # of another Python than Debian's
    sys.path.append("/usr/lib/python3/dist-packages")
    import icalendar

UTC = datetime.timezone.utc

TEAM = """\
team: crew
rotas:
  - name: primary
    time_zone: Europe/Dublin
    people: [ada, grace]
    rotation: {every: 1w, handover: "Monday 10:00", start: 2026-01-05}
  - name: quiet
    time_zone: UTC
    people: [grace]
    rotation: {every: 1w, handover: "Monday 10:00", start: 2026-01-05}
policies:
  - name: crew
    steps:
      - {page: [{person: ada}], wait: 1h}
"""


class House(harness.TestCase):
    """With two rotas: `primary` of ada and grace, a week each, and `quiet` of grace alone."""

    def setUp(self):
        super().setUp()
        self.service = self.tocsin(team=TEAM)

    def run_tocsin(self, *arguments, token=RESPONDER, code=0):
        environment = {**os.environ, "TOCSIN_TOKEN": token,
                       "TOCSIN_SERVER": f"http://127.0.0.1:{self.service.port}"}
        done = subprocess.run([harness.BINARY, *arguments], capture_output=True, text=True,
                              check=False, timeout=60, env=environment, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assert_no_secret(done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def change(self, method, path, body=None, token=RESPONDER):
        return self.service.request(method, "/api/v1/" + path, json.dumps(body) if body else None,
                                    {"Authorization": "Bearer " + token})

    def on_call(self, rota="primary"):
        rotas = self.service.api("oncall", token=VIEWER).json["rotas"]
        return next(r["on_call"]["person"] for r in rotas if r["rota"] == rota)

    def other(self):
        return "grace" if self.on_call() == "ada" else "ada"


class OnCallTest(House):
    def test_an_override_holds_once_it_is_answered_and_over_a_crash(self):
        person = self.other()
        made = self.change("POST", "rotas/primary/overrides",
                           {"person": person, "for": "8h", "why": "swapped"})
        self.assertEqual(made.status, 201, made.body)
        self.assertEqual(self.on_call(), person)
        self.service.kill()
        self.service.start()
        self.assertEqual(self.on_call(), person)
        ended = self.change("DELETE", f"rotas/primary/overrides/{made.json['id']}")
        self.assertEqual((ended.status, ended.json["state"]), (200, "ended"))
        self.assertNotEqual(self.on_call(), person)

    def test_a_viewer_changes_nothing_and_faults_name_their_field(self):
        self.assert_problem(self.change("POST", "rotas/primary/overrides",
                                        {"person": "ada", "for": "1h"}, token=VIEWER), 403)
        fault = self.change("POST", "rotas/primary/overrides", {"person": "nobody", "for": "1h"})
        self.assert_problem(fault, 400)
        self.assertIn('person: no person is called "nobody"; there are: ada, grace',
                      fault.json["detail"])
        self.assert_problem(self.change("POST", "rotas/none/overrides", {}), 404)

    def test_an_override_is_made_listed_and_ended_on_a_terminal(self):
        person = self.other()
        said = self.run_tocsin("override", "add", "primary", person, "--for", "4h", "--why", "ill")
        identity = said.split(":")[0]
        self.assertIn(f"{person} is on call in primary from ", said)
        listed = self.run_tocsin("override", "list", token=VIEWER).splitlines()
        self.assertEqual(listed[0].split(),
                         ["ID", "STATE", "ROTA", "PERSON", "FROM", "UNTIL", "BY", "WHY"])
        self.assertEqual(listed[1].split()[:4], [identity, "active", "primary", person])
        self.assertIn("not on call instead",
                      self.run_tocsin("override", "end", identity[:6].upper()))
        self.assertEqual(self.run_tocsin("override", "list"), "no overrides\n")
        (ended,) = json.loads(self.run_tocsin("override", "list", "primary", "--state", "ended",
                                              "--json"))["overrides"]
        self.assertEqual((ended["id"], ended["ended_by"]), (identity, "fixer"))
        self.assertIn("there is no override",
                      self.run_tocsin("override", "end", "zzzz", code=1))
        self.run_tocsin("override", "add", "primary", code=2)

    def test_who_comes_on_call_by_an_override_is_told_and_so_is_who_goes_off(self):
        before, person = self.on_call(), self.other()
        self.change("POST", "rotas/primary/overrides", {"person": person, "for": "8h"})
        told = wait_for(lambda: len(self.receiver.of("on_call")) == 2 and
                        self.receiver.of("on_call"), "both notices")
        titles = {d.person: d.json["title"] for d in told}
        self.assertTrue(titles[person].startswith("You are on call for primary until "), titles)
        self.assertEqual(titles[before], "You are not on call for primary any more")
        for notice in told:
            self.assertTrue(notice.signature_is_good(harness.HOOK_SECRET))
            self.assertIsNone(notice.json["incident"])
            self.assertEqual(notice.json["notice"]["about"], "primary")
        self.service.kill()
        self.service.start()
        self.service.post(harness.firing("Disk"))
        self.page("Disk")
        # Killed before its result was recorded, a notice may come again, with the same id.
        self.assertEqual(len({d.webhook_id for d in self.receiver.of("on_call")}), 2)


class CalendarTest(House):
    def feed(self, path):
        url = self.service.api(path, token=VIEWER).json["ical_url"]
        base = f"http://127.0.0.1:{self.service.port}"
        self.assertTrue(url.startswith(base + "/api/v1/"), url)
        answer = self.service.get(url.removeprefix(base))  # without any token
        self.assertEqual((answer.status, answer.headers["content-type"]),
                         (200, "text/calendar; charset=utf-8"))
        self.assert_no_secret(answer.text)
        for line in answer.body.split(b"\r\n"):
            self.assertLessEqual(len(line), 75)
            self.assertNotIn(b"\n", line)
        return icalendar.Calendar.from_ical(answer.body)

    def test_a_rotas_calendar_is_read_by_another_program_as_the_shifts_that_it_has(self):
        self.change("POST", "rotas/primary/overrides",
                    {"person": self.other(), "for": "2h",
                     "why": "a; long, why\\ with ü and " + "words " * 40})
        calendar = self.feed("rotas/primary")
        self.assertEqual(str(calendar["X-WR-CALNAME"]), "on call: primary")
        events = list(calendar.walk("VEVENT"))
        now = datetime.datetime.now(UTC)
        self.assertLessEqual(events[0]["DTSTART"].dt, now - datetime.timedelta(days=7))
        self.assertGreaterEqual(events[-1]["DTEND"].dt, now + datetime.timedelta(days=89))
        self.assertEqual(len({str(e["UID"]) for e in events}), len(events))
        # Shift for shift as the API has them.
        day = datetime.timedelta(days=1)
        asked = (f"rotas/primary?from={(now - 13 * day).strftime('%Y-%m-%dT%H:%M:%SZ')}"
                 f"&until={(now + 89 * day).strftime('%Y-%m-%dT%H:%M:%SZ')}")
        shifts = self.service.api(asked).json["shifts"]
        ours = [(s["person"] + " on call (primary)", s["from"]) for s in shifts[1:-1]]
        theirs = [(str(e["SUMMARY"]), e["DTSTART"].dt.strftime("%Y-%m-%dT%H:%M:%S")) for e in events]
        for summary, start in ours:
            self.assertIn((summary, start[:19]), theirs)
        overridden = [e for e in events if "words" in str(e["DESCRIPTION"])]
        self.assertIn("a; long, why\\ with ü and words words", str(overridden[0]["DESCRIPTION"]))

    def test_a_persons_calendar_has_all_their_rotas(self):
        calendar = self.feed("people/grace")
        summaries = {str(e["SUMMARY"]) for e in calendar.walk("VEVENT")}
        self.assertEqual(summaries, {"On call: primary", "On call: quiet"})

    def test_a_calendars_address_reads_nothing_else_and_nobody_reads_it_without(self):
        url = self.service.api("rotas/primary").json["ical_url"]
        key = url.partition("?key=")[2]
        for path in ("/api/v1/rotas/primary.ics", "/api/v1/rotas/primary.ics?key=" + key[:-1],
                     "/api/v1/rotas/quiet.ics?key=" + key, "/api/v1/people/primary.ics?key=" + key,
                     "/api/v1/rotas/none.ics?key=" + key):
            with self.subTest(path=path):
                self.assert_problem(self.service.get(path), 403)
        self.assertEqual(self.service.get("/api/v1/oncall?key=" + key).status, 401)


class ContactsTest(House):
    def answer_tests(self):
        """What a person does with the message: opens the link, and presses."""
        (test,) = wait_for(lambda: self.receiver.of("contact_test"), "a test message")
        url = test.json["acknowledge_url"]
        base = f"http://127.0.0.1:{self.service.port}"
        self.assertTrue(url.startswith(base + "/c/"), url)
        return url.removeprefix(base), test

    def contact(self, person="ada", token=RESPONDER):
        return self.service.api(f"people/{person}", token=token).json["contacts"][0]

    def test_a_contact_is_verified_by_the_button_and_not_by_looking(self):
        self.assertEqual(self.contact()["status"], "unverified")
        asked = self.change("POST", "people/ada/contacts/test")
        self.assertEqual(asked.status, 202, asked.body)
        path, test = self.answer_tests()
        self.assertEqual(test.person, "ada")
        for _ in range(2):  # a mail scanner
            self.assertIn("It reached me", self.service.get(path).text)
        self.assertEqual(self.contact()["status"], "unverified")
        self.assertEqual(self.service.request("POST", path).status, 200)
        self.assertEqual(self.contact()["status"], "verified")
        self.assertEqual(self.contact(token=VIEWER)["address"], "ad…")
        self.service.kill()
        self.service.start()
        self.assertEqual(self.contact()["status"], "verified")

    def test_the_command_waits_for_the_answer_and_says_what_came_of_it(self):
        environment = {**os.environ, "TOCSIN_TOKEN": RESPONDER,
                       "TOCSIN_SERVER": f"http://127.0.0.1:{self.service.port}"}
        command = subprocess.Popen([harness.BINARY, "contact", "test", "ada"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   stdin=subprocess.DEVNULL, env=environment)
        self.addCleanup(command.kill)
        path, _ = self.answer_tests()
        self.service.request("POST", path)
        out, err = command.communicate(timeout=60)
        self.assertEqual(command.returncode, 0, out + err)
        self.assertEqual(out.splitlines()[-1], "hook (ada): answered: it works")
        listed = self.run_tocsin("contact", "list", "ada").splitlines()
        self.assertEqual(listed[1].split()[:4], ["ada", "hook", "ada", "verified"])

    def test_a_contact_that_refuses_is_said_to_fail_and_leaves_a_gap(self):
        self.receiver.answer = lambda delivered: 410
        person = self.on_call()
        self.assertEqual(self.service.metrics()['tocsin_oncall_gap{rota="primary"}'], 0)
        said = self.run_tocsin("contact", "test", person, "--wait", "30s", code=1)
        self.assertIn("not all contacts", said)
        contact = wait_for(lambda: self.contact(person)["status"] == "failing" and
                           self.contact(person), "a failing contact")
        self.assertIn("410", contact["failure"])
        wait_for(lambda: self.service.metrics()['tocsin_oncall_gap{rota="primary"}'] == 1,
                 "the gap")

    def test_nobody_answers_with_a_link_that_is_not_theirs(self):
        self.change("POST", "people/ada/contacts/test")
        path, _ = self.answer_tests()
        for forged in (path[:-1], path + "A", "/c/x", "/c/..."):
            for method in ("GET", "POST"):
                self.assertEqual(self.service.request(method, forged).status, 403)
        self.assertEqual(self.contact()["status"], "unverified")
        self.assert_problem(self.change("POST", "people/ada/contacts/test", token=VIEWER), 403)
        self.assert_problem(self.change("POST", "people/nobody/contacts/test"), 404)


if __name__ == "__main__":
    unittest.main()
