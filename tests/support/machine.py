"""One machine of an office that runs on several: ``python -m tests.support.machine serve|worker …``, as ``bixuan`` itself.

The office has no effect on the outside yet, so one is added: ``test.tell`` writes its idempotency key into the table ``told``.
"""

from __future__ import annotations

import os
from typing import Any, cast

import psycopg
from sqlalchemy.engine import make_url

from procurement import effects
from web.cli import main

TELL = "test.tell"


def tell(payload: Any, idempotency_key: str) -> None:
    address = make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as outside:
        outside.execute("insert into told values (%s, %s)", (idempotency_key, payload["number"]))


if __name__ == "__main__":
    cast(dict[str, Any], effects.EFFECTS)[TELL] = tell
    main()
