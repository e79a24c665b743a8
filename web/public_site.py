"""How the public site is called from outside, and who publishes its open data."""

from __future__ import annotations

from procurement.opendata import Publisher
from procurement.opendata.packages import Site
from web.settings import Settings

ABOUT = "/public/open-data"  # the page that explains the open data


def publisher_of(settings: Settings) -> Publisher:
    return Publisher(settings.office_name, settings.ocid_prefix, settings.office_code)


def base_of(settings: Settings, requested: str) -> str:
    """Without a slash at the end. ``requested``: the visitor's own address, for an office without BIXUAN_PUBLIC_URL."""
    return settings.public_url or requested.rstrip("/")


def site_of(settings: Settings, requested: str) -> Site:
    base = base_of(settings, requested)
    return Site(base, publisher_of(settings), settings.data_licence, f"{base}{ABOUT}")
