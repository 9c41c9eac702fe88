"""The link in a page: whoever holds it may look at one incident and acknowledge it; no more."""
import unittest

import harness
from harness import firing

HOSTILE = '<script>alert("pwned")</script><img src=x onerror=alert(1)>'


class PageLinkTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.service = self.tocsin()

    def link(self, alertname="Disk", **others):
        """The path of the link in the page for this alert."""
        self.assertEqual(self.service.post(firing(alertname, **others)).status, 200)
        url = self.page(alertname).json["acknowledge_url"]
        base = f"http://127.0.0.1:{self.service.port}"
        self.assertTrue(url.startswith(base + "/p/"), url)
        return url.removeprefix(base)

    def state(self):
        return self.service.incidents()[0]["state"]

    def test_looking_shows_a_button_and_pressing_it_acknowledges_as_the_one_who_was_paged(self):
        path = self.link()
        for _ in range(2):  # a mail scanner, and a person
            self.assertIn("Acknowledge as ada", self.service.get(path).text)
        self.assertEqual(self.service.request("HEAD", path).status, 200)
        self.assertEqual(self.state(), "open")
        for _ in range(2):  # an impatient thumb
            done = self.service.request("POST", path)
            self.assertEqual(done.status, 200)
            self.assertIn("You have it: acknowledged by ada for less than a minute", done.text)
        self.assertEqual(self.state(), "acknowledged")

    def test_the_link_of_an_incident_that_is_over_says_so(self):
        path = self.link()
        self.service.post(harness.over("Disk"))
        harness.wait_for(lambda: self.state() == "resolved")
        shown = self.service.request("POST", path)
        self.assertIn("Resolved at", shown.text)
        self.assertNotIn("<button", shown.text)
        self.assertEqual(self.state(), "resolved")

    def test_only_what_the_buttons_send_is_done(self):
        path = self.link()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for body in ("do=resolve", "do=approve", "do=acknowledge&do=acknowledge", "x"):
            self.assertEqual(self.service.request("POST", path, body, form).status, 400, body)
        self.assertEqual(self.state(), "open")
        self.assertEqual(self.service.request("POST", path, "do=acknowledge", form).status, 200)
        self.assertEqual(self.state(), "acknowledged")

    def test_a_link_that_was_tampered_with_is_403_and_acknowledges_nothing(self):
        path = self.link()
        other = self.link("Other").removeprefix("/p/").split(".")[0]
        incident, person, expires, message, signature = path.removeprefix("/p/").split(".")
        for forged in (path[:-1], path + "A", path[:-4] + "AAAA",
                       f"/p/{incident}.Z3JhY2U.{expires}.{message}.{signature}",
                       f"/p/{incident}.{person}.{int(expires) + 1}.{message}.{signature}",
                       f"/p/{other}.{person}.{expires}.{message}.{signature}",
                       f"/p/{incident}.{person}.{expires}.{message[:-1]}A.{signature}",
                       f"/p/{incident}.{person}.{expires}.{signature}",
                       f"/p/{incident}.{person}.{expires}.{message}.", "/p/...", "/p/x"):
            for method in ("GET", "POST"):
                with self.subTest(method=method, path=forged):
                    answer = self.service.request(method, forged)
                    self.assertEqual(answer.status, 403)
                    self.assertTrue(answer.headers["content-type"].startswith("text/html"))
                    self.assertNotIn("Disk", answer.text)
        self.assertEqual({i["state"] for i in self.service.incidents()}, {"open"})

    def test_the_page_forbids_scripts_frames_referrers_and_caches(self):
        path = self.link()
        for answer in (self.service.get(path), self.service.request("POST", path),
                       self.service.get("/p/x")):
            policy = answer.headers["content-security-policy"]
            for directive in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"):
                self.assertIn(directive, policy)
            self.assertNotIn("script-src", policy)
            self.assertEqual((answer.headers["referrer-policy"], answer.headers["cache-control"],
                              answer.headers["x-content-type-options"]),
                             ("no-referrer", "no-store", "nosniff"))

    def test_text_from_an_alert_is_shown_as_text(self):
        path = self.link("Disk", labels={HOSTILE: HOSTILE, "service": HOSTILE},
                         annotations={"summary": HOSTILE, HOSTILE: HOSTILE},
                         generatorURL="javascript:alert(1)")
        for answer in (self.service.get(path), self.service.request("POST", path)):
            self.assertEqual(answer.status, 200)
            self.assertNotIn("<script", answer.text)
            self.assertNotIn("<img", answer.text)
            self.assertNotIn('href="javascript:', answer.text)
            self.assertIn("&lt;script&gt;alert(&quot;pwned&quot;)", answer.text)

    def test_a_link_works_after_a_restart_with_the_secret_that_is_kept_in_data(self):
        path = self.link()
        self.service.kill()
        self.service.start()
        self.assertEqual(self.service.request("POST", path).status, 200)
        self.assertEqual(self.state(), "acknowledged")
        secret = self.service.data / "secret"
        self.assertEqual(secret.stat().st_mode & 0o777, 0o600)
        self.assertNotIn(secret.read_text().strip(), self.service.log())


if __name__ == "__main__":
    unittest.main()
