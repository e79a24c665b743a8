"""What an expression would read at a place of a case."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.queries import instances
from engine.queries.paging import Cut


def seen_from(session: Session, scope_key: int) -> dict[str, Any]:
    """The variables of an instance, or those an element sees. Raises NotFound."""
    try:
        around = instances.visible_variables(session, scope_key)
    except NotFound:
        instances.instance(session, scope_key)
        around = list(instances.variables(session, Cut("key", None), of=scope_key, scope_key=scope_key))
    return {variable.name: variable.value for variable in around}
