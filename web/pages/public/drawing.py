"""A draw of experts for everybody: what was published, every step computed again, and how to repeat it elsewhere."""

from __future__ import annotations

from flask import render_template

from procurement.draw import checks
from web import draw_words
from web.pages.draws import EXCLUDED, STATE_KINDS, STATES, VOID_REASONS
from web.pages.services import office

NEWEST = 50


def draws() -> str:
    return render_template("public/draws.html", draws=office().draws.latest(limit=NEWEST), states=STATES, state_kinds=STATE_KINDS)


def draw(number: str) -> str:
    """The same checks as ``bixuan verify draw``, made on the published file when the page is asked for."""
    found = office().draws.get(number)
    content = found.content
    committed = {row["contributor"]: row for row in content["commitments"]}
    revealed = {row["contributor"]: row for row in content["reveals"]}
    sides = [
        {**one, "commitment": committed.get(one["contributor"]), "reveal": revealed.get(one["contributor"])}
        for one in content["announcement"]["contributors"]
    ]
    return render_template(
        "public/draw.html",
        draw=found,
        content=content,
        announcement=content["announcement"],
        sides=sides,
        checked=[(check.ok, draw_words.sentence(check)) for check in checks(dict(content))],
        states=STATES,
        state_kinds=STATE_KINDS,
        void_reasons=VOID_REASONS,
        excluded=EXCLUDED,
        is_running=False,
    )
