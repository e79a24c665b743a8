"""What an organisation has to do now, the nearest deadline first: tasks, bids to hand in, evidence that runs out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from engine.model import UserTask
from procurement.office.evidence import EXPIRED, EXPIRING, Kept
from procurement.office.own_sides import OwnPurchase
from procurement.registers.comparison import NO_LONGER
from procurement.registers.row import OFFICE_ZONE
from web.pages.condition_words import CONDITION_NAMES


@dataclass(frozen=True)
class Duty:
    text: str
    about: str
    address: str
    due: dt.datetime | None
    urgent: bool = True  # a duty, not a reminder


def of(running: Sequence[OwnPurchase], tasks: Sequence[UserTask], kept: Sequence[Kept], now: dt.datetime) -> list[Duty]:
    """Nearest deadline first, what has none last."""
    titles = {it.purchase.id: it.purchase.title for it in running}
    found = [
        Duty(task.name, titles.get(task.business_key, task.business_key), url_for("tasks.show", key=task.key), task.due)
        for task in tasks
    ]
    found += [_bid(it) for it in running if _awaits_bid(it, now)]
    found += [_renewal(one) for one in kept if one.state in (EXPIRED, EXPIRING)]
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(found, key=lambda duty: (not duty.urgent, duty.due or far))


def may_withdraw(it: OwnPurchase, now: dt.datetime) -> bool:
    """Whether the page offers to take the application back."""
    application = it.application
    open_ = it.purchase.step == "selection" and it.purchase.apply_until is not None and now <= it.purchase.apply_until
    return application is not None and application.status not in (*NO_LONGER, "late", "refused") and open_


def _awaits_bid(it: OwnPurchase, now: dt.datetime) -> bool:
    confirmed = it.application is not None and it.application.status == "confirmed"
    waiting = it.purchase.step == "selection" and it.purchase.bid_until is not None and now <= it.purchase.bid_until
    return confirmed and waiting and not any(bid.status == "submitted" for bid in it.bids)


def _bid(it: OwnPurchase) -> Duty:
    return Duty(_("递交参选文件"), it.purchase.title, url_for("supplier.bid", number=it.purchase.id), it.purchase.bid_until)


def _renewal(one: Kept) -> Duty:
    assert one.row is not None
    assert one.row.valid_until is not None
    end = dt.datetime.combine(one.row.valid_until, dt.time(23, 59, 59), OFFICE_ZONE)
    text = _("更换已过期的证明材料") if one.state == EXPIRED else _("更换将到期的证明材料")
    return Duty(text, str(CONDITION_NAMES[one.condition]), url_for("evidence.index", _anchor=one.condition), end, urgent=False)
