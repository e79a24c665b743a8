"""The demo office's data files."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml


def data(name: str) -> Any:
    """The content of ``data/<name>.yaml``."""
    text = (files("procurement.demo") / "data" / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)
