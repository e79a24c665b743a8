"""Writes THIRD_PARTY_NOTICES: ``python -m tests.support.notices`` in an environment made by ``make test``.

Every package of requirements.txt with its version, licence and licence text, then the scripts kept under ``vendor`` folders, then
what the studio's bundles contain (written down by their build, so that node is not needed here).
"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE = ROOT / "THIRD_PARTY_NOTICES"
BUNDLED = ROOT / "web" / "designer" / "NOTICES.txt"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)
LICENCE_FILE = re.compile(r"(^|/)(licen[cs]e|copying|notice|authors)[^/]*$", re.IGNORECASE)
RULE = "=" * 100


def pinned_packages() -> list[str]:
    """The names in requirements.txt that are installed here (others belong to other platforms)."""
    names = [name for name, _ in PINNED.findall((ROOT / "requirements.txt").read_text())]
    return [name for name in names if _installed(name)]


def notice_of(name: str) -> str:
    """One package: name, version, licence, and the texts it ships."""
    distribution = metadata.distribution(name)
    meta = distribution.metadata
    licence = (
        meta.get("License-Expression") or _classifiers(meta.get_all("Classifier") or []) or meta.get("License") or "see text"
    )
    texts = [file for file in distribution.files or [] if "dist-info" in str(file) and LICENCE_FILE.search(str(file))]
    bodies = [str(text.read_text(encoding="utf-8")).strip() for text in texts]
    head = f"{RULE}\n{meta['Name']} {distribution.version}\nLicence: {licence.splitlines()[0]}\n"
    return "\n\n".join([head, *bodies]).rstrip() + "\n"


def vendored_notices() -> list[str]:
    """Scripts kept in vendor folders lie beside their licence."""
    files = [file for file in sorted(ROOT.glob("web/**/vendor/**/*")) if LICENCE_FILE.search(f"/{file.name.split('-')[-1]}")]
    return [f"{RULE}\n{file.relative_to(ROOT)}\n\n{file.read_text(encoding='utf-8').strip()}\n" for file in files]


def _installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _classifiers(classifiers: list[str]) -> str:
    return ", ".join(line.split(" :: ")[-1] for line in classifiers if line.startswith("License :: "))


def whole() -> str:
    opening = "Bixuan uses the software below. Each part stays under its own licence, named and printed here.\n"
    return "\n".join(
        [opening, *(notice_of(name) for name in pinned_packages()), *vendored_notices(), BUNDLED.read_text(encoding="utf-8")]
    )


if __name__ == "__main__":
    FILE.write_text(whole(), encoding="utf-8")
