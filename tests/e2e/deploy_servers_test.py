"""deploy/kafka and deploy/redis: started twice they are one, they listen on loopback only, what they
hold stays, they end when they are told to or when the process they belong to does."""
import pathlib
import socket
import subprocess
import unittest

import harness
from servers import Server


def ask_redis(address, *commands):
    """The answer to the last of these inline commands."""
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), timeout=harness.PATIENCE) as redis:
        stream = redis.makefile("rw", newline="\r\n")
        for command in commands:
            stream.write(command + "\r\n")
            stream.flush()
            answer = stream.readline().strip()
            if answer.startswith("$") and answer != "$-1":
                answer = stream.readline().strip()
        return answer


def addresses_of_listeners():
    """Every address something on this machine listens on, as (hexadecimal address, port)."""
    found = []
    for table in ("tcp", "tcp6"):
        lines = pathlib.Path("/proc/net", table).read_text().splitlines()[1:]
        for fields in (line.split() for line in lines):
            if fields[3] == "0A":
                address, port = fields[1].split(":")
                found.append((address, int(port, 16)))
    return found


class DeployServersTest(harness.TestCase):
    def server(self, name):
        server = Server(name, self.home / name)
        self.addCleanup(server, "stop")
        return server

    def start(self, server, *arguments, **environment):
        started = server("start", *arguments, **environment)
        self.assertEqual(started.returncode, 0, started.stderr)
        return started.stdout.strip()

    def assert_on_loopback(self, ports):
        listening = [each for each in addresses_of_listeners() if each[1] in ports]
        self.assertGreaterEqual(len(listening), len(ports))
        for address, _ in listening:
            self.assertIn(address, ("0100007F", "0000000000000000FFFF00000100007F"))

    def test_wrong_use_says_how(self):
        for name in ("kafka", "redis"):
            server = self.server(name)
            self.assertEqual(server("dance").returncode, 2)
            self.assertEqual(server("start", "--port", "many").returncode, 2)
            self.assertEqual(server("status").returncode, 3)
            self.assertEqual(server("stop").returncode, 0)
            shown = server("--help")
            self.assertEqual(shown.returncode, 0)
            self.assertIn(f"deploy/{name} start", shown.stdout)

    def test_redis_keeps_what_it_was_given(self):
        redis = self.server("redis")
        address = self.start(redis, "--port", "0")
        self.assertEqual(self.start(redis), address)
        self.assert_on_loopback([int(address.split(":")[1])])
        for key, value in (("appendonly", "yes"), ("appendfsync", "everysec"),
                           ("maxmemory-policy", "noeviction"), ("protected-mode", "yes")):
            with self.subTest(key):
                # The answer is *2, the key, the value; each text has its length before it.
                host, port = address.split(":")
                with socket.create_connection((host, int(port))) as connection:
                    connection.sendall(f"CONFIG GET {key}\r\n".encode())
                    self.assertIn(f"\r\n{value}\r\n", connection.recv(1000).decode())
        self.assertEqual(ask_redis(address, "SET bell rings"), "+OK")
        self.assertEqual(redis("stop").returncode, 0)
        self.assertEqual(redis("status").returncode, 3)
        self.assertEqual(self.start(redis), address)
        self.assertEqual(ask_redis(address, "GET bell"), "rings")

    def test_redis_asks_for_its_password(self):
        redis = self.server("redis")
        address = self.start(redis, "--port", "0", TOCSIN_REDIS_PASSWORD="a-word-for-redis")
        self.assertIn("NOAUTH", ask_redis(address, "GET bell"))
        self.assertEqual(ask_redis(address, "AUTH a-word-for-redis", "SET bell rings"), "+OK")

    def test_redis_ends_with_the_process_it_belongs_to(self):
        redis = self.server("redis")
        with subprocess.Popen(["sleep", "600"]) as owner:
            self.start(redis, "--port", "0", "--while", str(owner.pid))
            owner.kill()
        harness.wait_for(lambda: redis("status").returncode == 3)

    def test_three_kafka_nodes_on_loopback(self):
        kafka = self.server("kafka")
        addresses = self.start(kafka, "--nodes", "3", "--port", "0").split(",")
        self.assertEqual(len(addresses), 3)
        first = int(addresses[0].split(":")[1])
        self.assert_on_loopback(range(first, first + 6))
        self.assertEqual(kafka("stop", "--node", "2").returncode, 0)
        shown = kafka("status")
        self.assertEqual(shown.returncode, 3)
        self.assertIn("node 2: stopped", shown.stdout)
        self.assertEqual(self.start(kafka).split(","), addresses)
        self.assertEqual(kafka("status").returncode, 0)
        other = kafka("start", "--nodes", "1")
        self.assertEqual(other.returncode, 1)
        self.assertIn("was made for 3 node(s)", other.stderr)


if __name__ == "__main__":
    unittest.main()
