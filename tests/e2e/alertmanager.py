"""A real Alertmanager, that sends to tocsin by every protocol that it has and tocsin understands."""
import json
import shutil
import subprocess
import urllib.request

import harness
from harness import wait_for


class Alertmanager:
    """Ends with the test."""

    def __init__(self, test, configuration):
        binary = shutil.which("prometheus-alertmanager")
        test.assertTrue(binary, "it is not installed: apt-get install prometheus-alertmanager")
        home = test.home / "alertmanager"
        home.mkdir()
        (home / "alertmanager.yml").write_text(configuration)
        self.port = harness.free_port()
        self.log_file = home / "log"
        with self.log_file.open("wb") as log:
            self._process = subprocess.Popen(
                [binary, f"--config.file={home}/alertmanager.yml", f"--storage.path={home}/data",
                 f"--web.listen-address=127.0.0.1:{self.port}", "--cluster.listen-address="],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        test.addCleanup(self._process.wait)
        test.addCleanup(self._process.kill)
        wait_for(self._is_ready, "a ready Alertmanager")

    def _is_ready(self):
        if self._process.poll() is not None:
            raise AssertionError("Alertmanager ended: " + self.log_file.read_text()[-2000:])
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=1).status == 200
        except OSError:
            return False

    def post(self, *alerts):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v2/alerts", json.dumps(alerts).encode(),
            {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=harness.PATIENCE).close()
