"""What the buttons of the play page do to the run that came with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_babel import gettext as _

from engine.errors import FieldError, InvalidInput, NotFound
from engine.forms import Form
from engine.forms.model import ExpressionField, walk
from engine.sandbox import WAITS, Call, Played, Sandbox, Task, read_values
from engine.sandbox.case_values import file_reference
from procurement.studio import runs
from procurement.studio.runs import Sheet
from web.pages.errors import sentence
from web.pages.forms import posted
from web.pages.forms.tokens import FileTokens

NEXT, DAYS, TO = "next", "days", "to"


@dataclass
class Act:
    """One press of a button: the run before, and how it stood. ``verb`` and ``about`` are the two halves of ``_do``."""

    sandbox: Sandbox
    sheet: Sheet
    played: Played
    tokens: FileTokens
    verb: str = ""
    about: str = ""
    values: dict[str, Any] | None = None  # of the form that lies open, as typed
    errors: dict[str, list[str]] = field(default_factory=dict)

    def done(self) -> Sheet:
        """The run after it; with ``errors`` it is the one before. Raises InvalidInput, NotFound."""
        does = _ACTS.get(self.verb)
        return self.sheet if does is None else does(self)

    def task(self) -> Task:
        """The open task the button stands on, named by its element and how many of that element come before it."""
        element, _sep, number = self.about.partition("#")
        same = [task for task in self.played.open_tasks if task.element_id == element]
        if not number.isdecimal() or int(number) >= len(same):
            raise NotFound(kind="Task", key=self.about)
        return same[int(number)]

    def call(self) -> Call:
        if not self.about.isdecimal() or int(self.about) >= len(self.played.calls):
            raise NotFound(kind="Operation", key=self.about)
        return self.played.calls[int(self.about)][1]


def ref_of(task: Task, played: Played) -> str:
    """How a button names an open task; see ``Act.task``."""
    same = [one.key for one in played.open_tasks if one.element_id == task.element_id]
    return f"{task.element_id}#{same.index(task.key)}"


def typed_values(form: Form, tokens: FileTokens) -> dict[str, Any]:
    """The posted form, after the pressed button did its work; files are named and not kept."""
    flat = posted.pressed_values(form, request.form, tokens)
    for path, upload in request.files.items(multi=True):
        if upload.filename:
            name = upload.filename.replace("\\", "/").rsplit("/", 1)[-1][:200]
            flat[path] = [*(file for file in flat.get(path) or [] if file["name"] != name), file_reference(name)]
    return flat


def _complete(act: Act) -> Sheet:
    task = act.task()
    step = runs.task_step(task, act.played.open_tasks)
    if task.form_id is None:
        return runs.with_step(act.sheet, step | {"values": _read(f"_values_{act.about}", _("填写的变量"))})
    form = act.sandbox.project.form(task.form_id)
    act.values = typed_values(form, act.tokens)
    checked = form.validate(posted.tree(act.values), task.context, now=act.played.now)
    refused = {error.path: sentence(error) for error in checked.errors}
    if refused and act.verb == "complete":
        act.errors = {path: [text] for path, text in refused.items()}
        return act.sheet
    if act.verb == "refuse":
        if not refused:
            raise InvalidInput(fields=(FieldError("", "The form accepts this. Hand it in, or enter what it should refuse."),))
        step |= {"refused": sorted(refused)}
        values: Mapping[str, Any] = posted.tree(act.values)
    else:
        values = _entered(form, checked.values)
    act.values = None
    return runs.with_step(act.sheet, step | {"values": _known(values)})


def _entered(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what the form works out itself."""
    computed = {component.path[0] for component in walk(form.components) if isinstance(component, ExpressionField)}
    return {name: value for name, value in values.items() if name not in computed}


def _known(value: Any) -> Any:
    """Only what was entered: empty fields are left out."""
    if isinstance(value, Mapping):
        return {name: _known(inner) for name, inner in value.items() if inner not in (None, "") and name != "_"}
    return [_known(inner) for inner in value] if isinstance(value, list) else value


def _message(act: Act) -> Sheet:
    waiting = [one for one in act.played.awaited if one.kind == "message"][_number(act)]
    variables = _read(f"_message_{act.about}", waiting.name)
    message = {"name": waiting.name, "key": waiting.correlation_key, "variables": variables}
    return runs.with_step(act.sheet, {"message": message})


def _signal(act: Act) -> Sheet:
    waiting = [one for one in act.played.awaited if one.kind == "signal"][_number(act)]
    return runs.with_step(act.sheet, {"signal": {"name": waiting.name, "variables": _read(f"_signal_{act.about}", waiting.name)}})


def _job(act: Act) -> Sheet:
    job = act.played.jobs[_number(act)]
    name = job.type.removeprefix("stub.") if job.type.startswith("stub.") else job.element_id
    step: dict[str, Any] = {"job": name, "values": _read(f"_job_{act.about}", name)}
    if error := request.form.get(f"_joberror_{act.about}", "").strip():
        step["error"] = error
    return runs.with_step(act.sheet, step)


def _clock(act: Act) -> Sheet:
    if act.about == NEXT:
        timers = act.played.open_timers
        if not timers:
            raise InvalidInput("No timer is running, so there is no next one.")
        return runs.with_step(act.sheet, {"clock": timers[0].due_at.isoformat()})
    if act.about == DAYS:
        days = request.form.get("_days", "").strip()
        if not days.isdecimal() or not 0 < int(days) <= 36_500:
            raise InvalidInput("Write a number of days from 1 to 36500.")
        return runs.with_step(act.sheet, {"clock": f"+P{int(days)}D"})
    to = request.form.get("_to", "").strip()
    if not to:
        raise InvalidInput("Choose the day and time the clock is to show.")
    return runs.with_step(act.sheet, {"clock": f"{to}:00+08:00" if len(to) == len("2026-03-02T09:00") else to})


def _undo(act: Act) -> Sheet:
    return runs.first_steps(act.sheet, _number(act))


def _answer(act: Act) -> Sheet:
    call = act.call()
    if act.verb == "default":
        return runs.with_answer(act.sheet, call, "default")
    if error := request.form.get(f"_error_{act.about}", "").strip():
        return runs.with_answer(act.sheet, call, {"error": error})
    return runs.with_answer(act.sheet, call, _read(f"_answer_{act.about}", call.operation))


def _give(act: Act) -> Sheet:
    return runs.with_first_answer(act.sheet, act.about, _read("_give", act.about))


def _stub(act: Act) -> Sheet:
    how = request.form.get(f"_called_{act.about}", "inside")
    if how == "inside":
        return runs.with_stub(act.sheet, act.about, None)
    return runs.with_stub(act.sheet, act.about, WAITS if how == WAITS else _read(f"_stub_{act.about}", act.about))


def _restart(act: Act) -> Sheet:
    return runs.first_steps(act.sheet, 0)


def _number(act: Act) -> int:
    if not act.about.isdecimal():
        raise InvalidInput("What the page sent cannot be read. Reload the page and try again.")
    return int(act.about)


def _read(name: str, what: str) -> dict[str, Any]:
    return read_values(request.form.get(name, ""), what)


_ACTS: Mapping[str, Callable[[Act], Sheet]] = {
    "complete": _complete,
    "refuse": _complete,
    "message": _message,
    "signal": _signal,
    "job": _job,
    "clock": _clock,
    "undo": _undo,
    "answer": _answer,
    "default": _answer,
    "give": _give,
    "stub": _stub,
    "restart": _restart,
}
