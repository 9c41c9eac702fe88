"""Two days in which alerts were taken and nobody decided them: what is still open is paged, and the past
is recorded, wakes nobody, and is told once at the most."""
import collections
import json
import os
import subprocess
import unittest

import harness
from cluster import service_on
from harness import KEY, rfc3339, stays, wait_for
from servers import Server

PAST_REQUESTS = os.environ.get("TOCSIN_PAST_REQUESTS", "build/tests/e2e/past_requests")
MINUTE, HOUR = 60, 3600
CLOSED, LASTED = 2000, 10 * MINUTE
OPEN = {"Open-now": 10 * MINUTE, "Open-hour": HOUR, "Open-morning": 5 * HOUR,
        "Open-yesterday": 20 * HOUR, "Open-long": 47 * HOUR}  # since when
SENT_AGAIN_EVERY = HOUR
WITH_A_ROOM = harness.ADA_ALONE.replace("team: crew\n", "team: crew\nchannel: hook\n")
QUIET = 10.0


def request(ago, alertname, since, ends):
    """All of them seconds ago; a sender says of what fires when it would be over."""
    alert = {"labels": {"alertname": alertname}, "startsAt": rfc3339(-since), "endsAt": rfc3339(-ends)}
    return ago, json.dumps([alert])


def backlog():
    """In the order in which they came."""
    for number in range(CLOSED):
        fired = 48 * HOUR - number * (47.5 * HOUR / CLOSED)
        yield request(fired, f"Closed-{number}", fired, fired - HOUR)
        yield request(fired - LASTED, f"Closed-{number}", fired, fired - LASTED)
    for name, since in OPEN.items():
        for ago in {*range(1, since, SENT_AGAIN_EVERY), since}:
            yield request(ago, name, since, ago - 2 * SENT_AGAIN_EVERY)


class KafkaBacklogTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        kafka = Server("kafka", self.home / "kafka")
        self.addCleanup(kafka, "stop")
        self.node = harness.Tocsin(self.home / "tocsin", self.receiver.url, WITH_A_ROOM,
                                   service_on(kafka.start("--port", "0")))
        self.addCleanup(self.node.close)

    def write(self, requests):
        lines = "".join(f"{ago:.0f} {body}\n" for ago, body in
                        sorted(requests, key=lambda one: -one[0]))
        wrote = subprocess.run([PAST_REQUESTS, self.node.config, KEY], input=lines, text=True,
                               capture_output=True, check=False, env=self.node.environment())
        self.assertEqual(wrote.returncode, 0, wrote.stderr)

    def states(self):
        found = {}
        for incident in self.node.incidents():
            found.setdefault(incident["state"], []).append(incident["title"])
        return found

    def test_what_is_open_is_paged_and_the_past_wakes_nobody(self):
        self.write(backlog())
        self.node.spawn()
        wait_for(lambda: len(self.receiver.pages()) >= len(OPEN), lambda:
                 f"a page for each of {list(OPEN)}; it said: {self.node.log()}", 60)
        wait_for(lambda: len(self.states().get("resolved", ())) == CLOSED, lambda: (
            f"the record of all that is over ({ {s: len(t) for s, t in self.states().items()} })"), 60)
        self.assertTrue(stays(lambda: len(self.receiver.pages()) == len(OPEN), QUIET),
                        "the past paged somebody")
        self.assertEqual(sorted(self.states()["open"]), sorted(OPEN))
        told = collections.defaultdict(list)
        for message in self.receiver.delivered:
            told[message.type].append(message.alertname)
        print({kind: len(names) for kind, names in told.items()})
        self.assertLessEqual(len(told.pop("digest", ())), 1, "the past was told more than once")
        self.assertEqual(sorted(told["page"]), sorted(OPEN))
        for kind, names in told.items():
            self.assertLessEqual(set(names), set(OPEN), kind)


if __name__ == "__main__":
    unittest.main()
