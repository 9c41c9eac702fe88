"""A node that Kafka was away from decides and pages by itself. What answers then is another matter: a
topic that was made anew, or one that takes small records only."""
import unittest

import harness
import kafka_admin
from cluster import service_on
from harness import firing, wait_for
from servers import start_for

PARTITIONS = 4
SMALL = 100_000
ISLAND_WITHIN, BACK_WITHIN = 60.0, 90.0


class KafkaIslandTest(harness.TestCase):
    @classmethod
    def setUpClass(cls):
        ((_, cls.broker),) = start_for(cls, "kafka")

    def setUp(self):
        super().setUp()
        self.topic = self.id().rsplit(".", 1)[-1]
        self.node = self.tocsin(service=service_on(
            self.broker, self.topic, partitions=PARTITIONS, replication=1, island_after="5s"))

    def on_island(self):
        return "by itself since" in self.node.get("/-/ready").text

    def expect_no_island(self):
        wait_for(lambda: not self.on_island()
                 and self.node.metrics()["tocsin_spool_waiting_records"] == 0,
                 lambda: "the end of the island; the node said:\n" + self.node.log(), BACK_WITHIN)

    def paged_without_topic(self, alert):
        """The incident that the island opened."""
        kafka_admin.delete_topic(self.topic, self.broker)
        wait_for(self.on_island, lambda: "an island; the node said:\n" + self.node.log(),
                 ISLAND_WITHIN)
        self.assertEqual(self.node.post(alert).status, 200)
        return self.page(alert["labels"]["alertname"]).json["incident"]["id"]

    def expect_work(self, incident, name):
        """On the journal, for what was decided on the island and for what is new."""
        wait_for(lambda: self.node.api("incidents/" + incident).json.get("state") == "open",
                 "the island's incident in the journal")
        # Until this node has heard itself in the journal, the answer is 503.
        wait_for(lambda: self.node.api(f"incidents/{incident}/acknowledge", "POST").status == 200,
                 "an acknowledgement")
        self.assertEqual(self.node.post(firing("Later")).status, 200)
        self.page("Later")
        self.assertEqual(len(self.receiver.pages(name)), 1)

    def test_a_topic_that_was_made_anew_is_gone_on_with_by_the_same_process(self):
        incident = self.paged_without_topic(firing("Disk"))
        kafka_admin.make_topic(self.topic, self.broker, PARTITIONS)
        self.expect_no_island()
        self.expect_work(incident, "Disk")

    def test_a_topic_of_small_records_gets_an_incident_in_small_pieces(self):
        incident = self.paged_without_topic(firing("Disk", {"disk": "0"}))
        for i in range(1, 100):
            self.assertEqual(
                self.node.post(firing("Disk", {"disk": str(i), "text": "x" * 3000})).status, 200)
        wait_for(lambda: self.node.api("incidents/" + incident).json["alert_count"] == 100,
                 "all of it")
        kafka_admin.make_topic(self.topic, self.broker, PARTITIONS, max_message_bytes=SMALL)
        self.expect_no_island()
        self.assertNotIn("left behind", self.node.log())
        self.expect_work(incident, "Disk")
        self.assertEqual(self.node.api("incidents/" + incident).json["alert_count"], 100)


if __name__ == "__main__":
    unittest.main()
