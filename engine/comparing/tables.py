"""Decision tables: columns and rules matched by their ids, then by what they say; cells before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.comparing import matching, things
from engine.comparing.model import ADDED, CHANGED, MOVED, REMOVED, Change, Difference
from engine.comparing.table_reading import Column, Model, Rule, Table, read

__all__ = ["Model", "changes", "read"]
NO_TABLE = Table("", "", "", {}, {})


def changes(before: Model | None, after: Model | None) -> tuple[Change, ...]:
    """Decisions and their properties first, then columns and rules of each table in the order of the new file."""
    old, new = before or Model({}, {}), after or Model({}, {})
    same = {id_: id_ for id_ in old.things if id_ in new.things}
    matching.by_trait(old.things, new.things, same, lambda thing: (thing.kind, thing.name) if thing.name else None)
    found = things.changes(old.things, new.things, same)
    for owner, table in new.tables.items():
        was = next((id_ for id_, now in same.items() if now == owner), None)
        found += _table(old.tables.get(was or "", NO_TABLE), table)
    gone = [table for owner, table in old.tables.items() if same.get(owner) not in new.tables]
    return (*found, *(change for table in gone for change in _table(table, NO_TABLE)))


def _table(old: Table, new: Table) -> Iterator[Change]:
    columns = _same_columns(old.columns, new.columns)
    yield from _columns(old, new, columns)
    rules = _same_rules(old, new, columns)
    yield from _rules(old, new, columns, rules)


def _same_columns(old: Mapping[str, Column], new: Mapping[str, Column]) -> dict[str, str]:
    same = {id_: id_ for id_, column in old.items() if id_ in new and new[id_].kind == column.kind}
    matching.by_trait(old, new, same, lambda column: (column.kind, column.title))
    return same


def _columns(old: Table, new: Table, same: dict[str, str]) -> Iterator[Change]:
    old_of = {now: was for was, now in same.items()}
    moved = matching.out_of_order([same[id_] for id_ in old.columns if id_ in same], list(new.columns))
    for id_, column in new.columns.items():
        if id_ not in old_of:
            yield Change(ADDED, column.word, id_, None, column.title, new.place, differences=_whole(column, is_new=True))
            continue
        was = old.columns[old_of[id_]]
        differences = tuple(_properties(was, column))
        if id_ in moved:
            order = Difference("order", _number(old, was.id), _number(new, id_))
            differences = (*differences, order)
        if differences:
            yield Change(CHANGED, column.word, id_, was.id, column.title, new.place, differences=differences)
    for id_, column in old.columns.items():
        if id_ not in same:
            yield Change(REMOVED, column.word, None, id_, column.title, old.place, differences=_whole(column, is_new=False))


def _number(table: Table, column: str) -> str:
    return str(1 + list(table.columns).index(column))


def _whole(column: Column, *, is_new: bool) -> tuple[Difference, ...]:
    return tuple(
        Difference(word, None if is_new else value, value if is_new else None)
        for word, value in column.properties.items()
        if value
    )


def _properties(old: Column, new: Column) -> Iterator[Difference]:
    for word in dict.fromkeys((*new.properties, *old.properties)):
        before, after = old.properties.get(word), new.properties.get(word)
        if before != after:
            yield Difference(word, before, after)


def _same_rules(old: Table, new: Table, columns: dict[str, str]) -> dict[str, str]:
    """By id, else by all cells, else by the conditions, else by all but one cell."""
    same = {id_: id_ for id_ in old.rules if id_ in new.rules}
    inputs = [id_ for id_ in columns if old.columns[id_].kind == "input"]

    def cells(rule: Rule, among: list[str], *, is_old: bool) -> tuple[str, ...]:
        return tuple(rule.cells.get(id_ if is_old else columns[id_], "") for id_ in among)

    for among in (list(columns), inputs):
        if among:
            was = {id_: cells(rule, among, is_old=True) for id_, rule in old.rules.items()}
            now = {id_: cells(rule, among, is_old=False) for id_, rule in new.rules.items()}
            matching.by_trait(was, now, same, lambda cells: cells)
    return same


def _rules(old: Table, new: Table, columns: dict[str, str], same: dict[str, str]) -> Iterator[Change]:
    old_of = {now: was for was, now in same.items()}
    moved = matching.out_of_order([same[id_] for id_ in old.rules if id_ in same], list(new.rules))
    numbers_before = {id_: number for number, id_ in enumerate(old.rules, 1)}
    for number, (id_, rule) in enumerate(new.rules.items(), 1):
        was = old.rules.get(old_of.get(id_, ""))
        if was is None:
            yield Change(
                ADDED, "rule", id_, None, rule.name, new.place, None, number, tuple(_cells(None, rule, old, new, columns))
            )
            continue
        differences = tuple(_cells(was, rule, old, new, columns))
        if differences or id_ in moved or was.id != id_:
            kind = CHANGED if differences or was.id != id_ else MOVED
            place = numbers_before[was.id], number
            yield Change(kind, "rule", id_, was.id, rule.name, new.place, *place, differences)
    for id_, rule in old.rules.items():
        if id_ not in same:
            number = numbers_before[id_]
            yield Change(
                REMOVED, "rule", None, id_, rule.name, old.place, number, None, tuple(_cells(rule, None, old, new, columns))
            )


def _cells(was: Rule | None, now: Rule | None, old: Table, new: Table, columns: dict[str, str]) -> Iterator[Difference]:
    """Cell by cell, by the column's title; columns that are new or gone are told there, not in each rule."""
    for before_id, after_id in columns.items():
        before = None if was is None else was.cells.get(before_id, "")
        after = None if now is None else now.cells.get(after_id, "")
        if before != after:
            yield Difference("cell", before, after, new.columns[after_id].title or old.columns[before_id].title)
    yield from _lonely_cells(was, now, old, new, columns)
    for word in ("description", "other"):
        said_before, said_after = (None if rule is None else rule.more.get(word) for rule in (was, now))
        if said_before != said_after:
            yield Difference(word, said_before, said_after)


def _lonely_cells(was: Rule | None, now: Rule | None, old: Table, new: Table, columns: dict[str, str]) -> Iterator[Difference]:
    """Of columns that are only on one side: what a new column says, and all that a vanished rule said."""
    for id_ in new.columns if now is not None else ():
        text = now.cells.get(id_, "") if now is not None and id_ not in columns.values() else ""
        if text not in {"", "-"}:
            yield Difference("cell", None, text, new.columns[id_].title)
    for id_ in old.columns if was is not None and now is None else ():
        if was is not None and id_ not in columns:
            yield Difference("cell", was.cells.get(id_, ""), None, old.columns[id_].title)
