"""A posted task form as the flat values ``engine.forms`` takes, and the one button that was pressed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from engine.forms import Form, nest
from engine.forms.model import ChoiceField, Component, DynamicList, FileField, Group
from engine.forms.paths import dotted
from web.pages.forms.tokens import FileTokens

ACTION = "_action"  # names that begin with "_" are the page's own and never values
SEEN = "_seen."
_ROW = re.compile(r"\.\d+(?=\.|$)")


@dataclass(frozen=True)
class Pressed:
    """``verb``: save, add (a row to a list), drop (a row), unfile (a file of a field). ``path`` says where."""

    verb: str
    path: str = ""
    sha256: str = ""


def pressed(posted: Mapping[str, str]) -> Pressed:
    verb, _, rest = posted.get(ACTION, "save").partition(":")
    path, _, sha256 = rest.partition(":")
    return Pressed(verb, path, sha256)


def values(form: Form, posted: MultiDict[str, str], tokens: FileTokens) -> dict[str, Any]:
    """Flat values by path. A name sent several times is a list only where the field takes several, else its last text."""
    several, files = _patterns(form)
    taken: dict[str, Any] = {}
    for name in posted:
        pattern = _ROW.sub(".*", name)
        if name.startswith("_") or name in ("csrf_token", "command_id"):
            continue
        if pattern in files:
            taken[name] = tokens.read_all(posted.getlist(name))
        else:
            taken[name] = posted.getlist(name) if pattern in several else posted.getlist(name)[-1]
    return taken


def pressed_values(form: Form, posted: MultiDict[str, str], tokens: FileTokens) -> dict[str, Any]:
    """The posted values after the pressed button did its work."""
    flat, press = values(form, posted, tokens), pressed(posted)
    if press.verb == "add":
        return with_row(flat, press.path)
    if press.verb == "drop":
        return without_row(flat, press.path)
    return without_file(flat, press.path, press.sha256) if press.verb == "unfile" else flat


def garbled(flat: Mapping[str, Any]) -> list[str]:
    """Paths of texts that were not UTF-8: the browser's bytes became replacement characters while they were read."""
    return [path for path, value in flat.items() if isinstance(value, str) and "\ufffd" in value]


def seen(posted: Mapping[str, str]) -> dict[str, str]:
    """How each component looked when the browser got it, by path."""
    return {name.removeprefix(SEEN): mark for name, mark in posted.items() if name.startswith(SEEN)}


def with_row(flat: Mapping[str, Any], path: str) -> dict[str, Any]:
    """One more empty row in the list at ``path``."""
    rows = row_numbers(flat, path)
    return dict(flat) | {f"{path}.{max(rows, default=-1) + 1}._": ""}


def without_row(flat: Mapping[str, Any], row: str) -> dict[str, Any]:
    """Without the row at ``rows.2``; an emptied list stays there as empty."""
    left = {name: value for name, value in flat.items() if not name.startswith(f"{row}.")}
    path = row.rpartition(".")[0]
    return left if row_numbers(left, path) else left | {path: []}


def without_file(flat: Mapping[str, Any], path: str, sha256: str) -> dict[str, Any]:
    return dict(flat) | {path: [file for file in flat.get(path, []) if file["sha256"] != sha256]}


def row_numbers(flat: Iterable[str], path: str) -> set[int]:
    heads = (name.removeprefix(f"{path}.").partition(".")[0] for name in flat if name.startswith(f"{path}."))
    return {int(head) for head in heads if head.isdecimal()}


def tree(flat: Mapping[str, Any]) -> dict[str, Any]:
    """The flat values as the nested draft that is kept."""
    return nest(flat)


def _patterns(form: Form) -> tuple[set[str], set[str]]:
    """Paths of fields that take several values, and of file fields; rows are written ``*``."""
    several: set[str] = set()
    files: set[str] = set()

    def visit(components: tuple[Component, ...], prefix: str) -> None:
        for component in components:
            if isinstance(component, Group):
                visit(component.components, prefix)
            elif isinstance(component, DynamicList):
                visit(component.components, dotted(prefix, component.path) + ".*")
            elif isinstance(component, FileField):
                files.add(dotted(prefix, component.path))
            elif isinstance(component, ChoiceField) and component.multiple:
                several.add(dotted(prefix, component.path))

    visit(form.components, "")
    return several, files
