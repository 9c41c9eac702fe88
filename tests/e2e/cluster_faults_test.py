"""What must hold while a part of the cluster is away, under load: Kafka stopped, Redis flushed, hung
and stopped, the node that owns the work paused and resumed; and an acknowledgement given to any node.

    CLUSTER_NODES=…          more or fewer than two
    CLUSTER_AWAY_SECONDS=…   for how long Kafka is stopped, usually a minute
"""
import json
import os
import signal
import socket
import time
import unittest

import cluster_check
import harness
from cluster import LOADS, TWO_STEPS, Cluster, Load, Record, key_of, service_on
from harness import RESPONDER, firing, stays, wait_for
from servers import start_for

NODES = int(os.environ.get("CLUSTER_NODES", 2))
AWAY = float(os.environ.get("CLUSTER_AWAY_SECONDS", 60))
ISLAND_AFTER = 15.0
# From the moment at which a page is due to its arrival, on a busy machine.
SOON = 5.0
# Ten times the journal's patience: what is shown is that nobody waits for Kafka, not how fast the
# machine is.
MOST_FOR_AN_ANSWER = 20.0
RATE = 100


class ClusterFaultsTest(harness.TestCase):
    @classmethod
    def setUpClass(cls):
        (cls.kafka, cls.brokers), (cls.redis, cls.redis_address) = start_for(cls, "kafka", "redis")

    def run_cluster(self, redis=False, wait="8s", **journal):
        topic = self.id().rsplit(".", 1)[-1]
        service = service_on(self.brokers, topic, self.redis_address if redis else None, **journal)
        self.cluster = Cluster(self.home, self.receiver, service, NODES, TWO_STEPS.format(wait=wait))
        self.addCleanup(self.cluster.close)
        self.record = Record(self.home / "record")
        return self.cluster.start()

    def load(self, **options):
        return Load(self.cluster, self.receiver, self.record, rate=RATE, **options)

    def finish(self, *allowed):
        """The three records, which agree but for what is allowed."""
        self.cluster.await_ready()
        self.cluster.await_quiet()
        self.record.finish(self.receiver, self.cluster.nodes[-1])
        records = cluster_check.read(self.record.directory)
        verdict = cluster_check.check(*records)
        print(verdict["counts"])
        self.assertEqual([one for one in verdict["violations"] if one[0] not in allowed], [])
        return records

    def post(self, name, integration, node):
        answer = node.post_bytes(
            json.dumps([firing(name)]).encode(),
            {"Authorization": "Bearer " + key_of(integration)},
            f"/in/{integration}/api/v2/alerts")
        self.assertEqual(answer.status, 200, answer.text)
        self.record.write("sent", kind="alerts", at=time.monotonic(), answered=time.monotonic(),
                          status=200, node=0, alerts=[{"alertname": name}])
        return time.monotonic()

    # Kafka.

    def test_while_kafka_is_away_alerts_are_taken_and_when_it_is_back_they_are_paged_once(self):
        self.run_cluster(island_after=f"{ISLAND_AFTER:.0f}s")
        with self.load(new=1):
            time.sleep(10)
            before = len(self.receiver.pages())
            self.assertGreater(before, 3, "hardly any pages before it")
            at = time.monotonic()
            self.kafka.stop()
            time.sleep(AWAY)
            back = time.monotonic()
            self.kafka.start()
            self.record.event("Kafka away", at)
            time.sleep(15)
        sent, received, _, _ = self.finish()
        self.expect_all_taken(sent, at, back)
        self.expect_pages_meanwhile(sent, at, back)
        pages = [one["id"] for one in received if one["type"] == "page"]
        self.assertEqual(len(pages), len(set(pages)), "a page came twice")

    def expect_all_taken(self, sent, since, until):
        meanwhile = [one for one in sent
                     if one["kind"] == "alerts" and since <= one["at"] <= until]
        self.assertGreater(len(meanwhile), AWAY, "hardly any load meanwhile")
        refused = [one["status"] for one in meanwhile if not cluster_check.is_good(one)]
        self.assertEqual(refused, [], "not every alert was taken")
        slowest = max(one["answered"] - one["at"] for one in meanwhile)
        self.assertLess(slowest, MOST_FOR_AN_ANSWER)

    def expect_pages_meanwhile(self, sent, since, until):
        """New incidents are paged by the node that took them, however long Kafka is away."""
        island = since + ISLAND_AFTER
        first_told = {}
        for one in sent:
            if one["kind"] == "alerts" and cluster_check.is_good(one):
                for alert in one["alerts"]:
                    first_told.setdefault(alert["alertname"], one["answered"])
        paged = {}
        for page in self.receiver.pages():
            paged.setdefault(page.alertname, page.at)
        late, meanwhile = [], 0
        for name, told in first_told.items():
            due = max(told, island) + SOON
            if told < since + 1 or due > until:
                continue
            meanwhile += 1
            if paged.get(name, float("inf")) > due:
                late.append((name, round(paged.get(name, float("inf")) - max(told, island), 1)))
        self.assertGreater(meanwhile, AWAY / 3, "hardly any new alerts meanwhile")
        self.assertEqual(late, [], "not paged in time while Kafka was away")

    # Redis.

    def test_whatever_redis_does_no_decision_changes_and_no_alert_waits(self):
        self.run_cluster(redis=True)
        with self.load(new=1):
            time.sleep(5)
            for fault in (self.flush_redis, self.hang_redis, self.stop_redis):
                fault()
                time.sleep(3)
        sent, received, _, _ = self.finish()
        self.expect_all_taken(sent, 0.0, float("inf"))
        pages = [one["id"] for one in received if one["type"] == "page"]
        self.assertEqual(len(pages), len(set(pages)), "a page came twice")

    def flush_redis(self):
        host, port = self.redis_address.split(":")
        with socket.create_connection((host, int(port)), timeout=harness.PATIENCE) as redis:
            redis.sendall(b"FLUSHALL\r\n")
            self.assertEqual(redis.recv(100), b"+OK\r\n")

    def hang_redis(self):
        pid = int((self.redis.data / "pid").read_text())
        os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(8)
        finally:
            os.kill(pid, signal.SIGCONT)

    def stop_redis(self):
        self.redis.stop()
        time.sleep(5)
        self.redis.start()

    # Nodes.

    def test_an_owner_that_is_paused_is_replaced_and_starts_nothing_when_it_is_resumed(self):
        self.run_cluster(wait="1h")
        if NODES < 2:
            self.skipTest("one node alone has nobody to replace it")
        for node in self.cluster.nodes:
            with self.subTest(paused=self.cluster.nodes.index(node) + 1):
                other = next(each for each in self.cluster.nodes if each is not node)
                at = time.monotonic()
                node.process.send_signal(signal.SIGSTOP)
                names = []
                for integration in LOADS:
                    names.append(f"Paused-{self.cluster.nodes.index(node)}-{integration}")
                    self.post(names[-1], integration, other)
                # Whatever it owned is taken over within its session of 4 s.
                for name in names:
                    wait_for(lambda n=name: self.receiver.pages(n), f"a page for {name}", 8.0 + SOON)
                time.sleep(max(0.0, at + 8 - time.monotonic()))
                node.process.send_signal(signal.SIGCONT)
                self.record.event("pause", at)
                resumed = len(self.receiver.pages())
                self.assertTrue(stays(lambda n=resumed: len(self.receiver.pages()) == n, 5),
                                "it paged when it was resumed")
        self.finish()

    def test_an_acknowledgement_given_to_any_node_stops_the_escalation_of_the_one_that_owns_it(self):
        self.run_cluster(wait="12s")
        for number, node in enumerate(self.cluster.nodes):
            for integration in LOADS:
                self.post(f"Mine-{number}-{integration}", integration, node)
        names = [f"Mine-{n}-{i}" for n in range(NODES) for i in LOADS]
        for name in names:
            wait_for(lambda n=name: self.receiver.pages(n), f"a page for {name}")
        # Every owner's incidents, all by one node that owns no more than some of them.
        left_alone = names[::3]
        for name in set(names) - set(left_alone):
            incident = self.receiver.pages(name)[0].json["incident"]["id"]
            self.acknowledge(incident, self.cluster.nodes[-1])
        for name in left_alone:
            wait_for(lambda n=name: len(self.receiver.pages(n)) == 2, f"the second step of {name}")
        self.assertTrue(stays(lambda: len(self.receiver.pages()) == len(names) + len(left_alone), 3))
        self.finish()

    def acknowledge(self, incident, node):
        def ask():
            at = time.monotonic()
            answer = node.api(f"incidents/{incident}/acknowledge", "POST", RESPONDER)
            self.record.write("sent", kind="acknowledge", at=at, answered=time.monotonic(),
                              status=answer.status, incident=incident)
            return answer.status == 200
        wait_for(ask, f"an acknowledgement of {incident}")


if __name__ == "__main__":
    unittest.main()
