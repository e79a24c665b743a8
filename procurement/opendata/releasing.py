"""Every release of one purchase, in order. Writing them again from the same rows gives the same releases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from procurement.opendata import awarding, contracting, tendering
from procurement.opendata.events import Event, events
from procurement.opendata.facts import Facts, Publisher
from procurement.opendata.parties import Parties
from procurement.opendata.redaction import published
from procurement.opendata.shapes import Json, document, known


@dataclass(frozen=True)
class Draft:
    """A release before it has a number: ``body`` lacks ocid, id, date and tag, which it gets when it is published."""

    event: str
    at: dt.datetime
    tags: list[str]
    body: Json


@dataclass
class _Course:
    """What the events so far have led to."""

    facts: Facts
    parties: Parties
    opened: bool = False  # a comparison notice was published
    award_id: str = ""
    awards: dict[str, str] = field(default_factory=dict)  # organisation → award


def drafts(facts: Facts, publisher: Publisher) -> list[Draft]:
    """One per event, oldest first. Texts are redacted (procurement.opendata.redaction)."""
    course = _Course(facts, Parties(facts, publisher))
    return [_draft(course, event, first=number == 0) for number, event in enumerate(events(facts))]


def _draft(course: _Course, event: Event, *, first: bool) -> Draft:
    tags, parts = _TELLING[event.kind](course, event) if event.kind in _TELLING else ([], {})
    body: Json = {"initiationType": "tender", "language": "zh", "buyer": course.parties.office("buyer")}
    if first:
        course.parties.unit()
        body["planning"] = tendering.planning(course.facts)
        body["relatedProcesses"] = _related(course.facts)
        tags = ["planning", *(tag for tag in tags if tag != "planning")]
        if "tender" not in parts and event.kind != "intention":  # decided without a public tender: say how
            parts["tender"] = tendering.tender(course.facts, course.parties, event.row.content) | {"status": "complete"}
            tags.insert(1, "tender")
    body |= {"parties": course.parties.take(), **parts}
    return Draft(event.key, event.at, tags or ["planningUpdate"], published(known(**body)))


def _related(facts: Facts) -> list[Json]:
    return [
        {"id": str(number), "relationship": ["prior"], "scheme": "ocid", "identifier": ocid}
        for number, ocid in enumerate(facts.earlier.values(), 1)
    ]


def _intention(_course: _Course, _event: Event) -> tuple[list[str], Json]:
    return ["planning"], {}


def _notice(course: _Course, event: Event) -> tuple[list[str], Json]:
    again, course.opened = course.opened, True
    return ["tenderAmendment" if again else "tender"], {"tender": tendering.opened(course.facts, event, course.parties)}


def _change(course: _Course, event: Event) -> tuple[list[str], Json]:
    part = tendering.amended(event)
    return ["tenderAmendment" if "amendments" in part else "tenderUpdate"], {"tender": {"id": course.facts.purchase.id, **part}}


def _cancellation(course: _Course, event: Event) -> tuple[list[str], Json]:
    parts: Json = {"tender": {"id": course.facts.purchase.id, **tendering.cancelled(event)}}
    if course.award_id:
        parts["awards"] = [{"id": course.award_id, "status": "cancelled"}]
    return ["tenderCancellation", *(["awardCancellation"] if course.award_id else [])], parts


def _bid_list(course: _Course, event: Event) -> tuple[list[str], Json]:
    return ["tenderUpdate"], {"tender": {"id": course.facts.purchase.id, **tendering.bids_received(event)}}


def _opening(course: _Course, event: Event) -> tuple[list[str], Json]:
    return ["tenderUpdate"], {"tender": {"id": course.facts.purchase.id, **tendering.bids_opened(event)}}


def _result(course: _Course, event: Event) -> tuple[list[str], Json]:
    earlier, course.award_id = course.award_id, event.row.id
    award = awarding.award(course.facts, event, course.parties, course.award_id, "pending")
    _remember(course, award)
    tenderers = awarding.tenderers(award.get("ranking", []))
    tender = known(id=course.facts.purchase.id, status="complete", tenderers=tenderers, numberOfTenderers=len(tenderers) or None)
    voided = [{"id": earlier, "status": "cancelled"}] if earlier else []
    return ["awardUpdate" if earlier else "award"], {"tender": tender, "awards": [*voided, award]}


def _award(course: _Course, event: Event) -> tuple[list[str], Json]:
    again = bool(course.award_id)
    course.award_id = course.award_id or event.row.id
    award = awarding.award(course.facts, event, course.parties, course.award_id, "active")
    _remember(course, award)
    return ["awardUpdate" if again else "award"], {"awards": [award]}


def _remember(course: _Course, award: Json) -> None:
    for supplier in award.get("suppliers", []):
        course.awards[supplier["id"]] = award["id"]


def _objection(course: _Course, event: Event) -> tuple[list[str], Json]:
    return ["awardUpdate" if course.award_id else "tenderUpdate"], {"objections": [awarding.objection(course.facts, event)]}


def _appeal(course: _Course, event: Event) -> tuple[list[str], Json]:
    return ["awardUpdate" if course.award_id else "tenderUpdate"], {"appeals": [awarding.appeal(course.facts, event)]}


def _appeal_decision(course: _Course, event: Event) -> tuple[list[str], Json]:
    """The announced decision, as a document of the award it is about, or of the tender."""
    papers = [document(event.row, "complaints")]
    if course.award_id:
        return ["awardUpdate"], {"awards": [{"id": course.award_id, "documents": papers}]}
    return ["tenderUpdate"], {"tender": {"id": course.facts.purchase.id, "documents": papers}}


def _signed(course: _Course, event: Event) -> tuple[list[str], Json]:
    award_id = _award_of(course, event.row.organisation_id)
    if event.row.supplements_id:
        return ["contractAmendment"], {"contracts": [contracting.supplemented(event, award_id)]}
    return ["contract"], {"contracts": [contracting.signed(course.facts, event, award_id)]}


def _paid(course: _Course, event: Event) -> tuple[list[str], Json]:
    contract = next(row for row in course.facts.contracts if row.id == event.row.contract_id)
    award_id = _award_of(course, contract.organisation_id)
    return ["implementation"], {"contracts": [contracting.paid(course.facts, event, award_id, course.parties)]}


def _ended(course: _Course, event: Event) -> tuple[list[str], Json]:
    return ["contractTermination"], {"contracts": [contracting.ended(event, _award_of(course, event.row.organisation_id))]}


def _award_of(course: _Course, organisation_id: str) -> str:
    row = course.facts.organisations.get(organisation_id)
    found = course.awards.get(course.parties.registered(row, "supplier")["id"]) if row else None
    return found or course.award_id or course.facts.purchase.id


def _told(kind: str, tag: str) -> Callable[[_Course, Event], tuple[list[str], Json]]:
    def tell(course: _Course, event: Event) -> tuple[list[str], Json]:
        contracts = [row for row in course.facts.contracts if row.signed_on is not None]
        if not contracts:
            return [tag], {}
        contract = contracts[-1]
        return [tag], {"contracts": [contracting.told(event, contract.id, _award_of(course, contract.organisation_id), kind)]}

    return tell


_TELLING: dict[str, Callable[[_Course, Event], tuple[list[str], Json]]] = {
    "intention": _intention,
    "comparison_notice": _notice,
    "correction": _change,
    "extension": _change,
    "termination": _cancellation,
    "bid_list": _bid_list,
    "opening_record": _opening,
    "result_publicity": _result,
    "result": _award,
    "award": _award,
    "objection": _objection,
    "appeal": _appeal,
    "appeal_decision": _appeal_decision,
    "contract": _told("contractNotice", "contractUpdate"),
    "contract_signed": _signed,
    "payment": _paid,
    "acceptance": _told("completionCertificate", "implementation"),
    "termination_of_contract": _told("contractNotice", "contractUpdate"),
    "contract_end": _ended,
}
