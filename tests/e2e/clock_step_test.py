"""The wall clock of a running tocsin is stepped in the middle of an escalation: nobody is paged too
early, nobody is passed over and nobody is paged twice, also when it is killed right after, or when
its machine boots into a clock that is behind.
"""
import os
import struct
import time
import unittest
from unittest import mock

import harness
from harness import firing, wait_for

PAST_CLOCK = os.environ.get("TOCSIN_PAST_CLOCK", "build/tests/e2e/libpast_clock.so")
WAIT = 3.0
TEAM = f"""\
team: crew
policies:
  - name: crew
    steps:
      - {{page: [{{person: ada}}], wait: {WAIT:.0f}s}}
      - {{page: [{{person: grace}}], wait: {WAIT:.0f}s}}
      - {{page: [{{channel: hook}}], wait: 1h}}
"""
# The receiver's own steady clock counts from when a page arrives, tocsin's from when it decided.
EARLY = 0.7
HOUR, DAY = 3600, 86400
TWENTY_THIRTY_EIGHT = (1 << 31) + 7


class ClockStepTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.behind = self.home / "behind"
        self.step(0)
        self.rebooted = {}
        with mock.patch.dict(os.environ, LD_PRELOAD=PAST_CLOCK,
                             TOCSIN_CLOCK_BEHIND_FILE=str(self.behind)):
            self.service = self.tocsin(team=TEAM)

    def step(self, behind):
        """From now on so many seconds behind the truth; in place, as the process has it mapped."""
        with open(self.behind, "r+b" if self.behind.exists() else "wb") as file:
            file.write(struct.pack("=q", int(behind)))

    def restart(self, reboot=False):
        self.service.kill()
        if reboot:
            self.rebooted = {"TOCSIN_REBOOTED_AT": str(int(time.clock_gettime(time.CLOCK_BOOTTIME)))}
        with mock.patch.dict(os.environ, LD_PRELOAD=PAST_CLOCK,
                             TOCSIN_CLOCK_BEHIND_FILE=str(self.behind), **self.rebooted):
            self.service.start()

    def escalate(self, name, behind, kill=False, reboot=False, right_again=False):
        """The pages of one escalation during which the clock is stepped: each once, none early."""
        kill = kill or reboot
        self.assertEqual(self.service.post(firing(name)).status, 200)
        self.page(name)
        self.step(behind)
        if kill:
            self.restart(reboot)
        shown = self.service.api("incidents?limit=1").headers["date"]
        self.assertEqual(shown[12:16], time.strftime("%Y", time.gmtime(time.time() - behind)))

        def pages_of():
            pages = self.receiver.pages(name)
            # What the kill cut off is sent again, under its own id.
            return list({p.webhook_id: p for p in reversed(pages)}.values())[::-1] if kill else pages

        if right_again:
            wait_for(lambda: len(pages_of()) >= 2, f"the next page for {name}")
            self.step(0)
        wait_for(lambda: len(pages_of()) >= 3, f"all the pages for {name}")
        self.step(0)
        pages = pages_of()
        with self.subTest(name):
            self.assertEqual([page.person for page in pages], ["ada", "grace", None])
            for before, after in zip(pages, pages[1:]):
                self.assertGreaterEqual(after.at - before.at, WAIT - EARLY)

    def test_a_step_of_the_wall_clock_moves_no_page(self):
        for name, behind in [("OneHourOn", -HOUR), ("OneHourBack", HOUR), ("OneDayOn", -DAY),
                             ("OneDayBack", DAY), ("To1970", time.time() - 1),
                             ("To2038", time.time() - TWENTY_THIRTY_EIGHT)]:
            self.escalate(name, behind)
        self.step(0)
        harness.stays(lambda: len(self.receiver.pages()) == 6 * 3, 2 * WAIT)
        self.assertEqual(len(self.receiver.pages()), 6 * 3)

    def test_a_kill_right_after_a_step_moves_none_either(self):
        for name, behind in [("KilledOn", -DAY), ("KilledBack", DAY), ("KilledTo1970", time.time() - 1)]:
            self.escalate(name, behind, kill=True)

    def test_a_reboot_into_a_clock_that_is_behind_moves_none(self):
        for name, behind in [("HourBehind", HOUR), ("DayBehind", DAY), ("In1970", time.time() - 1)]:
            for right_again in (False, True):
                self.escalate(name + ("Corrected" if right_again else ""), behind, reboot=True,
                              right_again=right_again)


if __name__ == "__main__":
    unittest.main()
