"""The deployed definitions as the runner needs them: parsed once per process, found by the binding a diagram names.

What a key stands for never changes, so it is kept for ever. Which version is the newest is kept until ``generation`` shows
that something was deployed since; every command reads the generation with its lock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from engine import dmn, forms
from engine.errors import NotFound
from engine.feel import Feel
from engine.model import Definition
from engine.spiff import Binding, ProcessModel, parse
from engine.store import definitions
from engine.store.unit_of_work import UnitOfWork

Found = TypeVar("Found")


What: TypeAlias = tuple[str, str, str | None]  # kind, id, version tag


@dataclass
class Newest:
    """What was the newest after the deployment ``generation`` (0: not known, or nothing deployed yet)."""

    generation: int
    definitions: dict[What, Definition | None] = field(default_factory=dict)


class Catalogue:
    """Shared by all threads of a process. A unit of work is only used for what is not known yet."""

    def __init__(self, feel: Feel) -> None:
        self.feel = feel
        self._newest = Newest(0)
        self._bound: dict[tuple[str, str, str | int], Definition] = {}
        self._definitions: dict[int, Definition] = {}
        self._processes: dict[int, ProcessModel] = {}
        self._forms: dict[int, forms.Form] = {}
        self._decisions: dict[int, dmn.DecisionModel] = {}

    @property
    def generation(self) -> int:
        """The newest deployment this process has heard of; 0 when it has not."""
        return self._newest.generation

    def hear(self, generation: int) -> None:
        """What the database says is the newest deployment."""
        if generation != self._newest.generation:
            self._newest = Newest(generation)

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

    def newest_form(self, uow: UnitOfWork, form_id: str, generation: int) -> tuple[forms.Form, int]:
        """The newest deployed form of that id, and its version. Raises NotFound."""
        found = self.newest(uow, "form", form_id, generation)
        if found is None:
            raise NotFound(kind="Form", key=form_id)
        return self.form(uow, found.key), found.version

    def decisions(self, uow: UnitOfWork, key: int) -> dmn.DecisionModel:
        """The file a decision was deployed in; raises NotFound, also for a key of another kind."""

        def load() -> dmn.DecisionModel:
            definition = self._of_kind(uow, key, "decision")
            return dmn.load(_content(uow, key), file=definition.resource_name, feel=self.feel)

        return _kept(self._decisions, key, load)

    def newest(self, uow: UnitOfWork, kind: str, id_: str, generation: int) -> Definition | None:
        return self._found(generation, (kind, id_, None), lambda: definitions.latest(uow.session, kind, id_))

    def _found(self, generation: int, what: What, find: Callable[[], Definition | None]) -> Definition | None:
        """Kept until something is deployed."""
        self.hear(generation)
        known = self._newest
        if known.generation != generation:  # another thread has heard of a later one
            return find()
        if what not in known.definitions:
            known.definitions[what] = find()
        return known.definitions[what]

    def resolve(
        self, uow: UnitOfWork, kind: str, id_: str, binding: Binding, caller: ProcessModel, generation: int
    ) -> Definition | None:
        """The version ``caller`` means; None when there is none."""
        if binding.kind == "latest":
            return self.newest(uow, kind, id_, generation)
        if binding.kind == "versionTag":  # a later deployment may carry the same tag again
            tag = binding.version_tag or ""
            return self._found(generation, (kind, id_, tag), lambda: definitions.tagged(uow.session, kind, id_, tag))
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
