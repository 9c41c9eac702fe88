"""The store is a convenience: history is in it, and nothing is lost with it."""
import unittest

import harness
from harness import ADA_ALONE, firing, over, wait_for

MANY = 25
RULES = ADA_ALONE + "rules:\n  - {name: RULE, matchers: ['alertname=~\".+\"'], page: crew}\n"


class StoreTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.service = self.tocsin(team=RULES.replace("RULE", "old-rule"))

    def closed(self, name):
        self.assertEqual(self.service.post(firing(name)).status, 200)
        self.page(name)
        self.assertEqual(self.service.post(over(name)).status, 200)

    def resolved(self):
        """All that are over, by pages of seven: newest first."""
        found, cursor = [], ""
        while cursor is not None:
            page = self.service.api(f"incidents?state=resolved&limit=7&cursor={cursor}").json
            self.assertNotIn("incomplete", page)
            self.assertLessEqual(len(page["incidents"]), 7)
            found += page["incidents"]
            cursor = page["next"]
        return found

    def restart(self, meanwhile=lambda: None):
        self.assertEqual(self.service.terminate(), 0)
        meanwhile()
        self.service.start()

    def delete_store(self):
        for side in ("", "-wal", "-shm"):
            (self.service.data / ("store.db" + side)).unlink(missing_ok=True)

    def explained(self, alert):
        return self.service.api(f"alerts/{alert}/explanation").json

    def test_what_is_over_is_listed_page_by_page_after_a_restart_and_without_the_store(self):
        names = [f"Over{i:02}" for i in range(MANY)]
        for name in names:
            self.closed(name)
        self.assertEqual(self.service.post(firing("Open")).status, 200)
        self.page("Open")
        wait_for(lambda: len(self.resolved()) == MANY, "all of them over")
        wait_for(lambda: self.service.metrics()["tocsin_outbox_waiting"] == 0)
        before = self.resolved()
        self.assertEqual([i["title"] for i in before], names[::-1])
        paged = len(self.receiver.pages())
        for how in (lambda: None, self.delete_store, lambda: (self.service.data / "store.db")
                    .write_bytes(b"this was a database")):
            self.restart(how)
            self.assertEqual(self.resolved(), before)
            (still,) = self.service.incidents("&state=open")
            self.assertEqual(still["title"], "Open")
            for incident in (before[0], before[-1]):
                self.assertEqual(self.service.api("incidents/" + incident["id"]).json, incident)
        self.assertEqual(len(self.receiver.pages()), paged, "a restart paged somebody")

    def test_silences_notes_and_acknowledgements_are_not_the_stores_to_lose(self):
        self.assertEqual(self.service.post(firing("Disk")).status, 200)
        incident = self.page("Disk").json["incident"]["id"]
        self.assertEqual(self.service.api(f"incidents/{incident}/acknowledge", "POST").status, 200)
        silence = self.service.request(
            "POST", "/api/v1/silences",
            b'{"matchers": ["alertname=\\"Hush\\""], "for": "1h", "why": "a test"}',
            {"Authorization": "Bearer " + harness.RESPONDER}).json
        self.restart(self.delete_store)
        kept = self.service.api("incidents/" + incident).json
        self.assertEqual((kept["state"], kept["acknowledged_by"]), ("acknowledged", "fixer"))
        (still,) = self.service.api("silences").json["silences"]
        self.assertEqual((still["id"], still["by"], still["why"]),
                         (silence["id"], "fixer", "a test"))

    def test_an_explanation_speaks_of_the_rules_that_decided_and_not_of_todays(self):
        self.assertEqual(self.service.post(firing("Disk")).status, 200)
        alert = self.page("Disk").json["incident"]["alerts"][0]["id"]
        first = self.explained(alert)
        self.assertIs(first["agrees"], True)

        def expect_as_before(when):
            said = self.explained(alert)
            self.assertEqual((said["agrees"], said["incomplete"]), (True, None), when)
            for key in ("decision", "recomputed", "configuration", "rules", "decided_at"):
                self.assertEqual(said[key], first[key], f"{key} {when}")

        self.assertEqual(first["decision"]["rule"], "old-rule")
        self.restart()
        expect_as_before("after a restart")
        self.service.write("teams/crew.yaml", RULES.replace("RULE", "new-rule"))
        self.service.hang_up()
        wait_for(lambda: "reloaded" in self.service.log(), "the reload")
        expect_as_before("after a reload")
        self.assertEqual(self.service.post(firing("Later")).status, 200)
        later = self.page("Later").json["incident"]["alerts"][0]["id"]
        self.assertEqual(self.explained(later)["decision"]["rule"], "new-rule")
        self.restart()
        expect_as_before("after a restart with other rules")
        self.restart(self.delete_store)
        expect_as_before("after the store was deleted")
        self.assertIs(self.explained(later)["agrees"], True)

    def test_the_explanation_of_what_is_over_survives_a_restart(self):
        self.closed("Disk")
        (incident,) = wait_for(self.resolved, "it to be over")
        alert = incident["alerts"][0]["id"]
        self.service.write("teams/crew.yaml", RULES.replace("RULE", "new-rule"))
        for how in (lambda: None, self.delete_store):
            self.restart(how)
            said = self.explained(alert)
            self.assertEqual((said["agrees"], said["decision"]["rule"], said["incident"]),
                             (True, "old-rule", incident["id"]))


if __name__ == "__main__":
    unittest.main()
