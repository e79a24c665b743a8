from __future__ import annotations

from decimal import Decimal as D

import pytest

from engine.errors import InvalidInput, NotFound
from engine.model import Actor
from procurement.registers.comparison import Application, ExpertDraw, Notice
from procurement.registers.performance import Proposal
from procurement.registers.purchases import Purchase
from tests.integration.procurement.conftest import START
from tests.integration.procurement.sample import organisation

CLERK = Actor("wang", frozenset({"department"}))


def start(office, title="社区长者食堂", **more):
    return office.purchases.start(actor=CLERK, title=title, unit="民政科", initiator_kind="department", **more)


def test_a_purchase_gets_its_number_and_its_process(office, engine):
    purchase = start(office, community="和平社区")
    assert (purchase.id, purchase.step, purchase.status, purchase.process_key) == (
        "CG-2026-0001",
        "demand_survey",
        "demand_review",
        4001,
    )
    (started,) = engine.started
    assert started["business_key"] == "CG-2026-0001"
    assert started["variables"] == {
        "purchase_id": "CG-2026-0001",
        "title": "社区长者食堂",
        "initiator": "wang",
        "initiator_unit": "民政科",
        "initiator_kind": "department",
        "community": "和平社区",
    }


def test_a_double_click_starts_one_purchase(office, engine):
    assert start(office, command_id="c1").id == start(office, command_id="c1").id
    assert {started["command_id"] for started in engine.started} == {"start CG-2026-0001"}
    assert start(office, command_id="c2").id == "CG-2026-0002"


def test_when_the_process_cannot_start_the_number_is_accounted_for(office, engine):
    engine.fault = NotFound(kind="Process", key="purchase")
    with pytest.raises(NotFound):
        start(office)
    row = office.purchases.get("CG-2026-0001")
    assert (row.status, "Process purchase" in row.status_reason) == ("void", True)
    engine.fault = None
    assert start(office).id == "CG-2026-0002"


@pytest.mark.parametrize(("values", "field"), [({"title": " "}, "title"), ({"title": "x" * 201}, "title")])
def test_an_impossible_start_is_refused_beside_its_field_and_uses_no_number(office, values, field):
    with pytest.raises(InvalidInput) as refusal:
        start(office, **values)
    assert [error.path for error in refusal.value.fields] == [field]
    assert start(office).id == "CG-2026-0001"


def test_a_proposal_is_taken_up_by_the_purchase_that_starts_from_it(office):
    with office.desk.editing(CLERK) as session:
        session.add(Proposal(purchase_id="CG-2025-0001", title="继续助餐", content={}, proposed_at=START))
    (proposal,) = office.purchases.open_proposals()
    purchase = start(office, proposal_id=proposal.id)
    assert office.purchases.open_proposals() == []
    assert office.edits("proposals", str(proposal.id))[0].after == {"status": "taken_up", "taken_up_by": purchase.id}


def test_lists_go_page_by_page_newest_first_and_can_be_searched(office):
    for title in ("长者食堂", "居家养老", "100%的日间照料", "长者食堂二期"):
        start(office, title)
    first = office.purchases.search(limit=3)
    second = office.purchases.search(limit=3, after=first.after)
    assert [p.id[-1] for p in (*first.items, *second.items)] == ["4", "3", "2", "1"]
    assert (first.total, second.after) == (4, None)
    assert [p.title for p in office.purchases.search(words="长者").items] == ["长者食堂二期", "长者食堂"]
    assert [p.title for p in office.purchases.search(words="0%").items] == ["100%的日间照料"]
    assert office.purchases.search(year=2025).total == 0
    assert office.purchases.search(running=True, step="demand_survey", unit="民政科").total == 4


def test_outsiders_see_only_the_purchases_they_take_part_in(office):
    for _ in range(4):
        start(office)
    with office.desk.editing(CLERK) as session:
        organisation(session, "org-01")
        session.get(Purchase, "CG-2026-0001").agency_id = "agy-01"
        session.add(
            Application(
                id="BM-1",
                purchase_id="CG-2026-0002",
                organisation_id="org-01",
                name="x",
                content={},
                status="refused",
                registered_at=START,
            )
        )
        session.add(
            ExpertDraw(
                purchase_id="CG-2026-0003",
                field="x",
                number=1,
                seed="s",
                candidates=["exp-01", "exp-02"],
                excluded=[],
                chosen=["exp-01"],
                at=START,
                by="x",
            )
        )

    def seen(*groups):
        return [p.id[-1] for p in office.purchases.search(actor=Actor("somebody", frozenset(groups))).items]

    assert seen("street_leader") == ["4", "3", "2", "1"]
    assert seen("agency", "agency:agy-01") == ["1"]
    assert seen("agency", "agency:agy-02") == []
    assert seen("organisation", "organisation:org-01") == ["2"]
    assert seen("expert", "expert:exp-01") == ["3"]
    assert seen("expert", "expert:exp-02") == []
    assert seen("designer") == []
    with pytest.raises(NotFound):
        office.purchases.get("CG-2026-0001", actor=Actor("x", frozenset({"agency:agy-02"})))


def test_the_dossier_and_the_public_page_show_what_belongs_to_each(office):
    start(office)
    with pytest.raises(NotFound):
        office.public.purchase("CG-2026-0001")
    with office.desk.editing(CLERK) as session:
        for number, kind, until in (("GG-2026-0001", "comparison_notice", None), ("GG-2026-0002", "award", None)):
            session.add(
                Notice(
                    id=number,
                    purchase_id="CG-2026-0001",
                    kind=kind,
                    title=kind,
                    content={"价格": D("1.10")},
                    published_at=START,
                    until=until,
                    published_by="wang",
                    sha256="a" * 64,
                )
            )
    assert [n.id for n in office.purchases.dossier("CG-2026-0001").notices] == ["GG-2026-0002", "GG-2026-0001"]
    assert office.public.purchase("CG-2026-0001").purchase.title == "社区长者食堂"
    assert [n.kind for n in office.public.results().items] == ["award"]
    assert office.public.notices(words="comparison").total == 1
    assert str(office.public.notice("GG-2026-0001").content["价格"]) == "1.10"
    assert office.figures.of_year().by_step["demand_survey"] == 1
