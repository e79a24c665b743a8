"""What of a purchase can be counted: the purchases, their contracts, payments and deadlines, and the budgets they live on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy import join as joined
from sqlalchemy import outerjoin as beside

from engine.store.tables import user_task
from procurement.registers.matters import Matter
from procurement.registers.money import Budget
from procurement.registers.parties import Organisation
from procurement.registers.performance import Contract, Payment
from procurement.registers.purchases import RUNNING, Purchase
from procurement.registers.registering import Registration
from procurement.reports.scope import NOW
from procurement.reports.source import OF_PURCHASE, OFFICE, Column, Source, month


def _level() -> Column:
    """Whose money it is: the budget's level, else that of who asked."""
    asked = case((Purchase.initiator_kind == "community", "community"), else_="street")
    return func.coalesce(Budget.level, asked)


def _satisfaction() -> Column:
    said = Purchase.satisfaction
    return case((said.is_(None), "none"), (said >= 90, "90"), (said >= 80, "80"), (said >= 60, "60"), else_="0")


def _deadline() -> Column:
    """What became of a deadline; one that nobody has to keep any more is not counted."""
    done = user_task.c.state == "completed"
    return case(
        (and_(done, user_task.c.ended_at <= user_task.c.due), "met"),
        (done, "missed"),
        (user_task.c.due < NOW, "overdue"),
        else_="running",
    )


def _of_case(column: Any) -> Column:
    """Of the matter the task belongs to: one that a message began runs under the message's key."""
    return select(column).where(Matter.process_key == user_task.c.root_key).correlate(user_task).scalar_subquery()


def _registering() -> Column:
    """The organisation that asks to be registered."""
    return select(Registration.name).where(Registration.id == user_task.c.business_key).correlate(user_task).scalar_subquery()


def of_purchases() -> list[Source]:
    """Purchases and what is done and paid for them."""
    task = user_task.c
    return [
        Source(
            "purchases",
            "采购项目",
            beside(Purchase, Budget, Budget.code == Purchase.budget_code),
            Purchase.id,
            "purchase",
            Purchase.id,
            Purchase.title,
            Purchase.started_at,
            {
                **OF_PURCHASE,
                "level": _level(),
                "month": month(Purchase.started_at),
                "step": Purchase.step,
                "status": Purchase.status,
                "state": case((Purchase.status.in_(RUNNING), "running"), else_="ended"),
                "agency": func.coalesce(Purchase.agency_id, ""),
                "catalogue": Purchase.catalogue_code,
                "satisfaction": _satisfaction(),
            },
            {"amount": func.coalesce(Purchase.amount, Purchase.estimate), "awarded": Purchase.awarded_amount},
            only=Purchase.status != "void",
        ),
        Source(
            "contracts",
            "合同",
            joined(Contract, Purchase, Purchase.id == Contract.purchase_id).join(
                Organisation, Organisation.id == Contract.organisation_id
            ),
            Contract.id,
            "contract",
            Contract.id,
            Purchase.title,
            Contract.created_at,
            {
                **OF_PURCHASE,
                "month": month(Contract.created_at),
                "contract": Contract.status,
                "organisation": Organisation.name,
            },
            {"amount": Contract.amount},
        ),
        Source(
            "payments",
            "付款",
            joined(Payment, Contract, Contract.id == Payment.contract_id).join(Purchase, Purchase.id == Contract.purchase_id),
            Payment.id,
            "purchase",
            Purchase.id,
            Purchase.title,
            Payment.paid_on,
            {**OF_PURCHASE, "month": month(Payment.paid_on, is_day=True)},
            {"amount": Payment.amount},
            is_day=True,
            readers=OFFICE,
        ),
        Source(
            "budgets",
            "预算",
            Budget,
            Budget.code,
            "budget",
            Budget.code,
            Budget.name,
            func.make_date(Budget.year, 1, 1),
            {"level": Budget.level, "category": Budget.category, "unit": Budget.unit},
            {
                "total": Budget.total,
                "reserved": Budget.reserved,
                "committed": Budget.committed,
                "available": Budget.total - Budget.reserved - Budget.committed,
            },
            unit=Budget.unit,
            community=None,
            readers=OFFICE,
            sight="",
            is_day=True,
        ),
        Source(
            "deadlines",
            "办理期限",
            beside(user_task, Purchase, Purchase.id == task.business_key),
            task.key,
            "case",
            func.coalesce(Purchase.id, _of_case(Matter.id), task.business_key),
            func.coalesce(Purchase.title, _of_case(Matter.title), _registering(), task.business_key),
            task.due,
            {
                **OF_PURCHASE,
                "month": month(task.due),
                "deadline": _deadline(),
                "process": task.process_id,
                "task": task.name,
                "role": func.split_part(func.coalesce(task.candidate_groups[1], ""), ":", 1),  # "agency:agy-01" is an agency
            },
            only=and_(task.due.is_not(None), task.state.in_(("created", "completed"))),
            sight="case",
        ),
    ]
