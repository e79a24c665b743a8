"""The text of mails: one message, several at once, and the same as simple HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from procurement.messages.telling import one_line
from procurement.messages.wording import FRAME, LANGUAGES, Said, said
from procurement.registers.messages import Message

ADDRESS_IN_TEXT = re.compile(r"https?://[^\s<>\"]+")
MOST_IN_ONE = 200  # messages in one mail; the rest is in the pages


@dataclass(frozen=True)
class Sender:
    """What a letter says of us: the office's name and our own address."""

    office: str
    site: str


def told(message: Message, language: str) -> Said:
    """Subject and text of a message; what a diagram or a person wrote stays as it was written."""
    if not message.words:
        return message.subject, message.text
    subject, text = said(message.words, message.values, language)
    return one_line(subject), text


def letter(messages: Sequence[Message], language: str, sender: Sender) -> Said:
    """Subject and text of one mail that says all of ``messages``."""
    frame = FRAME[language if language in LANGUAGES else LANGUAGES[0]]
    shown = [(message, *told(message, language)) for message in messages[:MOST_IN_ONE]]
    parts = []
    for message, subject, text in shown:
        lines = [text or subject] if len(shown) == 1 else [f"• {subject}", *(["  " + text.replace("\n", "\n  ")] if text else [])]
        lines.append(("" if len(shown) == 1 else "  ") + f"{frame['open']}{sender.site}/messages/{message.key}")
        parts.append("\n".join(lines))
    foot = frame["why"].format(office=sender.office) + sender.site + "/messages/settings"
    subject = shown[0][1] if len(messages) == 1 else frame["digest"].format(n=len(messages)) + " · " + sender.office
    return subject, "\n\n".join([*parts, "—— \n" + foot]) + "\n"


def as_html(text: str) -> str:
    """The same text with clickable addresses: no pictures, nothing loaded from anywhere."""
    paragraphs = [_linked(part).replace("\n", "<br>\n") for part in text.strip().split("\n\n")]
    body = "\n".join(f"<p>{part}</p>" for part in paragraphs)
    return (
        f'<!doctype html>\n<html><body style="font:15px/1.6 sans-serif;color:#1c2420;max-width:42em">\n{body}\n</body></html>\n'
    )


def _linked(text: str) -> str:
    pieces, at = [], 0
    for found in ADDRESS_IN_TEXT.finditer(text):
        address = html.escape(found[0])
        pieces += [html.escape(text[at : found.start()]), f'<a href="{address}">{address}</a>']
        at = found.end()
    return "".join([*pieces, html.escape(text[at:])])
