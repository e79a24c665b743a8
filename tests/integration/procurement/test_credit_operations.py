"""Whose yearly report is missing, and ending an entry once."""

from __future__ import annotations

import datetime as dt

from procurement.registers.ledgers import LedgerEntry
from procurement.registers.parties import CreditEntry, Organisation
from tests.integration.procurement.conftest import START


def organisation(session, number, code):
    row = Organisation(
        id=f"org-{number}", name=f"组织{number}", kind="social_service", credit_code=code, registration_authority="区民政局",
        registered_on=dt.date(2015, 1, 1), scope="服务", legal_representative="某",
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def test_only_those_without_a_report_of_the_year_are_listed(session, perform):
    organisation(session, 91, "52510104MJQ100091X")
    organisation(session, 92, "52510104MJQ100092X")
    report = {"credit_code": "52510104MJQ100091X", "name": "组织91", "year": 2025, "submitted_on": "2026-03-01", "result": "合格"}
    session.add(
        LedgerEntry(
            ledger="yearly_reports", number="NB-2026-9001", key=None, name="组织91", form_version=1, values=report, search="",
            facts={name: [value] for name, value in report.items()}, valid_from=dt.date(2026, 3, 1), recorded_by="t",
            recorded_at=START,
        )
    )  # fmt: skip
    session.flush()
    missing = {row["organisation_id"] for row in perform("credit.unreported", year=2025)["organisations"]}
    assert "org-92" in missing
    assert "org-91" not in missing
    assert "org-91" in {row["organisation_id"] for row in perform("credit.unreported", year=2024)["organisations"]}


def test_an_entry_is_lifted_once(session, perform):
    row = organisation(session, 93, "52510104MJQ100093X")
    entry = CreditEntry(
        organisation_id=row.id,
        kind="warning",
        reason="签到不全",
        starts_on=dt.date(2026, 1, 1),
        recorded_by="t",
        recorded_at=START,
    )
    session.add(entry)
    session.flush()
    assert perform("credit.lift", entry_id=entry.id, reason="已经改正")["lifted"] is True
    assert perform("credit.lift", entry_id=entry.id, reason="又一次")["lifted"] is False
    assert entry.lifted_reason == "已经改正"
