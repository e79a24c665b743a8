"""A survey opened as its process does, on any day, about any purchase."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from sqlalchemy.orm import Session

from engine.ports import OperationCall
from procurement.operations import OPERATIONS

NOTICE = {
    "who": "春熙路街道办事处，电话 028-8600 0000",
    "purpose": "了解服务好不好",
    "method": "汇总成比例",
    "kinds": "满意程度，不收姓名",
    "keeping": "截止后保存 180 日。",
    "rights": "可以不答。",
}
QUESTIONS: list[dict[str, Any]] = [
    {"question_id": "overall", "text": "总的来说，您满意吗？", "kind": "scale", "dimension": "总体", "required": True},
    {"question_id": "attitude", "text": "工作人员态度好不好？", "kind": "scale", "dimension": "态度"},
    {"question_id": "age", "text": "您的年龄", "kind": "choice", "options": "60 岁以下|60 到 79 岁|80 岁以上", "divides": True},
    {"question_id": "health", "text": "您行动方便吗？", "kind": "choice", "options": "方便|不方便", "sensitive": True},
    {"question_id": "wish", "text": "您还想说什么？", "kind": "text"},
]
_keys = itertools.count(9_000_000)


def perform(session: Session, now: dt.datetime, operation: str, **inputs: Any) -> Any:
    call = OperationCall(
        operation=operation,
        inputs=inputs,
        headers={},
        instance_key=1,
        root_instance_key=1,
        business_key="SX-2026-0001",
        element_id="some_task",
        element_key=next(_keys),
        actor_id="tester",
        now=now,
        session=session,
    )
    return OPERATIONS[operation](call)


def open_survey(session: Session, now: dt.datetime, **given: Any) -> str:
    """The number of a survey that runs for ten days."""
    asked = {
        "title": "长者食堂满意度",
        "audience": "beneficiaries",
        "questions": QUESTIONS,
        "notice": NOTICE,
        "closes_on": now.date() + dt.timedelta(days=10),
        "keep_days": 180,
        "minimum_answers": 10,
        "minimum_group": 5,
    }
    return str(perform(session, now, "survey.open", **{**asked, **given})["survey"])
