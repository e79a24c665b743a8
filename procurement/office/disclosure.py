"""What a published notice says to everybody now: the record of an opening without names and prices, until there is a result.

Names and prices are announced to those present (87号令 第四十一条) and kept with the file (第四十二条); nothing asks for them on a
public site while the panel still judges (第六十六条). Whether they are is the rule ``opening_record_public``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from procurement.registers.comparison import Notice
from procurement.registers.draw_files import is_result_public

OPENING_RECORD = "opening_record"
TOLD = ("number", "submitted_at", "sha256", "opened_at", "outcome")  # of one bid: what the list of receipts told already


def disclosed(session: Session, notices: Iterable[Notice]) -> Sequence[Notice]:
    """The notices as they may be read by everybody. Rows are taken out of the session, so that nothing of it is ever stored."""
    found = list(notices)
    for notice in found:
        if notice.kind == OPENING_RECORD and _is_withheld(session, notice):
            session.expunge(notice)
            notice.content = _without_names(notice.content)
    return found


def _is_withheld(session: Session, notice: Notice) -> bool:
    return notice.content.get("names_public") is False and not is_result_public(session, notice.purchase_id)


def _without_names(content: Mapping[str, Any]) -> dict[str, Any]:
    record = content.get("record") or {}
    bids = [{name: bid.get(name) for name in TOLD} for bid in record.get("bids") or []]
    valid = sum(bid["outcome"] == "opened" for bid in bids)
    told = f"共 {len(bids)} 份，有效 {valid} 份，到场人已签字。名称和报价已当众宣布；结果公布以后，全文在这里公开。"
    kept = {name: record[name] for name in ("place", "begun_at", "ended_at", "fingerprint", "sha256") if name in record}
    return {
        "purchase_id": content.get("purchase_id"),
        "title": content.get("title"),
        "text": told,
        "record": {**kept, "bids": bids},
    }
