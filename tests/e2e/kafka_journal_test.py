"""One node on a real Kafka: what it was told is in the topic, and nowhere else."""
import shutil
import unittest

import harness
from cluster import service_on
from harness import firing, over, wait_for
from servers import start_for


class KafkaJournalTest(harness.TestCase):
    @classmethod
    def setUpClass(cls):
        ((_, cls.brokers),) = start_for(cls, "kafka")

    def service(self, **options):
        """With a topic of the test's own."""
        return service_on(self.brokers, topic=self.id().rsplit(".", 1)[-1], **options)

    def acknowledged(self, tocsin, name):
        self.assertEqual(tocsin.post(firing(name)).status, 200)
        incident = self.page(name).json["incident"]["id"]
        answer = tocsin.api(f"incidents/{incident}/acknowledge", "POST")
        self.assertEqual((answer.status, answer.json["state"]), (200, "acknowledged"))
        return incident

    def expect_as_before(self, tocsin, incident, name):
        kept = tocsin.api("incidents/" + incident).json
        self.assertEqual((kept["state"], kept["acknowledged_by"]), ("acknowledged", "fixer"))
        self.assertEqual(tocsin.post(firing(name)).status, 200)
        self.assertEqual(tocsin.post(over(name)).status, 200)
        wait_for(lambda: tocsin.api("incidents/" + incident).json["state"] == "resolved",
                 "an alert that ends what was open")
        self.assertEqual(len(self.receiver.pages(name)), 1, "a restart paged somebody")

    def test_an_alert_becomes_a_page_and_is_known_after_a_restart(self):
        tocsin = self.tocsin(service=self.service())
        incident = self.acknowledged(tocsin, "Disk")
        self.assertEqual(tocsin.terminate(), 0)
        tocsin.start()
        self.expect_as_before(tocsin, incident, "Disk")

    def test_what_was_accepted_is_known_after_a_kill_and_the_loss_of_the_directory(self):
        tocsin = self.tocsin(service=self.service())
        incident = self.acknowledged(tocsin, "Disk")
        tocsin.kill()
        shutil.rmtree(tocsin.data)
        tocsin.start()
        self.expect_as_before(tocsin, incident, "Disk")

    def test_a_weak_topic_is_told_in_the_log_and_to_whoever_asks_whether_it_is_ready(self):
        tocsin = self.tocsin(service=self.service())
        ready = tocsin.get("/-/ready")
        self.assertEqual(ready.status, 200)
        self.assertTrue(ready.text.startswith("OK; the journal: topic "), ready.text)
        for told in (ready.text, tocsin.log()):
            self.assertIn("only 1 copies of its records", told)

    def test_a_secret_among_the_properties_is_told_to_nobody(self):
        tocsin = self.tocsin(service=self.service(
            properties='{client.rack: a, sasl.password: "${T_KEY}"}'))
        self.acknowledged(tocsin, "Disk")
        self.assert_no_secret(tocsin.log())
        self.assert_no_secret(tocsin.get("/-/ready").text + tocsin.get("/metrics").text)

    def test_a_topic_with_other_partitions_is_refused_with_what_to_do(self):
        tocsin = self.tocsin(service=self.service(partitions=4))
        self.assertEqual(tocsin.terminate(), 0)
        tocsin.write("tocsin.yaml", self.service(partitions=8).format(port=1, hook="http://x/"))
        tocsin.spawn()
        self.assertEqual(tocsin.process.wait(harness.PATIENCE * 2), 1)
        self.assertIn("has 4 partitions and the configuration says 8", tocsin.log())


if __name__ == "__main__":
    unittest.main()
