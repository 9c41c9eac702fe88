"""The front door under everything at once: idle and trickling connections, one who never reads, all
that is hostile, and an integration that sends without end. Another integration's requests are
answered meanwhile, memory is bounded, and afterwards all is as it was.
"""
import contextlib
import os
import statistics
import time
import unittest

import attackers
import harness
from attackers import Attackers
from harness import firing, wait_for

NOISY_KEY = "key-of-noisy-0123456789"
NOISY = """\
  - name: noisy
    source: prometheus
    key: "${{T_NOISY_KEY}}"
    group_by: [alertname]
    {more}
"""
IDLE, TRICKLING = 1000, 200
SECONDS = 12  # past every deadline of a request and of an answer
ALERTS, BODIES, CONNECTIONS = 500, 20, 16
PAUSE = 0.05
FEW = 20  # sockets of its own, to the receiver
# An ordinary request is answered within 100 ms on a quiet machine; this is ten times as wide.
MOST_WAIT = 1.0
# Of them all: a machine that many share stops a process now and then.
IN_TIME = 0.99
# tocsin keeps to its own account of request bytes, 256 MiB; this is with everything else.
MOST_MEMORY = 512 << 20


def memory(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmRSS"))


def sockets(process):
    """How many it has open; its files come and go by themselves."""
    directory, count = f"/proc/{process.pid}/fd", 0
    for name in os.listdir(directory):
        with contextlib.suppress(FileNotFoundError):
            count += os.readlink(f"{directory}/{name}").startswith("socket:")
    return count


class FrontDoorLoadTest(harness.TestCase):
    def start(self, more=""):
        os.environ["T_NOISY_KEY"] = NOISY_KEY
        self.addCleanup(os.environ.pop, "T_NOISY_KEY")
        noisy = NOISY.replace("{more}", more)
        service = harness.SERVICE.replace("channels:\n", noisy + "channels:\n")
        return self.tocsin(service=service)

    def flood(self, crowd, service, connections=CONNECTIONS, path="/in/noisy/api/v2/alerts"):
        bodies = [attackers.alerts(f"Noise{n}", ALERTS) for n in range(BODIES)]
        return crowd.start(attackers.flood, service.port, bodies,
                           [f"Authorization: Bearer {NOISY_KEY}"], path, connections)

    def measure(self, service):
        """(how long each ordinary request took, the most memory at any time)"""
        waits, most, end = [], 0, time.monotonic() + SECONDS
        while time.monotonic() < end:
            began = time.monotonic()
            answer = service.post(firing("Quiet", {"instance": f"{len(waits)}"}))
            waits.append(time.monotonic() - began)
            self.assertEqual(answer.status, 200, answer.text)
            most = max(most, memory(service.process))
            time.sleep(PAUSE)
        return waits, most

    def check(self, waits, most, what):
        waits = sorted(waits)
        print(f"{what}: {len(waits)} ordinary requests, median {statistics.median(waits) * 1000:.1f} ms, "
              f"p99 {waits[int(len(waits) * 0.99)] * 1000:.1f} ms, most {waits[-1] * 1000:.1f} ms, "
              f"memory {most >> 20} MiB", flush=True)
        self.assertGreaterEqual(sum(w < MOST_WAIT for w in waits), IN_TIME * len(waits), waits[-5:])
        self.assertLess(most, MOST_MEMORY)

    def check_afterwards(self, service, before):
        """The ordinary state: nothing is left open, and an alert pages."""
        metrics = service.metrics
        wait_for(lambda: metrics()["tocsin_http_connections"] <= 2, "the end of all connections")
        wait_for(lambda: sockets(service.process) <= before + FEW, "the end of all sockets")
        self.assertEqual(service.post(firing("Afterwards")).status, 200)
        self.page("Afterwards")
        self.assertIsNone(service.process.poll())

    def test_everything_at_once_delays_no_ordinary_request(self):
        service = self.start()
        before = sockets(service.process)
        with Attackers() as crowd:
            idle = crowd.start(attackers.stay_idle, service.port, IDLE)
            trickling = crowd.start(attackers.trickle, service.port, TRICKLING)
            unread = crowd.start(attackers.never_read, service.port,
                                 attackers.request("GET", "/metrics") * 50)
            hostile = crowd.start(attackers.be_hostile, service.port)
            noisy = self.flood(crowd, service)
            wait_for(lambda: service.metrics()["tocsin_http_connections"] > IDLE + TRICKLING,
                     "all connections")
            waits, most = self.measure(service)
            crowd.stop()
            self.check(waits, most, "beside everything")
            self.assertEqual(idle(), IDLE)
            self.assertGreaterEqual(trickling(), TRICKLING)
            self.assertGreater(unread(), 0)
            for what, statuses in hostile().items():
                with self.subTest(what):
                    self.assertLessEqual(statuses, attackers.HOSTILE[what][1] | {0})
                    self.assertTrue(statuses & attackers.HOSTILE[what][1])
            statuses, _ = noisy()
            print(f"the noisy integration had {statuses}", flush=True)
            self.assertGreater(statuses.get(200, 0), 0)
            self.assertLessEqual(set(statuses), {200, 503})
        self.check_afterwards(service, before)

    def test_an_integration_past_its_limit_is_sent_away_and_another_is_not(self):
        service = self.start("limit: 600/m")
        before = sockets(service.process)
        with Attackers() as crowd:
            noisy = self.flood(crowd, service)
            waits, most = self.measure(service)
            crowd.stop()
            self.check(waits, most, "beside a limited integration")
            statuses, retry_after = noisy()
        self.assertEqual(set(statuses), {200, 503})
        self.assertTrue(all(1 <= int(seconds) <= 60 for seconds in retry_after), retry_after)
        metrics = service.metrics()
        limited = metrics['tocsin_alerts_rejected_total{integration="noisy",reason="limited"}']
        self.assertGreaterEqual(limited, statuses[503])
        taken = metrics['tocsin_alerts_received_total{integration="noisy",status="firing"}']
        # One minute's worth, what this time brings, and the requests that found the last of it.
        self.assertLessEqual(taken, 600 + 600 * SECONDS / 60 + 4 * ALERTS)
        self.assertEqual(service.log().count("integration noisy is past its limit of 600/m"), 1)
        self.check_afterwards(service, before)


if __name__ == "__main__":
    unittest.main()
