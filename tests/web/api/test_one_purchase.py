"""A whole purchase, from demand to case file, by programs alone: the published client library, one token for each person."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk.models import (
    ClockPinRequest,
    ProcessCreationById,
    ProcessInstanceCreationInstructionBaseVariables,
    UserTaskCompletionRequest,
    UserTaskCompletionRequestVariables,
)

from engine import json_codec
from engine.feel import Feel
from procurement.calendar import EXTENSIONS
from procurement.demo.answers import Answers
from procurement.demo.people import People
from procurement.demo.story import stories
from web.composition import Services

INITIATOR = "wqsq"
STEPS_AT_MOST = 400


@pytest.fixture
def facts() -> dict[str, Any]:
    """The elders' canteen of the demo office, 48,000 yuan: what its people enter."""
    return next(dict(story.facts) for story in stories() if story.facts["key"] == "wqst")


def test_a_purchase_goes_from_demand_to_case_file(
    services: Services, sdk: Callable[[str], CamundaClient], api: Callable[..., httpx.Client], facts: dict[str, Any]
) -> None:
    number = "CG-API-0001"
    starter = sdk(INITIATOR)
    variables = {
        "purchase_id": number,
        "title": facts["title"],
        "initiator": INITIATOR,
        "initiator_unit": services.office.accounts.user(INITIATOR).unit,
        "initiator_kind": "community",
    }
    created = starter.create_process_instance(
        data=ProcessCreationById(
            process_definition_id="purchase",
            business_id=number,
            variables=ProcessInstanceCreationInstructionBaseVariables.from_dict(variables),
        )
    )
    file = services.office.files.upload(
        [b"%PDF-1.4\n%demo"], "材料.pdf", actor=services.office.accounts.actor(INITIATOR), purchase_id=number
    )
    people, answers = People(services.office.accounts.search(limit=1000)), Answers(Feel(EXTENSIONS))
    operator = sdk("admin")
    for _ in range(STEPS_AT_MOST):
        instance = operator.get_process_instance(process_instance_key=created.process_instance_key)
        assert not instance.has_incident, [
            i.message for i in services.engine.incidents(root_key=int(created.process_instance_key)).items
        ]
        if instance.state == "COMPLETED":
            break
        open_tasks = services.engine.tasks(root_key=int(created.process_instance_key)).items
        if not open_tasks:
            if services.engine.run_awaited_effects():
                continue
            _wait_for_the_next_deadline(operator, services, int(created.process_instance_key))
            continue
        task = open_tasks[0]
        person = people.for_task(task, INITIATOR).user_id
        client = sdk(person)
        assert client.get_user_task(user_task_key=str(task.key)).element_id == task.element_id
        seen = _variables(api(person), task.key) | {"p": facts | {"id": number}, "file": file.as_variable()}
        values = answers.of(task.element_id, seen, services.clock.now())
        client.complete_user_task(
            user_task_key=str(task.key),
            data=UserTaskCompletionRequest(
                variables=UserTaskCompletionRequestVariables.from_dict(json.loads(json_codec.dumps(values)))
            ),
        )
    assert instance.state == "COMPLETED"
    assert services.engine.verify(int(created.process_instance_key)).sound
    assert services.office.purchases.get(number).status == "archived"


def _variables(client: httpx.Client, task_key: int) -> dict[str, Any]:
    """What the task sees, through the API."""
    found = client.post(f"/user-tasks/{task_key}/variables/search", json={"page": {"limit": 1000}}).json()["items"]
    return {item["name"]: _decimal(json_codec.loads(item["value"])) for item in found if not item["isTruncated"]}


def _decimal(value: Any) -> Any:
    return Decimal(value) if isinstance(value, float) else value


def _wait_for_the_next_deadline(operator: CamundaClient, services: Services, root_key: int) -> None:
    due = min(timer.due_at for timer in services.engine.timers(root_key))
    operator.pin_clock(data=ClockPinRequest(timestamp=int((due + dt.timedelta(seconds=1)).timestamp() * 1000)))
    services.engine.fire_due_timers()
