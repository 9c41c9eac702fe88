"""Copies of a monitor's alerting rules: what `tocsin gameday clone` writes, Prometheus takes, and
what happens to the originals afterwards is told."""
import os
import re
import shutil
import subprocess
import sys
import time
import unittest

import harness
from harness import SOURCE

RULES = r"""groups:
  - name: api
    interval: 30s
    limit: 10
    rules:
      - record: job:errors:rate5m
        expr: sum by (job) (rate(errors_total{environment="production"}[5m]))
      - alert: HighLatency
        expr: |
          histogram_quantile(0.9, rate(latency_bucket{environment="production"}[5m])) > 1
            and on (instance) up{job="api"} == 1
        for: 5m
        keep_firing_for: 10m
        labels: {severity: critical, service: api}
        annotations:
          summary: "{{ $labels.instance }}: \"{{ $value | printf \"%.2f\" }}\" s, größer als 1 — ${{ $value }}"
          text: |
            {{ range query "up{job=\"api\"}" }}
              {{ .Labels.instance }} \n 'x'
            {{ end }}
  - name: disks
    rules:
      - {alert: DiskFull, expr: 'disk_free{environment=~"prod.*"} < 5', for: 1h}
      - {alert: Practised, expr: up == 0, labels: {gameday: other}}
"""
# Speaks as promtool does, of expressions whose selectors all have braces.
PROMTOOL = r"""#!%s -IS
import re, sys, time
arguments = sys.argv[1:]
if arguments == ["promql", "label-matchers", "set", "--help"]:
    sys.exit(print("usage: promtool promql label-matchers set [<flags>] <query> <name> <value>\n"
                   "      --[no-]experimental  Enable experimental commands."))
if arguments[:1] != ["--experimental"]:
    sys.exit("This command is experimental and requires the --experimental flag to be set.")
if arguments[1:5] != ["promql", "label-matchers", "set", "--"]:
    sys.exit("promtool: error: unknown command")
query, name, value = arguments[5:]
if "bad(" in query:
    sys.exit("1:5: parse error: unknown function")
def changed(match):
    kept = [m for m in match[1].split(",") if m and not m.startswith(name)]
    return "{" + ",".join(kept + [f'{name}="{value}"']) + "}"
print(re.sub(r"\{([^}]*)\}", changed, query))
"""


class GamedayCloneTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.promtool = shutil.which("promtool")
        self.assertTrue(self.promtool, "promtool is not installed: apt-get install prometheus")
        self.rules = self.write("rules.yml", RULES)
        self.out = self.home / "copies.yml"
        self.fake = self.write("fake-promtool", PROMTOOL % sys.executable)
        self.fake.chmod(0o755)

    def write(self, name, text):
        (self.home / name).write_text(text)
        return self.home / name

    def clone(self, *arguments, code, rules=None, **environment):
        done = subprocess.run(
            [harness.BINARY, "gameday", "clone", "--rules", *(rules or [self.rules]),
             *(() if "--set" in arguments else ("--set", "cdp-staging")), *arguments],
            capture_output=True, text=True, check=False, timeout=harness.PATIENCE,
            stdin=subprocess.DEVNULL, env={**os.environ, **environment})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def retargeted(self, *arguments, **others):
        return self.clone("--promtool", self.fake, "--retarget", "environment=staging",
                          *arguments, code=others.pop("code", 0), **others)

    def check_rules(self, *files):
        done = subprocess.run([self.promtool, "check", "rules", *files], capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_prometheus_takes_the_copies_and_they_look_at_the_set(self):
        done = self.retargeted("--label", "environment=staging", "--out", self.out)
        self.assertIn("2 copies for the GameDay set cdp-staging", done.stdout)
        self.assertIn('note: %s:6:9: groups[0].rules[0]: the recording rule "job:errors:rate5m" is '
                      'left out' % self.rules, done.stderr)
        self.assertIn('"Practised" is left out: it has the label gameday="other"', done.stderr)
        text = self.out.read_text()
        self.assertTrue(text.startswith("# Copies of alerting rules for the GameDay set cdp-sta"))
        self.assertIn(f"# Made by: tocsin gameday clone --rules {self.rules} --set cdp-stag", text)
        self.assertIn("SUCCESS: 2 rules found", self.check_rules(self.out))
        self.assertNotRegex(text, r'environment=~|environment="prod')
        self.assertEqual(text.count('environment="staging"'), 3)
        self.assertEqual(text.count('environment: "staging"'), 2)
        self.assertIn('    interval: 30s\n    limit: 10\n', text)
        self.assertIn('        for: 5m\n        keep_firing_for: 10m\n', text)
        self.assertNotIn("keep_firing_for: 10m\n        keep", text)
        self.assertEqual(len(re.findall(r'gameday: "cdp-staging"', text)), 2)

    def test_what_prometheus_says_of_a_copy_is_what_the_original_says(self):
        self.retargeted("--out", self.out)
        unit = self.write("unit.yml", """\
rule_files: [copies.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {series: 'disk_free{environment="staging", instance="a"}', values: '1x120'}
      - {series: 'disk_free{environment="production", instance="b"}', values: '1x120'}
    alert_rule_test:
      - eval_time: 90m
        alertname: DiskFull
        exp_alerts:
          - exp_labels: {gameday: cdp-staging, environment: staging, instance: a}
            exp_annotations: {gameday_original: FINGERPRINT}
""".replace("FINGERPRINT", "'" + re.findall(r'gameday_original: "(\w+)"', self.out.read_text())[1]
            + "'"))
        done = subprocess.run([self.promtool, "test", "rules", unit], capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_configuration_says_where_the_copies_of_a_set_look(self):
        config = ("--promtool", self.fake, "--config", SOURCE / "config")
        self.assertEqual(self.clone(*config, code=0).stdout.count('environment="staging"'), 3)
        by_hand = self.clone(*config, "--retarget", "environment=pilot", code=0).stdout
        self.assertEqual(by_hand.count('environment="pilot"'), 3)
        self.assertNotIn('environment="staging"', by_hand)
        unknown = self.clone(*config, "--set", "cdp-stagin", code=2).stderr
        self.assertIn('did you mean "cdp-staging"?', unknown)

    def test_annotations_reach_prometheus_byte_for_byte(self):
        text = self.retargeted().stdout
        self.assertIn("""summary: '{{ $labels.instance }}: "{{ $value | printf "%.2f" }}" s, """
                      """größer als 1 — ${{ $value }}'\n""", text)
        block = RULES[RULES.index("            {{ range"):RULES.index("  - name: disks")]
        self.assertIn("text: |\n" + block, text)

    def test_check_tells_what_was_edited_or_deleted_or_is_new(self):
        self.retargeted("--out", self.out)
        same = self.clone("--check", "--out", self.out, code=0)
        self.assertIn("2 copies, each like its original", same.stdout)
        self.rules.write_text(RULES.replace("< 5", "< 6") +
                              "      - {alert: New, expr: up == 0}\n")
        edited = self.clone("--check", "--out", self.out, code=1)
        self.assertRegex(edited.stdout, r"(?m)^edited +%s:23:9: .*\"DiskFull\"" % self.rules)
        self.assertRegex(edited.stdout, r"(?m)^new +%s:25:9: .*\"New\"" % self.rules)
        self.rules.write_text(RULES[:RULES.index("  - name: disks")])
        deleted = self.clone("--check", "--out", self.out, code=1)
        self.assertRegex(deleted.stdout, r"(?m)^deleted +%s:\d+:9: .*\"DiskFull\"" % self.out)
        self.retargeted("--out", self.out)
        self.clone("--check", "--out", self.out, code=0)
        self.out.write_text(self.out.read_text().replace("gameday: ", "game: "))
        self.assertIn("is no drill of this set",
                      self.clone("--check", "--out", self.out, code=1).stdout)

    def test_without_a_promtool_that_can_the_selectors_are_listed_loudly(self):
        for environment in ({"PATH": str(self.home)}, {}):
            if "label-matchers" in self.promtool_help() and not environment:
                continue  # the installed one is newer than Debian 12's
            with self.subTest(environment=environment):
                done = self.clone("--retarget", "environment=staging", "--out", self.out, code=1,
                                  **environment)
                self.assertIn("note: no expression is edited: promtool", done.stderr)
                self.assertRegex(done.stderr, r"(?m)^to be edited: %s:9:15: HighLatency: up\{"
                                 r'job="api"}: set environment="staging"; ' % self.rules)
                self.assertIn("3 selectors of the copies still look at what the originals look at",
                              done.stderr)
                text = self.out.read_text()
                self.assertIn('# to be edited: disk_free{environment=~"prod.*"}: set env', text)
                self.assertNotIn("Do not edit", text)
                self.check_rules(self.out)
                self.clone("--retarget", "environment=staging", "--out", self.out, "--unedited",
                           code=0, **environment)
                self.out.unlink()

    def promtool_help(self):
        return subprocess.run([self.promtool, "--help"], capture_output=True, text=True,
                              check=False).stdout

    def test_nothing_in_an_expression_is_taken_for_anything_else(self):
        for expr in ("-up{a=\"b\"} > 1", "@passwd{}", "--version{}", "a{b=\"$(id)`id`\"}",
                     "'; id #{}"):
            rules = self.write("odd.yml", "groups:\n- name: a\n  rules:\n  - alert: A\n    expr: '"
                               + expr.replace("'", "''") + "'\n")
            text = self.retargeted(rules=[rules]).stdout
            self.assertIn(re.match(r"[^{]*", expr)[0].replace("'", "''"), text)
            self.assertIn('environment="staging"', text)

    def test_an_expression_that_promtool_refuses_is_to_be_edited_and_the_others_are(self):
        self.rules.write_text(RULES.replace("histogram_quantile(", "bad("))
        done = self.retargeted("--out", self.out, code=1)
        self.assertIn("promtool says: 1:5: parse error: unknown function", done.stderr)
        self.assertIn('disk_free{environment="staging"}', self.out.read_text())

    def test_only_what_it_wrote_is_written_over(self):
        self.out.write_text(RULES)
        self.assertIn("was not written by this command", self.retargeted("--out", self.out,
                                                                         code=2).stderr)
        self.assertIn("was not written by this command", self.retargeted("--out", self.rules,
                                                                         code=2).stderr)
        self.assertEqual((self.out.read_text(), self.rules.read_text()), (RULES, RULES))
        self.out.unlink()
        self.retargeted("--out", self.out)
        first = self.out.read_text()
        # As a shell's rules/*.yml finds the copies beside the originals.
        self.retargeted("--out", self.out, rules=[self.rules, self.out])
        bare = lambda text: re.sub("(?m)^# Made by.*", "", text)
        self.assertEqual(bare(self.out.read_text()), bare(first))
        self.assertEqual(sorted(p.name for p in self.home.glob("copies*")), ["copies.yml"])

    def test_faults_have_their_place_and_nothing_is_written(self):
        self.rules.write_text(RULES.replace("for: 5m\n", "for: 5m\n        for: 6m\n"))
        done = self.retargeted("--out", self.out, code=1)
        self.assertIn(f'{self.rules}:13:9: the key "for" of line 12 again; keep one', done.stderr)
        self.assertFalse(self.out.exists())

    def test_wrong_use_is_exit_code_2(self):
        for arguments in (("--retarget", "environment"), ("--retarget", "=a"), ("--label", "a b=c"),
                          ("--retarget", "__name__=x"), ("--label", "gameday=x"),
                          ("--check",), ("--check", "--out", self.home / "none.yml"),
                          ("--promtool", self.home / "none"), ("--set", "a/b"), ("--loud",)):
            with self.subTest(arguments=arguments):
                done = self.clone("--retarget", "environment=staging", *arguments, code=2)
                self.assertEqual(done.stdout, "")
                self.assertTrue(done.stderr.strip())
        self.clone(code=2, rules=[self.home / "none.yml"])

    def test_a_promtool_that_hangs_is_ended(self):
        self.fake.write_text(PROMTOOL.replace("query, name", "time.sleep(600)\nquery, name")
                             % sys.executable)
        one = self.write("one.yml", "groups:\n- name: a\n  rules: [{alert: A, expr: up}]\n")
        begin = time.monotonic()
        self.assertIn("did not end in 10s", self.retargeted(code=1, rules=[one]).stderr)
        self.assertLess(time.monotonic() - begin, harness.PATIENCE)


if __name__ == "__main__":
    unittest.main()
