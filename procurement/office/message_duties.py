"""What the worker does for messages, again and again: tell, remind, make mails, send them."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping

import structlog
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.model import HistoryEntry, UserTask
from procurement.calendar import UnknownCalendarYear, WorkingCalendar
from procurement.messages import mailer, outbox, posting, reminding
from procurement.messages.deadlines import Deadlines
from procurement.messages.expiring import tell_of_evidence
from procurement.messages.feed import Feed
from procurement.messages.history import TELLERS, Scene
from procurement.messages.mailer import MailServerAway
from procurement.messages.rules import ReminderRules, RuleMissing
from procurement.office import rules
from procurement.office.desk import Desk
from procurement.office.messages import MessageDesk

log = structlog.get_logger(__name__)

TELL_EVERY_S, REMIND_EVERY_S, POST_EVERY_S, SEND_EVERY_S, EVIDENCE_EVERY_S = 2.0, 10.0, 5.0, 3.0, 600.0
PAUSE_WHEN_AWAY_S = 30.0
PAGE = 200
BEFORE_THE_DEMO = dt.timedelta(days=14)  # what the people of the demo find when they come in


class MessageDuties:
    """Any number of workers may have them. ``demo``: a first reading begins some days back instead of now."""

    def __init__(self, desk: Desk, messages: MessageDesk, calendar: WorkingCalendar, *, demo: bool = False) -> None:
        self._desk = desk
        self._messages = messages
        self._calendar = calendar
        self._deadlines = Deadlines(ReminderRules(desk.engine), calendar)
        self._feed = Feed(desk.database, desk.engine, (*TELLERS, "timer_scheduled"), self._take, desk.now)
        self._demo = demo
        self._begun = False
        self._away_until = float("-inf")
        self.deliver: outbox.Deliver = mailer.send
        self.pause_s = PAUSE_WHEN_AWAY_S  # a mail server that takes nothing is left alone this long

    @property
    def by_name(self) -> Mapping[str, tuple[float, Callable[[], object]]]:
        """Name → every how many seconds, and what."""
        return {
            "messages": (TELL_EVERY_S, self.tell),
            "reminders": (REMIND_EVERY_S, self.remind),
            "mails": (POST_EVERY_S, self.post),
            "outbox": (SEND_EVERY_S, self.send),
            "evidence": (EVIDENCE_EVERY_S, self.tell_of_evidence),
        }

    def tell(self) -> int:
        """Read the history on; returns how many entries were told."""
        if not self._begun:
            now = self._desk.now()
            self._feed.begin_at(now - BEFORE_THE_DEMO if self._demo else now, self._note_what_waits)
            self._begun = True
        return self._feed.read()

    def remind(self) -> int:
        """Deadlines whose moment has come."""
        with self._desk.database.unit_of_work() as work:
            done = reminding.remind_due(Scene(work.session, self._desk.engine), self._deadlines, self._desk.now())
            work.commit()
        return done

    def tell_of_evidence(self) -> int:
        """Organisations whose evidence is about to expire; nothing while the table of that period is missing."""
        try:
            days = rules.whole(self._desk, "evidence_expiry_notice_days")
        except rules.RuleAway:
            return 0
        with self._desk.database.unit_of_work() as work:
            told = tell_of_evidence(Scene(work.session, self._desk.engine), self._desk.now(), days)
            work.commit()
        return told

    def post(self) -> int:
        """Mails of the messages that may go now."""
        with self._desk.database.unit_of_work() as work:
            made = posting.post(work.session, self._desk.now(), self._calendar, self._messages.sender)
            work.commit()
        return made

    def send(self) -> int:
        """Send what lies in the outbox. A server that takes nothing is left alone for a while."""
        server = self._messages.server
        if server is None or time.monotonic() < self._away_until:
            return 0
        try:
            return outbox.send_due(self._desk.database, server, self._desk.now, self.deliver)
        except MailServerAway as away:
            log.warning("mail_server_away", cause=str(away))
            self._away_until = time.monotonic() + self.pause_s
            return 0

    def _note_what_waits(self, session: Session) -> None:
        """Tasks that were open before anybody was reminded of anything."""
        after: str | None = None
        while True:
            page = self._desk.engine.tasks(order="key", limit=PAGE, after=after, counted=False)
            for task in page.items:
                self._note(Scene(session, self._desk.engine), task)
            if page.after is None:
                return
            after = page.after

    def _note(self, scene: Scene, task: UserTask) -> None:
        if task.due is None:
            return
        try:
            self._deadlines.note_task(scene, task, task.due)
        except (RuleMissing, UnknownCalendarYear, NotFound) as missing:
            log.warning("deadline_without_reminder", instance=task.root_key, element=task.element_id, cause=str(missing))

    def _take(self, session: Session, entry: HistoryEntry) -> None:
        scene = Scene(session, self._desk.engine)
        try:
            self._deadlines.note(scene, entry)
        except (RuleMissing, UnknownCalendarYear, NotFound) as missing:  # told all the same
            log.warning("deadline_without_reminder", instance=entry.root_key, element=entry.element_id, cause=str(missing))
        if entry.kind in TELLERS:
            TELLERS[entry.kind](scene, entry)
