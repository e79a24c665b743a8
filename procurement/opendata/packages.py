"""Release packages and record packages: what is handed out, with the addresses of this site written in full."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from procurement.opendata.extensions import names
from procurement.opendata.facts import Publisher
from procurement.opendata.merging import compiled
from procurement.opendata.parties import CREDIT_CODES
from procurement.opendata.shapes import Json, known, moment

VERSION = "1.1"
API = "/api/ocds"
ADDRESSED = "url"  # the only field of our releases that holds an address of this site


@dataclass(frozen=True)
class Site:
    """``base``: how this site is reached from outside, without a slash at the end; ``licence`` and ``policy``: addresses, or empty."""

    base: str
    publisher: Publisher
    licence: str = ""
    policy: str = ""


def release_package(site: Site, path: str, releases: Sequence[Json], at: dt.datetime) -> Json:
    """``path``: where this package is served."""
    return _package(site, path, at) | {"releases": [addressed(one, site.base) for one in releases]}


def record_package(site: Site, path: str, records: Sequence[Json], at: dt.datetime) -> Json:
    return _package(site, path, at) | {"records": list(records)}


def record(site: Site, releases: Iterable[Json]) -> Json:
    """All releases of one purchase, oldest first, and what they say together."""
    told = [addressed(one, site.base) for one in releases]
    return {"ocid": told[0]["ocid"], "releases": told, "compiledRelease": compiled(told)}


def _package(site: Site, path: str, at: dt.datetime) -> Json:
    publisher = site.publisher
    code = publisher.office_code
    return known(
        uri=f"{site.base}{path}",
        version=VERSION,
        extensions=[f"{site.base}{API}/extensions/{name}/extension.json" for name in names()],
        publishedDate=moment(at),
        publisher=known(name=publisher.name, scheme=CREDIT_CODES if code else None, uid=code),
        license=site.licence,
        publicationPolicy=site.policy,
    )


def addressed(value: Any, base: str) -> Any:
    """A copy with every address of this site written in full."""
    if isinstance(value, list):
        return [addressed(item, base) for item in value]
    if isinstance(value, dict):
        return {
            name: f"{base}{item}"
            if name == ADDRESSED and isinstance(item, str) and item.startswith("/")
            else addressed(item, base)
            for name, item in value.items()
        }
    return value
