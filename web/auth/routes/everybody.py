"""Pages of everybody: logging in, the account, the public site, the clock of the demo."""

from __future__ import annotations

from web.auth.audiences import EVERYONE, PUBLIC

PAGES: dict[str, frozenset[str]] = {
    "login.show": PUBLIC,
    "login.enter": PUBLIC,
    "login.leave": PUBLIC,
    "language.choose": PUBLIC,
    "registering.begin": PUBLIC,
    "registering.enter": PUBLIC,
    "registering.leave": PUBLIC,
    "registering.show": PUBLIC,  # the view asks for the number and the password
    "registering.save": PUBLIC,
    "registering.withdraw": PUBLIC,
    "registering.file": PUBLIC,
    "home.index": EVERYONE,
    "definitions.xml": EVERYONE,
    "definitions.picture": EVERYONE,
    "account.show": EVERYONE,
    "account.password": EVERYONE,
    "account.create_token": EVERYONE,
    "account.revoke_token": EVERYONE,
    "public.index": PUBLIC,
    "public.results": PUBLIC,
    "public.notice": PUBLIC,
    "public.purchase": PUBLIC,
    "public.catalogue": PUBLIC,
    "public.notices": PUBLIC,
    "public.language": PUBLIC,
    "public.verify": PUBLIC,
    "public.receipt": PUBLIC,
    "public.case_file": PUBLIC,
    "public.open_data": PUBLIC,
    "public.feed": PUBLIC,
    "explained.index": PUBLIC,
    "explained.process": PUBLIC,
    "explained.picture": PUBLIC,
    "explained.xml": PUBLIC,
    "clock.show": EVERYONE,
    "clock.move": EVERYONE,
    "clock.reset": EVERYONE,
}
