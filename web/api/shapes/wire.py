"""What every request and answer has in common."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

TENANT = "<default>"  # one office is one tenant; the field exists for clients that expect it
Key = Annotated[str, Field(pattern=r"^-?[0-9]{1,19}$", examples=["2251799813685249"])]
Item = TypeVar("Item")


class Shape(BaseModel):
    """camelCase outside, snake_case inside."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Request(Shape):
    """What a client sends: a property we do not know is refused, never silently ignored."""

    model_config = Shape.model_config | {"extra": "forbid"}


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
