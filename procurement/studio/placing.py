"""Where a deployed file belongs in the layout.

Files deployed from a folder carry their path already. One uploaded by its bare name is put where its definitions lay before;
else a table or form goes to the folder of the newest process naming it, a process to the folder of its own id. A file with
several decisions has one place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from engine.model import DeployedDefinition
from procurement.studio import layout

Contents = Callable[[Sequence[str]], Mapping[str, bytes]]
Id = tuple[str, str]  # kind and id of a definition

_KINDS = {"process": ("diagram", ".bpmn"), "decision": ("tables", ".dmn"), "form": ("form", ".form")}
_NAMED = re.compile(rb"""\b(formId|decisionId)\s*=\s*["']([^"']+)["']""")
_NAMED_KINDS = {b"formId": "form", b"decisionId": "decision"}


def placed(deployed: Sequence[DeployedDefinition], contents: Contents) -> list[tuple[str, DeployedDefinition]]:
    """The layout path of every version, in the order given (oldest first). ``contents`` is asked only where a path is missing."""
    homes = {_id(one): one.definition.resource_name for one in deployed if _is_placed(one)}
    lost = [one for one in deployed if not _is_placed(one)]
    if lost:
        _find_homes([one for one in lost if one.definition.kind == "process"], homes, {})
        _find_homes(lost, homes, _named_in(deployed, homes, contents))
    return [(one.definition.resource_name if _is_placed(one) else homes[_id(one)], one) for one in deployed]


def _find_homes(lost: Sequence[DeployedDefinition], homes: dict[Id, str], named_in: Mapping[Id, str]) -> None:
    for _file, group in groupby(sorted(lost, key=_file_of), _file_of):
        members = list(group)
        known = next((homes[_id(one)] for one in members if _id(one) in homes), None)
        folder = next((named_in[_id(one)] for one in members if _id(one) in named_in), None)
        home = known or _own(members, folder)
        for one in members:
            homes.setdefault(_id(one), home)


def _named_in(deployed: Sequence[DeployedDefinition], homes: Mapping[Id, str], contents: Contents) -> dict[Id, str]:
    """The folder of the newest process that names a form or decision."""
    newest = {one.definition.id: one for one in deployed if one.definition.kind == "process"}
    texts = contents([one.sha256 for one in newest.values()])
    found: dict[Id, str] = {}
    for one in sorted(newest.values(), key=lambda one: one.generation):
        folder = layout.folder_of(homes[_id(one)])
        for attribute, id_ in _NAMED.findall(texts.get(one.sha256, b"")):
            found[_NAMED_KINDS[attribute], id_.decode("utf-8", "replace")] = folder
    return found


def _own(members: Sequence[DeployedDefinition], folder: str | None) -> str:
    """In ``folder``, else in one called as the file or its first definition."""
    first = members[0].definition
    kind, suffix = _KINDS[first.kind]
    base = first.resource_name.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(suffix)
    stem = base if layout.is_stem(base) else _plain(first.id)
    ids = [one.definition.id for one in members]
    candidates = [stem, *ids] if stem in ids else [*ids, stem]
    own = next((name for name in candidates if layout.is_folder(name)), _plain(first.id).lower())
    return layout.path_for(kind, folder or own, stem)


def _file_of(one: DeployedDefinition) -> tuple[int, str]:
    return one.generation, one.definition.resource_name


def _id(one: DeployedDefinition) -> Id:
    return one.definition.kind, one.definition.id


def _is_placed(one: DeployedDefinition) -> bool:
    return layout.is_path(one.definition.resource_name)


def _plain(name: str) -> str:
    """A name the layout allows, from one it does not."""
    return ("f_" + re.sub(r"[^A-Za-z0-9_]", "_", name))[:60]
