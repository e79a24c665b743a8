"""Notices and what follows them: deviations from rules in principle, objections, the clock of publicity, appeals."""

from __future__ import annotations

from procurement.operations.descriptions.shape import PURCHASE, Described, gives, may, need

DESCRIBED = (
    Described(
        "discretion.record",
        "登记裁量",
        "用了与规则不同的值时记入裁量台账：规则、原值、所用值、理由、谁决定、谁批准。没有写理由，或所用值与原值相同，就不是裁量，不记。",
        inputs=(
            PURCHASE,
            need("rule_id", "string", "规则编号"),
            may("default", "string", "规则的值；数、文字、真假都可以"),
            may("chosen", "string", "实际用的值；不写时不记"),
            may("reason", "string", "理由；不写时不记"),
            may("rule", "context", "规则那一行（文件、条款、标记、单位、由谁批准），原样留档"),
            may("decided_in", "string", "在哪个任务里决定的（图元编号）：办结它的人就是决定人；不写时取当时办理的人"),
            may("approved_in", "string", "在哪个任务里批准的（图元编号）：办结它的人就是批准人"),
            may("decided_by", "string", "决定人账号；写了就不看 decided_in", seldom=True),
            may("approver", "string", "批准人账号；写了就不看 approved_in", seldom=True),
        ),
        outputs=(
            gives("recorded", "boolean", "是否记了一条"),
            gives("discretion_id", "number", "台账序号；没有记时为空"),
        ),
        article="《办法》第九条(九)“原则上”等裁量用语",
    ),
)
