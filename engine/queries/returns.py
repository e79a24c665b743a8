"""To which earlier steps a task can be sent back, and what could be kept on the way back here."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import EarlierStep, ReturnTarget, UserTask
from engine.queries.migration import ReadingHost
from engine.spiff import Execution, WayBack
from engine.store import returns
from engine.store.returns import Completed
from engine.store.tables import instance_state


def return_targets(session: Session, host: ReadingHost, task: UserTask) -> tuple[ReturnTarget, ...]:
    """The step completed last comes first. Empty for a task that is not open."""
    if task.state != "created":
        return ()
    snapshot = session.execute(select(instance_state.c.snapshot).where(instance_state.c.root_key == task.root_key)).scalar_one()
    ways = Execution.load(host, bytes(snapshot)).ways_back(task.key)  # type: ignore[arg-type]  # only what loading needs
    known: dict[int, list[Completed]] = {}
    found = []
    for way in ways:
        if way.scope_key not in known:
            known[way.scope_key] = returns.completed_in(session, task.root_key, way.scope_key)
        target = _target(known[way.scope_key], way)
        if target is not None:
            found.append(target)
    return tuple(sorted(found, key=lambda one: one.completed_at, reverse=True))


def _target(done: list[Completed], way: WayBack) -> ReturnTarget | None:
    own = [one for one in done if one.place == way.element_id]
    if not own:  # skipped by hand: nobody could be asked to do it again
        return None
    last = own[-1]
    steps: dict[str, list[Completed]] = {}
    for one in returns.between(done, way.element_id, way.comes_again):
        steps.setdefault(one.element_id, []).append(one)
    between = tuple(EarlierStep(element_id, several[-1].name, _people(several)) for element_id, several in steps.items())
    return ReturnTarget(last.element_id, last.name, last.completed_by, last.completed_at, between)


def _people(several: list[Completed]) -> str | None:
    """All who completed it, for a task that several did."""
    return ", ".join(dict.fromkeys(one.completed_by for one in several if one.completed_by)) or None
