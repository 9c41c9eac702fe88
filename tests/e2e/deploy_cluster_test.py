"""deploy/cluster: two nodes on a Kafka and a Redis, of which one may go; and what the container needs."""
import os
import re
import subprocess
import unittest

import harness
from harness import SOURCE, wait_for
from servers import Server


class DeployClusterTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        os.environ["TOCSIN_BINARY"] = harness.BINARY
        self.cluster = Server("cluster", self.home / "cluster")
        self.addCleanup(self.cluster, "stop")

    def secrets(self):
        text = (self.cluster.data / "secrets").read_text()
        return dict(re.findall(r"export (\w+)=(\w+)", text))

    def tocsin(self, *arguments, **variables):
        return subprocess.run([harness.BINARY, *arguments], capture_output=True, text=True,
                              check=False, env={**os.environ, **variables})

    def send(self, address):
        sent = self.tocsin("send", "--server", address, "--integration", "prometheus-production",
                           "--key", self.secrets()["PROMETHEUS_KEY"],
                           SOURCE / "deploy/example-alert.json")
        self.assertEqual(sent.returncode, 0, sent.stderr)

    def pages(self):
        return "".join(path.read_text() for path in self.cluster.data.glob("node-*/pages"))

    def test_wrong_use_says_how(self):
        for wrong in (("dance",), ("start", "--nodes", "0"), ("start", "--port", "many"),
                      ("stop", "--node", "ten")):
            self.assertEqual(self.cluster(*wrong).returncode, 2, wrong)
        self.assertEqual(self.cluster("status").returncode, 3)
        self.assertEqual(self.cluster("stop").returncode, 0)
        self.assertIn("deploy/cluster start", self.cluster("--help").stdout)

    def test_two_nodes_take_alerts_and_one_goes_on_without_the_other(self):
        addresses = self.cluster.start("--port", "0").split("\n")
        self.assertEqual(len(addresses), 2)
        self.assertEqual(self.cluster.start().split("\n"), addresses, "a second start")
        secrets = self.secrets()
        self.assertEqual((self.cluster.data / "secrets").stat().st_mode & 0o077, 0)
        self.send(addresses[0])
        wait_for(lambda: "Acknowledge" in self.pages(), "the page")
        self.assertEqual(self.cluster("stop", "--node", "1").returncode, 0)
        shown = self.cluster("status")
        self.assertEqual(shown.returncode, 3)
        self.assertIn("node 1: stopped", shown.stdout)
        self.send(addresses[1])
        listed = lambda: self.tocsin("incident", "list", "--server", addresses[1],
                                     TOCSIN_TOKEN=secrets["TOCSIN_ADMIN_TOKEN"]).stdout
        wait_for(lambda: "HighLatency" in listed(), "the incident, on the other node")
        self.assertEqual(self.cluster.start().split("\n"), addresses)
        self.assertEqual(self.cluster("status").returncode, 0)
        self.assertEqual(self.cluster("stop").returncode, 0)
        self.assertEqual(self.cluster("status").returncode, 3)

    def test_it_ends_with_the_process_it_belongs_to(self):
        with subprocess.Popen(["sleep", "600"]) as owner:
            started = self.cluster("start", "--port", "0", "--nodes", "1", "--while", str(owner.pid))
            self.assertEqual(started.returncode, 0, started.stderr)
            owner.kill()
        wait_for(lambda: "node 1: stopped" in self.cluster("status").stdout, "its end", 60)


class ContainerTest(unittest.TestCase):
    def test_the_container_has_every_library_that_the_program_needs(self):
        linked = subprocess.run(["ldd", harness.BINARY], capture_output=True, text=True, check=True)
        needed = subprocess.run(["readelf", "-d", harness.BINARY], capture_output=True, text=True,
                                check=True)
        names = re.findall(r"\(NEEDED\).*\[(.+)\]", needed.stdout)
        paths = [os.path.realpath(path) for name, path in
                 re.findall(r"(\S+) => (/\S+)", linked.stdout) if name in names]
        owners = subprocess.run(["dpkg", "-S", *paths], capture_output=True, text=True, check=False)
        packages = set(re.findall(r"^([^:\s]+)", owners.stdout, re.MULTILINE))
        self.assertGreater(len(packages), 5)
        listed = (SOURCE / "deploy/packages-runtime.txt").read_text().split("\n")
        # What every Debian has.
        self.assertEqual(packages - set(listed) - {"libc6", "libgcc-s1"}, set())


if __name__ == "__main__":
    unittest.main()
