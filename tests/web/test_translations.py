"""Chinese first, English switchable: no text without its translation, and the compiled files are today's."""

from __future__ import annotations

import re

import pytest

from web.translations.catalogues import CATALOGUES, Catalogue, compiled, missing, read


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda c: c.locale)
def test_every_text_is_translated(catalogue: Catalogue) -> None:
    assert missing(catalogue) == [], "add the translations, then run: python -m web.translations"


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda c: c.locale)
def test_the_compiled_catalogue_is_up_to_date(catalogue: Catalogue) -> None:
    assert catalogue.binary.read_bytes() == compiled(read(catalogue)), "run: python -m web.translations"


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda c: c.locale)
def test_a_translation_names_only_what_its_text_names(catalogue: Catalogue) -> None:
    for message in read(catalogue):
        if message.id:
            assert names(str(message.string)) <= names(str(message.id)), message.id


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda c: c.locale)
def test_a_percent_sign_only_begins_a_placeholder(catalogue: Catalogue) -> None:
    """Templates put values into every text, so that ``90 % within`` breaks its page."""
    for message in read(catalogue):
        for text in (str(message.id), str(message.string)):
            assert not re.search(r"%(?!\(\w+\)s|%)", text), text


def names(text: str) -> set[str]:
    """Placeholders: ``%(n)s`` in page texts, ``{task}`` in error sentences."""
    found = {part.partition(")")[0] for part in text.split("%(")[1:]}
    return found | set(re.findall(r"\{(\w+)[^{}]*\}", text))
