"""A disk that is full, fails, is slow, or gives back other bytes: nothing is promised that is not
stored, /-/ready and the metrics say what is wrong, and it is over by itself when it is over.
"""
import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest

import faulty
from faulty import Faulty, harness
from harness import KEY, firing, wait_for
from receiver import Receiver

ROOM = 6 * 1024 * 1024
LARGE = "x" * 20_000
# Posts of 20 KB until a full disk refuses one: in what is left of a longer WAL there is room.
MOST_UNTIL_FULL = 400
SENDERS, SLOW_ALERTS = 16, 64
DAMAGED_ALERTS, PAGE = 30, 4096
IN = "/in/prometheus-production/api/v2/alerts"


class DiskTest(unittest.TestCase):
    def setUp(self):
        self.home = faulty.scratch("disk")
        self.addCleanup(shutil.rmtree, self.home)
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)
        self.tocsin = Faulty(self.home / "tocsin", self.receiver.url)
        self.addCleanup(self.tocsin.close)
        self.accepted, self.tried = set(), set()

    def post(self, name, text=""):
        """The answer's status; None, if there was none."""
        self.tried.add(name)
        body = json.dumps([firing(name, annotations={"description": text})])
        status = self.tocsin.ask("POST", IN, body, KEY)
        if status == 200:
            self.accepted.add(name)
        return status

    def paged(self, name):
        wait_for(lambda: self.receiver.pages(name), f"a page for {name}")

    def ready(self):
        return self.tocsin.get("/-/ready")

    def expect_not_ready(self, pattern):
        """Until then it may not have noticed; it says why, by a status, a text and a metric."""
        answer = wait_for(lambda: (a := self.ready()).status == 503 and a, "a word about the disk")
        self.assertRegex(answer.text, pattern)
        labels = '{integration="prometheus-production",reason="journal"}'
        self.assertGreater(self.tocsin.metrics()["tocsin_alerts_rejected_total" + labels], 0)

    def expect_ready_by_itself(self):
        wait_for(lambda: self.ready().status == 200, "a ready tocsin, though nobody asked for more")

    def expect_kept(self, lost=()):
        """After a kill: what was accepted, once each, and nothing that was not sent."""
        if not self.tocsin.is_dead():
            self.tocsin.kill()
        self.tocsin.start()
        wait_for(lambda: self.tocsin.metrics()["tocsin_outbox_waiting"] == 0)
        found = [i["alerts"][0]["labels"]["alertname"] for i in self.tocsin.incidents(
            "&state=open,acknowledged,resolved") if i["integration"] != "tocsin"]
        self.assertEqual(len(found), len(set(found)), "decided twice")
        self.assertLessEqual(self.accepted - set(lost), set(found), "accepted, and lost")
        self.assertLessEqual(set(found), self.tried, "invented")
        for name in self.accepted - set(lost):
            self.paged(name)
        ids = {}
        for page in self.receiver.pages():
            ids.setdefault(page.alertname, set()).add(page.webhook_id)
        self.assertFalse({n: i for n, i in ids.items() if n in self.tried and len(i) > 1})

    @contextlib.contextmanager
    def strace(self, *options):
        """Beside the running process, until the end of the block; then everything works again."""
        with subprocess.Popen(["strace", "-f", "-o", "/dev/null", *options,
                               "-p", str(self.tocsin.process.pid)],
                              stderr=subprocess.PIPE, text=True) as tracer:
            tasks = pathlib.Path(f"/proc/{self.tocsin.process.pid}/task")
            try:
                wait_for(lambda: all(re.search(r"TracerPid:\s+[1-9]", (t / "status").read_text())
                                     for t in tasks.iterdir()), "strace")
                yield
            finally:
                tracer.send_signal(signal.SIGINT)
                tracer.communicate(timeout=harness.PATIENCE)


class FullDiskTest(DiskTest):
    def setUp(self):
        super().setUp()
        data = self.tocsin.data
        data.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tocsin", data], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", data], check=True)
        self.addCleanup(self.tocsin.close)
        self.tocsin.start()

    def fill(self):
        with open(self.tocsin.data / "filler", "ab", buffering=0) as filler:
            for size in (65536, 4096):
                with contextlib.suppress(OSError):
                    while True:
                        filler.write(bytes(size))

    def make_room(self):
        (self.tocsin.data / "filler").unlink()

    def post_until_refused(self):
        for number in range(MOST_UNTIL_FULL):
            status = self.post(f"Full-{number}", LARGE)
            if status != 200:
                self.assertEqual(status, 503)
                return f"Full-{number}"
        self.fail("a full disk refuses nothing")

    def test_what_does_not_fit_is_refused_and_told_and_it_goes_on_when_there_is_room(self):
        self.assertEqual(self.post("Before"), 200)
        self.paged("Before")
        incident = self.receiver.pages("Before")[0].json["incident"]["id"]
        self.fill()
        refused = self.post_until_refused()
        self.expect_not_ready("full|room|space")
        self.assertEqual(self.tocsin.get("/-/healthy").status, 200)
        self.assertEqual(self.tocsin.api("incidents/" + incident).json["state"], "open")
        self.make_room()
        self.expect_ready_by_itself()
        self.assertEqual(self.post(refused, LARGE), 200)
        self.paged(refused)
        self.assertEqual(self.post("After"), 200)
        self.paged("After")
        self.expect_kept()

    def test_a_kill_on_a_full_disk_and_a_start_on_it_lose_nothing(self):
        self.assertEqual(self.post("Before"), 200)
        self.paged("Before")
        self.fill()
        self.post_until_refused()
        self.tocsin.kill()
        self.tocsin.spawn()
        wait_for(lambda: self.tocsin.is_dead() or "serves on" in self.tocsin.log(),
                 "a start or its end")
        if not self.tocsin.is_dead():
            self.assertEqual(self.post("Meanwhile", LARGE), 503)
            self.make_room()
            self.expect_ready_by_itself()
        else:
            self.assertEqual(self.tocsin.process.returncode, 1)
            self.assertRegex(self.tocsin.log(), "full|room|space")
            self.make_room()
            self.tocsin.start()
        self.assertEqual(self.post("After"), 200)
        self.paged("After")
        self.expect_kept()


class FailingDiskTest(DiskTest):
    def test_while_fsyncs_fail_nothing_is_promised_and_then_it_goes_on_by_itself(self):
        self.tocsin.start()
        self.assertEqual(self.post("Before"), 200)
        self.paged("Before")
        with self.strace("-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO"):
            for number in range(5):
                self.assertEqual(self.post(f"Failing-{number}"), 503)
            self.expect_not_ready("I/O|disk|fsync")
        self.expect_ready_by_itself()
        # Its sender would send it again.
        self.assertEqual(self.post("Failing-0"), 200)
        self.paged("Failing-0")
        self.expect_kept()

    def test_one_failed_fsync_costs_the_answers_that_stood_on_it_and_nothing_else(self):
        self.tocsin.start()
        self.assertEqual(self.post("Before"), 200)
        self.paged("Before")
        wait_for(lambda: self.tocsin.metrics()["tocsin_outbox_waiting"] == 0)
        time.sleep(0.2)  # the result of the page is stored as well
        with self.strace("-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=1"):
            self.post("At")
            for number in range(5):
                self.post(f"Later-{number}")
            self.expect_ready_by_itself()
            self.assertEqual(self.post("Last"), 200)
        self.assertGreaterEqual(len(self.accepted), 3)
        self.expect_kept()


class SlowDiskTest(DiskTest):
    def test_answers_wait_for_a_slow_fsync_and_share_it(self):
        for milliseconds in (20, 500):
            with self.subTest(milliseconds=milliseconds):
                self.slow(milliseconds)

    def slow(self, milliseconds):
        # Seconds for all of them, if each had to wait for an fsync of its own: twice that is wrong.
        alone = SLOW_ALERTS * milliseconds / 1000
        self.tocsin.prefix = ["strace", "-D", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e",
                              "trace=fdatasync", "-e",
                              f"inject=fdatasync:delay_enter={milliseconds * 1000}"]
        self.tocsin.start()
        names = [f"Slow-{milliseconds}-{number}" for number in range(SLOW_ALERTS)]
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(SENDERS) as pool:
            took = []

            def timed(name):
                at = time.monotonic()
                status = self.post(name)
                took.append(time.monotonic() - at)
                return status

            self.assertEqual(list(pool.map(timed, names)), [200] * SLOW_ALERTS)
        whole = time.monotonic() - begin
        print(f"fsync of {milliseconds} ms: {SLOW_ALERTS} alerts of {SENDERS} senders in "
              f"{whole:.2f} s, the slowest in {max(took):.2f} s", flush=True)
        self.assertGreaterEqual(min(took), milliseconds / 1000, "answered before its fsync")
        self.assertLess(whole, 2 * alone + 10, "answers do not share fsyncs")
        self.assertEqual(self.ready().status, 200, self.ready().text)
        for name in names:
            self.paged(name)
        self.tocsin.kill()  # in the middle of the results
        self.tocsin.prefix = []
        self.expect_kept()
        self.tocsin.kill()


class DamagedFileTest(DiskTest):
    """tests/journal has every byte of a journal's file; here is what a user sees of it."""

    def setUp(self):
        super().setUp()
        self.tocsin.start()
        self.names = ["Aardvark", "Badger", *(f"Caracal-{i}" for i in range(DAMAGED_ALERTS))]
        for name in self.names:
            self.assertEqual(self.post(name, LARGE), 200)
            self.paged(name)
        wait_for(lambda: self.tocsin.metrics()["tocsin_outbox_waiting"] == 0)
        (self.segment,) = (self.tocsin.data / "journal").glob("*.db")

    def delete_store(self):
        """What is told is told by who reads the journal; a snapshot's owner need not."""
        for side in ("", "-wal", "-shm"):
            (self.tocsin.data / ("store.db" + side)).unlink(missing_ok=True)

    def flip(self, file):
        whole = bytearray(file.read_bytes())
        at = whole.index(b"Badger")  # in the record of the alert
        whole[at] ^= 1
        file.write_bytes(whole)

    def expect_told(self):
        wait_for(lambda: self.tocsin.metrics().get("tocsin_journal_damaged_total", 0) > 0,
                 "damage in the metrics")
        self.assertIn(self.segment.name, self.tocsin.log())
        self.assertRegex(self.tocsin.log(), "damaged")
        answer = self.ready()
        self.assertEqual(answer.status, 200)
        self.assertRegex(answer.text, "damaged")

    def test_a_flipped_bit_costs_its_own_record_which_is_named(self):
        self.assertEqual(self.tocsin.terminate(), 0)
        self.delete_store()
        self.flip(self.segment)
        self.tocsin.start()
        self.expect_told()
        self.assertEqual(self.post("After"), 200)
        self.paged("After")
        self.expect_kept(lost={"Badger"})

    def test_so_it_does_in_the_wal_that_a_kill_left(self):
        self.tocsin.kill()
        self.delete_store()
        self.flip(self.segment.with_name(self.segment.name + "-wal"))
        self.tocsin.start()
        self.expect_told()
        self.assertEqual(self.post("After"), 200)
        self.paged("After")
        self.expect_kept(lost={"Badger"})

    def test_a_file_that_is_cut_off_is_named_and_what_is_left_goes_on(self):
        self.assertEqual(self.tocsin.terminate(), 0)
        self.delete_store()
        os.truncate(self.segment, self.segment.stat().st_size * 3 // 4 // PAGE * PAGE)
        self.tocsin.start()
        self.expect_told()
        self.assertEqual(self.post("After"), 200)
        self.paged("After")
        self.expect_kept(lost=set(self.names[len(self.names) // 3:]))


if __name__ == "__main__":
    if os.geteuid() != 0:  # for the mount
        os.execvp("unshare", ["unshare", "-rm", sys.executable, "-B", *sys.argv])
    unittest.main()
