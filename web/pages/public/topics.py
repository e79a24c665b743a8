"""A topic residents deliberated on, and the purchases that came of it."""

from __future__ import annotations

from flask import render_template

from procurement.office.ledgers import VISITOR
from web.pages.ledgers.reading import view
from web.pages.services import office

DELIBERATIONS = "deliberations"


def topic(number: str) -> str:
    entry, purchases = office().threads.of_topic(number)
    shown = view(DELIBERATIONS, VISITOR)
    told = {name: shown.told(name, entry.values.get(name)) for name in ("stage", "source", "way", "execution")}
    return render_template("public/topic.html", entry=entry, purchases=purchases, number=number, told=told)
