"""Where the designers' files are: at the root of a checkout, or bundled inside the installed package."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.model import Resource
from procurement.studio import layout
from procurement.studio.packing import ROOTS

KINDS = {".bpmn", ".dmn", ".form"}


def designer_folders() -> list[Path]:
    """The folders ``processes`` and ``forms`` this installation came with."""
    package = Path(__file__).parent
    bundled, checkout = package / "bundled", package.parent
    home = bundled if (bundled / "processes").is_dir() else checkout
    return [home / "processes", home / "forms"]


def read_resources(paths: list[Path]) -> list[Resource]:
    """Every .bpmn, .dmn and .form under ``paths`` (files or folders), named as in the layout, else relative to the folder given."""
    found: list[Resource] = []
    for path in paths:
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in KINDS)
        root = path.parent
        found += [Resource(layout_name(file) or file.relative_to(root).as_posix(), file.read_bytes()) for file in files]
    return found


def layout_name(file: Path) -> str | None:
    """``processes/goal_setting/goal_setting.bpmn`` wherever that lies; None for a file outside the layout."""
    parts = file.resolve().parts
    for n in range(len(parts) - 1, -1, -1):
        if parts[n] in ROOTS and layout.is_path(name := "/".join(parts[n:])):
            return name
    return None


@cache
def shipped_texts() -> dict[str, bytes]:
    """The READMEs, cases, silenced problems and ledgers this installation came with, by layout path (``processes/goal_setting/README.md``)."""
    processes = designer_folders()[0]
    found = [
        *sorted(processes.glob("*/README.md")),
        *sorted(processes.glob("*/cases/*.yaml")),
        *sorted(processes.glob("*/silenced.yaml")),
        *sorted(processes.glob("*/*.ledger.yaml")),
    ]
    return {file.relative_to(processes.parent).as_posix(): file.read_bytes() for file in found}
