"""Which sequence flows an instance went along."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.queries.history import history
from engine.queries.instances import instance


def flows_taken(session: Session, instance_key: int) -> list[str]:
    """Ids of the sequence flows, each once, in the order they were first taken. Raises NotFound."""
    root_key = instance(session, instance_key).root_key
    taken = history(session, root_key, kinds=("flow_taken",))
    return list(dict.fromkeys(one.element_id for one in taken if one.instance_key == instance_key))
