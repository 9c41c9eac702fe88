"""Poison by the thousand through real HTTP, to every source that there is: each request has an
answer, an ordinary alert sent between them has its page, and memory stays bounded. Then hostile
lines of a configuration (templates, maps, patterns) and hostile silences through the API."""
import http.client
import json
import os
import pathlib
import random
import re
import unittest

import harness
from harness import firing
from receiver import Receiver

REQUESTS = int(os.environ.get("TOCSIN_POISON_REQUESTS", "3000"))
BETWEEN = 300                      # from one ordinary alert to the next
MOST_RESIDENT = 300 << 20
CATALOG = (harness.SOURCE / "connectors" / "catalog.def").read_text()
SOURCES = [name.replace("_", "-") for name in re.findall(r"^SOURCE\((\w+)\)", CATALOG, re.MULTILINE)]
FIXTURES = harness.SOURCE / "tests" / "connectors" / "fixtures"
TYPES = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b",
         "text/plain", "application/cloudevents+json", ""]
TEXTS = ["", "\x00", "a\x00b", "\x1b[31m", "\u202e", "\ud800", "{{title}} {{", "${T_KEY}", "%s%n",
         "(a+)+$", "<script>", "\r\nSet-Cookie: x", "a" * 5_000, "\ufeff", "gameday", "../../x", "💥"]
TEMPLATE = "{{headline}} {{label.alertname}} {{label.evil}} }} {{summary}} {{why}}"



def escaped(text):
    """Braces as str.format() takes them."""
    return text.replace("{", "{{").replace("}", "}}")


EVIL_INTEGRATIONS = "".join(
    f"  - {{name: evil-{name}, source: {name}, key: key-of-{name}-0123456789"
    + (", map: {title: /x~1y, status: ///, labels: {z: /~0/0/1}}" if name == "generic" else "")
    + "}\n" for name in SOURCES)
SERVICE = harness.SERVICE.replace("channels:\n", escaped(EVIL_INTEGRATIONS) + "channels:\n")
CHAT = '  - {{name: chat, type: mattermost, url: "CHAT", template: "' + escaped(TEMPLATE) + '"}}\n'
# What nobody claims goes to the chat, so that ada's pages are the ordinary ones.
SERVICE = SERVICE.replace("people:\n", CHAT + "people:\n").replace("page: crew", "page: strangers")
TEAM = r"""
team: crew
policies:
  - {name: crew, steps: [{page: [{person: ada}], wait: 1h}]}
  - {name: strangers, steps: [{page: [{channel: chat}], wait: 1h}]}
rules:
  - {name: steps, matchers: ['evil=~"(a+)+$"', 'evil=~"(.*a){20}"', 'evil!~"(a|aa)+"'], page: crew}
  - {name: ours, matchers: ['alertname=~"Good.*"', 'alertname!~"(([a-z]+)*)*$"'], page: crew}
"""


class Poison:
    """Hostile requests from a seed: the fixtures of every source with values changed, cut, nested
    or repeated, and what is no request of anybody."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.fixtures = {name: [path.read_bytes() for path in
                                sorted((FIXTURES / name.replace("-", "_")).iterdir())]
                         for name in SOURCES}

    def request(self):
        name = self.random.choice(SOURCES)
        headers = {"Authorization": f"Bearer key-of-{name}-0123456789",
                   "Content-Type": self.random.choice(TYPES)}
        return f"/in/evil-{name}" + self.random.choice(["", "", "?x=%00&y=%ff", "/"]), headers, self.body(name)

    def body(self, name):
        kind = self.random.randrange(8)
        body = self.random.choice(self.fixtures[name])
        if kind == 0:
            return body[:self.random.randrange(len(body))]
        if kind == 1:
            return self.random.choice([b"[", b'{"a":', b'[{"labels":', b"<a>"]) * self.random.choice([60, 70, 50_000])
        if kind == 2:
            return self.random.randbytes(self.random.randrange(2_000))
        if kind == 3:
            changed = bytearray(body)
            for _ in range(self.random.randrange(1, 9)):
                changed[self.random.randrange(len(changed))] = self.random.randrange(256)
            return bytes(changed)
        if kind == 4:
            return body + body
        if kind == 5 and self.random.randrange(10) == 0:
            return json.dumps({f"l{i}": "v" for i in range(10_000)}).encode()
        try:
            return json.dumps(self.changed(json.loads(body))).encode()
        except ValueError:
            return body.replace(b"=", b"=%00%ff")

    def changed(self, value):
        """The same with some of its values others'."""
        chance = self.random.randrange(12)
        if chance == 0:
            return self.random.choice(TEXTS)
        if chance == 1:
            return self.random.choice([None, 7, -1e308, [], {}, True, [[{}]], 10 ** 40])
        if isinstance(value, dict):
            return {self.random.choice(TEXTS) if self.random.randrange(30) == 0 else key: self.changed(each)
                    for key, each in value.items()}
        if isinstance(value, list):
            return [self.changed(each) for each in value] * self.random.choice([1, 1, 1, 50])
        return value


class PoisonGeneratedTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.chat = Receiver()
        self.addCleanup(self.chat.close)
        self.service = self.tocsin(service=SERVICE.replace("CHAT", self.chat.url), team=TEAM)
        self.good = 0

    def check_served(self):
        self.good += 1
        name = f"Good{self.good}"
        self.assertEqual(self.service.post(firing(name)).status, 200)
        self.page(name)

    def resident(self):
        status = pathlib.Path(f"/proc/{self.service.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) << 10

    def test_thousands_of_hostile_requests_to_every_source_stop_only_themselves(self):
        poison = Poison(os.environ.get("TOCSIN_SEED", "1"))
        statuses = {}
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=harness.PATIENCE)
        self.addCleanup(connection.close)
        for number in range(REQUESTS):
            path, headers, body = poison.request()
            with self.subTest(number=number, path=path, body=body[:200]):
                connection.request("POST", path, body, headers)
                answer = connection.getresponse()
                answer.read()
                statuses[answer.status] = statuses.get(answer.status, 0) + 1
                # Each sender's own words for "taken", "wrong" and "too much", and never a fault of ours.
                self.assertTrue(200 <= answer.status < 500, answer.status)
            if number % BETWEEN == 0:
                self.check_served()
        self.check_served()
        self.assertLess(self.resident(), MOST_RESIDENT)
        self.assertGreater(sum(n for status, n in statuses.items() if status < 300), REQUESTS // 20, statuses)
        self.assertGreater(sum(n for status, n in statuses.items() if status >= 400), REQUESTS // 20, statuses)
        # The chat heard of them, in the team's own words.
        harness.wait_for(lambda: self.chat.delivered, "a message in the chat")
        self.assertEqual(self.service.api("set-aside").json["set_aside"], [])
        self.assertIsNone(self.service.process.poll())
        self.assert_no_secret(self.service.log())

    def test_hostile_silences_are_refused_or_served_and_nobody_waits_for_them(self):
        for matchers in (['a=~"(a+)+$"'], ['a=~"((a?){900}){900}"'], ['a=~"' + "(" * 3_000], ["x" * 100_000],
                         ['a=~"' + "a|" * 2_000 + '"'], ['a=~".*"'], ['a!~"(?:(?:[^b]{0,9}b){9}){9}"', "b=1"],
                         ["\x00=1"], ['"\ud800"=1'], [7], [["a=1"]], {"a": "1"}, ["a=1"] * 1_000):
            body = json.dumps({"matchers": matchers, "for": "2h", "why": "{{why}} \x00 <b>"})
            answer = self.service.request("POST", "/api/v1/silences", body,
                                          {"Authorization": "Bearer " + harness.RESPONDER})
            with self.subTest(matchers=str(matchers)[:60]):
                self.assertIn(answer.status, (201, 200, 400, 413, 422), answer.body)
            evil = firing("Good-" + str(self.good), {"a": "a" * 4_000})
            self.assertEqual(self.service.post(evil).status, 200)
            self.check_served()
        for query in ("?active=x", "?match[]=%00", "?filter=" + "(" * 4_000, "?matcher=" + "a" * 7_000):
            answer = self.service.get("/api/v1/silences" + query, harness.RESPONDER)
            self.assertLess(answer.status, 500, query[:60])
        self.check_served()


if __name__ == "__main__":
    unittest.main()
