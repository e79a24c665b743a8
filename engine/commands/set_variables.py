"""Change variables of a running case by hand. A repair: the history says who did it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.answers import Command
from engine.commands.complete_task import storable
from engine.commands.running import in_case
from engine.commands.step import Step
from engine.commands.workshop import Workshop
from engine.errors import NotFound
from engine.model import Actor
from engine.store import cases


def set_variables(
    workshop: Workshop,
    scope_key: int,
    variables: Mapping[str, Any],
    *,
    actor: Actor,
    local: bool = False,
    reason: str = "",
) -> None:
    """``scope_key``: an instance or a live element. Without ``local`` each goes to the nearest scope that has its name.

    Raises NotFound, NotPermitted, Conflict when the element has ended, InvalidInput for what is not JSON.
    """
    workshop.duties.require_operator(actor)
    values = storable(variables)

    def work(step: Step) -> None:
        step.note("variables_set", {"variables": values, "local": local, "reason": reason}, element_key=scope_key)
        step.execution.set_variables(scope_key, values, local=local)

    command = Command("set_variables", str(scope_key))
    try:
        in_case(workshop, cases.BY_INSTANCE, scope_key, work, actor=actor, command=command)
    except NotFound:
        in_case(workshop, cases.BY_ELEMENT, scope_key, work, actor=actor, command=command)
