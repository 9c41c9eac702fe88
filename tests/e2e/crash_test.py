"""SIGKILL at the worst moments: every alert that was answered 200 has its page, and a page that
comes twice says so by its id."""
import concurrent.futures
import http.client
import os
import random
import threading
import time
import unittest

import harness
from harness import firing, wait_for
from receiver import Receiver

SENDERS = 4
STORM = 200
CHAOS_SECONDS = 15.0
MOST_ALERTS_A_ROUND = 120


class CrashTest(harness.TestCase):
    def test_a_page_that_nobody_took_before_the_kill_arrives_after_it(self):
        self.receiver.close()  # nobody listens where the pages go
        tocsin = self.tocsin()
        self.assertEqual(tocsin.post(firing("Disk")).status, 200)
        tocsin.kill()
        revived = Receiver(port=self.receiver.port)
        self.addCleanup(revived.close)
        tocsin.start()
        page = wait_for(lambda: revived.pages("Disk"), "the page")[0]
        self.assertEqual(page.person, "ada")

    def test_a_page_in_flight_when_tocsin_dies_comes_again_with_the_same_id(self):
        tocsin = self.tocsin()
        killed = threading.Event()

        def kill_first(_):
            if not killed.is_set():
                tocsin.kill()
                killed.set()
            return 204

        self.receiver.answer = kill_first
        self.assertEqual(tocsin.post(firing("Disk")).status, 200)
        self.assertTrue(killed.wait(harness.PATIENCE))
        tocsin.start()
        wait_for(lambda: len(self.receiver.pages("Disk")) >= 2, "the page again")
        first, again = self.receiver.pages("Disk")[:2]
        self.assertEqual(first.webhook_id, again.webhook_id)
        self.assertEqual((first.json["id"], first.json["incident"]["id"]),
                         (again.json["id"], again.json["incident"]["id"]))
        self.expect_status(tocsin, again.json["incident"]["id"], "accepted")

    def test_a_recorded_page_does_not_come_again_after_a_kill(self):
        tocsin = self.tocsin()
        tocsin.post(firing("Disk"))
        incident = self.page("Disk").json["incident"]["id"]
        self.expect_status(tocsin, incident, "accepted")
        tocsin.kill()
        tocsin.start()
        tocsin.post(firing("Later"))
        self.page("Later")
        self.assertEqual(len(self.receiver.pages("Disk")), 1)

    def test_two_hundred_alerts_accepted_before_a_kill_are_two_hundred_pages(self):
        tocsin = self.tocsin()
        names = [f"Storm{i:03}" for i in range(STORM)]
        with concurrent.futures.ThreadPoolExecutor(SENDERS) as pool:
            answers = list(pool.map(lambda name: tocsin.post(firing(name)).status, names))
        tocsin.kill()
        self.assertEqual(answers, [200] * STORM)
        tocsin.start()
        self.expect_a_page_each(tocsin, set(names), set(names))

    def test_random_kills_under_load_lose_nothing_that_was_accepted(self):
        seed = int(os.environ.get("TOCSIN_SEED", time.time_ns()))
        chance = random.Random(seed)
        tocsin = self.tocsin()
        tried, accepted = set(), set()
        end = time.monotonic() + CHAOS_SECONDS
        kills = 0
        with self.subTest(seed=seed):
            while time.monotonic() < end:
                self.load_and_kill(tocsin, chance.uniform(0.0, 0.5), kills, tried, accepted)
                kills += 1
                tocsin.start()
            self.assertGreater(len(accepted), 10 * SENDERS, f"hardly any load in {kills} rounds")
            self.expect_a_page_each(tocsin, accepted, tried)

    def load_and_kill(self, tocsin, after, number, tried, accepted):
        """SENDERS post one alert after the other until the process dies under them."""
        lock = threading.Lock()

        def sender(which):
            for i in range(MOST_ALERTS_A_ROUND // SENDERS):
                name = f"Chaos-{number}-{which}-{i}"
                with lock:
                    tried.add(name)
                try:
                    status = tocsin.post(firing(name)).status
                except (OSError, http.client.HTTPException):
                    return  # it died: nobody was promised anything
                self.assertEqual(status, 200)
                with lock:
                    accepted.add(name)

        with concurrent.futures.ThreadPoolExecutor(SENDERS) as pool:
            senders = [pool.submit(sender, which) for which in range(SENDERS)]
            concurrent.futures.wait(senders, timeout=after)
            tocsin.kill()
            for done in senders:
                done.result()

    def expect_a_page_each(self, tocsin, accepted, tried):
        unpaged = lambda: sorted(accepted - {p.alertname for p in self.receiver.pages()})
        wait_for(lambda: tocsin.metrics()["tocsin_outbox_waiting"] == 0 and not unpaged(),
                 lambda: f"the pages for {unpaged()}, of {len(accepted)} accepted,",
                 2 * harness.PATIENCE)
        incidents = {}
        for incident in tocsin.incidents():
            name = incident["alerts"][0]["labels"]["alertname"]
            self.assertNotIn(name, incidents, "two incidents for one alert")
            incidents[name] = incident["id"]
        self.assertLessEqual(accepted, set(incidents), "accepted, and no incident")
        self.assertLessEqual(set(incidents), tried, "an incident for what nobody sent")
        ids = {}
        for page in self.receiver.pages():
            same = (page.webhook_id, page.json["incident"]["id"])
            self.assertEqual(ids.setdefault(page.alertname, same), same,
                             "a page that came twice has two ids")
        self.assertEqual({name: incident for name, (_, incident) in ids.items()}, incidents)
        self.assertEqual(len({webhook_id for webhook_id, _ in ids.values()}), len(incidents))

    def expect_status(self, tocsin, incident, status):
        """The page's fate as the API shows it."""
        shown = lambda: tocsin.api(f"incidents/{incident}").json["pages"]
        wait_for(lambda: [p["status"] for p in shown()] == [status], f"a page that is {status}")


if __name__ == "__main__":
    unittest.main()
