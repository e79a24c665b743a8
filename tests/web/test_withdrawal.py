"""撤回: the initiator takes a purchase back while it has not been approved; a problem needs a running contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.offices import start_purchase
from web.composition import Services


def test_the_initiator_withdraws_with_a_reason_and_the_purchase_ends(services: Services, as_user: Callable[..., Any]) -> None:
    begun = start_purchase(services)
    client = as_user(begun.login)
    assert "撤回采购" in client.get(f"/purchases/{begun.number}").text
    client.post_form(f"/cases/{begun.number}/withdrawal", {"reason": "需求有变"}, page=f"/purchases/{begun.number}")
    purchase = services.office.purchases.get(begun.number)
    assert (purchase.status, purchase.status_reason) == ("withdrawn", "需求有变")
    assert client.get("/inbox").text.count(begun.number) == 0


def test_a_second_withdrawal_is_told_that_the_case_is_past_it(services: Services, as_user: Callable[..., Any]) -> None:
    begun = start_purchase(services)
    client = as_user(begun.login)
    for _ in range(2):
        answer = client.post_form(f"/cases/{begun.number}/withdrawal", {"reason": "需求有变"}, page="/inbox")
    assert answer.status_code == 409
    assert "已经过了可以这样办的阶段" in answer.text


def test_without_a_reason_nothing_is_withdrawn(services: Services, as_user: Callable[..., Any]) -> None:
    begun = start_purchase(services)
    answer = as_user(begun.login).post_form(f"/cases/{begun.number}/withdrawal", {"reason": " "}, page="/inbox")
    assert answer.status_code == 422
    assert "请写明理由" in answer.text
    assert services.office.purchases.get(begun.number).status == "demand_review"


def test_nobody_else_withdraws_it(services: Services, as_user: Callable[..., Any]) -> None:
    begun = start_purchase(services)
    answer = as_user("whz").post_form(f"/cases/{begun.number}/withdrawal", {"reason": "不是我发起的"}, page="/inbox")
    assert answer.status_code == 403
    assert "只有发起人" in answer.text


def test_a_problem_is_not_taken_while_no_contract_runs(services: Services, as_user: Callable[..., Any]) -> None:
    begun = start_purchase(services)
    client = as_user("cgjb")
    address = f"/cases/{begun.number}/problem"
    fields = {
        "title": "未按计划开展活动",
        "severity": "serious",
        "found_on": "2026-03-02",
        "facts": "抽查三次均无人。",
        "_action": "send",
    }
    answer = client.post_form(address, fields, page=address)
    assert answer.status_code in (409, 422)
    assert "抽查三次均无人。" in answer.text
