"""Reading, updating and compiling the catalogue files."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from web.translations.texts import error_sentences, page_texts

_NO_DATE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Catalogue:
    locale: str
    texts: Callable[[], set[str]]

    @property
    def file(self) -> Path:
        return FOLDER / self.locale / "LC_MESSAGES" / "messages.po"

    @property
    def binary(self) -> Path:
        return self.file.with_suffix(".mo")


CATALOGUES = (Catalogue("zh_Hans", error_sentences), Catalogue("en", page_texts))


def read(catalogue: Catalogue) -> Catalog:
    with catalogue.file.open("rb") as handle:
        return read_po(handle, locale=catalogue.locale)


def missing(catalogue: Catalogue) -> list[str]:
    """Texts without a translation."""
    known = read(catalogue)
    return sorted(text for text in catalogue.texts() if not (message := known.get(text)) or not message.string)


def update(catalogue: Catalogue) -> list[str]:
    """Rewrite the file with exactly today's texts, keeping translations; returns what is untranslated."""
    old = read(catalogue) if catalogue.file.exists() else Catalog(locale=catalogue.locale)
    new = Catalog(locale=catalogue.locale, project="bixuan", fuzzy=False)
    for text in sorted(catalogue.texts()):
        known = old.get(text)
        new.add(text, known.string if known else "")
    with catalogue.file.open("wb") as handle:
        write_po(handle, new, width=0, omit_header=False, include_lineno=False)
    text = catalogue.file.read_text(encoding="utf-8")
    lines = [
        line
        for line in text.splitlines()
        if not line.startswith(('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', "#"))
    ]
    catalogue.file.write_text("\n".join(lines).strip() + "\n", encoding="utf-8")
    return missing(catalogue)


def compiled(catalog: Catalog) -> bytes:
    """The binary form Flask-Babel loads."""
    catalog.creation_date = catalog.revision_date = _NO_DATE  # the same texts give the same file
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()
