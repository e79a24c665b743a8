"""The registration desk: an organisation without an account asks for one, follows it, puts right what is asked, takes it back.

Nobody is logged in here. Whoever begins a registration gets its number; number and password open it again. The password is
that of the account to be: only its hash is kept, in the row, and it never becomes a variable of a case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.errors import Conflict, FieldError, InvalidInput, NotFound, NotPermitted
from engine.model import Actor
from procurement.accounts import passwords, throttling
from procurement.files import FileReference
from procurement.office import rules
from procurement.office.access import of_office
from procurement.office.desk import Desk
from procurement.office.evidence import check as check_evidence
from procurement.office.papers import FileDesk
from procurement.office.registration_checks import cleaned, refuse_incomplete, refuse_taken
from procurement.registers import numbers
from procurement.registers.registering import DRAFT, OPEN, SENT, SUPPLEMENT, WITHDRAWN, Registration, SupplementRequest

PROCESS = "organisation_registration"
MOST_FILES = 10  # of one condition
LONGEST_TEXT = 2000


class RegistrationsFull(Conflict):
    """The service centre is checking {limit} registrations at the moment and takes no more. Come back in a few days."""


class TooManyRegistrations(Conflict):
    """{limit} registrations were begun from your network address within a day. Come back tomorrow, or go to the service centre."""


class WrongNumberOrPassword(NotPermitted):
    """The number or the password is wrong. An accepted registration is closed here: log in with its login name."""


class RegistrationClosed(Conflict):
    """Registration {number} cannot be changed now. Open it again to see where it stands."""


class RegistrationDesk:
    def __init__(self, desk: Desk, files: FileDesk) -> None:
        self._desk, self._files = desk, files

    def begin(self, values: Mapping[str, Any], password: str, *, address: str) -> Registration:
        """A draft. Raises InvalidInput, WeakPassword, RegistrationsFull, TooManyRegistrations."""
        now = self._desk.now()
        columns = cleaned(values, now.date())
        limits = {name: rules.whole(self._desk, f"registration_{name}") for name in ("open_limit", "address_limit", "draft_days")}
        password_hash = passwords.hashed(password, columns["login"])
        with self._desk.editing(Actor("visitor")) as session:
            _forget_old_drafts(session, now - dt.timedelta(days=limits["draft_days"]))
            _refuse_crowds(session, address, now, limits)
            refuse_taken(session, columns)
            row = Registration(
                id=numbers.next_number(session, numbers.REGISTRATION, now.year),
                **columns,
                password_hash=password_hash,
                conditions={},
                status=DRAFT,
                begun_at=now,
                sent_from=address,
            )
            session.add(row)
            session.flush()
            return row

    def enter(self, number: str, password: str, *, address: str) -> Registration:
        """The registration behind number and password. Raises TooManyAttempts, WrongNumberOrPassword."""
        now, key = self._desk.now(), number.strip().upper()[:40]
        counted = throttling.keys(f"registration {key}", address)
        with self._desk.database.unit_of_work() as work:
            session = work.session
            throttling.refuse_if_blocked(session, counted, now)
            row: Registration | None = session.get(Registration, key)
            if not passwords.matches((row.password_hash or None) if row else None, password) or row is None:
                throttling.count_failure(session, counted, now)
                work.commit()
                raise WrongNumberOrPassword
            throttling.forget_login(session, f"registration {key}")
            session.refresh(row)
            session.expunge_all()
            work.commit()
            return row

    def get(self, number: str) -> Registration:
        """Raises NotFound."""
        with self._desk.reading() as session:
            return _found(session, number)

    def supplements(self, number: str) -> Sequence[SupplementRequest]:
        """What was asked to be put right, oldest first."""
        with self._desk.reading() as session:
            query = select(SupplementRequest).where(SupplementRequest.subject == number)
            return session.scalars(query.order_by(SupplementRequest.id)).all()

    def attach(self, number: str, condition: str, content: BinaryIO | Iterable[bytes], name: str) -> FileReference:
        """One more file of a condition. Raises RegistrationClosed, InvalidInput and what the file store refuses."""
        self._changeable(number, condition)
        reference = self._files.upload(content, name, actor=visitor(number), purchase_id=number, visibility="party")
        with self._desk.editing(visitor(number)) as session:
            row = _found(session, number, lock=True)
            part = dict(row.conditions.get(condition) or {})
            files = [file for file in part.get("files") or [] if file["sha256"] != reference.sha256]
            if len(files) >= MOST_FILES:
                raise InvalidInput(fields=(FieldError(condition, "Attach at most {limit} files.", {"limit": MOST_FILES}),))
            row.conditions = {**row.conditions, condition: {**part, "files": [*files, dict(reference.as_variable())]}}
        return reference

    def keep(
        self, number: str, condition: str, *, note: str, valid_until: dt.date | None, drop: Iterable[str] = ()
    ) -> Registration:
        """Note and last day of a condition's evidence; ``drop``: SHA-256 of files to leave out. Raises RegistrationClosed."""
        self._changeable(number, condition)
        check_evidence(condition, note or "—", ("kept",), valid_until, self._desk.now().date())
        gone = frozenset(drop)
        with self._desk.editing(visitor(number)) as session:
            row = _found(session, number, lock=True)
            part = row.conditions.get(condition) or {}
            files = [file for file in part.get("files") or [] if file["sha256"] not in gone]
            until = valid_until.isoformat() if valid_until else None
            row.conditions = {**row.conditions, condition: {"note": note.strip(), "files": files, "valid_until": until}}
            session.flush()
            return row

    def send(self, number: str) -> Registration:
        """Hand it to the service centre; sending twice happens once. Raises InvalidInput, RegistrationsFull, RegistrationClosed."""
        limit = rules.whole(self._desk, "registration_open_limit")
        try:
            with self._desk.editing(visitor(number)) as session:
                row = _found(session, number, lock=True)
                if row.status == DRAFT:
                    refuse_incomplete(row.conditions)
                    _refuse_full(session, limit)
                    refuse_taken(session, _columns(row), own=number)
                    row.status, row.sent_at = SENT, self._desk.now()
                elif row.status != SENT:
                    raise RegistrationClosed(number=number)
        except IntegrityError as cause:  # another one with the same code or login was quicker by a moment
            raise RegistrationClosed(number=number) from cause
        return self._start(number)

    def supplement(self, number: str, note: str) -> None:
        """Say that what was asked for is there now. Raises InvalidInput, RegistrationClosed."""
        text = _text("note", note)
        if self.get(number).status != SUPPLEMENT:
            raise RegistrationClosed(number=number)
        self._tell("registration_supplemented", number, {"supplement_note": text})

    def withdraw(self, number: str, reason: str) -> None:
        """Take it back before it is decided. Raises InvalidInput, RegistrationClosed."""
        text = _text("reason", reason)
        status = self.get(number).status
        if status in OPEN:
            self._tell("registration_withdrawn", number, {"withdrawal": {"reason": text}})
            return
        if status != DRAFT:
            raise RegistrationClosed(number=number)
        with self._desk.editing(visitor(number)) as session:
            row = _found(session, number, lock=True)
            row.status, row.reason, row.decided_at = WITHDRAWN, text, self._desk.now()

    def file(self, number: str, sha256: str) -> tuple[FileReference, Iterator[bytes]]:
        """A file the registration itself brought. Raises NotFound."""
        own = [file for part in self.get(number).conditions.values() for file in part.get("files") or []]
        if not any(file["sha256"] == sha256 for file in own):
            raise NotFound(kind="File", key=sha256)
        return self._files.open(sha256, actor=visitor(number))

    def listed(self, *, actor: Actor, limit: int = 200) -> Sequence[Registration]:
        """What reached the service centre, newest first. Raises NotPermitted."""
        if not of_office(actor):
            raise NotPermitted
        query = select(Registration).where(Registration.sent_at.is_not(None)).order_by(Registration.id.desc()).limit(limit)
        with self._desk.reading() as session:
            return session.scalars(query).all()

    def names(self, keys: Iterable[str]) -> dict[str, str]:
        """Number → name, for lists of tasks."""
        with self._desk.reading() as session:
            query = select(Registration.id, Registration.name).where(Registration.id.in_(list(keys)))
            return {row.id: row.name for row in session.execute(query)}

    def _changeable(self, number: str, condition: str) -> None:
        """A draft may be changed everywhere; later only what is to be put right."""
        status = self.get(number).status
        asked = self.supplements(number) if status == SUPPLEMENT else ()
        items = [item["condition"] for item in asked[-1].items] if asked else []
        if status != DRAFT and condition not in items:
            raise RegistrationClosed(number=number)

    def _start(self, number: str) -> Registration:
        instance = self._desk.engine.start_process(
            PROCESS, {"registration_id": number}, actor=visitor(number), business_key=number, command_id=f"start {number}"
        )
        with self._desk.editing(visitor(number)) as session:
            row = _found(session, number, lock=True)
            row.process_key = instance.key
            session.flush()
            return row

    def _tell(self, message: str, number: str, variables: Mapping[str, Any]) -> None:
        try:
            self._desk.engine.correlate_message(message, number, variables, actor=visitor(number))
        except NotFound as cause:  # decided, or the day passed, a moment ago
            raise RegistrationClosed(number=number) from cause


def visitor(number: str) -> Actor:
    """Who acts: nobody can log in under such a name, it has a space."""
    return Actor(f"registration {number}")


def _found(session: Session, number: str, *, lock: bool = False) -> Registration:
    row: Registration | None = session.get(Registration, number, with_for_update=True if lock else None)
    if row is None:
        raise NotFound(kind="Registration", key=number)
    return row


def _columns(row: Registration) -> dict[str, Any]:
    return {"credit_code": row.credit_code, "name": row.name, "login": row.login}


def _forget_old_drafts(session: Session, before: dt.datetime) -> None:
    for row in session.scalars(select(Registration).where(Registration.status == DRAFT, Registration.begun_at < before)):
        row.status, row.reason, row.password_hash = WITHDRAWN, "never sent", ""


def _refuse_full(session: Session, limit: int) -> None:
    if (session.scalar(select(func.count()).where(Registration.status.in_(OPEN))) or 0) >= limit:
        raise RegistrationsFull(limit=limit)


def _refuse_crowds(session: Session, address: str, now: dt.datetime, limits: Mapping[str, int]) -> None:
    _refuse_full(session, limits["open_limit"])
    recent = select(func.count()).where(Registration.sent_from == address, Registration.begun_at > now - dt.timedelta(days=1))
    if address and (session.scalar(recent) or 0) >= limits["address_limit"]:
        raise TooManyRegistrations(limit=limits["address_limit"])


def _text(name: str, value: str) -> str:
    if not value.strip():
        raise InvalidInput(fields=(FieldError(name, "This field must be filled in."),))
    if len(value) > LONGEST_TEXT:
        raise InvalidInput(fields=(FieldError(name, "Use at most {limit} characters.", {"limit": LONGEST_TEXT}),))
    return value.strip()
