"""What the benchmarks send and measure: alerts in their requests, a paced stream, a process's time and memory, the journal's bytes.

Everything goes to loopback. `tests/bench/table` and `tests/bench/ingest` use it; it measures nothing by itself."""
import http.client
import importlib.machinery
import importlib.util
import json
import multiprocessing
import os
import pathlib
import re
import socket
import sqlite3
import sys
import threading
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True

_loader = importlib.machinery.SourceFileLoader("ingest_bench", str(HERE / "ingest"))
ingest = importlib.util.module_from_spec(importlib.util.spec_from_loader("ingest_bench", _loader))
_loader.exec_module(ingest)

BATCH = 64  # what Prometheus puts into a request at the most
GROUPS = 1000  # incidents that many alerts make
TICKS = os.sysconf("SC_CLK_TCK")
SETTLED = 1.0  # seconds without a tick of the processor: all was decided


def alert(i, groups=GROUPS, severity="warning", ends="", **labels):
    found = {"labels": {"alertname": f"HighLatency{i % groups}", "service": "api", "cluster": "eu-1", "severity": severity,
                        "instance": f"api-{i}:8080", **labels},
             "annotations": {"summary": "p99 latency is 4.1 s on api",
                             "description": "99th percentile of GET /profile is 4.1 s, for 5 minutes now."},
             "startsAt": "2026-01-02T03:04:05Z", "generatorURL": "http://prometheus.example.com:9090/graph?g0.expr=up"}
    if ends:
        found["endsAt"] = ends
    return found


def in_an_hour(further=0):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600 + further))


def post_all(url, alerts):
    """All of them in requests of 64 on one connection; raises where one is not taken."""
    host = url.split("/")[2]
    connection = http.client.HTTPConnection(host, timeout=60)
    headers = {"Content-Type": "application/json", "Authorization": "Bearer " + ingest.KEY}
    for start in range(0, len(alerts), BATCH):
        connection.request("POST", "/api/v2/alerts", json.dumps(alerts[start:start + BATCH]), headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{url} answered {answer.status}")
    connection.close()


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def rss_mb(process):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text()).group(1)) / 1024


def settle(process, most=120):
    """Until it has been idle for a moment."""
    end, last, since = time.monotonic() + most, cpu_seconds(process), time.monotonic()
    while time.monotonic() < end and time.monotonic() - since < SETTLED:
        time.sleep(0.1)
        now = cpu_seconds(process)
        if now > last + 0.02:
            last, since = now, time.monotonic()


def record_bytes(data):
    """Of all that the journal under this directory holds, without SQLite's own."""
    total = 0
    for path in pathlib.Path(data).rglob("segment-*.db"):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            total += db.execute("SELECT coalesce(sum(length(records)), 0) FROM batches").fetchone()[0]
    return total


def metric(url, name):
    text = urllib.request.urlopen(url.split("/api/")[0] + "/metrics", timeout=10).read().decode()
    return sum(float(value) for value in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE))


class Stream:
    """So many alerts a second, one a request, for so many seconds, from a process of its own: each at its time, whether or not the one
    before it was answered sooner than it was due. Every hundredth pages, and ends half a minute later."""

    CONNECTIONS = 16
    PAGES = 100
    KNOWN = 10000  # different ones of those that do not page
    LASTS = 30.0

    def __init__(self, url, rate, seconds):
        self.host = url.split("/")[2]
        self.rate, self.seconds = rate, seconds
        self.answers = multiprocessing.Queue()
        self.process = multiprocessing.Process(target=self.run, daemon=True)
        self.process.start()

    def result(self):
        """{number of the page: monotonic second of its 2xx}, how many were taken, and how late the sender itself was at the most."""
        found = self.answers.get(timeout=self.seconds + 120)
        self.process.join()
        return found

    def run(self):
        accepted, counts, late = {}, [0] * self.CONNECTIONS, [0.0] * self.CONNECTIONS
        begin = time.monotonic() + 0.5
        threads = [threading.Thread(target=self.send, args=(which, begin, accepted, counts, late))
                   for which in range(self.CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.answers.put((accepted, sum(counts), max(late)))

    def request(self, body):
        return (f"POST /api/v2/alerts HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
                f"Authorization: Bearer {ingest.KEY}\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()

    def send(self, which, begin, accepted, counts, late):
        host, port = self.host.split(":")
        connection = socket.create_connection((host, int(port)))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        usual = json.dumps([alert(0, 1, "warning", in_an_hour(3600))])
        for n in range(which, int(self.rate * self.seconds), self.CONNECTIONS):
            due = begin + n / self.rate
            wait = due - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            late[which] = max(late[which], -wait)
            number, pages = n // self.PAGES, n % self.PAGES == 0
            ended = number - int(self.LASTS * self.rate / self.PAGES)
            if pages:
                body = json.dumps([alert(number, 10**9, "critical", in_an_hour())])
            elif n % self.PAGES == 1 and ended >= 0:
                body = json.dumps([alert(ended, 10**9, "critical", "2026-01-02T03:05:05Z")])
            else:
                body = usual.replace("api-0:", f"api-{n % self.KNOWN}:")
            connection.sendall(self.request(body))
            if not connection.recv(65536).startswith(b"HTTP/1.1 200"):
                raise SystemExit("an alert was not taken")
            counts[which] += 1
            if pages:
                accepted[number] = time.monotonic()
        connection.close()
