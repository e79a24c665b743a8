"""What the page tests begin with: a purchase somebody has just started."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model import UserTask
from web.composition import Services


@dataclass(frozen=True)
class StartedPurchase:
    """``login`` started it and holds its first task."""

    number: str
    login: str
    task: UserTask


def start_purchase(services: Services, login: str = "ylfw", title: str = "高龄独居老人居家照护") -> StartedPurchase:
    actor = services.office.accounts.actor(login)
    purchase = services.office.purchases.start(
        actor=actor, title=title, unit="养老服务科", initiator_kind="department", community="晚晴社区"
    )
    page = services.engine.tasks(root_key=purchase.process_key)
    return StartedPurchase(purchase.id, login, page.items[0])
