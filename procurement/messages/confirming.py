"""An address counts once a link mailed to it was opened by its owner: one use, one day, few tries."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import secrets

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from engine.errors import Conflict, FieldError, InvalidInput, NotFound
from procurement.messages.letters import Sender
from procurement.messages.mailer import is_address
from procurement.messages.posting import new_mail
from procurement.messages.wording import FRAME
from procurement.registers.messages import AddressConfirmation, MailWish

VALID = dt.timedelta(hours=24)
BETWEEN = dt.timedelta(minutes=1)
MOST_A_DAY = 5  # mails to one address or for one person, whoever asks: nobody's mailbox is filled through us
DAY = dt.timedelta(days=1)


class TooManyConfirmations(Conflict):
    """A mail was sent a short while ago. Look into the mailbox, or try again in {minutes} minutes."""


class ConfirmationVoid(NotFound):
    """This link has been used or has expired. Ask for a new one on the settings page."""


def ask(session: Session, login: str, name: str, address: str, language: str, now: dt.datetime, sender: Sender) -> None:
    """Mail a link to ``address``; links sent earlier are void. Raises InvalidInput, TooManyConfirmations."""
    address = address.strip()
    if not is_address(address):
        raise InvalidInput(fields=(FieldError("address", "Enter one mail address such as name@example.cn."),))
    _refuse_too_many(session, login, address, now)
    earlier = update(AddressConfirmation).where(AddressConfirmation.login == login, AddressConfirmation.used_at.is_(None))
    session.execute(earlier.values(used_at=now))
    secret = secrets.token_urlsafe(32)
    session.add(
        AddressConfirmation(
            secret_hash=_digest(secret), login=login, address=address, made_at=now, expires_at=now + VALID, used_at=None
        )
    )
    frame = FRAME[language]
    text = frame["confirm"].format(name=name, office=sender.office, link=f"{sender.site}/messages/confirm/{secret}")
    subject = frame["confirm_subject"].format(office=sender.office)
    session.add(new_mail(login, address, "confirmation", language, subject, text, now))


def confirm(session: Session, login: str, secret: str, now: dt.datetime) -> MailWish:
    """The address is the person's from now on. Raises ConfirmationVoid, also for somebody else's link."""
    row = session.get(AddressConfirmation, _digest(secret), with_for_update=True)
    if row is None or row.login != login or row.used_at is not None or row.expires_at <= now:
        raise ConfirmationVoid
    row.used_at = now
    wish = session.get(MailWish, login, with_for_update=True)
    if wish is None:
        wish = MailWish(login=login)
        session.add(wish)
    wish.address, wish.confirmed_at, wish.stopped_at, wish.stopped_reason = row.address, now, None, ""
    return wish


def asked(session: Session, login: str, now: dt.datetime) -> AddressConfirmation | None:
    """The link that still waits to be opened."""
    query = select(AddressConfirmation).where(
        AddressConfirmation.login == login, AddressConfirmation.used_at.is_(None), AddressConfirmation.expires_at > now
    )
    return session.scalar(query.order_by(AddressConfirmation.made_at.desc()).limit(1))


def _refuse_too_many(session: Session, login: str, address: str, now: dt.datetime) -> None:
    made = AddressConfirmation.made_at
    same = or_(AddressConfirmation.login == login, AddressConfirmation.address == address)
    count, first, last = session.execute(
        select(func.count(), func.min(made), func.max(made)).where(same, made > now - DAY, made <= now)
    ).one()
    wait = last + BETWEEN - now if last else dt.timedelta()
    if count >= MOST_A_DAY:
        wait = first + DAY - now
    if wait > dt.timedelta():
        raise TooManyConfirmations(minutes=math.ceil(wait.total_seconds() / 60))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
