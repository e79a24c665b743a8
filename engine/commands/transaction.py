"""One command on one case, as one transaction: lock, run, keep, commit once.

Whatever goes wrong, the transaction is rolled back, and a case that may be half changed in memory is dropped with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from engine.commands import ahead, answers
from engine.commands.answers import Command
from engine.commands.given_up import remembering
from engine.commands.host import CaseHost
from engine.commands.live import OVER, LiveCase
from engine.commands.observing import observing, on_instance
from engine.commands.repeating import CaseBusy, repeated
from engine.commands.step import Step
from engine.commands.workshop import Workshop
from engine.errors import EngineError, NotFound
from engine.model import Actor, Definition
from engine.spiff import Execution
from engine.store import cases, command_log, definitions
from engine.store.case import Case
from engine.store.chain import Head
from engine.store.recorder import Recorder
from engine.store.unit_of_work import UnitOfWork

Answer = TypeVar("Answer")

RESUME = "resume_instance"  # the one command on a suspended case
KINDS = {
    cases.BY_ROOT: "Process instance",
    cases.BY_INSTANCE: "Process instance",
    cases.BY_TASK: "Task",
    cases.BY_ELEMENT: "Element instance",
    cases.BY_JOB: "Job",
    cases.BY_INCIDENT: "Incident",
}


@dataclass(frozen=True)
class Done(Generic[Answer]):
    """The answer, and what was recorded on the way (None when the command had happened before)."""

    answer: Answer
    recorder: Recorder | None


@dataclass(frozen=True)
class Start:
    """A case to be started. ``element_id`` names a message, timer or signal start event."""

    definition: Definition
    variables: Mapping[str, Any]
    business_key: str = ""
    element_id: str | None = None
    message: str | None = None  # "name\ncorrelation key" of the message that starts it


def on_case(
    workshop: Workshop,
    by: str,
    key: int,
    work: Callable[[Step], Answer],
    *,
    actor: Actor,
    command: Command,
    wait: bool = True,
    now: dt.datetime | None = None,
) -> Done[Answer]:
    """Do ``work`` on the case that ``by`` and ``key`` name; ahead of the lock where memory has the case, else under it.

    Raises NotFound, CaseBusy, OutcomeUnknown and what ``work`` raises.
    """
    tried: ahead.Tried[Answer] | None = None

    def attempt() -> Done[Answer]:
        with workshop.database.unit_of_work() as uow:
            locked = cases.lock(uow, by, key, command.id, wait=wait)
            if locked is None:
                raise NotFound(kind=KINDS[by], key=key) if wait else CaseBusy
            if tried is not None and tried.became(locked):
                return Done(tried.answer, tried.recorder)
            if locked.answer is not None:
                return Done(answers.again(locked.answer, command), None)
            live, step = _prepare(workshop, uow, locked, actor, now)
            answer = _worked(workshop, live, step, work, command)
            if step.touched:
                step.save(command, answer)
                uow.commit()
        workshop.cases.give_back(live)
        return Done(answer, step.recorder)

    with observing(workshop.watch, command, actor), remembering():
        tried = ahead.on_known_case(workshop, by, key, work, actor=actor, command=command, now=now, wait=wait)
        if tried is not None and tried.is_done:
            return Done(tried.answer, tried.recorder)
        return repeated(workshop.database, attempt)


def new_case(
    workshop: Workshop,
    start: Callable[[UnitOfWork, int], Start],
    work: Callable[[Step], Answer],
    *,
    actor: Actor,
    command: Command,
    now: dt.datetime | None = None,
) -> Done[Answer]:
    """Start a case; ``start`` finds out which, given the transaction and the generation of definitions."""

    def begin(uow: UnitOfWork, generation: int) -> tuple[LiveCase, Step]:
        return _begin(workshop, uow, start(uow, generation), generation, actor, now)

    def attempt() -> Done[Answer]:
        with workshop.database.unit_of_work() as uow:
            if command.id is not None:
                kept = command_log.claim(uow, command.id, command.kind, command.target, actor.user_id)
                if kept is not None:
                    return Done(answers.again(kept, command), None)
            generation = definitions.generation(uow.session)
            workshop.catalogue.hear(generation)
            live, step = begin(uow, generation)
            answer = work(step)
            step.save(Command(command.kind, command.target), answer)
            if command.id is not None:
                command_log.keep(uow, answers.row(command, actor, step.recorder.at, answer))
            uow.commit()
        workshop.cases.give_back(live)
        return Done(answer, step.recorder)

    with observing(workshop.watch, command, actor), remembering():
        tried = ahead.on_new_case(workshop, begin, work, command)
        return Done(tried.answer, tried.recorder) if tried is not None else repeated(workshop.database, attempt)


def _prepare(
    workshop: Workshop, uow: UnitOfWork, locked: cases.Locked, actor: Actor, now: dt.datetime | None
) -> tuple[LiveCase, Step]:
    on_instance(locked.root_key)
    workshop.catalogue.hear(locked.generation)
    live = workshop.cases.take(locked.root_key, locked.version)
    case, snapshot = (live.case, b"") if live else cases.read(uow, locked)
    step = Step(workshop, uow, case, actor=actor, now=now or workshop.clock.now(), generation=locked.generation)
    if live is None:
        host = CaseHost(workshop)
        host.step = step
        over = case.state in OVER
        live = LiveCase(case, host, None if over else Execution.load(host, snapshot))
    live.host.step = step
    step.attach(live.execution)
    return live, step


def _worked(workshop: Workshop, live: LiveCase, step: Step, work: Callable[[Step], Answer], command: Command) -> Answer:
    try:
        if command.kind != RESUME:
            step.require_awake()
        return work(step)
    except EngineError:
        if not step.touched:
            workshop.cases.give_back(live)
        raise


def _begin(
    workshop: Workshop, uow: UnitOfWork, start: Start, generation: int, actor: Actor, now: dt.datetime | None
) -> tuple[LiveCase, Step]:
    case = Case(
        root_key=uow.new_key(),
        version=0,
        head=Head(0, ""),
        business_key=start.business_key,
        process_id=start.definition.id,
        started_by=actor.user_id,
        started_by_message=start.message,
    )
    on_instance(case.root_key)
    step = Step(workshop, uow, case, actor=actor, now=now or workshop.clock.now(), generation=generation)
    host = CaseHost(workshop)
    host.step, host.first_key = step, case.root_key
    step.touched = True
    execution = Execution.start(host, start.definition.key, start.variables, start_element=start.element_id)
    assert execution.root_key == case.root_key
    step.attach(execution)
    return LiveCase(case, host, execution), step
