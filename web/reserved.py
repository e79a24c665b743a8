"""The engine in front of somebody who may not know of some running cases at all: visits nobody announces.

A page about a case asks the office first (web.pages.cases.sight). The API reads across cases, so here those of a reserved matter
are left out of every answer: for the person asking they are not there. Tasks are limited to people by the engine itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from engine.errors import NotFound
from engine.model import Actor, Comparisons, HistoryEntry, Page, ProcessInstance, Searched, Variable
from engine.model.operating import ElementStatistics
from procurement.office.panels import Secret
from web.discreet import DiscreetEngine

Values = Mapping[str, Any]
NOTHING = Secret(frozenset(), frozenset())


class ReservedEngine(DiscreetEngine):
    """``roots``: the cases that are left out."""

    def __init__(self, engine: Any, roots: frozenset[int], secret: Secret | None, actor: Actor) -> None:
        super().__init__(engine, secret or NOTHING, actor)
        self._roots = roots

    def instance(self, key: int) -> ProcessInstance:
        found = super().instance(key)
        if found.root_key in self._roots:
            raise NotFound(kind="Process instance", key=key)
        return found

    def instances(self, **cut: Any) -> Page:
        return super().instances(**self._past(cut))

    def elements(self, of: int | None = None, **cut: Any) -> Page:
        return super().elements(of, **self._past(cut))

    def variables(self, of: int | None = None, **cut: Any) -> Page:
        return super().variables(of, **self._past(cut))

    def variable(self, key: int) -> Variable:
        found = super().variable(key)
        if found.root_key in self._roots:
            raise NotFound(kind="Variable", key=key)
        return found

    def evaluate_expression(self, expression: str, variables: Values | None = None, *, scope_key: int | None = None) -> Any:
        if scope_key is not None and self._root_of(scope_key) in self._roots:
            raise NotFound(kind="Element instance", key=scope_key)
        return super().evaluate_expression(expression, variables, scope_key=scope_key)

    def element_statistics(
        self, *, instance_key: int | None = None, except_roots: Collection[int] = (), **of: Any
    ) -> tuple[ElementStatistics, ...]:
        if instance_key is not None:
            self.instance(instance_key)
        left_out = self._roots | frozenset(except_roots)
        return super().element_statistics(instance_key=instance_key, except_roots=left_out, **of)

    def call_hierarchy(self, instance_key: int) -> list[ProcessInstance]:
        self.instance(instance_key)
        return super().call_hierarchy(instance_key)

    def audit(
        self, kinds: Collection[str], *, order: str = "-at", limit: int = 50, after: str | None = None, **filters: Any
    ) -> Searched:
        found = super().audit(kinds, order=order, limit=limit, after=after, **self._past(filters))
        return replace(found, items=self._left(found).items)

    def audit_entry(self, root_key: int, seq: int) -> HistoryEntry:
        if root_key in self._roots:
            raise NotFound(kind="History entry", key=f"{root_key}/{seq}")
        return super().audit_entry(root_key, seq)

    def decision_instances(self, **cut: Any) -> Page:
        return self._left(super().decision_instances(**self._past(cut)))

    def decision_instance(self, root_key: int, seq: int) -> HistoryEntry:
        if root_key in self._roots:
            raise NotFound(kind="Decision instance", key=f"{root_key}/{seq}")
        return super().decision_instance(root_key, seq)

    def _past(self, filters: dict[str, Any]) -> dict[str, Any]:
        """The filters, and none of the cases that are left out."""
        wanted = filters.get("root_key")
        tests: tuple[tuple[str, Any], ...] = (("not_in", tuple(self._roots)),)
        if wanted is not None:
            tests = (*(wanted.tests if isinstance(wanted, Comparisons) else (("eq", wanted),)), *tests)
        return {**filters, "root_key": Comparisons(tests)}

    def _left(self, page: Page) -> Page:
        """One instance asked for by its key is found by its case, whatever the filters say."""
        return replace(page, items=tuple(one for one in page.items if one.root_key not in self._roots))
