from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import pytest
from sqlalchemy import event

from engine.model import Actor
from procurement.accounts.roles import ROLES
from procurement.demo.reading import data
from procurement.demo.registers import PASSWORD, is_loaded, load_registers
from procurement.registers.credit_code import fault
from tests.integration.procurement.conftest import START


@pytest.fixture
def demo(office):
    office.accounts.demo = True
    with office.desk.editing(Actor("demo")) as session:
        load_registers(session, START)
    return office


def test_the_registers_fill_quickly_with_what_the_issue_names(demo):
    with demo.desk.reading() as session:
        assert is_loaded(session)
    organisations = demo.parties.organisations()
    assert len(organisations) == 13
    assert {o.kind for o in organisations} == {"social_service", "social_group", "foundation"}
    assert all(fault(o.credit_code) is None for o in organisations)
    assert {entry.kind for o in organisations for entry in demo.parties.credit(o.id)} == {
        "good",
        "warning",
        "abnormal",
        "negative",
    }
    assert [e.organisation_id for e in demo.parties.negative_list()] == ["org-11"]
    assert len(demo.parties.agencies()) == 2
    assert len(demo.parties.experts()) == 15
    assert {b.level for b in demo.planning.budgets(2026)} == {"district", "street", "community"}
    assert [item.name for item in demo.planning.catalogue_versions("B0301")] == ["老年助餐", "长者食堂与助餐送餐"]
    assert demo.planning.calendar().is_working_day(dt.date(2027, 2, 9))


def test_every_role_has_an_account_and_the_printed_password_logs_in(demo):
    assert demo.accounts.log_in("jdzr", PASSWORD).name
    assert all(demo.accounts.search(role=role) for role in ROLES)
    assert len(demo.accounts.search(role="committee")) == 7


def test_loading_takes_far_fewer_statements_than_it_writes_rows(office):
    statements, rows = 0, 0

    def count(_connection, _cursor, statement, parameters, _context, many):
        nonlocal statements, rows
        statements += 1
        rows += len(parameters) if many else statement.startswith("INSERT")

    engine = office.desk.database.engine
    event.listen(engine, "before_cursor_execute", count)
    with office.desk.editing(Actor("demo")) as session:
        load_registers(session, START)
    event.remove(engine, "before_cursor_execute", count)
    assert 2 * statements < rows


def test_the_purchases_lie_on_both_sides_of_every_limit_and_name_only_what_exists(demo):
    purchases = data("purchases")["purchases"]
    assert len(purchases) >= 30
    amounts = {p["estimate"] for p in purchases}
    assert {48000, D("49999.99"), 50000, D("50000.01"), D("499999.99"), 500000, 380000} <= amounts
    codes = {item.code for item in demo.planning.catalogue()}
    budgets = {budget.code for budget in demo.planning.budgets()}
    logins = {user.login for user in demo.accounts.search(limit=500)}
    for purchase in purchases:
        assert purchase["code"] in codes
        assert purchase["budget"] in budgets
        assert purchase["by"] in logins
    assert len({p["key"] for p in purchases}) == len(purchases)
    assert [p["start"] for p in purchases] == sorted(p["start"] for p in purchases)
