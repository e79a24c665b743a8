"""The demo office's data files."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """Fractions are read as Decimal: money must not pass through a binary float."""


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node))


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)


@cache
def data(name: str) -> Any:
    """The content of ``data/<name>.yaml``; nobody changes it."""
    text = (files("procurement.demo") / "data" / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader with one more number type
