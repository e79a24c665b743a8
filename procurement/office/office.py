"""The office: the one door through which pages and the API reach the registers. No desk hands out a database session."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.facade import Database, ProcessEngine
from engine.model import Actor
from engine.ports import Clock
from procurement.accounts.tables import User
from procurement.accounts.users import actor_of
from procurement.effects import effects
from procurement.files import FileStore
from procurement.office.appeals import AppealDesk
from procurement.office.contracts import ContractDesk
from procurement.office.desk import Desk
from procurement.office.discretion import DiscretionDesk
from procurement.office.documents import DocumentDesk
from procurement.office.draws import DrawDesk
from procurement.office.evidence import EvidenceDesk
from procurement.office.execution import ExecutionDesk
from procurement.office.feedback import FeedbackDesk
from procurement.office.figures import FigureDesk
from procurement.office.files_of_record import RecordDesk
from procurement.office.flags import FlagDesk
from procurement.office.ledgers import LedgerDesk
from procurement.office.matters import MatterDesk
from procurement.office.messages import MessageDesk
from procurement.office.objections import ObjectionDesk
from procurement.office.opendata import OpenDataDesk
from procurement.office.openings import OpeningDesk
from procurement.office.outbox import OutboxDesk
from procurement.office.panels import PanelDesk
from procurement.office.papers import FileDesk
from procurement.office.parties import PartyDesk
from procurement.office.people import AccountDesk
from procurement.office.planning import PlanningDesk
from procurement.office.portal import PortalDesk
from procurement.office.public import PublicDesk
from procurement.office.publicity import PublicityDesk
from procurement.office.purchases import PurchaseDesk
from procurement.office.registering import RegistrationDesk
from procurement.office.reports import ReportDesk
from procurement.office.scoring import ScoringDesk
from procurement.office.sealing import SealingDesk
from procurement.office.surveys import SurveyDesk
from procurement.office.threads import ThreadDesk
from procurement.office.voices import VoiceDesk
from procurement.registers.edits import RegisterEdit, edits_of


class Office:
    """One desk per matter. ``demo`` lets the demo accounts log in."""

    def __init__(self, database: Database, engine: ProcessEngine, files: FileStore, clock: Clock, *, demo: bool = False) -> None:
        self.desk = Desk(database, engine, files, clock)
        self.reports = ReportDesk(self.desk)
        engine.take_on(effects(self.desk, printed=None if demo else True, counted=self.reports.of_year))
        self.accounts = AccountDesk(self.desk, demo=demo)
        self.purchases = PurchaseDesk(self.desk)
        self.parties = PartyDesk(self.desk)
        self.planning = PlanningDesk(self.desk)
        self.public = PublicDesk(self.desk)
        self.feedback = FeedbackDesk(self.desk, self.public)
        self.open_data = OpenDataDesk(self.desk)
        self.portal = PortalDesk(self.desk)
        self.voices = VoiceDesk(self.desk)
        self.sealing = SealingDesk(self.desk)
        self.openings = OpeningDesk(self.desk)
        self.scoring = ScoringDesk(self.desk)
        self.draws = DrawDesk(self.desk)
        self.panels = PanelDesk(self.desk)
        self.discretion = DiscretionDesk(self.desk)
        self.publicity = PublicityDesk(self.desk)
        self.objections = ObjectionDesk(self.desk)
        self.appeals = AppealDesk(self.desk, self.objections)
        self.files = FileDesk(self.desk)
        self.files_of_record = RecordDesk(self.desk)
        self.contracts = ContractDesk(self.desk)
        self.documents = DocumentDesk(self.desk)
        self.figures = FigureDesk(self.desk)
        self.execution = ExecutionDesk(self.desk)
        self.evidence = EvidenceDesk(self.desk)
        self.registrations = RegistrationDesk(self.desk, self.files)
        self.matters = MatterDesk(self.desk)
        self.messages = MessageDesk(self.desk)
        self.outbox = OutboxDesk(self.desk)
        self.flags = FlagDesk(self.desk)
        self.ledgers = LedgerDesk(self.desk)
        self.surveys = SurveyDesk(self.desk)
        self.threads = ThreadDesk(self.desk)

    def print_as(self, name: str, templates: Path | None, address: str = "") -> None:
        """Contracts and other papers carry this office's name; its own Word templates go before ours."""
        self.documents.name, self.documents.templates = name, templates
        printed = None if self.accounts.demo else True
        self.desk.engine.take_on(
            effects(self.desk, name, templates, printed=printed, address=address, counted=self.reports.of_year)
        )

    def edits(self, register: str, row_key: str) -> Sequence[RegisterEdit]:
        """The edit history of one register row, newest first; ``register`` is the table's name, such as organisations."""
        with self.desk.reading() as session:
            return edits_of(session, register, row_key)

    def actor_of(self, user: User) -> Actor:
        """What the engine sees of a user."""
        return actor_of(user)
