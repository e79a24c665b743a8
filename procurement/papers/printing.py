"""A contract as Word and as PDF. The Word template may be replaced by the office; the PDF holds the same text."""

from __future__ import annotations

import io
from dataclasses import asdict
from html import escape
from importlib import resources
from pathlib import Path
from zipfile import BadZipFile

from docxtpl.template import DocxTemplate, TemplateError  # type: ignore[attr-defined]

from engine.errors import Conflict
from procurement.archive import printing
from procurement.papers.contract import ContractText

TEMPLATE = "contract.docx"
STYLE = """
<style>
.red { color: #c00; text-align: center; font: bold 26pt "Noto Serif CJK SC"; letter-spacing: 4pt; margin: 0 }
.rule { border: 0; border-top: 2pt solid #c00; margin: 8pt 0 4pt } .number { text-align: center; margin: 0 0 18pt }
.sides td { border: 0 } .sign { margin-top: 36pt } .sign td { border: 0; width: 50%; padding-top: 10pt } p.text { text-indent: 2em; white-space: pre-wrap; margin: 0 0 6pt }
</style>"""


class TemplateBroken(Conflict):
    """The Word template {file} cannot be filled: {cause}. Mend it, or remove it to use the one that comes with the program."""


def as_word(text: ContractText, templates: Path | None = None) -> bytes:
    """A .docx. ``templates``: the office's own folder; its ``contract.docx`` goes before ours. Raises TemplateBroken."""
    own = templates / TEMPLATE if templates is not None else None
    file = own if own is not None and own.is_file() else None
    content = file.read_bytes() if file else resources.files("procurement.papers").joinpath("templates", TEMPLATE).read_bytes()
    try:
        template = DocxTemplate(io.BytesIO(content))
        template.render({**asdict(text), "heading": text.heading}, autoescape=True)
    except (TemplateError, ValueError, LookupError, TypeError, OSError, BadZipFile) as error:
        raise TemplateBroken(file=file or TEMPLATE, cause=str(error)) from error
    filled = io.BytesIO()
    template.save(filled)
    return filled.getvalue()


def as_pdf(text: ContractText) -> bytes:
    """Raises PrintingAway."""
    return printing.pdf(as_html(text))


def as_html(text: ContractText) -> str:
    lines = "".join(f"<h2>{escape(name)}</h2><p class=text>{escape(said)}</p>" for name, said in text.clauses)
    rows = "".join(f"<tr><td>{escape(a)}<td>{escape(b)}<td>{escape(c)}</tr>" for a, b, c in text.milestones)
    table = f"<h2>里程碑与付款</h2><table><tr><th>里程碑<th>完成日期<th>付款（元）</tr>{rows}</table>" if rows else ""
    about = f"<p class=text>本合同补充 {escape(text.supplements)}。原因：{escape(text.reason)}</p>" if text.supplements else ""
    body = (
        f"{STYLE}<p class=red>{escape(text.office)}</p><hr class=rule><p class=number>{escape(text.number)}</p>"
        f"<h1>{escape(text.heading)}</h1><p>项目：{escape(text.title)}</p>"
        f"<table class=sides><tr><td>甲方：{escape(text.office)}<td>乙方：{escape(text.other_side)}"
        f"（{escape(text.credit_code)}）</tr></table>{about}"
        f"<p class=text>合同金额：人民币 {escape(text.amount)} 元（大写：{escape(text.amount_in_words)}）。"
        f"服务期：{escape(text.starts_on)}至{escape(text.ends_on)}。</p>{lines}{table}"
        f"<table class=sign><tr><td>甲方（盖章）：<td>乙方（盖章）：</tr><tr><td>签字：<td>签字：</tr><tr><td>日期：<td>日期：</tr></table>"
        f"<p class=note>合同内容 SHA-256：<span class=hash>{text.sha256}</span></p>"
    )
    return printing.page(f"{text.number} {text.heading}", body)
