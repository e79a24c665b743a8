"""Commands are worked out on what memory knows and written on condition that it is so: nothing may rest on memory alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from engine.errors import NotPermitted, TaskClosed
from engine.facade import Database, ProcessEngine
from engine.store import direct
from engine.store.unit_of_work import OutcomeUnknown
from tests.integration.engine.office import CHIEF, CLERK, DESIGNER, STRANGER, Office, form
from tests.support.patience import PATIENCE_S


@pytest.fixture
def other(office: Office) -> Iterator[ProcessEngine]:
    """The same office in another process: same database, its own memory."""
    database = Database(office.engine.database.url.render_as_string(hide_password=False))
    yield ProcessEngine(database, clock=office.clock, operations=office.operations, effects=office.effects)
    database.dispose()


@pytest.fixture
def warm(office: Office) -> int:
    """A case of three steps that memory holds, of a process that has been used before."""
    process = office.deploy("s -> u1 -> u2 -> u3 -> e")
    before = office.start(process).key
    for _ in range(3):
        office.complete(before)
    case = office.start(process)
    office.engine.claim_task(office.task(case.key).key, actor=CLERK)
    return case.key


def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is sent as a transaction by itself."""
    sent: list[str] = []
    run = direct.Direct.run

    def told(self, text, values):
        sent.append(text)
        return run(self, text, values)

    monkeypatch.setattr(direct.Direct, "run", told)
    return sent


def test_a_step_of_a_case_in_memory_is_one_statement(office: Office, warm: int, monkeypatch: pytest.MonkeyPatch):
    sent = statements(monkeypatch)
    monkeypatch.setattr("engine.store.unit_of_work.UnitOfWork.connection", None)  # no other connection is asked for
    task = office.engine._workshop.cases._cases[warm].case.tasks
    office.engine.complete_task(next(iter(task)), {"note": "x"}, actor=CLERK)
    assert len(sent) == 1
    assert sent[0].startswith("with mine(root) as (update instance_state set version = version + 1")


def test_what_another_process_did_since_is_seen(office: Office, other: ProcessEngine, warm: int):
    first = office.task(warm)
    other.complete_task(first.key, {"note": "theirs"}, actor=CLERK)
    with pytest.raises(TaskClosed):
        office.engine.complete_task(first.key, {"note": "mine"}, actor=CLERK)
    office.complete(warm, "u2", note="mine")
    other.complete_task(office.task(warm, "u3").key, {"note": "theirs"}, actor=CLERK)
    noted = [e.data["values"]["note"] for e in office.engine.history(warm, kinds=("user_task_completed",))]
    assert noted == ["theirs", "mine", "theirs"]
    assert office.engine.verify(warm).sound
    assert office.engine.instance(warm).state == "completed"


def test_nobody_is_refused_because_memory_is_behind(office: Office, other: ProcessEngine, warm: int):
    task = office.task(warm)
    with pytest.raises(NotPermitted):
        office.engine.complete_task(task.key, {}, actor=CHIEF)
    other.unclaim_task(task.key, actor=CLERK)
    office.engine.complete_task(task.key, {"note": "free again"}, actor=CHIEF)
    with pytest.raises(NotPermitted):
        office.engine.complete_task(office.task(warm).key, {}, actor=STRANGER)
    assert office.open(warm) == ["u2"]


def test_what_was_deployed_elsewhere_meanwhile_counts(office: Office, other: ProcessEngine, warm: int):
    newer = {"type": "textfield", "id": "f", "key": "remark", "label": "Remark"}
    deployed = other.deploy([form("u2", newer)], actor=DESIGNER)
    office.complete(warm, "u1", note="x")
    assert office.task(warm, "u2").form_key == deployed.definitions[0].key
    other.deploy([form("u3", newer)], actor=DESIGNER)
    office.complete(warm, "u2", remark="y")
    assert office.task(warm, "u3").form_key > deployed.definitions[0].key
    assert office.value(warm, "remark") == "y"


def test_a_process_deployed_elsewhere_is_started_in_its_new_version(office: Office, other: ProcessEngine):
    process = office.deploy("s -> u1 -> e")
    office.start(process)
    Office.deploy(_at(office, other), "s -> u2 -> e", process_id=process)
    assert office.open(office.start(process).key) == ["u2"]


def _at(office: Office, engine: ProcessEngine) -> Office:
    twin = Office.__new__(Office)
    twin.__dict__.update(office.__dict__, engine=engine)
    return twin


def test_when_one_part_of_the_write_fails_nothing_of_it_is_left(office: Office, warm: int, monkeypatch: pytest.MonkeyPatch):
    from engine.store import cases

    add_changes = cases.add_changes

    def spoiled(statement, changes, at):
        add_changes(statement, changes, at)
        statement.insert_one("command_log", {"command_id": None, "kind": "x", "target": "x", "actor": "x"})

    before = counts(office)
    with monkeypatch.context() as patch:
        patch.setattr(cases, "add_changes", spoiled)
        with pytest.raises(psycopg.errors.NotNullViolation):
            office.complete(warm, "u1", note="lost")
    assert counts(office) == before
    office.complete(warm, "u1", note="kept")
    assert office.value(warm, "note") == "kept"
    assert office.engine.verify(warm).sound


def counts(office: Office) -> list[tuple]:
    tables = ("history_record", "element_instance", "user_task", "variable", "command_log")
    asked = " union all ".join(f"select '{name}', count(*) from {name}" for name in tables)
    state = "select root_key::text, version from instance_state"
    with psycopg.connect(office.engine.database.conninfo) as connection:
        return sorted(connection.execute(f"{asked} union all {state}").fetchall())


def break_once(monkeypatch: pytest.MonkeyPatch, *, done: bool) -> list[str]:
    """The next statement loses its connection before it is answered, done or not."""
    run, broken = direct.Direct.run, []

    def breaking(self, text, values):
        if broken or not text.startswith("with mine"):
            return run(self, text, values)
        broken.append(text)
        if done:
            run(self, text, values)
        raise direct.Unanswered("the connection broke")

    monkeypatch.setattr(direct.Direct, "run", breaking)
    return broken


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("command_id", [None, "an id"])
def test_a_broken_connection_is_settled_under_the_lock(
    office: Office, warm: int, monkeypatch: pytest.MonkeyPatch, done: bool, command_id: str | None
):
    task = office.task(warm)
    broken = break_once(monkeypatch, done=done)
    command_id = command_id and f"{command_id} {task.key}"
    result = office.engine.complete_task(task.key, {"note": "once"}, actor=CLERK, command_id=command_id)
    assert broken
    assert [open_task.element_id for open_task in result.open_tasks] == ["u2"] == office.open(warm)
    assert office.kinds(warm).count("user_task_completed") == 1
    office.complete(warm, "u2")
    assert office.engine.verify(warm).sound


@pytest.mark.parametrize("done", [True, False])
def test_a_start_that_was_not_answered_is_told_so_or_settled_by_its_id(
    office: Office, monkeypatch: pytest.MonkeyPatch, done: bool
):
    process = office.deploy("s -> u1 -> e")
    office.start(process)
    break_once(monkeypatch, done=done)
    with pytest.raises(OutcomeUnknown):
        office.start(process, business_key=f"unknown {done}")
    assert len(office.engine.instances(business_key=f"unknown {done}")) == int(done)
    monkeypatch.undo()
    break_once(monkeypatch, done=done)
    key = f"known {process}"
    begun = office.engine.start_process(process, {}, actor=CLERK, business_key=key, command_id=key)
    assert [one.key for one in office.engine.instances(business_key=key)] == [begun.key]


def test_a_case_somebody_else_has_in_hand_is_waited_for(office: Office, warm: int):
    task = office.task(warm)
    holder = psycopg.connect(office.engine.database.conninfo)
    holder.execute("select 1 from instance_state where root_key = %s for update", (warm,))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(office.engine.complete_task, task.key, {"note": "x"}, actor=CLERK)
        time.sleep(0.3)
        assert not waiting.done()
        holder.rollback()
        assert waiting.result(timeout=PATIENCE_S).open_tasks[0].element_id == "u2"
    holder.close()


def test_an_operation_of_a_case_in_memory_finds_it_locked(office: Office, warm: int):
    from tests.unit.spiff.diagrams import service

    locked = []

    def look(call):
        with psycopg.connect(office.engine.database.conninfo) as beside:
            free = "select 1 from instance_state where root_key = %s for update skip locked"
            locked.append(beside.execute(free, (call.root_instance_key,)).fetchone() is None)
        return {}

    office.operations["look"] = look
    case = office.start(office.deploy("s -> u1 -> w -> u2 -> e", service("w", "look")))
    office.complete(case.key, "u1")
    assert locked == [True]
    assert office.open(case.key) == ["u2"]


def test_without_a_free_connection_of_its_own_a_command_uses_the_pool(office: Office, warm: int, monkeypatch: pytest.MonkeyPatch):
    task = office.task(warm)
    office.engine.database._direct.close()
    monkeypatch.setattr(direct, "AT_ONCE", 0)
    assert office.engine.complete_task(task.key, {"note": "x"}, actor=CLERK).open_tasks[0].element_id == "u2"
    assert office.engine.verify(warm).sound


def test_a_text_with_a_nul_is_refused_and_never_cut_short(office: Office):
    process = office.deploy("s -> u1 -> e")
    office.start(process)
    with pytest.raises(psycopg.DataError):
        office.start(process, business_key="whole\x00half")
    assert office.engine.instances(business_key="whole").total == 0
    case = office.start(process, said="whole\x00half")
    assert office.value(case.key, "said") == "whole\x00half"


def test_many_threads_of_one_process_on_one_case_do_each_thing_once(office: Office):
    from tests.unit.spiff.diagrams import loop, user

    voters = [f"v{n}" for n in range(16)]
    vote = user("u1", inside=loop("voters", "voter"), people='candidateGroups="office"')
    case = office.start(office.deploy("s -> u1 -> u2 -> e", vote), voters=voters)
    tasks = office.engine.tasks(root_key=case.key, limit=None).items
    gate = threading.Barrier(8)

    def work(mine):
        gate.wait()
        for task in mine:
            office.engine.complete_task(task.key, {"note": "x"}, actor=CLERK)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, [tasks[n::8] for n in range(8)]))
    assert office.open(case.key) == ["u2"]
    assert office.kinds(case.key).count("user_task_completed") == 16
    assert office.engine.verify(case.key).sound
