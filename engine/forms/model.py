"""A form as plain values: the tree of its components."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.feel import Expression
from engine.forms.formula import Setting
from engine.forms.template import Template

TEXT_LIMIT = 4_000  # characters of a textfield without maxLength
LONG_TEXT_LIMIT = 50_000  # characters of a textarea without maxLength
ROW_LIMIT = 500  # rows of a dynamiclist

NO_TEXT = Template()
UNSET = Setting()
NEVER = Setting(False)


@dataclass(frozen=True)
class Guidance:
    """What ``properties`` of a component tell the person filling it in, and the rules that only FEEL can say."""

    help: str = ""
    article: str = ""
    unit: str = ""
    warn: Expression | None = None
    warn_text: str = ""
    rule: Expression | None = None
    rule_text: Template = NO_TEXT
    properties: Mapping[str, str] = field(default_factory=dict)  # all of them, also names only the pages know


@dataclass(frozen=True)
class Layout:
    """Components with the same ``row`` stand side by side; ``columns`` of 16, None shares what is left."""

    row: str = ""
    columns: int | None = None


@dataclass(frozen=True, kw_only=True)
class Component:
    type: str
    id: str
    line: int
    label: Template = NO_TEXT
    hide: Setting = NEVER
    guidance: Guidance = field(default_factory=Guidance)
    layout: Layout = field(default_factory=Layout)

    @property
    def name(self) -> str:
        """What problems and errors call it: the key of a field, else the id."""
        return self.id


@dataclass(frozen=True, kw_only=True)
class Field(Component):
    """A component that submits a value. ``path`` is where the value lies in the form, or in its list row."""

    key: str
    path: tuple[str, ...]
    description: Template = NO_TEXT
    readonly: Setting = NEVER
    disabled: Setting = NEVER
    required: Setting = NEVER
    default: Any = None

    @property
    def name(self) -> str:
        return self.key


@dataclass(frozen=True, kw_only=True)
class TextField(Field):
    multiline: bool = False
    min_length: Setting = UNSET
    max_length: Setting = UNSET
    pattern: str = ""
    pattern_message: str = ""
    pattern_test: Expression | None = None  # FEEL matches(value, pattern): bounded in time
    validation: str = ""  # "", email, phone
    prefix: Template = NO_TEXT
    suffix: Template = NO_TEXT


@dataclass(frozen=True, kw_only=True)
class NumberField(Field):
    minimum: Setting = UNSET
    maximum: Setting = UNSET
    decimal_digits: int | None = None
    step: Decimal | None = None
    as_text: bool = False
    prefix: Template = NO_TEXT
    suffix: Template = NO_TEXT


@dataclass(frozen=True, kw_only=True)
class DateTimeField(Field):
    subtype: str = "date"  # date, time, datetime
    time_format: str = "utc_offset"  # utc_offset, utc_normalized, no_timezone
    time_step: int = 1  # minutes
    not_before_today: bool = False
    date_label: Template = NO_TEXT
    time_label: Template = NO_TEXT


@dataclass(frozen=True, kw_only=True)
class CheckboxField(Field):
    pass


@dataclass(frozen=True)
class Option:
    """One thing to choose; ``value`` is text, a number or a boolean."""

    label: str
    value: Any


@dataclass(frozen=True, kw_only=True)
class ChoiceField(Field):
    """select and radio take one option, checklist and taglist any number."""

    multiple: bool = False
    options: tuple[Option, ...] = ()
    options_key: tuple[str, ...] = ()
    options_expression: Expression | None = None
    searchable: bool = False


@dataclass(frozen=True, kw_only=True)
class FileField(Field):
    accept: Setting = UNSET  # ".pdf,image/*"
    multiple: Setting = NEVER


@dataclass(frozen=True, kw_only=True)
class ExpressionField(Field):
    """Computed by the server from the other values; whatever is submitted under its key is dropped."""

    expression: Expression


@dataclass(frozen=True, kw_only=True)
class Group(Component):
    components: tuple[Component, ...] = ()
    outline: bool = False
    alignment: str = "start"


@dataclass(frozen=True, kw_only=True)
class DynamicList(Component):
    path: tuple[str, ...]
    components: tuple[Component, ...] = ()
    first_rows: int = 1
    may_add: bool = True
    min_rows: int = 0
    max_rows: int = ROW_LIMIT
    outline: bool = False

    @property
    def name(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True, kw_only=True)
class Text(Component):
    text: Template
    is_html: bool = False


@dataclass(frozen=True, kw_only=True)
class Image(Component):
    source: Template
    alt: Template = NO_TEXT


@dataclass(frozen=True, kw_only=True)
class Table(Component):
    source: Expression
    columns: tuple[tuple[str, str], ...] = ()  # (key, label)
    columns_expression: Expression | None = None
    rows_shown: int = 10


@dataclass(frozen=True, kw_only=True)
class DocumentPreview(Component):
    source: Expression
    title: str = ""
    max_height: int | None = None


@dataclass(frozen=True, kw_only=True)
class Button(Component):
    action: str = "submit"  # submit, reset


@dataclass(frozen=True, kw_only=True)
class Blank(Component):
    """separator or spacer; ``height`` in pixels."""

    height: int = 0


def walk(components: tuple[Component, ...]) -> Iterator[Component]:
    """Every component, outer ones before those inside them."""
    for component in components:
        yield component
        if isinstance(component, (Group, DynamicList)):
            yield from walk(component.components)
