"""A GameDay from end to end: a real Prometheus with production's rules and the file that `gameday clone`
wrote of them; the pilot's phone, production's, and the report."""
import json
import os
import subprocess
import unittest

import harness
from gameday_test import MARK, PILOT, SERVICE, SET
from harness import RESPONDER, stays, wait_for
from prometheus import Exporter, start_prometheus

RULES = """\
groups:
  - name: shop
    rules:
      - alert: CheckoutFails
        expr: checkout_failing{environment="production"} == 1
        labels: {severity: critical, service: checkout}
        annotations: {summary: "Nobody can pay in {{ $labels.environment }}"}
"""
PRODUCTION, STAGING = (f'checkout_failing{{environment="{name}"}}'
                       for name in ("production", "staging"))


class GamedayPrometheusTest(harness.TestCase):
    def run_tocsin(self, *arguments, code=0, **environment):
        done = subprocess.run([harness.BINARY, "gameday", *map(str, arguments)], text=True,
                              capture_output=True, check=False, timeout=harness.PATIENCE,
                              env={**os.environ, **environment}, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def ask(self, *arguments):
        return self.run_tocsin(*arguments, TOCSIN_TOKEN=RESPONDER,
                               TOCSIN_SERVER=f"http://127.0.0.1:{self.service.port}")

    def clone(self):
        """Its selectors as an engineer edits them by hand, where promtool cannot."""
        (self.home / "shop.yml").write_text(RULES)
        self.run_tocsin("clone", "--rules", self.home / "shop.yml", "--set", SET, "--unedited",
                        "--label", "environment=staging", "--out", self.home / "clone.yml")
        copies = (self.home / "clone.yml").read_text()
        self.assertIn("gameday: ", copies)
        return copies.replace('environment="production"', 'environment="staging"').replace(
            'environment=\\"production\\"', 'environment=\\"staging\\"')

    def of(self, person):
        return [d for d in self.receiver.delivered if d.person == person]

    def test_the_copies_that_clone_wrote_are_drilled_while_the_set_is_on_and_at_no_other_time(self):
        self.service = harness.Tocsin(self.home / "tocsin", self.receiver.url, service=SERVICE)
        self.addCleanup(self.service.close)
        self.service.write("teams/pilots.yaml", PILOT)
        self.service.start()
        exporter = Exporter(**{PRODUCTION: 0, STAGING: 1})
        self.addCleanup(exporter.close)
        log = start_prometheus(self, self.service, exporter,
                               {"shop.rules.yml": RULES, "clone.rules.yml": self.clone()})

        heard = 'tocsin_decisions_total{gameday="crew-staging",outcome="muted"}'
        try:
            wait_for(lambda: self.service.metrics().get(heard, 0) >= 1, "the muted copy")
        except AssertionError:
            self.fail("no copy came; Prometheus said: " + log.read_text()[-2000:]
                      + self.service.get("/metrics").text)
        self.assertTrue(stays(lambda: not self.receiver.delivered, 2.0), "heard while it is off")

        self.ask("on", SET, "--for", "1h")
        page = wait_for(lambda: self.of("linus"), "the pilot's page")[0]
        self.assertEqual((page.type, page.json["gameday"]), ("drill", SET))
        self.assertTrue(page.json["title"].startswith(MARK + " CheckoutFails"), page.json["title"])
        self.assertEqual(self.of("ada"), [], "a drill in production's rota")

        # Production's own alert pages production, and says nothing of a drill.
        exporter.metrics[PRODUCTION] = 1
        real = wait_for(lambda: self.of("ada"), "production's page")[0]
        self.assertEqual((real.type, real.json["gameday"]), ("page", None))
        self.assertNotIn("GAMEDAY", real.json["title"])

        # What is mended ends, and the pilot hears so; then it breaks again.
        exporter.metrics[STAGING] = 0
        wait_for(lambda: [d for d in self.of("linus") if d.type == "drill_resolved"], "its end")
        self.ask("off", SET, "--why", "done")
        exporter.metrics[STAGING] = 1
        before = len(self.of("linus"))
        self.assertTrue(stays(lambda: len(self.of("linus")) == before, 3.0), "heard after its end")

        report = json.loads(self.ask("report", SET, "--json"))
        (run,) = report["runs"]
        self.assertTrue(run["restored"], run)
        self.assertIn("CheckoutFails", json.dumps(run))


if __name__ == "__main__":
    unittest.main()
