"""The opening of sealed bids: who is there, whose keys are there, and what became of each bid."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Conflict, InvalidInput, NotFound, NotPermitted
from procurement.registers import bidding, sealed_bids, seals
from procurement.registers.opening_keys import keys_of, shares_of
from procurement.registers.purchases import Purchase
from procurement.registers.sealing import BidOpening, ComparisonKey, KeyShare, Opening, OpeningKey, OpeningPresence
from procurement.sealing import codes, records, shamir, wrapping

RUNNING = ("gathering", "opening")


class OpeningNotCalled(Conflict):
    """The opening of {purchase} has not begun. It begins when the deadline for bids is over and enough bids are there."""


class KeyTooEarly(Conflict):
    """The opening of {purchase} takes place after {deadline}; it is {now} by the server's clock. Give your key then."""


class NotAHolder(NotPermitted):
    """You hold no key of {purchase}. Its key holders are {holders}."""


class WrongCode(InvalidInput):
    """This opening code does not belong to {purchase}: it was sealed with your code of {since}, fingerprint {fingerprint}. Take that sheet."""


class OtherCode(InvalidInput):
    """This is your code of {typed}, but {purchase} was sealed with your code of {since}, fingerprint {fingerprint}. Take that sheet."""


class KeysMissing(Conflict):
    """{given} of {needed} keys are there. Bids can be opened as soon as {needed} key holders gave theirs."""


def current(session: Session, purchase_id: str, *, lock: bool = False) -> Opening | None:
    """The newest opening of a purchase."""
    query = select(Opening).where(Opening.purchase_id == purchase_id).order_by(Opening.id.desc()).limit(1)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def running(session: Session, purchase_id: str) -> Opening:
    """The opening that goes on, locked: what two people press at once happens one after the other. Raises OpeningNotCalled."""
    opening = current(session, purchase_id, lock=True)
    if opening is None or opening.state not in RUNNING:
        raise OpeningNotCalled(purchase=purchase_id)
    return opening


def call(session: Session, purchase_id: str, now: dt.datetime) -> Opening:
    """Begin to gather keys, after the deadline. Called twice, it is the same opening. Raises OpeningTooEarly."""
    bidding.refuse_early(session, purchase_id, now)
    sealed_bids.close(session, purchase_id)
    opening = current(session, purchase_id, lock=True)
    if opening is not None and opening.state in RUNNING:
        return opening
    key = seals.comparison_key(session, purchase_id)
    state = "gathering" if key is not None else "opening"  # a comparison of an earlier version has no key to gather
    opening = Opening(purchase_id=purchase_id, comparison_key_id=key.id if key else None, state=state, called_at=now)
    session.add(opening)
    session.flush()
    return opening


def give_share(session: Session, purchase_id: str, login: str, code: str, now: dt.datetime) -> KeyShare:
    """A holder's share, unwrapped by the typed code and kept until the end of the opening; given twice, it is given once.

    Raises KeyTooEarly, OpeningNotCalled, NotAHolder, CodeMistyped, WrongCode, OtherCode.
    """
    refuse_early_key(session, purchase_id, now)
    opening = running(session, purchase_id)
    share = share_of(session, opening, login)
    if share.share is not None:
        return share
    sealed_with = session.get_one(OpeningKey, share.opening_key_id)
    typed = codes.private_key(code)
    _refuse_other_code(session, purchase_id, login, typed, sealed_with)
    context = records.share_context(purchase_id, login, share.number)
    try:
        clear = wrapping.unwrap(base64.b64decode(share.wrapped), typed, context)
    except wrapping.CannotUnwrap as cause:  # the code is right, so the stored share was changed
        raise WrongCode(purchase=purchase_id, since=_day(sealed_with.since), fingerprint=sealed_with.fingerprint) from cause
    share.share, share.given_at = base64.b64encode(clear).decode(), now
    note_presence(session, opening, login, share.name, share.part, now)
    session.flush()
    if opening.state == "gathering" and given(session, opening) >= _key(session, opening).needed:
        comparison_private(session, opening)  # whether the shares do open the key is known before anybody waits for it
        opening.state, opening.begun_at = "opening", now
        session.flush()
    return share


def refuse_early_key(session: Session, purchase_id: str, now: dt.datetime) -> None:
    """Before the deadline is over no key is taken, so that none can be kept. Raises KeyTooEarly."""
    purchase = session.get(Purchase, purchase_id)
    if purchase is None:
        raise NotFound(kind="Purchase", key=purchase_id)
    if purchase.bid_until is not None and now.replace(microsecond=0) <= purchase.bid_until:
        shown = [f"{moment:%Y-%m-%d %H:%M:%S}" for moment in (purchase.bid_until, now)]
        raise KeyTooEarly(purchase=purchase_id, deadline=shown[0], now=shown[1])


def share_of(session: Session, opening: Opening, login: str) -> KeyShare:
    """Raises NotAHolder."""
    shares = shares_of(session, opening.comparison_key_id) if opening.comparison_key_id else []
    for share in shares:
        if share.login == login:
            return share
    raise NotAHolder(purchase=opening.purchase_id, holders="、".join(share.name for share in shares) or "-")


def given(session: Session, opening: Opening) -> int:
    """How many keys are there."""
    return sum(share.given_at is not None for share in shares_of(session, opening.comparison_key_id or 0))


def comparison_private(session: Session, opening: Opening) -> X25519PrivateKey:
    """The private key of the comparison, put together for the moment of use. Raises KeysMissing."""
    key = _key(session, opening)
    there = {share.number: base64.b64decode(share.share) for share in shares_of(session, key.id) if share.share}
    if len(there) < key.needed:
        raise KeysMissing(given=len(there), needed=key.needed)
    private = X25519PrivateKey.from_private_bytes(shamir.combine(there))
    if codes.public_bytes(private) != base64.b64decode(key.public_key):
        raise KeysMissing(given=len(there), needed=key.needed)
    return private


def note_presence(session: Session, opening: Opening, login: str, name: str, part: str, now: dt.datetime) -> OpeningPresence:
    """Somebody is there; said twice, the first time counts."""
    query = select(OpeningPresence).where(OpeningPresence.opening_id == opening.id, OpeningPresence.login == login)
    presence = session.scalars(query).one_or_none()
    if presence is None:
        presence = OpeningPresence(opening_id=opening.id, login=login, name=name, part=part, came_at=now)
        session.add(presence)
        session.flush()
    return presence


def presences(session: Session, opening: Opening) -> Sequence[OpeningPresence]:
    query = select(OpeningPresence).where(OpeningPresence.opening_id == opening.id)
    return session.scalars(query.order_by(OpeningPresence.came_at, OpeningPresence.id)).all()


def results(session: Session, opening: Opening) -> dict[str, BidOpening]:
    """Bid → what became of it."""
    return {row.bid_id: row for row in session.scalars(select(BidOpening).where(BidOpening.opening_id == opening.id))}


def end(session: Session, opening: Opening, state: str, now: dt.datetime) -> None:
    """``state``: opened or returned. The shares that were given are destroyed: nobody needs the comparison's key any more."""
    opening.state, opening.ended_at = state, now
    if opening.comparison_key_id is not None:
        for share in shares_of(session, opening.comparison_key_id):
            share.share = None
    session.flush()


def _refuse_other_code(session: Session, purchase_id: str, login: str, typed: X25519PrivateKey, sealed_with: OpeningKey) -> None:
    public = base64.b64encode(codes.public_bytes(typed)).decode()
    if public == sealed_with.public_key:
        return
    told: dict[str, Any] = {"purchase": purchase_id, "since": _day(sealed_with.since), "fingerprint": sealed_with.fingerprint}
    other = next((key for key in keys_of(session, login) if key.public_key == public), None)
    if other is not None:
        raise OtherCode(typed=_day(other.since), **told)
    raise WrongCode(**told)


def _key(session: Session, opening: Opening) -> ComparisonKey:
    return session.get_one(ComparisonKey, opening.comparison_key_id)


def _day(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d}"
