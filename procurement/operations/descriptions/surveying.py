"""Surveys answered by link: opened, closed, told, published, erased."""

from __future__ import annotations

from procurement.operations.descriptions.shape import PURCHASE, Described, gives, may, need

SURVEY = need("survey", "string", "调查编号")
FIGURES = (
    gives("sent", "number", "发出的邀请卡"),
    gives("answered", "number", "凭邀请卡收回的份数"),
    gives("rate", "number", "回收率（%）；没有发卡的为 null"),
)
SHORT = (
    gives("survey", "string", "调查编号"),
    gives("title", "string", "名称"),
    *FIGURES,
    gives("enough", "boolean", "份数够不够公布"),
    gives("valid", "number", "说了满意程度的份数；不够公布时为 null"),
    gives("satisfied", "number", "其中满意的份数"),
    gives("score", "number", "满意度（百分制）"),
    gives("share", "number", "满意率（%）"),
    gives("by", "string", "主要数字来自：invitation 邀请卡、poster 海报"),
)

DESCRIBED = (
    Described(
        "survey.open",
        "开放调查",
        "开放一次不用登录的调查，从此可以生成邀请卡；到截止日二十时停止收答。题目、分组、告知内容从此不变。",
        inputs=(
            need("title", "string", "名称"),
            need("audience", "string", "问谁：受益方、职工", choices=("beneficiaries", "staff")),
            need(
                "questions",
                "list",
                "题目：{question_id, text, kind, options, dimension, required, sensitive, divides, objective}",
            ),
            need(
                "notice",
                "context",
                "告知内容：{who, purpose, method, kinds, keeping, rights}，可能问到孩子的另写 children（监护人怎么办）和 child_age（几岁以下）",
            ),
            may("strata", "list", "样本分组：{name, planned}；不分组时不写"),
            may("purchase_id", "string", "关于哪个采购项目"),
            need("closes_on", "date", "截止日"),
            need("keep_days", "number", "截止后多少日删除答卷"),
            need("minimum_answers", "number", "少于多少份不公布结果"),
            need("minimum_group", "number", "少于多少人的组不公布"),
            may("open_poster", "boolean", "另设人人可扫的海报"),
            may("poster_daily", "number", "海报：一个网络地址一天最多收几份；设海报时必写"),
        ),
        outputs=(
            gives("survey", "string", "调查编号"),
            gives("closes_at", "date and time", "什么时候截止"),
            gives("erase_on", "date", "哪天删除答卷"),
        ),
        article="《办法》第十三条；个人信息保护法第十七条、第十九条",
    ),
    Described(
        "survey.close",
        "截止调查",
        "不再收答：邀请卡全部删除，链接失效；算出结果，人数少的组不显示。",
        inputs=(SURVEY,),
        outputs=(*FIGURES, gives("results", "context", "各项数字，已经隐去人数少的组")),
        article="《办法》第十三条",
    ),
    Described(
        "survey.publish",
        "公布调查结果",
        "在公开网公布结果和街道的说明。",
        inputs=(SURVEY, may("told", "string", "街道对结果的说明")),
        outputs=(gives("published_on", "date", "公布日"),),
        article="政府采购法实施条例第四十五条",
    ),
    Described(
        "survey.erase",
        "删除答卷",
        "从数据库里删除全部答卷，只留隐去小组以后的数字。不写编号的，删除所有到了删除日期的。",
        inputs=(may("survey", "string", "调查编号；不写的是所有到期还没有删除的"),),
        outputs=(gives("erased", "number", "删除了几份"),),
        article="个人信息保护法第十九条、第四十七条",
    ),
    Described(
        "survey.latest",
        "取项目最近的满意度",
        "一个采购项目最近一次已截止的受益方调查和职工调查，供评估和跟踪预填。只查不改。",
        inputs=(PURCHASE,),
        outputs=(
            gives("beneficiaries", "context", "受益方；没有则为 null", *SHORT),
            gives("staff", "context", "职工；没有则为 null", *SHORT),
        ),
        article="《办法》第十三条",
        changes=False,
    ),
)
