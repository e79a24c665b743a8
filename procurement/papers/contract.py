"""What a contract says, once, for Word, PDF and the published notice alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from procurement.registers.parties import Organisation
from procurement.registers.performance import Contract, Milestone
from procurement.registers.purchases import Purchase

# the six clause groups of 办法 第九条(十), in its order
CLAUSES = {
    "time": "服务时间",
    "scope": "服务范围",
    "content": "服务内容",
    "requirements": "服务要求",
    "payment": "资金支付",
    "liability": "违约责任",
}
DIGITS, UNITS, GROUPS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ("", "万", "亿", "万亿")


@dataclass(frozen=True)
class ContractText:
    """``facts`` are name and value of the heading; ``clauses`` heading and text; ``milestones`` title, day and amount."""

    number: str
    title: str
    office: str
    other_side: str
    credit_code: str
    amount: str
    amount_in_words: str
    starts_on: str
    ends_on: str
    clauses: tuple[tuple[str, str], ...]
    milestones: tuple[tuple[str, str, str], ...]
    supplements: str
    reason: str
    sha256: str
    day: str

    @property
    def heading(self) -> str:
        return "补充合同" if self.supplements else "购买社会组织服务合同"


def contract_text(
    contract: Contract, purchase: Purchase, organisation: Organisation, milestones: Sequence[Milestone], *, office: str
) -> ContractText:
    return ContractText(
        number=contract.id,
        title=purchase.title,
        office=office,
        other_side=organisation.name,
        credit_code=organisation.credit_code or "",
        amount=f"{contract.amount:,.2f}",
        amount_in_words=in_words(contract.amount),
        starts_on=_day(contract.starts_on),
        ends_on=_day(contract.ends_on),
        clauses=tuple(
            (f"第{'一二三四五六'[n]}条　{name}", _said(contract.clauses, code)) for n, (code, name) in enumerate(CLAUSES.items())
        ),
        milestones=tuple((one.title, _day(one.due_on), f"{one.amount:,.2f}") for one in milestones),
        supplements=contract.supplements_id or "",
        reason=contract.reason,
        sha256=contract.sha256,
        day=_day(contract.created_at.date()),
    )


def _said(clauses: dict[str, Any], code: str) -> str:
    return str(clauses.get(code) or "按原合同执行。")


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def in_words(amount: Decimal) -> str:
    """Yuan in the capital figures of contracts: 360000 → 叁拾陆万元整."""
    cents = int((amount * 100).to_integral_value())
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text = f"{_whole(yuan)}元" if yuan else ""
    if not jiao and not fen:
        return (text or "零元") + "整"
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif text:
        text += "零"
    return text + (f"{DIGITS[fen]}分" if fen else "整")


def _whole(number: int) -> str:
    groups: list[int] = []
    while number:
        number, rest = divmod(number, 10_000)
        groups.append(rest)
    text = ""
    for n in range(len(groups) - 1, -1, -1):
        if groups[n]:
            if text and (groups[n] < 1000 or groups[n + 1] == 0):
                text += "零"
            text += _thousands(groups[n]) + GROUPS[n]
    return text.replace("零零", "零")


def _thousands(number: int) -> str:
    text, gap = "", False
    for n in (3, 2, 1, 0):
        digit = number // 10**n % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + UNITS[n]
            gap = False
        else:
            gap = True
    return text
