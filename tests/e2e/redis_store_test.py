"""The store in a real Redis: away, hung or flushed, it changes no page and slows no alert."""
import os
import signal
import subprocess
import time
import unittest

import harness
from harness import SOURCE, firing, over, wait_for

PASSWORD = "a-w0rd-for-redis"
STORE = 'store: {{type: redis, url: "redis://:${{T_REDIS_PASSWORD}}@127.0.0.1:PORT/0"}}\n'
LONGEST_ANSWER = 2.0  # seconds for an alert, whatever Redis does; its own patience is two


class RedisStoreTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        os.environ["T_REDIS_PASSWORD"] = PASSWORD
        self.addCleanup(os.environ.pop, "T_REDIS_PASSWORD")
        self.addCleanup(self.redis, "stop")
        self.redis_port = self.redis("start", "--port", "0").split(":")[1]

    def redis(self, *arguments):
        done = subprocess.run([SOURCE / "deploy" / "redis", *arguments, "--data", self.home / "redis"],
                              capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL,
                              env={**os.environ, "TOCSIN_REDIS_PASSWORD": PASSWORD})
        return done.stdout.strip()

    def ask(self, *command):
        done = subprocess.run(["redis-cli", "-p", self.redis_port, *command], capture_output=True,
                              text=True, check=True, env={**os.environ, "REDISCLI_AUTH": PASSWORD})
        return done.stdout.strip()

    def signal_redis(self, number):
        os.kill(int((self.home / "redis" / "pid").read_text()), number)

    def serve(self):
        return self.tocsin(service=harness.SERVICE + STORE.replace("PORT", self.redis_port))

    def closed(self, service, name):
        """Pages and is over, each answered at once."""
        for alert in (firing(name), over(name)):
            begun = time.monotonic()
            self.assertEqual(service.post(alert).status, 200)
            self.assertLess(time.monotonic() - begun, LONGEST_ANSWER)
            self.page(name)

    def test_what_is_over_is_listed_from_redis_after_a_restart(self):
        service = self.serve()
        for name in ("One", "Two"):
            self.closed(service, name)
        wait_for(lambda: self.ask("ZCARD", "tocsin:ids") == "2", "both in Redis")
        self.assertEqual(service.terminate(), 0)
        service.start()
        self.assertEqual([i["title"] for i in service.incidents("&state=resolved")], ["Two", "One"])
        self.assertNotIn("incomplete", service.api("incidents?state=resolved").json)
        self.assertEqual(len(self.receiver.pages()), 2)

    def test_a_redis_that_is_away_at_the_start_is_used_when_it_comes(self):
        self.redis("stop")
        service = self.serve()
        self.assertIn("pages go out without it", service.log())
        self.closed(service, "Disk")
        self.redis("start")
        wait_for(lambda: "answers again" in service.log(), "the connection")
        wait_for(lambda: self.ask("ZCARD", "tocsin:ids") == "1", "the incident in Redis")
        self.assertNotIn(PASSWORD, service.log())

    def test_a_redis_that_hangs_slows_no_alert_and_goes_on(self):
        service = self.serve()
        self.closed(service, "Before")
        wait_for(lambda: self.ask("ZCARD", "tocsin:ids") == "1", "the first in Redis")
        self.signal_redis(signal.SIGSTOP)
        self.addCleanup(self.signal_redis, signal.SIGCONT)
        for number in range(5):
            self.closed(service, f"While{number}")
        self.signal_redis(signal.SIGCONT)
        wait_for(lambda: self.ask("ZCARD", "tocsin:ids") == "6", "all of them in Redis")
        self.assertEqual(len(self.receiver.pages()), 6)

    def test_a_flush_pages_nobody_again(self):
        service = self.serve()
        self.closed(service, "Before")
        self.assertEqual(service.post(firing("Open")).status, 200)
        self.page("Open")
        wait_for(lambda: self.ask("ZCARD", "tocsin:ids") == "1", "the first in Redis")
        self.ask("FLUSHALL")
        self.closed(service, "After")
        wait_for(lambda: self.ask("ZCARD", "tocsin:ids") != "0", "the later in Redis")
        self.assertEqual(service.terminate(), 0)
        service.start()
        self.assertEqual(len(self.receiver.pages()), 3)
        (still,) = service.incidents("&state=open")
        self.assertEqual(still["title"], "Open")


if __name__ == "__main__":
    unittest.main()
