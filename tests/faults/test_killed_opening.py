"""kill -9 of the real server while bids arrive at the deadline, while keys are given and while bids are opened: nothing is lost or opened twice."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from decimal import Decimal

import httpx
import pytest
from sqlalchemy import func, select

from engine.model import SYSTEM
from procurement.demo.opening import demo_code
from procurement.registers import opening_keys
from procurement.registers.comparison import Application, Bid, BidContent
from procurement.registers.purchases import Purchase
from procurement.registers.sealing import BidOpening, KeyShare, SealedPart
from procurement.sealing.streams import AES
from tests.faults.demo_process import DemoProcess, Person
from tests.faults.servers import office_on
from web.composition import Services

NUMBER = "CG-2026-9700"
BIDDERS = [f"org-{n:02}" for n in range(1, 13)]
HOLDERS = ("jdfg", "hxpg", "jjjc")
FILE = b"%PDF-1.7\n" + b"x" * 3_000_000  # opening one takes long enough to be killed in
WAITS = (0.05, 0.2, 0.5)  # seconds between a click and the kill


def login_of(organisation_id: str) -> str:
    return f"org{organisation_id.rpartition('-')[2]}"


def price_of(organisation_id: str) -> int:
    return 170_000 + int(organisation_id.rpartition("-")[2])


@pytest.fixture(scope="module")
def office(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, DemoProcess]]:
    url, files = new_database(), tmp_path_factory.mktemp("files")
    with office_on(url, files) as services:
        process = DemoProcess(url, files)
        process.start()
        try:
            yield services, process
        finally:
            process.kill()


def announce(services: Services, closes_in: dt.timedelta) -> None:
    """A sealed comparison that takes bids for so long."""
    now = services.clock.now()
    with services.office.desk.editing(SYSTEM) as session:
        purchase = Purchase(id=NUMBER, title="t", unit="u", initiator="ylfw", initiator_kind="department", step="selection")
        purchase.status, purchase.agency_id, purchase.amount = "comparison_open", "agy-01", Decimal(200_000)
        purchase.apply_until, purchase.bid_until = now, (now + closes_in).replace(microsecond=0)
        purchase.started_at = purchase.updated_at = now
        session.add(purchase)
        session.flush()
        for key in BIDDERS:
            row = Application(id=f"BM-{key}", purchase_id=NUMBER, organisation_id=key, name=key, content={}, status="confirmed")
            row.registered_at = now
            session.add(row)
        holders = {one.login: one for one in opening_keys.possible_holders(session, "agy-01")}
        opening_keys.seal_comparison(session, NUMBER, [holders[one] for one in HOLDERS], 2, cipher=AES, by="cgjb", now=now)


def bid(person: Person, organisation_id: str) -> httpx.Response:
    """The same form each time it is sent."""
    fields = {"price": str(price_of(organisation_id)), "promise": "true", "command": organisation_id * 8}
    return person.send_form(f"/portal/{NUMBER}/sealed-bid", fields, files={"files": ("方案.pdf", FILE, "application/pdf")})


def begin_opening(services: Services) -> None:
    variables = {
        "purchase_id": NUMBER,
        "title": "t",
        "agency_id": "agy-01",
        "handling_days": {"value": 3},
        "minimum_applicants": {"value": 3},
        "sealing": None,
    }
    services.engine.start_process("bid_opening", variables, actor=SYSTEM, business_key=NUMBER)


def complete(services: Services, element_id: str, login: str, **values: object) -> None:
    actor = services.office.accounts.actor(login)
    [task] = services.engine.tasks(business_key=NUMBER, element_id=element_id, candidate_of=actor).items
    services.engine.complete_task(task.key, values, actor=actor)


def killed_while(process: DemoProcess, act: Callable[[], object], after: float) -> None:
    """Somebody clicks, and the server is gone before it has answered, or just then."""

    def click() -> None:
        with suppress(httpx.HTTPError):
            act()

    clicking = threading.Thread(target=click)
    clicking.start()
    time.sleep(after)
    process.kill()
    clicking.join()
    process.start()


def counted(services: Services, table: type) -> int:
    with services.office.desk.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_killed_at_the_deadline_and_during_the_opening_nothing_is_lost_or_opened_twice(
    office: tuple[Services, DemoProcess],
) -> None:
    with ExitStack() as browsers:
        goes_through(*office, lambda login: browsers.enter_context(closing(Person(office[1].address, login))))


def goes_through(services: Services, process: DemoProcess, person: Callable[[str], Person]) -> None:
    announce(services, dt.timedelta(minutes=10))
    people = {key: person(login_of(key)) for key in BIDDERS}

    # at the deadline: half of the bids are there, one is being taken in, and the server dies
    for key in BIDDERS[:7]:
        assert bid(people[key], key).status_code == 200
    for wait, key in zip(WAITS, BIDDERS[7:10], strict=True):
        killed_while(process, lambda key=key: bid(people[key], key), wait)
        answer = bid(people[key], key)  # the page is still open: the same form again
        assert answer.status_code == 200, answer.text
    services.clock.set(services.office.purchases.get(NUMBER).bid_until - dt.timedelta(seconds=1.5))
    time.sleep(0.5)  # the server asks for its clock every now and then
    with ThreadPoolExecutor(2) as sending:
        last = [sending.submit(bid, people[key], key) for key in BIDDERS[10:]]
        in_time = [key for key, sent in zip(BIDDERS[10:], last, strict=True) if sent.result().status_code == 200]
    process.again()
    time.sleep(2)
    late = bid(person(login_of(BIDDERS[0])), BIDDERS[0])
    assert "截止" in late.text or late.status_code == 200  # the form of a bid that is there gives its receipt again
    arrived = [*BIDDERS[:10], *in_time]
    with services.office.desk.reading() as session:
        kept = session.scalars(select(Bid).where(Bid.purchase_id == NUMBER, Bid.status == "submitted")).all()
        assert sorted(one.organisation_id for one in kept) == sorted(arrived)
        assert len(session.scalars(select(Bid).where(Bid.purchase_id == NUMBER)).all()) == len(arrived)  # none twice
        assert session.scalar(select(func.count()).select_from(SealedPart)) == 2 * len(arrived)

    # the opening: called, one key, killed, the other key, killed, each bid
    begin_opening(services)
    complete(services, "convene_opening", "cgjb", opening_place="三楼会议室")
    for login, wait in (("jdfg", 0.02), ("jjjc", 0.1)):
        holder, code = person(login), demo_code(login)
        killed_while(
            process, lambda holder=holder, code=code: holder.send_form(f"/opening/{NUMBER}/key", {"code_password": code}), wait
        )
        holder.send_form(f"/opening/{NUMBER}/key", {"code_password": code})
    host = person("cgjb")
    seen = [counted(services, BidOpening)]
    for wait in WAITS:
        killed_while(process, lambda: host.send_form(f"/opening/{NUMBER}/open", {}), wait)
        seen.append(counted(services, BidOpening))
    assert seen == sorted(seen)
    with ThreadPoolExecutor(3) as clicking:  # and impatient: three clicks at once
        answers = list(clicking.map(lambda _: host.send_form(f"/opening/{NUMBER}/open", {}).status_code, range(3)))
    assert set(answers) == {303}
    for _ in range(10):
        if counted(services, BidOpening) == len(arrived):
            break
        host.send_form(f"/opening/{NUMBER}/open", {})

    with services.office.desk.reading() as session:
        rows = session.scalars(select(BidOpening).order_by(BidOpening.position)).all()
        assert [row.position for row in rows] == list(range(1, len(arrived) + 1))
        assert {row.outcome for row in rows} == {"opened"}
        by_bid = {row.id: row.organisation_id for row in session.scalars(select(Bid))}
        prices = {by_bid[row.bid_id]: int(Decimal(str(row.content["price"]))) for row in session.scalars(select(BidContent))}
        assert prices == {key: price_of(key) for key in arrived}
        times = [session.get_one(Bid, row.bid_id).submitted_at for row in rows]
        assert times == sorted(times)
    assert not services.engine.incidents(state="active", root_key=root(services)).items

    # the task is done with the last bid; killed once more, then signed, and the keys are gone
    process.again()
    while tasks := services.engine.tasks(business_key=NUMBER, limit=20).items:
        for task in tasks:
            login = task.assignee or "cgjb"
            services.engine.complete_task(task.key, {}, actor=services.office.accounts.actor(login))
    assert services.engine.instance(root(services)).state == "completed"
    with services.office.desk.reading() as session:
        assert {share.share for share in session.scalars(select(KeyShare))} == {None}


def root(services: Services) -> int:
    [found] = services.engine.instances(business_key=NUMBER, roots_only=True).items
    return int(found.key)
