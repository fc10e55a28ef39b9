"""Where mail goes on a machine that has no mail server: each message becomes a file in <data>/mail.

Run as `python -m machi.house.mailbox PORT FOLDER`; listens on the machine itself only.
"""

import asyncio
import sys
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP


class Folder:
    """Keeps each message it is handed as `<time>-<number>.eml`."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.count = 0

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 — aiosmtpd's name
        """Write the message with its real recipients on top; answers as SMTP does."""
        self.count += 1
        to = "".join(f"X-Envelope-To: {address}\r\n" for address in envelope.rcpt_tos)
        name = f"{time.strftime('%Y%m%d-%H%M%S')}-{self.count:04d}.eml"
        (self.folder / name).write_bytes(to.encode() + envelope.original_content)
        return "250 Kept"


async def listen(port, handler):
    """Hand mail that comes in on `port` to `handler` until the process ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, enable_SMTPUTF8=True, decode_data=False), "127.0.0.1", port
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(listen(int(sys.argv[1]), Folder(sys.argv[2])))
