"""What the history tells, by the published client: decisions with their rules, operations, ways taken, callers, counts."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest
from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk import models as m

from engine.model import SYSTEM, Actor
from tests.web.api import yard
from web.composition import Services

Api = Callable[..., httpx.Client]
Sdk = Callable[[str], CamundaClient]
pytestmark = pytest.mark.usefixtures("keys")
OPERATOR = Actor("admin", frozenset({"admin", "operator"}))


@pytest.fixture(scope="module")
def keys(services: Services) -> dict[str, int]:
    return yard.deploy(services)


def painted(services: Services, root_key: int) -> int:
    """The key of the task that waits after the painting."""
    job = services.engine.jobs(instance_key=root_key).items[0]
    services.engine.complete_job(job.key, {}, actor=SYSTEM)
    return services.engine.tasks(instance_key=root_key).items[0].key


def test_a_decision_taken_in_a_case_tells_its_inputs_and_its_rule(services: Services, sdk: Sdk, keys: dict[str, int]) -> None:
    client, case = sdk("sjzy"), yard.start(services, price="99.90", business_key="YARD-9")
    mine = m.DecisionInstanceSearchQueryFilter(process_instance_key=str(case.key), decision_definition_id="yard_colour")
    (found,) = client.search_decision_instances(data=m.DecisionInstanceSearchQuery(filter_=mine)).items
    assert (found.result, found.state, found.business_id) == ('"grey"', "EVALUATED", "YARD-9")
    assert found.decision_definition_key == str(keys["yard_colour"])
    whole = client.get_decision_instance(decision_evaluation_instance_key=found.decision_evaluation_instance_key)
    (seen,) = whole.evaluated_inputs
    assert (seen.input_name, json.loads(seen.input_value)) == ("price", 99.9)
    (rule,) = whole.matched_rules
    assert (rule.rule_id, rule.rule_index, rule.evaluated_outputs[0].output_value) == ("cheap", 2, '"grey"')


def test_decisions_are_paged_through_and_none_is_met_twice(services: Services, api: Api) -> None:
    for _ in range(5):
        yard.start(services)
    client, seen, after = api("sjzy"), [], None
    for _ in range(100):
        page = {"limit": 2} if after is None else {"limit": 2, "after": after}
        body = {
            "filter": {"decisionDefinitionId": "yard_colour"},
            "sort": [{"field": "evaluationDate", "order": "DESC"}],
            "page": page,
        }
        answer = client.post("/decision-instances/search", json=body).json()
        seen += [(item["evaluationDate"], item["decisionEvaluationInstanceKey"]) for item in answer["items"]]
        after = answer["page"]["endCursor"]
        if after is None:
            break
    assert len(seen) == len(set(seen)) >= 5
    assert [date for date, _ in seen] == sorted((date for date, _ in seen), reverse=True)


def test_an_unknown_decision_instance_is_not_found(api: Api) -> None:
    assert api("sjzy").get("/decision-instances/1000000001-1").status_code == 404


def test_the_audit_log_tells_who_did_what(services: Services, sdk: Sdk) -> None:
    case = yard.start(services)
    task = painted(services, case.key)
    services.engine.claim_task(task, actor=OPERATOR)
    services.engine.complete_task(task, {}, actor=OPERATOR)
    client = sdk("sjzy")
    of_case = m.AuditLogSearchQueryRequestFilter(process_instance_key=str(case.key))
    found = client.search_audit_logs(data=m.AuditLogSearchQueryRequest(filter_=of_case)).items
    told = [(item.entity_type, item.operation_type) for item in reversed(found)]
    assert told == [
        ("PROCESS_INSTANCE", "CREATE"),
        ("DECISION", "EVALUATE"),
        ("JOB", "COMPLETE"),
        ("USER_TASK", "CREATE"),
        ("USER_TASK", "ASSIGN"),
        ("USER_TASK", "COMPLETE"),
    ]
    (completed,) = [item for item in found if item.operation_type == "COMPLETE" and item.entity_type == "USER_TASK"]
    assert (completed.actor_id, completed.user_task_key, completed.category) == ("admin", str(task), "USER_TASKS")
    assert client.get_audit_log(audit_log_key=completed.audit_log_key).timestamp == completed.timestamp
    by_admin = m.AuditLogSearchQueryRequestFilter(
        process_instance_key=str(case.key), actor_id="admin", operation_type=m.OperationTypeExactMatch("ASSIGN")
    )
    assert len(client.search_audit_logs(data=m.AuditLogSearchQueryRequest(filter_=by_admin)).items) == 1


def test_a_deployment_is_in_the_audit_log(services: Services, sdk: Sdk) -> None:
    yard.deploy(services, yard="s -> decide -> paint -> look -> e\nrefused -> apologise -> look")
    wanted = m.AuditLogSearchQueryRequestFilter(entity_type=m.EntityTypeExactMatch("RESOURCE"))
    newest = sdk("sjzy").search_audit_logs(data=m.AuditLogSearchQueryRequest(filter_=wanted)).items[0]
    assert (newest.operation_type, newest.actor_id, newest.process_instance_key) == ("CREATE", "system", None)
    assert newest.deployment_key == newest.entity_key
    assert sdk("sjzy").get_audit_log(audit_log_key=newest.audit_log_key).deployment_key == newest.deployment_key


def test_whoever_may_see_a_task_sees_what_happened_to_it(services: Services, sdk: Sdk, api: Api) -> None:
    task = painted(services, yard.start(services).key)
    services.engine.claim_task(task, actor=OPERATOR)
    found = sdk("admin").search_user_task_audit_logs(user_task_key=str(task), data=m.UserTaskAuditLogSearchQueryRequest()).items
    assert [item.operation_type for item in found] == ["ASSIGN", "CREATE"]
    assert api("org02").post(f"/user-tasks/{task}/audit-logs/search", json={}).status_code == 403
    assert api("cgjb").post("/audit-logs/search", json={}).status_code == 403


def test_flows_counts_and_callers_of_an_instance(services: Services, sdk: Sdk, keys: dict[str, int]) -> None:
    client, case = sdk("sjzy"), yard.start(services, "yard_parent")
    (called,) = services.engine.instances(parent_key=case.key)
    flows = client.get_process_instance_sequence_flows(process_instance_key=str(called.key)).items
    assert [flow.element_id for flow in flows] == ["s_decide", "decide_paint"]
    line = client.get_process_instance_call_hierarchy(process_instance_key=str(called.key))
    assert [entry.process_instance_key for entry in line] == [str(case.key), str(called.key)]
    counts = client.get_process_instance_statistics(process_instance_key=str(called.key)).items
    assert {one.element_id: (one.active, one.completed) for one in counts}["paint"] == (1, 0)
    over_all = client.get_process_definition_statistics(
        process_definition_key=str(keys["yard"]), data=m.ProcessDefinitionElementStatisticsQuery()
    ).items
    assert next(one.active for one in over_all if one.element_id == "paint") >= 1


def test_a_signal_reaches_everybody_who_waits_for_it(services: Services, sdk: Sdk) -> None:
    cases = [yard.start(services, "yard_bell") for _ in range(2)]
    sent = sdk("admin").broadcast_signal(data=m.SignalBroadcastRequest(signal_name="yard-ring"))
    assert int(sent.signal_key) > 0
    for case in cases:
        assert [task.element_id for task in services.engine.tasks(instance_key=case.key)] == ["after"]


def test_an_expression_is_evaluated_alone_or_with_the_variables_of_a_case(services: Services, sdk: Sdk, api: Api) -> None:
    client, case = sdk("sjzy"), yard.start(services, price="120.50")
    variables = m.ExpressionEvaluationRequestVariables.from_dict({"x": 10, "y": 20})
    alone = client.evaluate_expression(data=m.ExpressionEvaluationRequest(expression="=x + y", variables=variables))
    assert (alone.result, alone.warnings) == (30, [])
    scoped = {"expression": '=if price > 100 then colour else "none"', "scopeKey": str(case.key)}
    assert api("sjzy").post("/expression/evaluation", json=scoped).json()["result"] == "gold"
    assert api("lcsj").post("/expression/evaluation", json=scoped).status_code == 403, "designers do not read cases"
    unknown = client.evaluate_expression(data=m.ExpressionEvaluationRequest(expression="=nobody + 1"))
    assert unknown.result is None
    assert "nobody" in unknown.warnings[0].message
    exact = api("sjzy").post("/expression/evaluation", json={"expression": "=0.1 + 0.2"})
    assert '"result":0.3' in exact.text
    broken = api("sjzy").post("/expression/evaluation", json={"expression": "=1 +"})
    assert (broken.status_code, broken.json()["fields"][0]["path"]) == (422, "expression")
    endless = api("sjzy").post("/expression/evaluation", json={"expression": "=for i in 1..100000000 return i"})
    assert endless.status_code == 422
