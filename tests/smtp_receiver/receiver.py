#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A mail server that behaves as it is told, for tests: python3-aiosmtpd on loopback.

Prints "listening PORT". Each line that it appends to --log is a JSON object: a mail that it took, or
something that a client did. How it behaves is the word of --mode, and the part of an address before
the @: nobody@ is refused, full@ has a full mailbox, grey@ is greylisted once, busy@ always.
"""
import argparse
import asyncio
import base64
import json
import os
import ssl

from aiosmtpd.smtp import SMTP, AuthResult

GREETINGS = {"greeting_421": "421 4.3.2 closing", "greeting_554": "554 5.7.1 not for you"}
SENDER = {
    "mail_421": "421 4.7.0 too many connections",
    "mail_530": "530 5.7.0 authentication required",
    "mail_550": "550 5.7.60 not allowed to send as this sender",
    "mail_552": "552 5.3.4 message size exceeds the limit",
}
DATA = {
    "data_451": "451 4.7.1 try again later",
    "data_452": "452 4.3.1 insufficient storage",
    "data_552": "552 5.3.4 too large",
    "data_554": "554 5.7.1 looks like spam to me, dana@example.com",
    "data_511": "550 5.1.1 no such user after all",
}
AUTH = {
    "auth_454": "454 4.7.0 temporary authentication failure",
    "auth_5730": "550 5.7.30 Basic authentication is not supported for Client Submission",
}


class Handler:
    def __init__(self, options):
        self.options = options
        self.greylisted = set()

    def tell(self, **fields):
        with open(self.options.log, "a", encoding="utf-8") as log:
            log.write(json.dumps(fields) + "\n")

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        self.tell(event="hello", name=hostname)
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.options.down and os.path.exists(self.options.down):
            return "421 4.3.2 not taking mails now"
        reply = SENDER.get(self.options.mode)
        if reply:
            return reply
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.tell(event="recipient", address=address)
        name = address.split("@")[0]
        if name == "nobody":
            return f"550 5.1.1 <{address}>: no such user here"
        if name == "full":
            return "452 4.2.2 mailbox full"
        if name == "busy" or (name == "grey" and address not in self.greylisted):
            self.greylisted.add(address)
            return "450 4.2.0 greylisted, come back in five minutes"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        mode = self.options.mode
        if mode in DATA:
            return DATA[mode]
        self.tell(event="mail", sender=envelope.mail_from, to=envelope.rcpt_tos,
                  tls=session.ssl is not None or self.options.tls == "implicit",
                  login=bool(session.authenticated),
                  content=envelope.original_content.decode("ascii"))
        if mode == "drop_end":
            server.transport.abort()
            return "250 2.0.0 never said"
        if mode == "silent_end":
            await asyncio.sleep(3600)
        return "250 2.0.0 queued"

    async def auth_XOAUTH2(self, server, args):
        user, token = "", ""
        for field in base64.b64decode(args[1]).decode().split("\x01"):
            if field.startswith("user="):
                user = field[5:]
            if field.startswith("auth=Bearer "):
                token = field[12:]
        self.tell(event="login", mechanism="XOAUTH2", user=user, secret=token)
        good = token == self.options.password and user == self.options.user
        return AuthResult(success=good, handled=False)

    def authenticate(self, server, session, envelope, mechanism, data):
        reply = AUTH.get(self.options.mode)
        login, password = data.login.decode(), data.password.decode()
        self.tell(event="login", mechanism=mechanism, user=login, secret=password)
        if reply:
            return AuthResult(success=False, handled=False, message=reply)
        good = login == self.options.user and password == self.options.password
        return AuthResult(success=good, handled=False)


class Server(SMTP):
    async def smtp_DATA(self, arg):
        if self.event_handler.options.mode == "drop_data":
            self.transport.abort()
            return
        await super().smtp_DATA(arg)

    async def smtp_QUIT(self, arg):
        self.event_handler.tell(event="quit")
        if self.event_handler.options.mode == "silent_quit":
            await asyncio.sleep(3600)
        await super().smtp_QUIT(arg)


def certificate(options):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate, options.key)
    return context


async def serve(options):
    loop = asyncio.get_running_loop()
    handler = Handler(options)
    starttls = certificate(options) if options.tls == "starttls" else None
    implicit = certificate(options) if options.tls == "implicit" else None

    def make():
        return Server(handler, hostname="mx.example.test", tls_context=starttls,
                      auth_require_tls=options.tls == "starttls",
                      auth_required=bool(options.user), authenticator=handler.authenticate)

    async def refuse(reader, writer):
        writer.write(GREETINGS[options.mode].encode() + b"\r\n")
        await writer.drain()
        await reader.read(1000)
        writer.close()

    if options.mode in GREETINGS:
        server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    else:
        server = await loop.create_server(make, "127.0.0.1", 0, ssl=implicit)
    print("listening", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", required=True)
    parser.add_argument("--mode", default="ok")
    parser.add_argument("--down", help="while this file is there, nothing is taken")
    parser.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
