"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Demo = Annotated[bool, typer.Option("--demo", help="对演示街道的数据进行")]
