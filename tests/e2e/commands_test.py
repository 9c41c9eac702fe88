"""The command line as people and scripts use it: exit codes, what is said where, and no secret in
any of it."""
import json
import os
import re
import shutil
import subprocess
import unittest

import harness
from harness import KEY, SOURCE, firing

COMMANDS = ("serve", "check", "explain", "test", "oncall", "send", "silence", "incident",
            "gameday", "override", "contact", "reload")
LATER = ("backtest",)
ADAS_WEEK = "2026-01-05T10:00:00Z"  # when her first shift in cdp-primary begins
WRONG_KEY = "key-that-nobody-has-0123456789"


class CommandsTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.said = ""

    def tearDown(self):
        self.assert_no_secret(self.said)
        self.assertNotIn(WRONG_KEY, self.said)

    def run_tocsin(self, *arguments, stdin=None, **environment):
        done = subprocess.run(
            [harness.BINARY, *arguments], capture_output=True, text=True, check=False, input=stdin,
            timeout=harness.PATIENCE, cwd=SOURCE, env={**os.environ, **environment},
            **({} if stdin else {"stdin": subprocess.DEVNULL}))
        self.said += done.stdout + done.stderr
        return done

    def broken_configuration(self):
        """A copy of config/ with three mistakes, one of them beside a secret."""
        config = self.home / "broken"
        shutil.copytree(SOURCE / "config", config)
        service = config / "tocsin.yaml"
        service.write_text(service.read_text()
                           .replace("listen: 127.0.0.1:8321", "listen: nowhere")
                           .replace('"${STAGING_KEY}"', f'"{KEY}"\n    kez: "{KEY}"'))
        team = config / "teams" / "cdp.yaml"
        team.write_text(team.read_text().replace("page: cdp\n", "page: cpd\n", 1))
        return config

    def test_check_accepts_the_configuration_that_comes_with_tocsin(self):
        done = self.run_tocsin("check", "--config", "config")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("config is good", done.stdout)
        self.assertRegex(done.stderr, r"(?m)^note: tocsin.yaml:\d+:\d+: integrations\S+ the envi")
        strict = self.run_tocsin("check", "--config", "config", "--strict-env")
        self.assertEqual((strict.returncode, strict.stdout), (1, ""))
        keys = {"PROMETHEUS_KEY": KEY, "STAGING_KEY": KEY[::-1]}
        good = self.run_tocsin("check", "--config", "config", "--strict-env", **keys)
        self.assertEqual((good.returncode, good.stderr), (0, ""))

    def test_check_names_every_mistake_with_file_line_and_column(self):
        config = self.broken_configuration()
        done = self.run_tocsin("check", "--config", config, PROMETHEUS_KEY=WRONG_KEY)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        faults = [line for line in done.stderr.splitlines() if not line.startswith("note: ")]
        self.assertEqual(len(faults), 3, faults)
        for file, key in (("tocsin.yaml", "server.listen"),
                          ("tocsin.yaml", r"integrations\[1\].kez"),
                          ("teams/cdp.yaml", r"rules\[0\].page")):
            self.assertRegex(done.stderr, rf"(?m)^{file}:\d+:\d+: {key}: .+")
        self.assert_place(config, done.stderr, "nowhere")

    def test_check_names_what_is_wrong_with_the_fields_of_a_source(self):
        config = self.home / "fields"
        shutil.copytree(SOURCE / "config", config)
        service = config / "tocsin.yaml"
        lines = service.read_text().splitlines()
        first = lines.index("integrations:") + 2
        wrong = (("splunk, lasts: soon", "lasts: no time from 1m to 30d; write e.g. 2h"),
                 ("splunk, lasts: {at: most}", "lasts: found a map; wanted text"),
                 ("splunk, last: 2h", "last: unknown key; did you mean "),
                 ("prometheus, lasts: 2h", "lasts: unknown key; "),
                 ("generic, map: /title", "map: found text; wanted a map"),
                 ("generic, map: {titel: /t}", "map.titel: no part of an alert; known here: "),
                 ("generic, map: {key: [/t]}", "map.key: found a list; wanted text"),
                 ("generic, map: {labels: {service: a~b}}", "map.labels.service: no JSON pointer: "))
        added = [f'  - {{name: n{i}, key: "{KEY}-{i}", source: {source}}}' for i, (source, _) in enumerate(wrong)]
        for part in (added[:1] + added[5:6] + added[7:], added[1:5] + added[6:7]):  # those that only a source sees
            service.write_text("\n".join(lines[:first - 1] + part + lines[first - 1:]))
            done = self.run_tocsin("check", "--config", config)
            self.assertEqual(done.returncode, 1, done.stderr)
            faults = [line for line in done.stderr.splitlines() if not line.startswith("note: ")]
            expected = [wrong[added.index(each)][1] for each in part]
            self.assertEqual(len(faults), len(expected), faults)
            for i, (fault, says) in enumerate(zip(faults, expected)):
                self.assertRegex(fault, rf"^tocsin.yaml:{first + i}:\d+: integrations\[{i}\]\." + re.escape(says))

    def assert_place(self, config, faults, text):
        """The line and column of the first fault are where this text is."""
        file, line, column = faults.splitlines()[0].split(":")[:3]
        at = (config / file).read_text().splitlines()[int(line) - 1][int(column) - 1:]
        self.assertTrue(at.startswith(text), at)

    def test_check_prints_the_same_as_json(self):
        good = self.run_tocsin("check", "--config", "config", "--json")
        self.assertEqual((good.returncode, json.loads(good.stdout)["ok"]), (0, True))
        bad = self.run_tocsin("check", "--config", self.broken_configuration(), "--json")
        answer = json.loads(bad.stdout)
        self.assertEqual((bad.returncode, answer["ok"], len(answer["faults"])), (1, False, 3))
        for fault in answer["faults"]:
            self.assertEqual(set(fault), {"file", "line", "column", "key", "what"})

    def test_check_of_a_directory_that_is_not_there_says_so(self):
        done = self.run_tocsin("check", "--config", self.home / "nothing")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no such directory", done.stderr)

    def test_wrong_use_is_exit_code_2(self):
        for arguments in ((), ("ring",), ("check",), ("serve",), ("send",),
                          ("check", "--config", "config", "--loud"),
                          ("check", "--config", "config", "extra"),
                          ("incident", "report", "a", "--severity", "urgent", "--token", "t"),
                          ("send", "--integration", "a", "--key", KEY, "no-such-file")):
            with self.subTest(arguments=arguments):
                done = self.run_tocsin(*arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertTrue(done.stderr.strip())

    def test_a_word_that_is_no_command_is_named(self):
        for words in ("ring", "incident ring", "gameday lever ring"):
            done = self.run_tocsin(*words.split())
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"there is no command '{words}'\n", done.stderr)

    def test_every_command_has_help_with_an_example(self):
        for command in COMMANDS:
            done = self.run_tocsin(command, "--help", TOCSIN_KEY=KEY)
            self.assertEqual(done.returncode, 0)
            self.assertRegex(done.stdout, rf"Example:\n  tocsin {command} ")
            self.assertRegex(done.stdout, r"Exit code 0: .*; 1: .*; 2: wrong\s+use")
        listed = self.run_tocsin("--help").stdout
        for command in COMMANDS:
            self.assertRegex(listed, rf"(?m)^  {command}\s+[A-Z]")
        self.assertRegex(self.run_tocsin("--version").stdout, r"^\d+\.\d+\.\d+\n$")

    def test_commands_not_in_this_version_say_so(self):
        for command in LATER:
            done = self.run_tocsin(command, "--config", "config", "list")
            self.assertEqual((done.returncode, done.stdout, done.stderr),
                             (2, "", f"tocsin {command}: not in this version\n"))

    def test_serve_refuses_an_address_that_is_none(self):
        keys = {"PROMETHEUS_KEY": KEY, "STAGING_KEY": KEY[::-1]}
        for address in ("nowhere", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:1x"):
            with self.subTest(address=address):
                done = self.run_tocsin("serve", "--config", "config", "--data", self.home / "data",
                                       "--listen", address, **keys)
                self.assertEqual(done.returncode, 1)
                self.assertIn(f"{address} is not HOST:PORT", done.stderr)

    def explain(self, *arguments, stdin=None):
        return self.run_tocsin("explain", "--config", "config", "--integration",
                               "prometheus-production", *arguments, stdin=stdin)

    def test_explain_says_what_would_happen_and_why(self):
        done = self.explain("--at", ADAS_WEEK, "deploy/example-alert.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        for said in ("page: policy cdp, severity critical, team cdp", "at once  ada by terminal",
                     "then every 20m until somebody acknowledges", "rule api-latency matched",
                     "not reached: queue-lag"):
            self.assertIn(said, done.stdout)
        self.assertRegex(done.stderr, r"(?m)^note: tocsin.yaml:\d+:\d+: integrations\S+ the envi")
        piped = self.explain("--json", "--at", ADAS_WEEK, "-",
                             stdin=json.dumps([firing("Unknown")]))
        answer = json.loads(piped.stdout)
        self.assertEqual((piped.returncode, answer["at"]), (0, "2026-01-05T10:00:00.000Z"))
        self.assertIsNone(answer["alerts"][0]["decision"]["rule"])
        self.assertTrue(all("sentence" in rule for rule in answer["alerts"][0]["rules"]["tried"]))
        self.assertEqual(answer["incidents"][0]["told"][0]["person"], "grace")

    def test_explain_is_1_when_nothing_can_be_used_and_2_when_used_wrongly(self):
        for payload in ("{", "[]", '[{"labels": {}}]'):
            done = self.explain("-", stdin=payload)
            self.assertEqual(done.returncode, 1, payload)
        broken = self.run_tocsin("explain", "--config", self.broken_configuration(),
                                 "--integration", "prometheus-production", "-", stdin="[]")
        self.assertEqual((broken.returncode, broken.stdout), (1, ""))
        self.assertRegex(broken.stderr, r"(?m)^teams/cdp.yaml:\d+:\d+: rules\[0\].page: ")
        for arguments in (("no-such-file",), ("--at", "noon", "-"), ("--gameday", "a=on", "-"),
                          ("--integration", "prometheus", "-")):
            done = self.explain(*arguments, stdin="[]")
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
        self.assertIn("--gameday: no GameDay set is called",
                      self.explain("--gameday", "a=on", "-", stdin="[]").stderr)
        unknown = self.run_tocsin("explain", "--config", "config", "--integration",
                                  "prometheus-produktion", "-", stdin="[]")
        self.assertEqual(unknown.returncode, 2)
        self.assertIn('did you mean "prometheus-production"?', unknown.stderr)

    def with_tests(self, text=None, *arguments):
        config = self.home / "tested"
        shutil.rmtree(config, ignore_errors=True)
        shutil.copytree(SOURCE / "config", config)
        file = config / "teams" / "cdp_test.yaml"
        file.unlink()
        if text is not None:
            file.write_text(text)
        return self.run_tocsin("test", "--config", config, *arguments)

    def test_the_tests_of_the_configuration_that_comes_with_tocsin_pass(self):
        done = self.run_tocsin("test", "--config", "config")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"(?m)^ok    teams/cdp_test.yaml:\d+  a slow api pages ada")
        self.assertRegex(done.stdout, r"(?m)^\d tests, 0 failed$")

    def test_a_failed_test_says_what_was_expected_and_what_happened_instead(self):
        text = ("tests:\n  - name: ada sleeps\n    integration: prometheus-production\n"
                "    given: [{alert: {alertname: HighLatency, service: api}}]\n"
                "    expect:\n      - {rule: queue-lag}\n      - {page: grace, after: 1m}\n")
        done = self.with_tests(text)
        self.assertEqual(done.returncode, 1)
        for said in ("FAIL  teams/cdp_test.yaml:2  ada sleeps", "1 test, 1 failed",
                     "expected  rule queue-lag  (teams/cdp_test.yaml:6)",
                     "instead   rule api-latency (HighLatency)",
                     "expected  page grace +1m  (teams/cdp_test.yaml:7)",
                     "at once page ada by terminal; +5m page ada by terminal",
                     "rule api-latency matched: service="):
            self.assertIn(said, done.stdout)
        answer = json.loads(self.with_tests(text, "--json").stdout)
        self.assertEqual((answer["ok"], answer["failed"]), (False, 1))
        self.assertEqual([f["line"] for f in answer["tests"][0]["failures"]], [6, 7])

    def test_a_test_file_with_a_mistake_is_1_and_no_tests_are_said_to_be_none(self):
        done = self.with_tests("tests:\n  - nam: x\n")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, r"(?m)^teams/cdp_test.yaml:2:5: tests\[0\].nam: unknown key; "
                                      r"did you mean \"name\"\?$")
        none = self.with_tests()
        self.assertEqual(none.returncode, 0)
        self.assertIn("no tests", none.stdout)

    def send(self, tocsin, payload, key=KEY, stdin=None):
        return self.run_tocsin("send", "--server", f"http://127.0.0.1:{tocsin.port}",
                               "--integration", "prometheus-production", "--key", key, payload,
                               stdin=stdin)

    def test_send_is_0_when_the_alerts_are_stored_and_1_when_not(self):
        tocsin = self.tocsin()
        payload = self.home / "alerts.json"
        payload.write_text(json.dumps([firing("Sent")]))
        sent = self.send(tocsin, payload)
        self.assertEqual((sent.returncode, sent.stdout), (0, ""), sent.stderr)
        self.page("Sent")
        piped = self.send(tocsin, "-", stdin=json.dumps([firing("Piped")]))
        self.assertEqual(piped.returncode, 0, piped.stderr)
        self.page("Piped")
        wrong = self.send(tocsin, payload, WRONG_KEY)
        self.assertEqual((wrong.returncode, json.loads(wrong.stdout)["status"]), (1, 403))
        self.assertIn("403: not accepted", wrong.stderr)
        bad = self.send(tocsin, "-", stdin="{")
        self.assertEqual((bad.returncode, json.loads(bad.stdout)["code"]), (1, 400))
        tocsin.terminate()
        gone = self.send(tocsin, payload)
        self.assertEqual((gone.returncode, gone.stdout), (1, ""))
        self.assertIn(f"127.0.0.1:{tocsin.port}", gone.stderr)

    def test_nothing_that_serve_says_has_a_secret_in_it(self):
        tocsin = self.tocsin()
        self.receiver.answer = lambda delivered: 500
        tocsin.post(firing("Disk"))
        tocsin.post(firing("Disk"), key=WRONG_KEY)
        tocsin.get("/api/v1/incidents?token=" + harness.ADMIN)
        harness.wait_for(lambda: "retry_later" in tocsin.log(), "a failed attempt in the log")
        self.said += tocsin.get("/metrics").text
        tocsin.hang_up()
        harness.wait_for(lambda: "reloaded" in tocsin.log(), "the reload")
        self.assertEqual(tocsin.terminate(), 0)
        self.said += tocsin.log() + tocsin.pages_file.read_text()
        self.assertNotIn((tocsin.data / "secret").read_text().strip(), self.said)


if __name__ == "__main__":
    unittest.main()
