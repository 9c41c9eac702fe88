"""Who is on call, as people and scripts ask it: tocsin oncall, and tocsin check --coverage."""
import json
import os
import shutil
import subprocess
import unittest

import harness
from harness import SOURCE


class OncallTest(harness.TestCase):
    def run_tocsin(self, *arguments):
        return subprocess.run(
            [harness.BINARY, *arguments], capture_output=True, text=True, check=False,
            timeout=harness.PATIENCE, cwd=SOURCE, env=os.environ, stdin=subprocess.DEVNULL)

    def oncall(self, *arguments, config="config"):
        return self.run_tocsin("oncall", "--config", config, *arguments)

    def with_gaps(self):
        """A copy of config/ in which cdp-primary has nobody at the weekend."""
        config = self.home / "gaps"
        shutil.copytree(SOURCE / "config", config)
        team = config / "teams" / "cdp.yaml"
        team.write_text(team.read_text().replace(
            "people: [ada, linus, grace]",
            "only: {days: [Mon, Tue, Wed, Thu, Fri]}\n    people: [ada, linus, grace]"))
        return config

    def test_at_any_time_somebody_is_on_call_in_the_configuration_that_comes_with_tocsin(self):
        done = self.oncall()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for rota in ("cdp-primary", "cdp-secondary", "platform"):
            self.assertRegex(done.stdout, rf"(?m)^{rota} +\w+ +until \w{{3}} \d{{4}}-\d\d-\d\d ")
        year = self.oncall("--days", "366", "--json")
        self.assertEqual((year.returncode, json.loads(year.stdout)["gap"]), (0, False))

    def test_a_time_is_in_the_rotas_zone_or_with_an_offset(self):
        for at in ("2026-07-06T10:00", "2026-07-06T09:00:00Z", "2026-07-06T11:00:00+02:00"):
            done = self.oncall("--at", at, "cdp-primary")
            self.assertEqual((done.returncode, done.stdout),
                             (0, "cdp-primary  grace  until Mon 2026-07-13 10:00 IST (+01:00)\n"))
        self.assertIn("ada", self.oncall("--at", "2026-12-21T09:59", "cdp-secondary").stdout)

    def test_a_gap_in_what_was_asked_is_1(self):
        config = self.with_gaps()
        def code(*arguments):
            return self.oncall(*arguments, config=config).returncode
        self.assertEqual(code("--at", "2026-07-03T12:00"), 0)  # a Friday
        self.assertEqual(code("--at", "2026-07-04T12:00"), 1)
        self.assertEqual(code("--at", "2026-07-04T12:00", "platform"), 0)
        week = self.oncall("--at", "2026-07-03T12:00", "--days", "7", "cdp-primary", config=config)
        self.assertEqual(week.returncode, 1)
        self.assertRegex(week.stdout, r"(?m)^  from +Sat 2026-07-04 00:00 IST \(\+01:00\) +NOBODY +"
                                      r"outside its hours, for 2d$")
        self.assertIn("nobody is on call once: ", week.stdout)

    def test_wrong_use_is_2_and_says_what_to_write(self):
        for arguments, said in ((("cdp-primry",), 'did you mean "cdp-primary"?'),
                                (("--at", "noon"), "write e.g. 2026-12-24T10:00"),
                                (("--days", "0"), "--days"), (("--days", "367"), "--days"),
                                (("--days", "soon"), "--days")):
            done = self.oncall(*arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
            self.assertIn(said, done.stderr)

    def test_a_configuration_with_faults_is_1_and_one_without_rotas_says_so(self):
        config = self.with_gaps()
        (config / "teams" / "platform.yaml").write_text("team: platform\nrotas: [{nam: x}]\n")
        done = self.oncall(config=config)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, r"(?m)^teams/platform.yaml:2:\d+: rotas\[0\].nam: unknown key")
        none = self.oncall(config="config/cluster")
        self.assertEqual((none.returncode, none.stdout),
                         (0, "no rotas: write some into config/cluster/teams/NAME.yaml\n"))

    def coverage(self, *arguments, config="config", length="90d"):
        return self.run_tocsin("check", "--config", config, "--coverage", length, *arguments)

    def test_check_proves_that_somebody_is_paged_at_every_minute(self):
        done = self.coverage()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("config is good", done.stdout)
        self.assertRegex(done.stdout, r"(?m)^every rule pages a person at every moment until ")
        answer = json.loads(self.coverage("--json").stdout)
        self.assertEqual((answer["ok"], answer["coverage"]["gaps"]), (True, []))

    def test_check_lists_every_gap_and_is_then_1(self):
        config = self.with_gaps()
        # Whoever is paged second fills what the first rota leaves out.
        self.assertEqual(self.coverage(config=config).returncode, 0)
        team = config / "teams" / "cdp.yaml"
        team.write_text(team.read_text().replace(
            "      - {page: [{rota: cdp-primary}, {rota: cdp-secondary}], wait: 10m}\n", ""))
        at = ("--from", "2026-07-03T12:00:00Z")
        done = self.coverage(*at, config=config, length="7d")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(
            done.stdout, r"(?m)^gap: rota cdp-primary: nobody is on call from Sat 2026-07-04 00:00 "
                         r"IST until Mon 2026-07-06 00:00 IST; api-latency, .+ fall through to the "
                         r"default policy \(platform, at first \w+\)$")
        self.assertRegex(done.stdout, r"(?m)^1 gap until Fri 2026-07-10 12:00 UTC \(\+00:00\)$")
        answer = json.loads(self.coverage(*at, "--json", config=config, length="7d").stdout)
        self.assertEqual((answer["ok"], answer["faults"]), (False, []))
        gap = answer["coverage"]["gaps"][0]
        self.assertEqual((gap["targets"], gap["falls_to"], gap["caught"]),
                         ([{"rota": "cdp-primary"}], "platform", True))
        self.assertIn("api-latency", gap["rules"])

    def test_check_of_a_length_that_is_none_is_wrong_use(self):
        for length in ("soon", "0s", "23h", "401d"):
            done = self.coverage(length=length)
            self.assertEqual((done.returncode, done.stdout), (2, ""), length)
            self.assertIn("write 1d to 400d", done.stderr)
        done = self.coverage("--from", "noon")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        alone = self.run_tocsin("check", "--config", "config", "--from", "2026-07-03T12:00:00Z")
        self.assertEqual((alone.returncode, alone.stdout), (2, ""))


if __name__ == "__main__":
    unittest.main()
