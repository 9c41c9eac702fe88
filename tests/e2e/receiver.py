"""Where the pages arrive: an HTTP server on a free port that remembers every request.

What it answers is the test's to say: `answer` is called with each request, on that request's own
thread, and gives a status; while it does not return, tocsin waits. Not for checking what tocsin
sends as such: that is what `signature_is_good` and the tests do.
"""
import base64
import dataclasses
import functools
import hashlib
import hmac
import http.server
import json
import threading
import time


@dataclasses.dataclass(frozen=True)
class Delivered:
    at: float  # seconds, as time.monotonic() counts them
    headers: dict  # names in lower case
    body: bytes

    @functools.cached_property
    def json(self):
        return json.loads(self.body)

    @property
    def type(self):
        return self.json["type"]

    @property
    def person(self):
        return self.json["person"]

    @property
    def webhook_id(self):
        return self.headers.get("webhook-id")

    @property
    def alertname(self):
        """None of an incident of tocsin's own, which has no alert, and of what is of no incident."""
        alerts = (self.json["incident"] or {}).get("alerts")
        return alerts[0]["labels"]["alertname"] if alerts else None

    def signature_is_good(self, secret):
        """Computed again as https://www.standardwebhooks.com says."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        stamp = self.headers["webhook-timestamp"]
        signed = f"{self.webhook_id}.{stamp}.".encode() + self.body
        good = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return f"v1,{good}" in self.headers["webhook-signature"].split(" ")


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024

    def handle_error(self, request, client_address):
        """A tocsin that is killed leaves its connections in the middle: that is the test."""


class Receiver:
    def __init__(self, answer=lambda delivered: 204, port=0):
        self.answer = answer
        self._lock = threading.Lock()
        self._delivered = []
        receiver = self

        class Request(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                delivered = Delivered(time.monotonic(), headers, body)
                with receiver._lock:
                    receiver._delivered.append(delivered)
                self.send_response(receiver.answer(delivered))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = _Server(("127.0.0.1", port), Request)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/page"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def delivered(self):
        """Everything up to now, in the order of its arrival."""
        with self._lock:
            return list(self._delivered)

    def pages(self, alertname=None):
        return [d for d in self.delivered
                if d.type == "page" and alertname in (None, d.alertname)]

    def of(self, *types):
        return [d for d in self.delivered if d.type in types]

    def resolved(self):
        return [d for d in self.delivered if d.type == "resolved"]

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
