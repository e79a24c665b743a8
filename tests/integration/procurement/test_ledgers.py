"""Registers described as data: recording, ending, asking and adding up, held against the form and the day."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from procurement.ledgers import EntryUnfit, LedgerUnfit, in_force, read
from procurement.ledgers.sampling import frame_sha256, sample
from procurement.operations.ledgers import LedgerAway
from procurement.studio import contents
from procurement.studio.tables.drafts import ShelfRow
from tests.integration.procurement.conftest import START

TODAY = START.date()
PURCHASES = "purchase_list"


def item(code, **more):
    return {
        "code": code,
        "name": f"服务{code}",
        "category": "养老服务",
        "level": "street",
        "department": "民政办",
        "yearly_amount": Decimal("1000.10"),
        "source": "第一批",
        **more,
    }


def codes(perform, **asked):
    found = perform("ledger.find", ledger=PURCHASES, **asked)
    assert found["count"] == len(found["entries"])
    return [entry["code"] for entry in found["entries"]]


def test_an_entry_gets_a_number_and_is_found_by_its_values(perform):
    first = perform("ledger.record", ledger=PURCHASES, values=item("B1"), purchase_id="CG-2026-0007")
    assert first["numbers"] == ["MG-2026-0001"]
    assert first["entry"]["yearly_amount"] == Decimal("1000.10")
    perform("ledger.record", ledger=PURCHASES, entries=[item("B2", department="社区办"), item("B3", level="district")])
    assert codes(perform) == ["B3", "B2", "B1"]
    assert codes(perform, where={"department": "民政办"}) == ["B3", "B1"]
    assert codes(perform, where={"level": ["district", "community"]}) == ["B3"]
    assert codes(perform, where={"yearly_amount": Decimal("1000.1"), "code": ["B1", "B2"]}) == ["B2", "B1"]
    assert codes(perform, where={"purchase_id": "CG-2026-0007"}) == ["B1"]
    assert codes(perform, where={"statutory_scope": False, "note": None}) == ["B3", "B2", "B1"]
    assert codes(perform, where={"code": []}) == []
    [entry] = perform("ledger.find", ledger=PURCHASES, where={"number": "MG-2026-0001"})["entries"]
    assert entry["valid_from"] == TODAY.isoformat()
    assert (entry["valid_until"], entry["purchase_id"], entry["matter"]) == (None, "CG-2026-0007", "CG-2026-0001")


def test_what_does_not_fit_the_form_is_refused_with_the_field_and_the_reason(perform):
    with pytest.raises(EntryUnfit, match=r"department: .*yearly_amount: "):
        perform("ledger.record", ledger=PURCHASES, values=item("B1", department=None, yearly_amount="viel"))
    with pytest.raises(LedgerAway, match="nowhere"):
        perform("ledger.record", ledger="nowhere", values={})


def test_a_retry_records_once(perform):
    first = perform("ledger.record", element_key=5, ledger=PURCHASES, values=item("B1"))
    assert perform("ledger.record", element_key=5, ledger=PURCHASES, values=item("B1")) == first
    assert codes(perform) == ["B1"]


def test_a_newer_entry_of_a_key_ends_the_older_the_day_before_it_begins(perform):
    perform("ledger.record", ledger=PURCHASES, values=item("B1", note="旧"), valid_from="2026-01-01")
    perform("ledger.record", ledger=PURCHASES, values=item("B1", note="新"), valid_from="2026-03-01")
    notes = {
        day: [e["note"] for e in perform("ledger.find", ledger=PURCHASES, on=day)["entries"]]
        for day in ("2026-02-28", "2026-03-01")
    }
    assert notes == {"2026-02-28": ["旧"], "2026-03-01": ["新"]}
    perform("ledger.record", ledger=PURCHASES, values=item("B1", note="中"), valid_from="2026-02-01")
    spans = {e["note"]: (e["valid_from"], e["valid_until"]) for e in perform("ledger.find", ledger=PURCHASES, on=None)["entries"]}
    assert spans == {"旧": ("2026-01-01", "2026-01-31"), "中": ("2026-02-01", "2026-02-28"), "新": ("2026-03-01", None)}


def test_two_entries_of_one_key_in_one_list_leave_the_later_in_force(perform):
    perform("ledger.record", ledger=PURCHASES, entries=[item("B1", note="一"), item("B1", note="二")])
    assert [e["note"] for e in perform("ledger.find", ledger=PURCHASES)["entries"]] == ["二"]
    perform("ledger.record", ledger=PURCHASES, values=item("B1", note="三"))
    assert [e["note"] for e in perform("ledger.find", ledger=PURCHASES)["entries"]] == ["三"]


def test_an_ended_entry_stays_and_is_in_force_up_to_the_day_before(perform):
    perform("ledger.record", ledger=PURCHASES, entries=[item("B1"), item("B2", level="district")], valid_from="2026-01-01")
    assert perform("ledger.close", ledger=PURCHASES, where={"level": "district"}, reason="不再购买") == {"closed": 1}
    assert codes(perform) == ["B1"]
    assert codes(perform, on="2026-03-01") == ["B2", "B1"]
    assert codes(perform, on=None) == ["B2", "B1"]
    assert perform("ledger.close", ledger=PURCHASES, number="MG-2026-0002") == {"closed": 0}


def test_entries_are_counted_and_added_up_by_a_field(perform):
    perform(
        "ledger.record", ledger=PURCHASES, entries=[item("B1"), item("B2"), item("B3", department="社区办", yearly_amount=None)]
    )
    found = perform("ledger.total", ledger=PURCHASES, by="department", sum="yearly_amount")
    assert found == {
        "groups": [
            {"value": "民政办", "count": 2, "sum": Decimal("2000.20")},
            {"value": "社区办", "count": 1, "sum": Decimal(0)},
        ],
        "count": 3,
        "sum": Decimal("2000.20"),
    }
    assert perform("ledger.total", ledger=PURCHASES, where={"code": "none"}) == {"groups": [], "count": 0, "sum": None}


@pytest.mark.parametrize(
    "statement", ["delete from ledger_entries", "truncate ledger_entries", "update ledger_entries set name = ''"]
)
def test_the_database_keeps_entries_as_they_were_recorded(perform, session, statement):
    perform("ledger.record", ledger=PURCHASES, values=item("B1"))
    with pytest.raises(DBAPIError, match=r"append-only|only added to or ended"):
        session.execute(text(statement))


def test_a_sample_can_be_drawn_again_from_what_was_published(perform):
    population = [f"DA-2026-{n:04}" for n in range(40)]
    found = perform("sample.draw", population=population, size=8, purpose="第三季度检查")
    assert len(found["sample"]) == 8
    assert found["frame_sha256"] == frame_sha256(["第三季度检查", *population])
    assert found["sample"] == sample(found["seed"], found["frame_sha256"], population, 8)
    assert perform("sample.draw", population=["b", "a", "a"], size=9)["sample"] == ["a", "b"]
    assert perform("sample.draw", population=[], size=3)["sample"] == []


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        ("ledger: other", {"ledger", "title", "about", "article", "form", "number", "name", "columns", "readers"}),
        ("- a", {"file"}),
        ("a: [", {"file"}),
        (
            "number: zn\nreaders: [nobody]\nfigures: [1]\nown: somebody\nextra: 1",
            {"number", "readers", "figures", "own", "extra"},
        ),
    ],
)
def test_everything_wrong_with_a_definition_is_said_at_once(lines, fields):
    with pytest.raises(LedgerUnfit) as refused:
        read(lines.encode(), "processes/some/some.ledger.yaml")
    assert {one.path for one in refused.value.fields} >= fields
    assert all(one.message for one in refused.value.fields)


def test_a_definition_names_fields_its_form_has():
    good = "ledger: some\ntitle: t\nabout: a\narticle: r\nform: f\nnumber: ZZ\nname: n\ncolumns: [n, gone]\npublic: true"
    assert read(good.encode(), "processes/some/some.ledger.yaml").columns == ("n", "gone")
    with pytest.raises(LedgerUnfit, match="no field gone"):
        read(good.encode(), "processes/some/some.ledger.yaml", {"n"})


def test_the_guiding_catalogue_follows_the_approved_list(perform):
    perform("ledger.record", ledger=PURCHASES, entries=[item("K1"), item("K2", statutory_scope=True)], valid_from="2026-03-02")
    assert perform("catalogue.adopt", ledger=PURCHASES) == {"added": 2, "ended": 0}
    assert perform("catalogue.lookup", code="K2")["statutory_scope"]
    assert perform("catalogue.adopt", ledger=PURCHASES) == {"added": 0, "ended": 0}
    perform("ledger.record", ledger=PURCHASES, values=item("K1", name="新名"), valid_from="2026-04-01")
    perform("ledger.close", ledger=PURCHASES, where={"code": "K2"}, on="2026-04-01")
    assert perform("catalogue.adopt", ledger=PURCHASES, on="2026-04-01") == {"added": 1, "ended": 1}
    assert perform("catalogue.lookup", code="K1", on="2026-03-31")["name"] == "服务K1"
    assert perform("catalogue.lookup", code="K1", on="2026-04-01")["name"] == "新名"
    assert not perform("catalogue.lookup", code="K2", on="2026-04-01")["found"]


def test_a_ledger_released_through_the_studio_counts_and_a_broken_one_closes_no_other(session, perform):
    def released(stem, content):
        text_ = f"ledger: {stem}\n{content}".encode()
        row = ShelfRow(
            path=f"processes/some/{stem}.ledger.yaml", sha256=contents.keep(session, text_), generation=1, by="x", at=START
        )
        session.add(row)
        session.flush()

    own = "title: 新台账\nabout: a\narticle: r\nform: purchase_list\nnumber: XT\nname: name\ncolumns: [code]\npublic: true"
    released("new_ledger", own)
    released("broken", "title: 1")
    assert perform("ledger.record", ledger="new_ledger", values=item("B1"))["numbers"] == ["XT-2026-0001"]
    assert {"new_ledger", PURCHASES} <= in_force(session).keys()
    assert "broken" not in in_force(session)
