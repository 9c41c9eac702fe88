"""What people do in their chats, texts and calls comes back and acknowledges: as whom, and as nobody
else, whatever a provider posts."""
import re
import unittest

import harness
import vendor
from harness import firing, wait_for
from vendor import Vendor

SERVICE = """\
server:
  listen: 127.0.0.1:0
  external_url: "http://127.0.0.1:{{port}}"
  tokens: [{{{{name: fixer, role: responder, token: "${{{{T_RESPONDER}}}}"}}}}]
journal: {{{{type: sqlite, path: journal/}}}}
integrations:
  - {{{{name: prometheus-production, source: prometheus, key: "${{{{T_KEY}}}}", group_by: [alertname]}}}}
channels:
  - {{{{name: room, type: slack, token: "{slack}", channel: C0123456789, signing_secret: "{signing}", api_url: "{{hook}}/api"}}}}
  - {{{{name: chat, type: telegram, token: "{telegram}", webhook_secret: "{webhook}", url: "{{hook}}"}}}}
  - {{{{name: town, type: mattermost, url: "{{hook}}/hooks/x", buttons: yes}}}}
  - {{{{name: sms, type: twilio-sms, account: {account}, token: "{twilio}", from: "+15005550006", replies: yes, url: "{{hook}}"}}}}
  - {{{{name: call, type: twilio-voice, account: {account}, token: "{twilio}", from: "+15005550006", url: "{{hook}}"}}}}
  - {{{{name: push, type: pushover, token: "{pushover}", url: "{{hook}}"}}}}
people:
  - name: ada
    limit: none
    contacts: {{{{room: U0ADA12345, chat: "1111", town: "@ada", sms: "+353 87 123 4567", call: "+353871234567", push: uAda}}}}
    notify: [{{{{channel: CHANNEL}}}}]
  - {{{{name: grace, contacts: {{{{sms: "+353879999999", room: U0GRACE1234}}}}, notify: [{{{{channel: sms}}}}]}}}}
default: {{{{page: crew}}}}
""".format(slack=vendor.SLACK_TOKEN, signing=vendor.SIGNING_SECRET, telegram=vendor.TELEGRAM_TOKEN,
           webhook=vendor.WEBHOOK_SECRET, account=vendor.ACCOUNT, twilio=vendor.TWILIO_TOKEN,
           pushover=vendor.PUSHOVER_TOKEN)
ROOM = """\
team: crew
policies: [{name: crew, steps: [{page: [{channel: room}, {channel: town}], wait: 1h}]}]
"""
MESSAGES = f"/2010-04-01/Accounts/{vendor.ACCOUNT}/Messages.json"
CRITICAL = {"severity": "critical"}
CALLS = f"/2010-04-01/Accounts/{vendor.ACCOUNT}/Calls.json"
POST_MESSAGE = "/api/chat.postMessage"


class ButtonsTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.vendor = Vendor()
        self.addCleanup(self.vendor.close)

    def serve(self, channel, **settings):
        """A tocsin that pages ada by this channel alone, or the rooms."""
        self.service = self.tocsin(hook=self.vendor.url, service=SERVICE.replace("CHANNEL", channel),
                                   **settings)
        self.base = f"http://127.0.0.1:{self.service.port}"

    def fire(self, *names):
        for name in names:
            self.assertEqual(self.service.post(firing(name, CRITICAL)).status, 200)

    def incident(self, title="Disk"):
        found = [i for i in self.service.incidents() if title in i["title"]]
        return self.service.api("incidents/" + found[0]["id"]).json

    def assert_acknowledged_by(self, person, title="Disk"):
        incident = self.incident(title)
        self.assertEqual((incident["state"], incident["acknowledged_by"]),
                         ("acknowledged", person))
        self.assertEqual([e["by"] for e in incident["timeline"] if e["kind"] == "acknowledged"],
                         [person])

    def assert_open(self, title="Disk"):
        self.assertEqual(self.incident(title)["state"], "open")

    def tearDown(self):
        for secret in vendor.SECRETS:
            self.assertNotIn(secret, self.service.log())

    def test_a_button_in_slack_acknowledges_and_the_message_shows_it(self):
        self.serve("push", team=ROOM)
        self.fire("Disk")
        page = self.vendor.wait(POST_MESSAGE)
        body = self.vendor.slack_payload(page, "acknowledge", "U0ADA12345")
        for headers in (self.vendor.slack_headers(body, "another"), {"Content-Type": vendor.FORM},
                        self.vendor.slack_headers(body, age=400),
                        self.vendor.slack_headers(body + "x")):
            self.assert_problem(self.service.request("POST", "/answers/room", body, headers), 401)
        stranger = self.vendor.press_in_slack(self.service, page, "acknowledge", "U0MALLORY1")
        self.assertEqual((stranger.status, stranger.body), (200, b""))
        told = self.vendor.wait("/actions/1").json
        self.assertEqual((told["response_type"], told["replace_original"]), ("ephemeral", False))
        self.assertIn("u0mallory1", told["text"])
        self.assert_open()
        for number in (2, 2):  # Slack posts it once more
            pressed = self.vendor.press_in_slack(self.service, page, "acknowledge", "U0ADA12345",
                                                 number)
            self.assertEqual((pressed.status, pressed.body), (200, b""))
            self.assert_acknowledged_by("ada")
        shown = self.vendor.wait("/actions/2").json
        self.assertTrue(shown["replace_original"])
        self.assertRegex(str(shown["blocks"]), "Acknowledged by ada at ..:.. UTC")
        self.assertNotIn("'acknowledge'", str(shown["blocks"]))
        self.vendor.press_in_slack(self.service, page, "resolve", "U0GRACE1234", 3)
        incident = self.incident()
        self.assertEqual((incident["state"], incident["resolved_by"]), ("resolved", "grace"))
        self.vendor.press_in_slack(self.service, page, "acknowledge", "U0ADA12345", 4)
        self.assertIn("Resolved by grace", str(self.vendor.wait("/actions/4").json["blocks"]))

    def test_a_button_that_is_pressed_before_the_pages_own_answer_counts(self):
        pressed = []

        def press(taken):
            if taken.path == POST_MESSAGE and not pressed:
                pressed.append(self.vendor.press_in_slack(self.service, taken, "acknowledge",
                                                          "U0ADA12345"))

        self.vendor.before_answer = press
        self.serve("room")
        self.fire("Disk")
        wait_for(lambda: pressed, "the button")
        self.assertEqual(pressed[0].status, 200)
        self.assert_acknowledged_by("ada")
        wait_for(lambda: self.incident()["pages"][0]["status"] == "accepted", "the page's answer")
        # A contact that is a user's id is written to alone.
        self.assertEqual(self.vendor.wait(POST_MESSAGE).json["channel"], "U0ADA12345")
        self.assert_acknowledged_by("ada")

    def test_a_button_in_telegram_acknowledges_and_an_old_one_says_that_it_is_over(self):
        self.serve("chat")
        self.fire("Disk")
        page = self.vendor.wait(f"/bot{vendor.TELEGRAM_TOKEN}/sendMessage")
        forged = self.vendor.press_in_telegram(self.service, page, "a", 1111, "another")
        self.assert_problem(forged, 401)
        stranger = self.vendor.press_in_telegram(self.service, page, "a", 2222)
        self.assertTrue(stranger.json["show_alert"])
        self.assert_open()
        for _ in range(2):
            pressed = self.vendor.press_in_telegram(self.service, page, "a", 1111, update=2)
            self.assertEqual(pressed.json["method"], "answerCallbackQuery")
            self.assertIn("Acknowledged by ada", pressed.json["text"])
            self.assert_acknowledged_by("ada")
        edited = self.vendor.wait(f"/bot{vendor.TELEGRAM_TOKEN}/editMessageText").json
        self.assertIn("<b>Acknowledged by ada", edited["text"])
        self.service.post(harness.over("Disk", CRITICAL))
        wait_for(lambda: self.incident()["state"] == "resolved", "the end")
        late = self.vendor.press_in_telegram(self.service, page, "a", 1111, update=3).json
        self.assertTrue(late["show_alert"])
        self.assertIn("is over already", late["text"])

    def test_a_button_in_mattermost_acknowledges_and_a_forged_one_does_not(self):
        self.serve("push", team=ROOM)
        self.fire("Disk")
        page = self.vendor.wait("/hooks/x")
        press = page.json["attachments"][0]["actions"][0]["integration"]["context"]["press"]
        for forged in ("", press[:-1], press + "A", press.replace(".1", ".2", 1)):
            answer = self.vendor.press_in_mattermost(self.service, page, "acknowledge", "ada",
                                                     press=forged)
            self.assert_problem(answer, 401)
        stranger = self.vendor.press_in_mattermost(self.service, page, "acknowledge", "mallory")
        self.assertIn("mallory", stranger.json["ephemeral_text"])
        self.assert_open()
        for _ in range(2):
            pressed = self.vendor.press_in_mattermost(self.service, page, "acknowledge", "ada").json
            self.assertIn("**Acknowledged by ada", pressed["update"]["message"])
            self.assertIn("Disk", pressed["update"]["message"])
            self.assert_acknowledged_by("ada")

    def reply(self, text, number="+353871234567", **others):
        answer = self.vendor.as_twilio(self.service, self.base + "/answers/sms",
                                       {"MessageSid": f"SM{text}", "From": number,
                                        "To": "+15005550006", "Body": text}, **others)
        if answer.status == 200:
            self.assertEqual(answer.headers["content-type"], "text/xml")
        return answer

    def test_a_reply_to_a_text_acknowledges_by_its_code(self):
        self.serve("sms")
        self.fire("Disk")
        page = self.vendor.wait(MESSAGES).form
        code = re.search("Reply 1 (\\w+) to acknowledge", page["Body"])[1]
        self.assertEqual(self.incident()["id"][:5], code)
        self.assert_problem(self.reply("1 " + code, token="another"), 401)
        self.assertIn("does not know", self.reply("1 " + code, "+353870000000").text)
        self.assertIn("Nothing is open", self.reply("1 " + code, "+353879999999").text)
        self.assert_open()
        self.fire("Fan")
        self.vendor.wait(MESSAGES, 2)
        several = self.reply("ok").text
        self.assertIn(code + " ", several)
        self.assertIn("Fan", several)
        self.assert_open()
        self.assertIn("Acknowledged by ada", self.reply("1 " + code.upper()).text)
        self.assert_acknowledged_by("ada")
        self.assertIn("Acknowledged by ada", self.reply("ACK").text)  # one is left
        self.assert_acknowledged_by("ada", "Fan")
        self.assertIn("Resolved by ada", self.reply("R " + code).text)
        report = page["StatusCallback"]
        unsigned = self.service.request("POST", report.removeprefix(self.base),
                                        "MessageStatus=failed", {"Content-Type": vendor.FORM})
        self.assert_problem(unsigned, 401)
        self.assertEqual(self.vendor.as_twilio(self.service, report,
                                               {"MessageStatus": "delivered"}).status, 204)
        wait_for(lambda: self.incident()["pages"][0]["receipt"] == "delivered", "the receipt")

    def test_a_digit_on_the_phone_acknowledges_and_nobody_is_called_when_it_is_over(self):
        self.serve("call")
        self.fire("Disk")
        twiml = self.vendor.wait(CALLS).form["Twiml"]
        url = re.search('action="([^"]+)"', twiml)[1]
        digits = lambda d, **others: self.vendor.as_twilio(  # noqa: E731
            self.service, url, {"CallSid": "CA1", "Digits": d}, **others)
        self.assert_problem(digits("1", token="another"), 401)
        for pressed, state in (("9", "open"), ("", "open"), ("1", "acknowledged")):
            answer = digits(pressed)
            self.assertEqual((answer.status, answer.headers["content-type"]), (200, "text/xml"))
            self.assertIn("<Say>", answer.text)
            self.assertEqual(self.incident()["state"], state)
        self.assert_acknowledged_by("ada")
        self.service.post(harness.over("Disk", CRITICAL))

        def told():
            return [p["status"] for p in self.incident()["pages"] if p["type"] == "resolved"]

        wait_for(lambda: told() == ["accepted"], "the word that it is over")
        self.assertEqual(len(self.vendor.taken(CALLS)), 1)

    def test_what_is_acknowledged_in_pushover_is_acknowledged(self):
        self.serve("push")
        self.fire("Disk")
        page = self.vendor.wait("/1/messages.json").form
        self.assertEqual(page["priority"], "2")
        path = page["callback"].removeprefix(self.base)
        form = {"Content-Type": vendor.FORM}
        seen = "receipt=r1&acknowledged={}&acknowledged_at=1787221000&acknowledged_by=uAda"
        self.assertEqual(self.service.request("POST", path + "A", seen.format(1), form).status, 403)
        self.assertEqual(self.service.request("POST", path, seen.format(0), form).status, 200)
        self.assert_open()
        for _ in range(2):
            self.assertEqual(self.service.request("POST", path, seen.format(1), form).status, 200)
            self.assert_acknowledged_by("ada")

    def test_where_no_answers_come_back_there_is_nothing(self):
        self.serve("push")
        for channel in ("nowhere", "room/more", ""):
            self.assertEqual(self.service.request("POST", "/answers/" + channel, "x").status, 404)
        self.assertEqual(self.service.get("/answers/room").status, 405)
        for channel in ("room", "chat", "sms"):
            self.assertEqual(self.service.request("POST", "/answers/" + channel, "x").status, 401)


if __name__ == "__main__":
    unittest.main()
