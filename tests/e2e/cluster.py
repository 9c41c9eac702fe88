"""Several nodes of tocsin on one journal, under a load that can be counted afterwards.

    cluster = Cluster(home, receiver, brokers, nodes=2)
    cluster.start()
    load = Load(cluster, receiver, record)
    with load: ...                     # what goes wrong meanwhile
    verdict = cluster_check.check(*record.of(cluster, receiver))

Every answer to the sender, every arrival at the receiver and everything that tocsin says of itself in
the end is written down; whether the three agree is not for here to say: cluster_check.py does.
"""
import http.client
import json
import queue
import random
import signal
import threading
import time

import harness
from harness import RESPONDER, SERVICE, Tocsin, firing, wait_for

LOADS = tuple(f"load-{i}" for i in range(6))  # integrations: each has a partition and so an owner
SENDERS = 8
BATCH = 10
# A sender tries for so long, on one node after the other, as Prometheus does.
GIVES_UP_AFTER = 60.0
BETWEEN_TRIES = 0.05
SHARE_JOINING = 0.04
SHARE_ACKNOWLEDGED = 0.5

TWO_STEPS = """\
team: crew
policies:
  - name: crew
    steps:
      - {{page: [{{person: ada}}], wait: {wait}}}
      - {{page: [{{person: grace}}], wait: 1h}}
rules:
  - {{name: all, page: crew}}
"""


def service_on(brokers, topic="tocsin", redis=None, **journal):
    """harness.SERVICE on this Kafka, and this Redis if one is given; other keys of `journal:` as
    they are to be written."""
    others = "".join(f", {key}: {value}" for key, value in journal.items())
    listed = ", ".join(f'"{broker}"' for broker in brokers.split(","))
    written = f"journal: {{type: kafka, brokers: [{listed}], topic: {topic}{others}}}\n"
    if redis:
        written += f'store: {{type: redis, url: "redis://{redis}/0"}}\n'
    server = 'server:\n  node_url: "http://127.0.0.1:{port}"\n  secret: "${{T_LINK_SECRET}}"\n'
    escaped = written.replace("{", "{{").replace("}", "}}")
    return (SERVICE.replace("server:\n", server)
            .replace("journal: {{type: sqlite, path: journal/}}\n", escaped))


def with_loads(service):
    """With the integrations of LOADS as well."""
    more = "".join(f"  - {{{{name: {name}, source: prometheus, key: {key_of(name)}, "
                   "group_by: [alertname]}}\n" for name in LOADS)
    return service.replace("integrations:\n", "integrations:\n" + more)


def key_of(integration):
    return f"key-of-{integration}-0123456789"


class Cluster:
    """Nodes that differ in nothing but their port and their directory."""

    def __init__(self, home, receiver, service, nodes=2, team=TWO_STEPS.format(wait="8s")):
        self.nodes = [Tocsin(home / f"node-{i + 1}", receiver.url, team, with_loads(service))
                      for i in range(nodes)]

    def start(self):
        for node in self.nodes:
            node.spawn()
        self.await_ready()
        return self

    def await_ready(self, deadline=60.0):
        wait_for(lambda: all(is_ready(node) for node in self.nodes),
                 lambda: "ready nodes; they said:\n" + "\n".join(n.log() for n in self.nodes),
                 deadline)

    def await_quiet(self, deadline=60.0):
        """Until nothing is left to decide or to send, on any node."""
        def is_quiet(node):
            shown = node.metrics()
            return (shown["tocsin_outbox_waiting"] == 0 and shown["tocsin_undecided_inputs"] == 0
                    and shown.get("tocsin_spool_waiting_records", 0) == 0
                    and shown.get("tocsin_engine_lag_records", 0) == 0)
        wait_for(lambda: all(is_ready(n) and is_quiet(n) for n in self.nodes), "quiet", deadline)

    def close(self):
        for node in self.nodes:
            if node.process and node.process.poll() is None:
                node.process.send_signal(signal.SIGCONT)
            node.close()


def is_ready(node):
    if node.process.poll() is not None:
        raise AssertionError("a node ended by itself: " + node.log())
    try:
        return node.get("/-/ready").status == 200
    except (OSError, http.client.HTTPException):
        return False


class Record:
    """What is written down, a JSON object a line, in files that cluster_check.py reads."""

    def __init__(self, directory):
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()

    def write(self, name, **line):
        with self._lock, (self.directory / f"{name}.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")

    def event(self, what, since, **more):
        """Something was done to the cluster, from then until now."""
        self.write("events", what=what, at=since, until=time.monotonic(), **more)

    def finish(self, receiver, node):
        """What the receiver got, and what tocsin says of itself."""
        received = [as_received(delivered) for delivered in receiver.delivered]
        for message in received:
            self.write("received", **message)
        recorded = {incident["id"]: incident for incident in whole_incidents(node)}
        for paged in {message["incident"] for message in received} - set(recorded):
            # One that was opened apart, and found to be another's when the two met.
            answer = node.api("incidents/" + paged)
            if answer.status == 200 and answer.json["id"] in recorded:
                recorded[answer.json["id"]].setdefault("also", []).append(paged)
        for incident in recorded.values():
            self.write("recorded", **incident)


def as_received(delivered):
    """The message, and which step for whom it is, as the incident within it says."""
    body = delivered.json
    entries = [page for page in body["incident"]["pages"] if page["id"] == body["id"]]
    step = {key: entries[0][key] for key in ("round", "step", "default_policy", "channel")
            } if entries else {}
    return {"at": delivered.at, "id": body["id"], "type": body["type"], "person": body["person"],
            # As the API shows it: enough to know one's own.
            "address": body["address"] and body["address"][:2] + "…", "incident": body["incident"]["id"], **step}


def whole_incidents(node):
    """A list shows only the first alerts of each."""
    found = []
    for incident in node.incidents():
        if incident["alert_count"] > len(incident["alerts"]):
            incident = node.api("incidents/" + incident["id"]).json
        found.append(incident)
    return found


class Load:
    """`rate` alerts a second, of which `new` open an incident, some join one and the rest is heard
    again; and a person who acknowledges every other page on whatever node answers."""

    def __init__(self, cluster, receiver, record, *, rate=200, new=2, seed=1):
        self.cluster, self.receiver, self.record = cluster, receiver, record
        self.rate, self.new = rate, new
        self.chance = random.Random(seed)
        self.known = {name: [] for name in LOADS}  # integration: [(alertname, instances)]
        self.opened = 0
        self.batches = queue.Queue(maxsize=4 * SENDERS)
        self.stopping = threading.Event()
        self.faults = []
        self.late = 0  # batches that came later than they were due, as all senders were busy

    def __enter__(self):
        self.threads = [threading.Thread(target=self._guarded, args=(work,)) for work in
                        [self._make, self._acknowledge] + [self._send] * SENDERS]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        if self.faults:
            raise self.faults[0]

    def _guarded(self, work):
        try:
            work()
        except BaseException as fault:  # a thread's failure is the test's
            self.faults.append(fault)
            self.stopping.set()

    # One thread makes the batches, at their times.

    def _make(self):
        due = time.monotonic()
        while not self.stopping.is_set():
            integration = self.chance.choice(LOADS)
            batch = [self._next(integration) for _ in range(BATCH)]
            try:
                self.batches.put_nowait((integration, batch))
            except queue.Full:
                self.late += 1
                self.batches.put((integration, batch))
            due += BATCH / self.rate
            self.stopping.wait(max(0.0, due - time.monotonic()))
        for _ in range(SENDERS):
            self.batches.put(None)

    def _next(self, integration):
        known, draw = self.known[integration], self.chance.random()
        if not known or draw < self.new / self.rate:
            self.opened += 1
            known.append([f"{integration}-{self.opened}", 1])
            return {"alertname": known[-1][0], "instance": "0"}
        chosen = self.chance.choice(known)
        if draw < self.new / self.rate + SHARE_JOINING:
            chosen[1] += 1
            return {"alertname": chosen[0], "instance": str(chosen[1] - 1)}
        return {"alertname": chosen[0], "instance": str(self.chance.randrange(chosen[1]))}

    # Many send them, each until a node takes it.

    def _send(self):
        chance = random.Random(threading.get_ident())
        while (work := self.batches.get()) is not None:
            integration, labels = work
            body = json.dumps([firing(each["alertname"], each) for each in labels]).encode()
            headers = {"Authorization": "Bearer " + key_of(integration)}
            path = f"/in/{integration}/api/v2/alerts"
            self._insist("alerts", chance,
                         lambda node: node.post_bytes(body, headers, path), alerts=labels)

    def _insist(self, kind, chance, ask, **line):
        """On one node after the other; every answer is written down. Whether one was 2xx."""
        nodes, end = list(self.cluster.nodes), time.monotonic() + GIVES_UP_AFTER
        chance.shuffle(nodes)
        for turn in range(10**9):
            node, at = nodes[turn % len(nodes)], time.monotonic()
            try:
                status = ask(node).status
            except (OSError, http.client.HTTPException):
                status = None  # it died, or is dead: nobody was promised anything
            self.record.write("sent", kind=kind, at=at, answered=time.monotonic(), status=status,
                              node=self.cluster.nodes.index(node) + 1, **line)
            if status is not None and status < 300:
                return True
            if kind == "acknowledge" and status == 404:
                status = 503  # that node has not heard of it yet
            if status is not None and status not in (429, 503):
                raise AssertionError(f"{kind} answered {status}: {line}")
            if time.monotonic() > end:
                return False
            time.sleep(BETWEEN_TRIES)

    # And one person reads the pages.

    def _acknowledge(self):
        seen, chance = set(), random.Random(2)
        while not self.stopping.wait(0.2):
            for page in self.receiver.pages():
                incident = page.json["incident"]["id"]
                if incident in seen or self.stopping.is_set():
                    continue
                seen.add(incident)
                if chance.random() < SHARE_ACKNOWLEDGED:
                    self._insist("acknowledge", chance, lambda node, i=incident: node.api(
                        f"incidents/{i}/acknowledge", "POST", RESPONDER), incident=incident)
