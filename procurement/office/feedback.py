"""What residents tell the office without an account: it goes into the one intake, and its code shows the answer."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Mapping
from typing import Any

from engine.errors import Conflict, FieldError, InvalidInput, NotFound
from engine.model import Actor
from procurement.accounts import throttling
from procurement.accounts.errors import TooManyAttempts
from procurement.ledgers import finding
from procurement.ledgers.finding import Query
from procurement.office import rules
from procurement.office.desk import Desk
from procurement.office.public import PublicDesk

LEDGER = "intake_cases"
KINDS = ("service", "misconduct", "money", "procedure", "need", "question", "facility", "suggestion")
LONGEST = {"title": 100, "facts": 5000, "purchase": 40, "contact": 100}
CODE = re.compile(r"FK(-[0-9A-HJKMNP-TV-Z]{4}){3}")
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
WAITS = dt.timedelta(days=30)
VISITOR = Actor("visitor feedback")  # nobody can log in under such a name, it has a space


class FeedbackFull(Conflict):
    """{limit} pieces of feedback wait for an answer, and no more are taken here now. Come back in a few days, or go to the service centre."""


class FeedbackTooOften(Conflict):
    """A lot of feedback came from your network address. Wait {seconds} seconds, then send it again; nothing you typed is lost."""


class FeedbackDesk:
    def __init__(self, desk: Desk, public: PublicDesk) -> None:
        self._desk, self._public = desk, public

    def new_code(self) -> str:
        """Sixty random bits: whoever has it sees the answer, nobody guesses it."""
        return "FK" + "".join("-" + "".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))

    def give(self, code: str, said: Mapping[str, str], *, address: str) -> None:
        """Hand it to the intake; the same code again happens once. Raises InvalidInput, FeedbackFull, FeedbackTooOften."""
        given = self._checked(code, said)
        if self.found(code) is not None:
            return
        self._refuse_crowds(address)
        self._desk.engine.publish_message(
            "feedback_given", code, {"feedback": given}, actor=VISITOR, message_id=f"feedback {code}", time_to_live=WAITS
        )

    def found(self, code: str) -> Mapping[str, Any] | None:
        """The newest entry of the ledger for the code; None for one that nobody was given."""
        query = Query(LEDGER, where={"code": code}, on=self._desk.now().date())
        with self._desk.reading() as session:
            entries = finding.find(session, query, limit=1)
        return entries[0].values if entries else None

    def _checked(self, code: str, said: Mapping[str, str]) -> dict[str, str | None]:
        given = {name: said.get(name, "").strip() for name in ("kind", *LONGEST)}
        wrong = [FieldError(name, "This field must be filled in.") for name in ("title", "facts") if not given[name]]
        if given["kind"] not in KINDS:
            wrong.append(FieldError("kind", "This field must be filled in."))
        for name, limit in LONGEST.items():
            if len(given[name]) > limit:
                wrong.append(FieldError(name, "Use at most {limit} characters.", {"limit": limit}))
        if given["purchase"] and not self._is_public(given["purchase"]):
            wrong.append(
                FieldError("purchase", "No published purchase has this number. Copy it from the notice, or leave it empty.")
            )
        if not CODE.fullmatch(code):
            wrong.append(FieldError("code", "Open the page again before you send."))
        if wrong:
            raise InvalidInput(fields=tuple(wrong))
        return {"code": code, **{name: value or None for name, value in given.items()}}

    def _is_public(self, number: str) -> bool:
        try:
            self._public.purchase(number)
        except NotFound:
            return False
        return True

    def _refuse_crowds(self, address: str) -> None:
        limit = rules.whole(self._desk, "feedback_open_limit", "intake_rules")
        now, counted = self._desk.now(), (f"feedback:{address}",) if address else ()
        with self._desk.database.unit_of_work() as work:
            waiting = finding.count(work.session, Query(LEDGER, where={"channel": "web", "state": "open"}, on=now.date()))
            if waiting >= limit:
                raise FeedbackFull(limit=limit)
            try:
                throttling.refuse_if_blocked(work.session, counted, now)
            except TooManyAttempts as busy:
                raise FeedbackTooOften(seconds=busy.ids["seconds"]) from busy
            throttling.count_failure(work.session, counted, now)
            work.commit()
