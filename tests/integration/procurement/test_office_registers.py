from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import pytest

from engine.errors import InvalidInput, NotFound
from engine.model import Actor
from procurement.calendar import UnknownCalendarYear
from procurement.office.saving import AlreadyRegistered
from procurement.registers.credit_code import check_sign
from procurement.registers.office_calendar import OfficeCalendar

CLERK = Actor("wang", frozenset({"service_centre"}))
CODE = "52510104MJQ000001"
VALUES = {
    "name": "和平社工服务中心",
    "kind": "social_service",
    "credit_code": CODE + check_sign(CODE),
    "registration_authority": "区民政局",
    "registered_on": dt.date(2015, 6, 1),
    "scope": "社会工作服务",
    "legal_representative": "王某",
}


def test_an_organisation_is_registered_and_changed_with_its_history(office):
    office.parties.save_organisation("org-01", VALUES, actor=CLERK)
    office.parties.save_organisation("org-01", {"phone": "028-1"}, actor=Actor("lin"))
    assert office.parties.organisation("org-01").phone == "028-1"
    changed, created = office.edits("organisations", "org-01")
    assert (changed.editor, changed.before, changed.after) == ("lin", {"phone": ""}, {"phone": "028-1"})
    assert created.editor == "wang"
    assert [o.id for o in office.parties.search_organisations("社工").items if o.active] == ["org-01"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"credit_code": CODE + "0"}, "credit_code"),
        ({"name": ""}, "name"),
        ({"kind": "company"}, "kind"),
        ({"staff": 3, "certified_social_workers": 4}, "certified_social_workers"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_faulty_entry_is_refused_beside_its_field(office, changes, field):
    with pytest.raises(InvalidInput) as refusal:
        office.parties.save_organisation("org-01", {**VALUES, **changes}, actor=CLERK)
    assert [error.path for error in refusal.value.fields] == [field]
    with pytest.raises(NotFound):
        office.parties.organisation("org-01")


def test_the_same_credit_code_is_registered_once(office):
    office.parties.save_organisation("org-01", VALUES, actor=CLERK)
    with pytest.raises(AlreadyRegistered, match="org-01"):
        office.parties.save_organisation("org-02", {**VALUES, "name": "另一家"}, actor=CLERK)


def test_credit_entries_bar_until_they_end_or_are_lifted(office, clock):
    office.parties.save_organisation("org-01", VALUES, actor=CLERK)
    entry = office.parties.record_credit("org-01", "negative", "弄虚作假", starts_on=clock.now().date(), actor=CLERK)
    assert [e.organisation_id for e in office.parties.negative_list()] == ["org-01"]
    with pytest.raises(InvalidInput):
        office.parties.lift_credit(entry.id, " ", actor=CLERK)
    office.parties.lift_credit(entry.id, "申诉成立", actor=CLERK)
    assert office.parties.negative_list() == []
    assert [e.lifted_reason for e in office.parties.credit("org-01")] == ["申诉成立"]


def test_a_new_version_of_a_catalogue_item_ends_the_one_before(office):
    for day, name in (("2025-01-01", "助餐"), ("2026-07-01", "长者助餐")):
        office.planning.save_catalogue_item("A01", dt.date.fromisoformat(day), {"name": name, "category": "养老"}, actor=CLERK)
    assert [(v.name, v.effective_to) for v in office.planning.catalogue_versions("A01")] == [
        ("助餐", dt.date(2026, 6, 30)),
        ("长者助餐", None),
    ]
    assert [item.name for item in office.planning.catalogue()] == ["助餐"]
    assert [item.name for item in office.public.catalogue()] == ["助餐"]


def test_a_budget_never_falls_below_what_is_bound(office):
    office.planning.save_budget("B-1", {"name": "养老", "level": "street", "year": 2026, "total": D(100)}, actor=CLERK)
    with office.desk.editing(CLERK) as session:
        budget = session.get(type(office.planning.budget("B-1")), "B-1")
        budget.reserved = D(60)
    office.planning.save_budget("B-1", {"reserved": D(0)}, actor=CLERK)
    assert office.planning.budget("B-1").reserved == 60
    with pytest.raises(InvalidInput, match="marked fields") as refusal:
        office.planning.save_budget("B-1", {"total": D("59.99")}, actor=CLERK)
    assert "60" in refusal.value.fields[0].message


def test_the_office_continues_the_calendar_with_a_year_it_enters(office):
    with pytest.raises(UnknownCalendarYear):
        office.planning.calendar().is_working_day(dt.date(2031, 1, 2))
    with pytest.raises(InvalidInput, match="marked"):
        office.planning.save_calendar_year(2031, [dt.date(2030, 1, 1)], [], "通知", actor=CLERK)
    office.planning.save_calendar_year(2031, [dt.date(2031, 1, 1)], [], "国务院办公厅通知", actor=CLERK)
    assert office.planning.calendar().is_working_day(dt.date(2031, 1, 2))


def test_a_running_office_counts_with_a_new_year_at_once(office, monkeypatch):
    calendar = OfficeCalendar(office.desk.database)
    with pytest.raises(UnknownCalendarYear):
        calendar.after(dt.date(2031, 1, 1), 1)
    office.planning.save_calendar_year(2031, [dt.date(2031, 1, 1)], [], "国务院办公厅通知", actor=CLERK)
    monkeypatch.setattr("procurement.registers.office_calendar.ASKED_AGAIN_S", -1)
    assert calendar.after(dt.date(2031, 1, 1), 1) == dt.date(2031, 1, 2)
    assert [row.year for row in office.planning.calendar_years()] == [2031]


def test_experts_and_their_conflicts_are_kept(office):
    office.parties.save_organisation("org-01", VALUES, actor=CLERK)
    office.parties.save_expert("exp-01", {"name": "周", "fields": ["elderly"], "unit": "大学", "login": "zhou"}, actor=CLERK)
    office.parties.add_recusal("exp-01", "org-01", "director", actor=CLERK)
    assert [r.relation for r in office.parties.recusals("exp-01")] == ["director"]
    assert [e.id for e in office.parties.experts("elderly")] == ["exp-01"]
    with pytest.raises(InvalidInput):
        office.parties.add_recusal("exp-01", "org-01", "friendship", actor=CLERK)
