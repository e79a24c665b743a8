"""Running cases go on in another version: one, all of them, and back."""

from __future__ import annotations

import asyncio
import threading

import pytest

from engine.commands.migrate_instance import HappenedSince, MigrationRefused, NothingToTakeBack
from engine.errors import Conflict, InstanceSuspended, InvalidInput, NotFound, NotPermitted
from engine.jobs import effects
from tests.integration.engine.office import CLERK, OPERATOR, Office, form
from tests.unit.spiff.diagrams import ext, timer, user


def two(office: Office, flows: str, new: str, elements: str = "", new_elements: str = "") -> tuple[str, int, int]:
    """Deploy a process and its next version; the id and both keys. Cases started before ask for the first one."""
    process = office.deploy(flows, elements)
    (first,) = office.engine.definitions(kind="process", id=process).items
    office.deploy(new, new_elements, process_id=process)
    second = office.engine.definitions(kind="process", id=process, latest=True).items[0]
    return process, first.key, second.key


def start(office: Office, process: str, first: int, **variables):
    return office.engine.start_process(process, variables, actor=CLERK, definition_key=first)


def migrate(office: Office, key: int, target: int, mapping=None, **more):
    return office.engine.migrate_instance(key, target, mapping, actor=OPERATOR, reason="the new rules hold", **more)


def test_a_case_goes_on_in_the_new_version_and_everything_open_says_so(office: Office):
    late = f'<boundaryEvent id="late" attachedToRef="u1">{timer("duration", "P9D")}</boundaryEvent>'
    process, first, second = two(
        office, "s -> u1 -> e\nlate -> u2 -> e", "s -> u7 -> u3 -> e\nlate -> u2 -> e",
        user("u1") + late, user("u7") + late.replace('"u1"', '"u7"'),
    )  # fmt: skip
    case = start(office, process, first)
    task = office.task(case.key)
    migrate(office, case.key, second, {"u1": "u7"})
    office.forget()
    moved = office.engine.task(task.key)
    assert (moved.element_id, moved.definition_key, moved.form_key) == ("u7", second, task.form_key)
    shown = office.engine.instance(case.key)
    assert (shown.definition_key, shown.version) == (second, 2)
    assert [e.element_id for e in office.engine.elements(case.key, state="active")] == ["u7"]
    (entry,) = office.engine.history(case.key, kinds=("instance_migrated",))
    assert (entry.actor, entry.data["reason"]) == ("operator", "the new rules hold")
    assert (entry.data["source_key"], entry.data["target_key"], entry.data["mapping"]) == (first, second, {"u1": "u7"})
    assert entry.data["forms"] == {str(task.key): task.form_key}
    assert office.fire(days=10) == 1
    assert office.open(case.key) == ["u2"]
    assert office.engine.verify(case.key).sound


def test_what_is_signed_before_the_migration_stays_as_it_was(office: Office):
    process, first, second = two(office, "s -> u1 -> u2 -> e", "s -> u9 -> u2 -> u3 -> e")
    case = start(office, process, first)
    signed = office.task(case.key, "u1")
    office.complete(case.key, "u1", note="agreed")
    before = office.engine.history(case.key, kinds=("user_task_completed",))
    migrate(office, case.key, second)
    assert office.engine.history(case.key, kinds=("user_task_completed",)) == before
    assert office.engine.task(signed.key).form_key == signed.form_key
    assert office.engine.task(signed.key).definition_key == first
    office.complete(case.key, "u2")
    assert office.open(case.key) == ["u3"]


def test_what_would_not_be_sound_is_refused_with_the_reason_and_nothing_changes(office: Office):
    process, first, second = two(
        office, "s -> p1 -> u1 -> p2 -> e\np1 -> u2 -> p2", "s -> p1 -> u1 -> p2 -> e\np1 -> u2 -> p2\np1 -> u3 -> p2"
    )
    case = start(office, process, first)
    with pytest.raises(MigrationRefused, match="the join p2 of the new version could wait for ever") as refused:
        migrate(office, case.key, second)
    assert refused.value.findings[0].code == "join_would_hang"
    assert office.engine.instance(case.key).definition_key == first
    assert "instance_migrated" not in office.kinds(case.key)
    office.complete(case.key, "u1")
    assert office.complete(case.key, "u2").state == "completed"


def test_only_operators_migrate_with_a_reason_to_another_version_of_the_same_process(office: Office):
    process, first, second = two(office, "s -> u1 -> e", "s -> u1 -> u2 -> e")
    case = start(office, process, first)
    engine = office.engine
    with pytest.raises(NotPermitted):
        engine.migrate_instance(case.key, second, actor=CLERK, reason="x")
    with pytest.raises(InvalidInput):
        engine.migrate_instance(case.key, second, actor=OPERATOR, reason="")
    with pytest.raises(InvalidInput, match="cannot be accepted") as wrong:
        migrate(office, case.key, second, {"nope": "u1", "u1": "nowhere"})
    assert [str(field) for field in wrong.value.fields] == [
        "There is no nope in the running version.",
        "There is no nowhere in the new version.",
    ]
    with pytest.raises(InvalidInput):
        migrate(office, case.key, first)
    with pytest.raises(InvalidInput):
        migrate(office, case.key, engine.definitions(kind="process", id=office.deploy("s -> u1 -> e")).items[0].key)
    with pytest.raises(NotFound):
        migrate(office, case.key, 17)
    engine.suspend_instance(case.key, actor=OPERATOR, reason="wait")
    with pytest.raises(InstanceSuspended):
        migrate(office, case.key, second)


def test_a_migration_is_taken_back_while_nothing_has_happened(office: Office):
    def content(event: str) -> str:
        return user("u1") + f'<boundaryEvent id="{event}" attachedToRef="u1">{timer("duration", "P1D")}</boundaryEvent>'

    process, first, second = two(
        office, "s -> u1 -> e\nlate -> u2 -> e", "s -> u1 -> e\nlater -> u3 -> e", content("late"), content("later")
    )
    case = start(office, process, first)
    (due,) = office.engine.timers(case.key)
    office.clock.move(hours=5)
    migrate(office, case.key, second)
    office.engine.forget_expired()
    assert [t.element_id for t in office.engine.timers(case.key)] == ["later"]
    office.forget()
    office.engine.undo_migration(case.key, actor=OPERATOR, reason="too early")
    office.forget()
    assert office.engine.timers(case.key) == [due]
    assert office.engine.instance(case.key).definition_key == first
    assert office.task(case.key).definition_key == first
    with pytest.raises(NothingToTakeBack):
        office.engine.undo_migration(case.key, actor=OPERATOR, reason="again")
    assert office.fire(days=2) == 1
    assert office.open(case.key) == ["u2"]


def test_a_migration_is_not_taken_back_once_something_has_happened_and_the_refusal_says_what(office: Office):
    process, first, second = two(office, "s -> u1 -> u2 -> e", "s -> u1 -> u2 -> u3 -> e")
    case = start(office, process, first)
    migrate(office, case.key, second)
    office.clock.move(minutes=1)
    office.complete(case.key, "u1")
    with pytest.raises(HappenedSince, match=r"user_task_completed \(clerk, "):
        office.engine.undo_migration(case.key, actor=OPERATOR, reason="x")
    assert office.engine.instance(case.key).definition_key == second
    office.engine.forget_expired()
    with pytest.raises(NothingToTakeBack):
        office.engine.undo_migration(case.key, actor=OPERATOR, reason="x")


def test_called_instances_are_migrated_and_taken_back_one_by_one(office: Office):
    child, first, second = two(office, "s -> u1 -> e", "s -> u1 -> u2 -> e")
    call = ext(f'<zeebe:calledElement processId="{child}"/>')
    parent = office.deploy(
        "s -> p1 -> call1 -> p2 -> e\np1 -> call2 -> p2",
        "".join(f'<callActivity id="{n}">{call}</callActivity>' for n in ("call1", "call2")),
    )
    case = office.start(parent)
    inner = [one.key for one in office.engine.instances(root_key=case.key, process_id=child)]
    for key in inner:
        migrate(office, key, first)
    with pytest.raises(HappenedSince):
        office.engine.undo_migration(inner[0], actor=OPERATOR, reason="the wrong one first")
    for key in reversed(inner):
        office.engine.undo_migration(key, actor=OPERATOR, reason="back")
    assert {office.engine.instance(key).definition_key for key in inner} == {second}
    assert office.engine.instance(case.key).definition_key != second


def test_the_same_migration_sent_twice_happens_once(office: Office):
    process, first, second = two(office, "s -> u1 -> e", "s -> u1 -> u2 -> e")
    case = start(office, process, first)
    answers = [migrate(office, case.key, second, command_id=f"m{case.key}") for _ in range(2)]
    assert answers[0] == answers[1]
    assert office.kinds(case.key).count("instance_migrated") == 1


def test_the_preview_counts_every_running_case_and_tells_them_page_by_page(office: Office):
    process, first, second = two(office, "s -> u1 -> u2 -> u3 -> e", "s -> u1 -> p1 -> u4 -> p2 -> u3 -> e\np1 -> u5 -> p2")
    cases = [start(office, process, first) for _ in range(7)]
    for case in cases[:3]:
        office.complete(case.key, "u1")
    office.engine.suspend_instance(cases[6].key, actor=OPERATOR, reason="wait")
    ended = start(office, process, first)
    office.engine.cancel_instance(ended.key, actor=OPERATOR, reason="x")
    preview = office.engine.preview_migration(first, second, limit=4)
    assert (preview.total, preview.by_verdict) == (7, {"safe": 3, "needs_mapping": 3, "unsafe": 1})
    assert [one.instance_key for one in preview.instances] == [case.key for case in cases[:4]]
    assert preview.instances[0].findings[0].code == "element_removed"
    rest = office.engine.preview_migration(first, second, limit=4, after=preview.after)
    assert [one.instance_key for one in rest.instances] == [case.key for case in cases[4:]]
    assert rest.after is None
    mapped = office.engine.preview_migration(first, second, {"u2": "u4"})
    assert mapped.by_verdict == {"safe": 3, "needs_mapping": 0, "unsafe": 4}
    assert mapped.instances[0].findings[0].code == "join_would_hang"
    assert office.engine.preview_migration(first, second, instance_keys=[cases[4].key]).total == 1
    assert all(office.engine.instance(case.key).definition_key == first for case in cases)


def test_the_preview_sees_what_only_the_data_of_a_case_tells(office: Office):
    late = f'<boundaryEvent id="late" attachedToRef="u1">{timer("date", "=deadline")}</boundaryEvent>'
    process, first, second = two(office, "s -> u1 -> e", "s -> u1 -> e\nlate -> u2 -> e", "", user("u1") + late)
    good, bad = start(office, process, first, deadline="2027-01-01"), start(office, process, first)
    preview = office.engine.preview_migration(first, second)
    assert [one.verdict for one in preview.instances] == ["safe", "unsafe"]
    assert preview.instances[1].findings[0].code == "cannot_wait"
    migrate(office, good.key, second)
    with pytest.raises(MigrationRefused):
        migrate(office, bad.key, second)


def run_all(office: Office, key: int) -> None:
    while office.engine.run_batch(key):
        pass


def test_a_batch_moves_every_case_it_can_and_keeps_the_sentence_of_those_it_cannot(office: Office, monkeypatch):
    monkeypatch.setattr("engine.commands.migration_batch.AT_ONCE", 2)
    process, first, second = two(office, "s -> u1 -> u2 -> u3 -> e", "s -> u1 -> u3 -> e")
    cases = [start(office, process, first) for _ in range(5)]
    office.complete(cases[1].key, "u1")
    batch = office.engine.start_migration(first, second, actor=OPERATOR, reason="the new rules")
    assert (batch.state, batch.total, batch.pending) == ("created", 5, 5)
    assert office.engine.run_batch(batch.key) is True
    assert office.engine.batch_operation(batch.key).pending == 3
    run_all(office, batch.key)
    done = office.engine.batch_operation(batch.key)
    assert (done.state, done.done, done.failed, done.pending) == ("completed", 4, 1, 0)
    (failed,) = office.engine.batch_items(batch.key, state="failed")
    assert failed.instance_key == cases[1].key
    assert failed.message.startswith("u2 is active, and the new version does not have it.")
    assert office.engine.history(cases[0].key, kinds=("instance_migrated",))[0].actor == "operator"
    assert [b.key for b in office.engine.batch_operations(source_key=first)] == [batch.key]
    with pytest.raises(Conflict, match="is completed already"):
        office.engine.cancel_batch(batch.key, actor=OPERATOR)


def test_a_batch_goes_on_after_a_worker_died_without_moving_anybody_twice(office: Office, monkeypatch):
    process, first, second = two(office, "s -> u1 -> e", "s -> u1 -> u2 -> e")
    cases = [start(office, process, first) for _ in range(3)]
    batch = office.engine.start_migration(first, second, actor=OPERATOR, reason="x")

    def die(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.store.batches.end_item", die)
    with pytest.raises(KeyboardInterrupt):
        office.engine.run_batch(batch.key)
    monkeypatch.undo()
    office.forget()
    assert office.engine.instance(cases[0].key).definition_key == second
    run_all(office, batch.key)
    assert office.engine.batch_operation(batch.key).done == 3
    assert [office.kinds(case.key).count("instance_migrated") for case in cases] == [1, 1, 1]


def test_a_cancelled_batch_leaves_the_rest_where_it_was(office: Office, monkeypatch):
    monkeypatch.setattr("engine.commands.migration_batch.AT_ONCE", 1)
    process, first, second = two(office, "s -> u1 -> e", "s -> u1 -> u2 -> e")
    cases = [start(office, process, first) for _ in range(3)]
    batch = office.engine.start_migration(first, second, actor=OPERATOR, reason="x")
    office.engine.run_batch(batch.key)
    with pytest.raises(NotPermitted):
        office.engine.cancel_batch(batch.key, actor=CLERK)
    stopped = office.engine.cancel_batch(batch.key, actor=OPERATOR)
    assert (stopped.state, stopped.done, stopped.canceled) == ("canceled", 1, 2)
    assert office.engine.run_batch(batch.key) is False
    assert office.engine.instance(cases[2].key).definition_key == first


def test_the_worker_runs_a_batch_from_the_queue(office: Office, monkeypatch):
    monkeypatch.setattr("engine.commands.migration_batch.AT_ONCE", 2)
    process, first, second = two(office, "s -> u1 -> e", "s -> u1 -> u2 -> e")
    cases = [start(office, process, first) for _ in range(5)]
    batch = office.engine.start_migration(first, second, actor=OPERATOR, reason="x", instance_keys=[c.key for c in cases[:4]])
    stop = threading.Event()
    worker = threading.Thread(target=lambda: asyncio.run(effects.work(office.engine, stop)))
    worker.start()
    for _ in range(100):
        if office.engine.batch_operation(batch.key).state == "completed":
            break
        stop.wait(0.1)
    stop.set()
    worker.join()
    assert office.engine.batch_operation(batch.key).done == 4
    assert [office.engine.instance(case.key).definition_key == second for case in cases] == [True] * 4 + [False]


def test_a_batch_without_anybody_is_refused(office: Office):
    _, first, second = two(office, "s -> u1 -> e", "s -> u1 -> u2 -> e")
    with pytest.raises(Conflict, match="nothing to migrate"):
        office.engine.start_migration(first, second, actor=OPERATOR, reason="x")


def test_forms_bound_to_the_deployment_stay_with_the_open_task(office: Office):
    deployed = user("u1").replace('formId="u1"', 'formId="u1" bindingType="deployment"')
    process, first, second = two(office, "s -> u1 -> e", "s -> u1 -> u2 -> e", deployed, deployed)
    case = start(office, process, first)
    old = office.task(case.key).form_key
    migrate(office, case.key, second)
    assert office.task(case.key).form_key == old
    amount = {"type": "number", "id": "a", "key": "amount", "label": "Amount", "validate": {"required": True}}
    office.put(form("u1", amount))
    assert office.complete(case.key, "u1", note="as it was").open_tasks[0].element_id == "u2"
