"""Purchases played to their end by people who type markup, formulas and templates into every text field there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

from engine.errors import InvalidInput
from engine.facade import ProcessEngine
from engine.forms import Form
from engine.forms.model import Component, DynamicList, Group, TextField
from engine.model import SYSTEM
from procurement import demo
from procurement.accounts.tables import User
from procurement.demo.registers import load_registers
from procurement.demo.story import Story, stories
from procurement.registers.parties import Agency, Expert, Organisation
from tests.attacks.hostile_outsiders import hostile_outsiders
from tests.attacks.hostile_words import HOSTILE, SHORT, WIDE
from tests.attacks.played import settings
from web.composition import Services, compose
from web.resources import designer_folders, read_resources

KEYS = ("dqfw", "wqst", "qdjc")  # a comparison up to its contract, a committee's decision up to the file, one being scored

EXACT = {
    "reveal_contribution",  # a secret that has to be the one that was promised; with other words the draw waits for ever
}


class HostileHands:
    """The engine as it is, but what goes into its forms is hostile wherever the form takes it."""

    def __init__(self, engine: ProcessEngine, typed: dict[str, list[str]]) -> None:
        self._engine = engine
        self._typed = typed  # task.field → the words that were taken

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def complete_task(self, key: int, values: Mapping[str, Any], *, actor: Any, **more: Any) -> Any:
        """The long words first; fields that refuse them get the short ones, and in the end what was meant for them."""
        task, form = self._engine.task(key), self._engine.task_form(key, actor=actor).form
        given = dict(values) if task.element_id in EXACT else poisoned(form, values, HOSTILE)
        for words in (SHORT, ""):
            try:
                done = self._engine.complete_task(key, given, actor=actor, **more)
            except InvalidInput as refused:  # a number in words, a pattern, a length
                tamer = poisoned(form, values, words)
                spared = {error.path.partition(".")[0] for error in refused.fields}
                given |= {name: tamer[name] for name in spared if name in tamer}
            else:
                self._typed[task.element_id] = [words for words in (HOSTILE, SHORT) if words in str(given)]
                return done
        return self._engine.complete_task(key, given, actor=actor, **more)


def poisoned(form: Form, values: Mapping[str, Any], words: str) -> dict[str, Any]:
    """``values`` with ``words`` before every text; what is empty is filled too."""
    return _in(form.components, dict(values), words)


def _in(components: tuple[Component, ...], values: dict[str, Any], words: str) -> dict[str, Any]:
    for component in components:
        if isinstance(component, Group):
            values = _in(component.components, values, words)
        elif isinstance(component, DynamicList) and isinstance(rows := values.get(component.name), list):
            values[component.name] = [_in(component.components, dict(row), words) for row in rows]
        elif isinstance(component, TextField) and len(component.path) == 1 and isinstance(values.get(component.path[0], ""), str):
            values[component.path[0]] = words + values.get(component.path[0], "")
        elif isinstance(component, TextField) and len(component.path) == 2 and isinstance(values.get(component.path[0]), dict):
            outer, inner = component.path
            values[outer] = {**values[outer], inner: words + str(values[outer].get(inner, ""))}
    return values


def chosen() -> list[Story]:
    found = [story for story in stories() if story.facts["key"] in KEYS]
    for story in found:
        story.facts["title"] = f"{HOSTILE}{story.facts['title']}"
        if "objection" in story.facts:
            story.facts["objection"] = {**story.facts["objection"], "request": HOSTILE, "facts": HOSTILE}
    return found


def play_hostile(url: str, files: str) -> dict[str, list[str]]:
    """Fill an empty database; returns what was typed into which task."""
    services = compose(settings(url, files))
    typed: dict[str, list[str]] = {}
    try:
        services.migrate()
        services.engine.deploy(read_resources(designer_folders()), actor=SYSTEM, note=HOSTILE)
        hands = HostileHands(services.engine, typed)
        with (
            hostile_outsiders(services),
            patch("procurement.demo.playing.stories", chosen),
            patch("procurement.demo.loading.stories", chosen),
            patch("procurement.demo.loading.load_registers", _registers(services)),
        ):
            demo.load(services.office, hands)  # type: ignore[arg-type]
        _appeal(services)
        while services.messages.tell():
            pass
        services.messages.remind()
    finally:
        services.close()
    return typed


def _appeal(services: Services) -> None:
    """The organisation whose objection was rejected goes on to the supervisors."""
    office = services.office
    [objection] = [row for one in office.purchases.search(limit=100).items for row in office.voices.objections(one.id)]
    member, now = office.accounts.actor(f"org{str(objection.organisation_id)[-2:]}"), services.clock.now()
    assert objection.decided_at is not None
    services.clock.set(objection.decided_at + dt.timedelta(days=2))
    office.appeals.raise_(objection.id, request=HOSTILE, facts=HOSTILE, contact=HOSTILE, actor=member)
    services.clock.set(now)


def _registers(services: Services) -> Any:
    """The demo's registers, everybody and everything in them named like an attack."""

    def load(session: Any, moment: Any) -> None:
        load_registers(session, moment)
        session.flush()
        for kind in (User, Organisation, Expert, Agency):
            for row in session.query(kind):
                row.name = f"{WIDE if kind is Organisation else SHORT}{row.name}"
        for user in session.query(User):
            user.unit = f"{user.unit}{HOSTILE}" if user.roles == ["designer"] else user.unit
        for organisation in session.query(Organisation):
            organisation.contact = organisation.address = HOSTILE

    return load
