"""Mail by a real SMTP server: it arrives, threads, and what the server refuses is told."""
import email
import email.policy
import threading
import unittest

import harness
from harness import firing, over, wait_for

try:
    from aiosmtpd.controller import Controller
except ImportError:
    import subprocess, sys  # the system's Python has Debian's package, whichever runs the tests
    if sys.executable != "/usr/bin/python3":
        sys.exit(subprocess.call(["/usr/bin/python3", "-B", *sys.argv]))
    raise


class Inbox:
    def __init__(self):
        self.mails, self.lock, self.refuse = [], threading.Lock(), {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with self.lock:
            self.mails.append((envelope.mail_from, envelope.rcpt_tos, mail))
        return "250 taken"

    def to(self, address):
        with self.lock:
            return [m for _, rcpt, m in self.mails if rcpt == [address]]


class EmailTest(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.inbox = Inbox()
        self.smtp = Controller(self.inbox, hostname="127.0.0.1", port=harness.free_port())
        self.smtp.start()
        self.addCleanup(self.smtp.stop)
        service = harness.SERVICE.replace(
            "people:\n", f"  - {{{{name: mail, type: email, smtp: \"smtp://127.0.0.1:{self.smtp.port}\", "
                         "from: tocsin@example.com}}\npeople:\n", 1)
        service = service.replace("contacts: {{hook: ada}}", "contacts: {{mail: ada@example.com}}", 1)
        self.service = self.tocsin(service=service)

    def test_a_page_arrives_and_the_word_that_it_is_over_is_in_its_thread(self):
        self.service.post(firing("Straße gesperrt", {"severity": "critical"}))
        page = wait_for(lambda: self.inbox.to("ada@example.com"), "the page")[0]
        self.assertEqual(page["Subject"].split(":")[0], "CRITICAL")
        self.assertIn("Straße gesperrt", page["Subject"])
        plain = page.get_body(("plain",)).get_content()
        self.assertRegex(plain.strip().splitlines()[-1], r"^http://.*/p/")
        self.assertIn("/p/", page.get_body(("html",)).get_content())
        self.service.post(over("Straße gesperrt", {"severity": "critical"}))
        resolved = wait_for(lambda: [m for m in self.inbox.to("ada@example.com")
                                     if m["Subject"].startswith("RESOLVED")], "the end")[0]
        self.assertEqual(resolved["References"], page["References"])
        self.assertNotEqual(resolved["Message-ID"], page["Message-ID"])

    def test_an_address_that_the_server_refuses_is_told_with_its_words(self):
        self.inbox.refuse["ada@example.com"] = "550 no such user here"
        self.service.post(firing("Disk"))
        incident = wait_for(lambda: self.service.incidents(), "the incident")[0]["id"]
        wait_for(lambda: any("no such user here" in e["text"] for e in
                             self.service.api(f"incidents/{incident}").json["timeline"]), "the server's words")


if __name__ == "__main__":
    unittest.main()
