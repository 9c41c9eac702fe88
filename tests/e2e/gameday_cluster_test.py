"""A GameDay on two nodes over a real Kafka and a real Redis: turned on and off at one, while the alerts
come in at the other."""
import json
import os
import subprocess
import unittest

import harness
from cluster import LOADS, TWO_STEPS, Cluster, key_of, service_on
from gameday_test import MARK, PILOT, SET
from harness import RESPONDER, firing, stays, wait_for
from servers import start_for


def with_drills(node):
    """The loads' alerts may carry the set's tag, and there is a pilot."""
    file = node.config / "tocsin.yaml"
    text = file.read_text().replace("\ndefault:",
                                    "\n  - {name: linus, contacts: {hook: linus}}\ndefault:")
    for name in LOADS:
        text = text.replace(f"name: {name}, source: prometheus, ",
                            f"name: {name}, source: prometheus, gamedays: [{SET}], ")
    file.write_text(text)
    node.write("teams/pilots.yaml", PILOT)


class GamedayClusterTest(harness.TestCase):
    @classmethod
    def setUpClass(cls):
        (cls.kafka, cls.brokers), (cls.redis, cls.redis_address) = start_for(cls, "kafka", "redis")

    def setUp(self):
        super().setUp()
        service = service_on(self.brokers, self.id().rsplit(".", 1)[-1], self.redis_address)
        self.cluster = Cluster(self.home, self.receiver, service, team=TWO_STEPS.format(wait="1h"))
        self.addCleanup(self.cluster.close)
        for node in self.cluster.nodes:
            with_drills(node)
        self.cluster.start()

    def ask(self, node, *arguments):
        done = subprocess.run(
            [harness.BINARY, "gameday", *arguments, "--json"], text=True, capture_output=True,
            check=False, timeout=harness.PATIENCE, stdin=subprocess.DEVNULL,
            env={**os.environ, "TOCSIN_TOKEN": RESPONDER,
                 "TOCSIN_SERVER": f"http://127.0.0.1:{node.port}"})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def fire(self, node, name, integration, **labels):
        answer = node.post_bytes(json.dumps([firing(name, labels)]).encode(),
                                 {"Authorization": "Bearer " + key_of(integration)},
                                 f"/in/{integration}/api/v2/alerts")
        self.assertEqual(answer.status, 200, answer.text)

    def of(self, person, kind):
        return [d for d in self.receiver.delivered if d.person == person and d.type == kind]

    def test_a_set_is_toggled_at_one_node_while_its_alerts_come_in_at_the_other(self):
        one, other = self.cluster.nodes
        for name in LOADS:  # each has an owner, on either node
            self.fire(other, "Before-" + name, name, gameday=SET)
        self.assertTrue(stays(lambda: not self.receiver.delivered, 2.0), "heard while it is off")

        self.ask(one, "on", SET, "--for", "1h", "--why", "both nodes")
        wait_for(lambda: len(self.of("linus", "drill")) == len(LOADS), "what fired already")
        for name in LOADS:
            self.fire(other, "During-" + name, name, gameday=SET)
            self.fire(other, "Real-" + name, name)
        drills = wait_for(lambda: len(self.of("linus", "drill")) == 2 * len(LOADS)
                          and self.of("linus", "drill"), "the drills")
        for drill in drills:
            self.assertTrue(drill.json["title"].startswith(MARK), drill.json["title"])
        wait_for(lambda: len(self.of("ada", "page")) == len(LOADS), "the real pages")
        self.assertEqual(self.of("ada", "drill"), [])
        self.assertEqual(self.of("linus", "page"), [])

        off = self.ask(one, "off", SET, "--why", "done")
        self.assertEqual(off.get("unconfirmed_nodes"), [], off)
        for name in LOADS:
            self.fire(other, "After-" + name, name, gameday=SET)
        before = len(self.of("linus", "drill"))
        self.assertTrue(stays(lambda: len(self.of("linus", "drill")) == before, 3.0),
                        "a drill after its end")
        for node in self.cluster.nodes:
            (listed,) = self.ask(node, "list")["gamedays"]
            self.assertEqual((listed["state"], listed["run"]), ("off", 1))
            drills = node.incidents(f"&gameday={SET}&state=open,acknowledged")
            self.assertEqual(drills, [])

    def test_a_node_without_kafka_drills_nobody_and_pages_in_earnest(self):
        one, other = self.cluster.nodes
        self.ask(one, "on", SET, "--for", "1h")
        self.kafka.stop()
        self.fire(other, "Tagged", LOADS[0], gameday=SET)
        self.fire(other, "Real", LOADS[0])
        wait_for(lambda: self.of("ada", "page"), "the page by the island", 60)
        self.assertTrue(stays(lambda: not self.of("linus", "drill"), 2.0), "a drill of an island")
        self.kafka.start()
        wait_for(lambda: self.of("linus", "drill"), "the drill, when its end can be heard", 90)
        self.assertEqual(len(self.of("ada", "page")), 1)


if __name__ == "__main__":
    unittest.main()
