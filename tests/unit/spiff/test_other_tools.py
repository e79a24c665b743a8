"""Diagrams drawn by other tools deploy, or are refused with every reason; the reasons are written down to be read."""

from __future__ import annotations

from tests.support.miwg import EXPECTED, diagrams, present, report


@present
def test_what_is_said_about_each_reference_model_is_what_was_read_and_found_sensible():
    assert len(diagrams()) == 21
    assert report() == EXPECTED.read_text(encoding="utf-8"), "run: python -m tests.support.miwg, and read the difference"
