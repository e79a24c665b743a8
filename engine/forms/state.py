"""What a form looks like for given values: what is hidden, locked, required, on offer, written and computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeAlias

from engine.forms.formula import Scope, Setting
from engine.forms.markup import clean, escape_html, escape_markdown, from_markdown, safe_image
from engine.forms.model import (
    ChoiceField,
    Component,
    DocumentPreview,
    DynamicList,
    Field,
    FileField,
    Group,
    Image,
    NumberField,
    Option,
    Table,
    Text,
    TextField,
)
from engine.forms.paths import MISSING, dotted, get
from engine.forms.template import shown
from engine.forms.values import option_text


@dataclass(frozen=True)
class ComponentState:
    """One component as it is now. Texts named ``html`` are safe to print unescaped, all others are plain text."""

    component: Component
    path: str  # the input's name: key, or rows.0.amount; the id for components without a value
    hidden: bool = False
    readonly: bool = False  # also when disabled: its value is never accepted
    required: bool = False
    label: str = ""
    description: str = ""
    html: str = ""  # text and html components
    value: Any = None  # as in the data, for expression fields as computed
    options: tuple[Option, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    min_length: int | None = None
    max_length: int | None = None
    accept: str = ""
    multiple: bool = False
    prefix: str = ""
    suffix: str = ""
    warning: str = ""  # advice; nothing is refused
    source: str = ""  # image: address; alt is the label
    columns: tuple[tuple[str, str], ...] = ()  # table: (key, label)
    records: tuple[Any, ...] = ()  # rows of a table, files of a documentPreview
    children: tuple[ComponentState, ...] = ()
    rows: tuple[tuple[ComponentState, ...], ...] = ()
    scope: Scope = field(default_factory=lambda: Scope({}), repr=False, compare=False)

    @property
    def type(self) -> str:
        return self.component.type

    @property
    def text(self) -> str:
        return self.html

    @property
    def computed(self) -> Any:
        return self.value

    @cached_property
    def steps(self) -> list[str]:
        return self.path.split(".")

    @cached_property
    def offered(self) -> dict[str, Any]:
        """The options' own values by the text a browser sends for them."""
        return {option_text(option.value): option.value for option in self.options}

    def walk(self) -> Iterator[ComponentState]:
        yield self
        if self.children or self.rows:
            for inner in (*self.children, *(cell for row in self.rows for cell in row)):
                yield from inner.walk()


Fixed: TypeAlias = Mapping[int, ComponentState]  # by id() of the component: fields about which no formula says anything


@dataclass(frozen=True)
class FormState:
    """The states of a form's components in the form's order."""

    components: tuple[ComponentState, ...]

    def walk(self) -> Iterator[ComponentState]:
        for state in self.components:
            yield from state.walk()

    def __getitem__(self, path: str) -> ComponentState:
        """The component with that path (``rows.0.amount``) or id; KeyError when there is none."""
        for state in self.walk():
            if path in (state.path, state.component.id):
                return state
        raise KeyError(path)


def describe(
    components: tuple[Component, ...],
    scope: Scope,
    values: Any,
    prefix: str = "",
    *,
    locked: bool = False,
    fixed: Fixed | None = None,
) -> tuple[ComponentState, ...]:
    """States of ``components``; ``values`` is the form's (or row's) own data, ``locked`` when something round it is hidden.

    With ``fixed`` they are for checking only: what submits nothing is left out, and fields in it are taken from there.
    """
    if fixed is None:
        return tuple(_describe(component, scope, values, prefix, locked, None) for component in components)
    known = {} if prefix or locked else fixed
    return tuple(
        known.get(id(component)) or _describe(component, scope, values, prefix, locked, fixed)
        for component in components
        if isinstance(component, (Field, Group, DynamicList))
    )


def _describe(component: Component, scope: Scope, values: Any, prefix: str, hidden: bool, fixed: Fixed | None) -> ComponentState:
    hidden = hidden or component.hide.holds(scope)
    basis: dict[str, Any] = {
        "component": component,
        "path": prefix + "." + component.id if prefix else component.id,
        "hidden": hidden,
        "scope": scope,
    }
    if fixed is None:
        basis |= {"label": component.label.fill(scope), "warning": "" if hidden else _warning(component, scope)}
    if isinstance(component, Field):
        return ComponentState(**basis | _field(component, scope, values, prefix, looks=fixed is None))
    if isinstance(component, Group):
        inner = describe(component.components, scope, values, prefix, locked=hidden, fixed=fixed)
        return ComponentState(**basis, children=inner)
    if isinstance(component, DynamicList):
        path = dotted(prefix, component.path)
        return ComponentState(**basis | {"path": path, "rows": _rows(component, scope, values, path, hidden, fixed)})
    return ComponentState(**basis | _presentation(component, scope))


def _rows(
    component: DynamicList, scope: Scope, values: Any, path: str, hidden: bool, fixed: Fixed | None
) -> tuple[tuple[ComponentState, ...], ...]:
    rows = get(values, component.path)
    return tuple(
        describe(component.components, scope.row(row, n + 1), row, f"{path}.{n}", locked=hidden, fixed=fixed)
        for n, row in enumerate(rows if isinstance(rows, list) else [])
    )


def _warning(component: Component, scope: Scope) -> str:
    warn = component.guidance.warn
    return component.guidance.warn_text if warn is not None and scope.evaluate(warn) is True else ""


def _field(component: Field, scope: Scope, values: Any, prefix: str, *, looks: bool) -> dict[str, Any]:
    value = get(values, component.path)
    facts: dict[str, Any] = {
        "path": dotted(prefix, component.path),
        "readonly": component.readonly.holds(scope) or component.disabled.holds(scope),
        "required": component.required.holds(scope),
        "value": None if value is MISSING else value,
    }
    if isinstance(component, NumberField):
        facts |= {"minimum": _decimal(component.minimum, scope), "maximum": _decimal(component.maximum, scope)}
    if isinstance(component, TextField):
        facts |= {"min_length": _whole(component.min_length, scope), "max_length": _whole(component.max_length, scope)}
    if looks:
        facts["description"] = component.description.fill(scope)
    if looks and isinstance(component, (TextField, NumberField)):
        facts |= {"prefix": component.prefix.fill(scope), "suffix": component.suffix.fill(scope)}
    if isinstance(component, ChoiceField):
        facts |= {"options": options(component, scope), "multiple": component.multiple}
    if isinstance(component, FileField):
        facts |= {"accept": shown(component.accept.of(scope)), "multiple": component.multiple.holds(scope)}
    return facts


def options(component: ChoiceField, scope: Scope) -> tuple[Option, ...]:
    """What can be chosen now: static options, a variable's, or a formula's; entries are {label, value} or plain values."""
    if component.options_expression is not None:
        offered = scope.evaluate(component.options_expression)
    elif component.options_key:
        offered = get(scope.names, component.options_key)
    else:
        return component.options
    return tuple(option for option in map(option_of, offered if isinstance(offered, list) else []) if option)


def option_of(raw: Any) -> Option | None:
    """An option from {label, value} or a plain value; None when there is nothing to choose in it."""
    value, label = (raw.get("value"), raw.get("label")) if isinstance(raw, Mapping) else (raw, None)
    if not isinstance(value, (str, bool, int, float, Decimal)):
        return None
    return Option(shown(value if label is None else label), value)


def _presentation(component: Component, scope: Scope) -> dict[str, Any]:
    match component:
        case Text(is_html=True):
            return {"html": clean(component.text.fill(scope, escape_html))}
        case Text():
            return {"html": from_markdown(component.text.fill(scope, escape_markdown))}
        case Image():
            return {"source": safe_image(component.source.fill(scope)), "label": component.alt.fill(scope)}
        case Table():
            return {"records": _records(scope.evaluate(component.source)), "columns": _columns(component, scope)}
        case DocumentPreview():
            return {"records": _records(scope.evaluate(component.source))}
    return {}


def _columns(component: Table, scope: Scope) -> tuple[tuple[str, str], ...]:
    if component.columns_expression is None:
        return component.columns
    columns = _records(scope.evaluate(component.columns_expression))
    return tuple((str(c["key"]), shown(c.get("label", c["key"]))) for c in columns if "key" in c)


def _records(value: Any) -> tuple[Mapping[str, Any], ...]:
    return tuple(row for row in (value if isinstance(value, list) else []) if isinstance(row, Mapping))


def _decimal(limit: Setting, scope: Scope) -> Decimal | None:
    value = limit.of(scope)
    return Decimal(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else None


def _whole(limit: Setting, scope: Scope) -> int | None:
    value = _decimal(limit, scope)
    return None if value is None else int(value)
