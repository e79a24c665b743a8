"""What every request and answer has in common."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, ClassVar, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from engine.model import HistoryEntry
from web.api.problems import BadRequest, NotOffered

TENANT = "<default>"  # one office is one tenant; the field exists for clients that expect it
Key = Annotated[str, Field(pattern=r"^-?[0-9]{1,19}$", examples=["2251799813685249"])]
Item = TypeVar("Item")


class Shape(BaseModel):
    """camelCase outside, snake_case inside."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Request(Shape):
    """What a client sends: a property we do not know is refused, never silently ignored.

    ``not_offered`` names published properties that mean nothing here: 501 when one says something.
    """

    model_config = Shape.model_config | {"extra": "forbid"}
    not_offered: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="after")
    def _refuse_what_is_not_offered(self) -> Self:
        for name in self.not_offered:
            if getattr(self, name):
                raise NotOffered(what=f"The property {to_camel(name)}")
        if getattr(self, "tenant_id", TENANT) != TENANT:
            raise NotOffered(what="A tenant other than <default>")
        return self


class Operation(Request):
    """A change by an operator. ``reason`` is our extension: it goes into the history."""

    not_offered = ("operation_reference",)
    operation_reference: int | None = None
    reason: Annotated[str, Field(min_length=1, max_length=2000, description="Our extension: kept in the history")] = (
        "Through the API, without a reason given"
    )


class SearchPage(Request):
    """Offset (from) or cursor (after) paging; the cursor is the cheap one."""

    from_: Annotated[int | None, Field(alias="from", ge=0)] = None
    after: str | None = None
    before: str | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 100


class Sort(Request):
    field: str
    order: Literal["ASC", "DESC"] = "ASC"


class Search(Request):
    """A search request; ``filter`` may name only the filters the operation lists."""

    sort: list[Sort] = []
    filter: dict[str, Any] = {}
    page: SearchPage = SearchPage()


class Filtered(Request):
    """A question about what a filter matches."""

    filter: dict[str, Any] = {}


class PageInfo(Shape):
    total_items: int
    has_more_total_items: bool = False
    start_cursor: str | None = None
    end_cursor: str | None = None


class Found(Shape, Generic[Item]):
    items: list[Item]
    page: PageInfo


def key(value: int | None) -> str | None:
    return None if value is None else str(value)


def moment(value: dt.datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds, as clients of this API parse it."""
    return None if value is None else value.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


ENTRIES_OF_A_CASE = 10**9


def entry_key(it: HistoryEntry) -> str:
    """A number for an entry of the history: its case, then its own number within the case in nine digits."""
    return str(it.root_key * ENTRIES_OF_A_CASE + it.seq)


def place_of(key: str) -> tuple[int, int]:
    """Case and entry of ``entry_key``. Raises BadRequest for what is none."""
    if not key.isascii() or not key.isdigit() or len(key) > 27:
        raise BadRequest(cause=f"{key!r} is not a key")
    return divmod(int(key), ENTRIES_OF_A_CASE)
