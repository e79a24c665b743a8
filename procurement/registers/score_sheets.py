"""Templates of score sheets with their versions, and the sheet a comparison was published with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Conflict, NotFound
from procurement.registers.scoring import FrozenSheet, ScoreTemplate
from procurement.scoring import sheets
from procurement.scoring.sheets import SheetModel

ORGANISATIONS = ("any", "social_service", "social_group", "foundation", "public_institution")
SHIPPED_VERSION = 1


class TemplateChanged(Conflict):
    """Version {version} of this template was saved meanwhile. Look at it, then make your change on top of it."""


@dataclass(frozen=True)
class Template:
    """One version of a template, shipped or the office's own."""

    id: str
    version: int
    name: str
    organisations: str  # one of ORGANISATIONS
    sheet: Mapping[str, Any]
    note: str = ""
    by: str = ""
    at: dt.datetime | None = None

    @property
    def model(self) -> SheetModel:
        return sheets.read(self.sheet)

    @property
    def ref(self) -> str:
        """What a form's choice holds: ``elderly_care@2``."""
        return f"{self.id}@{self.version}"


class _Loader(yaml.SafeLoader):
    """Points are decimals, never binary floats."""


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node))


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)


@cache
def shipped() -> tuple[Template, ...]:
    """The templates that come with the program, all in version 1."""
    text = (files("procurement.scoring") / "data" / "templates.yaml").read_text(encoding="utf-8")
    rows = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader with one more number type
    return tuple(
        Template(
            row["id"],
            SHIPPED_VERSION,
            row["name"],
            row["organisations"],
            sheets.read({"name": row["name"], "method": row["method"], "items": row["items"]}).as_json(),
            row["note"],
        )
        for row in rows
    )


def versions(session: Session, template_id: str) -> list[Template]:
    """All versions of one template, newest first; empty when there is none."""
    query = select(ScoreTemplate).where(ScoreTemplate.id == template_id).order_by(ScoreTemplate.version.desc())
    return [_kept(row) for row in session.scalars(query)] + [one for one in shipped() if one.id == template_id]


def newest(session: Session) -> list[Template]:
    """The newest version of every template, the shipped ones first, then by id."""
    found = {one.id: one for one in shipped()}
    for row in session.scalars(select(ScoreTemplate).order_by(ScoreTemplate.id, ScoreTemplate.version)):
        found[row.id] = _kept(row)
    return list(found.values())


def template(session: Session, ref: str) -> Template:
    """``ref``: id@version, or the id alone for the newest. Raises NotFound."""
    template_id, _, version = ref.partition("@")
    for one in versions(session, template_id):
        if not version or str(one.version) == version:
            return one
    raise NotFound(kind="Score sheet template", key=ref)


def add_version(
    session: Session,
    template_id: str,
    base: int,
    *,
    name: str,
    organisations: str,
    sheet: Mapping[str, Any],
    note: str,
    by: str,
    now: dt.datetime,
) -> Template:
    """The next version after ``base`` (0 for a new template). Raises TemplateChanged, InvalidInput for an unreadable sheet."""
    known = versions(session, template_id)
    newest_version = known[0].version if known else 0
    if newest_version != base:
        raise TemplateChanged(version=newest_version)
    row = ScoreTemplate(
        id=template_id,
        version=base + 1,
        name=name,
        organisations=organisations,
        sheet=sheets.read(sheet).as_json(),
        note=note,
        by=by,
        at=now,
    )
    session.add(row)
    session.flush()
    return _kept(row)


def used_by(session: Session, template_id: str) -> dict[int, list[str]]:
    """Version → the purchases whose sheet was frozen from it."""
    query = select(FrozenSheet.template_version, FrozenSheet.purchase_id).where(FrozenSheet.template_id == template_id)
    found: dict[int, list[str]] = {}
    for version, purchase_id in session.execute(query.order_by(FrozenSheet.id)):
        if purchase_id not in found.setdefault(version, []):
            found[version].append(purchase_id)
    return found


def freeze(
    session: Session, purchase_id: str, ref: str, rows: Sequence[Mapping[str, Any]], *, by: str, now: dt.datetime
) -> FrozenSheet:
    """The sheet of this comparison; the same content again gives the row that is there. Raises NotFound, InvalidInput."""
    chosen = template(session, ref) if ref else None
    content = sheets.drawn_up(chosen.model if chosen else None, rows).as_json()
    sha256 = sheets.digest(content)
    known = frozen(session, purchase_id)
    if known is not None and known.sha256 == sha256:
        return known
    row = FrozenSheet(
        purchase_id=purchase_id,
        template_id=chosen.id if chosen else "",
        template_version=chosen.version if chosen else 0,
        sheet=content,
        sha256=sha256,
        at=now,
        by=by,
    )
    session.add(row)
    session.flush()
    return row


def frozen(session: Session, purchase_id: str) -> FrozenSheet | None:
    """The newest frozen sheet of a purchase."""
    query = select(FrozenSheet).where(FrozenSheet.purchase_id == purchase_id).order_by(FrozenSheet.id.desc()).limit(1)
    return session.scalars(query).one_or_none()


def _kept(row: ScoreTemplate) -> Template:
    return Template(row.id, row.version, row.name, row.organisations, row.sheet, row.note, row.by, row.at)
