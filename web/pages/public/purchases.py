"""One purchase and one notice."""

from __future__ import annotations

import datetime as dt

from flask import Response, make_response, render_template

from procurement.office.public_purchase import PublicPurchase
from procurement.opendata.events import UNTOLD
from procurement.opendata.redaction import published
from procurement.opendata.tendering import received
from web.pages.draws import STATE_KINDS, STATES
from web.pages.notice_words import KINDS, lines
from web.pages.public.caching import dated
from web.pages.public.changes import changes
from web.pages.public.counting import publicity
from web.pages.public.timeline import steps
from web.pages.services import office, services
from web.pages.threads import stage_names

PUBLICITY = "result_publicity"


def notice(number: str) -> Response:
    found = office().public.notice(number)
    content = published(found.content)
    purchase = office().public.purchase(found.purchase_id) if found.purchase_id else None
    changed = changes(purchase.notices).get(number, ()) if purchase else ()
    page = render_template(
        "public/notice.html",
        notice=found,
        lines=lines(content),
        redacted=content != found.content,
        changes=changed,
        it=purchase,
        kinds=KINDS,
        period=publicity(found, purchase.stops, services().calendar, _today()) if purchase and found.kind == PUBLICITY else None,
    )
    over = found.until is None or found.until < services().clock.now()  # before that the page counts down
    return dated(make_response(page), max(filter(None, (found.published_at, found.closed_at, found.until))) if over else None)


def purchase(number: str) -> str:
    it = office().public.purchase(number)
    result, bid_list, opening = it.newest(PUBLICITY), it.newest("bid_list"), it.newest("opening_record")
    return render_template(
        "public/purchase.html",
        it=it,
        ocid=it.ocid or _ocid_to_be(it),
        steps=steps(it),
        changes=changes(it.notices),
        result=result,
        told=published(result.content) if result else {},
        period=publicity(result, it.stops, services().calendar, _today()) if result else None,
        bid_list=bid_list,
        opening=opening,
        receipts=received(bid_list.content) if bid_list else (),
        opened_text=published(str(opening.content.get("text") or "")) if opening else "",
        thread=office().threads.public(it.purchase),
        stages=stage_names(),
        draws=office().draws.public(number),
        draw_states=STATES,
        draw_kinds=STATE_KINDS,
        kinds=KINDS,
    )


def _ocid_to_be(it: PublicPurchase) -> str:
    """A purchase's releases are written when they are first asked for, under this ocid; empty while there is nothing to tell."""
    told = any(one.kind not in UNTOLD for one in it.notices)
    return f"{services().settings.ocid_prefix}-{it.purchase.id}" if told else ""


def _today() -> dt.date:
    return services().clock.now().date()
