"""How the demo's people seal and open bids: with opening codes that are known, because the demo hides nothing from anybody."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable
from decimal import Decimal

from sqlalchemy.orm import Session

from engine.model import Actor
from procurement.demo.paper import sheet
from procurement.office import Office
from procurement.office.sealing import Offered, Sent
from procurement.registers.opening_keys import store_key
from procurement.sealing import codes

HOLDERS = ("cgjb", "jdzr", "jdfg", "hxpg", "cypg", "jjjc")
CEREMONY = frozenset({"convene_opening", "submit_key", "open_each_bid"})  # after which of them the opening goes on at once


def demo_code(login: str) -> str:
    """The opening code of a demo account: anybody can work it out, so it protects nothing."""
    return codes.code_of(hashlib.sha256(f"bixuan demo {login}".encode()).digest()[: codes.RANDOM_BYTES])


def load_keys(session: Session, now: dt.datetime) -> None:
    """Give every holder of the demo the code of ``demo_code``."""
    for login in HOLDERS:
        store_key(session, login, demo_code(login), now)


def submit(office: Office, purchase_id: str, organisation_id: str, price: Decimal, actor: Actor) -> Sent:
    """A bid as the portal's page sends it; done again, it is the same bid."""
    content = io.BytesIO(sheet(f"{purchase_id} {organisation_id}"))
    return office.sealing.submit(
        purchase_id,
        organisation_id,
        price=price,
        files=[Offered("参选文件.pdf", content)],
        note="方案见附件",
        command=f"demo {purchase_id} {organisation_id} {price}",
        actor=actor,
    )


def hold(office: Office, purchase_id: str, host: Actor, person: Callable[[str], Actor]) -> None:
    """Holders give their keys until there are enough, then the host opens every bid."""
    for share in office.openings.view(purchase_id, actor=host).shares:
        view = office.openings.view(purchase_id, actor=host)
        if view.opening is None or view.given >= view.needed:
            break
        if share.given_at is None:
            office.openings.give_key(purchase_id, demo_code(share.login), actor=person(share.login))
    while office.openings.view(purchase_id, actor=host).unopened:
        office.openings.open_rest(purchase_id, actor=host)
