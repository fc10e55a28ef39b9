"""A mail server in this process that keeps what it gets; may answer slowly or refuse."""

import asyncio
import email
import email.policy
import socket

from aiosmtpd.controller import Controller


class Sink:
    """A mail server on a port of its own. `refuse` is a reply to give to RCPT; `wait` seconds before DATA's
    reply.
    """

    def __init__(self, port=None):
        self.port = port or free_port()
        self.mails, self.refuse, self.wait = [], None, 0
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        await asyncio.sleep(self.wait)
        return "250 OK"

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_error):
        self.controller.stop(no_assert=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
