"""Red-header papers as Word and as PDF. The office may replace the Word templates; the PDF holds the same text."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.shared import Mm
from docxtpl.inline_image import InlineImage
from docxtpl.richtext import RichText
from docxtpl.template import DocxTemplate, TemplateError  # type: ignore[attr-defined]

from engine.errors import Conflict
from procurement.archive import printing
from procurement.papers import bars
from procurement.papers.contract import ContractText
from procurement.papers.document import Paper, Part

CONTRACT, DOCUMENT, PICTURED = "contract.docx", "document.docx", "pictured.docx"
STYLE = """
<style>
table { table-layout: auto } th, td { overflow-wrap: break-word }
.red { color: #c00; text-align: center; font: bold 26pt "Noto Serif CJK SC"; letter-spacing: 4pt; margin: 0 }
.rule { border: 0; border-top: 2pt solid #c00; margin: 8pt 0 4pt } .number { text-align: center; margin: 0 0 18pt }
.sign { margin-top: 36pt } .sign td { border: 0; width: 50%; padding-top: 10pt } p.text { text-indent: 2em; white-space: pre-wrap; margin: 0 0 6pt }
.facts { margin: 0 0 10pt } .facts td { border: 0; padding: 1pt 4pt; font-size: 10.5pt } .facts td:first-child { width: 6em; color: #555; white-space: nowrap }
table.rows { margin: 2pt 0 8pt } .rows th { white-space: nowrap } .rows td { white-space: pre-line } p.end { text-align: right; margin: 24pt 0 0; line-height: 1.9 } h2 { break-after: avoid } .picture { margin: 4pt 0 } .picture svg { width: 100%; height: auto } td a { color: #1c4b43; text-decoration: none }
h1 { string-set: heading content() } @page { @top-right { content: string(heading); font-size: 8pt; color: #777 } } @page :first { @top-right { content: none } }
h2.chapter { font-size: 15pt; border-bottom: 1pt solid #c00; padding-bottom: 2pt } .whole { break-inside: avoid } .picture { break-after: avoid }
table.counted { font-size: 9.5pt; font-variant-numeric: tabular-nums } .counted td { padding: 1pt 5pt } .counted td:not(:first-child), .counted th:not(:first-child) { text-align: right }
.counted.totalled tr:last-child td { font-weight: bold; border-top: 1pt solid #555 }
</style>"""
LONGEST = 48  # half characters a column asks for at most, in Word
WHOLE = 14  # rows of a table that is not torn apart by the end of a page


class TemplateBroken(Conflict):
    """The Word template {file} cannot be filled: {cause}. Mend it, or remove it to use the one that comes with the program."""


def as_word(text: ContractText, templates: Path | None = None) -> bytes:
    """A .docx. ``templates``: the office's own folder; its ``contract.docx`` goes before ours. Raises TemplateBroken."""
    return _filled([CONTRACT], CONTRACT, {**asdict(text), "heading": text.heading}, templates)


def paper_as_word(paper: Paper, templates: Path | None = None) -> bytes:
    """A .docx. The office's ``<kind>.docx`` goes before its ``document.docx``, and that before ours. Raises TemplateBroken."""
    return _filled([f"{paper.kind}.docx", DOCUMENT], DOCUMENT, asdict(paper), templates)


def pictured_as_word(paper: Paper, templates: Path | None = None) -> bytes:
    """A .docx with the pictures and links of its parts. The office's ``<kind>.docx`` goes before ours. Raises TemplateBroken."""
    return _filled(
        [f"{paper.kind}.docx"], PICTURED, asdict(paper), templates, lambda template: {"parts": _dressed(template, paper)}
    )


def _dressed(template: DocxTemplate, paper: Paper) -> list[dict[str, Any]]:
    made: Any = template  # the library names no types
    image: Any = InlineImage
    rich: Any = RichText
    found = []
    for part in paper.parts:
        content = None if part.picture is None else bars.png(part.picture)
        picture = "" if content is None else image(made, io.BytesIO(content), width=Mm(150))
        addresses = part.links or tuple(("",) * len(row) for row in part.rows)
        rows = [
            [rich(text, url_id=made.build_url_id(to)) if to else rich(text) for text, to in zip(row, own, strict=True)]
            for row, own in zip(part.rows, addresses, strict=True)
        ]
        found.append({"heading": part.heading, "text": part.text, "columns": part.columns, "rows": rows, "picture": picture})
    return found


def _filled(
    names: list[str],
    ours: str,
    values: Mapping[str, Any],
    templates: Path | None,
    more: Callable[[DocxTemplate], Mapping[str, Any]] = lambda _: {},
) -> bytes:
    own = [templates / name for name in names if (templates / name).is_file()] if templates is not None else []
    content = own[0].read_bytes() if own else resources.files("procurement.papers").joinpath("templates", ours).read_bytes()
    try:
        template = DocxTemplate(io.BytesIO(content))
        template.render({**values, **more(template)}, autoescape=True)
    except (TemplateError, ValueError, LookupError, TypeError, OSError, BadZipFile) as error:
        raise TemplateBroken(file=own[0] if own else ours, cause=str(error)) from error
    rendered: Any = template.docx
    for table in rendered.tables:
        _fit(table)
    filled = io.BytesIO()
    template.save(filled)
    return filled.getvalue()


def _fit(table: Any) -> None:
    """Columns as wide as what stands in them asks for; programs that do not measure it themselves read it here."""
    grid = table.columns
    texts = [[cell.text for cell in row.cells] for row in table.rows]
    if not texts or {len(row) for row in texts} != {len(grid)} or not all(one.width for one in grid):
        return
    asked = [min(max(_length(row[n]) for row in texts), LONGEST) + 2 for n in range(len(grid))]
    whole = sum(one.width for one in grid)
    for one, share in zip(grid, asked, strict=True):
        one.width = int(whole * share / sum(asked))


def _length(text: str) -> int:
    return max((sum(2 if ord(sign) > 255 else 1 for sign in line) for line in text.splitlines()), default=0)


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
    chapter = "" if part.rows or part.text else " class=chapter"
    heading = f"<h2{chapter}>{escape(part.heading)}</h2>" if part.heading else ""
    text = "".join(f"<p class=text>{escape(line)}</p>" for line in part.text)
    if not part.rows:
        return heading + text
    names = "".join(f"<th>{escape(name)}" for name in part.columns)
    addresses = part.links or tuple(("",) * len(row) for row in part.rows)
    rows = "".join(
        "<tr>" + "".join(f"<td>{_linked(cell, to)}" for cell, to in zip(row, own, strict=True)) + "</tr>"
        for row, own in zip(part.rows, addresses, strict=True)
    )
    picture = "" if part.picture is None else f"<div class=picture>{bars.svg(part.picture)}</div>"
    kind = "rows" + (" counted" if part.links else "") + (" totalled" if part.picture else "")
    table = f'<table class="{kind}"><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>'
    whole = " class=whole" if part.links and len(part.rows) <= WHOLE else ""
    return f"<div{whole}>{heading}{text}{picture}{table}</div>"


def _linked(text: str, to: str) -> str:
    return f'<a href="{escape(to)}">{escape(text)}</a>' if to else escape(text)
