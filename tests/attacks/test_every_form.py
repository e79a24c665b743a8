"""Every text field of every form takes whatever is typed as words: accepted or refused with a sentence, and shown escaped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template

from engine.feel import Feel
from engine.forms import Form, read
from engine.forms.model import Component, DynamicList, Group, TextField
from engine.forms.paths import dotted
from engine.forms.reads import read_by
from procurement.calendar import EXTENSIONS
from procurement.registers.row import OFFICE_ZONE
from tests.attacks.hostile_words import HOSTILE, REFUSED_SIGNS, evaluated, living, quoted_in
from web.composition import compose
from web.pages.factory import create_pages
from web.pages.forms.tokens import FileTokens
from web.pages.forms.view import FormView
from web.settings import Settings

ROOT = Path(__file__).parents[2]
FORMS = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "forms").rglob("*.form"))
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=OFFICE_ZONE)
FEEL = Feel(EXTENSIONS)
LONG = "长" * 10_000


@pytest.fixture(scope="module")
def pages(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An office without anything in it is enough to draw a form."""
    services = compose(Settings.for_demo(new_database(), str(tmp_path_factory.mktemp("files"))))
    services.migrate()
    yield create_pages(services)
    services.close()


def form_of(path: str) -> Form:
    return read((ROOT / path).read_bytes(), file=path, feel=FEEL)


def texts(components: tuple[Component, ...], prefix: str = "") -> Iterator[tuple[str, TextField]]:
    """Where each text field is written, those of the first row of every list too."""
    for component in components:
        if isinstance(component, Group):
            yield from texts(component.components, prefix)
        elif isinstance(component, DynamicList):
            yield from texts(component.components, dotted(prefix, component.path) + ".0")
        elif isinstance(component, TextField):
            yield dotted(prefix, component.path), component


def shown(pages: Flask, form: Form, context: dict[str, Any], values: dict[str, Any], *, locked: bool) -> str:
    with pages.test_request_context("/"):
        state = form.state(context, values, now=NOW)
        view = FormView(state, locked, {name: [HOSTILE] for name in values}, FileTokens("k" * 32, "zhang"), "", "/files/x/")
        return render_template(
            "sheet.html",
            heading=HOSTILE,
            back="/",
            number=HOSTILE,
            title=HOSTILE,
            view=view,
            problem=HOSTILE,
            wrong=0,
            command_id="1",
            takes_files=True,
        )


@pytest.mark.parametrize("path", FORMS)
def test_what_is_typed_into_a_form_is_shown_as_words(path: str, pages: Flask) -> None:
    form = form_of(path)
    values: dict[str, Any] = {name: HOSTILE for name, _ in texts(form.components)}
    context: dict[str, Any] = dict.fromkeys(read_by(form), HOSTILE)
    for locked in (False, True):
        page = shown(pages, form, context, values, locked=locked)
        assert not living(page), living(page)
        assert not evaluated(page)
        assert quoted_in(page)


@pytest.mark.parametrize("path", FORMS)
def test_ten_thousand_characters_are_taken_or_refused_with_a_sentence(path: str) -> None:
    form = form_of(path)
    for name, field in texts(form.components):
        for words in (LONG, HOSTILE):
            checked = form.validate({name: words}, {}, (), now=NOW)
            refused = [one for one in checked.errors if one.path == name]
            assert all(str(one.template) for one in refused)
            if not refused and name in checked.values:
                assert checked.values[name] == words, f"{name} ({field.key}) changed what was typed"


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("sign", REFUSED_SIGNS.values(), ids=REFUSED_SIGNS)
def test_signs_nobody_can_see_are_refused_beside_their_field(path: str, sign: str) -> None:
    form = form_of(path)
    found = dict(texts(form.components))
    checked = form.validate(dict.fromkeys(found, f"甲{sign}乙"), {}, (), now=NOW)
    refused = {one.path for one in checked.errors}
    for name in found:
        top = name.partition(".")[0]
        assert name in refused or sign not in repr(checked.values.get(top)), name
