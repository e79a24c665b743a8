"""The answers a replay assumes for tasks past cases do not know: shown, and to be chosen otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from engine.errors import NotFound
from engine.forms.model import CheckboxField, ChoiceField, NumberField, walk
from procurement.studio.playing import sandbox
from procurement.studio.replay.model import Assumed
from web.pages.services import services

PREFIX = "assumed."
NUMBER, TICK, TEXT = "n", "b", "t"


@dataclass(frozen=True)
class AskedField:
    """``name``: as it is sent. ``options``: (value, label) where one of several is chosen; ``editable``: else only shown."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...]
    editable: bool


@dataclass(frozen=True)
class AskedTask:
    element: str
    title: str
    chosen: bool
    fields: tuple[AskedField, ...]


def asked(draft: int, assumed: Mapping[str, Assumed]) -> list[AskedTask]:
    """Each task with its fields as the draft's form calls them."""
    studio = services().studio
    project = sandbox(studio.drafts.workspace(draft), studio.feel).project
    found = []
    for element, one in assumed.items():
        try:
            form = project.form(element)
        except NotFound:
            found.append(AskedTask(element, element, one.chosen, ()))
            continue
        components = {c.key: c for c in walk(form.components) if hasattr(c, "key")}
        fields = tuple(_field(element, name, value, components.get(name)) for name, value in one.values.items())
        found.append(AskedTask(element, form.title or element, one.chosen, fields))
    return found


def told(sent: MultiDict[str, str]) -> dict[str, dict[str, Any]]:
    """From the form: ``assumed.<kind>.<element>.<key>``."""
    found: dict[str, dict[str, Any]] = {}
    for name, text in sent.items():
        if not name.startswith(PREFIX) or name.count(".") != 3:
            continue
        kind, element, key = name.removeprefix(PREFIX).split(".")
        found.setdefault(element, {})[key] = _value(kind, text)
    return found


def _value(kind: str, text: str) -> Any:
    if kind == TICK:
        return text == "true"
    if kind == NUMBER and text.lstrip("-").replace(".", "", 1).isdigit():
        return int(text) if "." not in text else text
    return text


def _field(element: str, name: str, value: Any, component: Any) -> AskedField:
    label = name if component is None else "".join(part for part in component.label.parts if isinstance(part, str))
    kind, options = TEXT, tuple[tuple[str, str], ...]()
    if isinstance(component, ChoiceField) and not component.multiple:
        options = tuple((str(one.value), one.label) for one in component.options)
    elif isinstance(component, CheckboxField):
        kind, options = TICK, (("true", "✓"), ("false", "✗"))
    elif isinstance(component, NumberField):
        kind = NUMBER
    editable = not isinstance(value, (list, dict))
    shown = "true" if value is True else "false" if value is False else str(value)
    return AskedField(f"{PREFIX}{kind}.{element}.{name}", label or name, shown, options, editable)
