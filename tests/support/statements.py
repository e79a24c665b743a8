"""What the pages of a served office ask of its database; the worker beside them asks on its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from web.composition import Services

PAGE_THREADS = "WSGI"  # how a2wsgi names the threads that answer pages
NOW_AND_THEN = ("FROM demo_clock", "FROM calendar_years")
"""Asked when what is known of them has grown old, by whichever page comes next."""


@contextmanager
def asked_by_pages(services: Services) -> Iterator[list[str]]:
    """The statements of the pages opened within the block, served or asked in this thread, in their order."""
    found: list[str] = []
    here = threading.get_ident()

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        of_a_page = threading.get_ident() == here or threading.current_thread().name.startswith(PAGE_THREADS)
        if of_a_page and not any(source in statement for source in NOW_AND_THEN):
            found.append(statement)

    engine = services.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
