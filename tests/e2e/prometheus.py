"""A real Prometheus, and the one thing that it looks at: both switched by the test."""
import http.server
import shutil
import subprocess
import threading

import harness

CONFIGURATION = """\
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ["*.rules.yml"]
scrape_configs:
  - job_name: shop
    honor_labels: true
    static_configs: [{{targets: ["127.0.0.1:{exporter}"]}}]
alerting:
  alertmanagers:
    - path_prefix: /in/prometheus-production
      authorization: {{credentials: {key}}}
      static_configs: [{{targets: ["127.0.0.1:{tocsin}"]}}]
"""


class Exporter:
    """Metrics by their text, such as `failing{environment="staging"}`, which the test sets."""

    def __init__(self, **metrics):
        self.metrics = dict(metrics)
        exporter = self

        class Scrape(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = "".join(f"{name} {value}\n"
                               for name, value in exporter.metrics.items()).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Scrape)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def start_prometheus(test, tocsin, exporter, rules):
    """`rules`: a file's name, which ends in .rules.yml, to its text. Ends with the test. Returns its
    log."""
    binary = shutil.which("prometheus")
    test.assertTrue(binary, "prometheus is not installed: apt-get install prometheus")
    home = test.home / "prometheus"
    home.mkdir()
    for name, text in rules.items():
        (home / name).write_text(text)
    (home / "prometheus.yml").write_text(CONFIGURATION.format(
        exporter=exporter.port, key=harness.KEY, tocsin=tocsin.port))
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [binary, f"--config.file={home}/prometheus.yml", f"--storage.tsdb.path={home}/tsdb",
             f"--web.listen-address=127.0.0.1:{harness.free_port()}",
             "--rules.alert.resend-delay=1s"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    test.addCleanup(process.wait)
    test.addCleanup(process.kill)
    return home / "log"
