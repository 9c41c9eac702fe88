"""An incident that is open for longer than Kafka keeps records. Days pass within a minute: tocsin runs with
its wall clock set back, each time by less, and Kafka takes the times that its messages say; at last the
topic's retention is what tocsin counts on, and the broker deletes a real segment.

    50 h ago          29 h ago          8 h ago                 now
    opened, paged     carried           carried again           segment 1 is older than a day, and goes;
    segment 1 ……………………………………………………      segment 2 …………………… ▶    Redis and the node's directory go too
"""
import os
import re
import shutil
import unittest
from unittest import mock

import harness
from cluster import service_on
from harness import firing, over, stays, wait_for
from kafka_admin import make_topic, set_topic
from servers import Server

PAST_CLOCK = os.environ.get("TOCSIN_PAST_CLOCK", "build/tests/e2e/libpast_clock.so")
TOPIC = "tocsin"
# The least that can be configured. tocsin carries what is older than four fifths of it.
RETENTION, DAY = "24h", 24 * 3600 * 1000
OPENED, CARRIED, CARRIED_AGAIN = 50, 29, 8  # hours ago
LOOKS_OFTEN = "log.retention.check.interval.ms=500 log.initial.task.delay.ms=500"
FIRST_SEGMENT = "00000000000000000000.log"
# The head of a record that says again what is open: 'T', version 1, kind 6, flags, partition.
CARRIED_RECORD = re.compile(rb"T\x01\x06.[\x00\x01]\x00\x00\x00", re.DOTALL)


class KafkaRetentionTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.kafka, self.redis = (Server(name, self.home / name) for name in ("kafka", "redis"))
        for server in (self.kafka, self.redis):
            self.addCleanup(server, "stop")
        self.store = self.redis.start("--port", "0")
        self.broker = self.kafka.start("--port", "0", TOCSIN_KAFKA_PROPERTIES=LOOKS_OFTEN)
        make_topic(TOPIC, self.broker, partitions=2, segment_ms=DAY, retention_ms=-1,
                   message_timestamp_type="CreateTime")
        self.node = harness.Tocsin(self.home / "tocsin", self.receiver.url, service=service_on(
            self.broker, TOPIC, self.store, retention=RETENTION, partitions=2,
            properties="{compression.type: none}"))  # for CARRIED_RECORD
        self.addCleanup(self.node.close)

    def run_node(self, hours_ago):
        with mock.patch.dict(os.environ, LD_PRELOAD=PAST_CLOCK,
                             TOCSIN_CLOCK_BEHIND=str(hours_ago * 3600)):
            self.node.start()

    def segments(self):
        """Of the partition that has the alerts, as the broker has them on its disk."""
        directories = self.kafka.data.glob(f"node1/log/{TOPIC}-*")
        (found,) = [each for each in directories if any(
            b"Forgotten" in file.read_bytes() for file in each.glob("*.log"))]
        return sorted(found.glob("*.log"))

    def carried(self):
        return sum(len(CARRIED_RECORD.findall(file.read_bytes())) for file in self.segments())

    def opened(self, name):
        self.assertEqual(self.node.post(firing(name)).status, 200)
        return self.page(name).json["incident"]["id"]

    def carry(self, hours_ago):
        before = self.carried()
        self.run_node(hours_ago)
        wait_for(lambda: self.carried() >= before + 2, "both incidents written again", 60)
        self.assertEqual(self.node.terminate(), 0)

    def test_what_is_open_outlives_the_segments_it_began_in(self):
        self.run_node(OPENED)
        left_open, taken = self.opened("Forgotten"), self.opened("Taken")
        self.assertEqual(self.node.api(f"incidents/{taken}/acknowledge", "POST").status, 200)
        before = {i: self.node.api("incidents/" + i).json for i in (left_open, taken)}
        self.assertEqual(self.node.terminate(), 0)
        self.assertEqual((self.carried(), len(self.segments())), (0, 1))
        self.carry(CARRIED)
        self.carry(CARRIED_AGAIN)
        self.assertEqual([each.name for each in self.segments()][:-1], [FIRST_SEGMENT])
        set_topic(TOPIC, self.broker, retention_ms=DAY)
        wait_for(lambda: FIRST_SEGMENT not in [each.name for each in self.segments()],
                 "the end of the first segment", 60)
        self.forget()
        self.run_node(0)
        self.expect_known(before)
        self.expect_nobody_paged()
        self.expect_an_end(left_open, taken)

    def forget(self):
        """All that is not in the journal."""
        shutil.rmtree(self.node.data)
        self.redis.stop()
        shutil.rmtree(self.redis.data)
        self.assertEqual(self.redis.start("--port", self.store.split(":")[1]), self.store)

    def expect_known(self, before):
        for incident, then in before.items():
            now = self.node.api("incidents/" + incident).json
            for key in ("state", "opened_at", "acknowledged_by", "alerts", "severity"):
                self.assertEqual(now[key], then[key], key)
            self.assertEqual([page["id"] for page in now["pages"]],
                             [page["id"] for page in then["pages"]])

    def expect_nobody_paged(self):
        for name in ("Forgotten", "Taken"):
            self.assertEqual(self.node.post(firing(name)).status, 200)
        self.assertTrue(stays(lambda: len(self.receiver.pages()) == 2, 8), "somebody was paged anew")

    def expect_an_end(self, left_open, taken):
        answer = self.node.api(f"incidents/{left_open}/acknowledge", "POST")
        self.assertEqual((answer.status, answer.json["state"]), (200, "acknowledged"))
        for name, incident in (("Forgotten", left_open), ("Taken", taken)):
            self.assertEqual(self.node.post(over(name)).status, 200)
            wait_for(lambda i=incident: self.node.api("incidents/" + i).json["state"] == "resolved",
                     "the end of " + name)
        self.assertEqual(len(self.receiver.pages()), 2, "somebody was paged anew")


if __name__ == "__main__":
    unittest.main()
