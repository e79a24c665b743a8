"""Write every generated page: ``python -m web.reference [FOLDER]`` (default docs/reference of this checkout)."""

from __future__ import annotations

import sys
from pathlib import Path

from web.reference.pages import PAGES


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0]) if arguments else Path(__file__).parents[2] / "docs" / "reference"
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
