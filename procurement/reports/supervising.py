"""What supervision can count: objections and appeals, credit, discretion, monitoring, red flags and matters."""

from __future__ import annotations

from sqlalchemy import Text, case, cast, func, or_
from sqlalchemy import join as joined
from sqlalchemy import outerjoin as beside

from procurement.registers.comparison import Objection
from procurement.registers.discretion import Discretion
from procurement.registers.flags import RedFlag
from procurement.registers.matters import Matter
from procurement.registers.parties import CreditEntry, Organisation
from procurement.registers.performance import MonitoringRecord
from procurement.registers.publicity import Appeal
from procurement.registers.purchases import Purchase
from procurement.reports.scope import NOW
from procurement.reports.source import OF_PURCHASE, OFFICE, WATCHERS, ZONE, Column, Source, month


def _standing() -> Column:
    today = func.date(func.timezone(ZONE, NOW))
    over = or_(CreditEntry.lifted_on <= today, CreditEntry.ends_on < today)
    return case((over, "over"), else_="in_force")


def of_supervision() -> list[Source]:
    """What was raised, decided, recorded and found about purchases and organisations."""
    return [
        Source(
            "objections",
            "异议",
            joined(Objection, Purchase, Purchase.id == Objection.purchase_id),
            Objection.id,
            "purchase",
            Purchase.id,
            Purchase.title,
            Objection.raised_at,
            {**OF_PURCHASE, "month": month(Objection.raised_at), "about": Objection.about, "objection": Objection.status},
        ),
        Source(
            "appeals",
            "投诉",
            joined(Appeal, Purchase, Purchase.id == Appeal.purchase_id),
            Appeal.id,
            "purchase",
            Purchase.id,
            Purchase.title,
            Appeal.raised_at,
            {**OF_PURCHASE, "month": month(Appeal.raised_at), "appeal": Appeal.status},
        ),
        Source(
            "credit",
            "信用记录",
            joined(CreditEntry, Organisation, Organisation.id == CreditEntry.organisation_id),
            CreditEntry.id,
            "organisation",
            Organisation.id,
            Organisation.name,
            CreditEntry.starts_on,
            {
                "credit": CreditEntry.kind,
                "month": month(CreditEntry.starts_on, is_day=True),
                "organisation": Organisation.name,
                "standing": _standing(),
            },
            unit=None,
            community=None,
            sight="",
            is_day=True,
            readers=OFFICE,
        ),
        Source(
            "discretion",
            "裁量",
            beside(Discretion, Purchase, Purchase.id == Discretion.purchase_id),
            Discretion.id,
            "discretion",
            func.coalesce(Discretion.purchase_id, ""),
            func.coalesce(Purchase.title, Discretion.rule_id),
            Discretion.at,
            {**OF_PURCHASE, "month": month(Discretion.at), "rule": Discretion.rule_id, "person": Discretion.decided_by},
            readers=WATCHERS,
        ),
        Source(
            "monitoring",
            "监测台账",
            joined(MonitoringRecord, Purchase, Purchase.id == MonitoringRecord.purchase_id),
            MonitoringRecord.id,
            "purchase",
            Purchase.id,
            Purchase.title,
            MonitoringRecord.recorded_at,
            {**OF_PURCHASE, "month": month(MonitoringRecord.recorded_at), "record": MonitoringRecord.kind},
        ),
        Source(
            "flags",
            "红旗",
            joined(RedFlag, Purchase, Purchase.id == RedFlag.purchase_id),
            RedFlag.id,
            "flag",
            cast(RedFlag.id, Text),
            Purchase.title,
            RedFlag.found_at,
            {**OF_PURCHASE, "month": month(RedFlag.found_at), "flag": RedFlag.kind, "verdict": RedFlag.state},
            readers=WATCHERS,
        ),
        Source(
            "matters",
            "监督事项",
            beside(Matter, Purchase, Purchase.id == Matter.purchase_id),
            Matter.id,
            "matter",
            Matter.id,
            Matter.title,
            Matter.opened_at,
            {
                "process": Matter.process_id,
                "month": month(Matter.opened_at),
                "state": case((Matter.closed_at.is_(None), "running"), else_="ended"),
            },
            only=Matter.void.is_(False),
            sight="matter",
        ),
    ]
