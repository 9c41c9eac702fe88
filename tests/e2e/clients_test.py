"""PagerDuty's and Opsgenie's own Python clients, pointed at tocsin. They are in build/venv, which tests/run makes."""
import json
import subprocess
import unittest

import harness
from harness import wait_for

PYTHON = harness.SOURCE / "build" / "venv" / "bin" / "python"
PD_KEY, OG_KEY = "pd" + "0123456789abcdef" * 2, "og" + "0123456789abcdef" * 2
SERVICE = harness.SERVICE.replace("channels:\n", f"""\
  - {{{{name: pd, source: pagerduty, key: {PD_KEY}}}}}
  - {{{{name: og, source: opsgenie, key: {OG_KEY}, heartbeats: [{{{{name: backup, within: 1h}}}}]}}}}
channels:
""", 1)
PAGERDUTY = """
import pdpyras, sys  # its successor speaks to https alone
client = pdpyras.EventsAPISession(sys.argv[2])
client.url = sys.argv[1]
do, key = sys.argv[3], "disk/db-1"
if do == "trigger":
    assert client.trigger("Disk full", "db-1", severity="critical", dedup_key=key) == key
else:
    assert getattr(client, do)(key) == key
"""
OPSGENIE = """
import datetime, json, opsgenie_sdk as og, sys
configuration = og.configuration.Configuration()
configuration.host = sys.argv[1]
configuration.api_key["Authorization"], configuration.api_key_prefix["Authorization"] = sys.argv[2], "GenieKey"
client = og.api_client.ApiClient(configuration=configuration)
alerts, do = og.AlertApi(api_client=client), sys.argv[3]
if do == "create":
    made = alerts.create_alert(og.CreateAlertPayload(message="Queue stuck", alias="queue/1", priority="P1"))
    assert alerts.get_request_status(made.request_id).data.is_success
elif do == "acknowledge":
    alerts.acknowledge_alert("queue/1", identifier_type="alias",
                             acknowledge_alert_payload=og.AcknowledgeAlertPayload(user="grace"))
elif do == "close":
    alerts.close_alert("queue/1", identifier_type="alias")
elif do == "snooze":
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=2)
    alerts.snooze_alert("queue/1", og.SnoozeAlertPayload(user="grace", note="low tide", end_time=until),
                        identifier_type="alias")
elif do == "assign":
    alerts.assign_alert("queue/1", og.AssignAlertPayload(user="grace", owner=og.UserRecipient(username=sys.argv[4])),
                        identifier_type="alias")
elif do == "escalate":
    alerts.escalate_alert("queue/1", og.EscalateAlertToNextPayload(
        user="grace", escalation=og.EscalationRecipient(name="night")), identifier_type="alias")
elif do == "get":
    shown = alerts.get_alert("queue/1", identifier_type="alias").data
    by_id = alerts.get_alert(shown.id).data
    assert by_id.alias == shown.alias == "queue/1" and by_id.to_dict() == shown.to_dict()
    print(json.dumps([shown.message, shown.status, shown.acknowledged, shown.snoozed, shown.owner, shown.priority,
                      shown.count]))
elif do == "nothing":
    try:
        alerts.get_alert("queue/2", identifier_type="alias")
        sys.exit(1)
    except og.exceptions.ApiException as error:
        assert error.status == 404, error
else:
    print(og.HeartbeatApi(api_client=client).ping(sys.argv[4]).result)
"""


class ClientsTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.assertTrue(PYTHON.exists(), f"{PYTHON} is not there; tests/run makes it")
        self.service = self.tocsin(service=SERVICE)

    def client(self, script, key, *arguments, code=0):
        done = subprocess.run([PYTHON, "-B", "-W", "ignore", "-c", script,
                               f"http://127.0.0.1:{self.service.port}", key, *arguments],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode == 0, code == 0, done.stderr[-2000:])
        return done.stdout.strip()

    def becomes(self, title, state):
        return wait_for(lambda: [i for i in self.service.incidents()
                                 if i["title"] == title and i["state"] == state], f"{title}: {state}")[0]

    def test_pagerdutys_client_triggers_acknowledges_and_resolves(self):
        self.client(PAGERDUTY, PD_KEY, "trigger")
        self.becomes("Disk full", "open")
        self.page("Disk full")
        self.client(PAGERDUTY, PD_KEY, "acknowledge")
        self.becomes("Disk full", "acknowledged")
        self.client(PAGERDUTY, PD_KEY, "resolve")
        self.becomes("Disk full", "resolved")

    def test_opsgenies_client_creates_acknowledges_closes_and_pings(self):
        self.client(OPSGENIE, OG_KEY, "create")
        self.becomes("Queue stuck", "open")
        self.client(OPSGENIE, OG_KEY, "acknowledge")
        self.assertEqual(self.becomes("Queue stuck", "acknowledged")["acknowledged_by"], "grace")
        self.client(OPSGENIE, OG_KEY, "close")
        self.becomes("Queue stuck", "resolved")
        self.assertEqual(self.shown()[:2], ["Queue stuck", "closed"])
        self.assertIn("PONG", self.client(OPSGENIE, OG_KEY, "ping", "backup"))
        self.client(OPSGENIE, OG_KEY, "ping", "nobody-waits-for-this", code=1)

    def shown(self):
        return json.loads(self.client(OPSGENIE, OG_KEY, "get"))

    def test_opsgenies_client_snoozes_assigns_escalates_and_looks(self):
        self.client(OPSGENIE, OG_KEY, "create")
        self.becomes("Queue stuck", "open")
        self.page("Queue stuck")
        self.assertEqual(self.shown(), ["Queue stuck", "open", False, False, "", "P1", 1])
        self.client(OPSGENIE, OG_KEY, "snooze")
        self.assertEqual(self.becomes("Queue stuck", "acknowledged")["acknowledged_by"], "grace")
        self.assertEqual(self.shown(), ["Queue stuck", "open", True, True, "grace", "P1", 1])
        self.client(OPSGENIE, OG_KEY, "assign", "grace")
        self.assertEqual(self.becomes("Queue stuck", "open")["assigned_to"], "grace")
        wait_for(lambda: [p for p in self.receiver.pages("Queue stuck") if p.json["person"] == "grace"])
        self.assertEqual(self.shown(), ["Queue stuck", "open", False, False, "grace", "P1", 1])
        pages = len(self.receiver.pages("Queue stuck"))
        self.client(OPSGENIE, OG_KEY, "escalate")
        wait_for(lambda: len(self.receiver.pages("Queue stuck")) > pages, "the next step")
        self.client(OPSGENIE, OG_KEY, "assign", "bob@example.com")
        (incident,) = self.service.incidents()
        wait_for(lambda: [e for e in self.service.api("incidents/" + incident["id"]).json["timeline"]
                          if e["text"].startswith("assign (opsgenie) was not done: nobody is called bob@")])
        self.client(OPSGENIE, OG_KEY, "nothing")


if __name__ == "__main__":
    unittest.main()
