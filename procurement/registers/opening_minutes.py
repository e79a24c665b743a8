"""The minutes of an opening: what was done before whom, as those present sign it and everybody may read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from engine import json_codec
from procurement.accounts.tables import User
from procurement.accounts.users import actor_of
from procurement.registers import opening_keys, openings, sealed_bids, seals
from procurement.registers.comparison import Bid, BidContent
from procurement.registers.purchases import Purchase
from procurement.registers.sealing import BidOpening, Opening

PARTS = {"street": "街道", "agency": "支持机构", "supervisor": "纪检", "bidder": "参选人"}
CAUSES = {
    "key": "数据钥匙与本次密封不符",
    "missing": "文件不在存储里",
    "broken": "密文被改动或截断",
    "hash": "内容与回执的校验值不符",
}


def note_host(session: Session, opening: Opening, login: str, place: str, now: dt.datetime) -> None:
    """Who holds the opening; the host is there."""
    user = session.get(User, login)
    opening.host, opening.host_name, opening.place = login, user.name if user else login, place
    purchase = session.get(Purchase, opening.purchase_id)
    part = opening_keys.part_of(actor_of(user).groups, purchase.agency_id if purchase else None) if user else ""
    openings.note_presence(session, opening, login, opening.host_name, part or "street", now)


def written(session: Session, opening: Opening, now: dt.datetime) -> dict[str, Any]:
    """The minutes as far as the opening went: {purchase_id, title, place, host, begun_at, ended_at, fingerprint, present, bids}."""
    purchase = session.get_one(Purchase, opening.purchase_id)
    key = seals.comparison_key(session, opening.purchase_id)
    shares = {share.login: share for share in opening_keys.shares_of(session, key.id)} if key else {}
    results = openings.results(session, opening)
    present = [
        {
            "name": one.name,
            "part": one.part,
            "came_at": one.came_at,
            "gave_key_at": shares[one.login].given_at if one.login in shares else None,
        }
        for one in openings.presences(session, opening)
    ]
    return {
        "purchase_id": purchase.id,
        "title": purchase.title,
        "place": opening.place,
        "host": opening.host_name,
        "begun_at": opening.begun_at,
        "ended_at": now,
        "keys_needed": key.needed if key else 0,
        "fingerprint": key.fingerprint if key else "",
        "present": present,
        "bids": [_bid(session, bid, results.get(bid.id)) for bid in sealed_bids.counting(session, purchase.id)],
    }


def _bid(session: Session, bid: Bid, result: BidOpening | None) -> dict[str, Any]:
    content = session.get(BidContent, bid.id)
    failed = result is not None and result.outcome == "failed"
    return {
        "number": bid.id,
        "name": bid.name,
        "submitted_at": bid.submitted_at,
        "sha256": bid.sha256,
        "opened_at": result.opened_at if result else None,
        "outcome": result.outcome if result else "unopened",
        "price": content.content["price"] if content and not failed else None,
        "files": len(content.content["files"]) if content else None,
        "failures": [f"{_piece(one['number'])}：{CAUSES[one['cause']]}" for one in result.failures] if result and failed else [],
        "decision": result.decision if result else "",
        "reason": result.decision_reason if result else "",
    }


def as_text(minutes: Mapping[str, Any]) -> str:
    """The minutes to be read aloud and signed."""
    lines = [
        f"《{minutes['title']}》参选文件开启记录",
        f"地点：{minutes['place'] or '线上'}。主持：{minutes['host']}。密封指纹：{minutes['fingerprint']}。",
        "到场：" + "、".join(_present(one) for one in minutes["present"]) + "。",
    ]
    lines += [f"{number}. {_told(bid)}" for number, bid in enumerate(minutes["bids"], 1)]
    valid = sum(bid["outcome"] == "opened" for bid in minutes["bids"])
    lines.append(f"共 {len(minutes['bids'])} 份，有效 {valid} 份。")
    return "\n".join(lines)


def signers(session: Session, opening: Opening) -> list[dict[str, Any]]:
    """Those present who answer for the opening: host and key holders; bidders only watch."""
    present = openings.presences(session, opening)
    return [{"login": one.login, "name": one.name, "part": one.part} for one in present if one.part != "bidder"]


def concluded(session: Session, opening: Opening, signatures: Sequence[Any], now: dt.datetime) -> dict[str, Any]:
    """End the opening: the minutes are kept with who signed them, and the given shares are destroyed."""
    remarks = {
        str(one["login"]): str(one.get("remark") or "") for one in signatures if isinstance(one, Mapping) and one.get("login")
    }
    minutes = written(session, opening, now)
    for presence in openings.presences(session, opening):
        if presence.login in remarks:
            presence.signed_at, presence.remark = now, remarks[presence.login]
    signed = [
        {"name": one.name, "part": one.part, "remark": one.remark}
        for one in openings.presences(session, opening)
        if one.signed_at
    ]
    record = {**minutes, "signatures": signed}
    opening.minutes, opening.minutes_sha256 = record, json_codec.digest(record)
    openings.end(session, opening, "opened", now)
    return {**record, "sha256": opening.minutes_sha256}


def _present(one: Mapping[str, Any]) -> str:
    key = "，交钥" if one["gave_key_at"] else ""
    return f"{one['name']}（{PARTS.get(one['part'], one['part'])}{key}）"


def _told(bid: Mapping[str, Any]) -> str:
    beginning = f"{bid['name']}，回执 {bid['number']}，{bid['submitted_at']:%Y-%m-%d %H:%M:%S} 收到："
    if bid["outcome"] == "opened":
        return f"{beginning}报价 {bid['price']:.2f} 元，文件 {bid['files']} 个，校验一致。"
    if bid["outcome"] == "unopened":
        return f"{beginning}未开启。"
    return f"{beginning}未能开启（{'；'.join(bid['failures'])}）；{'不予接受' if bid['decision'] == 'excluded' else '待补交'}，理由：{bid['reason']}。"


def _piece(number: int) -> str:
    return f"第 {number} 个文件" if number else "参选记录"
