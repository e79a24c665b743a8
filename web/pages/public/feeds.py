"""The notices as an Atom feed (RFC 4287): all, of one kind, of one community or of one organisation."""

from __future__ import annotations

import datetime as dt
import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import Response, request, url_for
from flask_babel import gettext as _

from procurement.opendata.redaction import published
from procurement.registers.comparison import Notice
from procurement.registers.row import OFFICE_ZONE
from web.pages import filters
from web.pages.notice_words import KINDS, called, lines
from web.pages.public.caching import dated
from web.pages.services import office, services
from web.pages.show import moment, money, plain
from web.public_site import base_of

ATOM = "http://www.w3.org/2005/Atom"
SIZE = 50
ALLOWED = ("kind", "community", "organisation")
BEGINNING = dt.datetime(2000, 1, 1, tzinfo=OFFICE_ZONE)  # a feed without entries was never updated
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # signs XML 1.0 cannot hold

ET.register_namespace("", ATOM)


def feed() -> Response:
    kept = filters.read(ALLOWED)
    page = office().public.notices(
        kinds=(kept["kind"],) if kept["kind"] in KINDS else (),
        community=kept["community"],
        organisation=kept["organisation"],
        limit=SIZE,
        after=request.args.get("after"),
    )
    updated = max((_updated(notice) for notice in page.items), default=BEGINNING)
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "zh-Hans"})
    for child in _head(kept, page.after, updated):
        root.append(child)
    for notice in page.items:
        root.append(_entry(notice))
    body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return dated(Response(body, content_type="application/atom+xml; charset=utf-8"), updated)


def _head(kept: filters.Filters, after: str | None, updated: dt.datetime) -> Iterator[ET.Element]:
    settings = services().settings
    own = urlencode(kept)
    yield _text("title", " · ".join([settings.office_name, _title(kept)]))
    yield _text("id", _urn("feed", own))
    yield _text("updated", updated.isoformat(timespec="seconds"))
    author = ET.Element(f"{{{ATOM}}}author")
    author.append(_text("name", settings.office_name))
    yield author
    yield _link("self", _address("public.feed", **kept, **({"after": request.args["after"]} if "after" in request.args else {})))
    yield _link("alternate", _address("public.notices", **kept), "text/html")
    if after:  # RFC 5005
        yield _link("next", _address("public.feed", **kept, after=after))


def _title(kept: filters.Filters) -> str:
    parts = [str(KINDS[kept["kind"]])] if kept["kind"] in KINDS else []
    parts += [kept[name] for name in ("community", "organisation") if kept[name]]
    return "、".join(parts) or _("全部公告")


def _entry(notice: Notice) -> ET.Element:
    entry = ET.Element(f"{{{ATOM}}}entry")
    entry.append(_text("title", published(notice.title)))
    entry.append(_text("id", _urn("notice", notice.id)))
    entry.append(_text("published", notice.published_at.isoformat(timespec="seconds")))
    entry.append(_text("updated", _updated(notice).isoformat(timespec="seconds")))
    entry.append(_link("alternate", _address("public.notice", number=notice.id), "text/html"))
    if notice.purchase_id:
        entry.append(_link("related", _address("public.purchase", number=notice.purchase_id), "text/html"))
    entry.append(ET.Element(f"{{{ATOM}}}category", {"term": notice.kind, "label": called(notice)}))
    entry.append(_text("summary", "\n".join(_lines(notice))))
    return entry


def _lines(notice: Notice) -> Iterator[str]:
    if notice.closed_at is not None:
        yield _("这份公告已于 %(at)s 结束。", at=moment(notice.closed_at)) + notice.closed_reason
    for label, kind, value in lines(published(notice.content)):
        if kind not in ("table", "list"):
            yield f"{label}：{money(value) if kind == 'money' else moment(value) if kind == 'moment' else plain(value)}"


def _updated(notice: Notice) -> dt.datetime:
    """Only what changes the meaning counts: being published, and being closed."""
    return max(notice.published_at, notice.closed_at or notice.published_at).astimezone(OFFICE_ZONE)


def _urn(kind: str, key: str) -> str:
    """The same for ever, whatever the site is called: a reader must not see an entry twice."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{services().settings.ocid_prefix}/{kind}/{key}").urn


def _address(endpoint: str, **values: Any) -> str:
    return base_of(services().settings, request.url_root) + url_for(endpoint, **values)


def _text(name: str, value: str) -> ET.Element:
    element = ET.Element(f"{{{ATOM}}}{name}")
    element.text = _UNWRITABLE.sub("", value)
    return element


def _link(relation: str, address: str, media: str = "application/atom+xml") -> ET.Element:
    return ET.Element(f"{{{ATOM}}}link", {"rel": relation, "type": media, "href": address})
