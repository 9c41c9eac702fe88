"""A GameDay with the real binary: silent before it, the pilot alone during it, silent after it."""
import json
import os
import subprocess
import unittest

import harness
from harness import RESPONDER, VIEWER, firing, over, stays, wait_for

SET = "crew-staging"
SERVICE = harness.SERVICE.replace(
    "group_by: [alertname]", f"group_by: [alertname]\n    gamedays: [{SET}]").replace(
    "\ndefault:", "\n  - {{name: linus, contacts: {{hook: linus}}}}\ndefault:")
PILOT = """\
team: pilots
policies:
  - {name: pilot, steps: [{page: [{person: linus}], wait: 1h}]}
gamedays:
  - name: crew-staging
    copies: ['environment="staging"']
    as: {environment: production}
    page: pilot
    longest: 3h
"""
MARK = f"[GAMEDAY {SET}]"


class GamedayTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.service = harness.Tocsin(self.home / "tocsin", self.receiver.url, service=SERVICE)
        self.addCleanup(self.service.close)
        self.service.write("teams/pilots.yaml", PILOT)
        self.service.start()

    def run_tocsin(self, *arguments, code=0, token=RESPONDER):
        environment = {**os.environ, "TOCSIN_TOKEN": token,
                       "TOCSIN_SERVER": f"http://127.0.0.1:{self.service.port}"}
        done = subprocess.run([harness.BINARY, "gameday", *map(str, arguments)], text=True,
                              capture_output=True, check=False, timeout=harness.PATIENCE,
                              env=environment, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assert_no_secret(done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def asked(self, *arguments):
        return json.loads(self.run_tocsin(*arguments, "--json"))

    def state(self):
        (one,) = self.asked("list")["gamedays"]
        return one["state"]

    def lever(self, *arguments, **others):
        return self.run_tocsin("lever", *arguments, "--data", self.service.data, **others)

    def fire(self, alertname, **labels):
        self.assertEqual(self.service.post(firing(alertname, labels)).status, 200)

    def delivered(self, person, alertname):
        return [d for d in self.receiver.delivered
                if d.person == person and d.alertname == alertname]

    def drilled(self, alertname):
        """The pilot's page of it, which nobody can take for a real one."""
        page = wait_for(lambda: self.delivered("linus", alertname), f"a drill of {alertname}")[0]
        self.assertEqual((page.type, page.json["gameday"]), ("drill", SET))
        self.assertTrue(page.json["title"].startswith(MARK), page.json["title"])
        self.assertEqual(self.delivered("ada", alertname), [])
        return page

    def is_silent(self, alertname, seconds=1.5):
        return stays(lambda: not self.delivered("linus", alertname)
                     and not self.delivered("ada", alertname), seconds)

    def test_a_set_is_silent_until_it_is_on_then_pages_its_pilot_and_then_is_silent_again(self):
        self.fire("Before", gameday=SET)
        self.assertTrue(self.is_silent("Before"))
        listed = self.run_tocsin("list", token=VIEWER).splitlines()
        self.assertEqual(listed[0].split()[:4], ["SET", "STATE", "SINCE", "UNTIL"])
        self.assertRegex(listed[1], rf"^{SET} +off ")

        said = self.run_tocsin("on", SET, "--for", "2h", "--why", "region outage")
        self.assertRegex(said, rf"GameDay set {SET} is on, run 1: from \S+ until \S+ \(2h\)")
        self.assertIn("it can page linus; nobody else hears of it", said)
        self.assertRegex(self.run_tocsin("list"), rf"(?m)^{SET} +ON .* region outage$")
        self.drilled("Before")  # it fires still
        self.fire("Copied", environment="staging")
        # A copy beside its normal way, which pages the rota in earnest.
        real = wait_for(lambda: self.delivered("ada", "Copied"), "the page in earnest")[0]
        copy = wait_for(lambda: self.delivered("linus", "Copied"), "the drill copy")[0]
        self.assertEqual((real.type, copy.type), ("page", "drill"))
        self.assertIn("linus", self.run_tocsin("status", SET))

        wait_for(lambda: not any(i["in_flight"] for i in self.asked("status", SET)["incidents"]),
                 "the end of what is being sent")
        said = self.run_tocsin("off", SET, "--why", "done")
        self.assertRegex(said, rf"GameDay set {SET} is off since \S+")
        self.assertIn("nothing was being sent", said)
        self.assertIn("every node that lives knows it", said)
        self.fire("After", gameday=SET)
        self.assertTrue(self.is_silent("After"))
        report = self.run_tocsin("report", SET)
        self.assertRegex(report, rf"^# GameDay {SET}.*\n\n\| Run \|")
        self.assertTrue(report.endswith("\n"))
        self.assertIn("open when the run ended", report)

    def test_a_set_that_is_on_survives_a_crash_and_so_does_its_end(self):
        self.run_tocsin("on", SET)
        self.service.kill()
        self.service.start()
        self.assertEqual(self.state(), "on")
        self.fire("Disk", gameday=SET)
        self.drilled("Disk")
        self.run_tocsin("off", "--all")
        self.service.kill()
        self.service.start()
        self.assertEqual(self.state(), "off")
        self.fire("Late", gameday=SET)
        self.assertTrue(self.is_silent("Late"))

    def test_the_lever_stops_a_set_without_being_asked_for_a_token(self):
        self.run_tocsin("on", SET)
        self.assertIn("not pulled", self.lever("status"))
        said = self.lever("pull", "--why", "too much", token="")
        self.assertRegex(said, r"is pulled on this node, by \S+@\S+ since \S+: too much")
        wait_for(lambda: self.state() == "off", "the end of the set")
        (one,) = self.asked("list")["gamedays"]
        self.assertEqual((one["ended"]["kind"], one["ended"]["why"]), ("lever", "too much"))
        self.fire("Disk", gameday=SET)
        self.assertTrue(self.is_silent("Disk"))
        self.assertIn("lever is pulled", self.run_tocsin("on", SET, code=1))
        self.assertIn("lever is pulled", self.service.get("/-/ready").text)
        self.assertIn("lever is pulled", self.service.log())
        self.assertIn("lever of this node is pulled", self.run_tocsin("list"))
        self.lever("release")
        self.assertNotIn("lever", self.service.get("/-/ready").text)
        self.run_tocsin("on", SET)
        self.drilled("Disk")

    def test_the_lever_needs_no_service_and_holds_for_the_next_one(self):
        self.run_tocsin("on", SET)
        self.service.kill()
        self.lever("pull")
        self.assertTrue(json.loads(self.lever("status", "--json"))["pulled"])
        self.service.start()
        self.fire("Disk", gameday=SET)
        wait_for(lambda: self.state() == "off", "the end of the set")
        self.assertTrue(self.is_silent("Disk"))

    def test_a_real_alert_of_the_pilots_own_team_stops_their_drill(self):
        self.service.write("teams/pilots.yaml", PILOT + """\
rules:
  - {name: own, matchers: ['alertname="Own"'], page: crew}
""")
        self.service.hang_up()
        wait_for(lambda: "reloaded" in self.service.log(), "the reload")
        self.run_tocsin("on", SET)
        self.fire("Own")
        wait_for(lambda: self.delivered("ada", "Own"), "the page in earnest")
        wait_for(lambda: self.state() == "paused", "the pause")

    def test_wrong_use_and_refusals_have_their_exit_codes(self):
        for arguments in ((), ("on",), ("off",), ("off", SET, "--all"), ("status",), ("lever",),
                          ("lever", "push"), ("ring",)):
            with self.subTest(arguments=arguments):
                self.run_tocsin(*arguments, code=2)
        for arguments, says in ((("on", "nothing"), "there is no GameDay set nothing"),
                                (("on", SET, "--for", "9h"), "3h at the longest"),
                                (("status", "nothing"), SET),
                                (("report", SET, "--last", "0"), "last: "),
                                (("lever", "pull", "--data", self.home), "--data")):
            with self.subTest(arguments=arguments):
                self.assertIn(says, self.run_tocsin(*arguments, code=1))
        self.assertIn("may only read", self.run_tocsin("on", SET, token=VIEWER, code=1))


if __name__ == "__main__":
    unittest.main()
