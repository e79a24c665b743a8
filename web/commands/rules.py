"""The designers' files on the command line: deploy, export and import the layout of ``processes/`` and ``forms/``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.errors import Problem
from engine.model import SYSTEM, Actor, Deployment, Resource
from procurement.studio import layout, packing
from procurement.studio.contents import digest
from procurement.studio.importing import take_in
from procurement.studio.model import Draft
from procurement.studio.shipping import TakenOver
from web.composition import Services
from web.resources import designer_folders, layout_name, read_resources


def deploy(services: Services, paths: Sequence[Path], note: str) -> Deployment:
    """Definitions, READMEs and cases; below a folder called processes or forms, what is missing is taken away.

    Raises DefinitionInvalid.
    """
    resources = read_resources(list(paths))
    shelf = services.studio.shelf.digests()
    texts = {path: text for path, text in _texts(paths).items() if shelf.get(path) != digest(text)}
    gone = dict.fromkeys(_gone(paths, shelf, resources))
    return services.studio.direct.deploy(resources, {**texts, **gone}, actor=SYSTEM, note=note)


def for_running_cases(services: Services, paths: Sequence[Path]) -> tuple[Problem, ...]:
    """What cases that run already would come upon, were these files in force; empty also where the files cannot be read."""
    resources = read_resources(list(paths))
    files = dict(services.studio.shelf.files())
    for path in _gone(paths, services.studio.shelf.digests(), resources):
        files.pop(path)
    files |= _texts(paths) | {one.name: one.content for one in resources}
    return tuple(one.as_problem() for one in services.studio.checks.for_running_cases(files))


def deploy_shipped(services: Services) -> TakenOver:
    """What came with the software and is new to this installation; changes of the office stay in force."""
    return services.studio.shipping.take_over(read_resources(designer_folders()), note="随软件带来的流程和表单")


def check_shipped(services: Services) -> tuple[TakenOver, tuple[Problem, ...]]:
    """What ``deploy_shipped`` would do, and why it would do nothing."""
    shipped = read_resources(designer_folders())
    ahead = services.studio.shipping.ahead(shipped)
    return ahead, services.studio.shipping.refusals(shipped, ahead)


def export(services: Services, folder: Path) -> list[str]:
    """Everything in force, written below ``folder``; the paths that changed there. Raises PackRefused."""
    folder.mkdir(parents=True, exist_ok=True)
    return packing.write_folder(services.studio.shelf.files(), folder)


def bring(services: Services, folder: Path, *, title: str, reason: str, login: str | None) -> Draft:
    """A draft of what differs below ``folder``. Raises PackRefused, NotFound, NotPermitted."""
    actor: Actor = services.office.accounts.actor(login) if login else SYSTEM
    changes = packing.changes(packing.read_folder(folder), services.studio.shelf.files())
    return take_in(services.studio, changes, title=title, reason=reason, actor=actor)


def _texts(paths: Sequence[Path]) -> dict[str, bytes]:
    """READMEs, cases and other files that are not deployed, by layout path."""
    files = [file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*"))) if file.is_file()]
    named = [(name, file) for file in files if (name := layout_name(file)) and layout.kind_of(name) not in layout.DEPLOYED]
    return {name: file.read_bytes() for name, file in named}


def _gone(paths: Sequence[Path], shelf: Mapping[str, str], resources: Sequence[Resource]) -> list[str]:
    given = {one.name for one in resources} | _texts(paths).keys()
    roots = {path.resolve().name for path in paths if path.is_dir()} & set(packing.ROOTS)
    came = {(name.split("/")[0], layout.folder_of(name)) for name in given if layout.is_path(name)}
    return [
        path
        for path in shelf
        if path not in given and path.split("/")[0] in roots and (path.split("/")[0], layout.folder_of(path)) in came
    ]
