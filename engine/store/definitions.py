"""Deployed definitions: written once, found by key, id, version or tag."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from engine.model import Definition
from engine.store import reading
from engine.store.tables import definition, deployment, deployment_definition, resource

DEPLOYING = 0x6465706C6F79  # "deploy": one deployment at a time, so versions have no gaps and caches see every one


def lock_deploying(session: Session) -> None:
    session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": DEPLOYING})


def generation(session: Session) -> int:
    """Rises with every deployment."""
    return session.execute(select(func.max(deployment.c.generation))).scalar() or 0


def by_key(session: Session, key: int) -> Definition | None:
    return _one(session, definition.c.key == key)


def latest(session: Session, kind: str, id_: str) -> Definition | None:
    return _one(session, definition.c.kind == kind, definition.c.id == id_)


def version(session: Session, kind: str, id_: str, number: int) -> Definition | None:
    return _one(session, definition.c.kind == kind, definition.c.id == id_, definition.c.version == number)


def tagged(session: Session, kind: str, id_: str, tag: str) -> Definition | None:
    """The newest version with that tag."""
    return _one(session, definition.c.kind == kind, definition.c.id == id_, definition.c.version_tag == tag)


def in_deployment(session: Session, kind: str, id_: str, deployment_key: int) -> Definition | None:
    """The version the deployment consists of, its own or one it took over unchanged."""
    members = select(deployment_definition.c.definition_key).where(deployment_definition.c.deployment_key == deployment_key)
    return _one(session, definition.c.kind == kind, definition.c.id == id_, definition.c.key.in_(members))


def _one(session: Session, *conditions: ColumnElement[bool]) -> Definition | None:
    statement = select(*reading.DEFINITION).where(*conditions).order_by(definition.c.version.desc()).limit(1)
    row = session.execute(statement).one_or_none()
    return None if row is None else reading.definition(row)


def keys_of(session: Session, kind: str, id_: str) -> list[int]:
    """Every version there is."""
    return list(session.scalars(select(definition.c.key).where(definition.c.kind == kind, definition.c.id == id_)))


def content(session: Session, key: int) -> bytes | None:
    """The file the definition was deployed from, byte for byte."""
    statement = (
        select(resource.c.content).join(definition, definition.c.sha256 == resource.c.sha256).where(definition.c.key == key)
    )
    found = session.execute(statement).scalar()
    return None if found is None else bytes(found)


def fingerprint(session: Session, key: int) -> tuple[str, str]:
    """What tells an unchanged definition: SHA-256 of its file, and of what it binds of its deployment."""
    row = session.execute(select(definition.c.sha256, definition.c.bound).where(definition.c.key == key)).one()
    return row.sha256, row.bound


def keep_deployment(session: Session, key: int, at: dt.datetime, by: str, note: str) -> None:
    session.execute(insert(deployment).values(key=key, deployed_at=at, deployed_by=by, note=note))


def keep_resources(session: Session, contents: Iterable[bytes]) -> None:
    rows = [{"sha256": hashlib.sha256(one).hexdigest(), "content": one} for one in contents]
    session.execute(upsert(resource).on_conflict_do_nothing(), rows)


def keep_definition(session: Session, made: Definition, sha256: str, bound: str) -> None:
    values = {column.name: getattr(made, column.name) for column in reading.DEFINITION}
    session.execute(insert(definition).values(**values, sha256=sha256, bound=bound))


def keep_members(session: Session, deployment_key: int, members: Sequence[Definition]) -> None:
    rows = [{"deployment_key": deployment_key, "definition_key": member.key} for member in members]
    session.execute(insert(deployment_definition), rows)
