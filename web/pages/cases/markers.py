"""What the diagram of one instance is coloured with: done, waiting, incident, path taken, and what each call activity opened."""

from __future__ import annotations

from typing import Any

from engine.errors import NotFound
from engine.model import Comparisons
from web.pages.cases.case import Case
from web.pages.services import engine


def of_instance(case: Case, instance_key: int) -> dict[str, Any]:
    """JSON for static/diagram.js: element ids by mark, counts by element id, called instances by element id. Raises NotFound."""
    if instance_key not in case.definitions:
        raise NotFound(kind="Process instance", key=instance_key)
    passes = engine().element_statistics(instance_key=instance_key)
    incident = {one.element_id for one in passes if one.incidents}
    waiting = {one.element_id for one in passes if one.active} - incident
    done = {one.element_id for one in passes if one.completed} - waiting - incident
    counts = {one.element_id: one.active + one.incidents + one.completed + one.terminated for one in passes}
    return {
        "done": sorted(done.union(engine().flows_taken(instance_key))),
        "waiting": sorted(waiting),
        "incident": sorted(incident),
        "counts": {element: n for element, n in counts.items() if n > 1},
        "called": _called(case, instance_key),
    }


def _called(case: Case, instance_key: int) -> dict[str, int]:
    """The newest instance each call activity opened."""
    by_parent = {one.parent_element_key: one.key for one in case.instances if one.parent_key == instance_key}
    calls = Comparisons((("in", tuple(by_parent)),))
    elements = engine().elements(root_key=case.root.key, key=calls) if by_parent else ()
    return {element.element_id: by_parent[element.key] for element in elements}
