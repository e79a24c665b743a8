"""What the diagram of one instance is coloured with: done, waiting, incident, path taken, and what each call activity opened."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from engine.errors import NotFound
from web.pages.cases.case import Case
from web.pages.services import engine

FLOW = "flow_taken"


def of_instance(case: Case, instance_key: int) -> dict[str, Any]:
    """JSON for static/case.js: element ids by mark, counts by element id, called instances by element id. Raises NotFound."""
    if instance_key not in case.definitions:
        raise NotFound(kind="Process instance", key=instance_key)
    marks: dict[str, set[str]] = defaultdict(set)
    counts: dict[str, int] = defaultdict(int)
    called: dict[str, int] = {}
    by_parent = {instance.parent_element_key: instance.key for instance in case.instances if instance.parent_element_key}
    for element in engine().elements(instance_key=instance_key, root_key=case.root.key):
        marks[_mark(element.state)].add(element.element_id)
        counts[element.element_id] += element.element_type != "multiInstanceBody"
        if element.key in by_parent:
            called[element.element_id] = by_parent[element.key]
    taken = {e.element_id for e in engine().history(case.root.key, kinds=(FLOW,)) if e.instance_key == instance_key}
    done = marks["done"] - marks["waiting"] - marks["incident"]
    return {
        "definition": case.definitions[instance_key],
        "done": sorted(done | taken),
        "waiting": sorted(marks["waiting"] - marks["incident"]),
        "incident": sorted(marks["incident"]),
        "counts": {element: n for element, n in counts.items() if n > 1},
        "called": called,
    }


def _mark(state: str) -> str:
    return {"active": "waiting", "incident": "incident", "completed": "done"}.get(state, "ended")
