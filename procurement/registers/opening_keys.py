"""Who can hold a share of a comparison's key, and how the key is made and split among them."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import User
from procurement.accounts.users import actor_of
from procurement.registers.sealing import PARTS, ComparisonKey, KeyShare, OpeningKey
from procurement.registers.seals import comparison_key
from procurement.sealing import codes, records, shamir, wrapping

STREET = frozenset({"procurement_officer", "street_leader"})
SUPERVISOR = "discipline"


@dataclass(frozen=True)
class Holder:
    """Somebody who may hold a share. ``part``: street, agency or supervisor; ``key`` None: has no opening code yet."""

    login: str
    name: str
    unit: str
    part: str
    key: OpeningKey | None

    def as_variable(self) -> dict[str, Any]:
        has_code = self.key is not None
        told = f"{self.name}（{self.unit}）" if self.unit else self.name
        return {"login": self.login, "name": self.name, "part": self.part, "has_code": has_code, "told": told}


def current_key(session: Session, login: str) -> OpeningKey | None:
    query = select(OpeningKey).where(OpeningKey.login == login, OpeningKey.replaced_at.is_(None))
    return session.scalars(query).one_or_none()


def keys_of(session: Session, login: str) -> Sequence[OpeningKey]:
    """The present one and those it replaced, newest first."""
    return session.scalars(select(OpeningKey).where(OpeningKey.login == login).order_by(OpeningKey.id.desc())).all()


def store_key(session: Session, login: str, code: str, now: dt.datetime) -> OpeningKey:
    """Keep the public half of a new code; the earlier one stays for the comparisons that were sealed with it."""
    earlier = current_key(session, login)
    if earlier is not None:
        earlier.replaced_at = now
        session.flush()
    public = codes.public_bytes(codes.private_key(code))
    key = OpeningKey(login=login, public_key=base64.b64encode(public).decode(), fingerprint=codes.fingerprint(public), since=now)
    session.add(key)
    session.flush()
    return key


def possible_holders(session: Session, agency_id: str | None) -> Sequence[Holder]:
    """Everybody who may be named for a comparison of that agency, by part and name; closed accounts are left out."""
    found = []
    for user in session.scalars(select(User).where(User.active).order_by(User.name)):
        part = part_of(actor_of(user).groups, agency_id)
        if part:
            found.append(Holder(user.login, user.name, user.unit or "", part, current_key(session, user.login)))
    return sorted(found, key=lambda holder: PARTS.index(holder.part))


def part_of(groups: frozenset[str], agency_id: str | None) -> str:
    """For which side somebody of these groups may hold a share; empty for nobody's. Discipline comes first: it must stay apart."""
    if SUPERVISOR in groups:
        return "supervisor"
    if agency_id and f"agency:{agency_id}" in groups:
        return "agency"
    return "street" if groups & STREET else ""


def seal_comparison(
    session: Session, purchase_id: str, holders: Sequence[Holder], needed: int, *, cipher: str, by: str, now: dt.datetime
) -> ComparisonKey:
    """Make the key of a comparison and give every holder a share. The private half is gone when this returns.

    A key made before, for an earlier try of the same comparison, ends.
    """
    earlier = comparison_key(session, purchase_id)
    if earlier is not None:
        earlier.ended_at = now
        session.flush()
    private = X25519PrivateKey.generate()
    public = codes.public_bytes(private)
    key = ComparisonKey(
        purchase_id=purchase_id,
        cipher=cipher,
        public_key=base64.b64encode(public).decode(),
        fingerprint=codes.fingerprint(public),
        needed=needed,
        sealed_at=now,
        sealed_by=by,
    )
    session.add(key)
    session.flush()
    shares = shamir.split(private.private_bytes_raw(), len(holders), needed)
    for number, holder in enumerate(holders, 1):
        session.add(_share(key, number, holder, shares))
    session.flush()
    return key


def shares_of(session: Session, key_id: int) -> Sequence[KeyShare]:
    return session.scalars(select(KeyShare).where(KeyShare.comparison_key_id == key_id).order_by(KeyShare.number)).all()


def _share(key: ComparisonKey, number: int, holder: Holder, shares: Mapping[int, bytes]) -> KeyShare:
    assert holder.key is not None
    context = records.share_context(key.purchase_id, holder.login, number)
    wrapped = wrapping.wrap(shares[number], base64.b64decode(holder.key.public_key), context)
    return KeyShare(
        comparison_key_id=key.id,
        number=number,
        login=holder.login,
        name=holder.name,
        part=holder.part,
        opening_key_id=holder.key.id,
        wrapped=base64.b64encode(wrapped).decode(),
    )
