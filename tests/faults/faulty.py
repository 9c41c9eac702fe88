"""A real tocsin in which a system call fails or is the last one, and what it is asked to survive.

`Story` runs one scenario against it and notes what was answered; `verdict` starts a sound tocsin on
what is left and compares: it gives the broken promises, a sentence each. Both are used on the right
program, of which there must be none, and on broken ones, of which there must be some.
"""
import http.client
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(os.environ.get("TOCSIN_SOURCE_DIR", pathlib.Path(__file__).parents[2]))
sys.path.insert(0, str(SOURCE / "tests" / "e2e"))

import harness  # noqa: E402
from harness import ADMIN, RESPONDER, firing, over  # noqa: E402
from receiver import Receiver  # noqa: E402
from power_cut import power_cut  # noqa: E402

BROKEN = os.environ.get("TOCSIN_BROKEN", str(SOURCE / "build/tests/faults/broken_tocsin"))
CALLS = os.environ.get("TOCSIN_FAULT_CALLS", str(SOURCE / "build/tests/faults/libfault_calls.so"))
LONG = bool(os.environ.get("TOCSIN_LONG"))
WORKERS = 2

TEAM = """\
team: crew
policies:
  - name: crew
    steps:
      - {{page: [{{person: {person}}}], wait: 1h}}
rules:
  - {{name: by-{person}, page: crew}}
"""
UNLOADABLE = "team: crew\npolicies: [{name: crew}]\n"
# A page that is on its way when the process dies is with the receiver so much later at the most.
IN_FLIGHT = 0.05
# How long the scenario waits for what a fault may have made impossible.
PATIENCE_WITH_FAULTS = 0.6
RECOVERS_WITHIN = 5.0

# A SIGKILL leaves what was written, and power_cut.py takes back what was not synced: that the
# directory is in memory changes neither, and nobody waits for a disk that others use as well.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def scratch(name):
    """A directory to be removed by who asks for it."""
    return pathlib.Path(tempfile.mkdtemp(prefix=f"tocsin-{name}-", dir=MEMORY))


class Faulty(harness.Tocsin):
    """`faults` is a dict of calls.cpp's environment, `prefix` what runs the program (strace)."""

    def __init__(self, home, hook, **settings):
        super().__init__(home, hook, team=TEAM.format(person="ada"), **settings)
        self.binary, self.faults, self.prefix = harness.BINARY, {}, []

    def environment(self):
        return {**super().environment(), **self.faults}

    def spawn(self):
        log = self.log_file.open("ab")
        with log, self.pages_file.open("ab") as pages:
            self._log_from = log.tell()
            self.process = subprocess.Popen(
                [*self.prefix, self.binary, "serve", "--config", self.config, "--data", self.data,
                 "--listen", f"127.0.0.1:{self.port}"],
                stdin=subprocess.DEVNULL, stdout=pages, stderr=log, env=self.environment())

    def is_dead(self):
        return self.process.poll() is not None

    def ask(self, method, path, body=None, token=RESPONDER):
        """The status, or None where nothing came."""
        try:
            headers = {"Authorization": "Bearer " + token}
            return self.request(method, path, body, headers).status
        except (OSError, http.client.HTTPException):
            return None

    def is_ready(self):
        return self.ask("GET", "/-/ready") == 200


def calls_environment(home, calls, fault="", below=None, log=True, cut=True):
    faults = {"LD_PRELOAD": CALLS, "TOCSIN_CALLS": ",".join(calls)}
    if log:
        faults["TOCSIN_CALLS_LOG"] = str(home / "calls")
    if fault:
        faults["TOCSIN_FAULT"] = fault
    if below:
        faults["TOCSIN_CALLS_BELOW"] = str(below)
    if cut:
        (home / "kept").mkdir(exist_ok=True)
        faults |= {"TOCSIN_CUT": str(home / "data"), "TOCSIN_CUT_LOG": str(home / "cut.log"),
                   "TOCSIN_CUT_KEPT": str(home / "kept")}
    return faults


def prepare(home):
    """A data directory that was used before: one incident, paged and acknowledged; then killed."""
    receiver = Receiver()
    tocsin = Faulty(home, receiver.url)
    try:
        tocsin.start()
        assert tocsin.post(firing("Old")).status == 200
        page = harness.wait_for(lambda: receiver.pages("Old"), "the first page")[0]
        incident = page.json["incident"]["id"]
        assert tocsin.api(f"incidents/{incident}/acknowledge", "POST").status == 200
        harness.wait_for(lambda: tocsin.metrics()["tocsin_outbox_waiting"] == 0)
        harness.wait_for(lambda: [p["status"] for p in tocsin.api(
            f"incidents/{incident}").json["pages"]] == ["accepted"], "the result of the page")
    finally:
        tocsin.close()
        receiver.close()
    return tocsin.data


class Story:
    """One life: started on a copy of `used` or with nothing, asked for everything once, dead at the
    end. `patience`: how long it waits for what a fault may have made impossible; `settles`: how
    long the sound one may take for what is left."""

    def __init__(self, home, used=None, patience=PATIENCE_WITH_FAULTS, settles=2.0, **settings):
        self.receiver = Receiver()
        self.tocsin = Faulty(home, self.receiver.url, **settings)
        self.patience, self.settles = patience, settles
        if used:
            shutil.copytree(used, self.tocsin.data, symlinks=True)
        # What was tried, and of that what was answered 2xx.
        self.tried, self.done, self.acknowledged = ({"Old"} if used else set() for _ in range(3))
        self.over_tried, self.over_done = set(), set()
        self.silence_tried = self.silence_done = False
        self.reload_tried = self.reload_done = False
        self.person_of = {}  # alertname: whom it had to page, if it was paged at once
        self.calls_at_ready = 0
        self.started = False
        self.watches_the_end = False
        self.refused = []  # (what, status), of what was answered, and not 2xx

    def close(self):
        self.tocsin.close()
        self.receiver.close()

    def calls(self):
        log = self.tocsin.home / "calls"
        return log.read_text(errors="replace").splitlines() if log.exists() else []

    def live(self):
        """Every step is taken as long as the process lives, whatever became of the one before."""
        self.tocsin.spawn()
        self.started = self.until(
            lambda: "serves on" in self.tocsin.log() and self.tocsin.is_ready(), harness.PATIENCE)
        self.calls_at_ready = len(self.calls())
        steps = (lambda: self.fire("A"), lambda: self.acknowledge("A"), lambda: self.fire("B", "C"),
                 self.silence, self.reload, lambda: self.fire("D"), lambda: self.ends("B"),
                 lambda: self.acknowledge("D", by_link=True), lambda: self.fire("E"))
        for step in steps:
            if self.tocsin.is_dead():
                break
            step()
        self.end = self.state_at_the_end() if self.watches_the_end else None
        self.tocsin.close()
        self.code = self.tocsin.process.returncode
        time.sleep(IN_FLIGHT)

    def state_at_the_end(self):
        """What is said of an error: (ready, what /-/ready or the log says). After one error that
        did not stay it must be ready again by itself, for which it has some time."""
        if self.tocsin.is_dead():
            return False, f"it ended with {self.tocsin.process.returncode}: {self.tocsin.log()}"
        self.until(self.tocsin.is_ready, RECOVERS_WITHIN)
        try:
            answer = self.tocsin.get("/-/ready")
        except (OSError, http.client.HTTPException) as why:
            return False, f"/-/ready: {why}"
        return answer.status == 200, answer.text

    def until(self, condition, patience=None):
        end = time.monotonic() + (self.patience if patience is None else patience)
        while time.monotonic() < end and not self.tocsin.is_dead():
            if condition():
                return True
            time.sleep(0.003)
        return False

    def good(self, what, status):
        if status is not None and not 200 <= status < 300:
            self.refused.append((what, status))
        return status is not None and 200 <= status < 300

    def fire(self, *names):
        self.tried.update(names)
        alerts = json.dumps([firing(name) for name in names])
        path = "/in/prometheus-production/api/v2/alerts"
        if self.good(names, self.tocsin.ask("POST", path, alerts, harness.KEY)):
            self.done.update(names)
            paged = self.until(lambda: all(self.receiver.pages(name) for name in names))
            # What was taken and not decided, may be decided under another configuration.
            if paged and (self.reload_done or not self.reload_tried):
                self.person_of |= {n: "grace" if self.reload_done else "ada" for n in names}

    def acknowledge(self, name, by_link=False):
        pages = self.receiver.pages(name)
        if not pages:
            return
        incident = pages[0].json["incident"]["id"]
        path = ("/p/" + pages[0].json["acknowledge_url"].split("/p/")[1] if by_link
                else f"/api/v1/incidents/{incident}/acknowledge")
        if self.good("acknowledge", self.tocsin.ask("POST", path)):
            self.acknowledged.add(name)

    def ends(self, name):
        self.over_tried.add(name)
        path = "/in/prometheus-production/api/v2/alerts"
        if self.good(name + " is over",
                     self.tocsin.ask("POST", path, json.dumps([over(name)]), harness.KEY)):
            self.over_done.add(name)
            if self.receiver.pages(name):
                self.until(self.receiver.resolved)

    def silence(self):
        self.silence_tried = True
        body = '{"matchers": ["alertname=\\"Hush\\""], "for": "1h", "why": "a test"}'
        self.silence_done = self.good("silence",
                                      self.tocsin.ask("POST", "/api/v1/silences", body))

    def reload(self):
        self.tocsin.write("teams/crew.yaml", TEAM.format(person="grace"))
        self.reload_tried = True
        self.reload_done = self.good("reload",
                                     self.tocsin.ask("POST", "/-/reload", token=ADMIN))

    def cut_power(self, chance=None):
        home = self.tocsin.home
        return power_cut(self.tocsin.data, home / "cut.log", home / "kept", chance)

    def verdict(self, also_last_good=False):
        """What was promised and is not so, once a sound tocsin has had its time. It pages somebody
        else than the dead one did: a decision that was acted upon and not kept comes out otherwise.
        """
        self.person_now = "ada" if self.reload_tried else "grace"
        self.tocsin.write("teams/crew.yaml", TEAM.format(person=self.person_now))
        self.tocsin.faults, self.tocsin.prefix = {}, []
        self.tocsin.binary = harness.BINARY
        try:
            broken = self.last_good_is_whole() if also_last_good else []
            self.tocsin.start()
        except AssertionError as why:
            return [f"it does not start again: {why}"]
        try:
            harness.wait_for(lambda: self.tocsin.metrics()["tocsin_outbox_waiting"] == 0
                             and self.tocsin.metrics()["tocsin_engine_lag_records"] == 0)
            harness.wait_for(lambda: not self.unpaged(), lambda: "", self.settles)
        except AssertionError:
            pass  # what is missing is said below
        # First: what is not decided yet is paged later than this, and has its incident then.
        self.pages = self.receiver.pages()
        return broken + self.wrong_incidents() + self.wrong_pages() + self.wrong_rest()

    def unpaged(self):
        return self.done - {"Old"} - self.over_tried - {p.alertname for p in self.receiver.pages()}

    def incidents(self):
        return [i for i in self.tocsin.incidents("&state=open,acknowledged,resolved")
                if i["integration"] != "tocsin"]

    def wrong_incidents(self):
        broken, self.by_name = [], {}
        for incident in self.incidents():
            for alert in incident["alerts"]:
                name = alert["labels"]["alertname"]
                if name in self.by_name:
                    broken.append(f"{name} was decided twice: {self.by_name[name]['id']} and "
                                  f"{incident['id']}")
                self.by_name[name] = incident
        for name in sorted(self.done - set(self.by_name)):
            broken.append(f"{name} was answered 2xx and has no incident")
        for name in sorted(set(self.by_name) - self.tried):
            broken.append(f"{name} has an incident and was never sent")
        for name in sorted(self.acknowledged & set(self.by_name)):
            if self.by_name[name]["state"] != "acknowledged":
                broken.append(f"{name} was acknowledged and is {self.by_name[name]['state']}")
        for name in sorted(self.over_done & set(self.by_name)):
            if self.by_name[name]["state"] != "resolved":
                broken.append(f"{name} was told to be over and is {self.by_name[name]['state']}")
        return broken

    def wrong_pages(self):
        broken, ids = [], {}
        for page in self.pages:
            name = page.alertname
            if page.json["incident"]["integration"] == "tocsin":
                continue
            if name not in self.tried or name == "Old":
                broken.append(f"a page for {name}, for which none was due")
            same = (page.webhook_id, page.json["incident"]["id"])
            if ids.setdefault(name, same) != same:
                broken.append(f"two pages of {name} are not the same one: {ids[name]}, {same}")
            known = self.by_name.get(name)
            if known is None or known["id"] != same[1]:
                broken.append(f"{name} was paged as {same[1]}, which is not an incident")
            elif (same[0], page.person) not in [(p["id"], p["person"]) for p in known["pages"]]:
                broken.append(f"{name}: {same[0]} to {page.person} is no page that was decided")
            if self.person_of.get(name, page.person) != page.person:
                broken.append(f"{name} went to {page.person}, not {self.person_of[name]}")
        for name in sorted(self.unpaged()):
            broken.append(f"{name} was answered 2xx and nobody was paged")
        return broken

    def wrong_rest(self):
        broken = []
        silences = len(self.tocsin.api("silences").json["silences"])
        if silences > self.silence_tried or silences < self.silence_done:
            broken.append(f"{silences} silences, tried: {self.silence_tried}, "
                          f"answered: {self.silence_done}")
        for metric in ("tocsin_journal_damaged_total", "tocsin_void_turns_total"):
            if self.tocsin.metrics().get(metric, 0):
                broken.append(f"{metric} is not 0: {self.tocsin.log()}")
        # What comes now is taken and goes to whom the file names.
        if self.tocsin.ask("POST", "/in/prometheus-production/api/v2/alerts",
                           json.dumps([firing("Now")]), harness.KEY) != 200:
            return broken + [f"it takes nothing after the restart: {self.tocsin.log()}"]
        page = harness.wait_for(lambda: self.receiver.pages("Now"), "a page after the restart")[0]
        if page.person != self.person_now:
            broken.append(f"after the restart {page.person} was paged, not {self.person_now}")
        return broken

    def last_good_is_whole(self):
        """A reload that died on its way has happened or not: what a start falls back on loads."""
        if not any(self.tocsin.data.glob("last-good*")):
            return []
        good = (self.tocsin.config / "teams/crew.yaml").read_text()
        self.tocsin.write("teams/crew.yaml", UNLOADABLE)
        try:
            self.tocsin.start()
            self.tocsin.kill()
            return []
        except AssertionError as why:
            return [f"the last good configuration is not whole: {why}"]
        finally:
            self.tocsin.close()
            self.tocsin.write("teams/crew.yaml", good)
