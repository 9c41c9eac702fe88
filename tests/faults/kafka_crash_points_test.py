"""The same life on Kafka and Redis: it dies at system calls after it was ready, loses a connection
at one, or cannot reach a server at all from one on. What was answered 2xx is decided once and paged
by the node that starts in its place.

    TOCSIN_LONG=1    ten times as many
    TOCSIN_SEED=…    the same sample again
"""
import collections
import concurrent.futures
import os
import pathlib
import random
import shutil
import sys
import time
import unittest

import faulty
from faulty import LONG, Story, calls_environment, harness

sys.path.insert(0, str(faulty.SOURCE / "tests" / "e2e"))

from cluster import service_on  # noqa: E402
from servers import start_for  # noqa: E402

# Kafka's client speaks by sendmsg and recvmsg, Redis's by send and recv; the files are the lease's,
# the store's, the configuration's.
CALLS = ("sendmsg", "recvmsg", "sendto", "recvfrom", "connect", "socket", "accept4", "write",
         "pwrite64", "fdatasync", "fsync", "rename", "openat", "close")
NET_CALLS = ("sendmsg", "recvmsg", "sendto", "recvfrom", "connect")
ECONNRESET, ENETUNREACH = 104, 101
DEATHS, ERRORS = (200, 100) if LONG else (20, 10)
MISTAKEN, SAMPLES = 24, 20  # lives, and samples of them until one shows it
# A node that starts waits until its predecessor's lease is over, so most of a life is waiting.
WORKERS = 6
PATIENCE, SETTLES = 10.0, 60.0
UNTIL_ALL_ARE_DONE = 3600


def play(job):
    """One life and what came of it, in a process of its own; `job` is a dict."""
    home = pathlib.Path(job["home"])
    story = Story(home, patience=PATIENCE, settles=SETTLES, service=job["service"])
    try:
        story.tocsin.faults = calls_environment(home, job["calls"], job["fault"], cut=False)
        if "mistake" in job:
            story.tocsin.binary = faulty.BROKEN
            story.tocsin.faults["TOCSIN_MISTAKE"] = job["mistake"]
        story.live()
        calls = story.calls()
        broken = story.verdict(also_last_good=story.reload_tried and not story.reload_done)
        return {**job, "broken": broken, "calls_made": calls, "at_ready": story.calls_at_ready,
                "done": len(story.done), "refused": story.refused, "code": story.code}
    finally:
        story.close()
        shutil.rmtree(home, ignore_errors=True)


class KafkaCrashPointsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seed = int(os.environ.get("TOCSIN_SEED", time.time_ns()))
        print(f"seed {cls.seed}", flush=True)
        cls.home = faulty.scratch("kafka-crash")
        cls.addClassCleanup(shutil.rmtree, cls.home)
        (_, cls.brokers), (_, cls.redis) = start_for(cls, "kafka", "redis")

    def setUp(self):
        self.chance = random.Random(f"{self.seed} {self.id()}")
        self.number = 0

    def job(self, calls=CALLS, fault="", **more):
        """A life with a topic, and keys in Redis, of its own."""
        self.number += 1
        name = f"{self.id().split('.')[-1][5:20]}-{self.number}"
        return {"home": str(self.home / name), "calls": calls, "fault": fault, **more,
                "service": service_on(self.brokers, topic=name, redis=self.redis).replace(
                    "/0\"}}", f'/0", prefix: "{name}:"}}}}')}

    def play_all(self, jobs, title):
        begin = time.monotonic()
        with concurrent.futures.ProcessPoolExecutor(WORKERS) as pool:
            results = list(pool.map(play, jobs, timeout=UNTIL_ALL_ARE_DONE))
        print(f"{title}: {len(results)} lives in {time.monotonic() - begin:.0f} s", flush=True)
        return results

    def expect_kept(self, results):
        for result in results:
            with self.subTest(fault=result["fault"], at=result["calls_made"][-1:]):
                self.assertEqual(result["broken"], [])

    def whole(self, calls=CALLS):
        """A life without a fault: between which numbers its calls are."""
        done = play(self.job(calls))
        self.assertEqual(done["broken"], [])
        self.assertEqual((done["done"], done["refused"]), (5, []), "the story itself is broken")
        return done["at_ready"] + 1, len(done["calls_made"])

    def test_a_node_that_dies_at_any_call_keeps_what_it_promised(self):
        first, last = self.whole()
        results = self.play_all(
            [self.job(fault=f"{self.chance.randint(first, last)}:kill") for _ in range(DEATHS)],
            "died")
        self.expect_kept(results)
        at = collections.Counter(r["calls_made"][-1].split()[0] for r in results)
        print(f"of {last} calls, {first - 1} until it was ready; at {dict(at)}", flush=True)
        self.assertGreater(sum(r["code"] != 0 for r in results), 0)

    def test_a_connection_that_breaks_or_stays_away_loses_nothing_that_was_accepted(self):
        first, last = self.whole(NET_CALLS)
        faults = [f"{self.chance.randint(first, last)}:{ECONNRESET}" for _ in range(ERRORS)]
        faults += [f"{self.chance.randint(first, last)}+:{error}"
                   for error in (ECONNRESET, ENETUNREACH) for _ in range(ERRORS // 5)]
        results = self.play_all([self.job(NET_CALLS, fault) for fault in faults], "failed")
        self.expect_kept(results)
        for result in results:
            self.assertIn(result["code"], (0, -9), "it ended by itself")

    @unittest.skipUnless(LONG, "it shows once in some fifty lives")
    def test_an_answer_before_the_record_is_with_kafka_is_seen(self):
        first, last = self.whole()
        for _ in range(SAMPLES):
            results = self.play_all(
                [self.job(fault=f"{self.chance.randint(first, last)}:kill",
                          mistake="answers-before-write") for _ in range(MISTAKEN)],
                "answers-before-write")
            if any("answered 2xx" in said for result in results for said in result["broken"]):
                return
        self.fail("the suite does not see it")


if __name__ == "__main__":
    unittest.main()
