"""paper.contract: the effect that writes a contract as Word and PDF into the file store before anybody signs it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import InvalidInput, NotFound
from engine.facade import Database
from engine.model import SYSTEM
from engine.ports import Effect
from procurement.archive import printing
from procurement.files import FileReference, FileStore
from procurement.papers.contract import ContractText, contract_text
from procurement.papers.printing import as_pdf, as_word
from procurement.registers.edits import edit_as
from procurement.registers.files import FileUse, note_stored
from procurement.registers.parties import Organisation
from procurement.registers.performance import Contract, Milestone
from procurement.registers.purchases import Purchase

EFFECT = "paper.contract"


@dataclass(frozen=True)
class Press:
    """``office``: the name over the text; ``templates``: the office's own Word templates; ``printed``: with PDF; None: where it can be.

    ``address``: where people reach this installation, for links in what is printed; empty where it is not known.
    """

    database: Database
    files: FileStore
    office: str = "街道办事处"
    templates: Path | None = None
    printed: bool | None = True
    address: str = ""


def printing_contracts(press: Press, now: Callable[[], dt.datetime]) -> Effect:
    """The id of a contract → papers (file references, the one to sign first), document_sha256. A second time gives the same."""

    def effect(payload: Mapping[str, Any], idempotency_key: str) -> Mapping[str, Any]:
        number = payload.get("contract_id")
        if not isinstance(number, str):
            raise InvalidInput("paper.contract needs the number of a contract; it was given {number}.", number=number)
        papers = _kept(press, number) or _made(press, number, now())
        return {"papers": papers, "document_sha256": papers[0]["sha256"]}

    return effect


def _kept(press: Press, number: str) -> list[dict[str, Any]]:
    with press.database.unit_of_work() as work:
        contract = work.session.get(Contract, number)
        if contract is None:
            raise NotFound(kind="Contract", key=number)
        return list(contract.papers)


def _made(press: Press, number: str, at: dt.datetime) -> list[dict[str, Any]]:
    text, purchase_id, party = _read(press, number)
    made = [press.files.put([as_pdf(text)], f"{number}.pdf")] if prints(press) else []
    made.append(press.files.put([as_word(text, press.templates)], f"{number}.docx"))
    with press.database.unit_of_work() as work:
        edit_as(work.session, SYSTEM.user_id, at)
        contract = work.session.get_one(Contract, number, with_for_update=True)
        if not contract.papers:  # another worker may have been quicker
            contract.papers = [one.as_variable() for one in made]
            for one in made:
                _note(work.session, one, purchase_id, party, at)
        work.session.flush()
        papers = list(contract.papers)
        work.commit()
    return papers


def prints(press: Press) -> bool:
    """Whether this machine makes PDFs too."""
    return printing.can_print() if press.printed is None else press.printed


def _read(press: Press, number: str) -> tuple[ContractText, str, str]:
    with press.database.unit_of_work() as work:
        session = work.session
        contract = session.get_one(Contract, number)
        purchase, organisation = (
            session.get_one(Purchase, contract.purchase_id),
            session.get_one(Organisation, contract.organisation_id),
        )
        milestones = session.scalars(select(Milestone).where(Milestone.contract_id == number).order_by(Milestone.number)).all()
        text = contract_text(contract, purchase, organisation, milestones, office=press.office)
        return text, contract.purchase_id, f"organisation:{contract.organisation_id}"


def _note(session: Session, file: FileReference, purchase_id: str, party: str, at: dt.datetime) -> None:
    use = FileUse(
        sha256=file.sha256,
        name=file.name,
        purchase_id=purchase_id,
        uploaded_by=SYSTEM.user_id,
        party=party,
        visibility="case",
        uploaded_at=at,
    )
    note_stored(session, use, size=file.size, media_type=file.media_type, at=at)
