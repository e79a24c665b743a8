"""Every file that was ever deployed, without its content: what was in force at any moment can be told from it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.model import DeployedDefinition
from engine.store import definitions, reading
from engine.store.tables import definition, deployment, resource


def generation(session: Session) -> int:
    """Rises with every deployment; 0 before the first."""
    return definitions.generation(session)


def deployed(session: Session, after: int = 0) -> list[DeployedDefinition]:
    """Every version of every definition made by deployments after generation ``after``, oldest deployment first."""
    columns = (definition.c.sha256, deployment.c.generation, deployment.c.deployed_by, deployment.c.note)
    statement: Select[Any] = (
        select(*reading.DEFINITION, *columns)
        .join(deployment, deployment.c.key == definition.c.deployment_key)
        .where(deployment.c.generation > after)
        .order_by(deployment.c.generation, definition.c.key)
    )
    return [
        DeployedDefinition(reading.definition(row), row.sha256, row.generation, row.deployed_by, row.note)
        for row in session.execute(statement)
    ]


def contents(session: Session, digests: Collection[str]) -> dict[str, bytes]:
    """The deployed files by their SHA-256; one that is not there is left out."""
    statement = select(resource.c.sha256, resource.c.content).where(resource.c.sha256.in_(digests))
    return {row.sha256: bytes(row.content) for row in session.execute(statement)}
