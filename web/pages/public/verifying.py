"""Checking without trusting: a receipt against the published list, a case file's seal, and where a draw is repeated."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import render_template, request

from engine.errors import NotFound
from procurement.registers.comparison import Notice
from web.pages import filters
from web.pages.services import office

DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class ReceiptAnswer:
    """``outcome``: same, differs, not_listed (the list is out without it) or not_out (no list names it yet)."""

    number: str
    outcome: str
    notice: Notice | None = None
    listed: str = ""  # the hash in the list


def verify() -> str:
    return render_template("public/verify.html", receipt=None, kept=filters.Filters())


def receipt() -> str:
    """The answer stands on the same page as the form."""
    kept = filters.read(("receipt", "sha256"))
    number, digest = kept["receipt"].upper(), _digest(kept["sha256"])
    if not number or (kept["sha256"] and not DIGEST.fullmatch(digest)):
        return render_template("public/verify.html", receipt=None, kept=kept, wrong=True)
    return render_template("public/verify.html", receipt=_looked_up(number, digest), kept=kept)


def _looked_up(number: str, digest: str) -> ReceiptAnswer:
    try:
        notice, listed = office().public.receipt(number)
    except NotFound:
        return ReceiptAnswer(number, "not_listed")
    if not digest:
        return ReceiptAnswer(number, "listed", notice, listed)
    return ReceiptAnswer(number, "same" if listed == digest else "differs", notice, listed)


def case_file(number: str) -> str:
    """The seal of a closed case file; somebody who has the archive compares its root."""
    purchase, found = office().public.case_file(number)
    given = _digest(request.args.get("sha256", ""))
    seals = {found.root, found.listing, found.archive_sha256} - {""}
    return render_template("public/file.html", it=found, purchase=purchase, given=given, same=given in seals)


def _digest(text: str) -> str:
    """As people paste it: blanks, capitals and a leading "sha256:" do not matter."""
    return re.sub(r"\s+", "", text).lower().removeprefix("sha256:")
