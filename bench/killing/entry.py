"""The command ``bixuan`` with one effect more, which tells the world outside: ``python -m bench.killing.entry serve --port …``."""

from __future__ import annotations

import os
from typing import Any, cast

import httpx

from procurement import effects


def tell(payload: Any, idempotency_key: str) -> None:
    headers = {"Idempotency-Key": idempotency_key}
    httpx.post(os.environ["OUTSIDE"], json={"number": payload.get("number")}, headers=headers, timeout=10).raise_for_status()


if __name__ == "__main__":
    cast("dict[str, Any]", effects.EFFECTS)["tell"] = tell
    from web.cli import main

    main()
