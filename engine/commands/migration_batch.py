"""Move many instances to another version: a job of the worker, each instance in a transaction of its own.

Every move carries a command id made of the batch and the instance, so that a worker that died after a move and before it
was counted does not move twice. One that is refused keeps the sentence; the others go on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

import structlog

from engine.commands.migrate_instance import MigrationRefused, migrate_instance, versions
from engine.commands.repeating import CaseBusy
from engine.commands.suspend_instance import require_reason
from engine.commands.workshop import Workshop
from engine.errors import Conflict, EngineError, NotFound
from engine.model import Actor
from engine.store import batches, queue
from engine.store.batches import Batch

log = structlog.get_logger(__name__)

AT_ONCE = 25  # in one job of the queue, so that a worker can stop in between
BUSY_PAUSE = dt.timedelta(seconds=3)


class NothingRuns(Conflict):
    """No instance runs in that version any more, so there is nothing to migrate."""


class BatchOver(Conflict):
    """Batch {batch} is {state} already. Nothing was changed."""


def start_migration(
    workshop: Workshop,
    source_key: int,
    target_key: int,
    mapping: Mapping[str, str],
    *,
    actor: Actor,
    reason: str,
    instance_keys: Collection[int] | None = None,
) -> int:
    """The key of the batch; the worker does it. Raises NotFound, NotPermitted, InvalidInput, NothingRuns."""
    workshop.duties.require_operator(actor)
    require_reason(reason)
    with workshop.database.unit_of_work() as uow:
        versions(workshop, uow, source_key, target_key, mapping)
        now, by = workshop.clock.now(), actor.user_id
        key, total = batches.begin(
            uow, "migration", source_key, target_key, mapping, reason=reason, by=by, at=now, instance_keys=instance_keys
        )
        if not total:
            raise NothingRuns
        queue.enqueue_batch(uow, key)
        uow.commit()
    return key


def run_batch(workshop: Workshop, key: int) -> bool:
    """Some more of it; True when there is more to do, which is in the queue then."""
    batch = _started(workshop, key)
    if batch is None:
        return False
    last, busy = 0, 0
    for _ in range(AT_ONCE):
        with workshop.database.unit_of_work() as uow:
            found = batches.find(uow, key)
            waiting = batches.pending(uow, key, last, 1) if found is not None and found.state == "running" else []
        if not waiting:
            break
        last = waiting[0]
        busy += 0 if _one(workshop, batch, last) else 1
    return _more(workshop, key, wait=busy > 0)


def cancel_batch(workshop: Workshop, key: int, *, actor: Actor) -> None:
    """What was moved stays moved. Raises NotFound, NotPermitted, BatchOver."""
    workshop.duties.require_operator(actor)
    with workshop.database.unit_of_work() as uow:
        batch = batches.find(uow, key, lock=True)
        if batch is None:
            raise NotFound(kind="Batch", key=key)
        if batch.state not in {"created", "running"}:
            raise BatchOver(batch=key, state=batch.state)
        now = workshop.clock.now()
        batches.cancel_pending(uow, key, now)
        batches.set_state(uow, key, "canceled", now)
        uow.commit()


def _started(workshop: Workshop, key: int) -> Batch | None:
    with workshop.database.unit_of_work() as uow:
        batch = batches.find(uow, key, lock=True)
        if batch is None or batch.state not in {"created", "running"}:
            return None
        batches.set_state(uow, key, "running")
        uow.commit()
    return batch


def _one(workshop: Workshop, batch: Batch, instance_key: int) -> bool:
    """False when the case is busy: it is tried again later."""
    actor = Actor(batch.started_by, system=True)  # what they may do was asked when they started it
    command_id = f"batch {batch.key} {instance_key}"
    failed: tuple[str, dict[str, object]] = ("", {})
    try:
        migrate_instance(
            workshop, instance_key, batch.target_key, batch.mapping, actor=actor, reason=batch.reason, command_id=command_id
        )
    except CaseBusy:
        return False
    except MigrationRefused as error:
        first = next(finding for finding in error.findings if finding.level != "note")
        failed = (first.template, first.params)
    except EngineError as error:
        failed = (error.template, error.ids)
    except Exception as error:  # whatever is wrong with one instance, the batch goes on with the next
        log.exception("migration_broke", batch=batch.key, instance=instance_key)
        failed = ("The migration broke: {cause}", {"cause": f"{type(error).__name__}: {error}"})
    with workshop.database.unit_of_work() as uow:
        state = "failed" if failed[0] else "done"
        params = {name: value if isinstance(value, (str, int)) else str(value) for name, value in failed[1].items()}
        batches.end_item(uow, batch.key, instance_key, state, workshop.clock.now(), failed[0], params)
        uow.commit()
    return True


def _more(workshop: Workshop, key: int, *, wait: bool) -> bool:
    with workshop.database.unit_of_work() as uow:
        batch = batches.find(uow, key, lock=True)
        if batch is None or batch.state != "running":
            return False
        more = bool(batches.pending(uow, key, 0, 1))
        if more:
            queue.enqueue_batch(uow, key, at=dt.datetime.now(dt.UTC) + BUSY_PAUSE if wait else None)
        else:
            batches.set_state(uow, key, "completed", workshop.clock.now())
        uow.commit()
    return more
