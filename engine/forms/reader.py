"""From the bytes of a .form file (form-js JSON) to a checked Form; everything wrong is reported at once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.errors import DefinitionInvalid, Problem
from engine.feel import Feel
from engine.forms.components import build
from engine.forms.form import Form
from engine.forms.model import Component, DynamicList, Field, Group, Text, walk
from engine.forms.raw import FormFile, RawComponent
from engine.forms.vocabulary import FORM_KEYS, LATEST_SCHEMA

_MAX_BYTES = 1_000_000
_MAX_COMPONENTS = 1_000
_MAX_DEPTH = 12


def read(content: bytes, *, file: str, feel: Feel) -> Form:
    """The form in ``content``; DefinitionInvalid lists each problem with component and line."""
    text, raw = _parse(content, file)
    source = FormFile(file, text, feel)
    _check_top(raw, source)
    components = _Reading(source).components(raw.get("components"), ())
    _check_names(components, source)
    if source.problems:
        raise DefinitionInvalid(tuple(sorted(source.problems)))
    return Form(raw["id"], _title(raw, components), raw.get("versionTag") or "", components, file)


class _Reading:
    """One pass over the tree; counts components so that a huge file ends early."""

    def __init__(self, source: FormFile) -> None:
        self._source = source
        self._count = 0
        self._depth = 0

    def components(self, raw: Any, prefix: tuple[str, ...]) -> tuple[Component, ...]:
        if not isinstance(raw, list):
            self._source.problem(1, "components", "components must be a list.")
            return ()
        self._depth += 1
        built = [] if self._is_too_large() else [self._component(item, prefix) for item in raw]
        self._depth -= 1
        return tuple(component for component in built if component is not None)

    def _component(self, raw: Any, prefix: tuple[str, ...]) -> Component | None:
        self._count += 1
        if self._is_too_large():
            return None
        if not isinstance(raw, Mapping):
            self._source.problem(1, "components", "A component must be an object, not {value}.", value=str(raw)[:40])
            return None
        return build(RawComponent(raw, self._source, self._count), prefix, self.components)

    def _is_too_large(self) -> bool:
        if self._count == _MAX_COMPONENTS + 1 or self._depth == _MAX_DEPTH + 1:
            self._source.problem(
                1,
                "components",
                "The form has more than {components} components or {depth} levels: make it several tasks.",
                components=_MAX_COMPONENTS,
                depth=_MAX_DEPTH,
            )
        return self._count > _MAX_COMPONENTS or self._depth > _MAX_DEPTH


def _parse(content: bytes, file: str) -> tuple[str, Mapping[str, Any]]:
    def refuse(line: int, template: str, **params: Any) -> DefinitionInvalid:
        return DefinitionInvalid((Problem(file, line, "form", template, params),))

    if len(content) > _MAX_BYTES:
        raise refuse(1, "The form has {size} bytes; at most {max} are read.", size=len(content), max=_MAX_BYTES)
    try:
        text = content.decode("utf-8-sig")
        raw = json.loads(text, object_pairs_hook=_unique, parse_float=Decimal, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise refuse(content.count(b"\n", 0, error.start) + 1, "The form is not UTF-8 text. Save it again as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise refuse(
            error.lineno, "The form is not JSON: {cause} at column {column}.", cause=error.msg, column=error.colno
        ) from error
    except (ValueError, RecursionError) as error:
        raise refuse(1, "The form is not JSON: {cause}.", cause=str(error)) from error
    if not isinstance(raw, Mapping):
        raise refuse(1, "The form is not a JSON object.")
    return text, raw


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name} is written twice in one object")
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _check_top(raw: Mapping[str, Any], source: FormFile) -> None:
    for key in sorted(set(raw) - FORM_KEYS):
        source.problem(1, "form", "A form has no key {key}; take it out.", key=key)
    if raw.get("type") != "default":
        source.problem(1, "form", 'type must be "default", not {value}.', value=raw.get("type"))
    if not isinstance(raw.get("id"), str) or not re.fullmatch(r"[\w.:-]{1,200}", raw["id"]):
        source.problem(1, "form", "id must be a name of letters, digits, _, - and dots, not {value}.", value=raw.get("id"))
    version = raw.get("schemaVersion", LATEST_SCHEMA)
    if not isinstance(version, int) or not 1 <= version <= LATEST_SCHEMA:
        source.problem(
            1, "form", "schemaVersion {version} is not known; the latest is {latest}.", version=version, latest=LATEST_SCHEMA
        )
    for key in ("title", "versionTag"):
        if not isinstance(raw.get(key, ""), str):
            source.problem(1, "form", "{key} must be text, not {value}.", key=key, value=raw[key])


def _check_names(components: tuple[Component, ...], source: FormFile) -> None:
    """Ids are unique in the form; values may not lie on top of each other, in the form or in a list's row."""
    ids: set[str] = set()
    for component in walk(components):
        if component.id in ids:
            source.problem(component.line, component.id, "Two components have the id {id}.", id=component.id)
        ids.add(component.id)
    _check_paths(components, source, {})


def _check_paths(components: tuple[Component, ...], source: FormFile, taken: dict[tuple[str, ...], str]) -> None:
    for component in components:
        if isinstance(component, Group):
            _check_paths(component.components, source, taken)
        elif isinstance(component, (Field, DynamicList)):
            path = component.path
            for other in taken:
                shorter = min(len(path), len(other))
                if path[:shorter] == other[:shorter]:
                    source.problem(
                        component.line, component.name, "{key} collides with {other}.", key=".".join(path), other=".".join(other)
                    )
            taken[path] = component.id
        if isinstance(component, DynamicList):
            _check_paths(component.components, source, {})


def _title(raw: Mapping[str, Any], components: tuple[Component, ...]) -> str:
    """The form's title, else its first Markdown heading, else its id."""
    if raw.get("title"):
        return str(raw["title"])
    for component in walk(components):
        if isinstance(component, Text) and not component.is_html and component.text.parts:
            first = component.text.parts[0]
            if isinstance(first, str) and first.startswith("#"):
                return first.splitlines()[0].lstrip("#").strip()
    return str(raw["id"])
