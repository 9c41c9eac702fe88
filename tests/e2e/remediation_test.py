"""Hooks that mend, called for real: who is paged, when, and told what; and never a run too many."""
import os
import subprocess
import unittest

import harness
from harness import HOOK_SECRET, RESPONDER, firing, over, stays, wait_for
from receiver import Receiver

TEAM = """\
team: crew
policies:
  - name: crew
    steps:
      - {page: [{person: ada}], wait: 1h}
rules:
  - {name: stuck, matchers: ['alertname=~"Stuck.*"'], page: crew,
     remediate: {hook: restart, mode: automatic, wait: WAIT}}
  - {name: asks, matchers: ['alertname=~"Asks.*"'], page: crew,
     remediate: {hook: restart, mode: approve, wait: 1h}}
hooks:
  - {name: restart, type: webhook, url: "URL", secret: "${T_HOOK_SECRET}", limit: {runs: RUNS, per: 1h}}
"""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUIET = 1.0


class RemediationTest(harness.TestCase):
    def serve(self, wait="1h", runs="10", answers=200):
        self.hook = Receiver(lambda _: answers)
        self.addCleanup(self.hook.close)
        team = TEAM.replace("URL", self.hook.url).replace("WAIT", wait).replace("RUNS", runs)
        self.service = self.tocsin(team=team)

    def fire(self, alertname):
        self.assertEqual(self.service.post(firing(alertname)).status, 200)

    def run_of(self, alertname):
        """The one call of the hook for this alert."""
        runs = lambda: [r for r in self.hook.delivered if r.alertname == alertname]
        return wait_for(runs, f"the hook's run for {alertname}")[0]

    def incident(self, alertname):
        for incident in self.service.incidents("&state=open,acknowledged,resolved"):
            if incident["title"].startswith(alertname):
                return incident
        return None

    def remedied(self, alertname, status):
        """The incident, once its remedy is in this state."""
        def there():
            incident = self.incident(alertname)
            return incident and incident["remedy"]["status"] == status and incident

        return wait_for(there, lambda: f"a remedy that is {status}: {self.incident(alertname)}")

    def link(self, alertname):
        return "/p/" + self.page(alertname).json["acknowledge_url"].split("/p/")[1]

    def test_a_hook_that_works_is_called_once_and_nobody_is_paged(self):
        self.serve()
        self.fire("Stuck")
        run = self.run_of("Stuck")
        self.assertTrue(run.signature_is_good(HOOK_SECRET))
        self.assertFalse(run.signature_is_good("whsec_" + "A" * 43 + "="))
        body = run.json
        self.assertEqual((body["id"], body["type"], body["hook"], body["rule"], body["dry_run"],
                          body["gameday"], body["approved_by"], body["labels"]),
                         (run.webhook_id, "remediate", "restart", "stuck", False, None, None,
                          {"alertname": "Stuck"}))
        wait_for(lambda: [h["status"] for h in self.incident("Stuck")["hooks"]] == ["accepted"])
        self.assertEqual(self.service.post(over("Stuck")).status, 200)
        incident = self.remedied("Stuck", "worked")
        self.assertEqual((incident["state"], incident["pages"]), ("resolved", []))
        self.assertIn("nobody was paged", str(incident["timeline"]))
        self.assertEqual((len(self.hook.delivered), self.receiver.delivered), (1, []))

    def test_a_hook_that_fails_pages_at_once_and_the_page_says_what_was_tried(self):
        for answers in (500, 302, 404):
            with self.subTest(answers=answers):
                self.serve(answers=answers)
                self.fire("Stuck")
                page = self.page("Stuck").json
                (tried,) = page["incident"]["tried"]
                self.assertIn("restart", tried)
                self.assertIn(str(answers), tried)
                self.assertEqual(page["incident"]["remedy"]["status"], "failed")
                self.assertTrue(stays(lambda: len(self.hook.delivered) == 1, QUIET))
                self.begin_again()

    def begin_again(self):
        self.doCleanups()
        self.setUp()

    def test_an_alert_that_still_fires_after_the_wait_is_paged(self):
        self.serve(wait="1s")
        self.fire("Stuck")
        run, page = self.run_of("Stuck"), self.page("Stuck")
        self.assertGreater(page.at - run.at, 0.5)
        self.assertIn("still fires after 1s", str(page.json["incident"]["tried"]))
        self.assertEqual(len(self.hook.delivered), 1)

    def test_whoever_is_paged_approves_by_the_button_and_two_presses_are_one_run(self):
        self.serve()
        self.fire("Asks")
        path = self.link("Asks")
        shown = self.service.get(path).text
        self.assertIn("Run restart", shown)
        self.assertIn('name="do" value="approve"', shown)
        self.assertEqual(self.hook.delivered, [])
        for _ in range(2):  # an impatient thumb
            self.assertEqual(self.service.request("POST", path, "do=approve", FORM).status, 200)
        run = self.run_of("Asks")
        self.assertEqual(run.json["approved_by"], "ada")
        self.assertTrue(run.signature_is_good(HOOK_SECRET))
        self.assertEqual(self.service.post(over("Asks")).status, 200)
        self.assertEqual(self.remedied("Asks", "worked")["state"], "resolved")
        self.assertEqual((len(self.hook.delivered), len(self.receiver.pages())), (1, 1))

    def test_a_responder_approves_or_rejects_from_a_terminal(self):
        self.serve()
        self.fire("AsksYes")
        self.fire("AsksNo")
        for name, verb in (("AsksYes", "approve"), ("AsksNo", "reject")):
            incident = self.page(name).json["incident"]["id"]
            done = subprocess.run(
                [harness.BINARY, "incident", verb, incident[:8], "restart"], text=True, check=False,
                capture_output=True, timeout=harness.PATIENCE,
                env={**os.environ, "TOCSIN_TOKEN": RESPONDER,
                     "TOCSIN_SERVER": f"http://127.0.0.1:{self.service.port}"})
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.run_of("AsksYes").json["approved_by"], "fixer")
        self.remedied("AsksNo", "rejected")
        self.assertTrue(stays(lambda: len(self.hook.delivered) == 1, QUIET))

    def test_runs_are_counted_over_kills_and_past_the_limit_people_are_paged(self):
        self.serve(runs="2")
        for name in ("StuckOne", "StuckTwo"):
            self.fire(name)
            self.run_of(name)
            wait_for(lambda: [h["status"] for h in self.incident(name)["hooks"]] == ["accepted"])
            self.service.kill()
            self.service.start()
        self.fire("StuckThree")
        page = self.page("StuckThree").json["incident"]
        self.assertEqual(page["remedy"]["status"], "limited")
        self.assertIn("2", str(page["tried"]))
        (self.service.data / "store.db").unlink()
        self.service.kill()
        self.service.start()
        self.fire("StuckFour")
        self.assertEqual(self.page("StuckFour").json["incident"]["remedy"]["status"], "limited")
        self.assertEqual([r.alertname for r in self.hook.delivered], ["StuckOne", "StuckTwo"])

    def test_a_run_that_the_process_died_in_is_a_failure_and_not_repeated(self):
        self.serve()

        def die(_):
            self.service.kill()
            return 200

        self.hook.answer = die
        self.fire("Stuck")
        wait_for(lambda: self.service.process.poll() is not None, "the death")
        self.hook.answer = lambda _: 200
        self.service.start()
        self.assertIn("may have run", str(self.page("Stuck").json["incident"]["tried"]))
        self.assertTrue(stays(lambda: len(self.hook.delivered) == 1, QUIET))


if __name__ == "__main__":
    unittest.main()
