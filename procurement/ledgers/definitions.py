"""What a ledger is, read from its file. Everything wrong with the file is said at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml

from engine.errors import FieldError, InvalidInput
from procurement.accounts.roles import ROLES

SUFFIX = ".ledger.yaml"
NEEDED = ("ledger", "title", "about", "article", "form", "number", "name", "columns")
LISTS = ("key", "columns", "filters", "readers", "keepers")
KNOWN = frozenset({*NEEDED, *LISTS, "public", "own", "figures", "system"})
OWN = {"organisation_id": "organisation", "agency_id": "agency"}  # field → prefix of the group whose entries they are
KEEPERS = ("procurement_officer", "service_centre")
LONGEST = 200_000


class LedgerUnfit(InvalidInput):
    """{file} is no ledger that can be used. Mend what is named, then deploy it again."""

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"{one.path}: {one.message}" for one in self.fields)])


@dataclass(frozen=True)
class Figure:
    """A small chart above the list: entries in force by a field, counted or added up; and on the ``dashboards`` it names."""

    title: str
    by: str
    sum: str = ""
    dashboards: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ledger:
    """``key``: fields of which one entry is in force for each value. ``own``: the field that names whose entry it is."""

    id: str
    title: str
    about: str
    article: str
    form: str
    number: str
    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    readers: frozenset[str] = frozenset()
    keepers: frozenset[str] = frozenset(KEEPERS)
    public: bool = False
    own: str = ""
    figures: tuple[Figure, ...] = ()
    system: str = ""  # heading it stands under on the index
    folder: str = ""

    @property
    def source(self) -> str:
        """The article without the rows of the domain's table that designers note after it."""
        return re.sub(r"\s*(\[[A-Z]\d+\])+$", "", self.article)

    def may_read(self, roles: Collection[str]) -> bool:
        """All entries; their own ones some people see besides."""
        return self.public or not self.readers.isdisjoint(roles)

    def may_keep(self, roles: Collection[str]) -> bool:
        """Import a file; what it holds is in force only once a process has approved it."""
        return self.may_read(roles) and not self.keepers.isdisjoint(roles)

    def owner(self, values: Mapping[str, Any]) -> str | None:
        """The group that sees the entry as its own."""
        party = values.get(self.own) if self.own else None
        return f"{OWN[self.own]}:{party}" if party else None

    def fields(self) -> tuple[str, ...]:
        """Every field of the form the definition names."""
        named = (*self.key, self.name, *self.columns, *self.filters)
        return (*named, *(one for figure in self.figures for one in (figure.by, figure.sum) if one))


def read(content: bytes, file: str, form_keys: Collection[str] | None = None) -> Ledger:
    """``form_keys``: the fields its form writes, when known. Raises LedgerUnfit."""
    try:
        raw = yaml.safe_load(content.decode()) if len(content) <= LONGEST else None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as cause:
        raise LedgerUnfit(file=file, fields=(FieldError("file", "This is not YAML: {cause}", {"cause": str(cause)}),)) from cause
    if not isinstance(raw, dict):
        raise LedgerUnfit(file=file, fields=(FieldError("file", "A ledger is a list of names with values."),))
    problems = list(_problems(raw, file))
    if problems:
        raise LedgerUnfit(file=file, fields=tuple(problems))
    made = _made(raw, file)
    if form_keys is not None:
        unknown = [FieldError(name, "The form {form} has no field {name}.", {"form": made.form, "name": name}) for name in made.fields() if name not in form_keys]  # fmt: skip
        if unknown:
            raise LedgerUnfit(file=file, fields=tuple(unknown))
    return made


def _made(raw: Mapping[str, Any], file: str) -> Ledger:
    path = PurePosixPath(file)
    return Ledger(
        **{name: raw[name] for name in ("title", "about", "article", "form", "number", "name")},
        id=raw["ledger"],
        columns=tuple(raw["columns"]),
        key=tuple(raw.get("key") or ()),
        filters=tuple(raw.get("filters") or ()),
        readers=frozenset(raw.get("readers") or ()),
        keepers=frozenset(raw.get("keepers") or KEEPERS),
        public=raw.get("public", False),
        own=raw.get("own") or "",
        figures=tuple(_figure(one) for one in raw.get("figures") or ()),
        system=raw.get("system") or "",
        folder=path.parent.name,
    )


def _figure(raw: Mapping[str, Any]) -> Figure:
    return Figure(raw["title"], raw["by"], raw.get("sum") or "", tuple(raw.get("dashboards") or ()))


def _problems(raw: Mapping[Any, Any], file: str) -> Iterator[FieldError]:
    stem = PurePosixPath(file).name.removesuffix(SUFFIX)
    for name in sorted(set(map(str, raw)) - KNOWN):
        yield FieldError(name, "A ledger has nothing called {name}.", {"name": name})
    for name in NEEDED:
        if not raw.get(name):
            yield FieldError(name, "Write {name}.", {"name": name})
        elif name not in LISTS and not isinstance(raw[name], str):
            yield FieldError(name, "{name} must be a text.", {"name": name})
    if raw.get("ledger") != stem or not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", stem):
        yield FieldError("ledger", "The id must be the file's name: {name}.", {"name": stem})
    if isinstance(raw.get("number"), str) and not re.fullmatch(r"[A-Z]{2,5}", raw["number"]):
        yield FieldError("number", "A series is two to five capital letters, such as ZN.")
    for name in LISTS:
        value = raw.get(name) or []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            yield FieldError(name, "{name} must be a list of names.", {"name": name})
        elif name in ("readers", "keepers"):
            for role in sorted(set(value) - set(ROLES)):
                yield FieldError(name, "There is no role {role}.", {"role": role})
    yield from _rest(raw)


def _rest(raw: Mapping[Any, Any]) -> Iterator[FieldError]:
    if not isinstance(raw.get("public", False), bool):
        yield FieldError("public", "Write true or false.")
    if not raw.get("public") and not raw.get("readers"):
        yield FieldError("readers", "Say which roles may read it, or that it is public.")
    if raw.get("own") and raw["own"] not in OWN:
        yield FieldError("own", "Whose entry it is, organisation_id or agency_id says.")
    figures = raw.get("figures") or []
    fit = isinstance(figures, list) and all(
        isinstance(one, dict) and set(one) <= {"title", "by", "sum", "dashboards"} and one.get("title") and one.get("by")
        for one in figures
    )
    if not fit:
        yield FieldError("figures", "Each figure has a title and by, and perhaps sum and dashboards.")
