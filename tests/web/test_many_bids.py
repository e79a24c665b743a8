"""Two hundred bids and thirty experts through the pages: no page asks the database once per bid."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from engine.model import SYSTEM, Actor
from procurement.demo.opening import demo_code
from procurement.office.sealing import Offered
from procurement.registers import opening_keys, openings
from procurement.registers.comparison import Application
from procurement.registers.parties import Organisation
from procurement.registers.purchases import Purchase
from procurement.registers.sealing import BidOpening
from procurement.sealing.streams import AES
from tests.support.panels import seat_at
from tests.support.statements import asked_by_pages
from tests.web.offices import start_purchase
from web.composition import Services

MANY, EXPERTS = 200, 30
NUMBER = "CG-2026-9600"
MOST_STATEMENTS = 60  # of one page, whatever the number of bids
PDF = b"%PDF-1.7\nplan\n"


def look(services: Services, client, address: str) -> str:
    with asked_by_pages(services) as found:
        answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    assert 0 < len(found) < MOST_STATEMENTS, address
    return str(answer.text)


@pytest.fixture(scope="module")
def comparison(services: Services) -> Iterator[str]:
    """A sealed comparison with a bid of each of 200 organisations, after its deadline."""
    before = services.clock.now()
    with services.office.desk.editing(SYSTEM) as session:
        purchase = Purchase(id=NUMBER, title="t", unit="u", initiator="ylfw", initiator_kind="department", step="selection")
        purchase.status, purchase.agency_id, purchase.amount = "comparison_open", "agy-01", Decimal(400_000)
        purchase.apply_until, purchase.bid_until = before, before + dt.timedelta(hours=2)
        purchase.started_at = purchase.updated_at = before
        session.add(purchase)
        model = session.get_one(Organisation, "org-01")
        for n in range(MANY):
            key = f"org-m{n:03}"
            own = {c.name: getattr(model, c.name) for c in Organisation.__table__.columns if c.name not in ("id", "name")}
            session.add(Organisation(id=key, name=f"机构{n:03}", **{**own, "credit_code": f"52510104MJM{n:03}000X"}))
        session.flush()
        for n in range(MANY):
            row = Application(
                id=f"BM-M{n:03}", purchase_id=NUMBER, organisation_id=f"org-m{n:03}", name=f"机构{n:03}", content={}
            )
            row.status, row.registered_at = "confirmed", before
            session.add(row)
        holders = {one.login: one for one in opening_keys.possible_holders(session, "agy-01")}
        chosen = [holders[login] for login in ("jdfg", "hxpg", "jjjc")]
        opening_keys.seal_comparison(session, NUMBER, chosen, 2, cipher=AES, by="cgjb", now=before)
    for n in range(MANY):
        services.office.sealing.submit(
            NUMBER,
            f"org-m{n:03}",
            price=Decimal(300_000 + n),
            files=[Offered("方案.pdf", io.BytesIO(PDF + str(n).encode()))],
            command=f"many {n}",
            actor=Actor(f"m{n:03}", frozenset({"organisation", f"organisation:org-m{n:03}"})),
        )
    services.clock.set(before + dt.timedelta(hours=2, seconds=2))
    with services.office.desk.editing(SYSTEM) as session:
        openings.call(session, NUMBER, services.clock.now())
    yield NUMBER
    services.clock.set(before)


def test_two_hundred_bids_are_opened_on_the_page_without_a_question_for_each(
    services: Services, comparison: str, as_user: Callable
) -> None:
    for login in ("jdfg", "jjjc"):
        as_user(login).post_form(f"/opening/{comparison}/key", {"code_password": demo_code(login)}, page="/account")
    host = as_user("cgjb")
    sealed = look(services, host, f"/opening/{comparison}")
    assert "机构000" not in sealed
    clicks = 0
    while opened(services) < MANY:
        assert host.post_form(f"/opening/{comparison}/open", page="/account").status_code == 303
        clicks += 1
        assert clicks < MANY
    shown = look(services, host, f"/opening/{comparison}")
    assert "机构199" in shown
    assert look(services, host, f"/opening/{comparison}/state").count("已开启") >= MANY
    look(services, as_user("jjjc"), "/flags")


def opened(services: Services) -> int:
    with services.office.desk.reading() as session:
        query = select(func.count()).select_from(BidOpening).where(BidOpening.purchase_id == NUMBER)
        return session.scalar(query) or 0


def test_two_hundred_bids_are_scored_on_the_page_without_a_question_for_each(services: Services, as_user: Callable) -> None:
    number = start_purchase(services).number
    panel = seat_at(services.office, services.engine, number, prices=[400_000 - n * 100 for n in range(MANY)])
    expert = as_user(panel.experts[0].user_id)
    page = look(services, expert, f"/scoring/{number}")
    assert page.count("机构") >= MANY - 20
    field = {"on-7-service_plan": "1", "p-7-service_plan": "20", "r-7-service_plan": ""}
    with asked_by_pages(services) as saving:
        assert expert.post_form(f"/scoring/{number}/save", field, page="/account").status_code == 303
    assert 0 < len(saving) < MOST_STATEMENTS
    own = services.office.scoring.own_sheet(number, actor=panel.experts[0])
    assert own.marks[panel.organisations[7]]["service_plan"]["points"] == 20
    marks = panel.marks()
    for one in panel.experts:
        panel.sign(one, marks)
    officer = as_user("cgjb")
    for part in ("progress", "result", "report"):
        look(services, officer, f"/scoring/{number}/{part}")
    look(services, officer, f"/purchases/{number}")


def test_thirty_experts_sign_on_their_pages(services: Services, as_user: Callable) -> None:
    number = start_purchase(services).number
    panel = seat_at(services.office, services.engine, number, experts=EXPERTS)
    marks = panel.marks()
    signed = 0
    for one in panel.experts:
        if one.user_id.startswith("zj"):  # experts of the pool have accounts; the others sign in the office
            panel.fill(one, marks)
            answer = as_user(one.user_id).post_form(f"/scoring/{number}/sign", page="/account")
            assert answer.status_code == 303, answer.text[:500]
            signed += 1
        else:
            panel.sign(one, marks)
    assert signed >= 10
    officer = as_user("cgjb")
    assert f"{EXPERTS} / {EXPERTS}" in look(services, officer, f"/scoring/{number}/progress")
    look(services, officer, f"/scoring/{number}/result")
    look(services, officer, f"/scoring/{number}/report")
