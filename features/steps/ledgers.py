"""Ledgers: what stands in them today, in the words of their forms."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_bdd import given, then

from engine.forms.model import ChoiceField, Field, walk
from engine.forms.values import option_text
from features.steps.scene import Scene
from features.steps.words import Table, records, said
from procurement.ledgers.definitions import Ledger
from procurement.ledgers.finding import Query
from procurement.ledgers.recording import NewEntry
from procurement.registers.ledgers import LedgerEntry


def entries(scene: Scene, title: str) -> tuple[Ledger, Sequence[LedgerEntry]]:
    """The entries in force today that the audit sees."""
    desk, auditor = scene.office.office.ledgers, scene.office.person("审计")
    ledger = next((one for one, _ in desk.open_to(auditor) if one.title == title), None)
    assert ledger is not None, f"没有台账“{title}”"
    today = scene.office.office.desk.now().date()
    return ledger, desk.search(Query(ledger.id, on=today), actor=auditor, limit=200).items


def texts(scene: Scene, ledger: Ledger, label: str, found: Sequence[LedgerEntry]) -> list[str]:
    """What the field called ``label`` says in each entry."""
    form = scene.office.office.ledgers.form(ledger)
    field = next(one for one in walk(form.components) if isinstance(one, Field) and _label(one) == label)
    assert isinstance(field, Field)
    names = {option_text(option.value): option.label for option in field.options} if isinstance(field, ChoiceField) else {}
    values = [entry.values.get(field.key) for entry in found]
    return [
        "、".join(names.get(option_text(part), str(part)) for part in (value if isinstance(value, list) else [value]))
        for value in values
    ]


def _label(one: object) -> str:
    label = getattr(one, "label", None)
    return "".join(str(part) for part in label.parts) if label is not None else ""


@then(said("台账“{title}”有 {count} 条"))
def counts(scene: Scene, title: str, count: str) -> None:
    assert len(entries(scene, title)[1]) == int(count)


@then(said("台账“{title}”里“{name}”的“{label}”是“{words}”"))
def says(scene: Scene, title: str, name: str, label: str, words: str) -> None:
    ledger, found = entries(scene, title)
    named = [entry for entry in found if str(entry.values.get(ledger.name)) == name]
    assert texts(scene, ledger, label, named) == [words]


@then(said("台账“{title}”里“{label}”有“{words}”"))
def has(scene: Scene, title: str, label: str, words: str) -> None:
    ledger, found = entries(scene, title)
    said_ = texts(scene, ledger, label, found)
    assert words in said_, said_


@given(said("台账“{title}”已有："))
def stands(scene: Scene, title: str, datatable: Table) -> None:
    ledger, _ = entries(scene, title)
    form = scene.office.office.ledgers.form(ledger)
    fields = {_label(one): one for one in walk(form.components) if isinstance(one, Field)}
    rows = [{fields[label].key: _value(fields[label], words) for label, words in row.items()} for row in records(datatable)]
    now = scene.office.office.desk.now()
    seeds = [NewEntry(values, valid_from=now.date()) for values in rows]
    scene.office.office.ledgers.seed(ledger.id, seeds, at=now, actor=scene.office.person("采购经办"))


def _value(field: Field, words: str) -> object:
    options = field.options if isinstance(field, ChoiceField) else ()
    return next((option.value for option in options if option.label == words), words)
