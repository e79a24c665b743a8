"""What operations answer in a case that does not say otherwise: a small office on an ordinary day.

Each answer has the shape processes/OPERATIONS.md promises; a callable gets the operation's inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from procurement.operations.described import DESCRIBED, shape_of

Inputs = Mapping[str, Any]

CATALOGUE = [
    {"code": "B0301", "name": "老年人日间照料", "category": "social_affairs", "statutory_scope": False},
    {"code": "B0302", "name": "居家养老服务", "category": "social_affairs", "statutory_scope": False},
    {"code": "C0901", "name": "信息化运行维护", "category": "official_support", "statutory_scope": True},
]
BUDGETS = [{"budget_code": "2082004", "name": "社区服务购买", "available": 600000, "level": "街道"}]
MEMBERS = [
    {"login": "dgw1", "name": "李书记", "duty": "书记"},
    {"login": "dgw2", "name": "王主任", "duty": "副书记"},
    {"login": "dgw3", "name": "张委员", "duty": "组织委员"},
    {"login": "dgw4", "name": "刘委员", "duty": "宣传委员"},
    {"login": "dgw5", "name": "陈委员", "duty": "纪工委书记"},
]
ORGANISATIONS = [
    {
        "organisation_id": f"org-{n:02}",
        "name": name,
        "kind": "社会服务机构",
        "fostered": n == 2,
        "active": True,
        "negative_listed": False,
    }
    for n, name in enumerate(("晚晴社工服务中心", "邻里社区服务中心", "阳光助老服务社", "同心公益发展中心"), 1)
]


def lookup(inputs: Inputs) -> dict[str, Any]:
    found = next((item for item in CATALOGUE if item["code"] == inputs.get("code")), None)
    if found is None:
        return {"found": False, "name": None, "category": None, "statutory_scope": False, "note": "当日无此目录项"}
    return {
        "found": True,
        "name": found["name"],
        "category": found["category"],
        "statutory_scope": found["statutory_scope"],
        "note": "",
    }


def check_budget(inputs: Inputs) -> dict[str, Any]:
    amount = inputs.get("amount") or 0
    return {
        "exists": True,
        "available": 600000,
        "sufficient": amount <= 600000,
        "same_category_total": amount,
        "splitting_suspected": False,
    }


def check_organisation(inputs: Inputs) -> dict[str, Any]:
    return {"active": True, "negative_listed": False, "credit": [], "annual_report": "合格", "related_organisations": []}


def list_accounts(inputs: Inputs) -> dict[str, Any]:
    """Five people of every group that is asked for; experts have a number."""
    return {
        "accounts": [
            {
                "login": f"{group.partition(':')[0]}{n}",
                "name": f"{name}某",
                "unit": "社区服务中心",
                "groups": [group],
                "expert_id": f"exp-{90 + n}" if group == "expert" else None,
                "title": "教授" if group == "expert" else None,
            }
            for group in inputs.get("groups") or []
            for n, name in enumerate("甲乙丙丁戊", 1)
        ]
    }


def _of_its_shape(operation: str, _inputs: Inputs) -> dict[str, Any]:
    return shape_of(operation)


ANSWERS: dict[str, Any] = {
    **{operation: partial(_of_its_shape, operation) for operation in DESCRIBED},  # neutral values, unless given below
    "catalogue.list": {"items": CATALOGUE},
    "catalogue.lookup": lookup,
    "budget.list": {"budgets": BUDGETS},
    "budget.check": check_budget,
    "ledger.find": {"entries": [], "count": 0},
    "budget.reserve": {"reservation_id": "res-1"},
    "budget.release": {},
    "budget.commit": {},
    "purchase.record": {},
    "committee.members": {"members": MEMBERS},
    "account.list": list_accounts,
    "organisation.list": {"organisations": ORGANISATIONS},
    "organisation.check": check_organisation,
    "notice.publish": {"notice_id": "not-1", "notice_number": "GS-2026-0001", "published_at": "2026-03-02T09:00:00+08:00"},
    "notice.close": {},
    "application.decide": {},
    "award.record": {"award_id": "awd-1"},
    "contract.sign": {},
    "contract.terminate": {},
    "monitoring.record": {"record_id": "mon-1"},
    "credit.record": {"entry_id": "crd-1"},
    "demand.propose": {"proposal_ids": []},
}
