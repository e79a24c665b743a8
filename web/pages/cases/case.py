"""Everything the case pages share about one case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, url_for

from engine.errors import NotFound
from engine.model import Comparisons, ProcessInstance, UserTask
from procurement.registers.purchases import STEPS
from web.auth.people import me
from web.pages.cases import sight
from web.pages.services import engine, office
from web.pages.words import STEP_NAMES


@dataclass(frozen=True)
class Case:
    """``purchase`` or ``matter`` is the register's row; ``root`` the running process; ``instances`` root first, then the called ones."""

    number: str
    root: ProcessInstance
    instances: tuple[ProcessInstance, ...]
    tasks: tuple[UserTask, ...]
    purchase: Any = None
    matter: Any = None

    @property
    def frame(self) -> str:
        """The template its pages extend."""
        return "matters/frame.html" if self.matter else "case/frame.html"

    def address(self, page: str, **arguments: Any) -> str:
        """Of one of its pages: show, diagram, history, …"""
        return url_for(f"{'matters' if self.matter else 'cases'}.{page}", number=self.number, **arguments)

    @property
    def definitions(self) -> dict[int, int]:
        """Definition key by instance key."""
        return {instance.key: instance.definition_key for instance in self.instances}


@dataclass(frozen=True)
class Step:
    """``state`` is done, now, bad (an incident), stopped (ended before its end) or todo."""

    name: str
    state: str
    began: Any
    ended: Any


def load(number: str) -> Case:
    """Raises NotFound, also for whoever may not see it."""
    sight.require(number)
    g.secret_people = office().panels.secret_logins(number, actor=me().actor)  # names of a panel, before the result
    purchase = office().purchases.get(number)
    if purchase.process_key is None:
        raise NotFound(kind="Process instance", key=number)
    return Case(number, *running(purchase.process_key), purchase=purchase)


def load_matter(number: str) -> Case:
    """Raises NotFound, also for whoever may not see it."""
    matter = office().matters.get(number, actor=me().actor)
    if matter.process_key is None:
        raise NotFound(kind="Process instance", key=number)
    return Case(number, *running(matter.process_key), matter=matter)


def running(root_key: int) -> tuple[ProcessInstance, tuple[ProcessInstance, ...], tuple[UserTask, ...]]:
    """The root, all instances (root first, then as they began) and the open tasks (by due date)."""
    root = engine().instance(root_key)
    instances = engine().instances(root_key=root_key, limit=200).items
    called = sorted((i for i in instances if i.key != root_key), key=lambda i: (i.started_at, i.key))
    return root, (root, *called), engine().tasks(root_key=root_key, order="due", limit=100).items


def steps(case: Case) -> list[Step]:
    """The six steps as the case's own call activities stand; rounds of the same step count as one."""
    states: dict[str, Any] = {}
    own = engine().elements(instance_key=case.root.key, root_key=case.root.key, element_id=Comparisons((("in", STEPS),)))
    for element in own:
        states[element.element_id] = element
    found = []
    for step in STEPS:
        element = states.get(step)
        began, ended = (element.started_at, element.ended_at) if element else (None, None)
        found.append(Step(str(STEP_NAMES[step]), _state(element), began, ended))
    return found


def _state(element: Any) -> str:
    if element is None:
        return "todo"
    return {"active": "now", "incident": "bad", "completed": "done", "terminated": "stopped"}[element.state]
