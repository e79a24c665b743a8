"""What two people do in the same moment: two forms of one organisation, a withdrawal beside a bid, keys and openings at once."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.errors import EngineError
from engine.ports import OperationCall
from procurement.operations import OPERATIONS
from procurement.registers import bidding, sealed_bids
from procurement.registers.comparison import Application, Bid
from procurement.registers.sealing import BidOpening, KeyShare, OpeningPresence, SealedPart
from tests.integration.procurement.test_sealed_bids import ACTORS, AFTER, DEADLINE, PURCHASE, Room, bidder

TIMES = 4  # each race is run so often


@pytest.fixture
def room(new_database):
    made = Room(new_database())
    yield made
    made.database.dispose()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Everybody begins at the same signal; a refusal is an answer."""
    ready = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        ready.wait()
        try:
            return act()
        except EngineError as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def bids(room: Room, *states: str) -> list[Bid]:
    with room.session() as session:
        query = select(Bid).where(Bid.purchase_id == PURCHASE).order_by(Bid.id)
        return list(session.scalars(query.where(Bid.status.in_(states)) if states else query))


def with_keys(room: Room) -> set[str]:
    """Bids that could still be opened."""
    with room.session() as session:
        return set(session.scalars(select(SealedPart.bid_id).where(SealedPart.wrapped_key.is_not(None))))


def test_two_forms_of_one_organisation_at_once_leave_one_bid_that_counts(room: Room) -> None:
    for n in range(TIMES):
        sent = at_once(*(lambda p=price, n=n: room.bid("org-01", f"{p}.00", command=f"{n} {p}") for price in (100, 200, 300)))
        assert all(hasattr(one, "receipt") for one in sent), sent
        [counting] = bids(room, "submitted")
        assert with_keys(room) == {counting.id}
    assert len(bids(room)) == 3 * TIMES


def test_one_form_sent_twice_at_once_is_one_bid(room: Room) -> None:
    sent = at_once(*[lambda: room.bid("org-01", command="the same")] * 3)
    kept = {one.receipt.number for one in sent if hasattr(one, "receipt")}
    assert len(kept) == 1, sent
    assert len(bids(room)) == 1


def test_a_withdrawal_beside_a_new_bid_leaves_none_or_the_new_one(room: Room) -> None:
    for n in range(TIMES):
        room.bid("org-01", command=f"first {n}")
        _sent, _taken = at_once(
            lambda n=n: room.bid("org-01", "90.00", command=f"second {n}"),
            lambda: room.office.portal.withdraw_bid(PURCHASE, "org-01", actor=bidder("org-01")),
        )
        counting = bids(room, "submitted")
        assert len(counting) <= 1
        assert with_keys(room) == {one.id for one in counting}


def withdraw_application(room: Room, key: str) -> dict[str, Any]:
    """As the process does it when the organisation takes its application back."""
    with room.session() as session:
        call = OperationCall(
            operation="application.withdraw",
            inputs={"application_id": f"BM-{key}", "reason": "人手不足"},
            headers={},
            instance_key=1,
            root_instance_key=1,
            business_key=PURCHASE,
            element_id="withdraw",
            element_key=abs(hash(key)) % 10**6,
            actor_id="system",
            now=room.clock.now(),
            session=session,
            decide=lambda *_: None,
        )
        return dict(OPERATIONS["application.withdraw"](call))


def test_an_application_taken_back_destroys_its_sealed_bid_unread(room: Room) -> None:
    receipt = room.bid("org-02").receipt
    room.bid("org-01")
    assert withdraw_application(room, "org-02") == {"status": "withdrawn", "bid_lapsed": True}
    assert [one.status for one in bids(room) if one.id == receipt.number] == ["lapsed"]
    assert receipt.number not in with_keys(room)
    with pytest.raises(bidding.NotAdmitted):
        room.bid("org-02", command="another form")
    room.open_all()
    assert [one.bid.organisation_id for one in room.view().bids] == ["org-01"]
    assert room.office.sealing.receipts(PURCHASE), "the receipt stays on the list"


def test_an_application_taken_back_beside_its_bid_never_leaves_a_bid_that_counts(room: Room) -> None:
    for key in ("org-01", "org-02", "org-03"):
        at_once(lambda key=key: room.bid(key), lambda key=key: withdraw_application(room, key))
    with room.session() as session:
        assert set(session.scalars(select(Application.status))) == {"withdrawn"}
    assert bids(room, "submitted") == []
    assert with_keys(room) == set()


@pytest.mark.parametrize(("late_by", "accepted"), [(-1, True), (0, True), (1, False)], ids=["before", "same second", "after"])
def test_three_bids_in_the_second_of_the_deadline(room: Room, late_by: int, accepted: bool) -> None:
    room.clock.moment = DEADLINE + dt.timedelta(seconds=late_by)
    sent = at_once(*(lambda key=key: room.bid(key) for key in ("org-01", "org-02", "org-03")))
    assert [hasattr(one, "receipt") for one in sent] == [accepted] * 3
    assert len(bids(room, "submitted")) == (3 if accepted else 0)


def test_the_published_list_has_every_bid_that_was_accepted_in_the_last_second(room: Room) -> None:
    """The list waits for those being taken in; whoever comes after it is late, also with taking a bid back."""
    room.clock.moment = DEADLINE
    room.bid("org-03")
    listed: list[str] = []

    def close() -> None:
        room.clock.moment = AFTER
        with room.session() as session:
            sealed_bids.close(session, PURCHASE)
            listed.extend(one.id for one in sealed_bids.counting(session, PURCHASE))

    at_once(
        lambda: room.bid("org-01"),
        lambda: room.bid("org-02"),
        lambda: room.office.portal.withdraw_bid(PURCHASE, "org-03", actor=bidder("org-03")),
        close,
    )
    assert listed == [one.id for one in bids(room, "submitted")]


def test_two_holders_give_their_keys_at_once_and_the_opening_begins_once(room: Room) -> None:
    room.bid("org-01")
    room.call()
    given = at_once(lambda: room.give("officer"), lambda: room.give("watcher"), lambda: room.give("watcher"))
    assert given == [None, None, None]
    view = room.view()
    assert (view.given, view.opening.state) == (2, "opening")
    with room.session() as session:
        assert session.scalar(select(func.count()).select_from(OpeningPresence)) == 2
        assert session.scalar(select(func.count()).select_from(KeyShare).where(KeyShare.share.is_not(None))) == 2


def test_an_opening_that_two_hosts_click_through_at_once_opens_each_bid_once(room: Room) -> None:
    for key in ("org-01", "org-02", "org-03"):
        room.bid(key)
    room.call()
    room.give("officer", "watcher")
    answers = at_once(
        *[lambda: room.office.openings.open_rest(PURCHASE, actor=ACTORS["officer"], seconds=60)] * 2,
        lambda: room.office.openings.open_rest(PURCHASE, actor=ACTORS["agent"], seconds=60),
    )
    assert not [one for one in answers if isinstance(one, EngineError)], answers
    with room.session() as session:
        rows = session.scalars(select(BidOpening).order_by(BidOpening.position)).all()
        assert [row.position for row in rows] == [1, 2, 3]
