"""Fills in a form as a person reads it: by the labels on the page and the words of the options."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.forms import ComponentState, Form
from engine.forms.model import CheckboxField, ChoiceField, DateTimeField, DynamicList, Field, FileField, NumberField
from engine.forms.paths import put
from engine.forms.state import options as offered

Row = Mapping[str, str]


class Sheet:
    """One opened form; ``values`` are what will be submitted."""

    def __init__(self, form: Form, context: Mapping[str, Any], values: dict[str, Any], now: dt.datetime, file: Any) -> None:
        self.form, self.context, self.values = form, context, values
        self._now, self._file = now, file

    def write(self, label: str, words: str) -> None:
        """Put ``words`` into the field labelled ``label``, or ``group／label`` where labels repeat."""
        state = self._field(label)
        put(self.values, state.component.path, self._value(state, words))  # type: ignore[attr-defined]

    def write_rows(self, label: str, rows: Sequence[Row]) -> None:
        """Replace the rows of a list; columns the table does not name are taken from the row that was there."""
        component = next(s.component for _, s in self._walk() if s.label == label and isinstance(s.component, DynamicList))
        before = self.values.get(component.name) or [{}]
        written = []
        for n, row in enumerate(rows):
            values = dict(before[min(n, len(before) - 1)])
            for inner in component.components:
                heading = inner.label.fill(self._scope())
                if isinstance(inner, Field) and heading in row:
                    values[inner.key] = self._value(self._column(inner, heading), row[heading])
            written.append(values)
        self.values[component.name] = written

    def options(self, label: str) -> list[str]:
        """What can be chosen in a field."""
        return [option.label for option in self._field(label).options]

    def labels(self) -> dict[str, str]:
        """The label of each field by its path."""
        return {state.path: state.label for _, state in self._walk() if state.label}

    def text(self) -> str:
        """Everything a person reads on the page they opened: labels, explanations, values, tables, advice."""
        parts: list[str] = []
        for _, state in self._walk():
            if not state.hidden:
                shown = list(state.records)
                parts += [state.label, state.html, state.description, state.warning, str(state.value or ""), str(shown or "")]
        return "\n".join(part for part in parts if part)

    def _state(self) -> Any:
        return self.form.state(self.context, self.values, now=self._now)

    def _scope(self) -> Any:
        return next(iter(self._state().components)).scope

    def _walk(self) -> Iterator[tuple[str, ComponentState]]:
        def down(states: Sequence[ComponentState], group: str) -> Iterator[tuple[str, ComponentState]]:
            for state in states:
                yield group, state
                yield from down(state.children, state.label)
                for row in state.rows:
                    yield from down(row, state.label)

        yield from down(self._state().components, "")

    def _field(self, wanted: str) -> ComponentState:
        group, _, label = wanted.rpartition("／")
        found = [
            state
            for around, state in self._walk()
            if isinstance(state.component, Field) and state.label == label and (not group or group in around)
        ]
        open_ones = [state for state in found if not state.hidden and not state.readonly]
        if len(open_ones or found) != 1:
            labels = [f"{around}／{s.label}" for around, s in self._walk() if isinstance(s.component, Field) and not s.hidden]
            raise AssertionError(f"表单上应当正好有一处可填的“{wanted}”，找到 {len(open_ones)} 处；可填的有 {labels}")
        return (open_ones or found)[0]

    def _column(self, component: Field, heading: str) -> ComponentState:
        options = offered(component, self._scope()) if isinstance(component, ChoiceField) else ()
        return ComponentState(component=component, path=component.key, label=heading, options=options)

    def _value(self, state: ComponentState, words: str) -> Any:
        component = state.component
        if words == "":
            return None
        match component:
            case ChoiceField(multiple=True):
                return [self._chosen(state, word) for word in words.split("、")]
            case ChoiceField():
                return self._chosen(state, words)
            case NumberField():
                return Decimal(words.replace(",", "").removesuffix("元").strip())
            case CheckboxField():
                return words == "是"
            case FileField():
                return [self._file]
            case DateTimeField() if words == "今天":
                return self._now.date().isoformat()
        return words

    def _chosen(self, state: ComponentState, words: str) -> Any:
        exact = [option.value for option in state.options if option.label == words]
        found = exact or [option.value for option in state.options if words in option.label]
        if len(found) != 1:
            raise AssertionError(f"“{state.label}”里没有（或不止一个）“{words}”，可选的有 {[o.label for o in state.options]}")
        return found[0]
