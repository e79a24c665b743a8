"""Who called whom: the instances above an instance, and everything inside an instance or an element."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.model import ProcessInstance
from engine.queries.instances import instance
from engine.store.tables import element_instance, process_instance


def call_hierarchy(session: Session, instance_key: int) -> list[ProcessInstance]:
    """From the root down to the instance itself. Raises NotFound."""
    found = [instance(session, instance_key)]
    while (above := found[-1].parent_key) is not None:
        found.append(instance(session, above))
    return found[::-1]


def called_by(session: Session, instance_key: int) -> tuple[int, ...]:
    """The instance and all it called, directly or not. Raises NotFound."""
    p = process_instance.c
    root_key = instance(session, instance_key).root_key
    below: defaultdict[int | None, list[int]] = defaultdict(list)
    for key, parent in session.execute(select(p.key, p.parent_key).where(p.root_key == root_key)):
        below[parent].append(key)
    return tuple(_all_below(below, instance_key))


def inside_element(session: Session, element_key: int) -> tuple[int, ...]:
    """The element instance and all inside it, also inside the instances it called. Raises NotFound."""
    e, p = element_instance.c, process_instance.c
    root_key = session.execute(select(e.root_key).where(e.key == element_key)).scalar()
    if root_key is None:
        raise NotFound(kind="Element instance", key=element_key)
    below: defaultdict[int | None, list[int]] = defaultdict(list)
    for key, scope in session.execute(select(e.key, e.scope_key).where(e.root_key == root_key)):
        if key != scope:
            below[scope].append(key)
    for key, caller in session.execute(select(p.key, p.parent_element_key).where(p.root_key == root_key)):
        below[caller].append(key)
    return tuple(_all_below(below, element_key))


def _all_below(below: defaultdict[int | None, list[int]], key: int) -> Iterator[int]:
    waiting = [key]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += below[one]
