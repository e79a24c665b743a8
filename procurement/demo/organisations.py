"""What the demo's organisations keep for the seven conditions, and one that waits to be registered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from engine.model import Actor
from procurement.accounts.users import actor_of
from procurement.demo.paper import sheet
from procurement.demo.reading import data
from procurement.demo.registers import PASSWORD
from procurement.office import Office
from procurement.registers.credit_code import check_sign
from procurement.registers.evidence import CONDITIONS


def hand_in_evidence(office: Office) -> None:
    """Every organisation hands in its papers, with the last days that ``data/evidence.yaml`` names."""
    known = data("evidence")
    members = {user.groups[0]: actor_of(user) for user in office.accounts.search(role="organisation", limit=1000)}
    for organisation in office.parties.organisations():
        group = f"organisation:{organisation.id}"
        until = known["until"].get(organisation.id, {})
        for condition, papers in known["papers"].items():
            _hand_in(office, organisation.id, condition, papers, until.get(condition), members[group])


def _hand_in(office: Office, organisation_id: str, condition: str, paper: str, until: dt.date | None, actor: Actor) -> None:
    reference = office.files.upload(
        [sheet(f"{organisation_id} {paper}")],
        f"{paper}.pdf",
        actor=actor,
        party=f"organisation:{organisation_id}",
        visibility="party",
    )
    files = [reference.as_variable()]
    office.evidence.hand_in(organisation_id, condition, note=paper, files=files, valid_until=until, actor=actor)


def conditions_of(office: Office, organisation_id: str, actor: Actor, proof: dict[str, Any]) -> dict[str, Any]:
    """What an application says: kept evidence where it may be used, ``proof`` where not."""
    kept = office.evidence.of(organisation_id, actor=actor)
    return {one.condition: {"reuse": True} if one.usable else proof for one in kept}


def begin_registration(office: Office) -> None:
    """One organisation without an account waits at the service centre."""
    known = data("evidence")
    given = known["registration"]
    first17 = given["credit_code"]
    row = office.registrations.begin({**given, "credit_code": first17 + check_sign(first17)}, PASSWORD, address="")
    for condition in CONDITIONS:
        paper = known["papers"].get(condition)
        if paper is None:
            continue
        until = known["until"]["registration"].get(condition)
        office.registrations.keep(row.id, condition, note=paper, valid_until=until)
        office.registrations.attach(row.id, condition, [sheet(f"{row.id} {paper}")], f"{paper}.pdf")
    office.registrations.send(row.id)
