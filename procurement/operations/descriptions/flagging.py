"""Red flags."""

from __future__ import annotations

from procurement.operations.descriptions.shape import PURCHASE, Described, Field, gives, may, need

FLAGS = (
    gives(
        "flags",
        "list",
        "找到的红旗",
        gives("flag_id", "number", "编号"),
        gives("kind", "string", "种类"),
        gives("organisations", "list", "涉及的社会组织"),
        gives("state", "string", "处理到哪里"),
    ),
    gives("count", "number", "其中还没有人处理的有几处"),
)
ONLY_TELLS = "按 red_flag_rules 登记证据，提请人看；不作废、不扣分、不排除任何人，找到第二次不重复登记。"
COLLUSION = "87 号令第三十七条；政府采购法实施条例第七十四条"


def _look(operation: str, label: str, text: str, article: str, *inputs: Field) -> Described:
    return Described(operation, label, f"{text}{ONLY_TELLS}", inputs=(PURCHASE, *inputs), outputs=FLAGS, article=article)


DESCRIBED = (
    _look(
        "flags.need",
        "看需求有没有红旗",
        "同类项目拆开、金额贴着限额。",
        "政府采购法实施条例第二十八条",
        may("amount", "number", "金额（元）；不写时取登记的"),
        may("catalogue_code", "string", "目录编号；不写时取登记的"),
    ),
    _look("flags.notice", "看公告有没有红旗", "公告期短，或夹着长假。", "参照 87 号令第十八条"),
    _look("flags.applications", "看报名有没有红旗", "几家的联系人、电话、地址或法定代表人相同。", COLLUSION),
    _look(
        "flags.bids",
        "看参选文件有没有红旗",
        "几家的文件、作者、递交设备相同，报价相同或有规律，只有一家。",
        COLLUSION,
        need(
            "bids",
            "list",
            "已开启的参选文件",
            gives("organisation_id", "string", "承接主体"),
            gives("price", "number", "报价（元）"),
        ),
    ),
    _look(
        "flags.award",
        "看中选有没有红旗",
        "同一单位一再选定同一家。",
        "参照政府采购法实施条例第二十条",
        may("organisation_id", "string", "选定的承接主体；没有时不找"),
    ),
)
