"""How tocsin begins and ends when it is asked to: SIGTERM finishes what has begun, and one
directory or one port never has two."""
import json
import signal
import socket
import subprocess
import threading
import unittest

import harness
from harness import firing, stays, wait_for


class LifecycleTest(harness.TestCase):
    def test_sigterm_stops_an_idle_tocsin_with_exit_code_0(self):
        tocsin = self.tocsin()
        self.assertEqual(tocsin.terminate(), 0)
        self.assertIn("stopped", tocsin.log())

    def test_sigterm_lets_a_request_that_has_begun_be_answered(self):
        tocsin = self.tocsin()
        body = json.dumps([firing("Disk")]).encode()
        with socket.create_connection(("127.0.0.1", tocsin.port), harness.PATIENCE) as sender:
            sender.sendall(b"POST /api/v2/alerts HTTP/1.1\r\nHost: tocsin\r\n"
                           b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
                           % (harness.KEY.encode(), len(body)) + body[:20])
            # The request has begun once another one that came later has been answered.
            self.assertEqual(tocsin.get("/-/healthy").status, 200)
            tocsin.process.send_signal(signal.SIGTERM)
            wait_for(lambda: "stopping" in tocsin.log(), "the begin of the end")
            sender.sendall(body[20:])
            self.assertIn(b"HTTP/1.1 200 OK\r\n", sender.recv(4096))
        self.assertEqual(tocsin.process.wait(harness.PATIENCE), 0)
        tocsin.start()
        self.page("Disk")

    def test_sigterm_waits_for_the_page_under_way_and_records_it(self):
        held, go_on = threading.Event(), threading.Event()
        self.addCleanup(go_on.set)

        def hold(_):
            held.set()
            go_on.wait(harness.PATIENCE)
            return 204

        self.receiver.answer = hold
        tocsin = self.tocsin()
        tocsin.post(firing("Disk"))
        self.assertTrue(held.wait(harness.PATIENCE))
        tocsin.process.send_signal(signal.SIGTERM)
        wait_for(lambda: "stopping" in tocsin.log(), "the begin of the end")
        self.assertTrue(stays(lambda: tocsin.process.poll() is None, 0.3), "it did not wait")
        go_on.set()
        self.assertEqual(tocsin.process.wait(harness.PATIENCE), 0)
        tocsin.start()
        self.assertEqual([p["status"] for p in tocsin.incidents()[0]["pages"]], ["accepted"])
        self.assertEqual(len(self.receiver.pages("Disk")), 1)

    def test_a_second_tocsin_on_the_same_data_is_refused_and_the_first_goes_on(self):
        first = self.tocsin()
        refused = self.second(first, ["--data", first.data, "--listen", "127.0.0.1:0"])
        self.assertEqual(refused.returncode, 1)
        self.assertIn(f"{first.data} is in use by another tocsin", refused.stderr)
        self.assert_still_pages(first)

    def test_a_second_tocsin_on_the_same_port_is_refused_and_the_first_goes_on(self):
        first = self.tocsin()
        refused = self.second(first, ["--data", self.home / "other",
                                      "--listen", f"127.0.0.1:{first.port}"])
        self.assertEqual(refused.returncode, 1)
        self.assertIn(f"127.0.0.1 port {first.port}: another process listens there", refused.stderr)
        self.assert_still_pages(first)

    def test_a_bad_configuration_is_not_served_where_nothing_else_may_be_and_says_where_it_is_bad(self):
        tocsin = self.tocsin()
        tocsin.terminate()
        tocsin.write("teams/crew.yaml", "team: crew\npolicies: 3\n")
        refused = self.second(tocsin, ["--data", tocsin.data, "--strict"])
        self.assertEqual(refused.returncode, 1)
        self.assertRegex(refused.stderr, r"(?m)^teams/crew.yaml:2:\d+: policies: ")

    def second(self, first, arguments):
        return subprocess.run([harness.BINARY, "serve", "--config", first.config, *arguments],
                              capture_output=True, text=True, timeout=harness.PATIENCE,
                              env=first.environment(), check=False)

    def assert_still_pages(self, tocsin):
        self.assertEqual(tocsin.post(firing("StillHere")).status, 200)
        self.page("StillHere")


if __name__ == "__main__":
    unittest.main()
