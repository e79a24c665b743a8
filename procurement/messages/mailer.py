"""Hand a letter to the mail server (SMTP). Every failure says whether trying again may help."""

from __future__ import annotations

import datetime as dt
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from engine.errors import ExecutionFailed
from engine.ports import Effect
from procurement.messages.letters import as_html
from procurement.messages.telling import one_line, plain

STARTTLS, TLS, PLAIN = "starttls", "tls", "none"
SECURITIES = (STARTTLS, TLS, PLAIN)
ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9][A-Za-z0-9-]{0,61}"
)
LONGEST_ADDRESS = 254
PERMANENT = 500  # replies from here on: trying again is no use (RFC 5321, 4.2.1)


class MailNotTaken(ExecutionFailed):
    """The mail server {server} did not take the mail: {cause}. It is tried again later."""


class MailServerAway(MailNotTaken):
    """The mail server {server} takes no mails now: {cause}. They are kept and sent later."""


class MailRefused(ExecutionFailed):
    """The mail to {address} was refused for good: {cause}. Check the address."""


@dataclass(frozen=True)
class MailServer:
    """``sender`` is the address mails come from; ``site`` is our own address, without a slash at the end."""

    host: str
    sender: str
    site: str
    port: int = 587
    security: str = STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""  # for a server whose certificate an inner authority signed
    timeout_s: int = 20
    office: str = ""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Letter:
    """``key`` becomes the left part of the Message-ID: the same letter sent twice is recognised by it."""

    key: str
    to: str
    subject: str
    text: str
    settings_path: str = "/messages/settings"


def is_address(text: str) -> bool:
    """One plain address, nothing a header could be broken with."""
    return len(text) <= LONGEST_ADDRESS and ADDRESS.fullmatch(text) is not None


def send(server: MailServer, letter: Letter, at: dt.datetime) -> None:
    """Raises MailRefused (this address, or this mail, never) or MailNotTaken (later perhaps)."""
    if not is_address(letter.to):
        raise MailRefused(address=repr(letter.to)[:100], cause="this is no mail address")
    message = composed(server, letter, at)
    try:
        with _connected(server) as smtp:
            smtp.send_message(message, server.sender, [letter.to])
    except smtplib.SMTPRecipientsRefused as error:
        code, said = error.recipients[letter.to]
        raise _failure(server, letter, code, said, permanent=code >= PERMANENT) from error
    except smtplib.SMTPDataError as error:
        raise _failure(server, letter, error.smtp_code, error.smtp_error, permanent=error.smtp_code >= PERMANENT) from error
    except smtplib.SMTPResponseException as error:  # greeting, log-in, sender: the server's own trouble, whatever the code
        raise MailServerAway(server=server, cause=_cause(error.smtp_code, error.smtp_error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerAway(server=server, cause=one_line(f"{type(error).__name__}: {error}")) from error


def composed(server: MailServer, letter: Letter, at: dt.datetime) -> EmailMessage:
    """The mail as it is sent: plain text, and the same as simple HTML."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(one_line(server.office, 60), addr_spec=server.sender)
    message["To"] = letter.to
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{letter.key}@{server.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answer is wanted
    message["List-Unsubscribe"] = f"<{server.site}{letter.settings_path}>"
    message.set_content(letter.text)
    message.add_alternative(as_html(letter.text), subtype="html")
    return message


def effect(server: MailServer, now: Callable[[], dt.datetime]) -> Effect:
    """The effect ``mail.send`` of a service task: variables to (one address), subject, text.

    The text is seen by other people's machines: a diagram writes nothing into it that is secret.
    """

    def send_mail(payload: Mapping[str, Any], idempotency_key: str) -> None:
        to, subject, text = (str(payload.get(name) or "") for name in ("to", "subject", "text"))
        send(server, Letter(idempotency_key, to, subject, plain(text)), now())

    return send_mail


@contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """Ready to send. Nothing is said in clear once a log-in or encryption was asked for."""
    trust = ssl.create_default_context(cafile=server.ca_file or None) if server.security != PLAIN else None
    if server.security == TLS:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout_s, context=trust)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)
    with smtp:
        if server.security == STARTTLS:
            smtp.starttls(context=trust)
        if server.user:
            smtp.login(server.user, server.password)
        yield smtp


def _failure(server: MailServer, letter: Letter, code: int, said: bytes | str, *, permanent: bool) -> ExecutionFailed:
    cause = _cause(code, said)
    return MailRefused(address=letter.to, cause=cause) if permanent else MailNotTaken(server=server, cause=cause)


def _cause(code: int, said: bytes | str) -> str:
    return one_line(f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}")
