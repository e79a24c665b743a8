"""A task's form sent with what is not on it: other variables, other people's tasks, wrong types, and values of any size."""

from __future__ import annotations

import pytest
from flask import Flask

from engine.model import UserTask
from tests.attacks.walking import entered
from web.composition import Services
from web.pages.forms.tokens import FileTokens

GOOD = {
    "demand_summary": "为辖区八十岁以上独居老人提供每周两次的上门照护。",
    "beneficiary_group": "高龄独居老人",
    "beneficiary_count": "126",
    "demand_source": "department",
    "catalogue_code": "B0302",
    "service_category": "social_affairs",
    "estimate": "48000",
    "period_months": "12",
    "national_ban": "none",
    "_action": "complete",
}
SMUGGLED = {
    "purchase_id": "CG-2020-9999",
    "title": "换了的名称",
    "initiator": "jdzr",
    "approve_purchase_decision": "agree",
    "review_demand_decision": "agree",
    "route": "direct",
    "panel": "[]",
    "is_admin": "true",
    "_status": "approved",
    "__proto__.polluted": "1",
    "constructor.prototype": "1",
    "lines.999999999.item": "1",
    ".": "1",
    "..": "1",
    "a" * 5_000: "1",
    "": "1",
}


@pytest.fixture
def task(office: Services) -> UserTask:
    """登记需求 of a purchase 养老服务科 has just started."""
    actor = office.office.accounts.actor("ylfw")
    started = office.office.purchases.start(
        actor=actor, title="高龄独居老人居家照护", unit="养老服务科", initiator_kind="department"
    )
    [found] = office.engine.tasks(root_key=started.process_key).items
    return found


def values_of(office: Services, task: UserTask) -> dict[str, object]:
    return {one.name: one.value for one in office.engine.variables(task.root_key).items}


def test_what_is_not_on_the_form_never_becomes_a_variable(pages: Flask, office: Services, task: UserTask) -> None:
    answer = entered(pages, office, "ylfw").post(f"/tasks/{task.key}/complete", data={**GOOD, **SMUGGLED})
    assert answer.status_code == 303, answer.text
    after = values_of(office, task)
    assert after["demand_summary"] == GOOD["demand_summary"]
    assert after["purchase_id"] == task.business_key
    assert (after["title"], after["initiator"]) == ("高龄独居老人居家照护", "ylfw")
    assert not {"approve_purchase_decision", "panel", "is_admin", "_status", "polluted", "lines"} & after.keys()
    assert "agree" not in (after.get("review_demand_decision"), after.get("confirm_exclusion_decision"))
    assert after.get("route") != "direct"
    assert not [name for name in after if "proto" in name or len(name) > 100]


def test_nobody_elses_task_is_saved_or_handed_in(pages: Flask, office: Services, task: UserTask) -> None:
    for login in ("shsw", "jdzr", "cgjb", "lcsj", "hxpg", "org02"):
        client = entered(pages, office, login)
        for act in ("complete", "save", "claim", "assign", "release", "return"):
            answer = client.post(f"/tasks/{task.key}/{act}", data={**GOOD, "assignee": login, "command_id": "d" * 32})
            assert answer.status_code in (403, 404, 409, 422), f"{act} as {login}: {answer.status_code}"
    [still] = office.engine.tasks(root_key=task.root_key).items
    assert (still.key, still.state, still.assignee) == (task.key, "created", task.assignee)
    assert "demand_summary" not in values_of(office, task)


@pytest.mark.parametrize(
    "wrong",
    [
        {"estimate": "1e999"},
        {"estimate": "NaN"},
        {"estimate": "-5"},
        {"estimate": "9" * 500},
        {"estimate": "四万八"},
        {"beneficiary_count": "1.5"},
        {"beneficiary_count": "=1+1"},
        {"demand_source": "bribery"},
        {"demand_source": ["department", "visit"]},
        {"service_category": "__import__('os')"},
        {"catalogue_code": "B0302' or '1'='1"},
        {"catalogue_code": "../../etc/passwd"},
        {"demand_summary": "x" * 1_000_000},
        {"beneficiary_group": ["甲", "乙"]},
        {"demand_files": "not a token"},
        {"demand_files": '{"sha256": "' + "a" * 64 + '"}'},
        {"national_ban": ""},
        {"demand_summary.inner": "1"},
        {"demand_summary.0": "1"},
    ],
    ids=str,
)
def test_a_value_the_field_cannot_have_is_refused_beside_it_or_left_out(
    wrong: dict[str, object], pages: Flask, office: Services, task: UserTask
) -> None:
    answer = entered(pages, office, "ylfw").post(f"/tasks/{task.key}/complete", data={**GOOD, **wrong})
    assert answer.status_code in (303, 413, 422)
    [name] = wrong
    if answer.status_code == 303:
        kept = values_of(office, task).get(name)
        assert name in ("beneficiary_group", "demand_files", "demand_source"), name
        assert kept in (None, [], "乙", "visit")
    else:
        assert values_of(office, task).get("demand_summary") is None


def test_a_file_token_signed_for_somebody_else_brings_no_file(pages: Flask, office: Services, task: UserTask) -> None:
    reference = {"name": "x.pdf", "size": 1, "sha256": "a" * 64, "media_type": "application/pdf"}
    stolen = FileTokens(office.settings.secret_key, "cgjb").write(reference)
    forged = FileTokens("another key altogether, 32 characters", "ylfw").write(reference)
    client = entered(pages, office, "ylfw")
    assert client.post(f"/tasks/{task.key}/complete", data={**GOOD, "demand_files": [stolen, forged]}).status_code == 303
    assert not values_of(office, task).get("demand_files")


def test_a_task_that_is_over_takes_nothing_more(pages: Flask, office: Services, task: UserTask) -> None:
    client = entered(pages, office, "ylfw")
    assert client.post(f"/tasks/{task.key}/complete", data={**GOOD, "command_id": "e" * 32}).status_code == 303
    changed = {**GOOD, "estimate": "1"}
    assert client.post(f"/tasks/{task.key}/complete", data={**changed, "command_id": "f" * 32}).status_code in (303, 409)
    assert client.post(f"/tasks/{task.key}/save", data=changed).status_code in (303, 404, 409)
    assert client.post(f"/tasks/{task.key}/claim").status_code in (404, 409)
    assert str(values_of(office, task)["estimate"]) == "48000"
