"""Taking private particulars out of texts that people wrote before they are shown to everybody.

政府信息公开条例 第十五条: personal particulars are not published. Mobile numbers, identity numbers, mail addresses and bank
cards are recognised by their shape; names have to be given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

HIDDEN = "〔已隐去〕"
_IDENTITY = r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
_MOBILE = r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}"
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_CARD = r"62\d{14,17}"
_PRIVATE = re.compile(rf"(?<![0-9A-Za-z])(?:\+?86[ -]?)?(?:{_IDENTITY}|{_CARD}|{_MOBILE})(?![0-9A-Za-z])|{_MAIL}", re.ASCII)
SHORTEST_NAME = 2  # one character would take half the text away


def without_private(text: str, names: Iterable[str] = ()) -> str:
    """``text`` with private numbers, addresses and the ``names`` replaced by 〔已隐去〕."""
    text = _PRIVATE.sub(HIDDEN, text)
    for name in sorted({name.strip() for name in names if len(name.strip()) >= SHORTEST_NAME}, key=len, reverse=True):
        text = text.replace(name, HIDDEN)
    return text


def published(value: Any) -> Any:
    """Any JSON value with every text of it redacted; keys stay."""
    if isinstance(value, str):
        return without_private(value)
    if isinstance(value, list):
        return [published(item) for item in value]
    if isinstance(value, dict):
        return {key: published(item) for key, item in value.items()}
    return value
