"""Texts of a form become HTML that cannot run, track or disguise anything, whatever a designer or a value puts in."""

from __future__ import annotations

import html
import re

import nh3
from markdown_it import MarkdownIt

_TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    ]
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "th": {"scope", "colspan"},
    "td": {"colspan", "rowspan"},
    "abbr": {"title"},
}
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def clean(markup: str) -> str:
    """HTML without scripts, styles, frames, event handlers, foreign pictures and dangerous links."""
    return nh3.clean(
        markup,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto", "tel", "data"},
        attribute_filter=_allowed,
        link_rel="noopener noreferrer",
    )


def from_markdown(text: str) -> str:
    """Markdown as form-js's text component has it; HTML inside it is shown, not interpreted."""
    return clean(_MARKDOWN.render(text)).strip()


def escape_markdown(value: str) -> str:
    """A value that stays plain text inside Markdown."""
    escaped = _PUNCTUATION.sub(r"\\\1", value)
    return "\\\n".join(line.strip() for line in escaped.splitlines() if line.strip())


def escape_html(value: str) -> str:
    return html.escape(value)


def safe_image(source: str) -> str:
    """The address of a picture of our own or inside the form; "" for any other: a foreign picture tells who looked."""
    source = source.strip()
    if re.match(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*\Z", source):
        return source
    is_ours = source.startswith("/") and not source.startswith("//") and "\\" not in source
    return source if is_ours else ""


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src"):
        return safe_image(value) or None
    if attribute == "href" and value.lstrip().lower().startswith("data:"):
        return None
    return value
