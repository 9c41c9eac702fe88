"""SIGKILL, hundreds of times, at a random moment of a start or of a life under load: nothing that
was answered 2xx is lost, and a page that comes again says so by its id and was cut short by a kill.

    TOCSIN_LONG=1    3,000 kills instead of 300
    TOCSIN_SEED=…    the same chances again
"""
import collections
import concurrent.futures
import dataclasses
import http.client
import json
import os
import random
import shutil
import threading
import time
import unittest

import faulty
from faulty import LONG, WORKERS, Faulty, harness
from harness import KEY, firing, over
from receiver import Receiver

KILLS = 3000 if LONG else 300
AFTER = (0.02, 0.4)  # seconds: one time from the start of the process on, next time once it serves
SENDERS = 2
BETWEEN_ALERTS = 0.01
PROGRESS_EVERY = 50
# A request that was on its way when the process died arrives so much later at the most.
IN_FLIGHT = 1.0
UNTIL_ALL_ARE_DONE = 3000
SETTLES_WITHIN = 120
IN = "/in/prometheus-production/api/v2/alerts"


@dataclasses.dataclass
class Told:
    """What the senders and the one on call were answered, by alertname."""
    tried: set = dataclasses.field(default_factory=set)
    accepted: set = dataclasses.field(default_factory=set)
    over_tried: set = dataclasses.field(default_factory=set)
    over: set = dataclasses.field(default_factory=set)
    acknowledged: set = dataclasses.field(default_factory=set)
    kills: list = dataclasses.field(default_factory=list)
    kills_at_start: int = 0
    failures: list = dataclasses.field(default_factory=list)


class Life:
    """One tocsin that is killed again and again, and its load."""

    def __init__(self, which, home, seed, kills):
        self.which, self.kills = which, kills
        self.chance = random.Random(seed)
        self.receiver = Receiver()
        self.tocsin = Faulty(home, self.receiver.url)
        self.told, self.lock, self.ended = Told(), threading.Lock(), threading.Event()

    def run(self):
        senders = [threading.Thread(target=self.guard, args=(self.send, i, self.chance.random()))
                   for i in range(SENDERS)]
        senders.append(threading.Thread(target=self.guard,
                                        args=(self.acknowledge, 0, self.chance.random())))
        for sender in senders:
            sender.start()
        try:
            for number in range(1, self.kills + 1):
                self.tocsin.spawn()
                if number % 2 == 0:
                    self.until_it_serves()
                time.sleep(self.chance.uniform(*AFTER))
                if self.tocsin.is_dead():
                    self.told.failures.append("it ended by itself: " + self.tocsin.log())
                    return
                self.told.kills_at_start += "serves on" not in self.tocsin.log()
                self.tocsin.kill()
                self.told.kills.append(time.monotonic())
                if number % PROGRESS_EVERY == 0:
                    print(f"  {self.which}: {number} kills, {len(self.told.accepted)} accepted",
                          flush=True)
        finally:
            self.ended.set()
            for sender in senders:
                sender.join()

    def until_it_serves(self):
        end = time.monotonic() + harness.PATIENCE
        while "serves on" not in self.tocsin.log() and not self.tocsin.is_dead():
            if time.monotonic() > end:
                raise AssertionError("it does not start: " + self.tocsin.log())
            time.sleep(0.005)

    def guard(self, what, which, seed):
        try:
            what(which, random.Random(seed))
        except Exception as why:  # told at the end; a thread must not end unseen
            self.told.failures.append(repr(why))

    def ask(self, path, body=None, token=KEY):
        """Whether it was answered 2xx. A refusal while it lives is a failure, unless it says that
        it cannot promise anything just now."""
        try:
            answer = self.tocsin.request("POST", path, body, {"Authorization": "Bearer " + token})
        except (OSError, http.client.HTTPException):
            return False
        if answer.status not in (200, 503):
            raise AssertionError(f"{path}: {answer.status} {answer.text}")
        return answer.status == 200

    def send(self, which, chance):
        number, paged = 0, collections.deque()
        while not self.ended.is_set():
            time.sleep(BETWEEN_ALERTS * chance.uniform(0.5, 1.5))
            number += 1
            name = f"{self.which}-{which}-{number}"
            self.told.tried.add(name)
            if self.ask(IN, json.dumps([firing(name)])):
                with self.lock:
                    self.told.accepted.add(name)
                paged.append(name)
            # Most end some time, so that a long run stays as large as a short one.
            if len(paged) > 30 and self.receiver.pages_of.get(paged[0]):
                name = paged.popleft()
                if chance.random() < 0.8:
                    self.told.over_tried.add(name)
                    if self.ask(IN, json.dumps([over(name)])):
                        self.told.over.add(name)

    def acknowledge(self, _, chance):
        seen = 0
        while not self.ended.is_set():
            time.sleep(chance.uniform(0.01, 0.1))
            delivered = self.receiver.delivered
            pages = [d for d in delivered[seen:] if d.type == "page"]
            seen = len(delivered)
            if not pages:
                continue
            page = chance.choice(pages)
            incident = page.json["incident"]["id"]
            try:
                answer = self.tocsin.api(f"incidents/{incident}/acknowledge", "POST")
            except (OSError, http.client.HTTPException):
                continue
            if answer.status == 200:
                self.told.acknowledged.add(page.alertname)


class ByName(Receiver):
    """Remembers the pages by their alert, too: there are thousands of them."""

    def __init__(self):
        self.pages_of = collections.defaultdict(list)
        super().__init__(answer=self.note)

    def note(self, delivered):
        if delivered.type == "page":
            self.pages_of[delivered.alertname].append(delivered)
        return 204


def live(which, home, seed, kills):
    """In a process of its own: (what is wrong, figures)."""
    life = Life(which, home, seed, kills)
    life.receiver.close()
    life.receiver = ByName()
    life.tocsin.write("tocsin.yaml", harness.SERVICE.format(port=life.tocsin.port,
                                                            hook=life.receiver.url))
    try:
        life.run()
        if not life.told.failures:
            life.tocsin.start()
            life.told.failures += wrong(life)
        return life.told.failures, figures(life)
    finally:
        life.tocsin.close()
        life.receiver.close()
        shutil.rmtree(home)


def wrong(life):
    told, receiver, tocsin = life.told, life.receiver, life.tocsin

    def unpaged():
        return [n for n in told.accepted if not receiver.pages_of.get(n)]

    end = time.monotonic() + SETTLES_WITHIN
    while time.monotonic() < end and (unpaged() or tocsin.metrics()["tocsin_outbox_waiting"]):
        time.sleep(0.1)
    broken = [f"{name}: answered 2xx, nobody was paged" for name in unpaged()]
    # What is over is history, which the store gets a moment later.
    found, end = [], time.monotonic() + SETTLES_WITHIN
    while time.monotonic() < end and told.accepted - {
            i["alerts"][0]["labels"]["alertname"] for i in found}:
        found = tocsin.incidents("&state=open,acknowledged,resolved")
    incidents = {}
    for incident in found:
        name = incident["alerts"][0]["labels"]["alertname"]
        if name in incidents or incident["alert_count"] != 1:
            broken.append(f"{name}: decided twice")
        incidents[name] = incident
    broken += [f"{n}: answered 2xx and lost" for n in told.accepted - set(incidents)]
    broken += [f"{n}: never sent" for n in set(incidents) - told.tried]
    for name, incident in incidents.items():
        state = incident["state"]
        if name in told.over and state != "resolved":
            broken.append(f"{name}: it is over and {state}")
        elif name not in told.over_tried and state == "resolved":
            broken.append(f"{name}: nobody said that it is over")
        elif name in told.acknowledged and state == "open":
            broken.append(f"{name}: the acknowledgement is lost")
    return broken + wrong_pages(life, incidents)


def wrong_pages(life, incidents):
    broken = []
    for name, pages in list(life.receiver.pages_of.items()):
        known = incidents.get(name)
        if known is None:
            broken.append(f"{name}: a page without an incident")
            continue
        if {(p.webhook_id, p.json["incident"]["id"]) for p in pages} != {
                (known["pages"][0]["id"], known["id"])}:
            broken.append(f"{name}: its pages do not have one id")
        for one, again in zip(pages, pages[1:]):
            if not any(one.at - IN_FLIGHT <= kill <= again.at for kill in life.told.kills):
                broken.append(f"{name}: it came twice, and there was no kill between")
    return broken


def figures(life):
    pages = [len(p) for p in life.receiver.pages_of.values()]
    return {"kills": len(life.told.kills), "while starting": life.told.kills_at_start,
            "accepted": len(life.told.accepted), "over": len(life.told.over),
            "acknowledged": len(life.told.acknowledged), "paged": len(pages),
            "came again": sum(pages) - len(pages)}


class KillsTest(unittest.TestCase):
    def test_hundreds_of_kills_under_load_lose_nothing_that_was_accepted(self):
        seed = int(os.environ.get("TOCSIN_SEED", time.time_ns()))
        print(f"seed {seed}, {KILLS} kills", flush=True)
        with concurrent.futures.ProcessPoolExecutor(WORKERS) as pool:
            lives = [pool.submit(live, f"K{i}", faulty.scratch("kills"), f"{seed} {i}",
                                 KILLS // WORKERS) for i in range(WORKERS)]
            results = [one.result(UNTIL_ALL_ARE_DONE) for one in lives]
        total = collections.Counter()
        for _, counts in results:
            total.update(counts)
        print(f"{dict(total)}; every page that came again has its first one's id, and a kill "
              "between", flush=True)
        with self.subTest(seed=seed):
            for broken, _ in results:
                self.assertEqual(broken[:20], [])
            self.assertEqual(total["kills"], KILLS)
            self.assertGreater(total["accepted"], KILLS, "hardly any load")
            self.assertGreater(total["acknowledged"], 10)
            self.assertGreater(total["over"], 10)


if __name__ == "__main__":
    unittest.main()
