"""Operations, effects and outside workers."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from engine.commands.jobs import JobClosed
from engine.errors import BpmnError, ExecutionFailed, NotPermitted
from engine.model import SYSTEM
from tests.integration.engine.office import CLERK, OPERATOR, Office
from tests.unit.spiff.diagrams import mapping, service

MINUTE = dt.timedelta(minutes=1)
WORK = service("w", "paint", mapping("in: colour <- =wish", "out: result <- =done"))


def taken(office: Office, job_type: str = "paint", worker: str = "painter"):
    return office.engine.activate_jobs(job_type, worker, timeout=MINUTE, max_jobs=10)


def test_an_operation_runs_inside_the_command_and_its_answer_is_mapped(office: Office):
    office.operations["paint"] = lambda call: {"done": f"{call.inputs['colour']} {call.business_key} {call.actor_id}"}
    case = office.start(office.deploy("s -> w -> u1 -> e", WORK), business_key="B7", wish="red")
    assert office.value(case.key, "result") == "red B7 clerk"
    assert "operation_performed" in office.kinds(case.key)


def test_what_an_operation_wrote_is_undone_when_it_breaks_and_the_rest_stands(office: Office):
    def breaks(call):
        call.session.execute(text("create table if not exists painted (n int)"))
        raise RuntimeError("out of paint")

    office.operations["paint"] = breaks
    case = office.start(office.deploy("s -> u1 -> w -> u2 -> e", WORK), wish="red")
    office.complete(case.key, note="done")
    incident = office.engine.incidents(root_key=case.key).items[0]
    assert (incident.kind, "out of paint" in incident.message, incident.element_id) == ("operation_failed", True, "w")
    with office.engine.database.unit_of_work() as uow:
        assert uow.session.execute(text("select to_regclass('painted')")).scalar() is None
    assert office.kinds(case.key).count("user_task_completed") == 1
    office.forget()
    with pytest.raises(NotPermitted):
        office.engine.resolve_incident(incident.key, actor=CLERK)
    office.operations["paint"] = lambda _: {"done": 1}
    assert office.engine.resolve_incident(incident.key, actor=OPERATOR).open_tasks[0].element_id == "u2"
    assert office.engine.incident(incident.key).state == "resolved"
    assert office.engine.instance(case.key).state == "active"


def test_an_operation_that_answers_rubbish_is_an_incident(office: Office):
    for rubbish in ({"done": object()}, None, 5):
        office.operations["paint"] = lambda _, rubbish=rubbish: rubbish
        case = office.start(office.deploy("s -> w -> e", WORK), wish="red")
        assert office.engine.instance(case.key).state == "incident", rubbish


def test_a_business_error_of_an_operation_is_caught_in_the_diagram(office: Office):
    def refuses(_):
        raise BpmnError("NO_MONEY", "the budget is empty")

    office.operations["paint"] = refuses
    boundary = '<boundaryEvent id="b" attachedToRef="w"><errorEventDefinition errorRef="poor"/></boundaryEvent>'
    roots = '<error id="poor" errorCode="NO_MONEY"/>'
    case = office.start(office.deploy("s -> w -> e1\nb -> u1 -> e2", WORK + boundary, roots=roots), wish="red")
    assert office.open(case.key) == ["u1"]


def test_an_outside_worker_takes_a_job_and_completes_it(office: Office):
    case = office.start(office.deploy("s -> w -> u1 -> e", WORK), wish="red")
    job = taken(office)[0]
    assert (job.type, job.worker, job.variables["colour"], job.state) == ("paint", "painter", "red", "activated")
    assert taken(office) == ()
    office.forget()
    office.engine.complete_job(job.key, {"done": "well"}, actor=SYSTEM)
    assert (office.open(case.key), office.value(case.key, "result")) == (["u1"], "well")
    with pytest.raises(JobClosed):
        office.engine.complete_job(job.key, {}, actor=SYSTEM)


def test_a_job_whose_worker_lets_the_deadline_pass_is_free_again(office: Office):
    office.start(office.deploy("s -> w -> e", WORK), wish="red")
    job = taken(office)[0]
    office.engine.update_job(job.key, timeout=2 * MINUTE, actor=SYSTEM)
    office.clock.move(seconds=90)
    assert taken(office) == ()
    office.clock.move(seconds=60)
    assert [again.key for again in taken(office, worker="other")] == [job.key]
    office.engine.complete_job(job.key, {"done": 1}, actor=SYSTEM)


def test_a_failed_job_is_tried_again_and_then_becomes_an_incident(office: Office):
    case = office.start(office.deploy("s -> w -> u1 -> e", WORK), wish="red")
    job = taken(office)[0]
    office.engine.fail_job(job.key, retries=1, message="dry brush", back_off=MINUTE, actor=SYSTEM)
    assert taken(office) == ()
    office.clock.move(minutes=2)
    assert [again.key for again in taken(office)] == [job.key]
    office.engine.fail_job(job.key, retries=0, message="no brush", actor=SYSTEM)
    incident = office.engine.incidents(root_key=case.key).items[0]
    assert (incident.kind, incident.job_key, "no brush" in incident.message) == ("job_no_retries", job.key, True)
    assert taken(office) == ()
    office.forget()
    office.engine.update_job(job.key, retries=2, actor=OPERATOR)
    office.engine.resolve_incident(incident.key, actor=OPERATOR)
    assert [again.retries for again in taken(office)] == [2]
    office.engine.complete_job(job.key, {"done": 1}, actor=SYSTEM)
    assert office.open(case.key) == ["u1"]


def test_a_worker_throws_a_business_error_into_the_diagram(office: Office):
    boundary = '<boundaryEvent id="b" attachedToRef="w"><errorEventDefinition errorRef="poor"/></boundaryEvent>'
    roots = '<error id="poor" errorCode="NO_MONEY"/>'
    case = office.start(office.deploy("s -> w -> e1\nb -> u1 -> e2", WORK + boundary, roots=roots), wish="red")
    job = taken(office)[0]
    office.engine.throw_job_error(job.key, "NO_MONEY", "empty", actor=SYSTEM)
    assert office.open(case.key) == ["u1"]
    assert office.engine.job(job.key).state == "error_thrown"


def test_jobs_of_a_cancelled_case_are_cancelled(office: Office):
    case = office.start(office.deploy("s -> w -> e", WORK), wish="red")
    key = office.engine.jobs(root_key=case.key).items[0].key
    with pytest.raises(NotPermitted):
        office.engine.cancel_instance(case.key, actor=CLERK, reason="no longer wanted")
    office.engine.cancel_instance(case.key, actor=OPERATOR, reason="no longer wanted")
    assert office.engine.job(key).state == "canceled"
    assert office.engine.instance(case.key).state == "terminated"
    assert taken(office) == ()


def effect_case(office: Office):
    seen: list[tuple[dict, str]] = []
    office.effects["mail"] = lambda payload, key: seen.append((dict(payload), key))
    case = office.start(office.deploy("s -> w -> u1 -> e", service("w", "mail", mapping("in: to <- =whom"))), whom="all")
    return case, office.engine.jobs(root_key=case.key).items[0], seen


def test_an_effect_runs_after_the_commit_and_the_case_goes_on(office: Office):
    case, job, seen = effect_case(office)
    assert taken(office, "mail") == (), "an effect of ours is not for outside workers"
    assert office.engine.run_effect(job.key)
    assert [(payload["to"], key) for payload, key in seen] == [("all", f"effect-{job.key}")]
    assert office.open(case.key) == ["u1"]
    assert not office.engine.run_effect(job.key)
    assert len(seen) == 1


def test_an_effect_keeps_its_idempotency_key_until_it_becomes_an_incident(office: Office):
    case, job, _ = effect_case(office)
    keys = []

    def down(_payload, key):
        keys.append(key)
        raise ConnectionError("mail server is down")

    office.effects["mail"] = down
    for _ in range(3):
        office.engine.run_effect(job.key)
    assert len(set(keys)) == 1
    assert len(keys) == 3
    incident = office.engine.incidents(root_key=case.key).items[0]
    assert "mail server is down" in incident.message
    assert not office.engine.run_effect(job.key)
    office.effects["mail"] = lambda _payload, _key: {"sent": True}
    office.engine.resolve_incident(incident.key, actor=OPERATOR)
    assert queued(office, job.key) >= 2
    assert office.engine.run_effect(job.key)
    assert (office.open(case.key), office.engine.incident(incident.key).state) == (["u1"], "resolved")


def test_an_operation_asks_for_an_effect_in_its_own_transaction(office: Office):
    seen = []
    office.effects["mail"] = lambda payload, key: seen.append((dict(payload), key))

    def decide(call):
        call.enqueue("mail", {"to": "winner"})
        return {"done": 1}

    office.operations["paint"] = decide
    case = office.start(office.deploy("s -> w -> e", WORK), wish="red")
    assert office.engine.instance(case.key).state == "completed"
    job = office.engine.jobs(root_key=case.key).items[0]
    assert queued(office, job.key) == 1
    office.engine.run_effect(job.key)
    assert seen == [({"to": "winner"}, f"effect-{job.key}")]
    assert office.engine.job(job.key).state == "completed"
    assert office.engine.verify(case.key).sound


def test_an_effect_of_a_finished_case_that_keeps_failing_is_still_an_incident(office: Office):
    office.effects["mail"] = lambda _payload, _key: 1 / 0

    def decide(call):
        call.enqueue("mail", {})
        return {"done": 1}

    office.operations["paint"] = decide
    case = office.start(office.deploy("s -> w -> e", WORK), wish="red")
    job = office.engine.jobs(root_key=case.key).items[0]
    for _ in range(5):
        office.engine.run_effect(job.key)
    incident = office.engine.incidents(root_key=case.key).items[0]
    assert office.engine.instance(case.key).state == "completed"
    office.effects["mail"] = lambda _payload, _key: None
    office.engine.resolve_incident(incident.key, actor=OPERATOR)
    office.engine.run_effect(job.key)
    assert office.engine.job(job.key).state == "completed"


def test_an_operation_that_asks_for_an_unknown_effect_is_an_incident(office: Office):
    def decide(call):
        call.enqueue("nothing", {})
        return {"done": 1}

    office.operations["paint"] = decide
    case = office.start(office.deploy("s -> w -> e", WORK), wish="red")
    assert "nothing" in office.engine.incidents(root_key=case.key).items[0].message


def test_an_engine_error_of_an_operation_is_the_message_of_the_incident(office: Office):
    def refuses(call):
        raise ExecutionFailed("The register of {what} is closed.", what="organisations")

    office.operations["paint"] = refuses
    case = office.start(office.deploy("s -> w -> e", WORK), wish="red")
    assert "The register of organisations is closed." in office.engine.incidents(root_key=case.key).items[0].message


def queued(office: Office, job_key: int) -> int:
    statement = text("select count(*) from procrastinate_jobs where (args->>'job_key')::bigint = :key")
    with office.engine.database.unit_of_work() as uow:
        return uow.session.execute(statement, {"key": job_key}).scalar_one()
