"""The closed file of a purchase: its contents list, its archive, its acceptance."""

from __future__ import annotations

from procurement.operations.descriptions.shape import PURCHASE, Described, gives, may, need

DESCRIBED = (
    Described(
        "archive.assemble",
        "生成卷宗目录",
        "把登记里这个项目的全部材料列成目录，逐件写校验值，定下保存到哪一天。已有接收了的卷宗时，另立一卷，与前一卷相连。",
        inputs=(
            PURCHASE,
            may("keep_years", "number", "保存年数；不写时按参数 archive_years"),
            may("build", "boolean", "随后生成档案包（archive.build）；没有被接收的前一份由它代替"),
            may("purpose", "string", "为什么另立一卷"),
        ),
        outputs=(
            gives(
                "case_file",
                "context",
                "卷宗",
                gives("number", "string", "卷宗号"),
                gives(
                    "manifest",
                    "list",
                    "目录",
                    gives("n", "number", "序号"),
                    gives("title", "string", "名称"),
                    gives("kind", "string", "种类"),
                    gives("sha256", "string", "校验值"),
                    gives("at", "date and time", "时间"),
                ),
                gives("present", "list", "有哪些种类的材料；公告另写种类，如 notice:result_publicity"),
                gives("sha256", "string", "目录的校验值"),
                gives("keep_until", "date", "保存到"),
                gives("volume", "number", "第几卷"),
                gives("previous", "string", "前一卷的卷宗号，没有则为 null"),
                gives("root", "string", "档案包的根；生成之前为 null"),
            ),
        ),
        article="《办法》第九条(十一)；政府采购法第四十二条",
    ),
    Described(
        "archive.build",
        "生成档案包",
        "把全部材料、历史、表单、判定、流程图打成一个可以离线核对的档案包，算出根。由作业工作者在提交以后办，案件等它办完；办不成成为事件。",
        inputs=(need("number", "string", "卷宗号"),),
        outputs=(
            gives("root", "string", "默克尔树的根"),
            gives("entries", "number", "件数"),
            gives("size", "number", "字节"),
            gives("archive_sha256", "string", "档案包的校验值"),
        ),
        article="政府采购法第四十二条；政府采购法实施条例第四十六条",
        afterwards=True,
    ),
    Described(
        "archive.accept",
        "登记接收卷宗",
        "接收已经生成的档案包，根从此公示。",
        inputs=(need("number", "string", "卷宗号"),),
        outputs=(
            gives("case_file_root", "string", "默克尔树的根"),
            gives("accepted_at", "date and time", "接收时间"),
        ),
        article="《办法》第九条(十一)",
    ),
    Described(
        "archive.list",
        "列出卷宗",
        "某段时间归档的卷宗，已被替换的不列。只查不改。",
        inputs=(need("since", "date", "从哪天"), need("until", "date", "到哪天")),
        outputs=(
            gives(
                "files",
                "list",
                "卷宗，按编号",
                gives("number", "string", "卷宗号"),
                gives("purchase_id", "string", "采购项目"),
                gives("title", "string", "项目名称"),
                gives("sha256", "string", "目录的校验值"),
                gives("entries", "number", "件数"),
                gives("assembled_at", "date and time", "归档时间"),
            ),
        ),
        article="《办法》第九条(十一)",
        changes=False,
    ),
)
