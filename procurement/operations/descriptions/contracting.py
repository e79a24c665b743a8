"""Signing a contract: its papers, signatures, refusals, supplements and filing."""

from __future__ import annotations

from procurement.operations.descriptions.shape import PURCHASE, Described, gives, may, need
from procurement.registers.performance import SIGNING_PARTIES

CONTRACT = need("contract_id", "string", "合同编号")

DESCRIBED = (
    Described(
        "paper.contract",
        "打印合同",
        "按模板生成红头 Word 和同样文字的 PDF，存为附件。由作业工作者在提交以后办，案件等它办完；办不成成为事件。",
        inputs=(CONTRACT,),
        outputs=(
            gives("papers", "list", "文本，第一份是要签的"),
            gives("document_sha256", "string", "要签的那一份的校验值"),
        ),
        article="《办法》第九条(十)；政府采购法第四十四条",
        afterwards=True,
    ),
    Described(
        "paper.report",
        "打印报告",
        "把流程写好的报告、通知、意见书生成红头 Word 和同样文字的 PDF，存为附件。由作业工作者在提交以后办，案件等它办完；办不成成为事件。",
        inputs=(
            need("number", "string", "文号，也是文件名"),
            need("heading", "string", "标题"),
            may("to", "string", "送谁"),
            may("facts", "list", "抬头的各项", gives("name", "string", "项"), gives("value", "string", "内容")),
            may(
                "parts",
                "list",
                "正文各部分，空的不印，依次编号",
                gives("heading", "string", "小标题"),
                gives("text", "list", "各段文字"),
                gives("columns", "list", "表头"),
                gives("rows", "list", "表的各行，每行与表头一样多"),
            ),
            may("signatures", "list", "签字的人"),
            may("template", "string", "街道自己的 Word 模板名；不写为 report，没有这个模板用 document"),
            PURCHASE,
            may("organisation_id", "string", "哪个社会组织可以看"),
        ),
        outputs=(gives("papers", "list", "文件，先 PDF 后 Word"), gives("sha256", "string", "内容的校验值，印在文末")),
        article="《办法》第十三条、第十四条",
        afterwards=True,
    ),
    Described(
        "contract.countersign",
        "登记一方签署",
        "刚办结上一步的账号代表一方签了这一份文本：记下账号、时间、文本的校验值和盖章扫描件。文本不同的不登记，成为事件。",
        inputs=(
            CONTRACT,
            need("party", "string", "哪一方", choices=SIGNING_PARTIES),
            need("sha256", "string", "所签文本的校验值"),
            may("files", "list", "盖章扫描件"),
        ),
        outputs=(gives("signed_at", "date and time", "签署时间"),),
        article="政府采购法第四十四条；电子签名法第十三条（不是可靠的电子签名）",
    ),
    Described(
        "contract.refuse",
        "登记拒签",
        "中选人拒签或逾期未签，和街道的决定，一并留档。",
        inputs=(
            PURCHASE,
            need("organisation_id", "string", "哪一家"),
            may("contract_id", "string", "合同编号"),
            need("how", "string", "怎样", choices=("refused", "overdue")),
            may("reason", "string", "对方的理由"),
            need("decision", "string", "街道的决定"),
            may("decision_reason", "string", "街道的理由"),
        ),
        outputs=(gives("refusal_id", "number", "记录编号"),),
        article="政府采购法第四十六条；实施条例第四十九条",
    ),
    Described(
        "contract.total",
        "核算合同和补充合同",
        "原合同金额、已签的补充合同合计。",
        inputs=(CONTRACT,),
        outputs=(
            gives("original", "number", "原合同金额（元）"),
            gives("supplemented", "number", "已签的补充合同合计（元）"),
            gives("ends_on", "date", "原合同结束日期"),
        ),
        article="政府采购法第四十九条",
        changes=False,
    ),
    Described(
        "contract.file",
        "登记合同备案",
        "合同副本报了谁、哪一天。",
        inputs=(CONTRACT, may("filed_on", "date", "哪一天；不写时取当天"), may("filed_with", "string", "报给谁")),
        outputs=(gives("filed_on", "date", "哪一天"),),
        article="政府采购法第四十七条",
    ),
)
