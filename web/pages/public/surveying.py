"""Published results of surveys."""

from __future__ import annotations

from flask import render_template, request

from engine.errors import NotFound
from procurement.registers.purchases import Purchase
from web.pages.services import office

PAGE_SIZE = 30


def surveys() -> str:
    return render_template(
        "public/surveys.html", page=office().surveys.published(limit=PAGE_SIZE, after=request.args.get("after"))
    )


def survey(number: str) -> str:
    found = office().surveys.public(number)
    return render_template(
        "public/survey.html", survey=found, purchase=_purchase(found.purchase_id) if found.purchase_id else None
    )


def _purchase(number: str) -> Purchase | None:
    """None for a purchase that has published nothing itself."""
    try:
        return office().public.purchase(number).purchase
    except NotFound:
        return None
