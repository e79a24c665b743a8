"""A worker of its own process that sends what is due, and stands still between sending and noting that it was sent.

``python -m tests.integration.messages.sender DATABASE FILES PORT``; prints ``sent`` once the mail server has the mail.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

from procurement.messages import mailer
from procurement.messages.mailer import MailServer
from web.composition import compose
from web.settings import Settings


def main(database: str, files: str, port: str) -> None:
    server = MailServer("127.0.0.1", "bixuan@office.example", "https://bixuan.office.example", port=int(port), security="none")
    services = compose(replace(Settings.for_demo(database, files), mail=server))

    def sent_and_waiting(*letter: object) -> None:
        mailer.send(*letter)  # type: ignore[arg-type]
        print("sent", flush=True)
        time.sleep(600)

    services.messages.deliver = sent_and_waiting
    services.messages.send()


if __name__ == "__main__":
    main(*sys.argv[1:])
