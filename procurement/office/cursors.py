"""Where the next page of a list by number begins, as an address says it."""

from __future__ import annotations

from engine.errors import FieldError, InvalidInput

LONGEST = 18  # digits: no key of a table is longer


def number_of(after: str) -> int:
    """Raises InvalidInput for what no page gave."""
    if not after.isdecimal() or len(after) > LONGEST:
        raise InvalidInput(fields=(FieldError("after", "This is not the cursor of a page."),))
    return int(after)
