"""Let a whole case stand still, and go on.

While it is suspended every other command on it is refused with who did it, when and why. What comes from outside is not
lost: due timers fire when it is resumed, messages stay buffered for as long as they live (and are refused to who wants an
answer at once), signals are kept, jobs are not handed out, and what a worker brings back is refused until then.
"""

from __future__ import annotations

from dataclasses import replace

from engine.commands.answers import Command
from engine.commands.running import in_case
from engine.commands.step import Step
from engine.commands.transaction import RESUME
from engine.commands.workshop import Workshop
from engine.errors import Conflict, FieldError, InvalidInput
from engine.model import Actor, CommandResult
from engine.store import cases, suspension, timers
from engine.store.case import Suspension


class NotSuspended(Conflict):
    """Process instance {instance} is not suspended. Reload to see the present state."""


def suspend_instance(
    workshop: Workshop, instance_key: int, *, actor: Actor, reason: str, command_id: str | None = None
) -> CommandResult:
    """The case ``instance_key`` belongs to. Raises NotFound, NotPermitted, InvalidInput, InstanceEnded, InstanceSuspended."""
    workshop.duties.require_operator(actor)
    require_reason(reason)

    def work(step: Step) -> CommandResult:
        _ = step.execution  # a case that has ended has nothing to suspend
        step.note("instance_suspended", {"reason": reason})
        suspension.suspend(step.uow, step.case.root_key)
        _mark(step, Suspension(step.now, actor.user_id, reason))
        return step.result()

    command = Command("suspend_instance", str(instance_key), command_id)
    return in_case(workshop, cases.BY_INSTANCE, instance_key, work, actor=actor, command=command)


def resume_instance(
    workshop: Workshop, instance_key: int, *, actor: Actor, reason: str, command_id: str | None = None
) -> CommandResult:
    """What came meanwhile is delivered now. Raises NotFound, NotPermitted, InvalidInput, NotSuspended."""
    workshop.duties.require_operator(actor)
    require_reason(reason)

    def work(step: Step) -> CommandResult:
        was = step.case.suspension
        if was is None:
            raise NotSuspended(instance=instance_key)
        step.note("instance_resumed", {"reason": reason, "suspended_by": was.by, "suspended_at": was.at.isoformat()})
        failed = [one.element_key for one in step.case.incidents.values() if one.kind == timers.FAILED]
        suspension.resume(step.uow, step.case.root_key, failed)
        _mark(step, None)
        _catch_up(step)
        return step.result()

    command = Command(RESUME, str(instance_key), command_id)
    return in_case(workshop, cases.BY_INSTANCE, instance_key, work, actor=actor, command=command)


def require_reason(reason: str) -> None:
    """Raises InvalidInput."""
    if not reason.strip():
        raise InvalidInput(fields=(FieldError("reason", "Say why: it is kept in the history of the case."),))


def _mark(step: Step, state: Suspension | None) -> None:
    """On every running instance, so that each shows it; and on the tasks in memory, as their rows are."""
    step.case.suspension = state
    step.case.tasks = {key: replace(task, suspended=state is not None) for key, task in step.case.tasks.items()}
    for key in step.case.instances:
        step.recorder.changes.instances.change(
            key,
            suspended_at=None if state is None else step.recorder.at,
            suspended_by=None if state is None else state.by,
            suspended_reason=None if state is None else state.reason,
        )


def _catch_up(step: Step) -> None:
    """Messages and signals that came meanwhile are delivered after the commit, effects are run by the worker."""
    uow, root_key, recorder = step.uow, step.case.root_key, step.recorder
    recorder.awaited += suspension.awaited_messages(uow, root_key)
    recorder.signal_deliveries += suspension.kept_signals(uow, root_key)
    recorder.effect_jobs += suspension.open_effects(uow, root_key)
