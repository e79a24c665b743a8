"""Messages to people, the mails made of them, what each person wants, and who was reminded of which deadline."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import KeptRow, Row

WAITING = "waiting"  # of a message: whether it becomes a mail is not decided; of a mail: it is to be sent


class Message(Row):
    """One message to one person. ``words`` and ``values`` say it in either language; ``subject`` and ``text`` in Chinese.

    ``source`` is the same whenever the same thing is told again, so that nobody is told twice.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("login", "source"),
        Index(None, "login", "key"),
        Index("ix_messages_unread", "login", postgresql_where=sql("read_at is null")),
        Index("ix_messages_mail", "login", "key", postgresql_where=sql("mail = 'waiting'")),
    )

    key: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    login: Mapped[str]
    kind: Mapped[str]  # one of procurement.messages.kinds.KINDS
    words: Mapped[str]  # key of procurement.messages.wording.WORDS, or empty
    values: Mapped[dict[str, Any]]
    subject: Mapped[str]
    text: Mapped[str]
    link: Mapped[str]  # a path of ours
    purchase_id: Mapped[str | None]
    source: Mapped[str]
    urgent: Mapped[bool]  # may be mailed in quiet hours
    at: Mapped[dt.datetime]
    read_at: Mapped[dt.datetime | None]
    mail: Mapped[str]  # waiting, mailed, none


class Mail(Row):
    """The outbox. ``message_id`` is made once, so that a mail sent twice is recognised as one."""

    __tablename__ = "mails"
    __table_args__ = (
        Index("ix_mails_due", "next_at", "key", postgresql_where=sql("state = 'waiting'")),
        Index(None, "login", "created_at"),
        Index(None, "state", "key"),
    )

    key: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)  # its left part
    login: Mapped[str]
    address: Mapped[str]
    kind: Mapped[str]  # message, digest, confirmation, test
    language: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    state: Mapped[str]  # waiting, sent, refused, given_up, dropped
    attempts: Mapped[int]
    error: Mapped[str]
    created_at: Mapped[dt.datetime]
    next_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class MailWish(KeptRow):
    """What one person wants by mail. Nothing is mailed before the address is confirmed."""

    __tablename__ = "mail_wishes"

    login: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(default="")
    confirmed_at: Mapped[dt.datetime | None]
    modes: Mapped[dict[str, Any]] = mapped_column(default=dict)  # kind → immediate, digest, none
    digest_hour: Mapped[int] = mapped_column(default=8)
    quiet_from: Mapped[str] = mapped_column(default="22:00")  # empty: no quiet hours
    quiet_until: Mapped[str] = mapped_column(default="07:00")
    quiet_days_off: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(default="zh_Hans")
    stopped_at: Mapped[dt.datetime | None]  # the address refused a mail for good
    stopped_reason: Mapped[str] = mapped_column(default="")
    digested_on: Mapped[dt.date | None]


class AddressConfirmation(Row):
    """A link mailed to an address; only the hash of its secret is kept."""

    __tablename__ = "address_confirmations"
    __table_args__ = (Index(None, "login", "made_at"), Index(None, "address", "made_at"))

    secret_hash: Mapped[str] = mapped_column(primary_key=True)
    login: Mapped[str]
    address: Mapped[str]
    made_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class FeedPosition(Row):
    """How far a reader of the history has come. Its row is locked while somebody reads, so that only one does."""

    __tablename__ = "feed_positions"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]


class Deadline(Row):
    """A task with a due date, or a timer, that somebody is to be reminded of; ``key`` is the task's or the waiting event's.

    ``holders`` are whom it waits for, as of its beginning; ``next_group`` is told next once it is overdue.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        Index("ix_deadlines_next", "next_at", "key", postgresql_where=sql("is_open")),
        Index(None, "root_key"),
    )

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str]  # task or timer
    root_key: Mapped[int] = mapped_column(BigInteger)
    process_id: Mapped[str]
    element_id: Mapped[str]
    name: Mapped[str]
    purchase_id: Mapped[str]
    due: Mapped[dt.datetime]
    holders: Mapped[list[str]]
    urgent: Mapped[bool]
    level: Mapped[int]  # 0: nobody was told yet; 1: reminded; 2 and more: escalated that often, and once
    next_at: Mapped[dt.datetime]
    next_group: Mapped[str]  # empty: nobody further
    after_days: Mapped[int]  # working days from the due date to the first escalation
    is_open: Mapped[bool]


class Reminder(Row):
    """Somebody was told of a deadline. Only added to."""

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("deadline", "act", "level"), Index(None, "purchase_id", "key"))

    key: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    deadline: Mapped[int] = mapped_column(BigInteger)
    act: Mapped[str]  # remind, escalate, urge
    level: Mapped[int]
    element_id: Mapped[str]
    name: Mapped[str]
    purchase_id: Mapped[str]
    due: Mapped[dt.datetime | None]
    to: Mapped[list[str]]  # groups and logins
    people: Mapped[int]  # how many were told
    by: Mapped[str]  # who urged; empty when the clock did
    at: Mapped[dt.datetime]
