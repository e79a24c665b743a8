"""Where files lie: the paths a draft may have, and nothing else. A path is checked here before anything is done with it."""

from __future__ import annotations

import re

from procurement.studio.model import PathRefused

FOLDER = r"[a-z][a-z0-9_]{0,59}"
STEM = r"[A-Za-z0-9_\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff-]{0,79}"  # Chinese: designers name their cases
_PATHS = (
    ("diagram", re.compile(rf"processes/(?P<folder>{FOLDER})/{STEM}\.bpmn")),
    ("tables", re.compile(rf"processes/(?P<folder>{FOLDER})/{STEM}\.dmn")),
    ("readme", re.compile(rf"processes/(?P<folder>{FOLDER})/README\.md")),
    ("silenced", re.compile(rf"processes/(?P<folder>{FOLDER})/silenced\.yaml")),  # problems not shown, each with its reason
    ("ledger", re.compile(rf"processes/(?P<folder>{FOLDER})/{FOLDER}\.ledger\.yaml")),  # a register as data
    ("case", re.compile(rf"processes/(?P<folder>{FOLDER})/cases/{STEM}\.yaml")),
    ("form", re.compile(rf"forms/(?P<folder>{FOLDER})/{STEM}\.form")),
)
KINDS = ("diagram", "tables", "form", "ledger", "case", "readme", "silenced")  # as they are listed
DEPLOYED = frozenset({"diagram", "tables", "form"})
_FOLDER = re.compile(FOLDER)
_STEM = re.compile(STEM)


def is_path(path: str) -> bool:
    return _found(path) is not None


def checked(path: str) -> str:
    """``path`` itself. Raises PathRefused for everything outside the layout, such as ``../`` or another suffix."""
    if _found(path) is None:
        raise PathRefused(path=path[:200])
    return path


def kind_of(path: str) -> str:
    """diagram, tables, form, case or readme. Raises PathRefused."""
    return _must(path)[0]


def folder_of(path: str) -> str:
    """The folder whose file it is. Raises PathRefused."""
    return _must(path)[1]


def is_folder(name: str) -> bool:
    return _FOLDER.fullmatch(name) is not None


def is_stem(name: str) -> bool:
    """Whether a file may be called so, without its suffix."""
    return _STEM.fullmatch(name) is not None


def path_for(kind: str, folder: str, stem: str) -> str:
    """The path of a file of that kind. Raises PathRefused."""
    patterns = {
        "diagram": f"processes/{folder}/{stem}.bpmn",
        "tables": f"processes/{folder}/{stem}.dmn",
        "ledger": f"processes/{folder}/{stem}.ledger.yaml",
        "readme": f"processes/{folder}/README.md",
        "silenced": f"processes/{folder}/silenced.yaml",
        "case": f"processes/{folder}/cases/{stem}.yaml",
        "form": f"forms/{folder}/{stem}.form",
    }
    if kind not in patterns:
        raise PathRefused(path=f"{folder}/{stem}"[:200])
    return checked(patterns[kind])


def order(path: str) -> tuple[int, str]:
    """Diagram first, then tables, forms, cases, README."""
    return KINDS.index(kind_of(path)), path


def _must(path: str) -> tuple[str, str]:
    found = _found(path)
    if found is None:
        raise PathRefused(path=path[:200])
    return found


def _found(path: str) -> tuple[str, str] | None:
    for kind, pattern in _PATHS:
        if found := pattern.fullmatch(path):
            return kind, found["folder"]
    return None
