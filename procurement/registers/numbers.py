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
SURVEY = "MY"  # 满意度
BATCH = "DR"  # 导入


def next_number(session: Session, series: str, year: int) -> str:
    """The next number of the series; given back when the transaction rolls back, because the row stays locked until its end."""
    return next_numbers(session, series, year, 1)[0]


def next_numbers(session: Session, series: str, year: int, count: int) -> list[str]:
    """The next ``count`` numbers of the series at once."""
    statement = insert(NumberSeries).values(series=series, year=year, last=count)
    statement = statement.on_conflict_do_update(
        index_elements=[NumberSeries.series, NumberSeries.year], set_={"last": NumberSeries.last + count}
    )
    last = session.execute(statement.returning(NumberSeries.last)).scalar_one()
    return [f"{series}-{year}-{number:04d}" for number in range(last - count + 1, last + 1)]
