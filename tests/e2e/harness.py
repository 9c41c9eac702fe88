"""A real tocsin under test: its directories, its process, and what can be asked of it from outside.

    class CrashTest(harness.TestCase):
        def test_a_page_survives(self):
            tocsin = self.tocsin()
            tocsin.post(harness.firing("Disk"))
            harness.wait_for(lambda: self.receiver.pages("Disk"))

Everything waits by polling with a deadline that is far too long: reaching one is a failure, never a
slow machine. Not for what a unit test can say.
"""
import dataclasses
import datetime
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from receiver import Receiver

BINARY = os.environ.get("TOCSIN_BINARY", "build/tocsin")
SOURCE = pathlib.Path(os.environ.get("TOCSIN_SOURCE_DIR", pathlib.Path(__file__).parents[2]))
PATIENCE = 20.0
POLL = 0.02

KEY = "key-of-production-0123456789"
VIEWER = "token-of-a-viewer-0123456789"
RESPONDER = "token-of-a-responder-0123456789"
ADMIN = "token-of-an-admin-0123456789"
HOOK_SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
LINK_SECRET = "secret-that-signs-links-0123456789"
SECRETS = (KEY, VIEWER, RESPONDER, ADMIN, LINK_SECRET, HOOK_SECRET, HOOK_SECRET.removeprefix("whsec_"))

SERVICE = """\
server:
  listen: 127.0.0.1:0
  external_url: "http://127.0.0.1:{port}"
  tokens:
    - {{name: looker, role: viewer, token: "${{T_VIEWER}}"}}
    - {{name: fixer, role: responder, token: "${{T_RESPONDER}}"}}
    - {{name: boss, role: admin, token: "${{T_ADMIN}}"}}
journal: {{type: sqlite, path: journal/}}
integrations:
  - name: prometheus-production
    source: prometheus
    key: "${{T_KEY}}"
    group_by: [alertname]
channels:
  - {{name: hook, type: webhook, url: "{hook}", secret: "${{T_HOOK_SECRET}}"}}
people:
  - {{name: ada, contacts: {{hook: ada}}, limit: none}}
  - {{name: grace, contacts: {{hook: grace}}, limit: none}}
default: {{page: crew}}
"""
ADA_ALONE = """\
team: crew
policies:
  - name: crew
    steps:
      - {page: [{person: ada}], wait: 1h}
"""


def wait_for(condition, what="what is expected", deadline=PATIENCE):
    """The condition's first answer that counts as true; an AssertionError past the deadline.
    `what` is its name, or a function that says what is still missing."""
    end = time.monotonic() + deadline
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            missing = what() if callable(what) else what
            raise AssertionError(f"{missing} did not come within {deadline:.0f} s")
        time.sleep(POLL)


def stays(condition, seconds):
    """Whether the condition holds at every look during so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not condition():
            return False
        time.sleep(POLL)
    return True


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def rfc3339(seconds_from_now):
    at = datetime.datetime.now(datetime.timezone.utc)
    return (at + datetime.timedelta(seconds=seconds_from_now)).isoformat()


def firing(alertname, labels=None, **others):
    return {"labels": {"alertname": alertname, **(labels or {})}, "endsAt": rfc3339(3600), **others}


def over(alertname, labels=None):
    return firing(alertname, labels, startsAt=rfc3339(-60), endsAt=rfc3339(-1))


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    headers: dict  # names in lower case; of one that came twice both values
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode()


class Tocsin:
    """One `tocsin serve` on a directory that outlives it, on a port that stays the same."""

    def __init__(self, home, hook, team=ADA_ALONE, service=SERVICE):
        self.home = home
        self.config, self.data = home / "config", home / "data"
        self.log_file, self.pages_file = home / "log", home / "stdout"
        self.port = free_port()
        (self.config / "teams").mkdir(parents=True)
        self.write("tocsin.yaml", service.format(port=self.port, hook=hook))
        self.write("teams/crew.yaml", team)
        self.process = None

    def write(self, name, text):
        (self.config / name).write_text(text)

    def environment(self):
        return {**os.environ, "T_KEY": KEY, "T_VIEWER": VIEWER, "T_RESPONDER": RESPONDER,
                "T_ADMIN": ADMIN, "T_HOOK_SECRET": HOOK_SECRET, "T_LINK_SECRET": LINK_SECRET}

    def spawn(self):
        """Starts the process and waits for nothing."""
        log = self.log_file.open("ab")
        with log, self.pages_file.open("ab") as pages:
            self._log_from = log.tell()
            self.process = subprocess.Popen(
                [BINARY, "serve", "--config", self.config, "--data", self.data,
                 "--listen", f"127.0.0.1:{self.port}"],
                stdin=subprocess.DEVNULL, stdout=pages, stderr=log, env=self.environment())

    def start(self):
        self.spawn()

        def is_ready():
            if self.process.poll() is not None:
                raise AssertionError("tocsin ended at its start: " + self.log())
            return "serves on" in self.log() and self.get("/-/ready").status == 200

        wait_for(is_ready, "a ready tocsin")
        return self

    def log(self):
        """What this start of the process said to stderr."""
        return self.log_file.read_bytes()[self._log_from:].decode(errors="replace")

    def kill(self):
        """As the kernel or a power cut does: nothing is finished."""
        self.process.kill()
        self.process.wait()

    def hang_up(self):
        self.process.send_signal(signal.SIGHUP)

    def terminate(self):
        """Asks it to stop and gives its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def close(self):
        if self.process and self.process.poll() is None:
            self.kill()

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            names = {}
            for name, value in response.getheaders():
                names[name.lower()] = ", ".join([names[name.lower()], value] if name.lower() in names else [value])
            return Answer(response.status, names, response.read())
        finally:
            connection.close()

    def get(self, path, token=None):
        return self.request("GET", path, headers=_bearer(token))

    def post(self, *alerts, key=KEY):
        """Posts alerts as Prometheus does."""
        return self.post_bytes(json.dumps(alerts).encode(), _bearer(key))

    def post_bytes(self, body, headers=None, path="/in/prometheus-production/api/v2/alerts"):
        return self.request("POST", path, body, headers or _bearer(KEY))

    def api(self, path, method="GET", token=RESPONDER):
        return self.request(method, "/api/v1/" + path, headers=_bearer(token))

    def incidents(self, query=""):
        """All of them, page by page."""
        found, cursor = [], ""
        while cursor is not None:
            page = self.api(f"incidents?limit=1000&cursor={cursor}{query}").json
            found += page["incidents"]
            cursor = page["next"]
        return found

    def metrics(self):
        """{'tocsin_alerts_rejected_total{integration="",reason="no_key"}': 1.0, …}"""
        lines = re.findall(r"^([^#\s]\S*) (\S+)", self.get("/metrics").text, re.MULTILINE)
        return {name: float(value) for name, value in lines}


def _bearer(token):
    return {"Authorization": "Bearer " + token} if token else {}


class TestCase(unittest.TestCase):
    """Has a receiver and a directory of its own, and leaves no process behind."""

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="tocsin-e2e-"))
        self.addCleanup(shutil.rmtree, self.home)
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)

    def tocsin(self, **settings):
        tocsin = Tocsin(self.home / "tocsin", settings.pop("hook", self.receiver.url), **settings)
        self.addCleanup(tocsin.close)
        return tocsin.start()

    def page(self, alertname):
        """The first page for this alert, waited for."""
        return wait_for(lambda: self.receiver.pages(alertname), f"a page for {alertname}")[0]

    def assert_problem(self, answer, status):
        """An error as RFC 9457 has it, that says something and repeats no secret."""
        self.assertEqual((answer.status, answer.headers["content-type"]),
                         (status, "application/problem+json"), answer.body)
        self.assertEqual(set(answer.json), {"type", "title", "status", "detail"})
        self.assertEqual(answer.json["status"], status)
        self.assertTrue(answer.json["detail"])
        self.assert_no_secret(answer.text)

    def assert_no_secret(self, text):
        for secret in SECRETS:
            self.assertNotIn(secret, text)
