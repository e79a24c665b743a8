"""What the steps of a case do to its run."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from engine.errors import NotFound
from engine.sandbox.case import Step
from engine.sandbox.case_values import moment
from engine.sandbox.limits import Stopped
from engine.sandbox.played import Awaited, Job, Task
from engine.sandbox.run import Run
from engine.sandbox.stand_ins import STUB

DURATION = re.compile(r"\+P(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,9})M)?)?")


def do(run: Run, step: Step) -> None:
    """One step of a case; whatever is in its way becomes the run's stop."""
    run.attempt(step, lambda: perform(run, step))


def perform(run: Run, step: Step) -> None:
    """Raises Stopped, and what the engine refuses."""
    if run.state != "active":
        raise Stopped("step", "The case has ended already; take this step out.")
    if "task" in step:
        complete(run, open_task(run, step), step)
    elif "message" in step:
        deliver(run, step["message"])
    elif "signal" in step:
        signal(run, step["signal"])
    elif "job" in step:
        finish_job(run, step)
    else:
        run.move_clock(later(run.clock.now(), str(step["clock"])))


def open_task(run: Run, step: Step) -> Task:
    """The first open task the step means. Raises Stopped."""
    for task in run.trace.tasks.values():
        if task.outcome == "active" and task.element_id == step["task"] and _is_meant(run, task, step):
            return task
    waiting = sorted(task.element_id for task in run.trace.tasks.values() if task.outcome == "active")
    raise Stopped("step", "The task {task} is not open. Open are: {open}.", task=step["task"], open=", ".join(waiting) or "—")


def _is_meant(run: Run, task: Task, step: Step) -> bool:
    if "as" in step and step["as"] != task.assignee and step["as"] not in task.candidate_users:
        return False
    if "for" not in step:
        return True
    return run.host.feel.expression(str(step["for"])).evaluate(run.live.variables(task.key)) is True


def complete(run: Run, task: Task, step: Step) -> None:
    """Fill in the task's form. Raises Stopped when the form does not refuse exactly what the step says."""
    values, expected = step.get("values") or {}, sorted(map(str, step.get("refused") or []))
    accepted, refused = check_form(run, task, values)
    if sorted(refused) != expected:
        raise _refusal(task, refused, expected)
    if not refused:
        task.values = accepted
        run.live.complete_user_task(task.key, accepted)


def _refusal(task: Task, refused: Mapping[str, str], expected: list[str]) -> Stopped:
    unexpected = [path for path in refused if path not in expected]
    if unexpected:
        template = "The form of {task} refuses {fields}: {reason}"
        return Stopped("step", template, task=task.element_id, fields=", ".join(unexpected), reason=refused[unexpected[0]])
    template = "The form of {task} should refuse {fields}, but accepts it."
    return Stopped("step", template, task=task.element_id, fields=", ".join(one for one in expected if one not in refused))


def check_form(run: Run, task: Task, values: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, str]]:
    """The values to be stored, and why fields are refused. A task without a form takes everything."""
    if task.form_id is None:
        return values, {}
    try:
        form = run.project.form(task.form_id)
    except NotFound as error:
        raise Stopped("step", error.template, **error.ids) from error
    context = run.live.variables(task.key)
    form.state(context, now=run.clock.now())  # what a person would see can be shown
    checked = form.validate(values, context, now=run.clock.now())
    return checked.values, {error.path: error.message for error in checked.errors}


def deliver(run: Run, message: Mapping[str, Any]) -> None:
    run.live.deliver_message(_waiting_for(run, message).key, message.get("variables") or {})


def _waiting_for(run: Run, message: Mapping[str, Any]) -> Awaited:
    name, key = message["name"], str(message["key"])
    for waiting in run.trace.awaited.values():
        if waiting.kind == "message" and waiting.name == name and waiting.correlation_key == key:
            return waiting
    raise Stopped("step", "Nobody waits for the message {name} with the key {key}.", name=name, key=key)


def signal(run: Run, step: Mapping[str, Any]) -> None:
    if not run.send_signal(step["name"], step.get("variables") or {}):
        raise Stopped("step", "Nobody waits for the signal {name}.", name=step["name"])


def finish_job(run: Run, step: Step) -> None:
    """The work of an outside worker, or the end of a called process; named by its element or by the process."""
    job = open_job(run, str(step["job"]))
    if "error" in step:
        run.live.throw_error(job.key, str(step["error"]), variables=step.get("values") or {})
        run.trace.jobs.pop(job.key, None)
    else:
        run.live.complete_job(job.key, step.get("values") or {})


def open_job(run: Run, name: str) -> Job:
    for job in run.trace.jobs.values():
        if name in (job.element_id, job.type.removeprefix(STUB)):
            return job
    raise Stopped("step", "No work named {job} is open.", job=name)


def later(now: dt.datetime, to: str) -> dt.datetime:
    """The moment ``to`` means: a date and time, or so much after ``now``. Raises Stopped."""
    unreadable = Stopped("step", "{to} is neither +P…D nor +PT…H…M nor a date and time.", to=to)
    try:
        if not to.startswith("+"):
            return moment(to)
        found = DURATION.fullmatch(to)
        if found is None or not any(found.groups()):
            raise unreadable
        days, hours, minutes = (int(part or 0) for part in found.groups())
        return now + dt.timedelta(days=days, hours=hours, minutes=minutes)
    except (ValueError, OverflowError) as error:
        raise unreadable from error
