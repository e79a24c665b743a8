"""Scores in an archive: sheets as frozen and as signed, and every ranking computed again from them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine import json_codec
from procurement.archive.checking.opened import Opened
from procurement.archive.checking.reading import Said, rows, same
from procurement.archive.layout import Entry
from procurement.scoring import Candidate, Ranking, Sheet, TieStep, rank, sheets
from procurement.scoring.marks import points_of
from procurement.scoring.sheets import SUBJECTIVE


def scores(archive: Opened, entries: list[Entry], _head: dict[str, Any]) -> Said:
    """The sheet of the comparison, each expert's own, and the rankings; a scoring nobody settled has none."""
    frozen: dict[int, Any] = {}
    for entry, row in rows(archive, entries, "frozen_sheet"):
        yield 1
        frozen[row["id"]] = row
        if sheets.digest(row["sheet"]) != row["sha256"]:
            yield f"{entry.path}：评分表与定稿时的哈希不同"
    signed: dict[int, list[Any]] = {}
    for entry, row in rows(archive, entries, "expert_sheet"):
        yield 1
        signed.setdefault(row["run_id"], []).append(row)
        said = {name: row[name] for name in ("expert_id", "marks", "comment")}
        if row["state"] == "signed" and json_codec.digest(said) != row["sha256"]:
            yield f"{entry.path}：专家 {row['expert_id']} 的评分表与签字时的哈希不同"
    runs = {row["id"]: row for _, row in rows(archive, entries, "scoring_run")}
    supported = {row["id"]: row["supported"] or row["incubated"] for _, row in rows(archive, entries, "organisation")}
    for entry, evaluation in _last_of_each_run(archive, entries):
        run = runs.get(evaluation["report"]["run"])
        yield 1
        if run is None or run["sheet_id"] not in frozen:
            yield f"{entry.path}：缺这次评审的评分或评分表"
            continue
        given = _sheets(frozen[run["sheet_id"]], run, signed.get(run["id"], []))
        again = _ranked(run, given, evaluation["report"], supported)
        yield from (f"{entry.path}：{said}" for said in _differs(evaluation, again))
        yield from _kept(archive, entries, run, given, runs)


def _last_of_each_run(archive: Opened, entries: list[Entry]) -> Iterator[tuple[Entry, Any]]:
    """A correction settles a run again: the sheets are those of its last evaluation. Earlier versions scored without runs."""
    last: dict[int, tuple[Entry, Any]] = {}
    for entry, row in sorted(rows(archive, entries, "evaluation"), key=lambda one: one[1]["id"]):
        if "run" in row["report"]:
            last[row["report"]["run"]] = entry, row
    yield from last.values()


def _sheets(frozen: dict[str, Any], run: dict[str, Any], signed: list[Any]) -> list[Sheet]:
    own = [item.id for item in sheets.read(frozen["sheet"]).of_kind(SUBJECTIVE)]
    found = []
    for bid in run["bids"]:
        organisation = str(bid["organisation_id"])
        computed = {item: Decimal(str(row["points"])) for item, row in run["objective"].get(organisation, {}).items()}
        for sheet in signed:
            if sheet["state"] != "void":
                marks = sheet["before"] or sheet["marks"]
                points = {item: points_of(marks, organisation, item) or Decimal(0) for item in own} | computed
                found.append(Sheet(sheet["expert_id"], organisation, sum(points.values(), Decimal(0)), points))
    return found


def _ranked(run: dict[str, Any], given: list[Sheet], report: dict[str, Any], supported: dict[str, bool]) -> Ranking:
    candidates = [
        Candidate(
            bid["organisation_id"],
            str(bid.get("name") or ""),
            None if bid.get("price") is None else Decimal(str(bid["price"])),
            supported.get(bid["organisation_id"], False),
        )
        for bid in run["bids"]
    ]
    prices = {key: Decimal(str(row.get("points") or 0)) for key, row in report["prices"].items()}
    points = {one.organisation_id: prices.get(one.organisation_id, Decimal(0)) for one in candidates}
    return rank(candidates, given, [TieStep(step) for step in report["tie_steps"]], report["tie_seed"], price_points=points)


def _differs(evaluation: dict[str, Any], again: Ranking) -> Iterator[str]:
    stated = evaluation["ranking"]
    if not same(evaluation["report"]["totals"], again.report["totals"]):
        yield "各专家的总分与签过字的评分表不同"
    computed = {place.organisation_id: place.score for place in again.places}
    if {one["organisation_id"]: one["score"] for one in stated} != computed:
        yield "得分与由评分表算出的不同"
    order = [one["organisation_id"] for one in stated]
    if any(place.tie_note == TieStep.SUPPORTED for place in again.places):  # may have been registered otherwise by then
        order.sort(key=lambda organisation: -computed.get(organisation, Decimal(0)))
        if [computed[one] for one in order] != [place.score for place in again.places]:
            yield "名次与由评分表算出的不同"
    elif order != [place.organisation_id for place in again.places]:
        yield "名次与由评分表算出的不同"


def _kept(archive: Opened, entries: list[Entry], run: dict[str, Any], given: list[Sheet], runs: dict[int, Any]) -> Said:
    """The rows of the newest settled scoring, one per expert and organisation."""
    settled = [one["id"] for one in runs.values() if one["settled_at"] is not None]
    if run["id"] != max(settled, default=None):
        return
    totals = {(one.expert_id, one.organisation_id): one.total for one in given}
    for entry, row in rows(archive, entries, "score_sheet"):
        yield 1
        if totals.get((row["expert_id"], row["organisation_id"])) != row["total"]:
            yield f"{entry.path}：{row['expert_id']} 给 {row['organisation_id']} 的总分与签过字的评分表不同"
