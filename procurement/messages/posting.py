"""Make mails of messages: at once or once a day, never in quiet hours, never a flood."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from procurement.calendar import WorkingCalendar
from procurement.messages.kinds import DIGEST, KINDS, NONE
from procurement.messages.letters import Sender, letter
from procurement.messages.quiet import is_quiet
from procurement.registers.messages import WAITING, Mail, MailWish, Message

LOCK = 0x6D61696C  # "mail"; one worker makes mails at a time
PEOPLE_AT_ONCE = 200
MOST_PER_HOUR = 10  # mails to one person; what comes on top is gathered into the next
HOUR = dt.timedelta(hours=1)


def post(session: Session, now: dt.datetime, calendar: WorkingCalendar, sender: Sender | None) -> int:
    """Mails for what waits and may go now; returns how many. ``sender`` None: no mail server, messages stay in the pages."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
        return 0
    _keep_in_pages(session, with_mail=sender is not None)
    if sender is None:
        return 0
    waiting = select(Message.login).where(Message.mail == WAITING).distinct()
    wishes = session.scalars(select(MailWish).where(MailWish.login.in_(waiting)).order_by(MailWish.login)).all()
    made = 0
    for wish in wishes:
        if made >= PEOPLE_AT_ONCE:
            break
        made += _post_to(session, wish, now, calendar, sender)
    return made


def _keep_in_pages(session: Session, *, with_mail: bool) -> None:
    """Messages to people who get no mails stay in the pages."""
    reachable = exists().where(
        MailWish.login == Message.login, MailWish.confirmed_at.is_not(None), MailWish.stopped_at.is_(None), MailWish.address != ""
    )
    statement = update(Message).where(Message.mail == WAITING)
    session.execute((statement.where(~reachable) if with_mail else statement).values(mail="none"))


def _post_to(session: Session, wish: MailWish, now: dt.datetime, calendar: WorkingCalendar, sender: Sender) -> int:
    found = session.scalars(
        select(Message)
        .where(Message.login == wish.login, Message.mail == WAITING)
        .order_by(Message.key)
        .with_for_update(skip_locked=True)
    ).all()
    by_mode: dict[str, list[Message]] = {}
    for message in found:
        by_mode.setdefault(mode_of(wish, message.kind), []).append(message)
    _mark(session, by_mode.pop(NONE, []), "none")
    gathered = by_mode.pop(DIGEST, [])
    at_once = [message for messages in by_mode.values() for message in messages]
    quiet = is_quiet(wish, now, calendar)
    if quiet:
        at_once = [message for message in at_once if message.urgent]
    made = 0
    if at_once and not _too_many(session, wish.login, now):
        made += _made(session, wish, at_once, "message", now, sender)
    if gathered and not quiet and is_digest_time(wish, now):
        made += _made(session, wish, gathered, "digest", now, sender)
        session.execute(update(MailWish).where(MailWish.login == wish.login).values(digested_on=now.date()))
    return made


def mode_of(wish: MailWish, kind: str) -> str:
    return str(wish.modes.get(kind, KINDS.get(kind, NONE)))


def is_digest_time(wish: MailWish, now: dt.datetime) -> bool:
    """Once a day, from the hour chosen on: a worker that was away at that hour catches up."""
    return now.hour >= wish.digest_hour and (wish.digested_on is None or wish.digested_on < now.date())


def _too_many(session: Session, login: str, now: dt.datetime) -> bool:
    lately = select(func.count()).where(
        Mail.login == login, Mail.created_at > now - HOUR, Mail.created_at <= now, Mail.kind == "message"
    )
    return (session.scalar(lately) or 0) >= MOST_PER_HOUR


def _made(session: Session, wish: MailWish, messages: Sequence[Message], kind: str, now: dt.datetime, sender: Sender) -> int:
    subject, text = letter(messages, wish.language, sender)
    session.add(new_mail(wish.login, wish.address, kind, wish.language, subject, text, now))
    _mark(session, messages, "mailed")
    return 1


def _mark(session: Session, messages: Iterable[Message], state: str) -> None:
    keys = [message.key for message in messages]
    if keys:
        session.execute(update(Message).where(Message.key.in_(keys)).values(mail=state))


def new_mail(login: str, address: str, kind: str, language: str, subject: str, text: str, now: dt.datetime) -> Mail:
    """A mail for the outbox, to be sent at once."""
    return Mail(
        message_id=uuid.uuid4().hex,
        login=login,
        address=address,
        kind=kind,
        language=language,
        subject=subject,
        text=text,
        state=WAITING,
        attempts=0,
        error="",
        created_at=now,
        next_at=now,
    )
