"""Ledgers as a draft has them: a file that cannot be used, or names a field its form has not, would be left out."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks import Finding, World
from procurement.ledgers.definitions import SUFFIX, LedgerUnfit, read
from procurement.studio.checks.catalogue import LEDGER_UNFIT

NO_FORM = "The form {form} of the ledger is not there."


def findings(world: World) -> Iterator[Finding]:
    rule = LEDGER_UNFIT
    for path, content in world.files.items():
        if not path.endswith(SUFFIX):
            continue
        try:
            form = world.forms.get(read(content, path).form)
            if form is None:
                told = {"form": read(content, path).form}
                yield Finding(rule.code, rule.severity, path, 1, "form", NO_FORM, told)
                continue
            read(content, path, form.keys)
        except LedgerUnfit as wrong:
            for one in wrong.fields:
                yield Finding(rule.code, rule.severity, path, 1, one.path, one.template, one.params)
