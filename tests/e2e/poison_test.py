"""A process that dies of one record comes back by itself: whoever restarts it, as systemd does, has
to do so a few times, and everybody else is paged."""
import http.client
import os
import threading
import unittest

import harness
from harness import firing, wait_for

MOST_DEATHS = 5
DIED_OF_POISON = 86


class PoisonTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(setattr, harness, "BINARY", harness.BINARY)
        harness.BINARY = os.environ.get("TOCSIN_POISONED", "build/tests/e2e/poisoned_tocsin")
        self.deaths, self.over = [], threading.Event()
        self.service = self.tocsin()
        self.keeper = threading.Thread(target=self.keep_alive)
        self.keeper.start()
        self.addCleanup(self.keeper.join)
        self.addCleanup(self.over.set)

    def keep_alive(self):
        """Restart=on-failure; gives up when it is clear that it does not help."""
        while not self.over.is_set() and len(self.deaths) <= 2 * MOST_DEATHS:
            code = self.service.process.poll()
            if code is not None:
                self.deaths.append(code)
                self.service.spawn()
            self.over.wait(harness.POLL)

    def answered(self, ask, status=200):
        def once():
            try:
                return (answer := ask()).status == status and answer
            except (OSError, http.client.HTTPException):
                return None  # it is dead just now

        return wait_for(once, "an answer")

    def set_aside(self):
        return self.answered(lambda: self.service.api("set-aside")).json["set_aside"]

    def told(self):
        return [page for page in self.receiver.pages()
                if page.json["incident"]["integration"] == "tocsin"]

    def test_a_record_that_kills_the_process_is_set_aside_and_all_others_are_paged(self):
        self.assertEqual(self.service.post(firing("Before")).status, 200)
        self.page("Before")
        self.answered(lambda: self.service.post(firing("poison")))
        self.answered(lambda: self.service.post(firing("After")))
        self.page("After")
        (one,) = wait_for(self.set_aside, "the poison set aside")
        self.assertTrue(one["why"])
        told = wait_for(self.told, "a page about what was set aside")[0]
        self.assertEqual((told.person, told.json["incident"]["severity"]), ("ada", "critical"))
        self.assertIn("could not decide", told.json["incident"]["title"])
        self.answered(lambda: self.service.post(firing("Later")))
        self.page("Later")
        self.assertGreaterEqual(len(self.deaths), 3)
        self.assertLessEqual(len(self.deaths), MOST_DEATHS)
        self.assertEqual(set(self.deaths), {DIED_OF_POISON}, self.service.log())

        # Nor does it come back with the next start, which folds it again.
        deaths = len(self.deaths)
        self.service.process.kill()
        wait_for(lambda: len(self.deaths) > deaths, "the restart")
        self.answered(lambda: self.service.post(firing("Last")))
        self.page("Last")
        self.assertEqual(len(self.deaths), deaths + 1)
        self.assertEqual(self.set_aside(), [one])
        self.assertEqual(len({page.webhook_id for page in self.told()}), 1)
        self.assertEqual(self.receiver.pages("poison"), [])


if __name__ == "__main__":
    unittest.main()
