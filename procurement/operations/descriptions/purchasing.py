"""The purchase itself: its register row, notices, result, monitoring, the closed file."""

from __future__ import annotations

from procurement.operations.descriptions.shape import NEW_PURCHASE, PURCHASE, Described, gives, may, need
from procurement.registers.comparison import NOTICE_KINDS
from procurement.registers.purchases import STATUSES, STEPS

DESCRIBED = (
    Described(
        "purchase.record",
        "登记采购进度",
        "把项目走到哪一步、什么结果记入采购登记；只写要更新的。看得见的变量里描述项目的那些（所在社区、服务对象、估算金额等）一并记下。",
        inputs=(
            PURCHASE,
            may("step", "string", "步骤", choices=STEPS),
            may("status", "string", "状态；写了它，金额和承接主体才更新", choices=STATUSES),
            may("reason", "string", "未获同意、撤回、失败或终止的理由"),
            may("title", "string", "名称"),
            may("unit", "string", "购买单位"),
            may("amount", "number", "批准的总额，或中选、签约的金额（元）"),
            may("route", "string", "采购方式", choices=("committee", "open_comparison", "statutory")),
            may("organisation_id", "string", "承接主体编号，中选、签约时记下"),
            may("agency_id", "string", "受托的第三方支持机构编号"),
            may("satisfaction", "number", "满意度（%）"),
            may("details", "context", "其他要留下的内容"),
            may("catalogue_code", "string", "目录编号", seldom=True),
            may("community", "string", "所在社区", seldom=True),
            may("beneficiary_group", "string", "服务对象", seldom=True),
            may("beneficiary_count", "number", "受益人数", seldom=True),
            may("estimate", "number", "估算金额（元）", seldom=True),
            may("budget_code", "string", "预算项目编号", seldom=True),
            *NEW_PURCHASE,
        ),
    ),
    Described(
        "notice.publish",
        "发布公告",
        "向社会公开一份公告并取得编号。比选公告和延期公告定下报名和递交的截止时间；答疑公告一并答复登记里的提问，公布时不写提问人。",
        inputs=(
            PURCHASE,
            need("kind", "string", "公告种类", choices=NOTICE_KINDS),
            need("title", "string", "标题"),
            may(
                "content",
                "context",
                "内容",
                may("applications_close_at", "date and time", "报名截止（比选公告、延期公告）"),
                may("bids_due_at", "date and time", "递交截止（比选公告、延期公告）"),
                may("question", "context", "提问（答疑）"),
                may("answer", "string", "答复（答疑）"),
            ),
            may("until", "date and time", "公告到什么时候；只写日期时到当天终了"),
            may("contents", "string", "写 notice_contents 时，按那张决策表核对内容是否齐全，缺了不发布"),
            may("unit", "string", "登记里还没有这个项目时：购买单位", seldom=True),
            *NEW_PURCHASE,
        ),
        outputs=(
            gives("notice_id", "string", "公告编号"),
            gives("notice_number", "string", "公告编号（同 notice_id）"),
            gives("published_at", "date and time", "发布时间"),
            gives("until", "date and time", "到什么时候，没有写则为 null"),
            gives("sha256", "string", "公告内容的校验值"),
        ),
        article="《办法》第四条(三)、第九条(五)(九)",
    ),
    Described(
        "notice.close",
        "撤下公告",
        "撤下一份公告。撤下比选公告时，它的报名和未开启的参选文件失效，可以重新组织。",
        inputs=(need("notice_id", "string", "公告编号"), may("reason", "string", "理由")),
    ),
    Described(
        "award.record",
        "登记中选",
        "记下承接主体和金额；同一项目先前的中选作废。",
        inputs=(
            PURCHASE,
            need("organisation_id", "string", "社会组织编号"),
            need("amount", "number", "金额（元）"),
            may("method", "string", "怎样选定的"),
        ),
        outputs=(gives("award_id", "number", "中选记录编号"),),
        article="《办法》第九条(九)；政府采购法实施条例第四十三条",
    ),
    Described(
        "monitoring.record",
        "记入监测台账",
        "履行过程中看到的情况记入监测台账。",
        inputs=(
            PURCHASE,
            need("kind", "string", "种类"),
            may("findings", "string", "情况：文字，或带更多内容的对象、列表"),
            may("data", "context", "其他数据"),
        ),
        outputs=(gives("record_id", "number", "记录编号"),),
        article="《办法》第十三条",
    ),
    Described(
        "demand.propose",
        "登记后续需求",
        "后续需求进入需求库，下一个采购项目由此开始。",
        inputs=(PURCHASE, may("proposals", "list", "后续需求：文字，或带 title 的对象")),
        outputs=(gives("proposal_ids", "list", "后续需求的编号"),),
    ),
)
