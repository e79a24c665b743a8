"""From a recording to what the sandbox follows, and the files it ran on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.facade import ProcessEngine
from engine.feel import Feel
from engine.model import Recording
from engine.sandbox import WAITS, Entry, Project, Script
from procurement.studio.model import Files
from procurement.studio.replay.model import Assumed
from procurement.studio.shelf import Shelf

KEPT = 40  # versions of everything, each a mapping to contents that are shared
BY_HAND = {
    "user_task_returned": "A task of this case was sent back by hand, and that cannot happen again by itself.",
    "instance_migrated": "This case was moved to another version while it ran, so it has no one version.",
    "": "An operator changed the course of this case by hand, and that cannot happen again by itself.",
}


class CannotReplay(Exception):
    """The case cannot run again at all. ``template`` and ``params`` say why, to be translated."""

    def __init__(self, template: str, /, **params: object) -> None:
        super().__init__(template.format(**params) if params else template)
        self.template, self.params = template, params


def as_it_was(recording: Recording) -> Script:
    """Everything as recorded; forms are not asked again. Raises CannotReplay when people changed its course by hand."""
    if recording.interventions:
        raise CannotReplay(next((BY_HAND[kind] for kind in recording.interventions if kind in BY_HAND), BY_HAND[""]))
    entries = tuple(
        Entry(one.at, one.kind, one.element, one.values, one.name, one.key, one.error, one.who) for one in recording.inputs
    )
    outside = {one.name for one in recording.inputs if one.kind == "job" and one.name}  # jobs wait as they did then
    return Script(
        process=recording.process_id,
        clock=recording.started_at,
        variables=recording.variables,
        start=recording.start,
        entries=entries,
        answers=recording.answers,
        stubs=dict.fromkeys(recording.called | outside, WAITS),
        forms=False,
        only_given=True,
        until=recording.ended_at,
        open=tuple(task.element_id for task in recording.tasks if task.completed_at is None),
        name=recording.business_key,
    )


def on_a_draft(script: Script, assumed: Mapping[str, Assumed]) -> Script:
    """Forms say what they want now; what operations were not asked then gets their usual answer."""
    values = {element: one.values for element, one in assumed.items()}
    return replace(script, forms=True, only_given=False, assumed=values)


class FilesThen:
    """The files a case ran on: those of its deployment, with the very tables that decided (some are always the newest)."""

    def __init__(self, engine: ProcessEngine, shelf: Shelf, feel: Feel) -> None:
        self._engine, self._shelf, self._feel = engine, shelf, feel
        self._known: dict[tuple[int, frozenset[int]], Files] = {}

    def of(self, recording: Recording) -> Files:
        """Raises CannotReplay."""
        keys = frozenset(one.decision_key for one in recording.decisions)
        place = recording.definition_key, keys
        if place not in self._known:
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[place] = self._read(recording)
        return self._known[place]

    def _read(self, recording: Recording) -> Files:
        files = self._shelf.at(self._engine.definition(recording.definition_key).deployment_key)
        homes = Project(files, self._feel).decision_files
        replaced: dict[str, bytes] = {}
        for decision_id, key in sorted({(one.decision_id, one.decision_key) for one in recording.decisions}):
            path = homes.get(decision_id) or f"processes/{decision_id}/{decision_id}.dmn"
            content = self._engine.resource(key)
            if replaced.setdefault(path, content) != content:
                raise CannotReplay("The table {path} was changed while this case ran, so it has no one version.", path=path)
        return {**files, **replaced}
