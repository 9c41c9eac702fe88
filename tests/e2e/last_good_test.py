"""A start with a broken configuration: the last good one pages, and everybody is told."""
import shutil
import stat
import subprocess
import unittest

import harness
from harness import ADA_ALONE, PATIENCE, firing, wait_for

BROKEN = "team: crew\npolicies: [{name: crew}]\n"
METRIC = "tocsin_configuration_last_reload_successful"


class LastGoodTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.service = self.tocsin()

    def crash_with(self, name, text):
        self.service.kill()
        self.service.write(name, text)

    def refused(self, *options):
        """What a start says that ends with exit code 1."""
        done = subprocess.run(
            [harness.BINARY, "serve", "--config", self.service.config, "--data", self.service.data,
             "--listen", "127.0.0.1:0", *options], capture_output=True, text=True, check=False,
            timeout=PATIENCE, env=self.service.environment(), stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assert_no_secret(done.stderr)
        return done.stderr

    def expect_paged(self, alertname, person="ada"):
        self.assertEqual(self.service.post(firing(alertname)).status, 200)
        self.assertEqual(self.page(alertname).person, person)

    def reload(self, says):
        seen = len(self.service.log())
        self.service.hang_up()
        wait_for(lambda: says in self.service.log()[seen:], says)

    def test_it_starts_with_the_last_good_one_and_says_so_until_a_reload_takes_the_mended_one(self):
        self.assertEqual((self.service.get("/-/ready").text, self.service.metrics()[METRIC]),
                         ("OK\n", 1))
        self.crash_with("teams/crew.yaml", BROKEN)
        (self.service.config / "teams/other.yaml").write_text("policies: {")
        self.service.start()
        log = self.service.log()
        self.assertIn("starts with the last good one", log)
        self.assertRegex(log, r"error\S* teams/crew\.yaml:2:")
        self.assertRegex(log, r"error\S* teams/other\.yaml:1:")
        self.assert_no_secret(log)
        self.assertIn("the last good one is in force", self.service.get("/-/ready").text)
        self.assertEqual(self.service.metrics()[METRIC], 0)
        self.expect_paged("During")
        (self.service.config / "teams/other.yaml").unlink()
        self.service.write("teams/crew.yaml", ADA_ALONE.replace("person: ada", "person: grace"))
        self.reload("reloaded")
        self.assertEqual((self.service.get("/-/ready").text, self.service.metrics()[METRIC]),
                         ("OK\n", 1))
        self.expect_paged("After", "grace")

    def test_what_a_reload_took_in_is_the_last_good_one_and_what_it_refused_is_not(self):
        self.service.write("teams/crew.yaml", ADA_ALONE.replace("person: ada", "person: grace"))
        self.reload("reloaded")
        self.service.write("teams/crew.yaml", BROKEN)
        self.reload("the one in force stays")
        self.assertIn("the one before stays in force", self.service.get("/-/ready").text)
        self.assertEqual(self.service.metrics()[METRIC], 0)
        for _ in range(2):  # a start with the last good one leaves it as it is
            self.service.kill()
            self.service.start()
        self.expect_paged("After", "grace")

    def test_a_value_that_only_a_channel_understands_is_no_reason_not_to_start(self):
        service = (self.service.config / "tocsin.yaml").read_text()
        self.crash_with("tocsin.yaml", service.replace(self.receiver.url, "no address"))
        self.service.start()
        self.expect_paged("During")

    def test_a_configuration_that_is_not_there_at_all_is_no_reason_not_to_start(self):
        self.service.kill()
        shutil.rmtree(self.service.config)
        self.service.start()
        self.expect_paged("During")

    def test_a_first_start_and_a_strict_one_refuse_and_name_every_fault(self):
        self.crash_with("teams/crew.yaml", BROKEN)
        self.assertIn("teams/crew.yaml:2:", self.refused("--strict"))
        shutil.rmtree(self.service.data)
        self.assertIn("teams/crew.yaml:2:", self.refused())
        self.assertFalse(self.service.data.exists())

    def test_a_damaged_copy_refuses_and_both_are_named(self):
        self.crash_with("teams/crew.yaml", BROKEN)
        (self.service.data / "last-good" / "tocsin.yaml").write_text("server: [")
        said = self.refused()
        self.assertIn("teams/crew.yaml:2:", said)
        self.assertIn("does not load either", said)

    def test_the_copy_is_what_was_read_and_its_owners_only(self):
        self.service.write("teams/unread.yml", "nobody: reads this\n")
        self.reload("reloaded")
        kept = self.service.data / "last-good"
        self.assertEqual((kept / "tocsin.yaml").read_text(),
                         (self.service.config / "tocsin.yaml").read_text())
        names = {str(path.relative_to(kept)) for path in kept.rglob("*")}
        self.assertEqual(names, {"tocsin.yaml", "teams", "teams/crew.yaml"})
        for path in (kept.resolve(), *kept.rglob("*")):
            mode = stat.S_IMODE(path.stat().st_mode)
            self.assertEqual(mode, 0o700 if path.is_dir() else 0o600, path)
            if path.is_file():
                self.assert_no_secret(path.read_text())


if __name__ == "__main__":
    unittest.main()
