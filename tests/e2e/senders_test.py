"""Real senders: Alertmanager by each protocol that it speaks, and amtool."""
import json
import subprocess
import unittest

import harness
from alertmanager import Alertmanager
from harness import firing, over, stays, wait_for

KEYS = {name: f"{name}0123456789abcdef0123456789"[:32].replace("-", "0")
        for name in ("webhook", "pagerduty", "opsgenie", "slack", "slack-plain", "victorops")}
SOURCES = {"webhook": "alertmanager", "slack": "slack-compatible", "slack-plain": "slack-compatible"}
INTEGRATIONS = "".join(
    f"  - {{{{name: by-{name}, source: {SOURCES.get(name, name)}, key: {key}, labels: {{{{via: {name}}}}}}}}}\n"
    for name, key in KEYS.items())
SERVICE = harness.SERVICE.replace("channels:\n", INTEGRATIONS + "channels:\n", 1)
CONFIGURATION = """\
route: {{receiver: all, group_by: [alertname], group_wait: 100ms, group_interval: 1s, repeat_interval: 1h}}
receivers:
  - name: all
    webhook_configs:
      - {{url: "http://127.0.0.1:{port}/in/by-webhook?key={webhook}"}}
    pagerduty_configs:
      - {{routing_key: "{pagerduty}", url: "http://127.0.0.1:{port}/v2/enqueue", severity: critical}}
    opsgenie_configs:
      - {{api_key: "{opsgenie}", api_url: "http://127.0.0.1:{port}/in/by-opsgenie/", priority: P1}}
    slack_configs:
      - {{api_url: "http://127.0.0.1:{port}/in/by-slack?key={slack}", channel: "#ops", send_resolved: true,
         title: '[{{{{ .Status | toUpper }}}}] {{{{ .GroupLabels.alertname }}}}'}}
      - {{api_url: "http://127.0.0.1:{port}/in/by-slack-plain?key={slackplain}", channel: "#ops", send_resolved: true}}
    victorops_configs:
      - {{api_key: "{victorops}", routing_key: ops,
         api_url: "http://127.0.0.1:{port}/integrations/generic/20131114/alert/"}}
"""


class SendersTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.service = self.tocsin(service=SERVICE)

    def by(self, name):
        return [i for i in self.service.incidents()
                if any(a["integration"] == f"by-{name}" for a in self.whole(i)["alerts"])]

    def whole(self, incident):
        return self.service.api("incidents/" + incident["id"]).json

    def test_a_real_alertmanager_pages_and_resolves_by_each_of_its_receivers(self):
        keys = {name.replace("-", ""): key for name, key in KEYS.items()}
        alertmanager = Alertmanager(self, CONFIGURATION.format(port=self.service.port, **keys))
        alertmanager.post(firing("CheckoutFails", {"severity": "critical", "service": "checkout"}))
        for name in KEYS:
            with self.subTest(protocol=name):
                incident = wait_for(lambda n=name: self.by(n), f"an incident by {name}")[0]
                self.assertIn("CheckoutFails", incident["title"])
                wait_for(lambda i=incident: [d for d in self.receiver.pages()
                                             if d.json["incident"]["id"] == i["id"]],
                         f"the page of what came by {name}")
        before = len(self.receiver.pages())
        alertmanager.post(firing("CheckoutFails", {"severity": "critical", "service": "checkout"}))
        self.assertTrue(stays(lambda: len(self.receiver.pages()) == before, 2.0),
                        "what is sent again pages again")
        # The group grows, and has less in common than before.
        alertmanager.post(firing("CheckoutFails", {"severity": "warning", "service": "checkout", "pod": "b"}))
        wait_for(lambda: len(self.whole(self.by("webhook")[0])["alerts"]) == 2, "the second alert of the group")
        for name in KEYS:
            with self.subTest(protocol=name):
                self.assertTrue(stays(lambda n=name: len(self.by(n)) == 1, 1.0),
                                "a group that grows is another incident")
        alertmanager.post(over("CheckoutFails", {"severity": "critical", "service": "checkout"}),
                          over("CheckoutFails", {"severity": "warning", "service": "checkout", "pod": "b"}))
        for name in KEYS:
            with self.subTest(protocol=name):
                wait_for(lambda n=name: {i["state"] for i in self.by(n)} == {"resolved"},
                         f"the end of what came by {name}")

    def amtool(self, *arguments):
        config = self.home / "http.yml"
        config.write_text(f"authorization: {{credentials: {harness.KEY}}}\n")
        return subprocess.run(
            ["amtool", f"--alertmanager.url=http://127.0.0.1:{self.service.port}/in/prometheus-production",
             f"--http.config.file={config}", *arguments],
            capture_output=True, text=True, timeout=harness.PATIENCE, check=False)

    def test_amtool_adds_alerts_and_queries_them(self):
        added = self.amtool("alert", "add", "alertname=DiskFull", "service=db", "severity=page",
                            "--annotation=summary=The disk is full")
        self.assertEqual(added.returncode, 0, added.stderr)
        self.page("DiskFull")
        self.service.post(firing("Other", {"service": "web"}))
        wait_for(lambda: len(self.service.incidents()) == 2, "both")
        asked = self.amtool("alert", "query", "--output=json", "service=db")
        self.assertEqual(asked.returncode, 0, asked.stderr)
        alerts = json.loads(asked.stdout)
        self.assertEqual([a["labels"]["alertname"] for a in alerts], ["DiskFull"])
        self.assertEqual(alerts[0]["annotations"]["summary"], "The disk is full")
        self.assertEqual(alerts[0]["status"]["state"], "active")
        everything = json.loads(self.amtool("alert", "query", "--output=json").stdout)
        self.assertEqual(len(everything), 2)


if __name__ == "__main__":
    unittest.main()
