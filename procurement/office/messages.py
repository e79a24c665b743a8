"""The messages desk: what a person was told, what they want by mail, and the outbox of the office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update

from engine.errors import Conflict, FieldError, InvalidInput, NotFound
from engine.model import Actor, last_key
from procurement.accounts.users import get_user
from procurement.messages import confirming, posting, telling, urging
from procurement.messages.history import Scene
from procurement.messages.kinds import KINDS, MODES
from procurement.messages.letters import Sender, told
from procurement.messages.mailer import MailServer
from procurement.messages.rules import ReminderRules
from procurement.messages.wording import FRAME, LANGUAGES
from procurement.office.access import may_see_purchase
from procurement.office.desk import Desk
from procurement.registers.messages import AddressConfirmation, Mail, MailWish, Message, Reminder
from procurement.registers.purchases import Purchase

MOST_COUNTED = 100  # the bell says 99+
TEST_MAILS_A_DAY = 5
DAY = dt.timedelta(days=1)


class NoMailServer(Conflict):
    """This installation has no mail server. An administrator sets one up: docs/how-to/set-up-mail.md."""


class AddressUnconfirmed(Conflict):
    """There is no confirmed mail address yet. Open the link in the mail we sent, then try again."""


class TooManyTestMails(Conflict):
    """Enough test mails for one day. Look into the mailbox, also among unwanted mails, and ask an operator to look into the outbox."""


@dataclass(frozen=True)
class Shown:
    """A message in the reader's language."""

    message: Message
    subject: str
    text: str


class MessageDesk:
    """``server`` is None in an office without a mail server: then messages are in the pages only."""

    tell = staticmethod(telling.tell)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.server: MailServer | None = None

    @property
    def sender(self) -> Sender | None:
        """How mails speak of us."""
        return None if self.server is None else Sender(self.server.office, self.server.site)

    # what a person was told

    def unread(self, login: str) -> int:
        """At most MOST_COUNTED."""
        unread = select(Message.key).where(Message.login == login, Message.read_at.is_(None)).limit(MOST_COUNTED).subquery()
        with self._desk.reading() as session:
            return session.scalar(select(func.count()).select_from(unread)) or 0

    def page(
        self, login: str, language: str, *, unread: bool = False, kind: str = "", limit: int = 30, after: str | None = None
    ) -> tuple[list[Shown], int | None]:
        """Newest first, and the key of the last one when there are more."""
        query = select(Message).where(Message.login == login).order_by(Message.key.desc()).limit(limit + 1)
        if unread:
            query = query.where(Message.read_at.is_(None))
        if kind:
            query = query.where(Message.kind == kind)
        if (last := last_key(after)) is not None:
            query = query.where(Message.key < last)
        with self._desk.reading() as session:
            rows = session.scalars(query).all()
        shown = [Shown(row, *told(row, language)) for row in rows[:limit]]
        return shown, rows[limit - 1].key if len(rows) > limit else None

    def open(self, login: str, key: int) -> Message:
        """The message, read from now on. Raises NotFound, also for somebody else's."""
        with self._desk.database.unit_of_work() as work:
            row: Message | None = work.session.get(Message, key)
            if row is None or row.login != login:
                raise NotFound(kind="Message", key=key)
            row.read_at = row.read_at or self._desk.now()
            work.session.flush()
            work.session.expunge_all()
            work.commit()
            return row

    def mark_read(self, login: str, keys: Sequence[int] | None = None) -> int:
        """Those of ``keys``, or all; returns how many were unread."""
        statement = update(Message).where(Message.login == login, Message.read_at.is_(None))
        if keys is not None:
            statement = statement.where(Message.key.in_(keys))
        with self._desk.database.unit_of_work() as work:
            changed = work.session.execute(statement.values(read_at=self._desk.now()).returning(Message.key)).all()
            work.commit()
        return len(changed)

    # what a person wants by mail

    def wish(self, login: str) -> MailWish:
        """What is stored, or what holds until the person says otherwise."""
        with self._desk.reading() as session:
            return session.get(MailWish, login) or _default(login)

    def asked(self, login: str) -> AddressConfirmation | None:
        """An address that waits to be confirmed."""
        with self._desk.reading() as session:
            return confirming.asked(session, login, self._desk.now())

    def change_wish(
        self,
        actor: Actor,
        *,
        modes: Mapping[str, str],
        digest_hour: int,
        quiet_from: str,
        quiet_until: str,
        quiet_days_off: bool,
        language: str,
    ) -> MailWish:
        """Raises InvalidInput."""
        _check(modes, digest_hour, quiet_from, quiet_until, language)
        with self._desk.editing(actor) as session:
            wish = session.get(MailWish, actor.user_id, with_for_update=True)
            if wish is None:
                wish = _default(actor.user_id)
                session.add(wish)
            wish.modes, wish.digest_hour, wish.quiet_days_off, wish.language = dict(modes), digest_hour, quiet_days_off, language
            wish.quiet_from, wish.quiet_until = quiet_from, quiet_until
            session.flush()
            return wish

    def ask_address(self, actor: Actor, address: str, language: str) -> None:
        """Mail a link to a new address. Raises NoMailServer, InvalidInput, TooManyConfirmations."""
        sender = self._sender()
        with self._desk.editing(actor) as session:
            user = get_user(session, actor.user_id)
            confirming.ask(session, user.login, user.name, address, language, self._desk.now(), sender)

    def confirm_address(self, actor: Actor, secret: str) -> MailWish:
        """Raises ConfirmationVoid."""
        with self._desk.editing(actor) as session:
            wish = confirming.confirm(session, actor.user_id, secret, self._desk.now())
            session.flush()
            return wish

    def forget_address(self, actor: Actor) -> None:
        """No mails from now on."""
        with self._desk.editing(actor) as session:
            wish = session.get(MailWish, actor.user_id, with_for_update=True)
            if wish is not None:
                wish.address, wish.confirmed_at, wish.stopped_at, wish.stopped_reason = "", None, None, ""

    def send_test(self, actor: Actor) -> None:
        """A mail to the confirmed address. Raises NoMailServer, AddressUnconfirmed, TooManyTestMails."""
        sender, now = self._sender(), self._desk.now()
        with self._desk.editing(actor) as session:
            wish = session.get(MailWish, actor.user_id)
            if wish is None or wish.confirmed_at is None or not wish.address:
                raise AddressUnconfirmed
            lately = select(func.count()).where(
                Mail.login == actor.user_id, Mail.created_at > now - DAY, Mail.created_at <= now, Mail.kind == "test"
            )
            if (session.scalar(lately) or 0) >= TEST_MAILS_A_DAY:
                raise TooManyTestMails
            frame = FRAME[wish.language]
            name = get_user(session, actor.user_id).name
            subject = frame["test_subject"].format(office=sender.office)
            text = frame["test"].format(name=name)
            session.add(posting.new_mail(actor.user_id, wish.address, "test", wish.language, subject, text, now))

    # deadlines

    def reminders(self, purchase_id: str, limit: int = 20) -> Sequence[Reminder]:
        """Who was reminded, told or urged in a purchase, newest first: roles, never names."""
        query = select(Reminder).where(Reminder.purchase_id == purchase_id).order_by(Reminder.key.desc()).limit(limit)
        with self._desk.reading() as session:
            return session.scalars(query).all()

    def may_urge(self, purchase_id: str, *, actor: Actor) -> bool:
        with self._desk.reading() as session:
            purchase = session.get(Purchase, purchase_id)
            return purchase is not None and urging.may_urge(purchase, actor)

    def urge(self, purchase_id: str, *, actor: Actor) -> int:
        """Ask those a case waits for to hurry; how many tasks. Raises NotFound, NotYoursToUrge, NothingToUrge, UrgedAlready."""
        with self._desk.database.unit_of_work() as work:
            purchase = work.session.get(Purchase, purchase_id)
            if purchase is None or not may_see_purchase(work.session, actor, purchase_id):
                raise NotFound(kind="Purchase", key=purchase_id)
            scene, rules = Scene(work.session, self._desk.engine), ReminderRules(self._desk.engine)
            urged = urging.urge(scene, rules, purchase, actor, self._desk.now())
            work.commit()
        return urged

    def _sender(self) -> Sender:
        if self.sender is None:
            raise NoMailServer
        return self.sender


def _default(login: str) -> MailWish:
    return MailWish(
        login=login,
        address="",
        modes={},
        digest_hour=8,
        quiet_from="22:00",
        quiet_until="07:00",
        quiet_days_off=True,
        language=LANGUAGES[0],
        stopped_reason="",
    )


def _check(modes: Mapping[str, str], digest_hour: int, quiet_from: str, quiet_until: str, language: str) -> None:
    errors = []
    if any(kind not in KINDS or mode not in MODES for kind, mode in modes.items()):
        errors.append(FieldError("modes", "Choose at once, once a day or never for each kind."))
    if not 0 <= digest_hour <= 23:
        errors.append(FieldError("digest_hour", "Choose an hour from 0 to 23."))
    for name, value in (("quiet_from", quiet_from), ("quiet_until", quiet_until)):
        if value and not _is_time(value):
            errors.append(FieldError(name, "Write a time such as 22:00."))
    if bool(quiet_from) != bool(quiet_until):
        errors.append(FieldError("quiet_until", "Quiet hours need a beginning and an end; leave both empty for none."))
    if language not in LANGUAGES:
        errors.append(FieldError("language", "Choose one of the languages."))
    if errors:
        raise InvalidInput(fields=tuple(errors))


def _is_time(text: str) -> bool:
    try:
        return len(text) == 5 and bool(dt.time.fromisoformat(text) or True)
    except ValueError:
        return False
