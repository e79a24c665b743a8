"""The reference page is what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.feel import Feel
from engine.feel.builtins import BUILTINS
from engine.feel.reference import page
from engine.feel.reference_words import MEANINGS
from procurement.calendar.feel import EXTENSIONS
from tests.unit.feel.asking import NOW, text_of

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "feel.md"
EXAMPLES = [
    signature.example for function in BUILTINS.values() for signature in function.signatures if signature.example is not None
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.expression)
def test_every_example_gives_its_result(example):
    assert text_of(example.expression) == text_of(example.result)


@pytest.mark.parametrize("extension", EXTENSIONS, ids=lambda extension: extension.name)
def test_every_example_of_the_office_s_functions_gives_its_result(extension):
    feel = Feel(EXTENSIONS)
    expected = feel.expression(extension.result or "true").evaluate({})
    assert feel.expression(extension.example).evaluate({}, now=NOW) == expected


def test_every_signature_has_an_example_and_every_function_a_chinese_line():
    assert len(EXAMPLES) == sum(len(function.signatures) for function in BUILTINS.values())
    assert set(MEANINGS) == set(BUILTINS)
    assert all(signature.doc for function in BUILTINS.values() for signature in function.signatures)


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(EXTENSIONS), (
        "run: python -m engine.feel.reference procurement.calendar.feel:EXTENSIONS > docs/reference/feel.md"
    )
