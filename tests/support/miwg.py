"""Diagrams drawn by other tools: the reference models of the BPMN Model Interchange Working Group (CC BY 3.0).

They lie beside the checkout (or where BIXUAN_MIWG says) and are never copied into it; tests without them are skipped.
``python -m tests.support.miwg`` writes down anew what deployment says about each: read the difference before you commit it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.errors import DefinitionInvalid, Problem
from engine.spiff import parse
from tests.unit.spiff.office import FEEL

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("BIXUAN_MIWG") or ROOT.parent / "shared" / "miwg")
EXPECTED = ROOT / "tests" / "data" / "miwg-deployment.txt"
OPENING = """What deployment says about the reference models of the BPMN Model Interchange Working Group (release A-C), every reason once,
with the elements it is said at. Made by: python -m tests.support.miwg
"""
present = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the MIWG reference models are not there: {FOLDER}")


def diagrams() -> list[Path]:
    return sorted(FOLDER.glob("*.bpmn"))


def report() -> str:
    return OPENING + "".join(f"\n{file.name}\n{_told(file)}" for file in diagrams())


def _told(file: Path) -> str:
    try:
        models = parse(file.read_bytes(), file=file.name, feel=FEEL)
    except DefinitionInvalid as refused:
        return _reasons(refused.problems)
    warnings = _reasons([warning for model in models for warning in model.warnings])
    return f"  deploys: {', '.join(model.id for model in models)}\n{warnings}"


def _reasons(problems: list[Problem] | tuple[Problem, ...]) -> str:
    """Each sentence with the elements it is said at, in the order of the file; warnings are marked."""
    said: dict[str, list[str]] = {}
    for problem in problems:
        mark = "" if problem.severity == "error" else f"({problem.severity}) "
        said.setdefault(mark + problem.message, []).append(problem.element or f"line {problem.line}")
    return "".join(f"  {sentence}\n      {_places(places)}\n" for sentence, places in said.items())


def _places(places: list[str]) -> str:
    unique = list(dict.fromkeys(places))
    return ", ".join(unique[:5]) + (f" and {len(unique) - 5} more" if len(unique) > 5 else "")


if __name__ == "__main__":
    EXPECTED.write_text(report(), encoding="utf-8")
