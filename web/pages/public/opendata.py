"""The page that says what the open data is and how to use it."""

from __future__ import annotations

import json

from flask import render_template, request

from procurement.opendata import extensions
from procurement.opendata.packages import API
from web.pages.services import office, services
from web.public_site import base_of

REGISTERED = "ocds-bixuan"  # the prefix an office has until it registers its own


def open_data() -> str:
    settings = services().settings
    sequence, at = office().open_data.newest()
    described = [(name, json.loads(extensions.read(f"{name}/extension.json")[0])) for name in extensions.names()]
    return render_template(
        "public/open_data.html",
        base=base_of(settings, request.url_root) + API,
        api=API,
        releases=sequence,
        newest=at,
        prefix=settings.ocid_prefix,
        registered=settings.ocid_prefix != REGISTERED,
        licence=settings.data_licence,
        extensions=described,
    )
