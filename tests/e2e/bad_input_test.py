"""Whatever is thrown at the front door: each its documented answer, each counted, no key repeated,
and the next good alert is taken and paged."""
import base64
import gzip
import json
import socket
import unittest

import harness
from harness import KEY, firing, rfc3339

ALERTS_PATH = "/in/prometheus-production/api/v2/alerts"
MOST_BODY = 16 << 20
MOST_ALERTS = 10_000
WRONG_KEY = "key-that-nobody-has-0123456789"


def alerts_rejected(reason, integration="prometheus-production"):
    return f'tocsin_alerts_rejected_total{{integration="{integration}",reason="{reason}"}}'


UNUSABLE, BAD_ALERT = alerts_rejected("unusable"), alerts_rejected("bad_alert")
TOO_MANY, WRONG_PATH = alerts_rejected("too_many_alerts"), alerts_rejected("wrong_key")
NO_SUCH_PATH = alerts_rejected("no_route")
NO_KEY, WRONG = alerts_rejected("no_key", ""), alerts_rejected("wrong_key", "")
TOO_LARGE = 'tocsin_http_rejected_total{reason="body_too_large"}'
BAD_BODY = 'tocsin_http_rejected_total{reason="bad_body"}'
NO_ROUTE = 'tocsin_http_rejected_total{reason="no_route"}'


class BadInputTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.service = self.tocsin()

    def tearDown(self):
        """Whatever the test did: tocsin takes the next good alert and pages."""
        self.assertEqual(self.service.post(firing("StillWell")).status, 200)
        self.page("StillWell")
        self.assert_no_secret(self.service.log())
        self.assertNotIn(WRONG_KEY, self.service.log())

    def counted(self, name, send):
        """What `send` returns, after checking that it was counted under this name, once."""
        before = self.service.metrics().get(name, 0)
        answer = send()
        self.assertEqual(self.service.metrics().get(name, 0), before + 1, name)
        return answer

    def expect_incidents(self, *titles):
        """These and no others: one that came later is through, so nothing is still on its way."""
        self.assertEqual(self.service.post(firing("Last")).status, 200)
        self.page("Last")
        self.assertEqual(sorted(i["title"] for i in self.service.incidents()),
                         sorted([*titles, "Last"]))

    def refuse_body(self, body, says):
        """The whole request cannot be used: as Alertmanager says it."""
        answer = self.counted(UNUSABLE, lambda: self.service.post_bytes(body))
        self.assertEqual((answer.status, answer.headers["content-type"]),
                         (400, "application/json"), answer.body)
        self.assertEqual((set(answer.json), answer.json["code"]), ({"code", "message"}, 400))
        self.assertIn(says, answer.json["message"])
        self.assert_no_secret(answer.text)

    def refuse_alert(self, alert, says):
        """The only alert of a request is wrong: a JSON string says which and why."""
        answer = self.counted(BAD_ALERT, lambda: self.service.post(alert))
        self.assertEqual((answer.status, answer.headers["content-type"]),
                         (400, "application/json"), answer.body)
        self.assertTrue(answer.json.startswith("alert 0: "), answer.json)
        self.assertIn(says, answer.json)

    def test_a_body_that_is_no_list_of_alerts_is_400_and_says_why(self):
        for body, says in [(b"", "empty"), (b"{", "not"), (b"[{]", "at byte 3"),
                           (b'[{"labels":{"alertname":"Cut', "not JSON"),
                           (b"[1e999]", "number is too large"), (b"[] []", "not JSON"),
                           (b'{"labels":{}}', "list of alerts"), (b'"alerts"', "list of alerts"),
                           (b"null", "list of alerts"), (b"\x00\x01\x02", "not JSON")]:
            with self.subTest(body=body):
                self.refuse_body(body, says)

    def test_invalid_utf8_is_400_and_says_where(self):
        self.refuse_body(b'[{"labels":{"alertname":"\xff\xfe"}}]', "not UTF-8, at byte")
        self.refuse_body(b'[{"labels":{"alertname":"\xed\xa0\x80"}}]', "not UTF-8, at byte")

    def test_eighty_thousand_nested_arrays_are_400_and_cost_nothing(self):
        self.refuse_body(b"[" * 80_000, "nested more than")
        self.refuse_body(b'[{"labels":' * 80_000, "nested more than")

    def test_values_of_wrong_types_are_400_and_named(self):
        for alert, says in [(7, "must be an object"), ("page me", "must be an object"),
                            (None, "must be an object"), ([], "must be an object"),
                            ({"labels": "alertname"}, "labels is a string"),
                            ({"labels": []}, "labels is a list"),
                            ({"labels": {"alertname": 5}}, 'label "alertname" is a number'),
                            ({"labels": {"alertname": {}}}, 'label "alertname" is an object'),
                            ({"labels": {}}, "label"), ({}, "label"),
                            (firing("A", annotations=3), "annotations is a number"),
                            (firing("A", startsAt=1_700_000_000), "startsAt is a number"),
                            (firing("A", startsAt="yesterday"), "startsAt is"),
                            (firing("A", startsAt="2026-02-30T00:00:00Z"), "startsAt is"),
                            (firing("A", startsAt=rfc3339(7200)), "before end")]:
            with self.subTest(alert=alert):
                self.refuse_alert(alert, says)

    def test_one_bad_alert_among_good_ones_is_named_and_the_good_ones_page(self):
        answer = self.counted(BAD_ALERT, lambda: self.service.post(
            firing("Good"), {"labels": {"alertname": 5}}, firing("GoodToo")))
        self.assertEqual((answer.status, answer.headers["content-type"]), (400, "application/json"))
        self.assertRegex(answer.json, '^alert 1: label "alertname" is a number')
        self.page("Good")
        self.page("GoodToo")

    def test_ten_thousand_alerts_are_taken_and_one_more_is_413(self):
        def alerts(count):
            return json.dumps([firing("Same", {"n": str(i)}) for i in range(count)]).encode()

        answer = self.counted(TOO_MANY, lambda: self.service.post_bytes(alerts(MOST_ALERTS + 1)))
        self.assert_problem(answer, 413)
        self.assertIn("10000", answer.json["detail"])
        self.expect_incidents()
        self.assertEqual(self.service.post_bytes(alerts(MOST_ALERTS)).status, 200)
        self.page("Same")
        self.expect_incidents("Same")

    def test_a_body_over_16_mib_is_413_by_length_by_chunks_and_inflated(self):
        by_length = self.counted(TOO_LARGE, lambda: self.raw(
            b"Content-Length: %d\r\n\r\n" % (MOST_BODY + 1), b""))
        self.assertIn(b"HTTP/1.1 413 ", by_length)
        mebibyte = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
        by_chunks = self.counted(TOO_LARGE, lambda: self.raw(
            b"Transfer-Encoding: chunked\r\n\r\n", mebibyte * 16 + b"1\r\n \r\n0\r\n\r\n"))
        self.assertIn(b"HTTP/1.1 413 ", by_chunks)
        bomb = gzip.compress(b" " * (200 << 20), 1)
        self.assertLess(len(bomb), MOST_BODY)
        inflated = self.counted(TOO_LARGE, lambda: self.service.post_bytes(
            bomb, {"Authorization": "Bearer " + KEY, "Content-Encoding": "gzip"}))
        self.assert_problem(inflated, 413)

    def raw(self, framing, body):
        """Sends without waiting for a word in between, and reads the answer to its end."""
        with socket.create_connection(("127.0.0.1", self.service.port), harness.PATIENCE) as sender:
            head = f"POST {ALERTS_PATH} HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer {KEY}\r\n"
            try:
                sender.sendall(head.encode() + framing + body)
            except (BrokenPipeError, ConnectionResetError):
                pass  # refused before the end, which is what is asked for
            return sender.makefile("rb").read()

    def test_gzip_is_inflated_and_damaged_gzip_is_400(self):
        headers = {"Authorization": "Bearer " + KEY, "Content-Encoding": "gzip"}
        good = gzip.compress(json.dumps([firing("Zipped")]).encode())
        self.assertEqual(self.service.post_bytes(good, headers).status, 200)
        self.page("Zipped")
        self.assert_problem(
            self.counted(BAD_BODY, lambda: self.service.post_bytes(good[:-9], headers)), 400)

    def test_no_key_is_401_and_a_wrong_one_403_and_neither_is_repeated(self):
        body = json.dumps([firing("Uninvited")]).encode()
        none = self.counted(NO_KEY, lambda: self.service.post_bytes(body, {"Host": "t"}))
        self.assert_problem(none, 401)
        self.assertEqual(none.headers["www-authenticate"], 'Basic realm="tocsin", Bearer')
        basic = base64.b64encode(f"user:{WRONG_KEY}".encode()).decode()
        for headers in ({"Authorization": "Bearer " + WRONG_KEY}, {"X-Tocsin-Key": WRONG_KEY},
                        {"Authorization": "Basic " + basic},
                        {"Authorization": "Bearer " + KEY[:-1]}):
            with self.subTest(headers=headers):
                wrong = self.counted(WRONG, lambda h=headers: self.service.post_bytes(body, h))
                self.assert_problem(wrong, 403)
                self.assertNotIn(WRONG_KEY, wrong.text)
        self.expect_incidents()

    def test_a_key_opens_only_its_own_integration(self):
        body = json.dumps([firing("Misled")]).encode()
        for path in ("/in/prometheus-staging/api/v2/alerts", "/in/nobody"):
            with self.subTest(path=path):
                self.assert_problem(self.counted(
                    WRONG_PATH, lambda p=path: self.service.post_bytes(body, path=p)), 403)
        self.expect_incidents()

    def test_a_path_that_is_not_there_is_404_and_a_wrong_method_405(self):
        missing = self.counted(
            NO_SUCH_PATH,
            lambda: self.service.post_bytes(b"[]", path="/in/prometheus-production/nope"))
        self.assert_problem(missing, 404)
        wrong = self.counted(NO_SUCH_PATH, lambda: self.service.request(
            "PUT", ALERTS_PATH, b"[]", {"Authorization": "Bearer " + KEY}))
        self.assert_problem(wrong, 405)
        self.assertEqual(wrong.headers["allow"], "GET, POST")
        self.assert_problem(self.counted(NO_ROUTE, lambda: self.service.get("/nope")), 404)

    def test_the_key_is_taken_wherever_a_sender_can_put_it(self):
        body = json.dumps([firing("Keyed")]).encode()
        basic = base64.b64encode(f"prometheus:{KEY}".encode()).decode()
        for headers in ({"Authorization": "Bearer " + KEY}, {"Authorization": "Basic " + basic},
                        {"X-Tocsin-Key": KEY}):
            for path in (ALERTS_PATH, "/api/v2/alerts", "/in/prometheus-production"):
                self.assertEqual(self.service.post_bytes(body, headers, path).status, 200)
        self.assertEqual(self.service.post_bytes(
            body, {"Host": "t"}, "/api/v2/alerts?key=" + KEY).status, 200)

    def test_years_1_and_1970_and_2100_are_times_like_any_other(self):
        for name, start, end in [
                ("Ended1970", "0001-01-01T00:00:01Z", "1970-01-01T00:00:00Z"),
                ("GoNoTime", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
                ("Since1970", "1970-01-01T00:00:00Z", "2100-01-01T00:00:00Z"),
                ("From2100", "2100-01-01T00:00:00Z", "2100-01-01T00:00:01Z")]:
            alert = {"labels": {"alertname": name}, "startsAt": start, "endsAt": end}
            self.assertEqual(self.service.post(alert).status, 200, name)
        for name in ("GoNoTime", "Since1970", "From2100"):
            self.page(name)
        self.expect_incidents("From2100", "GoNoTime", "Since1970")


if __name__ == "__main__":
    unittest.main()
