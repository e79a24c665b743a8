from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from procurement.registers.edits import EditorUnknown, edit_as, edits_of
from procurement.registers.numbers import next_number
from tests.integration.procurement.conftest import START
from tests.integration.procurement.sample import budget, organisation


def test_every_change_says_who_when_before_and_after(session):
    row = organisation(session, "org-01")
    edit_as(session, "wang", START + dt.timedelta(days=1))
    row.supported, row.phone = True, ""
    session.flush()
    changed, created = edits_of(session, "organisations", "org-01")
    assert (changed.editor, changed.before, changed.after) == ("wang", {"supported": False}, {"supported": True})
    assert changed.at == START + dt.timedelta(days=1)
    assert created.after["name"] == "机构org-01"


def test_money_keeps_its_digits_in_the_history(session):
    row = budget(session, "0.10")
    row.total *= 3
    session.flush()
    edit = edits_of(session, "budgets", "B-1")[0]
    assert (str(edit.before["total"]), str(edit.after["total"])) == ("0.10", "0.30")


def test_a_deleted_row_stays_readable_in_the_history(session):
    row = budget(session)
    session.delete(row)
    session.flush()
    edit = edits_of(session, "budgets", "B-1")[0]
    assert edit.after is None
    assert edit.before["name"] == "为老服务"


def test_assigning_the_same_value_is_no_change(session):
    row = organisation(session, "org-01")
    row.supported = False
    row.inspections = []
    session.flush()
    assert len(edits_of(session, "organisations", "org-01")) == 1


def test_changing_a_register_without_an_editor_is_a_mistake(register_engine):
    with Session(register_engine) as session, pytest.raises(EditorUnknown):
        budget(session)


def test_numbers_have_no_gaps_even_when_a_transaction_is_undone(register_engine):
    with Session(register_engine) as session:
        assert next_number(session, "XX", 2026) == "XX-2026-0001"
        session.commit()
        assert next_number(session, "XX", 2026) == "XX-2026-0002"
        session.rollback()
        assert next_number(session, "XX", 2026) == "XX-2026-0002"
        assert next_number(session, "XX", 2027) == "XX-2027-0001"
