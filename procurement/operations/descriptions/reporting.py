"""The yearly report of the office."""

from __future__ import annotations

from procurement.operations.descriptions.shape import Described, gives, may, need

DESCRIBED = (
    Described(
        "paper.yearly",
        "编制年度报告",
        "统计一年的登记簿，编成 Word 和 PDF：各章的表和图，每个数带着案件清单的地址。由作业工作者在提交以后办，案件等它办完；办不成成为事件。",
        inputs=(
            need("number", "string", "文号，也是文件名"),
            need("year", "number", "哪一年"),
            may("heading", "string", "标题；不写为“某年度社区服务采购报告”"),
            may("foreword", "string", "编制说明，印在开头"),
        ),
        outputs=(
            gives("papers", "list", "文件，先 PDF 后 Word"),
            gives("sha256", "string", "内容的校验值，印在文末"),
            gives("figures", "number", "多少张图"),
        ),
        article="《办法》第十四条、第十六条",
        afterwards=True,
    ),
)
