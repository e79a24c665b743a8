"""The designers' files of this checkout, and a sandbox that plays them without a database."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from engine.feel import Feel
from engine.sandbox import Sandbox
from procurement.calendar import extensions
from procurement.operations.described import DESCRIBED
from procurement.studio.answers import ANSWERS
from tests.support.office_calendar import office_calendar

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = ROOT / "processes"
FORMS = ROOT / "forms"
FEEL = Feel(extensions(office_calendar()))


@cache
def sandbox() -> Sandbox:
    """Everything in processes/ and forms/ as it lies there."""
    paths = [path for place in ("processes/*/*", "processes/*/cases/*", "forms/*/*") for path in ROOT.glob(place)]
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths if path.is_file()}
    return Sandbox(files, FEEL, ANSWERS, DESCRIBED)


@cache
def diagrams() -> dict[str, Path]:
    """Every process by its id, which is also the name of its folder and file."""
    return {file.stem: file for file in sorted(PROCESSES.glob("*/*.bpmn"))}


@cache
def form_files() -> dict[str, Path]:
    return {file.stem: file for file in sorted(FORMS.glob("*/*.form"))}


@cache
def operation_types() -> frozenset[str]:
    """The operations a service task may call: the first column of the table in processes/OPERATIONS.md."""
    text = (PROCESSES / "OPERATIONS.md").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^\| ([a-z_]+\.[a-z_]+) \|", text, flags=re.MULTILINE))
