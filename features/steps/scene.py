"""What the steps of one scenario share: the office, and the last thing that was refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from engine.errors import EngineError, InvalidInput
from tests.support.filling import Sheet
from tests.support.purchases import Offices, StreetOffice
from web.translations.catalogues import CATALOGUES, read


@cache
def chinese() -> dict[str, str]:
    """The engine's English sentences and what the pages show instead."""
    catalogue = read(next(c for c in CATALOGUES if c.locale == "zh_Hans"))
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}


def filled(template: str, values: dict[str, Any]) -> str:
    shown = chinese().get(template, template)
    return shown.format(**values) if values else shown


class Scene:
    """An act that the office refuses is kept, so that the next step may speak of it; unspoken of, it fails the scenario."""

    def __init__(self, offices: Offices) -> None:
        self._offices = offices
        self._office: StreetOffice | None = None
        self._refusal: EngineError | None = None
        self.sheet: Sheet | None = None  # the form that was opened last
        self.notes: dict[str, Any] = {}  # what a step remembers for a later one

    @property
    def office(self) -> StreetOffice:
        if self._refusal is not None:
            raise AssertionError(self.sentence(self._refusal)) from self._refusal
        if self._office is None:
            self._office = self._offices.fresh()
        return self._office

    @property
    def facts(self) -> dict[str, Any]:
        return self.office.situation.facts

    def begin(self, stages: Sequence[tuple[str, Callable[[StreetOffice], None]]]) -> None:
        """Start from a situation that other scenarios start from as well; each stage goes on from the one before."""
        assert self._office is None, "一个场景只有一个开头"
        self._office = self._reach(stages)

    def _reach(self, stages: Sequence[tuple[str, Callable[[StreetOffice], None]]]) -> StreetOffice:
        *before, (name, play) = stages
        return self._offices.situation(name, play, (lambda: self._reach(before)) if before else None)

    def attempt(self, act: Callable[[], Any]) -> Any:
        """Do it; a refusal is kept."""
        assert self.office
        try:
            return act()
        except EngineError as refusal:
            self._refusal = refusal
            return None

    def refusal(self) -> EngineError:
        """The refusal that is spoken of now."""
        refusal, self._refusal = self._refusal, None
        assert refusal is not None, "没有被拒绝"
        return refusal

    def sentence(self, error: EngineError) -> str:
        """What the page says."""
        lines = [filled(error.template, error.ids)]
        if isinstance(error, InvalidInput):
            lines += [f"{field.path}：{filled(field.template, field.params)}" for field in error.fields]
        return "\n".join(lines)

    def beside(self, error: EngineError) -> dict[str, str]:
        """What the page says beside each field, by the field's label."""
        assert isinstance(error, InvalidInput), self.sentence(error)
        labels = self.sheet.labels() if self.sheet else {}
        return {labels.get(f.path, f.path): filled(f.template, f.params) for f in error.fields}

    def end(self) -> None:
        refusal, self._refusal = self._refusal, None
        if self._office is not None:
            stopped = self._office.engine.incidents().items
            self._office.close()
            assert not stopped, f"事情停住了：{[incident.message for incident in stopped]}"
        if refusal is not None:
            raise AssertionError(self.sentence(refusal)) from refusal
