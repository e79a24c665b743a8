"""Bids sealed on arrival: nobody reads them before the deadline and without enough key holders, and everything is noticed."""

from __future__ import annotations

import base64
import datetime as dt
import io
from decimal import Decimal as D

import pytest
from obstore.store import MemoryStore

from engine.errors import InvalidInput, NotFound, NotPermitted
from engine.facade import Database, ProcessEngine
from engine.model import Actor
from procurement.accounts.errors import TooManyAttempts
from procurement.accounts.users import add_user
from procurement.files import FileStore
from procurement.office import Office
from procurement.office.openings import NotTheHost
from procurement.office.sealing import Offered
from procurement.registers import bidding, opening_keys, openings, sealed_bids, seals
from procurement.registers.comparison import Application, Bid, BidContent
from procurement.registers.migration import migrate
from procurement.registers.purchases import Purchase
from procurement.registers.row import OFFICE_ZONE
from procurement.registers.sealed_bids import Sender
from procurement.registers.sealing import BidFileMetadata, BidOpening, KeyShare, SealedPart
from procurement.sealing import codes, records, streams
from tests.integration.procurement.sample import organisation
from tests.support.purchases import HandClock

PURCHASE = "CG-2026-0001"
START = dt.datetime(2026, 3, 2, 9, tzinfo=OFFICE_ZONE)
DEADLINE = dt.datetime(2026, 3, 12, 17, tzinfo=OFFICE_ZONE)
AFTER = DEADLINE + dt.timedelta(seconds=1)
PDF = b"%PDF-1.7\n/Author (Wang) /Producer (Office)\nCANARY file\n"
HOLDERS = {"officer": "street", "agent": "agency", "watcher": "supervisor"}


def actor(login: str, *groups: str) -> Actor:
    return Actor(login, frozenset(groups))


ACTORS = {
    "officer": actor("officer", "procurement_officer"),
    "agent": actor("agent", "agency", "agency:agy-01"),
    "watcher": actor("watcher", "discipline"),
    "other": actor("other", "agency", "agency:agy-02"),
}


def bidder(key: str) -> Actor:
    return actor(f"bidder-{key}", "organisation", f"organisation:{key}")


class Room:
    """One sealed comparison with three confirmed organisations."""

    def __init__(self, url: str, needed: int = 2) -> None:
        self.clock = HandClock(START)
        self.database = Database(url, pool_size=4)
        self.database.migrate()
        migrate(self.database)
        self.store = FileStore(MemoryStore())
        self.engine = ProcessEngine(self.database, clock=self.clock)
        self.office = Office(self.database, self.engine, self.store, self.clock)
        self.codes: dict[str, str] = {}
        system = Actor("system", system=True)
        with self.office.desk.editing(system) as session:
            for login, roles, groups in (
                ("officer", ["procurement_officer"], []),
                ("agent", ["agency"], ["agency:agy-01"]),
                ("watcher", ["discipline"], []),
            ):
                add_user(session, login, login, "x", roles=roles, groups=groups, unit="", now=START)
            for key in ("org-01", "org-02", "org-03"):
                organisation(session, key)
            purchase = Purchase(id=PURCHASE, title="Care", unit="u", initiator="i", initiator_kind="department", step="selection")
            purchase.agency_id, purchase.apply_until, purchase.bid_until = "agy-01", START, DEADLINE
            purchase.started_at = purchase.updated_at = START
            session.add(purchase)
            session.flush()
            for key in ("org-01", "org-02", "org-03"):
                session.add(
                    Application(
                        id=f"BM-{key}",
                        purchase_id=PURCHASE,
                        organisation_id=key,
                        name=f"Org {key}",
                        content={},
                        status="confirmed",
                        registered_at=START,
                    )
                )
        for login in HOLDERS:
            self.codes[login], _ = self.office.sealing.make_code(actor=ACTORS[login])
        self.seal(needed)

    def seal(self, needed: int = 2) -> None:
        with self.office.desk.editing(Actor("system", system=True)) as session:
            possible = opening_keys.possible_holders(session, "agy-01")
            assert {holder.login: holder.part for holder in possible} == HOLDERS
            opening_keys.seal_comparison(session, PURCHASE, possible, needed, cipher=streams.AES, by="officer", now=START)

    def bid(self, key: str, price: str = "47500.00", content: bytes = PDF, name: str = "方案.pdf", command: str = "", **more):
        return self.office.sealing.submit(
            PURCHASE,
            key,
            price=price,
            files=[Offered(name, io.BytesIO(content))],
            note="CANARY note",
            command=command or f"{key} {price} {self.clock.moment}",
            actor=bidder(key),
            **more,
        )

    def call(self) -> None:
        self.clock.moment = max(self.clock.moment, AFTER)
        with self.office.desk.editing(Actor("system", system=True)) as session:
            openings.call(session, PURCHASE, self.clock.now())

    def give(self, *logins: str) -> None:
        for login in logins:
            self.office.openings.give_key(PURCHASE, self.codes[login], actor=ACTORS[login])

    def open_all(self) -> None:
        self.call()
        self.give("officer", "watcher")
        self.office.openings.open_rest(PURCHASE, actor=ACTORS["officer"], seconds=60)

    def view(self, login: str = "officer"):
        return self.office.openings.view(PURCHASE, actor=ACTORS[login])

    def session(self):
        return self.office.desk.editing(Actor("system", system=True))


@pytest.fixture
def room(new_database):
    room = Room(new_database())
    yield room
    room.database.dispose()


def test_a_bid_is_receipted_with_the_hash_of_its_record_which_the_bidder_keeps(room):
    sent = room.bid("org-01")
    assert sent.receipt.status == "submitted"
    assert records.record_sha256(sent.record) == sent.receipt.sha256
    record = records.read_record(sent.record)
    assert (record.price, record.note, record.files[0].name) == (D("47500.00"), "CANARY note", "方案.pdf")
    assert len(bytes.fromhex(record.salt)) == 32


def test_the_same_form_sent_twice_bids_once_and_gives_the_same_record(room):
    first, second = room.bid("org-01", command="c"), room.bid("org-01", command="c")
    assert first == second
    with room.session() as session:
        assert session.query(Bid).count() == 1


def test_equal_bids_have_different_hashes_and_ciphertexts(room):
    one, two = room.bid("org-01"), room.bid("org-02")
    assert one.receipt.sha256 != two.receipt.sha256


def test_a_replaced_and_a_withdrawn_bid_lose_their_keys_but_keep_their_receipts(room):
    first, second = room.bid("org-01", "100"), room.bid("org-01", "90")
    room.office.portal.withdraw_bid(PURCHASE, "org-01", actor=bidder("org-01"))
    with room.session() as session:
        assert [session.get_one(Bid, sent.receipt.number).status for sent in (first, second)] == ["replaced", "withdrawn"]
        assert not [part for part in session.query(SealedPart) if part.wrapped_key or part.content or part.data_key]
    room.bid("org-01", "80")


def test_the_whole_second_of_the_deadline_is_in_time_and_the_next_is_late(room):
    room.clock.moment = DEADLINE + dt.timedelta(microseconds=999_999)
    assert room.bid("org-01").receipt.submitted_at == room.clock.moment
    room.clock.moment = AFTER
    with pytest.raises(bidding.BidLate, match="until 2026-03-12 17:00:00; yours arrived at 2026-03-12 17:00:01"):
        room.bid("org-02")
    with pytest.raises(bidding.BidLate):
        room.office.portal.withdraw_bid(PURCHASE, "org-01", actor=bidder("org-01"))


@pytest.mark.parametrize(
    ("price", "content", "name"),
    [
        ("0", PDF, "a.pdf"),
        ("x", PDF, "a.pdf"),
        ("1.001", PDF, "a.pdf"),
        ("1", b"", "a.pdf"),
        ("1", b"MZ", "a.pdf"),
        ("1", b"MZ", "a.exe"),
    ],
)
def test_what_cannot_be_accepted_is_refused_and_nothing_is_kept(room, price, content, name):
    with pytest.raises(InvalidInput):
        room.bid("org-01", price, content, name)
    with room.session() as session:
        assert not session.query(Bid).count()
        assert not session.query(SealedPart).count()


def test_another_organisation_cannot_bid_for_it_and_an_unconfirmed_one_not_at_all(room):
    with pytest.raises(NotPermitted):
        room.office.sealing.submit(
            PURCHASE, "org-01", price="1", files=[Offered("a.pdf", io.BytesIO(PDF))], command="x", actor=bidder("org-02")
        )
    with room.session() as session:
        session.get_one(Application, "BM-org-03").status = "refused"
    with pytest.raises(bidding.NotAdmitted):
        room.bid("org-03")


def test_an_unsealed_bid_is_not_taken_where_bids_are_sealed(room):
    with pytest.raises(bidding.BidMustBeSealed):
        room.office.portal.submit_bid(PURCHASE, "org-01", price="1", files=[{"sha256": "a"}], actor=bidder("org-01"))


def test_from_where_a_bid_came_is_kept_for_red_flags(room):
    sent = room.bid("org-01", sender=Sender("10.1.2.3", "Browser/1"))
    with room.session() as session:
        bid = session.get_one(Bid, sent.receipt.number)
        assert (bid.sender_address, bid.user_agent, bid.submitted_by) == ("10.1.2.3", "Browser/1", "bidder-org-01")


def test_before_the_deadline_no_key_is_taken_and_nothing_is_shown(room):
    room.bid("org-01")
    with pytest.raises(openings.KeyTooEarly, match="after 2026-03-12 17:00:00; it is 2026-03-02 09:00:00"):
        room.give("officer")
    assert room.view().bids == []
    with pytest.raises(bidding.OpeningTooEarly), room.session() as session:
        openings.call(session, PURCHASE, room.clock.now())


def test_one_key_too_few_opens_nothing(room):
    sent = room.bid("org-01")
    room.call()
    room.give("agent")
    assert not room.view().may_open
    with pytest.raises(openings.KeysMissing, match="1 of 2"):
        room.office.openings.open_bid(PURCHASE, sent.receipt.number, actor=ACTORS["officer"])
    with room.session() as session:
        assert not session.query(BidContent).count()


@pytest.mark.parametrize("pair", [("officer", "agent"), ("officer", "watcher"), ("watcher", "agent")])
def test_any_two_of_the_three_holders_open_every_bid_in_order_of_arrival(room, pair):
    for n, key in enumerate(("org-03", "org-01", "org-02")):
        room.clock.moment = START + dt.timedelta(minutes=n)
        room.bid(key, f"{100 + n}.00")
    room.call()
    room.give(*pair)
    room.office.openings.open_rest(PURCHASE, actor=ACTORS["agent"], seconds=60)
    bids = room.view().bids
    assert [(one.bid.organisation_id, one.content["price"], one.result.position) for one in bids] == [
        ("org-03", D("100.00"), 1),
        ("org-01", D("101.00"), 2),
        ("org-02", D("102.00"), 3),
    ]
    assert {one.result.outcome for one in bids} == {"opened"}
    assert set(pair) <= {one.login for one in room.view().present}


def test_a_wrong_code_is_said_and_the_sixth_try_must_wait(room):
    room.call()
    for _ in range(5):
        with pytest.raises(openings.WrongCode, match="fingerprint"):
            room.office.openings.give_key(PURCHASE, codes.new_code(), actor=ACTORS["agent"])
    with pytest.raises(TooManyAttempts):
        room.give("agent")
    room.give("officer")  # others are not slowed down
    room.clock.moment += dt.timedelta(minutes=16)
    room.give("agent")


def test_a_code_made_later_is_told_apart_and_the_sheet_of_the_sealing_still_opens(room):
    room.clock.moment += dt.timedelta(days=1)
    newer, _ = room.office.sealing.make_code(actor=ACTORS["agent"])
    assert room.office.sealing.test_code(newer, actor=ACTORS["agent"]).is_current
    assert not room.office.sealing.test_code(room.codes["agent"], actor=ACTORS["agent"]).is_current
    assert room.office.sealing.test_code(codes.new_code(), actor=ACTORS["agent"]).key is None
    room.call()
    with pytest.raises(openings.OtherCode, match=r"your code of 2026-03-03, but .* your code of 2026-03-02"):
        room.office.openings.give_key(PURCHASE, newer, actor=ACTORS["agent"])
    room.give("agent")


def test_nobody_but_a_holder_gives_a_key_and_nobody_but_a_host_opens(room):
    sent = room.bid("org-01")
    room.call()
    with pytest.raises(openings.NotAHolder):
        room.office.openings.give_key(PURCHASE, room.codes["agent"], actor=actor("leader", "street_leader"))
    room.give("agent", "watcher")
    with pytest.raises(NotTheHost):
        room.office.openings.open_bid(PURCHASE, sent.receipt.number, actor=ACTORS["watcher"])
    for stranger in (
        ACTORS["other"],
        bidder("org-01"),
        actor("expert", "expert", "expert:exp-01"),
        actor("admin", "admin", "operator"),
    ):
        with pytest.raises(NotFound):
            room.office.openings.view(PURCHASE, actor=stranger)
        with pytest.raises((NotFound, NotTheHost)):
            room.office.openings.open_bid(PURCHASE, sent.receipt.number, actor=stranger)
    with pytest.raises(NotPermitted):
        room.office.sealing.make_code(actor=bidder("org-01"))


def test_bidders_watch_the_opening_and_others_do_not(room):
    room.bid("org-01")
    room.open_all()
    assert len(room.office.openings.view_of_bidder(PURCHASE, "org-01", actor=bidder("org-01")).bids) == 1
    with pytest.raises(NotFound):
        room.office.openings.view_of_bidder(PURCHASE, "org-02", actor=bidder("org-02"))
    with pytest.raises(NotPermitted):
        room.office.openings.view_of_bidder(PURCHASE, "org-01", actor=bidder("org-02"))


def test_opened_files_are_read_unsealed_while_they_stay_sealed_on_disk(room):
    room.bid("org-01")
    room.open_all()
    [file] = room.view().bids[0].content["files"]
    reference, content = room.office.files.open(file["sha256"], actor=ACTORS["agent"])
    assert (reference.name, b"".join(content)) == ("方案.pdf", PDF)
    with room.session() as session:
        place = session.query(SealedPart).filter_by(number=1).one().place
        said = session.query(BidFileMetadata).one()
    assert b"CANARY" not in b"".join(room.store.read(place))
    assert not room.store.holds(file["sha256"])
    assert (said.author, said.tool, said.organisation_id) == ("Wang", "Office", "org-01")
    assert room.office.files.missing() == []
    with pytest.raises(NotFound):
        room.office.files.open(file["sha256"], actor=bidder("org-02"))


def test_the_operation_gives_the_same_variable_as_before_once_everything_is_open(room):
    room.bid("org-01")
    with room.session() as session:
        room.clock.moment = AFTER
        with pytest.raises(bidding.BidsUnopened):
            bidding.open_all(session, PURCHASE, room.clock.now())
    room.open_all()
    with room.session() as session:
        [(bid, content)] = bidding.open_all(session, PURCHASE, room.clock.now())
        assert (bid.status, content["price"], content["files"][0]["name"]) == ("opened", D("47500.00"), "方案.pdf")


def test_bids_returned_unopened_cannot_be_opened_by_anybody_any_more(room):
    room.bid("org-01")
    room.call()
    room.give("officer", "agent", "watcher")
    with room.session() as session:
        [bid] = sealed_bids.return_unopened(session, PURCHASE)
        assert bid.status == "returned"
        assert not [part for part in seals.parts(session, bid.id) if part.wrapped_key or part.content]
    assert room.view().bids == []


def test_the_given_shares_are_destroyed_when_the_opening_ends(room):
    room.bid("org-01")
    room.open_all()
    with room.session() as session:
        assert sum(share.share is not None for share in session.query(KeyShare)) == 2
        openings.end(session, openings.running(session, PURCHASE), "opened", room.clock.now())
        assert not any(share.share for share in session.query(KeyShare))


def test_opening_again_after_a_restart_goes_on_where_it_stopped(room):
    numbers = [room.bid(key).receipt.number for key in ("org-01", "org-02")]
    room.call()
    room.give("officer", "agent")
    room.office.openings.open_bid(PURCHASE, numbers[0], actor=ACTORS["officer"])
    again = Office(room.database, room.engine, room.store, room.clock)
    again.openings.open_bid(PURCHASE, numbers[0], actor=ACTORS["officer"])
    again.openings.open_bid(PURCHASE, numbers[1], actor=ACTORS["agent"])
    with room.session() as session:
        assert [row.position for row in session.query(BidOpening).order_by(BidOpening.position)] == [1, 2]


def spoil(room, number: int, how) -> None:
    with room.session() as session:
        part = session.query(SealedPart).filter_by(number=number).one()
        how(session, part)


def cut_record(_session, part) -> None:
    part.content = base64.b64encode(base64.b64decode(part.content)[:-1]).decode()


def other_file(room):
    def how(_session, part) -> None:
        part.place, part.size = room.store.put_sealed([b"something else"])

    return how


def lost_file(_session, part) -> None:
    part.place = "0" * 64


def other_key(session, part) -> None:
    part.wrapped_key = base64.b64encode(b"0" * 80).decode()


@pytest.mark.parametrize(
    ("number", "how", "cause"),
    [
        (0, cut_record, "broken"),
        (0, other_key, "key"),
        (1, lost_file, "missing"),
        (1, "other_file", "broken"),
        (1, other_key, "key"),
    ],
)
def test_a_bid_that_does_not_open_is_kept_with_its_evidence_and_the_others_open(room, number, how, cause):
    room.bid("org-01")
    spoil(room, number, other_file(room) if how == "other_file" else how)
    room.bid("org-02")
    room.open_all()
    failed, good = room.view().bids
    assert (failed.result.outcome, good.result.outcome) == ("failed", "opened")
    assert {(one["number"], one["cause"]) for one in failed.result.failures} == {(number, cause)}
    assert room.view().waiting == 1
    with pytest.raises(InvalidInput):
        room.office.openings.decide(PURCHASE, failed.bid.id, "excluded", " ", actor=ACTORS["officer"])
    room.office.openings.decide(PURCHASE, failed.bid.id, "excluded", "密文被改动", actor=ACTORS["officer"])
    assert room.view().waiting == 0
    with room.session() as session:
        assert [bid.organisation_id for bid, _ in bidding.open_all(session, PURCHASE, room.clock.now())] == ["org-02"]


def test_receipts_are_published_after_the_deadline_only_and_anybody_checks_theirs(room):
    sent = room.bid("org-01")
    assert room.office.sealing.receipts(PURCHASE) == []
    assert room.office.sealing.check(sent.record)[1] is None
    room.clock.moment = AFTER
    assert [one.number for one in room.office.sealing.receipts(PURCHASE)] == [sent.receipt.number]
    for typed in (sent.record, sent.receipt.sha256, sent.receipt.number.lower(), f"  {sent.record}\n"):
        sha256, found = room.office.sealing.check(typed)
        assert (found.number, sha256) == (sent.receipt.number, sent.receipt.sha256)
    assert room.office.sealing.check(sent.record.replace("47500.00", "47400.00"))[1] is None


def test_a_holder_sees_which_comparisons_wait_for_which_of_the_codes(room):
    keys = room.office.sealing.keys(actor=ACTORS["agent"])
    assert [(key.purchase_id, share.opening_key_id) for key, share in keys.waiting] == [(PURCHASE, keys.current.id)]
    room.office.sealing.make_code(actor=ACTORS["agent"])
    assert [one.fingerprint for one in room.office.sealing.keys(actor=ACTORS["agent"]).earlier] == [keys.current.fingerprint]
    room.call()
    room.give("agent")
    assert room.office.sealing.keys(actor=ACTORS["agent"]).waiting == []
