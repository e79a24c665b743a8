"""What a run came to, put together from its trace."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.sandbox.played import Played, Scope, Stop, Token
from engine.sandbox.run import Run


def played(run: Run) -> Played:
    trace = run.trace
    return Played(
        case=run.case,
        state="stopped" if run.stop is not None else run.state,
        now=run.clock.now(),
        instance_key=trace.main,
        stop=run.stop or _incident(run),
        steps=tuple(run.steps),
        instances=trace.instances,
        visits=tuple(trace.visits.values()),
        flows=tuple(trace.flows),
        tasks=tuple(_seen(run, task) for task in trace.tasks.values()),
        timers=tuple(trace.timers),
        awaited=tuple(trace.awaited.values()) if run.state == "active" else (),
        jobs=tuple(trace.jobs.values()) if run.state == "active" else (),
        decisions=tuple(trace.decisions),
        choices=tuple(trace.choices),
        calls=tuple(zip(run.calls, run.answers.calls, strict=True)),
        written=tuple(trace.written),
        thrown=tuple(trace.thrown),
        incidents=tuple(trace.incidents.values()),
        scopes=tuple(_scopes(run)),
        tokens=tuple(_tokens(run)),
        variables=trace.variables.get(trace.main, {}),
    )


def _incident(run: Run) -> Stop | None:
    first = next(iter(run.trace.incidents.values()), None)
    if first is None:
        return None
    params = {"element": first.element_id, "reason": first.message}
    return Stop("incident", "The run stopped at {element}: {reason}", params, first.step, first.element_id)


def _seen(run: Run, task: Any) -> Any:
    if task.outcome != "active" or run.state != "active" or run.execution is None:
        return task
    return replace(task, context=run.execution.variables(task.key))


def _scopes(run: Run) -> list[Scope]:
    if run.execution is None or run.state != "active":
        return []
    found = []
    for key, variables in run.execution.scope_variables().items():
        if (instance := run.trace.instances.get(key)) is not None:
            found.append(Scope(key, instance.process, instance.process, "", True, variables))
        elif (visit := run.trace.visits.get(key)) is not None:
            found.append(Scope(key, visit.process, visit.element_id, visit.name, False, variables))
    return found


def _tokens(run: Run) -> list[Token]:
    if run.execution is None or run.state != "active":
        return []
    incidents = {key: incident.message for key, incident in run.trace.incidents.items()}
    return [
        Token(run.trace.instances[instance].process, instance, element, key, incidents.get(key))
        for key, element, instance in run.execution.waiting_tokens()
        if instance in run.trace.instances
    ]
