"""Gap-free numbers such as CG-2026-0007."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from procurement.registers.purchases import NumberSeries

PURCHASE = "CG"  # 采购
NOTICE = "GG"  # 公告
APPLICATION = "BM"  # 报名
REGISTRATION = "ZC"  # 注册
BID_RECEIPT = "SJ"  # 收件
CONTRACT = "HT"  # 合同
CASE_FILE = "DA"  # 档案
RELEASE = "FB"  # 发布
APPEAL = "TS"  # 投诉
DRAW = "CQ"  # 抽取


def next_number(session: Session, series: str, year: int) -> str:
    """The next number of the series; given back when the transaction rolls back, because the row stays locked until its end."""
    statement = insert(NumberSeries).values(series=series, year=year, last=1)
    statement = statement.on_conflict_do_update(
        index_elements=[NumberSeries.series, NumberSeries.year], set_={"last": NumberSeries.last + 1}
    )
    last = session.execute(statement.returning(NumberSeries.last)).scalar_one()
    return f"{series}-{year}-{last:04d}"
