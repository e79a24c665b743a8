"""What somebody may type to make a browser, a spreadsheet, a template or a feed do what it should not, and how to see that it did."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

CANARY = "window.__hacked=1"
SCRIPT = f"<script>{CANARY}</script>"
IMAGE = f'"><img src=x onerror="{CANARY}">'
TEMPLATE = "{{7*7}}{% if 1 %}%(x)s{name}"
STRANGE = "😀 עברית العربية ﷽ &lt;b&gt; ]]> \\"
HOSTILE = f"=HYPERLINK(1){SCRIPT}{IMAGE}{TEMPLATE}{STRANGE}"
SHORT = "=1+<b>\"'&"
WIDE = "＝1＋<b>\"'&"  # as a Chinese keyboard writes a formula
LIVE = f"//script[contains(., '{CANARY}')] | //img[@src='x'] | //*[@*[starts-with(name(), 'on')]] | //a[starts-with(@href, 'javascript:')]"
REFUSED_SIGNS = {"a zero byte": "\0", "a mark that turns the writing": "\u202e", "a bell": "\x07", "half a character": "\ud83d"}
FORMULA = re.compile(r"<(?:\w+:)?f[ >]")


def living(page: str) -> list[str]:
    """Markup of the words that became markup of the page."""
    if not page.strip():
        return []
    return [html.tostring(one, encoding="unicode")[:200] for one in html.document_fromstring(page).xpath(LIVE)]


def evaluated(page: str) -> bool:
    """Whether a template language did the sum."""
    return "49{% if" in page or f"49{TEMPLATE[7:20]}" in page


def quoted_in(page: str) -> bool:
    return "&lt;script&gt;window.__hacked" in page


def formulas(sheets: Iterator[str]) -> list[str]:
    """Cells of an xlsx that a spreadsheet would work out."""
    return [found[0] for text in sheets for found in FORMULA.finditer(text)]
