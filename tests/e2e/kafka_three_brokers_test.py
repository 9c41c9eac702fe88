"""Three brokers, three copies of which two must have a record, and two nodes of tocsin on them: the
broker that leads most dies under load, and neither a sender nor the person on call hears of it."""
import collections
import time
import unittest

import cluster_check
import harness
from cluster import Cluster, Load, Record, is_ready, service_on
from harness import wait_for
from kafka_admin import partitions_of
from servers import Server

TOPIC = "tocsin"
RATE, NEW = 50, 1
BEFORE, AWAY, AFTER = 8.0, 14.0, 8.0
# Of what the senders were to send, the least that makes it a load, on a busy machine.
LEAST_SHARE = 0.5


class KafkaThreeBrokersTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.kafka = Server("kafka", self.home / "kafka")
        self.addCleanup(self.kafka, "stop")
        brokers = self.kafka.start("--nodes", "3", "--port", "0", TOCSIN_KAFKA_HEAP="160m")
        self.brokers = brokers.split(",")
        self.cluster = Cluster(self.home, self.receiver, service_on(brokers, TOPIC))
        self.addCleanup(self.cluster.close)
        self.record = Record(self.home / "record")
        self.start()

    def start(self):
        """As a supervisor does: brokers that have just begun may be too slow to make a topic."""
        for node in self.cluster.nodes:
            node.spawn()

            def is_up(node=node):
                if node.process.poll() is not None and "could not be made" in node.log():
                    node.spawn()
                return is_ready(node)
            wait_for(is_up, "a ready node", 60)

    def partitions(self, without=None):
        """As a broker that lives sees them."""
        return partitions_of(TOPIC, next(address for number, address in enumerate(self.brokers, 1)
                                         if number != without))

    def kill_a_leader(self):
        """The broker that led most; once others lead what it led."""
        leads = collections.Counter(each.leader for each in self.partitions())
        ((broker, most),) = leads.most_common(1)
        self.assertGreaterEqual(most, len(self.partitions()) / 3)
        self.kafka.kill(broker)
        wait_for(lambda: all(each.leader not in (-1, broker) for each in self.partitions(broker)),
                 "another leader of every partition", 60)
        return broker

    def test_the_death_of_a_broker_that_leads_costs_no_alert_and_no_page(self):
        for node in self.cluster.nodes:
            self.assertNotIn("topic ", node.get("/-/ready").text)
        for each in self.partitions():
            self.assertEqual((len(each.replicas), len(each.in_sync)), (3, 3))
        began = time.monotonic()
        with Load(self.cluster, self.receiver, self.record, rate=RATE, new=NEW):
            time.sleep(BEFORE)
            at = time.monotonic()
            broker = self.kill_a_leader()
            self.record.event("broker killed", at)
            led_again = time.monotonic()
            time.sleep(max(0.0, at + AWAY - led_again))
            self.kafka.start(TOCSIN_KAFKA_HEAP="160m")
            back = time.monotonic()
            time.sleep(AFTER)
        took = time.monotonic() - began
        wait_for(lambda: all(broker in each.in_sync for each in self.partitions(broker)),
                 "the broker that died with every copy", 60)
        self.cluster.await_ready()
        self.cluster.await_quiet()
        self.record.finish(self.receiver, self.cluster.nodes[0])
        records = cluster_check.read(self.record.directory)
        verdict = cluster_check.check(*records)
        print(f"broker {broker} killed, others led after {led_again - at:.1f} s, "
              f"it was back after {back - at:.1f} s: {verdict['counts']}")
        self.assertEqual(verdict["violations"], [])
        self.expect_all_taken(records[0], at, back, took)

    def expect_all_taken(self, sent, killed, back, took):
        alerts = [one for one in sent if one["kind"] == "alerts"]
        refused = [one for one in alerts if not cluster_check.is_good(one)]
        self.assertEqual(refused, [], "not every alert was taken")
        self.assertGreater(sum(len(one["alerts"]) for one in alerts), LEAST_SHARE * RATE * took,
                           "hardly any load")
        self.assertGreater(len([one for one in alerts if killed <= one["at"] <= back]), 10,
                           "hardly any load while the broker was away")


if __name__ == "__main__":
    unittest.main()
