"""What moving all running instances of a version to another one would mean, and batches of such moves."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from engine.errors import EngineError, NotFound
from engine.feel import Feel
from engine.model import UNSAFE, BatchItem, BatchOperation, Finding, InstanceVerdict, MigrationPreview, Page, last_key
from engine.queries.paging import Cut, Listing, equal, page
from engine.spiff import CannotMove, Execution, ProcessModel
from engine.store.tables import batch_item, batch_operation, instance_state, process_instance

AT_ONCE = 100  # snapshots in memory
RUNNING = ("active", "incident")
SUSPENDED = Finding("", "suspended", "The case is suspended. Resume it first.", {}, UNSAFE)


class ReadingHost:
    """Lets a stored state be loaded and looked at; nothing can be run with it."""

    def __init__(self, process: Callable[[int], ProcessModel], feel: Feel, now: dt.datetime) -> None:
        self.feel, self.process = feel, process
        self._now = now
        self._keys = itertools.count(-1, -1)

    def now(self) -> dt.datetime:
        return self._now

    def new_key(self) -> int:
        return next(self._keys)

    def called_process(self, *_: Any) -> int:
        raise NotImplementedError

    form = decision = is_operation = perform = called_process


def preview(
    session: Session,
    host: ReadingHost,
    source_key: int,
    target: ProcessModel,
    mapping: Mapping[str, str],
    *,
    instance_keys: Collection[int] | None = None,
    limit: int = 50,
    after: str | None = None,
) -> MigrationPreview:
    """Every running instance is judged; ``limit`` of them, beyond the cursor ``after``, are told one by one. Raises CursorUnknown."""
    counts: Counter[str] = Counter()
    shown: list[InstanceVerdict] = []
    more = False
    begin = last_key(after) or 0
    for row in _running(session, source_key, instance_keys):
        verdict = _judged(host, row, target, mapping)
        counts[verdict.verdict] += 1
        if row.key > begin:
            more = len(shown) >= limit
            shown += [] if more else [verdict]
    by_verdict = {name: counts[name] for name in ("safe", "needs_mapping", "unsafe")}
    cursor = str(shown[-1].instance_key) if more and shown else None
    return MigrationPreview(source_key, target.definition_key, dict(mapping), counts.total(), by_verdict, tuple(shown), cursor)


def _running(session: Session, source_key: int, instance_keys: Collection[int] | None) -> Iterator[Any]:
    """In the order of their keys, some snapshots at a time."""
    p, s = process_instance.c, instance_state.c
    statement = (
        select(p.key, p.root_key, p.business_key, p.suspended_at, s.snapshot)
        .join(instance_state, s.root_key == p.root_key)
        .where(p.definition_key == source_key, p.state.in_(RUNNING))
        .order_by(p.key)
        .limit(AT_ONCE)
    )
    if instance_keys is not None:
        statement = statement.where(p.key.in_(instance_keys))
    last = 0
    while rows := session.execute(statement.where(p.key > last)).all():
        yield from rows
        last = rows[-1].key


def _judged(host: ReadingHost, row: Row[Any], target: ProcessModel, mapping: Mapping[str, str]) -> InstanceVerdict:
    place = (row.key, row.root_key, row.business_key)
    if row.suspended_at is not None:
        return InstanceVerdict(*place, UNSAFE, (SUSPENDED,))
    execution = Execution.load(host, row.snapshot)  # type: ignore[arg-type]  # only what loading needs
    found = execution.judge_migration(row.key, target, mapping)
    try:
        execution.rehearse_migration(row.key, target, mapping, found)
    except CannotMove as error:
        return InstanceVerdict(*place, UNSAFE, error.findings)
    except EngineError as error:
        return InstanceVerdict(*place, UNSAFE, (Finding("", error.code, error.template, error.ids, UNSAFE),))
    return InstanceVerdict(*place, found.verdict, found.findings)


# batches

_B, _I = batch_operation.c, batch_item.c
_COUNTS = {
    state: select(func.count()).where(_I.batch_key == _B.key, _I.state == state).scalar_subquery()
    for state in ("done", "failed", "canceled")
}
_BATCH = tuple(
    _B[name]
    for name in (
        "key", "kind", "state", "source_key", "target_key", "mapping", "reason", "started_by", "created_at", "ended_at", "total",
    )
)  # fmt: skip


def _batch(row: Row[Any]) -> BatchOperation:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's documented name
    counted = {state: values[f"{state}_count"] for state in _COUNTS}
    return BatchOperation(**{column.name: values[column.name] for column in _BATCH}, **counted)


BATCHES = Listing(
    (*_BATCH, *(count.label(f"{state}_count") for state, count in _COUNTS.items())),
    _B.key,
    {"created": _B.created_at, "key": _B.key},
    _batch,
)
_ITEM = tuple(_I[name] for name in (
    "batch_key", "instance_key", "root_key", "business_key", "state", "template", "params", "ended_at",
))  # fmt: skip


def _item(row: Row[Any]) -> BatchItem:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's documented name
    return BatchItem(**{column.name: values[column.name] for column in _ITEM})


ITEMS = Listing(_ITEM, _I.instance_key, {"key": _I.instance_key, "state": _I.state}, _item)


def batch(session: Session, key: int) -> BatchOperation:
    """Raises NotFound."""
    row = session.execute(select(*BATCHES.columns).where(_B.key == key)).one_or_none()
    if row is None:
        raise NotFound(kind="Batch", key=key)
    return _batch(row)


def batches(session: Session, cut: Cut, **equals: Any) -> Page:
    return page(session, BATCHES, equal(batch_operation, **equals), cut)


def items(session: Session, cut: Cut, key: int, *, state: str | None = None) -> Page:
    return page(session, ITEMS, equal(batch_item, batch_key=key, state=state), cut)
