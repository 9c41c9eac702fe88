"""SIGKILL, reloads and a damaged store at random, under steady load: three records must agree
afterwards. What the senders were answered, what the receiver of the pages got, what the API says.

    TOCSIN_SEED=…           the same chances again (a seed is in every failure)
    TOCSIN_CHAOS_SECONDS=…  longer than the usual
"""
import collections
import http.client
import os
import random
import threading
import time
import unittest

import harness
from harness import ADMIN, RESPONDER, firing, over, wait_for

CHAOS_SECONDS = float(os.environ.get("TOCSIN_CHAOS_SECONDS", 18.0))
SENDERS = 3
BETWEEN_ALERTS = 0.04
BETWEEN_KILLS = (0.1, 1.6)
BETWEEN_RELOADS = (0.05, 0.6)
# A request that was on its way when something was answered, or when the process died, arrives so
# much later at the most.
IN_FLIGHT = 1.0
# When the second page of an incident is due that nobody acknowledged.
SECOND_STEP = "2s"
EXPLAINED = 25

TEAM = """\
team: crew
policies:
  - name: crew
    steps:
      - {{page: [{{person: {person}}}], wait: {wait}}}
      - {{page: [{{person: {person}}}], wait: 1h}}
rules:
  - {{name: by-{person}, page: crew}}
"""
PEOPLE = ("ada", "grace")
BROKEN = (
    "policies: {",
    "",
    "team: crew\npolicies: [{name: crew}]\n",
    TEAM.format(person="nobody", wait="1s"),
    TEAM.format(person="ada", wait="forever"),
    TEAM.format(person="grace", wait="1s").replace("page: crew", "page: missing"),
)


def team_of(person):
    return TEAM.format(person=person, wait=SECOND_STEP)


class Chaos:
    """The load, the operator and the one who pulls the plug, and what each of them was told."""

    def __init__(self, tocsin, receiver, seed):
        self.tocsin, self.receiver = tocsin, receiver
        self.chance = random.Random(seed)
        self.seeds = [self.chance.randrange(2**32) for _ in range(SENDERS + 3)]
        self.until = time.monotonic() + CHAOS_SECONDS
        self.steering = threading.Lock()  # files and processes; never two at once
        self.lock = threading.Lock()  # of the records
        self.tried, self.accepted, self.over_tried, self.over_accepted = set(), set(), set(), set()
        self.markers = {}  # alertname: who must be paged, by what a reload was answered
        self.acknowledged = {}  # incident: when that was answered
        self.kills = []  # when it was dead for certain
        self.reloads = collections.Counter()
        self.damages = collections.Counter()
        self.faults = []
        self.person = PEOPLE[0]  # of the last good configuration that was written
        self.in_force = True  # and that is known to be the one tocsin goes by

    def goes_on(self):
        return time.monotonic() < self.until and not self.faults

    def run(self):
        work = [lambda i=i: self.send(i, random.Random(self.seeds[i])) for i in range(SENDERS)]
        work += [lambda: self.reload(random.Random(self.seeds[SENDERS])),
                 lambda: self.acknowledge(random.Random(self.seeds[SENDERS + 1]))]
        threads = [threading.Thread(target=self.guarded, args=(one,)) for one in work]
        for thread in threads:
            thread.start()
        self.guarded(lambda: self.kill(random.Random(self.seeds[SENDERS + 2])))
        for thread in threads:
            thread.join()
        if self.faults:
            raise self.faults[0]
        self.restart(random.Random(1), lambda: self.delete_store("deleted"))

    def guarded(self, work):
        try:
            work()
        except BaseException as fault:  # a thread's failure is the test's
            self.faults.append(fault)

    def insist(self, ask, good=(200,), again=(503,)):
        """Asks until it is answered, as senders do; None when the time is over before."""
        while self.goes_on():
            try:
                answer = ask()
            except (OSError, http.client.HTTPException):
                time.sleep(0.01)  # it is dead, or died under the request
                continue
            if answer.status in good:
                return answer
            if answer.status not in again:
                raise AssertionError(f"answered {answer.status}: {answer.text}")
            time.sleep(0.01)
        return None

    # The senders: every alert again until it is answered 2xx.

    def send(self, which, chance):
        number, passing = 0, collections.deque()
        while self.goes_on():
            number += 1
            kind = chance.choice(("Stay", "Stay", "Pass", "Pass", "Hush", "Quiet"))
            name = f"{kind}-{which}-{number}"
            if kind == "Hush" and not self.insist(lambda: self.hush(name), good=(200, 201)):
                return
            if self.fires(name) and kind == "Pass":
                passing.append((time.monotonic() + chance.uniform(0.0, 3.0), name))
            while passing and passing[0][0] < time.monotonic():
                self.ends(passing.popleft()[1])
            time.sleep(BETWEEN_ALERTS * chance.uniform(0.5, 1.5))

    def fires(self, name):
        alert = firing(name)
        with self.lock:
            self.tried.add(name)
        if not self.insist(lambda: self.tocsin.post(alert)):
            return False
        with self.lock:
            self.accepted.add(name)
        return True

    def ends(self, name):
        alert = over(name)
        with self.lock:
            self.over_tried.add(name)
        if self.insist(lambda: self.tocsin.post(alert)):
            with self.lock:
                self.over_accepted.add(name)

    def hush(self, name):
        return silence(self.tocsin, f'alertname="{name}"')

    # The operator: good and broken configurations, and acknowledgements.

    def reload(self, chance):
        number = 0
        while self.goes_on():
            time.sleep(chance.uniform(*BETWEEN_RELOADS))
            broken = chance.random() < 0.4
            with self.steering:
                if broken:
                    self.tocsin.write("teams/crew.yaml", chance.choice(BROKEN))
                else:
                    self.person = chance.choice(PEOPLE)
                    self.tocsin.write("teams/crew.yaml", team_of(self.person))
                    self.in_force = False
                if chance.random() < 0.4:
                    # Nobody says when it is done: it may read what is written after this one.
                    self.tocsin.hang_up()
                    self.reloads["hup"] += 1
                    continue
            if not self.ask_reload(broken) or not self.in_force:
                continue
            # Only this thread chooses who is paged, so this holds until it chooses again; what counts
            # is who is chosen when it is decided, which may be after the next start.
            number += 1
            name, person = f"Marker-{number}", self.person
            self.fires(name)
            while self.goes_on() and not self.receiver.pages(name):
                time.sleep(0.05)
            if self.receiver.pages(name):
                self.markers[name] = person

    def ask_reload(self, broken):
        """Whether it was answered."""
        try:
            answer = self.tocsin.request("POST", "/-/reload",
                                         headers={"Authorization": "Bearer " + ADMIN})
        except (OSError, http.client.HTTPException):
            return False
        # A kill puts the good one back in its place, which may be what was read.
        if answer.status not in ((200, 400) if broken else (200,)):
            raise AssertionError(f"reload answered {answer.status}: {answer.text}")
        self.reloads[answer.status] += 1
        if answer.status == 200:
            self.in_force = True
        return True

    def acknowledge(self, chance):
        while self.goes_on():
            time.sleep(chance.uniform(0.02, 0.2))
            pages = [p for p in self.receiver.pages()
                     if p.json["incident"]["id"] not in self.acknowledged]
            if not pages:
                continue
            page = chance.choice(pages[-60:])
            incident = page.json["incident"]["id"]
            link = "/p/" + page.json["acknowledge_url"].split("/p/")[1]
            by_link = chance.random() < 0.5
            answer = self.insist(
                lambda: self.tocsin.request("POST", link) if by_link else
                self.tocsin.api(f"incidents/{incident}/acknowledge", "POST"),
                good=(200, 409))  # 409: it was over before
            if answer and answer.status == 200:
                self.acknowledged[incident] = time.monotonic()

    # The one who pulls the plug.

    def kill(self, chance):
        while self.goes_on():
            time.sleep(chance.uniform(*BETWEEN_KILLS))
            damage = chance.choice((lambda: None, lambda: None,
                                    lambda: self.delete_store("deleted"),
                                    lambda: self.delete_store("without its log"),
                                    lambda: self.truncate_store(chance)))
            self.restart(chance, damage)

    def restart(self, chance, damage):
        with self.steering:
            self.tocsin.kill()
            self.kills.append(time.monotonic())
            damage()
            # It would not start with a broken one, and says so: that is reload_test's.
            self.tocsin.write("teams/crew.yaml", team_of(self.person))
            if chance.random() < 0.2:  # dies while it starts, too
                self.tocsin.spawn()
                time.sleep(chance.uniform(0.0, 0.2))
                self.tocsin.kill()
                self.kills.append(time.monotonic())
            self.tocsin.start()
            self.in_force = True

    def delete_store(self, how):
        sides = ("-wal", "-shm") if how == "without its log" else ("", "-wal", "-shm")
        for side in sides:
            (self.tocsin.data / ("store.db" + side)).unlink(missing_ok=True)
        self.damages[how] += 1

    def truncate_store(self, chance):
        store = self.tocsin.data / "store.db"
        if store.exists():
            os.truncate(store, chance.randrange(store.stat().st_size + 1))
            self.damages["truncated"] += 1


def silence(tocsin, matcher):
    body = b'{"matchers": [%s], "for": "1h", "why": "a test"}'
    quoted = '"' + matcher.replace('"', '\\"') + '"'
    return tocsin.request("POST", "/api/v1/silences", body % quoted.encode(),
                          {"Authorization": "Bearer " + RESPONDER})


class ReloadKillTest(harness.TestCase):
    def test_kills_reloads_and_a_damaged_store_lose_nothing_and_page_nobody_wrongly(self):
        seed = int(os.environ.get("TOCSIN_SEED", time.time_ns()))
        print(f"seed {seed}", flush=True)
        tocsin = self.tocsin(team=team_of(PEOPLE[0]))
        self.assertEqual(silence(tocsin, 'alertname=~"Quiet.*"').status, 201)
        with self.subTest(seed=seed):
            chaos = Chaos(tocsin, self.receiver, seed)
            chaos.run()
            print(f"{len(chaos.accepted)} alerts, {len(chaos.kills)} kills, "
                  f"reloads {dict(chaos.reloads)}, store {dict(chaos.damages)}, "
                  f"{len(chaos.acknowledged)} acknowledged", flush=True)
            self.assertGreater(len(chaos.accepted), 100, "hardly any load")
            self.assertGreater(len(chaos.kills), 5)
            self.assertGreater(len(chaos.acknowledged), 5)
            incidents = self.settled(tocsin, chaos)
            self.expect_one_incident_each(chaos, incidents)
            self.expect_right_people(chaos, incidents)
            self.expect_keys_that_repeat_only_around_a_kill(chaos, incidents)
            self.expect_no_page_where_none_may_be(chaos, incidents)
            self.expect_explained(tocsin, incidents)

    def settled(self, tocsin, chaos):
        """{alertname: incident} once everybody who is owed a page has it, of the last step too."""
        def owed():
            self.found = self.by_name(tocsin, "open")
            got = collections.defaultdict(set)
            for page in self.receiver.pages():
                got[page.json["incident"]["id"]].add(page.webhook_id)
            return [f"{name} ({incident['state']}, {len(got[incident['id']])} pages)"
                    for name, incident in self.found.items()
                    if not name.startswith(("Hush", "Quiet"))
                    and len(got[incident["id"]]) < 2 - overtaken(incident)]

        def overtaken(incident):
            """A restart took longer than the step: of two pages to one contact the later one goes."""
            first, *later = [page for page in incident["pages"] if page["type"] == "page"] or [{}]
            return int(first.get("status") == "withdrawn" and len(later) > 0)

        patience = 2 * harness.PATIENCE + len(chaos.accepted) / 100
        wait_for(lambda: chaos.accepted <= set(self.by_name(tocsin)),
                 lambda: f"incidents for {sorted(chaos.accepted - set(self.by_name(tocsin)))}",
                 patience)
        wait_for(lambda: not owed() and tocsin.metrics()["tocsin_outbox_waiting"] == 0,
                 lambda: f"the pages of {owed()[:10]} of {len(self.found)}", patience)
        return self.by_name(tocsin)

    def by_name(self, tocsin, state="open,acknowledged,resolved"):
        found = {}
        for incident in tocsin.incidents("&state=" + state):
            name = incident["alerts"][0]["labels"]["alertname"]
            self.assertNotIn(name, found, "two incidents for one alert")
            found[name] = incident
        return found

    def expect_one_incident_each(self, chaos, incidents):
        self.assertLessEqual(set(incidents), chaos.tried, "an incident for what nobody sent")
        for name, incident in incidents.items():
            self.assertEqual(incident["alert_count"], 1, name)
            if name in chaos.over_accepted:
                self.assertEqual(incident["state"], "resolved", name)
            elif name not in chaos.over_tried:
                kept = incident["id"] in chaos.acknowledged
                self.assertIn(incident["state"],
                              ("acknowledged",) if kept else ("open", "acknowledged"), name)

    def expect_right_people(self, chaos, incidents):
        """Whoever the configuration named when it began, however often it was reloaded since."""
        for name, incident in incidents.items():
            person = incident["decision"]["rule"].removeprefix("by-")
            self.assertEqual(chaos.markers.get(name, person), person, name)
            for page in incident["pages"]:
                self.assertEqual(page["person"], person, (name, incident["pages"]))
            self.assertFalse([p for p in incident["pages"] if p["default_policy"]], name)
        for page in self.receiver.pages():
            rule = incidents[page.alertname]["decision"]["rule"]
            self.assertEqual("by-" + page.person, rule, page.alertname)

    def expect_keys_that_repeat_only_around_a_kill(self, chaos, incidents):
        arrivals = collections.defaultdict(list)
        for message in self.receiver.delivered:
            arrivals[message.webhook_id].append(message)
        print(f"{sum(len(m) > 1 for m in arrivals.values())} of {len(arrivals)} messages came "
              "again after a kill", flush=True)
        for key, messages in arrivals.items():
            name = messages[0].alertname
            self.assertEqual({(m.type, m.person, m.json["incident"]["id"]) for m in messages},
                             {(messages[0].type, messages[0].person, incidents[name]["id"])}, key)
            for one, again in zip(messages, messages[1:]):
                self.assertTrue(
                    [k for k in chaos.kills if one.at - IN_FLIGHT <= k <= again.at],
                    f"{name}: {key} came twice, {again.at - one.at:.2f} s apart, without a kill")
        for name, incident in incidents.items():
            known = {page["id"] for page in incident["pages"]}
            received = {key for key, messages in arrivals.items()
                        if messages[0].json["incident"]["id"] == incident["id"]}
            self.assertLessEqual(received, known, f"{name}: a page that the API does not know")
            accepted = {p["id"] for p in incident["pages"] if p["status"] == "accepted"}
            self.assertLessEqual(accepted, received, f"{name}: a page that never came")

    def expect_no_page_where_none_may_be(self, chaos, incidents):
        first = {}
        paged = set()
        for message in self.receiver.delivered:
            incident = message.json["incident"]["id"]
            if message.type == "resolved":
                # A page that a kill cut off may have arrived or not: whoever it was for hears the end.
                cut_off = not [p for p in incidents[message.alertname]["pages"]
                               if p["type"] == "page" and p["status"] == "accepted"]
                self.assertTrue(incident in paged or cut_off,
                                f"{message.alertname}: it was over before its page")
                continue
            paged.add(incident)
            self.assertFalse(message.alertname.startswith(("Hush", "Quiet")),
                             f"{message.alertname} was silenced before it fired")
            first.setdefault((incident, message.webhook_id), message)
        for (incident, _), page in first.items():
            until = chaos.acknowledged.get(incident)
            if until is not None:
                self.assertLess(page.at, until + IN_FLIGHT,
                                f"{page.alertname} was acknowledged, and paged again")
        for name in chaos.accepted - chaos.over_tried:
            if not name.startswith(("Hush", "Quiet")):
                self.assertIn(incidents[name]["id"], paged, f"nobody was paged for {name}")

    def expect_explained(self, tocsin, incidents):
        """Every decision is still the one that its configuration makes, also after the store."""
        for name in random.Random(0).sample(sorted(incidents), min(EXPLAINED, len(incidents))):
            alert = incidents[name]["alerts"][0]["id"]
            said = tocsin.api(f"alerts/{alert}/explanation").json
            self.assertIs(said["agrees"], True, (name, said["incomplete"]))
            self.assertEqual(said["decision"]["rule"], incidents[name]["decision"]["rule"])


if __name__ == "__main__":
    unittest.main()
