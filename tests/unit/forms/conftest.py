from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from engine.feel import Feel
from engine.forms import Form, read

Make = Callable[..., Form]


@pytest.fixture(scope="session")
def feel() -> Feel:
    return Feel()


@pytest.fixture
def make(feel: Feel) -> Make:
    """A form of the given components; a component without an id gets one."""

    def make(*components: dict[str, Any], **top: Any) -> Form:
        form = {"type": "default", "id": "set_objectives", "schemaVersion": 19, "components": list(components), **top}
        return read(json.dumps(form, ensure_ascii=False, indent=1).encode(), file="set_objectives.form", feel=feel)

    return make
