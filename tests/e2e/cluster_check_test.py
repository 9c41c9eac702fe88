"""The checker of the cluster's records finds each kind of wrong, and nothing in what is right."""
import copy
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import cluster_check

ADA = {"person": "ada", "address": "ada", "channel": "hook", "round": 1, "default_policy": False}
LABELS = [{"alertname": "Disk", "instance": "0"}, {"alertname": "Disk", "instance": "1"},
          {"alertname": "Load", "instance": "0"}]


def page(at, key, incident, step=1, **others):
    return {"at": at, "id": key, "type": "page", "incident": incident, "step": step, **ADA,
            **others}


def incident(name, labels, pages, state="open"):
    return {"id": name, "title": name, "state": state, "decision": {"outcome": "page"},
            "alerts": [{"labels": each} for each in labels], "pages": [{"id": p} for p in pages]}


GOOD = {
    "sent": [
        {"kind": "alerts", "at": 0.0, "answered": 0.1, "status": None, "alerts": LABELS[:2]},
        {"kind": "alerts", "at": 0.2, "answered": 0.3, "status": 503, "alerts": LABELS[:2]},
        {"kind": "alerts", "at": 0.4, "answered": 0.5, "status": 200, "alerts": LABELS[:2]},
        {"kind": "alerts", "at": 1.0, "answered": 1.1, "status": 200, "alerts": LABELS[2:]},
        {"kind": "acknowledge", "at": 5.0, "answered": 5.1, "status": 503, "incident": "I1"},
        {"kind": "acknowledge", "at": 5.2, "answered": 5.3, "status": 200, "incident": "I1"},
    ],
    "received": [
        page(0.6, "k1", "I1"), page(1.2, "k2", "I2"), page(4.0, "k3", "I1", step=2),
        # It was on its way when the acknowledgement was answered.
        page(5.4, "k4", "I1", step=3),
        page(11.2, "k5", "I2", step=2),
        # The node died within a second of it.
        page(16.0, "k5", "I2", step=2),
        {"at": 20.0, "id": "k9", "type": "resolved", "incident": "I1", "person": "ada",
         "address": "ada"},
    ],
    "recorded": [incident("I1", LABELS[:2], ["k1", "k3", "k4", "k9"], "resolved"),
                 incident("I2", LABELS[2:], ["k2", "k5"])],
    "events": [{"what": "kill", "at": 12.0, "until": 12.1}],
}


def kinds(record):
    found = cluster_check.check(*(record[name] for name in cluster_check.FILES))
    return [kind for kind, _ in found["violations"]]


class ClusterCheckTest(unittest.TestCase):
    def setUp(self):
        self.record = copy.deepcopy(GOOD)

    def expect(self, *wrong):
        self.assertEqual(sorted(kinds(self.record)), sorted(wrong))

    def test_a_right_record_has_nothing_wrong(self):
        self.expect()

    def test_it_counts_what_there_was(self):
        counts = cluster_check.check(*(GOOD[name] for name in cluster_check.FILES))["counts"]
        self.assertEqual(counts, {
            "requests": 4, "alerts answered 2xx": 3, "requests refused or without an answer": 2,
            "different alerts accepted": 3, "incidents": 2, "pages received": 6,
            "different pages": 5, "duplicates with the same key": 1,
            "acknowledgements answered 2xx": 1})

    def test_an_accepted_alert_without_a_decision(self):
        del self.record["recorded"][0]["alerts"][1]
        self.expect("no decision")

    def test_an_incident_that_has_no_decision(self):
        self.record["recorded"][1]["decision"] = None
        self.expect("no decision")

    def test_an_alert_that_nobody_was_promised_may_be_lost(self):
        self.record["sent"].append({"kind": "alerts", "at": 2.0, "answered": 2.1, "status": None,
                                    "alerts": [{"alertname": "Never"}]})
        self.expect()

    def test_an_alert_that_nobody_sent(self):
        self.record["recorded"][0]["alerts"].append({"labels": {"alertname": "Ghost"}})
        self.expect("invented")

    def test_an_alert_in_two_incidents(self):
        self.record["recorded"][1]["alerts"].append({"labels": LABELS[0]})
        self.expect("decided twice")

    def test_an_incident_without_a_page(self):
        self.record["recorded"][1]["pages"] = []
        self.record["received"] = [one for one in GOOD["received"] if one["incident"] != "I2"]
        self.expect("no page")

    def test_an_incident_that_pages_nobody_needs_no_page(self):
        self.record["recorded"][1]["decision"] = {"outcome": "suppress"}
        self.record["received"] = [one for one in GOOD["received"] if one["incident"] != "I2"]
        self.expect()

    def test_a_page_of_an_incident_that_is_not_recorded(self):
        self.record["received"].append(page(9.0, "k8", "I3"))
        self.expect("unknown incident")

    def test_an_incident_that_was_merged_answers_to_both_its_names(self):
        self.record["recorded"][1]["also"] = ["I3"]
        self.record["recorded"][1]["pages"].append({"id": "k8"})
        self.record["received"].append(page(9.0, "k8", "I3"))
        self.expect()

    def test_a_page_that_is_not_recorded(self):
        self.record["received"].append(page(9.0, "k8", "I2", step=7))
        self.expect("unrecorded page")

    def test_the_same_step_for_the_same_contact_with_another_key(self):
        self.record["recorded"][1]["pages"].append({"id": "k8"})
        self.record["received"].append(page(9.0, "k8", "I2"))
        self.expect("two keys")

    def test_another_contact_has_another_key(self):
        self.record["recorded"][1]["pages"].append({"id": "k8"})
        self.record["received"].append(page(9.0, "k8", "I2", person="grace"))
        self.expect()

    def test_a_page_that_comes_twice_and_nothing_had_happened(self):
        self.record["received"].append(page(1.3, "k2", "I2"))
        self.expect("duplicate")

    def test_a_page_that_comes_twice_and_was_recorded_long_before_the_kill(self):
        self.record["received"].append(page(13.0, "k2", "I2"))
        self.expect("duplicate")

    def test_a_page_that_comes_a_third_time_after_one_kill(self):
        self.record["received"].append(page(17.0, "k5", "I2", step=2))
        self.expect("duplicate")

    def test_a_page_sent_during_a_pause_may_come_twice(self):
        self.record["received"].append(page(1.9, "k2", "I2"))
        self.record["events"].append({"what": "pause", "at": 0.9, "until": 1.5})
        self.expect()

    def test_a_page_after_an_acknowledgement(self):
        self.record["received"][3]["at"] = 7.0
        self.expect("after acknowledgement")

    def test_a_refused_acknowledgement_promises_nothing(self):
        self.record["received"][3]["at"] = 7.0
        self.record["sent"][-1]["status"] = 503
        self.expect()

    def test_an_acknowledgement_that_is_taken_back(self):
        self.record["recorded"][0]["state"] = "open"
        self.expect("acknowledgement lost")

    def test_as_a_program_it_says_what_it_found(self):
        with tempfile.TemporaryDirectory() as home:
            for name, lines in self.record.items():
                text = "".join(json.dumps(line) + "\n" for line in lines)
                pathlib.Path(home, name + ".jsonl").write_text(text)
            run = lambda: subprocess.run([sys.executable, "-B", cluster_check.__file__, home],
                                         capture_output=True, text=True, check=False)
            self.assertEqual(run().returncode, 0)
            pathlib.Path(home, "events.jsonl").unlink()
            wrong = run()
            self.assertEqual(wrong.returncode, 1)
            self.assertIn("WRONG duplicate: page k5 came again after 4.8 s", wrong.stdout)
            self.assertIn("3 alerts answered 2xx", wrong.stdout)
            pathlib.Path(home, "received.jsonl").unlink()
            self.assertEqual(run().returncode, 2)


if __name__ == "__main__":
    unittest.main()
