"""Suspending, modifying and migrating by the published client."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from camunda_orchestration_sdk import CamundaClient, errors
from camunda_orchestration_sdk import models as m

from engine.model import ProcessInstance
from tests.support.serving import until
from tests.web.api import yard
from web.composition import Services

Api = Callable[..., httpx.Client]
Sdk = Callable[[str], CamundaClient]
BEFORE = {"yard_bell": "s -> bell -> after -> e"}
AFTER = {"yard_bell": "s -> bell -> after -> tidy -> e"}


@pytest.fixture(scope="module")
def keys(services: Services) -> dict[str, int]:
    return yard.deploy(services, **BEFORE)


def rung(services: Services) -> ProcessInstance:
    """An instance that stands at ``after``."""
    case = yard.start(services, "yard_bell")
    services.engine.broadcast_signal("yard-ring", {}, actor=yard.SYSTEM)
    assert standing(services, case) == ["after"]
    return case


def standing(services: Services, case: ProcessInstance) -> list[str]:
    return sorted(task.element_id for task in services.engine.tasks(instance_key=case.key))


@pytest.mark.usefixtures("keys")
def test_a_suspended_instance_stands_still_until_it_is_resumed(services: Services, sdk: Sdk) -> None:
    client, case = sdk("admin"), rung(services)
    client.suspend_process_instance(process_instance_key=str(case.key), data=m.SuspendProcessInstanceRequest())
    shown = client.get_process_instance(process_instance_key=str(case.key))
    assert shown.state == "SUSPENDED"
    assert shown.suspended_date is not None
    suspended = m.ProcessInstanceSearchQueryFilter(
        process_instance_key=str(case.key), state=m.ProcessInstanceStateExactMatch("SUSPENDED")
    )
    assert len(client.search_process_instances(data=m.ProcessInstanceSearchQuery(filter_=suspended)).items) == 1
    task = services.engine.tasks(instance_key=case.key).items[0]
    with pytest.raises(errors.ConflictError):
        client.complete_user_task(user_task_key=str(task.key), data=m.UserTaskCompletionRequest())
    client.resume_process_instance(process_instance_key=str(case.key), data=m.ResumeProcessInstanceRequest())
    assert client.get_process_instance(process_instance_key=str(case.key)).state == "ACTIVE"
    client.complete_user_task(user_task_key=str(task.key), data=m.UserTaskCompletionRequest())
    assert client.get_process_instance(process_instance_key=str(case.key)).state == "COMPLETED"


@pytest.mark.usefixtures("keys")
def test_a_token_is_moved_and_an_element_is_begun_and_ended(services: Services, sdk: Sdk, api: Api) -> None:
    client, case = sdk("admin"), rung(services)
    source = m.SourceElementIdInstruction(source_type="byId", source_element_id="after")
    move = m.ProcessInstanceModificationMoveInstruction(source_element_instruction=source, target_element_id="bell")
    client.modify_process_instance(
        process_instance_key=str(case.key), data=m.ProcessInstanceModificationInstruction(move_instructions=[move])
    )
    assert standing(services, case) == []
    begin = m.ProcessInstanceModificationActivateInstruction(element_id="after")
    end = m.ProcessInstanceModificationTerminateByIdInstruction(element_id="bell")
    both = m.ProcessInstanceModificationInstruction(activate_instructions=[begin], terminate_instructions=[end])
    client.modify_process_instance(process_instance_key=str(case.key), data=both)
    assert standing(services, case) == ["after"]
    assert [entry.kind for entry in services.engine.history(case.key)].count("instance_modified") == 2
    nothing = {"terminateInstructions": [{"elementId": "bell"}]}
    assert api("admin").post(f"/process-instances/{case.key}/modification", json=nothing).status_code == 404
    elsewhere = {"activateInstructions": [{"elementId": "after", "variableInstructions": [{"variables": {"x": 1}}]}]}
    assert api("admin").post(f"/process-instances/{case.key}/modification", json=elsewhere).status_code == 501


def test_one_instance_and_then_all_others_move_to_the_next_version(services: Services, sdk: Sdk, keys: dict[str, int]) -> None:
    client, cases = sdk("admin"), [rung(services) for _ in range(4)]
    old = keys["yard_bell"]
    target = str(yard.deploy(services, **AFTER)["yard_bell"])
    one = m.ProcessInstanceMigrationInstruction(target_process_definition_key=target, mapping_instructions=[])
    client.migrate_process_instance(process_instance_key=str(cases[0].key), data=one)
    assert client.get_process_instance(process_instance_key=str(cases[0].key)).process_definition_key == target
    named = m.ProcessInstanceCancellationBatchOperationRequestFilter(
        process_instance_key=m.AdvancedProcessInstanceKeyFilter(in_=[str(case.key) for case in cases[1:]])
    )
    plan = m.ProcessInstanceMigrationBatchOperationRequestMigrationPlan(
        target_process_definition_key=target, mapping_instructions=[]
    )
    begun = client.migrate_process_instances_batch_operation(
        data=m.ProcessInstanceMigrationBatchOperationRequest(filter_=named, migration_plan=plan)
    )
    assert begun.batch_operation_type == "MIGRATE_PROCESS_INSTANCE"
    key = begun.batch_operation_key
    until(lambda: client.get_batch_operation(batch_operation_key=key).state == "COMPLETED", "the batch")
    done = client.get_batch_operation(batch_operation_key=key)
    assert (done.operations_total_count, done.operations_completed_count, done.operations_failed_count) == (3, 3, 0)
    items = client.search_batch_operation_items(
        data=m.BatchOperationItemSearchQuery(filter_=m.BatchOperationItemSearchQueryFilter(batch_operation_key=key))
    ).items
    assert {item.process_instance_key for item in items} == {str(case.key) for case in cases[1:]}
    assert {item.state for item in items} == {"COMPLETED"}
    mine = m.BatchOperationSearchQueryFilter(batch_operation_key=key)
    assert len(client.search_batch_operations(data=m.BatchOperationSearchQuery(filter_=mine)).items) == 1
    assert {services.engine.instance(case.key).definition_key for case in cases} == {int(target)}
    assert old != int(target)
    with pytest.raises(errors.ApiError):
        client.cancel_batch_operation(batch_operation_key=key)


@pytest.mark.usefixtures("keys")
def test_a_batch_is_only_begun_with_a_filter_that_says_which_instances(services: Services, api: Api) -> None:
    client, case = api("admin"), rung(services)
    plan = {"targetProcessDefinitionKey": str(case.definition_key), "mappingInstructions": []}
    for wanted, status in (
        ({}, 400),
        ({"hasRetriesLeft": True}, 501),
        ({"variables": [{"name": "x", "value": "1"}]}, 501),
        ({"$or": [{"processInstanceKey": "1"}]}, 501),
        ({"processInstanceKey": "1"}, 404),
        ({"processDefinitionId": {"$like": "yard*"}}, 400),
    ):
        answer = client.post("/process-instances/migration", json={"filter": wanted, "migrationPlan": plan})
        assert answer.status_code == status, (wanted, answer.text)
    twice = [{"sourceElementId": "after", "targetElementId": name} for name in ("bell", "after")]
    answer = client.post(f"/process-instances/{case.key}/migration", json=plan | {"mappingInstructions": twice})
    assert answer.status_code == 400
    assert client.post("/process-instances/cancellation", json={"filter": {}}).status_code == 501
