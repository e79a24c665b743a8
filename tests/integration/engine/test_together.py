"""Many people, many processes, one case."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from engine.commands.repeating import CaseBusy
from engine.errors import TaskClosed
from engine.facade import Database, ProcessEngine
from engine.jobs import effects
from engine.jobs.worker import Worker
from tests.integration.engine.office import CHIEF, CLERK, Office
from tests.support.patience import PATIENCE_S
from tests.support.serving import until
from tests.unit.spiff.diagrams import loop, mapping, service, timer, user


@pytest.fixture
def other(office: Office) -> Iterator[ProcessEngine]:
    """The same office in another process: same database, its own memory."""
    database = Database(office.engine.database.url.render_as_string(hide_password=False))
    yield ProcessEngine(database, clock=office.clock, operations=office.operations, effects=office.effects)
    database.dispose()


def test_of_two_people_on_one_task_one_is_told_it_is_done(office: Office, other: ProcessEngine):
    process = office.deploy("s -> u1 -> u2 -> e")
    for _ in range(10):
        case = office.start(process)
        task = office.task(case.key)
        gate = threading.Barrier(2)

        def hand_in(engine, actor, task=task, gate=gate):
            gate.wait()
            try:
                return engine.complete_task(task.key, {"note": actor.user_id}, actor=actor)
            except TaskClosed as error:
                return error

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(hand_in, (office.engine, other), (CLERK, CHIEF)))
        assert sum(isinstance(answer, TaskClosed) for answer in answers) == 1
        assert office.open(case.key) == ["u2"]


def test_a_double_click_in_two_processes_happens_once_and_both_get_the_answer(office: Office, other: ProcessEngine):
    process = office.deploy("s -> u1 -> u2 -> e")
    for number in range(5):
        gate = threading.Barrier(2)

        def begin(engine, number=number, gate=gate):
            gate.wait()
            return engine.start_process(process, {}, actor=CLERK, command_id=f"begin {process} {number}")

        with ThreadPoolExecutor(2) as pool:
            starts = list(pool.map(begin, (office.engine, other)))
        assert starts[0] == starts[1]
        task = office.task(starts[0].key)

        def click(engine, task=task, gate=gate):
            gate.wait()
            return engine.complete_task(task.key, {}, actor=CLERK, command_id=f"click {task.key}")

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(click, (office.engine, other)))
        assert answers[0] == answers[1]
        assert office.kinds(starts[0].key).count("user_task_completed") == 1


def test_a_parallel_vote_through_two_processes_loses_no_vote(office: Office, other: ProcessEngine):
    voters = [f"v{n}" for n in range(12)]
    vote = user(
        "u1",
        inside=loop("voters", "voter", output="votes = [voter, note]"),
        people='candidateGroups="office"',
        extensions=mapping("out: note <- =note"),
    )
    case = office.start(office.deploy("s -> u1 -> u2 -> e", vote), voters=voters)
    tasks = office.engine.tasks(root_key=case.key).items
    assert len(tasks) == 12

    def cast(pair):
        engine, task = pair
        engine.complete_task(task.key, {"note": "yes"}, actor=CLERK)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(cast, [((office.engine, other)[n % 2], task) for n, task in enumerate(tasks)]))
    assert office.open(case.key) == ["u2"]
    assert sorted(office.value(case.key, "votes")) == sorted([voter, "yes"] for voter in voters)
    assert office.engine.verify(case.key).sound


def test_a_case_goes_back_and_forth_between_processes(office: Office, other: ProcessEngine):
    case = office.start(office.deploy("s -> x -> u1 -> x2\nx2 -> x : =again\nx2 -> e : default"), again=True)
    for number in range(12):
        engine = (office.engine, other)[number % 2]
        engine.complete_task(engine.tasks(root_key=case.key).items[0].key, {"note": str(number)}, actor=CLERK)
    assert [e.data["values"]["note"] for e in office.engine.history(case.key, kinds=("user_task_completed",))] == [
        str(number) for number in range(12)
    ]
    assert office.engine.verify(case.key).sound


def test_who_waits_too_long_for_a_case_is_told_so_in_a_sentence(office: Office):
    case = office.start(office.deploy("s -> u1 -> e"))
    task = office.task(case.key)
    with psycopg.connect(office.engine.database.conninfo) as holder:
        holder.execute("select 1 from instance_state where root_key = %s for update", (case.key,))
        quick = Database(office.engine.database.url.render_as_string(hide_password=False))
        with quick.engine.connect() as connection:
            connection.exec_driver_sql("set lock_timeout = '100ms'")
            connection.commit()
        with pytest.raises(CaseBusy):
            ProcessEngine(quick, clock=office.clock).complete_task(task.key, {}, actor=CLERK)
        quick.dispose()
    office.complete(case.key)


def test_an_error_in_the_middle_leaves_memory_and_database_as_they_were(office: Office, monkeypatch):
    case = office.start(office.deploy("s -> u1 -> u2 -> e"))
    task = office.task(case.key)
    with monkeypatch.context() as patch:
        patch.setattr("engine.store.cases.add_changes", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            office.engine.complete_task(task.key, {"note": "lost"}, actor=CLERK)
    assert office.open(case.key) == ["u1"]
    office.complete(case.key, "u1", note="kept")
    assert [e.data["values"] for e in office.engine.history(case.key, kinds=("user_task_completed",))] == [{"note": "kept"}]


def test_an_operation_caught_in_a_deadlock_is_done_again_with_its_whole_command(office: Office):
    from sqlalchemy import text

    tries = []

    def work(call):
        tries.append(call.element_id)
        if len(tries) < 3:
            call.session.execute(text("do $$ begin raise exception 'deadlock' using errcode = '40P01'; end $$"))
        return {}

    office.operations["paint"] = work
    case = office.start(office.deploy("s -> w -> u1 -> e", service("w", "paint")))
    assert (len(tries), office.open(case.key)) == (3, ["u1"])
    assert office.engine.incidents(root_key=case.key).items == ()


def test_a_lost_connection_is_replaced_by_a_new_one(office: Office, monkeypatch):
    case = office.start(office.deploy("s -> u1 -> e"))
    with psycopg.connect(office.engine.database.conninfo, autocommit=True) as admin:
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        )
    monkeypatch.setattr("engine.store.database.IDLE_S", 0)
    office.complete(case.key)


def test_the_worker_runs_effects_timers_and_stops_when_told(office: Office, monkeypatch):
    sent: list[str] = []
    fails = ["once"]

    def mail(payload, key):
        if fails:
            fails.pop()
            raise ConnectionError("down")
        sent.append(payload["to"])

    office.effects["mail"] = mail
    wait = f'<intermediateCatchEvent id="wait">{timer("duration", "PT0S")}</intermediateCatchEvent>'
    process = office.deploy("s -> wait -> w -> u1 -> e", wait + service("w", "mail", mapping("in: to <- =whom")))
    monkeypatch.setattr("engine.commands.run_effect.FIRST_PAUSE", dt.timedelta(seconds=0.2))
    stop = threading.Event()
    worker = threading.Thread(target=Worker(office.engine).run, args=(stop,))
    worker.start()
    try:
        cases = [office.start(process, whom=f"p{n}") for n in range(3)]
        until(lambda: all(office.open(case.key) == ["u1"] for case in cases), "every case to reach u1")
    finally:
        stop.set()
        worker.join(timeout=PATIENCE_S)
    assert not worker.is_alive()
    assert sorted(sent) == ["p0", "p1", "p2"]


def test_the_jobs_of_a_dead_worker_are_taken_over(office: Office):
    office.effects["mail"] = lambda _payload, _key: None
    case = office.start(office.deploy("s -> w -> u1 -> e", service("w", "mail")))
    with psycopg.connect(office.engine.database.conninfo) as connection:
        connection.execute(
            "with dead as (insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 hour') returning id) "
            "update procrastinate_jobs set status = 'doing', worker_id = (select id from dead) where status = 'todo'"
        )

    async def sweep() -> int:
        app = effects.application(office.engine)
        async with app.open_async():
            return await effects.take_over(app)

    with ThreadPoolExecutor(1) as own_thread:  # the browser tests of the same process keep a loop in the main one
        assert own_thread.submit(lambda: asyncio.run(sweep())).result() >= 1
    stop = threading.Event()
    worker = threading.Thread(target=Worker(office.engine).run, args=(stop,))
    worker.start()
    try:
        until(lambda: office.open(case.key) == ["u1"], "the job to be taken over")
    finally:
        stop.set()
        worker.join(timeout=PATIENCE_S)
