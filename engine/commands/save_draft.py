"""Keep what somebody has typed so far, unchecked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.complete_task import storable
from engine.commands.workshop import Workshop
from engine.errors import NotFound, TaskClosed
from engine.model import Actor
from engine.store import cases, drafts


def save_draft(workshop: Workshop, task_key: int, values: Mapping[str, Any], *, actor: Actor) -> None:
    """Raises NotFound, NotPermitted, TaskClosed, InvalidInput for what is not JSON."""
    with workshop.database.unit_of_work() as uow:
        task = cases.read_task(uow, task_key)
        if task is None:
            raise NotFound(kind="Task", key=task_key)
        if task.state != "created":
            raise TaskClosed(task=task_key, state=task.state)
        workshop.duties.require_worker_on(actor, task)
        drafts.keep(uow, task_key, task.root_key, actor.user_id, storable(values), workshop.clock.now())
        uow.commit()
