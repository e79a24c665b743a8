"""What all cases together reach: how often each sequence flow was taken, each rule of each table matched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.sandbox.checked import CaseResult
from engine.sandbox.project import Project


@dataclass
class Coverage:
    """``flows`` by (process, flow id); ``elements`` by (process, element id); ``rules`` by (table id, number from 1)."""

    flows: Counter[tuple[str, str]] = field(default_factory=Counter)
    elements: Counter[tuple[str, str]] = field(default_factory=Counter)
    rules: Counter[tuple[str, int]] = field(default_factory=Counter)

    def add(self, result: CaseResult) -> None:
        if result.played is not None:
            self.flows.update((taken.process, taken.flow) for taken in result.played.flows)
            self.elements.update((visit.process, visit.element_id) for visit in result.played.visits)
        for table, rule in result.rules:
            self.rules[table, rule] += 1

    def missing_flows(self, project: Project, process_id: str) -> list[str]:
        """Sequence flows no case takes. Raises NotFound, DefinitionInvalid."""
        return [flow for flow in project.process(process_id).flows if (process_id, flow) not in self.flows]

    def missing_rules(self, project: Project, table_id: str) -> list[int]:
        """Numbers of the rules no case matches."""
        return [n for n, _ in enumerate(project.tables[table_id].rules, 1) if (table_id, n) not in self.rules]


def coverage(results: Iterable[CaseResult]) -> Coverage:
    """Results of cases that do not go as expected count too: what they reached, they reached."""
    found = Coverage()
    for result in results:
        found.add(result)
    return found
