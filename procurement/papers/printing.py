"""Red-header papers as Word and as PDF. The office may replace the Word templates; the PDF holds the same text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docxtpl.template import DocxTemplate, TemplateError  # type: ignore[attr-defined]

from engine.errors import Conflict
from procurement.archive import printing
from procurement.papers.contract import ContractText
from procurement.papers.document import Paper, Part

CONTRACT, DOCUMENT = "contract.docx", "document.docx"
STYLE = """
<style>
table { table-layout: auto } th, td { overflow-wrap: break-word }
.red { color: #c00; text-align: center; font: bold 26pt "Noto Serif CJK SC"; letter-spacing: 4pt; margin: 0 }
.rule { border: 0; border-top: 2pt solid #c00; margin: 8pt 0 4pt } .number { text-align: center; margin: 0 0 18pt }
.sign { margin-top: 36pt } .sign td { border: 0; width: 50%; padding-top: 10pt } p.text { text-indent: 2em; white-space: pre-wrap; margin: 0 0 6pt }
.facts { margin: 0 0 10pt } .facts td { border: 0; padding: 1pt 4pt; font-size: 10.5pt } .facts td:first-child { width: 6em; color: #555; white-space: nowrap }
table.rows { margin: 2pt 0 8pt } .rows th { white-space: nowrap } .rows td { white-space: pre-line } p.end { text-align: right; margin: 24pt 0 0; line-height: 1.9 } h2 { break-after: avoid }
</style>"""


class TemplateBroken(Conflict):
    """The Word template {file} cannot be filled: {cause}. Mend it, or remove it to use the one that comes with the program."""


def as_word(text: ContractText, templates: Path | None = None) -> bytes:
    """A .docx. ``templates``: the office's own folder; its ``contract.docx`` goes before ours. Raises TemplateBroken."""
    return _filled([CONTRACT], CONTRACT, {**asdict(text), "heading": text.heading}, templates)


def paper_as_word(paper: Paper, templates: Path | None = None) -> bytes:
    """A .docx. The office's ``<kind>.docx`` goes before its ``document.docx``, and that before ours. Raises TemplateBroken."""
    return _filled([f"{paper.kind}.docx", DOCUMENT], DOCUMENT, asdict(paper), templates)


def _filled(names: list[str], ours: str, values: Mapping[str, Any], templates: Path | None) -> bytes:
    own = [templates / name for name in names if (templates / name).is_file()] if templates is not None else []
    content = own[0].read_bytes() if own else resources.files("procurement.papers").joinpath("templates", ours).read_bytes()
    try:
        template = DocxTemplate(io.BytesIO(content))
        template.render(dict(values), autoescape=True)
    except (TemplateError, ValueError, LookupError, TypeError, OSError, BadZipFile) as error:
        raise TemplateBroken(file=own[0] if own else ours, cause=str(error)) from error
    filled = io.BytesIO()
    template.save(filled)
    return filled.getvalue()


def as_pdf(text: ContractText) -> bytes:
    """Raises PrintingAway."""
    return printing.pdf(as_html(text))


def paper_as_pdf(paper: Paper) -> bytes:
    """Raises PrintingAway."""
    return printing.pdf(paper_as_html(paper))


def as_html(text: ContractText) -> str:
    lines = "".join(f"<h2>{escape(name)}</h2>{_paragraphs(said)}" for name, said in text.clauses)
    rows = "".join(f"<tr><td>{escape(a)}<td>{escape(b)}<td>{escape(c)}</tr>" for a, b, c in text.milestones)
    table = f"<h2>里程碑与付款</h2><table><tr><th>里程碑<th>完成日期<th>付款（元）</tr>{rows}</table>" if rows else ""
    about = f"<p class=text>本合同补充 {escape(text.supplements)}。原因：{escape(text.reason)}</p>" if text.supplements else ""
    code = f"（{text.credit_code}）" if text.credit_code else ""
    body = (
        f"{_head(text.office, text.number)}<h1>{escape(text.heading)}</h1>"
        f"{_facts((('项目', text.title), ('甲方', text.office), ('乙方', text.other_side + code)))}{about}"
        f"<p class=text>合同金额：人民币 {escape(text.amount)} 元（大写：{escape(text.amount_in_words)}）。"
        f"服务期：{escape(text.starts_on)}至{escape(text.ends_on)}。</p>{lines}{table}"
        f"<table class=sign><tr><td>甲方（盖章）：<td>乙方（盖章）：</tr><tr><td>签字：<td>签字：</tr><tr><td>日期：<td>日期：</tr></table>"
        f"<p class=note>合同内容 SHA-256：<span class=hash>{text.sha256}</span></p>"
    )
    return printing.page(f"{text.number} {text.heading}", body)


def paper_as_html(paper: Paper) -> str:
    signed = "".join(f"<tr><td>{escape(name)}<td>签字：</tr>" for name in paper.signatures)
    body = (
        f"{_head(paper.office, paper.number)}<h1>{escape(paper.heading)}</h1>"
        + (f"<p>{escape(paper.to)}：</p>" if paper.to else "")
        + (_facts(paper.facts) if paper.facts else "")
        + "".join(map(_part, paper.parts))
        + (f"<table class=sign>{signed}</table>" if signed else "")
        + f"<p class=end>{escape(paper.office)}<br>{escape(paper.day)}</p>"
        + (f"<p class=note>登记内容 SHA-256：<span class=hash>{escape(paper.digest)}</span></p>" if paper.digest else "")
    )
    return printing.page(f"{paper.number} {paper.heading}", body)


def _head(office: str, number: str) -> str:
    return f"{STYLE}<p class=red>{escape(office)}</p><hr class=rule><p class=number>{escape(number)}</p>"


def _facts(facts: Iterable[tuple[str, str]]) -> str:
    return (
        "<table class=facts>" + "".join(f"<tr><td>{escape(name)}<td>{escape(value)}</tr>" for name, value in facts) + "</table>"
    )


def _paragraphs(text: str) -> str:
    return "".join(f"<p class=text>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip())


def _part(part: Part) -> str:
    heading = f"<h2>{escape(part.heading)}</h2>" if part.heading else ""
    text = "".join(f"<p class=text>{escape(line)}</p>" for line in part.text)
    if not part.rows:
        return heading + text
    names = "".join(f"<th>{escape(name)}" for name in part.columns)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}" for cell in row) + "</tr>" for row in part.rows)
    return f"{heading}{text}<table class=rows><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>"
