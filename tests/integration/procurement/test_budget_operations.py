from __future__ import annotations

from decimal import Decimal as D

import pytest

from engine.errors import BpmnError, NotFound
from procurement.operations.inputs import InputMissing, InputWrong
from procurement.operations.rules import RuleUnknown
from procurement.registers.money import Budget
from tests.integration.procurement.sample import budget


def balance(session, code="B-1"):
    row = session.get(Budget, code)
    return row.reserved, row.committed, row.available


def test_reserving_holds_money_and_releasing_gives_it_back(session, perform):
    budget(session)
    assert perform("budget.reserve", budget_code="B-1", amount=D(40000))["reservation_id"]
    assert balance(session) == (40000, 0, 60000)
    assert perform("budget.release", budget_code="B-1")["released"] == 40000
    assert perform("budget.release", budget_code="B-1")["released"] == 0
    assert balance(session) == (0, 0, 100000)


def test_reserving_again_replaces_the_reservation_of_the_same_purchase(session, perform):
    budget(session)
    perform("budget.reserve", budget_code="B-1", amount=90000)
    perform("budget.reserve", budget_code="B-1", amount=95000)
    assert balance(session) == (95000, 0, 5000)


def test_a_retry_of_the_same_task_books_once(session, perform):
    budget(session)
    first = perform("budget.reserve", element_key=7, budget_code="B-1", amount=40000)
    again = perform("budget.reserve", element_key=7, budget_code="B-1", amount=40000)
    assert first == again
    assert balance(session) == (40000, 0, 60000)


def test_committing_binds_the_price_and_frees_what_was_reserved_beyond_it(session, perform):
    budget(session)
    perform("budget.reserve", budget_code="B-1", amount=48000)
    perform("budget.commit", budget_code="B-1", amount=D("45999.99"))
    assert balance(session) == (0, D("45999.99"), D("54000.01"))
    perform("budget.commit", budget_code="B-1", amount=45000)
    assert balance(session) == (0, 45000, 55000)


def test_more_than_is_left_is_a_business_outcome_the_diagram_may_catch(session, perform):
    budget(session)
    perform("budget.reserve", business_key="CG-2026-0002", budget_code="B-1", amount=60000)
    for operation in ("budget.reserve", "budget.commit"):
        with pytest.raises(BpmnError, match=r"40000.00 yuan left") as outcome:
            perform(operation, budget_code="B-1", amount=D("40000.01"))
        assert outcome.value.error_code == "BUDGET_INSUFFICIENT"


def test_an_unknown_budget_cannot_be_booked_but_can_be_asked_about(session, perform):
    with pytest.raises(NotFound, match="Budget B-9"):
        perform("budget.reserve", budget_code="B-9", amount=1)
    answer = perform("budget.check", budget_code="B-9", amount=1)
    assert (answer["exists"], answer["sufficient"], answer["available"]) == (False, False, 0)


@pytest.mark.parametrize("amount", [0, -1, D("0.001"), "viel", True, D("NaN")])
def test_an_amount_that_is_no_money_is_refused_with_the_elements_name(session, perform, amount):
    budget(session)
    with pytest.raises(InputWrong, match=r"budget.reserve at some_task: amount"):
        perform("budget.reserve", budget_code="B-1", amount=amount)


def test_a_missing_input_is_named(perform):
    with pytest.raises(InputMissing, match="needs the input budget_code"):
        perform("budget.reserve", amount=1)


def test_the_check_counts_the_purchases_of_the_same_item_and_year_and_suspects_splitting(session, perform):
    budget(session)
    for n, (amount, status, route) in enumerate(
        [(30000, "delivering", "committee"), (20000, "rejected", "committee"), (400000, "awarded", "statutory")], 2
    ):
        key = f"CG-2026-000{n}"
        perform(
            "purchase.record",
            business_key=key,
            catalogue_code="A01",
            amount=amount,
            status="goals_approved",
            route=route,
            title="x",
        )
        perform("purchase.record", business_key=key, status=status)
    answer = perform("budget.check", budget_code="B-1", amount=D(20000), catalogue_code="A01", year=2026)
    assert answer["same_category_total"] == 50000
    assert answer["splitting_suspected"] is False
    assert [row["purchase_id"] for row in answer["same_category_purchases"]] == ["CG-2026-0002"]
    answer = perform("budget.check", budget_code="B-1", amount=D("20000.01"), catalogue_code="A01", year=2026)
    assert answer["splitting_suspected"] is True
    assert (
        perform("budget.check", budget_code="B-1", amount=90000, catalogue_code="A01", year=2025)["same_category_total"] == 90000
    )


def test_a_purchase_above_the_limit_by_itself_is_not_splitting(session, perform):
    budget(session)
    assert perform("budget.check", budget_code="B-1", amount=60000, catalogue_code="A01")["splitting_suspected"] is False


def test_what_the_purchase_has_reserved_itself_counts_as_available(session, perform):
    budget(session)
    perform("budget.reserve", budget_code="B-1", amount=100000)
    assert perform("budget.check", budget_code="B-1", amount=100000)["sufficient"] is True
    assert perform("budget.check", business_key="CG-2026-0009", budget_code="B-1", amount=1)["sufficient"] is False


def test_without_the_limits_nothing_is_guessed(session, perform):
    budget(session)
    perform.rules = {}
    with pytest.raises(RuleUnknown, match="small_limit on 2026-03-02"):
        perform("budget.check", budget_code="B-1", amount=1)


def test_the_list_offers_the_units_own_budgets_and_those_of_everybody(session, perform):
    budget(session).unit = "民政科"
    budget(session, code="B-2")
    budget(session, code="B-3").unit = "文化科"
    rows = perform("budget.list", unit="民政科", year=2026)["budgets"]
    assert [row["budget_code"] for row in rows] == ["B-1", "B-2"]
