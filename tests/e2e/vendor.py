"""Providers that tocsin pages by, on one loopback port: they take messages as their documentation
says, remember them, and press what is in them.

    vendor = Vendor()
    tocsin pages …
    page = vendor.wait("/api/chat.postMessage")
    vendor.press_in_slack(tocsin, page, "acknowledge", user="U0ADA12345")

Signatures are computed here from the providers' descriptions, not by tocsin's own code.
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
import urllib.parse

from harness import wait_for

SIGNING_SECRET = "slack-signing-secret-0123456789"
SLACK_TOKEN = "xoxb-slack-token-0123456789"
TELEGRAM_TOKEN = "110201543:telegram-token-0123456789"
WEBHOOK_SECRET = "telegram-webhook-secret-0123456789"
TWILIO_TOKEN = "twilio-auth-token-0123456789"
PUSHOVER_TOKEN = "pushover-token-0123456789"
SECRETS = (SIGNING_SECRET, SLACK_TOKEN, TELEGRAM_TOKEN, WEBHOOK_SECRET, TWILIO_TOKEN, PUSHOVER_TOKEN)
ACCOUNT = "AC00000000000000000000000000000000"
FORM = "application/x-www-form-urlencoded"


@dataclasses.dataclass(frozen=True)
class Taken:
    path: str
    headers: dict  # names in lower case
    body: bytes

    @functools.cached_property
    def json(self):
        return json.loads(self.body)

    @functools.cached_property
    def form(self):
        return dict(urllib.parse.parse_qsl(self.body.decode()))


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A tocsin that is killed leaves its connections in the middle."""


class Vendor:
    def __init__(self):
        self.before_answer = lambda taken: None  # while tocsin waits for the answer
        self._lock = threading.Lock()
        self._taken = []
        vendor = self

        class Request(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                taken = Taken(self.path, headers, body)
                with vendor._lock:
                    vendor._taken.append(taken)
                    number = len(vendor._taken)
                vendor.before_answer(taken)
                status, answer = vendor._answer(taken, number)
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self._server = _Server(("127.0.0.1", 0), Request)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @staticmethod
    def _answer(taken, number):
        if taken.path.startswith("/2010-04-01/"):
            return 201, json.dumps({"sid": f"SM{number}", "status": "queued"}).encode()
        if taken.path == "/1/messages.json":
            return 200, json.dumps({"status": 1, "receipt": f"r{number}"}).encode()
        if taken.path.startswith(("/hooks/", "/actions/")):
            return 200, b"ok"
        answer = {"ok": True, "ts": f"17872209{number:02}.000100", "result": {"message_id": number}}
        return 200, json.dumps(answer).encode()

    def taken(self, path):
        with self._lock:
            return [each for each in self._taken if each.path == path]

    def wait(self, path, count=1):
        """The last of `count` requests to this path, waited for."""
        return wait_for(lambda: len(self.taken(path)) >= count and self.taken(path)[count - 1],
                        f"request {count} to {path}")

    # ── what its users do ──

    def slack_payload(self, page, action, user, number=1):
        """What Slack posts when `user` presses `action` in the message `page`."""
        buttons = [e for block in page.json["blocks"] for e in block.get("elements", [])]
        value = next(b["value"] for b in buttons if b.get("action_id") == action)
        return urllib.parse.urlencode({"payload": json.dumps({
            "type": "block_actions", "user": {"id": user, "username": user.lower()},
            "trigger_id": f"1.{number}", "channel": {"id": page.json["channel"]},
            "message": {"ts": "1787220902.000100", "text": page.json["text"],
                        "blocks": page.json["blocks"]},
            "response_url": f"{self.url}/actions/{number}",
            "actions": [{"action_id": action, "type": "button", "value": value}]})})

    @staticmethod
    def slack_headers(body, secret=SIGNING_SECRET, age=0):
        stamp = str(int(time.time()) - age)
        digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
        return {"Content-Type": FORM, "X-Slack-Request-Timestamp": stamp,
                "X-Slack-Signature": "v0=" + digest.hexdigest()}

    def press_in_slack(self, tocsin, page, action, user, number=1):
        body = self.slack_payload(page, action, user, number)
        return tocsin.request("POST", "/answers/room", body, self.slack_headers(body))

    @staticmethod
    def press_in_telegram(tocsin, page, letter, user, secret=WEBHOOK_SECRET, update=1):
        keyboard = page.json["reply_markup"]["inline_keyboard"]
        data = next(b["callback_data"] for row in keyboard for b in row
                    if b.get("callback_data", "").startswith(letter + ":"))
        body = json.dumps({"update_id": update, "callback_query": {
            "id": f"query{update}", "from": {"id": user, "first_name": "Somebody"}, "data": data,
            "message": {"message_id": 321, "chat": {"id": page.json["chat_id"]},
                        "text": page.json["text"], "reply_markup": page.json["reply_markup"]}}})
        return tocsin.request("POST", "/answers/chat", body, {
            "Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret})

    @staticmethod
    def press_in_mattermost(tocsin, page, action, user, **changed):
        actions = page.json["attachments"][0]["actions"]
        pressed = next(a for a in actions if a["id"] == action)
        path = urllib.parse.urlsplit(pressed["integration"]["url"]).path
        body = json.dumps({"user_id": "rd49ehbqyjytddasoownkuqrxe", "user_name": user,
                           "type": "button", "trigger_id": "t",
                           "context": {**pressed["integration"]["context"], **changed}})
        return tocsin.request("POST", path, body, {"Content-Type": "application/json"})

    @staticmethod
    def as_twilio(tocsin, url, values, token=TWILIO_TOKEN):
        """Posts a form to a URL of tocsin's, signed."""
        whole = url + "".join(name + values[name] for name in sorted(values))
        digest = hmac.new(token.encode(), whole.encode(), hashlib.sha1).digest()
        return tocsin.request("POST", urllib.parse.urlsplit(url).path,
                              urllib.parse.urlencode(values),
                              {"Content-Type": FORM,
                               "X-Twilio-Signature": base64.b64encode(digest).decode()})
