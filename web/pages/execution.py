"""还剩多少: how the year's budgets are spent, what each line went to, and which payments are overdue; integrity files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from flask import Blueprint, abort, render_template, request

from procurement.ledgers.definitions import Ledger
from procurement.registers.ledgers import LedgerEntry
from procurement.registers.money import BUDGET_LEVELS
from procurement.registers.parties import Organisation
from web.auth.people import acting
from web.pages.ledgers.reading import View, view
from web.pages.services import office, services

blueprint = Blueprint("execution", __name__)
files = Blueprint("integrity", __name__)


@blueprint.get("/budgets")
def index() -> str:
    years = office().execution.years()
    asked = request.args.get("year", type=int)
    year = asked or services().clock.now().year
    rows = sorted(office().execution.spent(year), key=lambda row: BUDGET_LEVELS.index(row.budget.level))
    levels = [(level, list(of)) for level, of in groupby(rows, key=lambda row: row.budget.level)]
    return render_template("execution/index.html", year=year, years=years, levels=levels, rows=rows, due=office().execution.due())


@blueprint.get("/budgets/<code>")
def line(code: str) -> str:
    budget = office().planning.budget(code)
    found = next((one for one in office().execution.spent(budget.year) if one.budget.code == code), None) or abort(404)
    taken = office().execution.taken(code)
    return render_template("execution/line.html", spent=found, taken=taken, seen=_seen(one.purchase.id for one in taken))


@files.get("/organisations/<key>/integrity")
def show(key: str) -> str:
    organisation, entries = office().parties.organisation(key), office().parties.credit(key)
    contracts = office().parties.contracts(key)
    return render_template(
        "execution/integrity.html",
        organisation=organisation,
        entries=entries,
        effects={kind: office().parties.effects(kind) for kind in {one.kind for one in entries}},
        contracts=contracts,
        seen=_seen(one.purchase_id for one in contracts),
        ledgers=[_about(organisation, one, rows) for one, rows in office().ledgers.of_organisation(key, actor=acting())],
        today=services().clock.now().date(),
    )


def _seen(purchases: Iterable[str]) -> frozenset[str]:
    """Those the reader may look into; the others are named without a link."""
    return office().purchases.seen_of(purchases, actor=acting())


def _about(
    organisation: Organisation, ledger: Ledger, rows: Sequence[LedgerEntry]
) -> tuple[View, list[str], Sequence[LedgerEntry]]:
    """A ledger with the columns that say more than whose file this is."""
    own = (organisation.id, organisation.name, organisation.credit_code)
    columns = [name for name in ledger.columns if any(row.values.get(name) not in own for row in rows)]
    return view(ledger.id, acting()), columns, rows
