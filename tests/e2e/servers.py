"""Kafka and Redis for the tests, as deploy/kafka and deploy/redis start them."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from harness import SOURCE

START_WITHIN = 300.0  # the first start on a machine brings Kafka's jars


class Server:
    """One of the commands below deploy/, always with the same data."""

    def __init__(self, name, data):
        self.command, self.data = [str(SOURCE / "deploy" / name)], data

    def __call__(self, *arguments, **environment):
        return subprocess.run([*self.command, *arguments, "--data", str(self.data)],
                              capture_output=True, text=True, check=False, timeout=START_WITHIN,
                              stdin=subprocess.DEVNULL, env={**os.environ, **environment})

    def start(self, *arguments, **environment):
        """Its address. It ends with this process at the latest."""
        started = self("start", *arguments, "--while", str(os.getpid()), **environment)
        if started.returncode != 0:
            raise AssertionError(f"{self.command[0]} did not start: {started.stderr}")
        return started.stdout.strip()

    def stop(self, *arguments):
        stopped = self("stop", *arguments)
        if stopped.returncode != 0:
            raise AssertionError(f"{self.command[0]} did not stop: {stopped.stderr}")

    def kill(self, node):
        """One node of Kafka, as a power cut does; start() brings it back."""
        os.kill(int((self.data / f"node{node}" / "pid").read_text()), signal.SIGKILL)


def start_for(test_class, *names):
    """Of each name a server and its address, for all tests of the class, after which they end."""
    home = pathlib.Path(tempfile.mkdtemp(prefix="tocsin-servers-"))
    test_class.addClassCleanup(shutil.rmtree, home)
    started = []
    for name in names:
        server = Server(name, home / name)
        test_class.addClassCleanup(server, "stop")
        started.append((server, server.start("--port", "0")))
    return started
