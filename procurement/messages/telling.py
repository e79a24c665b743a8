"""Tell people something, in the transaction that makes it true. Mails are made of it later, by the worker."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from engine.errors import EngineError
from procurement.accounts.tables import User
from procurement.messages.kinds import KINDS
from procurement.registers.messages import WAITING, Message

MOST_PEOPLE = 1_000  # told at once; larger groups read the public page
LONGEST_SUBJECT = 200
LONGEST_TEXT = 4_000
OURS = re.compile(r"/(?!/)[^\\\s\x00-\x1f]*")
UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class KindUnknown(EngineError):
    """There is no kind of message {kind}. Use one of: {known}."""


class LinkLeaves(EngineError):
    """A message links to {link}, which is no address of this installation. Write a path such as /purchases/CG-2026-0001."""


def tell(
    session: Session,
    *,
    to: Collection[str],
    kind: str,
    subject: str,
    text: str,
    link: str,
    purchase_id: str | None,
    at: dt.datetime,
    source: str = "",
    urgent: bool = False,
    but: Collection[str] = (),
    words: str = "",
    values: Mapping[str, Any] | None = None,
) -> int:
    """A message to every active account that is named in ``to`` or belongs to a group named there; returns how many got it.

    ``to``: logins, roles (``procurement_officer``) and party groups (``organisation:org-01``). ``source``: the same thing told
    again under the same name reaches nobody twice. ``but``: logins that need not be told, such as whoever did it. ``words``:
    a key of procurement.messages.wording, for both languages. Raises KindUnknown, LinkLeaves.
    """
    if kind not in KINDS:
        raise KindUnknown(kind=kind, known=", ".join(KINDS))
    if link and not OURS.fullmatch(link):
        raise LinkLeaves(link=repr(link)[:200])
    logins = recipients(session, to, but)
    if not logins:
        return 0
    told = {
        "kind": kind,
        "words": words,
        "values": dict(values or {}),
        "subject": one_line(subject),
        "text": plain(text),
        "link": link,
        "purchase_id": purchase_id or None,
        "source": source or uuid.uuid4().hex,
        "urgent": urgent,
        "at": at,
        "mail": WAITING,
    }
    rows = [{"login": login, **told} for login in logins]
    statement = insert(Message).on_conflict_do_nothing(index_elements=["login", "source"]).returning(Message.key)
    return len(session.execute(statement, rows).all())


def recipients(session: Session, to: Collection[str], but: Collection[str] = ()) -> list[str]:
    """Logins of the active accounts named by login, role or party group, in order."""
    wanted = sorted({one for one in to if one})
    if not wanted:
        return []
    named: ColumnElement[bool] = or_(
        User.login.in_(wanted), User.roles.overlap(cast(wanted, ARRAY(Text))), User.groups.overlap(cast(wanted, ARRAY(Text)))
    )
    query = select(User.login).where(User.active, named, User.login.not_in(list(but)))
    return list(session.scalars(query.order_by(User.login).limit(MOST_PEOPLE)))


def one_line(text: str, longest: int = LONGEST_SUBJECT) -> str:
    """What may stand in a header: no line breaks, no characters nobody sees."""
    line = " ".join(UNPRINTABLE.sub(" ", text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def plain(text: str) -> str:
    """What may stand in the body: line breaks stay, other characters nobody sees go."""
    kept = UNPRINTABLE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return kept if len(kept) <= LONGEST_TEXT else kept[: LONGEST_TEXT - 1] + "…"
