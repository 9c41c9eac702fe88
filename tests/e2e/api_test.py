"""HTTP for people and tools: who may do what, what is listed and how one incident looks."""
import unittest
import urllib.parse

import harness
from harness import ADMIN, RESPONDER, VIEWER, firing, over, wait_for

RULED = """\
team: crew
policies:
  - name: crew
    steps: [{page: [{person: ada}], wait: 1h}]
rules:
  - name: loud
    matchers: ['severity="critical"']
    impact: Customers cannot pay
    page: crew
"""


class ApiTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.service = self.tocsin(team=RULED)

    def open_incidents(self, *names, severity="critical"):
        """One at a time, so that their order is known; their ids in that order."""
        ids = []
        for name in names:
            self.assertEqual(
                self.service.post(firing(name, {"severity": severity})).status, 200)
            ids.append(self.page(name).json["incident"]["id"])
        return ids

    def titles(self, query):
        answer = self.service.api("incidents?" + query)
        self.assertEqual((answer.status, answer.headers["content-type"]),
                         (200, "application/json"))
        return [i["title"] for i in answer.json["incidents"]]

    def test_incidents_are_listed_newest_first_and_filtered(self):
        one, two, _ = self.open_incidents("One", "Two", "Three")
        self.open_incidents("Mild", severity="warning")
        self.service.api(f"incidents/{one}/acknowledge", "POST")
        self.service.api(f"incidents/{two}/resolve", "POST")
        past = urllib.parse.quote(harness.rfc3339(-3600))
        future = urllib.parse.quote(harness.rfc3339(3600))
        for query, expected in {
                "": ["Mild", "Three", "Two", "One"], "state=open": ["Mild", "Three"],
                "state=acknowledged": ["One"], "state=resolved,acknowledged": ["Two", "One"],
                "severity=warning": ["Mild"], "severity=critical&state=open": ["Three"],
                "team=crew&limit=1": ["Mild"], "team=nobody": [], "gameday=set": [],
                "gameday=": ["Mild", "Three", "Two", "One"], f"since={future}": [],
                f"since={past}&state=resolved": ["Two"]}.items():
            with self.subTest(query=query):
                self.assertEqual(self.titles(query), expected)

    def test_a_query_that_means_nothing_is_400(self):
        for query in ("state=asleep", "state=open,asleep", "severity=loud", "limit=0", "limit=1001",
                      "limit=many", "limit=5x", "since=yesterday"):
            with self.subTest(query=query):
                self.assert_problem(self.service.api("incidents?" + query), 400)

    def test_pages_of_a_list_neither_repeat_nor_miss_an_incident(self):
        names = [f"Incident{i}" for i in range(7)]
        self.open_incidents(*names)
        found, cursor, pages = [], "", 0
        while cursor is not None:
            page = self.service.api(f"incidents?limit=3&cursor={cursor}").json
            found += [i["title"] for i in page["incidents"]]
            cursor, pages = page["next"], pages + 1
        self.assertEqual((found, pages), (names[::-1], 3))

    def test_an_incident_is_found_by_the_beginning_of_its_id(self):
        (whole,) = self.open_incidents("Disk")
        for typed in (whole, whole[:6], whole.upper(), whole[:1]):
            with self.subTest(typed=typed):
                self.assertEqual(self.service.api("incidents/" + typed).json["id"], whole)
        self.assert_problem(self.service.api("incidents/" + whole + "0"), 404)
        self.assert_problem(self.service.api("incidents/zzzzzzzzzzzzzzzz"), 404)

    def test_an_incident_shows_its_decision_its_alerts_and_its_pages(self):
        (found,) = self.open_incidents("Disk")
        incident = self.service.api("incidents/" + found).json
        self.assertEqual(
            (incident["state"], incident["severity"], incident["team"], incident["impact"]),
            ("open", "critical", "crew", "Customers cannot pay"))
        self.assertEqual((incident["decision"]["outcome"], incident["decision"]["rule"]),
                         ("page", "loud"))
        self.assertEqual(incident["alerts"][0]["labels"],
                         {"alertname": "Disk", "severity": "critical"})
        self.assertEqual([(p["person"], p["channel"]) for p in incident["pages"]],
                         [("ada", "hook")])
        self.assertTrue(incident["timeline"])

    def test_acknowledging_twice_is_harmless_and_the_first_one_counts(self):
        (found,) = self.open_incidents("Disk")
        first = self.service.api(f"incidents/{found}/acknowledge", "POST", RESPONDER)
        self.assertEqual(
            (first.status, first.json["state"], first.json["acknowledged_by"]),
            (200, "acknowledged", "fixer"))
        again = self.service.api(f"incidents/{found}/acknowledge", "POST", ADMIN)
        self.assertEqual((again.status, again.json["acknowledged_by"],
                          again.json["acknowledged_at"]),
                         (200, "fixer", first.json["acknowledged_at"]))

    def test_resolving_twice_is_harmless_and_tells_who_was_paged_once(self):
        (found,) = self.open_incidents("Disk")
        first = self.service.api(f"incidents/{found}/resolve", "POST", RESPONDER)
        self.assertEqual((first.status, first.json["state"], first.json["resolved_by"]),
                         (200, "resolved", "fixer"))
        again = self.service.api(f"incidents/{found}/resolve", "POST", ADMIN)
        self.assertEqual((again.status, again.json["resolved_by"]), (200, "fixer"))
        wait_for(self.receiver.resolved, "the word that it is over")
        self.service.post(over("Disk", {"severity": "critical"}))
        self.open_incidents("Later")
        self.assertEqual([d.person for d in self.receiver.resolved()], ["ada"])
        self.assert_problem(self.service.api(f"incidents/{found}/acknowledge", "POST"), 409)

    def test_a_viewer_looks_and_changes_nothing(self):
        (found,) = self.open_incidents("Disk")
        self.assertEqual(self.service.api("incidents/" + found, token=VIEWER).status, 200)
        for change in ("acknowledge", "resolve"):
            self.assert_problem(
                self.service.api(f"incidents/{found}/{change}", "POST", VIEWER), 403)
        self.assertEqual(self.service.api("incidents/" + found).json["state"], "open")

    def test_without_a_good_token_everything_is_401(self):
        (found,) = self.open_incidents("Disk")
        for token in (None, "nobody-knows-this-one-0123456789", VIEWER[:-1], harness.KEY):
            for method, path in (("GET", "incidents"), ("GET", "incidents/" + found),
                                 ("POST", f"incidents/{found}/acknowledge"),
                                 ("POST", f"incidents/{found}/resolve")):
                with self.subTest(token=token, path=path):
                    answer = self.service.api(path, method, token)
                    self.assert_problem(answer, 401)
                    self.assertEqual(answer.headers["www-authenticate"], "Bearer")
                    self.assertNotIn(token or "?", answer.text)
        self.assertEqual(self.service.api("incidents/" + found).json["state"], "open")

    def test_what_is_not_there_is_404_and_a_wrong_method_is_405(self):
        self.assert_problem(self.service.api("nothing"), 404)
        self.assert_problem(self.service.get("/"), 404)
        self.assert_problem(self.service.api("incidents/aaaaaaaa/acknowledge", "POST"), 404)
        for method, path, allowed in (("DELETE", "/api/v1/incidents", "GET, HEAD, POST"),
                                      ("GET", "/api/v1/incidents/a/resolve", "POST"),
                                      ("POST", "/metrics", "GET, HEAD")):
            answer = self.service.request(method, path)
            self.assert_problem(answer, 405)
            self.assertEqual(answer.headers["allow"], allowed)

    def test_health_readiness_and_metrics_need_no_token(self):
        for path in ("/-/healthy", "/-/ready"):
            answer = self.service.get(path)
            self.assertEqual((answer.status, answer.text), (200, "OK\n"))
        self.open_incidents("Disk")
        metrics = self.service.metrics()
        self.assertEqual(metrics['tocsin_incidents_open{gameday="",severity="critical"}'], 1)
        self.assertEqual(
            metrics['tocsin_alerts_received_total{integration="prometheus-production",'
                    'status="firing"}'], 1)
        wait_for(lambda: self.service.metrics().get(
            'tocsin_notifications_total{channel="hook",gameday="",outcome="accepted"}') == 1, "the count")


if __name__ == "__main__":
    unittest.main()
