"""Organisations: their registration, their evidence for the seven conditions, and supplements that stop a clock."""

from __future__ import annotations

from procurement.operations.descriptions.shape import ON, PURCHASE, Described, Failure, Field, gives, may, need
from procurement.registers.evidence import CONDITIONS

_REGISTRATION = may("registration_id", "string", "注册编号；不写时取本案的业务编号")
_CONCLUSIONS = need("conclusions", "context", "各项结论：条件 → {conclusion, reason, source, until}")
_SOURCE = may("source", "string", "没有另写来源的各项，在哪里核验的")


def _of_each(*fields: Field) -> tuple[Field, ...]:
    return tuple(gives(name, "context", "这一项条件", *fields) for name in CONDITIONS)


DESCRIBED = (
    Described(
        "registration.read",
        "调取注册申请",
        "一份注册申请填写的内容和证明材料；没有密码。",
        inputs=(_REGISTRATION,),
        outputs=(
            gives(
                "registration",
                "context",
                "注册申请",
                gives("registration_id", "string", "注册编号"),
                gives("name", "string", "名称"),
                gives("kind", "string", "类别"),
                gives("credit_code", "string", "统一社会信用代码"),
                gives("registration_authority", "string", "登记管理机关"),
                gives("registered_on", "date", "成立登记日期"),
                gives("scope", "string", "章程业务范围"),
                gives("legal_representative", "string", "法定代表人"),
                gives("contact", "string", "联系人"),
                gives("phone", "string", "电话"),
                gives("address", "string", "住所"),
                gives("login", "string", "申请的登录名"),
                gives("sent_at", "date and time", "提交时间"),
                gives(
                    "conditions",
                    "context",
                    "七项条件",
                    *_of_each(
                        gives("note", "string", "说明"), gives("files", "list", "材料"), gives("valid_until", "date", "有效至")
                    ),
                ),
            ),
        ),
        article="《办法》第六条、第十五条(二)4",
        changes=False,
    ),
    Described(
        "registration.accept",
        "接受注册",
        "建立登记簿的一行和账号，账号只有社会组织一种角色；证明材料连同核验记录进入证明材料登记。",
        inputs=(_REGISTRATION, may("conclusions", "context", _CONCLUSIONS.text), _SOURCE, ON),
        outputs=(gives("organisation_id", "string", "社会组织编号"), gives("login", "string", "登录名")),
        failures=(Failure("REGISTERED_MEANWHILE", "代码、名称或登录名已被别人登记；错误变量 taken 为 organisation 或 login"),),
        article="《办法》第三条、第六条、第十五条(二)4",
    ),
    Described(
        "registration.close",
        "结束注册",
        "不予注册或申请人撤回，写明理由；已经结束的不再变。",
        inputs=(
            _REGISTRATION,
            need("result", "string", "结果：不予注册、撤回", choices=("refused", "withdrawn")),
            may("reason", "string", "理由"),
        ),
        outputs=(gives("status", "string", "状态"),),
        article="《办法》第十五条(二)4",
    ),
    Described(
        "evidence.read",
        "调取证明材料",
        "一个社会组织七项条件的证明材料、上次核验和有效期；写了报名编号时取那份报名所用的。",
        inputs=(need("organisation_id", "string", "社会组织编号"), may("application_id", "string", "报名编号"), ON),
        outputs=(
            gives(
                "evidence",
                "context",
                "七项条件的证明材料",
                *_of_each(
                    gives("state", "string", "none 没有、valid 有效、expiring 将到期、expired 已过期"),
                    gives("note", "string", "说明"),
                    gives("files", "list", "材料"),
                    gives("valid_until", "date", "有效至"),
                    gives("conclusion", "string", "上次结论"),
                    gives("source", "string", "核验来源"),
                    gives("verified_on", "date", "核验日"),
                    gives("verified_by", "string", "核验人"),
                    gives("reason", "string", "理由"),
                ),
            ),
            gives("expired", "list", "已过期的条件"),
        ),
        article="《办法》第六条",
        changes=False,
    ),
    Described(
        "evidence.verify",
        "登记核验",
        "把各项条件的结论、来源、日期、理由和有效期记进证明材料登记。",
        inputs=(
            need("application_id", "string", "报名编号"),
            _CONCLUSIONS,
            _SOURCE,
            ON,
            may("by", "string", "核验人；不写时取办理人"),
        ),
        outputs=(gives("verified", "number", "记了几项"),),
        article="《办法》第六条、第九条(六)",
    ),
    Described(
        "supplement.request",
        "要求补正",
        "登记要补正的各项，审核的期限从当日停走；停走当日不算已用。",
        inputs=(
            need("subject", "string", "注册编号或报名编号"),
            PURCHASE,
            _CONCLUSIONS,
            need("days", "number", "审核一共有几个工作日"),
            need("runs_from", "date", "审核期限从哪一天起算（当日不计）"),
            need("answer_days", "number", "几个工作日内补正"),
        ),
        outputs=(
            gives("supplement_id", "number", "补正编号"),
            gives("items", "list", "要补正的", gives("condition", "string", "条件"), gives("reason", "string", "需补正的内容")),
            gives("days_left", "number", "恢复以后还剩几个工作日"),
            gives("supplement_due", "date", "补正的最后一日"),
            gives("check_due_before", "date", "没有停走时审核的最后一日"),
        ),
        article="《办法》第六条、第九条(六)（补正期限是街道参数）",
    ),
    Described(
        "supplement.close",
        "补正结束",
        "收到补正或逾期未补，审核的期限从当日继续走，给出顺延后的最后一日。",
        inputs=(
            need("supplement_id", "number", "补正编号"),
            may("answered", "boolean", "是否补正了；不写为没有"),
            may("note", "string", "补正说明"),
            may("files", "list", "补正材料"),
        ),
        outputs=(
            gives("runs_from", "date", "从哪一天起继续走（当日不计）"),
            gives("days_left", "number", "还剩几个工作日"),
            gives("check_due", "date", "顺延后的最后一日"),
            gives("stopped_days", "number", "停走了几个工作日"),
        ),
        article="《办法》第六条、第九条(六)（补正期限是街道参数）",
    ),
    Described(
        "application.withdraw",
        "撤回报名",
        "报名作废，已递交的参选文件随之失效；已撤回的不再变。",
        inputs=(need("application_id", "string", "报名编号"), may("reason", "string", "理由")),
        outputs=(gives("status", "string", "状态"), gives("bid_lapsed", "boolean", "是否有参选文件随之失效")),
        article="《办法》第九条(六)(七)；87 号令第三十四条（参照）",
    ),
)
