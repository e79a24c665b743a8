"""Open data without login: every published purchase as OCDS 1.1 releases and records.

Answers may be kept by caches for a minute and asked for again with If-None-Match; any site may read them (CORS).
"""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from starlette.responses import Response, StreamingResponse

from engine import json_codec
from procurement.office import Office
from procurement.opendata import extensions, packages
from procurement.opendata.packages import API
from web.api.callers import services
from web.api.exact import ExactRoute
from web.api.problems import BadRequest
from web.composition import Services
from web.public_site import site_of

router = APIRouter(prefix=API, tags=["open data"], route_class=ExactRoute)

MOST = 200  # releases in one answer
MOST_RECORDS = 50
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=60",
}
Ocid = Annotated[str, Path(pattern=r"^ocds-[a-z0-9]{6}-[A-Za-z0-9-]{1,60}$", examples=["ocds-bixuan-CG-2026-0001"])]
Known = Annotated[str | None, Header(alias="If-None-Match", description="The ETag of the answer you have")]


class Shop:
    """What every operation works with: the open-data desk, caught up, and how the site is called."""

    def __init__(self, request: Request, found: Annotated[Services, Depends(services)]) -> None:
        self.office: Office = found.office
        self.desk = found.office.open_data
        self.site = site_of(found.settings, str(request.base_url))
        self.path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        self.desk.publish_due(self.site.publisher)
        self.sequence, self.newest = self.desk.newest()

    def at(self) -> dt.datetime:
        """When the contents last changed."""
        return self.newest or self.office.desk.now()


Here = Annotated[Shop, Depends()]


@router.get("")
def index(shop: Here) -> Response:
    """Where everything is."""
    base = f"{shop.site.base}{API}"
    return _json(
        {
            "standard": "Open Contracting Data Standard 1.1",
            "publisher": shop.site.publisher.name,
            "ocidPrefix": shop.site.publisher.prefix,
            "releases": f"{base}/releases",
            "records": f"{base}/records",
            "package": f"{base}/package.json",
            "lines": f"{base}/package.jsonl.gz",
            "extensions": [f"{base}/extensions/{name}/extension.json" for name in extensions.names()],
            "documentation": shop.site.policy,
        }
    )


@router.get("/releases")
def releases(
    shop: Here,
    known: Known = None,
    since: Annotated[str, Query(description="Published at or after this moment, such as 2026-03-01T00:00:00+08:00")] = "",
    after: Annotated[int, Query(ge=0, lt=2**63, description="From the Link header of the page before")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> Response:
    """Release packages in order of publication; the Link header names the next page."""
    found = shop.desk.releases(after=after, since=_moment(since) if since else None, limit=limit + 1)
    if tag := _unchanged(shop, known):
        return tag
    package = packages.release_package(shop.site, shop.path, [one.content for one in found[:limit]], shop.at())
    following = {"after": found[limit - 1].sequence, "limit": limit} if len(found) > limit else None
    return _json(package, shop, _next(shop, "/releases", following))


@router.get("/releases/{ocid}")
def releases_of(ocid: Ocid, shop: Here, known: Known = None) -> Response:
    """All releases of one purchase."""
    found = shop.desk.of(ocid)
    return _unchanged(shop, known) or _json(
        packages.release_package(shop.site, shop.path, [one.content for one in found], found[-1].published_at), shop
    )


@router.get("/records")
def records(
    shop: Here,
    known: Known = None,
    after: Annotated[str, Query(max_length=80, description="From the Link header of the page before")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_RECORDS)] = 20,
) -> Response:
    """Record packages in order of the ocid; the Link header names the next page."""
    ocids = shop.desk.ocids(after=after, limit=limit + 1)
    if tag := _unchanged(shop, known):
        return tag
    found = [_record(shop, ocid) for ocid in ocids[:limit]]
    following = {"after": ocids[limit - 1], "limit": limit} if len(ocids) > limit else None
    return _json(packages.record_package(shop.site, shop.path, found, shop.at()), shop, _next(shop, "/records", following))


@router.get("/records/{ocid}")
def record_of(ocid: Ocid, shop: Here, known: Known = None) -> Response:
    """One purchase: every release and the compiled release."""
    record = _record(shop, ocid)
    return _unchanged(shop, known) or _json(packages.record_package(shop.site, shop.path, [record], shop.at()), shop)


@router.get("/package.json")
def package(shop: Here) -> Response:
    """One release package of everything, written while it is sent."""
    head = json_codec.dumps(packages.release_package(shop.site, f"{API}/package.json", [], shop.at()))
    _catch_up(shop)
    return StreamingResponse(_joined(head, shop), media_type="application/json", headers=HEADERS)


@router.get("/package.jsonl.gz")
def lines(shop: Here) -> Response:
    """One record package a line, compressed."""
    _catch_up(shop)
    name = {"Content-Disposition": 'attachment; filename="ocds.jsonl.gz"'}
    return StreamingResponse(_compressed(_record_lines(shop)), media_type="application/gzip", headers=HEADERS | name)


@router.get("/extensions/{path:path}")
def extension(path: str, shop: Here) -> Response:
    """The definitions of the extensions the packages declare."""
    content, media = extensions.read(path)
    if path.endswith("extension.json"):
        definition = json_codec.loads(content) | {"documentationUrl": {"en": shop.site.policy, "zh": shop.site.policy}}
        content = json_codec.dumps(definition).encode()
    return Response(content, media_type=media, headers=HEADERS)


def _catch_up(shop: Shop) -> None:
    while shop.desk.publish_due(shop.site.publisher):
        pass


def _record(shop: Shop, ocid: str) -> dict[str, Any]:
    return packages.record(shop.site, (one.content for one in shop.desk.of(ocid)))


def _joined(head: str, shop: Shop) -> Iterator[bytes]:
    """The releases written into the empty list of ``head``, which is its last field but what follows it."""
    before, after = head.split('"releases":[]')
    yield before.encode() + b'"releases":['
    comma = b""
    for told in shop.desk.everything():
        yield comma + json_codec.dumps(packages.addressed(told.content, shop.site.base)).encode()
        comma = b","
    yield b"]" + after.encode()


def _record_lines(shop: Shop) -> Iterator[bytes]:
    for process in shop.desk.processes():
        record = packages.record(shop.site, (one.content for one in process))
        path = f"{API}/records/{record['ocid']}"
        yield json_codec.dumps(packages.record_package(shop.site, path, [record], process[-1].published_at)).encode() + b"\n"


def _compressed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Each part a gzip member of its own: together they are one gzip file (RFC 1952)."""
    for part in parts:
        yield gzip.compress(part, mtime=0)


def _moment(value: str) -> dt.datetime:
    """A + sent unescaped arrives as a space."""
    try:
        found = dt.datetime.fromisoformat(value.replace(" ", "+"))
    except ValueError:
        raise BadRequest(cause="since is no moment such as 2026-03-01T00:00:00+08:00") from None
    if found.tzinfo is None:
        raise BadRequest(cause="since needs a zone, such as +08:00")
    return found


def _tag(shop: Shop) -> str:
    return f'W/"{shop.sequence}"'


def _unchanged(shop: Shop, known: str | None) -> Response | None:
    """304 for a reader that has the newest answer."""
    if known is None or _tag(shop) not in {one.strip() for one in known.split(",")}:
        return None
    return Response(status_code=304, headers=HEADERS | {"ETag": _tag(shop)})


def _next(shop: Shop, path: str, arguments: dict[str, Any] | None) -> dict[str, str]:
    if arguments is None:
        return {}
    query = "&".join(f"{name}={value}" for name, value in arguments.items())
    return {"Link": f'<{shop.site.base}{API}{path}?{query}>; rel="next"'}


def _json(body: dict[str, Any], shop: Shop | None = None, more: dict[str, str] | None = None) -> Response:
    headers = HEADERS | ({"ETag": _tag(shop)} if shop else {}) | (more or {})
    return Response(json_codec.dumps(body), media_type="application/json", headers=headers)
