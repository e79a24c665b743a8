"""Lists and look-ups, and what is recorded about organisations."""

from __future__ import annotations

from procurement.operations.descriptions.shape import ON, PURCHASE, Described, gives, may, need
from procurement.registers.parties import CREDIT_KINDS

_ITEM = (
    gives("code", "string", "目录编号"),
    gives("name", "string", "名称"),
    gives("category", "string", "类别"),
    gives("statutory_scope", "boolean", "是否属集中采购目录"),
)

DESCRIBED = (
    Described(
        "catalogue.list",
        "列出指导性目录",
        "当日有效的指导性目录，供表单选择。",
        inputs=(ON,),
        outputs=(gives("items", "list", "目录项", *_ITEM),),
        article="《办法》第十五条(二)1",
        changes=False,
    ),
    Described(
        "catalogue.lookup",
        "核对目录项",
        "一个目录项当日是否有效、是否属集中采购目录。没有时 found 为 false，其余为空。",
        inputs=(may("code", "string", "目录编号"), ON),
        outputs=(gives("found", "boolean", "当日有没有"), *_ITEM, gives("note", "string", "备注")),
        article="政府购买服务管理办法（102 号令）第十四条",
        changes=False,
    ),
    Described(
        "rule.value",
        "取一个参数",
        "决策 office_rules 的一行。流程图里直接用业务规则任务，不必用它。",
        inputs=(need("rule_id", "string", "参数编号，如 publicity_working_days"), ON),
        outputs=(
            gives("value", "number", "数值；少数参数是文字或真假"),
            gives("unit", "string", "单位"),
            gives("comparator", "string", "比较符"),
            gives("document", "string", "文件"),
            gives("article", "string", "条款"),
            gives("mark", "string", "标记：V1、V2、V3、R、参数"),
            gives("override", "string", "none 不得偏离；with_reason 须写明理由"),
            gives("approver", "string", "偏离由哪一组批准"),
        ),
        changes=False,
    ),
    Described(
        "committee.members",
        "列出党工委委员",
        "在任党工委委员。一个也没有时成为事件，待给委员角色后重试。",
        outputs=(
            gives(
                "members",
                "list",
                "委员",
                gives("login", "string", "账号"),
                gives("name", "string", "姓名"),
                gives("duty", "string", "职务"),
            ),
        ),
        article="《办法》第九条(二)",
        changes=False,
    ),
    Described(
        "organisation.list",
        "列出社会组织",
        "全部社会组织，供选择，不作准入条件。",
        inputs=(ON,),
        outputs=(
            gives(
                "organisations",
                "list",
                "社会组织",
                gives("organisation_id", "string", "编号"),
                gives("name", "string", "名称"),
                gives("kind", "string", "类型"),
                gives("fostered", "boolean", "是否属扶持培育"),
                gives("active", "boolean", "是否正常活动"),
                gives("negative_listed", "boolean", "当日是否在负面清单上"),
            ),
        ),
        article="《办法》第三条、第六条；财库〔2019〕38 号",
        changes=False,
    ),
    Described(
        "organisation.check",
        "核查一个社会组织",
        "登记状态、信用记录、年检年报、关联单位。没有登记时 found 为 false，其余为空。",
        inputs=(need("organisation_id", "string", "社会组织编号"), ON),
        outputs=(
            gives("found", "boolean", "有没有登记"),
            gives("name", "string", "名称"),
            gives("kind", "string", "类型"),
            gives("active", "boolean", "是否正常活动"),
            gives("fostered", "boolean", "是否属扶持培育"),
            gives("negative_listed", "boolean", "当日是否在负面清单上"),
            gives(
                "credit",
                "list",
                "当日有效的信用记录",
                gives("kind", "string", "类别：good、warning、abnormal、negative"),
                gives("reason", "string", "事由"),
                gives("since", "date", "自"),
                gives("until", "date", "至"),
            ),
            gives("annual_report", "context", "最近一次年检年报，没有则为 null"),
            gives("related_organisations", "list", "关联单位的编号"),
        ),
        article="《办法》第三条、第六条(六)、第十五条(三)",
        changes=False,
    ),
    Described(
        "agency.list",
        "列出第三方支持机构",
        "可委托的第三方支持机构，供表单选择。",
        outputs=(
            gives(
                "agencies",
                "list",
                "机构",
                gives("agency_id", "string", "编号"),
                gives("name", "string", "名称"),
                gives("rating", "string", "评价"),
            ),
        ),
        article="《办法》第九条(三)；财库〔2019〕38 号",
        changes=False,
    ),
    Described(
        "credit.record",
        "登记信用记录",
        "给一个社会组织记良好、警示、活动异常或负面清单。负面清单不写截止日期时按参数 ban_years 计算，到期自动移出。",
        inputs=(
            need("organisation_id", "string", "社会组织编号"),
            need("kind", "string", "类别", choices=CREDIT_KINDS),
            PURCHASE,
            need("reason", "string", "事由"),
            may("source", "string", "依据的文书"),
            may("starts_on", "date", "自哪一天；不写时取当天"),
            may("until", "date", "至哪一天"),
        ),
        outputs=(gives("entry_id", "number", "记录编号"), gives("until", "date", "至哪一天，长期有效为 null")),
        article="《办法》第十五条(三)",
    ),
)
