"""Registers described as data (台账), and samples of anything."""

from __future__ import annotations

from procurement.operations.descriptions.shape import Described, gives, may, need

LEDGER = need("ledger", "string", "台账编号，即 processes/…/<编号>.ledger.yaml")
WHERE = may("where", "context", "条件：字段 = 值；值是列表时为其中之一")
EVERY_TIME = may("on", "date", "按哪一天；不写时取当天，写 null 为不论哪一天")

DESCRIBED = (
    Described(
        "ledger.record",
        "登记入账",
        "在一本台账里登记一条或几条，编号自动生成。内容按台账的表单核对，不合的成为事件；有 key 的台账，新的一条生效前一天旧的失效。",
        inputs=(
            LEDGER,
            may("values", "context", "一条的内容：表单字段 → 值；多出来的不要"),
            may("entries", "list", "几条的内容；写了它就不用 values"),
            may("valid_from", "date", "从哪天起有效；不写时取当天"),
            may("valid_until", "date", "最后一天；不写为一直有效"),
            may("purchase_id", "string", "属于哪个采购项目"),
            may("organisation_id", "string", "属于哪个社会组织"),
            may("matter", "string", "属于哪个事项；不写时取本案的业务编号", seldom=True),
        ),
        outputs=(
            gives("entry", "context", "第一条：内容和 number；一条也没有时为 null", gives("number", "string", "编号")),
            gives("numbers", "list", "全部编号，次序与写入相同"),
        ),
    ),
    Described(
        "ledger.close",
        "台账失效",
        "让有效的条目从某天起失效（最后有效日是前一天）；条目本身保留。按编号，或按条件。",
        inputs=(
            LEDGER,
            may("number", "string", "编号"),
            WHERE,
            may("on", "date", "从哪天起失效；不写时取当天"),
            may("reason", "string", "原因"),
        ),
        outputs=(gives("closed", "number", "失效了几条"),),
    ),
    Described(
        "ledger.find",
        "查台账",
        "某一天有效的条目，新的在前。只查不改。",
        inputs=(LEDGER, WHERE, EVERY_TIME, may("limit", "number", "最多几条；不写为 100，最多 1000")),
        outputs=(
            gives(
                "entries",
                "list",
                "条目：内容和下面几项",
                gives("number", "string", "编号"),
                gives("valid_from", "date", "从哪天起"),
                gives("valid_until", "date", "到哪天；null 为一直有效"),
                gives("recorded_at", "date and time", "何时登记"),
            ),
            gives("count", "number", "一共几条，不受 limit 限制"),
        ),
        changes=False,
    ),
    Described(
        "ledger.total",
        "台账汇总",
        "有效的条目按一个字段分组，计数，合计一个数字字段。只查不改。",
        inputs=(LEDGER, WHERE, EVERY_TIME, may("by", "string", "按哪个字段分组"), may("sum", "string", "合计哪个数字字段")),
        outputs=(
            gives(
                "groups",
                "list",
                "各组，大的在前；没有写 by 时为空",
                gives("value", "string", "字段的值"),
                gives("count", "number", "几条"),
                gives("sum", "number", "合计；没有写 sum 时为 null"),
            ),
            gives("count", "number", "一共几条"),
            gives("sum", "number", "总计；没有写 sum 时为 null"),
        ),
        changes=False,
    ),
    Described(
        "ledger.batches",
        "列出待生效的导入",
        "已经读完、逐行都合表单、还没有生效的导入批次，供表单选择。只查不改。",
        inputs=(may("ledger", "string", "只要哪本台账的"),),
        outputs=(
            gives(
                "batches",
                "list",
                "批次，新的在前",
                gives("value", "string", "批次编号"),
                gives("label", "string", "台账、文件、行数、生效日"),
                gives("ledger", "string", "台账编号"),
                gives("rows", "number", "几行"),
            ),
        ),
        changes=False,
    ),
    Described(
        "ledger.apply",
        "导入生效",
        "把批准的一批导入从它的生效日起放进台账；有错行的、已经生效过的成为事件。",
        inputs=(need("batch", "string", "批次编号，如 DR-2026-0001"),),
        outputs=(gives("applied", "number", "生效了几条"),),
    ),
    Described(
        "catalogue.adopt",
        "指导性目录照清单更新",
        "从某天起，指导性目录与清单台账里当天有效的条目一致：新增、改动的另起一版，清单里取消的前一天失效。",
        inputs=(LEDGER, may("on", "date", "从哪天起；不写时取当天")),
        outputs=(gives("added", "number", "新起几项"), gives("ended", "number", "取消几项")),
        article="《办法》第十五条(二)1",
    ),
    Described(
        "sample.draw",
        "随机抽样",
        "从一份名单里随机抽取。名单先固定并得出校验值，再产生种子；任何人凭名单和种子都能复算。",
        inputs=(
            may("population", "list", "名单（编号）"),
            need("size", "number", "抽几个；名单不够时全抽"),
            may("purpose", "string", "为什么抽，计入校验值"),
        ),
        outputs=(
            gives("sample", "list", "抽中的（编号）"),
            gives("seed", "string", "种子"),
            gives("frame_sha256", "string", "用途和名单的校验值"),
            gives("algorithm", "string", "算法"),
        ),
        article="《办法》没有规定抽样方法，由参数和本操作补足",
    ),
)
