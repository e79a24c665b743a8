"""Operations on the registers that are described as data, and on samples of anything."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from engine.errors import EngineError, ExecutionFailed
from engine.forms import Form
from engine.ports import Operation, OperationCall
from procurement import ledgers
from procurement.ledgers import batches, finding, recording, sampling
from procurement.ledgers.definitions import Ledger
from procurement.operations.inputs import Inputs
from procurement.operations.once import reading, writing
from procurement.registers.cataloguing import adopt
from procurement.registers.ledgers import LedgerEntry

ALL = 100_000  # entries of one list
MOST = 1000  # entries one service task takes into the case


class LedgerAway(ExecutionFailed):
    """The ledger {ledger} cannot be used here: {cause}. Add its file and its form and deploy them, then retry."""


def record_entry(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """ledger, values or entries, valid_from, valid_until, purchase_id, organisation_id → entry {number, …values}, numbers."""
    ledger, form, version = _ledger_and_form(call, inputs.text("ledger"))
    given = inputs.rows("entries", []) or ([inputs.mapping("values")] if inputs.given("values") else [])
    from_, until = inputs.date("valid_from", call.now.date()), inputs.date_or_none("valid_until")
    purchase, organisation = inputs.text("purchase_id", "") or None, inputs.text("organisation_id", "") or None
    matter = inputs.text("matter", _matter(call))
    accepted = [recording.fitted(ledger, form, values, call.now) for values in given]
    entries = [ledgers.NewEntry(values, from_, until, purchase, organisation, matter) for values in accepted]
    numbers = ledgers.record(call.session, ledger, entries, form_version=version, by=call.actor_id, at=call.now)
    first = {**accepted[0], "number": numbers[0]} if numbers else None
    return {"entry": first, "numbers": numbers}


def close_entries(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """ledger, number or where, on, reason → closed. They are in force up to the day before ``on``."""
    ledger = _ledger(call, inputs.text("ledger"))
    where = inputs.mapping("where", {}) | ({"number": inputs.text("number")} if inputs.given("number") else {})
    if not where:
        raise inputs.wrong("where", "a context with at least one field, or give the number")
    on = inputs.date("on", call.now.date())
    query = finding.Query(ledger.id, where)
    reason = inputs.text("reason", "")
    closed = ledgers.close(call.session, query.conditions(), on=on, reason=reason, by=call.actor_id, at=call.now)
    return {"closed": closed}


def find_entries(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """ledger, where, on, limit → entries [{number, valid_from, valid_until, recorded_at, …values}] newest first, count."""
    query = _query(call, inputs)
    rows = finding.find(call.session, query, limit=min(inputs.whole("limit", 100), MOST))
    return {"entries": list(map(shown, rows)), "count": finding.count(call.session, query)}


def total_entries(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """ledger, where, on, by, sum → groups [{value, count, sum}] largest first, count, sum of all."""
    query = _query(call, inputs)
    by, added = inputs.text("by", ""), inputs.text("sum", "")
    groups = finding.total(call.session, query, by, added or None) if by else []
    [whole] = finding.total(call.session, query, None, added or None)
    return {
        "groups": [{"value": one.value, "count": one.count, "sum": one.sum} for one in groups],
        "count": whole.count,
        "sum": whole.sum,
    }


def list_batches(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """Takes ledger → batches [{value, label, ledger, rows}] that were read without a fault and are not in force yet, newest first."""
    rows = batches.ready(call.session, inputs.text("ledger", ""))
    titles = {one.id: one.title for one in ledgers.in_force(call.session).values()}
    return {
        "batches": [
            {
                "value": row.number,
                "label": f"{row.number} {titles.get(row.ledger, row.ledger)}：{row.file_name}，{row.total} 行，自 {row.valid_from} 起",
                "ledger": row.ledger,
                "rows": row.total,
            }
            for row in rows
        ]
    }


def apply_batch(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """Takes batch → applied: every row of the import is an entry from the batch's day on."""
    batch = batches.locked(call.session, inputs.text("batch"))
    if batch is None:
        raise inputs.wrong("batch", "the number of an import, such as DR-2026-0001")
    ledger = _ledger(call, batch.ledger)
    numbers = batches.apply(call.session, batch, ledger, matter=_matter(call), by=call.actor_id, at=call.now)
    return {"applied": len(numbers)}


def adopt_list(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """Takes ledger, on → added, ended: the guiding catalogue says from that day on what the ledger's entries say."""
    ledger, day = _ledger(call, inputs.text("ledger")), inputs.date("on", call.now.date())
    listed = finding.find(call.session, finding.Query(ledger.id, on=day), limit=ALL)
    earlier = [one.value for one in finding.total(call.session, finding.Query(ledger.id), "code", None)]
    said = {str(row.values["code"]): row.values for row in listed}
    added, ended = adopt(call.session, said, [code for code in earlier if code], day)
    return {"added": added, "ended": ended}


def draw_sample(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """population, size, purpose → sample, seed, frame_sha256, algorithm. The seed is made after the list was fixed."""
    population = sorted(set(inputs.texts("population")), key=str.encode)
    size = inputs.whole("size")
    if size < 0:
        raise inputs.wrong("size", "a number from 0")
    frame = sampling.frame_sha256([inputs.text("purpose", ""), *population])
    seed = secrets.token_hex(32)
    return {
        "sample": sampling.sample(seed, frame, population, size),
        "seed": seed,
        "frame_sha256": frame,
        "algorithm": sampling.ALGORITHM,
    }


def shown(row: LedgerEntry) -> dict[str, Any]:
    """An entry as a variable: its values and what the ledger knows besides."""
    apart = {name: getattr(row, name) for name in ("purchase_id", "organisation_id", "matter")}
    own = {name: value for name, value in apart.items() if value is not None}
    return {
        **own,
        **row.values,
        "number": row.number,
        "valid_from": row.valid_from.isoformat(),
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
        "recorded_at": row.recorded_at.isoformat(),
    }


def _query(call: OperationCall, inputs: Inputs) -> finding.Query:
    """``on`` that is left out means today, ``on`` null every time."""
    ledger = _ledger(call, inputs.text("ledger"))
    every_time = "on" in call.inputs and not inputs.given("on")
    return finding.Query(ledger.id, inputs.mapping("where", {}), None if every_time else inputs.date("on", call.now.date()))


def _ledger(call: OperationCall, id_: str) -> Ledger:
    try:
        return ledgers.ledger(call.session, id_)
    except EngineError as cause:
        raise LedgerAway(ledger=id_, cause=str(cause).rstrip(".")) from cause


def _ledger_and_form(call: OperationCall, id_: str) -> tuple[Ledger, Form, int]:
    ledger = _ledger(call, id_)
    try:
        assert call.form is not None
        form, version = call.form(ledger.form)
    except EngineError as cause:
        raise LedgerAway(ledger=id_, cause=str(cause).rstrip(".")) from cause
    return ledger, form, version


def _matter(call: OperationCall) -> str:
    """The case's own number: of a matter or of a purchase, so that the entry's page leads to it."""
    return call.business_key


OPERATIONS: dict[str, Operation] = {
    "ledger.record": writing(record_entry),
    "ledger.close": writing(close_entries),
    "ledger.find": reading(find_entries),
    "ledger.total": reading(total_entries),
    "ledger.batches": reading(list_batches),
    "ledger.apply": writing(apply_batch),
    "catalogue.adopt": writing(adopt_list),
    "sample.draw": writing(draw_sample),
}
