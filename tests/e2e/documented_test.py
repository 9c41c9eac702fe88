"""What the documentation tells people to type, typed: as it stands there, but for the address and the keys."""
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import unittest

import harness
from alertmanager import Alertmanager
from harness import RESPONDER, wait_for

ELSEWHERE = "https://tocsin.example.com"
MAIL_KEY, OG_KEY = "mail0123456789abcdef", "og0123456789abcdef"
SERVICE = harness.SERVICE.replace("channels:\n", f"""\
  - {{{{name: mail, source: generic, key: {MAIL_KEY}}}}}
  - {{{{name: og, source: opsgenie, key: {OG_KEY}, heartbeats: [{{{{name: nightly-backup, within: 1h}}}}]}}}}
channels:
""", 1)
MAIL = """\
From: backup@example.com
To: tocsin@example.com
Subject: =?utf-8?q?Backup_of_gr=C3=B6=C3=9Fe-1_failed?=
Content-Type: text/plain; charset=utf-8

pg_dump ended with 1
"""


def block(page, after, language):
    """The first block of this language below a line of the page."""
    text = (harness.SOURCE / page).read_text()
    found = re.search(rf"{re.escape(after)}.*?\n```{language}\n(.*?)```\n", text, re.S)
    assert found, f"{page}: no {language} below {after}"
    return found[1]


class DocumentedTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.service = self.tocsin(service=SERVICE)
        self.url = f"http://127.0.0.1:{self.service.port}"

    def run_all(self, *command, stdin="", **environment):
        return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=60,
                              cwd=self.home, env={**os.environ, **environment})

    def becomes(self, title, state):
        return wait_for(lambda: [i for i in self.service.incidents()
                                 if i["title"] == title and i["state"] == state], f"{title}: {state}")[0]

    def tocsin_says(self, line):
        command, *arguments = shlex.split(line)
        self.assertEqual(command, "tocsin")
        done = self.run_all(pathlib.Path(harness.BINARY).resolve(), *arguments, TOCSIN_TOKEN=RESPONDER,
                            TOCSIN_SERVER=self.url)
        self.assertEqual(done.returncode, 0, line + "\n" + done.stderr)
        return done.stdout

    def test_reports_and_matchers_of_the_manual(self):
        page = "router/api/README.md"
        for line in block(page, "## Reports", "sh").splitlines():
            self.assertIn(" is open: Checkout is broken", self.tocsin_says(line))
        text = (harness.SOURCE / page).read_text()
        (by_matchers,) = re.findall(r"`(tocsin incident ack '.*)`", text)
        self.assertIn(" is acknowledged: Checkout is broken", self.tocsin_says(by_matchers))
        (described,) = re.findall(r"\n\| `POST /api/v1/incidents` `(.*?)` \|", text)
        made = self.service.request("POST", "/api/v1/incidents", described,
                                    {"Authorization": "Bearer " + RESPONDER})
        self.assertEqual(made.status, 201, made.text)

    def test_commands_of_the_first_page(self):
        text = (harness.SOURCE / "README.md").read_text()
        lines = [line for line in re.findall(r"`(tocsin incident \w+.*?)`", text) if "k7q2" not in line]
        self.assertGreater(len(lines), 1)
        for line in lines:
            self.tocsin_says(line)

    def mail_to_tocsin(self):
        key = self.home / "key"
        key.write_text(MAIL_KEY + "\n")
        script = block("connectors/README.md", "### Mail", "python")
        for there, here in ((ELSEWHERE, self.url), ("/etc/mail-to-tocsin.key", str(key))):
            self.assertIn(there, script)
            script = script.replace(there, here)
        return script

    def test_alertmanager_pages_and_resolves_by_mail_through_a_mail_server(self):
        script = self.mail_to_tocsin()
        server = subprocess.Popen(["/usr/bin/python3", "-B", harness.SOURCE / "tests/connectors/smtp_server.py"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.communicate)
        smarthost = f"127.0.0.1:{int(server.stdout.readline())}"
        receivers = block("connectors/sources/alertmanager.md", "Its other receivers", "yaml")
        self.assertIn("smarthost: mail.example.com:25\n", receivers)
        receivers = receivers.replace("mail.example.com:25\n", f"{smarthost}\n        require_tls: false\n")
        alertmanager = Alertmanager(self, "route: {receiver: by-mail, group_by: [alertname], group_wait: 100ms, "
                                    "group_interval: 1s}\n" + receivers)

        def next_mail():
            mail = json.loads(server.stdout.readline())
            self.assertEqual(mail["to"], ["tocsin@example.com"])
            done = self.run_all(sys.executable, "-c", script, stdin=mail["text"])
            self.assertEqual(done.returncode, 0, done.stderr)

        labels = {"severity": "critical", "service": "checkout"}
        alertmanager.post(harness.firing("CheckoutFails", labels))
        next_mail()
        page = self.page("CheckoutFails").json["incident"]
        self.assertEqual(page["severity"], "critical")
        self.assertIn("service=checkout", page["alerts"][0]["annotations"]["description"])
        alertmanager.post(harness.over("CheckoutFails", labels))
        next_mail()
        self.becomes("CheckoutFails", "resolved")

    def test_mail_is_handed_over_by_the_mail_server(self):
        script = self.mail_to_tocsin()
        done = self.run_all(sys.executable, "-c", script, stdin=MAIL)
        self.assertEqual(done.returncode, 0, done.stderr)
        page = self.page("Backup of größe-1 failed").json
        self.assertEqual(page["incident"]["alerts"][0]["annotations"]["description"].strip(), "pg_dump ended with 1")
        self.service.kill()
        self.assertEqual(self.run_all(sys.executable, "-c", script, stdin=MAIL).returncode, 75)

    def test_curl_of_the_page_of_opsgenie(self):
        said = []
        for line in block("connectors/sources/opsgenie.md", "receivers:", "sh").splitlines():
            done = self.run_all("bash", "-c", line.replace(ELSEWHERE, self.url), KEY=OG_KEY)
            self.assertEqual(done.returncode, 0, done.stderr)
            said.append(json.loads(done.stdout))
            if len(said) == 1:
                self.becomes("Backup of db-1 failed", "open")
            if len(said) == 2:
                self.becomes("Backup of db-1 failed", "resolved")
        self.assertEqual([answer.get("result") for answer in said[:3]],
                         ["Request will be processed"] * 2 + ["PONG - Heartbeat received"])
        self.assertEqual((said[3]["data"]["alias"], said[3]["data"]["status"]), ("backup/db-1", "closed"))


if __name__ == "__main__":
    unittest.main()
