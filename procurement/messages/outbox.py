"""Send what lies in the outbox. Each mail is sent inside the transaction that notes it as sent.

A worker killed in between sends it again, under the same Message-ID; two workers never hold the same mail.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.facade import Database
from procurement.messages import mailer
from procurement.messages.mailer import Letter, MailNotTaken, MailRefused, MailServer, MailServerAway
from procurement.messages.telling import tell
from procurement.messages.wording import said
from procurement.registers.messages import WAITING, Mail, MailWish

log = structlog.get_logger(__name__)

AT_ONCE = 50  # mails in one go; then other duties have their turn
FIRST_PAUSE = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(hours=4)
MOST_ATTEMPTS = 12  # about a day; then an operator decides
SECRET_KINDS = ("confirmation",)  # their text holds a link that is worth something until it is used
OPERATORS = ("operator", "admin")
Deliver = Callable[[MailServer, Letter, dt.datetime], None]


def send_due(database: Database, server: MailServer, now: Callable[[], dt.datetime], deliver: Deliver = mailer.send) -> int:
    """Send what is due; returns how many went. Raises MailServerAway when the server takes nothing, so that nobody hammers it."""
    sent = 0
    for _ in range(AT_ONCE):
        went = _send_next(database, server, now(), deliver)
        if went is None:
            break
        sent += went
    return sent


def _send_next(database: Database, server: MailServer, now: dt.datetime, deliver: Deliver) -> bool | None:
    """None: nothing is due. Raises MailServerAway."""
    away: MailServerAway | None = None
    with database.unit_of_work() as work:
        mail = _next(work.session, now)
        if mail is None:
            return None
        try:
            deliver(server, Letter(mail.message_id, mail.address, mail.subject, mail.text), now)
            _end(mail, "sent", now)
        except MailRefused as refusal:
            _refused(work.session, mail, refusal, now)
        except MailNotTaken as trouble:
            _postpone(work.session, mail, trouble, now)
            away = trouble if isinstance(trouble, MailServerAway) else None
        went = mail.state == "sent"
        work.session.flush()
        work.commit()
    if away is not None:
        raise away
    return went


def _next(session: Session, now: dt.datetime) -> Mail | None:
    due = select(Mail).where(Mail.state == WAITING, Mail.next_at <= now).order_by(Mail.next_at, Mail.key).limit(1)
    return session.scalar(due.with_for_update(skip_locked=True))


def _end(mail: Mail, state: str, now: dt.datetime, error: str = "") -> None:
    mail.state, mail.ended_at, mail.error, mail.attempts = state, now, error, mail.attempts + 1
    if mail.kind in SECRET_KINDS:
        mail.text = ""


def _refused(session: Session, mail: Mail, refusal: MailRefused, now: dt.datetime) -> None:
    """The address gets nothing more until it is confirmed again; its owner reads so in the pages."""
    log.warning("mail_refused", mail=mail.key, login=mail.login)
    cause = str(refusal.ids.get("cause", ""))
    _end(mail, "refused", now, cause)
    stopped = update(MailWish).where(
        MailWish.login == mail.login, MailWish.address == mail.address, MailWish.stopped_at.is_(None)
    )
    session.execute(stopped.values(stopped_at=now, stopped_reason=cause))
    values = {"address": mail.address}
    subject, text = said("address_stopped", values, "zh_Hans")
    tell(
        session,
        to=[mail.login],
        kind="notification",
        subject=subject,
        text=text,
        link="/messages/settings",
        purchase_id=None,
        at=now,
        source=f"stopped:{mail.key}",
        words="address_stopped",
        values=values,
    )


def _postpone(session: Session, mail: Mail, trouble: MailNotTaken, now: dt.datetime) -> None:
    cause = str(trouble.ids.get("cause", ""))
    log.warning("mail_not_taken", mail=mail.key, attempts=mail.attempts + 1, cause=cause)
    if mail.attempts + 1 >= MOST_ATTEMPTS:
        _end(mail, "given_up", now, cause)
    else:
        mail.attempts, mail.error, mail.next_at = mail.attempts + 1, cause, now + pause(mail.attempts + 1)
    if mail.attempts in (3, MOST_ATTEMPTS):  # not for a hiccup
        _tell_operators(session, cause, now)


def _tell_operators(session: Session, cause: str, now: dt.datetime) -> None:
    values = {"cause": cause}
    subject, text = said("mail_trouble", values, "zh_Hans")
    tell(
        session,
        to=OPERATORS,
        kind="incident",
        subject=subject,
        text=text,
        link="/operate/mail",
        purchase_id=None,
        at=now,
        source=f"mail-trouble:{now:%Y-%m-%d}",
        words="mail_trouble",
        values=values,
    )


def pause(attempts: int) -> dt.timedelta:
    """1, 3, 9, 27 … minutes, at most four hours."""
    times: int = 3 ** (attempts - 1)
    return min(FIRST_PAUSE * times, LONGEST_PAUSE)
