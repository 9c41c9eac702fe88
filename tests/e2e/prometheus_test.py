"""A real Prometheus in front, a real receiver behind: an alert's whole life as all see it."""
import re
import unittest

import harness
from harness import stays, wait_for
from prometheus import Exporter, start_prometheus

STEP_WAIT = 3.0
CREW = """\
team: crew
policies:
  - name: crew
    steps:
      - {page: [{person: ada}], wait: 1s}
      - {page: [{person: grace}], wait: 3s}
"""
RULES = """\
groups:
  - name: shop
    rules:
      - alert: CheckoutFails
        expr: checkout_failing == 1
        labels: {severity: critical, service: checkout}
        annotations: {summary: "Nobody can pay on {{ $labels.instance }}"}
"""


class PrometheusTest(harness.TestCase):
    def messages(self):
        return [(d.type, d.person) for d in self.receiver.delivered]

    def test_an_alert_of_a_real_prometheus_pages_climbs_is_acknowledged_and_ends(self):
        tocsin = self.tocsin(team=CREW)
        exporter = Exporter(checkout_failing=1)
        self.addCleanup(exporter.close)
        log = start_prometheus(self, tocsin, exporter, {"shop.rules.yml": RULES})

        try:
            wait_for(lambda: len(self.receiver.pages()) >= 2, "the second step's page")
        except AssertionError:
            self.fail("no second page; Prometheus said: " + log.read_text()[-2000:])
        first, second = self.receiver.pages()[:2]
        self.check_page(tocsin, first, "ada")
        self.check_page(tocsin, second, "grace")
        self.assertNotEqual(first.webhook_id, second.webhook_id)
        self.assertGreaterEqual(second.at - first.at, 0.5, "grace was paged before ada had time")

        incident = first.json["incident"]["id"]
        self.acknowledge_by_link(tocsin, second.json["acknowledge_url"], incident)
        before = len(self.receiver.delivered)
        self.assertTrue(stays(lambda: len(self.receiver.delivered) == before, 1.5 * STEP_WAIT),
                        f"paged after the acknowledgement: {self.messages()}")

        exporter.metrics["checkout_failing"] = 0
        ended = wait_for(lambda: tocsin.api(f"incidents/{incident}").json["state"] == "resolved"
                         and tocsin.api(f"incidents/{incident}").json, "the end of the incident")
        wait_for(lambda: len(self.receiver.resolved()) == 2, "the word that it is over")
        # Prometheus says once a second that it ended: nobody may hear it again.
        stays(lambda: True, 2.5)
        self.assertEqual(sorted(self.messages()[before:]),
                         [("resolved", "ada"), ("resolved", "grace")])
        self.check_history(tocsin, ended)

    def check_page(self, tocsin, page, person):
        self.assertEqual((page.type, page.person), ("page", person))
        self.assertTrue(page.signature_is_good(harness.HOOK_SECRET))
        self.assertEqual(page.json["id"], page.webhook_id)
        self.assertTrue(page.json["acknowledge_url"].startswith(
            f"http://127.0.0.1:{tocsin.port}/p/"))
        incident = page.json["incident"]
        self.assertEqual((incident["severity"], incident["service"], incident["state"]),
                         ("critical", "checkout", "open"))
        self.assertRegex(incident["title"], "^CheckoutFails: Nobody can pay on 127.0.0.1:")

    def acknowledge_by_link(self, tocsin, url, incident):
        path = "/" + url.split("/", 3)[3]
        state = lambda: tocsin.api(f"incidents/{incident}").json["state"]
        shown = tocsin.get(path)
        self.assertEqual(shown.status, 200)
        self.assertIn("CheckoutFails", shown.text)
        self.assertIn("Acknowledge as grace", shown.text)
        self.assertEqual(state(), "open", "looking at the page acknowledged it")
        done = tocsin.request("POST", path)
        self.assertEqual(done.status, 200)
        self.assertIn("acknowledged by grace", done.text)
        self.assertNotIn("<button>", done.text)
        self.assertEqual(state(), "acknowledged")

    def check_history(self, tocsin, incident):
        self.assertEqual(incident["acknowledged_by"], "grace")
        self.assertEqual([a["status"] for a in incident["alerts"]], ["resolved"])
        self.assertGreater(incident["alerts"][0]["count"], 1, "Prometheus sends every second")
        pages = [(p["person"], p["status"]) for p in incident["pages"] if p["type"] == "page"]
        self.assertEqual(pages[:2], [("ada", "accepted"), ("grace", "accepted")])
        for entry in incident["timeline"]:
            self.assertTrue(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", entry["at"]), entry)
        listed = tocsin.incidents("&state=resolved")
        self.assertEqual([i["id"] for i in listed], [incident["id"]])


if __name__ == "__main__":
    unittest.main()
