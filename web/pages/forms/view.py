"""What the form templates ask about a component."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from engine.forms import ComponentState, FormState
from engine.forms.model import ChoiceField, DateTimeField, ExpressionField, NumberField
from engine.forms.values import option_text
from web.pages import show
from web.pages.forms import changes
from web.pages.forms.layout import Place, places
from web.pages.forms.tokens import FileTokens

_LONG_OPTION = 14  # characters; longer options stand below each other


@dataclass(frozen=True)
class FormView:
    """One form as one person sees it. ``locked``: everything is shown, nothing can be typed. ``errors``: sentences by path."""

    state: FormState
    locked: bool = False
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tokens: FileTokens | None = None
    save_address: str = ""
    files_address: str = ""  # the case's, ends with a slash

    def places(self, states: Sequence[ComponentState]) -> Iterator[Place]:
        return places(states)

    def changed(self, seen: Mapping[str, str]) -> list[Place]:
        """The places whose look is not the one the browser has, or where something was refused."""
        return list(changes.changed(self.state.components, seen, self.errors))

    def id(self, state: ComponentState) -> str:
        return changes.element_id(state.path)

    def mark(self, state: ComponentState) -> str:
        return changes.mark(state)

    def is_locked(self, state: ComponentState) -> bool:
        return self.locked or state.readonly

    def is_plain(self, state: ComponentState) -> bool:
        """Whether the value is printed instead of put into an input."""
        if state.type == "filepicker":
            return False
        return self.is_locked(state) or isinstance(state.component, ExpressionField)

    def quick(self) -> Markup:
        """What lets a button of the form act without loading the page again."""
        if not self.save_address:
            return Markup("")
        return Markup('hx-post="{}" hx-target="#draft-status" hx-swap="innerHTML"').format(self.save_address)

    def described(self, state: ComponentState) -> str:
        """Ids of the texts that explain the field, for screen readers."""
        guidance = getattr(state.component, "guidance", None)
        parts = {"d": state.description, "h": guidance and (guidance.help or guidance.article), "e": self.errors.get(state.path)}
        return " ".join(f"{self.id(state)}-{letter}" for letter, text in parts.items() if text)

    def unit(self, state: ComponentState) -> str:
        return state.suffix or state.component.guidance.unit

    def text(self, state: ComponentState) -> str:
        """The value as text: for an input as it is typed, for print as it is read."""
        plain = self.is_plain(state)
        if state.value is None or state.value == "":
            return "—" if plain else ""
        if isinstance(state.component, ChoiceField):
            return self._labels(state)
        if isinstance(state.component, DateTimeField) and plain:
            return show.moment(state.value) if state.component.subtype == "datetime" else str(state.value)
        if isinstance(state.value, Decimal | int) and not isinstance(state.value, bool):
            return _number(state, plain=plain)
        return show.plain(state.value) if plain else str(state.value)

    def moment(self, state: ComponentState) -> str:
        """The value as a browser's date, time or datetime-local input wants it."""
        text, subtype = str(state.value or ""), getattr(state.component, "subtype", "date")
        if subtype == "date" or not text:
            return text
        if subtype == "time":
            return text[:5]
        try:
            read = dt.datetime.fromisoformat(text)
        except ValueError:
            return text
        return (read.astimezone(show.ZONE) if read.tzinfo else read).strftime("%Y-%m-%dT%H:%M")

    def lines(self, state: ComponentState) -> int:
        return min(12, max(3, len(str(state.value or "")) // 60 + 1))

    def is_ticked(self, state: ComponentState) -> bool:
        value = state.value[-1] if isinstance(state.value, list) and state.value else state.value
        return value is True or value in ("true", "on")

    def option(self, value: Any) -> str:
        return option_text(value)

    def is_chosen(self, state: ComponentState, value: Any) -> bool:
        chosen = state.value if isinstance(state.value, list) else [state.value]
        return any(option_text(item) == option_text(value) for item in chosen if item is not None)

    def is_stacked(self, state: ComponentState) -> bool:
        return any(len(option.label) > _LONG_OPTION for option in state.options) or len(state.options) > 6

    def is_number(self, value: Any) -> bool:
        return isinstance(value, Decimal | int) and not isinstance(value, bool)

    def token(self, reference: Mapping[str, Any]) -> str:
        assert self.tokens is not None
        return self.tokens.write(reference)

    def file_address(self, reference: Mapping[str, Any]) -> str:
        return f"{self.files_address}{reference['sha256']}"

    def references(self, records: Sequence[Any]) -> list[Any]:
        """Those records that are files of the store."""
        return [record for record in records if {"name", "size", "sha256"} <= set(record)]

    def _labels(self, state: ComponentState) -> str:
        labels = [option.label for option in state.options if self.is_chosen(state, option.value)]
        return "、".join(labels) or show.plain(state.value)


def _number(state: ComponentState, *, plain: bool) -> str:
    if not plain:
        return format(Decimal(state.value), "f")
    is_money = isinstance(state.component, NumberField) and state.component.decimal_digits == 2
    unit = state.component.guidance.unit or state.suffix
    return show.money(state.value) if is_money or unit == "元" else show.number(state.value)
