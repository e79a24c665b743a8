"""Scoring: the sheet of a comparison, the experts' own sheets, hints, corrections, the ranking."""

from __future__ import annotations

from procurement.operations.descriptions.shape import PURCHASE, Described, gives, may, need

BID = (
    may("organisation_id", "string", "社会组织编号"),
    may("name", "string", "名称"),
    may("price", "number", "报价（元）"),
)
PENDING = gives("pending", "list", "评分表还没有签的专家，与 panel 的写法相同")

DESCRIBED = (
    Described(
        "score_sheet.list",
        "列出评分表模板",
        "每个模板的最新一版，和按机构类别推荐的一个。",
        inputs=(
            may("organisation_kind", "string", "面向的机构类别；不写时取通用"),
            may("template", "string", "上一次选的模板（编号@版本）"),
            may("criteria", "list", "已经拟好的评分项，原样交回；没有时给推荐模板的"),
        ),
        outputs=(
            gives(
                "score_templates", "list", "模板", gives("label", "string", "名称和版本"), gives("value", "string", "编号@版本")
            ),
            gives("recommended", "string", "推荐的模板（编号@版本）"),
            gives("criteria", "list", "评分项"),
        ),
        article="财库〔2021〕22 号第二十一条",
        changes=False,
    ),
    Described(
        "score_sheet.freeze",
        "固定评分表",
        "由模板和调整后的分值得出这次比选的评分表，存档并给出校验值；公布以后不再改变。",
        inputs=(
            PURCHASE,
            may("template", "string", "模板（编号@版本）；不写时逐项按 criteria"),
            may("criteria", "list", "评分项 [{criterion, kind, weight, basis}]；空的时候按模板原样"),
            may("keep", "boolean", "已经固定过的不再固定"),
        ),
        outputs=(
            gives("score_sheet", "context", "评分表：items、facts、price_maximum、method、sha256"),
            gives("sha256", "string", "评分表的校验值"),
            gives("criteria", "list", "评分项，公告里的写法"),
            gives("facts", "list", "客观项要申报的事实"),
        ),
        article="87 号令第五十五条（参照）",
    ),
    Described(
        "panel.elect",
        "推选组长",
        "得票最多的是组长；采购人代表不得担任，投给他的不计；票数相同的按公开的散列次序。",
        inputs=(need("panel", "list", "评审小组"), need("votes", "list", "各人投的专家编号")),
        outputs=(
            gives(
                "chair",
                "context",
                "组长",
                gives("expert_id", "string", "编号"),
                gives("login", "string", "账号"),
                gives("name", "string", "姓名"),
                gives("unit", "string", "单位"),
            ),
            gives("tally", "list", "得票", gives("name", "string", "姓名"), gives("votes", "number", "票数")),
        ),
        article="87 号令第四十五条（参照）",
        changes=False,
    ),
    Described(
        "scores.open",
        "开始评分",
        "为每位专家开一张评分表；客观项按确认过的事实算好。签字以前再来，接着原来的。分数不进流程变量。",
        inputs=(
            PURCHASE,
            need("bids", "list", "有效的参选文件", *BID),
            may("rejected", "list", "无效的参选文件 [{organisation_id, name, reason}]"),
            need("panel", "list", "评审小组 [{expert_id, login, name, unit}]"),
            may("chair", "context", "组长"),
            may("facts", "list", "确认过的事实 [{organisation_id, fact, value, page}]"),
        ),
        outputs=(
            gives("run", "number", "第几次评分的编号"),
            PENDING,
            gives("objective", "list", "客观项得分"),
            gives("sheet_sha256", "string", "所用评分表的校验值"),
        ),
        article="《办法》第九条(八)",
    ),
    Described(
        "scores.collect",
        "收评分表",
        "看谁还没有签自己的评分表；都签了，给出每张表的校验值，从此大家可以互相看。",
        inputs=(PURCHASE,),
        outputs=(PENDING, gives("sheet_hashes", "list", "每张评分表的校验值；没有签齐时为空")),
        article="《办法》第九条(八)",
    ),
    Described(
        "scores.hint",
        "提示组长",
        "畸高畸低、超出分值、客观分不一致、漏项；只提示，提示过什么都留下。",
        inputs=(PURCHASE, need("drift_share", "number", "偏离其他专家中位数超过该项分值的多少算畸高畸低")),
        outputs=(
            gives(
                "hints",
                "list",
                "提示",
                gives("kind", "string", "drift、out_of_range、unequal_objective 或 missing"),
                gives("expert_id", "string", "专家编号"),
                gives("expert", "string", "专家"),
                gives("organisation", "string", "社会组织"),
                gives("item", "string", "评分项"),
                gives("points", "number", "他给的分"),
                gives("others", "number", "其他专家的中位数"),
            ),
        ),
        article="87 号令第六十四条（参照）",
    ),
    Described(
        "scores.reopen",
        "退回评分表",
        "把签过的评分表退给本人更正；只限四种情形，前后分数和情形都记下。",
        inputs=(PURCHASE, need("corrections", "list", "退给谁、什么情形、理由 [{expert_id, cause, reason}]")),
        outputs=(PENDING,),
        article="87 号令第六十四条（参照）",
    ),
    Described(
        "scores.settle",
        "得出名次",
        "由签过的评分表和价格分得出名次；不去掉最高最低分，先精确比较再取位显示。",
        inputs=(
            PURCHASE,
            may("price_points", "list", "价格分 [{organisation_id, points, benchmark, formula, article}]"),
            may("tie_order", "list", "并列的次序：price、technical、fostered、draw"),
        ),
        outputs=(
            gives(
                "ranking",
                "list",
                "名次",
                gives("rank", "number", "第几名"),
                gives("organisation_id", "string", "社会组织编号"),
                gives("name", "string", "名称"),
                gives("price", "number", "报价（元）"),
                gives("score", "number", "得分"),
                gives("technical_score", "number", "价格以外的得分"),
                gives("price_score", "number", "价格分"),
                gives("tie_note", "string", "并列时怎样区分的"),
            ),
            gives("report", "context", "评审报告的数据"),
            gives("seed", "string", "抽签的种子"),
        ),
        article="《办法》第九条(八)、第十七条；87 号令第五十五条、第五十七条（参照）",
    ),
    Described(
        "scores.sign",
        "评审报告签毕",
        "从此只有复审能改分；与上一次签过的次序不同时 changed 为真。",
        inputs=(PURCHASE,),
        outputs=(gives("run", "number", "第几次评分的编号"), gives("changed", "boolean", "次序是否与上一次签过的不同")),
        article="87 号令第六十四条（参照）",
    ),
    Described(
        "price_review.record",
        "登记异常低价审查",
        "逐家记下三项测试、说明、检索记录和评审小组的判断；不采纳的列为无效。",
        inputs=(PURCHASE, need("reviews", "list", "逐家的审查")),
        outputs=(
            gives("recorded", "number", "登记了几家"),
            gives("rejected", "list", "无效的参选文件 [{organisation_id, name, reason}]"),
        ),
        article="财库〔2026〕2 号（请向财政部门确认）",
    ),
)
