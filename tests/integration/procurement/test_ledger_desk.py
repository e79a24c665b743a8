"""The ledgers' desk: who may look into which, what was in force on a day, what changed, and files brought in row by row."""

from __future__ import annotations

import datetime as dt

import pytest

from engine.errors import NotFound
from engine.model import Actor
from procurement import ledgers
from procurement.demo.ledgers import fill_ledgers, seeded
from procurement.demo.reading import data
from procurement.ledgers import NewEntry, batches
from procurement.ledgers.importing import HeadingsUnknown
from procurement.ledgers.sheets import TableUnreadable
from procurement.office.ledgers import VISITOR, ImportNotYours, Query
from procurement.registers.ledgers import APPLIED, FAULTY, READ, READING
from procurement.spreadsheets import csv_of, xlsx_of
from tests.integration.procurement.conftest import START, form

TODAY = START.date()
OFFICER = Actor("caigou", frozenset({"procurement_officer"}))
LEADER = Actor("leader", frozenset({"street_leader"}))
HEADINGS = ["目录编码", "服务名称", "类别", "由哪一级购买", "购买单位", "年度预算金额", "属于集中采购目录", "批次和文号"]
PURCHASES = "purchase_list"


@pytest.fixture(autouse=True)
def _forms(engine):
    engine.newest_form = form


def line(code, **other):
    values = dict(zip(HEADINGS, [code, f"服务{code}", "养老服务", "街道", "民政办", "1,000.50", "否", "第三批"], strict=True))
    return [str(values[h]) if h not in other else other[h] for h in HEADINGS]


def file_of(*lines):
    return xlsx_of([("目录", HEADINGS, lines)])


def brought(office, content, name="目录.xlsx", **more):
    return office.ledgers.begin_import(
        PURCHASES, content=content, file_name=name, valid_from=TODAY, replaces_all=False, actor=OFFICER, **more
    )


def read_to_the_end(office, number):
    batch = office.ledgers.batch(PURCHASES, number, actor=OFFICER)
    while batch.state == READING:
        batch = office.ledgers.go_on(PURCHASES, number, actor=OFFICER, seconds=0.01)
    return batch


def approved(office, number):
    with office.desk.editing(OFFICER) as session:
        batch = batches.locked(session, number)
        return batches.apply(
            session, batch, ledgers.ledger(session, batch.ledger), matter=None, by="leader", at=office.desk.now()
        )


def test_what_the_demo_brings_fits_every_form_and_every_ledger(office):
    fill_ledgers(office)
    counts = {one.id: count for one, count in office.ledgers.open_to(OFFICER)}
    for id_ in seeded():
        own = [row for row in data(f"ledgers/{id_}") if not row.get("purchase")]
        assert counts.get(id_, 0) <= len(own)
    page = office.ledgers.search(Query("rule_packs", {"code": "N-03"}), actor=VISITOR)
    assert [row.values["version"] for row in page.items] == ["街道〔2026〕6 号", "街道〔2024〕20 号"]
    assert len(office.ledgers.versions(page.items[0], actor=VISITOR)) == 2


def test_a_list_is_paged_searched_and_counted(office):
    rows = [NewEntry(dict(zip(("code", "name", "category", "level", "department", "source"), (f"K{n:03}", f"事{n}", "社区事务" if n % 2 else "养老服务", "street", "办", "一"), strict=True)), TODAY) for n in range(30)]  # fmt: skip
    office.ledgers.seed(PURCHASES, rows, at=START, actor=OFFICER)
    first = office.ledgers.search(Query(PURCHASES, on=TODAY), actor=OFFICER, limit=20)
    assert (len(first.items), first.total) == (20, 30)
    second = office.ledgers.search(Query(PURCHASES, on=TODAY), actor=OFFICER, limit=20, after=first.after)
    assert {row.number for row in first.items}.isdisjoint({row.number for row in second.items})
    assert office.ledgers.search(Query(PURCHASES, words="事7 养老"), actor=OFFICER).total == 0
    assert [row.name for row in office.ledgers.search(Query(PURCHASES, words="k007"), actor=OFFICER).items] == ["事7"]
    assert office.ledgers.search(Query(PURCHASES, words="100%"), actor=OFFICER).total == 0
    [by_category, _] = office.ledgers.charts(Query(PURCHASES, on=TODAY), actor=OFFICER)
    assert {one.value: one.count for one in by_category.groups} == {"社区事务": 15, "养老服务": 15}
    assert office.ledgers.values(office.ledgers.ledger(PURCHASES, actor=OFFICER), "level") == ["street"]


def test_two_days_are_compared_entry_by_entry(office):
    def entry(code, name, day):
        return NewEntry(
            {"code": code, "name": name, "category": "类", "level": "street", "department": "办", "source": "一"}, day
        )

    before, after = dt.date(2026, 1, 1), dt.date(2026, 2, 1)
    office.ledgers.seed(PURCHASES, [entry("A", "旧名", before), entry("B", "不变", before)], at=START, actor=OFFICER)
    office.ledgers.seed(PURCHASES, [entry("A", "新名", after), entry("C", "新增", after)], at=START, actor=OFFICER)
    found, more = office.ledgers.compare(PURCHASES, dt.date(2026, 1, 15), TODAY, actor=VISITOR)
    told = [(one.before and one.before.name, one.after and one.after.name, one.fields) for one in found]
    assert told == [("旧名", "新名", ("name",)), (None, "新增", ())]
    assert not more
    assert office.ledgers.compare(PURCHASES, TODAY, TODAY, actor=VISITOR) == ([], False)


def test_who_is_not_named_does_not_learn_that_a_ledger_is_there(office, monkeypatch):
    private = ledgers.read(
        "ledger: visits\ntitle: 走访\nabout: a\narticle: b\nform: qualified_organisations\nnumber: ZF\nname: name\n"
        "columns: [name]\nreaders: [street_leader]\nown: organisation_id".encode(),
        "processes/visits/visits.ledger.yaml",
    )
    monkeypatch.setattr(ledgers.shelf, "shipped", lambda: {"visits": private})
    own = {"name": "一社", "credit_code": "x", "batch": "一", "fields": ["elderly"], "basis": "b"}
    rows = [NewEntry({**own, "organisation_id": f"org-0{n}"}, TODAY) for n in (1, 2)]
    office.ledgers.seed("visits", rows, at=START, actor=LEADER)
    organisation = Actor("org01", frozenset({"organisation", "organisation:org-01"}))
    other = Actor("org09", frozenset({"organisation", "organisation:org-09"}))
    assert office.ledgers.search(Query("visits"), actor=LEADER).total == 2
    assert [row.owner for row in office.ledgers.search(Query("visits"), actor=organisation).items] == ["organisation:org-01"]
    assert office.ledgers.search(Query("visits"), actor=other).total == 0
    [foreign] = [row for row in office.ledgers.search(Query("visits"), actor=LEADER).items if row.owner != "organisation:org-01"]
    with pytest.raises(NotFound):
        office.ledgers.entry("visits", foreign.number, actor=organisation)
    for stranger in (VISITOR, OFFICER):
        assert office.ledgers.open_to(stranger) == []
        with pytest.raises(NotFound):
            office.ledgers.search(Query("visits"), actor=stranger)
    with pytest.raises(ImportNotYours):
        office.ledgers.batches("visits", actor=LEADER)


def test_a_file_is_read_row_by_row_and_is_in_force_only_when_approved(office):
    batch = brought(office, file_of(line("N1"), line("N2", 由哪一级购买="区"), line("N3", 属于集中采购目录="是")))
    assert (batch.state, batch.total) == (READING, 3)
    assert read_to_the_end(office, batch.number).state == READ
    assert office.ledgers.search(Query(PURCHASES), actor=OFFICER).total == 0
    assert len(approved(office, batch.number)) == 3
    found = {row.values["code"]: row.values for row in office.ledgers.search(Query(PURCHASES), actor=OFFICER).items}
    assert (found["N1"]["level"], found["N2"]["level"], str(found["N1"]["yearly_amount"])) == ("street", "district", "1000.50")
    assert (found["N1"]["statutory_scope"], found["N3"]["statutory_scope"]) == (False, True)
    assert office.ledgers.batch(PURCHASES, batch.number, actor=OFFICER).state == APPLIED
    with pytest.raises(batches.BatchNotReady):
        approved(office, batch.number)


def test_every_wrong_row_is_named_with_its_number_and_the_reason(office):
    content = csv_of(
        HEADINGS, [line("N1"), line("N2", 年度预算金额="很多"), line("N3", 由哪一级购买="省", 购买单位=""), line("N1")]
    )
    batch = read_to_the_end(office, brought(office, content, "目录.csv").number)
    assert (batch.state, batch.wrong) == (FAULTY, 3)
    wrong = office.ledgers.wrong_rows(batch, actor=OFFICER, limit=100)
    assert [row.row for row in wrong] == [3, 4, 5]
    assert [sorted(one.path for one in batches.faults_of(row)) for row in wrong] == [
        ["yearly_amount"],
        ["department", "level"],
        ["code"],
    ]
    assert wrong[0].values["yearly_amount"] == "很多"
    with pytest.raises(batches.BatchNotReady):
        approved(office, batch.number)
    office.ledgers.drop(PURCHASES, batch.number, actor=OFFICER)
    assert office.ledgers.batch(PURCHASES, batch.number, actor=OFFICER).state == "dropped"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"PK\x03\x04nothing", TableUnreadable),
        (b"", Exception),
        (b"\xff\xfe\x00", TableUnreadable),
        ("目录编码,颜色\nA,红".encode(), HeadingsUnknown),
        (b'code\n"open', TableUnreadable),
        ("\n".join(["code"] * 10_002).encode(), TableUnreadable),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(office, content, fault):
    with pytest.raises(fault) as refused:
        brought(office, content)
    assert str(refused.value)
    assert office.ledgers.batches(PURCHASES, actor=OFFICER) == []


def test_a_batch_that_replaces_everything_ends_what_it_does_not_name(office):
    first = brought(office, file_of(line("N1"), line("N2")))
    read_to_the_end(office, first.number)
    approved(office, first.number)
    later = TODAY + dt.timedelta(days=30)
    second = office.ledgers.begin_import(
        PURCHASES,
        content=file_of(line("N2", 类别="其他")),
        file_name="b.xlsx",
        valid_from=later,
        replaces_all=True,
        actor=OFFICER,
    )
    read_to_the_end(office, second.number)
    approved(office, second.number)
    on = {
        day: [row.values["code"] for row in office.ledgers.search(Query(PURCHASES, on=day), actor=OFFICER).items]
        for day in (TODAY, later)
    }
    assert on == {TODAY: ["N2", "N1"], later: ["N2"]}


def test_ten_thousand_rows_are_read_in_steps_and_put_into_force_together(office):
    batch = brought(office, file_of(*(line(f"M{n:05}") for n in range(10_000))))
    seen = []
    while batch.state == READING:
        batch = office.ledgers.go_on(PURCHASES, batch.number, actor=OFFICER, seconds=0)
        seen.append(batch.done)
    assert batch.state == READ
    assert len(seen) > 1
    assert seen == sorted(set(seen))
    assert len(approved(office, batch.number)) == 10_000
