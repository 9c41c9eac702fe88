"""SIGHUP: a good configuration takes over at once, a bad one changes nothing, and nobody is paged
for it."""
import unittest

import harness
from harness import ADA_ALONE, KEY, firing, wait_for

NEW_KEY = "key-that-replaces-the-old-0123456789"


class ReloadTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.service = self.tocsin()
        self.service.post(firing("Before"))
        self.incident = self.page("Before").json["incident"]["id"]

    def reload(self, says):
        """Asks, and waits for what the log says to this one."""
        seen = len(self.service.log())
        self.service.hang_up()
        wait_for(lambda: says in self.service.log()[seen:], says)
        return self.service.log()[seen:]

    def expect_paged(self, alertname, person, key=KEY):
        self.assertEqual(self.service.post(firing(alertname), key=key).status, 200)
        self.assertEqual(self.page(alertname).person, person)
        self.assertEqual(len(self.receiver.pages("Before")), 1, "the reload paged again")

    def test_a_good_configuration_takes_over_and_pages_nobody_again(self):
        self.service.write("teams/crew.yaml", ADA_ALONE.replace("person: ada", "person: grace"))
        service = (self.service.config / "tocsin.yaml").read_text()
        self.service.write("tocsin.yaml", service.replace("${T_KEY}", NEW_KEY))
        self.reload("reloaded")
        self.expect_paged("After", "grace", NEW_KEY)
        self.assertEqual(self.service.post(firing("After"), key=KEY).status, 403)
        self.assertEqual(self.service.post(firing("Before"), key=NEW_KEY).status, 200)
        self.expect_paged("Last", "grace", NEW_KEY)
        kept = self.service.api("incidents/" + self.incident).json
        self.assertEqual([p["person"] for p in kept["pages"]], ["ada"])

    def test_a_bad_configuration_is_named_and_the_one_in_force_stays(self):
        self.service.write("teams/crew.yaml", "team: crew\npolicies: [{name: crew}]\n")
        log = self.reload("the one in force stays")
        self.assertIn("teams/crew.yaml:2:", wait_for(
            lambda: "teams/crew.yaml:2:" in self.service.log() and self.service.log()))
        self.assertNotIn("reloaded", log)
        self.expect_paged("After", "ada")

    def test_the_configuration_can_be_mended_after_a_bad_one(self):
        self.service.write("teams/crew.yaml", "policies: {")
        self.reload("the one in force stays")
        self.service.write("teams/crew.yaml", ADA_ALONE.replace("person: ada", "person: grace"))
        self.reload("reloaded")
        self.expect_paged("After", "grace")

    def test_a_new_secret_for_links_makes_the_old_ones_worthless(self):
        old = self.page("Before").json["acknowledge_url"].split("/p/")[1]
        service = (self.service.config / "tocsin.yaml").read_text()
        self.service.write("tocsin.yaml", service.replace(
            "server:\n", "server:\n  secret: another-secret-0123456789\n"))
        self.reload("reloaded")
        self.expect_paged("After", "ada")
        new = self.page("After").json["acknowledge_url"].split("/p/")[1]
        self.assertEqual(self.service.request("POST", "/p/" + old).status, 403)
        self.assertEqual(self.service.request("POST", "/p/" + new).status, 200)
        state = {i["title"]: i["state"] for i in self.service.incidents()}
        self.assertEqual(state, {"Before": "open", "After": "acknowledged"})

    def test_what_needs_a_restart_says_so(self):
        service = (self.service.config / "tocsin.yaml").read_text()
        self.service.write("tocsin.yaml", service.replace("127.0.0.1:0", "127.0.0.1:1"))
        self.assertIn("server.listen needs a restart", self.reload("reloaded"))
        self.expect_paged("After", "ada")


if __name__ == "__main__":
    unittest.main()
