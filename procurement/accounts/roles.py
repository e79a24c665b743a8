"""The candidate groups of the office. A label is what pages show; the key is what diagrams name."""

from __future__ import annotations

ROLES: dict[str, str] = {
    "department": "职能部室经办",
    "community": "社区经办",
    "service_centre": "便民服务中心",
    "finance": "财政所",
    "procurement_officer": "采购经办",
    "street_leader": "街道办领导",
    "legal": "合法性审查",
    "committee": "党工委委员",
    "committee_secretary": "党工委秘书",
    "agency": "第三方支持机构",
    "expert": "评审专家",
    "organisation": "社会组织",
    "discipline": "纪检",
    "auditor": "审计",
    "district_centre": "区指导中心",
    "designer": "流程设计",
    "operator": "运维",
    "admin": "管理员",
}
# roles of outsiders: worthless without the party group that says which agency, organisation or expert
PARTY_ROLES = frozenset({"agency", "organisation", "expert"})
SCOPES: dict[str, str] = {
    "read": "查看本人可见的内容",
    "work": "发起采购、办理任务、发送消息",
    "jobs": "领取和完成外部作业",
    "deploy": "部署流程、决策和表单",
    "operate": "处理异常、调整变量、移动演示时钟",
}
OF_ONE_TYPE = "jobs:"  # "jobs:send-letter": the scope jobs, for jobs of the type send-letter only


def is_scope(scope: str) -> bool:
    """One of ``SCOPES``, or ``jobs`` narrowed to one type of job."""
    job_type = scope.removeprefix(OF_ONE_TYPE)
    return scope in SCOPES or (job_type != scope and job_type.strip() == job_type and 0 < len(job_type) <= 200)


def scope_label(scope: str) -> str:
    """What pages show for a scope."""
    return SCOPES[scope] if scope in SCOPES else f"{SCOPES['jobs']}：{scope.removeprefix(OF_ONE_TYPE)}"
