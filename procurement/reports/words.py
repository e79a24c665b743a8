"""Chinese words for what figures group by: dimensions, amounts, and the codes of the registers."""

from __future__ import annotations

from procurement.accounts.roles import ROLES
from procurement.archive.words import CODES

DIMENSIONS = {
    "route": "采购方式",
    "category": "目录类别",
    "catalogue": "目录编码",
    "unit": "单位",
    "community": "社区",
    "level": "层级",
    "month": "月份",
    "step": "步骤",
    "status": "状态",
    "state": "状态",
    "agency": "机构",
    "satisfaction": "满意度",
    "contract": "合同状态",
    "organisation": "社会组织",
    "deadline": "期限",
    "process": "流程",
    "task": "任务",
    "role": "谁来办",
    "about": "对象",
    "objection": "处理结果",
    "appeal": "处理结果",
    "credit": "种类",
    "standing": "效力",
    "rule": "规则",
    "person": "决定人",
    "record": "种类",
    "flag": "种类",
    "verdict": "结论",
}
AMOUNTS = {
    "amount": "金额",
    "awarded": "中选金额",
    "total": "总额",
    "committed": "已承诺",
    "reserved": "已占用",
    "available": "可用",
}
NOT_GIVEN = "未填写"
STATUS = {
    "demand_review": "需求审核中",
    "demand_approved": "需求已通过",
    "goals_approved": "已批准立项",
    "comparison_open": "公开比选中",
    "awarded": "已确定中选",
    "contracted": "已签合同",
    "delivering": "实施中",
    "accepted": "已验收",
    "archived": "已归档",
    "rejected": "未通过",
    "withdrawn": "已撤回",
    "failed": "采购失败",
    "terminated": "已终止",
    "void": "未启动",
}
ANSWERED = {
    "raised": "正在核查",
    "supplementing": "等待补正",
    "accepted": "已受理，正在处理",
    "refused": "不予受理",
    "withdrawn": "已撤回",
    "rejected": "不成立",
    "upheld": "成立",
}
LABELS: dict[str, dict[str, str]] = {
    "route": {**CODES["route"], "": "还没有确定"},
    "step": CODES["step"],
    "status": STATUS,
    "state": {"running": "在办", "ended": "已结束"},
    "level": {"district": "区级", "street": "街道", "community": "社区"},
    "community": {"": "没有指明社区"},
    "agency": {"": "没有委托机构"},
    "satisfaction": {"90": "90 分以上", "80": "80—90 分", "60": "60—80 分", "0": "不到 60 分", "none": "没有调查"},
    "contract": CODES["contract"],
    "deadline": {"met": "按时", "missed": "逾期办结", "overdue": "逾期未办", "running": "还没有到期"},
    "role": {**ROLES, "": "指定的人"},
    "about": {"documents": "比选文件", "process": "比选过程", "result": "比选结果"},
    "objection": ANSWERED,
    "appeal": {**ANSWERED, "raised": "正在审查"},
    "credit": {
        "good": "良好",
        "warning": "警示",
        "abnormal": "活动异常名录",
        "serious": "严重违法失信名单",
        "negative": "负面清单",
    },
    "standing": {"in_force": "有效", "over": "已失效"},
    "record": {
        "monitoring": "日常监测",
        "milestone": "节点核验",
        "rectification": "整改",
        "midterm": "中期评估",
        "final": "末期评估",
        "visit": "走访",
        "termination": "终止",
    },
    "rule": {
        "wage_share": "人员工资占比",
        "minimum_quotes": "至少几家报价",
        "notice_working_days": "公告期",
        "correction_working_days": "更正后的时间",
        "correction_lead_working_days": "更正提前几日",
        "minimum_applicants": "至少几家报名",
        "panel_size": "评审小组人数",
        "price_weight": "价格分的比重",
        "publicity_working_days": "公示期",
        "objection_answer_working_days": "答复异议的期限",
        "contract_max_months": "合同最长几个月",
        "payment_within_days": "付款期限",
        "midterm_after_months": "中期评估的时间",
        "final_after_months": "末期评估的时间",
        "rectification_working_days": "整改期限",
    },
    "flag": {
        "same_file": "同一个文件",
        "same_author": "同一作者",
        "same_device": "同一台电脑",
        "same_contact": "同一联系方式",
        "identical_prices": "报价相同",
        "patterned_prices": "报价有规律",
        "clustered_prices": "报价过于接近",
        "splitting": "疑似化整为零",
        "just_below_limit": "金额贴着限额",
        "repeated_winner": "一再选中同一家",
        "short_period": "公告期短",
        "single_bid": "只有一家递交",
    },
    "verdict": {"open": "待看", "false_alarm": "误报", "explained": "已说明", "followed_up": "跟进中", "referred": "已移送"},
}
# the order codes are shown in, where it is not how often they occur
ORDERED = ("level", "step", "status", "satisfaction", "deadline", "state", "standing", "verdict")


def label(dimension: str, code: str) -> str:
    return LABELS.get(dimension, {}).get(code) or code or NOT_GIVEN


def place(dimension: str, code: str) -> int:
    """Where a code stands among the others of its dimension."""
    codes = list(LABELS.get(dimension, {}))
    return codes.index(code) if code in codes else len(codes)
