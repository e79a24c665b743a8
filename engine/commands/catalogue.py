"""The deployed definitions as the runner needs them: parsed once per process, found by the binding a diagram names.

What a key stands for never changes, so it is kept for ever. Which version is the newest is kept until ``generation`` shows
that something was deployed since; every command reads the generation with its lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from engine import dmn, forms
from engine.errors import NotFound
from engine.feel import Feel
from engine.model import Definition
from engine.spiff import Binding, ProcessModel, parse
from engine.store import definitions
from engine.store.unit_of_work import UnitOfWork

Found = TypeVar("Found")


class Catalogue:
    """Shared by all threads of a process. A unit of work is only used for what is not known yet."""

    def __init__(self, feel: Feel) -> None:
        self.feel = feel
        self._lock = threading.Lock()
        self._generation = -1
        self._newest: dict[tuple[str, str], Definition | None] = {}
        self._bound: dict[tuple[str, str, str | int], Definition] = {}
        self._definitions: dict[int, Definition] = {}
        self._processes: dict[int, ProcessModel] = {}
        self._forms: dict[int, forms.Form] = {}
        self._decisions: dict[int, dmn.DecisionModel] = {}

    def definition(self, uow: UnitOfWork, key: int) -> Definition:
        """Raises NotFound."""
        return _kept(self._definitions, key, lambda: _required(definitions.by_key(uow.session, key), "Definition", key))

    def process(self, uow: UnitOfWork, key: int) -> ProcessModel:
        """The parsed model; raises NotFound, also for a key of another kind."""
        return _kept(self._processes, key, lambda: self._parse_process(uow, key))

    def remember(self, definition: Definition, model: ProcessModel) -> None:
        """A process that was just deployed need not be parsed again here."""
        model.definition_key, model.deployment_key = definition.key, definition.deployment_key
        self._definitions[definition.key] = definition
        self._processes[definition.key] = model

    def form(self, uow: UnitOfWork, key: int) -> forms.Form:
        """Raises NotFound, also for a key of another kind."""

        def read() -> forms.Form:
            definition = self._of_kind(uow, key, "form")
            return forms.read(_content(uow, key), file=definition.resource_name, feel=self.feel)

        return _kept(self._forms, key, read)

    def decisions(self, uow: UnitOfWork, key: int) -> dmn.DecisionModel:
        """The file a decision was deployed in; raises NotFound, also for a key of another kind."""

        def load() -> dmn.DecisionModel:
            definition = self._of_kind(uow, key, "decision")
            return dmn.load(_content(uow, key), file=definition.resource_name, feel=self.feel)

        return _kept(self._decisions, key, load)

    def newest(self, uow: UnitOfWork, kind: str, id_: str, generation: int) -> Definition | None:
        with self._lock:
            if generation != self._generation:
                self._newest.clear()
                self._generation = generation
            if (kind, id_) in self._newest:
                return self._newest[kind, id_]
        found = definitions.latest(uow.session, kind, id_)
        with self._lock:
            if generation == self._generation:
                self._newest[kind, id_] = found
        return found

    def resolve(
        self, uow: UnitOfWork, kind: str, id_: str, binding: Binding, caller: ProcessModel, generation: int
    ) -> Definition | None:
        """The version ``caller`` means; None when there is none."""
        if binding.kind == "latest":
            return self.newest(uow, kind, id_, generation)
        if binding.kind == "versionTag":  # a later deployment may carry the same tag again
            return definitions.tagged(uow.session, kind, id_, binding.version_tag or "")
        place = (kind, id_, caller.deployment_key)
        if place not in self._bound:
            found = definitions.in_deployment(uow.session, kind, id_, caller.deployment_key)
            if found is None:
                return None
            self._bound[place] = found
        return self._bound[place]

    def _parse_process(self, uow: UnitOfWork, key: int) -> ProcessModel:
        definition = self._of_kind(uow, key, "process")
        models = parse(_content(uow, key), file=definition.resource_name, feel=self.feel)
        model = next(model for model in models if model.id == definition.id)
        model.definition_key, model.deployment_key = definition.key, definition.deployment_key
        return model

    def _of_kind(self, uow: UnitOfWork, key: int, kind: str) -> Definition:
        definition = self.definition(uow, key)
        if definition.kind != kind:
            raise NotFound(kind=f"{kind.capitalize()} definition", key=key)
        return definition


def _kept(kept: dict[int, Found], key: int, find: Callable[[], Found]) -> Found:
    """Two threads may find the same at once; both find the same."""
    found = kept.get(key)
    if found is None:
        found = kept[key] = find()
    return found


def _required(found: Any, kind: str, key: int) -> Any:
    if found is None:
        raise NotFound(kind=kind, key=key)
    return found


def _content(uow: UnitOfWork, key: int) -> bytes:
    content: bytes = _required(definitions.content(uow.session, key), "Definition", key)
    return content
