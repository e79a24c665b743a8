"""Draws of experts by commit and reveal, and the panel that comes of them."""

from __future__ import annotations

from procurement.operations.descriptions.shape import PURCHASE, Described, Failure, gives, may, need

DRAW = need("draw_number", "string", "抽取编号")
CONTRIBUTOR = need("contributor", "string", "哪一方：street、agency、supervisor 或 organisation:编号")
PERSON = (
    gives("expert_id", "string", "编号"),
    gives("login", "string", "账号"),
    gives("name", "string", "姓名"),
    gives("unit", "string", "单位"),
    gives("way", "string", "怎样来的：drawn、alternate、self_chosen"),
)
SECRET = "财库〔2016〕198 号（参照）"  # noqa: S105 - the document on experts

DESCRIBED = (
    Described(
        "draw.announce",
        "公布抽取",
        "在任何随机数产生以前，固定并公布本轮抽取：候选名单（加盐承诺，姓名保密）、算法、人数、候补、参与方、截止时间。应回避的不进名单。",
        inputs=(
            PURCHASE,
            may("field", "string", "专业；不写时不限"),
            need("number", "number", "抽几名"),
            may("alternates", "number", "候补几名"),
            may(
                "strata",
                "list",
                "分层：至少几名出自哪些专业",
                may("name", "string", "层的名称"),
                may("at_least", "number", "至少"),
            ),
            need(
                "contributors",
                "list",
                "参与方",
                may("contributor", "string", "哪一方"),
                may("side", "string", "street、agency、supervisor、applicant"),
                may("name", "string", "名称"),
            ),
            may("minimum_sides", "number", "至少几方参与才算数"),
            need("commit_until", "date and time", "承诺截止"),
            need("reveal_until", "date and time", "揭示截止"),
            may("outside_source", "string", "外部公开数值的来源和期号；不写时不用"),
            may("exclude_organisations", "list", "与哪些社会组织、机构有关系的要回避（编号）"),
            may("exclude_experts", "list", "哪些专家不参加（编号）"),
            may("recusal_decisions", "list", "申请人回避申请的处理", may("request_id", "number", "申请编号")),
            may("employment_years", "number", "离职几年内仍须回避"),
            may("reason", "string", "为什么抽这一轮"),
            may("title", "string", "项目名称；登记里没有时用"),
        ),
        outputs=(
            gives("draw_number", "string", "抽取编号"),
            gives("round", "number", "第几轮"),
            gives("announcement_sha256", "string", "公布内容的校验值"),
            gives("candidate_count", "number", "候选人数"),
            gives("announced_at", "date and time", "公布时间"),
        ),
        failures=(Failure("NOT_ENOUGH_EXPERTS", "可抽的人不够；错误变量 available 为可抽人数"),),
        article=SECRET,
    ),
    Described(
        "draw.commit",
        "登记承诺",
        "记下一方的承诺（随机内容的校验值），只认第一次。",
        inputs=(DRAW, CONTRIBUTOR, need("commitment", "string", "承诺：64 位十六进制")),
        outputs=(gives("committed_at", "date and time", "登记时间"),),
        article=SECRET,
    ),
    Described(
        "draw.close",
        "截止承诺",
        "不再接受承诺，列出应当揭示的各方；方数不够时为空。",
        inputs=(DRAW,),
        outputs=(gives("committed", "list", "应当揭示的各方"),),
        article=SECRET,
    ),
    Described(
        "draw.reveal",
        "登记揭示",
        "核对一方揭示的内容与它的承诺。",
        inputs=(DRAW, CONTRIBUTOR, need("contribution", "string", "揭示的内容")),
        outputs=(gives("revealed_at", "date and time", "登记时间"),),
        failures=(Failure("COMMITMENT_MISMATCH", "与承诺不符；错误变量 problem 说明"),),
        article=SECRET,
    ),
    Described(
        "draw.conclude",
        "得出抽取结果",
        "各方都揭示了的，由全部内容算出种子并抽取；有人不揭示的，本轮作废并公开是谁。",
        inputs=(
            DRAW,
            may(
                "outside_values",
                "list",
                "两人各自查得的外部数值",
                may("value", "string", "数值"),
                may("evidence", "string", "依据"),
            ),
        ),
        outputs=(
            gives("round_result", "string", "drawn、void，或 value_open（两人录入的外部数值不一致）"),
            gives("missing", "list", "因哪几方作废"),
            gives("experts", "list", "抽中的专家", *PERSON),
            gives("alternates", "number", "候补人数"),
            gives("draw_seed", "string", "种子"),
        ),
        article=SECRET,
    ),
    Described(
        "panel.requests",
        "清点回避申请",
        "申请人在抽取以前申请某人回避、还没有处理的。",
        inputs=(PURCHASE,),
        outputs=(
            gives(
                "requests",
                "list",
                "回避申请",
                gives("request_id", "number", "申请编号"),
                gives("organisation", "string", "申请人"),
                gives("person", "string", "申请谁回避"),
                gives("unit", "string", "此人单位"),
                gives("relation", "string", "关系"),
                gives("facts", "string", "事实和理由"),
                gives("in_pool", "boolean", "专家库里有没有此人"),
            ),
        ),
        article="《政府采购法》第十二条",
    ),
    Described(
        "panel.invite",
        "邀请专家",
        "登记对抽中、候补或自行选定的专家的邀请。",
        inputs=(
            PURCHASE,
            may("draw_number", "string", "抽取编号；自行选定的没有"),
            need("experts", "list", "专家", may("expert_id", "string", "编号"), may("way", "string", "怎样来的")),
            may("meeting_at", "date and time", "比选会时间"),
            may("meeting_place", "string", "地点"),
        ),
        outputs=(gives("invited", "number", "邀请了几名"),),
        article="《办法》第九条(八)",
    ),
    Described(
        "panel.seat",
        "登记到会和缺席",
        "按专家的答复和签到，得出小组、缺额和接下来按次序要问的候补；声明的利害关系记入登记簿。",
        inputs=(
            PURCHASE,
            may("draw_number", "string", "抽取编号"),
            may("panel", "list", "已在小组的", may("expert_id", "string", "编号")),
            may(
                "declarations",
                "list",
                "答复或签到",
                may("expert_id", "string", "编号"),
                may("answer", "string", "agree、refuse、silent、absent"),
                may("reason", "string", "理由"),
                may("conflicts", "list", "声明的利害关系"),
            ),
            need("seats", "number", "小组人数"),
        ),
        outputs=(
            gives("panel", "list", "小组", *PERSON),
            gives("gone", "list", "这次离开的（编号）"),
            gives("next", "list", "接下来要问的候补", *PERSON),
        ),
        article="《政府采购法》第十二条；财库〔2016〕198 号（参照）",
    ),
)
