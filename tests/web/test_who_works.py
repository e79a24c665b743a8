"""Who works on a task: claim, release, hand over, send back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.model import UserTask
from tests.web.conftest import Visitor
from tests.web.offices import StartedPurchase
from tests.web.test_task_page import filled
from web.composition import Services


@pytest.fixture
def review(services: Services, as_user: Callable[[str], Visitor], started: StartedPurchase) -> UserTask:
    """审核需求, open to the service centre."""
    client, address = as_user(started.login), f"/tasks/{started.task.key}"
    client.post_form(f"{address}/complete", filled(client.get(address).text), page=address)
    return next(task for task in services.engine.tasks(root_key=started.task.root_key) if task.element_id == "review_demand")


def test_a_claimed_task_is_mine_until_i_release_it(
    services: Services, as_user: Callable[[str], Visitor], review: UserTask
) -> None:
    client = as_user("bmfw")
    client.post_form(f"/tasks/{review.key}/claim", page="/inbox")
    assert services.engine.task(review.key).assignee == "bmfw"
    client.post_form(f"/tasks/{review.key}/release", page="/inbox")
    assert services.engine.task(review.key).assignee is None


def test_two_people_cannot_both_claim(services: Services, as_user: Callable[..., Visitor], review: UserTask) -> None:
    services.office.accounts.create("bmfw2", "第二人", "a good password", roles=["service_centre"])
    as_user("bmfw").post_form(f"/tasks/{review.key}/claim", page="/inbox")
    late = as_user("bmfw2", "a good password").post_form(f"/tasks/{review.key}/claim", page="/inbox")
    assert late.status_code == 409
    assert "正由 bmfw 办理" in late.text


def test_a_task_is_handed_over_to_a_colleague_of_the_group(
    services: Services, as_user: Callable[..., Visitor], review: UserTask
) -> None:
    services.office.accounts.create("bmfw3", "第三人", "a good password", roles=["service_centre"], unit="便民服务中心")
    client = as_user("bmfw")
    assert "第三人（便民服务中心）" in client.get(f"/tasks/{review.key}").text
    client.post_form(f"/tasks/{review.key}/assign", {"assignee": "bmfw3"}, page="/inbox")
    assert services.engine.task(review.key).assignee == "bmfw3"


def test_nobody_is_handed_a_task_they_may_not_do(as_user: Callable[[str], Visitor], review: UserTask) -> None:
    answer = as_user("bmfw").post_form(f"/tasks/{review.key}/assign", {"assignee": "org01"}, page="/inbox")
    assert answer.status_code == 422


def test_a_return_goes_back_with_its_reason(
    services: Services, as_user: Callable[[str], Visitor], review: UserTask, started: StartedPurchase
) -> None:
    client = as_user("bmfw")
    assert "登记需求" in client.get(f"/tasks/{review.key}").text
    fields = {"target": "record_demand", "reason": "受益人数没有来源，请补充名册。"}
    answer = client.post_form(f"/tasks/{review.key}/return", fields, page="/inbox")
    assert answer.status_code == 303, answer.text
    again = next(iter(services.engine.tasks(root_key=started.task.root_key)))
    assert again.element_id == "record_demand"
    page = as_user(started.login).get(f"/tasks/{again.key}").text
    assert "曾玲 退回：受益人数没有来源" in page


@pytest.mark.parametrize(
    ("fields", "sentence"), [({"target": "record_demand", "reason": " "}, "请写明理由"), ({"reason": "改"}, "请选择退回到哪一步")]
)
def test_a_return_without_step_or_reason_is_refused_and_kept(
    as_user: Callable[[str], Visitor], review: UserTask, fields: dict[str, str], sentence: str
) -> None:
    answer = as_user("bmfw").post_form(f"/tasks/{review.key}/return", fields, page="/inbox")
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_colleague_who_may_only_look_gets_no_fields(as_user: Callable[[str], Visitor], review: UserTask) -> None:
    answer = as_user("sjzy").get(f"/tasks/{review.key}")
    assert answer.status_code == 200
    assert "您可以查看，不能填写" in answer.text
    assert 'name="review_demand_decision"' not in answer.text
