"""What the public notice of an opening says before and after there is a result."""

from __future__ import annotations

import pytest

from engine.model import SYSTEM
from procurement.registers.comparison import Notice
from procurement.registers.purchases import Purchase
from tests.integration.procurement.conftest import START

NUMBER, NAME, PRICE = "CG-2026-9431", "邻里社区服务中心", "370000"
BID = {
    "number": "SJ-2026-0001",
    "name": NAME,
    "sha256": "a" * 64,
    "outcome": "opened",
    "price": PRICE,
    "submitted_at": "2026-03-02",
}


def publish(office, kind: str, number: str, **content: object) -> None:
    with office.desk.editing(SYSTEM) as session:
        if session.get(Purchase, NUMBER) is None:
            row = Purchase(id=NUMBER, title="t", unit="u", initiator="x", initiator_kind="department", step="selection")
            row.started_at = row.updated_at = START
            session.add(row)
            session.flush()
        session.add(
            Notice(
                id=number,
                purchase_id=NUMBER,
                kind=kind,
                title=kind,
                content=content,
                published_at=START,
                published_by="x",
                sha256="",
            )
        )


def record(office, names_public: bool | None) -> None:
    own = {} if names_public is None else {"names_public": names_public}
    text = f"1. {NAME}，报价 {PRICE} 元。"
    publish(office, "opening_record", "GG-2026-9001", record={"bids": [BID], "sha256": "b" * 64}, text=text, **own)


def told(office) -> list[str]:
    desk = office.public
    return [
        str(desk.notice("GG-2026-9001").content),
        *(str(n.content) for n in (*desk.notices(), *desk.purchase(NUMBER).notices)),
    ]


def test_names_and_prices_of_an_opening_are_not_public_before_the_result(office):
    record(office, names_public=False)
    assert not any(word in one for one in told(office) for word in (NAME, PRICE))
    kept = office.public.notice("GG-2026-9001").content["record"]
    assert kept["sha256"] == "b" * 64
    assert [bid["number"] for bid in kept["bids"]] == ["SJ-2026-0001"]


def test_the_full_record_is_public_with_the_result_and_was_never_changed(office):
    record(office, names_public=False)
    told(office)
    publish(office, "result_publicity", "GG-2026-9002")
    assert all(NAME in one and PRICE in one for one in told(office) if "opened" in one)


@pytest.mark.parametrize("names_public", [True, None], ids=["the rule says at once", "published by an earlier version"])
def test_a_record_that_was_published_in_full_stays_so(office, names_public):
    record(office, names_public)
    assert NAME in told(office)[0]
