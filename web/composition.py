"""Puts the parts together from the settings: the one place that knows every constructor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import NotFound, NotPermitted
from engine.facade import Database, DemoClock, Duties, Limits, ProcessEngine, SystemClock
from engine.feel import Feel
from engine.jobs.worker import Duty
from engine.ports import Clock
from engine.store.migrate import DatabaseBehind
from procurement import registers
from procurement.accounts import passwords
from procurement.accounts.tables import User
from procurement.calendar import WorkingCalendar, extensions
from procurement.effects import EFFECTS
from procurement.files import open_store
from procurement.messages import mailer
from procurement.office import Office
from procurement.office.message_duties import MessageDuties
from procurement.operations import OPERATIONS
from procurement.operations.releases import TOOL as RELEASES
from procurement.operations.sealing import TOOL as SEAL_CIPHER
from procurement.registers.office_calendar import OfficeCalendar
from procurement.studio.studio import Studio
from web.auth.people import Person
from web.metrics import Metrics
from web.resources import shipped_texts
from web.settings import Settings


@dataclass(frozen=True)
class Services:
    """Everything an interface works with."""

    settings: Settings
    database: Database
    engine: ProcessEngine
    office: Office
    clock: Clock
    metrics: Metrics
    calendar: WorkingCalendar
    studio: Studio
    messages: MessageDuties

    @property
    def duties(self) -> Mapping[str, Duty]:
        """What the worker does beside the engine's own work."""
        return self.messages.by_name

    def migrate(self) -> None:
        """Bring the tables of the engine and of the registers to the newest revision."""
        self.database.migrate()
        registers.migrate(self.database)

    def refuse_newer(self) -> None:
        """Raises DatabaseNewer when a later version of the program has changed the database."""
        self.database.refuse_newer()
        registers.refuse_newer(self.database)

    def require_migrated(self) -> None:
        """Raises DatabaseNewer as ``refuse_newer`` does, DatabaseBehind when nobody has migrated the database to this version yet."""
        self.refuse_newer()
        if not (self.database.is_migrated() and registers.is_migrated(self.database)):
            raise DatabaseBehind

    def person(self, login: str) -> Person | None:
        """Who has an account; None once it is closed or gone."""
        try:
            return person_of(self.office.accounts.active(login))
        except (NotFound, NotPermitted):
            return None

    def in_session(self, login: str, session_id: str, mark: str) -> Person | None:
        """The same, and None once that session was ended or the password changed."""
        try:
            return person_of(self.office.accounts.in_session(login, session_id, mark))
        except (NotFound, NotPermitted):
            return None

    def log_in(self, login: str, password: str, address: str) -> Person:
        """Raises what procurement.accounts raises."""
        return person_of(self.office.accounts.log_in(login, password, address))

    def close(self) -> None:
        self.database.dispose()


def compose(settings: Settings) -> Services:
    """Cheap: nothing connects before it is used."""
    database = Database(settings.database_url, pool_size=settings.page_threads + settings.api_threads)
    clock: Clock = DemoClock(database) if settings.demo else SystemClock()
    metrics = Metrics()
    calendar = OfficeCalendar(database)  # the years the office enters count at once
    feel = Feel(extensions(calendar))
    limits = Limits(operation_s=settings.operation_seconds, effect_s=settings.effect_seconds)
    tools: dict[str, object] = {}
    engine = ProcessEngine(
        database,
        clock=clock,
        feel=feel,
        operations=OPERATIONS,
        effects=EFFECTS,
        limits=limits,
        watch=metrics.command,
        tools=tools,
        duties=Duties(designers=frozenset({"operator", "admin"})),  # past the studio; designers release through it
    )
    metrics.watch(engine)
    files = open_store(settings.file_store, settings.file_limit)
    office = Office(database, engine, files, clock, demo=settings.demo)
    office.print_as(settings.office_name, settings.templates, settings.public_url)
    studio = Studio(database, engine, clock, feel, shipped_texts)
    tools[RELEASES] = studio.releases.steps
    tools[SEAL_CIPHER] = settings.seal_cipher
    if settings.mail is not None:
        office.messages.server = settings.mail
        engine.take_on({"mail.send": mailer.effect(settings.mail, clock.now)})
    messages = MessageDuties(office.desk, office.messages, calendar, demo=settings.demo)
    return Services(settings, database, engine, office, clock, metrics, calendar, studio, messages)


def person_of(user: User) -> Person:
    return Person(
        user.login, user.name, frozenset(user.roles), frozenset(user.groups), user.unit, passwords.mark(user.password_hash)
    )
