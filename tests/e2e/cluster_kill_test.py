"""SIGKILL of one node every few seconds, under a steady load on all of them: every alert that was
answered 2xx has its decision, every incident its page, and a page that comes twice says so by its key.

    CLUSTER_SECONDS=…   longer than the usual minute
    CLUSTER_NODES=…     more or fewer than two
    CLUSTER_KEEP=DIR    leaves the records there
    TOCSIN_SEED=…       the same chances again (a seed is in every failure)
"""
import os
import pathlib
import random
import subprocess
import sys
import time
import unittest

import cluster_check
import harness
from cluster import Cluster, Load, Record, is_ready, service_on, whole_incidents
from harness import wait_for
from servers import Server

SECONDS = float(os.environ.get("CLUSTER_SECONDS", 60))
NODES = int(os.environ.get("CLUSTER_NODES", 2))
RATE, NEW = 200, 2
BETWEEN_KILLS = (2.0, 5.0)
DEAD_FOR = (0.0, 2.0)
# Of what the senders were to send, the least that makes it a load, on a busy machine.
LEAST_SHARE = 0.5


class ClusterKillTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        kafka = Server("kafka", self.home / "kafka")
        self.addCleanup(kafka, "stop")
        self.cluster = Cluster(self.home, self.receiver, service_on(kafka.start("--port", "0")),
                               NODES)
        self.addCleanup(self.cluster.close)
        self.record = Record(pathlib.Path(os.environ.get("CLUSTER_KEEP", self.home / "record")))

    def test_kills_under_load_lose_no_alert_and_no_page(self):
        seed = int(os.environ.get("TOCSIN_SEED", time.time_ns()))
        with self.subTest(seed=seed):
            self.cluster.start()
            with Load(self.cluster, self.receiver, self.record, rate=RATE, new=NEW, seed=seed):
                began = time.monotonic()
                kills = self.kill_until(began + SECONDS, random.Random(seed))
                took = time.monotonic() - began
            self.cluster.await_ready()
            self.cluster.await_quiet()
            self.record.finish(self.receiver, self.cluster.nodes[0])
            verdict = subprocess.run(
                [sys.executable, "-B", cluster_check.__file__, self.record.directory],
                capture_output=True, text=True, check=False)
            print(f"{kills:8} kills in {took:.0f} s\n{verdict.stdout}")
            self.assertEqual(verdict.returncode, 0, verdict.stdout + verdict.stderr)
            self.expect_a_load(took, kills)
            self.expect_one_answer()

    def kill_until(self, end, chance):
        kills = 0
        while time.monotonic() < end:
            time.sleep(chance.uniform(*BETWEEN_KILLS))
            node, at = chance.choice(self.cluster.nodes), time.monotonic()
            node.kill()
            self.record.event("kill", at, node=self.cluster.nodes.index(node) + 1)
            kills += 1
            time.sleep(chance.uniform(*DEAD_FOR))
            node.spawn()
            wait_for(lambda n=node: is_ready(n), lambda n=node: "a ready node; it said: " + n.log(),
                     60)
        return kills

    def expect_a_load(self, took, kills):
        sent, _, recorded, _ = cluster_check.read(self.record.directory)
        accepted = sum(len(line["alerts"]) for line in sent
                       if line["kind"] == "alerts" and cluster_check.is_good(line))
        self.assertGreater(accepted, LEAST_SHARE * RATE * took, "hardly any load")
        self.assertGreater(len(recorded), LEAST_SHARE * NEW * took / 2, "hardly any incidents")
        self.assertGreaterEqual(kills, SECONDS / 20, "hardly any kills")

    def expect_one_answer(self):
        """Any node says the same of every incident."""
        first, *others = [{i["id"]: (i["state"], i["alert_count"], sorted(
            (p["id"], p["status"]) for p in i["pages"])) for i in whole_incidents(node)}
            for node in self.cluster.nodes]
        for other in others:
            self.assertEqual(other, first)


if __name__ == "__main__":
    unittest.main()
