"""The API does what its description says: schemathesis makes requests of it, good ones and bad ones, and compares the answers."""
import copy
import json
import re
import subprocess
import unittest

import harness
from harness import ADMIN, RESPONDER, VIEWER, firing, wait_for

SCHEMATHESIS = harness.SOURCE / "build" / "venv" / "bin" / "schemathesis"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
EXAMPLES, LONGEST = 4, 300  # of each call, and seconds past which it hangs: by each role, ten times what it takes
SET = "crew-staging"
SERVICE = harness.SERVICE.replace(
    "group_by: [alertname]", f"group_by: [alertname]\n    gamedays: [{SET}]").replace(
    "\ndefault:", "\n  - {{name: linus, contacts: {{hook: linus}}}}\ndefault:")
TEAM = """\
team: crew
rotas:
  - name: primary
    time_zone: Europe/Dublin
    people: [ada, grace]
    rotation: {every: 1w, handover: "Monday 10:00", start: 2026-01-05}
    only: {days: [Mon, Tue, Wed, Thu, Fri], hours: "09:00-17:00"}
policies:
  - {name: crew, steps: [{page: [{person: ada}, {rota: primary}], wait: 1h}]}
  - {name: pilot, steps: [{page: [{person: linus}], wait: 1h}]}
runbooks:
  - {name: asks, title: What to do, url: "https://runbooks.example.com/asks"}
rules:
  - {name: asks, matchers: ['alertname="Asks"'], severity: critical, impact: Customers cannot pay, runbook: asks,
     page: crew, remediate: {hook: restart, mode: approve, wait: 1h}}
  - {name: advised, matchers: ['alertname="Advised"'], advise: {manual: "https://manual.example.com", tell: [{channel: hook}]}}
  - {name: nobody, matchers: ['alertname="Nobody"'], suppress: nobody needs to know}
hooks:
  - {name: restart, type: webhook, url: "URL", limit: {runs: 3, per: 1h}}
gamedays:
  - {name: crew-staging, copies: ['environment="staging"'], as: {environment: production}, page: pilot, longest: 3h}
"""


def strict(document, known):
    """The description as the service is to keep it: no field that it does not tell, and in paths often
    what leads to something that is there."""
    made = copy.deepcopy(document)
    for shape in made["components"]["schemas"].values():
        shape.setdefault("additionalProperties", False)
    for path, methods in made["paths"].items():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    parameter["schema"]["enum"] = known(path, parameter["name"])
    return made


class OpenApiTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.assertTrue(SCHEMATHESIS.exists(), f"{SCHEMATHESIS} is not there; tests/run makes it")
        self.service = self.tocsin(service=SERVICE, team=TEAM.replace("URL", self.receiver.url))
        self.document = self.service.get("/api/v1/openapi.json").json

    def call(self, method, path, body=None):
        answer = self.service.request(method, "/api/v1/" + path, json.dumps(body) if body else None,
                                      {"Authorization": "Bearer " + RESPONDER})
        self.assertIn(answer.status, (200, 201, 202), answer.text)
        return answer.json

    def fill(self):
        """Something of everything; returns which values of a path's parameter lead to it."""
        self.call("POST", f"gamedays/{SET}/on", {"for": "1h", "why": "outage"})
        labels = {"service": "shop", "environment": "staging", "team": "größe\u2028"}
        self.service.post(firing("Asks", labels, annotations={"summary": "p99 is 4 s"}), firing("Advised"),
                          firing("Nobody"), firing("Plain", generatorURL="http://prometheus/graph"), firing("Other"))
        found = wait_for(lambda: len(self.service.incidents()) >= 5 and self.service.incidents(), "the incidents")
        ids = {("drill " if i["gameday"] else "") + i["title"].split(":")[0]: i["id"] for i in found}
        self.assertEqual(len(ids), len(found))
        self.page("Other")
        self.call("POST", f"incidents/{ids['Other']}/acknowledge")
        self.call("POST", f"incidents/{ids['Plain']}/snooze", {"for": "2h", "why": "the vendor"})
        reported = self.call("POST", "incidents", {"title": "Odd noise", "impact": "None", "severity": "info"})["id"]
        self.call("POST", f"incidents/{reported}/resolve")
        silence = self.call("POST", "silences", {"matchers": ['service="api"'], "for": "2h", "why": "deploying"})["id"]
        override = self.call("POST", "rotas/primary/overrides", {"person": "linus", "for": "8h"})["id"]
        test = self.call("POST", "people/ada/contacts/test")["id"]
        alert = self.call("GET", f"incidents/{ids['Asks']}")["alerts"][0]["id"]
        there = {"/api/v1/incidents/": {"id": [*ids.values(), reported], "hook": ["restart"]},
                 "/api/v1/alerts/": {"id": [alert]}, "/api/v1/silences/": {"id": [silence]},
                 "/api/v1/gamedays/": {"name": [SET]}, "/api/v1/rotas/": {"name": ["primary"], "id": [override]},
                 "/api/v1/people/": {"name": ["ada", "linus"], "id": [test]}, "/r/": {"signed": []}}

        def known(path, name):
            (values,) = [all_of[name] for beginning, all_of in there.items() if path.startswith(beginning)]
            return values + ["zzzzzzzz"]

        return known

    def run_against(self, document, token):
        """Its exit code and its words."""
        described = self.home / "openapi.json"
        described.write_text(json.dumps(document))
        header = ["--header", "Authorization: Bearer " + token] if token else []
        done = subprocess.run(
            [SCHEMATHESIS, "run", described, "--url", f"http://127.0.0.1:{self.service.port}", *header,
             "--checks", CHECKS, "--phases", "examples,coverage,fuzzing", "--max-examples", str(EXAMPLES),
             "--seed", "7", "--generation-deterministic",
             "--continue-on-failure", "--warnings", "off", "--no-color"],
            capture_output=True, text=True, timeout=LONGEST, check=False, cwd=self.home)
        return done.returncode, done.stdout + done.stderr

    def assert_keeps(self, document, token):
        code, words = self.run_against(document, token)
        self.assertEqual(code, 0, words[-20000:])
        cases = re.search(r"(\d+) generated", words)
        self.assertGreater(int(cases[1]) if cases else 0, 500, words[-2000:])

    def test_each_role_and_a_stranger_get_the_answers_that_are_described(self):
        document = strict(self.document, self.fill())
        for role, token in (("nobody", None), ("viewer", VIEWER), ("responder", RESPONDER), ("admin", ADMIN)):
            with self.subTest(role=role):
                self.assert_keeps(document, token)
        self.assertEqual(self.service.get("/-/ready").status, 200)

    def test_an_answer_that_is_not_as_described_is_found(self):
        document = strict(self.document, self.fill())
        document["paths"] = {"/api/v1/incidents": {"get": document["paths"]["/api/v1/incidents"]["get"]}}
        document["components"]["schemas"]["Incident"]["required"].append("nothing_says_this")
        code, words = self.run_against(document, VIEWER)
        self.assertEqual(code, 1, words[-2000:])
        self.assertIn("nothing_says_this", words)


if __name__ == "__main__":
    unittest.main()
