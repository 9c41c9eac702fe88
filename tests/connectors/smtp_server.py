"""A real SMTP server for one test: says its port, then each mail as a line of JSON, until its input ends.

    /usr/bin/python3 smtp_server.py [--user NAME --password WORD] [--certificate FILE] [--tls]

With a certificate it offers STARTTLS, or with --tls speaks TLS from the first byte; FILE has the key as well. With a user it takes mail of
nobody else, and asks for STARTTLS before the password.
"""
import argparse
import json
import logging
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later@"):
            return "450 4.2.0 come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        print(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
                          "user": session.auth_data, "text": envelope.content.decode()}), flush=True)
        return "250 2.0.0 taken"


class OnAFreePort(Controller):
    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def main():
    logging.disable()  # what a test provokes is no news
    parser = argparse.ArgumentParser()
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--certificate")
    parser.add_argument("--tls", action="store_true")
    asked = parser.parse_args()

    def authenticator(server, session, envelope, mechanism, data):
        right = data.login == asked.user.encode() and data.password == asked.password.encode()
        return AuthResult(success=right, handled=False, auth_data=asked.user if right else None)

    settings = {}
    context = None
    if asked.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(asked.certificate)
    if context and not asked.tls:
        settings |= {"tls_context": context, "require_starttls": True}
    if asked.user:
        settings |= {"authenticator": authenticator, "auth_required": True, "auth_require_tls": not asked.tls}
    controller = OnAFreePort(Handler(), hostname="127.0.0.1", port=0, ready_timeout=60,
                             ssl_context=context if asked.tls else None, **settings)
    controller.start()
    print(controller.port, flush=True)
    sys.stdin.read()
    controller.stop()


if __name__ == "__main__":
    main()
