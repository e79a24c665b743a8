"""Budgets, contracts and payments. Amounts are yuan with at most two decimal digits."""

from __future__ import annotations

from procurement.operations.descriptions.shape import BUDGET_INSUFFICIENT, PURCHASE, Described, gives, may, need

_BUDGET = need("budget_code", "string", "预算项目编号")
_AMOUNT = need("amount", "number", "金额（元），大于零，至多两位小数")
_CONTRACT = need("contract_id", "string", "合同编号")
_TOTALS = (gives("paid_total", "number", "累计已付（元）"), gives("remaining", "number", "尚未支付（元）"))

DESCRIBED = (
    Described(
        "budget.list",
        "列出可用预算",
        "该单位当年可用的预算项目，供表单选择；没有写单位的预算项目各单位都可用。",
        inputs=(may("unit", "string", "单位；不写时列全部"), may("year", "number", "年度；不写时取当年")),
        outputs=(
            gives(
                "budgets",
                "list",
                "预算项目",
                gives("budget_code", "string", "编号"),
                gives("name", "string", "名称"),
                gives("available", "number", "余额（元）"),
                gives("level", "string", "层级"),
            ),
        ),
        article="预算法第十三条",
        changes=False,
    ),
    Described(
        "budget.check",
        "查预算",
        "预算是否已列、余额是否足够、同类服务年度累计多少、是否疑似化整为零。",
        inputs=(
            may("budget_code", "string", "预算项目编号"),
            _AMOUNT,
            may("catalogue_code", "string", "目录编号；写了才计算同类累计"),
            may("year", "number", "年度；不写时取当年"),
            PURCHASE,
        ),
        outputs=(
            gives("exists", "boolean", "有没有这个预算项目"),
            gives("budget_name", "string", "预算项目名称"),
            gives("budget_total", "number", "预算总额（元）"),
            gives("available", "number", "余额（元），含本项目已预留的"),
            gives("sufficient", "boolean", "余额够不够"),
            gives("same_category_total", "number", "同类年度累计（元），含本次"),
            gives(
                "same_category_purchases",
                "list",
                "同类的其他项目",
                gives("purchase_id", "string", "采购项目编号"),
                gives("title", "string", "名称"),
                gives("amount", "number", "金额（元）"),
            ),
            gives("splitting_suspected", "boolean", "本次在限额以内而累计超过限额"),
        ),
        article="《办法》第四条(一)；预算法第十三条；政府采购法实施条例第二十八条",
        changes=False,
    ),
    Described(
        "budget.reserve",
        "预留预算",
        "批准后即占用额度；同一项目再次预留时替换前一次。",
        inputs=(_BUDGET, _AMOUNT, PURCHASE),
        outputs=(gives("reservation_id", "number", "预留编号"),),
        failures=(BUDGET_INSUFFICIENT,),
        article="《办法》第四条(一)；预算法第十三条",
    ),
    Described(
        "budget.release",
        "释放预算",
        "把本项目预留的额度退回；没有预留时什么也不做。",
        inputs=(may("budget_code", "string", "预算项目编号；不写时什么也不做"), PURCHASE),
        outputs=(gives("released", "number", "退回多少（元）"),),
        article="预算法第十三条",
    ),
    Described(
        "budget.commit",
        "预算转为支出承诺",
        "预留转为承诺；同一项目再次承诺时替换前一次。",
        inputs=(_BUDGET, _AMOUNT, PURCHASE),
        outputs=(gives("commitment_id", "number", "承诺编号"),),
        failures=(BUDGET_INSUFFICIENT,),
        article="《办法》第四条(一)",
    ),
    Described(
        "contract.create",
        "生成合同",
        "登记合同文本并取得编号和校验值。有付款节点时，各节点金额合计须等于合同金额。",
        inputs=(
            PURCHASE,
            need("organisation_id", "string", "社会组织编号"),
            need("amount", "number", "合同金额（元）"),
            need("starts_on", "date", "起始日期"),
            need("ends_on", "date", "结束日期，不早于起始日期"),
            may("clauses", "context", "条款"),
            may(
                "milestones",
                "list",
                "付款节点",
                may("title", "string", "名称"),
                may("due_on", "date", "日期"),
                may("amount", "number", "金额（元）"),
            ),
            may("staged", "boolean", "是否分期付款"),
            may("supplements", "string", "补充哪一份合同；不写就是采购项目的合同"),
            may("reason", "string", "为什么补充"),
        ),
        outputs=(
            gives("contract_id", "string", "合同编号"),
            gives("number", "string", "合同编号（同 contract_id）"),
            gives("sha256", "string", "合同内容的校验值"),
        ),
        article="《办法》第九条(十)",
    ),
    Described(
        "contract.sign",
        "登记签署",
        "合同双方已签署。",
        inputs=(_CONTRACT, may("signed_on", "date", "签署日期；不写时取当天")),
        outputs=(gives("status", "string", "signed"), gives("signed_on", "date", "签署日期")),
        article="《办法》第九条(十)",
    ),
    Described(
        "contract.terminate",
        "终止合同",
        "合同提前终止；再次终止保留第一次的理由。",
        inputs=(_CONTRACT, need("reason", "string", "理由")),
        outputs=(gives("status", "string", "terminated"),),
        article="《办法》第十四条",
    ),
    Described(
        "contract.complete",
        "完结合同",
        "合同了结，不再付款；已终止的保持终止。",
        inputs=(_CONTRACT,),
        outputs=(gives("status", "string", "completed 或 terminated"),),
    ),
    Described(
        "payment.record",
        "登记付款",
        "登记一笔付款；累计不得超过合同金额，超过时成为事件。",
        inputs=(
            _CONTRACT,
            may("milestone", "string", "付款节点：名称，或带 title 的对象"),
            _AMOUNT,
            may("paid_on", "date", "付款日期；不写时取当天"),
        ),
        outputs=(gives("payment_id", "number", "付款编号"), *_TOTALS),
        article="《办法》第九条(十)",
    ),
    Described(
        "payment.total",
        "核算付款",
        "累计已付和尚未支付。",
        inputs=(_CONTRACT,),
        outputs=_TOTALS,
        article="《办法》第九条(十)",
        changes=False,
    ),
)
